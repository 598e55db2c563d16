"""Loyalty in cells: tenure, purchase interval, repeat rate, price sensitivity, promoters, score and class."""

from __future__ import annotations

import numpy as np

from udfs import loyalty, tiers
from udfs.cells import (
    Cells,
    ExcelError,
    column,
    division_error,
    not_available,
    number_error,
    to_number,
    value_error,
)
from udfs.rfm import purchase_days
from udfs.worksheet.calling import DIFFERENT_SIZES, worksheet_function
from udfs.worksheet.grouping import marked, number_keys
from udfs.worksheet.names import names, two_limits

Column = np.ndarray
Grid = np.ndarray | None

ENDS_BEFORE = number_error("最近日期早于首次日期。", "The last date is before the first.")
ONE_DAY_ONLY = not_available("至少要有两个不同的购买日。", "At least two different purchase days are needed.")
NO_SPEND = division_error("该客户没有消费。", "This customer has no spend.")
PRICE_UNCHANGED = division_error("价格没有变化。", "The price did not change.")
NOBODY = division_error("没有客户下过单。", "Nobody has ordered.")
NO_ANSWERS = not_available("没有答卷。", "There are no answers.")


@worksheet_function
def TENURE_DAYS(first: Column, last: Column) -> Column:
    return marked(loyalty.tenure_days(first, last), last < first, ENDS_BEFORE)


@worksheet_function
def PURCHASE_INTERVAL(date: Column, customer: Column | None) -> Column | float | ExcelError:
    codes, owners = number_keys(customer) if customer is not None else (np.zeros(len(date), np.int64), [""])
    median = loyalty.intervals(*purchase_days(codes, date.astype(np.int64)), len(owners)).median
    if customer is None:
        return ONE_DAY_ONLY if np.isnan(median[0]) else float(median[0])
    return marked(median[codes], np.isnan(median[codes]), ONE_DAY_ONLY)


@worksheet_function
def REPEAT_RATE(orders: Column) -> float:
    rate = loyalty.repeat_rate(orders)
    if rate != rate:
        raise NOBODY
    return rate


@worksheet_function
def PRICE_SENSITIVITY(discount_spend: Column, spend: Column) -> Column:
    found = loyalty.price_sensitivity(discount_spend, spend)
    return marked(found, np.isnan(found), NO_SPEND)


@worksheet_function
def PRICE_ELASTICITY(quantity1: Column, quantity2: Column, price1: Column, price2: Column) -> Column:
    rows = zip(quantity1, quantity2, price1, price2, strict=True)
    found = np.array([loyalty.arc_elasticity(*map(float, row)) for row in rows])
    return marked(found, np.isnan(found), PRICE_UNCHANGED)


@worksheet_function
def NET_PROMOTER(recommend: Column) -> float:
    if len(recommend) == 0:
        raise NO_ANSWERS
    return loyalty.net_promoter(recommend)


@worksheet_function
def LOYALTY_CLASS(loyalty_score: Column, loyalty_limits: Grid, lang: str) -> Column:
    limits = two_limits(loyalty_limits, "loyalty_limits") or (40.0, 70.0)
    return names("loyalty_class", loyalty.loyalty_class(loyalty_score, limits), lang)


@worksheet_function
def LOYALTY_SCORE(parts: Cells, part_weights: Grid) -> Column:
    """Percentiles of each column among the customers; a negative weight turns a column round."""
    values, errors, state = column(parts, to_number, float)
    height, width = parts.shape
    table, marks = values.reshape(parts.shape), state.reshape(parts.shape)
    header = height > 1 and bool((marks[0] >= 0).any()) and not np.isfinite(table[0]).any()
    wrong = (marks >= 0).any(axis=1)
    blank = (marks == -2).all(axis=1) | (np.arange(height) == 0 if header else False)
    weights = np.ones(width) if part_weights is None else part_weights[~np.isnan(part_weights)]
    if len(weights) != width:
        raise value_error(
            f"parts 有 {width} 列，part_weights 也应有 {width} 个数。",
            f"parts has {width} columns, so part_weights needs {width} numbers.",
        )
    if not np.abs(weights).sum() > 0:
        raise DIFFERENT_SIZES
    used = ~(wrong | blank)
    signed = np.where(used[:, None], table, np.nan) * np.where(weights < 0, -1.0, 1.0)
    score = tiers.mean_of_known([tiers.percentile(c) for c in signed.T], np.abs(weights).tolist())
    result = score.astype(object)
    for i in np.flatnonzero(wrong):
        result[i] = errors[int(marks[i].max())]
    result[blank] = ""
    return result
