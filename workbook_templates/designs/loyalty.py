"""Loyalty (忠诚度分析) and the warning of customers about to leave (流失预警)."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.designs.grading import SUMMARY_COLUMNS
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

LOYALTY = Template(
    name="loyalty",
    title=Text(zh="忠诚度分析", en="Loyalty"),
    description=Text(
        zh="忠诚度高、中、低各多少客户和金额，高低忠诚度的表现对照，忠诚客户名单。",
        en="Customers and amount by loyalty class, the signs of high and low loyalty, the list of loyal customers.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="忠诚度概览", en="Loyalty"),
            title=Text(zh="忠诚度：谁会一直买下去", en="Loyalty: who keeps buying"),
            figures=(
                (Text(zh="高忠诚度客户", en="Customers with high loyalty"), "loyal_customers"),
                (Text(zh="重复购买率（买过两次以上）", en="Bought more than once"), "repeat_rate"),
                (Text(zh="购买时长（中位数）", en="Time as a customer (median)"), "tenure"),
                (Text(zh="购买周期（中位数）", en="Purchase interval (median)"), "interval"),
            ),
            lines=["weights_line"],
            charts=[
                Chart(
                    "column", "tblLoyalty", "loyalty_class", ["amount_share", "customers_share"], "finding_loyalty",
                    Text(zh="柱形图：各忠诚度占金额和客户数的比例", en="Columns: share of amount and customers by loyalty class"),
                    shares=True,
                )
            ],
            tables=[
                Table(
                    "tblLoyalty",
                    [
                        Col("loyalty_class", tone="loyalty_class", width=16), *SUMMARY_COLUMNS[:4],
                        Col("amount_per_customer", "money"), SUMMARY_COLUMNS[4],
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="忠诚度表现", en="Signs of loyalty"),
            title=Text(zh="高、低忠诚度客户的表现对照", en="Signs of high and low loyalty, side by side"),
            lines=["finding_loyalty_signs"],
            note=Text(
                zh="价格敏感度只用于了解客户，不应据此对忠诚客户提价。",
                en="Price sensitivity is for understanding only; it must not be used to charge loyal customers more.",
            ),
            tables=[
                Table(
                    "tblLoyaltySigns",
                    [
                        Col("sign", width=36), Col("high_sign", width=24), Col("low_sign", width=30),
                        Col("loyal", "score", width=14), Col("middle", "score", width=14), Col("disloyal", "score", width=14),
                        Col("all_customers", "score", width=14), Col("unit", width=14),
                    ],
                    rows=8,
                )
            ],
        ),
        Sheet(
            name=Text(zh="忠诚客户名单", en="Loyal customers"),
            title=Text(zh="忠诚客户名单", en="The most loyal customers"),
            tables=[
                Table(
                    "tblLoyalCustomers",
                    [
                        Col("customer", width=26), Col("owner", width=12), Col("loyalty_score", "score"),
                        Col("loyalty_class", tone="loyalty_class", width=10), Col("tenure_years", "score", width=14),
                        Col("frequency", "int"), Col("repeat_rate", "share", width=12), Col("interval_days", "int", width=14),
                        Col("referrals", "int", width=14), Col("complaints", "int", width=12), Col("monetary", "money"),
                        Col("segment", width=18),
                    ],
                )
            ],
        ),
    ],
)  # fmt: skip

CHURN = Template(
    name="churn",
    title=Text(zh="流失预警", en="Customers at risk of leaving"),
    description=Text(
        zh="有流失信号的客户、原因、负责人、措施和期限；按负责人汇总；可联系客户名单（已排除勿联系）。",
        en="Customers who show signs of leaving, why, who should do what until when; by owner; a list of those who may be contacted.",
    ),
    sheets=[
        Sheet(
            name=Text(zh="流失风险概览", en="Churn overview"),
            title=Text(zh="流失风险：多少客户、为什么", en="Risk of leaving: how many, and why"),
            figures=(
                (Text(zh="高风险客户", en="High risk"), "risk_high"),
                (Text(zh="中风险客户", en="Medium risk"), "risk_medium"),
                (Text(zh="高风险客户的消费金额", en="Amount of high-risk customers"), "amount_at_risk"),
            ),
            charts=[
                Chart(
                    "bar", "tblChurnReasons", "reason", ["customers"], "finding_churn_reasons",
                    Text(zh="条形图：各流失信号的客户数", en="Bars: customers by sign of leaving"),
                    Text(zh="客户数", en="Customers"),
                )
            ],
            tables=[
                Table(
                    "tblChurnReasons",
                    [
                        Col("reason", width=34), Col("customers", "int", width=12), Col("customers_share", "share", width=12),
                        Col("amount", "money"),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="流失预警", en="At risk"),
            title=Text(zh="流失预警名单：谁、为什么、谁来做什么", en="Who is at risk, why, and who should do what"),
            lines=["finding_churn"],
            tables=[
                Table(
                    "tblChurn",
                    [
                        Col("customer", width=26), Col("owner", width=12), Col("contact", width=16),
                        Col("churn_risk", tone="churn_risk", width=11), Col("churn_reasons", "long", width=36),
                        Col("last_order_date", "date", width=14), Col("recency_days", "int"), Col("amount", "money"),
                        Col("grade", tone="grade", width=20), Col("action", "long", width=44), Col("due", "date"),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="负责人汇总", en="By owner"),
            title=Text(zh="负责人汇总：精力放在哪里", en="By owner: where effort should go"),
            charts=[
                Chart(
                    "column", "tblOwners", "owner", ["risk_high", "risk_medium"], "finding_owners",
                    Text(zh="柱形图：各负责人的高、中风险客户数", en="Columns: customers at high and medium risk by owner"),
                    Text(zh="客户数", en="Customers"),
                )
            ],
            tables=[
                Table(
                    "tblOwners",
                    [
                        Col("owner", width=18), Col("customers", "int"), Col("amount", "money"), Col("amount_share", "share"),
                        Col("high_value", "int"), Col("risk_high", "int"), Col("risk_medium", "int"),
                        Col("amount_at_risk", "money"),
                    ],
                )
            ],
        ),
        Sheet(
            name=Text(zh="可联系名单", en="Mailing list"),
            title=Text(zh="可联系客户名单（用于群发和企业微信等工具）", en="Customers who may be contacted (for a mailing or chat tool)"),
            lines=["mailing_line"],
            tables=[
                Table(
                    "tblMailing",
                    [
                        Col("customer_id", width=14), Col("customer", width=26), Col("contact_person", width=14),
                        Col("phone", width=16), Col("email", width=26), Col("segment", width=18),
                        Col("churn_risk", tone="churn_risk", width=11), Col("owner", width=12), Col("action", "long", width=50),
                    ],
                )
            ],
        ),
    ],
)  # fmt: skip
