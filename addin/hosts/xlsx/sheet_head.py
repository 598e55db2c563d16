"""The first rows of a sheet, read without inflating the rest: where headers are looked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from addin.hosts.xlsx import safe_xml
from addin.hosts.xlsx.date_formats import date_styles, uses_1904
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.row_parser import Cell, cells_of, is_hidden, iso_serial, row_number
from addin.hosts.xlsx.row_scanner import ISO_DATE, SHARED
from addin.hosts.xlsx.shared_strings import some_texts
from udfs.cleaning.columns import Kind, from_serial

DAYS_1904 = 1462
MOST_TEXTS = 1 << 22


@dataclass(slots=True)
class SheetHead:
    """What stands at the beginning of a sheet.

    Attributes
    ----------
    cells : Python values (str, int, float, bool, datetime; errors as text) by row and column number;
        empty cells are not there.
    hidden_rows : numbers of hidden rows among those read.
    hidden_columns : ranges of hidden columns, first and last.
    dimension : the range the sheet says it fills ("A1:H200"), which need not be true; None without one.
    """

    cells: dict[int, dict[int, Any]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    dimension: str | None = None


def read_header_rows(package: Package, sheet_part: str, rows: int = 60) -> SheetHead:
    """The cells of rows 1 to `rows`, in milliseconds however long the sheet is.

    Parameters
    ----------
    package : the workbook.
    sheet_part : name of the sheet's part.
    rows : number of the last row read.

    Raises
    ------
    CorruptWorkbook
        The sheet cannot be read so far; names the part.
    """
    head = SheetHead()
    found: list[tuple[int, Cell]] = []
    number = 0
    with package.open_stream(sheet_part) as stream:
        tags = ("{*}row", "{*}cols", "{*}dimension", "{*}sheetData")
        for _, element in safe_xml.iterparse(stream, package.file, sheet_part, tag=tags):
            name = etree.QName(element).localname
            if name == "sheetData":
                break
            if name == "dimension":
                head.dimension = element.get("ref")
            elif name == "cols":
                head.hidden_columns = [
                    (int(c.get("min", "1")), int(c.get("max", "1")))
                    for c in element
                    if isinstance(c.tag, str) and is_hidden(c)
                ]
            else:
                number = row_number(element, number)
                if number > rows:
                    break
                if is_hidden(element):
                    head.hidden_rows.add(number)
                found.extend((number, cell) for cell in cells_of(element))
                element.clear()
    values = _Values(package, [cell for _, cell in found])
    for number, cell in found:
        if (value := values.of(cell)) != "":
            head.cells.setdefault(number, {})[cell.column] = value
    return head


class _Values:
    """Turns cells into Python values."""

    def __init__(self, package: Package, cells: list[Cell]) -> None:
        shared = {int(c.value) for c in cells if c.kind == SHARED and 0 <= float(c.value) < MOST_TEXTS}
        self._texts = some_texts(package, shared)
        self._dates = date_styles(package)
        self._shift = DAYS_1904 if uses_1904(package) else 0

    def of(self, cell: Cell) -> Any:
        value = cell.value
        if isinstance(value, str):
            if cell.kind == ISO_DATE and (serial := iso_serial(value)) == serial:
                return from_serial(serial)
            return value
        if cell.kind == SHARED:
            return self._texts.get(int(value), "")
        if cell.kind == Kind.BOOL:
            return bool(value)
        if self._dates[min(cell.style, len(self._dates) - 1)]:
            return from_serial(value + self._shift)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
