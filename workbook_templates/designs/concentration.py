"""ABC and concentration: who brings the money, and how dangerous that is."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.designs.grading import SUMMARY_COLUMNS
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

AMOUNT = Text(zh="消费金额", en="Amount")
ABC = Sheet(
    name=Text(zh="ABC 分类", en="ABC classes"),
    title=Text(zh="ABC 分类：少数客户贡献多少", en="ABC classes: how much a few customers bring"),
    figures=(
        (Text(zh="A 类客户", en="A customers"), "a_customers"),
        (Text(zh="A 类贡献金额", en="A customers' share"), "a_share"),
        (Text(zh="前 20% 客户贡献", en="Top 20% share"), "top20_share"),
        (Text(zh="基尼系数", en="Gini coefficient"), "gini"),
    ),
    charts=[
        Chart(
            "column", "tblAbc", "abc", ["amount_share", "customers_share"], "finding_abc",
            Text(zh="柱形图：A、B、C 类占金额和客户数的比例", en="Columns: share of amount and of customers of A, B, C"),
            shares=True,
        )
    ],
    tables=[
        Table(
            "tblAbc",
            [Col("abc", width=16), *SUMMARY_COLUMNS[:4], Col("amount_per_customer", "money"), SUMMARY_COLUMNS[4]],
        )
    ],
)  # fmt: skip
PARETO = Sheet(
    name=Text(zh="大客户帕累托", en="Pareto"),
    title=Text(zh="金额最高的 20 位客户", en="The 20 customers with the highest amount"),
    charts=[
        Chart(
            "pareto", "tblPareto", "customer", ["amount", "cumulative_share"], "finding_pareto",
            Text(zh="帕累托图：前 20 位客户的金额和累计占比", en="Pareto chart: amount and cumulative share of the top 20"),
            AMOUNT,
        )
    ],
    tables=[
        Table(
            "tblPareto",
            [
                Col("rank", "int", width=8), Col("customer", width=26), Col("amount", "money"), Col("share", "share"),
                Col("cumulative_share", "share", width=12), Col("abc", tone="abc", width=11), Col("owner", width=14),
                Col("action", "long", width=50),
            ],
            rows=20,
        )
    ],
)  # fmt: skip
LORENZ = Sheet(
    name=Text(zh="集中度", en="Concentration"),
    title=Text(zh="集中度：洛伦兹曲线、基尼系数、HHI", en="Concentration: Lorenz curve, Gini, HHI"),
    figures=(
        (Text(zh="基尼系数（0 平均，1 集中）", en="Gini (0 equal, 1 concentrated)"), "gini"),
        (Text(zh="HHI（最高 10,000）", en="HHI (at most 10,000)"), "hhi"),
        (Text(zh="最大客户占比", en="Share of the largest"), "largest_customer_share"),
        (Text(zh="前 5 大客户占比", en="Share of the top 5"), "top5_share"),
    ),
    lines=["finding_concentration_risk"],
    charts=[
        Chart(
            "lorenz", "tblLorenz", "cumulative_customers", ["cumulative_share", "equal_share"], "finding_lorenz",
            Text(zh="洛伦兹曲线：客户累计占比与金额累计占比", en="Lorenz curve: cumulative customers and amount"),
            Text(zh="金额累计占比", en="Cumulative amount"), Text(zh="客户累计占比（从小到大）", en="Cumulative customers, smallest first"),
            shares=True,
        )
    ],
    tables=[
        Table(
            "tblLorenz",
            [
                Col("cumulative_customers", "share", width=18), Col("cumulative_share", "share", width=18),
                Col("equal_share", "share", width=14),
            ],
            rows=11,
        )
    ],
)  # fmt: skip
TEMPLATE = Template(
    name="concentration",
    title=Text(zh="ABC 与集中度", en="ABC and concentration"),
    description=Text(
        zh="ABC 分类、大客户帕累托图、洛伦兹曲线和集中度风险。",
        en="ABC classes, Pareto chart of the largest customers, Lorenz curve and concentration risk.",
    ),
    sheets=[ABC, PARETO, LORENZ],
)
