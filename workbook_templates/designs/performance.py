"""Sales performance of customers (客户销售业绩分析)."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

AMOUNT = Text(zh="消费金额", en="Amount")
SHORT = [
    Col("rank", "int", width=8),
    Col("customer", width=26),
    Col("amount_year", "money"),
    Col("amount_last_year", "money"),
    Col("change_amount", "money"),
    Col("change", "change"),
    Col("rank_change", "rank_change", width=11),
    Col("action", "long", width=44),
]
FIGURES = (
    (Text(zh="本期金额", en="Amount this year"), "year_amount"),
    (Text(zh="同比", en="Against last year"), "year_change"),
    (Text(zh="本期购买客户", en="Customers who bought"), "year_buyers"),
    (Text(zh="下滑的客户", en="Declining customers"), "fallen_customers"),
)
YEARS = Sheet(
    name=Text(zh="年度业绩", en="Years"),
    title=Text(zh="年度销售业绩", en="Sales by year"),
    figures=FIGURES,
    charts=[
        Chart(
            "column", "tblYears", "year", ["amount"], "finding_years",
            Text(zh="柱形图：各年金额", en="Columns: amount by year"), AMOUNT,
        )
    ],
    tables=[
        Table(
            "tblYears",
            [
                Col("year", width=20), Col("amount", "money"), Col("share", "share"), Col("change", "change"),
                Col("buyers", "int", width=14), Col("orders", "int"), Col("amount_per_customer", "money"),
            ],
        )
    ],
)  # fmt: skip
CUSTOMERS = Sheet(
    name=Text(zh="客户业绩", en="Customer sales"),
    title=Text(zh="客户销售业绩：全部客户", en="Sales performance of all customers"),
    figures=FIGURES,
    lines=["year_note"],
    tables=[
        Table(
            "tblPerformance",
            [
                *SHORT[:2], Col("product", width=20), Col("quantity_year", "int"), SHORT[2], Col("year_share", "share"),
                SHORT[3], SHORT[5], Col("amount_year_before", "money"), Col("rank_last_year", "int"), SHORT[6],
                Col("evaluation", width=16), SHORT[7],
            ],
        )
    ],
)  # fmt: skip


def extreme(name: str, sheet: Text, title: Text, finding: str, value: str, alt: Text) -> Sheet:
    return Sheet(
        name=sheet,
        title=title,
        lines=["year_note"],
        charts=[Chart("bar", name, "customer", [value], finding, alt, AMOUNT)],
        tables=[Table(name, SHORT, rows=10)],
    )


TEMPLATE = Template(
    name="performance",
    title=Text(zh="客户销售业绩分析", en="Customer sales performance"),
    description=Text(
        zh="逐年业绩、全部客户的金额、占比、同比、排名变化、评价和措施，以及销量最高、增长最快、下滑最多的客户和产品排名。",
        en="Years, all customers with amount, share, change, rank, evaluation and action; the top, the growing, the falling; products.",
    ),
    sheets=[
        YEARS,
        CUSTOMERS,
        extreme(
            "tblTop10", Text(zh="业绩前十", en="Top ten"), Text(zh="本期金额最高的十位客户", en="The ten largest this year"),
            "finding_top10", "amount_year", Text(zh="条形图：本期金额前十的客户", en="Bars: the ten largest customers this year"),
        ),
        extreme(
            "tblGrowth10", Text(zh="增长前十", en="Growing"), Text(zh="金额增长最多的十位客户", en="The ten with the largest growth"),
            "finding_growth10", "change_amount", Text(zh="条形图：增长金额前十的客户", en="Bars: the ten largest increases"),
        ),
        extreme(
            "tblFall10", Text(zh="下滑前十", en="Falling"), Text(zh="金额下滑最多的十位客户", en="The ten with the largest decline"),
            "finding_fall10", "change_amount", Text(zh="条形图：下滑金额前十的客户", en="Bars: the ten largest decreases"),
        ),
        Sheet(
            name=Text(zh="产品排名", en="Products"),
            title=Text(zh="产品排名：畅销与滞销", en="Products: best and slow sellers"),
            long=True,
            lines=["year_note", "finding_slow_products"],
            charts=[
                Chart(
                    "bar", "tblTopProducts", "product", ["amount"], "finding_products",
                    Text(zh="条形图：金额前十的产品", en="Bars: the ten products with the highest amount"), AMOUNT,
                )
            ],
            tables=[
                Table(
                    "tblProducts",
                    [
                        Col("rank", "int", width=8), Col("product", width=28), Col("quantity", "int"), Col("amount", "money"),
                        Col("share", "share"), Col("buyers", "int", width=14), Col("amount_year", "money"),
                        Col("amount_last_year", "money"), Col("change", "change"),
                    ],
                ),
                Table("tblTopProducts", [Col("product", width=28), Col("amount", "money")], rows=10),
            ],
            side_by_side=True,
        ),
    ],
)  # fmt: skip
