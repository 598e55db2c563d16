"""Products: what sells, what does not, what rises, how a new one is taken up, who likes what.

Definitions, section 7, "Product mix". Works on the cleaned orders of `CustomerData` (frame in, frame out).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from udfs.loyalty import month_number
from udfs.money import from_units, sum_by, to_units
from udfs.periods import trend_slope
from udfs.rfm import distinct
from udfs.scope import days_of
from udfs.texts import FenjiError

TREND_MONTHS = 12


def product_mix(orders: pd.DataFrame, key: str = "product", months: int = TREND_MONTHS) -> pd.DataFrame:
    """One row per product (or category), the best seller first.

    Parameters
    ----------
    orders : with the column `key`, customer_index, date, amount (net), is_return, and quantity where known.
    key : "product", "category", "channel", ...
    months : length of the trend, up to the last month of the data.

    Returns
    -------
    DataFrame: `key`, amount (net), share, rank (1 is the best; equal amounts share a place), customers
    (with a sale), rows (of sales), quantity (net), trend (change per month as a share of the mean month,
    Theil-Sen; NaN without two months since the first sale), first_sale, last_sale. Shares add up to 1.

    Raises
    ------
    FenjiError
        The orders have no such column.

    >>> orders = pd.DataFrame({"product": ["茶", "茶", "杯"], "customer_index": [0, 1, 0], "is_return": False,
    ...     "amount": [50.0, 30.0, 20.0], "date": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-02-01"])})
    >>> product_mix(orders)[["product", "amount", "share", "rank", "customers"]].values.tolist()
    [['茶', 80.0, 0.8, 1, 2], ['杯', 20.0, 0.2, 2, 1]]
    """
    codes, names = _codes(orders, key)
    n = len(names)
    sale = (codes >= 0) & ~orders["is_return"].to_numpy(bool)
    known = codes >= 0
    units, decimals = to_units(orders["amount"].to_numpy(np.float64))
    amount = sum_by(codes[known], units[known], n)
    customer = orders["customer_index"].to_numpy(np.int64)
    people = int(customer.max(initial=0)) + 1
    pairs = distinct(codes[sale].astype(np.int64) * people + customer[sale])
    day = days_of(orders["date"])
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, codes[sale], day[sale])
    np.maximum.at(last, codes[sale], day[sale])
    sold = last != np.iinfo(np.int64).min
    total = int(amount.sum())
    table = pd.DataFrame(
        {
            key: names,
            "amount": from_units(amount, decimals),
            "share": amount / total if total else np.full(n, np.nan),
            "rank": np.searchsorted(np.sort(-amount), -amount, "left") + 1,
            "customers": np.bincount(pairs // people, minlength=n),
            "rows": np.bincount(codes[sale], minlength=n),
            "trend": _trend(codes[known], month_number(day[known]), units[known], n, months),
            "first_sale": _dates(first, sold),
            "last_sale": _dates(last, sold),
        }
    )
    if "quantity" in orders:
        quantity, digits = to_units(np.nan_to_num(orders["quantity"].to_numpy(np.float64)))
        table.insert(6, "quantity", from_units(sum_by(codes[known], quantity[known], n), digits))
    return table.sort_values(["rank", key], kind="stable").reset_index(drop=True)


def _codes(orders: pd.DataFrame, key: str) -> tuple[np.ndarray, np.ndarray]:
    if key not in orders:
        raise FenjiError(
            zh=f"订单里没有“{key}”列，无法做产品分析。",
            en=f"The orders have no column '{key}', so products cannot be analysed.",
        )
    codes, names = pd.factorize(orders[key])
    named = np.array([bool(str(name).strip()) for name in names] + [False], np.bool_)
    number = np.where(named, np.cumsum(named) - 1, -1)
    return number[codes], np.asarray(names, object)[named[:-1]]


def _dates(day: np.ndarray, known: np.ndarray) -> np.ndarray:
    dates = np.where(known, day, 0).astype("datetime64[D]").astype("datetime64[s]")
    dates[~known] = np.datetime64("NaT")
    return dates


def _trend(codes: np.ndarray, month: np.ndarray, units: np.ndarray, n: int, months: int) -> np.ndarray:
    """Change per month since the product's first month, as a share of its mean month."""
    if len(month) == 0:
        return np.full(n, np.nan)
    start = int(month.max()) - months + 1
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, codes, month)
    recent = month >= start
    cell = codes[recent] * months + (month[recent] - start)
    series = sum_by(cell, units[recent], n * months).astype(np.float64).reshape(n, months)
    before = np.arange(months)[None, :] + start < first[:, None]
    series[before] = np.nan
    counted = (~before).sum(axis=1)
    mean = np.nansum(series, axis=1) / np.maximum(counted, 1)
    slope = trend_slope(series)
    return np.where(mean > 0, np.round(slope / np.where(mean > 0, mean, 1), 9), np.nan)


def uptake(orders: pd.DataFrame, product: str, key: str = "product") -> pd.DataFrame:
    """How a product is taken up: by month since its first sale, customers who bought it for the first time.

    Returns
    -------
    DataFrame, one row per month of the product's life: month (first day), new_customers, customers (with a
    sale in the month), repeat_share (of those customers, who had bought it before), amount, all_customers
    (so far), reach (share of the customers who bought anything since the launch).

    Raises
    ------
    FenjiError
        No such product.
    """
    codes, names = _codes(orders, key)
    wanted = [i for i, name in enumerate(names) if str(name).strip() == product.strip()]
    sale = ~orders["is_return"].to_numpy(bool)
    rows = sale & np.isin(codes, wanted)
    if not rows.any():
        raise FenjiError(
            zh=f"订单里没有产品“{product}”的销售。", en=f"There is no sale of the product '{product}'."
        )
    day, customer = days_of(orders["date"]), orders["customer_index"].to_numpy(np.int64)
    units, decimals = to_units(orders["amount"].to_numpy(np.float64))
    month = month_number(day)
    start = int(month[rows].min())
    length = int(month[sale].max()) - start + 1
    n = int(customer.max()) + 1
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, customer[rows], month[rows])
    starters = first[first != np.iinfo(np.int64).max] - start
    new = np.bincount(starters, minlength=length)
    pairs = distinct((month[rows] - start) * n + customer[rows])
    buyers = np.bincount(pairs // n, minlength=length)
    ever = np.full(n, np.iinfo(np.int64).max)
    since = sale & (month >= start)
    np.minimum.at(ever, customer[since], month[since])
    base = np.cumsum(np.bincount(ever[ever != np.iinfo(np.int64).max] - start, minlength=length))
    with np.errstate(invalid="ignore"):
        again = np.where(buyers > 0, (buyers - new) / np.maximum(buyers, 1), np.nan)
    return pd.DataFrame(
        {
            "month": (start + np.arange(length)).astype("datetime64[M]").astype("datetime64[s]"),
            "new_customers": new,
            "customers": buyers,
            "repeat_share": again,
            "amount": from_units(sum_by(month[rows] - start, units[rows], length), decimals),
            "all_customers": np.cumsum(new),
            "reach": np.cumsum(new) / np.maximum(base, 1),
        }
    )


def favourites(orders: pd.DataFrame, n_customers: int, key: str = "product") -> pd.DataFrame:
    """Each customer's favourite product: the most orders rows, then the most money, then the name.

    Returns
    -------
    DataFrame, one row per customer 0..n-1: favourite ("" without sales), kinds (number of products).

    >>> orders = pd.DataFrame({"product": ["茶", "杯", "茶"], "customer_index": [0, 0, 0], "is_return": False,
    ...     "amount": [1.0, 9.0, 1.0], "date": pd.to_datetime(["2024-01-01"] * 3)})
    >>> favourites(orders, 2).values.tolist()
    [['茶', 2], ['', 0]]
    """
    codes, names = _codes(orders, key)
    order = np.argsort(np.array([str(name) for name in names], object)) if len(names) else np.empty(0, int)
    alphabet = np.empty(len(names) + 1, np.int64)
    alphabet[order], alphabet[-1] = np.arange(len(names)), -1
    sale = (codes >= 0) & ~orders["is_return"].to_numpy(bool)
    customer = orders["customer_index"].to_numpy(np.int64)[sale]
    place = alphabet[codes[sale]]
    units, _ = to_units(orders["amount"].to_numpy(np.float64)[sale])
    width = max(len(names), 1)
    key_of_row = customer * width + place
    pairs = distinct(key_of_row)
    where = np.searchsorted(pairs, key_of_row)
    rows = np.bincount(where, minlength=len(pairs))
    money = sum_by(where, units, len(pairs))
    owner, product = pairs // width, pairs % width
    best = np.lexsort((product, -money, -rows, owner))
    first = best[np.flatnonzero(np.diff(owner[best], prepend=-1))]
    favourite = np.full(n_customers, "", object)
    favourite[owner[first]] = np.asarray(names, object)[order][product[first]]
    return pd.DataFrame({"favourite": favourite, "kinds": np.bincount(owner, minlength=n_customers)})
