"""Undo the last step of Customer Grading; once more is redo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xlwings as xw

from addin import buttons, undo
from addin.commands import ribbon_command
from addin.outcome import Outcome
from udfs.texts import Lang, Text


def run(book: xw.Book) -> Outcome:
    """Takes back the last step on this workbook, or does it again when it was taken back.

    For a workbook file the file itself is brought back; the open `book` is not changed and should be closed.
    """
    if undo.is_file(book):
        return of_file(Path(book.fullname))
    return _said(*undo.undo_open_book(book))


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Takes the last step back; a step that made sheets is done again by running its command."""
    step = undo.last_step(book)
    if step is None or not undo.redo_must_run_again(book):
        return run(book)
    with undo.step(book, step.command, step.argument) as watched:
        outcome = ribbon_command(step.command, watched, app, step.argument, lang, say)
    return Outcome(_said(step, True).message, outcome.show)


def of_file(path: Path) -> Outcome:
    """The same for a workbook file that is not open."""
    return _said(*undo.undo_file(path))


def _said(step: undo.Step, again: bool) -> Outcome:
    label, when = buttons.label(step.command), step.when.replace("T", " ")
    if again:
        return Outcome(
            Text(
                zh=f"已重做“{label.zh}”（{when}）。再按一次即撤销。",
                en=f"Redone: {label.en} ({when}). Once more takes it back.",
            )
        )
    return Outcome(
        Text(
            zh=f"已撤销“{label.zh}”（{when}），工作簿恢复到操作之前。再按一次即重做。",
            en=f"Undone: {label.en} ({when}). The workbook is as it was before. Once more redoes it.",
        )
    )
