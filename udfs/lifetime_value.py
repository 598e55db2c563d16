"""Customer lifetime value: what a customer brought, and what they are expected to bring.

Definitions, section 4. Simple and historic values need arithmetic only; predictions come from the
probability models of `udfs.lifetime_models`, and are refused, with the reason, when there is too little data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from udfs import wording
from udfs.money import from_units, multiply, sum_by, to_units
from udfs.rfm import distinct
from udfs.texts import FenjiError, Text

if TYPE_CHECKING:
    from udfs.lifetime_models import BetaGeometric, GammaGamma, ParetoNbd

Model = Literal["bg_nbd", "mbg_nbd", "pareto_nbd"]
DAYS_A_MONTH = 365.25 / 12
MIN_REPEAT_CUSTOMERS = 100
NINETY_PERCENT = 1.6448536269514722  # standard deviations on each side


def clv_simple(
    margin: np.ndarray | float,
    retention: np.ndarray | float,
    discount: np.ndarray | float,
    first_payment_now: bool = False,
) -> np.ndarray:
    """Value of an endless row of margins m with retention r and discount i per period: m r / (1 + i - r).

    Parameters
    ----------
    margin : margin per period. retention, discount : shares per period, retention 0..1, discount >= 0.
    first_payment_now : the first margin comes at once: m (1 + i) / (1 + i - r).

    Returns
    -------
    float array; NaN where retention or discount is out of its domain, or 1 + i = r.

    >>> clv_simple(1.0, 0.8, 0.1).round(3).item(), clv_simple(1.0, 0.8, 0.1, True).round(3).item()
    (2.667, 3.667)
    """
    m, r, i = (np.asarray(x, np.float64) for x in (margin, retention, discount))
    rest = 1 + i - r
    valid = (r >= 0) & (r <= 1) & (i >= 0) & (rest > 0)
    factor = (1 + i if first_payment_now else r) / np.where(valid, rest, 1.0)
    return np.where(valid, m * factor, np.nan)


def clv_historic(amount: np.ndarray, margin_rate: np.ndarray | float = 1.0) -> float:
    """What a customer brought so far: the sum of amount x margin rate (rate 1 when amounts are margins).

    >>> clv_historic(np.array([100.0, 50.0]), 0.3)
    45.0
    """
    x = np.asarray(amount, np.float64)
    rate = np.broadcast_to(np.asarray(margin_rate, np.float64), x.shape)
    units, decimals = to_units(multiply(x, rate))
    return float(from_units(int(units.sum()), decimals))


class NotEnoughData(FenjiError):
    """Too few customers bought again for a prediction."""


@dataclass(frozen=True, slots=True)
class RepeatSummary:
    """What the models need of each customer, shape (n,); customers without sales have age = 0 and x = 0.

    Attributes
    ----------
    x : repeat purchase days. t_x : time from first to last purchase. age : from first to the end.
    monetary : mean amount of the repeat days, 0 without. bought : True with at least one sale.
    unit_days : length of a unit of time in days.
    """

    x: np.ndarray
    t_x: np.ndarray
    age: np.ndarray
    monetary: np.ndarray
    bought: np.ndarray
    unit_days: float = 7.0


def repeat_summary(
    customer: np.ndarray, day: np.ndarray, amount: np.ndarray, n: int, end_day: int, unit_days: float = 7.0
) -> RepeatSummary:
    """Repeat purchases of each customer; purchases of one day are one.

    Parameters
    ----------
    customer : int array, shape (m,), 0..n-1. day : days since 1970-01-01, none after `end_day`.
    amount : float array, sales only.
    end_day : last day of observation. unit_days : 7 for weeks.

    >>> s = repeat_summary(np.array([0, 0, 1]), np.array([0, 14, 7]), np.array([5.0, 8.0, 3.0]), 2, 28)
    >>> s.x.tolist(), s.t_x.tolist(), s.age.tolist(), s.monetary.tolist()
    ([1.0, 0.0], [2.0, 0.0], [4.0, 3.0], [8.0, 0.0])
    """
    first = np.full(n, end_day, np.int64)
    last = np.full(n, np.iinfo(np.int64).min, np.int64)
    np.minimum.at(first, customer, day)
    np.maximum.at(last, customer, day)
    bought = np.bincount(customer, minlength=n) > 0
    last = np.where(bought, last, first)
    again = day > first[customer]
    width = max(end_day - int(day.min(initial=end_day)) + 1, 1)
    pairs = distinct(customer[again].astype(np.int64) * width + (end_day - day[again]))
    x = np.bincount(pairs // width, minlength=n).astype(np.float64)
    units, decimals = to_units(amount)
    spent = from_units(sum_by(customer[again], units[again], n), decimals)
    return RepeatSummary(
        x=x,
        t_x=(last - first) / unit_days,
        age=np.where(bought, (end_day - first) / unit_days, 0.0),
        monetary=np.where(x > 0, spent / np.maximum(x, 1), 0.0),
        bought=bought,
        unit_days=unit_days,
    )


@dataclass(frozen=True, slots=True)
class Prediction:
    """Expected future of each customer, shape (n,); NaN for customers without sales.

    Attributes
    ----------
    alive : probability that the customer will still buy.
    purchases : expected number of purchases in the horizon. spend : expected amount of a purchase.
    clv : discounted margin of the horizon; low and high: 90 % interval of this expectation, from the
        uncertainty of the models' parameters (not of one customer's luck), NaN when not asked for.
    model, spend_model : the fitted models. notes : what weakens the prediction.
    """

    alive: np.ndarray
    purchases: np.ndarray
    spend: np.ndarray
    clv: np.ndarray
    low: np.ndarray
    high: np.ndarray
    model: BetaGeometric | ParetoNbd
    spend_model: GammaGamma
    notes: list[Text]


def predict(
    summary: RepeatSummary,
    model: Model = "bg_nbd",
    *,
    months: int = 12,
    monthly_discount: float = 0.01,
    margin_rate: float = 1.0,
    interval: bool = False,
    days_a_month: float = DAYS_A_MONTH,
    min_repeat: int = MIN_REPEAT_CUSTOMERS,
) -> Prediction:
    """Fits the models and predicts purchases, spend and lifetime value.

    The value is the sum over months t of spend x (E[N(t)] - E[N(t-1)]) / (1 + d)^t, times the margin rate.

    Parameters
    ----------
    summary : see `repeat_summary`.
    model : bg_nbd (default), mbg_nbd or pareto_nbd for purchases; Gamma-Gamma gives the spend.
    months, monthly_discount, margin_rate : horizon, discount per month, margin as a share of spend.
    interval : also a 90 % interval.

    Raises
    ------
    NotEnoughData
        Fewer than `min_repeat` customers bought again.
    NoConvergence
        The data do not fit the model.
    """
    from udfs import lifetime_models as models

    repeat = int((summary.x > 0).sum())
    if repeat < min_repeat:
        raise NotEnoughData(
            zh=f"只有 {repeat} 位客户重复购买过，少于 {min_repeat} 位，不足以预测客户生命周期价值。",
            en=f"Only {wording.count(repeat, 'customer')} bought again, fewer than {min_repeat}: too little to predict lifetime value.",
        )
    who = summary.bought
    x, t_x, age = summary.x[who], summary.t_x[who], summary.age[who]
    mean = summary.monetary[who]
    fitted: BetaGeometric | ParetoNbd
    if model == "pareto_nbd":
        fitted = models.fit_pareto_nbd(x, t_x, age)
    else:
        fitted = models.fit_bg_nbd(x, t_x, age, modified=model == "mbg_nbd")
    spending = models.fit_gamma_gamma(x, mean)
    month = days_a_month / summary.unit_days
    horizon = _Horizon(x, t_x, age, mean, months, month, monthly_discount, margin_rate)
    clv = horizon.value(fitted, spending)
    low = high = np.full(len(clv), np.nan)
    if interval:
        deviation = horizon.deviation(fitted, spending)
        low, high = (clv * np.exp(side * NINETY_PERCENT * deviation) for side in (-1, 1))
    parts = (
        fitted.alive(x, t_x, age),
        fitted.expected(months * month, x, t_x, age),
        spending.expected(x, mean),
        clv,
        low,
        high,
    )
    alive, purchases, spend, value, lowest, highest = (_scatter(part, who) for part in parts)
    notes = _notes(x, mean)
    return Prediction(alive, purchases, spend, value, lowest, highest, fitted, spending, notes)


def _scatter(part: np.ndarray, who: np.ndarray) -> np.ndarray:
    full = np.full(len(who), np.nan)
    full[who] = part
    return full


def _notes(x: np.ndarray, mean: np.ndarray) -> list[Text]:
    """The Gamma-Gamma model takes spend as independent of how often a customer buys: says when it is not."""
    used = (x > 0) & (mean > 0)
    notes = []
    if used.sum() > 2 and np.ptp(x[used]) > 0 and np.ptp(mean[used]) > 0:
        correlation = float(np.corrcoef(x[used], mean[used])[0, 1])
        if abs(correlation) > 0.3:
            notes.append(
                Text(
                    zh=f"购买次数与单次金额的相关系数为 {correlation:.2f}，模型假定两者无关，预测值仅供参考。",
                    en=f"How often and how much customers buy correlate by {correlation:.2f}; the model takes them "
                    "as independent, so read the values with care.",
                )
            )
    if (x > 0).any() and (~used & (x > 0)).any():
        left = int((~used & (x > 0)).sum())
        notes.append(
            Text(
                zh=f"{left} 位客户重复购买的平均金额不为正，未用于估计消费金额。",
                en=f"Customers with a mean repeat amount of 0 or less were not used to estimate spend ({left}).",
            )
        )
    return notes


@dataclass(frozen=True, slots=True)
class _Horizon:
    """The discounted value of some months for given customers."""

    x: np.ndarray
    t_x: np.ndarray
    age: np.ndarray
    mean: np.ndarray
    months: int
    month: float
    discount: float
    margin_rate: float

    def value(self, model: BetaGeometric | ParetoNbd, spending: GammaGamma) -> np.ndarray:
        spend = spending.expected(self.x, self.mean) * self.margin_rate
        total = np.zeros(len(self.x))
        before = np.zeros(len(self.x))
        for t in range(1, self.months + 1):
            after = model.expected(t * self.month, self.x, self.t_x, self.age)
            total += (after - before) / (1 + self.discount) ** t
            before = after
        return spend * total

    def deviation(self, model: BetaGeometric | ParetoNbd, spending: GammaGamma) -> np.ndarray:
        """Standard deviation of the logarithm of the value, by the delta method.

        Both models' parameters vary on a logarithmic scale as the curvature of their likelihoods says.
        """
        base = np.log(self.value(model, spending))
        used = (self.x > 0) & (self.mean > 0)
        variance = np.zeros(len(self.x))
        jobs: tuple[tuple[BetaGeometric | ParetoNbd | GammaGamma, tuple[np.ndarray, ...]], ...] = (
            (model, (self.x, self.t_x, self.age)),
            (spending, (self.x[used], self.mean[used])),
        )
        for fitted, data in jobs:
            names = [n for n in fitted.__slots__ if n not in ("modified", "log_likelihood")]
            gradient = []
            for name in names:
                moved = _moved(fitted, {name: 1e-4})
                pair = (model, moved) if fitted is spending else (moved, spending)
                gradient.append((np.log(self.value(*pair)) - base) / 1e-4)  # type: ignore[arg-type]
            covariance = _covariance(fitted, names, data)
            slopes = np.array(gradient)
            variance += np.einsum("in,ij,jn->n", slopes, covariance, slopes)
        return np.sqrt(np.maximum(variance, 0.0))


def _moved(
    model: BetaGeometric | ParetoNbd | GammaGamma, steps: dict[str, float]
) -> BetaGeometric | ParetoNbd | GammaGamma:
    """The model with parameters moved by steps of their logarithm."""
    return replace(model, **{name: getattr(model, name) * np.exp(step) for name, step in steps.items()})


def _covariance(
    model: BetaGeometric | ParetoNbd | GammaGamma, names: list[str], data: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Covariance of the logarithms of the parameters: the inverse of the curvature of the likelihood."""
    k, h = len(names), 1e-3
    curvature = np.empty((k, k))
    for i in range(k):
        for j in range(i + 1):
            corners = 0.0
            for a in (1, -1):
                for b in (1, -1):
                    steps = {names[i]: a * h}
                    steps[names[j]] = steps.get(names[j], 0.0) + b * h
                    moved = _moved(model, steps)
                    corners += a * b * float(moved.likelihood(*data).sum())  # type: ignore[arg-type]
            curvature[i, j] = curvature[j, i] = -corners / (4 * h * h)
    return np.linalg.pinv(curvature)
