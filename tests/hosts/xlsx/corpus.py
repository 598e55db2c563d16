"""What the corpus test does to each workbook, and how it compares the file before and after."""

from __future__ import annotations

import re
import struct
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import xlwings as xw
from lxml import etree

from addin.hosts import xlsx
from addin.hosts.xlsx.addresses import Area, column_letters, parse_area

OURS = "fenji 分级"
TABLE = "tblFenjiTest"
HEADERS = ["客户名称", "金额", "得分", "等级"]
# Parts that say where parts are and how cells look: they may grow, and nothing else changes in them.
SHARED_PARTS = re.compile(
    r"^(\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml)$", re.IGNORECASE
)
COUNTED = {
    "charts": rb"<(?:\w+:)?chart\s[^>]*r:id=",
    "pivots": rb"<(?:\w+:)?pivotTableDefinition\s",
    "shapes": rb"<(?:\w+:)?(?:sp|cxnSp|grpSp|pic|graphicFrame)[\s>]",
    "controls": rb"<(?:\w+:)?control\s",
    "names": rb"<(?:\w+:)?definedName\s",
    "validations": rb"<(?:\w+:)?dataValidation\s",
    "formats": rb"<(?:\w+:)?cfRule\s",
    "sparklines": rb"<(?:\w+:)?sparkline>",
    "formulas": rb"<(?:\w+:)?f[\s>/]",
    "hyperlinks": rb"<(?:\w+:)?hyperlink\s",
}


@dataclass(slots=True)
class Grown:
    """Where a column was added to the user's sheet: its part, and the area of the new cells."""

    sheet: str
    part: str
    area: str


def add_our_sheet(book: xw.Book) -> None:
    """Adds the sheet of grades, in place of the one of an earlier run."""
    if OURS in [s.name for s in book.sheets]:
        book.sheets[OURS].delete()
    last = book.sheets[len(book.sheets) - 1] if len(book.sheets) else None  # books of charts alone have none
    sheet = book.sheets.add(OURS, after=last)
    rows = [[f"客户{i}", i * 1.5, i % 5 + 1, "ABC"[i % 3]] for i in range(1, 21)]
    sheet["A1"].value = [HEADERS, *rows]
    sheet["A1:D1"].font.bold = True
    sheet["B2:B21"].number_format = "#,##0.00"
    sheet.tables.add(sheet["A1:D21"], name=TABLE)


def grow(book: xw.Book) -> Grown | None:
    """Adds a grade column to the first table of the book, or beside the first range."""
    for sheet in book.sheets:
        for table in sheet.tables:
            area = parse_area(table.range.address.replace("$", ""))
            if table.header_row_range is not None and _free(sheet, area.row1, area.row2, area.column2 + 1):
                bottom = area.row2 - (1 if table.show_totals else 0)
                _write_column(sheet, area.row1, bottom, area.column2 + 1)
                table.resize(sheet.range((area.row1, area.column1), (area.row2, area.column2 + 1)))
                return _grown(sheet, area.row1, area.row2, area.column2 + 1)
    for sheet in book.sheets:
        used = sheet.used_range
        column = used.last_cell.column + 1
        if used.value is not None and column <= 16_384:
            bottom = min(used.last_cell.row, used.row + 50)
            _write_column(sheet, used.row, bottom, column)
            return _grown(sheet, used.row, bottom, column)
    return None


def _free(sheet: xw.Sheet, row1: int, row2: int, column: int) -> bool:
    if column > 16_384 or any(
        (other := parse_area(t.range.address.replace("$", ""))).column1 <= column <= other.column2
        and other.row1 <= row2
        and row1 <= other.row2
        for t in sheet.tables
    ):
        return False
    values = sheet.range((row1, column), (row2, column)).options(ndim=1).value
    return all(value is None for value in values)


def _write_column(sheet: xw.Sheet, row1: int, row2: int, column: int) -> None:
    sheet.range((row1, column)).value = [["fenji"], *([i] for i in range(row1 + 1, row2 + 1))]


def _grown(sheet: xw.Sheet, row1: int, row2: int, column: int) -> Grown:
    address = sheet.range((row1, column), (row2, column)).address.replace("$", "")
    return Grown(sheet.name, sheet.impl.part, address)


def change(path: Path) -> Grown | None:
    """What `regrade` does to a workbook, twice, as far as the file is concerned."""
    book = xlsx.open(path)
    grown = grow(book)
    add_our_sheet(book)
    book.save()
    book.close()
    book = xlsx.open(path)
    add_our_sheet(book)
    book.save()
    book.close()
    return grown


def packed_parts(path: Path) -> dict[str, bytes]:
    """The compressed bytes of each part, as they stand in the file."""
    result = {}
    data = path.read_bytes()
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            result[info.filename] = data[start : start + info.compress_size]
    return result


def counts(path: Path) -> Counter[str]:
    """How many charts, pivots, shapes, names and so on a workbook has."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(path) as z:
        for name in z.namelist():
            if name.endswith((".xml", ".vml")):
                data = z.read(name)
                for what, pattern in COUNTED.items():
                    found[what] += len(re.findall(pattern, data))
    return found


def without(xml: bytes, area: str) -> list[bytes]:
    """A sheet without the cells of an area: what must be the same before and after, piece by piece."""
    root = etree.fromstring(xml, etree.XMLParser(huge_tree=True))
    inside = parse_area(area)
    pieces = []
    for child in root:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name == "sheetData":
            pieces.extend(_rows(child, inside))
        elif name not in ("dimension", "sheetViews"):
            pieces.append(etree.tostring(child, method="c14n", exclusive=True, with_tail=False))
        elif name == "sheetViews":
            for view in child:
                view.attrib.pop("tabSelected", None)
            pieces.append(etree.tostring(child, method="c14n", exclusive=True, with_tail=False))
    return pieces


def _rows(data: etree._Element, area: Area) -> list[bytes]:
    pieces = []
    for row in data:
        cells = []
        column = 0
        for cell in row:
            # A cell without address stands behind the one before; it gets one where its row is rewritten.
            column = parse_area(cell.get("r")).column1 if cell.get("r") else column + 1
            cell.set("r", f"{column_letters(column)}{row.get('r')}")
            inside = (
                area.row1 <= int(row.get("r", "0")) <= area.row2 and area.column1 <= column <= area.column2
            )
            if not inside:
                cells.append(etree.tostring(cell, method="c14n", exclusive=True, with_tail=False))
        attributes = sorted((k, v) for k, v in row.attrib.items() if etree.QName(k).localname != "spans")
        if cells or [k for k, _ in attributes if k != "r"]:
            pieces.append(repr(attributes).encode() + b"".join(cells))
    return pieces
