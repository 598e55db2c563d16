"""Days from every spelling people use: 2019#3#11, 2019年3月11日, 20190311, 3/11/19, 11-Mar-2019, serials.

Whether 3/11/2019 is March or November is decided for a whole column, by evidence: a reading must make every
date of the column possible; when two readings do, the one in which the column runs in order wins; when even
that does not tell, month first is used and the column is reported as undecided. Nothing is guessed cell by
cell, and what cannot be read stays unread.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

import numpy as np

from udfs.cleaning.columns import Column, Kind
from udfs.cleaning.spelling import half_width, says_nothing

Order = Literal["ymd", "mdy", "dmy"]
EPOCH = np.datetime64("1899-12-30", "D")
NAT = np.datetime64("NaT", "D")
EARLIEST_SERIAL, LATEST_SERIAL = 10_000, 73_050  # plain numbers from 1927 to 2099 can be dates
PIVOT = 69  # two-digit years: 00-68 are 20xx, 69-99 are 19xx, as strptime and Excel's neighbours do


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of dates, understood.

    Attributes
    ----------
    days : datetime64[D] array, shape (n,); NaT where there is no date.
    unreadable : bool array, shape (n,); cells with something that is no date.
    order : how dates such as 3/11/2019 were read; None when there were none.
    undecided : True when the column could as well be read another way.
    """

    days: np.ndarray
    unreadable: np.ndarray
    order: Order | None = None
    undecided: bool = False


def parse_dates(column: Column, order: Order | None = None) -> Dates:
    """Understands a column of dates.

    Parameters
    ----------
    column : cells, shape (n,)
    order : how to read 3/11/2019; None decides by evidence.

    Examples
    --------
    >>> c = Column.from_values(["2019#3#11", "2019年3月11日", 20190311, 43535, "下周", None])
    >>> d = parse_dates(c)
    >>> d.days.astype(str).tolist()
    ['2019-03-11', '2019-03-11', '2019-03-11', '2019-03-11', 'NaT', 'NaT']
    >>> d.unreadable.tolist()
    [False, False, False, False, True, False]
    """
    days = np.full(len(column), NAT)
    unreadable = (column.kind == Kind.BOOL) | (column.kind == Kind.ERROR)

    is_date = column.kind == Kind.DATE
    days[is_date] = _from_serials(column.number[is_date], 1, 2_958_466)
    is_number = column.kind == Kind.NUMBER
    if is_number.any():
        days[is_number] = _from_numbers(column.number[is_number])
    unreadable |= (is_date | is_number) & np.isnat(days)

    is_text = column.kind == Kind.TEXT
    if not is_text.any():
        return Dates(days, unreadable)
    codes = column.code[is_text]
    of_text, used, undecided = _from_texts(column.texts, codes, order)
    days[is_text] = of_text[codes]
    wrong = np.isnat(of_text)
    wrong[[i for i in np.flatnonzero(wrong).tolist() if says_nothing(column.texts[i])]] = False
    unreadable[is_text] = wrong[codes]
    return Dates(days, unreadable, used, undecided)


def parse_date(text: str, order: Order = "mdy") -> dt.date | None:
    """The day one text names, or None.

    >>> parse_date("2024.3.11 上午9:30"), parse_date("11/3/2024", "dmy"), parse_date("2024-02-30")
    (datetime.date(2024, 3, 11), datetime.date(2024, 3, 11), None)
    """
    day = parse_dates(Column.from_values([text]), order).days[0]
    return None if np.isnat(day) else day.item()


def _from_serials(serials: np.ndarray, first: float, last: float) -> np.ndarray:
    good = (serials >= first) & (serials < last)
    whole = np.where(good, np.floor(np.where(good, serials, 0) + 1e-9), 0).astype(np.int64)
    return np.where(good, EPOCH + whole, NAT)


def _from_numbers(x: np.ndarray) -> np.ndarray:
    """Serials, 20190311, 20190311093000, and Unix seconds or milliseconds; NaT for other numbers."""
    days = _from_serials(x, EARLIEST_SERIAL, LATEST_SERIAL)
    long = (x >= 1e13) & (x < 1e14)  # yyyymmddhhmmss
    compact = np.where(long, np.floor(x / 1e6), x)
    whole = (compact >= 19_000_101) & (compact <= 21_001_231) & (compact == np.floor(compact))
    if whole.any():
        n = np.where(whole, compact, 19_000_101).astype(np.int64)
        days = np.where(whole, ymd(n // 10_000, n // 100 % 100, n % 100), days)
    unix = ((x >= 6e8) & (x < 4.2e9)) | ((x >= 6e11) & (x < 4.2e12))
    if unix.any():
        seconds = np.where(x >= 6e11, x / 1000, x)
        days = np.where(unix, _from_serials(seconds / 86_400 + 25_569, 1, LATEST_SERIAL), days)
    return days


def ymd(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days of years, months and days; NaT where the calendar has no such day.

    >>> ymd(np.array([2024, 2023]), np.array([2, 2]), np.array([29, 29])).astype(str).tolist()
    ['2024-02-29', 'NaT']
    """
    good = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    months = (np.where(good, year, 1970) - 1970) * 12 + np.where(good, month, 1) - 1
    result = months.astype("datetime64[M]").astype("datetime64[D]") + (np.where(good, day, 1) - 1)
    good &= result.astype("datetime64[M]").astype(np.int64) == months
    return np.where(good, result, NAT)


_SEP = r"\s*[-/.#,\\_]\s*"
_AFTER = (  # weekday, time of day, time zone
    r"(?:\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?)?[\sT,]*(?:上午|下午|早上|晚上|中午|凌晨|AM|PM|am|pm)?\s*"
    r"(?:\d{1,2}(?:[:时点]\s*\d{1,2}(?:[:分]\s*\d{1,2}(?:[.,]\d+)?)?)?\s*[时点分秒]?)?\s*"
    r"(?:AM|PM|am|pm|a\.m\.|p\.m\.)?\s*(?:Z|UTC|GMT)?(?:[+-]\d{2}:?\d{2})?"
)
YEAR_FIRST = (
    rf"^(\d{{4}})(?:{_SEP}|\s*年\s*|\s)(\d{{1,2}})(?:{_SEP}|\s*月\s*|\s)(\d{{1,2}})\s*[日号]?{_AFTER}$"
)
COMPACT = r"^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6}|[T\s]\d{1,2}:?\d{2}.*)?$"
THREE_NUMBERS = rf"^(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}}){_AFTER}$"


def _from_texts(
    texts: Sequence[str], codes: np.ndarray, order: Order | None
) -> tuple[np.ndarray, Order | None, bool]:
    """The day of each distinct text, and how dates such as 3/11/2019 were read."""
    # Normalising is only needed where a text is not ASCII. Without the time of day few texts are distinct.
    usual = [t if t.isascii() else half_width(t) for t in texts]
    clean, of_text = _without_time(usual)
    days, used, undecided = _understand(clean, of_text[codes], order)
    return days[of_text], used, undecided


def _without_time(texts: list[str]) -> tuple[list[str], np.ndarray]:
    """The distinct texts without time of day, and the place of each text among them."""
    if pl := _polars(len(texts)):
        dayless = pl.Series(texts, dtype=pl.Utf8).str.strip_chars().str.replace(TIME, "")
        clean = dayless.unique(maintain_order=True)
        place = pl.Series(range(len(clean)), dtype=pl.Int32)
        return clean.to_list(), dayless.replace_strict(clean, place).to_numpy()
    known: dict[str, int] = {}
    shortened = (re.sub(TIME, "", text.strip()) for text in texts)
    places = [known.setdefault(text, len(known)) for text in shortened]
    return list(known), np.array(places, np.int32)


FEW = 2000


def _polars(n: int) -> ModuleType | None:
    """polars for many texts; None for few, which need no start-up, and where it is not installed."""
    if n <= FEW:
        return None
    try:
        import polars
    except ImportError:
        return None
    return polars


TIME = r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$"


def _understand(
    clean: list[str], codes: np.ndarray, order: Order | None
) -> tuple[np.ndarray, Order | None, bool]:
    """The day of each cleaned text; `codes` are the texts in the order of the rows."""
    days = np.full(len(clean), NAT)
    for pattern in (YEAR_FIRST, COMPACT):
        left = np.flatnonzero(np.isnat(days))
        if len(left):
            hit, parts = _groups([clean[i] for i in left], pattern)
            days[left[hit]] = ymd(*parts)

    used, undecided = order, False
    left = np.flatnonzero(np.isnat(days))
    if len(left):
        hit, parts = _groups([clean[i] for i in left], THREE_NUMBERS)
        if len(hit):
            where = left[hit]
            used, undecided = (order, False) if order else _decide(parts, where, codes)
            days[where] = _triple(parts, used)
        else:
            used = None

    serial = None
    for i in np.flatnonzero(np.isnat(days)):
        text = clean[int(i)]
        if (serial := _plain_number(text)) is not None:
            days[i] = _from_numbers(np.array([serial]))[0]
        else:
            days[i] = _written_out(text)
    return days, used, undecided


def _groups(texts: list[str], pattern: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """Positions of the texts a pattern fits, and its three numbers."""
    if pl := _polars(len(texts)):
        found = pl.Series(texts, dtype=pl.Utf8).str.extract_groups(pattern).struct.unnest()
        hit = np.flatnonzero(found.to_series(0).is_not_null().to_numpy())
        return hit, [found.to_series(k).gather(hit).cast(pl.Int64).to_numpy() for k in range(3)]
    matches = [re.match(pattern, text) for text in texts]
    hit = np.array([i for i, match in enumerate(matches) if match], np.int64)
    numbers = np.array([[int(g) for g in m.groups()[:3]] for m in matches if m], np.int64).reshape(-1, 3)
    return hit, list(numbers.T)


def _triple(parts: list[np.ndarray], order: Order) -> np.ndarray:
    """Days of three numbers in an order; with `ymd` the first is a two-digit year."""
    a, b, c = parts
    if order == "ymd":
        return np.where(c < 100, ymd(_century(a), b, c), ymd(c, a, b))
    year = _century(c)
    return ymd(year, a, b) if order == "mdy" else ymd(year, b, a)


def _century(year: np.ndarray) -> np.ndarray:
    return np.where(year >= 100, year, np.where(year < PIVOT, year + 2000, year + 1900))


def _decide(parts: list[np.ndarray], where: np.ndarray, codes: np.ndarray) -> tuple[Order, bool]:
    """The order of day and month in a column, and whether it could as well be another."""
    short_year = parts[2] < 100
    candidates: list[Order] = ["mdy", "dmy", "ymd"] if short_year.all() else ["mdy", "dmy"]
    if candidates[-1] == "ymd" and not (parts[0] > 12).any():
        candidates.pop()  # 03/11/19 is no year first; 19.3.11 and 24.5.2 are
    possible = {o: int((~np.isnat(_triple(parts, o))).sum()) for o in candidates}
    most = max(possible.values())
    best = [o for o in candidates if possible[o] == most]
    if best[0] != "ymd" and "ymd" in best and most == len(where):
        spans = {o: np.ptp(_triple(parts, o).astype(np.int64)) for o in best}
        best = [o for o in best if spans[o] == min(spans.values())]
    if len(best) == 1:
        return best[0], False

    position = np.full(int(codes.max()) + 1, -1)
    position[where[where < len(position)]] = np.flatnonzero(where < len(position))
    rows = position[codes]
    rows = rows[rows >= 0]
    steps = {}
    for o in best:
        days = _triple(parts, o)[rows]
        step = np.diff(days[~np.isnat(days)].astype(np.int64))
        steps[o] = max(int((step >= 0).sum()), int((step <= 0).sum())), -int(np.abs(step).sum())
    ranked = sorted(best, key=lambda o: steps[o], reverse=True)
    same = steps[ranked[0]] == steps[ranked[1]]
    return ("mdy", True) if same and "mdy" in best else (ranked[0], same)


MONTHS = {
    name: i % 12 + 1
    for i, name in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
    )
} | {"sept": 9}
DAY_MONTH = re.compile(
    rf"^(?:[A-Za-z]{{3,9}}\.?,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?[-\s./,]*([A-Za-z]{{3,9}})[-\s./,]*(\d{{4}}|\d{{2}}){_AFTER}$"
)
MONTH_DAY = re.compile(
    rf"^(?:[A-Za-z]{{3,9}}\.?,?\s+)?([A-Za-z]{{3,9}})\.?[-\s]*(\d{{1,2}})(?:st|nd|rd|th)?[-\s,]+(\d{{4}}){_AFTER}$"
)
YEAR_MONTH_DAY = re.compile(rf"^(\d{{4}})[-\s./]([A-Za-z]{{3,9}})[-\s./](\d{{1,2}}){_AFTER}$")
SHORT_YEAR = re.compile(rf"^'?(\d{{2}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?{_AFTER}$")
CHINESE = re.compile(
    r"^([〇零一二三四五六七八九○]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?$"
)
DIGITS = dict(zip("〇零一二三四五六七八九○", [0, 0, *range(1, 10), 0], strict=True))


def _written_out(text: str) -> np.datetime64:
    """The day of a text with the month in words or Chinese numerals; NaT when it is none."""
    if m := DAY_MONTH.match(text):
        return _day(m[3], MONTHS.get(m[2].casefold()), m[1])
    if m := MONTH_DAY.match(text):
        return _day(m[3], MONTHS.get(m[1].casefold()), m[2])
    if m := YEAR_MONTH_DAY.match(text):
        return _day(m[1], MONTHS.get(m[2].casefold()), m[3])
    if m := SHORT_YEAR.match(text):
        return _day(m[1], int(m[2]), m[3])
    if m := CHINESE.match(text):
        year = "".join(str(DIGITS[c]) for c in m[1])
        return _day(year, _small_chinese(m[2]), str(_small_chinese(m[3])))
    return NAT


def _day(year: str, month: int | None, day: str) -> np.datetime64:
    if month is None:
        return NAT
    years = _century(np.array([int(year)]))
    return ymd(years, np.array([month]), np.array([int(day)]))[0]


def _small_chinese(text: str) -> int:
    """Numbers below 100 in Chinese: 十一, 二十, 三十一.

    >>> [_small_chinese(t) for t in ("三", "十", "十一", "二十", "三十一")]
    [3, 10, 11, 20, 31]
    """
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def _plain_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{4,14}(?:\.\d+)?", text) else None
