"""What a sheet holds as a whole: its used range, hidden rows and merged cells, in one pass over it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from lxml import etree

from addin.hosts.xlsx import row_scanner, safe_xml
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.row_parser import cells_of, is_hidden, row_number
from addin.hosts.xlsx.row_scanner import Unusual
from addin.hosts.xlsx.sheet_pieces import SheetPieces

MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Za-z0-9:]+)"')


@dataclass(slots=True)
class SheetSurvey:
    """What a sheet holds.

    Attributes
    ----------
    used : first row, first column, last row, last column of the cells that hold a value or a formula;
        None for an empty sheet.
    hidden_rows : numbers of the hidden rows, filtered ones included, ascending.
    merged : merged ranges ("A1:C1").
    """

    used: tuple[int, int, int, int] | None = None
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def survey_sheet(package: Package, sheet_part: str) -> SheetSurvey:
    """Reads over a whole sheet without storing its cells; a lone cell in the last row costs nothing.

    Raises
    ------
    CorruptWorkbook
        The sheet cannot be read; names the part.
    """
    try:
        return _by_scanning(package, sheet_part)
    except Unusual:
        return _by_parsing(package, sheet_part)


def used_range(package: Package, sheet_part: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row and last column that hold a value or a formula.

    None for an empty sheet. What the file itself says about its size is not believed.
    """
    return survey_sheet(package, sheet_part).used


def _by_scanning(package: Package, part: str) -> SheetSurvey:
    survey = SheetSurvey()
    boxes = []
    with package.open_stream(part) as stream:
        pieces = SheetPieces(stream)
        for piece in pieces:
            boxes.append(row_scanner.box(piece))
            survey.hidden_rows.extend(row_scanner.hidden_rows(piece))
    survey.used = _around(boxes)
    survey.hidden_rows.sort()
    survey.merged = [m[1].decode() for m in MERGED.finditer(pieces.after)]
    return survey


def _by_parsing(package: Package, part: str) -> SheetSurvey:
    survey = SheetSurvey()
    boxes = []
    number = 0
    with package.open_stream(part) as stream:
        for element in _rows_and_merged(package, part, stream):
            if etree.QName(element).localname == "mergeCell":
                survey.merged.append(element.get("ref", ""))
                continue
            number = row_number(element, number)
            if is_hidden(element):
                survey.hidden_rows.append(number)
            columns = [cell.column for cell in cells_of(element)]
            if columns:
                boxes.append((number, min(columns), number, max(columns)))
    survey.used = _around(boxes)
    survey.hidden_rows.sort()
    return survey


def _rows_and_merged(package: Package, part: str, stream: object) -> Iterator[etree._Element]:
    tags = ("{*}row", "{*}mergeCell")
    for _, element in safe_xml.iterparse(stream, package.file, part, tag=tags):  # type: ignore[arg-type]
        parent = element.getparent()
        if parent is not None and etree.QName(parent).localname in ("sheetData", "mergeCells"):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _around(boxes: Sequence[tuple[int, int, int, int] | None]) -> tuple[int, int, int, int] | None:
    found = np.array([box for box in boxes if box])
    if not len(found):
        return None
    top, left = found[:, :2].min(axis=0).tolist()
    bottom, right = found[:, 2:].max(axis=0).tolist()
    return top, left, bottom, right
