"""Movement: who rose, who fell, who came and who left, between two gradings or two periods.

Definitions, sections 5 (retention and lapse) and 6 (movement).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from udfs.money import from_units, to_units


@dataclass(frozen=True, slots=True)
class Movement:
    """Transition matrix between two gradings.

    Attributes
    ----------
    codes : the classes, best first.
    customers : int64, shape (k, k), rows the old class, columns the new one.
    amount : float64, shape (k, k), the money behind them.
    """

    codes: list[str]
    customers: np.ndarray
    amount: np.ndarray

    @property
    def rose(self) -> int:
        """Customers in a better class than before."""
        return int(np.tril(self.customers, -1).sum())

    @property
    def fell(self) -> int:
        """Customers in a worse class than before."""
        return int(np.triu(self.customers, 1).sum())

    @property
    def stayed(self) -> int:
        """Customers in the same class."""
        return int(np.trace(self.customers))


def movement(
    old: Sequence[str], new: Sequence[str], order: Sequence[str], amount: np.ndarray | None = None
) -> Movement:
    """Counts customers by old and new class.

    Parameters
    ----------
    old, new : class of each customer before and now, same customers in the same order; "" is not counted.
    order : the classes, best first; classes not named follow in order of appearance.
    amount : money of each customer, default 0.

    >>> moved = movement(["high", "low", "low"], ["low", "high", "low"], ["high", "medium", "low"])
    >>> moved.customers.tolist(), moved.rose, moved.fell
    ([[0, 0, 1], [0, 0, 0], [1, 0, 1]], 1, 1)
    """
    codes = list(dict.fromkeys([*order, *(c for c in [*old, *new] if c)]))
    place = {code: i for i, code in enumerate(codes)}
    before = np.array([place.get(c, -1) for c in old], np.int64)
    after = np.array([place.get(c, -1) for c in new], np.int64)
    both = (before >= 0) & (after >= 0)
    k = len(codes)
    cell = before[both] * k + after[both]
    units, decimals = to_units(np.zeros(len(before)) if amount is None else np.asarray(amount, np.float64))
    sums = np.zeros(k * k, np.int64)
    np.add.at(sums, cell, units[both])
    return Movement(
        codes,
        np.bincount(cell, minlength=k * k).reshape(k, k),
        from_units(sums, decimals).reshape(k, k),
    )


def directions(old: Sequence[str], new: Sequence[str], order: Sequence[str]) -> np.ndarray:
    """For each customer: rose, fell, same, joined (no class before) or gone (no class now).

    >>> directions(["low", "high", "", "low"], ["high", "high", "low", ""], ["high", "low"]).tolist()
    ['rose', 'same', 'joined', 'gone']
    """
    place = {code: i for i, code in enumerate(dict.fromkeys([*order, *old, *new]))}
    result = []
    for before, after in zip(old, new, strict=True):
        if not before or not after:
            result.append("joined" if after else "gone" if before else "same")
        elif before == after:
            result.append("same")
        else:
            result.append("rose" if place[after] < place[before] else "fell")
    return np.array(result, object)


def between_periods(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """New, repeating or lapsed, from what each customer bought in two periods; "" for neither.

    Parameters
    ----------
    before, now : number of orders (or amount) in each period, 0 for none; shape (n,).

    >>> between_periods(np.array([0, 2, 1, 0]), np.array([1, 3, 0, 0])).tolist()
    ['new', 'repeating', 'lapsed', '']
    """
    was, is_ = np.asarray(before) > 0, np.asarray(now) > 0
    return np.array(["", "new", "lapsed", "repeating"], object)[is_.astype(np.int64) + 2 * was]


def retention_rate(before: np.ndarray, now: np.ndarray) -> float:
    """Customers active in both periods, among those active in the first; NaN when there were none.

    >>> retention_rate(np.array([1, 1, 0]), np.array([1, 0, 1]))
    0.5
    """
    was = np.asarray(before) > 0
    return int((was & (np.asarray(now) > 0)).sum()) / int(was.sum()) if was.any() else float("nan")
