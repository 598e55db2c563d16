"""The log: what failed, when and where in the program, without anything from the user's data.

Messages of exceptions may quote cells, so only their type and the lines of code are written.
"""

from __future__ import annotations

import datetime as dt
import platform
import traceback
from pathlib import Path

from addin import places
from addin.version import version

NAME = "fenji.log"
LARGEST = 200_000  # bytes; then the older half is dropped


def write_unexpected(error: BaseException) -> Path:
    """Adds an unexpected error to the log and returns the log's path.

    Written are time, versions, the error's type and the lines of code it passed, also of the errors that
    caused it: no message, no value, no path of the user's.
    """
    path = places.make_private(places.home()) / NAME
    entry = "\n".join([_heading(), *_chain(error)]) + "\n\n"
    old = path.read_bytes() if path.exists() else b""
    if len(old) > LARGEST:
        old = old[-LARGEST // 2 :].partition(b"\n\n")[2]
    path.write_bytes(old + entry.encode("utf-8"))
    return path


def _heading() -> str:
    return (
        f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} fenji {version()}"
        f" python {platform.python_version()} {platform.system()} {platform.release()}"
    )


def _chain(error: BaseException) -> list[str]:
    lines = [type(error).__name__]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {_short_path(frame.filename)}:{frame.lineno} {frame.name}")
    cause = error.__cause__ or error.__context__
    return lines + (["caused by", *_chain(cause)] if cause else [])


def _short_path(filename: str) -> str:
    """The file's name with its package, without the folders above, which may name the user."""
    return "/".join(Path(filename).parts[-3:])
