"""Columns of a sheet: widths, hiding and styles, kept as runs in `<cols>`."""

from __future__ import annotations

import copy

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.sheet_part import SheetPart

DEFAULT_WIDTH = 8.43
# What the file adds to the width people see: five pixels of padding with Calibri 11 (7 pixels a digit).
PADDING = 5 / 7


def split_column(part: SheetPart, first: int, last: int) -> list[etree._Element]:
    """The `<col>` elements that cover exactly the columns from `first` to `last`, made where missing."""
    cols = part.section("cols")
    for element in ooxml.children(cols, "col"):
        low, high = int(element.get("min") or 0), int(element.get("max") or 0)
        if high < first or low > last:
            continue
        if low < first:
            before = copy.deepcopy(element)
            before.set("max", str(first - 1))
            element.addprevious(before)
            element.set("min", str(first))
        if high > last:
            after = copy.deepcopy(element)
            after.set("min", str(last + 1))
            element.addnext(after)
            element.set("max", str(last))
    result = []
    column = first
    elements = ooxml.children(cols, "col")
    for _position, element in enumerate([*elements, None]):
        low = int(element.get("min") or 0) if element is not None else last + 1
        high = int(element.get("max") or 0) if element is not None else last + 1
        if high < first:
            continue
        if column < low and column <= last:
            new = etree.Element(f"{{{ooxml.namespace(cols)}}}col")
            new.set("min", str(column))
            new.set("max", str(min(low - 1, last)))
            new.set("width", _default_in_file(part))
            if element is not None:
                element.addprevious(new)
            else:
                cols.append(new)
            result.append(new)
            column = min(low - 1, last) + 1
        if element is None or low > last:
            break
        result.append(element)
        column = high + 1
    return result


def _default_in_file(part: SheetPart) -> str:
    """The width of columns that have none of their own, as the file counts it: a `<col>` must not be without."""
    settings = part.child("sheetFormatPr")
    own = settings.get("defaultColWidth") if settings is not None else None
    return own or f"{DEFAULT_WIDTH + PADDING:.4f}"


def column_element(part: SheetPart, column: int) -> etree._Element | None:
    """The `<col>` element that covers a column, or None."""
    for element in ooxml.children(part.child("cols"), "col"):
        if int(element.get("min") or 0) <= column <= int(element.get("max") or 0):
            return element
    return None


def width(part: SheetPart, column: int) -> float:
    """A column's width in characters, as Excel shows it."""
    element = column_element(part, column)
    if element is not None and element.get("width"):
        return max(round(float(element.get("width") or 0) - PADDING, 2), 0.0)
    settings = part.child("sheetFormatPr")
    default = settings.get("defaultColWidth") if settings is not None else None
    return max(round(float(default) - PADDING, 2), 0.0) if default else DEFAULT_WIDTH


def set_width(part: SheetPart, first: int, last: int, characters: float) -> None:
    """Sets the width of columns, in characters."""
    for element in split_column(part, first, last):
        element.set("width", f"{characters + PADDING:.4f}".rstrip("0").rstrip("."))
        element.set("customWidth", "1")


def set_hidden(part: SheetPart, first: int, last: int, hidden: bool) -> None:
    """Hides or shows columns."""
    for element in split_column(part, first, last):
        if hidden:
            element.set("hidden", "1")
        else:
            element.attrib.pop("hidden", None)


def is_hidden(part: SheetPart, column: int) -> bool:
    """Whether a column is hidden."""
    element = column_element(part, column)
    return element is not None and element.get("hidden") in ("1", "true")


def points(part: SheetPart, column: int) -> float:
    """A column's width in points, with seven pixels a digit and five of padding."""
    if is_hidden(part, column):
        return 0.0
    return round(width(part, column) * 7 + 5) * 0.75
