"""Customer lifetime value: what a customer brought, and what they are expected to bring.

Definitions, section 4. Simple and historic values need arithmetic only; predictions come from the
probability models of `udfs.lifetime_models`.
"""

from __future__ import annotations

import numpy as np


def clv_simple(
    margin: np.ndarray, retention: np.ndarray, discount: np.ndarray, first_payment_now: bool = False
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
    from udfs.money import from_units, multiply, to_units

    x = np.asarray(amount, np.float64)
    rate = np.broadcast_to(np.asarray(margin_rate, np.float64), x.shape)
    units, decimals = to_units(multiply(x, rate))
    return float(from_units(int(units.sum()), decimals))
