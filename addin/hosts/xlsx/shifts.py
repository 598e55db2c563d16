"""Where cells and references go when rows, columns or blocks of cells are inserted or deleted.

One rule serves formulas, names, charts, rules and anchors: what lies before the place stays, what lies behind it
moves, a range around it grows or shrinks, and what is deleted is gone (`#REF!` in formulas). A reference that
reaches beyond the columns (or rows) that move stays as it is, as in Excel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area, parse_area, written_like

GONE = "#REF!"
Axis = Literal["rows", "columns"]


@dataclass(frozen=True, slots=True)
class Shift:
    """Lines that come or go.

    Attributes
    ----------
    axis : what moves: "rows" (cells move down or up) or "columns" (right or left).
    first : number of the first line inserted or deleted. count : lines inserted; below 0, lines deleted.
    low, high : the columns (for rows; rows for columns) in which cells move; all of them for whole lines.

    >>> Shift.lines("rows", 3, 2).reference("$A$1:B9"), Shift.lines("rows", 3, -2).reference("A4")
    ('$A$1:B11', '#REF!')
    >>> Shift("rows", 3, 2, low=1, high=1).reference("A1:B9")
    'A1:B9'
    """

    axis: Axis
    first: int
    count: int
    low: int
    high: int
    follows_single_cells: ClassVar[bool] = True
    moves_cells: ClassVar[bool] = True

    @classmethod
    def lines(cls, axis: Axis, first: int, count: int) -> Shift:
        """Whole rows or columns: inserted, or deleted where `count` is below 0."""
        return cls(axis, first, count, 1, MAX_COLUMN if axis == "rows" else MAX_ROW)

    @classmethod
    def of_area(cls, area: Area, axis: Axis, insert: bool) -> Shift:
        """The cells of an area inserted or deleted, what lies behind them moving along an axis."""
        rows = axis == "rows"
        first, last = (area.row1, area.row2) if rows else (area.column1, area.column2)
        low, high = (area.column1, area.column2) if rows else (area.row1, area.row2)
        count = last - first + 1
        return cls(axis, first, count if insert else -count, low, high)

    @property
    def limit(self) -> int:
        """The last line of a sheet."""
        return MAX_ROW if self.axis == "rows" else MAX_COLUMN

    @property
    def whole(self) -> bool:
        """Whether whole rows or columns come or go, not a block of cells."""
        return self.low == 1 and self.high == (MAX_COLUMN if self.axis == "rows" else MAX_ROW)

    @property
    def last(self) -> int:
        """The last line inserted or deleted."""
        return self.first + abs(self.count) - 1

    @property
    def edge(self) -> Area:
        """The area that is inserted or deleted."""
        return self._zone(self.first, self.last)

    @property
    def zone(self) -> Area:
        """All cells that move or go: from the first line to the end of the sheet."""
        return self._zone(self.first, self.limit)

    def _zone(self, first: int, last: int) -> Area:
        if self.axis == "rows":
            return Area(first, self.low, last, self.high)
        return Area(self.low, first, self.high, last)

    # -- lines and areas -------------------------------------------------------------------------------------

    def line(self, number: int) -> int | None:
        """Where a line that moves goes; None for a deleted one, or one pushed off the sheet."""
        if number < self.first:
            return number
        if self.count < 0 and number <= self.last:
            return None
        moved = number + self.count
        return moved if moved <= self.limit else None

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Where a run of lines goes; None when all of it is deleted."""
        if (first, last) == (1, self.limit):
            return first, last
        start, end = self.line(first), self.line(last)
        if start is None and self.count < 0:
            start = self.first
        if end is None:
            end = self.first - 1 if self.count < 0 else self.limit
        return None if start is None or start > end else (start, end)

    def _split(self, area: Area) -> tuple[int, int, int, int]:
        """First and last line of an area, and its extent across."""
        if self.axis == "rows":
            return area.row1, area.row2, area.column1, area.column2
        return area.column1, area.column2, area.row1, area.row2

    def _joined(self, first: int, last: int, low: int, high: int) -> Area:
        return Area(first, low, last, high) if self.axis == "rows" else Area(low, first, high, last)

    def carries(self, area: Area) -> bool:
        """Whether an area lies wholly in the columns (or rows) that move."""
        _, _, low, high = self._split(area)
        return self.low <= low and high <= self.high

    def crosses(self, area: Area) -> bool:
        """Whether some of an area's cells would move and others beside them not."""
        return area.intersects(self.zone) and not self.carries(area)

    def cuts(self, area: Area) -> bool:
        """Whether lines come or go inside an area that goes on existing."""
        first, last, _, _ = self._split(area)
        if not area.intersects(self.zone):
            return False
        if self.count > 0:
            return first < self.first <= last
        return self.edge.intersects(area) and not self.edge.contains(area)

    def area(self, area: Area) -> Area | None:
        """Where an area goes; None when all of it is deleted."""
        if not self.carries(area):
            return area
        first, last, low, high = self._split(area)
        span = self.span(first, last)
        return None if span is None else self._joined(*span, low, high)

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """Where a cell goes; None when it is deleted."""
        moved = self.area(Area(row, column, row, column))
        return None if moved is None else (moved.row1, moved.column1)

    def origin(self, row: int, column: int) -> tuple[int, int] | None:
        """Where the cell that stands in a place afterwards stood before; None for an inserted one."""
        line, across = (row, column) if self.axis == "rows" else (column, row)
        if not self.low <= across <= self.high or line < self.first:
            return row, column
        if self.count > 0 and line <= self.last:
            return None
        line -= self.count
        return (line, across) if self.axis == "rows" else (across, line)

    def pieces(self, area: Area) -> list[Area]:
        """The cells of an area after the shift: more areas than one where only some of them move."""
        if self.carries(area) or not area.intersects(self.zone):
            moved = self.area(area)
            return [] if moved is None else [moved]
        first, last, low, high = self._split(area)
        inner = (max(low, self.low), min(high, self.high))
        found = [
            self._joined(first, last, a, b) for a, b in ((low, inner[0] - 1), (inner[1] + 1, high)) if a <= b
        ]
        span = self.span(first, last)
        return found if span is None else [*found, self._joined(*span, *inner)]

    # -- references ------------------------------------------------------------------------------------------

    def reference(self, reference: str) -> str:
        """A reference such as `$B$5:$B$7` afterwards, `#REF!` where its cells are deleted."""
        try:
            area = parse_area(reference)
        except ValueError:
            return reference
        moved = self.area(area)
        if moved is None:
            return GONE
        return reference if moved == area else written_like(reference, moved)

    formula_reference = reference

    def disturbs(self, reference: str) -> bool:
        """Whether the cells a reference leads to afterwards are not those it led to before."""
        try:
            area = parse_area(reference)
        except ValueError:
            return False
        return self.crosses(area) or (self.count < 0 and self.edge.intersects(area))

    def ranges(self, text: str) -> str:
        """A list of ranges such as `B5:B7 D5:D7` (sqref) afterwards; "" when all cells are deleted."""
        found: list[str] = []
        for reference in text.split():
            area = parse_area(reference)
            pieces = self.pieces(area)
            found += [reference] if pieces == [area] else [piece.ref for piece in pieces]
        return " ".join(dict.fromkeys(found))

    def for_name(self, name: str) -> Callable[[str], str]:
        """What moves the references of a defined name."""
        return self.reference
