"""Tiers and behaviour classes: ABC, value, activity, need, satisfaction, size, and the customer grade.

Definitions, section 2. Arrays in, codes out (see `udfs.terms`); NaN means "not known".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np

from udfs.cut_points import cut_points, exact
from udfs.money import to_units
from udfs.options import PERSONAL_WORDS, PRICE_WORDS, QUALITY_WORDS


def percentile(values: np.ndarray) -> np.ndarray:
    """Mid-rank percentile of each value among all: share below plus half the share equal, times 100.

    Parameters
    ----------
    values : float array, shape (n,); missing values (NaN) take no part and stay NaN.

    Returns
    -------
    float array, shape (n,), above 0 and below 100.

    >>> percentile(np.array([10.0, 20.0, 20.0, 40.0])).tolist()
    [12.5, 50.0, 50.0, 87.5]
    """
    x = np.asarray(values, np.float64)
    flat = x.ravel()
    place = np.flatnonzero(~np.isnan(flat))
    n = len(place)
    result = np.full(flat.shape, np.nan)
    if n:
        order = np.argsort(flat[place])
        ordered = flat[place][order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        ends = np.append(starts[1:], n)
        result[place[order]] = np.repeat((starts + ends) * 50.0 / n, ends - starts)
    return result.reshape(x.shape)


def mean_of_known(parts: Sequence[np.ndarray], weights: Sequence[float] | None = None) -> np.ndarray:
    """Weighted mean of the parts that are known for each customer; NaN where none is.

    Parameters
    ----------
    parts : float arrays of one shape; NaN parts drop out and their weight is shared.
    weights : one number per part, default equal.

    >>> mean_of_known([np.array([80.0]), np.array([60.0]), np.array([50.0]), np.array([np.nan])],
    ...               [0.5, 0.2, 0.2, 0.1]).round(1).tolist()
    [68.9]
    """
    stacked = np.array([np.asarray(p, np.float64) for p in parts])
    known = ~np.isnan(stacked)
    w = np.ones(len(parts)) if weights is None else np.asarray(weights, np.float64)
    w = w.reshape((-1,) + (1,) * (stacked.ndim - 1))
    total = (w * known).sum(axis=0)
    value = (w * np.where(known, stacked, 0.0)).sum(axis=0)
    # Rounding hides the last bit, which would depend on the order of the parts.
    return np.where(total > 0, np.round(value / np.where(total > 0, total, 1.0), 9), np.nan)


def three_classes(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """ "high" from the second limit on, "medium" from the first, else "low"; "unknown" for NaN.

    >>> three_classes(np.array([70.0, 69.9, 39.0, np.nan]), (40, 70)).tolist()
    ['high', 'medium', 'low', 'unknown']
    """
    x = np.asarray(values, np.float64)
    position = (x >= limits[0]).astype(np.int64) + (x >= limits[1])
    return np.array(["low", "medium", "high", "unknown"], object)[np.where(np.isnan(x), 3, position)]


def abc_class(
    amount: np.ndarray, basis: str = "customers", limits: tuple[float, float] | None = None
) -> np.ndarray:
    """ABC classes of customers by amount.

    Basis "customers": the first 10 % (rounded up) are A, A and B together 30 %, the rest C. Basis "value":
    A reaches 80 % of the amount, A and B 95 %; who crosses the line belongs to the higher class. Equal
    amounts get the same class, the higher one.

    Parameters
    ----------
    amount : float array, shape (n,); NaN customers get "prospects" and are not counted.
    basis : "customers" or "value". limits : cumulative shares, default (0.10, 0.30) and (0.80, 0.95).

    >>> abc_class(np.array([5.0, 100, 30, 20, 10, 9, 8, 7, 6, 5])).tolist()
    ['C', 'A', 'B', 'B', 'C', 'C', 'C', 'C', 'C', 'C']
    """
    x = np.asarray(amount, np.float64)
    known = np.flatnonzero(~np.isnan(x))
    codes = np.full(x.shape, "prospects", object)
    if len(known) == 0:
        return codes
    units = to_units(x[known])[0]
    order = np.argsort(-units, kind="stable")
    ordered = units[order]
    low, high = limits or ((0.10, 0.30) if basis == "customers" else (0.80, 0.95))
    in_a, in_b = (_first_by(ordered, basis, share) for share in (low, high))
    position = np.searchsorted(-ordered, -ordered, "left")  # of the first customer with this amount
    classes = np.where(position < in_a, "A", np.where(position < in_b, "B", "C"))
    codes[known[order]] = classes
    return codes


def _first_by(ordered: np.ndarray, basis: str, share: float) -> int:
    """How many customers from the top the limit takes in, ties aside."""
    if basis == "customers":
        return ceil(exact(share) * len(ordered))
    positive = np.maximum(ordered, 0)
    before = np.concatenate([[0], np.cumsum(positive)[:-1]])
    limit = exact(share) * int(positive.sum())
    return int(np.searchsorted(before, ceil(limit), "left")) if limit > 0 else 0


def ties_enlarge_a(codes: np.ndarray, share: float = 0.10) -> bool:
    """Whether ties made class A (basis customers) more than half as large again as it should be."""
    n = int((codes != "prospects").sum())
    return bool(2 * int((codes == "A").sum()) > 3 * ceil(exact(share) * n))


def value_percentile(amount: np.ndarray, profit: np.ndarray | None = None) -> np.ndarray:
    """Mean of the mid-rank percentiles of amount and, where there is one, profit."""
    parts = [percentile(amount)]
    if profit is not None:
        parts.append(np.where(np.isnan(parts[0]), np.nan, percentile(profit)))
    return mean_of_known(parts)


def value_tier(
    amount: np.ndarray, profit: np.ndarray | None = None, limits: tuple[float, float] | None = None
) -> np.ndarray:
    """Value high, medium or low by `value_percentile`: terciles, or own percentile limits.

    Parameters
    ----------
    amount, profit : float arrays, shape (n,), NaN unknown; without amount the customer is "prospects".
    limits : percentiles from which value is medium and high; None for terciles.

    >>> value_tier(np.array([1.0, 2, 3])).tolist()
    ['low', 'medium', 'high']
    """
    place = value_percentile(amount, profit)
    if limits:
        codes = three_classes(place, limits)
    else:
        tercile = cut_points(place, 3).score(place)
        codes = np.array(["prospects", "low", "medium", "high"], object)[tercile]
    codes[np.isnan(place)] = "prospects"
    return codes


def activity_status(
    days: np.ndarray,
    interval: np.ndarray | None = None,
    n_intervals: np.ndarray | None = None,
    *,
    min_intervals: int = 3,
    interval_limits: tuple[float, float] = (1.5, 3.0),
    day_limits: tuple[float, float] = (90, 180),
) -> np.ndarray:
    """Active, dormant or lost, against the customer's own median purchase interval or days.

    Parameters
    ----------
    days : float array, shape (n,), days since the last sale; NaN is a prospect.
    interval, n_intervals : own median interval in days, and how many intervals it rests on.

    >>> activity_status(np.array([100, 100, 200]), np.array([70, 20, np.nan]), np.array([5, 5, 0])).tolist()
    ['active', 'lost', 'lost']
    """
    d = np.asarray(days, np.float64)
    limits = [np.full(d.shape, float(limit)) for limit in day_limits]
    if interval is not None:
        own = np.asarray(interval, np.float64)
        enough = ~np.isnan(own)
        if n_intervals is not None:
            enough &= np.asarray(n_intervals) >= min_intervals
        limits = [np.where(enough, own * k, limit) for k, limit in zip(interval_limits, limits, strict=True)]
    position = (d > limits[0]).astype(np.int64) + (d > limits[1])
    position = np.where(np.isnan(d), 3, position)
    return np.array(["active", "dormant", "lost", "prospects"], object)[position]


def need_from_words(
    preference: Sequence[str | None],
    price: Sequence[str] = PRICE_WORDS,
    quality: Sequence[str] = QUALITY_WORDS,
    personal: Sequence[str] = PERSONAL_WORDS,
) -> np.ndarray:
    """Need type from the words of a preference column; "unknown" where no word is found.

    >>> need_from_words(["注重性价比", "quality first", "", None]).tolist()
    ['price_sensitive', 'quality_seeking', 'unknown', 'unknown']
    """
    kinds = (("price_sensitive", price), ("quality_seeking", quality), ("personalised", personal))
    seen: dict[str | None, str] = {None: "unknown"}
    for text in set(preference):
        if isinstance(text, str):
            low = text.casefold()
            found = (kind for kind, words in kinds if any(w.casefold() in low for w in words))
            seen[text] = next(found, "unknown")
    return np.array([seen.get(t, "unknown") if isinstance(t, str) else "unknown" for t in preference], object)


def need_type(
    from_words: np.ndarray,
    discount_share: np.ndarray,
    premium_share: np.ndarray,
    custom_share: np.ndarray,
    limits: tuple[float, float, float] = (0.5, 0.5, 0.5),
) -> np.ndarray:
    """Need type: what the customer said first, else what the orders show; else unknown.

    Parameters
    ----------
    from_words : codes of `need_from_words`, shape (n,).
    discount_share, premium_share, custom_share : share of orders at a discount, with premium products,
        made to order; float arrays, NaN unknown.
    """
    codes = np.array(from_words, object)
    shares = (discount_share, premium_share, custom_share)
    kinds = ("price_sensitive", "quality_seeking", "personalised")
    for kind, share, limit in zip(kinds, shares, limits, strict=True):
        codes[(codes == "unknown") & (np.asarray(share, np.float64) >= limit)] = kind
    return codes


def satisfaction_class(satisfaction: np.ndarray, limits: tuple[float, float] = (3.0, 4.0)) -> np.ndarray:
    """Satisfied from 4 on, neutral from 3 on, else dissatisfied; "unknown" for NaN.

    >>> satisfaction_class(np.array([4.0, 3.5, 2.9, np.nan])).tolist()
    ['satisfied', 'neutral', 'dissatisfied', 'unknown']
    """
    x = np.asarray(satisfaction, np.float64)
    position = (x >= limits[0]).astype(np.int64) + (x >= limits[1])
    names = np.array(["dissatisfied", "neutral", "satisfied", "unknown"], object)
    return names[np.where(np.isnan(x), 3, position)]


def company_size(revenue: np.ndarray, limits: tuple[float, float] = (50e6, 200e6)) -> np.ndarray:
    """Company size by revenue (or purchasing volume) in 元: small below 50 million, large above 200.

    >>> company_size(np.array([49e6, 50e6, 200e6, 201e6, np.nan])).tolist()
    ['small', 'medium', 'medium', 'large', 'unknown']
    """
    x = np.asarray(revenue, np.float64)
    position = (x >= limits[0]).astype(np.int64) + (x > limits[1])
    return np.array(["small", "medium", "large", "unknown"], object)[np.where(np.isnan(x), 3, position)]


def grade_score(
    value: np.ndarray,
    behaviour: np.ndarray,
    loyalty: np.ndarray,
    satisfaction: np.ndarray,
    weights: Mapping[str, float] | None = None,
) -> np.ndarray:
    """The grade score 0..100: weighted mean of the four percentiles that are known.

    >>> grade_score(*(np.array([p]) for p in (80.0, 60.0, 50.0, np.nan))).round(1).tolist()
    [68.9]
    """
    w = weights or {"value": 0.5, "behaviour": 0.2, "loyalty": 0.2, "satisfaction": 0.1}
    parts = {"value": value, "behaviour": behaviour, "loyalty": loyalty, "satisfaction": satisfaction}
    used = [name for name in parts if w.get(name, 0) > 0]
    return mean_of_known([parts[name] for name in used], [w[name] for name in used])


def customer_grade(score: np.ndarray, limits: tuple[float, float] = (40.0, 70.0)) -> np.ndarray:
    """High, medium or low from the grade score; "prospects" for NaN.

    >>> customer_grade(np.array([68.9, 70.0, np.nan])).tolist()
    ['medium', 'high', 'prospects']
    """
    codes = three_classes(score, limits)
    codes[codes == "unknown"] = "prospects"
    return codes


def vip(score: np.ndarray, share: float = 0.10) -> np.ndarray:
    """True for the top share of customers by grade score (rounded up); ties at the border go up together.

    >>> vip(np.array([90.0, 80.0, 80.0, 10.0]), 0.5).tolist()
    [True, True, True, False]
    """
    x = np.asarray(score, np.float64)
    known = np.sort(x[~np.isnan(x)])
    count = ceil(exact(share) * len(known))
    if count == 0:
        return np.zeros(x.shape, bool)
    return x >= known[-count]
