"""What each customer of a workbook will probably do: chance of buying again, purchases, lifetime value.

The models and their limits are in `udfs.lifetime_value`; here they meet the cleaned tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from udfs import wording
from udfs.customer_data import CustomerData
from udfs.lifetime_value import (
    MIN_REPEAT_CUSTOMERS,
    Model,
    NotEnoughData,
    Prediction,
    RepeatSummary,
    predict,
    repeat_summary,
)
from udfs.scope import day_number, days_of

if TYPE_CHECKING:
    from udfs.grading import Grading


def summary_of(data: CustomerData, as_of_day: int) -> RepeatSummary:
    """Repeat purchases of the customers up to the day before the analysis date, in weeks.

    Raises
    ------
    NotEnoughData
        The workbook has totals only, no orders.
    """
    if data.orders is None:
        raise NotEnoughData(
            zh="客户表里只有合计，没有订单明细，无法预测。请提供订单表。",
            en="The customer table holds totals only; a prediction needs an order table.",
        )
    sales = data.orders[~data.orders["is_return"].to_numpy(bool)]
    day = days_of(sales["date"])
    end = max(as_of_day - 1, int(day.max(initial=0)))
    customer = sales["customer_index"].to_numpy(np.int64)
    return repeat_summary(customer, day, sales["amount"].to_numpy(np.float64), len(data.customers), end)


def chances_alive(data: CustomerData, as_of_day: int, min_repeat: int = MIN_REPEAT_CUSTOMERS) -> np.ndarray:
    """Probability that each customer will still buy, NaN without sales; shape (customers,).

    BG/NBD; MBG/NBD where that does not converge.

    Raises
    ------
    NotEnoughData, NoConvergence
        See `udfs.lifetime_value.predict`.
    """
    from udfs.lifetime_models import NoConvergence, fit_bg_nbd

    summary = summary_of(data, as_of_day)
    repeat = int((summary.x > 0).sum())
    if repeat < min_repeat:
        raise NotEnoughData(
            zh=f"只有 {repeat} 位客户重复购买过，少于 {min_repeat} 位，不能估计再次购买的概率。",
            en=f"Only {wording.count(repeat, 'customer')} bought again, fewer than {min_repeat}: too little to estimate the chance "
            "of buying again.",
        )
    who = summary.bought
    x, t_x, age = summary.x[who], summary.t_x[who], summary.age[who]
    chances = np.full(len(who), np.nan)
    try:
        fitted = fit_bg_nbd(x, t_x, age)
    except NoConvergence:
        fitted = fit_bg_nbd(x, t_x, age, modified=True)
    chances[who] = fitted.alive(x, t_x, age)
    return chances


def lifetime_table(
    grading: Grading,
    model: Model | None = None,
    *,
    months: int = 12,
    monthly_discount: float = 0.01,
    interval: bool = True,
) -> tuple[pd.DataFrame, Prediction]:
    """Predicted value of each customer of a grading.

    Parameters
    ----------
    grading : see `udfs.grading.grade`.
    model : None takes BG/NBD, and MBG/NBD where that does not converge; `Prediction.model` says which.
    months, monthly_discount, interval : see `udfs.lifetime_value.predict`. The margin rate is that of the
        options, else 1 (the value is then an amount, not a margin).

    Returns
    -------
    (DataFrame in the order of `grading.grades`: customer_id, customer, p_alive, expected_purchases,
    expected_spend, clv, clv_low, clv_high, historic_clv (profit so far, NaN unknown); the prediction with the
    fitted models and notes). NaN for prospects.

    Raises
    ------
    NotEnoughData, NoConvergence
        Nothing is predicted, with the reason.
    """
    from udfs.lifetime_models import NoConvergence

    summary = summary_of(grading.data, day_number(grading.as_of))
    rate = grading.options.margin_rate
    choices: dict[str, Any] = {
        "months": months,
        "monthly_discount": monthly_discount,
        "margin_rate": 1.0 if rate is None else rate,
        "interval": interval,
    }
    try:
        found = predict(summary, model or "bg_nbd", **choices)
    except NoConvergence:
        if model is not None:
            raise
        found = predict(summary, "mbg_nbd", **choices)
    table = grading.grades[["customer_id", "customer"]].copy()
    table["p_alive"] = found.alive
    table["expected_purchases"] = found.purchases
    table["expected_spend"] = found.spend
    table["clv"], table["clv_low"], table["clv_high"] = found.clv, found.low, found.high
    table["historic_clv"] = grading.grades["profit"]
    return table, found
