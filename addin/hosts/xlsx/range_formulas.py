"""The formulas of a range: written and read as people type them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import Formula, number_text, plain, serial
from addin.hosts.xlsx.dynamic_arrays import dynamic_mark
from addin.hosts.xlsx.formula_spelling import as_in_file, as_shown
from addin.hosts.xlsx.range_editing import moved
from addin.hosts.xlsx.spilling import may_spill

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet


class RangeFormulas:
    """Calls of a range about its formulas."""

    _sheet: Sheet
    where: Area

    @property
    def formula(self) -> Any:
        rows = [[self._formula_at(r, c) for c in self._column_numbers()] for r in self._row_numbers()]
        return rows[0][0] if self.where.shape == (1, 1) else tuple(tuple(row) for row in rows)

    @formula.setter
    def formula(self, value: Any) -> None:
        self._write_formulas(value)

    @property
    def formula2(self) -> Any:
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        """Formulas that spill where they have more than one value; `formula` writes such that have one only."""
        self._write_formulas(value, spill=True)

    def _formula_at(self, row: int, column: int) -> str:
        cells = self._sheet.cells_store
        formula = cells.formula(row, column)
        if formula is not None:
            return "=" + as_shown(formula.text, self._table_at(row, column))
        value = cells.value(row, column)
        return "" if value is None else _constant(value, self._sheet.book.date1904)

    def _table_at(self, row: int, column: int) -> str | None:
        cell = Area(row, column, row, column)
        return next((table.name for table in self._sheet.tables if table.area.contains(cell)), None)

    def set_formula(self, formula: str, cached: Any = None) -> None:
        """Writes a formula into each cell with the value it shows, so nothing needs to be calculated.

        Parameters
        ----------
        formula : starts with "=", as for the range's first cell; relative references move with the cells.
        cached : its value: one for all cells, or one by row for a single column.
        """
        values = cached if isinstance(cached, (list, tuple)) else None
        self._write_formulas(formula, lambda i, j: values[i] if values is not None else cached)

    def _write_formulas(
        self, value: Any, cached: Callable[[int, int], Any] | None = None, spill: bool = False
    ) -> None:
        area, cells = self.where, self._sheet.cells_store
        cells.check_open()
        rows = as_rows(value, self.where.shape) if isinstance(value, (list, tuple)) else None
        first = None if rows is not None else self._in_file(value, area.row1, area.column1, spill)
        for i, row in enumerate(self._row_numbers()):
            for j, column in enumerate(self._column_numbers()):
                item = first if rows is None else self._in_file(rows[i][j], row, column, spill)
                if isinstance(item, Formula):
                    if rows is None:
                        item = moved(item, (area.row1, area.column1), (row, column))
                    shown = plain(cached(i, j)) if cached else None
                    item = Formula(item.text, shown, item.array, item.mark)
                cells.changes.set_cell(row, column, item)

    def _in_file(self, item: Any, row: int, column: int, spill: bool) -> Any:
        """What a cell is to hold, a formula as files spell it."""
        if not (isinstance(item, str) and item.startswith("=")):
            return plain(item)
        text = as_in_file(item[1:], self._table_at(row, column))
        if not (spill and may_spill(text)):
            return Formula(text)
        return Formula(text, None, Area(row, column, row, column).ref, dynamic_mark(self._sheet.book.package))

    @property
    def array_reference(self) -> str | None:
        """The area one array formula in the first cell fills, as "E1:F2"; None where there is none."""
        formula = self._sheet.cells_store.formula(self.where.row1, self.where.column1)
        return formula.array if formula is not None else None

    @property
    def formula_array(self) -> str | None:
        formula = self._sheet.cells_store.formula(self.where.row1, self.where.column1)
        if formula is None or not formula.array:
            return None
        return "=" + as_shown(formula.text, self._table_at(self.where.row1, self.where.column1))

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        cells = self._sheet.cells_store
        cells.check_open()
        cells.clear_contents(self.where)
        text = as_in_file(value.removeprefix("="), self._table_at(self.where.row1, self.where.column1))
        formula = Formula(text, None, self.where.ref)
        cells.changes.set_cell(self.where.row1, self.where.column1, formula)

    def _row_numbers(self) -> range:
        return range(self.where.row1, self.where.row2 + 1)

    def _column_numbers(self) -> range:
        return range(self.where.column1, self.where.column2 + 1)


def as_rows(value: Sequence[Any], shape: tuple[int, int]) -> Sequence[Sequence[Any]]:
    """A list of rows; a flat list is one row, or one column where the range is a single column."""
    if value and isinstance(value[0], (list, tuple)):
        return value
    return [[item] for item in value] if shape[1] == 1 and shape[0] > 1 else [value]


def _constant(value: Any, date1904: bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (dt.date, dt.time)):
        return number_text(serial(value, date1904))
    return number_text(value) if isinstance(value, float) else str(value)
