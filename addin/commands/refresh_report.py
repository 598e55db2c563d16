"""Refresh report: brings the reports in a workbook up to date, and keeps their layout."""

from __future__ import annotations

from collections.abc import Callable

import xlwings as xw

from addin import buttons
from addin.commands import report
from addin.commands.regrade import quiet
from addin.outcome import Outcome
from udfs import wording
from udfs.texts import FenjiError, Lang, Text
from workbook_templates import designs


def run(book: xw.Book, sheet: str | None = None, say: Callable[[Text], None] = quiet) -> Outcome:
    """Fills the reports of a workbook anew.

    Parameters
    ----------
    book : the workbook with the data and the reports.
    sheet : a sheet of the report meant; without one, or when it belongs to none, every report there is.
    say : told each step as it begins.

    Raises
    ------
    FenjiError
        The workbook holds no report of ours.
    """
    names = templates_in([sheet] if sheet else [])
    names = names or templates_in([s.name for s in book.sheets])
    if not names:
        raise FenjiError(
            zh="这个工作簿里还没有报告。请先点“生成报告”。",
            en="There is no report in this workbook yet. Press 'New Report' first.",
        )
    made = [report.run(book, name, say=say) for name in names]
    first = report.outcome(made[0])
    if len(made) == 1:
        return first
    count = sum(len(m.sheets) for m in made)
    return Outcome(
        Text(
            zh=f"已更新 {len(made)} 份报告，共 {count} 张工作表。",
            en=f"Brought {wording.count(len(made), 'report')} ({wording.count(count, 'sheet')}) up to date.",
        )
    )


def templates_in(sheets: list[str]) -> list[str]:
    """Names of the report templates to which these sheets belong.

    >>> templates_in(["客户", "RFM 热力图"])
    ['rfm']
    """
    return [
        template.name
        for template in designs.ALL
        if template.name not in buttons.NO_REPORTS
        and any(name in sheets for sheet in template.sheets for name in (sheet.name.zh, sheet.name.en))
    ]


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Refreshes the report in front, or all of them."""
    return run(book, book.sheets.active.name, say)
