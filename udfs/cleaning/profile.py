"""What a column holds, in a line: how full it is, how many values, from where to where.

Shown by `fenji columns`, so that people see at once whether a column was taken for the right thing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from udfs.cleaning.amounts import parse_numbers
from udfs.cleaning.columns import Column
from udfs.cleaning.dates import parse_dates
from udfs.cleaning.spelling import missing, text_codes

NUMERIC = ("amount", "count", "number", "share")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a column holds.

    Attributes
    ----------
    filled : share of the cells that hold something, 0 to 1.
    distinct : number of different values.
    unreadable : number of cells that are not what the column is taken for.
    low, high : least and greatest value, as people write it; "" for texts and empty columns.
    examples : the first different values, as they stand.
    """

    filled: float
    distinct: int
    unreadable: int = 0
    low: str = ""
    high: str = ""
    examples: tuple[str, ...] = ()


def profile(column: Column, kind: str = "text", examples: int = 3) -> Profile:
    """What a column holds.

    Parameters
    ----------
    column : cells, shape (n,).
    kind : type of the field it is taken for, as in fields.toml; "text" for a user's own column.
    examples : how many examples to give.

    Examples
    --------
    >>> p = profile(Column.from_values(["86元", 5, None, "5", "很多"]), "amount")
    >>> p.filled, p.distinct, p.unreadable, p.low, p.high, p.examples
    (0.8, 3, 1, '5', '86', ('86元', '5', '很多'))
    """
    n = len(column)
    filled = ~missing(column)
    known, codes = text_codes(column)
    shown = tuple(known[c] for c in _first_distinct(codes, examples))
    low, high, unreadable = "", "", 0
    if kind == "date":
        dates = parse_dates(column)
        days = dates.days[~np.isnat(dates.days)]
        unreadable = int(dates.unreadable.sum())
        if len(days):
            low, high = str(days.min()), str(days.max())
    elif kind in NUMERIC:
        numbers = parse_numbers(column)
        values = numbers.values[~np.isnan(numbers.values)]
        unreadable = int(numbers.unreadable.sum())
        if len(values):
            low, high = f"{values.min():.15g}", f"{values.max():.15g}"
    return Profile(
        filled=float(filled.mean()) if n else 0.0,
        distinct=len(np.unique(codes[codes >= 0])),
        unreadable=unreadable,
        low=low,
        high=high,
        examples=shown,
    )


def _first_distinct(codes: np.ndarray, count: int) -> list[int]:
    """The first few different codes, in order of first use."""
    found: dict[int, None] = {}
    for code in codes[:10_000].tolist():
        if code >= 0:
            found[code] = None
            if len(found) == count:
                break
    return list(found)
