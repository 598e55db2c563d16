"""Discounts as the share off the full price, from the three ways people write them.

An amount (优惠金额 20), a rate off (0.2 or 20%), or what is still to be paid (0.8, 8折, 8.5): which one a column
holds is decided for the whole column.
"""

from __future__ import annotations

import re

import numpy as np

from udfs.cleaning.amounts import parse_numbers
from udfs.cleaning.columns import Column, Kind
from udfs.cleaning.spelling import half_width

FOLD = re.compile(r"^(\d(?:\.\d+)?|\d{2})\s*折$")


def share_off(column: Column, header: str, amount: np.ndarray | None) -> np.ndarray:
    """Share off the full price, 0 to 1, of each row; 0 where nothing is said.

    Parameters
    ----------
    column : discount cells, shape (n,).
    header : its header; 优惠金额 and Discount amount say that it holds money.
    amount : net amounts of the rows, shape (n,); None when the table has none.

    Examples
    --------
    >>> share_off(Column.from_values([1, 0.8, 1]), "折扣", None).round(3).tolist()
    [0.0, 0.2, 0.0]
    >>> share_off(Column.from_values([0, 0.2, 0]), "Discount", None).tolist()
    [0.0, 0.2, 0.0]
    >>> share_off(Column.from_values(["8折", "无折扣"]), "折扣", None).round(3).tolist()
    [0.2, 0.0]
    >>> share_off(Column.from_values([20, 0]), "优惠金额", np.array([80.0, 50.0])).tolist()
    [0.2, 0.0]
    """
    folds = [_fold(t) for t in column.texts]
    folded = np.array([*folds, np.nan])[column.code]
    values = np.abs(parse_numbers(column).values)
    known = values[~np.isnan(values)]
    if not len(known):
        off = np.zeros(len(column))
    elif _is_money(header, known):
        full = np.abs(np.nan_to_num(amount if amount is not None else np.zeros(len(column)))) + values
        off = np.where(full > 0, values / np.where(full > 0, full, 1), 0.0)
    elif _is_still_to_pay(known, column.kind[~np.isnan(values)]):
        scale = 10.0 if known.max() > 1 else 1.0
        off = 1 - values / scale
    else:
        off = values if known.max() <= 1 else values / 100
    off = np.where(np.isnan(folded), off, 1 - folded)
    return np.clip(np.nan_to_num(off), 0.0, 1.0)


def _fold(text: str) -> float:
    """8折 is 0.8 of the price, 95折 is 0.95; NaN for other texts."""
    m = FOLD.match(half_width(text))
    return float(m[1]) / (100 if len(m[1]) == 2 else 10) if m else np.nan


def _is_money(header: str, values: np.ndarray) -> bool:
    words = header.casefold()
    if re.search(r"率|rate|%|percent", words):
        return False
    return (re.search(r"额|amount|减免|让利", words) is not None and values.max() > 1) or values.max() > 100


def _is_still_to_pay(values: np.ndarray, kinds: np.ndarray) -> bool:
    """Whether full price is written 1 (or 10), not 0."""
    if (values == 0).any() or (kinds == Kind.TEXT).any():
        return False
    if (values == 1).any() and values.max() <= 1:
        return True
    return bool(values.min() >= 0.5 if values.max() < 1 else values.min() >= 5 and values.max() <= 10)
