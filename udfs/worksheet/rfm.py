"""RFM in cells: scores, codes, cut points, segments and classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from udfs import rfm, terms
from udfs.cells import ExcelError, not_available, number_error, value_error
from udfs.cut_points import CutPoints, cut_points, own_cuts, spread
from udfs.worksheet.calling import worksheet_function

ROW_ORDER = ("R", "F", "M")
NEEDS_CUTS = not_available(
    "单个客户没有可比较的对象,请给出分界点(cuts),或选中整列客户。",
    "One customer alone has nobody to compare with: give cut points, or the whole column of customers.",
)


@worksheet_function
def RFM_SCORE(recency, frequency, monetary, bins, method, cuts, as_of):
    """RFM code of each customer."""
    rows = _three_rows(cuts)
    made = [
        _score(values, bins, method, row, less_is_better=i == 0)
        for i, (values, row) in enumerate(zip((recency, frequency, monetary), rows, strict=True))
    ]
    return rfm.rfm_code(*made)


@worksheet_function
def RECENCY_SCORE(recency, bins, method, cut_row, as_of):
    """Recency score of each customer."""
    return _score(recency, bins, method, _one_row(cut_row), less_is_better=True)


@worksheet_function
def FREQUENCY_SCORE(frequency, bins, method, cut_row):
    """Frequency score of each customer."""
    return _score(frequency, bins, method, _one_row(cut_row), less_is_better=False)


@worksheet_function
def MONETARY_SCORE(monetary, bins, method, cut_row):
    """Monetary score of each customer."""
    return _score(monetary, bins, method, _one_row(cut_row), less_is_better=False)


@worksheet_function
def RFM_CUTS(recency, frequency, monetary, bins, method, as_of):
    """Cut points of R, F and M, one row each."""
    if len(recency) < 2:
        raise NEEDS_CUTS
    made = [
        cut_points(values, bins, method or "quantile", less_is_better=i == 0).cuts
        for i, values in enumerate((recency, frequency, monetary))
    ]
    width = max(1, *map(len, made))
    return [[name, *cuts, *[""] * (width - len(cuts))] for name, cuts in zip(ROW_ORDER, made, strict=True)]


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
    if method is None:
        return own_cuts(cuts, less_is_better)
    if method in ("mean", "median"):
        return own_cuts(cuts[:1], less_is_better)
    ordered = tuple(sorted(cuts))
    if method == "r-rfm":
        scores = tuple(range(1, len(ordered) + 2))
        return CutPoints(ordered, scores[::-1] if less_is_better else scores, "upper")
    if method == "quartiles-le":
        scores = tuple(range(1, len(ordered) + 2))
        return CutPoints(ordered, scores if less_is_better else scores[::-1], "lower")
    spread_scores = tuple(spread(len(ordered), bins))
    if less_is_better:
        return CutPoints(ordered, spread_scores[::-1], "upper")
    return CutPoints(ordered, spread_scores, "lower")


def _three_rows(cuts: np.ndarray | None) -> list[tuple[float, ...] | None]:
    """The rows of R, F and M without their blank cells."""
    if cuts is None:
        return [None, None, None]
    if cuts.shape[0] != 3:
        raise value_error(
            "cuts 需要三行:R、F、M 各一行。", "cuts needs three rows: one each for R, F and M."
        )
    return [tuple(row[~np.isnan(row)]) for row in cuts]


def _one_row(cuts: np.ndarray | None) -> tuple[float, ...] | None:
    if cuts is None:
        return None
    if min(cuts.shape) != 1 and not (cuts.shape[1] == 2 and np.isnan(cuts[:, 0]).all()):
        raise value_error("分界点应为一行或一列。", "The cut points must be one row or one column.")
    return tuple(cuts[~np.isnan(cuts)])
