"""Two periods side by side: what changed, who is behind it, who grows and who falls.

Definitions, section 6. Works on the cleaned orders of `CustomerData`; amounts are net.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from udfs.migration import between_periods
from udfs.money import from_units, sum_by, to_units
from udfs.periods import growth_rate, season_index
from udfs.rfm import count_orders
from udfs.scope import Period, date_of, days_of
from udfs.texts import FenjiError

FALL_LIMIT = -0.10
METRICS = ("customers", "amount", "orders", "average_order")
MIN_SEASON_MONTHS = 24


def period_before(period: Period) -> Period:
    """The period just before, of the same kind: the month before a month, else as many days.

    >>> str(period_before(Period(dt.date(2024, 7, 1), dt.date(2024, 9, 30))))
    '2024-04-01..2024-06-30'
    """
    whole_months = period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1
    end = period.start - dt.timedelta(days=1)
    if not whole_months:
        return Period(end - dt.timedelta(days=period.days - 1), end)
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    number = period.start.year * 12 + period.start.month - 1 - months
    return Period(dt.date(number // 12, number % 12 + 1, 1), end)


def year_before(period: Period) -> Period:
    """The same period a year before; a month that ends ends as a month.

    >>> str(year_before(Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))))
    '2023-02-01..2023-02-28'
    """
    month_end = (period.end + dt.timedelta(days=1)).day == 1
    after = period.end + dt.timedelta(days=1)
    end = _last_year(after) - dt.timedelta(days=1) if month_end else _last_year(period.end)
    return Period(_last_year(period.start), end)


def _last_year(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True, slots=True)
class CustomerPeriod:
    """What each customer did in a period; shape (n,). `units` are exact (see `udfs.money`)."""

    period: Period
    units: np.ndarray
    decimals: int
    orders: np.ndarray

    @property
    def amount(self) -> np.ndarray:
        """Net amount of each customer."""
        return from_units(self.units, self.decimals)

    def metrics(self) -> dict[str, float]:
        """Customers with an order, net amount, orders, amount per order."""
        orders = int(self.orders.sum())
        amount = float(from_units(int(self.units.sum()), self.decimals))
        return {
            "customers": int((self.orders > 0).sum()),
            "amount": amount,
            "orders": orders,
            "average_order": amount / orders if orders else float("nan"),
        }


def in_period(orders: pd.DataFrame, period: Period, n_customers: int) -> CustomerPeriod:
    """Amount and orders of each customer in a period (cleaned orders of `CustomerData`)."""
    units, decimals = to_units(orders["amount"].to_numpy(np.float64))
    day = days_of(orders["date"])
    inside = period.holds(day)
    sale = inside & ~orders["is_return"].to_numpy(bool)
    customer = orders["customer_index"].to_numpy(np.int64)
    number = orders["order_id"].to_numpy(np.int64)[sale] if "order_id" in orders else None
    return CustomerPeriod(
        period=period,
        units=sum_by(customer[inside], units[inside], n_customers),
        decimals=decimals,
        orders=count_orders(customer[sale], day[sale], number, n_customers),
    )


def compare(orders: pd.DataFrame, period: Period, n_customers: int, fall: float = FALL_LIMIT) -> pd.DataFrame:
    """This period, the one before, and the same a year ago.

    Returns
    -------
    DataFrame, one row per metric (customers, amount, orders, average_order): metric, now, before, change,
    change_share, year_ago, year_change, year_change_share, fell (change share at or below `fall`). Shares are
    NaN where there was nothing to compare with.

    >>> orders = pd.DataFrame({"customer_index": [0, 0, 1], "amount": [10.0, 30.0, 30.0], "is_return": False,
    ...     "date": pd.to_datetime(["2024-01-05", "2024-02-05", "2024-01-07"])})
    >>> table = compare(orders, Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29)), 2)
    >>> table[["metric", "now", "before", "change_share", "fell"]].values.tolist()[1]
    ['amount', 30.0, 40.0, -0.25, True]
    """
    windows = (period, period_before(period), year_before(period))
    now, before, ago = (in_period(orders, w, n_customers).metrics() for w in windows)
    table = pd.DataFrame({"metric": METRICS})
    table["now"] = [now[m] for m in METRICS]
    table["before"] = [before[m] for m in METRICS]
    table["change"] = table["now"] - table["before"]
    table["change_share"] = growth_rate(table["now"].to_numpy(), table["before"].to_numpy())
    table["year_ago"] = [ago[m] for m in METRICS]
    table["year_change"] = table["now"] - table["year_ago"]
    table["year_change_share"] = growth_rate(table["now"].to_numpy(), table["year_ago"].to_numpy())
    table["fell"] = table["change_share"] <= fall
    return table


def customer_changes(orders: pd.DataFrame, now: Period, before: Period, n_customers: int) -> pd.DataFrame:
    """Every customer with orders in one of two periods: growth, ranks, and whether new or lapsed.

    Sorting by `change` gives the largest contributors to a fall or rise; by `growth` the fastest; the rows
    with status "repeating" are the ones to compare.

    Returns
    -------
    DataFrame: row (customer number), amount, amount_before, change, growth, orders, orders_before, rank,
    rank_before (NaN without an amount), rank_change (positive is up), status (new, repeating, lapsed).
    """
    this, last = in_period(orders, now, n_customers), in_period(orders, before, n_customers)
    seen = np.flatnonzero((this.orders > 0) | (last.orders > 0) | (this.units != 0) | (last.units != 0))
    rank, rank_before = _ranks(this)[seen], _ranks(last)[seen]
    return pd.DataFrame(
        {
            "row": seen,
            "amount": this.amount[seen],
            "amount_before": last.amount[seen],
            "change": from_units((this.units - last.units)[seen], this.decimals),
            "growth": growth_rate(this.units[seen].astype(float), last.units[seen].astype(float)),
            "orders": this.orders[seen],
            "orders_before": last.orders[seen],
            "rank": rank,
            "rank_before": rank_before,
            "rank_change": rank_before - rank,
            "status": between_periods(last.orders, this.orders)[seen],
        }
    )


def _ranks(of: CustomerPeriod) -> np.ndarray:
    """Place by amount among the customers with orders, equal amounts share; NaN for the others."""
    active = of.orders > 0
    ordered = np.sort(-of.units[active])
    return np.where(active, np.searchsorted(ordered, -of.units, "left") + 1.0, np.nan)


def contributors(orders: pd.DataFrame, now: Period, before: Period, key: str) -> pd.DataFrame:
    """The change between two periods by product, category, channel, region ...: who is behind it.

    Returns
    -------
    DataFrame: `key` ("" where empty), amount, amount_before, change, contribution (share of the whole change); the
    largest fall first. The changes add up to the whole change.

    Raises
    ------
    FenjiError
        The orders have no such column.
    """
    if key not in orders:
        raise FenjiError(zh=f"订单里没有“{key}”列。", en=f"The orders have no column '{key}'.")
    codes, names = pd.factorize(orders[key].astype(object).where(orders[key].notna(), ""))
    units, decimals = to_units(orders["amount"].to_numpy(np.float64))
    day = days_of(orders["date"])
    this, last = (
        sum_by(codes[rows], units[rows], len(names)) for rows in (now.holds(day), before.holds(day))
    )
    whole = int(this.sum()) - int(last.sum())
    table = pd.DataFrame(
        {
            key: names,
            "amount": from_units(this, decimals),
            "amount_before": from_units(last, decimals),
            "change": from_units(this - last, decimals),
            "contribution": (this - last) / whole if whole else np.full(len(names), np.nan),
        }
    )
    return table.sort_values(["change", key], kind="stable").reset_index(drop=True)


def revenue_tree(orders: pd.DataFrame, now: Period, before: Period, n_customers: int) -> pd.DataFrame:
    """Why the amount changed: customers x orders per customer x amount per order (F19).

    Each factor's part of the change by the logarithmic mean (LMDI): the parts add up to the change exactly,
    whatever the order of the factors.

    Returns
    -------
    DataFrame, one row per factor: factor (customers, orders_per_customer, average_order), now, before,
    change_share, effect (money). Effects are NaN when one period has no sales.
    """
    this, last = (in_period(orders, p, n_customers).metrics() for p in (now, before))
    rows: list[tuple[str, Callable[[dict[str, float]], float]]] = [
        ("customers", lambda m: m["customers"]),
        ("orders_per_customer", lambda m: m["orders"] / m["customers"] if m["customers"] else float("nan")),
        ("average_order", lambda m: m["average_order"]),
    ]
    table = pd.DataFrame({"factor": [name for name, _ in rows]})
    table["now"] = [of(this) for _, of in rows]
    table["before"] = [of(last) for _, of in rows]
    table["change_share"] = growth_rate(table["now"].to_numpy(), table["before"].to_numpy())
    a, b = this["amount"], last["amount"]
    if a > 0 and b > 0:
        mean = a if a == b else (a - b) / np.log(a / b)
        table["effect"] = mean * np.log(table["now"] / table["before"])
    else:
        table["effect"] = np.nan
    return table


def monthly(orders: pd.DataFrame, first: dt.date | None = None, last: dt.date | None = None) -> pd.DataFrame:
    """One row per month without gaps: month (first day), amount (net), rows (of sales), customers.

    The first and last month run from the first to the last order unless dates are given.
    """
    day = days_of(orders["date"])
    if len(day) == 0:
        return pd.DataFrame(columns=["month", "amount", "rows", "customers"])
    month = orders["date"].to_numpy("datetime64[M]").astype(np.int64)
    start = int(np.datetime64(first or date_of(day.min()), "M").astype(np.int64))
    n = int(np.datetime64(last or date_of(day.max()), "M").astype(np.int64)) - start + 1
    inside = (month >= start) & (month < start + n)
    place = month[inside] - start
    units, decimals = to_units(orders["amount"].to_numpy(np.float64))
    sale = ~orders["is_return"].to_numpy(bool)[inside]
    customer = orders["customer_index"].to_numpy(np.int64)[inside]
    people = count_orders(place[sale], place[sale], customer[sale] * n + place[sale], n)
    return pd.DataFrame(
        {
            "month": (start + np.arange(n)).astype("datetime64[M]").astype("datetime64[s]"),
            "amount": from_units(sum_by(place, units[inside], n), decimals),
            "rows": np.bincount(place[sale], minlength=n),
            "customers": people,
        }
    )


@dataclass(frozen=True, slots=True)
class Seasons:
    """Seasonal index by month (January first, mean 1) and the low and high season; NaN and () under 24 months."""

    index: np.ndarray
    high: tuple[int, ...]
    low: tuple[int, ...]
    months: int


def seasons(orders: pd.DataFrame, end: dt.date | None = None, margin: float = 0.1) -> Seasons:
    """Seasons of the sales: months 10 % above the mean are high season, 10 % below low season.

    Parameters
    ----------
    end : last day of the data; a last month that is not complete is left out.
    """
    table = monthly(orders)
    if len(table) == 0:
        return Seasons(np.full(12, np.nan), (), (), 0)
    last = end or date_of(days_of(orders["date"]).max())
    day_after = last + dt.timedelta(days=1)
    if day_after.day != 1 and table["month"].iloc[-1] == pd.Timestamp(last.year, last.month, 1):
        table = table.iloc[:-1]
    if len(table) < MIN_SEASON_MONTHS:
        return Seasons(np.full(12, np.nan), (), (), len(table))
    index = season_index(table["amount"].to_numpy(), int(table["month"].iloc[0].month))
    number = np.arange(1, 13)
    high = tuple(number[index >= 1 + margin].tolist())
    return Seasons(index, high, tuple(number[index <= 1 - margin].tolist()), len(table))


def retention(orders: pd.DataFrame, now: Period, before: Period, n_customers: int) -> pd.DataFrame:
    """New, repeating and lapsed customers between two periods, with their value.

    Returns
    -------
    DataFrame: status, customers, amount (now), amount_before.
    """
    changes = customer_changes(orders, now, before, n_customers)
    rows = [
        (status, len(part), part["amount"].sum(), part["amount_before"].sum())
        for status in ("new", "repeating", "lapsed")
        for part in [changes[changes["status"] == status]]
    ]
    return pd.DataFrame(rows, columns=["status", "customers", "amount", "amount_before"])
