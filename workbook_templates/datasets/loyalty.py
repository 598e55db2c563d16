"""Loyalty and its signs; customers at risk of leaving, with who should do what; the list for a mailing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import loyalty as measures
from udfs import terms, wording
from udfs.facts import referrals
from udfs.rfm import purchase_days
from workbook_templates.datasets.base import (
    Datasets,
    Missing,
    dataset,
    filled,
    missing_column,
    names_in,
    too_little,
    values,
)
from workbook_templates.datasets.grades import localised, summary

DAYS_TO_ACT = {"high": 3, "medium": 14}
COMPLAINT_WORDS = re.compile("投诉|抱怨|complain", re.IGNORECASE)
MOST_LOYAL = 100


@dataset("loyalty")
def loyalty(x: Datasets) -> pd.DataFrame:
    """The loyalty classes: number, shares, amount."""
    if not x.buyers["loyalty_score"].notna().any():
        raise too_little("没有可计算忠诚度的订单", "there are no orders to compute loyalty from")
    frame = summary(x, "loyalty_class")
    names = {
        "high": x.say(
            "给予奖励和优先权，请他们转介绍。", "Reward them, give them priority, ask for referrals."
        ),
        "medium": x.say(
            "用会员权益和定期关怀提高复购。", "Raise repeat purchases with benefits and regular care."
        ),
        "low": x.say(
            "回访了解原因，先改进服务再促销。", "Ask for the reason; improve service before promoting."
        ),
        "prospects": x.action("grade", "prospects"),
    }
    frame["action"] = [names.get(c, "") for c in frame["code"]]
    return frame


@dataset("loyalty_measures")
def loyalty_measures(x: Datasets) -> pd.DataFrame:
    """The parts of loyalty for every customer, in units people know."""
    orders = x.orders
    people = orders["customer_index"].to_numpy()
    day = orders["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    sale = ~orders["is_return"].to_numpy(bool)
    owner, days = purchase_days(people[sale], day[sale])
    end = int(np.datetime64(x.this_year.end, "D").astype(np.int64))
    first = np.full(x.n, np.iinfo(np.int64).max)
    last = np.full(x.n, -1)
    np.minimum.at(first, people[sale], day[sale])
    np.maximum.at(last, people[sale], day[sale])
    bought = last >= 0
    frame = pd.DataFrame(
        {
            "tenure_years": np.where(bought, (last - first) / 365.25, np.nan),
            "repeat_rate": measures.repeat_months(owner, days, x.n, end),
            "interval_days": measures.intervals(owner, days, x.n).median,
            "frequency": x.grades["frequency"].to_numpy(float),
        }
    )
    if "discount" in orders:
        cheap = pd.to_numeric(orders["discount"], errors="coerce").fillna(0).to_numpy() > 0
        amount = orders["amount"].to_numpy(float)
        part = np.bincount(people, np.where(cheap, amount, 0), minlength=x.n)
        whole = np.bincount(people, amount, minlength=x.n)
        with np.errstate(divide="ignore", invalid="ignore"):
            frame["discount_share"] = np.where(whole > 0, part / whole, np.nan)
    if "referrer" in x.grades and filled(x.grades["referrer"]).any():
        frame["referrals"] = referrals(x.grades)
    feedback = x.data.feedback
    if feedback is not None and "feedback_kind" in feedback:
        codes, kinds = names_in(feedback["feedback_kind"])
        is_complaint = np.array([bool(COMPLAINT_WORDS.search(str(k))) for k in kinds] + [False])
        complained = is_complaint[codes]
        frame["complaints"] = np.bincount(
            feedback.loc[complained, "customer_index"].to_numpy(int), minlength=x.n
        ).astype(float)
    if "satisfaction" in x.grades:
        frame["satisfaction"] = pd.to_numeric(x.grades["satisfaction"], errors="coerce").to_numpy()
    return frame


SIGNS: list[tuple[str, tuple[str, str], tuple[str, str], tuple[str, str], tuple[str, str], float]] = [
    ("tenure_years", ("购买时长", "Time as a customer"), ("年", "years"), ("多年持续购买", "buys over years"), ("短期购买后不再购买", "buys for a short time, then stops"), 1),
    ("repeat_rate", ("重复购买率（有订单的月份）", "Repeat purchase (months with an order)"), ("%", "%"), ("多次重复购买", "comes back often"), ("偶尔购买", "buys now and then"), 100),
    ("interval_days", ("购买周期", "Purchase interval"), ("天", "days"), ("间隔短而稳定", "short and steady"), ("间隔长或不稳定", "long or irregular"), 1),
    ("frequency", ("订单数", "Orders"), ("单", "orders"), ("多", "many"), ("少", "few"), 1),
    ("referrals", ("推荐行为", "Referrals"), ("位", "customers"), ("积极推荐给他人", "recommends to others"), ("从不推荐", "never recommends"), 1),
    ("discount_share", ("价格敏感度（折扣消费占比）", "Price sensitivity (bought at a discount)"), ("%", "%"), ("不太在意价格波动", "hardly minds prices"), ("因价格变化而流失", "leaves when prices change"), 100),
    ("complaints", ("投诉次数", "Complaints"), ("次", "complaints"), ("少投诉", "few"), ("多次投诉", "many"), 1),
    ("satisfaction", ("满意度", "Satisfaction"), ("分（1–5）", "points (1-5)"), ("满意", "satisfied"), ("不满意", "dissatisfied"), 1),
]  # fmt: skip


@dataset("loyalty_signs")
def loyalty_signs(x: Datasets) -> pd.DataFrame:
    """The signs of high and low loyalty, with the means of the customers of each class."""
    parts = x.get("loyalty_measures")
    classes = x.grades["loyalty_class"].to_numpy()
    buyers = (x.grades["segment"] != "prospects").to_numpy()
    rows = []
    for key, name, unit, high, low, factor in SIGNS:
        if key not in parts or not parts[key].notna().any():
            continue
        column = parts[key].to_numpy(float) * factor
        row: dict[str, Any] = {
            "sign": x.say(*name),
            "unit": x.say(*unit),
            "high_sign": x.say(*high),
            "low_sign": x.say(*low),
            "all_customers": mean(column[buyers]),
        }
        for header, code in (("loyal", "high"), ("middle", "medium"), ("disloyal", "low")):
            row[header] = mean(column[classes == code])
        rows.append(row)
    return pd.DataFrame(rows)


def mean(numbers: np.ndarray) -> float:
    known = numbers[~np.isnan(numbers)]
    return round(float(known.mean()), 4) if len(known) else float("nan")


@dataset("loyal_customers")
def loyal_customers(x: Datasets) -> pd.DataFrame:
    """The most loyal customers (at most 100)."""
    parts = x.get("loyalty_measures")
    g = localised(x, x.grades)
    for key in ("tenure_years", "repeat_rate", "interval_days", "referrals", "complaints"):
        if key in parts:
            g[key] = parts[key].to_numpy()
    g = g[(x.grades["loyalty_class"] == "high").to_numpy()]
    if g.empty:
        raise too_little("没有高忠诚度客户", "no customer has high loyalty")
    return (
        g.sort_values(["loyalty_score", "monetary"], ascending=False, kind="stable")
        .head(MOST_LOYAL)
        .reset_index(drop=True)
    )


# ---------------------------------------------------------------------------------------------- leaving


@dataset("churn")
def churn(x: Datasets) -> pd.DataFrame:
    """Customers at high or medium risk, the largest amounts first: reasons, who should do what until when."""
    g = x.grades
    risky = g[g["churn_risk"].isin(["high", "medium"]) & x.listed]
    if risky.empty:
        raise too_little("没有出现流失风险信号的客户", "no customer shows a sign of leaving")
    out = localised(x, risky)
    out["amount"] = risky["net_amount"]
    out["action"] = [x.action("churn_risk", c) for c in risky["churn_risk"]]
    out["due"] = [
        pd.Timestamp(x.grading.as_of + dt.timedelta(days=DAYS_TO_ACT[c])) for c in risky["churn_risk"]
    ]
    out["risk_code"] = risky["churn_risk"]
    order = np.lexsort((-out["amount"].to_numpy(float), (risky["churn_risk"] != "high").to_numpy()))
    return out.iloc[order].reset_index(drop=True)


@dataset("churn_risks")
def churn_risks(x: Datasets) -> pd.DataFrame:
    """The risk levels: number, shares, amount."""
    return summary(x, "churn_risk")


@dataset("churn_reasons")
def churn_reasons(x: Datasets) -> pd.DataFrame:
    """How many customers show each sign, and their amount; a customer can show several."""
    g = x.grades
    rows = []
    for code in terms.codes("churn_flag"):
        shown = (";" + g["churn_reasons"].fillna("").astype(str) + ";").str.contains(f";{code};", regex=False)
        if shown.any():
            rows.append(
                {
                    "reason": terms.term("churn_flag", code, x.lang, x.options.names),
                    "customers": int(shown.sum()),
                    "customers_share": int(shown.sum()) / len(x.buyers),
                    "amount": round(float(g.loc[shown, "net_amount"].sum()), 4),
                }
            )
    if not rows:
        raise too_little("没有出现流失风险信号的客户", "no customer shows a sign of leaving")
    frame = pd.DataFrame(rows)
    return frame.sort_values("customers", ascending=False, kind="stable").reset_index(drop=True)


@dataset("owners")
def owners(x: Datasets) -> pd.DataFrame:
    """Each owner's customers: number, amount, risks, grades: where effort goes."""
    x.need("owner")
    g = x.grades
    owner = g["owner"].where(filled(g["owner"]), x.say("（未分配）", "(nobody)")).astype(str)
    amount = g["net_amount"]
    high = g["churn_risk"] == "high"
    frame = pd.DataFrame(
        {
            "owner": owner,
            "customers": 1,
            "amount": amount,
            "high_value": (g["grade"] == "high").astype(int),
            "risk_high": high.astype(int),
            "risk_medium": (g["churn_risk"] == "medium").astype(int),
            "amount_at_risk": amount.where(high, 0.0),
        }
    )
    table = frame.groupby("owner", sort=False).sum().reset_index()
    table["amount_share"] = table["amount"] / amount.sum() if amount.sum() else np.nan
    return (
        table.sort_values("amount", ascending=False, kind="stable")
        .reset_index(drop=True)
        .round({"amount": 4})
    )


@dataset("mailing")
def mailing(x: Datasets) -> pd.DataFrame:
    """Customers who may be contacted, with their contact details: for a mailing or chat tool."""
    g = x.grades
    if not any(k in g for k in ("phone", "email", "contact_person")):
        raise missing_column("phone", "email")
    out = localised(x, g)
    reachable = pd.Series(False, index=g.index)
    for key in ("phone", "email"):
        if key in g:
            reachable |= filled(g[key])
    allowed = reachable & ~do_not_contact(g) & x.listed
    out["action"] = [x.action("segment", s) for s in g["segment"]]
    if not allowed.any():
        raise missing_column("phone", "email")
    return out[allowed].reset_index(drop=True)


def do_not_contact(g: pd.DataFrame) -> pd.Series:
    """Customers who must not be contacted."""
    if "do_not_contact" not in g:
        return pd.Series(False, index=g.index)
    column = g["do_not_contact"]
    words = column.astype(str).str.strip().str.casefold()
    no = column.isna() | words.isin(["", "0", "0.0", "否", "no", "n", "false", "可联系", "none", "nan"])
    return ~no


@values(
    "loyal_customers",
    "repeat_rate",
    "risk_high",
    "risk_medium",
    "amount_at_risk",
    "tenure",
    "interval",
    "weights_line",
    "mailing_line",
)
def loyalty_values(x: Datasets) -> Mapping[str, Any]:
    g = x.buyers
    n = max(len(x.grades), 1)  # of all customers, as in the table and the chart below it
    loyal, risky = int((g["loyalty_class"] == "high").sum()), g["churn_risk"] == "high"
    medium = g["churn_risk"] == "medium"
    found: dict[str, Any] = {
        "loyal_customers": x.say(
            f"{loyal:,}（{wording.percent(loyal / n)}）", f"{loyal:,} ({wording.percent(loyal / n)})"
        ),
        "repeat_rate": wording.percent(float((g["frequency"] >= 2).mean())) if len(g) else "—",
        "risk_high": f"{int(risky.sum()):,}",
        "risk_medium": f"{int(medium.sum()):,}",
        "amount_at_risk": wording.money(float(g.loc[risky, "net_amount"].sum()), x.lang, x.options.currency),
        "tenure": "—",
        "interval": "—",
        "weights_line": weights_line(x),
        "mailing_line": "",
    }
    try:
        parts = x.get("loyalty_measures")
        tenure, interval = parts["tenure_years"].median(), parts["interval_days"].median()
        found["tenure"] = x.say(f"{tenure:.1f} 年", f"{tenure:.1f} years") if tenure == tenure else "—"
        found["interval"] = (
            x.say(f"{interval:.0f} 天", f"{interval:.0f} days") if interval == interval else "—"
        )
    except Missing:
        pass
    listed = x.maybe("mailing")
    if listed is not None:
        stop = int(do_not_contact(x.grades).sum())
        found["mailing_line"] = x.say(
            f"共 {len(listed):,} 位可联系客户；已排除要求勿联系的 {stop:,} 位和没有电话、邮箱的 {x.n - len(listed) - stop:,} 位。",
            f"{len(listed):,} customers who may be contacted; left out: {stop:,} who asked not to be, and {x.n - len(listed) - stop:,} without telephone and e-mail.",
        )
    return found


def weights_line(x: Datasets) -> str:
    """What the loyalty score is made of: no standard exists, so it is always printed."""
    weights = x.options.loyalty_weights
    parts = [f"{terms.term('loyalty_part', p, x.lang)} {w:g}" for p, w in weights.items() if w > 0]
    low, high = x.options.loyalty_limits
    return x.say(
        f"忠诚度得分 = 各部分百分位的加权平均（权重：{'、'.join(parts)}；缺少的部分不计）；{high:g} 分以上为高，{low:g} 分以上为中。",
        f"Loyalty score: weighted mean of percentiles (weights: {', '.join(parts)}; missing parts drop out); high from {high:g}, medium from {low:g}.",
    )
