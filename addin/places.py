"""Folders on this computer: fenji's own, never beside a workbook, and the one for new workbooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """fenji's folder of this user: configuration, undo steps, log. FENJI_HOME names another one.

    Windows: %APPDATA%/fenji; macOS: ~/Library/Application Support/fenji; else $XDG_DATA_HOME/fenji.
    The folder need not exist yet; whoever writes makes it.
    """
    if named := os.environ.get("FENJI_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "fenji"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "fenji"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fenji"


def make_private(folder: Path) -> Path:
    """Makes a folder only this user can read; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "win32":
        folder.chmod(0o700)
    return folder


def documents_folder() -> Path:
    """The user's folder for documents."""
    home = Path(os.environ.get("USERPROFILE", "")) if sys.platform == "win32" else Path.home()
    for folder in (home / "Documents", home / "文档"):
        if folder.is_dir():
            return folder
    return home


def free_path(path: Path) -> Path:
    """The path itself, or with a number where there is such a file already."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free
