"""Number, share and money of each class: the tables and charts of every report start here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from udfs import terms
from udfs.money import from_units, sum_by, to_units


def class_summary(grades: pd.DataFrame, key: str, group: str | None = None) -> pd.DataFrame:
    """One row per value of a class column, in the order of `udfs.terms`; classes nobody is in are left out.

    Parameters
    ----------
    grades : one row per customer, with `net_amount`, `frequency`, `recency_days` (see `udfs.grading`).
    key : the class column. group : its group of terms, default `key`; values outside come last, by amount.

    Returns
    -------
    DataFrame with `key`, customers, share (of customers), amount, amount_share (of the total), orders,
    average_amount (per customer), average_order, average_recency (days). Shares add up to 1.

    >>> grades = pd.DataFrame({"abc": ["A", "C", "C"], "net_amount": [80.0, 15.0, 5.0],
    ...                        "frequency": [4, 2, 1], "recency_days": [3.0, 50.0, 70.0]})
    >>> class_summary(grades, "abc")[["abc", "customers", "amount", "amount_share"]].values.tolist()
    [['A', 1, 80.0, 0.8], ['C', 2, 20.0, 0.2]]
    """
    codes, found = pd.factorize(grades[key].astype(object))
    n = len(found)
    units, decimals = to_units(grades["net_amount"].to_numpy(np.float64))
    amount = from_units(sum_by(codes, units, n), decimals)
    customers = np.bincount(codes, minlength=n)
    orders = np.bincount(codes, weights=grades["frequency"].to_numpy(np.float64), minlength=n)
    recency = grades["recency_days"].to_numpy(np.float64)
    dated = ~np.isnan(recency)
    days = np.bincount(codes[dated], weights=recency[dated], minlength=n)
    with_days = np.bincount(codes[dated], minlength=n)
    total = float(from_units(units.sum(), decimals))
    table = pd.DataFrame(
        {
            key: np.asarray(found, object),
            "customers": customers,
            "share": customers / max(len(grades), 1),
            "amount": amount,
            "amount_share": amount / total if total else np.nan,
            "orders": orders.astype(np.int64),
            "average_amount": amount / np.maximum(customers, 1),
            "average_order": np.where(orders > 0, amount / np.maximum(orders, 1), np.nan),
            "average_recency": np.where(with_days > 0, days / np.maximum(with_days, 1), np.nan),
        }
    )
    known = {code: i for i, code in enumerate(terms.codes(group or key))}
    place = np.array([known.get(code, len(known)) for code in table[key]])
    order = np.lexsort((-amount, place))
    return table.iloc[order].reset_index(drop=True)
