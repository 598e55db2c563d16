"""Web pages and XML spreadsheets that shops export with the ending .xls."""

from __future__ import annotations

import re

import polars as pl
from lxml import etree, html

from addin.grids import ColumnsGrid
from addin.sources.text_files import to_column
from udfs.cleaning.columns import Column
from udfs.texts import FenjiError

SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
MOST_COLUMNS = 2000


def is_xml_spreadsheet(text: str) -> bool:
    """Whether a text is an XML spreadsheet of Excel 2003."""
    return "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000] and "<Workbook" in text[:8000]


def is_web_page(text: str) -> bool:
    """Whether a text is a web page with a table."""
    return re.match(r"\s*<", text) is not None and re.search(r"<table\b", text, re.IGNORECASE) is not None


def read_web_tables(text: str, name: str) -> list[ColumnsGrid]:
    """The tables of a web page, each a grid; tables within tables count as tables of their own."""
    page = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True, no_network=True))
    grids = []
    tables = [t for t in page.iter("table") if next(t.iterdescendants("table"), None) is None]
    for number, table in enumerate(tables, 1):
        rows = _rows_of(table)
        if rows:
            grids.append(_grid(f"{name} {number}" if len(tables) > 1 else name, rows))
    if not grids:
        raise FenjiError(
            zh=f"网页文件“{name}”里没有表格。", en=f"There is no table in the web page '{name}'."
        )
    return grids


def _rows_of(table: html.HtmlElement) -> list[list[str | None]]:
    """Cells of a table; a cell over several rows or columns stands in its first, the others are empty."""
    rows: list[list[str | None]] = []
    blocked: dict[tuple[int, int], bool] = {}
    for r, tr in enumerate(table.iter("tr")):
        row: list[str | None] = []
        for td in tr:
            if td.tag not in ("td", "th"):
                continue
            while blocked.pop((r, len(row)), False):
                row.append(None)
            wide, high = _span(td, "colspan"), _span(td, "rowspan")
            for i in range(1, high):
                for k in range(wide):
                    blocked[(r + i, len(row) + k)] = True
            for br in td.iter("br"):
                br.tail = " " + (br.tail or "")
            row.append(re.sub(r"\s+", " ", td.text_content()).strip() or None)
            row.extend([None] * (wide - 1))
        rows.append(row)
    return rows


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), MOST_COLUMNS) if value.isdigit() else 1


def _grid(name: str, rows: list[list[str | None]]) -> ColumnsGrid:
    width = min(max(map(len, rows)), MOST_COLUMNS)
    series = [pl.Series([r[k] if k < len(r) else None for r in rows], dtype=pl.Utf8) for k in range(width)]
    return ColumnsGrid(name, [to_column(s) for s in series])


def read_xml_spreadsheet(text: str, name: str) -> list[ColumnsGrid]:
    """The sheets of an XML spreadsheet (Excel 2003)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    root = etree.fromstring(body.encode(), parser)
    if root is None:
        raise FenjiError(zh=f"“{name}”已损坏，无法读取。", en=f"'{name}' is damaged and cannot be read.")
    return [_xml_sheet(sheet) for sheet in root.iter(SPREADSHEET + "Worksheet")]


def _xml_sheet(sheet: etree._Element) -> ColumnsGrid:
    cells: dict[tuple[int, int], object] = {}
    row_number = 0
    for row in sheet.iter(SPREADSHEET + "Row"):
        row_number = int(row.get(SPREADSHEET + "Index", row_number + 1))
        column = 0
        for cell in row.iter(SPREADSHEET + "Cell"):
            column = int(cell.get(SPREADSHEET + "Index", column + 1))
            data = cell.find(SPREADSHEET + "Data")
            if data is not None and column <= MOST_COLUMNS:
                cells[row_number, column] = _xml_value(data)
            column += int(cell.get(SPREADSHEET + "MergeAcross", 0))
    height = max((r for r, _ in cells), default=0)
    width = max((c for _, c in cells), default=0)
    columns = [
        Column.from_values(cells.get((r, c)) for r in range(1, height + 1)) for c in range(1, width + 1)
    ]
    return ColumnsGrid(sheet.get(SPREADSHEET + "Name", "Sheet"), columns)


def _xml_value(data: etree._Element) -> object:
    import datetime as dt

    text = "".join(str(part) for part in data.itertext())
    kind = data.get(SPREADSHEET + "Type")
    try:
        if kind == "Number":
            return float(text)
        if kind == "Boolean":
            return text.strip() == "1"
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    return text
