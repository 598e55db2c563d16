"""Headers of report columns: fields.toml for fields, and here the columns only reports have."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from udfs import fields
from udfs.texts import Lang, Text

REPORT_COLUMNS: dict[str, Text] = {
    # shares, years, changes
    "customers_share": Text(zh="客户占比", en="Share of customers"),
    "cumulative_share": Text(zh="累计占比", en="Cumulative share"),
    "cumulative_customers": Text(zh="累计客户占比", en="Cumulative customers"),
    "equal_share": Text(zh="平均分布", en="Equal shares"),
    "amount_per_customer": Text(zh="客均金额", en="Amount per customer"),
    "amount_year": Text(zh="本期金额", en="This year"),
    "amount_last_year": Text(zh="上年同期金额", en="Last year"),
    "amount_year_before": Text(zh="前年同期金额", en="Year before"),
    "customers_year": Text(zh="本期客户数", en="Customers this year"),
    "customers_last_year": Text(zh="上年同期客户数", en="Customers last year"),
    "year_share": Text(zh="本期占比", en="Share this year"),
    "quantity_year": Text(zh="本期数量", en="Quantity this year"),
    "orders_year": Text(zh="本期订单数", en="Orders this year"),
    "change": Text(zh="同比", en="Change"),
    "change_amount": Text(zh="增减金额", en="Change in amount"),
    "rank_last_year": Text(zh="上年排名", en="Rank last year"),
    "rank_change": Text(zh="排名变化", en="Rank change"),
    "evaluation": Text(zh="评价", en="Evaluation"),
    "year": Text(zh="年份", en="Year"),
    "period": Text(zh="期间", en="Period"),
    "quarter": Text(zh="季度", en="Quarter"),
    "month": Text(zh="月份", en="Month"),
    "buyers": Text(zh="购买客户数", en="Customers who bought"),
    # heat map, histograms
    "r_score": Text(zh="R 得分", en="R score"),
    "f1": Text(zh="F1", en="F1"),
    "f2": Text(zh="F2", en="F2"),
    "f3": Text(zh="F3", en="F3"),
    "f4": Text(zh="F4", en="F4"),
    "f5": Text(zh="F5", en="F5"),
    "total": Text(zh="合计", en="Total"),
    "bin": Text(zh="区间", en="Range"),
    "measure": Text(zh="指标", en="Measure"),
    "minimum": Text(zh="最小值", en="Smallest"),
    "median": Text(zh="中位数", en="Median"),
    "mean": Text(zh="平均值", en="Mean"),
    "maximum": Text(zh="最大值", en="Largest"),
    "set": Text(zh="用途", en="Set"),
    "score": Text(zh="分数", en="Score"),
    "lower": Text(zh="下限", en="Lower"),
    "upper": Text(zh="上限", en="Upper"),
    "equal": Text(zh="等于时", en="Equal"),
    "high_from": Text(zh="高分起点", en="High from"),
    "method": Text(zh="方法", en="Method"),
    "frequency_basis": Text(zh="频次口径", en="Frequency basis"),
    "monetary_basis": Text(zh="金额口径", en="Amount basis"),
    # cut points, checks, history, settings
    "group": Text(zh="类别", en="Group"),
    "item": Text(zh="项目", en="Item"),
    "value": Text(zh="内容", en="Value"),
    "sheet": Text(zh="工作表", en="Sheet"),
    "row": Text(zh="行", en="Row"),
    "column": Text(zh="列", en="Column"),
    "cell_value": Text(zh="原值", en="Cell value"),
    "problem": Text(zh="问题", en="Problem"),
    "proposal": Text(zh="处理建议", en="What to do"),
    "run_at": Text(zh="运行时间", en="Run at"),
    "grade_before": Text(zh="原分级", en="Grade before"),
    "grade_after": Text(zh="新分级", en="New grade"),
    "run_by": Text(zh="操作人", en="Run by"),
    "command": Text(zh="操作", en="Command"),
    "options": Text(zh="所用选项", en="Options"),
    "high_value": Text(zh="高价值客户数", en="High-value customers"),
    "medium_value": Text(zh="中价值客户数", en="Medium-value customers"),
    "low_value": Text(zh="低价值客户数", en="Low-value customers"),
    "at_risk": Text(zh="高流失风险客户数", en="At high risk"),
    "setting": Text(zh="设置项", en="Setting"),
    "setting_value": Text(zh="取值", en="Value"),
    "default_value": Text(zh="默认值", en="Default"),
    "meaning": Text(zh="说明", en="Meaning"),
    "key": Text(zh="代码", en="Key"),
    # sources
    "category_value": Text(zh="分类", en="Category"),
    "dimension": Text(zh="分析维度", en="Dimension"),
    "filled": Text(zh="填写率", en="Filled"),
    "categories": Text(zh="类别数", en="Categories"),
    "largest": Text(zh="最大类别", en="Largest"),
    "largest_share": Text(zh="最大类别金额占比", en="Its share of amount"),
    # key accounts, churn, loyalty
    "margin": Text(zh="利润率", en="Margin"),
    "influence": Text(zh="行业影响力", en="Influence"),
    "marks": Text(zh="标记", en="Marks"),
    "overdue_orders": Text(zh="逾期笔数", en="Overdue invoices"),
    "overdue_amount": Text(zh="逾期金额", en="Overdue amount"),
    "mean_overdue": Text(zh="平均逾期天数", en="Mean days overdue"),
    "sign": Text(zh="分析指标", en="Sign"),
    "unit": Text(zh="单位", en="Unit"),
    "loyal": Text(zh="高忠诚度客户", en="High loyalty"),
    "middle": Text(zh="中忠诚度客户", en="Medium loyalty"),
    "disloyal": Text(zh="低忠诚度客户", en="Low loyalty"),
    "all_customers": Text(zh="全部客户", en="All customers"),
    "high_sign": Text(zh="高忠诚度表现", en="Sign of high loyalty"),
    "low_sign": Text(zh="低忠诚度表现", en="Sign of low loyalty"),
    "tenure_years": Text(zh="购买时长（年）", en="Tenure (years)"),
    "repeat_rate": Text(zh="重复购买率", en="Repeat purchase"),
    "interval_days": Text(zh="购买周期（天）", en="Purchase interval (days)"),
    "referrals": Text(zh="转介绍客户数", en="Referrals"),
    "complaints": Text(zh="投诉次数", en="Complaints"),
    "risk_high": Text(zh="高风险", en="High risk"),
    "risk_medium": Text(zh="中风险", en="Medium risk"),
    "reason": Text(zh="原因", en="Reason"),
    "amount_at_risk": Text(zh="涉及金额", en="Amount at risk"),
    "due": Text(zh="完成期限", en="Due"),
    "next_contact": Text(zh="建议联系日期", en="Contact by"),
    # report
    "section": Text(zh="章节", en="Section"),
    "finding": Text(zh="结论", en="Finding"),
    "evidence": Text(zh="数据依据", en="Evidence"),
    "missing_column": Text(zh="需要的列", en="Column needed"),
    "number": Text(zh="序号", en="No."),
    "class_name": Text(zh="客户类别", en="Class"),
    "pattern": Text(zh="R/F/M", en="R/F/M"),
}


def header(key: str, lang: Lang) -> str:
    """The header of a column in a template.

    >>> header("customer", "zh"), header("rank_change", "en")
    ('客户名称', 'Rank change')
    """
    own = REPORT_COLUMNS.get(key)
    return own(lang) if own else fields.header(key, lang)


@cache
def spelling(text: object) -> str:
    """A header as it is compared: no case, no spaces, one width of letters.

    >>> spelling("Share of Customers ") == spelling("share ofcustomers")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text)).casefold())


def key_of(text: object, keys: list[str]) -> str | None:
    """Which of `keys` a template's header means: its header in either language; else the key itself.

    >>> key_of("客户名称", ["customer", "grade"]), key_of("favourite colour", ["customer"])
    ('customer', None)
    >>> key_of("Satisfaction", ["satisfaction", "satisfaction_class"])  # a header goes before a key
    'satisfaction_class'
    """
    wanted = spelling(text)
    by_header = (key for key in keys if wanted in _spellings(key))
    by_key = (key for key in keys if wanted == spelling(key))
    return next(by_header, None) or next(by_key, None)


@cache
def _spellings(key: str) -> tuple[str, str]:
    return spelling(header(key, "zh")), spelling(header(key, "en"))
