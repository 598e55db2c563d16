"""Key accounts: their file, the unprofitable ones, those who pay late; and the registration card of a customer."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import wording
from udfs.texts import FenjiError
from workbook_templates.datasets.base import (
    Datasets,
    Missing,
    change,
    dataset,
    missing_column,
    ranks,
    share,
    too_little,
    values,
)
from workbook_templates.datasets.grades import localised
from workbook_templates.datasets.sources import company_sizes

MOST_CARDS = 200


def key_account_rows(x: Datasets) -> np.ndarray:
    """Positions of the key accounts, the A customers, largest first."""
    g = x.grades
    amount = g["net_amount"].to_numpy(float)
    rows = np.flatnonzero((g["abc"] == "A").to_numpy())
    if not len(rows):
        raise too_little("没有 A 类客户", "there are no A customers")
    return rows[np.argsort(-amount[rows], kind="stable")]


@dataset("key_accounts")
def key_accounts(x: Datasets) -> pd.DataFrame:
    """The file of key accounts: amount, share, change, ranks, profit, overdue days, potential, marks, action."""
    rows = key_account_rows(x)
    g = x.grades.iloc[rows]
    amount = g["net_amount"].to_numpy(float)
    total = float(x.grades["net_amount"].sum())
    frame = localised(x, g)
    frame["rank"] = np.arange(1, len(rows) + 1)
    frame["amount"] = amount
    frame["share"] = share(amount, total)
    this = x.maybe("performance")
    if this is not None:
        now, then = x.amounts(x.this_year), x.amounts(x.this_year.a_year_earlier())
        rank_now, rank_then = ranks(now), ranks(then)
        frame["amount_year"] = now[rows]
        frame["amount_last_year"] = then[rows]
        frame["change"] = change(now, then)[rows]
        frame["rank_change"] = (rank_then - rank_now)[rows]
    low, late = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    margins = margin_of_all(x)
    if margins is not None:
        frame["margin"] = margins[rows]
        low = margins[rows] < margin_limit(x)
    overdue = overdue_of_all(x)
    if overdue is not None:
        frame["mean_overdue"] = overdue["mean_overdue"][rows]
        frame["overdue_amount"] = overdue["overdue_amount"][rows]
        late = overdue["mean_overdue"][rows] > x.options.late_days
    frame["marks"] = [marks(bool(a), bool(b), x) for a, b in zip(low, late, strict=True)]
    frame["action"] = [
        account_action(bool(a), bool(b), segment, x)
        for a, b, segment in zip(low, late, g["segment"], strict=True)
    ]
    frame["low_margin"], frame["late"] = low, late
    return frame.reset_index(drop=True)


def margin_of_all(x: Datasets) -> np.ndarray | None:
    """Profit as a share of amount for each customer; None without any profit."""
    g = x.grades
    if "profit" not in g or not g["profit"].notna().any():
        return None
    amount = g["net_amount"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(amount > 0, g["profit"].to_numpy(float) / amount, np.nan)


def margin_limit(x: Datasets) -> float:
    """The margin below which a key account earns too little: a share of that of all customers together."""
    g = x.grades
    known = g["profit"].notna()
    amount = float(g.loc[known, "net_amount"].sum())
    return x.options.low_margin_share * float(g.loc[known, "profit"].sum()) / amount if amount > 0 else 0.0


def overdue_of_all(x: Datasets) -> dict[str, np.ndarray] | None:
    """Mean days overdue, and number and amount of what is unpaid and overdue, for each customer."""
    orders = x.data.orders
    if orders is not None and "due_date" in orders and orders["due_date"].notna().any():
        due = orders["due_date"].to_numpy().astype("datetime64[D]")
        as_of = np.datetime64(x.grading.as_of)
        paid = orders["paid_date"].to_numpy().astype("datetime64[D]") if "paid_date" in orders else due
        open_ = np.isnat(paid)
        late = (np.where(open_, as_of, paid) - due).astype("timedelta64[D]").astype(float)
        late = np.where(np.isnat(due), np.nan, np.maximum(late, 0))
        known = ~np.isnan(late)
        people = orders["customer_index"].to_numpy()
        n = np.bincount(people[known], minlength=x.n)
        days = np.bincount(people[known], late[known], minlength=x.n)
        unpaid = known & open_ & (late > 0)
        money = orders["amount"].to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(n > 0, days / n, np.nan)
        return {
            "mean_overdue": mean,
            "overdue_orders": np.bincount(people[unpaid], minlength=x.n).astype(float),
            "overdue_amount": np.bincount(people[unpaid], money[unpaid], minlength=x.n),
        }
    if "days_overdue" in x.grades and pd.to_numeric(x.grades["days_overdue"], errors="coerce").notna().any():
        days = pd.to_numeric(x.grades["days_overdue"], errors="coerce").to_numpy(float)
        nothing = np.full(x.n, np.nan)
        return {"mean_overdue": days, "overdue_orders": nothing, "overdue_amount": nothing}
    return None


def marks(low: bool, late: bool, x: Datasets) -> str | None:
    words = []
    if low:
        words.append(x.say("高销售低利润", "High sales, low profit"))
    if late:
        words.append(x.say("回款风险", "Collection risk"))
    return wording.join(words, x.lang) if words else None


def account_action(low: bool, late: bool, segment: str, x: Datasets) -> str:
    if low and late:
        return x.say(
            "暂停账期和折扣，重谈价格与付款条件。",
            "Stop credit and discounts; renegotiate price and payment.",
        )
    if low:
        return x.say(
            "核对成本与折扣，调整价格或产品组合。", "Check cost and discounts; change price or product mix."
        )
    if late:
        return x.say(
            "先催收再发货，缩短账期或要求预付。",
            "Collect before delivering; shorten credit or ask for prepayment.",
        )
    return x.action("segment", segment)


@dataset("low_margin")
def low_margin(x: Datasets) -> pd.DataFrame:
    """Key accounts with high sales and low profit."""
    if margin_of_all(x) is None:
        raise missing_column("cost", "margin_rate")
    return marked(x, "low_margin", "margin")


@dataset("collection")
def collection(x: Datasets) -> pd.DataFrame:
    """Key accounts who pay late."""
    if overdue_of_all(x) is None:
        raise missing_column("due_date", "days_overdue")
    frame = marked(x, "late", "mean_overdue")
    return frame.iloc[::-1].reset_index(drop=True)


def marked(x: Datasets, mark: str, order: str) -> pd.DataFrame:
    frame = x.get("key_accounts")
    return frame[frame[mark].astype(bool)].sort_values(order, kind="stable").reset_index(drop=True)


@dataset("cards")
def cards(x: Datasets) -> pd.DataFrame:
    """The registration card of each customer: everything known, as text for one page."""
    if x.n > MOST_CARDS and x.only is None:
        raise FenjiError(
            zh=f'客户信息登记卡每位客户一页，共 {x.n:,} 位客户，超过 {MOST_CARDS} 页。请用 --where 缩小范围，例如 --where "客户名称=某某公司"。',
            en=f'The registration card has one page for each customer, and there are {x.n:,}: more than {MOST_CARDS}. Narrow it with --where, such as --where "customer=Example Ltd".',
        )
    rows = np.arange(x.n) if x.only is None else np.flatnonzero(x.only)
    if not len(rows):
        raise FenjiError(zh="没有符合条件的客户。", en="No customer matches.")
    if len(rows) > MOST_CARDS:
        raise FenjiError(
            zh=f"符合条件的客户有 {len(rows):,} 位，超过 {MOST_CARDS} 页。请再缩小范围。",
            en=f"{len(rows):,} customers match: more than {MOST_CARDS} pages. Narrow the scope.",
        )
    frame = card_texts(x)
    frame["sheet_name"] = sheet_names(x.say("登记卡-", "Card "), frame["customer"], rows)
    return frame.iloc[rows].reset_index(drop=True)


CARD_FIELDS = [
    "customer_id", "customer", "customer_type", "company", "contact_person", "position", "phone", "email", "address",
    "region", "province", "city", "industry", "nature", "revenue", "staff", "company_size", "source", "referrer", "owner",
    "first_contact", "preference", "credit_limit", "sex", "age", "birthday", "occupation", "tags", "do_not_contact",
    "first_order_date", "last_order_date", "recency_days", "frequency", "monetary", "profit", "rfm", "segment", "class8",
    "abc", "value_tier", "activity", "loyalty_class", "loyalty_score", "churn_risk", "churn_reasons", "need_type",
    "satisfaction", "satisfaction_class", "grade", "grade_score", "level", "explanation", "potential",
]  # fmt: skip


def card_texts(x: Datasets) -> pd.DataFrame:
    """Every card field of every customer as text, empty where nothing is known."""
    g = localised(x, x.grades)
    with contextlib.suppress(Missing):
        g["company_size"] = company_sizes(x)
    out = pd.DataFrame(index=g.index)
    for key in CARD_FIELDS:
        out[key] = [as_text(v, key, x) for v in g[key]] if key in g else ""
    out["action"] = [x.action("segment", s) for s in x.grades["segment"]]
    try:
        now, then = x.amounts(x.this_year), x.amounts(x.this_year.a_year_earlier())
        total = float(now.sum())
        rank = ranks(now)
        out["amount_year"] = [wording.money(v, x.lang, x.options.currency) for v in now]
        out["amount_last_year"] = [wording.money(v, x.lang, x.options.currency) for v in then]
        out["year_share"] = [wording.percent(v / total) if total else "" for v in now]
        out["rank"] = ["" if np.isnan(r) else f"{int(r)}" for r in rank]
        out["change"] = ["" if np.isnan(c) else wording.rose_or_fell(c, x.lang) for c in change(now, then)]
    except Missing:
        for key in ("amount_year", "amount_last_year", "year_share", "rank", "change"):
            out[key] = ""
    return out


def as_text(value: Any, key: str, x: Datasets) -> str:
    """One card cell."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if key in ("monetary", "profit", "credit_limit", "revenue"):
        return wording.money(float(value), x.lang, x.options.currency)
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, (bool, np.bool_)):
        return x.say("是", "yes") if value else x.say("否", "no")
    if isinstance(value, (float, np.floating)):
        return f"{value:,.1f}".removesuffix(".0")
    return str(value)


def sheet_names(prefix: str, names: pd.Series, rows: np.ndarray) -> pd.Series:
    """A sheet name for each card: at most 31 characters, none twice, no forbidden sign."""
    out: dict[int, str] = {}
    used: set[str] = set()
    for i in rows:
        bare = re.sub(r"[\[\]:*?/\\']", " ", str(names.iloc[i])).strip()
        name = (prefix + bare)[:31].strip()
        k = 2
        while name.casefold() in used:
            name = f"{(prefix + bare)[: 31 - len(str(k)) - 1].strip()} {k}"
            k += 1
        used.add(name.casefold())
        out[int(i)] = name
    return pd.Series(out).reindex(range(len(names)))


@values(
    "key_account_count", "key_account_share", "low_margin_count", "late_count", "margin_line", "overdue_line"
)
def account_values(x: Datasets) -> Mapping[str, Any]:
    frame = x.maybe("key_accounts")
    if frame is None:
        return dict.fromkeys(
            [
                "key_account_count",
                "key_account_share",
                "low_margin_count",
                "late_count",
                "margin_line",
                "overdue_line",
            ],
            "—",
        )
    margins = margin_of_all(x)
    limit = wording.percent(margin_limit(x)) if margins is not None else ""
    known_late = overdue_of_all(x) is not None
    return {
        "key_account_count": f"{len(frame):,}",
        "key_account_share": wording.percent(float(frame["share"].sum())),
        "low_margin_count": "—" if margins is None else f"{int(frame['low_margin'].sum()):,}",
        "late_count": f"{int(frame['late'].sum()):,}" if known_late else "—",
        "margin_line": x.say(
            f"利润率低于 {limit}（全部客户利润率的 {x.options.low_margin_share:.0%}）的大客户。",
            f"Key accounts with a margin below {limit}, which is {x.options.low_margin_share:.0%} of that of all customers.",
        ),
        "overdue_line": x.say(
            f"平均逾期超过 {x.options.late_days:g} 天的大客户。",
            f"Key accounts who pay more than {x.options.late_days:g} days late on average.",
        ),
    }
