"""Check the data: the list of cells to look at, on a sheet of its own. The user's data stay as they are."""

from __future__ import annotations

from collections.abc import Callable

import xlwings as xw

from addin.commands import regrade
from addin.outcome import Outcome
from addin.tables import TableChoice
from udfs import wording
from udfs.cleaning.problems import to_do
from udfs.texts import Lang, Text
from workbook_templates.datasets import Datasets


def run(
    book: xw.Book,
    choice: TableChoice | None = None,
    lang: Lang | None = None,
    say: Callable[[Text], None] = regrade.quiet,
) -> Outcome:
    """Writes the check list of an open workbook into the sheet 数据检查 / Data checks.

    Raises
    ------
    FenjiError
        The data cannot be graded at all, with the reason.
    """
    result = regrade.run(book, choice=choice, lang=lang, write=False, say=say)
    datasets = Datasets(result.grading, result.lang, {"checks": regrade.check_list(result)})
    sheets = regrade.fill_template(book, datasets, result.lang, ["tblChecks"])
    count, rows = len(to_do(result.cleaned.problems)), result.cleaned.rows_read
    if not count:
        return Outcome(
            Text(
                zh=f"检查了 {rows:,} 行订单，没有发现问题。",
                en=f"Checked {wording.count(rows, 'order row')}: no problems.",
            )
        )
    return Outcome(
        Text(
            zh=f"有 {count:,} 处请核对：哪一行、哪一列、什么问题、怎么改，都列在工作表“{sheets[0]}”里。您的数据没有改动。",
            en=f"{wording.count(count, 'cell')} to look at. The sheet '{sheets[0]}' lists row, column, problem and what to do. "
            "Your data were not changed.",
        ),
        sheets[0],
    )


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Checks the open workbook."""
    return run(book, say=say)
