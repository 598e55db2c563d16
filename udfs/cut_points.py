"""Cut points: from the values of all customers to a score for each, the same for equal values, always.

Every method gives ascending cut points and a score for each bin between them (definitions, section 1).
Cut points are computed in exact fractions, so that the money unit or the order of rows cannot move them,
and they stand beside the result: with them anyone can repeat the scoring by hand, or freeze it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

import numpy as np

from udfs.money import to_units
from udfs.natural_breaks import natural_breaks
from udfs.options import option_error

Side = Literal["lower", "upper"]


@dataclass(frozen=True, slots=True)
class CutPoints:
    """Cut points of one measure.

    Attributes
    ----------
    cuts : ascending, in the measure's own unit (days, orders, money).
    scores : the score of each bin, from small values to large; one more than cuts.
    equal : the bin of a value that equals a cut: the lower or the upper one.

    >>> CutPoints(cuts=(30.0, 90.0), scores=(3, 2, 1), equal="lower").score(np.array([30, 31, 400])).tolist()
    [3, 2, 1]
    """

    cuts: tuple[float, ...]
    scores: tuple[int, ...]
    equal: Side

    @property
    def best(self) -> int:
        """The largest score there is."""
        return max(self.scores)

    def bins(self, values: np.ndarray) -> np.ndarray:
        """The bin of each value, 0 for the smallest values; shape as `values`."""
        return np.searchsorted(self.cuts, values, side="left" if self.equal == "lower" else "right")

    def score(self, values: np.ndarray) -> np.ndarray:
        """The score of each value as int64, 0 where the value is missing (NaN); shape as `values`."""
        values = np.asarray(values, np.float64)
        scores = np.asarray(self.scores, np.int64)[self.bins(values)]
        return np.where(np.isnan(values), 0, scores)


def cut_points(
    values: np.ndarray,
    bins: int = 5,
    method: str = "quantile",
    *,
    less_is_better: bool = False,
    cuts: Sequence[float] | None = None,
    top: str = "20%",
) -> CutPoints:
    """Cut points of one measure by a method of definitions, section 1.

    Parameters
    ----------
    values : float array, shape (n,); missing values (NaN) take no part.
    bins : number of scores, 2 to 10 (ignored by quartiles-le, cuts, mean, median and top).
    method : quantile, r-rfm, quartiles-le, cuts, mean, median, top, natural.
    less_is_better : True for recency in days.
    cuts : ascending limits for method "cuts": the better side of each includes the limit.
    top : "20%" or a number of customers, for method "top".

    Raises
    ------
    FenjiError
        Unknown method, limits that do not rise, a top that is no number or share.

    >>> cut_points(np.arange(1.0, 11.0)).cuts
    (2.8, 4.6, 6.4, 8.2)
    >>> cut_points(np.array([1, 1, 1, 1, 9.0])).score(np.array([1, 9.0])).tolist()
    [1, 5]
    """
    x = np.asarray(values, np.float64)
    x = np.sort(x[~np.isnan(x)])
    if method == "quantile":
        return _quantile(x, bins, less_is_better)
    if method == "natural":
        return _natural(x, bins, less_is_better)
    if method == "r-rfm":
        exact = [c + 1 for c in quantiles(x, bins)]
        return _plain(exact, _rising(bins, less_is_better), "upper")
    if method == "quartiles-le":
        return _plain(quantiles(x, 4), _rising(4, not less_is_better), "lower")
    if method == "cuts":
        return own_cuts(cuts or (), less_is_better)
    if method in ("mean", "median", "top"):
        limit = _limit(x, method, less_is_better, top)
        return _plain(limit, _rising(2, less_is_better), "lower" if less_is_better else "upper")
    raise option_error("method", method, "没有这种评分方法。", "There is no such scoring method.")


def own_cuts(cuts: Sequence[float], less_is_better: bool) -> CutPoints:
    """Cut points the user chose; the limit itself belongs to the better side."""
    if any(not a < b for a, b in pairwise(cuts)) or any(c != c for c in cuts):
        raise option_error("cuts", tuple(cuts), "分界点要从小到大。", "Cut points must be in rising order.")
    if not 1 <= len(cuts) <= 9:
        raise option_error("cuts", tuple(cuts), "请给出 1 到 9 个分界点。", "Give 1 to 9 cut points.")
    side: Side = "lower" if less_is_better else "upper"
    return CutPoints(tuple(float(c) for c in cuts), _rising(len(cuts) + 1, less_is_better), side)


def quantiles(ordered: np.ndarray, n: int) -> list[Fraction]:
    """Type-7 quantiles at k/n, k = 1..n-1, of ascending values, exact: positions in integers.

    Type 7 is the default of R, NumPy and Excel's PERCENTILE.INC (Hyndman and Fan 1996).

    >>> [float(q) for q in quantiles(np.array([1.0, 2.0, 3.0, 4.0]), 4)]
    [1.75, 2.5, 3.25]
    """
    if len(ordered) == 0:
        return []
    result = []
    for k in range(1, n):
        position, rest = divmod((len(ordered) - 1) * k, n)
        low = exact(ordered[position])
        high = exact(ordered[position + 1]) if rest else low
        result.append(low + (high - low) * Fraction(rest, n))
    return result


def exact(value: float) -> Fraction:
    """The decimal number a float stands for: 19.9 is 199/10, not its binary neighbour."""
    return Fraction(repr(float(value)))


def exact_mean(values: np.ndarray) -> Fraction:
    """The mean as an exact fraction."""
    units, decimals = to_units(values)
    if (units / 10.0**decimals == values).all():
        return Fraction(sum(units.tolist()), len(units) * 10**decimals)
    distinct, counts = np.unique(values, return_counts=True)
    return sum((exact(v) * int(c) for v, c in zip(distinct, counts, strict=True)), Fraction(0)) / len(values)


def spread(m: int, n: int) -> list[int]:
    """Scores of m + 1 bins on the scale 1..n: the lowest is 1, the highest n, halves go up.

    >>> spread(4, 5), spread(2, 5), spread(0, 5)
    ([1, 2, 3, 4, 5], [1, 3, 5], [3])
    """
    if m == 0:
        return [(n + 1) // 2]
    return [1 + (2 * b * (n - 1) + m) // (2 * m) for b in range(m + 1)]


def top_count(top: str, n: int) -> int:
    """How many customers "20%" or "100" of `n` are; a share is rounded up.

    >>> top_count("20%", 11), top_count("100", 50)
    (3, 50)
    """
    typed = str(top).strip().replace("\uff05", "%")
    try:
        number = Fraction(typed.removesuffix("%").strip())
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if number <= 0:
        raise option_error(
            "top", top, "请填人数（如 100）或比例（如 20%）。", "Give a number such as 100, or 20%."
        )
    count = ceil(number * n / 100) if typed.endswith("%") else ceil(number)
    return min(max(count, 1), max(n, 1))


def _rising(n: int, less_is_better: bool) -> tuple[int, ...]:
    scores = tuple(range(1, n + 1))
    return scores[::-1] if less_is_better else scores


def _plain(cuts: Sequence[Fraction], scores: tuple[int, ...], equal: Side) -> CutPoints:
    if not cuts:  # no values at all
        return CutPoints((), ((len(scores) + 1) // 2,), equal)
    return CutPoints(tuple(float(c) for c in cuts), scores, equal)


def _quantile(x: np.ndarray, bins: int, less_is_better: bool) -> CutPoints:
    """A value equal to a cut scores lower; repeated cuts and cuts at the best value are dropped."""
    if len(x) == 0 or x[0] == x[-1]:
        return _spread_over([], bins, less_is_better)
    best = exact(x[0] if less_is_better else x[-1])
    cuts = sorted({c for c in quantiles(x, bins) if c != best})
    if not cuts:  # nearly all share the best value: one cut beside it keeps the others apart
        cuts = [exact(x[x > x[0]][0] if less_is_better else x[x < x[-1]][-1])]
    return _spread_over(cuts, bins, less_is_better)


def _natural(x: np.ndarray, bins: int, less_is_better: bool) -> CutPoints:
    """Each class ends at its own last value, which belongs to it."""
    distinct, counts = np.unique(x, return_counts=True)
    starts = natural_breaks(distinct, counts, bins)
    ends = distinct[starts] if less_is_better else distinct[starts - 1]
    return _spread_over([exact(v) for v in ends], bins, less_is_better)


def _spread_over(cuts: Sequence[Fraction], bins: int, less_is_better: bool) -> CutPoints:
    scores = spread(len(cuts), bins)
    if less_is_better:
        return CutPoints(tuple(float(c) for c in cuts), tuple(scores[::-1]), "upper")
    return CutPoints(tuple(float(c) for c in cuts), tuple(scores), "lower")


def _limit(x: np.ndarray, method: str, less_is_better: bool, top: str) -> list[Fraction]:
    if len(x) == 0:
        return []
    if method == "mean":
        return [exact_mean(x)]
    if method == "median":
        return quantiles(x, 2)
    count = top_count(top, len(x))
    return [exact(x[count - 1] if less_is_better else x[-count])]
