"""Contacts and feedback, understood: whose, when, and what was said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from udfs import fields
from udfs.cleaning.amounts import parse_numbers
from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.dates import parse_dates
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.problems import ProblemList
from udfs.cleaning.satisfaction import parse_satisfaction
from udfs.cleaning.spelling import missing, text_codes

DATE_KEY = {"contacts": "contact_date", "feedback": "feedback_date"}


def read_events(
    table: RawTable, customer: np.ndarray, options: CleaningOptions, problems: ProblemList
) -> pd.DataFrame:
    """The rows with a customer and a date that is not in the future; columns `customer_index`, `date`, fields.

    Parameters
    ----------
    table : role contacts or feedback.
    customer : int array, shape (n,), index of each row's customer; below 0 when there is none.
    """
    n = len(table)
    key = DATE_KEY[table.role]
    cells = table.columns.get(key, Column.empty(n))
    dates = parse_dates(cells, options.date_order)
    problems.add(table, key, dates.unreadable, "unreadable_date")
    problems.add(table, key, np.isnat(dates.days) & ~dates.unreadable & missing(cells), "no_date")
    late = dates.days > np.datetime64(options.today)
    problems.add(table, key, late, "future_date")
    who = "customer_id" if "customer_id" in table.columns else "customer"
    problems.add(table, who, customer == -1, "no_customer")
    problems.add(table, who, customer == -2, "ambiguous_customer")
    keep = np.flatnonzero((customer >= 0) & ~np.isnat(dates.days) & ~late)
    data: dict[str, object] = {
        "customer_index": customer[keep].astype(np.int32),
        "date": dates.days[keep].astype("datetime64[s]"),
        "source_row": table.rows[keep].astype(np.int64),
    }
    for name, column in table.columns.items():
        if name in (key, "customer_id", "customer"):
            continue
        kind = fields.field(name).type
        if kind == "satisfaction":
            scores = parse_satisfaction(column, table.headers.get(name, ""))
            problems.add(table, name, scores.unreadable, "unreadable_satisfaction")
            data[name] = scores.values[keep]
        elif kind == "number":
            numbers = parse_numbers(column)
            problems.add(table, name, numbers.unreadable, "unreadable_number")
            data[name] = numbers.values[keep]
        elif kind == "date":
            data[name] = (
                parse_dates(column, options.date_order or dates.order).days[keep].astype("datetime64[s]")
            )
        else:
            texts, codes = text_codes(column)
            data[name] = pd.Categorical.from_codes(codes[keep], categories=texts)
    return pd.DataFrame(data)
