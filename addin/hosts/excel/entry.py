"""Where a button's macro arrives: runs the command on the open workbook and shows what came out.

Whatever happens, Excel is left as it was found: calculation, screen updating, events, alerts, the selected
cells and the sheet in front. An unexpected error is written to the log without any of the user's data.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import xlwings as xw

from addin import buttons, log, undo
from addin.commands import ribbon_command, sample_data
from addin.outcome import Outcome
from udfs.texts import FenjiError, Lang, Text

ESCAPE_KEY = 0x1B
# How Excel is set while a command runs; before and after it is as the user has it.
QUIET = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}
STOPPED = Text(zh="已停止，工作簿没有改动。", en="Stopped. The workbook was not changed.")


def run(command: str, lang: str, argument: str = "", window: int = 0) -> str:
    """Runs one command for the calling Excel; called by VBA on Windows, by the AppleScript on macOS.

    Parameters
    ----------
    command : name of the module in addin.commands.
    lang : "zh" or "en", Excel's own language.
    argument : the answer to the button's question, or the menu entry.
    window : Excel's window handle, on Windows.

    Returns
    -------
    str
        "changed" when the workbook was changed (Excel then offers our undo under Ctrl+Z), "done" when not,
        "failed" after an error, which the user has seen.
    """
    spoken: Lang = "zh" if lang == "zh" else "en"
    app = calling_app(window)
    try:
        with left_as_found(app):
            outcome = execute(command, app, argument, spoken)
    except FenjiError as error:
        return _failed(app, error.text, spoken)
    except Exception as error:
        return _failed(app, unexpected(error), spoken)
    if outcome.show and (book := active_book(app)):
        book.sheets[outcome.show].activate()
    app.alert(
        message(outcome, command, active_book(app))(spoken), title=buttons.label(command)(spoken), mode="info"
    )
    return "changed" if buttons.changes(command) else "done"


def message(outcome: Outcome, command: str, book: xw.Book | None) -> Text:
    """What the user reads: the outcome and, in the sample workbook, which of the four steps comes next."""
    following = sample_data.next_step(book, command) if book else None
    if following is None:
        return outcome.message
    return Text(zh=f"{outcome.message.zh}\n\n{following.zh}", en=f"{outcome.message.en}\n\n{following.en}")


def execute(command: str, app: xw.App, argument: str, lang: Lang) -> Outcome:
    """Runs a command on the active workbook; one that changes it becomes a step that can be undone."""
    say = Progress(app, lang)
    book = active_book(app)
    if book is None and buttons.needs_book(command):
        raise FenjiError(buttons.NO_WORKBOOK.zh, buttons.NO_WORKBOOK.en)
    if book is None or not buttons.changes(command):
        return ribbon_command(command, book, app, argument, lang, say)
    with undo.step(book, command, argument) as watched:
        return ribbon_command(command, watched, app, argument, lang, say)


def calling_app(window: int) -> xw.App:
    """The Excel that called."""
    if sys.platform == "win32" and window:
        from xlwings import _xlwindows

        return xw.App(impl=_xlwindows.App(xl=window))
    return xw.apps.active


def active_book(app: xw.App) -> xw.Book | None:
    """The workbook in front; None when there is none (hidden ones do not count), in each host's own way."""
    try:
        book = app.books.active
        return book if book.name else None
    except Exception:
        return None


def unexpected(error: Exception) -> Text:
    """What the user reads after a bug; the details are in the log."""
    where = log.write_unexpected(error)
    return Text(
        zh=f"出错了（{type(error).__name__}），工作簿已恢复到操作之前。详情（不含您的数据）写在 {where}，请把它发给维护者。",
        en=f"Something went wrong ({type(error).__name__}). The workbook is as it was before. Details, without "
        f"your data, are in {where}; please send it to the maintainers.",
    )


def _failed(app: xw.App, text: Text, lang: Lang) -> str:
    app.alert(text(lang), title=Text(zh="客户分级", en="Customer Grading")(lang), mode="critical")
    return "failed"


@contextmanager
def left_as_found(app: xw.App) -> Iterator[None]:
    """Fast and quiet inside the block; afterwards Excel's state is as before, also after an error."""
    book = active_book(app)
    before = {name: getattr(app, name) for name in QUIET} if book else {}
    sheet = book.sheets.active if book else None
    selected = app.selection if book else None
    try:
        for name in before:
            setattr(app, name, QUIET[name])
        yield
    finally:
        with suppress(Exception):  # the sheet may be one that the command replaced
            if sheet is not None:
                sheet.activate()
            if selected is not None:
                selected.select()
        for name, value in before.items():
            setattr(app, name, value)
        app.status_bar = False


class Progress:
    """Says each step in Excel's status bar and, on Windows, in the window's title, which shows in the task bar too.

    The Escape key stops the command at the next step (Windows). The add-in's macro puts status bar and title back.
    """

    def __init__(self, app: xw.App, lang: Lang, is_pressed: Callable[[], bool] | None = None) -> None:
        self._app, self._lang = app, lang
        self._is_pressed = is_pressed or escape_is_pressed
        self._on_windows = sys.platform == "win32"

    def __call__(self, text: Text) -> None:
        if self._is_pressed():
            raise FenjiError(zh=STOPPED.zh, en=STOPPED.en)
        hint = Text(zh="（按 Esc 停止）", en=" (Esc stops)")(self._lang) if self._on_windows else ""
        self._app.status_bar = f"{text(self._lang)}…{hint}"
        if self._on_windows:
            name = Text(zh="客户分级：", en="Customer Grading: ")(self._lang)
            self._app.api.Caption = f"{name}{text(self._lang)}…"


def escape_is_pressed() -> bool:
    """Whether the Escape key was pressed since the last look; False where that cannot be known."""
    if sys.platform != "win32":
        return False
    import ctypes

    state: Any = ctypes.windll.user32.GetAsyncKeyState(ESCAPE_KEY)
    return bool(state & 0x8001)


def main(arguments: list[str]) -> None:
    """macOS: `python -P -m addin.hosts.excel.entry COMMAND LANG ARGUMENT`, started by fenji.applescript."""
    command, lang, argument = (*arguments, "", "")[:3]
    print(run(command, lang, argument))


if __name__ == "__main__":
    main(sys.argv[1:])
