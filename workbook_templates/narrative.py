"""The sentences of a report, made from the numbers by rules.

Each rule looks at datasets and says one thing, or nothing when the data do not support it. Every sentence names
the cells its numbers come from (`Cell`), so that it can be checked: `fill` turns them into addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from udfs import wording
from udfs.texts import Text

if TYPE_CHECKING:
    from workbook_templates.datasets.base import Datasets

TOO_FEW = 30  # customers under which shares are given with a caution


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a dataset: row position and column key."""

    dataset: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, in the language of the report, and the cells behind its numbers."""

    sentence: str
    cells: tuple[Cell, ...]
    weight: float = 0.0  # how much it matters in a summary, 0..1


Rule = Callable[["Datasets"], "Finding | None"]
RULES: dict[str, Rule] = {}
TITLE = "finding_"  # value finding_<rule>: its sentence
NEUTRAL: dict[str, Text] = {}


def rule(name: str, zh: str, en: str) -> Callable[[Rule], Rule]:
    """Registers a rule; the texts are the plain title where it has nothing to say."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        NEUTRAL[name] = Text(zh=zh, en=en)
        return function

    return register


def title(x: Datasets, name: str) -> str:
    """The sentence of a rule, or its plain title where the data do not support one."""
    found = x.finding(name)
    return found.sentence if found is not None else NEUTRAL[name](x.lang)


def money(x: Datasets, amount: float) -> str:
    return wording.money(float(amount), x.lang, x.options.currency)


def pct(share: float) -> str:
    return wording.percent(float(share))


# ----------------------------------------------------------------------------------- classes and scores


def largest_class(x: Datasets, dataset: str, name: str) -> Finding | None:
    frame = x.get(dataset)
    known = frame[frame["code"] != "prospects"]
    if len(known) < 2 or known["amount"].sum() <= 0:
        return None
    i = int(known["amount"].idxmax())
    row = frame.loc[i]
    sentence = x.say(
        f"{row[name]}占客户数的 {pct(row['customers_share'])}，贡献金额的 {pct(row['amount_share'])}",
        f"{row[name]}: {pct(row['customers_share'])} of customers bring {pct(row['amount_share'])} of the amount",
    )
    return Finding(
        sentence,
        (Cell(dataset, i, "customers_share"), Cell(dataset, i, "amount_share")),
        float(row["amount_share"]),
    )


@rule("segments", "各客群的客户数与金额占比", "Share of customers and amount by segment")
def segments(x: Datasets) -> Finding | None:
    return largest_class(x, "segments", "segment")


@rule("class8", "八类客户的客户数与金额占比", "Share of customers and amount by class")
def class8(x: Datasets) -> Finding | None:
    return largest_class(x, "class8", "class8")


@rule("grades", "各级客户的客户数与金额占比", "Share of customers and amount by grade")
def grades(x: Datasets) -> Finding | None:
    frame = x.get("strategies")
    high = frame[frame["code"] == "high"]
    if high.empty:
        return None
    i, row = int(high.index[0]), high.iloc[0]
    sentence = x.say(
        f"高价值客户 {row['customers']:,} 位，占 {pct(row['customers_share'])}，贡献金额的 {pct(row['amount_share'])}",
        f"{wording.customers(row['customers'], 'en')} of high value, {pct(row['customers_share'])}, bring {pct(row['amount_share'])} of the amount",
    )
    cells = tuple(Cell("strategies", i, c) for c in ("customers", "customers_share", "amount_share"))
    return Finding(sentence, cells, 0.8)


@rule("heatmap", "客户在 R×F 各格的分布", "Customers by recency and frequency")
def heatmap(x: Datasets) -> Finding | None:
    frame = x.get("heatmap")
    total = float(frame["total"].iloc[-1])
    if total < 5:
        return None
    best = sum(float(frame[f"f{f}"].iloc[r]) for r in (0, 1) for f in (4, 5))
    gone = sum(float(frame[f"f{f}"].iloc[r]) for r in (3, 4) for f in (4, 5))
    sentence = x.say(
        f"{best:,.0f} 位客户近期且常来（R4–5、F4–5），占 {pct(best / total)}；{gone:,.0f} 位曾经常来但久未购买（R1–2、F4–5）",
        f"{best:,.0f} customers bought recently and often (R4-5, F4-5), {pct(best / total)}; {gone:,.0f} used to buy often but have stopped (R1-2, F4-5)",
    )
    cells = tuple(Cell("heatmap", r, f"f{f}") for f in (4, 5) for r in (0, 1, 3, 4))
    return Finding(sentence, (*cells, Cell("heatmap", 5, "total")), 0.5)


@rule("heatmap_amount", "金额在 R×F 各格的分布", "Amount by recency and frequency")
def heatmap_amount(x: Datasets) -> Finding | None:
    frame = x.get("heatmap_amount")
    total = float(frame["total"].iloc[-1])
    if total <= 0:
        return None
    best = sum(float(frame[f"f{f}"].iloc[r]) for r in (0, 1) for f in (4, 5))
    sentence = x.say(
        f"近期且常来的客户（R4–5、F4–5）贡献 {money(x, best)}，占 {pct(best / total)}",
        f"Customers who bought recently and often (R4-5, F4-5) bring {money(x, best)}, {pct(best / total)}",
    )
    cells = tuple(Cell("heatmap_amount", r, f"f{f}") for f in (4, 5) for r in (0, 1))
    return Finding(sentence, (*cells, Cell("heatmap_amount", 5, "total")), 0.4)


@rule("recency", "按距上次消费天数的客户数", "Customers by days since the last purchase")
def recency(x: Datasets) -> Finding | None:
    half = float(x.get("statistics")["median"].iloc[0])
    sentence = x.say(
        f"一半客户在最近 {half:,.0f} 天内买过", f"Half of the customers bought within {half:,.0f} days"
    )
    return Finding(sentence, (Cell("statistics", 0, "median"),), 0.1)


@rule("frequency", "按订单数的客户数", "Customers by number of orders")
def frequency(x: Datasets) -> Finding | None:
    frame = x.get("statistics")
    half, most = float(frame["median"].iloc[1]), float(frame["maximum"].iloc[1])
    sentence = x.say(
        f"一半客户下单不超过 {half:,.0f} 次，最多 {most:,.0f} 次",
        f"Half of the customers ordered at most {half:,.0f} times; the most is {most:,.0f}",
    )
    return Finding(sentence, (Cell("statistics", 1, "median"), Cell("statistics", 1, "maximum")), 0.1)


@rule("monetary", "按消费金额的客户数", "Customers by amount")
def monetary(x: Datasets) -> Finding | None:
    frame = x.get("statistics")
    half, mean = float(frame["median"].iloc[2]), float(frame["mean"].iloc[2])
    sentence = x.say(
        f"一半客户消费不超过 {money(x, half)}，平均 {money(x, mean)}",
        f"Half spent at most {money(x, half)}; the mean is {money(x, mean)}",
    )
    return Finding(sentence, (Cell("statistics", 2, "median"), Cell("statistics", 2, "mean")), 0.1)


# ---------------------------------------------------------------------------------------- concentration


@rule("abc", "A、B、C 类的金额与客户数占比", "Share of amount and customers of A, B and C")
def abc(x: Datasets) -> Finding | None:
    frame = x.get("abc")
    a = frame[frame["code"] == "A"]
    if a.empty or frame["amount"].sum() <= 0:
        return None
    i, row = int(a.index[0]), a.iloc[0]
    sentence = x.say(
        f"A 类客户占 {pct(row['customers_share'])}，贡献 {pct(row['amount_share'])} 的金额",
        f"A is {pct(row['customers_share'])} of customers and {pct(row['amount_share'])} of the amount",
    )
    return Finding(sentence, (Cell("abc", i, "customers_share"), Cell("abc", i, "amount_share")), 0.9)


@rule("pareto", "前 20 位客户的金额", "The 20 largest customers")
def pareto(x: Datasets) -> Finding | None:
    frame = x.get("pareto")
    last = frame.iloc[-1]
    n = len(frame)
    sentence = x.say(
        f"前 {n} 位客户合计贡献 {pct(last['cumulative_share'])} 的金额",
        f"The {n} largest customers together bring {pct(last['cumulative_share'])} of the amount",
    )
    return Finding(sentence, (Cell("pareto", n - 1, "cumulative_share"),), 0.3)


@rule("lorenz", "洛伦兹曲线", "Lorenz curve")
def lorenz(x: Datasets) -> Finding | None:
    frame = x.get("lorenz")
    i = round((len(frame) - 1) * 0.8)
    top = 1 - float(frame["cumulative_share"].iloc[i])
    sentence = x.say(
        f"金额最高的 20% 客户贡献 {pct(top)} 的金额",
        f"The top 20% of customers bring {pct(top)} of the amount",
    )
    return Finding(sentence, (Cell("lorenz", i, "cumulative_share"),), 0.4)


@rule(
    "concentration_risk",
    "对大客户的依赖程度见下图。",
    "How much depends on the largest customers: see below.",
)
def concentration_risk(x: Datasets) -> Finding | None:
    frame = x.get("pareto")
    first, five = float(frame["share"].iloc[0]), float(frame["cumulative_share"].iloc[min(4, len(frame) - 1)])
    name = frame["customer"].iloc[0]
    cells = (Cell("pareto", 0, "share"), Cell("pareto", min(4, len(frame) - 1), "cumulative_share"))
    if first >= 0.2 or five >= 0.5:
        sentence = x.say(
            f"对少数客户依赖很高：最大客户“{name}”占 {pct(first)}，前 5 位占 {pct(five)}；任何一家流失都会明显影响业绩。",
            f"Heavy dependence on few customers: the largest, {name}, is {pct(first)}, the top five {pct(five)}; losing one would be felt.",
        )
        return Finding(sentence, cells, 0.9)
    if first >= 0.1 or five >= 0.3:
        sentence = x.say(
            f"需要留意集中度：最大客户“{name}”占 {pct(first)}，前 5 位占 {pct(five)}。",
            f"Watch the concentration: the largest customer, {name}, is {pct(first)}, the top five {pct(five)}.",
        )
        return Finding(sentence, cells, 0.6)
    sentence = x.say(
        f"客户较分散：最大客户占 {pct(first)}，前 5 位占 {pct(five)}，单个客户流失影响有限。",
        f"Customers are well spread: the largest is {pct(first)}, the top five {pct(five)}; no single loss would hurt much.",
    )
    return Finding(sentence, cells, 0.2)


# ---------------------------------------------------------------------------------------------- sources


def dimension_rules() -> None:
    """Two rules for each dimension of the sources: its amount, and its number of customers."""
    names = {
        "region": ("地区", "region"),
        "province": ("省份", "province"),
        "industry": ("行业", "industry"),
        "size": ("企业规模", "company size"),
        "nature": ("企业性质", "kind of company"),
        "channel": ("渠道", "channel"),
        "source": ("获客来源", "source"),
        "sex": ("性别", "sex"),
        "age": ("年龄段", "age group"),
    }
    for key, (zh, en) in names.items():
        rule(key, f"各{zh}的金额", f"Amount by {en}")(amount_rule(key))
        rule(f"{key}_customers", f"各{zh}的客户数占比", f"Share of customers by {en}")(people_rule(key))


def amount_rule(key: str) -> Rule:
    def by_amount(x: Datasets) -> Finding | None:
        frame = x.get(f"by_{key}")
        if len(frame) < 2 or frame["amount"].sum() <= 0:
            return None
        i = int(frame["amount"].idxmax())
        row = frame.loc[i]
        sentence = x.say(
            f"{row['category_value']}客户贡献 {pct(row['amount_share'])} 的金额",
            f"{row['category_value']}: {pct(row['amount_share'])} of the amount",
        )
        cells = [Cell(f"by_{key}", i, "amount_share")]
        moved = float(row["change"]) if "change" in frame else float("nan")
        if moved == moved:
            sentence += x.say(
                f"，本期比上年同期{wording.rose_or_fell(moved, 'zh')}",
                f", {wording.rose_or_fell(moved, 'en')} on last year",
            )
            cells.append(Cell(f"by_{key}", i, "change"))
        return Finding(sentence, tuple(cells), 0.4)

    return by_amount


def people_rule(key: str) -> Rule:
    def by_people(x: Datasets) -> Finding | None:
        frame = x.get(f"pie_{key}")
        if len(frame) < 2:
            return None
        row = frame.iloc[0]
        sentence = x.say(
            f"{row['category_value']}客户最多，占 {pct(row['customers_share'])}",
            f"Most customers: {row['category_value']}, {pct(row['customers_share'])}",
        )
        return Finding(sentence, (Cell(f"pie_{key}", 0, "customers_share"),), 0.2)

    return by_people


dimension_rules()


@rule(
    "sources",
    "各维度的填写情况和最大类别见下表。",
    "How well each dimension is filled, and its largest class: see the table.",
)
def sources(x: Datasets) -> Finding | None:
    frame = x.get("dimensions")
    known = frame[frame["largest_share"].notna() & (frame["categories"] > 1)]
    if known.empty:
        return None
    i = int(known["largest_share"].idxmax())
    row = frame.loc[i]
    sentence = x.say(
        f"最集中的维度是{row['dimension']}：{row['largest']}占金额的 {pct(row['largest_share'])}。",
        f"The most concentrated dimension is {row['dimension'].lower()}: {row['largest']} has {pct(row['largest_share'])} of the amount.",
    )
    return Finding(sentence, (Cell("dimensions", i, "largest_share"),), 0.2)


# ---------------------------------------------------------------------------------------- performance


@rule("years", "各年金额", "Amount by year")
def years(x: Datasets) -> Finding | None:
    frame = x.get("years")
    last = frame.iloc[-1]
    i = len(frame) - 1
    if last["change"] != last["change"]:
        return None
    sentence = x.say(
        f"{x.this_year.label('zh')}金额 {money(x, last['amount'])}，比上年同期{wording.rose_or_fell(last['change'], 'zh')}",
        f"{x.this_year.label('en')}: {money(x, last['amount'])}, {wording.rose_or_fell(last['change'], 'en')} on the same days of the year before",
    )
    return Finding(sentence, (Cell("years", i, "amount"), Cell("years", i, "change")), 1.0)


@rule("top10", "本期金额前十的客户", "The ten largest customers this year")
def top10(x: Datasets) -> Finding | None:
    frame = x.get("top10")
    if len(frame) < 3:
        return None
    total = float(frame["year_share"].sum())
    sentence = x.say(
        f"前 {len(frame)} 位客户占本期金额的 {pct(total)}",
        f"The {len(frame)} largest are {pct(total)} of this year's amount",
    )
    return Finding(sentence, tuple(Cell("top10", i, "year_share") for i in range(len(frame))), 0.3)


@rule("growth10", "金额增长最多的客户", "The customers who grew most")
def growth10(x: Datasets) -> Finding | None:
    frame = x.get("growth10")
    if frame.empty:
        return None
    row = frame.iloc[0]
    sentence = x.say(
        f"增长最多的是{row['customer']}，比上年同期多 {money(x, row['change_amount'])}",
        f"{row['customer']} grew most: {money(x, row['change_amount'])} more than last year",
    )
    return Finding(sentence, (Cell("growth10", 0, "change_amount"),), 0.3)


@rule("fall10", "金额下滑最多的客户", "The customers who fell most")
def fall10(x: Datasets) -> Finding | None:
    frame = x.get("fall10")
    if frame.empty:
        return None
    total = float(-frame["change_amount"].sum())
    n = len(frame)
    sentence = x.say(
        f"下滑最多的 {n} 位客户合计比上年同期少 {money(x, total)}",
        f"The {n} steepest falls add up to {money(x, total)} less than last year",
    )
    return Finding(sentence, tuple(Cell("fall10", i, "change_amount") for i in range(n)), 0.7)


@rule("products", "金额前十的产品", "The ten best-selling products")
def products(x: Datasets) -> Finding | None:
    frame = x.get("products")
    if len(frame) < 2:
        return None
    row = frame.iloc[0]
    sentence = x.say(
        f"最畅销的是{row['product']}，占金额的 {pct(row['share'])}",
        f"Best seller: {row['product']}, {pct(row['share'])} of the amount",
    )
    return Finding(sentence, (Cell("products", 0, "share"),), 0.3)


@rule("slow_products", "产品按金额从高到低排列。", "Products from the highest amount to the lowest.")
def slow_products(x: Datasets) -> Finding | None:
    frame = x.get("products")
    fallen = frame[(frame["change"] < -0.2) & (frame["amount_last_year"] > 0)]
    if len(frame) < 4 or fallen.empty:
        return None
    worst = fallen.sort_values("change").head(3)
    names = wording.join([str(p) for p in worst["product"]], x.lang)
    sentence = x.say(
        f"{len(fallen)} 个产品本期比上年同期下滑超过 20%，下滑最多的是{names}。",
        f"{wording.count(len(fallen), 'product')} fell by more than 20% on last year; most of all {names}.",
    )
    return Finding(sentence, tuple(Cell("products", int(i), "change") for i in worst.index), 0.4)


# -------------------------------------------------------------------------------------------- accounts


@rule("key_accounts", "大客户按金额从高到低排列。", "Key accounts from the highest amount to the lowest.")
def key_accounts(x: Datasets) -> Finding | None:
    frame = x.get("key_accounts")
    row = frame.iloc[0]
    total = float(frame["share"].sum())
    sentence = x.say(
        f"{len(frame):,} 位大客户合计占全部金额的 {pct(total)}，最大的是{row['customer']}（{pct(row['share'])}）。",
        f"{wording.count(len(frame), 'key account')}: {pct(total)} of the total amount; the largest is {row['customer']} ({pct(row['share'])}).",
    )
    return Finding(sentence, tuple(Cell("key_accounts", i, "share") for i in range(len(frame))), 0.5)


@rule("low_margin", "没有利润率低于界限的大客户。", "No key account has a margin below the limit.")
def low_margin(x: Datasets) -> Finding | None:
    frame = x.get("low_margin")
    if frame.empty:
        return None
    row = frame.iloc[0]
    sentence = x.say(
        f"{len(frame)} 位大客户高销售低利润，利润率最低的是{row['customer']}（{pct(row['margin'])}）。",
        f"{wording.count(len(frame), 'key account')} with high sales and low profit; the lowest margin is {row['customer']} ({pct(row['margin'])}).",
    )
    return Finding(sentence, (Cell("low_margin", 0, "margin"),), 0.6)


@rule("collection", "没有平均逾期超过界限的大客户。", "No key account pays later than the limit.")
def collection(x: Datasets) -> Finding | None:
    frame = x.get("collection")
    if frame.empty:
        return None
    row = frame.iloc[0]
    days = float(row["mean_overdue"])
    sentence = x.say(
        f"{len(frame)} 位大客户有回款风险，拖得最久的是{row['customer']}（平均逾期 {days:.0f} 天）。",
        f"{wording.count(len(frame), 'key account')} with late payments; the latest is {row['customer']} ({days:.0f} days on average).",
    )
    return Finding(sentence, (Cell("collection", 0, "mean_overdue"),), 0.6)


# ------------------------------------------------------------------------------------ loyalty and churn


@rule("loyalty", "各忠诚度的金额与客户数占比", "Share of amount and customers by loyalty")
def loyalty(x: Datasets) -> Finding | None:
    frame = x.get("loyalty")
    high = frame[frame["code"] == "high"]
    if high.empty:
        return None
    i, row = int(high.index[0]), high.iloc[0]
    sentence = x.say(
        f"高忠诚度客户占 {pct(row['customers_share'])}，贡献 {pct(row['amount_share'])} 的金额",
        f"Customers with high loyalty are {pct(row['customers_share'])} and bring {pct(row['amount_share'])} of the amount",
    )
    return Finding(sentence, (Cell("loyalty", i, "customers_share"), Cell("loyalty", i, "amount_share")), 0.5)


@rule("loyalty_signs", "高、低忠诚度客户各项指标的平均值。", "Means of customers of high and of low loyalty.")
def loyalty_signs(x: Datasets) -> Finding | None:
    frame = x.get("loyalty_signs")
    if "frequency" not in x.grades or frame.empty:
        return None
    row = frame.iloc[0]
    high, low = row["loyal"], row["disloyal"]
    if not (high == high and low == low):
        return None
    sentence = x.say(
        f"高忠诚度客户的购买时长平均 {high:.1f} 年，低忠诚度客户 {low:.1f} 年。",
        f"Loyal customers have been buying for {high:.1f} years on average, those of low loyalty for {low:.1f}.",
    )
    return Finding(sentence, (Cell("loyalty_signs", 0, "loyal"), Cell("loyalty_signs", 0, "disloyal")), 0.2)


@rule("churn", "按风险和金额排序。", "Sorted by risk and amount.")
def churn(x: Datasets) -> Finding | None:
    frame = x.get("churn_risks")
    high = frame[frame["code"] == "high"]
    if high.empty:
        return None
    i, row = int(high.index[0]), high.iloc[0]
    sentence = x.say(
        f"{row['customers']:,} 位客户流失风险高，消费金额合计 {money(x, row['amount'])}，占全部的 {pct(row['amount_share'])}",
        f"{wording.customers(int(row['customers']), 'en')} at high risk of leaving have spent {money(x, row['amount'])}, {pct(row['amount_share'])} of all",
    )
    cells = tuple(Cell("churn_risks", i, c) for c in ("customers", "amount", "amount_share"))
    return Finding(sentence, cells, 0.9)


@rule("churn_reasons", "各流失信号的客户数", "Customers by sign of leaving")
def churn_reasons(x: Datasets) -> Finding | None:
    row = x.get("churn_reasons").iloc[0]
    sentence = x.say(
        f"最常见的信号是{row['reason']}：{row['customers']:,} 位客户",
        f"The commonest sign is {row['reason']}: {wording.customers(int(row['customers']), 'en')}",
    )
    return Finding(sentence, (Cell("churn_reasons", 0, "customers"),), 0.4)


@rule("owners", "各负责人的风险客户数", "Customers at risk by owner")
def owners(x: Datasets) -> Finding | None:
    frame = x.get("owners")
    if len(frame) < 2 or frame["risk_high"].max() <= 0:
        return None
    i = int(frame["risk_high"].idxmax())
    row = frame.loc[i]
    sentence = x.say(
        f"{row['owner']}名下高风险客户最多：{row['risk_high']:,} 位，涉及 {money(x, row['amount_at_risk'])}",
        f"{row['owner']} has the most customers at high risk: {row['risk_high']:,}, worth {money(x, row['amount_at_risk'])}",
    )
    return Finding(sentence, (Cell("owners", i, "risk_high"), Cell("owners", i, "amount_at_risk")), 0.4)
