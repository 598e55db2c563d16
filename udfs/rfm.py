"""Recency, frequency, monetary: how recently, how often and for how much each customer buys.

Definitions, section 1. Dates are whole days since 1970-01-01 (`numpy.datetime64[D]` as integers), amounts
floats that are summed exactly. Everything here works on NumPy arrays; customers are numbered 0..n-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from udfs.cut_points import CutPoints, cut_points, exact_mean, own_cuts, quantiles
from udfs.money import from_units, sum_by, to_units
from udfs.options import option_error

NO_DAY = np.iinfo(np.int64).min
MEASURES = ("recency", "frequency", "monetary")


@dataclass(frozen=True, slots=True)
class RfmValues:
    """What each customer did, before any scoring.

    Attributes
    ----------
    recency : days from the last sale to the analysis date, NaN without sales; float64, shape (n,).
    frequency : distinct orders (or rows); float64.
    monetary : net amount, or mean per order, NaN without sales; float64.
    net_units, decimals : net amount as whole numbers (see `udfs.money`), 0 without rows; int64.
    first_day, last_day : of sales, as days since 1970-01-01; `NO_DAY` without sales; int64.
    as_of_day : the analysis date.
    """

    recency: np.ndarray
    frequency: np.ndarray
    monetary: np.ndarray
    net_units: np.ndarray
    decimals: int
    first_day: np.ndarray
    last_day: np.ndarray
    as_of_day: int

    @property
    def buyers(self) -> np.ndarray:
        """True for customers with at least one sale; the others are prospects."""
        return self.last_day != NO_DAY

    @property
    def measures(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Recency, frequency and monetary, NaN for prospects."""
        return self.recency, np.where(self.buyers, self.frequency, np.nan), self.monetary


@dataclass(frozen=True, slots=True)
class RfmCutPoints:
    """The cut points of a whole run: enough to score anybody again in the same way ("frozen").

    Attributes
    ----------
    recency, frequency, monetary : cut points of the scores shown.
    method : the method that made them; "quartiles-le" shows 1 as the best score.
    frequency_basis, monetary_basis : what was counted and summed.
    class8_limits : the score from which R, F and M count as high in the eight classes.
    quintiles : cut points of the quintile scores the segments need, when other scores are shown.
    """

    recency: CutPoints
    frequency: CutPoints
    monetary: CutPoints
    method: str = "quantile"
    frequency_basis: str = "orders"
    monetary_basis: str = "sum"
    class8_limits: tuple[float, float, float] | None = None
    quintiles: tuple[CutPoints, CutPoints, CutPoints] | None = None

    @property
    def all(self) -> tuple[CutPoints, CutPoints, CutPoints]:
        """Cut points of R, F and M."""
        return self.recency, self.frequency, self.monetary

    @property
    def bins(self) -> int:
        """The largest score."""
        return max(c.best for c in self.all)

    def scores(self, values: RfmValues) -> np.ndarray:
        """Scores as shown, int64 of shape (3, n) for R, F and M; 0 for prospects."""
        return np.array([c.score(v) for c, v in zip(self.all, values.measures, strict=True)])

    def upward(self, scores: np.ndarray) -> np.ndarray:
        """The scores with the largest as the best, whatever is shown; 0 stays 0."""
        if self.method != "quartiles-le":
            return scores
        return np.where(scores > 0, 5 - scores, 0)

    def as_dict(self) -> dict[str, list[float]]:
        """Cut points by measure, for JSON."""
        return {name: list(c.cuts) for name, c in zip("rfm", self.all, strict=True)}

    def to_rows(self) -> list[dict[str, Any]]:
        """The cut points as a small table for a sheet: one row per bin, best bin first.

        Keys: set ("scores" or "segments"), measure, score, lower and upper (None at the open ends), equal,
        high_from (the limit of the eight classes), method, frequency_basis, monetary_basis.
        `from_rows` reads it back.
        """
        rows = self._rows("scores", self.all)
        if self.quintiles:
            rows += self._rows("segments", self.quintiles)
        return rows

    def _rows(self, kind: str, cut_sets: Sequence[CutPoints]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for i, c in enumerate(cut_sets):
            edges: list[float | None] = [None, *c.cuts, None]
            bins = [
                {
                    "set": kind,
                    "measure": MEASURES[i],
                    "score": score,
                    "lower": edges[b],
                    "upper": edges[b + 1],
                    "equal": c.equal,
                    "high_from": self.class8_limits[i] if self.class8_limits and kind == "scores" else None,
                    "method": self.method,
                    "frequency_basis": self.frequency_basis,
                    "monetary_basis": self.monetary_basis,
                }
                for b, score in enumerate(c.scores)
            ]
            rows += bins if i == 0 else bins[::-1]
        return rows

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> RfmCutPoints:
        """The cut points that `to_rows` wrote, in any order of rows; empty cells may be None or NaN."""
        rows = list(rows)
        sets = {
            kind: [_from_bins([r for r in rows if r["set"] == kind and r["measure"] == m]) for m in MEASURES]
            for kind in {r["set"] for r in rows}
        }
        limits = {r["measure"]: r["high_from"] for r in rows if r["set"] == "scores"}
        high = [_number(limits[m]) for m in MEASURES]
        segments = sets.get("segments")
        return cls(
            *_three(sets["scores"]),
            rows[0]["method"],
            rows[0]["frequency_basis"],
            rows[0]["monetary_basis"],
            (high[0], high[1], high[2]) if None not in high else None,  # type: ignore[arg-type]
            _three(segments) if segments else None,
        )


def _three(made: list[CutPoints]) -> tuple[CutPoints, CutPoints, CutPoints]:
    return made[0], made[1], made[2]


def _number(value: Any) -> float | None:
    return None if value is None or value != value or value == "" else float(value)


def _from_bins(rows: Sequence[Mapping[str, Any]]) -> CutPoints:
    lower = [_number(r["lower"]) for r in rows]
    start = [float("-inf") if low is None else low for low in lower]
    order = sorted(range(len(rows)), key=start.__getitem__)
    cuts = tuple(start[i] for i in order if lower[i] is not None)
    return CutPoints(cuts, tuple(int(rows[i]["score"]) for i in order), rows[0]["equal"])


def rfm_values(
    customer: np.ndarray,
    day: np.ndarray,
    amount: np.ndarray,
    n_customers: int,
    *,
    is_return: np.ndarray | None = None,
    order: np.ndarray | None = None,
    as_of_day: int | None = None,
    frequency_basis: str = "orders",
    monetary_basis: str = "sum",
) -> RfmValues:
    """Recency, frequency and monetary value of every customer from order rows.

    Parameters
    ----------
    customer : int array, shape (m,), 0..n_customers-1.
    day : int array, shape (m,), days since 1970-01-01.
    amount : float array, shape (m,), returns negative.
    is_return : bool array, shape (m,); a return counts in the amount only. Default: no returns.
    order : int array, shape (m,), equal for rows of one order, negative where the row has none; without it
        a customer's rows of one day are one order.
    as_of_day : analysis date; default the day after the last sale. Rows after it must be left out before.
    frequency_basis : "orders" or "rows"; monetary_basis : "sum" or "mean" (per order).

    >>> v = rfm_values(np.array([0, 0, 1]), np.array([10, 12, 5]), np.array([1.5, 2.0, 9.0]), 3)
    >>> v.recency.tolist(), v.frequency.tolist(), v.monetary.tolist()
    ([1.0, 8.0, nan], [2.0, 1.0, 0.0], [3.5, 9.0, nan])
    """
    units, decimals = to_units(amount)
    net = sum_by(customer, units, n_customers)
    if is_return is not None and is_return.any():
        sale = ~is_return
        customer, day = customer[sale], day[sale]
        order = None if order is None else order[sale]
    last = np.full(n_customers, NO_DAY, np.int64)
    np.maximum.at(last, customer, day)
    first = np.full(n_customers, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(first, customer, day)
    buyers = last != NO_DAY
    first[~buyers] = NO_DAY
    if as_of_day is None:
        as_of_day = int(day.max()) + 1 if len(day) else 0
    if frequency_basis == "rows":
        frequency = np.bincount(customer, minlength=n_customers).astype(np.float64)
    else:
        frequency = count_orders(customer, day, order, n_customers).astype(np.float64)
    monetary = np.where(buyers, from_units(net, decimals), np.nan)
    if monetary_basis == "mean":
        monetary = np.where(buyers, net / (10.0**decimals * np.maximum(frequency, 1)), np.nan)
    recency = np.where(buyers, as_of_day - np.where(buyers, last, 0).astype(np.float64), np.nan)
    return RfmValues(recency, frequency, monetary, net, decimals, first, last, as_of_day)


def count_orders(customer: np.ndarray, day: np.ndarray, order: np.ndarray | None, n: int) -> np.ndarray:
    """Distinct orders of each customer, int64 of shape (n,); a row without order number counts by its day."""
    if len(customer) == 0:
        return np.zeros(n, np.int64)
    if order is None:
        return np.bincount(purchase_days(customer, day)[0], minlength=n)
    numbered = order >= 0
    if not numbered.all():
        by_day = count_orders(customer[~numbered], day[~numbered], None, n)
        return by_day + count_orders(customer[numbered], day[numbered], order[numbered], n)
    top = int(order.max()) + 1
    if top <= 4 * len(order):
        owner = np.full(top, -1, np.int64)
        owner[order] = customer
        if (owner[order] == customer).all():  # no order belongs to two customers
            return np.bincount(owner[owner >= 0], minlength=n)
    return np.bincount(distinct(customer.astype(np.int64) * top + order) // top, minlength=n)


def distinct(keys: np.ndarray) -> np.ndarray:
    """The distinct whole numbers, ascending. (Sorting is several times faster here than `numpy.unique`.)

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(keys)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def purchase_days(customer: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct purchase days of every customer: (customer, day), sorted by customer, then day.

    >>> purchase_days(np.array([1, 0, 1, 1]), np.array([9, 4, 7, 9]))
    (array([0, 1, 1]), array([4, 7, 9]))
    """
    if len(customer) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    start = int(day.min())
    width = int(day.max()) - start + 1
    key = distinct(customer.astype(np.int64) * width + (day - start))
    return key // width, key % width + start


def rfm_cut_points(
    values: RfmValues,
    bins: int = 5,
    method: str = "quantile",
    *,
    cuts: tuple[Sequence[float], Sequence[float], Sequence[float]] | None = None,
    top: str = "20%",
    frequency_basis: str = "orders",
    monetary_basis: str = "sum",
) -> RfmCutPoints:
    """Cut points of R, F and M for the customers with sales (see `udfs.cut_points.cut_points`)."""
    made = [
        cut_points(
            v[values.buyers],
            bins,
            method,
            less_is_better=i == 0,
            cuts=cuts[i] if cuts else None,
            top=top,
        )
        for i, v in enumerate(values.measures)
    ]
    return RfmCutPoints(*_three(made), method, frequency_basis, monetary_basis)


def rfm_code(r: np.ndarray, f: np.ndarray, m: np.ndarray) -> np.ndarray:
    """The three scores side by side, "545"; "10-4-5" when a score has two digits; "" for prospects (0).

    >>> rfm_code(np.array([5, 0]), np.array([4, 0]), np.array([5, 0])).tolist()
    ['545', '']
    """
    r, f, m = (np.asarray(s, np.int64) for s in (r, f, m))
    n = max(int(s.max(initial=0)) for s in (r, f, m)) + 1
    dash = "-" if n > 10 else ""
    table = np.array([f"{a}{dash}{b}{dash}{c}" for a in range(n) for b in range(n) for c in range(n)], object)
    codes = table[(r * n + f) * n + m]
    codes[(r == 0) | (f == 0) | (m == 0)] = ""
    return codes


def rfm_total(
    r: np.ndarray, f: np.ndarray, m: np.ndarray, weights: Sequence[float] = (1, 1, 1)
) -> np.ndarray:
    """Weighted sum of the scores; weights 100, 10, 1 are the default of SPSS Modeler.

    >>> rfm_total(5, 4, 5).item(), rfm_total(5, 4, 5, (100, 10, 1)).item()
    (14.0, 545.0)
    """
    parts = [np.asarray(s, np.float64) * w for s, w in zip((r, f, m), weights, strict=True)]
    return np.asarray(parts[0] + parts[1] + parts[2])


def high_limits(upward: np.ndarray, rule: str = "mean", fixed: float = 3.0) -> tuple[float, float, float]:
    """The score from which R, F and M count as high: the mean or median of all customers, or a fixed score.

    Parameters
    ----------
    upward : int array, shape (3, n), scores of the customers with sales, the largest the best.

    >>> high_limits(np.array([[1, 5], [2, 2], [1, 2]]))
    (3.0, 2.0, 1.5)
    """
    if rule == "fixed" or upward.shape[1] == 0:
        return fixed, fixed, fixed
    limits: list[Fraction] = []
    for scores in upward:
        limits.append(
            exact_mean(scores.astype(float)) if rule == "mean" else quantiles(np.sort(scores), 2)[0]
        )
    return float(limits[0]), float(limits[1]), float(limits[2])


def parse_cuts(text: str) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Own cut points as people type them: "R:30,90,180 F:2,5 M:1000,5000" in any order.

    Raises
    ------
    FenjiError
        A measure is missing, or its limits are no rising numbers.

    >>> parse_cuts("R:30,90; F:2,5; M:1000,5000")
    ((30.0, 90.0), (2.0, 5.0), (1000.0, 5000.0))
    """
    found: dict[str, tuple[float, ...]] = {}
    clean = text.replace("\uff1a", ":").replace("\uff0c", ",").replace("=", ":")
    for name, numbers in re.findall(r"([RFMrfm])\s*:\s*([-+0-9.eE,\s]*)", clean):
        try:
            found[name.upper()] = tuple(float(x) for x in numbers.split(",") if x.strip())
        except ValueError:
            found.pop(name.upper(), None)
    for name in "RFM":
        if not found.get(name):
            raise option_error(
                "cuts", text, "请写成 R:30,90,180 F:2,5 M:1000,5000。", "Write R:30,90,180 F:2,5 M:1000,5000."
            )
        own_cuts(found[name], name == "R")
    return found["R"], found["F"], found["M"]
