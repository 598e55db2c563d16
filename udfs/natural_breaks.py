"""Natural breaks (Jenks): classes with the least variation inside them, found exactly."""

from __future__ import annotations

import numpy as np

from udfs.money import to_units


def natural_breaks(distinct: np.ndarray, counts: np.ndarray, classes: int) -> np.ndarray:
    """Positions in `distinct` where the second, third, ... class starts.

    The classes have the smallest possible sum of squared distances to their means (Jenks 1977; Fisher 1958).
    Among equal optima the earlier start is taken.

    Parameters
    ----------
    distinct : float array, shape (u,), ascending distinct values.
    counts : int array, shape (u,), how often each occurs.
    classes : number of classes wanted; fewer come back when there are fewer distinct values.

    Returns
    -------
    int array, shape (min(classes, u) - 1,)

    >>> natural_breaks(np.array([1.0, 2, 10, 11, 50]), np.ones(5, int), 3).tolist()
    [2, 4]
    """
    u = len(distinct)
    classes = min(classes, u)
    if classes < 2:
        return np.empty(0, np.int64)
    x = _without_unit(distinct)
    weight = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    first = np.concatenate([[0.0], np.cumsum(counts * x)])
    second = np.concatenate([[0.0], np.cumsum(counts * x * x)])
    sums = (weight, first, second)
    best = _cost(sums, np.zeros(u, np.int64), np.arange(u))
    starts = np.empty((classes, u), np.int64)
    starts[0] = 0
    for k in range(1, classes):
        best, starts[k] = _add_class(best, sums, k)
    breaks = []
    end = u - 1
    for k in range(classes - 1, 0, -1):
        start = int(starts[k, end])
        breaks.append(start)
        end = start - 1
    return np.array(breaks[::-1], np.int64)


def _without_unit(distinct: np.ndarray) -> np.ndarray:
    """The values as whole multiples of their common step above the smallest: the same for 元 and 万元."""
    units, decimals = to_units(distinct)
    if (units / 10.0**decimals == distinct).all():
        units = units - units[0]
        return (units // np.gcd.reduce(units)).astype(np.float64)
    return (distinct - distinct[0]) / (distinct[-1] - distinct[0])


def _cost(sums: tuple[np.ndarray, ...], start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Sum of squared distances to the mean of the values start..end, for each pair."""
    weight, first, second = (s[end + 1] - s[start] for s in sums)
    return np.maximum(second - first * first / weight, 0.0)


def _add_class(best: np.ndarray, sums: tuple[np.ndarray, ...], k: int) -> tuple[np.ndarray, np.ndarray]:
    """Least cost of one class more, for each last value, and where that class starts.

    The best start never falls as the end rises, so the ends are solved by halving: all middles of one
    level at once, each between the starts its solved neighbours left open.
    """
    u = len(best)
    cost = np.full(u, np.inf)
    start = np.full(u, k, np.int64)
    solved = np.array([k - 1, u])
    bounds = np.array([k, u - 1])
    while len(solved) - 1 > 0:
        left, right = solved[:-1], solved[1:]
        middle = (left + right) // 2
        open_ = middle > left
        if not open_.any():
            break
        middle = middle[open_]
        low = bounds[:-1][open_]
        high = np.minimum(bounds[1:][open_], middle)
        lengths = high - low + 1
        offset = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        candidate = np.arange(lengths.sum()) - np.repeat(offset - low, lengths)
        value = best[candidate - 1] + _cost(sums, candidate, np.repeat(middle, lengths))
        least = np.minimum.reduceat(value, offset)
        is_least = np.flatnonzero(value == np.repeat(least, lengths))
        group = np.repeat(np.arange(len(middle)), lengths)[is_least]
        where = is_least[np.searchsorted(group, np.arange(len(middle)))]
        cost[middle], start[middle] = least, candidate[where]
        order = np.argsort(np.concatenate([solved, middle]), kind="stable")
        bounds = np.concatenate([bounds, start[middle]])[order]
        solved = np.concatenate([solved, middle])[order]
    return cost, start
