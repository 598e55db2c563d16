"""Sample data and a guided first run: a workbook to try everything on, with four steps to follow."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import xlwings as xw

from addin.outcome import Outcome
from udfs.texts import Lang, Text

FILE_NAME = Text(zh="客户分级示例.xlsx", en="Customer grading sample.xlsx")
GUIDE_SHEET = Text(zh="四步上手", en="Four steps")
STEPS = (
    Text(
        zh="四步上手：用示例数据试一遍",
        en="Four steps: try it on sample data",
    ),
    Text(
        zh="1  看一看数据：后面几张工作表是客户、订单、联系记录和反馈。换成您自己的数据时，列名相近即可，不必一样。",
        en="1  Look at the data: the sheets behind are customers, orders, contacts and feedback. Your own column names "
        "may differ a little.",
    ),
    Text(
        zh="2  点“检查数据”：列出缺失、重复和看不懂的单元格，每条都有建议。您的数据不会被改动。",
        en="2  Press 'Check Data': missing, duplicate and unreadable cells are listed, each with a proposal. Your data "
        "stay as they are.",
    ),
    Text(
        zh="3  点“重新分级”：每个客户得到得分、分类、等级和一句话的理由，写在客户表右侧和新的工作表里。",
        en="3  Press 'Regrade': every customer gets scores, classes, a grade and one sentence saying why, in new columns "
        "of the customer table and in new sheets.",
    ),
    Text(
        zh="4  选中一位客户，点“解释此客户”；再点“生成报表”。不满意就点“撤销上一步”。",
        en="4  Select a customer and press 'Explain Customer'; then 'New Report'. Not what you wanted? 'Undo Last Step'.",
    ),
)


def write(folder: Path, lang: Lang) -> Path:
    """Writes the sample workbook with its guide into a folder; returns its path. An older one stays."""
    from addin.hosts import xlsx
    from workbook_templates.sample_workbook import write_sample_workbook

    path = free_name(folder / FILE_NAME(lang))
    write_sample_workbook(path, lang)
    book = xlsx.open(path)
    sheet = book.sheets.add(GUIDE_SHEET(lang), before=book.sheets[0])
    sheet.range("A1").resize(len(STEPS), 1).value = [[step(lang)] for step in STEPS]
    sheet["A1"].font.size = 16
    sheet["A1"].font.bold = True
    sheet["A1:A5"].row_height = 34
    sheet["A1"].column_width = 110
    sheet["A2:A5"].wrap_text = True
    book.save()
    book.close()
    return path


def from_ribbon(
    book: xw.Book | None, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Makes the sample workbook in the user's documents and opens it."""
    path = write(documents_folder(), lang)
    app.books.open(str(path))
    return Outcome(
        Text(
            zh=f"示例工作簿已打开：{path}\n第一张工作表写着四个步骤，照着点一遍即可。",
            en=f"The sample workbook is open: {path}\nIts first sheet lists four steps to follow.",
        )
    )


def documents_folder() -> Path:
    """The user's folder for documents."""
    home = Path(os.environ.get("USERPROFILE", "")) if sys.platform == "win32" else Path.home()
    for folder in (home / "Documents", home / "文档"):
        if folder.is_dir():
            return folder
    return home


def free_name(path: Path) -> Path:
    """The path itself, or with a number where there is such a file already."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free
