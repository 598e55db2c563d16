"""One click on a button in Excel for the web: the command runs on the workbook's file, and the changes go back.

The browser sends the workbook as Excel would save it. The command is the same as on a file and runs on the file
engine; what it changed is returned as steps for Office.js, with the steps that lead back, which the browser
keeps for undo. The server keeps nothing of the workbook.
"""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import backups, buttons, log
from addin.commands import guide, regrade, ribbon_command
from addin.hosts import xlsx
from addin.hosts.server import difference
from addin.outcome import Outcome
from udfs.texts import FenjiError, Lang, Text

LARGEST_FILE = 50_000_000  # bytes
# Excel on the web takes five million bytes a request, and sheets that are inserted together are one request.
LARGEST_INSERT = 4_800_000
# Commands that make a workbook of its own, which Excel then opens beside the present one.
NEW_WORKBOOKS = ("sample_data", "new_workbook")
NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Click:
    """What the browser sends.

    Attributes
    ----------
    command : name of the command's module.
    lang : language of the user's Excel.
    argument : the answer to the button's question, or the menu entry.
    workbook : the file; empty for a command that needs none.
    name : the workbook's name.
    sheet, selection : the sheet in front, and the address of the selected cells in it.
    keep_charts : whether new sheets may be inserted with their charts.
    user : who clicked, where the server knows it.
    """

    command: str
    lang: Lang
    argument: str = ""
    workbook: bytes = b""
    name: str = ""
    sheet: str | None = None
    selection: str | None = None
    keep_charts: bool = True
    user: str = ""


@dataclass(slots=True)
class Answer:
    """What the browser does next.

    Attributes
    ----------
    status : "done", or "failed" when nothing is to be changed.
    message : what the user reads.
    show : the sheet to bring to the front.
    steps, back : what to change in the workbook, and what would take it back.
    open : a workbook to open beside this one, in base64.
    page : a page to show in the task pane, as HTML.
    download : name under which the browser offers a copy of the workbook.
    """

    status: str
    message: str
    show: str | None = None
    steps: list[difference.Step] = field(default_factory=list)
    back: list[difference.Step] = field(default_factory=list)
    open: str | None = None
    page: str | None = None
    download: str | None = None


class PaneApp:
    """What a command asks of the program: which cells are selected."""

    def __init__(self, selection: xw.Range | None) -> None:
        self.selection = selection


def answer(click: Click) -> Answer:
    """Runs the command; an error becomes a message, and nothing is changed then."""
    try:
        return _run(click)
    except FenjiError as error:
        return Answer("failed", error.text(click.lang))
    except Exception as error:
        return Answer("failed", _unexpected(error)(click.lang))


def _run(click: Click) -> Answer:
    check_command(click.command)
    if click.command == "guide":
        return Answer("done", buttons.label("guide")(click.lang), page=guide.html(click.lang))
    with tempfile.TemporaryDirectory(prefix="fenji-") as folder:
        if click.command in NEW_WORKBOOKS:
            return _new_workbook(click, Path(folder))
        if click.command == "backup":
            return _copy(click)
        if not _needs_book(click.command):
            outcome = ribbon_command(
                click.command,
                None,
                PaneApp(None),
                click.argument,
                click.lang,
                _quiet,  # type: ignore[arg-type]
            )
            return Answer("done", outcome.message(click.lang), outcome.show)
        return _on_workbook(click, Path(folder))


def check_command(command: str) -> None:
    """Refuses what is no button: the name comes from outside."""
    if command not in [button.command for button in buttons.load().buttons]:
        raise FenjiError(zh=f"没有“{command}”这个命令。", en=f"There is no command '{command}'.")


def _needs_book(command: str) -> bool:
    return any(button.command == command and button.needs_book for button in buttons.load().buttons)


def _quiet(_: Text) -> None:
    """The pane shows by itself that the command runs."""


def _new_workbook(click: Click, folder: Path) -> Answer:
    path: Path = import_module(f"addin.commands.{click.command}").write(folder, click.lang)
    message = Text(
        zh=f"“{path.stem}”会在新窗口里打开。请把它另存到您的文件夹。",
        en=f"'{path.stem}' opens in a new window. Save it in a folder of yours.",
    )
    return Answer("done", message(click.lang), open=base64.b64encode(path.read_bytes()).decode("ascii"))


def _copy(click: Click) -> Answer:
    path = Path(file_name(click.name))
    name = backups.name_now(path) + path.suffix
    message = Text(
        zh=f"副本“{name}”已准备好，请点下面的链接保存。",
        en=f"The copy '{name}' is ready: use the link below to save it.",
    )
    return Answer("done", message(click.lang), download=name)


def _on_workbook(click: Click, folder: Path) -> Answer:
    """The command on the file, and what it changed there."""
    name = file_name(click.name)
    paths = [folder / state / name for state in ("before", "after")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(click.workbook)
    before, after = (xlsx.open(path) for path in paths)
    try:
        outcome = _outcome(click, after)
        if not buttons.changes(click.command):
            return Answer("done", outcome.message(click.lang), outcome.show)
        after.save()
        after.close()
        after = xlsx.open(paths[1])
        steps = difference.steps(before, after, click.keep_charts)
        if not click.keep_charts:
            _check_size(steps)
        back = difference.steps(after, before, click.keep_charts)
        return Answer("done", outcome.message(click.lang), outcome.show, steps, back)
    finally:
        before.close()
        after.close()


def _check_size(steps: list[difference.Step]) -> None:
    """Refuses new sheets that Excel on the web would not take, before anything is changed."""
    largest = max((len(step["workbook"]) for step in steps if step["kind"] == "insert_sheets"), default=0)
    if largest > LARGEST_INSERT:
        raise FenjiError(
            zh=f"结果的工作表有 {largest / 1e6:.1f} MB，网页版 Excel 一次最多接受 5 MB，所以没有改动。"
            "请在桌面版 Excel 里做，或用命令行 fenji regrade 处理这个文件。",
            en=f"The new sheets have {largest / 1e6:.1f} MB; Excel on the web takes 5 MB at once, so nothing was changed. "
            "Use desktop Excel, or the command line on this file: fenji regrade.",
        )


def _outcome(click: Click, book: xw.Book) -> Outcome:
    selection = None
    if click.sheet is not None and click.sheet in [sheet.name for sheet in book.sheets]:
        sheet = book.sheets[click.sheet]
        sheet.activate()
        if click.selection:
            selection = sheet.range(click.selection.split(",")[0])
    app: Any = PaneApp(selection)
    regrade.GRADED_FOR.set(click.user)
    return ribbon_command(click.command, book, app, click.argument, click.lang, _quiet)


def file_name(name: str) -> str:
    """A name for the workbook's file: what the user calls it, without a folder, with an ending.

    >>> file_name("https://firm.sharepoint.com/客户.xlsx"), file_name("Book1")
    ('客户.xlsx', 'Book1.xlsx')
    """
    bare = NOT_IN_A_NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ") or "Book"
    return bare if bare.lower().endswith((".xlsx", ".xlsm")) else f"{bare}.xlsx"


def workbook_bytes(text: str) -> bytes:
    """The workbook the browser sent in base64.

    Raises
    ------
    FenjiError
        It is too large, or no base64.
    """
    if len(text) > LARGEST_FILE * 4 // 3 + 4:
        limit = LARGEST_FILE // 1_000_000
        raise FenjiError(
            zh=f"工作簿超过 {limit} MB，网页版处理不了。请在桌面版 Excel 里，或用命令行 fenji regrade 处理。",
            en=f"The workbook is larger than {limit} MB, too large for this way. Use desktop Excel, or the command "
            "line: fenji regrade.",
        )
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FenjiError(
            zh="工作簿没有完整传到服务器。请再点一次按钮。",
            en="The workbook did not arrive whole. Press the button again.",
        ) from None


def _unexpected(error: Exception) -> Text:
    where = log.write_unexpected(error)
    return Text(
        zh=f"出错了（{type(error).__name__}），工作簿没有改动。详情（不含您的数据）写在服务器的 {where}，请告诉管理员。",
        en=f"Something went wrong ({type(error).__name__}). The workbook was not changed. Details, without your "
        f"data, are on the server in {where}; please tell your administrator.",
    )
