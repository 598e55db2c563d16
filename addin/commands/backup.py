"""Back up now: a copy of the workbook beside it."""

from __future__ import annotations

from pathlib import Path

import xlwings as xw

from addin import backups, undo
from addin.outcome import Outcome
from udfs.texts import FenjiError, Text


def run(book: xw.Book) -> Outcome:
    """Saves the workbook when it is open in Excel, and copies its file beside it.

    The last five backups are kept; older ones are removed.
    """
    path = Path(book.fullname)
    if not path.is_file():
        raise FenjiError(
            zh=f"“{book.name}”还没有保存过，或者不在本机的文件夹里。请先用“另存为”保存到本机，再备份。",
            en=f"'{book.name}' was never saved, or is not in a folder of this computer. Save it there first, then back it up.",
        )
    if not undo.is_file(book):
        book.save()
    return of_file(path)


def of_file(path: Path) -> Outcome:
    """Copies a workbook file beside it."""
    copy = backups.backup(path)
    return Outcome(
        Text(
            zh=f"已备份到“{copy.name}”，就在工作簿旁边。最近五份备份会保留。",
            en=f"Backed up as '{copy.name}', beside the workbook. The last five backups are kept.",
        )
    )
