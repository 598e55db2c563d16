"""The customer information report (客户信息分析报告) and the pivot-ready tables."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.designs.grading import GRADE_COLUMNS, SUMMARY_COLUMNS
from workbook_templates.designs.performance import FIGURES as YEAR_FIGURES
from workbook_templates.designs.performance import SHORT
from workbook_templates.designs.rfm import grid
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

AMOUNT = Text(zh="消费金额", en="Amount")
PEOPLE = Text(zh="客户数", en="Customers")
FINDINGS = [
    Col("number", "code", width=8),
    Col("finding", "wrapped", width=84),
    Col("evidence", "wrapped", width=46),
]
SHARES_ALT = Text(zh="条形图：金额和客户数占比", en="Bars: share of amount and of customers")


def shares(name: str, key: str, width: float, finding: str, rows: int = 4) -> tuple[Table, Chart]:
    table = Table(name, [Col(key, width=width), *SUMMARY_COLUMNS], rows=rows)
    return table, Chart(
        "bar", name, key, ["amount_share", "customers_share"], finding, SHARES_ALT, shares=True
    )


GRADE_TABLE, GRADE_CHART = shares("tblStrategies_report", "grade", 22, "finding_grades")
SEGMENT_TABLE, SEGMENT_CHART = shares("tblSegments_report", "segment", 22, "finding_segments", 12)
ABC_TABLE, ABC_CHART = shares("tblAbc_report", "abc", 22, "finding_abc")

TEMPLATE = Template(
    name="report",
    title=Text(zh="客户信息分析报告", en="Customer report"),
    description=Text(
        zh="给管理层的报告：目标与范围、摘要（结论先行）、业绩、客户结构、来源、集中度、流失风险、诊断与建议，每句话注明数据依据。",
        en="For management: scope, summary with the conclusion first, sales, structure, sources, concentration, risk, diagnosis and proposals, every sentence with its cells.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="分析报告", en="Report"),
            title=Text(zh="客户信息分析报告", en="Customer report"),
            headline="headline",
            lines=["report_target", "report_scope"],
            note=Text(zh="摘要（结论先行）", en="Summary, the conclusion first"),
            tables=[Table("tblSummary", FINDINGS, rows=8, row_height=33)],
        ),
        Sheet(
            name=Text(zh="报告-诊断与建议", en="Report proposals"),
            title=Text(zh="诊断与建议", en="Diagnosis and proposals"),
            tables=[
                Table(
                    "tblDiagnosis",
                    [
                        Col("number", "code", width=8), Col("finding", "wrapped", width=58), Col("action", "wrapped", width=58),
                        Col("evidence", "wrapped", width=40),
                    ],
                    rows=8,
                    row_height=48,
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-业绩", en="Report sales"),
            title=Text(zh="业绩：一年比一年怎样", en="Sales: one year against the other"),
            figures=YEAR_FIGURES,
            charts=[
                Chart(
                    "column", "tblYears_report", "year", ["amount"], "finding_years",
                    Text(zh="柱形图：各年金额", en="Columns: amount by year"), AMOUNT,
                )
            ],
            tables=[
                Table(
                    "tblYears_report",
                    [
                        Col("year", width=22), Col("amount", "money"), Col("change", "change"), Col("buyers", "int", width=14),
                        Col("orders", "int"), Col("amount_per_customer", "money"),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-分级", en="Report grades"),
            title=Text(zh="客户结构：高、中、低价值客户", en="Structure: high, medium and low value"),
            charts=[GRADE_CHART],
            tables=[GRADE_TABLE],
        ),
        Sheet(
            name=Text(zh="报告-客群", en="Report segments"),
            title=Text(zh="客户结构：客群", en="Structure: segments"),
            charts=[SEGMENT_CHART],
            tables=[SEGMENT_TABLE],
        ),
        Sheet(
            name=Text(zh="报告-地区", en="Report regions"),
            title=Text(zh="客户来源：地区", en="Sources: regions"),
            lines=["year_note"],
            charts=[
                Chart(
                    "column", "tblByRegion_report", "category_value", ["amount_year", "amount_last_year"], "finding_region",
                    Text(zh="柱形图：各地区本期与上年同期金额", en="Columns: amount by region, this year and last"), AMOUNT,
                )
            ],
            tables=[
                Table(
                    "tblByRegion_report",
                    [
                        Col("category_value", width=22), Col("customers", "int"), Col("customers_share", "share"),
                        Col("amount", "money"), Col("amount_share", "share"), Col("amount_year", "money"),
                        Col("amount_last_year", "money"), Col("change", "change"),
                    ],
                    rows=6,
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-集中度", en="Report ABC"),
            title=Text(zh="集中度：ABC 分类", en="Concentration: ABC classes"),
            lines=["finding_concentration_risk"],
            charts=[ABC_CHART],
            tables=[ABC_TABLE],
        ),
        Sheet(
            name=Text(zh="报告-大客户", en="Report top 20"),
            title=Text(zh="金额最高的 20 位客户", en="The 20 customers with the highest amount"),
            charts=[
                Chart(
                    "pareto",
                    "tblPareto_report",
                    "customer",
                    ["amount", "cumulative_share"],
                    "finding_pareto",
                    Text(zh="帕累托图：前 20 位客户的金额和累计占比", en="Pareto chart of the top 20"),
                    AMOUNT,
                )
            ],
            tables=[
                Table(
                    "tblPareto_report",
                    [
                        Col("rank", "int", width=8), Col("customer", width=28), Col("amount", "money"), Col("share", "share"),
                        Col("cumulative_share", "share", width=14), Col("owner", width=14), Col("action", "long", width=50),
                    ],
                    rows=20,
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-流失", en="Report risk"),
            title=Text(zh="流失风险", en="Risk of leaving"),
            charts=[
                Chart(
                    "bar", "tblChurnReasons_report", "reason", ["customers"], "finding_churn_reasons",
                    Text(zh="条形图：各流失信号的客户数", en="Bars: customers by sign of leaving"), PEOPLE,
                )
            ],
            tables=[
                Table(
                    "tblChurnReasons_report",
                    [
                        Col("reason", width=36), Col("customers", "int", width=12), Col("customers_share", "share"),
                        Col("amount", "money"),
                    ],
                ),
                Table(
                    "tblChurnRisks_report",
                    [
                        Col("churn_risk", tone="churn_risk", width=14), Col("customers", "int"), Col("customers_share", "share"),
                        Col("amount", "money"), Col("amount_share", "share"),
                    ],
                    rows=4,
                ),
            ],
            side_by_side=True,
        ),
        Sheet(
            name=Text(zh="报告-热力图", en="Report heat map"),
            title=Text(zh="谁常来、谁不来了：R×F 热力图", en="Who comes often and who has stopped: recency by frequency"),
            lines=["finding_heatmap"],
            tables=[grid("tblHeatmap_report", "int")],
        ),
        Sheet(
            name=Text(zh="报告-下滑客户", en="Report falls"),
            title=Text(zh="金额下滑最多的十位客户", en="The ten with the largest decline"),
            lines=["year_note"],
            charts=[
                Chart(
                    "bar",
                    "tblFall10_report",
                    "customer",
                    ["change_amount"],
                    "finding_fall10",
                    Text(zh="条形图：下滑金额前十的客户", en="Bars: the ten largest decreases"),
                    AMOUNT,
                )
            ],
            tables=[Table("tblFall10_report", SHORT, rows=10)],
        ),
        Sheet(
            name=Text(zh="报告-产品", en="Report products"),
            title=Text(zh="产品排名", en="Products"),
            lines=["year_note", "finding_slow_products"],
            tables=[
                Table(
                    "tblProducts_report",
                    [
                        Col("rank", "int", width=8), Col("product", width=28), Col("amount", "money"), Col("share", "share"),
                        Col("buyers", "int", width=14), Col("amount_year", "money"), Col("amount_last_year", "money"),
                        Col("change", "change"),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-低利润大客户", en="Report low profit"),
            title=Text(zh="高销售低利润大客户", en="Key accounts with high sales and low profit"),
            lines=["margin_line", "finding_low_margin"],
            tables=[
                Table(
                    "tblLowMargin_report",
                    [
                        Col("rank", "int", width=8), Col("customer", width=26), Col("owner", width=12), Col("amount", "money"),
                        Col("profit", "money"), Col("margin", "share"), Col("action", "long", width=46),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告-回款风险", en="Report collection"),
            title=Text(zh="回款风险大客户", en="Key accounts who pay late"),
            lines=["overdue_line", "finding_collection"],
            tables=[
                Table(
                    "tblCollection_report",
                    [
                        Col("rank", "int", width=8), Col("customer", width=26), Col("owner", width=12), Col("amount", "money"),
                        Col("mean_overdue", "score", width=14), Col("overdue_amount", "money"), Col("action", "long", width=46),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="报告口径", en="Report basis"),
            title=Text(zh="报告口径：数据范围、分界点、未计入的数据", en="Basis: scope, cut points, what was left out"),
            tables=[
                Table(
                    "tblCutPoints_report",
                    [Col("group", width=18), Col("item", width=36), Col("value", "long", width=60)],
                ),
                Table("tblNotes", [Col("section", width=22), Col("reason", "long", width=50)]),
            ],
            side_by_side=True,
            tab="settings",
        ),
    ],
)  # fmt: skip

GRADE_SHEET = Template(
    name="grade_table",
    title=Text(zh="客户分级管理分析表", en="Customer grading table"),
    description=Text(
        zh="十二列的客户分级管理分析表（客户名称、联系方式、所属行业……满意度、分级）和每级客户的策略。",
        en="The grading table with its twelve columns, from name and contact to satisfaction and grade, and a strategy for each grade.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="客户分级管理分析表", en="Grading table"),
            title=Text(zh="客户分级管理分析表", en="Customer grading table"),
            tables=[Table("tblGrades_print", GRADE_COLUMNS)],
        ),
        Sheet(
            name=Text(zh="分级策略", en="Strategies"),
            title=Text(zh="每级客户怎么做", en="What to do for each grade"),
            charts=[shares("tblStrategies", "grade", 22, "finding_grades")[1]],
            tables=[shares("tblStrategies", "grade", 22, "finding_grades")[0]],
        ),
    ],
)

PIVOTS = Template(
    name="pivots",
    title=Text(zh="透视数据", en="Pivot tables"),
    description=Text(
        zh="订单（已带客户分级）和客户两张整齐的表，各配一张可直接拖动的数据透视表。",
        en="Two tidy tables, orders joined with grades and customers, each with a native pivot table to go on with.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="订单透视表", en="Orders pivot"),
            title=Text(zh="金额：客群 × 年份", en="Amount: segment by year"),
            pivot=Text(
                zh="{{ pivot tblOrderLines | rows 客群 | columns 年份 | values 金额 }}",
                en="{{ pivot tblOrderLines | rows Segment | columns Year | values Amount }}",
            ),
        ),
        Sheet(
            name=Text(zh="客户透视表", en="Customers pivot"),
            title=Text(zh="消费金额：分级 × ABC 类", en="Amount: grade by ABC class"),
            pivot=Text(
                zh="{{ pivot tblCustomerList | rows 分级 | columns ABC 类 | values 消费金额 }}",
                en="{{ pivot tblCustomerList | rows Grade | columns ABC class | values Amount spent }}",
            ),
        ),
        Sheet(
            name=Text(zh="订单明细（带分级）", en="Orders with grades"),
            title=Text(zh="订单明细，已带客户分级", en="Orders with the customers' grades"),
            tables=[
                Table(
                    "tblOrderLines",
                    [
                        Col("order_date", "date", width=14), Col("year", "code", width=10), Col("month", "code", width=10),
                        Col("customer_id", width=14), Col("customer", width=26), Col("product", width=20), Col("category", width=14),
                        Col("channel", width=12), Col("quantity", "int"), Col("amount", "money"), Col("region", width=10),
                        Col("industry", width=16), Col("owner", width=12), Col("segment", width=18), Col("class8", width=16),
                        Col("abc", width=11), Col("grade", width=20),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="客户清单（带分级）", en="Customers with grades"),
            title=Text(zh="客户清单，已带分级", en="Customers with their grades"),
            tables=[
                Table(
                    "tblCustomerList",
                    [
                        Col("customer_id", width=14), Col("customer", width=26), Col("region", width=10), Col("province", width=12),
                        Col("industry", width=16), Col("nature", width=14), Col("company_size", width=12), Col("source", width=14),
                        Col("owner", width=12), Col("first_order_date", "date", width=14), Col("last_order_date", "date", width=14),
                        Col("recency_days", "int"), Col("frequency", "int"), Col("monetary", "money"), Col("profit", "money"),
                        Col("segment", width=18), Col("class8", width=16), Col("abc", width=11), Col("activity", width=10),
                        Col("loyalty_class", width=10), Col("churn_risk", width=11), Col("grade", width=20), Col("level", width=11),
                    ],
                )
            ],
        ),
    ],
)  # fmt: skip
