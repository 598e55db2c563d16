"""Key accounts (大客户档案) and the customer registration card (客户信息登记卡)."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.spec import Card, Col, Sheet, Table, Template

FIGURES = (
    (Text(zh="大客户（A 类）", en="Key accounts (A)"), "key_account_count"),
    (Text(zh="占全部金额", en="Share of total amount"), "key_account_share"),
    (Text(zh="高销售低利润", en="High sales, low profit"), "low_margin_count"),
    (Text(zh="回款风险", en="Collection risk"), "late_count"),
)
KEY = Sheet(
    name=Text(zh="大客户档案", en="Key accounts"),
    title=Text(zh="大客户档案", en="Key account file"),
    figures=FIGURES,
    lines=["finding_key_accounts"],
    tables=[
        Table(
            "tblKeyAccounts",
            [
                Col("rank", "int", width=8), Col("customer", width=26), Col("owner", width=12), Col("industry", width=16),
                Col("region", width=10), Col("amount", "money"), Col("share", "share"), Col("amount_year", "money"),
                Col("change", "change"), Col("rank_change", "rank_change", width=11), Col("profit", "money"),
                Col("margin", "share"), Col("mean_overdue", "score", width=14), Col("potential", width=14),
                Col("marks", width=24), Col("action", "long", width=46),
            ],
        )
    ],
)  # fmt: skip
LOW = Sheet(
    name=Text(zh="高销售低利润大客户", en="Low profit accounts"),
    title=Text(zh="高销售低利润大客户", en="Key accounts with high sales and low profit"),
    lines=["margin_line", "finding_low_margin"],
    tables=[
        Table(
            "tblLowMargin",
            [
                Col("rank", "int", width=8), Col("customer", width=26), Col("owner", width=12), Col("amount", "money"),
                Col("profit", "money"), Col("margin", "share"), Col("change", "change"), Col("action", "long", width=46),
            ],
        )
    ],
)  # fmt: skip
LATE = Sheet(
    name=Text(zh="回款风险大客户", en="Collection risk"),
    title=Text(zh="回款风险大客户", en="Key accounts who pay late"),
    lines=["overdue_line", "finding_collection"],
    tables=[
        Table(
            "tblCollection",
            [
                Col("rank", "int", width=8), Col("customer", width=26), Col("owner", width=12), Col("amount", "money"),
                Col("mean_overdue", "score", width=14), Col("overdue_amount", "money"), Col("action", "long", width=46),
            ],
        )
    ],
)  # fmt: skip
TEMPLATE = Template(
    name="key_accounts",
    title=Text(zh="大客户档案", en="Key accounts"),
    description=Text(
        zh="大客户的金额、占比、同比、排名、利润、回款、潜力和措施，并标出高销售低利润和回款风险。",
        en="Key accounts with amount, share, change, rank, profit, payment, potential and action; low profit and late payment marked.",
    ),
    sheets=[KEY, LOW, LATE],
)
CARD = Template(
    name="card",
    title=Text(zh="客户信息登记卡", en="Customer registration card"),
    description=Text(
        zh="每位客户一页：基本信息、购买情况、分级结果和说明，可打印。用 --where 选客户。",
        en="One page for each customer: master data, purchases, grades and why; to be printed. Choose with --where.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="客户信息登记卡", en="Registration card"),
            title=Text(zh="客户信息登记卡", en="Customer registration card"),
            portrait=True,
            card=Card(
                blocks=[
                    (
                        Text(zh="基本信息", en="Master data"),
                        [
                            "customer", "customer_id", "customer_type", "company", "contact_person", "position", "phone",
                            "email", "address", "city", "region", "industry", "nature", "company_size", "staff", "revenue",
                            "source", "referrer", "owner", "first_contact", "preference", "credit_limit",
                        ],
                    ),
                    (
                        Text(zh="购买情况", en="Purchases"),
                        [
                            "first_order_date", "last_order_date", "frequency", "recency_days", "monetary", "profit",
                            "amount_year", "amount_last_year", "change", "year_share", "rank", "rfm",
                        ],
                    ),
                    (
                        Text(zh="分级结果", en="Grades"),
                        [
                            "grade", "level", "segment", "class8", "abc", "value_tier", "activity", "loyalty_class",
                            "churn_risk", "satisfaction_class", "need_type", "potential",
                        ],
                    ),
                ],
                long=["churn_reasons", "explanation", "action"],
                empty=[Text(zh="拜访记录与备注", en="Visits and notes")],
            ),
        )
    ],
)  # fmt: skip
