"""Why a customer has this grade: one sentence with the customer's own numbers, in Chinese or English.

It names the three values and their scores, the class and the grade, and the nearest change that would raise
a score (definitions, section 2):
"距上次消费 12 天（R5）、18 单（F5）、8.2 万元（M4）：重要价值客户，…。再消费 1.3 万元可达 M5。"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from udfs import terms, wording
from udfs.cut_points import CutPoints
from udfs.options import GradingOptions
from udfs.rfm import RfmCutPoints
from udfs.texts import Lang

CENT = 0.01  # the least that takes an amount beyond a limit
Columns = Mapping[str, np.ndarray] | Any  # or a DataFrame


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
    colon = "："
    reason_comma = "、"

    def __init__(self, options: GradingOptions) -> None:
        self.money = wording.MoneyWriter(self.lang, options.currency)
        self.per_order = options.bases[1] == "mean"

    def days(self, days: int, score: int) -> str:
        return f"距上次消费 {days} 天（R{score}）"

    def orders(self, count: int, score: int) -> str:
        return f"、{'仅 ' if count == 1 else ''}{count} 单（F{score}）"

    def amount(self, money: str, score: int) -> str:
        return f"、{'每单 ' if self.per_order else ''}{money}（M{score}）"

    def buy_again(self, count: int, scores: Sequence[str]) -> str:
        return f"再下 {count} 单可达 {'、'.join(scores)}。"

    def spend_more(self, gap: str, score: int) -> str:
        return f"{'每单' if self.per_order else ''}再消费 {gap}可达 M{score}。"

    def best(self) -> str:
        return "三项得分均为最高，重在保持。"

    def conclusion(self, grade: str, score: str, origin: str, short: str, better: str) -> str:
        points = f"（{score} 分，再得 {short} 分为{better}）" if better else f"（{score} 分）"
        how = {"manual": "（人工调整）", "protected": "（保级期内）"}.get(origin, points)
        return f"，定为{grade}{how}。"

    def risk(self, reasons: str) -> str:
        return f"流失风险高：{reasons}。"

    def prospect(self, kind: str, amount: float) -> str:
        if kind == "returns_only":
            return f"只有退货记录（{self.money.write(amount)}），没有成交：潜在客户。"
        return "还没有成交记录：潜在客户，首次成交后参与评分。"


class _English:
    """Phrases in English."""

    lang: Lang = "en"
    colon = ": "
    reason_comma = ", "

    def __init__(self, options: GradingOptions) -> None:
        self.money = wording.MoneyWriter(self.lang, options.currency)
        self.per_order = options.bases[1] == "mean"

    def days(self, days: int, score: int) -> str:
        return f"Last purchase {days} day{'' if days == 1 else 's'} ago (R{score})"

    def orders(self, count: int, score: int) -> str:
        return f", {'only 1 order' if count == 1 else f'{count} orders'} (F{score})"

    def amount(self, money: str, score: int) -> str:
        return f", {money}{' per order' if self.per_order else ''} (M{score})"

    def buy_again(self, count: int, scores: Sequence[str]) -> str:
        return f" {count} more order{'' if count == 1 else 's'} would reach {' and '.join(scores)}."

    def spend_more(self, gap: str, score: int) -> str:
        return f" {gap} more{' per order' if self.per_order else ''} would reach M{score}."

    def best(self) -> str:
        return " All three scores are at the top; the task is to keep them."

    def conclusion(self, grade: str, score: str, origin: str, short: str, better: str) -> str:
        points = f"{score} points, {short} short of {_lower(better)}" if better else f"{score} points"
        how = {"manual": "set by hand", "protected": "protected for now"}.get(origin, points)
        return f", {_lower(grade)} ({how})."

    def risk(self, reasons: str) -> str:
        return f" High risk of leaving: {reasons}."

    def prospect(self, kind: str, amount: float) -> str:
        if kind == "returns_only":
            return f"Returns only ({self.money.write(amount)}), no sale: a prospect."
        return "No purchase yet: a prospect, scored after the first order."


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _values(
    grades: Columns, cut_points: RfmCutPoints, options: GradingOptions, write: _Chinese | _English
) -> list[str]:
    """The three values with their scores; equal pairs are written once."""
    r, f, m = (np.asarray(grades[k], np.int64) for k in "rfm")
    days = np.nan_to_num(np.asarray(grades["recency_days"], np.float64)).astype(np.int64)
    orders = np.asarray(grades["frequency"], np.int64)
    amounts = write.money.write_all(np.asarray(grades["monetary"], np.float64))
    recent, often = _once(days, r, write.days), _once(orders, f, write.orders)
    return [a + b + write.amount(c, k) for a, b, c, k in zip(recent, often, amounts, m.tolist(), strict=True)]


def _once(numbers: np.ndarray, scores: np.ndarray, phrase: Callable[[int, int], str]) -> list[str]:
    """The phrase of each number with its score; equal pairs are written once."""
    width = int(scores.max(initial=0)) + 1
    pairs, place = np.unique(numbers * width + scores, return_inverse=True)
    return np.array([phrase(*divmod(pair, width)) for pair in pairs.tolist()], object)[place].tolist()


def _conclusions(grades: Columns, options: GradingOptions, write: _Chinese | _English) -> list[str]:
    """Grade with score or origin, and the reasons of a high churn risk."""
    names = terms.labels("grade", write.lang, options.names)
    flags = {c: terms.term("churn_flag", c, write.lang, options.names) for c in terms.codes("churn_flag")}
    reasons = {
        codes: write.risk(write.reason_comma.join(flags[c] for c in codes.split(";"))) if codes else ""
        for codes in set(grades["churn_reasons"].tolist())
    }
    keys = zip(
        grades["grade"].tolist(), grades["grade_score"].tolist(), grades["grade_origin"].tolist(), strict=True
    )
    ends: dict[tuple[str, float, str], str] = {}
    risky = [risk == "high" for risk in grades["churn_risk"].tolist()]
    texts = []
    for key, codes, high in zip(keys, grades["churn_reasons"].tolist(), risky, strict=True):
        end = ends.get(key)
        if end is None:
            short, better = _to_next_grade(key[0], key[1], options)
            end = ends[key] = write.conclusion(
                names[key[0]], f"{key[1]:g}", key[2], f"{short:g}", names.get(better, "")
            )
        texts.append(end + reasons[codes] if high else end)
    return texts


def _to_next_grade(grade: str, score: float, options: GradingOptions) -> tuple[float, str]:
    """Points missing to the next better grade, and that grade; 0 and "" for the best."""
    medium, high = options.grade_limits
    if grade == "low":
        return round(medium - score, 1), "medium"
    if grade == "medium":
        return round(high - score, 1), "high"
    return 0.0, ""


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
    # What to say: 0 at the top, 1 the next order, 2 some money more, 3 some orders more.
    kind = np.where(r_open, 1, np.where(at_top, 0, np.where(by_money & (next_m > 0), 2, 3)))
    texts = np.full(len(kind), write.best(), object)
    once_more = np.where((next_f > 0) & (more_orders == 1), next_f, 0)
    for score in np.unique(once_more[kind == 1]).tolist():
        reached = [f"R{best_r}"] + ([f"F{score}"] if score else [])
        texts[(kind == 1) & (once_more == score)] = write.buy_again(1, reached)
    money = kind == 2
    gaps = write.money.write_all(more_money[money], round_up=True)
    texts[money] = [write.spend_more(g, m) for g, m in zip(gaps, next_m[money].tolist(), strict=True)]
    often = kind == 3
    some = np.where(often, more_orders, 0).astype(np.int64)[often]
    texts[often] = _once(some, next_f[often], lambda count, score: write.buy_again(count, [f"F{score}"]))
    return texts.tolist()


def _best_shown(cuts: CutPoints, less_is_better: bool) -> int:
    return cuts.scores[0 if less_is_better else -1]


def _to_next(cuts: CutPoints, values: np.ndarray, whole: bool) -> tuple[np.ndarray, np.ndarray]:
    """How much is missing to the next better bin, and the score shown there; inf and 0 in the best bin."""
    limits = np.array([*cuts.cuts, np.inf])
    target = limits[np.minimum(cuts.bins(values), len(cuts.cuts))]
    if whole:
        target = np.floor(target) + 1 if cuts.equal == "lower" else np.ceil(target)
    elif cuts.equal == "lower":
        target = target + CENT
    return target - values, np.where(np.isinf(target), 0, cuts.score(target))
