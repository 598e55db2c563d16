"""Orders of several lines where only the first line says whose, when, and often how much.

Shop exports (Shopify) leave the total, and often customer, date and status, empty from an order's second line on;
sheets with merged cells do the same and leave the order number empty too. Such lines take what is missing from the first
line of their order. A line whose amount is empty gets quantity x price when the first line's amount is its own
line's, and nothing when it is the whole order's, so that no money is counted twice.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.spelling import missing, text_codes

WHOSE_AND_WHEN = ("customer_id", "customer", "first_name", "last_name", "order_date")
OF_THE_ORDER = (
    *WHOSE_AND_WHEN, "order_id", "status", "order_type", "currency", "channel", "region", "owner", "campaign",
    "paid_date", "due_date",
)  # fmt: skip
CLOSE = 0.01  # amounts so near (as a share) to quantity x price are those of the line


def first_lines(table: RawTable) -> np.ndarray | None:
    """For each row the first line of its order when it is a further line of one, else itself.

    Returns
    -------
    int64 array, shape (n,); None when no row is a further line.
    """
    n = len(table)
    known = [table.columns[k] for k in WHOSE_AND_WHEN if k in table.columns]
    if not n or not known:
        return None
    silent = np.ones(n, bool)
    for column in known:
        silent &= missing(column)
    no_amount = missing(table.columns["amount"]) if "amount" in table.columns else np.zeros(n, bool)
    if not silent.any() and not no_amount.any():
        return None
    _, order = text_codes(table.columns.get("order_id", Column.empty(n)))
    silent |= _totals_above(order, no_amount)
    if not silent.any():
        return None
    head = np.arange(n)
    numbered = np.flatnonzero(~silent & (order >= 0))
    first = np.full(int(order.max(initial=-1)) + 1, -1, np.int64)
    first[order[numbered][::-1]] = numbered[::-1]
    by_number = silent & (order >= 0)
    head[by_number] = np.where(first[order[by_number]] >= 0, first[order[by_number]], head[by_number])
    below = silent & (order < 0) & _names_a_product(table)
    if below.any():
        speaking = np.maximum.accumulate(np.where(silent, -1, np.arange(n)))
        head[below] = np.where(speaking[below] >= 0, speaking[below], head[below])
    return head if (head != np.arange(n)).any() else None


def _totals_above(order: np.ndarray, no_amount: np.ndarray) -> np.ndarray:
    """Rows without amount whose order's first row has one, where that is how the table writes its further lines."""
    numbered = np.flatnonzero(order >= 0)
    _, first, of_row = np.unique(order[numbered], return_index=True, return_inverse=True)
    further = np.zeros(len(order), bool)
    further[numbered] = first[of_row] != np.arange(len(numbered))
    total_above = np.zeros(len(order), bool)
    total_above[numbered] = ~no_amount[numbered][first][of_row]
    found = further & no_amount & total_above
    return found if found.sum() * 2 >= further.sum() else np.zeros(len(order), bool)


def _names_a_product(table: RawTable) -> np.ndarray:
    named = np.zeros(len(table), bool)
    for key in ("product", "product_id"):
        if key in table.columns:
            named |= ~missing(table.columns[key])
    return named


def completed(table: RawTable, head: np.ndarray) -> RawTable:
    """The table with what is missing in further lines taken from the first line of their order."""
    further = head != np.arange(len(table))
    columns = dict(table.columns)
    for key in OF_THE_ORDER:
        if column := columns.get(key):
            source = np.where(further & missing(column), head, np.arange(len(table)))
            columns[key] = column.take(source)
    return replace(table, columns=columns)


def amounts_are_of_the_order(head: np.ndarray, amount: np.ndarray, computed: np.ndarray) -> bool:
    """Whether first lines carry the amount of their whole order, not of their own line.

    Parameters
    ----------
    head : as `first_lines` gives it.
    amount : amounts as written, shape (n,), NaN for none.
    computed : quantity x price, shape (n,), NaN where unknown.
    """
    firsts = np.unique(head[head != np.arange(len(head))])
    both = firsts[~np.isnan(amount[firsts]) & ~np.isnan(computed[firsts])]
    if not len(both):
        return True
    own_line = np.abs(amount[both] - computed[both]) <= CLOSE * np.abs(amount[both])
    return bool(own_line.mean() < 0.5)
