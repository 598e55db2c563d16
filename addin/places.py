"""Where fenji keeps its own files on this computer: never beside a workbook."""

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
