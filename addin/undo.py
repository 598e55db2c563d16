"""Undo of the last command on a workbook, in a local store outside the workbook.

A command runs inside a step::

    with undo.step(book, "regrade") as book:
        message = regrade.run(book)
        book.save()

For a workbook file the step keeps the file's bytes as they were, so undo brings back every part exactly, and
undoing twice is redo. In Excel it keeps the cells and sheets the command touches (`addin.recording`). One
step a workbook is kept; the store is bounded in size and age (`LARGEST_STORE` or a single step that is larger,
`LONGEST_DAYS`), readable by this user only, and removable (`clear`). When an error occurs in a step, a workbook open in Excel is put back as it was, and no step is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import xlwings as xw

from addin import places, recording
from addin.hosts.xlsx.saving import replace_file
from udfs.texts import FenjiError

LARGEST_STORE = 1_000_000_000  # bytes
LONGEST_DAYS = 30
NEW = ".new-"  # a step that is not finished yet
LONGEST_STEP = 86_400  # seconds; an unfinished step that is older was left by a program that crashed
STORE = "undo"  # folder in fenji's own
BEFORE, AFTER, DESCRIPTION = "before", "after", "step.json"


@dataclass(frozen=True, slots=True)
class Step:
    """The last step on a workbook.

    Attributes
    ----------
    path : the workbook.
    command : name of the module in addin.commands.
    when : local time, ISO format.
    before, after : SHA-256 of the file before and after; empty for a workbook open in Excel.
    argument : what the command was given, to run it again.
    """

    path: str
    command: str
    when: str
    before: str = ""
    after: str = ""
    argument: str = ""


@contextmanager
def step(book: xw.Book, command: str, argument: str = "") -> Iterator[xw.Book]:
    """Makes what happens to `book` inside the block one step that can be undone.

    Parameters
    ----------
    book : the workbook; one that was never saved as a file, in the file engine, has nothing to go back to.
    command : name of the command's module.
    argument : what the command was given.

    Yields
    ------
    xlwings.Book
        The book to work on: in Excel it notes what is touched.
    """
    if is_file(book):
        with file_step(Path(book.fullname), command):
            yield book
        return
    notes = recording.Notes(book)
    try:
        yield recording.watched(book, notes)
    except BaseException:
        recording.restore(book, notes.finish())
        raise
    record = notes.finish()
    folder = _new_folder(book.fullname)
    (folder / BEFORE).write_text(json.dumps(record.to_json(), ensure_ascii=False), "utf-8")
    _describe(folder, Step(book.fullname, command, _now(), argument=argument))
    _put_in_place(folder, book.fullname)


@contextmanager
def file_step(path: Path, command: str) -> Iterator[None]:
    """Makes what happens to the file `path` inside the block one step that can be undone."""
    if not path.exists():
        yield
        return
    folder = _new_folder(str(path))
    try:
        shutil.copyfile(path, folder / BEFORE)
        yield
        before, after = _digest(folder / BEFORE), _digest(path)
        if before != after:
            _describe(folder, Step(str(path), command, _now(), before, after))
            _put_in_place(folder, str(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def last_step(book: xw.Book | Path) -> Step | None:
    """The step that `undo` would take back (or do again), or None."""
    name = book.fullname if isinstance(book, xw.Book) else str(book)
    try:
        content = json.loads((_folder(name) / DESCRIPTION).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Step(**content)


def undo_file(path: Path) -> tuple[Step, bool]:
    """Takes back the last step on a workbook file, or does it again when it was taken back.

    Returns
    -------
    tuple of Step and bool
        The step, and whether it stands again (redo).

    Raises
    ------
    FenjiError
        There is no step, or the file was changed since by something else.
    """
    found = last_step(path)
    if found is None:
        raise nothing_to_undo(path.name)
    folder, now = _folder(str(path)), _digest(path)
    if now == found.after:
        shutil.copyfile(path, folder / AFTER)
        replace_file(path, _Content(folder / BEFORE))
        return found, False
    if now == found.before and (folder / AFTER).exists():
        replace_file(path, _Content(folder / AFTER))
        return found, True
    raise _changed_since(path.name)


def _changed_since(name: str) -> FenjiError:
    return FenjiError(
        zh=f"“{name}”在上一步之后又被改动过，撤销会丢掉这些改动，所以没有执行。需要的话，可以用旁边的备份文件恢复。",
        en=f"'{name}' was changed after the last step. Undoing would lose those changes, so nothing was "
        "done. The backup files beside it can bring back an earlier state.",
    )


def undo_open_book(book: xw.Book) -> tuple[Step, bool]:
    """Takes back the last step on a workbook open in Excel, or does it again; see `undo_file`."""
    found = last_step(book)
    if found is None:
        raise nothing_to_undo(book.name)
    place = _folder(book.fullname) / BEFORE
    record = _record(book)
    if recording.fingerprint(book, record) != record.state:
        raise _changed_since(book.name)
    opposite = recording.restore(book, record)
    place.write_text(json.dumps(opposite.to_json(), ensure_ascii=False), "utf-8")
    return found, not record.is_undo


def redo_must_run_again(book: xw.Book) -> bool:
    """Whether the step that was taken back made sheets or objects: they come only from the command itself."""
    record = _record(book)
    return not record.is_undo and bool(record.deleted or record.objects_gone)


def _record(book: xw.Book) -> recording.Record:
    return recording.Record.from_json(json.loads((_folder(book.fullname) / BEFORE).read_text("utf-8")))


def nothing_to_undo(name: str) -> FenjiError:
    return FenjiError(
        zh=f"“{name}”没有可以撤销的操作。只能撤销客户分级自己做的最近一步。",
        en=f"There is nothing to undo in '{name}'. Only the last step of Customer Grading itself can be taken back.",
    )


def is_file(book: xw.Book) -> bool:
    """Whether the book is a file without Excel."""
    from addin.hosts.xlsx.book import Book

    return isinstance(book.impl, Book)


def size() -> int:
    """Bytes in the store."""
    return _bytes(_store())


def clear(path: Path | str | None = None) -> None:
    """Removes the kept step of one workbook, or all of them."""
    shutil.rmtree(_store() if path is None else _folder(str(path)), ignore_errors=True)


class _Content:
    """Writes a stored file into a file being replaced."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def __call__(self, out: BinaryIO) -> None:
        with self._source.open("rb") as source:
            shutil.copyfileobj(source, out, 1 << 20)


def _store() -> Path:
    return places.home() / STORE


def _folder(name: str) -> Path:
    """The folder of one workbook: named by a digest, so it tells nothing about it."""
    path = os.path.normcase(os.path.realpath(name)) if os.path.isabs(name) or os.path.exists(name) else name
    return _store() / hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _new_folder(name: str) -> Path:
    places.make_private(_store())
    return Path(tempfile.mkdtemp(prefix=NEW, dir=_store()))


def _describe(folder: Path, described: Step) -> None:
    (folder / DESCRIPTION).write_text(json.dumps(asdict(described), ensure_ascii=False), "utf-8")


def _put_in_place(folder: Path, name: str) -> None:
    """Makes the finished folder the workbook's last step, then keeps the store within its bounds."""
    target = _folder(name)
    shutil.rmtree(target, ignore_errors=True)
    with suppress(OSError):  # another program put its own step there at this moment: that one is the last
        folder.rename(target)
    _prune(keep=target)


def _prune(keep: Path) -> None:
    """Removes steps that are too old, and the oldest while the store is too large; only `keep` always stays.

    Other programs may be at work in the store: what has gone in the meantime is passed over.
    """
    now = time.time()
    oldest = now - LONGEST_DAYS * 86_400
    steps = sorted((_changed(folder), _bytes(folder), folder) for folder in _store().iterdir())
    total = sum(size for _, size, _ in steps)
    for changed, size, folder in steps:
        at_work = folder.name.startswith(NEW) and changed > now - LONGEST_STEP
        if folder == keep or at_work or (changed > oldest and total <= LARGEST_STORE):
            continue
        total -= size
        shutil.rmtree(folder, ignore_errors=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def _bytes(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return dt.datetime.now().isoformat(timespec="seconds")
