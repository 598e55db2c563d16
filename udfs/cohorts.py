"""Cohorts: of the customers who came in one month, how many still buy later?

Definitions, section 5: distinct customers active in each month since the first order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from udfs.loyalty import month_number
from udfs.money import from_units, sum_by, to_units
from udfs.rfm import distinct


@dataclass(frozen=True, slots=True)
class CohortTable:
    """Cohorts by month of the first order.

    Attributes
    ----------
    months : months since January 1970 of each cohort, ascending; int64, shape (k,).
    size : customers of each cohort; int64, shape (k,).
    customers : active customers by months since the first order; int64, shape (k, a); -1 not yet reached.
    amount : their amount; float64, shape (k, a), NaN not yet reached.
    """

    months: np.ndarray
    size: np.ndarray
    customers: np.ndarray
    amount: np.ndarray

    @property
    def retention(self) -> np.ndarray:
        """Active customers as a share of the cohort; NaN where the month is not yet reached."""
        share = self.customers / np.maximum(self.size, 1)[:, None]
        return np.where(self.customers < 0, np.nan, share)

    @property
    def labels(self) -> list[str]:
        """The cohorts' months as "2024-03"."""
        return [str(np.datetime64(int(m), "M")) for m in self.months]


def cohort_table(
    customer: np.ndarray, day: np.ndarray, amount: np.ndarray | None = None, end_day: int | None = None
) -> CohortTable:
    """Cohorts from sales.

    Parameters
    ----------
    customer : int array, shape (m,), 0..n-1. day : int array, days since 1970-01-01.
    amount : float array; default 0.
    end_day : last day looked at, default the last sale; later months are "not yet reached".

    >>> jan, feb, mar = 0, 31, 59
    >>> table = cohort_table(np.array([0, 1, 0, 2, 0]), np.array([jan, jan, feb, feb, mar]))
    >>> table.customers.tolist()
    [[2, 1, 1], [1, 0, -1]]
    """
    if len(customer) == 0:
        none = np.empty(0, np.int64)
        return CohortTable(none, none, np.empty((0, 0), np.int64), np.empty((0, 0)))
    n = int(customer.max()) + 1
    month = month_number(day)
    last_month = int(month.max()) if end_day is None else int(month_number(end_day))
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, customer, month)
    cohort_month = first[customer]
    start = int(cohort_month.min())
    age = month - cohort_month
    rows, columns = int(cohort_month.max()) - start + 1, last_month - start + 1
    inside = age < columns
    cell = (cohort_month[inside] - start) * columns + age[inside]
    pair = distinct(customer[inside].astype(np.int64) * (rows * columns) + cell)
    active = np.bincount(pair % (rows * columns), minlength=rows * columns).reshape(rows, columns)
    units, decimals = to_units(np.zeros(len(customer)) if amount is None else np.asarray(amount, np.float64))
    money = from_units(sum_by(cell, units[inside], rows * columns), decimals).reshape(rows, columns)
    present = first[first != np.iinfo(np.int64).max]
    size = np.bincount(present - start, minlength=rows)
    keep = size > 0
    months = start + np.arange(rows)
    reached = months[:, None] + np.arange(columns)[None, :] <= last_month
    return CohortTable(
        months[keep],
        size[keep],
        np.where(reached, active, -1)[keep],
        np.where(reached, money, np.nan)[keep],
    )
