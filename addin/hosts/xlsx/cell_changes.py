"""What is to change in the cells of one sheet, until it is written.

Single cells are kept one by one, whole columns as arrays, formats as rules over areas; later changes win over
earlier ones. Nothing of the sheet itself is read for a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area
from addin.hosts.xlsx.cell_values import Formula
from addin.hosts.xlsx.column_data import ColumnData
from addin.hosts.xlsx.styles import Change

# Rules over areas of at most this many cells are kept cell by cell: a template sets many small ones.
SMALL = 64


@dataclass(slots=True)
class Block:
    """Values for a rectangle, column by column; `columns` is None where the contents go."""

    area: Area
    columns: list[ColumnData] | None


@dataclass(slots=True)
class Rule:
    """One change of the style of every cell in an area; `order` tells earlier rules from later ones."""

    order: int
    area: Area
    change: Change

    @property
    def whole_columns(self) -> bool:
        """Whether it covers all rows: a style of the columns."""
        return self.area.shape[0] == MAX_ROW

    @property
    def whole_rows(self) -> bool:
        """Whether it covers all columns of some rows: a style of the rows."""
        return self.area.shape[1] == MAX_COLUMN and not self.whole_columns

    @property
    def bounded(self) -> bool:
        """Whether it covers a rectangle: its empty cells get the style too."""
        return not self.whole_rows and not self.whole_columns


class CellChanges:
    """The changes of one sheet.

    Attributes
    ----------
    cells : values of single cells by row and column; None empties the cell.
    blocks : larger changes of values, in order; single cells lie above all of them.
    rules : changes of styles over areas, in order.
    cell_rules : changes of styles of single cells, as (order, change), by row and column.
    rows : attributes of rows ("ht", "hidden") by row; None removes one.
    """

    def __init__(self) -> None:
        self.cells: dict[int, dict[int, Any]] = {}
        self.blocks: list[Block] = []
        self.rules: list[Rule] = []
        self.cell_rules: dict[int, dict[int, list[tuple[int, Change]]]] = {}
        self.rows: dict[int, dict[str, str | None]] = {}
        self._order = 0

    def __bool__(self) -> bool:
        return bool(self.cells or self.blocks or self.rules or self.cell_rules or self.rows)

    @property
    def changes_values(self) -> bool:
        """Whether contents of cells change, not only formats."""
        return bool(self.cells or self.blocks)

    def formulas(self) -> Iterator[tuple[int, int, Formula]]:
        """The formulas among the new contents, with row and column."""
        for row, cells in self.cells.items():
            for column, value in cells.items():
                if isinstance(value, Formula):
                    yield row, column, value
        for block in self.blocks:
            for column, data in enumerate(block.columns or (), block.area.column1):
                if data.kind == "mixed":
                    for row, value in enumerate(data.data, block.area.row1):
                        if isinstance(value, Formula):
                            yield row, column, value

    def set_cell(self, row: int, column: int, value: Any) -> None:
        """One cell's value, as `cell_values.plain` gives it."""
        self.cells.setdefault(row, {})[column] = value

    def set_block(self, area: Area, columns: list[ColumnData] | None) -> None:
        """Values for an area, or no contents; single cells changed before in it are forgotten."""
        rows = (
            [r for r in self.cells if area.row1 <= r <= area.row2]
            if len(self.cells) < area.shape[0]
            else [r for r in range(area.row1, area.row2 + 1) if r in self.cells]
        )
        for row in rows:
            kept = {c: v for c, v in self.cells[row].items() if not area.column1 <= c <= area.column2}
            if kept:
                self.cells[row] = kept
            else:
                del self.cells[row]
        self.blocks = [b for b in self.blocks if not area.contains(b.area)]
        self.blocks.append(Block(area, columns))

    def restyle(self, area: Area, change: Change) -> None:
        """One change of the style of all cells of an area."""
        self._order += 1
        rows, columns = area.shape
        if rows * columns > SMALL:
            self.rules.append(Rule(self._order, area, change))
            return
        for row in range(area.row1, area.row2 + 1):
            cells = self.cell_rules.setdefault(row, {})
            for column in range(area.column1, area.column2 + 1):
                cells.setdefault(column, []).append((self._order, change))

    def set_row(self, row: int, name: str, value: str | None) -> None:
        """One attribute of a row."""
        self.rows.setdefault(row, {})[name] = value

    def special_rows(self) -> set[int]:
        """Rows with changes of their own, beside blocks and rules over areas."""
        return {*self.cells, *self.cell_rules, *self.rows}

    def style_changes(self, row: int, column: int, rules: list[Rule]) -> list[Change]:
        """The changes of a cell's style in their order; `rules` are those that may touch the row."""
        found = [
            (rule.order, rule.change)
            for rule in rules
            if rule.area.column1 <= column <= rule.area.column2 and rule.area.row1 <= row <= rule.area.row2
        ]
        own = self.cell_rules.get(row, {}).get(column)
        if own:
            found = sorted([*found, *own], key=_order)
        return [change for _, change in found]

    def value(self, row: int, column: int) -> tuple[bool, Any]:
        """Whether a cell's contents change, and what to."""
        cells = self.cells.get(row)
        if cells is not None and column in cells:
            return True, cells[column]
        for block in reversed(self.blocks):
            area = block.area
            if area.row1 <= row <= area.row2 and area.column1 <= column <= area.column2:
                if block.columns is None:
                    return True, None
                return True, block.columns[column - area.column1].value(row - area.row1)
        return False, None

    def filled(self) -> Iterator[Area]:
        """Areas that may hold contents or formats through these changes."""
        for row, cells in self.cells.items():
            yield Area(row, min(cells), row, max(cells))
        for row, rules in self.cell_rules.items():
            yield Area(row, min(rules), row, max(rules))
        for block in self.blocks:
            if block.columns is not None:
                yield block.area
        for rule in self.rules:
            if rule.bounded:
                yield rule.area

    def bounds(self) -> Area | None:
        """The smallest area around all cells that are written or formatted."""
        result: Area | None = None
        for area in self.filled():
            result = area if result is None else result.united(area)
        return result


def _order(item: tuple[int, Change]) -> int:
    return item[0]
