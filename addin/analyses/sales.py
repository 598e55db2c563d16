"""Analyses of sales: periods side by side, products, what goes together, seasons."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from addin.analyses.base import Asked, Sheet, analysis, named, orders_of
from udfs import baskets, period_reports, products, wording
from udfs.scope import Period
from udfs.texts import FenjiError, Text

MANY_RULES = 200
MIN_LIFT = 1.0
MANY_ITEMS = 0.2  # share of orders with several products from which orders are the baskets
TOP = 200


def last_quarter(as_of: dt.date) -> Period:
    """The last calendar quarter that was over before the analysis date.

    >>> str(last_quarter(dt.date(2024, 5, 17)))
    '2024-01-01..2024-03-31'
    """
    start = dt.date(as_of.year, (as_of.month - 1) // 3 * 3 + 1, 1)
    end = start - dt.timedelta(days=1)
    return Period(dt.date(end.year, end.month - 2, 1), end)


@analysis(
    "compare",
    Text(zh="期间对比", en="Periods compared"),
    Text(
        zh="这段时间比上期、比去年同期怎么样，原因在哪里？",
        en="How is this period against the last one and a year ago, and why?",
    ),
    whole=True,
)
def compare(asked: Asked) -> list[Sheet]:
    """This period, the one before and a year ago; what made the difference; who."""
    orders, n = orders_of(asked), asked.grading.facts.n
    now = asked.period or last_quarter(asked.grading.as_of)
    before = period_reports.period_before(now)
    table = period_reports.compare(orders, now, n)
    tree = period_reports.revenue_tree(orders, now, before, n)
    changes = period_reports.customer_changes(orders, now, before, n).sort_values("change", kind="stable")
    who = named(asked, changes["row"]).join(changes.drop(columns="row").reset_index(drop=True))
    ends = pd.concat([who.head(TOP // 2), who.tail(TOP // 2)]).drop_duplicates()
    sheets = [
        Sheet(
            Text(zh="期间对比", en="Periods"),
            table.drop(columns="fell"),
            [_change(asked, table, now, before)],
            {"metric": "metric"},
        ),
        Sheet(
            Text(zh="变化原因", en="Why"),
            tree,
            [_why(asked, tree)],
            {"factor": "metric"},
            None if tree["effect"].isna().any() else ("bar", "factor", "effect"),
        ),
        Sheet(
            Text(zh="新老流失", en="New and lapsed"),
            period_reports.retention(orders, now, before, n),
            groups={"status": "movement"},
        ),
        Sheet(
            Text(zh="客户变化", en="Customers"), ends.reset_index(drop=True), groups={"status": "movement"}
        ),
    ]
    for key in ("category", "product", "channel", "region"):
        if key in orders:
            title = Text(zh="变化最大的来源", en="Largest contributors")
            sheets.append(Sheet(title, period_reports.contributors(orders, now, before, key).head(TOP)))
            break
    return sheets


def _change(asked: Asked, table: pd.DataFrame, now: Period, before: Period) -> Text:
    row = table.set_index("metric").loc["amount"]
    share = row["change_share"]
    money = [wording.money(float(row["now"]), lang, asked.grading.options.currency) for lang in ("zh", "en")]
    if share != share:
        return Text(
            zh=f"{now} 金额 {money[0]}；上期没有销售，无法比较。",
            en=f"Amount {money[1]} in {now}; nothing to compare with before.",
        )
    word = (
        Text(zh="增长", en="up")
        if share > 0
        else Text(zh="下降", en="down")
        if share < 0
        else Text(zh="变化", en="changed by")
    )
    size = wording.percent(abs(share))
    return Text(
        zh=f"{now} 金额 {money[0]}，比上期（{before}）{word.zh} {size}。",
        en=f"Amount {money[1]} in {now}, {word.en} {size} on {before}.",
    )


def _why(asked: Asked, tree: pd.DataFrame) -> Text:
    if tree["effect"].isna().any():
        return Text(zh="", en="")
    row = tree.iloc[int(tree["effect"].abs().argmax())]
    names = {
        "customers": Text(zh="购买客户数", en="the number of customers"),
        "orders_per_customer": Text(zh="人均订单数", en="orders per customer"),
        "average_order": Text(zh="客单价", en="the amount per order"),
    }
    name = names[row["factor"]]
    amount = [wording.money(row["effect"], lang, asked.grading.options.currency) for lang in ("zh", "en")]
    return Text(
        zh=f"影响最大的是{name.zh}：{amount[0]}。", en=f"Most of it comes from {name.en}: {amount[1]}."
    )


@analysis(
    "products",
    Text(zh="产品结构", en="Product mix"),
    Text(zh="哪些产品畅销、滞销，哪些在上升？", en="Which products sell, which do not, which rise?"),
)
def product_mix(asked: Asked) -> list[Sheet]:
    """Best and slow sellers by product and category."""
    orders = orders_of(asked)
    titles = {"product": Text(zh="产品", en="Products"), "category": Text(zh="品类", en="Categories")}
    sheets = []
    for key, title in titles.items():
        if key in orders:
            table = products.product_mix(orders, key)
            best = table.iloc[0]
            sheets.append(
                Sheet(
                    title,
                    table,
                    [
                        Text(
                            zh=f"{best[key]} 贡献 {wording.percent(best['share'])} 的金额，居首位。",
                            en=f"{best[key]} leads with {wording.percent(best['share'])} of the amount.",
                        )
                    ],
                    chart=("bar", key, "amount"),
                )
            )
    if not sheets:
        raise FenjiError(
            zh="订单里没有产品或品类列，做不了产品分析。请补上其中一列。",
            en="The orders have no product or category column. Add one of them.",
        )
    return sheets


@analysis(
    "together",
    Text(zh="关联购买", en="Bought together"),
    Text(
        zh="哪些产品常一起买，哪些客户常同时买？",
        en="Which products are bought together, which customers at the same time?",
    ),
)
def together(asked: Asked) -> list[Sheet]:
    """Association rules over orders, else over customers; pairs of customers who buy in the same weeks."""
    orders = orders_of(asked)
    key = "product" if "product" in orders else "category"
    if key not in orders:
        raise FenjiError(
            zh="订单里没有产品或品类列，做不了关联分析。请补上其中一列。",
            en="The orders have no product or category column. Add one of them.",
        )
    sales = orders[~orders["is_return"].to_numpy(bool)]
    codes, names = pd.factorize(sales[key])
    some = codes >= 0
    basket, basis = _baskets(sales, codes)
    rules = baskets.association_rules(basket[some], codes[some], 0.02, 0.3)
    rules = [r for r in rules if r.lift > MIN_LIFT][:MANY_RULES]
    comma = "、" if asked.lang == "zh" else ", "
    table = pd.DataFrame(
        [
            (
                comma.join(str(names[i]) for i in r.antecedent),
                comma.join(str(names[i]) for i in r.consequent),
                r.both, r.support, r.confidence, r.lift, r.leverage, r.conviction,
            )
            for r in rules
        ],
        columns=["antecedent", "consequent", "baskets", "support", "confidence", "lift", "leverage", "conviction"],
    )  # fmt: skip
    finding = Text(
        zh="没有达到支持度 2%、置信度 30% 的关联。", en="No rule reaches support 2% and confidence 30%."
    )
    if len(table):
        top = table.iloc[0]
        finding = Text(
            zh=f"买了{top['antecedent']}的，{wording.percent(top['confidence'])} 也买{top['consequent']}，是平均的 {top['lift']:.1f} 倍。",
            en=f"Of those who buy {top['antecedent']}, {wording.percent(top['confidence'])} also buy {top['consequent']}, {top['lift']:.1f} times the average.",
        )
    pairs = baskets.same_weeks(
        sales["customer_index"].to_numpy(np.int64), sales["date"].to_numpy("datetime64[D]").astype(np.int64)
    )[:TOP]
    people = asked.grading.grades["customer"].tolist()
    weeks = pd.DataFrame(
        [(people[p.first], people[p.second], p.weeks, p.expected) for p in pairs],
        columns=["first", "second", "weeks", "expected"],
    )
    counted = Text(
        zh=f"统计口径：{basis.zh}；支持度至少 2%，置信度至少 30%。",
        en=f"Counted {basis.en}; support at least 2%, confidence at least 30%.",
    )
    return [
        Sheet(Text(zh="产品关联", en="Rules"), table, [finding, counted]),
        Sheet(Text(zh="同期购买的客户", en="Same weeks"), weeks),
    ]


def _baskets(sales: pd.DataFrame, codes: np.ndarray) -> tuple[np.ndarray, Text]:
    """Orders as baskets; customers, when hardly an order holds two products."""
    customer = sales["customer_index"].to_numpy(np.int64)
    if "order_id" in sales:
        order = sales["order_id"].to_numpy(np.int64)
        kinds = pd.DataFrame({"order": order, "item": codes}).drop_duplicates().groupby("order").size()
        if float((kinds > 1).mean()) >= MANY_ITEMS:
            return order, Text(zh="按订单", en="by order")
    return customer, Text(
        zh="按客户（一单多品的订单太少）", en="by customer, as few orders hold several products"
    )


@analysis(
    "seasons",
    Text(zh="月度与季节", en="Months and seasons"),
    Text(zh="销售有没有旺季和淡季？", en="Are there high and low seasons?"),
)
def seasons(asked: Asked) -> list[Sheet]:
    """Sales by month, and the seasonal index from two full years on."""
    orders = orders_of(asked)
    found = period_reports.seasons(orders, asked.grading.as_of - dt.timedelta(days=1))
    months = period_reports.monthly(orders)
    sheets = [Sheet(Text(zh="月度销售", en="Months"), months, chart=("line", "month", "amount"))]
    if np.isnan(found.index).all():
        sheets[0].findings.append(
            Text(
                zh=f"只有 {found.months} 个完整月份，少于 24 个，看不出季节规律。",
                en=f"Only {found.months} complete months, fewer than 24: no seasons can be told.",
            )
        )
        return sheets
    season = ["high" if m in found.high else "low" if m in found.low else "" for m in range(1, 13)]
    table = pd.DataFrame({"month": [str(m) for m in range(1, 13)], "index": found.index, "season": season})
    high, low = (
        ("、".join(map(str, m)) or "无", ", ".join(map(str, m)) or "none") for m in (found.high, found.low)
    )
    finding = Text(
        zh=f"旺季：{high[0]} 月；淡季：{low[0]} 月。"
        if found.high or found.low
        else "各月相差不到 10%，没有明显的旺季和淡季。",
        en=f"High season: months {high[1]}; low season: months {low[1]}."
        if found.high or found.low
        else "No month is 10% above or below the mean: no clear seasons.",
    )
    return [
        Sheet(
            Text(zh="季节指数", en="Seasons"),
            table,
            [finding],
            {"season": "season"},
            ("column", "month", "index"),
        ),
        *sheets,
    ]
