"""Change over time: growth, trend, the same time last year, seasons.

Definitions, section 6. Series are arrays with one value per month (or other equal period), oldest first.
"""

from __future__ import annotations

import numpy as np

MONTHS_A_YEAR = 12


def growth_rate(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Change against an earlier value, as a share of it: 0.2 is 20 % more. NaN where there was nothing.

    After a negative value the change is taken against its size, so that more is always positive.

    >>> growth_rate(np.array([120.0, 5.0, 5.0]), np.array([100.0, 0.0, -10.0])).tolist()
    [0.2, nan, 1.5]
    """
    now, before = np.asarray(now, np.float64), np.asarray(before, np.float64)
    base = np.where(before == 0, np.nan, np.abs(before))
    return np.round((now - before) / base, 12)


def year_on_year(values: np.ndarray, periods_a_year: int = MONTHS_A_YEAR) -> np.ndarray:
    """Growth of each month against the same month a year before; NaN for the first year.

    >>> year_on_year(np.array([10.0, 20.0, 15.0, 20.0]), periods_a_year=2).tolist()
    [nan, nan, 0.5, 0.0]
    """
    x = np.asarray(values, np.float64)
    result = np.full(len(x), np.nan)
    if len(x) > periods_a_year:
        result[periods_a_year:] = growth_rate(x[periods_a_year:], x[:-periods_a_year])
    return result


def trend_slope(values: np.ndarray) -> np.ndarray:
    """Theil-Sen slope: the median change per period over all pairs of periods; single outliers do not move it.

    Parameters
    ----------
    values : float array, shape (..., t), one value per period along the last axis, t small; NaN is missing.

    Returns
    -------
    float array, shape (...); NaN with fewer than two values.

    >>> trend_slope(np.array([1.0, 2, 3, 100, 5])).item()
    1.0
    """
    x = np.asarray(values, np.float64)
    first, second = np.triu_indices(x.shape[-1], 1)
    if len(first) == 0:
        return np.full(x.shape[:-1], np.nan)
    slopes = (x[..., second] - x[..., first]) / (second - first)
    known = (~np.isnan(slopes)).sum(axis=-1)
    ordered = np.sort(slopes, axis=-1)  # NaN go last
    low = np.take_along_axis(ordered, np.maximum((known - 1) // 2, 0)[..., None], -1)[..., 0]
    high = np.take_along_axis(ordered, np.minimum(known // 2, len(first) - 1)[..., None], -1)[..., 0]
    return np.where(known > 0, (low + high) / 2, np.nan)


def season_index(values: np.ndarray, first_month: int = 1) -> np.ndarray:
    """Seasonal index of the twelve months, January first, with a mean of 1: 1.2 is 20 % above the average.

    Ratio of each month to the centred 12-month mean, averaged over the years, then normalised. All NaN
    with fewer than 24 months.

    Parameters
    ----------
    values : one value per month without gaps, oldest first.
    first_month : calendar month (1..12) of the first value.

    >>> season_index(np.array([1.0, 3.0] * 18)).round(3).tolist()[:2]
    [0.5, 1.5]
    """
    x = np.asarray(values, np.float64)
    year = MONTHS_A_YEAR
    index = np.full(year, np.nan)
    if len(x) < 2 * year:
        return index
    window = np.concatenate([[0.5], np.ones(year - 1), [0.5]]) / year
    centred = np.convolve(x, window, "valid")
    middle = x[year // 2 : -(year // 2)]
    ratio = np.where(centred > 0, middle / np.where(centred > 0, centred, 1.0), np.nan)
    month = (first_month - 1 + year // 2 + np.arange(len(ratio))) % year
    for m in range(year):
        of_month = ratio[(month == m) & ~np.isnan(ratio)]
        if len(of_month):
            index[m] = of_month.mean()
    mean = np.nanmean(index) if not np.isnan(index).all() else np.nan
    return index / mean if mean > 0 else np.full(year, np.nan)
