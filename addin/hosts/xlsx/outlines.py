"""Rows and columns grouped into an outline, which people fold and unfold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import ooxml, sheet_columns, sheet_heights
from addin.hosts.xlsx.addresses import Area

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

# Excel has seven levels below the cells that are in no group.
DEEPEST = 7


def change_level(sheet: Sheet, area: Area, by: str, step: int) -> None:
    """Puts the rows or columns of an area one level deeper (step 1) or higher (-1)."""
    sheet.cells_store.check_open()
    if by in ("columns", "column", "c"):
        _change_columns(sheet, area, step)
    else:
        _change_rows(sheet, area, step)


def _change_rows(sheet: Sheet, area: Area, step: int) -> None:
    cells = sheet.cells_store
    deepest = 0
    for row in range(area.row1, area.row2 + 1):
        level = _level(sheet_heights.attribute(cells, row, "outlineLevel"), step)
        deepest = max(deepest, level)
        cells.changes.set_row(row, "outlineLevel", str(level) if level else None)
        if not level:
            sheet_heights.set_hidden(cells, [row], False)
    _note_depth(sheet, "outlineLevelRow", deepest)


def _change_columns(sheet: Sheet, area: Area, step: int) -> None:
    deepest = 0
    for element in sheet_columns.split_column(sheet.cells_store.part, area.column1, area.column2):
        level = _level(element.get("outlineLevel"), step)
        deepest = max(deepest, level)
        if level:
            element.set("outlineLevel", str(level))
        else:
            ooxml.unset(element, "outlineLevel", "collapsed", "hidden")
    _note_depth(sheet, "outlineLevelCol", deepest)


def _level(text: str | None, step: int) -> int:
    return min(max(int(text or 0) + step, 0), DEEPEST)


def _note_depth(sheet: Sheet, name: str, level: int) -> None:
    """How much room the outline takes beside the sheet."""
    settings = sheet.cells_store.part.section("sheetFormatPr")
    if settings.get("defaultRowHeight") is None:
        settings.set("defaultRowHeight", f"{sheet_heights.DEFAULT_HEIGHT:g}")
    if level > int(settings.get(name) or 0):
        settings.set(name, str(level))
