"""What is known about each customer, as arrays: everything a grading needs, before anything is graded.

All arrays have shape (n,), one place per row of `CustomerData.customers`; NaN means "not known".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from udfs import loyalty, tiers
from udfs.churn import months_before
from udfs.cleaning.names import join_key
from udfs.customer_data import CustomerData
from udfs.money import from_units, sum_by, to_units
from udfs.options import GradingOptions
from udfs.rfm import NO_DAY, RfmValues, distinct, purchase_days, rfm_values
from udfs.scope import Scoped, day_number, days_of
from udfs.texts import FenjiError, Text

COMPLAINT_WORDS = ("投诉", "抱怨", "complaint", "claim")


@dataclass(slots=True)
class Facts:
    """Per customer: what they did and said.

    Attributes
    ----------
    values : recency, frequency, monetary (see `udfs.rfm.RfmValues`).
    amount : net amount, 0 without orders. profit : amount less cost, or amount x margin rate.
    orders : distinct orders. interval, n_intervals, regularity : purchase interval (see `udfs.loyalty`).
    repeat_months : share of months with an order.
    spend, discounted : sales, and sales at a discount.
    discount_share, premium_share, custom_share : shares of orders.
    satisfaction : 1..5. complaints, campaigns, referrals : numbers.
    contacts_recent, contacts_before : contacts of the last 90 days and of the 90 days before.
    need_words : need type from the preference column.
    notes : what could not be computed, and which column would bring it.
    """

    values: RfmValues
    amount: np.ndarray
    profit: np.ndarray
    orders: np.ndarray
    interval: np.ndarray
    n_intervals: np.ndarray
    regularity: np.ndarray
    repeat_months: np.ndarray
    spend: np.ndarray
    discounted: np.ndarray
    discount_share: np.ndarray
    premium_share: np.ndarray
    custom_share: np.ndarray
    satisfaction: np.ndarray
    complaints: np.ndarray
    campaigns: np.ndarray
    referrals: np.ndarray
    contacts_recent: np.ndarray
    contacts_before: np.ndarray
    need_words: np.ndarray
    notes: list[Text] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Number of customers."""
        return len(self.amount)

    def take(self, stay: np.ndarray) -> Facts:
        """The facts of some customers (bool array, shape (n,))."""
        mine = {f.name: getattr(self, f.name) for f in fields(self)}
        values = {f.name: getattr(self.values, f.name) for f in fields(self.values)}
        part = RfmValues(**{k: v[stay] if isinstance(v, np.ndarray) else v for k, v in values.items()})
        return Facts(
            **{k: v[stay] if isinstance(v, np.ndarray) else v for k, v in mine.items()} | {"values": part}
        )

    def loyalty_parts(self) -> dict[str, np.ndarray]:
        """The parts of the loyalty score, larger is more loyal; NaN for prospects."""
        buyers = self.values.buyers
        parts = {
            "tenure": loyalty.tenure_days(self.values.first_day, self.values.last_day).astype(float),
            "repeat_purchase": self.repeat_months,
            "regularity": self.regularity,
            "referrals": self.referrals,
            "price_insensitivity": -loyalty.price_sensitivity(self.discounted, self.spend),
            "few_complaints": -self.complaints,
            "participation": self.campaigns,
            "satisfaction": self.satisfaction,
        }
        known = {name: np.where(buyers, part, np.nan) for name, part in parts.items()}
        return {name: part for name, part in known.items() if not np.isnan(part).all()}


def gather(scoped: Scoped, options: GradingOptions) -> Facts:
    """All facts about the customers inside a scope, from orders or from the customer table's totals."""
    data, as_of_day = scoped.data, day_number(scoped.as_of)
    facts = (
        _from_orders(data, as_of_day, options) if data.orders is not None else _from_totals(data, as_of_day)
    )
    customers = data.customers
    facts.satisfaction, facts.complaints = _feedback(data, as_of_day, options.satisfaction_months)
    days = options.churn_contact_days
    facts.contacts_recent, facts.contacts_before = _contacts(data, as_of_day, days)
    facts.referrals = referrals(customers)
    if "preference" in customers:
        words = (options.price_words, options.quality_words, options.personal_words)
        facts.need_words = tiers.need_from_words(texts(customers, "preference"), *words)
    _fill_profit(facts, customers, options)
    return facts


def texts(table: pd.DataFrame, key: str) -> list[str | None]:
    """A column as texts, None where empty; all None when there is no such column."""
    if key not in table:
        return [None] * len(table)
    return [v if isinstance(v, str) and v else None for v in table[key].tolist()]


def numbers(table: pd.DataFrame, key: str) -> np.ndarray:
    """A column as float64, NaN where empty; all NaN when there is no such column."""
    if key not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[key], errors="coerce").to_numpy(np.float64)


UNKNOWN_AT_FIRST = (
    "profit", "interval", "regularity", "repeat_months", "spend", "discounted", "discount_share",
    "premium_share", "custom_share", "satisfaction", "complaints", "campaigns", "referrals",
    "contacts_recent", "contacts_before",
)  # fmt: skip


def _unknown(values: RfmValues, orders: np.ndarray, amount: np.ndarray) -> Facts:
    n = len(amount)
    nan = np.full(n, np.nan)
    return Facts(
        values=values,
        amount=amount,
        orders=orders,
        n_intervals=np.zeros(n, np.int64),
        need_words=np.full(n, "unknown", object),
        notes=[],
        **dict.fromkeys(UNKNOWN_AT_FIRST, nan),
    )


def _from_orders(data: CustomerData, as_of_day: int, options: GradingOptions) -> Facts:
    orders = data.orders
    assert orders is not None
    n = len(data.customers)
    customer = orders["customer_index"].to_numpy(np.int64)
    day = days_of(orders["date"])
    is_return = orders["is_return"].to_numpy(bool)
    order = orders["order_id"].to_numpy(np.int64) if "order_id" in orders else None
    amounts = orders["amount"].to_numpy(np.float64)
    values = rfm_values(
        customer,
        day,
        amounts,
        n,
        is_return=is_return if is_return.any() else None,
        order=order,
        as_of_day=as_of_day,
        frequency_basis=options.bases[0],
        monetary_basis=options.bases[1],
    )
    sale = ~is_return
    if is_return.any():
        customer, day, sales = customer[sale], day[sale], orders[sale]
        order = None if order is None else order[sale]
    else:
        sales = orders
    facts = _unknown(values, values.frequency, from_units(values.net_units, values.decimals))
    who, when = purchase_days(customer, day)
    found = loyalty.intervals(who, when, n)
    facts.interval, facts.n_intervals, facts.regularity = found.median, found.count, found.regularity
    last = int(values.last_day.max()) if values.buyers.any() else as_of_day
    facts.repeat_months = loyalty.repeat_months(who, when, n, max(as_of_day - 1, last))
    units = to_units(amounts[sale] if is_return.any() else amounts)[0]
    facts.spend = sum_by(customer, units, n).astype(np.float64)
    tally = _OrderTally(customer, order, n)
    if "discount" in sales:
        cheap = numbers(sales, "discount") > 0
        facts.discounted = sum_by(customer[cheap], units[cheap], n).astype(np.float64)
        facts.discount_share = tally.share(cheap)
    facts.premium_share = _word_share(sales, ("product", "category"), options.premium_words, tally)
    kinds = ("product", "category", "order_type", "remark")
    facts.custom_share = _word_share(sales, kinds, options.custom_words, tally)
    if "campaign" in sales:
        facts.campaigns = tally.count(filled(sales["campaign"]))
    if "cost" in orders:
        cost = np.copysign(numbers(orders, "cost"), amounts)
        facts.profit = _profit_from_cost(orders["customer_index"].to_numpy(), amounts, cost, n)
    return facts


class _OrderTally:
    """Counts orders, not rows, in which something holds for any row."""

    def __init__(self, customer: np.ndarray, order: np.ndarray | None, n: int) -> None:
        self.n = n
        rows = np.arange(len(customer))
        if order is None:
            self.order, self.owner = rows, customer
        else:
            top = int(order.max(initial=0)) + 1
            number = order if (order >= 0).all() else np.where(order >= 0, order, top + rows)
            self.order, self.owner = _owned(customer, number)
        self.every = np.bincount(self.owner[self.owner >= 0], minlength=n)

    def count(self, holds: np.ndarray) -> np.ndarray:
        """Orders of each customer with a row where it holds, float64."""
        some = np.zeros(len(self.owner), bool)
        some[self.order[holds]] = True
        return np.bincount(self.owner[some], minlength=self.n).astype(np.float64)

    def share(self, holds: np.ndarray) -> np.ndarray:
        """Share of the customer's orders where it holds; NaN without orders."""
        return np.where(self.every > 0, self.count(holds) / np.maximum(self.every, 1), np.nan)


def _owned(customer: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Order number of each row and owner of each order (-1 none); an order of two customers is two orders."""
    top = int(number.max(initial=-1)) + 1
    if top <= 4 * len(number):
        owner = np.full(top, -1, np.int64)
        owner[number] = customer
        if (owner[number] == customer).all():
            return number, owner
    pairs = customer * top + number
    keys = distinct(pairs)
    return np.searchsorted(keys, pairs), keys // top


def coded(column: pd.Series) -> tuple[np.ndarray, list[object]]:
    """Codes (-1 empty) and distinct values of a column; at once for a categorical one.

    >>> coded(pd.Series(["b", None, "b"]))[0].tolist()
    [0, -1, 0]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories.tolist()
    codes, names = pd.factorize(column)
    return codes, list(names)


def filled(column: pd.Series) -> np.ndarray:
    """True where a text column holds something."""
    codes, names = coded(column)
    something = np.array([isinstance(t, str) and bool(t.strip()) for t in names] + [False])
    return something[codes]


def _word_share(
    sales: pd.DataFrame, keys: Sequence[str], words: Sequence[str], tally: _OrderTally
) -> np.ndarray:
    """Share of orders with one of the words in one of the columns; NaN when no such column exists."""
    there = [key for key in keys if key in sales]
    if not there or not words:
        return np.full(tally.n, np.nan)
    holds = np.zeros(len(sales), bool)
    lower = [w.casefold() for w in words]
    for key in there:
        codes, names = coded(sales[key])
        fits = [isinstance(t, str) and any(w in t.casefold() for w in lower) for t in names]
        holds |= np.array([*fits, False])[codes]
    return tally.share(holds)


def _profit_from_cost(customer: np.ndarray, amount: np.ndarray, cost: np.ndarray, n: int) -> np.ndarray:
    """Amount less cost where the cost of every row is known, else NaN; exact."""
    complete = np.bincount(customer[np.isnan(cost)], minlength=n) == 0
    complete &= np.bincount(customer, minlength=n) > 0
    units, decimals = to_units(np.concatenate([amount, cost]))
    profit = sum_by(customer, units[: len(amount)] - units[len(amount) :], n)
    return np.where(complete, from_units(profit, decimals), np.nan)


def _from_totals(data: CustomerData, as_of_day: int) -> Facts:
    """Facts from a customer table that already has totals (F1): last date, number of orders, amount."""
    customers = data.customers
    for key, zh, en in (
        ("last_order_date", "最近消费日期", "last order date"),
        ("order_count", "订单数", "number of orders"),
        ("total_amount", "累计金额", "total amount"),
    ):
        if key not in customers:
            raise FenjiError(
                zh=f"没有订单表，客户表里也没有“{zh}”列，无法分级。请补上这一列或提供订单表。",
                en=f"There is no order table, and the customer table has no column with the {en}. "
                "Add that column, or an order table.",
            )
    frequency, amount = numbers(customers, "order_count"), numbers(customers, "total_amount")
    dated = customers["last_order_date"].notna().to_numpy()
    last = np.full(len(customers), NO_DAY, np.int64)
    last[dated] = days_of(customers["last_order_date"][dated])
    late = dated & (last > as_of_day)
    buyers = dated & ~late & (np.nan_to_num(frequency) > 0) & ~np.isnan(amount)
    first = last.copy()
    has_first = np.zeros(len(customers), bool)
    if "first_order_date" in customers:
        has_first = customers["first_order_date"].notna().to_numpy() & buyers
        first[has_first] = days_of(customers["first_order_date"][has_first])
    first[~buyers] = last[~buyers] = NO_DAY
    units, decimals = to_units(amount)
    recency = np.where(buyers, as_of_day - np.where(buyers, last, 0).astype(float), np.nan)
    values = RfmValues(
        recency=recency,
        frequency=np.where(buyers, np.nan_to_num(frequency), 0.0),
        monetary=np.where(buyers, amount, np.nan),
        net_units=units,
        decimals=decimals,
        first_day=first,
        last_day=last,
        as_of_day=as_of_day,
    )
    facts = _unknown(values, values.frequency, np.nan_to_num(amount))
    if (undated := int((~buyers & (np.nan_to_num(frequency) > 0)).sum())) > 0:
        facts.notes.append(
            Text(
                zh=f"{undated} 位客户有订单数但没有可用的最近消费日期或金额，按潜在客户处理。",
                en=f"Customers with orders but without a usable last date or amount count as prospects ({undated}).",
            )
        )
    if "total_profit" in customers:
        facts.profit = numbers(customers, "total_profit")
    elif "total_cost" in customers:
        cost_units, _ = to_units(np.concatenate([amount, numbers(customers, "total_cost")]))
        n = len(customers)
        both = from_units(cost_units[:n] - cost_units[n:], _)
        facts.profit = np.where(np.isnan(numbers(customers, "total_cost")), np.nan, both)
    return facts


def _fill_profit(facts: Facts, customers: pd.DataFrame, options: GradingOptions) -> None:
    """Profit from a margin rate where the cost is not known."""
    rate = numbers(customers, "margin_rate")
    if options.margin_rate is not None:
        rate = np.where(np.isnan(rate), options.margin_rate, rate)
    facts.profit = np.where(np.isnan(facts.profit), np.round(facts.amount * rate, 6), facts.profit)
    if np.isnan(facts.profit[facts.values.buyers]).all():
        facts.notes.append(
            Text(
                zh="没有成本列也没有毛利率，利润贡献留空。补上成本列，或在设置里填毛利率。",
                en="Profit stays empty: there is no cost column and no margin rate. "
                "Add a cost column, or set a margin rate.",
            )
        )


def _feedback(data: CustomerData, as_of_day: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean satisfaction of the last months (else the customer table's own), and number of complaints."""
    n = len(data.customers)
    satisfaction = numbers(data.customers, "satisfaction")
    table = data.feedback
    if table is None:
        return satisfaction, np.full(n, np.nan)
    index = table["customer_index"].to_numpy(np.int64)
    if "satisfaction" in table:
        score = numbers(table, "satisfaction")
        known = ~np.isnan(score)
        if "date" in table:
            known &= (table["date"].notna()).to_numpy()
            recent = np.zeros(len(table), bool)
            recent[known] = days_of(table["date"][known]) > months_before(as_of_day, months)
            known &= recent
        units, decimals = to_units(score[known])
        count = np.bincount(index[known], minlength=n)
        mean = sum_by(index[known], units, n) / (10.0**decimals * np.maximum(count, 1))
        satisfaction = np.where(count > 0, mean, satisfaction)
    if "feedback_kind" not in table:
        return satisfaction, np.full(n, np.nan)
    codes, names = coded(table["feedback_kind"])
    complains = [isinstance(t, str) and any(w in t.casefold() for w in COMPLAINT_WORDS) for t in names]
    rows = np.array([*complains, False])[codes]
    return satisfaction, np.bincount(index[rows], minlength=n).astype(np.float64)


def _contacts(data: CustomerData, as_of_day: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Contacts of the last days, and of as many days before; NaN without a contact table."""
    n = len(data.customers)
    if data.contacts is None or "date" not in data.contacts:
        return np.full(n, np.nan), np.full(n, np.nan)
    table = data.contacts[data.contacts["date"].notna()]
    index = table["customer_index"].to_numpy(np.int64)
    ago = as_of_day - days_of(table["date"])
    recent, before = (ago >= 0) & (ago < days), (ago >= days) & (ago < 2 * days)
    return tuple(np.bincount(index[rows], minlength=n).astype(np.float64) for rows in (recent, before))  # type: ignore[return-value]


def referrals(customers: pd.DataFrame) -> np.ndarray:
    """How many customers each one referred: the referrer column names them by id or name."""
    if "referrer" not in customers:
        return np.full(len(customers), np.nan)
    by_id: dict[str, int] = {}
    for i, key in enumerate(texts(customers, "customer_id")):
        if key:
            by_id.setdefault(key, i)
    named = [r for r in texts(customers, "referrer") if r]
    keys = {name: join_key(name) for name in {*named, *filter(None, texts(customers, "customer"))}}
    by_name: dict[str, int] = {}
    for i, name in enumerate(texts(customers, "customer")):
        if name:
            by_name.setdefault(keys[name], i)
    found = [by_id.get(r, by_name.get(keys[r])) for r in named]
    places = np.array([i for i in found if i is not None], np.int64)
    return np.bincount(places, minlength=len(customers)).astype(np.float64)
