"""Probability models of buying without a contract: BG/NBD, MBG/NBD, Pareto/NBD, and Gamma-Gamma for spend.

Sources: Fader, Hardie and Lee (2005) for BG/NBD and Gamma-Gamma; Batislam, Denizel and Filiztekin (2007) for
MBG/NBD; Schmittlein, Morrison and Colombo (1987) with the notes of Fader and Hardie for Pareto/NBD.
Arrays per customer: `x` repeat purchases, `t_x` time from first to last purchase, `age` time from first
purchase to the end of observation, in one time unit; `t_x` and `age` are not the recency of RFM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from udfs.texts import FenjiError

LIMIT = 9.0  # parameters beyond e^9 or below e^-9 are no estimates, on a time scale of 10 for the longest

FAR_APART = 300.0  # largest ratio of alpha and beta of a Pareto/NBD that is looked at


class NoConvergence(FenjiError):
    """The likelihood has no maximum that could be found: the data do not fit the model."""


@dataclass(frozen=True, slots=True)
class BetaGeometric:
    """BG/NBD, or MBG/NBD (`modified`), in which customers may also leave right after the first purchase.

    Attributes
    ----------
    r, alpha : gamma distribution of purchase rates. a, b : beta distribution of leaving after a purchase.
    log_likelihood : at the estimate.
    """

    r: float
    alpha: float
    a: float
    b: float
    modified: bool = False
    log_likelihood: float = float("nan")

    def likelihood(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Log-likelihood of each customer."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        more = 1 if self.modified else 0
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        stayed = betaln(a, b + x + more) - betaln(a, b) - (r + x) * np.log(alpha + age)
        with np.errstate(invalid="ignore", divide="ignore"):
            left = betaln(a + 1, b + x - 1 + more) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
        if not self.modified:
            left = np.where(x > 0, left, -np.inf)
        return rate + np.logaddexp(stayed, left)

    def _odds_left(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        more = 1 if self.modified else 0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            odds = np.exp(
                np.log(self.a)
                - np.log(self.b + x - 1 + more)
                + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
            )
        return odds if self.modified else np.where(x > 0, odds, 0.0)

    def alive(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Probability that each customer will still buy."""
        return 1 / (1 + self._odds_left(x, t_x, age))

    def expected(
        self,
        t: float,
        x: np.ndarray,
        t_x: np.ndarray,
        age: np.ndarray,
    ) -> np.ndarray:
        """Expected number of purchases in the next `t` units of time."""
        a, b, r = self.a, self.b, self.r
        more = 1 if self.modified else 0
        z = t / (self.alpha + age + t)
        # Euler's transformation: small parameters instead of ones that grow with x, so nothing overflows.
        series = hyp2f1(a + b + more - 1 - r, a - 1, a + b + x + more - 1, z)
        bought = (a + b + x + more - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        return bought / (1 + self._odds_left(x, t_x, age))


@dataclass(frozen=True, slots=True)
class ParetoNbd:
    """Pareto/NBD: purchases at gamma-distributed rates, leaving at gamma-distributed rates.

    Attributes
    ----------
    r, alpha : gamma distribution of purchase rates. s, beta : gamma distribution of leaving rates.
    log_likelihood : at the estimate.
    """

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = float("nan")

    def _log_parts(
        self,
        x: np.ndarray,
        t_x: np.ndarray,
        age: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the two ways to the data: still there, and left between t_x and age."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        stayed = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
        first, last = self._log_term(x, t_x), self._log_term(x, age)
        with np.errstate(divide="ignore", invalid="ignore"):
            between = first + np.log1p(-np.exp(np.minimum(last - first, 0.0)))
        return stayed, np.log(s) - np.log(r + s + x) + between

    def _log_term(self, x: np.ndarray, t: np.ndarray) -> np.ndarray:
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        c = r + s + x + 1
        if alpha >= beta:
            series = hyp2f1(1.0, r + x, c, (alpha - beta) / (alpha + t))
            return np.log(series) - s * np.log(beta + t) - (r + x) * np.log(alpha + t)
        series = hyp2f1(1.0, s + 1, c, (beta - alpha) / (beta + t))
        return np.log(series) - (r + x - 1) * np.log(alpha + t) - (s + 1) * np.log(beta + t)

    def likelihood(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Log-likelihood of each customer."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        return rate + np.logaddexp(*self._log_parts(x, t_x, age))

    def alive(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Probability that each customer will still buy."""
        stayed, left = self._log_parts(x, t_x, age)
        return 1 / (1 + np.exp(left - stayed))

    def expected(
        self,
        t: float,
        x: np.ndarray,
        t_x: np.ndarray,
        age: np.ndarray,
    ) -> np.ndarray:
        """Expected number of purchases in the next `t` units of time."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        left = -np.expm1((s - 1) * (np.log(beta + age) - np.log(beta + age + t)))
        bought = (r + x) * (beta + age) / (alpha + age) * left / (s - 1)
        return bought * self.alive(x, t_x, age)


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Gamma-Gamma: the mean value of a customer's purchases varies around the customer's own mean.

    Attributes
    ----------
    p, q, v : shape of the values, shape and scale of the means. log_likelihood : at the estimate.
    """

    p: float
    q: float
    v: float
    log_likelihood: float = float("nan")

    def likelihood(self, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Log-likelihood of each customer with repeat purchases."""
        p, q, v = self.p, self.q, self.v
        return (
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
            + (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(x * mean + v)
        )  # fmt: skip

    def expected(self, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Expected value of a purchase: the customer's own mean, drawn towards that of all."""
        own = np.where(x > 0, mean, 0.0)
        return self.p * (self.v + x * own) / (self.p * x + self.q - 1)


def fit_bg_nbd(x: np.ndarray, t_x: np.ndarray, age: np.ndarray, modified: bool = False) -> BetaGeometric:
    """Maximum-likelihood BG/NBD (or MBG/NBD).

    Raises
    ------
    NoConvergence
        No maximum was found.
    """
    (x, t_x, age), weight = _distinct(x, t_x, age)
    scale = 10 / max(float(age.max()), 1e-9)

    def model(p: np.ndarray) -> BetaGeometric:
        return BetaGeometric(p[0], p[1] / scale, p[2], p[3], modified)

    def loss(p: np.ndarray) -> float:
        return -float((weight * model(p).likelihood(x, t_x, age)).sum())

    p, value = _maximise(loss, [[0.5, 1.0, 1.0, 2.0], [1.0, 3.0, 0.5, 5.0]], "BG/NBD")
    return BetaGeometric(p[0], p[1] / scale, p[2], p[3], modified, -value)


def fit_pareto_nbd(x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> ParetoNbd:
    """Maximum-likelihood Pareto/NBD.

    Raises
    ------
    NoConvergence
        No maximum was found.
    """
    (x, t_x, age), weight = _distinct(x, t_x, age)
    scale = 10 / max(float(age.max()), 1e-9)

    def loss(p: np.ndarray) -> float:
        if not 1 / FAR_APART < p[1] / p[3] < FAR_APART:  # the series would need millions of terms
            return float("inf")
        model = ParetoNbd(p[0], p[1] / scale, p[2], p[3] / scale)
        return -float((weight * model.likelihood(x, t_x, age)).sum())

    p, value = _maximise(loss, [[0.5, 2.0, 0.5, 2.5], [1.0, 1.0, 1.0, 4.0]], "Pareto/NBD")
    return ParetoNbd(p[0], p[1] / scale, p[2], p[3] / scale, -value)


def fit_gamma_gamma(x: np.ndarray, mean: np.ndarray) -> GammaGamma:
    """Maximum-likelihood Gamma-Gamma from the customers with repeat purchases of a positive mean.

    Raises
    ------
    NoConvergence
        No maximum was found.
    """
    used = (x > 0) & (mean > 0)
    if not used.any():
        raise _no_convergence("Gamma-Gamma")
    (x, mean), weight = _distinct(x[used], mean[used])
    scale = 1 / float(np.average(mean, weights=weight))

    def loss(p: np.ndarray) -> float:
        model = GammaGamma(p[0], p[1], p[2] / scale)
        return -float((weight * model.likelihood(x, mean)).sum())

    p, value = _maximise(loss, [[5.0, 4.0, 1.0], [1.0, 2.0, 1.0]], "Gamma-Gamma")
    return GammaGamma(p[0], p[1], p[2] / scale, -value)


def _distinct(*columns: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Equal customers once, with their number: the same sum with less work."""
    rows = np.column_stack([np.asarray(c, np.float64) for c in columns])
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    return list(distinct.T), counts


def _maximise(
    loss: Callable[[np.ndarray], float], starts: list[list[float]], name: str
) -> tuple[list[float], float]:
    """The positive parameters with the least loss, found on their logarithms from several starts."""

    def of_logs(logs: np.ndarray) -> float:
        value = loss(np.exp(np.clip(logs, -LIMIT, LIMIT)))
        return value if np.isfinite(value) else 1e300

    best = None
    for start in starts:
        rough = minimize(of_logs, np.log(start), method="L-BFGS-B", options={"maxiter": 200, "maxfun": 2000})
        fine = minimize(
            of_logs, rough.x, method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 1500, "maxfev": 2500},
        )  # fmt: skip
        inside = bool((np.abs(fine.x) < LIMIT - 0.01).all())
        if fine.success and inside and (best is None or fine.fun < best.fun):
            best = fine
            break
    if best is None:
        raise _no_convergence(name)
    return np.exp(best.x).tolist(), float(best.fun)


def _no_convergence(name: str) -> NoConvergence:
    return NoConvergence(
        zh=f"{name} 模型没有收敛：这些数据不符合模型，不给出预测值。可以换一种模型，或增加数据。",
        en=f"The {name} model did not converge: the data do not fit it, so no prediction is given. "
        "Try another model, or more data.",
    )
