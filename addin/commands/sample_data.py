"""Sample data and a guided first run: a workbook to try everything on, with four steps to follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlwings as xw

from addin.outcome import Outcome
from addin.places import documents_folder, free_path
from udfs.texts import Lang, Text
from workbook_templates import style

FILE_NAME = Text(zh="客户分级示例.xlsx", en="Customer grading sample.xlsx")
CUSTOMERS = 800
GUIDE_SHEET = Text(zh="四步上手", en="Four steps")
TITLE = Text(zh="四步上手：用示例数据试一遍", en="Four steps: try it on sample data")
ABOUT = Text(
    zh="后面几张工作表是一家公司的客户、订单、联系记录和反馈，带着真实表格常见的毛病。随便试，每一步都能撤销。",
    en="The sheets behind hold a company's customers, orders, contacts and feedback, with the dirt of real tables. "
    "Try anything: every step can be undone.",
)
HEADERS = (
    Text(zh="步骤", en="Step"),
    Text(zh="做什么", en="What to do"),
    Text(zh="会看到什么", en="What you see"),
    Text(zh="没有 Excel 时", en="Without Excel"),
)
WIDTHS = (8, 44, 62, 40)
NEXT_TIME = Text(
    zh="换成您自己的数据：打开自己的工作簿，从第 2 步做起。列名相近即可，不必和示例一样；还没有表，就点“新建客户表”。",
    en="Your own data: open your workbook and start with step 2. Its column names need not be those of the sample; if "
    "you have no tables yet, press 'New Workbook'.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps: the commands that do it, in words and on the command line."""

    commands: tuple[str, ...]
    do: Text
    see: Text
    shell: str


STEPS = (
    Step(
        (),
        Text(zh="看一看工作表“客户”和“订单”。", en="Look at the sheets 'Customers' and 'Orders'."),
        Text(
            zh="一行一位客户，一行一笔订单，有重复、文字日期和“86元”。这些都不用先整理。",
            en="One row a customer, one row an order, with duplicates, dates as text and amounts such as '$86.00'. None of "
            "it has to be tidied first.",
        ),
        "fenji columns {file}",
    ),
    Step(
        ("check",),
        Text(zh="点“检查数据”。", en="Press 'Check Data'."),
        Text(
            zh="新工作表列出要核对的单元格：哪一行、哪一列、什么问题、怎么改。您的数据不会被改动。",
            en="A new sheet lists the cells to look at: row, column, problem and proposal. Your data stay as they are.",
        ),
        "fenji check {file}",
    ),
    Step(
        ("regrade",),
        Text(zh="点“重新分级”。", en="Press 'Regrade'."),
        Text(
            zh="每位客户得到得分、客群、等级和一句话的理由，写在“客户”表右侧；汇总在工作表“客户分级”里。",
            en="Every customer gets scores, a segment, a grade and one sentence saying why, at the right of the customer "
            "table; the sheet 'Customer grades' sums up.",
        ),
        "fenji regrade {file}",
    ),
    Step(
        ("explain", "report"),
        Text(
            zh="选中一位客户，点“解释此客户”；再点“生成报告”，选“流失预警”。",
            en="Select a customer and press 'Explain Customer'; then 'New Report', 'Customers at risk of leaving'.",
        ),
        Text(
            zh="先看到这位客户为什么是这个等级、怎样升级；再得到一份先写结论、再配图表的报告。不满意就点“撤销上一步”。",
            en="First why this customer has this grade and what would raise it; then a report, the finding first and charts "
            "after it. Not what you wanted? 'Undo Last Step'.",
        ),
        "fenji report {file} -t churn",
    ),
)


def write(folder: Path, lang: Lang, customers: int = CUSTOMERS) -> Path:
    """Writes the sample workbook with its guide into a folder; returns its path. An older one stays."""
    from addin.hosts import xlsx
    from workbook_templates.sample_workbook import write_sample_workbook

    path = free_path(folder / FILE_NAME(lang))
    write_sample_workbook(path, lang, customers)
    book = xlsx.open(path)
    _write_guide(book.sheets.add(GUIDE_SHEET(lang), before=book.sheets[0]), path.name, lang)
    book.sheets[0].activate()
    book.save()
    book.close()
    return path


def _write_guide(sheet: xw.Sheet, file: str, lang: Lang) -> None:
    """The four steps as a small table, to be read at a glance."""
    rows = [
        [number, step.do(lang), step.see(lang), step.shell.format(file=f'"{file}"')]
        for number, step in enumerate(STEPS, 1)
    ]
    last = 5 + len(rows)
    sheet["A1"].value, sheet["A2"].value = TITLE(lang), ABOUT(lang)
    sheet["A4"].resize(1, 4).value = [header(lang) for header in HEADERS]
    sheet["A5"].resize(len(rows), 4).value = rows
    sheet.range((last + 1, 1)).value = NEXT_TIME(lang)
    sheet.range((1, 1), (last + 1, 4)).font.name = style.FONT[lang]
    sheet.range((1, 1), (last + 1, 4)).font.color = style.INK
    sheet["A1"].font.size = 16
    sheet["A2"].font.color = style.GREY
    sheet["A4:D4"].color = style.WASH
    sheet["A4:D4"].font.bold = True
    body = sheet.range((5, 1), (last - 1, 4))
    body.wrap_text = True
    body.vertical_alignment = "top"
    body.row_height = 52
    sheet.range((5, 1), (last - 1, 1)).horizontal_alignment = "center"
    for column, width in enumerate(WIDTHS, 1):
        sheet.range((1, column)).column_width = width
    sheet.show_gridlines = False


def next_step(book: xw.Book, command: str) -> Text | None:
    """In the sample workbook: what to do after a command; None elsewhere, or when no step follows."""
    if not {sheet.name for sheet in book.sheets} & {GUIDE_SHEET.zh, GUIDE_SHEET.en}:
        return None
    for number, step in enumerate(STEPS, 1):
        if command not in step.commands:
            continue
        if command != step.commands[-1]:  # the step has a second half
            return Text(
                zh="接下来：点“生成报告”，选“流失预警”。",
                en="Next: press 'New Report', 'Customers at risk of leaving'.",
            )
        if number == len(STEPS):
            return NEXT_TIME
        following = STEPS[number]
        return Text(
            zh=f"接下来是第 {number + 1} 步：{following.do.zh}",
            en=f"Next, step {number + 1}: {following.do.en}",
        )
    return None


def from_ribbon(
    book: xw.Book | None, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Makes the sample workbook in the user's documents and opens it."""
    path = write(documents_folder(), lang)
    app.books.open(str(path))
    return Outcome(
        Text(
            zh=f"示例工作簿已打开：{path}\n第一张工作表写着四个步骤，照着点一遍即可。接下来是第 2 步：{STEPS[1].do.zh}",
            en=f"The sample workbook is open: {path}\nIts first sheet lists four steps to follow. Next, step 2: {STEPS[1].do.en}",
        )
    )
