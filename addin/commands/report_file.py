"""`fenji report FILE --template NAME`: a report from a file, into it or as a workbook or PDF of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import shell, sources, undo
from addin.backups import backup
from addin.commands import report, templates
from addin.commands.regrade import Step, quiet
from addin.commands.regrade_file import made, opened, opened_grids
from addin.commands.report import Reported
from addin.grids import Grid
from addin.hosts import xlsx
from addin.hosts.xlsx.saving import check_writable
from addin.pdf import write_pdf
from addin.tables import TableChoice
from udfs.texts import FenjiError, Lang, Text
from workbook_templates.designs import entry


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
    """Makes the report and says where it is, in the report's language; returns the files written."""
    if request.template == entry.TEMPLATE.name:
        return start_workbook(request, spoken)
    if request.file is None:
        raise FenjiError(zh="请写出客户工作簿的文件名。", en="Name the workbook with the customers.")
    target = request.out or default_target(request)
    check_writable(target)
    with shell.progress(spoken) as say:
        result, written = make(request, target, say)
    for text in result.left_out:
        shell.say(Text(zh=f"未包含：{text.zh}。", en=f"Not included: {text.en}."), result.lang)
    for path in written:
        shell.say(Text(zh=f"报告：{path}", en=f"Report: {path}"), result.lang)
    return written


def default_target(request: ReportRequest) -> Path:
    """The workbook itself; beside a file that is no workbook, one of that name."""
    assert request.file is not None
    if sources.is_workbook(request.file):
        return request.file
    ending = Text(zh="-报告.xlsx", en="-report.xlsx")(request.lang or "en")
    return request.file.with_name(request.file.stem + ending)


def make(request: ReportRequest, target: Path, say: Step = quiet) -> tuple[Reported, list[Path]]:
    """The report in `target`: in the workbook itself, after a backup, or in a workbook of its own."""
    assert request.file is not None
    if sources.is_workbook(request.file):
        with opened(request.file) as book:
            return fill_and_save(request, book, None, target, say)
    with opened_grids([request.file]) as grids, made(request.lang or "en") as book:
        return fill_and_save(request, book, grids, target, say)


def fill_and_save(
    request: ReportRequest, book: xw.Book, grids: list[Grid] | None, target: Path, say: Step
) -> tuple[Reported, list[Path]]:
    """Fills the template and writes the files asked for."""
    choice = TableChoice(sheets=request.sheets, tables=request.tables, combine=request.together)
    alone = grids is not None or request.out is not None
    earlier = earlier_report(request)
    result = report.run(
        book, request.template, request.overrides, choice, request.lang, alone, say, earlier, grids
    )
    say(Text(zh="正在保存", en="Saving"))
    if target.suffix.lower() == ".pdf":
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{target.stem}.xlsx"
            result.book.save(file)
            write_pdf(file, target)
        return result, [target]
    with undo.file_step(target.resolve(), "report"):
        if target.exists():
            backup(target)
        result.book.save(target)
    written = [target]
    if request.pdf:
        written.append(print_report(alone, result, target))
    return result, written


def earlier_report(request: ReportRequest) -> xw.Book | None:
    """The report of an earlier run under the same name: its data are replaced, its layout stays."""
    out = request.out
    if out is None or not out.exists() or not sources.is_workbook(out):
        return None
    return xlsx.open(out)


def print_report(alone: bool, result: Reported, target: Path) -> Path:
    """The PDF beside the report; of a report inside a workbook only the report's sheets."""
    pdf = target.with_suffix(".pdf")
    check_writable(pdf)
    if alone:
        write_pdf(target, pdf)
        return pdf
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / target.name
        shutil.copyfile(target, copy)
        book = xlsx.open(copy)
        for sheet in list(book.sheets):
            if sheet.name not in result.sheets:
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
    shell.say(Text(zh=f"新的客户管理表：{target}", en=f"New customer workbook: {target}"), spoken)
    return [target]
