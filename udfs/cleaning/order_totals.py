"""Amounts that are those of a whole order, in tables with one row per item.

Many exports (有赞, WooCommerce, 抖店) write the order's total on every item's row; added up, an order of three items
would count three times. Such a column is told by its values: all items of an order show the same amount, order after
order, though the items differ. An order's total counts once and is spread over its items by quantity x price.
"""

from __future__ import annotations

import re

import numpy as np

from udfs import money
from udfs.cleaning.columns import Column, Kind, RawTable

ITEM_FIELDS = ("product", "product_id", "price", "quantity", "category")  # in what items of one order differ
NEARLY_ALL = 0.95  # so many orders of several items must show one amount on all of them
NEAR_TOTAL = 0.35  # freight, tax and discounts between the items' prices and the order's total, as a share
NEAR_LINE = 0.01
# Different totals that are enough where the header speaks of the order, and where it does not.
FEW, SOME = 3, 5
OF_AN_ORDER = re.compile(
    r"订单|实付|实收|应付|应收|支付|付款|总|合计|order|total|paid|payment|grand", re.IGNORECASE
)


def repeated_totals(table: RawTable, amount: np.ndarray, computed: np.ndarray) -> np.ndarray | None:
    """For each row the first row of its order, where the amounts are totals that are repeated on every row.

    Parameters
    ----------
    amount : amounts as written, shape (n,), NaN for none.
    computed : quantity x price, shape (n,), NaN where unknown.

    Returns
    -------
    int64 array, shape (n,); None when each row's amount is its own.

    Examples
    --------
    >>> cells = {"order_id": ["1", "1", "2", "2"], "product": ["A", "B", "A", "C"], "amount": [30, 30, 50, 50]}
    >>> columns = {key: Column.from_values(values) for key, values in cells.items()}
    >>> table = RawTable("orders", "", None, 1, np.arange(2, 6), columns, {"amount": "订单金额"})
    >>> repeated_totals(table, np.array([30.0, 30, 50, 50]), np.array([10.0, 20, 10, 40])).tolist()
    [0, 0, 2, 2]
    """
    order = table.columns.get("order_id")
    items = [table.columns[key] for key in ITEM_FIELDS if key in table.columns]
    if order is None or "amount" not in table.columns or not items:
        return None
    codes = _codes(order)
    if np.bincount(codes[codes >= 0], minlength=1).max() < 2:
        return None
    rows = np.flatnonzero((codes >= 0) & (amount > 0))
    rows = rows[np.argsort(codes[rows], kind="stable")]
    if not len(rows):
        return None
    starts = np.flatnonzero(np.diff(codes[rows], prepend=-1))
    if len(starts) == len(rows):
        return None
    several = np.diff(starts, append=len(rows)) > 1
    differ = np.zeros(len(starts), bool)
    for column in items:
        differ |= ~_constant(_codes(column)[rows], starts)
    candidates = several & differ
    one_amount = candidates & _constant(amount[rows], starts)
    if not one_amount.any() or one_amount.sum() < NEARLY_ALL * candidates.sum():
        return None
    total = amount[rows[starts]]
    prices = np.add.reduceat(computed[rows], starts)
    own = np.logical_and.reduceat(np.abs(computed[rows] - amount[rows]) <= NEAR_LINE * amount[rows], starts)
    known = one_amount & ~np.isnan(prices)
    if known.any():
        whole = known & ~own & (np.abs(prices - total) <= NEAR_TOTAL * total)
        if not whole.sum() * 2 >= known.sum():
            return None
    else:
        needed = FEW if OF_AN_ORDER.search(table.headers.get("amount", "")) else SOME
        if len(np.unique(total[one_amount])) < needed:
            return None
    head = np.arange(len(table))
    of_row = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    repeats = one_amount[of_row]
    head[rows[repeats]] = rows[starts][of_row[repeats]]
    return head


def _codes(column: Column) -> np.ndarray:
    """Equal cells as equal numbers; -1 for empty ones."""
    codes = column.code.astype(np.int64)
    numeric = (column.kind != Kind.EMPTY) & (codes < 0)
    if numeric.any():
        _, inverse = np.unique(column.number[numeric], return_inverse=True)
        codes[numeric] = inverse + len(column.texts)
    return codes


def _constant(sorted_values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Which groups hold one value only."""
    return np.minimum.reduceat(sorted_values, starts) == np.maximum.reduceat(sorted_values, starts)


def spread(amount: np.ndarray, computed: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Order totals divided among the items in proportion to quantity x price; the first item takes the remainder.

    Parameters
    ----------
    amount : the order's total on its first row, shape (n,); what stands on its further rows does not count.
    computed : quantity x price, shape (n,). Where an item's is unknown or not above 0, the order stays on its first row.
    head : first row of each row's order, shape (n,).

    >>> spread(np.array([10.0, 0, 0, 7]), np.array([5.0, 5, 5, 9]), np.array([0, 0, 0, 3])).tolist()
    [3.34, 3.33, 3.33, 7.0]
    """
    n = len(amount)
    usable = computed > 0
    whole = np.bincount(head, ~usable, n) == 0
    weight = np.where(usable & whole[head], computed, 0.0)
    sums = np.bincount(head, weight, n)
    units, decimals = money.to_units(amount[head])
    cents = max(decimals, 2)
    units = units * 10 ** (cents - decimals)
    further = head != np.arange(n)
    share = np.where(sums[head] > 0, weight / np.where(sums[head] > 0, sums[head], 1), 0.0)
    parts = np.where(further, np.floor(np.abs(units) * share) * np.sign(units), 0).astype(np.int64)
    given = money.sum_by(head, parts, n)
    first = ~further & (np.bincount(head, minlength=n) > 1)
    result = np.where(further, money.from_units(parts, cents), amount)
    return np.where(first, money.from_units(units - given, cents), result)
