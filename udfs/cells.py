"""Cells in, cells out: what worksheet functions receive from a spreadsheet, and what they give back.

A host hands over a scalar, a list, or a list of rows, with None for blank cells, numbers written as text,
dates as datetime or as serial numbers, headers caught by mistake, and whole columns. Here they become flat
numpy arrays with a state per cell, and results become lists of rows again, with an `ExcelError` in each cell
that has none.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from udfs.cleaning.columns import ERROR_TEXTS, to_serial
from udfs.texts import Lang, Text

SHEET_ROWS = 1_048_576
MAX_DATE_SERIAL = 2_958_465  # 9999-12-31, the last day a sheet can show


class ExcelError(Exception):
    """An error mark for one cell: the Excel error, and the reason for hosts that can show one.

    As a value it stands in a result; raised, it is the whole result.

    >>> ExcelError("#NUM!"), ExcelError("#NUM!").reason("en")
    (ExcelError('#NUM!'), '')
    """

    def __init__(self, mark: str, zh: str = "", en: str = "") -> None:
        super().__init__(mark)
        self.mark = mark
        self.reason = Text(zh=zh, en=en)

    def message(self, lang: Lang) -> str:
        """The mark with the reason, for people."""
        return f"{self.mark} {self.reason(lang)}".rstrip()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExcelError) and other.mark == self.mark

    def __hash__(self) -> int:
        return hash(self.mark)

    def __repr__(self) -> str:
        return f"ExcelError({self.mark!r})"


def value_error(zh: str = "", en: str = "") -> ExcelError:
    """Wrong type or unknown option."""
    return ExcelError("#VALUE!", zh, en)


def not_available(zh: str = "", en: str = "") -> ExcelError:
    """Not found, or too little data."""
    return ExcelError("#N/A", zh, en)


def number_error(zh: str = "", en: str = "") -> ExcelError:
    """A number out of its domain."""
    return ExcelError("#NUM!", zh, en)


def division_error(zh: str = "", en: str = "") -> ExcelError:
    """Nothing to divide by."""
    return ExcelError("#DIV/0!", zh, en)


WRONG_TYPE = value_error(
    "这一格不是需要的类型，请检查内容。", "This cell holds the wrong kind of value; check it."
)
OUT_OF_DOMAIN = number_error("数值超出允许的范围。", "The number is out of range.")
MISSING = not_available("这一行缺少需要的数据。", "This row lacks data that is needed.")
NOTHING = not_available("所选区域里没有数据。", "The range holds no data.")


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one argument, flat, and the shape they came in.

    Attributes
    ----------
    items : the values row by row; None for blank.
    shape : rows and columns.
    whole_column : it was a whole sheet column; the blank cells below the last filled one are not kept.
    """

    items: list[Any]
    shape: tuple[int, int]
    whole_column: bool = False

    @property
    def single(self) -> bool:
        return self.shape == (1, 1)

    def padded(self, height: int) -> Cells:
        """The cells with blank rows below, up to `height`."""
        missing = (height - self.shape[0]) * self.shape[1]
        return Cells(self.items + [None] * missing, (height, self.shape[1]), self.whole_column)


def read(argument: Any) -> Cells:
    """Any argument a host may pass, as flat cells.

    A list of scalars is a column; short rows are filled with blanks; a whole sheet column ends at its last
    filled cell.

    >>> read([[1, None], ["x"]])
    Cells(items=[1, None, 'x', None], shape=(2, 2), whole_column=False)
    """
    if hasattr(argument, "to_numpy"):
        argument = argument.to_numpy()
    if isinstance(argument, np.ndarray):
        argument = argument.tolist() if argument.ndim <= 2 else [str(argument.shape)]
    if not isinstance(argument, (list, tuple)):
        return Cells([blank_to_none(argument)], (1, 1))
    rows = argument
    if any(type(row) is not list and type(row) is not tuple for row in rows):
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in rows]
    if not rows:
        return Cells([None], (1, 1))
    width = max(1, max(map(len, rows)))
    whole_column = len(rows) == SHEET_ROWS
    if whole_column:
        rows = rows[: _used_rows(rows)]
    if any(len(row) != width for row in rows):
        rows = [[*row, *[None] * (width - len(row))] for row in rows]
    items = list(chain.from_iterable(rows))
    if not set(map(type, items)) <= PLAIN_TYPES:
        items = [blank_to_none(v) for v in items]
    return Cells(items, (len(rows), width), whole_column)


PLAIN_TYPES = frozenset([int, bool, type(None), dt.datetime, dt.date])


def _used_rows(rows: Sequence[Sequence[Any]]) -> int:
    n = len(rows)
    while n > 1 and all(v is None or v == "" for v in rows[n - 1]):
        n -= 1
    return n


def blank_to_none(value: Any) -> Any:
    """None for every kind of blank (empty text, NaN, NaT, pandas' NA); numpy scalars as Python values."""
    if type(value) is float:
        return value if value == value else None
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, np.generic):
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else value.astype("datetime64[us]").item()
        return blank_to_none(value.item())
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value


def error_in(value: Any) -> ExcelError | None:
    """The error a cell holds, if it holds one."""
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, str) and value[:1] == "#" and value in ERROR_TEXTS:
        return ExcelError(value)
    return None


def to_number(value: Any) -> float | ExcelError:
    """A cell as a number: numbers, dates as serial numbers, TRUE and FALSE as 1 and 0, numbers as text.

    >>> to_number("1,200.5"), to_number("12%"), to_number("３"), to_number("x")
    (1200.5, 0.12, 3.0, ExcelError('#VALUE!'))
    """
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            return OUT_OF_DOMAIN
        return number if np.isfinite(number) else OUT_OF_DOMAIN
    if isinstance(value, dt.date):
        return to_serial(value)
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().replace(",", "").replace("_", "x")
        scale = 0.01 if text.endswith("%") else 1.0
        try:
            number = float(text.rstrip("%")) * scale if len(text) < 40 else float("nan")
        except ValueError:
            return error_in(value) or WRONG_TYPE
        return number if np.isfinite(number) else WRONG_TYPE
    return error_in(value) or WRONG_TYPE


def to_date(value: Any) -> float | ExcelError:
    """A cell as the serial number of a day: dates, serial numbers, and dates as text.

    >>> to_date(dt.datetime(2024, 1, 1, 9, 30)), to_date("2024-01-01"), to_date(45292)
    (45292.0, 45292.0, 45292.0)
    """
    if isinstance(value, str) and not error_in(value):
        number = _date_in_words(value)
    else:
        number = to_number(value)
    if isinstance(number, ExcelError):
        return number
    return float(np.floor(number)) if 0 <= number <= MAX_DATE_SERIAL else OUT_OF_DOMAIN


ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


def _date_in_words(text: str) -> float | ExcelError:
    """A date written as text: year first here, every other spelling by `udfs.cleaning.dates`."""
    if match := ISO_DATE.fullmatch(text.strip()):
        try:
            return to_serial(dt.date(*map(int, match.groups())))
        except ValueError:
            return WRONG_TYPE
    number = to_number(text)
    if not isinstance(number, ExcelError) and number <= MAX_DATE_SERIAL:
        return number
    if not any(c.isdigit() for c in text) or len(text) > 40:
        return number
    from udfs.cleaning.dates import parse_date

    day = parse_date(text)
    return number if day is None else to_serial(day)


def to_day(value: Any) -> float | ExcelError:
    """A number of days, or a date as its serial number.

    >>> to_day("12"), to_day("2024-01-01")
    (12.0, 45292.0)
    """
    number = to_number(value)
    return to_date(value) if isinstance(number, ExcelError) and isinstance(value, str) else number


def to_scores(value: Any) -> tuple[int, ...] | ExcelError:
    """An RFM code as its three scores.

    >>> to_scores(545), to_scores("10-4-5"), to_scores("5a5")
    ((5, 4, 5), (10, 4, 5), ExcelError('#VALUE!'))
    """
    text = to_text(value)
    if isinstance(text, ExcelError):
        return text
    parts = text.replace("\N{EN DASH}", "-").split("-") if "-" in text else list(text)
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 3 for p in parts):
        return WRONG_TYPE
    scores = tuple(int(p) for p in parts)
    return scores if all(1 <= s <= 10 for s in scores) else OUT_OF_DOMAIN


def to_text(value: Any) -> str | ExcelError:
    """A cell as text; whole numbers without a decimal point, dates as yyyy-mm-dd.

    >>> to_text(1001.0), to_text(dt.date(2024, 1, 1)), to_text(" a ")
    ('1001', '2024-01-01', 'a')
    """
    if isinstance(value, str):
        return error_in(value) or value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**300 else OUT_OF_DOMAIN
    if isinstance(value, float):
        if not np.isfinite(value):
            return OUT_OF_DOMAIN
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else WRONG_TYPE
    return error_in(value) or WRONG_TYPE


def as_it_is(value: Any) -> Any:
    """A cell as it stands, unless it holds an error or no number a sheet can hold."""
    if isinstance(value, (int, float)) and not abs(value) < 1e300:
        return OUT_OF_DOMAIN
    if isinstance(value, (str, int, float, dt.date)):
        return error_in(value) or value
    return error_in(value) or WRONG_TYPE


def column(cells: Cells, convert: Any, dtype: Any) -> tuple[np.ndarray, list[ExcelError], np.ndarray]:
    """Values and errors of a column, each distinct text understood once.

    Returns
    -------
    values : shape (n,), of `dtype`; NaN or None where there is no value.
    errors : the distinct errors found.
    state : int32, shape (n,): -1 a value, -2 blank, else a position in `errors`.
    """
    items = cells.items
    n = len(items)
    state = np.full(n, -1, np.int32)
    kinds = set(map(type, items))
    if convert in (to_number, to_day) and kinds <= {int, float, type(None)}:
        try:
            values = np.array(items, float)
        except OverflowError:
            values = np.full(n, np.inf)
        if np.isfinite(values).all() or not np.isinf(values).any():
            state[np.isnan(values)] = -2
            return values, [], state
    values = np.full(n, np.nan) if dtype is float else np.full(n, None, object)
    errors: list[ExcelError] = []
    known: dict[str, Any] = {}
    for i, item in enumerate(items):
        if item is None:
            state[i] = -2
            continue
        if type(item) is str:
            result = known.get(item)
            if result is None:
                result = known[item] = convert(item)
        else:
            result = convert(item)
        if isinstance(result, ExcelError):
            state[i] = _position(errors, result)
        else:
            values[i] = result
    return values, errors, state


def _position(errors: list[ExcelError], error: ExcelError) -> int:
    for k, known in enumerate(errors):
        if known is error or known == error:
            return k
    errors.append(error)
    return len(errors) - 1


def clean_result(value: Any) -> Any:
    """One result cell as a plain Python value: no numpy types, no NaN, no infinities.

    >>> clean_result(np.float64("nan")), clean_result(np.int64(3))
    (ExcelError('#N/A'), 3)
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return MISSING if value != value else OUT_OF_DOMAIN
    return "" if value is None else value


def rows_of(values: np.ndarray | Sequence[Any], shape: tuple[int, int]) -> list[list[Any]]:
    """Flat results as a list of rows of plain Python values."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        plain = values.tolist()
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            plain = [clean_result(v) for v in plain]
    else:
        plain = [clean_result(v) for v in values]
    height, width = shape
    if width == 1:
        return [[v] for v in plain]
    return [plain[r * width : (r + 1) * width] for r in range(height)]
