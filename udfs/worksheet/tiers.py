"""Tiers and classes in cells: ABC, value, activity, need, satisfaction, size and the customer grade."""

from __future__ import annotations

import numpy as np

from udfs import tiers
from udfs.cells import not_available, value_error
from udfs.options import GRADE_PARTS
from udfs.worksheet.calling import worksheet_function
from udfs.worksheet.names import names, two_limits

Column = np.ndarray
Grid = np.ndarray | None

NOT_UNDERSTOOD = not_available(
    "无法识别这个满意度。可用：非常满意、满意、一般、不满意、非常不满意，或分数。",
    "This satisfaction rating cannot be read; use very satisfied ... very dissatisfied, stars or a number.",
)
NOBODY_ELSE = not_available(
    "单个客户无法比较，请选中整列客户。",
    "One customer alone cannot be ranked: choose the whole column of customers.",
)


@worksheet_function
def ABC_CLASS(amount: Column, basis: str, abc_limits: Grid) -> Column:
    if len(amount) < 2:
        raise NOBODY_ELSE
    limits = two_limits(abc_limits, "abc_limits")
    if limits and not 0 <= limits[0] <= limits[1] <= 1:
        raise value_error("abc_limits 应在 0 到 1 之间。", "abc_limits must lie between 0 and 1.")
    return tiers.abc_class(amount, basis, limits)


@worksheet_function
def VALUE_TIER(amount: Column, profit: Column | None, tier_limits: Grid, lang: str) -> Column:
    if len(amount) < 2:
        raise NOBODY_ELSE
    return names("value_tier", tiers.value_tier(amount, profit, two_limits(tier_limits, "tier_limits")), lang)


@worksheet_function
def ACTIVITY_STATUS(days: Column, interval: Column | None, activity_limits: Grid, lang: str) -> Column:
    limits = two_limits(activity_limits, "activity_limits") or (90, 180)
    return names("activity", tiers.activity_status(days, interval, day_limits=limits), lang)


@worksheet_function
def NEED_TYPE(
    preference: Column,
    discount_share: Column | None,
    premium_share: Column | None,
    custom_share: Column | None,
    lang: str,
) -> Column:
    discount, premium, custom = _known_or_nan(discount_share, premium_share, custom_share, n=len(preference))
    words = tiers.need_from_words(preference.tolist())
    return names("need_type", tiers.need_type(words, discount, premium, custom), lang)


def _known_or_nan(*columns: Column | None, n: int) -> list[Column]:
    """Columns that were left out as unknown values."""
    return [np.full(n, np.nan) if column is None else column for column in columns]


@worksheet_function
def SATISFACTION_SCORE(opinion: Column, scale: float | None) -> Column:
    from udfs.cleaning.columns import Column as CellColumn
    from udfs.cleaning.satisfaction import parse_satisfaction

    header = "" if scale is None else f"0-{scale:g}"
    scores = parse_satisfaction(CellColumn.from_values(opinion.tolist()), header).values
    return np.array([NOT_UNDERSTOOD if s != s else s for s in scores.tolist()], object)


@worksheet_function
def SATISFACTION_CLASS(score: Column, lang: str) -> Column:
    return names("satisfaction_class", tiers.satisfaction_class(score), lang)


@worksheet_function
def COMPANY_SIZE(revenue: Column, size_limits: Grid, lang: str) -> Column:
    limits = two_limits(size_limits, "size_limits") or (50e6, 200e6)
    return names("company_size", tiers.company_size(revenue, limits), lang)


@worksheet_function
def CUSTOMER_GRADE(
    value: Column,
    behaviour: Column | None,
    loyalty: Column | None,
    satisfaction: Column | None,
    grade_weights: Grid,
    grade_limits: Grid,
    output: str,
    lang: str,
) -> Column:
    behaved, loyal, satisfied = _known_or_nan(behaviour, loyalty, satisfaction, n=len(value))
    score = tiers.grade_score(value, behaved, loyal, satisfied, _weights(grade_weights))
    if output == "score":
        return score
    limits = two_limits(grade_limits, "grade_limits") or (40.0, 70.0)
    return names("grade", tiers.customer_grade(score, limits), lang)


def _weights(grid: Grid) -> dict[str, float] | None:
    if grid is None:
        return None
    values = grid[~np.isnan(grid)].tolist()
    if len(values) != len(GRADE_PARTS) or min(values) < 0 or sum(values) <= 0:
        raise value_error(
            "grade_weights 需要四个不为负的权重：价值、行为、忠诚度、满意度。",
            "grade_weights needs four weights, none negative: value, behaviour, loyalty, satisfaction.",
        )
    return dict(zip(GRADE_PARTS, values, strict=True))
