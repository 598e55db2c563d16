"""Loyalty: how long, how regularly and how willingly customers come back.

Definitions, section 3. No standard loyalty score exists, so its parts and weights always stand beside it.
Arrays in, arrays out; customers are numbered 0..n-1, days count from 1970-01-01, NaN means "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from udfs.options import LOYALTY_PARTS
from udfs.tiers import mean_of_known, percentile, three_classes

MANY = 10_000  # from so many days on, the month of each day of the calendar is looked up


@dataclass(frozen=True, slots=True)
class Intervals:
    """Days between consecutive distinct purchase days of each customer.

    Attributes
    ----------
    count : int64, shape (n,); median : float64, NaN without two purchase days.
    regularity : 1 - median absolute deviation / median, at least 0; NaN under three intervals.
    """

    count: np.ndarray
    median: np.ndarray
    regularity: np.ndarray


def intervals(customer: np.ndarray, day: np.ndarray, n: int) -> Intervals:
    """Purchase intervals from the distinct purchase days (see `udfs.rfm.purchase_days`), sorted so.

    >>> found = intervals(np.array([0, 0, 0, 0, 1]), np.array([0, 10, 20, 50, 7]), 2)
    >>> found.count.tolist(), found.median.tolist(), found.regularity.tolist()
    ([3, 0], [10.0, nan], [1.0, nan])
    """
    same = customer[1:] == customer[:-1]
    owner, gap = customer[1:][same], (day[1:] - day[:-1])[same]
    count = np.bincount(owner, minlength=n)
    twice = _twice_median(owner, gap, count)
    some = count > 0
    median = np.where(some, twice / 2, np.nan)
    deviation = _twice_median(owner, np.abs(2 * gap - twice[owner]), count)  # in quarters of a day
    with np.errstate(divide="ignore", invalid="ignore"):
        regularity = np.maximum(1 - deviation / (2.0 * twice), 0.0)
    return Intervals(count, median, np.where(count >= 3, regularity, np.nan))


def _twice_median(owner: np.ndarray, value: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Twice the median of whole, not negative values for each owner: a whole number; 0 without values."""
    if len(value) == 0:
        return np.zeros(len(count), np.int64)
    width = int(value.max()) + 1
    ordered = np.sort(owner.astype(np.int64) * width + value) % width
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    last = len(ordered) - 1
    low = ordered[np.minimum(start + np.maximum(count - 1, 0) // 2, last)]
    high = ordered[np.minimum(start + count // 2, last)]
    return np.where(count > 0, low + high, 0)


def tenure_days(first_day: np.ndarray, last_day: np.ndarray) -> np.ndarray:
    """Days from the first to the last sale (or to the analysis date, when that is given as the end).

    >>> tenure_days(np.array([10]), np.array([375])).tolist()
    [365]
    """
    return np.asarray(last_day) - np.asarray(first_day)


def month_number(day: np.ndarray | int) -> np.ndarray:
    """Months since January 1970 of days since 1970-01-01.

    >>> month_number(np.array([0, 31, 365])).tolist()
    [0, 1, 12]
    """
    days = np.asarray(day)
    if days.size > MANY and 0 <= (width := int(days.max()) - (first := int(days.min()))) < days.size:
        return month_number(np.arange(first, first + width + 1))[days - first]
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def repeat_months(customer: np.ndarray, day: np.ndarray, n: int, end_day: int) -> np.ndarray:
    """Share of the months since the first order, to the month of `end_day`, that had an order; NaN without.

    Takes the distinct purchase days (see `udfs.rfm.purchase_days`).

    >>> repeat_months(np.array([0, 0]), np.array([0, 40]), 1, 100).tolist()
    [0.5]
    """
    if len(customer) == 0:
        return np.full(n, np.nan)
    month = month_number(day)
    new_month = np.concatenate([[True], (month[1:] != month[:-1]) | (customer[1:] != customer[:-1])])
    with_order = np.bincount(customer[new_month], minlength=n)
    first = np.zeros(n, np.int64)
    first[customer[::-1]] = month[::-1]  # days ascend: the first one is written last
    span = np.maximum(int(month_number(end_day)) - first + 1, 1)
    return np.where(with_order > 0, with_order / span, np.nan)


def repeat_rate(orders: np.ndarray) -> float:
    """Customers with two orders or more, among those with one or more; NaN when nobody ordered.

    >>> repeat_rate(np.array([1, 2, 5, 0]))
    0.6666666666666666
    """
    ordered = int((np.asarray(orders) >= 1).sum())
    return int((np.asarray(orders) >= 2).sum()) / ordered if ordered else float("nan")


def price_sensitivity(discounted: np.ndarray, spend: np.ndarray) -> np.ndarray:
    """Share of spend at a discount, less the share of all customers together: above 0 is more sensitive.

    For information about offers; it must not be used to charge loyal customers more.

    Parameters
    ----------
    discounted, spend : float arrays, shape (n,), amounts bought at a discount and in all.

    >>> price_sensitivity(np.array([50.0, 0.0]), np.array([100.0, 100.0])).tolist()
    [0.25, -0.25]
    """
    part, whole = np.asarray(discounted, np.float64), np.asarray(spend, np.float64)
    known = whole > 0
    base = np.nansum(np.where(known, part, 0)) / max(float(np.nansum(np.where(known, whole, 0))), 1e-300)
    return np.where(known, part / np.where(known, whole, 1) - base, np.nan)


def arc_elasticity(q1: float, q2: float, p1: float, p2: float) -> float:
    """Arc elasticity of demand: relative change of quantity over relative change of price, each to the mean.

    NaN when the price does not change or a mean is 0.

    >>> arc_elasticity(100, 80, 10, 12)
    -1.222222222222222
    """
    if p1 == p2 or q1 + q2 == 0 or p1 + p2 == 0:
        return float("nan")
    return ((q2 - q1) / ((q1 + q2) / 2)) / ((p2 - p1) / ((p1 + p2) / 2))


def net_promoter(answers: np.ndarray) -> float:
    """NPS, -100 to 100: % of answers 9-10 less % of 0-6; 7 and 8 stay in the base. NaN without answers.

    >>> net_promoter(np.array([10] * 60 + [7] * 20 + [3] * 20))
    40.0
    """
    x = np.asarray(answers, np.float64)
    x = x[~np.isnan(x)]
    if len(x) == 0:
        return float("nan")
    return (int((x >= 9).sum()) - int((x <= 6).sum())) * 100 / len(x)


def loyalty_score(parts: Mapping[str, np.ndarray], weights: Mapping[str, float] | None = None) -> np.ndarray:
    """Loyalty 0..100: weighted mean of the mid-rank percentiles of the parts that are known.

    Parameters
    ----------
    parts : float arrays, shape (n,), by name (`udfs.options.LOYALTY_PARTS`), larger is more loyal:
        tenure, repeat_purchase, regularity, referrals, price_insensitivity, few_complaints, participation,
        satisfaction.
    weights : by name, default equal.

    >>> loyalty_score({"tenure": np.array([10.0, 400.0]), "referrals": np.array([0.0, 2.0])}).tolist()
    [25.0, 75.0]
    """
    used = [p for p in LOYALTY_PARTS if p in parts and (weights is None or weights.get(p, 0) > 0)]
    if not used:
        n = len(next(iter(parts.values()))) if parts else 0
        return np.full(n, np.nan)
    w = [1.0 if weights is None else weights[p] for p in used]
    return mean_of_known([percentile(parts[p]) for p in used], w)


def loyalty_class(score: np.ndarray, limits: tuple[float, float] = (40.0, 70.0)) -> np.ndarray:
    """High from 70 on, medium from 40 on, else low; "prospects" for NaN.

    >>> loyalty_class(np.array([70.0, 40.0, 39.9, np.nan])).tolist()
    ['high', 'medium', 'low', 'prospects']
    """
    codes = three_classes(score, limits)
    codes[codes == "unknown"] = "prospects"
    return codes
