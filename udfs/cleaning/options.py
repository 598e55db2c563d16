"""Every choice cleaning can be made with, and its default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from udfs.cleaning.dates import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningOptions:
    """How tables are cleaned.

    Attributes
    ----------
    today : the day of the run; later dates are invalid.
    date_order : how to read 3/11/2019 ("mdy", "dmy", "ymd"); None decides column by column, by evidence.
    drop_duplicates : leave exact duplicate order rows out (default: keep and mark them).
    refunded_rows : an order row with a refund status and a positive amount is a return and is subtracted
        ("subtract", the definition), or left out because the shop changed the status of the sale itself
        ("leave_out"); "auto" decides by the order numbers (`refunds.sales_changed_to_refunds`).
    outlier_factor : amounts above so many times the mean of their column are marked.
    test_amount : an amount that marks a test order.
    sale_words, not_sale_words, return_words : status words of your own, whole cells.
    rates : value of one unit of each currency in the currency of the grading ({"CNY": 1, "USD": 7.2}).
    merges : customers the user confirmed to be the same: (one, the other) by id, or by name where there is none.
    regions : sales region by province, where it differs from the usual one.
    """

    today: dt.date = field(default_factory=dt.date.today)
    date_order: Order | None = None
    drop_duplicates: bool = False
    refunded_rows: Literal["auto", "subtract", "leave_out"] = "auto"
    outlier_factor: float = 10.0
    test_amount: float = 0.01
    sale_words: tuple[str, ...] = ()
    not_sale_words: tuple[str, ...] = ()
    return_words: tuple[str, ...] = ()
    merges: tuple[tuple[str, str], ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
