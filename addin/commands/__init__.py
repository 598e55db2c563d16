"""One module per ribbon command, each `run(book, ...)`, written once against xlwings' object model."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import xlwings as xw

from addin.outcome import Outcome
from udfs.texts import Lang, Text


def ribbon_command(
    command: str,
    book: xw.Book | None,
    app: xw.App,
    argument: str,
    lang: Lang,
    say: Callable[[Text], None],
) -> Outcome:
    """Runs a command as its button does.

    A module that needs more than the book (the user's answer, the program, the language, progress) defines
    `from_ribbon(book, app, argument, lang, say)`; for the others the button simply runs `run(book)`.
    """
    module = import_module(f"addin.commands.{command}")
    if hasattr(module, "from_ribbon"):
        return module.from_ribbon(book, app, argument, lang, say)
    return module.run(book)
