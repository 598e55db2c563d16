"""Concentration: does the business hang on a few customers?

Definitions, section 2, "Concentration". All functions take one amount per customer; missing values (NaN)
take no part, and an amount below 0 (more returned than bought) counts as 0.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from udfs.cut_points import exact
from udfs.money import to_units


def _descending(amount: np.ndarray) -> np.ndarray:
    """Whole amounts, largest first."""
    x = np.asarray(amount, np.float64).ravel()
    return np.sort(np.maximum(to_units(x[~np.isnan(x)])[0], 0))[::-1]


def pareto_share(amount: np.ndarray, top: float = 0.2) -> float:
    """Share of the total that the top customers bring; their number is rounded up. NaN when all is 0.

    Parameters
    ----------
    amount : float array, one per customer.
    top : share of customers, 0.2 for the top 20 %.

    >>> pareto_share(np.array([80.0, 5, 5, 5, 5]))
    0.8
    """
    units = _descending(amount)
    total = int(units.sum())
    count = ceil(exact(top) * len(units))
    return int(units[:count].sum()) / total if total else float("nan")


def lorenz_curve(amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Lorenz curve from the smallest customer up: (share of customers, share of amount), from 0 to 1.

    Returns
    -------
    Two float arrays, shape (n + 1,); the second is NaN when all amounts are 0.

    >>> [axis.tolist() for axis in lorenz_curve(np.array([1.0, 3.0]))]
    [[0.0, 0.5, 1.0], [0.0, 0.25, 1.0]]
    """
    units = _descending(amount)[::-1]
    n, total = len(units), int(units.sum())
    people = np.arange(n + 1) / max(n, 1)
    cumulative = np.concatenate([[0], np.cumsum(units)])
    return people, cumulative / total if total else np.full(n + 1, np.nan)


def gini(amount: np.ndarray, small_sample: bool = False) -> float:
    """Gini coefficient: 0 when all customers bring the same, towards 1 when one brings all.

    Parameters
    ----------
    small_sample : multiply by n/(n-1), so that one customer bringing all gives exactly 1.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0])), gini(np.array([0.0, 1.0]), small_sample=True)
    (0.0, 0.5, 1.0)
    """
    units = _descending(amount)[::-1]
    n, total = len(units), int(units.sum())
    if total == 0 or (small_sample and n == 1):
        return float("nan")
    weighted = sum(int(i) * int(u) for i, u in enumerate(units.tolist(), 1))
    value = (2 * weighted - (n + 1) * total) / (n * total)
    return value * n / (n - 1) if small_sample else value


def herfindahl(amount: np.ndarray) -> float:
    """Herfindahl-Hirschman index: the sum of squared percentage shares, up to 10,000 for one customer.

    >>> herfindahl(np.array([20.0, 30.0, 50.0]))
    3800.0
    """
    units = _descending(amount)
    total = int(units.sum())
    if total == 0:
        return float("nan")
    return sum(u * u for u in units.tolist()) * 10_000 / total**2


def pareto_table(amount: np.ndarray, steps: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Points of a Pareto chart: (share of customers from the largest down, cumulative share of amount).

    >>> [axis.tolist() for axis in pareto_table(np.array([60.0, 30, 10, 0]), steps=4)]
    [[0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 0.6, 0.9, 1.0, 1.0]]
    """
    units = _descending(amount)
    total = int(units.sum())
    counts = np.array([ceil(len(units) * k / steps) for k in range(steps + 1)])
    cumulative = np.concatenate([[0], np.cumsum(units)])[counts]
    people = np.arange(steps + 1) / steps
    return people, cumulative / total if total else np.full(steps + 1, np.nan)
