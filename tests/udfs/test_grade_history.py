"""The grades after any kept run follow from those of today and the changes since."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.grade_history import MOVE_KEYS, GradeHistory, changes
from udfs.texts import FenjiError

NOTHING = pd.DataFrame(columns=MOVE_KEYS, dtype=object)


def day(n: int) -> dt.datetime:
    return dt.datetime(2024, 1, 1, 9) + dt.timedelta(days=n)


def grading(grades: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": "", "customer": list(grades), "grade": list(grades.values()), "net_amount": 1.0}
    )


def graded(runs: list[dict[str, str]], kept: int = 24) -> GradeHistory:
    """The history of one grading a day."""
    history, previous = GradeHistory([], NOTHING, kept), None
    for n, run in enumerate(runs):
        now = grading(run)
        history = history.with_run(day(n), changes(previous, now, day(n)))
        previous = now
    return history


def known(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["customer"], frame["grade"], strict=True))


RUNS = st.lists(
    st.dictionaries(st.sampled_from("甲乙丙丁"), st.sampled_from(["high", "medium", "low", "prospects"])),
    min_size=1,
    max_size=6,
)


@given(RUNS)
def test_every_run_can_be_gone_back_to(runs: list[dict[str, str]]) -> None:
    history = graded(runs)
    for n, run in enumerate(runs):
        assert known(history.after(day(n), grading(runs[-1]))) == run


def test_only_changes_are_kept() -> None:
    history = graded(
        [{"甲": "high", "乙": "low"}, {"甲": "high", "乙": "medium"}, {"甲": "high", "乙": "medium"}]
    )
    assert history.moves[["run_at", "customer", "grade_before", "grade_after"]].values.tolist() == [
        [pd.Timestamp(day(1)), "乙", "low", "medium"]
    ]


def test_of_so_many_runs_as_the_setting_says() -> None:
    runs = [{"甲": grade} for grade in ("high", "low", "high", "low")]
    history = graded(runs, kept=2)
    assert history.moves["grade_after"].tolist() == ["high", "low"]
    assert history.run_of(None) == day(1)
    assert known(history.after(day(1), grading(runs[-1]))) == {"甲": "low"}
    assert graded(runs, kept=0).moves.empty


def test_a_run_whose_changes_are_too_many_is_not_gone_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udfs.grade_history.MOST", 3)
    runs = [dict.fromkeys("甲乙", grade) for grade in ("high", "low", "medium", "medium")]
    history = graded(runs)
    assert history.moves["grade_after"].tolist() == ["low", "medium", "medium"]
    assert history.run_of(None) == day(1)
    assert known(history.after(day(1), grading(runs[-1]))) == runs[1]


def test_a_day_finds_the_last_run_before_it() -> None:
    history = graded([{"甲": "high"}] * 3)
    assert history.run_of(dt.date(2024, 1, 2)) == day(1)
    assert history.run_of(dt.date(2030, 1, 1)) == day(2)
    with pytest.raises(
        FenjiError, match="No run on or before 2023-12-31 is known; the oldest is of 2024-01-01"
    ):
        history.run_of(dt.date(2023, 12, 31))
    with pytest.raises(FenjiError, match="no grading history yet"):
        GradeHistory([], NOTHING, 24).run_of(None)
