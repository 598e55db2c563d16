"""The commands that change a workbook, as tests and documents run them on the sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import xlwings as xw

from addin.commands import (
    analyse,
    check,
    freeze_formulas,
    refresh_report,
    regrade,
    report,
    set_grade,
    settings,
    what_if,
)
from addin.commands.set_grade import Manual

TODAY = dt.date(2025, 3, 1)
COMMANDS: dict[str, Callable[[xw.Book], Any]] = {
    "check": check.run,
    "regrade": regrade.run,
    "regrade twice": lambda book: (regrade.run(book), regrade.run(book)),
    "set_grade": lambda book: set_grade.run(book, [3, 5], Manual("high", "战略客户", TODAY), TODAY),
    "settings": lambda book: settings.run(book, "zh"),
    "what_if": lambda book: what_if.run(book, lang="zh"),
    "apply_trial": lambda book: what_if.run(book, {"grade_limits.1": 60.0}, apply=True),
    "freeze_formulas": freeze_formulas.run,
    **{f"report {name}": partial(report.run, template=name) for name in ("rfm", "churn", "pivots", "report")},
    "analyse churn": partial(analyse.run, name="churn"),
    "refresh_report": lambda book: (report.run(book, "concentration"), refresh_report.run(book)),
}
