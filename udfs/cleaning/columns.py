"""Columns of mixed cells, as sheets really hold them: nothing lost, nothing guessed.

Every source (a sheet in Excel, an .xlsx part, a CSV) gives its cells as `Column`s, and all cleaning
works on them. A column of a million cells costs 13 bytes a cell plus each distinct text once, so
text is understood once per distinct spelling, not once per row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

EXCEL_EPOCH = dt.datetime(1899, 12, 30)
MORE_THAN_15_DIGITS = 1e15


MANY = 100_000  # texts of which one alone is not worth to make all of them objects


class Texts(Sequence[str]):
    """Texts kept as one Arrow array: a million order numbers become Python objects only when all are asked for.

    Attributes
    ----------
    arrow : pyarrow array of large strings, without nulls.
    """

    __slots__ = ("_list", "arrow")

    def __init__(self, arrow: pa.Array) -> None:
        self.arrow = arrow
        self._list: list[str] | None = None

    def __len__(self) -> int:
        return len(self.arrow)

    def __iter__(self) -> Iterator[str]:
        if self._list is None:
            self._list = self.arrow.to_numpy(zero_copy_only=False).tolist()
        return iter(self._list)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> Texts: ...
    def __getitem__(self, i: int | slice) -> str | Texts:
        if isinstance(i, slice):
            return Texts(self.arrow[i])
        if self._list is None and len(self) > MANY:
            return self.arrow[i].as_py()
        return list(self)[i] if self._list is None else self._list[i]

    def joined(self) -> str:
        """All texts, one behind the other."""
        offsets, data = self.arrow.buffers()[1:]
        if not len(self) or data is None:
            return ""
        first = self.arrow.offset
        begin, end = np.frombuffer(offsets, np.int64)[[first, first + len(self)]]
        return data[begin:end].to_pybytes().decode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Texts, list, tuple)) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Texts({list(self[:10])}{', ...' if len(self) > 10 else ''})"


def series(texts: Sequence[str]) -> pl.Series:
    """Texts as a polars series, for looking at all of them at once.

    >>> series(["a", "bc"]).str.len_chars().to_list()
    [1, 2]
    """
    import polars as pl  # only where used: a worksheet function must start with numpy alone

    return pl.Series(texts.arrow if isinstance(texts, Texts) else list(texts), dtype=pl.Utf8)


class Kind(IntEnum):
    """What a cell holds."""

    EMPTY = 0
    NUMBER = 1
    TEXT = 2
    BOOL = 3
    ERROR = 4
    DATE = 5  # a number shown as a date: the serial number in the 1900 system


@dataclass(frozen=True, slots=True)
class Column:
    """One column of cells.

    Attributes
    ----------
    kind : uint8 array, shape (n,)
        `Kind` of each cell.
    number : float64 array, shape (n,)
        Numbers, dates as Excel serials (1900 system, days), booleans as 0 and 1; NaN elsewhere.
    code : int32 array, shape (n,)
        Position in `texts` for text and error cells, -1 elsewhere.
    texts : sequence of str
        The distinct texts, in order of first use, exactly as written: a list, or `Texts`.
    """

    kind: np.ndarray
    number: np.ndarray
    code: np.ndarray
    texts: Sequence[str]

    @classmethod
    def from_values(cls, values: Iterable[Any]) -> Column:
        """Column from Python values: None, str, numbers, bool, date, datetime, numpy scalars.

        Empty strings count as empty cells; NaN, NaT and pandas' NA too. A whole number of more than fifteen digits
        is a text, as in Excel: a float would change it, and such a number is an order's, a card's or a customer's.

        >>> c = Column.from_values(["86元", 3, None, True])
        >>> c.kind.tolist(), c.texts
        ([2, 1, 0, 3], ['86元'])
        """
        items = list(values)
        n = len(items)
        kind = np.zeros(n, np.uint8)
        number = np.full(n, np.nan)
        code = np.full(n, -1, np.int32)
        seen: dict[str, int] = {}
        for i, v in enumerate(items):
            if v is None or v is False or v is True:
                if v is not None:
                    kind[i], number[i] = Kind.BOOL, float(v)
            elif isinstance(v, str):
                if v:
                    error = v[0] == "#" and v in ERROR_TEXTS
                    kind[i] = Kind.ERROR if error else Kind.TEXT
                    code[i] = seen.setdefault(v, len(seen))
            elif isinstance(v, (dt.datetime, dt.date, np.datetime64)):
                serial = to_serial(v)
                if serial == serial:
                    kind[i], number[i] = Kind.DATE, serial
            elif isinstance(v, np.bool_):
                kind[i], number[i] = Kind.BOOL, float(v)
            else:
                try:
                    x = float(v)
                except (TypeError, ValueError, OverflowError):
                    if type(v).__name__ in ("NAType", "NaTType"):
                        continue
                    text = str(v)
                    kind[i], code[i] = Kind.TEXT, seen.setdefault(text, len(seen))
                    continue
                if abs(x) >= MORE_THAN_15_DIGITS and isinstance(v, (int, np.integer)):
                    text = str(v)
                    kind[i], code[i] = Kind.TEXT, seen.setdefault(text, len(seen))
                elif x == x:
                    kind[i], number[i] = Kind.NUMBER, x
        return cls(kind, number, code, list(seen))

    @classmethod
    def empty(cls, n: int) -> Column:
        """A column of `n` empty cells."""
        return cls(np.zeros(n, np.uint8), np.full(n, np.nan), np.full(n, -1, np.int32), [])

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, where: np.ndarray) -> Column:
        """The cells at `where` (a boolean mask or positions)."""
        return Column(self.kind[where], self.number[where], self.code[where], self.texts)

    def value(self, i: int) -> Any:
        """The cell at position `i` as a Python value, dates as datetime."""
        return _python_value(int(self.kind[i]), float(self.number[i]), int(self.code[i]), self.texts)

    def values(self) -> Iterator[Any]:
        """All cells as Python values."""
        cells = zip(self.kind.tolist(), self.number.tolist(), self.code.tolist(), strict=True)
        texts = list(self.texts)
        return (_python_value(kind, x, code, texts) for kind, x, code in cells)

    def as_texts(self) -> list[str | None]:
        """All cells as text: numbers without a needless decimal point, dates as yyyy-mm-dd."""
        return [None if v is None else display(v) for v in self.values()]


def _python_value(kind: int, x: float, code: int, texts: Sequence[str]) -> Any:
    if kind == Kind.NUMBER:
        return int(x) if x.is_integer() and abs(x) < 1e15 else x
    if kind == Kind.TEXT or kind == Kind.ERROR:
        return texts[code]
    if kind == Kind.BOOL:
        return bool(x)
    return from_serial(x) if kind == Kind.DATE else None


ERROR_TEXTS = frozenset(
    ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"]
)


@dataclass(slots=True)
class RawTable:
    """A recognised table as it stands in the workbook, before any cleaning.

    Attributes
    ----------
    role : "customers", "orders", "contacts" or "feedback".
    sheet, name : the sheet's name; the Excel table's name or None for a plain range.
    header_row : 1-based row of the headers (0 when the file has none).
    rows : int32 array, shape (n,), the 1-based row number of each record in its sheet or file.
    columns : cells by field key of fields.toml.
    headers : the header as the user wrote it, by field key.
    letters : the column's letter in the sheet ("C"), by field key.
    own : cells of columns that are no known field, by header.
    """

    role: str
    sheet: str
    name: str | None
    header_row: int
    rows: np.ndarray
    columns: dict[str, Column]
    headers: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    own: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


def to_serial(value: dt.date | np.datetime64) -> float:
    """Excel serial number (1900 system, days) of a date or datetime; NaN for NaT.

    >>> to_serial(dt.date(2024, 1, 1))
    45292.0
    """
    if isinstance(value, np.datetime64):
        return float((value - np.datetime64(EXCEL_EPOCH)) / np.timedelta64(1, "D"))
    if value != value:  # pandas' NaT
        return float("nan")
    if not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    delta = value.replace(tzinfo=None) - EXCEL_EPOCH
    return delta.days + (delta.seconds + delta.microseconds / 1e6) / 86400


def from_serial(serial: float) -> dt.datetime | float:
    """The datetime of an Excel serial number; the number itself where no such date exists."""
    try:
        return EXCEL_EPOCH + dt.timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return serial


def display(value: Any) -> str:
    """A cell's value as people would write it, for messages and check lists."""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def concat(columns: Sequence[Column]) -> Column:
    """The columns one below the other, as for one sheet a month.

    >>> concat([Column.from_values(["a"]), Column.from_values(["b", "a"])]).code.tolist()
    [0, 1, 0]
    """
    seen: dict[str, int] = {}
    codes = []
    for c in columns:
        mapping = np.array([seen.setdefault(t, len(seen)) for t in c.texts] + [-1], np.int32)
        codes.append(mapping[c.code])
    return Column(
        np.concatenate([c.kind for c in columns]),
        np.concatenate([c.number for c in columns]),
        np.concatenate(codes),
        list(seen),
    )
