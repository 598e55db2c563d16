"""Whole columns to cell XML at once: Arrow joins strings over all rows instead of one call per cell.

A column of texts is formatted once per distinct text, with everything up to the next cell's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from addin.hosts.xlsx.byte_arrays import contents
from addin.hosts.xlsx.cell_values import MAX_TEXT, cell_xml, escape, text_element
from addin.hosts.xlsx.column_data import ColumnData
from udfs.cleaning.columns import EXCEL_EPOCH

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 512
_MARKS = (b"&", b"<", b">", b"_x", b"\xef\xbf")
_CARE = r"[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f]|_x[0-9A-Fa-f]{4}_|[\x{fffe}\x{ffff}]"


@dataclass(slots=True)
class Choice:
    """One of a few strings in each row: `strings[codes]`."""

    strings: pa.Array
    codes: pa.Array


# What rows are joined from: the same string in every row, one of a few, or another one in each.
Piece: TypeAlias = "str | Choice | pa.Array"


@dataclass(slots=True)
class Cells:
    """How the cells of one column are written.

    Attributes
    ----------
    letters : of the column.
    rows : the row numbers as strings.
    style, date_style : style number of the cells, and of those that hold dates.
    """

    letters: str
    rows: pa.Array
    style: int
    date_style: int
    date1904: bool
    prefix: str

    @property
    def tag(self) -> str:
        """A cell up to its row number."""
        return f'<{self.prefix}c r="{self.letters}'

    def opening(self, style: int, kind: str = "") -> str:
        """What follows the row number up to the content."""
        return f"{_style(style)}{kind}><{self.prefix}v>"

    @property
    def closing(self) -> str:
        """What follows the content."""
        return f"</{self.prefix}v></{self.prefix}c>"

    def one_by_one(self, values: Sequence[object]) -> list[Piece]:
        """Cells that are formatted each by itself."""
        import pyarrow as pa

        made = [
            cell_xml(
                f"{self.letters}{row}",
                value,
                self.date_style if isinstance(value, (dt.date, dt.time)) else self.style,
                self.date1904,
                self.prefix,
            )
            for row, value in zip(self.rows.to_pylist(), values, strict=True)
        ]
        return [pa.array(made, pa.large_string())]


def row_strings(
    first_row: int,
    count: int,
    columns: list[tuple[str, ColumnData | None, int, int, int]],
    date1904: bool,
    prefix: str,
) -> pa.Array:
    """The cells of consecutive rows, one string a row.

    Parameters
    ----------
    first_row : number of the first row.
    count : number of rows.
    columns : letters, values (None for cells that are styled but empty), style of the cells, style of dates,
        position of the first row in the values.
    """
    rows = row_numbers(first_row, count)
    pieces: list[Piece] = []
    for letters, data, style, date_style, start in columns:
        cells = Cells(letters, rows, style, date_style, date1904, prefix)
        pieces += _column(cells, data, start)
    return join(count, pieces)


def row_numbers(first: int, count: int) -> pa.Array:
    """The numbers of consecutive rows as strings."""
    import pyarrow as pa

    return pa.array(np.arange(first, first + count)).cast(pa.large_string())


def join(count: int, pieces: list[Piece]) -> pa.Array:
    """The pieces of each row in one string; neighbouring literals are joined first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    joined: list[Piece] = []
    for piece in pieces or [""]:
        last = joined[-1] if joined else None
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece
        elif isinstance(piece, str) and isinstance(last, Choice):
            joined[-1] = Choice(_joined(last.strings, piece), last.codes)
        else:
            joined.append(piece)
    if isinstance(joined[0], str) and len(joined) == 1:
        return pa.array([joined[0]] * count, pa.large_string())
    parts = [p.strings.take(p.codes) if isinstance(p, Choice) else p for p in joined]
    return pc.binary_join_element_wise(*map(_scalar, parts), _scalar(""))


def _joined(*parts: pa.Array | str) -> pa.Array:
    """Strings joined row by row; null where one of them is."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*map(_scalar, parts), _scalar(""))


def _scalar(part: pa.Array | str) -> pa.Array | pa.Scalar:
    import pyarrow as pa

    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part


def _style(style: int) -> str:
    return f'" s="{style}"' if style else '"'


def _column(cells: Cells, data: ColumnData | None, start: int) -> list[Piece]:
    """The pieces of one column."""
    if data is None:
        return [cells.tag, cells.rows, f"{_style(cells.style)}/>"] if cells.style else []
    values = data.data[start : start + len(cells.rows)]
    if data.kind == "mixed":
        return cells.one_by_one(values)
    if data.kind == "text":
        return _texts(cells, values)
    if data.kind == "bool":
        return _filled(cells, values.astype(np.int8), cells.style, ' t="b"')
    if data.kind == "date":
        days = (values - np.datetime64(EXCEL_EPOCH, "us")) / np.timedelta64(86_400_000_000, "us")
        days = np.where(np.isnat(values), np.nan, days)
        if cells.date1904 or (days < 61).any():
            return cells.one_by_one(data.values(start, start + len(cells.rows)))
        return _filled(cells, days, cells.date_style)
    return _filled(cells, values, cells.style)


def _filled(cells: Cells, values: np.ndarray, style: int, kind: str = "") -> list[Piece]:
    """Cells of numbers; where there is none, a cell with its style only, or no cell at all."""
    contents = _number_texts(values)
    before = cells.opening(style, kind)
    if not contents.null_count:
        return [cells.tag, cells.rows, before, contents, cells.closing]
    if style:
        known = _joined(before, contents, cells.closing)
        return [cells.tag, cells.rows, known.fill_null(f"{_style(style)}/>")]
    return [_joined(cells.tag, cells.rows, before, contents, cells.closing).fill_null("")]


def _texts(cells: Cells, values: pa.Array) -> list[Piece]:
    """Cells of texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if values.null_count or not _mostly_distinct(values):
        encoded = values.dictionary_encode()
        known, codes = encoded.dictionary, encoded.indices
    else:
        known, codes = values, None
    if (pc.max(pc.binary_length(known)).as_py() or 0) > MAX_TEXT:
        for row, text in zip(cells.rows.to_pylist(), values.to_pylist(), strict=True):
            text_element(text or "", cells.prefix, f"{cells.letters}{row}")
    spaced = pc.not_equal(pc.utf8_trim_whitespace(known), known)
    if _may_need_care(known) and pc.any(pc.match_substring_regex(known, _CARE)).as_py():
        known = pa.array([escape(text) for text in known.to_pylist()], pa.large_string())
    p = cells.prefix
    plain = f'{_style(cells.style)} t="inlineStr"><{p}is><{p}t'
    made = _joined(f"{plain}>", known, f"</{p}t></{p}is></{p}c>")
    if pc.any(spaced).as_py():
        marked = _joined(f'{plain} xml:space="preserve">', known, f"</{p}t></{p}is></{p}c>")
        made = pc.if_else(spaced, marked, made)
    if codes is None:
        return [cells.tag, cells.rows, made]
    if codes.null_count:
        if not cells.style:
            return [_joined(cells.tag, cells.rows, made.take(codes)).fill_null("")]
        codes = codes.fill_null(len(made))
        made = pa.concat_arrays([made, pa.array([f"{_style(cells.style)}/>"], pa.large_string())])
    return [cells.tag, cells.rows, Choice(made, codes)]


def _mostly_distinct(texts: pa.Array) -> bool:
    """Whether hardly a text occurs twice, by the first ones."""
    some = texts[:SAMPLE]
    return len(some.unique()) * 2 > SAMPLE


def _may_need_care(texts: pa.Array) -> bool:
    """Whether the bytes of the texts hold something that may have to be escaped: a first, quick look."""
    data = contents(texts).tobytes()
    return bool((np.frombuffer(data, np.uint8) < ord(" ")).any()) or any(mark in data for mark in _MARKS)


def _number_texts(values: np.ndarray) -> pa.Array:
    """Numbers as the file writes them; null for NaN."""
    import polars as pl

    numbers = pl.Series(values, nan_to_null=True)
    if values.dtype.kind == "f":
        known = values[~np.isnan(values)]
        if not (np.all(known == np.floor(known)) and np.all(np.abs(known) < 1e15)):
            return numbers.cast(pl.String).str.replace(r"\.0$", "").to_arrow()
        numbers = numbers.cast(pl.Int64)
    return numbers.cast(pl.String).to_arrow()
