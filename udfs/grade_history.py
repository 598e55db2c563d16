"""How grades changed over time, kept in little room: for each run, the customers whose grade became another one.

From the grades of today and the changes since, the grades after any kept run follow, and so who moved between any two
runs: the effect of grading over time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from udfs.movements import customer_labels, movements
from udfs.texts import FenjiError

MOVE_KEYS = ["run_at", "customer_id", "customer", "grade_before", "grade_after", "amount"]
MOST = 200_000  # changes kept at most, so that the sheet stays quick to open


def changes(previous: pd.DataFrame | None, grades: pd.DataFrame, run_at: dt.datetime) -> pd.DataFrame:
    """Who has another grade than after the run before: columns MOVE_KEYS; "" stands for "was not (is not) there".

    Parameters
    ----------
    previous : customer_id, customer and grade (code) of the run before; None for the first run, which changes nothing.
    grades : the grades of this run, with net_amount or monetary.

    >>> old = pd.DataFrame({"customer_id": ["1", "2"], "customer": ["a", "b"], "grade": ["low", "high"]})
    >>> new = pd.DataFrame({"customer_id": ["1", "2"], "customer": ["a", "b"], "grade": ["high", "high"],
    ...                     "net_amount": [40.0, 9.0]})
    >>> changes(old, new, dt.datetime(2024, 7, 1))[["customer", "grade_before", "grade_after"]].values.tolist()
    [['a', 'low', 'high']]
    """
    if previous is None:
        return pd.DataFrame(columns=MOVE_KEYS, dtype=object)
    found = movements(previous.assign(net_amount=0.0), grades).customers
    moved = found[found["old"] != found["new"]]
    named = moved.rename(columns={"old": "grade_before", "new": "grade_after"})
    return named.assign(run_at=run_at)[MOVE_KEYS].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class GradeHistory:
    """The runs of a workbook and the changes of grade they brought.

    Attributes
    ----------
    runs : `run_at` of each run, oldest first.
    moves : columns MOVE_KEYS.
    kept : of how many runs, counted from the last, all changes are there.
    """

    runs: list[dt.datetime]
    moves: pd.DataFrame
    kept: int

    def with_run(self, run_at: dt.datetime, moved: pd.DataFrame) -> GradeHistory:
        """The history with one run more; changes of runs that are no longer kept are dropped."""
        runs = [*self.runs, run_at]
        first = runs[-self.kept] if len(runs) >= self.kept > 0 else runs[0]
        moves = pd.concat([m for m in (self.moves, moved) if len(m)] or [self.moves], ignore_index=True)
        moves = moves[pd.to_datetime(moves["run_at"]) >= first] if self.kept else moves.head(0)
        if len(moves) > MOST:
            moves = moves.sort_values("run_at", kind="stable").tail(
                MOST
            )  # the oldest go, however it was sorted
        return GradeHistory(runs, moves.reset_index(drop=True), self.kept)

    def run_of(self, day: dt.date | None) -> dt.datetime:
        """The last run on or before a day, the oldest whose grades are known for None.

        Raises
        ------
        FenjiError
            No run is that old, or its grades are not kept any more.
        """
        known = self.runs[-(self.kept + 1) :]
        if len(self.moves) >= MOST:  # of the oldest run changes may be missing: not even it can be undone
            oldest = pd.to_datetime(self.moves["run_at"]).min() - dt.timedelta(seconds=1)
            known = [run for run in known if run >= oldest]
        if not known:
            raise FenjiError(
                zh="这份工作簿还没有分级历史。请先分级；第二次分级以后就能比较。",
                en="This workbook has no grading history yet. Grade it; from the second time on runs can be compared.",
            )
        if day is None:
            return known[0]
        upto = [run for run in known if run.date() <= day]
        if not upto:
            raise FenjiError(
                zh=f"{day} 以前没有可用的分级记录，最早的一次是 {known[0]:%Y-%m-%d}。",
                en=f"No run on or before {day} is known; the oldest is of {known[0]:%Y-%m-%d}.",
            )
        return upto[-1]

    def after(self, run: dt.datetime, grades: pd.DataFrame) -> pd.DataFrame:
        """The grades after a run: customer_id, customer, grade, net_amount (that of today).

        Parameters
        ----------
        run : one of `runs`.
        grades : the grades after the last run, or computed since.
        """
        amount = "net_amount" if "net_amount" in grades else "monetary"
        now = pd.DataFrame(
            {
                "customer_id": grades["customer_id"].to_numpy(object),
                "customer": grades["customer"].to_numpy(object),
                "grade": grades["grade"].to_numpy(object),
                "net_amount": grades[amount].to_numpy(float),
            },
            index=customer_labels(grades["customer_id"], grades["customer"]),
        )
        later = self.moves[pd.to_datetime(self.moves["run_at"]) > run + dt.timedelta(seconds=1)]
        later = later.sort_values("run_at", kind="stable")
        later.index = pd.Index(customer_labels(later["customer_id"], later["customer"]))
        first = later[~later.index.duplicated()]
        back = first[["customer_id", "customer"]].assign(grade=first["grade_before"])
        back["net_amount"] = now["net_amount"].reindex(back.index).fillna(first["amount"]).to_numpy(float)
        then = pd.concat([back, now[~now.index.isin(back.index)]])
        known = then["grade"].notna() & (then["grade"] != "")
        return then.loc[known, ["customer_id", "customer", "grade", "net_amount"]].reset_index(drop=True)
