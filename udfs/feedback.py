"""Feedback: what customers say, how it is handled, and how quickly (features S48, definitions section 3).

Works on the cleaned feedback table of `CustomerData`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from udfs.facts import COMPLAINT_WORDS, numbers
from udfs.loyalty import month_number, net_promoter
from udfs.scope import days_of

DONE_WORDS = (
    "已解决",
    "已处理",
    "已完成",
    "已关闭",
    "已回复",
    "办结",
    "done",
    "closed",
    "resolved",
    "solved",
    "replied",
    "completed",
)
NOT_DONE_WORDS = ("未", "待", "处理中", "open", "pending", "in progress", "unresolved", "not ")


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """The figures above a feedback report.

    Attributes
    ----------
    rows, customers : number of entries, and of customers behind them.
    complaints : entries whose kind is a complaint; NaN when there is no kind.
    handled_share : entries marked as done, among those with a state; NaN without states.
    reply_days : median days to the reply; NaN without replies.
    satisfaction : mean, 1..5. nps : net promoter score, -100..100; NaN where unknown.
    """

    rows: int
    customers: int
    complaints: float
    handled_share: float
    reply_days: float
    satisfaction: float
    nps: float


def feedback_summary(feedback: pd.DataFrame) -> FeedbackSummary:
    """Summary of a feedback table (columns customer_index, date, and feedback_kind, state, reply_date,
    satisfaction, nps where known).

    >>> table = pd.DataFrame({"customer_index": [0, 0, 1], "nps": [10.0, 3.0, 9.0],
    ...     "date": pd.to_datetime(["2024-01-01"] * 3), "state": ["已处理", "处理中", ""]})
    >>> found = feedback_summary(table)
    >>> round(found.nps, 1), found.handled_share
    (33.3, 0.5)
    """
    done = handled(feedback)
    wait = reply_days(feedback)
    score = numbers(feedback, "satisfaction")
    complaints = is_complaint(feedback).sum() if "feedback_kind" in feedback else float("nan")
    return FeedbackSummary(
        rows=len(feedback),
        customers=int(feedback["customer_index"].nunique()),
        complaints=float(complaints),
        handled_share=float(np.nanmean(done)) if not np.isnan(done).all() else float("nan"),
        reply_days=float(np.nanmedian(wait)) if not np.isnan(wait).all() else float("nan"),
        satisfaction=float(np.nanmean(score)) if not np.isnan(score).all() else float("nan"),
        nps=net_promoter(numbers(feedback, "nps")),
    )


def is_complaint(feedback: pd.DataFrame) -> np.ndarray:
    """True for entries whose kind is a complaint."""
    return _holds(feedback, "feedback_kind", COMPLAINT_WORDS)


def handled(feedback: pd.DataFrame) -> np.ndarray:
    """1 for entries marked as done, 0 for those marked as not done, NaN where the state does not say."""
    if "state" not in feedback:
        return np.full(len(feedback), np.nan)
    open_ = _holds(feedback, "state", NOT_DONE_WORDS)
    done = _holds(feedback, "state", DONE_WORDS) & ~open_
    return np.where(done, 1.0, np.where(open_, 0.0, np.nan))


def reply_days(feedback: pd.DataFrame) -> np.ndarray:
    """Days from the entry to its reply; NaN without a reply, or with one before the entry."""
    wait = np.full(len(feedback), np.nan)
    if "reply_date" in feedback:
        known = (feedback["reply_date"].notna() & feedback["date"].notna()).to_numpy()
        wait[known] = days_of(feedback["reply_date"][known]) - days_of(feedback["date"][known])
    return np.where(wait >= 0, wait, np.nan)


def _holds(table: pd.DataFrame, key: str, words: tuple[str, ...]) -> np.ndarray:
    if key not in table:
        return np.zeros(len(table), bool)
    codes, distinct = pd.factorize(table[key])
    fits = [isinstance(t, str) and any(w in t.casefold() for w in words) for t in distinct]
    return np.array([*fits, False], np.bool_)[codes]


def by_kind(feedback: pd.DataFrame, key: str = "feedback_kind") -> pd.DataFrame:
    """One row per kind of feedback, the most frequent first.

    Returns
    -------
    DataFrame: `key`, rows, share, customers, handled_share, reply_days (median), satisfaction (mean). Entries
    without a kind are one row with "".
    """
    kinds = (
        feedback[key].astype(object).fillna("") if key in feedback else pd.Series("", index=feedback.index)
    )
    table = pd.DataFrame(
        {
            key: kinds.to_numpy(),
            "customer": feedback["customer_index"].to_numpy(),
            "handled_share": handled(feedback),
            "reply_days": reply_days(feedback),
            "satisfaction": numbers(feedback, "satisfaction"),
        }
    )
    groups = table.groupby(key, sort=False)
    result = pd.DataFrame(
        {
            "rows": groups.size(),
            "share": groups.size() / max(len(table), 1),
            "customers": groups["customer"].nunique(),
            "handled_share": groups["handled_share"].mean(),
            "reply_days": groups["reply_days"].median(),
            "satisfaction": groups["satisfaction"].mean(),
        }
    ).reset_index()
    return result.sort_values(["rows", key], ascending=[False, True], kind="stable").reset_index(drop=True)


def by_month(feedback: pd.DataFrame) -> pd.DataFrame:
    """One row per month without gaps: month (first day), rows, complaints, satisfaction (mean), nps."""
    dated = feedback[feedback["date"].notna()]
    if len(dated) == 0:
        return pd.DataFrame(columns=["month", "rows", "complaints", "satisfaction", "nps"])
    month = month_number(days_of(dated["date"]))
    start = int(month.min())
    n = int(month.max()) - start + 1
    score, answers = numbers(dated, "satisfaction"), numbers(dated, "nps")
    known = ~np.isnan(score)
    count = np.bincount(month[known] - start, minlength=n)
    total = np.bincount(month[known] - start, weights=score[known], minlength=n)
    return pd.DataFrame(
        {
            "month": (start + np.arange(n)).astype("datetime64[M]").astype("datetime64[s]"),
            "rows": np.bincount(month - start, minlength=n),
            "complaints": np.bincount(month[is_complaint(dated)] - start, minlength=n),
            "satisfaction": np.where(count > 0, total / np.maximum(count, 1), np.nan),
            "nps": [net_promoter(answers[month == start + i]) for i in range(n)],
        }
    )
