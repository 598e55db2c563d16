"""Why a customer has this grade: one sentence with the customer's own numbers, in Chinese or English.

It names the three values and their scores, the class and the grade, and the nearest change that would raise
a score (definitions, section 2):
"距上次消费 12 天(R5)、18 单(F5)、8.2 万元(M4):重要价值客户,…。再消费 1.3 万元可达 M5。"
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from udfs import terms
from udfs.cut_points import CutPoints
from udfs.options import GradingOptions
from udfs.rfm import RfmCutPoints
from udfs.texts import Lang


def money(amount: float, lang: Lang, currency: str = "", round_up: bool = False) -> str:
    """An amount as people say it: 8.2 万元, 850.50 元; $82,000.

    >>> money(82000, "zh"), money(850.5, "zh"), money(82000, "en", "USD"), money(120_000_000, "zh")
    ('8.2 万元', '850.50 元', '$82,000', '1.2 亿元')
    """
    return MoneyWriter(lang, currency).write(amount, round_up)


class MoneyWriter:
    """Writes amounts in one language and currency."""

    def __init__(self, lang: Lang, currency: str) -> None:
        unit = terms.term("currency", currency, lang) if currency else "元" if lang == "zh" else ""
        self.before = "" if lang == "zh" else unit if unit != currency else f"{currency} ".lstrip()
        self.after = f" {unit}" if lang == "zh" else ""
        self.steps = ((1e8, f" 亿{unit}"), (1e4, f" 万{unit}")) if lang == "zh" else ()

    def write(self, amount: float, round_up: bool = False) -> str:
        """The amount; rounded up where it must be enough to reach a limit."""
        before = f"-{self.before}" if amount < 0 else self.before
        size = abs(amount)
        for factor, after in self.steps:
            if size >= factor:
                return f"{before}{_rounded(size / factor, 10, round_up)}{after}"
        return f"{before}{_rounded(size, 1 if size >= 1000 else 100, round_up)}{self.after}"


def _rounded(size: float, scale: int, round_up: bool) -> str:
    scaled = size * scale
    whole = math.ceil(scaled - 1e-6) if round_up else math.floor(scaled + 0.5)
    if whole % scale == 0:
        return f"{whole // scale:,}"
    return f"{whole / scale:,.2f}" if scale == 100 else f"{whole / scale:,}"


Columns = Mapping[str, np.ndarray] | pd.DataFrame


def explain(grades: Columns, cut_points: RfmCutPoints, options: GradingOptions, lang: Lang) -> list[str]:
    """One sentence for each row of `grades` (see `udfs.grading`).

    Parameters
    ----------
    grades : with recency_days, frequency, monetary, net_amount, r, f, m, segment, class8, grade,
        grade_score, grade_origin, prospect_kind, churn_risk, churn_reasons.
    cut_points : those the scores were made with.
    """
    write = _Chinese(options) if lang == "zh" else _English(options)
    kinds = grades["prospect_kind"].tolist()
    values = _values(grades, cut_points, options, write)
    raises = _raises(grades, cut_points, options, write)
    class_key = "class8" if lang == "zh" and options.scheme == "en11" else "segment"
    group = "class8" if options.scheme == "zh8" else class_key
    names = {
        c: terms.term(group, c, lang, options.names, options.class8_names) for c in set(grades[class_key])
    }
    ends = _conclusions(grades, options, write)
    returned = grades["net_amount"].tolist()
    return [
        f"{value}{write.colon}{names[code]}{end}{step}" if not kind else write.prospect(kind, amount)
        for kind, value, code, end, step, amount in zip(
            kinds, values, grades[class_key].tolist(), ends, raises, returned, strict=True
        )
    ]


class _Chinese:
    """Phrases in Chinese."""

    lang: Lang = "zh"
    colon = ":"
    reason_comma = "、"

    def __init__(self, options: GradingOptions) -> None:
        self.money = MoneyWriter(self.lang, options.currency).write
        self.per_order = options.monetary_basis == "mean"

    def days(self, days: int, score: int) -> str:
        return f"距上次消费 {days} 天(R{score})"

    def orders(self, count: int, score: int) -> str:
        return f"、{'仅 ' if count == 1 else ''}{count} 单(F{score})"

    def amount(self, amount: float, score: int) -> str:
        return f"、{'每单 ' if self.per_order else ''}{self.money(amount)}(M{score})"

    def buy_again(self, count: int, scores: Sequence[str]) -> str:
        return f"再下 {count} 单可达 {'、'.join(scores)}。"

    def spend_more(self, gap: float, score: str) -> str:
        return f"{'每单' if self.per_order else ''}再消费 {self.money(gap, True)}可达 {score}。"

    def best(self) -> str:
        return "三项得分均为最高,重在保持。"

    def conclusion(self, grade: str, score: str, origin: str) -> str:
        how = {"manual": "(人工调整)", "protected": "(保级期内)"}.get(origin, f"({score} 分)")
        return f",定为{grade}{how}。"

    def risk(self, reasons: str) -> str:
        return f"流失风险高:{reasons}。"

    def prospect(self, kind: str, amount: float) -> str:
        if kind == "returns_only":
            return f"只有退货记录({self.money(amount)}),没有成交:潜在客户。"
        return "还没有成交记录:潜在客户,首次成交后参与评分。"


class _English:
    """Phrases in English."""

    lang: Lang = "en"
    colon = ": "
    reason_comma = ", "

    def __init__(self, options: GradingOptions) -> None:
        self.money = MoneyWriter(self.lang, options.currency).write
        self.per_order = options.monetary_basis == "mean"

    def days(self, days: int, score: int) -> str:
        return f"Last purchase {days} day{'' if days == 1 else 's'} ago (R{score})"

    def orders(self, count: int, score: int) -> str:
        return f", {'only 1 order' if count == 1 else f'{count} orders'} (F{score})"

    def amount(self, amount: float, score: int) -> str:
        return f", {self.money(amount)}{' per order' if self.per_order else ''} (M{score})"

    def buy_again(self, count: int, scores: Sequence[str]) -> str:
        return f" {count} more order{'' if count == 1 else 's'} would reach {' and '.join(scores)}."

    def spend_more(self, gap: float, score: str) -> str:
        more = f"{self.money(gap, True)} more{' per order' if self.per_order else ''}"
        return f" {more} would reach {score}."

    def best(self) -> str:
        return " All three scores are at the top; the task is to keep them."

    def conclusion(self, grade: str, score: str, origin: str) -> str:
        how = {"manual": "set by hand", "protected": "protected for now"}.get(origin, f"{score} points")
        return f", {grade[0].lower()}{grade[1:]} ({how})."

    def risk(self, reasons: str) -> str:
        return f" High risk of leaving: {reasons}."

    def prospect(self, kind: str, amount: float) -> str:
        if kind == "returns_only":
            return f"Returns only ({self.money(amount)}), no sale: a prospect."
        return "No purchase yet: a prospect, scored after the first order."


def _values(
    grades: Columns, cut_points: RfmCutPoints, options: GradingOptions, write: _Chinese | _English
) -> list[str]:
    """The three values with their scores; equal pairs are written once."""
    r, f, m = (grades[k].tolist() for k in "rfm")
    days = np.nan_to_num(np.asarray(grades["recency_days"], np.float64)).astype(int).tolist()
    orders = grades["frequency"].tolist()
    amounts = grades["monetary"].tolist()
    recent = {pair: write.days(*pair) for pair in set(zip(days, r, strict=True))}
    often = {pair: write.orders(*pair) for pair in set(zip(orders, f, strict=True))}
    much = {pair: write.amount(*pair) for pair in set(zip(amounts, m, strict=True))}
    return [
        recent[d, i] + often[o, j] + much[a, k]
        for d, i, o, j, a, k in zip(days, r, orders, f, amounts, m, strict=True)
    ]


def _conclusions(grades: Columns, options: GradingOptions, write: _Chinese | _English) -> list[str]:
    """Grade with score or origin, and the reasons of a high churn risk."""
    names = terms.labels("grade", write.lang, options.names)
    flags = {c: terms.term("churn_flag", c, write.lang, options.names) for c in terms.codes("churn_flag")}
    reasons = {
        codes: write.risk(write.reason_comma.join(flags[c] for c in codes.split(";"))) if codes else ""
        for codes in set(grades["churn_reasons"].tolist())
    }
    scores = grades["grade_score"].tolist()
    keys = list(zip(grades["grade"].tolist(), scores, grades["grade_origin"].tolist(), strict=True))
    ends = {key: write.conclusion(names[key[0]], f"{key[1]:g}", key[2]) for key in set(keys)}
    risky = [risk == "high" for risk in grades["churn_risk"].tolist()]
    return [
        ends[key] + (reasons[codes] if high else "")
        for key, codes, high in zip(keys, grades["churn_reasons"].tolist(), risky, strict=True)
    ]


def _raises(
    grades: Columns, cut_points: RfmCutPoints, options: GradingOptions, write: _Chinese | _English
) -> list[str]:
    """The nearest change that raises a score: the next order, some orders more, or some money more."""
    measures = (cut_points.recency, cut_points.frequency, cut_points.monetary)
    frequency = np.asarray(grades["frequency"], np.float64)
    monetary = np.asarray(grades["monetary"], np.float64)
    best_r = _best_shown(measures[0], less_is_better=True)
    r_open = np.asarray(grades["r"]) != best_r
    more_orders, next_f = _to_next(measures[1], frequency, whole=True)
    more_money, next_m = _to_next(measures[2], monetary, whole=False)
    usual = np.maximum(monetary if write.per_order else monetary / np.maximum(frequency, 1), 1e-9)
    by_money = (more_money / usual <= more_orders) | (next_f == 0)
    at_top = ~r_open & (next_f == 0) & (next_m == 0)
    once: dict[tuple[int, int], str] = {}
    texts = []
    rows = zip(
        r_open.tolist(), at_top.tolist(), by_money.tolist(), next_f.tolist(), next_m.tolist(),
        more_orders.tolist(), more_money.tolist(), strict=True,
    )  # fmt: skip
    for again, top, use_money, f, m, orders, gap in rows:
        if again:
            key = (0, f if f and orders == 1 else 0)
            if key not in once:
                reached = [f"R{best_r}"] + ([f"F{key[1]}"] if key[1] else [])
                once[key] = write.buy_again(1, reached)
            texts.append(once[key])
        elif top:
            texts.append(write.best())
        elif use_money and m:
            texts.append(write.spend_more(gap, f"M{m}"))
        else:
            key = (int(orders), f)
            if key not in once:
                once[key] = write.buy_again(int(orders), [f"F{f}"])
            texts.append(once[key])
    return texts


def _best_shown(cuts: CutPoints, less_is_better: bool) -> int:
    return cuts.scores[0 if less_is_better else -1]


def _to_next(cuts: CutPoints, values: np.ndarray, whole: bool) -> tuple[np.ndarray, np.ndarray]:
    """How much is missing to the next better bin, and the score shown there; inf and 0 in the best bin."""
    limits = np.array([*cuts.cuts, np.inf])
    position = np.minimum(cuts.bins(values), len(cuts.cuts))
    target = limits[position]
    scores = np.array([*cuts.scores[1:], 0])[position]
    if whole:
        target = np.floor(target) + 1 if cuts.equal == "lower" else np.ceil(target)
        return target - values, scores
    step = 0.01 if cuts.equal == "lower" else 0.0
    return target - values + step, scores
