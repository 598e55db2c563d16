"""RFM in cells: scores, codes, cut points, segments and classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from udfs import rfm, segments, terms
from udfs.cells import ExcelError, not_available, number_error, value_error
from udfs.cut_points import CutPoints, cut_points, own_cuts, spread
from udfs.texts import Lang, Text
from udfs.worksheet.calling import worksheet_function
from udfs.worksheet.names import names

Grid = np.ndarray | None

MEASURES = ("R", "F", "M")
NEEDS_CUTS = not_available(
    "单个客户没有可比较的对象，请给出分界点（cuts），或选中整列客户。",
    "One customer alone has nobody to compare with: give cut points, or the whole column of customers.",
)
FIVE_ONLY = number_error(
    "客群规则只用 1 到 5 分，这个编码里有更高的分数。",
    "Segments are made for scores 1 to 5; this code has a higher one.",
)


@worksheet_function
def RFM_SCORE(
    recency: np.ndarray,
    frequency: np.ndarray,
    monetary: np.ndarray,
    bins: int,
    method: str | None,
    cuts: Grid,
    as_of: float | None,
) -> np.ndarray:
    columns = zip((recency, frequency, monetary), _three_rows(cuts), strict=True)
    return rfm.rfm_code(*(_score(v, bins, method, row, i == 0) for i, (v, row) in enumerate(columns)))


@worksheet_function
def RECENCY_SCORE(
    recency: np.ndarray, bins: int, method: str | None, cut_row: Grid, as_of: float | None
) -> np.ndarray:
    return _score(recency, bins, method, _one_row(cut_row), less_is_better=True)


@worksheet_function
def FREQUENCY_SCORE(frequency: np.ndarray, bins: int, method: str | None, cut_row: Grid) -> np.ndarray:
    return _score(frequency, bins, method, _one_row(cut_row), less_is_better=False)


@worksheet_function
def MONETARY_SCORE(monetary: np.ndarray, bins: int, method: str | None, cut_row: Grid) -> np.ndarray:
    return _score(monetary, bins, method, _one_row(cut_row), less_is_better=False)


@worksheet_function
def RFM_CUTS(
    recency: np.ndarray,
    frequency: np.ndarray,
    monetary: np.ndarray,
    bins: int,
    method: str | None,
    as_of: float | None,
) -> list[list[object]]:
    if len(recency) < 2:
        raise NEEDS_CUTS
    made = [
        cut_points(values, bins, method or "quantile", less_is_better=i == 0).cuts
        for i, values in enumerate((recency, frequency, monetary))
    ]
    width = max(1, *map(len, made))
    return [[name, *cuts, *[""] * (width - len(cuts))] for name, cuts in zip(MEASURES, made, strict=True)]


@worksheet_function
def RFM_SEGMENT(code: np.ndarray, scheme: str, scheme_lang: str | None) -> np.ndarray:
    lang = scheme_lang or ("zh" if scheme == "zh8" else "en")
    r, f, m = _split(code)
    if scheme == "zh8":
        return names("class8", segments.class8(r, f, m, (3, 3, 3)), lang)
    known = (r <= 5) & (f <= 5) & (m <= 5)
    scores = [np.where(known, s, 1) for s in (r, f, m)]
    found = segments.segment_en11(*scores) if scheme == "en11" else segments.segment_rf25(*scores[:2])
    result = names("segment", found, lang)
    result[~known] = FIVE_ONLY
    return result


@worksheet_function
def RFM_CLASS(
    r: np.ndarray, f: np.ndarray, m: np.ndarray, limit: str | float | None, lang: str
) -> np.ndarray:
    limits = (3.0, 3.0, 3.0)
    if isinstance(limit, float):
        limits = (limit, limit, limit)
    elif len(r) > 1:
        limits = rfm.high_limits(np.array([r, f, m]), limit or "mean")
    return names("class8", segments.class8(r, f, m, limits), lang)


@worksheet_function
def RFM_TOTAL(r: np.ndarray, f: np.ndarray, m: np.ndarray, rfm_weights: Grid) -> np.ndarray:
    weights = (1.0, 1.0, 1.0) if rfm_weights is None else tuple(rfm_weights[~np.isnan(rfm_weights)])
    if len(weights) != 3:
        raise value_error("请给出三个权重：R、F、M。", "Give three weights: for R, F and M.")
    return rfm.rfm_total(r, f, m, weights)


MEANING = (
    (
        Text(zh="很久没有购买", en="not bought for long"),
        Text(zh="较久没有购买", en="not bought for a while"),
        Text(zh="最近购买一般", en="bought neither lately nor long ago"),
        Text(zh="近期购买过", en="bought recently"),
        Text(zh="最近刚购买", en="bought very recently"),
    ),
    (
        Text(zh="买得很少", en="very rarely"),
        Text(zh="买得较少", en="rarely"),
        Text(zh="频次一般", en="now and then"),
        Text(zh="买得较勤", en="often"),
        Text(zh="买得很勤", en="very often"),
    ),
    (
        Text(zh="金额很低", en="very low spend"),
        Text(zh="金额较低", en="low spend"),
        Text(zh="金额中等", en="medium spend"),
        Text(zh="金额较高", en="high spend"),
        Text(zh="金额很高", en="very high spend"),
    ),
)


@worksheet_function
def RFM_EXPLAIN(code: np.ndarray, lang: str) -> list[str | ExcelError]:
    spoken: Lang = "en" if lang == "en" else "zh"
    return [FIVE_ONLY if max(scores) > 5 else _sentence(scores, spoken) for scores in code]


def _sentence(scores: tuple[int, int, int], lang: Lang) -> str:
    r, f, m = scores
    segment = segments.en11(r, f + m)
    parts = [
        f"{MEANING[i][s - 1](lang)}" + (f"（{n}{s}）" if lang == "zh" else f" ({n}{s})")
        for i, (n, s) in enumerate(zip(MEASURES, scores, strict=True))
    ]
    name, action = terms.term("segment", segment, lang), terms.action("segment", segment, lang)
    if lang == "zh":
        return f"{'、'.join(parts)}：{name}。建议：{action}"
    sentence = f"{', '.join(parts)}: {name}. Suggested: {action}"
    return sentence[0].upper() + sentence[1:]


def _split(code: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scores = np.array(list(code), np.int64).reshape(-1, 3)
    return scores[:, 0], scores[:, 1], scores[:, 2]


def _score(
    values: np.ndarray,
    bins: int,
    method: str | None,
    cuts: Sequence[float] | None,
    less_is_better: bool,
) -> np.ndarray:
    """Scores by the population's own cut points, or by given ones."""
    if cuts is not None:
        return known_cuts(cuts, bins, method, less_is_better).score(values)
    if len(values) < 2:
        raise NEEDS_CUTS
    return cut_points(values, bins, method or "quantile", less_is_better=less_is_better).score(values)


def known_cuts(cuts: Sequence[float], bins: int, method: str | None, less_is_better: bool) -> CutPoints:
    """Cut points given in cells: the user's own, or, with a method, those that RFM_CUTS gave by it.

    >>> known_cuts((30, 90), 5, None, True).scores, known_cuts((30, 90), 5, "quantile", True).scores
    ((3, 2, 1), (5, 3, 1))
    """
    ordered = tuple(sorted(cuts))
    if method in (None, "mean", "median"):
        return own_cuts(ordered, less_is_better)
    rising = tuple(range(1, len(ordered) + 2))
    if method == "r-rfm":
        return CutPoints(ordered, rising[::-1] if less_is_better else rising, "upper")
    if method == "quartiles-le":
        return CutPoints(ordered, rising if less_is_better else rising[::-1], "lower")
    scores = tuple(spread(len(ordered), bins))
    if less_is_better:
        return CutPoints(ordered, scores[::-1], "upper")
    return CutPoints(ordered, scores, "lower")


def _three_rows(cuts: Grid) -> Sequence[tuple[float, ...] | None]:
    """The rows of R, F and M without their blank cells."""
    if cuts is None:
        return (None, None, None)
    if cuts.shape[0] != 3:
        raise value_error(
            "cuts 需要三行：R、F、M 各一行。", "cuts needs three rows: one each for R, F and M."
        )
    return [tuple(row[~np.isnan(row)]) for row in cuts]


def _one_row(cuts: Grid) -> tuple[float, ...] | None:
    if cuts is None:
        return None
    if min(cuts.shape) != 1:
        raise value_error("分界点应为一行或一列。", "The cut points must be one row or one column.")
    return tuple(cuts[~np.isnan(cuts)])
