"""Regrade every customer of a workbook: find the tables, clean them, grade, and write what came out.

`run(book)` is the ribbon's big button and the shell's `fenji regrade` alike. It reads everything first,
computes, and writes last; it never reads back what it wrote.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from addin import grade_columns, memory, own_tables, settings, tables, template_files
from addin.grade_columns import AddedColumns
from addin.grids import Grid
from addin.outcome import Outcome
from addin.tables import Found, FoundTable, TableChoice
from udfs import terms
from udfs.bulk import without_collector
from udfs.cleaning.assemble import Cleaned, assemble
from udfs.cleaning.problems import SETTLED, localise, to_do
from udfs.grade_history import MOVE_KEYS, GradeHistory, changes
from udfs.grading import Grading, grade
from udfs.options import GradingOptions
from udfs.setting_values import in_words
from udfs.texts import Lang, Text
from workbook_templates.datasets import Datasets
from workbook_templates.datasets.grades import localised
from workbook_templates.fill import fill

Step = Callable[[Text], None]
# Who a server grades for; without one it is who is logged in on this computer.
GRADED_FOR: ContextVar[str | None] = ContextVar("graded_for", default=None)


def quiet(_: Text) -> None:
    """A progress that says nothing."""


@dataclass(slots=True)
class Regraded:
    """What a regrade found, computed and wrote.

    Attributes
    ----------
    grading, cleaned : result of the calculation; the tables as they were understood.
    lang : language of everything written.
    found : the recognised tables; None when the data came from files that are no workbook.
    added : the columns in the customer table; None when there is no customer table to add to.
    sheets : names of the sheets that were filled.
    notes : what people should know, in the order it came up.
    moved : customers whose grade changed since the last run: customer, old and new grade (codes).
    history : the runs before this one, and the changes of grade they brought.
    seconds : duration of each step.
    """

    grading: Grading
    cleaned: Cleaned
    lang: Lang
    found: Found | None = None
    added: AddedColumns | None = None
    sheets: list[str] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    moved: pd.DataFrame | None = None
    history: GradeHistory | None = None
    seconds: dict[str, float] = field(default_factory=dict)


class Clock:
    """Says each step and measures it."""

    def __init__(self, say: Step) -> None:
        self.say = say
        self.seconds: dict[str, float] = {}
        self._name = ""
        self._start = 0.0

    def step(self, name: str, zh: str, en: str) -> None:
        """Ends the step before and starts this one."""
        self.end()
        self._name, self._start = name, time.perf_counter()
        self.say(Text(zh=zh, en=en))

    def end(self) -> None:
        """Ends the last step."""
        if self._name:
            self.seconds[self._name] = round(time.perf_counter() - self._start, 3)
        self._name = ""


@without_collector()
def run(
    book: xw.Book,
    overrides: Mapping[str, Any] | None = None,
    choice: TableChoice | None = None,
    lang: Lang | None = None,
    frozen: bool = False,
    write: bool = True,
    say: Step = quiet,
    grids: Sequence[Grid] | None = None,
) -> Regraded:
    """Grades the customers of an open workbook and writes the result into it.

    Parameters
    ----------
    book : the workbook; with the file engine it still has to be saved.
    overrides : options by name (see `udfs.options.GradingOptions`) that win over the workbook's settings.
    choice : which sheets and tables to look at.
    lang : language of the output; that of the headers unless given.
    frozen : reuse the cut points of the last run in this workbook.
    write : False computes only.
    say : told each step as it begins.
    grids : sheets of other files to read instead of the workbook's own; it then takes the result only.

    Raises
    ------
    FenjiError
        The data cannot be graded, with the reason; nothing has been written then.
    """
    clock = Clock(say)
    clock.step("find", "正在识别表格", "Looking for the tables")
    kept = settings.read(book)
    choice = kept.choice(choice)
    found = tables.find(book if grids is None else grids, choice)
    lang = lang or found.lang
    overrides = dict(overrides or {})
    if frozen:
        overrides |= {"method": "frozen", "frozen": own_tables.frozen_cut_points(book)}
    options = kept.grading_options(overrides)
    previous = own_tables.previous_grades(book, options.names)
    history = own_tables.history(book)
    clock.step("read", "正在读取数据", "Reading the data")
    raw = found.read()
    records = raw["customers"][0].rows if "customers" in raw else np.zeros(0, np.int32)
    clock.step("clean", "正在检查和清洗", "Checking and cleaning")
    cleaning = kept.cleaning_options()
    cleaned = assemble(raw, cleaning)
    del raw  # large; what is still needed of it is in the cleaned tables
    memory.give_back()
    clock.step("grade", "正在分级", "Grading")
    result = graded(cleaned, options, lang, previous)
    result.found = found
    result.notes = [*found.notes, *result.notes]
    result.moved = moved(result.grading.grades)
    result.history = own_tables.grade_history(book, options.history_runs, options.names)
    if write:
        clock.step("write", "正在写入结果", "Writing the result")
        likely = result.cleaned.duplicates
        asked = settings.frame(kept.grading_options(), cleaning, found, choice, lang, likely)
        datasets = _datasets(result, history, asked, previous)
        if grids is None and (customers := found.tables.get("customers")):
            _add_columns(book, customers[0], records, result, datasets)
        _fill_sheets(book, result, datasets)
    clock.end()
    result.seconds = clock.seconds
    return result


def from_ribbon(book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Step) -> Outcome:
    """Regrades the open workbook and says what came out."""
    from addin import summary as told

    result = run(book, say=say)
    return Outcome(told.message(result), result.sheets[0])


def _datasets(
    result: Regraded, history: pd.DataFrame, asked: pd.DataFrame, previous: pd.DataFrame | None
) -> Datasets:
    """What the sheets of ours may hold."""
    row = history_row(result)
    now: dt.datetime = row["run_at"].iloc[0]
    moves = pd.DataFrame(columns=MOVE_KEYS, dtype=object)
    if result.history is not None:
        moves = result.history.with_run(now, changes(previous, result.grading.grades, now)).moves
    names = terms.labels("grade", result.lang, result.grading.options.names)
    for key in ("grade_before", "grade_after"):
        moves[key] = [names.get(code, "") for code in moves[key]]
    return Datasets(
        result.grading,
        result.lang,
        {
            "checks": check_list(result),
            "history": pd.concat([history, row], ignore_index=True),
            "moves": moves,
            "settings": asked,
        },
    )


def _add_columns(
    book: xw.Book, table: FoundTable, records: np.ndarray, result: Regraded, datasets: Datasets
) -> None:
    """The grade columns of the customer table."""
    of_row = customer_of_rows(result.cleaned, result.grading.grades)
    grades = localised(datasets, datasets.grades)
    result.added = grade_columns.write(book, table, records, of_row, grades, result.lang)
    if result.added.not_added:
        result.notes.append(result.added.not_added)


def _fill_sheets(book: xw.Book, result: Regraded, datasets: Datasets) -> None:
    """The sheets of ours."""
    result.sheets = fill_template(book, datasets, result.lang)


def fill_template(
    book: xw.Book, datasets: Datasets, lang: Lang, only: Collection[str] | None = None
) -> list[str]:
    """Fills the sheets of the grading template, or those with the tables `only`; returns their names."""
    with template_files.opened(book, template_files.path_of("grading", lang)) as template:
        return fill(book, template, datasets, only).sheets


def check_list(result: Regraded) -> pd.DataFrame:
    """The check list as people read it, what needs nothing last.

    Columns sheet, row, column, cell_value, problem, proposal; settled: nothing has to be done about it.
    """
    problems = result.cleaned.problems
    waiting, settled = to_do(problems), problems[problems["problem"].isin(SETTLED)]
    listed = localise(pd.concat([waiting, settled]), result.lang)
    return pd.DataFrame(
        {
            "sheet": listed["sheet"],
            "row": listed["row"],
            "column": listed["header"].where(listed["header"] != "", listed["column"]),
            "cell_value": listed["value"],
            "problem": listed["problem"],
            "proposal": listed["proposal"],
            "settled": np.repeat([False, True], [len(waiting), len(settled)]),
        }
    )


def history_row(result: Regraded) -> pd.DataFrame:
    """Who graded when, with which options, and what came out: one row; columns HISTORY_KEYS."""
    grading = result.grading
    grades = grading.grades
    by_grade = grades["grade"].value_counts()
    options = [f"{name}={value}" for _, name, value in in_words(grading.options, result.lang)]
    row = {
        "run_at": dt.datetime.now().replace(microsecond=0),
        "run_by": user_name(),
        "command": Text(zh="重新分级", en="Regrade")(result.lang),
        "as_of": dt.datetime.combine(grading.as_of, dt.time()),
        "customers": len(grades),
        "amount": grading.totals["amount_total"],
        "high_value": int(by_grade.get("high", 0)),
        "medium_value": int(by_grade.get("medium", 0)),
        "low_value": int(by_grade.get("low", 0)),
        "at_risk": int((grades["churn_risk"] == "high").sum()),
        "options": Text(zh="；".join(options), en="; ".join(options))(result.lang),
    }
    return pd.DataFrame([row], columns=own_tables.HISTORY_KEYS, dtype=object)


def user_name() -> str:
    """Who grades: the server's user, or who is logged in; "" where nobody says."""
    if (served := GRADED_FOR.get()) is not None:
        return served
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def moved(grades: pd.DataFrame) -> pd.DataFrame:
    """Customers whose grade is another than in the last run: customer_id, customer, old, new (codes)."""
    if "previous_grade" not in grades:
        return pd.DataFrame(columns=["customer_id", "customer", "old", "new"], dtype=object)
    known = grades["previous_grade"].notna() & (grades["previous_grade"] != "")
    changed_rows = grades[known & (grades["previous_grade"] != grades["grade"])]
    return changed_rows[["customer_id", "customer", "previous_grade", "grade"]].rename(
        columns={"previous_grade": "old", "grade": "new"}
    )


def graded(cleaned: Cleaned, options: GradingOptions, lang: Lang, previous: pd.DataFrame | None) -> Regraded:
    """Grades tables that were cleaned before."""
    if options.currency == GradingOptions().currency and cleaned.currency:
        options = dataclasses.replace(options, currency=cleaned.currency)
    grading = grade(cleaned.data, options, previous, lang)
    return Regraded(grading=grading, cleaned=cleaned, lang=lang, notes=[*cleaned.notes, *grading.warnings])


def customer_of_rows(cleaned: Cleaned, grades: pd.DataFrame) -> np.ndarray:
    """For each record of the customer table its row in `grades`, -1 where it is outside the scope."""
    assert cleaned.row_customer is not None
    in_table = cleaned.data.customers["source_row"].to_numpy()
    place = pd.Series(np.arange(len(grades)), index=grades["source_row"].to_numpy())
    place = place[place.index > 0]
    of_customer = place.reindex(in_table).fillna(-1).to_numpy(np.int64)
    return np.where(cleaned.row_customer >= 0, of_customer[cleaned.row_customer], -1)


def summary(result: Regraded, seconds: float) -> dict[str, Any]:
    """The result in stable keys, for `--json`."""
    grading = result.grading

    def classes(key: str) -> dict[str, dict[str, Any]]:
        rows = grading.summary(key).set_index(key)[["customers", "share", "amount", "amount_share"]]
        return {
            str(code): {k: _plain(v) for k, v in row.items()} for code, row in rows.to_dict("index").items()
        }

    return {
        "as_of": grading.as_of.isoformat(),
        "customers": int(grading.totals["customers"]),
        "buyers": int(grading.totals["buyers"]),
        "orders_read": result.cleaned.rows_read,
        "orders_used": int(grading.totals["order_rows"]),
        "orders_left_out": dict(grading.left_out),
        "marked": dict(grading.marked),
        "amount_total": grading.totals["amount_total"],
        "currency": result.cleaned.currency,
        "cut_points": grading.cut_points.as_dict(),
        "method": grading.cut_points.method,
        "segments": classes("segment"),
        "class8": classes("class8"),
        "abc": classes("abc"),
        "grades": classes("grade"),
        "problems": len(result.cleaned.problems),
        "warnings": [note(result.lang) for note in result.notes],
        "seconds": round(seconds, 3),
        "steps": result.seconds,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value
