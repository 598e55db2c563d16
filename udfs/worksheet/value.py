"""Value and risk in cells: lifetime value, signs of churn, growth, trend, season, concentration."""

from __future__ import annotations

import numpy as np

from udfs import churn, concentration, lifetime_value, money, periods
from udfs.cells import division_error, not_available, number_error
from udfs.worksheet.calling import worksheet_function
from udfs.worksheet.grouping import DAY_ZERO, marked, number_keys
from udfs.worksheet.names import names

Column = np.ndarray

LONGEST_SERIES = 2000
NO_END = number_error("1 + 折现率 - 留存率 必须大于 0。", "1 + discount - retention must be above 0.")
NOTHING_BEFORE = division_error(
    "上期为 0，无法计算增长率。", "There was nothing before, so there is no growth rate."
)
FIRST_YEAR = not_available("没有上年同期的数据。", "There is no value a year before.")
TOO_SHORT = not_available("至少需要两个数值。", "At least two values are needed.")
TOO_LONG = number_error(
    f"数值太多，最多 {LONGEST_SERIES} 期。请先按月汇总。",
    f"Too many values: at most {LONGEST_SERIES}. Sum them by month first.",
)
TWO_YEARS = not_available(
    "至少需要 24 个月的数据，且每个月份都有数值。",
    "At least 24 months are needed, with a value for each calendar month.",
)
ALL_ZERO = division_error("金额合计为 0。", "All amounts are 0.")


@worksheet_function
def CLV_SIMPLE(margin: Column, retention: Column, discount: Column, first_payment: bool) -> Column:
    value = lifetime_value.clv_simple(margin, retention, discount, first_payment)
    return marked(value, np.isnan(value), NO_END)


@worksheet_function
def CLV_HISTORIC(amount: Column, margin_rate: Column | None, customer: Column | None) -> Column | float:
    rate = np.ones(len(amount)) if margin_rate is None else np.where(np.isnan(margin_rate), 1.0, margin_rate)
    if customer is None:
        return lifetime_value.clv_historic(amount, rate)
    codes, owners = number_keys(customer)
    units, decimals = money.to_units(money.multiply(amount, rate))
    return money.from_units(money.sum_by(codes, units, len(owners)), decimals)[codes]


@worksheet_function
def CHURN_FLAGS(
    last_order: Column,
    as_of: float,
    opinion_score: Column | None,
    contacts: Column | None,
    contacts_before: Column | None,
) -> Column:
    return np.array(_flags(last_order, as_of, opinion_score, contacts, contacts_before), np.int64).T


@worksheet_function
def CHURN_RISK(
    last_order: Column,
    as_of: float,
    opinion_score: Column | None,
    contacts: Column | None,
    contacts_before: Column | None,
    lang: str,
) -> Column:
    flags = _flags(last_order, as_of, opinion_score, contacts, contacts_before)
    return names("churn_risk", churn.churn_risk({str(i): flag for i, flag in enumerate(flags)}), lang)


def _flags(
    last_order: Column, as_of: float, opinion: Column | None, contacts: Column | None, before: Column | None
) -> list[Column]:
    """The three signs; what is not known is no sign."""
    never = np.zeros(len(last_order), bool)
    return [
        churn.no_recent_sale(last_order - DAY_ZERO, int(as_of) - DAY_ZERO),
        never if opinion is None else churn.low_satisfaction(opinion),
        never if contacts is None or before is None else churn.fewer_contacts(contacts, before),
    ]


@worksheet_function
def GROWTH_RATE(new: Column, old: Column) -> Column:
    rate = periods.growth_rate(new, old)
    return marked(rate, np.isnan(rate), NOTHING_BEFORE)


@worksheet_function
def TREND_SLOPE(series: Column) -> float:
    if len(series) > LONGEST_SERIES:
        raise TOO_LONG
    slope = float(periods.trend_slope(series))
    if slope != slope:
        raise TOO_SHORT
    return slope


@worksheet_function
def YOY_CHANGE(series: Column, period: int) -> Column:
    change = periods.year_on_year(series, period)
    before = np.full(len(series), np.nan)
    before[period:] = series[:-period]
    result = marked(change, np.isnan(change), FIRST_YEAR).astype(object)
    result[before == 0] = NOTHING_BEFORE
    result[np.isnan(series)] = ""
    return result


@worksheet_function
def SEASON_INDEX(series: Column, first_month: int) -> Column:
    filled = np.flatnonzero(~np.isnan(series))
    index = periods.season_index(series[: filled[-1] + 1] if len(filled) else series[:0], first_month)
    if np.isnan(index).any():
        raise TWO_YEARS
    return index


@worksheet_function
def PARETO_SHARE(amount: Column, share: float) -> float:
    return _of_total(concentration.pareto_share(amount, share))


@worksheet_function
def GINI_INDEX(amount: Column, small_sample: bool) -> float:
    return _of_total(concentration.gini(amount, small_sample))


@worksheet_function
def HERFINDAHL_INDEX(amount: Column) -> float:
    return _of_total(concentration.herfindahl(amount))


def _of_total(value: float) -> float:
    if value != value:
        raise ALL_ZERO
    return value
