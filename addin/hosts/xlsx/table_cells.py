"""The cells a table stands on, or would stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx.addresses import Area

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet
    from addin.hosts.xlsx.tables import Table


def is_empty(sheet: Sheet, area: Area) -> bool:
    """Whether the cells of an area hold no values and no formulas."""
    cells = sheet.cells_store
    if any(value is not None for row in cells.values(area) for value in row):
        return False
    rows, columns = range(area.row1, area.row2 + 1), range(area.column1, area.column2 + 1)
    return all(cells.formula(row, column) is None for row in rows for column in columns)


def move_totals(table: Table, before: Area, after: Area) -> None:
    """Puts the totals row into the last row of the table's new area; the caller made sure that it is empty."""
    cells = table.sheet.cells_store
    for column in range(before.column1, min(before.column2, after.column2) + 1):
        content = cells.formula(before.row2, column) or cells.value(before.row2, column)
        style = cells.style(before.row2, column)
        cells.changes.set_cell(after.row2, column, content)
        cells.changes.set_cell(before.row2, column, None)
        place = Area(after.row2, column, after.row2, column)
        cells.restyle(place, ("style", "", style))
        above = cells.style(before.row2 - 1, column)
        cells.restyle(Area(before.row2, column, before.row2, column), ("style", "", above))
