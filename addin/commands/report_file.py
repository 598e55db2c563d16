"""`fenji report FILE --template NAME`: a report from a file, into it or as a workbook or PDF of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import shell, undo
from addin.backups import backup
from addin.commands import report, templates
from addin.commands.regrade import Step, quiet
from addin.commands.report import Reported
from addin.hosts import xlsx
from addin.hosts.xlsx.saving import check_writable
from addin.pdf import write_pdf
from addin.tables import TableChoice
from udfs.texts import FenjiError, Lang, Text
from workbook_templates.designs import entry

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(slots=True)
class ReportRequest:
    """What the shell asks for; see `fenji report --help`."""

    file: Path | None
    template: str
    out: Path | None = None
    pdf: bool = False
    lang: Lang | None = None
    sheets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    together: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict)


def run(request: ReportRequest, spoken: Lang) -> list[Path]:
    """Makes the report and says where it is; returns the files written."""
    if request.template == entry.TEMPLATE.name:
        return start_workbook(request, spoken)
    if request.file is None:
        raise FenjiError(zh="请写出客户工作簿的文件名。", en="Name the workbook with the customers.")
    target = request.out or request.file
    check_writable(target)
    with shell.progress(spoken) as say:
        made, written = make(request, target, say)
    for text in made.left_out:
        shell.say(Text(zh=f"未包含:{text.zh}。", en=f"Not included: {text.en}."), spoken)
    for path in written:
        shell.say(Text(zh=f"报告:{path}", en=f"Report: {path}"), spoken)
    return written


def make(request: ReportRequest, target: Path, say: Step = quiet) -> tuple[Reported, list[Path]]:
    """The report in `target`: in the workbook itself, after a backup, or in a workbook of its own."""
    assert request.file is not None
    book = xlsx.open(request.file)
    choice = TableChoice(sheets=request.sheets, tables=request.tables, combine=request.together)
    alone = request.out is not None
    earlier = earlier_report(request)
    made = report.run(book, request.template, request.overrides, choice, request.lang, alone, say, earlier)
    say(Text(zh="正在保存", en="Saving"))
    written = []
    if target.suffix.lower() == ".pdf":
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{target.stem}.xlsx"
            made.book.save(file)
            write_pdf(file, target)
        return made, [target]
    if target.exists():
        backup(target)
    with undo.file_step(target, "report"):
        made.book.save(target)
    written.append(target)
    if request.pdf:
        written.append(print_report(request, made, target))
    return made, written


def earlier_report(request: ReportRequest) -> xw.Book | None:
    """The report of an earlier run under the same name: its data are replaced, its layout stays."""
    out = request.out
    if out is None or not out.exists() or out.suffix.lower() not in WORKBOOKS:
        return None
    return xlsx.open(out)


def print_report(request: ReportRequest, made: Reported, target: Path) -> Path:
    """The PDF beside the report; of a report inside a workbook only the report's sheets."""
    pdf = target.with_suffix(".pdf")
    check_writable(pdf)
    if request.out is not None:
        write_pdf(target, pdf)
        return pdf
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / target.name
        shutil.copyfile(target, copy)
        book = xlsx.open(copy)
        for sheet in list(book.sheets):
            if sheet.name not in made.sheets:
                sheet.delete()
        book.save()
        write_pdf(copy, pdf)
    return pdf


def start_workbook(request: ReportRequest, spoken: Lang) -> list[Path]:
    """The empty customer workbook under the name asked for."""
    lang = request.lang or spoken
    name = Text(zh="客户管理表.xlsx", en="Customers.xlsx")(lang)
    target = request.out or request.file or Path(name)
    if target.exists():
        raise FenjiError(
            zh=f"“{target}”已经存在。请用 -o 写一个新的文件名。",
            en=f"'{target}' exists already. Give a new name with -o.",
        )
    check_writable(target)
    shutil.copyfile(templates.resolve(request.template, lang), target)
    shell.say(Text(zh=f"新的客户管理表:{target}", en=f"New customer workbook: {target}"), spoken)
    return [target]
