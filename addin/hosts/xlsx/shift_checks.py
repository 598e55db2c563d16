"""What Excel refuses when cells are inserted or deleted, found before anything is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.hosts.xlsx import merged_cells
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.shifts import Shift
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_ARRAY_CELL = re.compile(
    rb'<(?:[\w.\-]+:)?c r="[A-Z]+\d+"([^>]*)>\s*<(?:[\w.\-]+:)?f\s[^>]*?t="(?:array|dataTable)"[^>]*?ref="([A-Z0-9:]+)"'
)


def check(sheet: Sheet, shift: Shift) -> None:
    """Raises a FenjiError that says what stands in the way of a shift."""
    sheet.cells_store.check_open()
    _check_tables(sheet, shift)
    _check_pivots(sheet, shift)
    _check_merged(sheet, shift)
    _check_arrays(sheet, shift)
    if shift.count > 0:
        _check_end(sheet, shift)


def _check_tables(sheet: Sheet, shift: Shift) -> None:
    for table in sheet.tables:
        area = table.area
        if shift.crosses(area):
            raise FenjiError(
                zh=f"在工作表“{sheet.name}”的 {shift.edge.ref} 插入或删除单元格，会拆开表格“{table.name}”"
                f"（{area.ref}）。请选择整行、整列，或表格的全部宽度。",
                en=f"Inserting or deleting the cells {shift.edge.ref} on sheet '{sheet.name}' would tear the table "
                f"'{table.name}' ({area.ref}) apart. Take whole rows or columns, or the table's whole width.",
            )
        header = table.header_area
        loses_header = header is not None and shift.count < 0 and shift.edge.contains(header)
        if loses_header and shift.axis == "rows" and not shift.edge.contains(area):
            raise FenjiError(
                zh=f"第 {area.row1} 行是表格“{table.name}”的标题行，不能单独删除。请删除整个表格，或只删除数据行。",
                en=f"Row {area.row1} holds the headers of the table '{table.name}' and cannot be deleted alone. "
                "Delete the whole table, or data rows only.",
            )


def _check_pivots(sheet: Sheet, shift: Shift) -> None:
    for pivot in sheet.pivot_tables:
        area = pivot.whole_area
        if shift.crosses(area) or shift.cuts(area):
            raise FenjiError(
                zh=f"在工作表“{sheet.name}”的 {shift.edge.ref} 插入或删除单元格，会拆开数据透视表“{pivot.name}”"
                f"（{area.ref}）。请换一个位置，或先移开透视表。",
                en=f"Inserting or deleting the cells {shift.edge.ref} on sheet '{sheet.name}' would tear the pivot "
                f"table '{pivot.name}' ({area.ref}) apart. Choose another place, or move the pivot table first.",
            )


def _check_merged(sheet: Sheet, shift: Shift) -> None:
    for area in merged_cells.areas(sheet.cells_store.part):
        if shift.crosses(area):
            raise FenjiError(
                zh=f"在工作表“{sheet.name}”的 {shift.edge.ref} 插入或删除单元格，会拆开合并单元格 {area.ref}。"
                "请先取消合并，或选择整行、整列。",
                en=f"Inserting or deleting the cells {shift.edge.ref} on sheet '{sheet.name}' would tear the merged "
                f"cells {area.ref} apart. Unmerge them first, or take whole rows or columns.",
            )


def _check_arrays(sheet: Sheet, shift: Shift) -> None:
    for piece in sheet.cells_store.row_pieces():
        if b't="array"' not in piece.data and b't="dataTable"' not in piece.data:
            continue
        for match in _ARRAY_CELL.finditer(piece.data):
            area = parse_area(match[2].decode())
            dynamic = b"cm=" in match[1]  # spills anew into the cells it needs
            if shift.crosses(area) or (shift.cuts(area) and not dynamic):
                raise FenjiError(
                    zh=f"工作表“{sheet.name}”的 {area.ref} 是一个数组公式，不能只移动其中一部分。请先删除该公式，"
                    "或换一个位置。",
                    en=f"{area.ref} on sheet '{sheet.name}' holds one array formula, of which no part can be moved "
                    "alone. Delete the formula first, or choose another place.",
                )


def _check_end(sheet: Sheet, shift: Shift) -> None:
    """Cells with contents may not be pushed off the sheet."""
    first = shift.limit - shift.count + 1
    zone = shift.zone
    rows = shift.axis == "rows"
    end = (
        Area(first, zone.column1, zone.row2, zone.column2)
        if rows
        else Area(zone.row1, first, zone.row2, zone.column2)
    )
    if shift.last > shift.limit or _has_contents(sheet, end):
        raise FenjiError(
            zh=f"在工作表“{sheet.name}”插入 {shift.count} {'行' if rows else '列'}会把末尾有内容的单元格推出工作表。"
            "请先清除末尾的内容。",
            en=f"Inserting {shift.count} {'rows' if rows else 'columns'} on sheet '{sheet.name}' would push cells with "
            "contents off its end. Clear the cells at the end first.",
        )


def _has_contents(sheet: Sheet, area: Area) -> bool:
    cells = sheet.cells_store
    if area.row1 == 1:  # columns: most sheets do not reach as far
        used = cells.used_area()
        if used is None or not used.intersects(area):
            return False
    return any(
        area.column1 <= cell.column <= area.column2 and cell.inner
        for _, raw in cells.rows.between(area.row1, area.row2)
        for cell in cells.rows.cells(raw)
    )


def emptied_tables(sheet: Sheet, shift: Shift) -> list[Area]:
    """The data of tables that would lose all their rows, but not the headers: one empty row must stay."""
    if shift.axis == "columns" or shift.count > 0:
        return []
    found = []
    for table in sheet.tables:
        data = table.data_area
        if data is not None and shift.edge.contains(data) and not shift.edge.contains(table.area):
            found.append(data)
    return found
