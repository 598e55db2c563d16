"""The datasets a grading puts into the workbook: grades, RFM rows, summaries, cut points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import terms, wording
from workbook_templates.datasets.base import Datasets, dataset, values

RFM_COLUMNS = [
    "customer_id", "customer", "last_order_date", "recency_days", "frequency", "monetary", "r", "f", "m", "rfm",
    "segment", "class8", "abc", "value_tier", "activity", "loyalty_score", "churn_risk", "churn_reasons", "grade",
    "grade_score", "level",
]  # fmt: skip
CODE_COLUMNS = (
    "segment", "class8", "abc", "value_tier", "activity", "loyalty_class", "churn_risk", "need_type",
    "satisfaction_class", "grade", "level", "purchase_frequency", "potential", "company_size",
)  # fmt: skip


def localised(x: Datasets, frame: pd.DataFrame) -> pd.DataFrame:
    """All columns of codes as people read them; those of all grades are made once."""
    if frame is not x.grades:
        return _localised(x, frame)
    if x.readable_grades is None:
        x.readable_grades = _localised(x, frame)
    return x.readable_grades.copy()


def _localised(x: Datasets, frame: pd.DataFrame) -> pd.DataFrame:
    out = frame.copy()
    for column in CODE_COLUMNS:
        if column in out:
            out[column] = x.words(out[column], column)
    if "churn_reasons" in out:
        out["churn_reasons"] = reason_words(x, out["churn_reasons"])
    return out


def reason_words(x: Datasets, codes: pd.Series) -> pd.Series:
    """Codes joined by ";" as people read them."""
    known = {
        c: wording.join([terms.term("churn_flag", p, x.lang, x.options.names) for p in c.split(";")], x.lang)
        for c in codes.dropna().unique()
        if c
    }
    return codes.map(known).astype(object)


@dataset("grades")
def grades(x: Datasets) -> pd.DataFrame:
    """The customer grading table: the twelve columns of the source article and more, best grade first."""
    g = x.grades
    out = localised(x, g)
    out["activity"] = x.words(g["activity"], "activity_level")
    count = g["frequency"].fillna(0).astype(int)
    out["purchase_history"] = (count.astype(str) + x.say("次", " orders")).where(
        count != 1, x.say("1次", "1 order")
    )
    if "satisfaction_class" in g:
        out.loc[g["satisfaction_class"] == "unknown", "satisfaction_class"] = None
    if "industry" not in out:
        out["industry"] = None
    order = np.lexsort((-g["net_amount"].to_numpy(), -g["grade_score"].fillna(-1).to_numpy()))
    return out.iloc[order].reset_index(drop=True)


@dataset("rfm")
def rfm(x: Datasets) -> pd.DataFrame:
    """One row per customer, ready for pivot tables, in the order of the customer table."""
    out = localised(x, x.grades)
    return out[[c for c in RFM_COLUMNS if c in out]]


def summary(x: Datasets, column: str) -> pd.DataFrame:
    """One row per class that occurs: number, shares, amount, action; in the order of terms.toml."""
    frame = x.grading.summary(column).rename(
        columns={"share": "customers_share", "average_amount": "amount_per_customer"}
    )
    frame["code"] = frame[column]
    frame[column] = x.words(frame["code"], column)
    frame["action"] = [x.action(column, code) for code in frame["code"]]
    return frame


@dataset("segments")
def segments(x: Datasets) -> pd.DataFrame:
    """The segments: how many customers, how much money, what to do."""
    return summary(x, "segment")


@dataset("class8")
def class8(x: Datasets) -> pd.DataFrame:
    """The eight Chinese RFM classes with their pattern."""
    frame = summary(x, "class8")
    near, far = x.say("近", "recent"), x.say("远", "long ago")
    high, low = x.say("高", "high"), x.say("低", "low")
    patterns: list[str | None] = []
    for code in frame["code"]:
        if len(code) == 3 and set(code) <= {"0", "1"}:
            r, f, m = code
            patterns.append(
                f"{near if r == '1' else far} / {high if f == '1' else low} / {high if m == '1' else low}"
            )
        else:
            patterns.append(None)
    frame["pattern"] = patterns
    return frame


@dataset("strategies")
def strategies(x: Datasets) -> pd.DataFrame:
    """The grades with what to do for each."""
    return summary(x, "grade")


@dataset("abc")
def abc(x: Datasets) -> pd.DataFrame:
    """The ABC classes."""
    return summary(x, "abc")


@values("customers", "amount_total", "high_value", "at_risk", "problems", "as_of", "scope", "left_out")
def totals(x: Datasets) -> Mapping[str, Any]:
    """Figures for the head of the sheets, and the line of scope."""
    g, lang, currency = x.grades, x.lang, x.options.currency
    total = float(g["net_amount"].sum())
    high = int((g["grade"] == "high").sum())
    risk = int((g["churn_risk"] == "high").sum())
    checks = x.extra.get("checks")
    return {
        "customers": f"{x.n:,}",
        "amount_total": wording.money(total, lang, currency),
        "high_value": f"{high:,}（{wording.percent(high / x.n)}）"
        if lang == "zh"
        else f"{high:,} ({wording.percent(high / x.n)})",
        "at_risk": f"{risk:,}",
        "problems": f"{0 if checks is None else int((~checks['settled']).sum()):,}",
        "as_of": f"{x.grading.as_of:%Y-%m-%d}",
        "scope": scope_line(x),
        "left_out": "",
    }


def scope_line(x: Datasets) -> str:
    """Scope, analysis date, number of customers: the grey line under every title."""
    parts = [x.say(f"分析日期 {x.grading.as_of:%Y-%m-%d}", f"Analysis date {x.grading.as_of:%Y-%m-%d}")]
    if x.options.period:
        parts.append(x.say(f"期间 {x.options.period}", f"period {x.options.period}"))
    if x.options.where:
        wanted = x.say("且", " and ").join(x.options.where)
        parts.append(x.say(f"范围 {wanted}", f"only {wanted}"))
    parts.append(wording.customers(x.n, x.lang))
    if x.data.orders is not None:
        n = len(x.data.orders)
        parts.append(x.say(f"{n:,} 条订单", f"{n:,} order rows"))
    if currency := x.options.currency:
        unit = terms.term("currency", currency, "zh")
        parts.append(x.say(f"金额单位：{unit}", f"amounts in {currency}"))
    return x.say(" · ", " · ").join(parts)
