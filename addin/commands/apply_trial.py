"""Apply the trial of `what_if`: regrade with the values typed into the trial sheet."""

from __future__ import annotations

from collections.abc import Callable

import xlwings as xw

from addin.commands import what_if
from addin.outcome import Outcome
from udfs.texts import Lang, Text


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Regrades with the trial's values; without a trial sheet it makes one first."""
    return what_if.run(book, None, True, lang, say)
