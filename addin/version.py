"""The version of fenji that is running."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The installed version; "source" when it runs from a folder without being installed."""
    try:
        return metadata.version("fenji")
    except metadata.PackageNotFoundError:
        return "source"
