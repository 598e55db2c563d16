"""The cells a formula refers to: ranges, whole columns, tables and names of a workbook.

Works on any `xw.Book`: the file engine, desktop Excel, or a server's.
"""

from __future__ import annotations

import re
from typing import Any

import xlwings as xw

from udfs.texts import FenjiError

CELLS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
ROWS = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})")
SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)")
TABLE = re.compile(r"([^\[\]]+)\[(.*)\]", re.DOTALL)
PARTS = ("#all", "#headers", "#data", "#totals")


def cells(book: xw.Book, reference: str) -> list[list[Any]]:
    """The values of a reference as rows; blanks are None, errors their text, dates datetime.

    Parameters
    ----------
    reference : `A1:B9`, `客户!A:C`, `'My sheet'!$B$2`, `tblOrders[金额]`, `tblOrders`, or a defined name.

    Raises
    ------
    FenjiError
        There is no such sheet, table, column or name; says what there is.
    """
    found = _range(book, reference)
    return found.options(ndim=2, err_to_str=True).value if found is not None else [[None]]


def _range(book: xw.Book, reference: str) -> xw.Range | None:
    if match := SHEET.fullmatch(reference):
        quoted, plain, rest = match.groups()
        return _on_sheet(_sheet(book, quoted.replace("''", "'") if quoted else plain), rest, reference)
    if match := TABLE.fullmatch(reference):
        return _table_part(book, match[1], match[2])
    if CELLS.fullmatch(reference) or COLUMNS.fullmatch(reference) or ROWS.fullmatch(reference):
        return _on_sheet(book.sheets.active, reference, reference)
    tables = _tables(book)
    if reference.casefold() in tables:
        return _table_part(book, reference, "")
    for name in book.names:
        if name.name.casefold() == reference.casefold():
            return name.refers_to_range
    known = [n.name for n in book.names if not n.name.startswith("_xlnm")] + [t.name for t in tables.values()]
    raise FenjiError(
        zh=f"工作簿里没有名为 {reference} 的名称或表格。{_listed(known, '现有：', '、')}",
        en=f"The workbook has no name or table {reference}. {_listed(known, 'There are: ', ', ')}",
    )


def _listed(names: list[str], beginning: str, comma: str) -> str:
    return beginning + comma.join(sorted(names)[:12]) if names else ""


def _sheet(book: xw.Book, name: str) -> xw.Sheet:
    names = [sheet.name for sheet in book.sheets]
    for known in names:
        if known.casefold() == name.casefold():
            return book.sheets[known]
    raise FenjiError(
        zh=f"没有工作表“{name}”。{_listed(names, '现有：', '、')}",
        en=f"There is no sheet '{name}'. {_listed(names, 'There are: ', ', ')}",
    )


def _on_sheet(sheet: xw.Sheet, address: str, reference: str) -> xw.Range | None:
    if CELLS.fullmatch(address):
        return sheet.range(address.replace("$", ""))
    last = sheet.used_range.last_cell
    if match := COLUMNS.fullmatch(address):
        first = sheet.range(f"{match[1]}1")
        return sheet.range(first, sheet.range(f"{match[2]}{last.row}"))
    if match := ROWS.fullmatch(address):
        return sheet.range((int(match[1]), 1), (min(int(match[2]), last.row), last.column))
    raise FenjiError(
        zh=f"无法识别引用 {reference}。请写成 工作表!A1:B9。",
        en=f"The reference {reference} cannot be read; write Sheet!A1:B9.",
    )


def _tables(book: xw.Book) -> dict[str, xw.main.Table]:
    return {table.name.casefold(): table for sheet in book.sheets for table in sheet.tables}


def _table_part(book: xw.Book, name: str, inside: str) -> xw.Range | None:
    tables = _tables(book)
    table = tables.get(name.strip().casefold())
    if table is None:
        known = [t.name for t in tables.values()]
        raise FenjiError(
            zh=f"没有表格 {name}。{_listed(known, '现有：', '、')}",
            en=f"There is no table {name}. {_listed(known, 'There are: ', ', ')}",
        )
    items = [item.strip() for item in re.findall(r"\[([^\[\]]*)\]", inside)] or (
        [inside.strip()] if inside else []
    )
    wanted = {item.casefold() for item in items if item.casefold() in PARTS} or {"#data"}
    columns = [item for item in items if item.casefold() not in PARTS]
    rows = {"#all": table.range, "#headers": table.header_row_range, "#totals": table.totals_row_range}
    part = rows.get(next(iter(wanted)), table.data_body_range)
    if part is None or not columns:
        return part
    headers = [str(h) for h in _headers(table)]
    places = [_column(name, column, headers) for column in (columns[0], columns[-1])]
    left, right = min(places), max(places)
    return part.sheet.range(part[0, left], part[part.shape[0] - 1, right])


def _headers(table: xw.main.Table) -> list[Any]:
    headers = table.header_row_range
    return [] if headers is None else headers.options(ndim=1).value


def _column(table: str, column: str, headers: list[str]) -> int:
    plain = column.lstrip("@").replace("'", "")
    for place, header in enumerate(headers):
        if header.casefold() == plain.casefold():
            return place
    raise FenjiError(
        zh=f"表格 {table} 没有列“{plain}”。{_listed(headers, '现有：', '、')}",
        en=f"Table {table} has no column '{plain}'. {_listed(headers, 'There are: ', ', ')}",
    )
