"""Where customers come from (客户来源分析)."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

AMOUNT = Text(zh="消费金额", en="Amount")
NAMES = {
    "region": Text(zh="地区", en="Region"),
    "province": Text(zh="省份", en="Province"),
    "industry": Text(zh="行业", en="Industry"),
    "size": Text(zh="企业规模", en="Company size"),
    "nature": Text(zh="企业性质", en="Kind of company"),
    "channel": Text(zh="购买渠道", en="Channel"),
    "source": Text(zh="获客来源", en="Source"),
    "sex": Text(zh="性别", en="Sex"),
    "age": Text(zh="年龄", en="Age"),
}


def dimension(name: str) -> Sheet:
    """A sheet for one dimension: years side by side, a pie of customers, and the table."""
    label = NAMES[name]
    big, small = "tblBy" + name.capitalize(), "tblPie" + name.capitalize()
    head = Text(zh=label.zh, en=label.en)
    table = Table(
        big,
        [
            Col("category_value", width=20, header=None),
            Col("customers", "int"),
            Col("customers_share", "share"),
            Col("amount", "money"),
            Col("amount_share", "share"),
            Col("amount_per_customer", "money"),
            Col("amount_year", "money"),
            Col("amount_last_year", "money"),
            Col("change", "change"),
            Col("amount_year_before", "money"),
        ],
        rows=6,
    )
    shares = Table(
        small,
        [Col("category_value", width=20), Col("customers", "int"), Col("customers_share", "share")],
        rows=6,
    )
    return Sheet(
        name=Text(zh=f"来源-{head.zh}", en=f"By {head.en.lower()}"),
        title=Text(zh=f"客户来源：按{head.zh}", en=f"Customers by {head.en.lower()}"),
        lines=["year_note"],
        charts=[
            Chart(
                "column", big, "category_value", ["amount_year", "amount_last_year"], f"finding_{name}",
                Text(zh=f"柱形图：各{head.zh}本期与上年同期金额", en=f"Columns: amount by {head.en.lower()}, this year and last"),
                AMOUNT, wide=1.6,
            ),
            Chart(
                "pie", small, "category_value", ["customers"], f"finding_{name}_customers",
                Text(zh=f"饼图：各{head.zh}客户数占比", en=f"Pie: share of customers by {head.en.lower()}"),
            ),
        ],
        tables=[table, shares],
        side_by_side=True,
    )  # fmt: skip


OVERVIEW = Sheet(
    name=Text(zh="客户来源概览", en="Sources overview"),
    title=Text(zh="客户从哪里来：概览", en="Where customers come from: overview"),
    figures=(
        (Text(zh="客户数", en="Customers"), "customers"),
        (Text(zh="消费金额", en="Amount"), "amount_total"),
    ),
    lines=["finding_sources"],
    tables=[
        Table(
            "tblDimensions",
            [
                Col("dimension", width=18), Col("filled", "share", width=11), Col("categories", "int", width=11),
                Col("largest", width=40), Col("customers", "int", width=12), Col("largest_share", "share", width=20),
            ],
            rows=9,
        )
    ],
)  # fmt: skip
CROSS = Sheet(
    name=Text(zh="来源透视", en="Sources pivot"),
    title=Text(zh="金额：地区 × 年份（可继续拖动）", en="Amount: region by year, to go on with"),
    pivot=Text(
        zh="{{ pivot tblSales | rows 地区 | columns 年份 | values 金额 }}",
        en="{{ pivot tblSales | rows Region | columns Year | values Amount }}",
    ),
)
PIVOT = Sheet(
    name=Text(zh="来源数据", en="Source data"),
    title=Text(zh="销售汇总：地区 × 品类 × 时间（透视表的数据）", en="Sales by region, category and time (source of the pivot)"),
    tables=[
        Table(
            "tblSales",
            [
                Col("region", width=14), Col("category", width=18), Col("year", "code", width=10),
                Col("quarter", width=11), Col("amount", "money"), Col("orders", "int"), Col("quantity", "int"),
            ],
        )
    ],
    tab="settings",
)  # fmt: skip
TEMPLATE = Template(
    name="sources",
    title=Text(zh="客户来源分析", en="Where customers come from"),
    description=Text(
        zh="按地区、省份、行业、规模、性质、渠道、来源、性别、年龄：数量、金额、占比、年度对比，并附透视表。",
        en="By region, province, industry, size, kind, channel, source, sex and age: number, amount, shares, years; with a pivot.",
    ),
    sheets=[OVERVIEW, *[dimension(name) for name in NAMES], CROSS, PIVOT],
)
