"""Fill a report template from a workbook's customers, orders, contacts and feedback.

`run` works in every host: it grades without writing, opens the template beside the book, and fills it, either
into the book or as a workbook of its own. Nothing of the user's is changed but the report's own sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xlwings as xw

from addin import template_files
from addin.commands import regrade, templates
from addin.commands.regrade import Step, quiet
from addin.grids import Grid
from addin.outcome import Outcome
from addin.tables import TableChoice
from udfs import fields, scope
from udfs.grading import Grading
from udfs.texts import Lang, Text
from workbook_templates.datasets import Datasets
from workbook_templates.datasets.grades import localised
from workbook_templates.fill import Filled, fill

# Columns a grading makes: a condition on one of them chooses who is listed, not what is graded.
RESULTS = (
    "grade", "level", "segment", "class8", "abc", "value_tier", "activity", "loyalty_class", "churn_risk", "need_type",
    "satisfaction_class", "recency_days", "frequency", "monetary", "r", "f", "m", "rfm", "grade_score", "loyalty_score",
)  # fmt: skip


@dataclass(slots=True)
class Reported:
    """What a report was made of: the book it stands in, its language, its sheets, what was left out."""

    book: xw.Book
    lang: Lang
    sheets: list[str] = field(default_factory=list)
    left_out: list[Text] = field(default_factory=list)


def run(
    book: xw.Book,
    template: str,
    overrides: Mapping[str, Any] | None = None,
    choice: TableChoice | None = None,
    lang: Lang | None = None,
    alone: bool = False,
    say: Step = quiet,
    earlier: xw.Book | None = None,
    grids: Sequence[Grid] | None = None,
) -> Reported:
    """Makes a report.

    Parameters
    ----------
    book : the workbook with the data.
    template : name of a shipped template, or path of the user's own.
    overrides : grading options; `where` and `period` limit the report, and it says so. A condition on a result
        (grade, segment, churn_risk ...) chooses who is on the lists and cards.
    choice : which tables to read.
    lang : language of the report; that of the headers unless given.
    alone : True fills the template itself (the caller saves it under a name); False puts the sheets into `book`,
        replacing the data of an earlier report.
    say : told each step as it begins.
    earlier : with `alone`, the report of an earlier run, to be brought up to date in its own layout.
    grids : sheets of other files to read instead of the workbook's own.

    Raises
    ------
    FenjiError
        The data cannot be graded, or the template asks for names that do not exist.
    """
    options = dict(overrides or {})
    by_data, by_result = split(options.get("where", ()), template)
    options["where"] = by_data
    result = regrade.run(book, options, choice, lang, write=False, say=say, grids=grids)
    say(Text(zh="正在填写报告", en="Filling the report"))
    only = chosen(result.grading, by_result, result.lang) if by_result else None
    datasets = Datasets(result.grading, result.lang, only=only)
    datasets.extra["checks"] = regrade.check_list(result)
    path = templates.resolve(template, result.lang)
    opened = template_files.open_copy(book, path)
    target = (earlier or opened) if alone else book
    try:
        made: Filled = fill(target, opened, datasets)
    finally:
        if target is not opened:
            opened.close()
    return Reported(target, result.lang, made.sheets, made.left_out)


def from_ribbon(book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Step) -> Outcome:
    """Puts the report chosen in the menu into the open workbook and shows it."""
    return outcome(run(book, argument, say=say))


def outcome(made: Reported) -> Outcome:
    """What people are told: the sheets, and what was left out."""
    shown = made.sheets[:5]
    more = len(made.sheets) - len(shown)
    zh = f"报告已生成：{'、'.join(shown)}" + (f" 等 {len(made.sheets)} 张工作表。" if more else "。")
    en = f"The report is ready: {', '.join(shown)}" + (f" and {more} more sheets." if more else ".")
    return Outcome(
        Text(
            zh="\n".join([zh, *(text.zh for text in made.left_out)]),
            en="\n".join([en, *(text.en for text in made.left_out)]),
        ),
        made.sheets[0] if made.sheets else None,
    )


def split(where: tuple[str, ...], template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Conditions on the data, and conditions on results; on a card every condition chooses who gets one.

    >>> split(("地区=华东", "分级=高价值客户"), "churn")
    (('地区=华东',), ('分级=高价值客户',))
    """
    if template == "card":
        return (), tuple(where)
    by_result = tuple(w for w in where if result_key(scope.parse_where(w).name))
    return tuple(w for w in where if w not in by_result), by_result


def result_key(name: str) -> str | None:
    """The result column a condition's name means."""
    for key in RESULTS:
        if name.strip().casefold() in (
            key,
            fields.header(key, "zh").casefold(),
            fields.header(key, "en").casefold(),
        ):
            return key
    return None


def chosen(grading: Grading, where: tuple[str, ...], lang: Lang) -> np.ndarray:
    """Which customers fit the conditions, on their data or their results; bool, one for each customer."""
    x = Datasets(grading, lang)
    customers = localised(x, x.grades)
    for key in RESULTS:
        if key in customers:
            customers[fields.header(key, lang)] = customers[key]
    customers["position"] = np.arange(len(customers))
    data = replace(grading.data, customers=customers, orders=None, contacts=None, feedback=None)
    fitting = scope.apply(data, as_of=grading.as_of, where=where).data.customers["position"]
    mask = np.zeros(len(customers), bool)
    mask[fitting.to_numpy()] = True
    return mask
