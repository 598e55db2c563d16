"""About: version, where things are, and what to do when something does not work."""

from __future__ import annotations

import sys
from collections.abc import Callable

import xlwings as xw

from addin import log, places, undo
from addin.outcome import Outcome
from addin.version import version
from udfs.texts import Lang, Text


def from_ribbon(
    book: xw.Book | None, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Shows it."""
    return Outcome(about())


def about() -> Text:
    """The text."""
    megabytes = undo.size() / 1e6
    log_file = places.home() / log.NAME
    return Text(
        zh=f"分级 fenji {version()}\nPython：{sys.executable}\n日志（不含您的数据）：{log_file}\n"
        f"撤销记录：{megabytes:.1f} MB，命令行 fenji undo --clear 可删除\n\n"
        "按钮或函数不工作时，请在命令行运行 fenji doctor，它会逐项检查并告诉您怎样修好。",
        en=f"fenji {version()}\nPython: {sys.executable}\nLog, without your data: {log_file}\n"
        f"Kept for undo: {megabytes:.1f} MB; remove it with: fenji undo --clear\n\n"
        "If a button or function does not work, run 'fenji doctor' on the command line: it checks every link and "
        "says how to mend it.",
    )
