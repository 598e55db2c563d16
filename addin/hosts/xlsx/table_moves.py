"""Where a reference to a table's cells goes when the table gets more or fewer rows.

A reference that covers whole columns of a table (its data, with or without header and totals) follows the
table; a reference to some of its cells only, or beyond it, stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from addin.hosts.xlsx.addresses import Area, parse_area, written_like


@dataclass(frozen=True, slots=True)
class TableMove:
    """A table's area before and after, header and totals included.

    >>> move = TableMove(Area(4, 1, 7, 3), Area(4, 1, 20, 3))
    >>> move.reference("$B$5:$B$7"), move.reference("$B$4:$B$7"), move.reference("$B$5:$B$6")
    ('$B$5:$B$20', '$B$4:$B$20', '$B$5:$B$6')
    """

    before: Area
    after: Area
    header_rows: int = 1
    totals_rows: int = 0
    follows_single_cells: ClassVar[bool] = False
    moves_cells: ClassVar[bool] = False

    @property
    def moves_nothing(self) -> bool:
        """Whether rows and first column stay: new columns are new data."""
        before, after = self.before, self.after
        return before.shape[0] == after.shape[0] and before.column1 == after.column1

    def reference(self, reference: str) -> str:
        """A reference such as `$B$5:$B$7` after the move; dollar signs stay where they were."""
        try:
            area = parse_area(reference)
        except ValueError:
            return reference
        moved = self.area(area)
        return reference if moved == area else written_like(reference, moved)

    def formula_reference(self, reference: str) -> str:
        """Like `reference`, but a single cell stays: in a formula it means that cell, not a column.

        >>> TableMove(Area(1, 1, 2, 1), Area(1, 1, 9, 1)).formula_reference("$A$2")
        '$A$2'
        """
        return self.reference(reference) if ":" in reference else reference

    def disturbs(self, reference: str) -> bool:
        """No cell of a resized table changes by that."""
        return False

    def area(self, area: Area) -> Area:
        """An area after the move."""
        rows = self._rows(area.row1, area.row2)
        columns = self._columns(area.column1, area.column2)
        if rows is None or columns is None:
            return area
        return Area(rows[0], columns[0], rows[1], columns[1])

    def ranges(self, text: str) -> str:
        """A list of ranges such as `B5:B7 D5:D7` (sqref) after the move."""
        return " ".join(self.reference(reference) for reference in text.split())

    def for_name(self, name: str) -> Callable[[str], str] | None:
        """What moves the references of a defined name; None where they stay."""
        if name == "_xlnm.Print_Titles":
            return None
        return self._print_reference if name == "_xlnm.Print_Area" else self.formula_reference

    def _print_reference(self, reference: str) -> str:
        area = parse_area(reference)
        moved = self.print_area(area)
        return reference if moved == area else moved.address()

    def print_area(self, area: Area) -> Area:
        """A print area: one that holds the table grows down as far as the table does, and shrinks with it."""
        if not area.contains(self.before):
            return area
        ends = area.row2 == self.before.row2
        last = self.after.row2 if ends else max(area.row2, self.after.row2)
        return Area(area.row1, area.column1, last, area.column2)

    def _rows(self, first: int, last: int) -> tuple[int, int] | None:
        old, new = self.before, self.after
        starts = {
            old.row1: new.row1,
            old.row1 + self.header_rows: new.row1 + self.header_rows,
        }
        ends = {old.row2: new.row2, old.row2 - self.totals_rows: new.row2 - self.totals_rows}
        if first not in starts or last not in ends or last < old.row1 + self.header_rows:
            return None
        return starts[first], max(ends[last], starts[first])

    def _columns(self, first: int, last: int) -> tuple[int, int] | None:
        """New columns of a table are new data: what referred to the old ones goes on doing so."""
        old, new = self.before, self.after
        if not old.column1 <= first <= last <= old.column2:
            return None
        shift = new.column1 - old.column1
        return first + shift, last + shift
