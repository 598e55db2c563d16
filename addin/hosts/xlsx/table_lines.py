"""The header row and the totals row of a table, shown and hidden.

Rows that are shown take the row beside the table when it is empty; else the cells there move down. Rows that are
hidden leave empty cells behind; nothing moves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from addin.hosts.xlsx import ooxml, sheet_heights, shifting
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import Formula
from addin.hosts.xlsx.table_cells import is_empty
from addin.hosts.xlsx.table_columns import TableColumns

if TYPE_CHECKING:
    from addin.hosts.xlsx.tables import Table

TABLE_ORDER = ["autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst"]
_CHINESE = re.compile("[\u3400-\u9fff]")
# Excel's functions of totals rows and their numbers in SUBTOTAL, hidden rows left out.
_SUBTOTALS = {
    "average": 101, "countNums": 102, "count": 103, "max": 104, "min": 105, "stdDev": 107, "sum": 109, "var": 110,
}  # fmt: skip
_SPECIAL = re.compile(r"(['\[\]#@])")


def show_headers(table: Table) -> None:
    """Shows the header row: above the data, where they are pushed down when there is no empty row."""
    area, sheet = table.area, table.sheet
    top = Area(area.row1 - 1, area.column1, area.row1 - 1, area.column2)
    if area.row1 == 1 or not is_empty(sheet, top):
        top = Area(area.row1, area.column1, area.row1, area.column2)
        shifting.insert(sheet, top, "rows")
        area = table.area
    root = table.edit()
    ooxml.unset(root, "headerRowCount")
    root.set("ref", Area(top.row1, area.column1, area.row2, area.column2).ref)
    sheet.cells_store.write(top, [TableColumns(table).names()])
    show_filter(table)


def hide_headers(table: Table) -> None:
    """Takes the header row off the table, and its texts off the sheet."""
    area, header = table.area, table.header_area
    assert header is not None
    table.sheet.tables.follow_headers()
    root = table.edit()
    root.set("headerRowCount", "0")
    root.set("ref", Area(area.row1 + 1, area.column1, area.row2, area.column2).ref)
    for element in ooxml.children(root, "autoFilter"):
        root.remove(element)
    table.sheet.cells_store.clear_contents(header)


def show_filter(table: Table) -> None:
    """Gives the header row its filter buttons."""
    area = table.area
    last = area.row2 - (table.totals_row_range is not None)
    element = ooxml.section(table.edit(), "autoFilter", TABLE_ORDER)
    element.set("ref", Area(area.row1, area.column1, last, area.column2).ref)


def show_totals(table: Table) -> None:
    """Adds a totals row: what it showed before, or a label and the last column's sum (its count, for texts)."""
    area, sheet = table.area, table.sheet
    row = Area(area.row2 + 1, area.column1, area.row2 + 1, area.column2)
    if not is_empty(sheet, row):
        shifting.insert(sheet, row, "rows")
    root = table.edit()
    columns = ooxml.children(ooxml.child(root, "tableColumns"), "tableColumn")
    if not any(_has_total(column) for column in columns):
        names = TableColumns(table).names()
        label = "汇总" if any(_CHINESE.search(name) for name in names) else "Total"
        columns[-1].set("totalsRowFunction", "sum" if _numbers(table, len(columns) - 1) else "count")
        if len(columns) > 1:
            columns[0].set("totalsRowLabel", label)
    data = table.data_area
    root.set("ref", Area(area.row1, area.column1, row.row1, area.column2).ref)
    root.set("totalsRowCount", "1")
    ooxml.unset(root, "totalsRowShown")
    assert data is not None
    for index, column in enumerate(columns):
        value = _total_cell(table, column, index)
        sheet.cells_store.changes.set_cell(row.row1, area.column1 + index, value)


def _has_total(column: etree._Element) -> bool:
    return bool(column.get("totalsRowLabel")) or column.get("totalsRowFunction", "none") != "none"


def _total_cell(table: Table, column: etree._Element, index: int) -> object:
    """What the totals row shows for a column."""
    if column.get("totalsRowLabel"):
        return column.get("totalsRowLabel")
    function = column.get("totalsRowFunction", "none")
    formula = ooxml.child(column, "totalsRowFormula")
    if function == "custom" and formula is not None and formula.text:
        return Formula(formula.text)
    if function not in _SUBTOTALS:
        return None
    name = _SPECIAL.sub(r"'\1", TableColumns(table).names()[index])
    return Formula(f"SUBTOTAL({_SUBTOTALS[function]},{table.name}[{name}])", _total(table, function, index))


def _total(table: Table, function: str, index: int) -> float | None:
    """The value of a sum or count; other functions are left to Excel."""
    if function == "sum":
        return float(sum(_numbers(table, index)))
    return float(len(_values(table, index))) if function == "count" else None


def _numbers(table: Table, index: int) -> list[float]:
    return [value for value in _values(table, index) if isinstance(value, float)]


def _values(table: Table, index: int) -> list[object]:
    """The values of a column in the rows that are shown."""
    area, cells = table.data_area, table.sheet.cells_store
    if area is None:
        return []
    column = area.column1 + index
    rows = cells.values(Area(area.row1, column, area.row2, column))
    return [
        row[0]
        for number, row in enumerate(rows, area.row1)
        if row[0] is not None and not sheet_heights.is_hidden(cells, number)
    ]


def hide_totals(table: Table) -> None:
    """Takes the totals row off; its functions are remembered for when it is shown again."""
    area, totals = table.area, table.totals_row_range
    assert totals is not None
    root = table.edit()
    table.sheet.cells_store.clear_contents(totals.where)
    root.set("ref", Area(area.row1, area.column1, area.row2 - 1, area.column2).ref)
    ooxml.unset(root, "totalsRowCount")
    root.set("totalsRowShown", "1")
