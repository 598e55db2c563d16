"""The churn report: who is gone, new or old, at which stage, why, and when.

Definitions, section 5. A customer is lost when the activity class says so (see `udfs.tiers.activity_status`);
they were lost on the day they crossed that limit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from udfs.facts import Facts, texts
from udfs.grading import Grading
from udfs.rfm import NO_DAY

NEW_DAYS = 365
STAGES = ("after_first", "after_second", "established")


def lost_customers(grading: Grading) -> pd.DataFrame:
    """The lost customers, the largest amount first.

    Returns
    -------
    DataFrame: row (in `grading.grades`), customer_id, customer, owner, amount, orders, first_order_date,
    last_order_date, lost_date, stage (after_first, after_second, established), new (first order within a year
    before the analysis date), reason (from feedback or the lost-reason column, "" unknown).
    """
    grades, facts = grading.grades, grading.facts
    rows = np.flatnonzero((grades["activity"] == "lost").to_numpy())
    lost_day = _lost_day(grading)[rows]
    orders = facts.orders[rows].astype(np.int64)
    table = pd.DataFrame(
        {
            "row": rows,
            "customer_id": grades["customer_id"].to_numpy()[rows],
            "customer": grades["customer"].to_numpy()[rows],
            "owner": grades["owner"].to_numpy()[rows] if "owner" in grades else "",
            "amount": facts.amount[rows],
            "orders": orders,
            "first_order_date": grades["first_order_date"].to_numpy()[rows],
            "last_order_date": grades["last_order_date"].to_numpy()[rows],
            "lost_date": lost_day.astype("datetime64[D]").astype("datetime64[s]"),
            "stage": np.array(STAGES, object)[np.clip(orders, 1, 3) - 1],
            "new": _new(facts)[rows],
            "reason": reasons(grading)[rows],
        }
    )
    return table.sort_values(["amount", "row"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _lost_day(grading: Grading) -> np.ndarray:
    """The day after which each customer counts as lost; meaningless for prospects."""
    facts, options = grading.facts, grading.options
    limit = np.full(facts.n, float(options.activity_days[1]))
    own = (facts.n_intervals >= options.activity_min_intervals) & ~np.isnan(facts.interval)
    limit[own] = facts.interval[own] * options.activity_intervals[1]
    last = np.where(facts.values.last_day == NO_DAY, 0, facts.values.last_day)
    return last + np.floor(limit).astype(np.int64) + 1


def reasons(grading: Grading) -> np.ndarray:
    """Why each customer left: the last reason in the feedback, else the lost-reason column; "" unknown."""
    data = grading.data
    found = np.array([t or "" for t in texts(data.customers, "lost_reason")], object)
    if data.feedback is not None and "lost_reason" in data.feedback:
        table = data.feedback.sort_values("date", kind="stable")
        said = np.array([t or "" for t in texts(table, "lost_reason")], object)
        named = said != ""
        found[table["customer_index"].to_numpy()[named]] = said[named]
    return found


def _new(facts: Facts) -> np.ndarray:
    values = facts.values
    return values.buyers & (values.as_of_day - values.first_day <= NEW_DAYS)


def churn_by(lost: pd.DataFrame, key: str) -> pd.DataFrame:
    """Lost customers by stage, reason or owner.

    Returns
    -------
    DataFrame: `key`, customers, share (of the lost), amount, average_amount. Stages stand in their order, the
    rest by number.
    """
    groups = lost.groupby(key, sort=False)
    table = pd.DataFrame(
        {
            "customers": groups.size(),
            "share": groups.size() / max(len(lost), 1),
            "amount": groups["amount"].sum(),
            "average_amount": groups["amount"].mean(),
        }
    ).reset_index()
    if key == "stage":
        place = {stage: i for i, stage in enumerate(STAGES)}
        return table.sort_values(key, key=lambda c: c.map(place)).reset_index(drop=True)
    return table.sort_values(["customers", key], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def new_and_old(grading: Grading, lost: pd.DataFrame) -> pd.DataFrame:
    """How many of the new and of the old customers are lost.

    Returns
    -------
    DataFrame with two rows: new (first order within a year before the analysis date), buyers, customers
    (lost), lost_share, amount (of the lost).
    """
    new, buyers = _new(grading.facts), grading.facts.values.buyers
    rows = []
    for is_new, base in ((True, int(new.sum())), (False, int((buyers & ~new).sum()))):
        gone = lost[lost["new"] == is_new]
        rows.append((is_new, base, len(gone), len(gone) / base if base else np.nan, gone["amount"].sum()))
    return pd.DataFrame(rows, columns=["new", "buyers", "customers", "lost_share", "amount"])


def churn_by_month(lost: pd.DataFrame) -> pd.DataFrame:
    """Lost customers by the month they crossed the limit, without gaps: month (first day), customers, amount."""
    if len(lost) == 0:
        return pd.DataFrame(columns=["month", "customers", "amount"])
    month = lost["lost_date"].to_numpy("datetime64[M]").astype(np.int64)
    start = int(month.min())
    n = int(month.max()) - start + 1
    return pd.DataFrame(
        {
            "month": (start + np.arange(n)).astype("datetime64[M]").astype("datetime64[s]"),
            "customers": np.bincount(month - start, minlength=n),
            "amount": np.bincount(month - start, weights=lost["amount"].to_numpy(), minlength=n),
        }
    )
