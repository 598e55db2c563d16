"""Replacing a file so that, whatever happens, either the old or the new file is there, whole.

The new content goes to a temporary file in the same folder, is written through to the disk, checked, given
the old file's owner, mode and attributes, and then takes the old file's place in one step. A crash leaves
at most a temporary file, which the next save in the folder clears away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from udfs.texts import FenjiError

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be removed there, which does the same job
    fcntl = None  # type: ignore[assignment]

TEMPORARY = ".fenji-tmp-"
BUFFER = 1 << 20
WINDOWS_RETRIES = 5  # virus scanners hold new files for a moment


class FileInUse(FenjiError):
    """The file is open in Excel, LibreOffice or WPS."""


class NotWritable(FenjiError):
    """The file or its folder may not be written, or there is no room."""


def replace_file(
    path: Path | str,
    write: Callable[[BinaryIO], None],
    check: Callable[[Path], None] | None = None,
    like: Path | None = None,
) -> None:
    """Creates or replaces a file, all or nothing.

    A symbolic link stays a link, and the file it leads to is replaced. Other hard links of the file keep
    the old content, as when Excel saves.

    Parameters
    ----------
    path : file to create or replace.
    write : writes the content into the binary file it is given, which can seek and be read back.
    check : reads the finished temporary file; when it raises, nothing is replaced.
    like : file whose owner, mode and attributes the new file gets; the file being replaced without it.

    Raises
    ------
    FileInUse
        Another program has the file open.
    NotWritable
        No permission, no space, a read-only file, a folder that is not there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "grades.csv")
    ...     replace_file(file, lambda out: out.write(b"A;B;C"))
    ...     file.read_bytes(), [p.name for p in Path(folder).iterdir()]
    (b'A;B;C', ['grades.csv'])
    """
    target = Path(os.path.realpath(path))
    check_writable(target)
    remove_leftovers(target.parent)
    try:
        model = like or (target if target.exists() else None)
        temporary, out = _create_temporary(target.parent, private=model is not None)
        try:
            with out:
                write(out)
                out.flush()
                if model:
                    _take_over_attributes(model, temporary)
                os.fsync(out.fileno())
                if check:
                    check(temporary)
                if os.name != "nt":  # still locked while it takes its place, so nobody clears it away
                    os.replace(temporary, target)
            if os.name == "nt":
                _replace_on_windows(temporary, target)
            _sync_folder(target.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as e:
        raise _not_writable(target, e) from e


def check_writable(path: Path | str) -> None:
    """Raises what `replace_file` would raise for this file as far as that is known beforehand.

    Worth calling before long work.
    """
    target = Path(os.path.realpath(path))
    refuse_if_open(target)
    if not target.exists():
        if not target.parent.is_dir():
            raise NotWritable(
                zh=f"文件夹“{target.parent}”不存在。请先建立文件夹，或换一个位置保存。",
                en=f"There is no folder '{target.parent}'. Create it or save somewhere else.",
            )
        return
    mode = target.stat().st_mode
    if not stat.S_ISREG(mode):
        raise NotWritable(
            zh=f"“{target}”不是普通文件，无法写入。",
            en=f"'{target}' is not a regular file and cannot be written.",
        )
    # The mode is asked too: root may write read-only files, and Windows replaces them without a word.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise NotWritable(
            zh=f"“{target.name}”是只读文件，没有改动。请取消只读属性，或用 -o 另存为其他文件。",
            en=f"'{target.name}' is read-only and was not changed. "
            "Make it writable, or save to another file with -o.",
        )


def refuse_if_open(path: Path | str) -> None:
    """Raises FileInUse when a lock file says that Excel, WPS or LibreOffice has this file open."""
    path = Path(os.path.realpath(path))
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists() and not _is_stale_on_windows(lock):
            who = _owner_of_lock(lock)
            raise FileInUse(
                zh=f"“{path.name}”正被{f'“{who}”' if who else '其他程序'}打开，没有改动。请先关闭它再试"
                f"（如果确实没有打开，请删除“{lock.name}”）。",
                en=f"'{path.name}' is open{f' by {who}' if who else ''} and was not changed. Close it and try again "
                f"(if it is not open, delete '{lock.name}').",
            )


def remove_leftovers(folder: Path) -> list[Path]:
    """Clears away temporary files of saves that never ended; those of running saves stay."""
    removed = []
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(TEMPORARY):
                file = folder / name
                with contextlib.suppress(OSError):
                    if _is_abandoned(file):
                        file.unlink()
                        removed.append(file)
    return removed


def _is_abandoned(file: Path) -> bool:
    if fcntl is None:
        return True
    # A running save holds a lock on its file, which ends with its process, however that ends.
    fd = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(fd)


def _create_temporary(folder: Path, private: bool) -> tuple[Path, BinaryIO]:
    while True:
        file = folder / (TEMPORARY + secrets.token_hex(8))
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        fd = os.open(file, flags, 0o600 if private else 0o666)
        if fcntl:
            with contextlib.suppress(OSError):  # some network folders know no locks
                fcntl.flock(fd, fcntl.LOCK_EX)
            if not file.exists():  # cleared away by another process before it was locked
                os.close(fd)
                continue
        return file, os.fdopen(fd, "w+b", BUFFER)


def _take_over_attributes(source: Path, target: Path) -> None:
    if hasattr(os, "chown"):
        old = source.stat()
        try:
            os.chown(target, old.st_uid, old.st_gid)
        except OSError:
            with contextlib.suppress(OSError):  # somebody else's file in a shared folder
                os.chown(target, -1, old.st_gid)
    shutil.copystat(source, target)
    os.utime(target)


def _replace_on_windows(temporary: Path, target: Path) -> None:
    for attempt in range(WINDOWS_RETRIES):
        try:
            os.replace(temporary, target)
            return
        except PermissionError:
            if attempt == WINDOWS_RETRIES - 1:
                raise
            time.sleep(0.1 * 2**attempt)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some network folders cannot
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _is_stale_on_windows(lock: Path) -> bool:
    # Excel keeps its lock file open for itself; one that can be opened for writing was left by a crash.
    if sys.platform != "win32":
        return False
    try:
        with lock.open("r+b"):
            return True
    except OSError:
        return False


def _owner_of_lock(lock: Path) -> str:
    """The name Excel (length, bytes, then UTF-16) or LibreOffice (",name,host,...") wrote into it."""
    try:
        data = lock.read_bytes()[:1000]
    except OSError:
        return ""
    if lock.name.startswith(".~lock."):
        return next((part for part in data.decode("utf-8", "replace").split(",") if part.strip()), "").strip()
    wide = data[55:]
    if len(wide) >= 2 and 0 < (length := int.from_bytes(wide[:2], "little")) <= 54:
        return wide[2 : 2 + 2 * length].decode("utf-16-le", "replace").strip()
    return ""


def _not_writable(target: Path, error: OSError) -> FenjiError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NotWritable(
            zh=f"磁盘空间不足，无法保存“{target.name}”，原文件没有改动。请清理出空间再试。",
            en=f"There is not enough space to save '{target.name}'. The file was not changed. "
            "Free some space and try again.",
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotWritable(
            zh=f"没有权限写入“{target}”，原文件没有改动。请确认它没有被其他程序打开，并且文件夹允许写入。",
            en=f"'{target}' may not be written and was not changed. "
            "Check that no other program has it open and that its folder may be written.",
        )
    return NotWritable(
        zh=f"保存“{target.name}”时出错（{error.strerror or error}），原文件没有改动。请检查磁盘或网络后再试。",
        en=f"Saving '{target.name}' failed ({error.strerror or error}). The file was not changed. "
        "Check the disk or the network and try again.",
    )
