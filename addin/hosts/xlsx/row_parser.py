"""Rows of a sheet read element by element: slower than the scanner, for XML of any spelling."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from lxml import etree

from addin.hosts.xlsx import safe_xml
from addin.hosts.xlsx.own_texts import as_raw
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.row_scanner import ISO_DATE, LAST_COLUMN, SHARED, Scanned, Unusual
from addin.hosts.xlsx.shared_strings import item_text, unescape
from udfs.cleaning.columns import Kind, to_serial

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty: `value` is a number, a text's number (SHARED) or a text."""

    column: int
    style: int
    kind: int
    value: float | str


def cells_of(row: etree._Element) -> Iterator[Cell]:
    """The cells of a `row` element that hold something."""
    column = 0
    for element in row:
        if not isinstance(element.tag, str) or etree.QName(element).localname != "c":
            continue
        reference = REFERENCE.fullmatch(element.get("r", "").strip())
        column = column_number(reference[1]) if reference else column + 1
        kind, value = _content(element)
        if kind != Kind.EMPTY and column <= LAST_COLUMN:
            yield Cell(column, _int(element.get("s")), kind, value)


def parse_rows(xml: bytes, slots: np.ndarray) -> Scanned:
    """Parses whole rows in one wrapping element, in the columns with a slot (see `row_scanner.scan`)."""
    collector = _Collector(slots)
    try:
        root = etree.fromstring(xml, safe_xml.parser())
    except etree.XMLSyntaxError as e:
        raise Unusual("rows that are no XML by themselves") from e
    for row in root:
        collector.add(row)
    return collector.take()


def parse_sheet(package: Package, part: str, slots: np.ndarray) -> Iterator[Scanned]:
    """Parses a whole sheet, some thousand rows at a time."""
    collector = _Collector(slots)
    for row in sheet_rows(package, part):
        collector.add(row)
        if len(collector.rows) >= ROWS_AT_ONCE:
            yield collector.take()
    yield collector.take()


def sheet_rows(package: Package, part: str) -> Iterator[etree._Element]:
    """The `row` elements of a sheet, one at a time; each is emptied after its use."""
    with package.open_stream(part) as stream:
        events = safe_xml.iterparse(stream, package.file, part, tag=("{*}row", "{*}sheetData"))
        for _, element in events:
            parent = element.getparent()
            if etree.QName(element).localname == "sheetData":
                return
            if parent is None or etree.QName(parent).localname != "sheetData":
                continue
            yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def row_number(row: etree._Element, before: int) -> int:
    """Number of a row: its own, or the one after the row before."""
    own = row.get("r", "").strip()
    return int(own) if own.isdecimal() and len(own) <= 7 else before + 1


def is_hidden(element: etree._Element) -> bool:
    """Whether a row or column element says it is hidden."""
    return element.get("hidden") in ("1", "true")


def column_number(letters: str) -> int:
    """Number of a column by its letters.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def iso_serial(text: str) -> float:
    """Serial number (1900 system) of an ISO date, date and time, or time; NaN for anything else.

    >>> iso_serial("2024-01-01"), iso_serial("12:00:00")
    (45292.0, 0.5)
    """
    text = text.strip().rstrip("Z")
    try:
        if ":" in text and "-" not in text:
            time = dt.time.fromisoformat(text)
            return (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86400
        return to_serial(dt.datetime.fromisoformat(text))
    except ValueError:
        return math.nan


class _Collector:
    def __init__(self, slots: np.ndarray) -> None:
        self._slots = slots
        self._last_row = 0
        self._start()

    def _start(self) -> None:
        self.rows: list[int] = []
        self._cells: list[tuple[int, int, int, float, int, int]] = []
        self._texts: dict[str, int] = {}
        self._hidden: list[int] = []
        self._has_formulas = False

    def add(self, row: etree._Element) -> None:
        self._last_row = row_number(row, self._last_row)
        if is_hidden(row):
            self._hidden.append(self._last_row)
        self._has_formulas = self._has_formulas or row.find("{*}c/{*}f") is not None
        for cell in cells_of(row):
            slot = int(self._slots[cell.column])
            if slot < 0:
                continue
            if isinstance(cell.value, str):
                text, number = self._texts.setdefault(cell.value, len(self._texts)), math.nan
            else:
                text, number = -1, cell.value
            self._cells.append((len(self.rows), slot, cell.kind, number, cell.style, text))
        self.rows.append(self._last_row)

    def take(self) -> Scanned:
        rows, cells, texts, hidden = self.rows, self._cells, as_raw(self._texts), self._hidden
        has_formulas = self._has_formulas
        self._start()
        cell_row, slot, kind, number, style, text = zip(*cells, strict=True) if cells else ((),) * 6
        return Scanned(
            rows=np.array(rows, np.int32),
            cell_row=np.array(cell_row, np.int64),
            cell_column=np.array(slot, np.int64),
            kind=np.array(kind, np.uint8),
            number=np.array(number, np.float64),
            style=np.array(style, np.int32),
            text=np.array(text, np.int32),
            texts=texts,
            hidden=hidden,
            has_formulas=has_formulas,
        )


def _content(element: etree._Element) -> tuple[int, float | str]:
    kind = element.get("t", "n").strip()
    value = inline = None
    for child in element:
        if isinstance(child.tag, str):
            name = etree.QName(child).localname
            if name == "v":
                value = "".join(map(str, child.itertext())) if len(child) else child.text
            elif name == "is":
                inline = item_text(child)
    if inline is not None and (kind == "inlineStr" or value is None):
        return (Kind.TEXT, inline) if inline else (Kind.EMPTY, 0.0)
    if not value:
        return Kind.EMPTY, 0.0
    if kind in ("str", "inlineStr"):
        return Kind.TEXT, unescape(value)
    if kind == "e":
        return Kind.ERROR, value
    if kind == "d":
        return ISO_DATE, value
    plain = value.strip()
    if kind == "b" and plain in ("true", "false"):
        return Kind.BOOL, float(plain == "true")
    number = float(plain) if NUMBER.fullmatch(plain) else math.nan
    if not math.isfinite(number) or (kind == "b" and number not in (0, 1)):
        return (Kind.TEXT, unescape(value)) if plain else (Kind.EMPTY, 0.0)
    return {"s": SHARED, "b": Kind.BOOL}.get(kind, Kind.NUMBER), number


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0
