"""Codes as people read them, and limits as people type them, for the worksheet functions."""

from __future__ import annotations

import numpy as np

from udfs import terms
from udfs.cells import value_error


def names(group: str, codes: np.ndarray, lang: str) -> np.ndarray:
    """Names of codes in "zh" or "en"; with "code" the codes themselves.

    >>> names("grade", np.array(["high", "low"], object), "zh").tolist()
    ['高价值客户', '低价值客户']
    """
    if lang == "code":
        return codes
    known = terms.labels(group, "en" if lang == "en" else "zh")
    return np.array([known.get(code, code) for code in codes.tolist()], object)


def two_limits(grid: np.ndarray | None, argument: str) -> tuple[float, float] | None:
    """Two limits in rising order, however they stand in the cells; None when not given."""
    if grid is None:
        return None
    values = sorted(grid[~np.isnan(grid)].tolist())
    if len(values) != 2:
        raise value_error(f"{argument} 需要两个数值。", f"{argument} needs two numbers.")
    return values[0], values[1]
