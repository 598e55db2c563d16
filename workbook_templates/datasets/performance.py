"""Sales performance of every customer by year, the extremes, the years, the products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import wording
from udfs.texts import Text
from workbook_templates.datasets.base import (
    Datasets,
    Window,
    change,
    dataset,
    filled,
    missing_column,
    names_in,
    ranks,
    share,
    too_little,
    values,
)

# Limits of the change on the same days of last year, and what it is called and what to do.
FAST, SLIGHT = 0.20, 0.05
EVALUATIONS: dict[str, tuple[Text, Text]] = {
    "new": (
        Text(zh="本期新增", en="New this year"),
        Text(zh="做好首单服务，约定下次拜访。", en="Serve the first orders well and agree the next visit."),
    ),
    "fast": (
        Text(zh="增长快", en="Growing fast"),
        Text(zh="保证供货，谈年度合作。", en="Secure supply and talk about a yearly agreement."),
    ),
    "growing": (
        Text(zh="稳步增长", en="Growing"),
        Text(zh="保持节奏，推荐配套产品。", en="Keep in regular touch and offer matching products."),
    ),
    "steady": (
        Text(zh="基本持平", en="Steady"),
        Text(zh="按正常节奏维护，寻找新需求。", en="Stay in normal contact; look for new needs."),
    ),
    "falling": (
        Text(zh="下滑", en="Declining"),
        Text(zh="一个月内拜访，了解原因。", en="Visit within a month and find the reason."),
    ),
    "steep": (
        Text(zh="明显下滑", en="Sharp decline"),
        Text(zh="两周内由负责人上门，制定挽回方案。", en="The owner visits within two weeks with a plan."),
    ),
    "none": (
        Text(zh="本期未成交", en="No orders this year"),
        Text(
            zh="确认是否流失，做一次挽回。", en="Find out whether they have left; try once to win them back."
        ),
    ),
}
TOP = 10


def evaluation(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Code of the evaluation of each customer from both amounts.

    >>> evaluation(np.array([120.0, 0.0, 5.0, 50.0]), np.array([100.0, 9.0, 0.0, 100.0])).tolist()
    ['fast', 'none', 'new', 'steep']
    """
    moved = change(now, before)
    codes = np.select(
        [
            (now <= 0),
            (before <= 0),
            moved >= FAST,
            moved >= SLIGHT,
            moved > -SLIGHT,
            moved > -FAST,
        ],
        ["none", "new", "fast", "growing", "steady", "falling"],
        "steep",
    )
    return codes.astype(object)


@dataset("performance")
def performance(x: Datasets) -> pd.DataFrame:
    """Every customer who bought this year or in the two before: amounts, share, change, ranks, evaluation, action."""
    this = x.this_year
    last = this.a_year_earlier()
    before = last.a_year_earlier()
    now, then, earlier = x.amounts(this), x.amounts(last), x.amounts(before)
    rank_now, rank_then = ranks(now), ranks(then)
    codes = evaluation(now, then)
    frame = pd.DataFrame(
        {
            "rank": rank_now,
            "customer": x.grades["customer"],
            "amount_year": now,
            "year_share": share(now, now.sum()),
            "amount_last_year": then,
            "change": change(now, then),
            "change_amount": now - then,
            "rank_last_year": rank_then,
            "rank_change": rank_then - rank_now,
            "amount_year_before": earlier,
            "orders_year": np.bincount(
                x.orders["customer_index"].to_numpy()[x.inside(this) & ~x.orders["is_return"].to_numpy(bool)],
                minlength=x.n,
            ),
            "evaluation_code": codes,
            "evaluation": [EVALUATIONS[c][0](x.lang) for c in codes],
            "action": [EVALUATIONS[c][1](x.lang) for c in codes],
        }
    )
    if "quantity" in x.orders:
        frame["quantity_year"] = x.amounts(this, "quantity")
    for key in ("owner", "region"):
        if key in x.grades:
            frame[key] = x.grades[key]
    frame["product"] = favourite_product(x, this)
    bought = (now != 0) | (then != 0) | (earlier != 0)
    frame = frame[bought].sort_values(["amount_year", "amount_last_year"], ascending=False, kind="stable")
    return frame.reset_index(drop=True)


def favourite_product(x: Datasets, window: Window) -> pd.Series | None:
    """The product (or category) each customer spent most on in the window."""
    orders = x.orders
    key = next((k for k in ("product", "category") if k in orders and filled(orders[k]).any()), None)
    if key is None:
        return None
    codes, names = names_in(orders[key])
    use = x.inside(window) & (codes >= 0)
    pair = orders["customer_index"].to_numpy()[use].astype(np.int64) * len(names) + codes[use]
    pairs, place = np.unique(pair, return_inverse=True)
    spent = np.bincount(place, orders["amount"].to_numpy(float)[use], minlength=len(pairs))
    customer, product = pairs // len(names), pairs % len(names)
    order = np.lexsort((product, -spent, customer))
    first = order[np.unique(customer[order], return_index=True)[1]]
    best = np.full(x.n, None, object)
    best[customer[first]] = names[product[first]]
    return pd.Series(best, dtype=object)


def comparable(x: Datasets) -> pd.DataFrame:
    """The performance rows, when there is a last year to compare with."""
    frame = x.get("performance")
    if not (frame["amount_last_year"] > 0).any():
        raise too_little("没有上年同期的订单", "there are no orders of last year")
    return frame


@dataset("top10")
def top10(x: Datasets) -> pd.DataFrame:
    """The ten customers with the highest amount this year."""
    frame = x.get("performance")
    return frame[frame["amount_year"] > 0].head(TOP).reset_index(drop=True)


@dataset("growth10")
def growth10(x: Datasets) -> pd.DataFrame:
    """The ten customers whose amount grew most against the same days of last year."""
    frame = comparable(x)
    grown = frame[(frame["change_amount"] > 0) & (frame["amount_last_year"] > 0)]
    return grown.sort_values("change_amount", ascending=False, kind="stable").head(TOP).reset_index(drop=True)


@dataset("fall10")
def fall10(x: Datasets) -> pd.DataFrame:
    """The ten customers whose amount fell most."""
    frame = comparable(x)
    fallen = frame[frame["change_amount"] < 0]
    return fallen.sort_values("change_amount", kind="stable").head(TOP).reset_index(drop=True)


@dataset("years")
def years(x: Datasets) -> pd.DataFrame:
    """Every calendar year: customers who bought, orders, amount, change; the last may be incomplete."""
    orders = x.orders
    year = orders["date"].to_numpy().astype("datetime64[Y]").astype(int) + 1970
    frame = pd.DataFrame(
        {
            "year": year,
            "amount": orders["amount"].to_numpy(float),
            "customer": orders["customer_index"].to_numpy(),
            "sale": ~orders["is_return"].to_numpy(bool),
            "order": orders["order_id"].to_numpy() if "order_id" in orders else np.arange(len(orders)),
        }
    )
    sales = frame[frame["sale"]]
    table = pd.DataFrame(
        {
            "amount": frame.groupby("year")["amount"].sum().round(4),
            "buyers": sales.groupby("year")["customer"].nunique(),
            "orders": sales.groupby("year")["order"].nunique(),
        }
    ).reset_index()
    table["amount_per_customer"] = table["amount"] / table["buyers"]
    table["share"] = share(table["amount"], table["amount"].sum())
    table["change"] = change(table["amount"].to_numpy(), table["amount"].shift(1).to_numpy())
    this = x.this_year
    incomplete = (this.end.month, this.end.day) != (12, 31)
    labels = table["year"].astype(int).astype(str)
    if incomplete:
        note = x.say(f"{this.end.year}（至 {this.end:%m-%d}）", f"{this.end.year} (to {this.end:%m-%d})")
        labels = labels.where(table["year"] != this.end.year, note)
        window = x.amounts(this.a_year_earlier()).sum()
        now = float(x.amounts(this).sum())
        table.loc[table["year"] == this.end.year, "change"] = (
            (now - window) / window if window > 0 else np.nan
        )
    table["year_number"] = table["year"]
    table["year"] = labels
    return table


@dataset("products")
def products(x: Datasets) -> pd.DataFrame:
    """Every product: quantity, amount, share, change; best sellers first (at most 200)."""
    orders = x.orders
    key = next((k for k in ("product", "category") if k in orders and filled(orders[k]).any()), None)
    if key is None:
        raise missing_column("product", "category")
    this = x.this_year
    codes, names = names_in(orders[key])
    use = codes >= 0
    now, then = x.inside(this), x.inside(this.a_year_earlier())
    amount = orders["amount"].to_numpy(float)
    frame = pd.DataFrame(
        {
            "product": codes[use],
            "amount": amount[use],
            "amount_year": np.where(now, amount, 0)[use],
            "amount_last_year": np.where(then, amount, 0)[use],
            "customer": orders["customer_index"].to_numpy()[use],
        }
    )
    if "quantity" in orders:
        frame["quantity"] = pd.to_numeric(orders["quantity"], errors="coerce").fillna(0).to_numpy()[use]
    table = frame.drop(columns="customer").groupby("product", sort=False).sum().reset_index()
    pairs = np.unique(frame["customer"].to_numpy(np.int64) * len(names) + frame["product"].to_numpy())
    buyers = np.bincount(pairs % len(names), minlength=len(names))
    table["buyers"] = buyers[table["product"]]
    table["product"] = names[table["product"]]
    table["share"] = share(table["amount"], float(amount.sum()))
    table["change"] = change(table["amount_year"], table["amount_last_year"])
    table = table.sort_values("amount", ascending=False, kind="stable").reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table.head(200).round({"amount": 4})


@dataset("top_products")
def top_products(x: Datasets) -> pd.DataFrame:
    """The ten best sellers, for a chart."""
    return x.get("products").head(TOP)


@values("year_amount", "year_change", "year_buyers", "grown_customers", "fallen_customers")
def performance_values(x: Datasets) -> Mapping[str, Any]:
    empty = {
        "year_amount": "—",
        "year_change": "—",
        "year_buyers": "—",
        "grown_customers": "—",
        "fallen_customers": "—",
    }
    frame = x.maybe("performance")
    if frame is None:
        return empty
    now, then = float(frame["amount_year"].sum()), float(frame["amount_last_year"].sum())
    moved = (now - then) / then if then > 0 else None
    arrow = "—" if moved is None else f"{'▲' if moved >= 0 else '▼'} {wording.percent(abs(moved))}"
    return {
        "year_amount": wording.money(now, x.lang, x.options.currency),
        "year_change": arrow,
        "year_buyers": f"{int((frame['amount_year'] > 0).sum()):,}",
        "grown_customers": f"{int((frame['change'] > 0).sum()):,}",
        "fallen_customers": f"{int((frame['change'] < 0).sum()):,}",
    }
