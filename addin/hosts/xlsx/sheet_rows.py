"""The rows of a sheet as bytes: where each row stands, and the cells of one row.

Sheets written by Excel and the usual libraries are plain: rows in order, every cell with its address first. Others
(comments between cells, missing addresses, rows out of order) are made plain first by `make_plain`.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import column_letters, column_number, parse_area
from addin.hosts.xlsx.byte_arrays import stands_at
from addin.hosts.xlsx.cell_values import CellError, Formula, date_of, unescape
from addin.hosts.xlsx.errors import CorruptWorkbook


@dataclass(slots=True)
class RawCell:
    """One cell as it stands in the file.

    Attributes
    ----------
    raw : the whole element. attributes : what follows the address in its tag. inner : its content.
    """

    column: int
    raw: bytes
    attributes: bytes
    inner: bytes | None

    @property
    def style(self) -> int:
        match = _STYLE.search(self.attributes)
        return int(match[1]) if match else 0

    @property
    def has_formula(self) -> bool:
        return self.inner is not None and _FORMULA_START.search(self.inner) is not None


MOST_DIGITS = 7  # of a row's number
_STYLE = re.compile(rb'\bs="(\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_FORMULA_START = re.compile(rb"<(?:[\w.\-]+:)?f[\s>/]")
_FORMULA = re.compile(rb"<(?:[\w.\-]+:)?f(\s[^>]*?)?(?:/>|>(.*?)</(?:[\w.\-]+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:[\w.\-]+:)?v(?:\s[^>]*)?>(.*?)</(?:[\w.\-]+:)?v>", re.DOTALL)
_PHONETIC = re.compile(rb"<(?:[\w.\-]+:)?rPh[\s>].*?</(?:[\w.\-]+:)?rPh>", re.DOTALL)
_TEXT = re.compile(rb"<(?:[\w.\-]+:)?t(?:\s[^>]*)?>(.*?)</(?:[\w.\-]+:)?t>", re.DOTALL)
_FORMULA_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


@lru_cache(maxsize=16)
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb"<" + p + rb'c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</' + p + rb"c>)",
        re.DOTALL,
    )


class SheetRows:
    """The rows of one sheet, by number.

    Parameters
    ----------
    data : the bytes between `<sheetData>` and `</sheetData>`, plain.
    prefix : namespace prefix of the elements with its colon, or "".
    place : the file's and the part's name, for messages.

    Attributes
    ----------
    numbers : row numbers, rising. starts : where each row's element begins in `data`.
    cell_mark : what every cell begins with. cell_starts : where each cell's element begins in `data`.
    """

    def __init__(self, data: bytes, prefix: str = "", place: tuple[str, str] = ("", "")) -> None:
        p = prefix.encode()
        self.cell_mark = b"<" + p + b'c r="'
        if not self._is_plain(data):
            data = make_plain(data, prefix, place)
            self._is_plain(data)
        numbers, starts = _rows_of(data, p)
        if len(numbers) != len(starts) or np.any(np.diff(numbers) <= 0):
            data = make_plain(data, prefix, place)
            self._is_plain(data)
            numbers, starts = _rows_of(data, p)
        self.data = data
        self.prefix = p
        self.numbers = numbers
        self.starts = np.append(starts, len(data))
        self._positions: dict[int, int] | None = None

    def _is_plain(self, data: bytes) -> bool:
        """Whether rows and cells can be told apart by their bytes; finds where the cells begin."""
        buf = np.frombuffer(data, np.uint8)
        start, rest = self.cell_mark.split(b" ")  # "<x:c" and what must follow it
        at = np.flatnonzero(buf == ord("c")) - (len(start) - 1)
        at = at[at >= 0]
        for i, byte in enumerate(start[:-1]):
            at = at[buf[at + i] == byte]
        whole = at[at <= len(buf) - len(self.cell_mark)]
        self.cell_starts = whole[stands_at(buf, whole + len(start), b" " + rest)]
        if any(mark[1:] in data and mark in data for mark in (b"<!", b"<?")):
            return False
        return len(at) == len(self.cell_starts) and not (len(start) > 2 and b"<c" in data)

    @cached_property
    def cell_columns(self) -> np.ndarray:
        """The column of each cell."""
        buf = np.frombuffer(self.data, np.uint8)
        column = np.zeros(len(self.cell_starts), np.int64)
        at = self.cell_starts + len(self.cell_mark)
        more = np.ones(len(at), bool)
        for _ in range(3):
            letter = buf[np.minimum(at, len(buf) - 1)].astype(np.int64) - 64
            more &= (letter >= 1) & (letter <= 26)
            column = np.where(more, column * 26 + letter, column)
            at += 1
        return column

    @cached_property
    def cells_in_order(self) -> bool:
        """Whether the cells of each row stand in the order of their columns."""
        same_row = np.searchsorted(self.starts, self.cell_starts, "right")
        rising = np.diff(self.cell_columns) > 0
        return bool((rising | (np.diff(same_row) > 0)).all())

    def row_of_cell(self, i: int) -> int:
        """The number of the row in which the cell that begins at `cell_starts[i]` stands."""
        return int(self.numbers[np.searchsorted(self.starts, self.cell_starts[i], "right") - 1])

    def position(self, number: int) -> int | None:
        """Where a row is in `numbers`, or None."""
        if self._positions is None:
            self._positions = {int(n): i for i, n in enumerate(self.numbers)}
        return self._positions.get(number)

    def raw(self, number: int) -> bytes | None:
        """The row's element as bytes, or None where there is no such row."""
        i = self.position(number)
        return None if i is None else self.data[self.starts[i] : self.starts[i + 1]]

    def between(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of the rows from `first` to `last`."""
        i, j = np.searchsorted(self.numbers, [first, last + 1])
        for k in range(i, j):
            yield int(self.numbers[k]), self.data[self.starts[k] : self.starts[k + 1]]

    def span(self, first: int, last: int) -> bytes:
        """The bytes of the rows from `first` to `last`."""
        i, j = np.searchsorted(self.numbers, [first, last + 1])
        return self.data[self.starts[i] : self.starts[j]]

    def numbers_between(self, first: int, last: int) -> np.ndarray:
        """The numbers of the rows from `first` to `last`."""
        i, j = np.searchsorted(self.numbers, [first, last + 1])
        return self.numbers[i:j]

    def cells(self, raw: bytes) -> list[RawCell]:
        """The cells of a row's element."""
        return cells_of(raw, self.prefix)


def _rows_of(data: bytes, prefix: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows, and where they begin; fewer numbers than beginnings where a row has none."""
    mark = b"<" + prefix + b"row"
    buf = np.frombuffer(data, np.uint8)
    starts = np.flatnonzero(buf == ord("w")) - (len(mark) - 1)  # a rare letter
    starts = starts[starts >= 0]
    for i, byte in enumerate(mark[:-1]):
        starts = starts[buf[starts + i] == byte]
    number = b' r="'
    at = starts + len(mark)
    whole = at <= len(buf) - len(number)
    if not whole.all() or not stands_at(buf, at, number).all():
        pattern = re.compile(re.escape(mark) + rb'\b[^>]*?\br="(\d+)"[^>]*>')
        return np.array([int(m[1]) for m in pattern.finditer(data)], np.int64), starts
    numbers = np.zeros(len(starts), np.int64)
    goes_on = np.ones(len(starts), bool)
    for i in range(len(number), len(number) + MOST_DIGITS):
        digit = buf[np.minimum(at + i, len(buf) - 1)].astype(np.int64) - ord("0")
        goes_on &= (digit >= 0) & (digit <= 9)
        numbers = np.where(goes_on, numbers * 10 + digit, numbers)
    return numbers, starts


def make_plain(data: bytes, prefix: str, place: tuple[str, str] = ("", "")) -> bytes:
    """Rows in order, each cell with its address first: the same content, written anew."""
    colon = f":{prefix[:-1]}" if prefix else ""
    root_tag = f'<{prefix}sheetData xmlns{colon}="{ooxml.MAIN}"'
    extra = "".join(f' xmlns:{p}="urn:fenji:{p}"' for p in _foreign_prefixes(data, prefix))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(
            f"{root_tag}{extra}>".encode() + data + f"</{prefix}sheetData>".encode(), parser
        )
    except etree.XMLSyntaxError as e:
        raise CorruptWorkbook(*place, zh=f"XML 有错误（{e}）", en=f"its XML is broken ({e})") from e
    try:
        return _in_order(root)
    except ValueError as e:
        raise CorruptWorkbook(
            *place,
            zh=f"行号或单元格地址有错误（{e}）",
            en=f"a row's number or a cell's address is wrong ({e})",
        ) from e


def _in_order(root: etree._Element) -> bytes:
    """The rows of a sheetData element in order, each cell with its address first."""
    rows: dict[int, etree._Element] = {}
    number = 0
    for row in ooxml.children(root, "row"):
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        if number in rows:
            rows[number].extend(list(row))
        else:
            rows[number] = row
        column = 0
        for cell in ooxml.children(row, "c"):
            ref = cell.get("r")
            column = parse_area(ref).column1 if ref else column + 1
            others = {k: v for k, v in cell.attrib.items() if k != "r"}
            cell.attrib.clear()
            cell.set("r", f"{column_letters(column)}{number}")
            cell.attrib.update(others)
    pieces = []
    for number in sorted(rows):
        row = rows[number]
        cells = {parse_area(c.get("r") or "A1").column1: c for c in ooxml.children(row, "c")}
        row[:] = [cells[c] for c in sorted(cells)]
        text = etree.tostring(row, encoding="UTF-8", with_tail=False)
        pieces.append(_drop_declarations(text.partition(b"?>\n")[2] or text))
    return b"".join(pieces)


def _foreign_prefixes(data: bytes, prefix: str) -> list[str]:
    """Prefixes of attributes and elements the rows use from elsewhere, such as x14ac."""
    used = set(re.findall(rb"[\s<]([A-Za-z_][\w.\-]*):[A-Za-z]", data))
    return sorted(p.decode() for p in used if p.decode() + ":" != prefix and p not in (b"xml", b"xmlns"))


def _drop_declarations(text: bytes) -> bytes:
    return re.sub(
        rb' xmlns(?::[\w.\-]+)?="(?:urn:fenji:[^"]*|' + re.escape(ooxml.MAIN.encode()) + rb')"', b"", text
    )


class LoadedRows:
    """The rows of a sheet, loaded from its beginning as far as they are asked for.

    Parameters
    ----------
    pieces : the bytes of the rows, in pieces of whole rows. whole : all of them at once.
    place : the file's and the part's name, for messages.
    """

    def __init__(
        self, pieces: Iterator[bytes], whole: Callable[[], bytes], prefix: str, place: tuple[str, str]
    ) -> None:
        self._pieces = pieces
        self._place = place
        self._whole = whole
        self._prefix = prefix
        self.loaded: list[SheetRows] = []
        self._lasts: list[int] = []
        self._done = False

    def up_to(self, row: int) -> list[SheetRows]:
        """The pieces from the first row to `row` at least."""
        while not self._done and (not self._lasts or self._lasts[-1] < row):
            piece = next(self._pieces, None)
            if piece is None:
                self._done = True
                break
            self._take(piece)
        return self.loaded

    def all(self) -> list[SheetRows]:
        """All pieces."""
        return self.up_to(1 << 30)

    def _take(self, piece: bytes) -> None:
        rows = SheetRows(piece, self._prefix, self._place)
        if not len(rows.numbers):
            return
        if self._lasts and rows.numbers[0] <= self._lasts[-1]:
            rows = SheetRows(make_plain(self._whole(), self._prefix, self._place), self._prefix)
            self.loaded, self._lasts, self._done = [], [], True
        self.loaded.append(rows)
        self._lasts.append(int(rows.numbers[-1]))

    def raw(self, row: int) -> bytes | None:
        """A row's element, or None where there is no such row."""
        pieces = self.up_to(row)
        i = bisect_left(self._lasts, row)
        return pieces[i].raw(row) if i < len(pieces) else None

    def between(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of the rows from `first` to `last`."""
        for piece in self.up_to(last):
            yield from piece.between(first, last)

    def numbers_between(self, first: int, last: int) -> list[int]:
        """The numbers of the rows from `first` to `last`."""
        return [int(n) for piece in self.up_to(last) for n in piece.numbers_between(first, last)]

    def cells(self, raw: bytes) -> list[RawCell]:
        """The cells of a row's element."""
        return cells_of(raw, self._prefix.encode())


def cells_of(raw: bytes, prefix: bytes) -> list[RawCell]:
    """The cells of a row's element."""
    pattern = _cell_pattern(prefix)
    return [RawCell(column_number(m[1].decode()), m[0], m[2], m[3]) for m in pattern.finditer(raw)]


class CellReader:
    """Values of cells as Python objects.

    Parameters
    ----------
    shared_strings : gives a text by its number.
    is_date : whether a style number shows dates.
    date1904 : the workbook counts days from 1904.
    """

    def __init__(
        self, shared_strings: Callable[[int], str], is_date: Callable[[int], bool], date1904: bool
    ) -> None:
        self._shared_strings = shared_strings
        self._is_date = is_date
        self._date1904 = date1904

    def value(self, cell: RawCell) -> Any:
        """None, str, float, bool, datetime or CellError: what the cell shows."""
        if not cell.inner:
            return None
        match = _TYPE.search(cell.attributes)
        kind = match[1] if match else b"n"
        if kind == b"inlineStr":
            runs = _TEXT.findall(_PHONETIC.sub(b"", cell.inner))
            return "".join(unescape(run) for run in runs) or None
        found = _VALUE.search(cell.inner)
        if found is None:
            return None
        content = found[1]
        if kind == b"s":
            return self._shared_strings(int(content)) or None
        if kind == b"str":
            return unescape(content) or None
        if kind == b"b":
            return content.strip() in (b"1", b"true")
        if kind == b"e":
            return CellError(unescape(content))
        if kind == b"d":
            return _iso_date(content.decode())
        try:
            number = float(content)
        except ValueError:
            return unescape(content) or None
        return date_of(number, self._date1904) if self._is_date(cell.style) else number

    def formula(self, cell: RawCell) -> Formula | None:
        """The cell's formula as it is written there, None where it has none of its own."""
        if not cell.inner:
            return None
        match = _FORMULA.search(cell.inner)
        if match is None:
            return None
        attributes = formula_attributes(match[1])
        array = attributes.get("ref") if attributes.get("t") == "array" else None
        return Formula(unescape(match[2] or b""), self.value(cell), array)


def formula_attributes(text: bytes | None) -> dict[str, str]:
    """Attributes of a cell's `<f>` tag."""
    return {k.decode(): v.decode() for k, v in _FORMULA_ATTRIBUTE.findall(text or b"")}


def formula_element(inner: bytes | None) -> tuple[dict[str, str], str] | None:
    """Attributes and text of the formula in a cell's content, or None."""
    match = _FORMULA.search(inner) if inner else None
    return None if match is None else (formula_attributes(match[1]), unescape(match[2] or b""))


def _iso_date(text: str) -> Any:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
