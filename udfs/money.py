"""Exact money: amounts as integers in the smallest decimal their column uses.

Floats add up with errors that depend on the order of the rows and on the unit (0.1 + 0.2 is not 0.3), so
two equal customers could score differently. Amounts are therefore turned into integers once, added as
integers, and compared as integers; the same data in 元 and in 万元 gives the same integers.
"""

from __future__ import annotations

import numpy as np

MAX_DECIMALS = 6  # one 分 written in 万元
BLOCK = 1 << 15  # values looked at together: they stay in the processor's cache
EXACT = 2.0**53  # integers up to here are exact in a float64


def to_units(values: np.ndarray, max_decimals: int = MAX_DECIMALS) -> tuple[np.ndarray, int]:
    """Amounts as integers in the smallest decimal that represents the whole column.

    A difference in the last bits is calculation noise of a sheet's formula (0.30000000000000004) and is
    read as the decimal number it stands for. Digits after `max_decimals` are rounded away.

    Parameters
    ----------
    values : float array, shape (n,)
        Amounts; NaN and infinities count as 0.
    max_decimals : int
        The most decimals to keep.

    Returns
    -------
    units : int64 array, shape (n,)
    decimals : int
        ``units / 10**decimals`` gives the values back.

    Examples
    --------
    >>> to_units(np.array([9.9, 19.95, -3]))
    (array([ 990, 1995, -300]), 2)
    >>> to_units(np.array([0.1 + 0.2, 5]))
    (array([ 3, 50]), 1)
    """
    values = np.asarray(values, np.float64)
    if not np.isfinite(values).all():
        values = np.where(np.isfinite(values), values, 0.0)
    largest = float(np.abs(values).max(initial=0.0))
    decimals = 0
    while decimals < max_decimals and not _represents(values, decimals):
        decimals += 1
    while decimals and largest * 10.0**decimals * max(len(values), 1) > 9e18:
        decimals -= 1
    if largest * 10.0**decimals > 9e18:
        raise OverflowError(f"amount {largest:g} is too large to add exactly")
    return np.rint(values * 10.0**decimals).astype(np.int64), decimals


def _represents(values: np.ndarray, decimals: int) -> bool:
    """Whether all values are decimal numbers with so many decimals, but for calculation noise."""
    scale = 10.0**decimals
    size = BLOCK // 32  # most columns that need more decimals say so at once
    start = 0
    while start < len(values):
        part = values[start : start + size]
        off = np.abs(np.rint(part * scale) / scale - part)
        if not (off <= 4 * np.spacing(np.abs(part))).all():
            return False
        start, size = start + size, BLOCK
    return True


def from_units(units: np.ndarray | int, decimals: int) -> np.ndarray:
    """The amounts that integers of `to_units` stand for, each the nearest float.

    >>> from_units(np.array([990, 1995]), 2)
    array([ 9.9 , 19.95])
    """
    return np.asarray(units) / 10.0**decimals


def sum_by(index: np.ndarray, units: np.ndarray, n: int) -> np.ndarray:
    """Exact sums of integers per group.

    Parameters
    ----------
    index : int array, shape (k,), the group 0..n-1 of each amount.
    units : int64 array, shape (k,).
    n : number of groups.

    Returns
    -------
    int64 array, shape (n,)

    >>> sum_by(np.array([0, 1, 0]), np.array([10, 20, 30]), 3)
    array([40, 20,  0])
    """
    # bincount adds floats: exact as long as no partial sum can leave the exact integers.
    if float(np.abs(units).sum(dtype=np.float64)) < EXACT:
        return np.bincount(index, units, n).astype(np.int64)
    total = np.zeros(n, np.int64)
    np.add.at(total, index, units)
    return total


def multiply(price: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """Price times quantity computed in integers, so that 3 x 0.1 is 0.3.

    >>> multiply(np.array([0.1, 19.99]), np.array([3, 100]))
    array([3.000e-01, 1.999e+03])
    """
    a, da = to_units(price)
    b, db = to_units(quantity)
    exact = np.abs(a.astype(np.float64)) * np.abs(b.astype(np.float64)) < 9e18
    product = np.where(exact, np.where(exact, a, 0) * b, 0)
    result = np.where(exact, product / 10.0 ** (da + db), price * quantity)
    return np.where(np.isfinite(price) & np.isfinite(quantity), result, np.nan)


def scale(values: np.ndarray, factor: int) -> np.ndarray:
    """Values times a whole factor without float noise: 1.13 万元 is 11300 元, not 11299.999999999998.

    >>> scale(np.array([1.13]), 10000)
    array([11300.])
    """
    if factor == 1:
        return values
    units, decimals = to_units(values)
    return np.where(np.isfinite(values), from_units(units * factor, decimals), np.nan)
