"""The sheets a grading puts into the workbook (command `regrade`)."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.datasets.rfm import BIN_KEYS
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

# The twelve columns of the customer grading table, and why.
GRADE_COLUMNS = [
    Col("customer", width=24),
    Col("contact", width=16),
    Col("industry", width=20),
    Col("purchase_history", width=13),
    Col("monetary", "money"),
    Col("profit", "money"),
    Col("purchase_frequency", tone="purchase_frequency", width=11),
    Col("activity", tone="activity_level", width=10),
    Col("loyalty_class", tone="loyalty_class", width=10),
    Col("need_type", width=16),
    Col("satisfaction_class", tone="satisfaction_class", width=13),
    Col("grade", tone="grade", width=20),
]
SUMMARY_COLUMNS = [
    Col("customers", "int", width=10),
    Col("customers_share", "share"),
    Col("amount", "money"),
    Col("amount_share", "share"),
    Col("action", "long", width=60),
]
TOTALS = (
    (Text(zh="客户数", en="Customers"), "customers"),
    (Text(zh="消费金额", en="Amount"), "amount_total"),
    (Text(zh="高价值客户", en="High-value customers"), "high_value"),
    (Text(zh="高流失风险", en="At high risk of leaving"), "at_risk"),
)

GRADES = Sheet(
    name=Text(zh="客户分级", en="Customer grades"),
    title=Text(zh="客户分级管理分析表", en="Customer grades"),
    figures=TOTALS,
    tables=[Table("tblGrades", [*GRADE_COLUMNS, Col("explanation", "long", width=70)])],
    print_columns=12,  # the explanations are for the screen
)
SEGMENTS = Sheet(
    name=Text(zh="客群汇总", en="Segments"),
    title=Text(zh="客群汇总：每类多少人、多少钱、怎么做", en="Segments: how many, how much, what to do"),
    charts=[
        Chart(
            "bar",
            "tblSegments",
            "segment",
            ["amount_share", "customers_share"],
            "finding_segments",
            Text(
                zh="条形图：每个客群占客户数和金额的比例",
                en="Bar chart: share of customers and of amount of each segment",
            ),
            shares=True,
        )
    ],
    tables=[Table("tblSegments", [Col("segment", width=20), *SUMMARY_COLUMNS], rows=12)],
)
RFM = Sheet(
    name=Text(zh="RFM", en="RFM"),
    title=Text(zh="RFM 明细：每位客户一行，可直接做透视表", en="RFM: one row per customer, ready for pivots"),
    tables=[
        Table(
            "tblRFM",
            [
                Col("customer_id", width=14),
                Col("customer", width=24),
                Col("last_order_date", "date"),
                Col("recency_days", "int"),
                Col("frequency", "int"),
                Col("monetary", "money"),
                Col("r", "code"),
                Col("f", "code"),
                Col("m", "code"),
                Col("rfm", width=9),
                Col("segment", width=18),
                Col("class8", width=16),
                Col("abc", tone="abc", width=9),
                Col("value_tier", tone="value_tier", width=11),
                Col("activity", tone="activity", width=9),
                Col("loyalty_score", "score"),
                Col("churn_risk", tone="churn_risk", width=10),
                Col("churn_reasons", width=30),
                Col("grade", tone="grade", width=20),
                Col("grade_score", "score"),
                Col("level", width=10),
            ],
        )
    ],
)
CUT_POINTS = Sheet(
    name=Text(zh="计算口径", en="How computed"),
    title=Text(
        zh="计算口径：照此可用手工复算", en="How it was computed: anyone can recompute it from this sheet"
    ),
    print_columns=3,  # what the next run reads at the right is not for paper
    tables=[
        Table(
            "tblCutPoints", [Col("group", width=18), Col("item", width=34), Col("value", "long", width=60)]
        ),
        Table("tblBins", [Col(key, width=12) for key in BIN_KEYS]),
    ],
    note=Text(
        zh="右侧的表供下次“沿用分界点”时读取，请勿修改。",
        en="The table on the right is read again when cut points are reused; leave it as it is.",
    ),
    side_by_side=True,
    tab="settings",
)
CHECKS = Sheet(
    name=Text(zh="数据检查", en="Data checks"),
    title=Text(zh="数据检查：这些单元格请核对", en="Data checks: cells to look at"),
    figures=((Text(zh="待核对", en="To check"), "problems"),),
    tables=[
        Table(
            "tblChecks",
            [
                Col("sheet", width=18),
                Col("row", "int", width=8),
                Col("column", width=16),
                Col("cell_value", width=26),
                Col("problem", "long", width=36),
                Col("proposal", "long", width=50),
            ],
        )
    ],
    tab="settings",
)
HISTORY = Sheet(
    name=Text(zh="分级历史", en="Grading history"),
    title=Text(zh="分级历史：每次运行一行", en="Grading history: one row per run"),
    print_columns=11,  # the changes at the right are for comparing runs, not for paper
    tables=[
        Table(
            "tblHistory",
            [
                Col("run_at", "datetime"),
                Col("run_by", width=14),
                Col("command", width=12),
                Col("as_of", "date"),
                Col("customers", "int"),
                Col("amount", "money"),
                Col("high_value", "int"),
                Col("medium_value", "int"),
                Col("low_value", "int"),
                Col("at_risk", "int"),
                Col("options", "long", width=50),
            ],
        ),
        Table(
            "tblMoves",
            [
                Col("run_at", "datetime"),
                Col("customer_id", width=14),
                Col("customer", width=26),
                Col("grade_before", width=14),
                Col("grade_after", width=14),
                Col("amount", "money"),
            ],
        ),
    ],
    note=Text(
        zh="右侧的表记下每次运行中分级有变动的客户，供比较任意两次运行；保留多少次在“分级设置”里定。请勿修改。",
        en="The table on the right holds the customers whose grade changed in each run, to compare any two runs; how many "
        "runs are kept is a setting. Leave it as it is.",
    ),
    side_by_side=True,
    tab="settings",
)
SETTINGS = Sheet(
    name=Text(zh="分级设置", en="Settings"),
    title=Text(zh="分级设置：修改后重新分级即可生效", en="Settings: change a value and grade again"),
    tables=[
        Table(
            "tblSettings",
            [
                Col("setting", width=26),
                Col("setting_value", width=34),
                Col("default_value", width=20),
                Col("meaning", "long", width=70),
                Col("key", width=24),
            ],
        )
    ],
    tab="settings",
)
TEMPLATE = Template(
    name="grading",
    title=Text(zh="客户分级结果", en="Customer grading"),
    description=Text(
        zh="分级后放进工作簿的七张表：客户分级、客群汇总、RFM 明细、计算口径、数据检查、分级历史、分级设置。",
        en="The seven sheets a grading adds: grades, segments, RFM, how it was computed, checks, history, settings.",
    ),
    sheets=[GRADES, SEGMENTS, RFM, CUT_POINTS, CHECKS, HISTORY, SETTINGS],
)
