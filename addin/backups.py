"""Backups beside a file before it is changed: the last five are kept, and any can be brought back.

`customers.xlsx` has its backups as `customers.backup-20260131-093000.xlsx` in the same folder.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import shutil
from pathlib import Path
from typing import BinaryIO

from addin.hosts.xlsx.errors import unreadable
from addin.hosts.xlsx.saving import replace_file
from udfs.texts import FenjiError

KEPT = 5
NAME = re.compile(
    r"^(?P<stem>.+)\.backup-(?P<when>\d{8}-\d{6})(?:-(?P<number>\d+))?(?P<ending>\.[^.]*|)$", re.S
)


def backup(path: Path | str, kept: int = KEPT) -> Path:
    """Copies a file beside itself, as it stands on the disk now, and removes the oldest backups.

    Parameters
    ----------
    path : the file, which must exist.
    kept : how many backups of this file stay, the new one included.

    Returns
    -------
    Path of the new backup.

    Raises
    ------
    FenjiError
        The file cannot be read, or there is no permission or no space for the backup.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "customers.xlsx")
    ...     _ = file.write_bytes(b"old")
    ...     copy = backup(file)
    ...     _ = file.write_bytes(b"new")
    ...     _ = restore(file, copy)
    ...     file.read_bytes(), len(list_backups(file))
    (b'old', 2)
    """
    path = Path(path)
    copy = _free_name(path)
    replace_file(copy, _Copy(path), like=path)
    for old in list_backups(path)[:-kept]:
        with contextlib.suppress(OSError):  # one that cannot be removed harms nobody
            old.unlink()
    return copy


def list_backups(path: Path | str) -> list[Path]:
    """The backups of a file, oldest first."""
    path = Path(path)
    found = []
    try:
        files = list(path.parent.iterdir())
    except OSError as e:
        raise unreadable(path.parent, e) from e
    for file in files:
        match = NAME.match(file.name)
        if match and match["stem"] == path.stem and match["ending"] == path.suffix:
            found.append((match["when"], int(match["number"] or 1), file))
    return [file for _, _, file in sorted(found)]


def original(path: Path) -> Path | None:
    """The file a backup is of, by its name; None for what is no backup.

    >>> original(Path("a/orders.backup-20260131-093000.xlsx")).name, original(Path("a/orders.xlsx"))
    ('orders.xlsx', None)
    """
    match = NAME.match(path.name)
    return path.with_name(match["stem"] + match["ending"]) if match else None


def restore(path: Path | str, from_backup: Path | str | None = None) -> Path:
    """Brings a backup back in the place of the file: the given one, or the newest.

    What stood there becomes a backup first, so a restore can be taken back too.

    Returns
    -------
    Path of the backup that was brought back.
    """
    path = Path(path)
    backups = list_backups(path)
    if from_backup is None and not backups:
        raise FenjiError(zh=f"“{path.name}”没有备份。", en=f"There is no backup of '{path.name}'.")
    chosen = Path(from_backup) if from_backup else backups[-1]
    content = _Copy(chosen)
    if path.exists():
        backup(path, kept=len(backups) + 1)
    replace_file(path, content)
    return chosen


class _Copy:
    """Writes the content of a file."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def __call__(self, out: BinaryIO) -> None:
        try:
            source = self._source.open("rb")
        except OSError as e:
            raise unreadable(self._source, e) from e
        with source:
            shutil.copyfileobj(source, out, 1 << 20)


def name_now(path: Path) -> str:
    """The name of a backup made now, without its ending: "customers.backup-20260131-093000"."""
    return f"{path.stem}.backup-{dt.datetime.now():%Y%m%d-%H%M%S}"


def _free_name(path: Path) -> Path:
    stem = name_now(path)
    newest = next(reversed(list_backups(path)), None)
    match = NAME.match(newest.name) if newest else None
    if match and f"{match['stem']}.backup-{match['when']}" == stem:  # the second one within a second
        stem += f"-{int(match['number'] or 1) + 1}"
    return path.with_name(stem + path.suffix)
