"""Rows of a sheet's XML read in bulk: whole chunks as arrays of bytes, no object per cell.

The scanner knows the spellings programs really write (`<c r="B2" s="1" t="s"><v>7</v></c>`). A row with any
other spelling is listed as odd and read by an XML parser; a sheet whose rows or cells do not say where they
are is refused with `Unusual`, and read by the parser as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from addin.hosts.xlsx.byte_arrays import slices, stands_at
from addin.hosts.xlsx.byte_numbers import short_numbers
from udfs.cleaning.columns import Kind

PAD = 64
GUARD = b"</c>" * 4  # behind the last row, so that the tags behind a cell can be looked at without asking
LAST_COLUMN = 16_384
ROW_NUMBER = re.compile(rb'<row\s(?:[^>]*?\s)?r="(\d{1,7})"')
HIDDEN_ROW = re.compile(rb'<row\s(?=(?:[^>]*?\s)?hidden="(?:1|true)")(?:[^>]*?\s)?r="(\d{1,7})"')
PLAIN_NUMBER = rb"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$"
SHARED = 6  # kinds of Scanned beside those of Column: texts by number, and dates as ISO text
ISO_DATE = 7
ODD = 8
NOTHING, INLINE = 0, 9

# What t="..." means, by its first two bytes.
_TYPE = np.full((256, 256), ODD, np.uint8)
for _text, _kind in {
    's"': SHARED, "st": Kind.TEXT, 'b"': Kind.BOOL, 'e"': Kind.ERROR, 'n"': Kind.NUMBER,
    "in": INLINE, 'd"': ISO_DATE,
}.items():  # fmt: skip
    _TYPE[ord(_text[0]), ord(_text[1])] = _kind
_TYPE_LENGTH = np.zeros(16, np.int64)
_TYPE_LENGTH[[SHARED, Kind.BOOL, Kind.ERROR, Kind.NUMBER, ISO_DATE]] = 1
_TYPE_LENGTH[[Kind.TEXT, INLINE]] = (3, 9)


class Unusual(Exception):
    """The sheet is written in a way that needs the XML parser for all of it."""


@dataclass(slots=True)
class Scanned:
    """The cells of some rows, in the columns asked for; empty cells are not listed.

    Attributes
    ----------
    rows : int32 array, row numbers.
    cell_row, cell_column : position of each cell's row in `rows` and of its column among those asked for.
    kind : uint8 array, `Kind`, or SHARED or ISO_DATE.
    number : float64 array, the number; the number of the text for SHARED; NaN elsewhere.
    style : int32 array, style of each cell.
    text : int32 array, position in `texts` for text, error and ISO date cells; -1 elsewhere.
    texts : binary array, distinct texts as raw XML.
    odd : positions in `rows` of rows that have to be parsed; their cells are not among the cells here.
    row_xml : where each row begins in the chunk, and its end at last.
    hidden : numbers of the rows that are hidden.
    has_formulas : whether any cell holds a formula, those in other columns included.
    """

    rows: np.ndarray
    cell_row: np.ndarray
    cell_column: np.ndarray
    kind: np.ndarray
    number: np.ndarray
    style: np.ndarray
    text: np.ndarray
    texts: pa.Array
    odd: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    row_xml: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    hidden: list[int] = field(default_factory=list)
    has_formulas: bool = False


def scan(chunk: bytes, slots: np.ndarray) -> Scanned:
    """Scans whole rows.

    Parameters
    ----------
    chunk : XML of whole `<row>` elements.
    slots : int array by column number (1-based), position among the columns asked for or -1.

    Raises
    ------
    Unusual
        A row or a cell says not where it is, or there are comments or CDATA sections.
    """
    t = _tokens(chunk)
    buf, cell, start, cell_row, column = t.buf, t.cell, t.start, t.cell_row, t.column
    odd_rows = [cell_row[t.odd_cells]]

    slot = slots[column]
    wanted = np.flatnonzero(slot >= 0)
    cell, start, cell_row, slot = cell[wanted], start[wanted], cell_row[wanted], slot[wanted]
    quote = start + 6 + t.letters[wanted] + t.digits[cell_row]
    style, kind, end = _attributes(buf, quote)
    kind, begin, stop = _values(buf, t.lt, t.first, cell, kind, end)
    number = _numbers(buf, kind, begin, stop)
    odd_rows.append(cell_row[kind == ODD])

    odd = np.unique(np.concatenate(odd_rows))
    keep = kind != NOTHING
    if odd.size:
        keep &= ~np.isin(cell_row, odd)
    if not keep.all():
        cell_row, slot, kind, number, style = (a[keep] for a in (cell_row, slot, kind, number, style))
        begin, stop = begin[keep], stop[keep]
    text, texts = _texts(buf, kind, begin, stop)
    return Scanned(
        rows=t.rows,
        cell_row=cell_row,
        cell_column=slot,
        kind=kind,
        number=number,
        style=style,
        text=text,
        texts=texts,
        odd=odd,
        row_xml=np.append(t.row_start, len(chunk)),
        hidden=hidden_rows(chunk),
        has_formulas=bool((t.first == ord("f")).any()),
    )


def hidden_rows(chunk: bytes) -> list[int]:
    """Numbers of the hidden rows, filtered ones included.

    >>> hidden_rows(b'<row r="1" hidden="0"/><row r="2" hidden="1"/>')
    [2]
    """
    if b"h" in chunk and b"hidden=" in chunk:  # the first look is much faster, and mostly enough
        return [int(m[1]) for m in HIDDEN_ROW.finditer(chunk)]
    return []


def box(chunk: bytes) -> tuple[int, int, int, int] | None:
    """First row, first column, last row and last column of the cells in a chunk that hold something."""
    t = _tokens(chunk)
    filled = np.isin(t.first[t.cell + 1], np.frombuffer(b"vfi", np.uint8))
    if t.odd_cells.size:
        raise Unusual("cells spelled otherwise")
    if not filled.any():
        return None
    rows, columns = t.rows[t.cell_row[filled]], t.column[filled]
    return int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())


@dataclass(slots=True)
class _Tokens:
    """Where tags (`lt`, with the byte behind), rows and cells begin, and which cells they are."""

    buf: np.ndarray
    lt: np.ndarray
    first: np.ndarray
    row_start: np.ndarray
    rows: np.ndarray
    digits: np.ndarray
    cell: np.ndarray
    start: np.ndarray
    cell_row: np.ndarray
    column: np.ndarray
    letters: np.ndarray
    odd_cells: np.ndarray


def _tokens(chunk: bytes) -> _Tokens:
    buf = np.frombuffer(chunk + GUARD + bytes(PAD + -len(chunk) % 8), np.uint8)
    lt = np.flatnonzero(buf == ord("<"))
    first = buf[lt + 1]
    if (first == ord("!")).any():
        raise Unusual("comments or CDATA")
    row_token = np.flatnonzero(first == ord("r"))
    row_token = row_token[buf[lt[row_token] + 2] == ord("o")]
    row_start = lt[row_token]
    rows, digits = _row_numbers(chunk, buf, row_start)
    cell = np.flatnonzero(first == ord("c"))
    start = lt[cell]
    second = buf[start + 2]
    is_cell = (second <= 32) | (second == ord(">")) | (second == ord("/"))
    if not is_cell.all():
        cell, start = cell[is_cell], start[is_cell]
    column, letters, odd_cells = _cell_columns(buf, start)
    cells_before = np.searchsorted(cell, row_token)
    if cell.size and (not row_token.size or cells_before[0]):
        raise Unusual("a cell outside rows")
    cell_row = np.repeat(np.arange(len(rows)), np.diff(cells_before, append=len(cell)))
    return _Tokens(buf, lt, first, row_start, rows, digits, cell, start, cell_row, column, letters, odd_cells)


def _row_numbers(chunk: bytes, buf: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers, and how many digits they have."""
    number = np.zeros(len(start), np.int32)
    digits = np.zeros(len(start), np.int64)
    going = stands_at(buf, start + 3, b'w r="')
    for i in range(7):
        digit = buf[start + 8 + i] - np.uint8(48)
        going &= digit < 10
        number = np.where(going, number * 10 + digit, number)
        digits += going
    bad = (buf[start + 8 + digits] != ord('"')) | (digits == 0)
    for i in np.flatnonzero(bad).tolist():
        match = ROW_NUMBER.match(chunk, start[i])
        if not match:
            raise Unusual("a row without number")
        number[i], digits[i] = int(match[1]), len(match[1])
    return number, digits


def _cell_columns(buf: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Column of each cell, number of its letters, and which cells are spelled otherwise (column 0)."""
    a = buf[start + 6] - np.uint8(64)
    b = buf[start + 7] - np.uint8(64)
    column = a.astype(np.int64)
    letters = np.ones(len(start), np.int64)
    two = np.flatnonzero(b <= 26)
    if two.size:
        column[two] = column[two] * 26 + b[two]
        letters[two] = 2
        c = buf[start[two] + 8] - np.uint8(64)
        three = two[c <= 26]
        column[three] = column[three] * 26 + c[c <= 26]
        letters[three] = 3
    odd = (a - np.uint8(1) > 25) | (column > LAST_COLUMN) | ~stands_at(buf, start + 3, b'r="')
    column[odd] = 0
    return column, letters, np.flatnonzero(odd)


def _attributes(buf: np.ndarray, quote: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Style, kind by t="...", and the position of > or / that ends the tag, read from behind the reference."""
    kind = np.full(len(quote), Kind.NUMBER, np.uint8)
    kind[buf[quote] != ord('"')] = ODD
    end = quote + 1
    style = np.zeros(len(quote), np.int32)

    with_style = _with_attribute(buf, end, b' s="')
    at = end[with_style] + 4
    value = np.zeros(len(at), np.int32)
    going = np.ones(len(at), bool)
    length = np.zeros(len(at), np.int64)
    for i in range(6):
        digit = buf[at + i] - np.uint8(48)
        going &= digit < 10
        if not going.any():
            break
        value = np.where(going, value * 10 + digit, value)
        length += going
    kind[with_style[buf[at + length] != ord('"')]] = ODD
    style[with_style] = value
    end[with_style] = at + length + 1

    with_type = _with_attribute(buf, end, b' t="')
    at = end[with_type] + 4
    kind_by_type = _TYPE[buf[at], buf[at + 1]]
    length = _TYPE_LENGTH[kind_by_type]
    kind_by_type[buf[at + length] != ord('"')] = ODD
    kind[with_type] = np.where(kind[with_type] == ODD, np.uint8(ODD), kind_by_type)
    end[with_type] = at + length + 1
    closing = buf[end]
    kind[(closing != ord(">")) & (closing != ord("/"))] = ODD
    return style, kind, end


def _with_attribute(buf: np.ndarray, at: np.ndarray, spelling: bytes) -> np.ndarray:
    """Which of the places `at` an attribute of one letter stands at (b' s="')."""
    likely = np.flatnonzero(buf[at + 1] == spelling[1])
    sure = stands_at(buf, at[likely], spelling)
    return likely if sure.all() else likely[sure]


def _values(
    buf: np.ndarray, lt: np.ndarray, first: np.ndarray, cell: np.ndarray, kind: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kind, and where each cell's value begins and ends in the chunk."""
    kind = kind.copy()
    kind[(buf[end] == ord("/")) & (kind != ODD)] = NOTHING
    inner = cell + 1
    formula = np.flatnonzero((first[inner] == ord("f")) & (kind != NOTHING))
    if formula.size:
        at = inner[formula] + 1
        inner[formula] = at + ((first[at] == ord("/")) & (buf[lt[at] + 2] == ord("f")))
    begin = lt[inner] + 3
    stop = lt[inner + 1]
    # A value is <v>...; no value is </c>, <v/> or <v></v>.
    name, second = first[inner], buf[begin - 1]
    is_value = (name == ord("v")) & (second == ord(">"))
    usual = is_value & (begin < stop) & (kind != NOTHING)
    inline = np.flatnonzero(kind == INLINE)
    if not usual.all() or inline.size:
        empty = ((name == ord("/")) & (second == ord("c"))) | (
            (name == ord("v")) & ((second == ord("/")) | (is_value & (begin == stop)))
        )
        plain = (kind != NOTHING) & (kind != ODD)
        kind[plain & ~is_value & ~empty] = ODD
        kind[plain & empty] = NOTHING
        if inline.size:
            _inline_values(buf, lt, first, inline, inner[inline], kind, begin, stop)
    return kind, begin, stop


def _inline_values(
    buf: np.ndarray,
    lt: np.ndarray,
    first: np.ndarray,
    inline: np.ndarray,
    inner: np.ndarray,
    kind: np.ndarray,
    begin: np.ndarray,
    stop: np.ndarray,
) -> None:
    """Fills in the values of cells like `<c t="inlineStr"><is><t>text</t></is></c>`."""
    second = [buf[lt[inner + i] + 2] for i in range(4)]
    plain = second[1] == ord(">")
    text = lt[inner + 1] + np.where(plain, 3, 24)  # 24: <t xml:space="preserve">
    usual = (
        (first[inner] == ord("i"))
        & (second[0] == ord("s"))
        & (first[inner + 1] == ord("t"))
        & (plain | (second[1] == ord(" ")))
        & (buf[text - 1] == ord(">"))
        & (first[inner + 2] == ord("/"))
        & (second[2] == ord("t"))
        & (first[inner + 3] == ord("/"))
        & (second[3] == ord("i"))
    )
    nothing = (first[inner] == ord("/")) & (second[0] == ord("c"))
    kind[inline] = np.where(usual, Kind.TEXT, np.where(nothing, NOTHING, ODD))
    begin[inline] = text
    stop[inline] = np.maximum(lt[inner + 2], text)
    kind[inline[usual & (begin[inline] == stop[inline])]] = NOTHING


def _numbers(buf: np.ndarray, kind: np.ndarray, begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """The number of each cell, NaN where there is none; marks as odd what should be a number and is none."""
    numeric = (kind == Kind.NUMBER) | (kind == Kind.BOOL) | (kind == SHARED)
    number = short_numbers(buf.view("<u8"), begin, stop)
    number[~numeric] = np.nan
    longer = np.flatnonzero(numeric & np.isnan(number))
    if longer.size:
        number[longer] = _long_numbers(slices(buf, begin[longer], stop[longer], pa.string()))
        kind[longer[~np.isfinite(number[longer])]] = ODD
    kind[(kind == Kind.BOOL) & (number != 0) & (number != 1)] = ODD
    return number


def _long_numbers(raw: pa.Array) -> np.ndarray:
    """The texts as numbers, NaN for those that are none."""
    try:
        return raw.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        good = pc.match_substring_regex(raw, PLAIN_NUMBER)
        raw = pc.if_else(good, raw, pa.scalar(None, raw.type))
        return raw.cast(pa.float64()).to_numpy(zero_copy_only=False)


def _texts(
    buf: np.ndarray, kind: np.ndarray, begin: np.ndarray, stop: np.ndarray
) -> tuple[np.ndarray, pa.Array]:
    """Position of each text among the distinct ones, and the distinct ones."""
    text = np.full(len(kind), -1, np.int32)
    where = np.flatnonzero((kind == Kind.TEXT) | (kind == Kind.ERROR) | (kind == ISO_DATE))
    if not where.size:
        return text, pa.array([], pa.binary())
    encoded = slices(buf, begin[where], stop[where], pa.binary()).dictionary_encode()
    text[where] = encoded.indices.to_numpy()
    return text, encoded.dictionary
