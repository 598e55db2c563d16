"""Which figures go together: correlations, with how many pairs they rest on (definitions, section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from udfs.texts import Text

FEW = 30


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation coefficient.

    Attributes
    ----------
    value : -1..1; NaN when one side does not vary or fewer than three pairs are known.
    n : pairs in which both sides are known.
    method : "spearman" or "pearson".
    """

    value: float
    n: int
    method: str

    @property
    def warning(self) -> Text | None:
        """A word of care when there are few pairs."""
        if self.n >= FEW:
            return None
        return Text(
            zh=f"只有 {self.n} 对数据，少于 {FEW} 对，相关系数不可靠。",
            en=f"Only {self.n} pairs, fewer than {FEW}: the coefficient is not reliable.",
        )


def correlation(
    first: np.ndarray, second: np.ndarray, method: Literal["spearman", "pearson"] = "spearman"
) -> Correlation:
    """Correlation of two columns; Spearman (of the ranks, ties shared) by default.

    Parameters
    ----------
    first, second : float arrays, shape (n,); pairs with a NaN take no part.

    >>> correlation(np.array([1.0, 2, 3, 4]), np.array([1.0, 8, 27, 64]))
    Correlation(value=1.0, n=4, method='spearman')
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    n = len(x)
    if n < 3 or (x == x[0]).all() or (y == y[0]).all():
        return Correlation(float("nan"), n, method)
    if method == "spearman":
        x, y = _twice_ranks(x), _twice_ranks(y)
    x, y = x - x.mean(), y - y.mean()
    value = float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))
    return Correlation(min(max(round(value, 12), -1.0), 1.0), n, method)


def _twice_ranks(x: np.ndarray) -> np.ndarray:
    """Twice the mean rank of each value: whole numbers, equal values share."""
    ordered = np.sort(x)
    return (np.searchsorted(ordered, x, "left") + np.searchsorted(ordered, x, "right") + 1).astype(np.float64)


def correlation_table(
    frame: pd.DataFrame,
    columns: Sequence[str] | None = None,
    method: Literal["spearman", "pearson"] = "spearman",
) -> pd.DataFrame:
    """All pairs of number columns, the strongest first.

    Returns
    -------
    DataFrame: first, second, value, n, reliable (at least 30 pairs); pairs without a value are left out.

    >>> table = correlation_table(pd.DataFrame({"age": [20, 30, 40], "amount": [9.0, 5, 1], "same": [1, 1, 1]}))
    >>> table[["first", "second", "value"]].values.tolist()
    [['age', 'amount', -1.0]]
    """
    names = [
        c
        for c in (columns or frame.columns)
        if pd.api.types.is_numeric_dtype(frame[c]) and not pd.api.types.is_bool_dtype(frame[c])
    ]
    values = {c: pd.to_numeric(frame[c]).to_numpy(np.float64) for c in names}
    rows = []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            found = correlation(values[a], values[b], method)
            if found.value == found.value:
                rows.append((a, b, found.value, found.n, found.n >= FEW))
    rows.sort(key=lambda row: -abs(row[2]))
    return pd.DataFrame(rows, columns=["first", "second", "value", "n", "reliable"])


def association_with_class(values: np.ndarray, classes: Sequence[str]) -> float:
    """How much of the variation of a number the classes explain (eta squared, 0..1); NaN when nothing varies.

    Answers "which variables go with which class" for one number column.

    >>> association_with_class(np.array([1.0, 1, 5, 5]), ["C", "C", "A", "A"])
    1.0
    """
    x = np.asarray(values, np.float64)
    known = ~np.isnan(x)
    x = x[known]
    codes = pd.factorize(np.asarray(classes, object)[known])[0]
    if len(x) < 3 or (x == x[0]).all():
        return float("nan")
    size = np.bincount(codes)
    mean = np.bincount(codes, weights=x) / size
    between = (size * (mean - x.mean()) ** 2).sum()
    return float(round(between / ((x - x.mean()) ** 2).sum(), 12))
