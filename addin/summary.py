"""What came out of a regrade, in words a manager understands, for the shell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text as Line

from udfs import terms, wording
from udfs.cleaning.problems import to_do
from udfs.texts import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

    from addin.commands.regrade import Regraded

NAMED = 5  # customers named in a sentence
TOLD = 8  # notes shown; the rest is counted


def show(result: Regraded, console: Console | None = None) -> None:
    """Prints the summary in the language of the result."""
    console = console or Console(highlight=False)
    for block in blocks(result):
        console.print(block, soft_wrap=isinstance(block, Line))


def message(result: Regraded) -> Text:
    """The same in a few lines, for a message box."""
    lines = [
        headline(result),
        scope(result),
        left_out(result),
        concentration(result),
        risk(result),
        movement(result),
        to_check(result),
    ]
    said = [line for line in lines if line]
    return Text(zh="\n".join(line.zh for line in said), en="\n".join(line.en for line in said))


def blocks(result: Regraded) -> Iterable[RenderableType]:
    """Headline, orders used and left out, grades, segments, concentration, notes."""
    lang = result.lang
    yield Line(headline(result)(lang), style="bold")
    for line in (scope(result), left_out(result)):
        if line:
            yield Line(line(lang))
    yield Line("")
    yield classes(result, "grade", Text(zh="分级", en="Grade"))
    yield Line("")
    yield classes(result, "segment", Text(zh="客群", en="Segment"))
    yield Line("")
    if line := concentration(result):
        yield Line(line(lang))
    if line := risk(result):
        yield Line(line(lang))
    if line := movement(result):
        yield Line(line(lang))
    yield from notes(result)


def headline(result: Regraded) -> Text:
    """How many customers were graded."""
    t = result.grading.totals
    n, buyers, prospects = int(t["customers"]), int(t["buyers"]), int(t["prospects"])
    return Text(
        zh=f"已分级 {n:,} 位客户：{buyers:,} 位有消费"
        + (f"，{prospects:,} 位潜在客户。" if prospects else "。"),
        en=f"{wording.count(n, 'customer')} graded: {buyers:,} {'has' if buyers == 1 else 'have'} bought"
        + (
            f", {prospects:,} {'is a prospect' if prospects == 1 else 'are prospects'}." if prospects else "."
        ),
    )


def scope(result: Regraded) -> Text:
    """Analysis date, orders used, amount."""
    grading, cleaned = result.grading, result.cleaned
    amount = grading.totals["amount_total"]
    currency = grading.options.currency
    used, read = int(grading.totals["order_rows"]), cleaned.rows_read
    rows = Text(zh=f"采用订单 {used:,} / {read:,} 行", en=f"{used:,} of {read:,} order rows used")
    if not read:
        rows = Text(zh="采用客户表里的合计", en="totals of the customer table used")
    return Text(
        zh=f"分析日期 {grading.as_of:%Y-%m-%d} · {rows.zh} · 消费金额 {wording.money(amount, 'zh', currency)}",
        en=f"Analysis date {grading.as_of:%Y-%m-%d} · {rows.en} · amount {wording.money(amount, 'en', currency)}",
    )


def left_out(result: Regraded) -> Text | None:
    """Which rows do not count, and why."""
    reasons = result.grading.left_out
    total = sum(reasons.values())
    if not total:
        return None
    return Text(
        zh=f"未计入 {total:,} 行：{_reasons(reasons, 'zh')}。",
        en=f"{wording.count(total, 'row')} left out: {_reasons(reasons, 'en')}.",
    )


def _reasons(reasons: Mapping[str, int], lang: Lang) -> str:
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    return ("、" if lang == "zh" else ", ").join(
        f"{terms.term('left_out', c, lang)} {n:,}" for c, n in ordered
    )


def classes(result: Regraded, key: str, title: Text) -> Table:
    """Number, share and amount of each class."""
    lang, grading = result.lang, result.grading
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column(title(lang))
    for zh, en in (
        ("客户数", "customers"),
        ("占比", "share"),
        ("金额", "amount"),
        ("金额占比", "share of amount"),
    ):
        table.add_column(zh if lang == "zh" else en, justify="right")
    group = grading.segment_group if key == "segment" else key
    names = terms.labels(group, lang, grading.options.names, grading.options.class8_names)
    rows = grading.summary(key).to_dict("records")
    amounts = wording.column_of_money([row["amount"] for row in rows], lang, grading.options.currency)
    for row, amount in zip(rows, amounts, strict=True):
        table.add_row(
            names.get(row[key], row[key]),
            f"{row['customers']:,}",
            wording.percent(row["share"]),
            amount,
            "" if row["amount_share"] != row["amount_share"] else wording.percent(row["amount_share"]),
        )
    return table


def concentration(result: Regraded) -> Text | None:
    """A is x % of customers and y % of the amount."""
    row = _row(result.grading.abc, "abc", "A")
    if row is None or row["amount_share"] != row["amount_share"]:
        return None
    people, amount = wording.percent(row["share"]), wording.percent(row["amount_share"])
    return Text(
        zh=f"A 类客户占客户数的 {people}，贡献金额的 {amount}。",
        en=f"Class A is {people} of the customers and {amount} of the amount.",
    )


def risk(result: Regraded) -> Text | None:
    """How many customers are at high risk of leaving."""
    grades = result.grading.grades
    high = int((grades["churn_risk"] == "high").sum())
    if not high:
        return None
    valuable = int(((grades["churn_risk"] == "high") & (grades["grade"] == "high")).sum())
    return Text(
        zh=f"{high:,} 位客户流失风险高" + (f"，其中高价值客户 {valuable:,} 位。" if valuable else "。"),
        en=f"{wording.count(high, 'customer')} at high risk of leaving"
        + (f", {valuable:,} of them high-value." if valuable else "."),
    )


def movement(result: Regraded) -> Text | None:
    """Who rose and who fell since the last run, with the names of the first who fell."""
    moved = result.moved
    if moved is None or moved.empty:
        return None
    rank = {"low": 1, "medium": 2, "high": 3}
    known = moved[moved["old"].isin(list(rank)) & moved["new"].isin(list(rank))]
    change = known["new"].map(rank).astype(int) - known["old"].map(rank).astype(int)
    rose, fell = int((change > 0).sum()), int((change < 0).sum())
    if not rose and not fell:
        return None
    names = known.loc[change < 0, "customer"].head(NAMED).tolist()
    more = "……" if fell > NAMED else ""
    return Text(
        zh=f"与上次相比，{rose:,} 位客户升级，{fell:,} 位降级"
        + (f"：{'、'.join(names)}{more}。" if names else "。"),
        en=f"Since the last run {wording.count(rose, 'customer')} rose and {fell:,} fell"
        + (f": {', '.join(names)}{' ...' if more else ''}." if names else "."),
    )


def notes(result: Regraded) -> Iterable[RenderableType]:
    """What people should know, and how many cells to look at."""
    lang = result.lang
    lines = [note(lang) for note in (to_check(result), *result.notes) if note]
    if not lines:
        return
    yield Line("")
    yield Line("请注意：" if lang == "zh" else "Please note:", style="bold")
    for line in lines[:TOLD]:
        yield Line(f"  · {line}")
    more = len(lines) - TOLD
    if more > 0:
        yield Line(f"  · 另有 {more} 条说明" if lang == "zh" else f"  · {more} more notes")


def to_check(result: Regraded) -> Text | None:
    """How many cells people should look at."""
    problems = len(to_do(result.cleaned.problems))
    if not problems:
        return None
    return Text(
        zh=f"有 {problems:,} 处数据请核对，见工作表“数据检查”。",
        en=f"{wording.count(problems, 'cell')} to look at; see the sheet 'Data checks'.",
    )


def _row(frame: pd.DataFrame, key: str, code: str) -> pd.Series | None:
    rows = frame[frame[key] == code]
    return None if rows.empty else rows.iloc[0]
