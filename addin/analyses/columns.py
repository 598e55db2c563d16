"""Headers and kinds of the columns of analyses; fields.toml and the report columns hold the others."""

from __future__ import annotations

from udfs.texts import Lang, Text
from workbook_templates import headers

COLUMNS: dict[str, tuple[Text, str]] = {
    # key: (header, kind of workbook_templates.style)
    "net_amount": (Text(zh="消费金额", en="Amount"), "money"),
    "metric": (Text(zh="指标", en="Measure"), "text"),
    "now": (Text(zh="本期", en="This period"), "number"),
    "before": (Text(zh="上期", en="Period before"), "number"),
    "change": (Text(zh="变化", en="Change"), "number"),
    "change_share": (Text(zh="变化率", en="Change %"), "change"),
    "contribution": (Text(zh="占总变化", en="Share of change"), "share"),
    "year_ago": (Text(zh="去年同期", en="A year ago"), "number"),
    "year_change": (Text(zh="同比变化", en="Change on year"), "number"),
    "year_change_share": (Text(zh="同比", en="Change on year %"), "change"),
    "effect": (Text(zh="对金额的影响", en="Effect on amount"), "money"),
    "factor": (Text(zh="因素", en="Factor"), "text"),
    "status": (Text(zh="状态", en="Status"), "text"),
    "amount_before": (Text(zh="上期金额", en="Amount before"), "money"),
    "growth": (Text(zh="增长率", en="Growth"), "change"),
    "orders_before": (Text(zh="上期订单数", en="Orders before"), "int"),
    "rank_before": (Text(zh="上期排名", en="Rank before"), "int"),
    "trend": (Text(zh="月均变化", en="Trend per month"), "change"),
    "first_sale": (Text(zh="首次销售", en="First sale"), "date"),
    "last_sale": (Text(zh="最近销售", en="Last sale"), "date"),
    "rows": (Text(zh="笔数", en="Rows"), "int"),
    "antecedent": (Text(zh="买了", en="Who buys"), "long"),
    "consequent": (Text(zh="也会买", en="Also buys"), "text"),
    "support": (Text(zh="支持度", en="Support"), "share"),
    "confidence": (Text(zh="置信度", en="Confidence"), "share"),
    "lift": (Text(zh="提升度", en="Lift"), "score"),
    "leverage": (Text(zh="杠杆率", en="Leverage"), "share"),
    "conviction": (Text(zh="确信度", en="Conviction"), "score"),
    "baskets": (Text(zh="订单数", en="Orders with both"), "int"),
    "first": (Text(zh="第一项", en="First"), "text"),
    "second": (Text(zh="第二项", en="Second"), "text"),
    "weeks": (Text(zh="同周购买次数", en="Weeks in common"), "int"),
    "expected": (Text(zh="随机应有", en="Expected by chance"), "score"),
    "month": (Text(zh="月份", en="Month"), "month"),
    "index": (Text(zh="季节指数", en="Seasonal index"), "decimal"),
    "season": (Text(zh="旺淡季", en="Season"), "text"),
    "cohort": (Text(zh="首购月份", en="First order in"), "text"),
    "size": (Text(zh="客户数", en="Customers"), "int"),
    "stage": (Text(zh="流失阶段", en="Stage"), "text"),
    "reason": (Text(zh="流失原因", en="Reason"), "text"),
    "lost_date": (Text(zh="判定流失日期", en="Lost on"), "date"),
    "new": (Text(zh="新老客户", en="New or old"), "text"),
    "buyers": (Text(zh="客户总数", en="All customers"), "int"),
    "lost_share": (Text(zh="流失率", en="Lost share"), "share"),
    "average_amount": (Text(zh="客均金额", en="Amount per customer"), "money"),
    "feedback_kind": (Text(zh="反馈类型", en="Kind"), "text"),
    "handled_share": (Text(zh="已处理", en="Handled"), "share"),
    "reply_days": (Text(zh="回复天数", en="Days to reply"), "score"),
    "satisfaction": (Text(zh="满意度", en="Satisfaction"), "decimal"),
    "complaints": (Text(zh="投诉", en="Complaints"), "int"),
    "nps": (Text(zh="净推荐值", en="NPS"), "score"),
    "cluster": (Text(zh="群组", en="Group"), "text"),
    "value": (Text(zh="相关系数", en="Coefficient"), "decimal"),
    "n": (Text(zh="样本数", en="Pairs"), "int"),
    "reliable": (Text(zh="可靠", en="Reliable"), "text"),
    "p_alive": (Text(zh="仍会购买的概率", en="Chance of buying again"), "share"),
    "expected_purchases": (Text(zh="预计购买次数", en="Expected purchases"), "decimal"),
    "expected_spend": (Text(zh="预计单次金额", en="Expected spend"), "money"),
    "clv": (Text(zh="未来一年价值", en="Value of the next year"), "money"),
    "clv_low": (Text(zh="下限（90%）", en="Low (90%)"), "money"),
    "clv_high": (Text(zh="上限（90%）", en="High (90%)"), "money"),
    "historic_clv": (Text(zh="已产生利润", en="Profit so far"), "money"),
    "potential_score": (Text(zh="潜力得分", en="Potential score"), "score"),
    "potential_reasons": (Text(zh="理由", en="Reasons"), "long"),
    "direction": (Text(zh="变动", en="Movement"), "text"),
    "old": (Text(zh="原等级", en="Before"), "text"),
}
KINDS: dict[str, str] = {
    "customer": "text", "share": "share", "amount_share": "share", "amount": "money", "customers": "int",
    "orders": "int", "rank": "int", "rank_change": "rank_change", "quantity": "int", "loyalty_score": "score",
    "recency_days": "int", "frequency": "int", "first_order_date": "date",
    "last_order_date": "date", "average_order": "money",
}  # fmt: skip


def header(key: str, lang: Lang) -> str:
    """The header of a column.

    >>> header("lift", "zh"), header("customer", "en"), header("M3", "en")
    ('提升度', 'Customer', 'M3')
    """
    known = COLUMNS.get(key)
    return known[0](lang) if known else headers.header(key, lang)


def kind(key: str) -> str:
    """The kind of a column: it decides format and width.

    >>> kind("lift"), kind("customers"), kind("anything")
    ('score', 'int', 'text')
    """
    return COLUMNS[key][1] if key in COLUMNS else KINDS.get(key, "text")
