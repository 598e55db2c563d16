"""Rows that belong to one customer, days, and marked cells, for the worksheet functions."""

from __future__ import annotations

import numpy as np

from udfs.cells import ExcelError

DAY_ZERO = 25569  # the serial number of 1970-01-01


def number_keys(keys: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Each key's number in order of first appearance, and the distinct keys.

    >>> number_keys(np.array(["b", "a", "b"], object))
    (array([0, 1, 0]), ['b', 'a'])
    """
    seen: dict[str, int] = {}
    codes = np.fromiter((seen.setdefault(k, len(seen)) for k in keys.tolist()), np.int64, len(keys))
    return codes, list(seen)


def marked(values: np.ndarray, where: np.ndarray, error: ExcelError) -> np.ndarray:
    """Values with an error in some cells."""
    if not where.any():
        return values
    result = values.astype(object)
    result[where] = error
    return result
