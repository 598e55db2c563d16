"""Rows that belong to one customer, for the worksheet functions."""

from __future__ import annotations

import numpy as np


def number_keys(keys: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Each key's number in order of first appearance, and the distinct keys.

    >>> number_keys(np.array(["b", "a", "b"], object))
    (array([0, 1, 0]), ['b', 'a'])
    """
    seen: dict[str, int] = {}
    codes = np.fromiter((seen.setdefault(k, len(seen)) for k in keys.tolist()), np.int64, len(keys))
    return codes, list(seen)
