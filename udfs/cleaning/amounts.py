"""Numbers from every spelling people use: 86元, ¥1,200, 1.2万, (300), 1.234,56, ３个, 15%.

A number is read only when its whole text is understood; 约3000 or 3-5个 stay unread and are listed with a
proposal. Whether 1.234 is a thousand or one and a bit is decided for a whole column: only where another
cell of the column is written the continental way (1.234,56) is the point a thousands separator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from udfs import money
from udfs.cleaning.columns import Column, Kind, series
from udfs.cleaning.spelling import half_width, says_nothing
from udfs.currencies import CODE_OF, PATTERN

if TYPE_CHECKING:
    import polars as pl

MULTIPLES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "w": 10**4, "W": 10**4, "十万": 10**5, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "k": 1000, "K": 1000, "mn": 10**6, "M": 10**6, "million": 10**6,
}  # fmt: skip
_MULTIPLE = "|".join(
    sorted((m + ("(?![A-Za-z])" if m.isascii() else "") for m in MULTIPLES if m), key=len, reverse=True)
)
AMOUNT = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>[-+负])?\s*(?P<before>{PATTERN})?\s*(?P<sign2>[-+])?\s*"
    r"(?P<digits>\d[\d.,' ]*|\.\d+)\s*"
    rf"(?P<multiple>(?-i:{_MULTIPLE}))?\s*(?P<unit>{PATTERN}|[^\W\d_]{{1,6}})?(?P<whole>整)?\s*(?P<percent>%)?\s*"
    r"(?P<sign3>-)?\s*(?P<close>\))?$",
    re.IGNORECASE,
)
SCIENTIFIC = re.compile(r"^[-+]?\d(?:\.\d+)?e[-+]?\d{1,2}$", re.IGNORECASE)
# The whole text is one plain English or Chinese number: the way nearly all cells are written.
PLAIN = r"^[¥￥$€£]?\s*(-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)\s*元?$"
CONTINENTAL = re.compile(r"\d\.\d{3},\d{1,2}(?!\d)|^\D*\d{1,3}(?:\.\d{3}){2,}\D*$|^\D*\d+,\d{1,2}\D*$")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers, understood.

    Attributes
    ----------
    values : float64 array, shape (n,); NaN where there is no number.
    unreadable : bool array, shape (n,); cells with something that is no number.
    currencies : the currencies named in cells, with the number of cells.
    """

    values: np.ndarray
    unreadable: np.ndarray
    currencies: dict[str, int]


def parse_numbers(column: Column) -> Numbers:
    """Understands a column of amounts, counts or shares; percentages as shares of 1.

    Examples
    --------
    >>> c = Column.from_values(["86元", "¥1,200", "1.2万", "(300)", "３个", 5, "约3000", "-"])
    >>> n = parse_numbers(c)
    >>> n.values.tolist()
    [86.0, 1200.0, 12000.0, -300.0, 3.0, 5.0, nan, nan]
    >>> n.unreadable.tolist()
    [False, False, False, False, False, False, True, False]
    """
    is_number = column.kind == Kind.NUMBER
    values = np.where(is_number, column.number, np.nan)
    unreadable = (column.kind == Kind.BOOL) | (column.kind == Kind.ERROR) | (column.kind == Kind.DATE)
    is_text = column.kind == Kind.TEXT
    if not is_text.any():
        return Numbers(values, unreadable, {})
    codes = column.code[is_text]
    of_text, currency = _from_texts(column.texts)
    values[is_text] = of_text[codes]
    wrong = np.isnan(of_text)
    wrong[[i for i in np.flatnonzero(wrong).tolist() if says_nothing(column.texts[i])]] = False
    unreadable[is_text] = wrong[codes]
    counts = np.bincount(codes, minlength=len(column.texts))
    currencies: dict[str, int] = {}
    for i, name in currency.items():
        if counts[i]:
            currencies[name] = currencies.get(name, 0) + int(counts[i])
    return Numbers(values, unreadable, currencies)


def in_base_unit(values: np.ndarray, column: Column, factor: int) -> np.ndarray:
    """The numbers of a column times the factor its header names, but for cells that name their own unit.

    >>> column = Column.from_values([1.13, "0.5万元"])
    >>> in_base_unit(parse_numbers(column).values, column, 10000).tolist()
    [11300.0, 5000.0]
    """
    if factor == 1:
        return values
    own = np.array([OWN_UNIT.search(t) is not None for t in column.texts] + [False], bool)
    return np.where(own[column.code], values, money.scale(values, factor))


OWN_UNIT = re.compile(r"[元块圆]|rmb|cny|yuan", re.IGNORECASE)


def parse_number(text: str, continental: bool = False) -> float | None:
    """The number one text names, or None.

    >>> parse_number("-￥1,234.50元"), parse_number("1.234,56", continental=True), parse_number("15%")
    (-1234.5, 1234.56, 0.15)
    >>> parse_number("三千") is None
    True
    """
    usual = half_width(text).replace("−", "-")
    if SCIENTIFIC.match(usual):
        return float(usual)
    m = AMOUNT.match(usual)
    if m is None or bool(m["open"]) != bool(m["close"]):
        return None
    if sum(bool(m[s]) for s in ("sign", "sign2", "sign3", "open")) > 1 or (m["percent"] and m["unit"]):
        return None
    digits = _plain_digits(m["digits"].strip(), continental)
    if digits is None or AMBIGUOUS_UNIT.search(m["unit"] or ""):
        return None
    value = Decimal(digits) * MULTIPLES[m["multiple"] or ""]
    if m["percent"]:
        value /= 100
    negative = m["open"] or m["sign3"] or "-" in (m["sign"], m["sign2"]) or m["sign"] == "负"
    return float(-value if negative else value)


# After a number these are no units: 3年 is a span of time, 5月 and 5号 are dates, 3e or 5x are typing errors.
AMBIGUOUS_UNIT = re.compile(r"[年月日号点多几余起倍折]|左右|以[上下]|^[ex]$", re.IGNORECASE)


def _plain_digits(text: str, continental: bool) -> str | None:
    """Digits with separators as a plain decimal number; None when the separators make no sense."""
    text = text.replace("'", "").replace(" ", "")
    if re.fullmatch(r"\d*\.?\d+|\d+\.", text) and not continental:
        return text
    if not continental and re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?", text):
        return text.replace(",", "")
    if not continental and re.fullmatch(r"\d{1,4}(?:,\d{4})+(?:\.\d*)?", text):  # 1,2345: grouped by 万
        return text.replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})*,\d+|\d+,\d{1,2}", text) and (
        continental or CONTINENTAL.search(text)
    ):
        return text.replace(".", "").replace(",", ".")
    if continental and re.fullmatch(r"\d{1,3}(?:\.\d{3})+|\d+", text):
        return text.replace(".", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text):
        return text.replace(".", "")
    return text if continental and re.fullmatch(r"\d+\.\d+", text) else None


def currency_of(text: str) -> str | None:
    """The currency an amount is written with, or None.

    >>> currency_of("US$ 30"), currency_of("86元"), currency_of("30")
    ('USD', 'CNY', None)
    """
    m = AMOUNT.match(half_width(text))
    if m is None:
        return None
    return next(
        (CODE_OF[u.casefold()] for u in (m["before"], m["unit"]) if u and u.casefold() in CODE_OF),
        None,
    )


def proposal(text: str) -> float | None:
    """The one number inside a text that was not read, for the check list; None when there are several.

    >>> proposal("约3000元左右"), proposal("3-5个")
    (3000.0, None)
    """
    found = re.findall(r"\d[\d,.]*\d|\d", half_width(text))
    return parse_number(found[0]) if len(found) == 1 else None


def _from_texts(texts: Sequence[str]) -> tuple[np.ndarray, dict[int, str]]:
    """The number of each distinct text, and the currency of those that name one."""
    import polars as pl  # only where used: a worksheet function must start with numpy alone

    given = series(texts)
    clean = given.str.strip_chars()
    plain = clean.str.extract(PLAIN, 1).str.replace_all(",", "").cast(pl.Float64, strict=False)
    values = plain.to_numpy(writable=True) if len(texts) else np.empty(0)
    currency = _currencies(clean)
    odd = np.flatnonzero(np.isnan(values)).tolist()
    normal = {i: half_width(texts[i]) for i in odd}
    continental = any(CONTINENTAL.search(t) for t in normal.values()) and not _english(clean, values)
    if continental:
        odd = list(range(len(texts)))
    for i in odd:
        value = parse_number(texts[i], continental)
        values[i] = np.nan if value is None else value
    return values, currency


def _currencies(clean: pl.Series) -> dict[int, str]:
    """The currency of each text that names one; what stands around the digits is looked at once."""
    frame = clean.str.replace_all(r"\d[\d.,' ]*", "1")
    named = {t: c for t in frame.unique() if (c := currency_of(t))}
    if not named:
        return {}
    where = np.flatnonzero(frame.is_in(list(named)).to_numpy())
    return {int(i): named[t] for i, t in zip(where, frame.gather(where), strict=True)}


def _english(clean: pl.Series, values: np.ndarray) -> bool:
    """Whether a text of the column can only be English: 1,234.5 or 12.34."""
    read = clean.gather(np.flatnonzero(~np.isnan(values)))
    return bool(read.str.contains(r"\d,\d{3}\.\d|\.\d{1,2}\D*$|\.\d{4,}").any())
