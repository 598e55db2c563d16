"""Analyses of customers: retention, churn, feedback, clusters, correlations, movement, potential."""

from __future__ import annotations

import numpy as np
import pandas as pd

from addin.analyses.base import Asked, Sheet, analysis, orders_of
from udfs import churn_report, clusters, correlations, feedback, wording
from udfs.cohorts import cohort_table
from udfs.movements import movements
from udfs.scope import day_number, days_of
from udfs.texts import FenjiError, Text

NUMBERS = (
    "recency_days", "frequency", "net_amount", "profit", "average_order", "purchase_interval", "loyalty_score",
    "satisfaction", "potential_score",
)  # fmt: skip
CUSTOMER_NUMBERS = (
    "age",
    "staff",
    "revenue",
    "purchasing_volume",
    "margin_rate",
    "days_overdue",
    "credit_limit",
)
STRONG = 0.3


@analysis(
    "retention",
    Text(zh="留存（同期群）", en="Retention by cohort"),
    Text(
        zh="某个月来的客户，后来还有多少在买？",
        en="Of the customers who came in a month, how many still buy later?",
    ),
)
def retention(asked: Asked) -> list[Sheet]:
    """Share of each cohort that buys, by months since the first order."""
    orders = orders_of(asked)
    sales = orders[~orders["is_return"].to_numpy(bool)]
    found = cohort_table(
        sales["customer_index"].to_numpy(np.int64),
        days_of(sales["date"]),
        sales["amount"].to_numpy(np.float64),
        day_number(asked.grading.as_of) - 1,
    )
    share = found.retention[:, :25]
    table = pd.DataFrame({"cohort": found.labels, "size": found.size})
    months = {f"M{age}": share[:, age] for age in range(share.shape[1])}
    table = table.join(pd.DataFrame(months))
    findings = []
    if share.shape[1] > 3 and (known := ~np.isnan(share[:, 3])).any():
        later = float((share[known, 3] * found.size[known]).sum() / found.size[known].sum())
        findings.append(
            Text(
                zh=f"首购后第 3 个月，平均有 {wording.percent(later)} 的客户再次购买。",
                en=f"In the third month after their first order, {wording.percent(later)} of customers buy again.",
            )
        )
    return [Sheet(Text(zh="留存率", en="Retention"), table, findings)]


@analysis(
    "churn",
    Text(zh="流失分析", en="Churn"),
    Text(zh="流失了谁，在哪个阶段，为什么？", en="Who is lost, at which stage, and why?"),
)
def churn(asked: Asked) -> list[Sheet]:
    """The lost by stage, new and old, reason and month, and their list."""
    grading = asked.grading
    lost = churn_report.lost_customers(grading)
    buyers = int(grading.totals["buyers"])
    share = wording.percent(len(lost) / buyers)
    money = [
        wording.money(float(lost["amount"].sum()), lang, grading.options.currency) for lang in ("zh", "en")
    ]
    finding = Text(
        zh=f"{buyers:,} 位客户中已流失 {len(lost):,} 位（{share}），曾贡献 {money[0]}。",
        en=f"{len(lost):,} of {buyers:,} customers are lost ({share}); they had brought {money[1]}.",
    )
    young = churn_report.new_and_old(grading, lost)
    young["new"] = np.where(young["new"], "new", "old")
    lists = lost.drop(columns="row").assign(new=np.where(lost["new"], "new", "old"))
    groups = {"stage": "churn_stage", "new": "new_or_old"}
    sheets = [
        Sheet(
            Text(zh="流失阶段", en="Stages"),
            churn_report.churn_by(lost, "stage"),
            [finding],
            groups,
            ("bar", "stage", "customers"),
        ),
        Sheet(Text(zh="新老客户流失", en="New and old"), young, groups=groups),
        Sheet(
            Text(zh="流失月份", en="Lost by month"),
            churn_report.churn_by_month(lost),
            chart=("column", "month", "customers"),
        ),
    ]
    if (lost["reason"] != "").any():
        sheets.append(Sheet(Text(zh="流失原因", en="Reasons"), churn_report.churn_by(lost, "reason")))
    sheets.append(Sheet(Text(zh="流失客户", en="Lost customers"), lists, groups=groups))
    return sheets


@analysis(
    "feedback",
    Text(zh="客户反馈", en="Feedback"),
    Text(zh="客户在说什么，处理得怎么样？", en="What do customers say, and how is it handled?"),
)
def feedback_report(asked: Asked) -> list[Sheet]:
    """Kinds of feedback, how they were handled, and by month."""
    table = asked.grading.data.feedback
    if table is None or len(table) == 0:
        raise FenjiError(zh="没有找到反馈表，做不了这项分析。", en="There is no feedback table to analyse.")
    found = feedback.feedback_summary(table)
    parts = [Text(zh=f"反馈 {found.rows:,} 条", en=wording.count(found.rows, "entry", "entries"))]
    if found.complaints == found.complaints:
        parts.append(
            Text(
                zh=f"其中投诉 {found.complaints:,.0f} 条",
                en=wording.count(int(found.complaints), "complaint"),
            )
        )
    if found.handled_share == found.handled_share:
        done = wording.percent(found.handled_share)
        parts.append(Text(zh=f"已处理 {done}", en=f"{done} handled"))
    if found.satisfaction == found.satisfaction:
        mean = f"{found.satisfaction:.1f}"
        parts.append(Text(zh=f"平均满意度 {mean}", en=f"mean satisfaction {mean}"))
    if found.nps == found.nps:
        parts.append(Text(zh=f"净推荐值 {found.nps:.0f}", en=f"NPS {found.nps:.0f}"))
    finding = Text(zh="，".join(p.zh for p in parts) + "。", en=", ".join(p.en for p in parts) + ".")
    kinds, months = feedback.by_kind(table), feedback.by_month(table)
    return [
        Sheet(Text(zh="反馈类型", en="Kinds"), kinds.dropna(axis=1, how="all"), [finding]),
        Sheet(
            Text(zh="按月", en="By month"),
            months.dropna(axis=1, how="all"),
            chart=("column", "month", "rows"),
        ),
    ]


@analysis(
    "clusters",
    Text(zh="客户聚类", en="Customer clusters"),
    Text(zh="数据自己分出哪几群客户？", en="Which groups do the customers form by themselves?"),
)
def customer_clusters(asked: Asked) -> list[Sheet]:
    """Clusters with size and centre, and the cluster of each customer."""
    grades = asked.grading.grades
    found = clusters.find_clusters(grades)
    names = [name(asked.lang) for name in found.names]
    table = found.table.assign(cluster=[names[c] for c in found.table["cluster"]])
    inside = found.cluster >= 0
    people = grades.loc[inside, ["customer_id", "customer", "recency_days", "frequency", "net_amount"]]
    people = people.assign(cluster=[names[c] for c in found.cluster[inside]])
    clear = found.silhouette >= 0.5
    weak = found.silhouette < 0.25
    finding = Text(
        zh=f"分成 {len(names)} 群，{'界线清楚' if clear else '界线不明显' if weak else '界线尚可'}（轮廓系数 {found.silhouette:.2f}）。",
        en=f"{len(names)} groups, {'clearly' if clear else 'weakly' if weak else 'fairly'} apart (silhouette {found.silhouette:.2f}).",
    )
    return [
        Sheet(Text(zh="群组", en="Groups"), table, [finding]),
        Sheet(Text(zh="客户所属群组", en="Customers"), people.sort_values("cluster", kind="stable")),
    ]


@analysis(
    "correlations",
    Text(zh="相关性", en="Correlations"),
    Text(zh="哪些指标一起变化？", en="Which figures go together?"),
)
def correlation_report(asked: Asked) -> list[Sheet]:
    """Spearman correlations between the customers' figures."""
    grades, customers = asked.grading.grades, asked.grading.data.customers
    frame = grades[[c for c in NUMBERS if c in grades]].copy()
    for key in CUSTOMER_NUMBERS:
        if key in customers and pd.api.types.is_numeric_dtype(customers[key]):
            frame[key] = customers[key].to_numpy()
    table = correlations.correlation_table(frame)
    from addin.analyses.columns import header

    for side in ("first", "second"):
        table[side] = [header(key, asked.lang) for key in table[side]]
    strong = int(((table["value"].abs() >= STRONG) & table["reliable"]).sum())
    table["reliable"] = np.where(table["reliable"], "yes", "no")
    finding = Text(
        zh=f"{len(table)} 对指标中有 {strong} 对相关系数达到 {STRONG}。相关不等于因果。",
        en=f"{strong} of {len(table)} pairs reach {STRONG}. Correlation is not causation.",
    )
    return [Sheet(Text(zh="相关系数", en="Correlations"), table, [finding], {"reliable": "yes_no"})]


@analysis(
    "movement",
    Text(zh="等级变动", en="Movement"),
    Text(
        zh="两次分级之间，或和另一份工作簿比，谁升了谁降了？（--since --until --against）",
        en="Between two runs, or against another workbook, who rose and who fell? (--since --until --against)",
    ),
)
def movement_report(asked: Asked) -> list[Sheet]:
    """Transition matrix of grades, and the list of customers who moved."""
    grades = asked.grading.grades
    span = Text(zh="", en="")
    if asked.other is not None:
        found = movements(asked.other.grades, grades)
    elif asked.history is not None:
        first = asked.history.run_of(asked.since)
        last = asked.history.run_of(asked.until) if asked.until else None
        found = movements(
            asked.history.after(first, grades), grades if last is None else asked.history.after(last, grades)
        )
        end = f"{last:%Y-%m-%d %H:%M}" if last else ""
        start = f"{first:%Y-%m-%d %H:%M} → "
        span = Text(zh=f"{start}{end or '现在'}：", en=f"{start}{end or 'now'}: ")
    else:
        raise FenjiError(
            zh="请用 --against 指定要对比的另一份工作簿（较早的一份）。",
            en="Name the other, earlier workbook with --against.",
        )
    counts = found.counts()
    number = dict(zip(counts["direction"], counts["customers"], strict=True))
    finding = Text(
        zh=f"{span.zh}上升 {number.get('rose', 0):,} 位，下降 {number.get('fell', 0):,} 位，不变 {number.get('same', 0):,} 位。",
        en=f"{span.en}{number.get('rose', 0):,} rose, {number.get('fell', 0):,} fell, {number.get('same', 0):,} unchanged.",
    )
    moved = found.customers[found.customers["direction"] != "same"]
    moved = moved.rename(columns={"new": "grade"})
    if span.zh:
        moved = moved.drop(columns="change")  # amounts of earlier runs are not kept
    matrix = pd.DataFrame(found.matrix.customers, columns=found.matrix.codes)
    matrix.insert(0, "old", found.matrix.codes)
    matrix = matrix.loc[(matrix.drop(columns="old") > 0).any(axis=1)]
    from udfs import terms

    matrix = matrix.rename(columns={c: terms.term("grade", c, asked.lang) for c in found.matrix.codes})
    groups = {"direction": "movement", "old": "grade", "grade": "grade"}
    return [
        Sheet(Text(zh="变动汇总", en="Summary"), counts, [finding], groups),
        Sheet(Text(zh="等级转移", en="Matrix"), matrix, groups=groups),
        Sheet(Text(zh="变动客户", en="Customers"), moved.reset_index(drop=True), groups=groups),
    ]


@analysis(
    "potential",
    Text(zh="购买潜力", en="Potential"),
    Text(zh="哪些客户还能买得更多，凭什么？", en="Who could buy more, and why?"),
)
def potential_report(asked: Asked) -> list[Sheet]:
    """Customers of high potential with the reasons, the strongest first."""
    grades = asked.grading.grades
    high = grades[grades["potential"] == "high"].sort_values(
        "potential_score", ascending=False, kind="stable"
    )
    keys = [
        "customer_id",
        "customer",
        "contact",
        "owner",
        "grade",
        "net_amount",
        "potential_score",
        "potential_reasons",
    ]
    finding = Text(
        zh=f"高潜力客户 {len(high):,} 位。", en=f"{wording.count(len(high), 'customer')} of high potential."
    )
    return [
        Sheet(
            Text(zh="高潜力客户", en="High potential"),
            high[[k for k in keys if k in high]].reset_index(drop=True),
            [finding],
            {"potential_reasons": "potential_reason", "grade": "grade"},
        )
    ]
