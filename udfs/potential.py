"""Purchase potential: who could buy more, and why we think so.

Definitions, section 4, "Purchase potential". What customers do is scored against the others: a short purchase
interval, high order value, many categories, rising amount and frequency. To that come three signs: a core
product not yet bought, an industry that grows by more than 20 %, a customer who came by referral.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from udfs import tiers
from udfs.cleaning.names import join_key
from udfs.customer_data import CustomerData
from udfs.facts import Facts, coded, texts
from udfs.money import sum_by, to_units
from udfs.options import GradingOptions
from udfs.periods import trend_slope
from udfs.rfm import count_orders, distinct
from udfs.scope import days_of

PARTS = ("short_interval", "high_order_value", "many_categories", "rising_amount", "rising_frequency")
SIGNS = ("no_core_product", "growing_industry", "came_by_referral")
REFERRAL_WORDS = ("转介绍", "老客户介绍", "朋友推荐", "推荐", "referral", "referred", "word of mouth")
QUARTER_DAYS = 91
QUARTERS = 6
STRONG = 80.0  # percentile from which a part is named as a reason
RISING = 0.05  # rise per quarter, as a share of the own mean quarter, from which it is named as a reason
GROWTH = 0.20
YEAR_DAYS = 365


def potential(facts: Facts, data: CustomerData, options: GradingOptions) -> dict[str, np.ndarray]:
    """Potential of each customer.

    Parameters
    ----------
    facts, data : see `udfs.facts.gather`.
    options : `core_products`, `industry_growth` (without it, the growth of our own sales by industry).

    Returns
    -------
    potential_score : 0..100, mean percentile of the known parts; NaN for prospects.
    potential : high with a score of 70 or two signs, medium with 40 or one sign, else low; "prospects".
    potential_reasons : codes joined by ";" (see terms, group potential_reason).
    """
    buyers = facts.values.buyers
    parts = _parts(facts, data)
    percentiles = {name: tiers.percentile(np.where(buyers, part, np.nan)) for name, part in parts.items()}
    score = np.round(tiers.mean_of_known(list(percentiles.values())), 1)
    holds = {name: percentile >= STRONG for name, percentile in percentiles.items()}
    for name in ("rising_amount", "rising_frequency"):
        if name in holds:
            holds[name] = parts[name] > RISING
    signs = _signs(facts, data, options)
    number = np.sum([s & buyers for s in signs.values()], axis=0)
    level = (np.nan_to_num(score) >= 40).astype(int) + (np.nan_to_num(score) >= 70)
    level = np.maximum(level, np.minimum(number, 2))
    classes = np.array(["low", "medium", "high"], object)[level]
    classes[~buyers] = "prospects"
    return {
        "potential_score": np.where(buyers, score, np.nan),
        "potential": classes,
        "potential_reasons": joined({**holds, **signs}),
    }


def joined(flags: Mapping[str, np.ndarray]) -> np.ndarray:
    """The names of the flags that are set for each customer, joined by ";".

    >>> joined({"a": np.array([True, False]), "b": np.array([True, False])}).tolist()
    ['a;b', '']
    """
    names = list(flags)
    pattern = np.sum([np.asarray(flags[name], np.int64) << bit for bit, name in enumerate(names)], axis=0)
    found, place = np.unique(pattern, return_inverse=True)
    named = [";".join(name for bit, name in enumerate(names) if p >> bit & 1) for p in found.tolist()]
    return np.array(named, object)[place]


def _parts(facts: Facts, data: CustomerData) -> dict[str, np.ndarray]:
    """What is scored, larger is better."""
    parts = {
        "short_interval": -facts.interval,
        "high_order_value": facts.amount / np.where(facts.orders > 0, facts.orders, np.nan),
    }
    if data.orders is None:
        return {name: part for name, part in parts.items() if not np.isnan(part).all()}
    sales = data.orders[~data.orders["is_return"].to_numpy(bool)]
    customer = sales["customer_index"].to_numpy(np.int64)
    n = facts.n
    for key in ("category", "product"):
        if key in sales:
            codes, names = coded(sales[key])
            codes = codes.astype(np.int64)
            some = codes >= 0
            pairs = distinct(customer[some] * max(len(names), 1) + codes[some])
            parts["many_categories"] = np.bincount(pairs // max(len(names), 1), minlength=n).astype(float)
            break
    amount, orders = _by_quarter(sales, customer, facts)
    for name, series in (("rising_amount", amount), ("rising_frequency", orders)):
        mean = np.nanmean(np.where(np.isnan(series).all(axis=1)[:, None], 0.0, series), axis=1)
        slope = trend_slope(series)
        parts[name] = np.round(np.where(mean > 0, slope / np.where(mean > 0, mean, 1), np.nan), 9)
    return {name: parts[name] for name in PARTS if name in parts and not np.isnan(parts[name]).all()}


def _by_quarter(sales: pd.DataFrame, customer: np.ndarray, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Amount and orders of each customer in the last quarters, oldest first; NaN before the first order."""
    n = facts.n
    day = days_of(sales["date"])
    ago = (facts.values.as_of_day - day) // QUARTER_DAYS
    recent = ago < QUARTERS
    place = QUARTERS - 1 - ago[recent]
    cell = customer[recent] * QUARTERS + place
    units, _ = to_units(sales["amount"].to_numpy(np.float64))
    amount = sum_by(cell, units[recent], n * QUARTERS).astype(np.float64).reshape(n, QUARTERS)
    order = sales["order_id"].to_numpy(np.int64)[recent] if "order_id" in sales else None
    orders = count_orders(cell, day[recent], order, n * QUARTERS).astype(np.float64).reshape(n, QUARTERS)
    first = np.where(facts.values.buyers, facts.values.first_day, facts.values.as_of_day)
    since = QUARTERS - 1 - (facts.values.as_of_day - first) // QUARTER_DAYS
    before = np.arange(QUARTERS)[None, :] < since[:, None]
    return np.where(before, np.nan, amount), np.where(before, np.nan, orders)


def _signs(facts: Facts, data: CustomerData, options: GradingOptions) -> dict[str, np.ndarray]:
    buyers, customers = facts.values.buyers, data.customers
    signs = {"came_by_referral": _referred(customers)}
    if options.core_products and data.orders is not None and "product" in data.orders:
        signs["no_core_product"] = ~_bought(data.orders, options.core_products, facts.n)
    if "industry" in customers:
        growth = {join_key(k): v for k, v in options.industry_growth.items()} or _own_growth(facts, data)
        codes, keys = _industries(customers)
        signs["growing_industry"] = np.array(
            [bool(key) and growth.get(key, 0.0) > GROWTH for key in keys], np.bool_
        )[codes]
    return {name: signs[name] & buyers for name in SIGNS if name in signs}


def _referred(customers: pd.DataFrame) -> np.ndarray:
    named = np.array([t is not None for t in texts(customers, "referrer")], np.bool_)
    sources = texts(customers, "source")
    by_source = {s: any(w in s.casefold() for w in REFERRAL_WORDS) for s in {s for s in sources if s}}
    return named | np.array([s is not None and by_source[s] for s in sources], np.bool_)


def _bought(orders: pd.DataFrame, products: Sequence[str], n: int) -> np.ndarray:
    """True for customers with a sale of one of the products."""
    codes, names = coded(orders["product"])
    wanted = [join_key(p) for p in products]
    core = [isinstance(t, str) and any(w in join_key(t) for w in wanted) for t in names]
    rows = np.array([*core, False])[codes] & ~orders["is_return"].to_numpy(bool)
    return np.bincount(orders["customer_index"].to_numpy()[rows], minlength=n) > 0


def _industries(customers: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """The industry of each customer as a code, and the key of each code ("" for none)."""
    written, spellings = pd.factorize(customers["industry"])
    keys = [join_key(t) if isinstance(t, str) and t else "" for t in [*spellings, None]]
    same, industries = pd.factorize(np.array(keys, object))
    return same[written], list(industries)


def _own_growth(facts: Facts, data: CustomerData) -> dict[str, float]:
    """Growth of our sales by industry, the last 365 days against the 365 before; needs two full years."""
    orders = data.orders
    if orders is None:
        return {}
    ago = facts.values.as_of_day - days_of(orders["date"])
    if len(ago) == 0 or int(ago.max()) < 2 * YEAR_DAYS - 31:
        return {}
    codes, industries = _industries(data.customers)
    industry = codes[orders["customer_index"].to_numpy()]
    units, _ = to_units(orders["amount"].to_numpy(np.float64))
    now, before = (
        sum_by(industry[rows], units[rows], len(industries))
        for rows in (ago <= YEAR_DAYS, (ago > YEAR_DAYS) & (ago <= 2 * YEAR_DAYS))
    )
    return {
        name: (int(now[i]) - int(before[i])) / int(before[i])
        for i, name in enumerate(industries)
        if name and before[i] > 0
    }
