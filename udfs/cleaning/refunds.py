"""Refunds that stand in the row of the sale itself: a column of refunded amounts, or a status that was changed.

A row with a refund status is one of two things: a row of its own beside the sale (then it is subtracted), or the sale
whose status the shop changed (then there is no sale, and nothing to subtract). Which one a table holds shows in its
order numbers.
"""

from __future__ import annotations

import re

import numpy as np

from udfs import money
from udfs.cleaning.columns import Column

SAMPLE = 1000  # numbers of sales that show how this shop writes them
DIGITS = re.compile(r"\d+")


def less_refunds(amount: np.ndarray, refunded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Amounts less what was paid back, exactly, and which sales were paid back in full.

    Parameters
    ----------
    amount : shape (n,), NaN for none; only positive amounts are reduced.
    refunded : what was paid back, shape (n,), not negative; more than the amount counts as the amount.

    >>> less_refunds(np.array([10.3, 5.0, 7.0]), np.array([0.1, 9.0, 0.0]))
    (array([10.2,  0. ,  7. ]), array([False,  True, False]))
    """
    back = np.where(amount > 0, np.minimum(refunded, np.nan_to_num(amount)), 0.0)
    both, decimals = money.to_units(np.concatenate([np.nan_to_num(amount), back]))
    net = money.from_units(both[: len(amount)] - both[len(amount) :], decimals)
    return np.where(back > 0, net, amount), (back > 0) & (net == 0)


def sales_changed_to_refunds(order_id: Column | None, refunded: np.ndarray, sale: np.ndarray) -> bool:
    """Whether rows with a refund status are the sales themselves, by their order numbers.

    They are, when no sale shares a number with them and they are numbered as sales are; a return of its own has its
    sale's number, or a number of another kind (TH001).

    Parameters
    ----------
    refunded : rows with a refund status and a positive amount, bool, shape (n,).
    sale : rows that are sales, bool, shape (n,).

    >>> numbers = Column.from_values(["A01", "A02", "A03"])
    >>> sales_changed_to_refunds(numbers, np.array([False, True, False]), np.array([True, False, True]))
    True
    >>> numbers = Column.from_values(["A01", "A02", "A02"])
    >>> sales_changed_to_refunds(numbers, np.array([False, False, True]), np.array([True, True, False]))
    False
    """
    if order_id is None or not refunded.any() or not sale.any():
        return False
    texts = order_id.take(refunded).as_texts()
    if any(t is None for t in texts):
        return False
    numbers = {t for t in texts if t}
    sold = order_id.take(np.flatnonzero(sale))
    if numbers & {t for t in sold.as_texts() if t}:
        return False
    shapes = {_shape(t) for t in sold.take(np.arange(min(SAMPLE, len(sold)))).as_texts() if t}
    return all(_shape(t) in shapes for t in numbers)


def _shape(number: str) -> str:
    """What is left of an order's number without its digits."""
    return DIGITS.sub("0", number)
