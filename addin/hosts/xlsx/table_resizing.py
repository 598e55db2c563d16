"""Gives a table another area: its definition, its filter, its columns and what refers to it follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.references import follow_resized_table
from addin.hosts.xlsx.table_cells import is_empty, move_totals
from addin.hosts.xlsx.table_columns import TableColumns, column_names, set_columns
from addin.hosts.xlsx.table_moves import TableMove
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.tables import Table


def resize(table: Table, area: Area) -> None:
    """Gives a table another area.

    Raises
    ------
    FenjiError
        The new area has another first row, overlaps another table, or the totals row, which is its last row,
        would come to stand on cells with contents.
    """
    old = table.area
    sheet = table.sheet
    if area == old:
        return
    if area.row1 != old.row1 or not area.intersects(old):
        raise FenjiError(
            zh=f"表格“{table.name}”的标题行必须留在第 {old.row1} 行。请从原来的标题行开始选择区域。",
            en=f"The header of the table '{table.name}' must stay in row {old.row1}. Start the new range there.",
        )
    totals = 0 if table.totals_row_range is None else 1
    least = area.row1 + (table.header_area is not None) + totals
    area = Area(area.row1, area.column1, max(area.row2, least), area.column2)
    moves_totals = totals > 0 and area.row2 != old.row2
    if moves_totals and not is_empty(sheet, Area(area.row2, area.column1, area.row2, area.column2)):
        raise FenjiError(
            zh=f"表格“{table.name}”的汇总行会移到第 {area.row2} 行，而该行已有内容。请先删除或清除这一行，"
            "或先取消汇总行。",
            en=f"The totals row of the table '{table.name}' would move to row {area.row2}, which is not empty. "
            "Delete or clear that row first, or turn the totals row off.",
        )
    for other in sheet.tables:
        if other.part != table.part and other.area.intersects(area):
            raise FenjiError(
                zh=f"表格“{table.name}”扩大后会与表格“{other.name}”重叠。请移开其中一个。",
                en=f"The table '{table.name}' would grow into the table '{other.name}'. Move one of them.",
            )
    root = table.edit()
    root.set("ref", area.ref)
    for element in ooxml.children(root, "autoFilter"):
        element.set("ref", Area(area.row1, area.column1, area.row2 - totals, area.column2).ref)
    if moves_totals:
        move_totals(table, old, area)
    _follow_columns(table, old, area)
    headers = 0 if table.header_area is None else 1
    sheet.book.changed_cells.setdefault(sheet.part, []).append(_changed(old, area))
    follow_resized_table(sheet, TableMove(old, area, header_rows=headers, totals_rows=totals))


def _changed(old: Area, area: Area) -> Area:
    """Where formulas and charts may find something else; new columns leave the others as they were."""
    if area == Area(old.row1, old.column1, old.row2, area.column2) and area.column2 > old.column2:
        return Area(area.row1, old.column2 + 1, area.row2, area.column2)
    return old.united(area)


def _follow_columns(table: Table, old: Area, area: Area) -> None:
    if (old.column1, old.column2) == (area.column1, area.column2):
        return
    names = TableColumns(table).names()
    if table.header_area is None:
        count = area.shape[1]
        set_columns(table.edit(), [*names, *(f"Column{i}" for i in range(len(names) + 1, count + 1))][:count])
        return
    cells = table.sheet.cells_store
    values = cells.values(Area(area.row1, area.column1, area.row1, area.column2))[0]
    headers = column_names(values)
    for j, (value, header) in enumerate(zip(values, headers, strict=True)):
        if value != header:
            cells.changes.set_cell(area.row1, area.column1 + j, header)
    set_columns(table.edit(), headers)
