"""What a grading or report is about: a period, and filters such as 地区=华东 (S10).

Everything can be limited to a part of the customers and a window of time, and says so.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from udfs import fields
from udfs.churn import months_before
from udfs.customer_data import CustomerData
from udfs.texts import FenjiError, Lang

EPOCH = dt.date(1970, 1, 1)
LANGS: tuple[Lang, ...] = ("zh", "en")
DAY_UNITS = {
    "day": "day",
    "天": "day",
    "日": "day",
    "week": "week",
    "周": "week",
    "month": "month",
    "月": "month",
}
DAY_UNITS |= {
    "个月": "month",
    "quarter": "quarter",
    "季度": "quarter",
    "个季度": "quarter",
    "year": "year",
    "年": "year",
}
YES, NO = ("是", "yes", "true", "1", "y", "√"), ("否", "no", "false", "0", "n", "")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Period:
    """A window of days, both ends included.

    >>> Period(dt.date(2024, 7, 1), dt.date(2024, 9, 30)).days
    92
    """

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days + 1

    def holds(self, day: np.ndarray) -> np.ndarray:
        """True for the days (since 1970-01-01) inside."""
        return (day >= day_number(self.start)) & (day <= day_number(self.end))

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition as typed: a header or field key, an operator, and the values."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(slots=True)
class Scoped:
    """The data inside the scope, with what was left out counted in `data.left_out`.

    Attributes
    ----------
    data : customers renumbered 0..n-1, and the rows that count.
    as_of : the analysis date.
    period : the window, None for all the data.
    later : filters on what only a grading knows (分级=高价值客户), for after it.
    """

    data: CustomerData
    as_of: dt.date
    period: Period | None
    later: list[Filter]


def day_number(date: dt.date) -> int:
    """Days since 1970-01-01.

    >>> day_number(dt.date(1970, 1, 2))
    1
    """
    return date.toordinal() - EPOCH.toordinal()


def date_of(day: int) -> dt.date:
    """The date of a day number."""
    return dt.date.fromordinal(EPOCH.toordinal() + int(day))


def days_of(dates: pd.Series) -> np.ndarray:
    """Days since 1970-01-01 of a column of dates, int64, shape (n,)."""
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def parse_period(text: str, last_day: dt.date) -> Period:
    """The window people mean by 2024Q3, 2024, 2024-01, 2024H1, 2024-01-01..2024-06-30, last-6-months.

    Parameters
    ----------
    text : as typed, Chinese or English (2024年3季度, 2024年上半年, 近6个月).
    last_day : the day "last-6-months" ends with.

    Raises
    ------
    FenjiError
        Not understood, or the end is before the start.

    >>> str(parse_period("2024Q3", dt.date(2024, 12, 31)))
    '2024-07-01..2024-09-30'
    >>> str(parse_period("last-6-months", dt.date(2024, 6, 30)))
    '2024-01-01..2024-06-30'
    """
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    for pattern, build in PERIODS:
        if match := re.fullmatch(pattern, typed):
            try:
                period = build(match.groups(), last_day)
            except (ValueError, OverflowError):
                break
            if period.end < period.start:
                break
            return period
    raise FenjiError(
        zh=f"无法识别期间“{text}”。可以写 2024、2024Q3、2024-01、2024-01-01..2024-06-30 或 last-6-months。",
        en=f"Period '{text}' is not understood. Write 2024, 2024Q3, 2024-01, 2024-01-01..2024-06-30 or last-6-months.",
    )


def _months(year: int, first: int, count: int) -> Period:
    after = dt.date(year + (first + count - 1) // 12, (first + count - 1) % 12 + 1, 1)
    return Period(dt.date(year, first, 1), after - dt.timedelta(days=1))


def _date(text: str) -> dt.date:
    year, month, day = (int(x) for x in re.split(r"\D+", text.strip("日 "))[:3])
    return dt.date(year, month, day)


def _half(groups: tuple[str, ...], last_day: dt.date) -> Period:
    return _months(int(groups[0]), 1 if groups[1] in ("1", "上") else 7, 6)


def _quarter(groups: tuple[str, ...], last_day: dt.date) -> Period:
    number = int(groups[1]) if groups[1].isdigit() else "一二三四".index(groups[1]) + 1
    return _months(int(groups[0]), 3 * number - 2, 3)


def _last(groups: tuple[str, ...], last_day: dt.date) -> Period:
    count, unit = int(groups[0]), DAY_UNITS[groups[1]]
    if unit in DAYS:
        return Period(last_day - dt.timedelta(days=count * DAYS[unit] - 1), last_day)
    start = date_of(months_before(day_number(last_day) + 1, count * MONTHS[unit]))
    return Period(start, last_day)


DATE = r"(\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?)"
PERIODS: tuple[tuple[str, Callable[[tuple[str, ...], dt.date], Period]], ...] = (
    (r"(\d{4})\s*年?", lambda g, _: _months(int(g[0]), 1, 12)),
    (r"(\d{4})\s*-?\s*h([12])", _half),
    (r"(\d{4})\s*年?\s*(上|下)半年", _half),
    (r"(\d{4})\s*年?\s*-?\s*q([1-4])", _quarter),
    (r"(\d{4})\s*年?\s*第?([1-4一二三四])季度", _quarter),
    (r"(\d{4})[-./年](\d{1,2})月?", lambda g, _: _months(int(g[0]), int(g[1]), 1)),
    (DATE + r"\s*(?:\.\.|~|至|到|to|\s-\s)\s*" + DATE, lambda g, _: Period(_date(g[0]), _date(g[1]))),
    (r"last[- ](\d+)[- ](day|week|month|quarter|year)s?", _last),
    (r"(?:最近|近|过去)(\d+)(天|日|周|个月|月|个季度|季度|年)", _last),
)


def parse_where(text: str) -> Filter:
    """A condition as typed: 地区=华东, staff>=100, 行业!=零售, region in 华东,华南, 订单日期>2024-01-01.

    Raises
    ------
    FenjiError
        No name, operator or value.

    >>> parse_where("region in 华东,华南")
    Filter(name='region', operator='in', values=('华东', '华南'))
    """
    typed = unicodedata.normalize("NFKC", text)
    for sign, plain in (("≠", "!="), ("≥", ">="), ("≤", "<=")):
        typed = typed.replace(sign, plain)
    match = re.fullmatch(r"\s*(.+?)\s*(!=|>=|<=|==|=|>|<|\s+in\s+|\s+IN\s+|\s+属于\s+)\s*(.*?)\s*", typed)
    if not match or not match[1] or not match[3]:
        raise FenjiError(
            zh=f"无法识别筛选条件“{text}”。请写成 地区=华东、员工数>100 或 地区 in 华东,华南。",
            en=f"Filter '{text}' is not understood. Write region=East, staff>100 or region in East,South.",
        )
    operator = {"==": "=", "属于": "in", "IN": "in"}.get(match[2].strip(), match[2].strip())
    values = [match[3]]
    if operator == "in":
        values = [v.strip() for v in re.split("[,、;]", match[3].removeprefix("(").removesuffix(")"))]
    return Filter(match[1], operator, tuple(v.strip("\"'“”‘’ ") for v in values if v))


def apply(
    data: CustomerData, *, as_of: dt.date | None = None, period: str | None = None, where: Sequence[str] = ()
) -> Scoped:
    """The data inside a scope; the input is not changed.

    Without `as_of` the analysis date is the day after the last sale, or after the period's end when that
    comes first. Rows after it, outside the period and outside the filters are left out and counted.
    Filters on customer fields choose customers; filters on order fields choose orders, and then only
    customers with such orders stay.
    """
    left_out = dict(data.left_out)
    filters = [parse_where(w) for w in where]
    later = [f for f in filters if grade_column(f.name) and not _is_input(data, f.name)]
    if now := [f for f in filters if f not in later]:
        data = _filtered(data, now, left_out)
    orders = data.orders
    if orders is None:
        if period:
            raise FenjiError(
                zh="客户表里只有合计，没有订单明细，不能按期间分析。请提供订单表，或去掉期间。",
                en="The customer table holds totals only, without orders, so no period can be chosen. "
                "Add an order table, or leave the period out.",
            )
        return Scoped(replace(data, left_out=left_out), as_of or _totals_as_of(data), None, later)
    day = days_of(orders["date"])
    keep = np.ones(len(day), bool)
    if as_of is not None:
        keep = day <= day_number(as_of)
        _count(left_out, "after_as_of", len(day) - int(keep.sum()))
    sales = keep & ~orders["is_return"].to_numpy(bool)
    last = int(day[sales].max()) if sales.any() else int(day[keep].max()) if keep.any() else None
    if last is None:
        raise no_orders()
    window = None
    end = as_of or date_of(last)
    if period:
        window = parse_period(period, end)
        inside = keep & window.holds(day)
        _count(left_out, "outside_period", int(keep.sum()) - int(inside.sum()))
        keep = inside
        if not keep.any():
            raise no_orders(str(window), f"{date_of(day.min())}..{date_of(day.max())}")
        end = as_of or min(window.end, date_of(last))
    as_of = as_of or end + dt.timedelta(days=1)
    if not keep.all():
        orders = orders[keep]
    contacts, feedback = (_until(t, as_of) for t in (data.contacts, data.feedback))
    scoped = replace(data, orders=orders, contacts=contacts, feedback=feedback, left_out=left_out)
    return Scoped(scoped, as_of, window, later)


def no_orders(period: str = "", known: str = "") -> FenjiError:
    """Nothing to grade is an error that says so, and from when to when there are orders."""
    where_zh, where_en = (f"期间 {period} 内", f" in {period}") if period else ("", "")
    span_zh, span_en = (f"现有订单的日期为 {known}。", f" The orders are of {known}.") if known else ("", "")
    return FenjiError(
        zh=f"{where_zh}没有可用的订单。{span_zh}请检查日期列、期间和筛选条件。",
        en=f"There are no usable orders{where_en}.{span_en} Check the date column, the period and the filters.",
    )


def _count(left_out: dict[str, int], reason: str, rows: int) -> None:
    if rows:
        left_out[reason] = left_out.get(reason, 0) + rows


def _until(table: pd.DataFrame | None, as_of: dt.date) -> pd.DataFrame | None:
    if table is None or "date" not in table:
        return table
    keep = ~(table["date"] > pd.Timestamp(as_of)).to_numpy()
    return table if keep.all() else table[keep]


def _totals_as_of(data: CustomerData) -> dt.date:
    column = data.customers.get("last_order_date")
    last = pd.NaT if column is None else column.max()
    if pd.isna(last):
        raise no_orders()
    return (last + pd.Timedelta(days=1)).date()


def grade_column(name: str) -> str | None:
    """The key of the grading's column a name means, or None.

    >>> grade_column("分级"), grade_column("Churn risk"), grade_column("colour")
    ('grade', 'churn_risk', None)
    """
    wanted = _plain(name)
    for field in fields.for_role("grades"):
        if wanted in (field.key, _plain(field.header.zh), _plain(field.header.en)):
            return field.key
    return None


def _is_input(data: CustomerData, name: str) -> bool:
    """Whether the name is exactly a column of the customers or orders: those come before the grading's."""
    wanted = _plain(name)
    columns = [*data.customers.columns, *(() if data.orders is None else data.orders.columns)]
    return any(wanted in {_plain(c), *(_plain(fields.header(c, lang)) for lang in LANGS)} for c in columns)


def keep_customers(data: CustomerData, stay: np.ndarray) -> CustomerData:
    """The data of the customers to stay (bool array, one per customer), renumbered."""
    number = np.cumsum(stay) - 1
    return replace(
        data,
        customers=data.customers[stay].reset_index(drop=True),
        orders=_stay(data.orders, stay, number),
        contacts=_stay(data.contacts, stay, number),
        feedback=_stay(data.feedback, stay, number),
    )


def _filtered(data: CustomerData, filters: Sequence[Filter], left_out: dict[str, int]) -> CustomerData:
    customers = data.customers
    stay = np.ones(len(customers), bool)
    orders = data.orders
    order_rows = np.ones(0 if orders is None else len(orders), bool)
    by_order = False
    for f in filters:
        column = _column(customers, f.name, "customers")
        if column is not None:
            stay &= matches(column, f)
            continue
        column = None if orders is None else _column(orders, f.name, "orders")
        if column is None:
            raise _no_column(f.name, customers.columns)
        order_rows &= matches(column, f)
        by_order = True
    if orders is not None:
        index = orders["customer_index"].to_numpy()
        if by_order:
            stay &= np.bincount(index[order_rows], minlength=len(customers)) > 0
        order_rows &= stay[index]
        _count(left_out, "outside_scope", len(orders) - int(order_rows.sum()))
    require_some(stay, filters)
    return keep_customers(data if orders is None else replace(data, orders=orders[order_rows]), stay)


def _no_column(name: str, columns: Sequence[str]) -> FenjiError:
    known = [c for c in columns if c != "source_row"]
    zh, en = (", ".join(fields.header(c, lang) for c in known) for lang in LANGS)
    return FenjiError(
        zh=f"没有名为“{name}”的列，无法筛选。可用的列：{zh.replace(', ', '、')}。",
        en=f"There is no column '{name}' to filter by. Columns: {en}.",
    )


def require_some(stay: np.ndarray, filters: Sequence[Filter]) -> None:
    """A scope that fits nobody is an error that names its conditions."""
    if not stay.any():
        shown = "; ".join(f"{f.name} {f.operator} {','.join(f.values)}" for f in filters)
        raise FenjiError(
            zh=f"没有客户符合筛选条件：{shown}。",
            en=f"No customer fits the filter: {shown}.",
        )


def _stay(table: pd.DataFrame | None, stay: np.ndarray, number: np.ndarray) -> pd.DataFrame | None:
    if table is None:
        return None
    return _renumber(table[stay[table["customer_index"].to_numpy()]], number)


def _renumber(table: pd.DataFrame, number: np.ndarray) -> pd.DataFrame:
    return table.assign(customer_index=number[table["customer_index"].to_numpy()].astype(np.int32))


def _column(table: pd.DataFrame, name: str, role: str) -> pd.Series | None:
    """The column a name means: a key, the user's own header, or a header fenji knows."""
    if name in table:
        return table[name]
    key = fields.key_of(name, role)
    if key == "order_date":
        key = "date"
    return table.get(key, None)


OPERATORS: dict[str, Callable[[pd.Series, object], pd.Series]] = {
    ">": lambda c, v: c > v,
    "<": lambda c, v: c < v,
    ">=": lambda c, v: c >= v,
    "<=": lambda c, v: c <= v,
}


def matches(column: pd.Series, f: Filter) -> np.ndarray:
    """True where the condition holds, bool array; an empty cell fits != only."""
    if f.operator in OPERATORS:
        return OPERATORS[f.operator](*_comparable(column, f)).fillna(False).to_numpy(bool)
    if pd.api.types.is_bool_dtype(column):
        found = column.isin([_truth(v, f) for v in f.values])
    elif pd.api.types.is_datetime64_any_dtype(column):
        found = column.dt.normalize().isin([_timestamp(v, f) for v in f.values])
    elif pd.api.types.is_numeric_dtype(column):
        found = column.isin([_float(v, f) for v in f.values])
    else:
        wanted_texts = {_plain(v) for v in f.values}
        fits = [u for u in column.dropna().unique() if _plain(u) in wanted_texts]
        found = column.isin(fits)
    result = found.to_numpy(bool)
    return ~result if f.operator == "!=" else result


def _plain(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def _comparable(column: pd.Series, f: Filter) -> tuple[pd.Series, object]:
    """Column and value on one scale: dates, or numbers."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column, _timestamp(f.values[0], f)
    if not pd.api.types.is_numeric_dtype(column):
        column = pd.to_numeric(column.astype(object), errors="coerce")
    return column, _float(f.values[0], f)


def _float(value: str, f: Filter) -> float:
    try:
        return float(value.replace(",", ""))
    except ValueError:
        raise _bad_value(f) from None


def _timestamp(value: str, f: Filter) -> pd.Timestamp:
    try:
        return pd.Timestamp(value)
    except ValueError:
        raise _bad_value(f) from None


def _truth(value: str, f: Filter) -> bool:
    word = _plain(value)
    if word in YES or word in NO:
        return word in YES
    raise FenjiError(
        zh=f"筛选条件“{f.name} {f.operator} {value}”里的值要写“是”或“否”。",
        en=f"The value in filter '{f.name} {f.operator} {value}' must be yes or no.",
    )


def _bad_value(f: Filter) -> FenjiError:
    return FenjiError(
        zh=f"筛选条件“{f.name} {f.operator} {f.values[0]}”里的值要是数字或日期。",
        en=f"The value in filter '{f.name} {f.operator} {f.values[0]}' must be a number or a date.",
    )
