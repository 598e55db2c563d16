"""Churn: signs that a customer is leaving, each one told apart, and a risk level from their number.

Definitions, section 5. Without a contract nobody says that they left: these are signs, not facts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

FLAGS = ("no_recent_sale", "low_satisfaction", "fewer_contacts", "overdue_interval", "low_p_alive")


def months_before(day: int, months: int) -> int:
    """The same day of the month so many months earlier, or that month's last day.

    Days count from 1970-01-01.

    >>> from datetime import date
    >>> epoch = date(1970, 1, 1)
    >>> months_before((date(2024, 5, 31) - epoch).days, 3) == (date(2024, 2, 29) - epoch).days
    True
    """
    date = np.datetime64(int(day), "D")
    month = date.astype("datetime64[M]")
    in_month = int((date - month.astype("datetime64[D]")).astype(int))
    target = month - months
    length = int(((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(int))
    return int(target.astype("datetime64[D]").astype(int)) + min(in_month, length - 1)


def no_recent_sale(last_day: np.ndarray, as_of_day: int, months: int = 3) -> np.ndarray:
    """True when the last sale was before the day `months` calendar months before the analysis date.

    >>> no_recent_sale(np.array([0, 31]), as_of_day=120, months=3).tolist()
    [True, False]
    """
    return np.asarray(last_day) < months_before(as_of_day, months)


def low_satisfaction(satisfaction: np.ndarray, limit: float = 3.0) -> np.ndarray:
    """True when satisfaction is known and below the limit.

    >>> low_satisfaction(np.array([2.9, 3.0, np.nan])).tolist()
    [True, False, False]
    """
    return np.asarray(satisfaction, np.float64) < limit


def fewer_contacts(recent: np.ndarray, before: np.ndarray, drop: float = 0.5) -> np.ndarray:
    """True when contacts fell by `drop` or more; never when there were none before.

    Parameters
    ----------
    recent, before : contacts of the last 90 days and of the 90 days before; shape (n,).

    >>> fewer_contacts(np.array([2, 3, 0]), np.array([4, 4, 0])).tolist()
    [True, False, False]
    """
    recent, before = np.asarray(recent, np.float64), np.asarray(before, np.float64)
    return (before > 0) & (recent <= np.round(before * (1 - drop), 9))


def overdue_interval(days: np.ndarray, interval: np.ndarray, factor: float) -> np.ndarray:
    """True when the last sale is more than `factor` of the customer's own intervals ago.

    >>> overdue_interval(np.array([61.0, 60.0, 5.0]), np.array([20.0, 20.0, np.nan]), 3).tolist()
    [True, False, False]
    """
    return np.asarray(days, np.float64) > np.asarray(interval, np.float64) * factor


def churn_risk(flags: Mapping[str, np.ndarray]) -> np.ndarray:
    """Risk high with two flags or more, medium with one, low with none.

    >>> churn_risk({"a": np.array([True, True, False]), "b": np.array([True, False, False])}).tolist()
    ['high', 'medium', 'low']
    """
    number = np.sum([np.asarray(f, np.int64) for f in flags.values()], axis=0)
    return np.array(["low", "medium", "high"], object)[np.minimum(number, 2)]


def churn_reasons(flags: Mapping[str, np.ndarray]) -> np.ndarray:
    """The codes of the flags that are set, joined by ";", one text per customer.

    >>> churn_reasons({"no_recent_sale": np.array([True, False])}).tolist()
    ['no_recent_sale', '']
    """
    names = list(flags)
    table = np.array(
        [";".join(n for b, n in enumerate(names) if i >> b & 1) for i in range(2 ** len(names))], object
    )
    position = np.sum([np.asarray(flags[n], np.int64) << b for b, n in enumerate(names)], axis=0)
    return np.atleast_1d(table[position])
