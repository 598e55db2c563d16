"""What every calculation works on: the customers, and their cleaned orders, contacts and feedback."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd


@dataclass(slots=True)
class CustomerData:
    """Cleaned and joined tables of one workbook.

    Attributes
    ----------
    customers : one row per customer, index 0..n-1; columns are field keys of fields.toml. Always there:
        `customer_id` (text, may be empty) and `customer` (text). Own columns keep their headers.
        `source_row` is the 1-based row in the customer sheet, 0 for customers known from orders only.
    orders : the rows that count, sales and returns, or None when the customer table brings totals
        (`last_order_date`, `order_count`, `total_amount`). Always there: `customer_index` (int32, row of
        `customers`), `date` (datetime64, day), `amount` (float64, net: returns are negative),
        `is_return` (bool). `order_id` (int64 codes, equal for rows of one order) where the table has one.
        Other fields by key: quantity, price, cost (float, negative in returns), discount (share off the full
        price, 0..1, 0 is none), due_date, paid_date, and product, category, channel, ... (categorical texts).
        `source_row` is the 1-based row in its sheet.
    contacts : `customer_index`, `date`, and other fields by key; None when there is no such table.
    feedback : `customer_index`, `date`, `satisfaction` (1..5, NaN unknown), `feedback_kind`,
        ...; or None.
    left_out : rows left out of the metrics, by reason code ("no_date", "future_date", "test_order", ...).
    marked : rows kept but marked, by reason code ("missing_contact", "duplicate_row", "outlier").
    latest_allowed : the day of the run; later dates are invalid.
    """

    customers: pd.DataFrame
    orders: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    feedback: pd.DataFrame | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    marked: dict[str, int] = field(default_factory=dict)
    latest_allowed: dt.date | None = None
