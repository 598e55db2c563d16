"""Heights of rows and hidden rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from addin.hosts.xlsx.sheet_cells import SheetCells

DEFAULT_HEIGHT = 15.0
_ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')


def attribute(cells: SheetCells, row: int, name: str) -> str | None:
    """An attribute of a row as it stands now."""
    changed = cells.changes.rows.get(row, {})
    if name in changed:
        return changed[name]
    raw = cells.rows.raw(row)
    if raw is None:
        return None
    found = {k.decode(): v.decode() for k, v in _ATTRIBUTE.findall(raw[: raw.index(b">")])}
    return found.get(name)


def default_height(cells: SheetCells) -> float:
    """The height of rows that have none of their own, in points."""
    settings = cells.part.child("sheetFormatPr")
    return float((settings.get("defaultRowHeight") if settings is not None else None) or DEFAULT_HEIGHT)


def height(cells: SheetCells, row: int) -> float:
    """A row's height in points; 0 where it is hidden."""
    if is_hidden(cells, row):
        return 0.0
    own = attribute(cells, row, "ht")
    return float(own) if own else default_height(cells)


def set_height(cells: SheetCells, rows: Iterable[int], points: float) -> None:
    """Sets the height of rows, in points."""
    cells.check_open()
    for row in rows:
        cells.changes.set_row(row, "ht", f"{points:g}")
        cells.changes.set_row(row, "customHeight", "1")


def is_hidden(cells: SheetCells, row: int) -> bool:
    """Whether a row is hidden."""
    return attribute(cells, row, "hidden") in ("1", "true")


def set_hidden(cells: SheetCells, rows: Iterable[int], hidden: bool) -> None:
    """Hides or shows rows."""
    cells.check_open()
    for row in rows:
        cells.changes.set_row(row, "hidden", "1" if hidden else None)


def points(cells: SheetCells, first: int, last: int) -> float:
    """The height of the rows from `first` to `last` together."""
    own = set(cells.rows.numbers_between(first, last))
    own.update(r for r in cells.changes.rows if first <= r <= last)
    return sum(height(cells, r) for r in own) + (last - first + 1 - len(own)) * default_height(cells)
