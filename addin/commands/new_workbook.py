"""A new customer workbook: entry sheets with drop-down lists and explanations, ready to fill in and grade."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import xlwings as xw

from addin import template_files
from addin.outcome import Outcome
from addin.places import documents_folder, free_path
from udfs.texts import Lang, Text

FILE_NAME = Text(zh="客户工作簿.xlsx", en="Customer workbook.xlsx")
TEMPLATE = "start"


def write(folder: Path, lang: Lang) -> Path:
    """Writes the new workbook into a folder; returns its path. An older one stays."""
    path = free_path(folder / FILE_NAME(lang))
    shutil.copyfile(template_files.path_of(TEMPLATE, lang), path)
    return path


def from_ribbon(
    book: xw.Book | None, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Makes the workbook in the user's documents and opens it."""
    path = write(documents_folder(), lang)
    app.books.open(str(path))
    return Outcome(
        Text(
            zh=f"新工作簿已打开：{path}\n填好客户和订单两张表，就可以点“重新分级”。",
            en=f"The new workbook is open: {path}\nFill in the customers and the orders, then press 'Regrade'.",
        )
    )
