"""Exact money: amounts as whole numbers of the data's own smallest decimal.

Sums of floats depend on their order and on the unit (元 or 万元), and a score near a cut point would too.
So amounts are turned into integers once, summed as integers, and turned back once.
"""

from __future__ import annotations

import numpy as np

MAX_DECIMALS = 6
EXACT_IN_FLOAT = 2**53


def to_units(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Whole numbers of the smallest decimal that all values share, and the number of decimals (0 to 6).

    Values with more than six decimals are rounded to six; cells that are not a number count as 0.

    Parameters
    ----------
    values : float array, shape (n,)

    Returns
    -------
    (int64 array of shape (n,), decimals)

    >>> units, decimals = to_units(np.array([19.9, 5, 0.25]))
    >>> units.tolist(), decimals
    ([1990, 500, 25], 2)
    """
    x = np.asarray(values, np.float64)
    finite = np.isfinite(x)
    if not finite.all():
        x = np.where(finite, x, 0.0)
    probe = x[:: max(1, len(x) // 512)]
    largest = float(np.abs(x).max(initial=0.0))
    best = 0
    for decimals in range(MAX_DECIMALS + 1):
        if largest * 10.0**decimals >= 2.0**62:
            break
        best = decimals
        if _exact(probe, decimals) and _exact(x, decimals):
            break
    return np.rint(x * 10.0**best).astype(np.int64), best


def _exact(x: np.ndarray, decimals: int) -> bool:
    scale = 10.0**decimals
    return bool((np.rint(x * scale) / scale == x).all())


def from_units(units: np.ndarray, decimals: int) -> np.ndarray:
    """The amounts again, each the nearest float.

    >>> from_units(np.array([1990]), 2).tolist()
    [19.9]
    """
    return np.asarray(units) / 10.0**decimals


def sum_by(index: np.ndarray, units: np.ndarray, n: int) -> np.ndarray:
    """Exact sums of `units` for each index 0..n-1.

    Parameters
    ----------
    index : int array, shape (m,), the group of each value.
    units : int64 array, shape (m,).
    n : number of groups.

    >>> sum_by(np.array([0, 1, 0]), np.array([5, 7, 2]), 3).tolist()
    [7, 7, 0]
    """
    units = np.asarray(units, np.int64)
    weights = units.astype(np.float64)
    if len(units) == 0 or float(np.abs(weights).sum()) < EXACT_IN_FLOAT:
        return np.bincount(index, weights=weights, minlength=n).astype(np.int64)
    sums = np.zeros(n, np.int64)
    np.add.at(sums, index, units)
    return sums
