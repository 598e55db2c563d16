"""The data rows of a table: they come and go with the cells below the table making room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.xlsx import shifting
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import Formula
from addin.hosts.xlsx.table_cells import is_empty
from addin.hosts.xlsx.table_resizing import resize
from addin.hosts.xlsx.table_shifting import calculated_columns
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.tables import Table


@complete
class TableRows(base_classes.TableRows):
    """The data rows of a table, in order."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @property
    def api(self) -> Any:
        return self.table.api

    @property
    def parent(self) -> Table:
        return self.table

    @property
    def column_count(self) -> int:
        """How many columns the table has."""
        return self.table.area.shape[1]

    def __call__(self, key: int) -> TableRow:
        if not 1 <= key <= len(self):
            raise KeyError(key)
        return TableRow(self.table, key)

    def __len__(self) -> int:
        area = self.table.data_area
        return 0 if area is None else area.shape[0]

    def __iter__(self) -> Iterator[TableRow]:
        return iter([TableRow(self.table, index) for index in range(1, len(self) + 1)])

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and 1 <= key <= len(self)

    def add(self, values: list[Any] | None, index: int | None) -> TableRow:
        """A row before another one, or at the end; cells below the table move down where they are in the way.

        Calculated columns are filled in where no values are given.
        """
        table, count = self.table, len(self)
        index = count + 1 if index is None else index
        area, data = table.area, table.data_area
        first = data.row1 if data is not None else area.row1 + (table.header_area is not None)
        row = first + index - 1
        new = Area(row, area.column1, row, area.column2)
        if index <= count or table.totals_row_range is not None:
            shifting.insert(table.sheet, new, "rows")
        else:
            if not is_empty(table.sheet, new):
                shifting.insert(table.sheet, new, "rows")
            resize(table, Area(area.row1, area.column1, row, area.column2))
            for text, cell in calculated_columns(table, row, row):
                table.sheet.cells_store.changes.set_cell(cell.row1, cell.column1, Formula(text))
        if values is not None:
            table.sheet.cells_store.write(new, [values])
        return TableRow(table, index)


@complete
class TableRow(base_classes.TableRow):
    """One data row of a table, by its position from 1."""

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self._index = index

    @property
    def index(self) -> int:
        return self._index

    def _area(self) -> Area:
        data = self.table.data_area
        assert data is not None
        row = data.row1 + self._index - 1
        return Area(row, data.column1, row, data.column2)

    @property
    def range(self) -> Range:
        return self.table.sheet.area(self._area())

    def delete(self) -> None:
        """Deletes the row; cells below move up. A table's last row is emptied instead."""
        shifting.delete(self.table.sheet, self._area(), "rows")
