"""The customer report: summary with the conclusion first, diagnosis with proposals; orders and customers for pivots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import terms, wording
from udfs.texts import Text
from workbook_templates.datasets.base import Datasets, dataset, filled, values
from workbook_templates.datasets.grades import localised
from workbook_templates.narrative import TOO_FEW, Cell, Finding

SUMMARY_SIZE = 8
# What a summary may speak about, in the order a reader wants it; the weight decides which stay.
SUMMARY = ["years", "grades", "abc", "segments", "churn", "fall10", "region", "concentration_risk"]
MOST_ORDER_ROWS = 200_000  # above, sums by customer and year


@dataset("summary")
def summary(x: Datasets) -> pd.DataFrame:
    """The conclusions, the most important first (at most eight)."""
    found = [(name, f) for name in SUMMARY if (f := x.finding(name))]
    chosen = sorted(found, key=lambda item: -item[1].weight)[:SUMMARY_SIZE]
    sentences = [full_stop(f.sentence, x) for _, f in chosen]
    cells: list[Any] = [f.cells for _, f in chosen]
    if x.n < TOO_FEW:
        sentences.append(
            x.say(
                f"只有 {x.n} 位客户，比例仅供参考。",
                f"There are only {x.n} customers: read the shares with care.",
            )
        )
        cells.append(())
    return pd.DataFrame({"number": np.arange(1, len(sentences) + 1), "finding": sentences, "evidence": cells})


def full_stop(sentence: str, x: Datasets) -> str:
    end = x.say("。", ".")
    return sentence if sentence.endswith(end) else sentence + end


@dataset("diagnosis")
def diagnosis(x: Datasets) -> pd.DataFrame:
    """Problems the data show, each with its evidence and a proposal; nothing that the data do not support."""
    rows: list[tuple[str, tuple[Cell, ...], Text]] = []
    for name, proposal in PROPOSALS.items():
        finding = x.finding(name)
        if finding is not None and is_problem(name, finding, x):
            rows.append((full_stop(finding.sentence, x), finding.cells, proposal))
    if not rows:
        rows.append(
            (
                x.say("没有发现需要立即处理的问题。", "Nothing was found that needs action at once."),
                (),
                Text(
                    zh="按正常节奏维护，下个季度再看。",
                    en="Carry on as usual and look again next quarter.",
                ),
            )
        )
    return pd.DataFrame(
        {
            "number": np.arange(1, len(rows) + 1),
            "finding": [r[0] for r in rows],
            "action": [r[2](x.lang) for r in rows],
            "evidence": [r[1] for r in rows],
        }
    )


PROPOSALS: dict[str, Text] = {
    "churn": Text(
        zh="由负责人在三天内逐一联系高风险客户，先大后小，记录原因和承诺；两周后复查名单。",
        en="Owners contact every high-risk customer within three days, the largest first, and note reason and promise; check the list again in two weeks.",
    ),
    "churn_reasons": Text(
        zh="针对最常见的信号安排一次专项回访，并把原因写进客户表。",
        en="Arrange calls about the commonest sign and write the reason into the customer table.",
    ),
    "fall10": Text(
        zh="对下滑最多的客户逐个拜访，弄清是需求减少、转向同行还是服务问题，再定方案。",
        en="Visit the customers who fell most; find out whether need, a competitor or service is the cause, then decide.",
    ),
    "years": Text(
        zh="把金额下降分解到客户和产品，先挽回下滑最多的客户。",
        en="Break the fall down by customer and product, and win back the steepest falls first.",
    ),
    "concentration_risk": Text(
        zh="为前五大客户各定一名后备联系人和年度协议，同时把中等客户培养成大客户。",
        en="Give each of the top five a second contact and a yearly agreement; develop medium customers into large ones.",
    ),
    "low_margin": Text(
        zh="核对这些客户的成本和折扣，调整价格或产品组合；不再给额外折扣。",
        en="Check cost and discounts of these customers; change prices or product mix; no further discounts.",
    ),
    "collection": Text(
        zh="先催收再发货，缩短账期，逾期超过两个月的改为预付。",
        en="Collect before delivering, shorten credit, ask for prepayment beyond two months.",
    ),
    "slow_products": Text(
        zh="与客户确认这些产品的需求变化，决定改进、促销还是停售。",
        en="Ask customers about these products and decide: improve, promote or stop.",
    ),
    "heatmap": Text(
        zh="对曾经常来但久未购买的客户做一次专门的挽回活动。",
        en="Run a win-back campaign for those who used to buy often but have stopped.",
    ),
}


def is_problem(name: str, finding: Finding, x: Datasets) -> bool:
    """Whether a finding is a problem and not only a fact."""
    if name == "years":
        return bool(x.get("years")["change"].iloc[-1] < -0.05)
    if name == "concentration_risk":
        return finding.weight >= 0.6
    if name == "heatmap":
        frame = x.get("heatmap")
        gone = frame[["f4", "f5"]].iloc[3:5].to_numpy().sum()
        return bool(gone >= 0.05 * float(frame["total"].iloc[-1]))
    return True


@dataset("order_lines")
def order_lines(x: Datasets) -> pd.DataFrame:
    """The orders that count, joined with each customer's grades; by customer and year when there are very many."""
    orders = x.orders
    people = orders["customer_index"].to_numpy()
    g = localised(x, x.grades)
    frame = pd.DataFrame({"order_date": orders["date"].to_numpy()})
    for key in ("order_id", "product", "category", "channel"):
        if key in orders and filled(orders[key].head(1000)).any():
            frame[key] = orders[key].to_numpy()
    for key in ("quantity", "amount"):
        if key in orders:
            frame[key] = orders[key].to_numpy(float)
    if len(orders) > MOST_ORDER_ROWS:
        frame = by_year(frame, people)
        people = frame.pop("customer_index").to_numpy()
    days = frame["order_date"].to_numpy().astype("datetime64[D]")
    frame["year"] = days.astype("datetime64[Y]").astype(int) + 1970
    frame["month"] = days.astype("datetime64[M]").astype(int) % 12 + 1
    for key in (
        "customer_id",
        "customer",
        "region",
        "industry",
        "owner",
        "segment",
        "class8",
        "abc",
        "grade",
    ):
        if key in g:
            frame[key] = g[key].to_numpy()[people]
    order = np.lexsort((days, rank_of(x, "segment")[people]))
    return frame.iloc[order].reset_index(drop=True)


def rank_of(x: Datasets, column: str) -> np.ndarray:
    """Place of each customer's class in display order: pivots keep the order of first appearance."""
    group = x.group_of(column)
    place = {code: i for i, code in enumerate(terms.codes(group))}
    return x.grades[column].map(place).fillna(len(place)).to_numpy(np.int64)


def by_year(frame: pd.DataFrame, people: np.ndarray) -> pd.DataFrame:
    """Quantity and amount of each customer in each year, dated on its first day."""
    years = frame["order_date"].to_numpy().astype("datetime64[Y]")
    codes = years.astype(np.int64)
    pair, place = np.unique(people.astype(np.int64) * 10_000 + codes, return_inverse=True)
    out = pd.DataFrame({"customer_index": pair // 10_000})
    out["order_date"] = (pair % 10_000).astype("datetime64[Y]").astype("datetime64[s]")
    for key in ("quantity", "amount"):
        if key in frame:
            out[key] = np.bincount(
                place, np.nan_to_num(frame[key].to_numpy(float)), minlength=len(pair)
            ).round(4)
    return out


@dataset("customer_list")
def customer_list(x: Datasets) -> pd.DataFrame:
    """All customers with master data and grades, tidy."""
    order = np.lexsort((rank_of(x, "abc"), rank_of(x, "grade")))
    return localised(x, x.grades).iloc[order].reset_index(drop=True)


def headline(x: Datasets) -> str:
    """The four figures of the first page in one line."""
    g = x.grades
    high, risk = int((g["grade"] == "high").sum()), int((g["churn_risk"] == "high").sum())
    total = wording.money(float(g["net_amount"].sum()), x.lang, x.options.currency)
    return x.say(
        f"客户 {x.n:,} 位 | 消费金额 {total} | 高价值客户 {high:,} 位 | 高流失风险 {risk:,} 位",
        f"{x.n:,} customers | {total} | {high:,} of high value | {risk:,} at high risk of leaving",
    )


@values("headline", "report_target", "report_scope", "average_customer")
def report_values(x: Datasets) -> Mapping[str, Any]:
    o = x.options
    target = x.say(
        "目的：看清客户从哪里来、谁最有价值、谁可能流失，并提出下一步做法。",
        "Purpose: where customers come from, who matters most, who may leave, and what to do next.",
    )
    used = (x.data.orders is not None and len(x.data.orders)) or 0
    left = sum(x.grading.left_out.values())
    scope = x.say(
        f"范围：{'全部客户' if not o.where else '且'.join(o.where)}，{o.period or '全部期间'}；分析日期 {x.grading.as_of:%Y-%m-%d}；计入 {used:,} 条订单，未计入 {left:,} 条（原因见“报告口径”）。",
        f"Scope: {'all customers' if not o.where else ' and '.join(o.where)}, {o.period or 'all the time'}; analysis date {x.grading.as_of:%Y-%m-%d}; {used:,} order rows used, {left:,} left out (see 'Report basis').",
    )
    return {
        "headline": headline(x),
        "report_target": target,
        "report_scope": scope,
        "average_customer": wording.money(
            float(x.buyers["net_amount"].mean()) if len(x.buyers) else 0.0, x.lang, o.currency
        ),
    }
