"""Column widths that fit what the cells show: a Chinese character is two wide."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import sheet_columns
from addin.hosts.xlsx.addresses import Area
from udfs.cleaning.columns import display

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

LOOK_AT = 500
NARROWEST, WIDEST = 4.0, 60.0


def text_width(text: str) -> int:
    """Width of a text in digits of the same font; the longest line counts.

    >>> text_width("客户 A")
    6
    """
    lines = text.split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)


def column_widths(sheet: Sheet, area: Area) -> None:
    """Sets the widths of the columns of an area after the first rows' contents."""
    last = min(area.row2, area.row1 + LOOK_AT - 1)
    rows = sheet.cells_store.values(Area(area.row1, area.column1, last, area.column2))
    for j in range(area.shape[1]):
        column = area.column1 + j
        widths = [
            _width(sheet, area.row1 + i, column, row[j]) for i, row in enumerate(rows) if row[j] is not None
        ]
        if widths:
            width = min(max(max(widths) + 1.5, NARROWEST), WIDEST)
            sheet_columns.set_width(sheet.cells_store.part, column, column, width)


def _width(sheet: Sheet, row: int, column: int, value: Any) -> float:
    if isinstance(value, bool):
        return 5
    if isinstance(value, float):
        code = sheet.cells_store.styles.number_format(sheet.cells_store.style(row, column))
        return text_width(_number_text(value, code))
    return text_width(value if isinstance(value, str) else display(value))


def _number_text(value: float, code: str) -> str:
    """Roughly what a number format shows: separators, decimals and percent signs count."""
    code = code.split(";")[0]
    decimals = code.partition(".")[2]
    places = len(decimals) - len(decimals.lstrip("0#")) if decimals else 0
    if "%" in code:
        return f"{value * 100:.{places}f}%"
    if "," in code:
        return f"{value:,.{places}f}"
    return f"{value:.{places}f}" if decimals or code == "0" else f"{value:.10g}"
