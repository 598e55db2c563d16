"""The final grade: computed, set by hand, or kept for a while after it would have fallen.

Definitions, section 2, "Customer grade".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from udfs import terms, tiers
from udfs.churn import months_before
from udfs.facts import Facts, texts
from udfs.movements import customer_labels
from udfs.options import GradingOptions
from udfs.scope import day_number

ORDER = {"high": 3, "medium": 2, "low": 1, "prospects": 0}


def settle_grades(
    facts: Facts,
    columns: Mapping[str, np.ndarray],
    customers: pd.DataFrame,
    as_of: dt.date,
    options: GradingOptions,
    previous: pd.DataFrame | None = None,
) -> dict[str, np.ndarray]:
    """Grade columns: grade_score, its parts, grade, grade_origin, grade_since, previous_grade, level, rank.

    Parameters
    ----------
    columns : `loyalty_score` and `satisfaction`, and `customer_id`, `customer` to find earlier grades.
    customers : the customer table with `manual_grade`, `manual_until` where grades were set by hand.
    previous : grades of the last run.
    """
    values, buyers = facts.values, facts.values.buyers
    amount = np.where(buyers, facts.amount, np.nan)
    parts = {
        "value": tiers.value_percentile(amount, np.where(buyers, facts.profit, np.nan)),
        "behaviour": tiers.mean_of_known(
            [tiers.percentile(-values.recency), tiers.percentile(np.where(buyers, values.frequency, np.nan))]
        ),
        "loyalty": tiers.percentile(np.where(buyers, columns["loyalty_score"], np.nan)),
        "satisfaction": tiers.percentile(np.where(buyers, columns["satisfaction"], np.nan)),
    }
    score = np.round(tiers.grade_score(**parts, weights=options.grade_weights), 1)
    grade = tiers.customer_grade(score, options.grade_limits)
    origin = np.full(facts.n, "computed", object)
    earlier, since = _earlier(columns, previous)
    if options.protection_months:
        _protect(grade, origin, earlier, since, as_of, options.protection_months)
    _by_hand(grade, origin, customers, as_of, options)
    changed = grade != earlier
    since = np.where(changed | np.isnat(since), np.datetime64(as_of, "D"), since)
    level = np.where(tiers.vip(score, options.vip_share), "vip", "ordinary").astype(object)
    result = {f"grade_{name}": np.round(part, 1) for name, part in parts.items()}
    result |= {
        "grade_score": score,
        "grade": grade,
        "grade_origin": origin,
        "grade_since": since.astype("datetime64[s]"),
        "previous_grade": earlier,
        "level": level,
        "rank": _rank(amount),
    }
    return result


def _rank(amount: np.ndarray) -> np.ndarray:
    """Place by amount, 1 is the largest; equal amounts share a place; NaN for prospects."""
    ordered = np.sort(-amount[~np.isnan(amount)])
    return np.where(np.isnan(amount), np.nan, np.searchsorted(ordered, -amount, "left") + 1.0)


def _earlier(
    columns: Mapping[str, np.ndarray], previous: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray]:
    """The grade of the last run and since when, for each customer; "" and NaT where there is none."""
    n = len(columns["customer"])
    grade = np.full(n, "", object)
    since = np.full(n, np.datetime64("NaT"), "datetime64[D]")
    if previous is None or len(previous) == 0 or "grade" not in previous:
        return grade, since
    old_ids, old_names = texts(previous, "customer_id"), texts(previous, "customer")
    old = pd.Index(customer_labels(old_ids, old_names))
    keep = ~old.duplicated(keep="last")
    rows = np.flatnonzero(keep)
    new = customer_labels(columns["customer_id"], columns["customer"])
    place = old[keep].get_indexer(pd.Index(new))
    hit = place >= 0
    old_grades = np.array([t or "" for t in texts(previous, "grade")], object)
    grade[hit] = old_grades[rows[place[hit]]]
    for key in ("grade_since", "as_of"):
        if key in previous:
            dates = pd.to_datetime(previous[key], errors="coerce").to_numpy("datetime64[D]")
            since[hit] = np.where(np.isnat(since[hit]), dates[rows[place[hit]]], since[hit])
    return grade, since


def _protect(
    grade: np.ndarray, origin: np.ndarray, earlier: np.ndarray, since: np.ndarray, as_of: dt.date, months: int
) -> None:
    """Keeps an earlier, better grade until the protection period since it was given is over."""
    rank_new = np.array([ORDER.get(g, 0) for g in grade])
    rank_old = np.array([ORDER.get(g, 0) for g in earlier])
    start = np.datetime64(months_before(day_number(as_of), months), "D")
    kept = (rank_old > rank_new) & ~np.isnat(since) & (since > start)
    grade[kept] = earlier[kept]
    origin[kept] = "protected"


def _by_hand(
    grade: np.ndarray, origin: np.ndarray, customers: pd.DataFrame, as_of: dt.date, options: GradingOptions
) -> None:
    """Grades set by hand win as long as they hold."""
    if "manual_grade" not in customers:
        return
    written = texts(customers, "manual_grade")
    codes = {t: terms.code_of("grade", t, options.names) for t in {t for t in written if t}}
    ends = pd.Series(pd.NaT, index=customers.index)
    if "manual_until" in customers:
        ends = pd.to_datetime(customers["manual_until"], errors="coerce")
    holds = (ends.isna() | (ends >= pd.Timestamp(as_of))).to_numpy()
    for i, t in enumerate(written):
        if t and holds[i] and codes[t]:
            grade[i] = codes[t]
            origin[i] = "manual"
