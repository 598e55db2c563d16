"""What stands around the cells of a sheet moves with them: merged cells, rules, links, breaks, column widths.

Freeze panes and the selection stay where they are, as in Excel; links to places in the workbook are texts and stay.
"""

from __future__ import annotations

import copy

from lxml import etree

from addin.hosts.xlsx import formulas, ooxml
from addin.hosts.xlsx.addresses import MAX_COLUMN, Area, parse_area
from addin.hosts.xlsx.anchors import move_anchors
from addin.hosts.xlsx.sheet_columns import column_element
from addin.hosts.xlsx.sheet_part import SheetPart
from addin.hosts.xlsx.shifts import GONE, Shift

# Elements with one area or cell in an attribute; they go when their cells go.
_PLACED = {
    "mergeCell": "ref",
    "hyperlink": "ref",
    "autoFilter": "ref",
    "sortState": "ref",
    "sortCondition": "ref",
    "dataRef": "ref",
    "cellWatch": "r",
    "inputCells": "r",
    "cellSmartTags": "r",
}
_LISTED = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")
_FORMULAS = ("formula", "formula1", "formula2", "f")
# Lists that may not be empty; the first ones count their items.
_COUNTED = ("mergeCells", "dataValidations", "rowBreaks", "colBreaks")
_NOT_EMPTY = (*_COUNTED, "hyperlinks", "ignoredErrors", "protectedRanges", "cellWatches", "sparklines")


def move_sheet(part: SheetPart, own_sheet: str, shift: Shift, like: int | None) -> None:
    """Moves everything of a sheet's tree that has a place.

    Parameters
    ----------
    like : number of the column (before the shift) whose width and format inserted columns take.
    """
    root = part.root
    if shift.whole and shift.axis == "columns":
        _move_columns(part, shift, like)
    for section in list(root):
        name = ooxml.local(section)
        if name == "dimension":
            _move_dimension(section, shift)
        elif name not in ("sheetData", "cols", "sheetViews", ""):
            _move_section(section, own_sheet, shift)
    for name in ("rowBreaks", "colBreaks"):
        for section in list(ooxml.walk(root, name)):
            _move_breaks(section, shift)
    _drop_emptied(root)


def _move_dimension(element: etree._Element, shift: Shift) -> None:
    try:
        area = parse_area(element.get("ref", ""))
    except ValueError:
        return
    pieces = shift.pieces(area)
    united = pieces[0] if pieces else Area(1, 1, 1, 1)
    for piece in pieces[1:]:
        united = united.united(piece)
    if united != area:
        element.set("ref", united.ref)


def _move_section(section: etree._Element, own_sheet: str, shift: Shift) -> None:
    move_anchors(section, shift)
    for element in list(section.iter()):
        name = ooxml.local(element)
        if name in _LISTED and element.get("sqref"):
            _move_rule(element, element.get("sqref", ""), own_sheet, shift)
        elif name == "sqref" and element.text:
            parent = element.getparent()
            assert parent is not None
            _move_rule(parent, element.text, own_sheet, shift)
        elif name in _PLACED and element.get(_PLACED[name]) and not element.get("sheet"):
            _move_placed(element, _PLACED[name], shift)
        elif name == "f" and element.text and ooxml.local(element.getparent()) == "sparklineGroup":
            element.text = formulas.map_ranges(element.text, own_sheet, own_sheet, shift.reference)


def _move_placed(element: etree._Element, attribute: str, shift: Shift) -> None:
    before = element.get(attribute, "")
    after = shift.reference(before)
    if after == GONE or (ooxml.local(element) == "mergeCell" and parse_area(after).shape == (1, 1)):
        ooxml.drop(element)
    elif after != before:
        element.set(attribute, after)
        if ooxml.local(element) == "autoFilter":
            move_filter_columns(element, before, shift)


def move_filter_columns(element: etree._Element, ref: str, shift: Shift) -> None:
    """Filters of columns are counted from the first column of the area they filter."""
    if shift.axis != "columns":
        return
    old = parse_area(ref)
    new = parse_area(element.get("ref", ref))
    for column in ooxml.children(element, "filterColumn"):
        moved = shift.line(old.column1 + int(column.get("colId", "0")))
        if moved is None:
            element.remove(column)
        else:
            column.set("colId", str(moved - new.column1))


def _move_rule(rule: etree._Element, ranges: str, own_sheet: str, shift: Shift) -> None:
    """Moves the cells a rule is for, and its formulas, which are written for the first of these cells."""
    moved = shift.ranges(ranges)
    inner = ooxml.child(rule, "sqref")
    if not moved:
        ooxml.drop(rule)
        return
    if inner is not None and inner.text != moved:
        inner.text = moved
    elif inner is None and moved != ranges:
        rule.set("sqref", moved)
    mover = _RuleMover(parse_area(ranges.split()[0]), parse_area(moved.split()[0]), own_sheet, shift)
    for element in rule.iter():
        name = ooxml.local(element)
        if name in _FORMULAS and element.text and element.text.strip():
            text = mover(element.text)
            if text != element.text:
                element.text = text
        elif name == "cfvo" and element.get("type") == "formula" and element.get("val"):
            text = mover(element.get("val", ""))
            if text != element.get("val"):
                element.set("val", text)


class _RuleMover:
    """Moves the formulas of a rule: they are written for its first cell and hold for the others relative to it."""

    def __init__(self, old: Area, new: Area, own_sheet: str, shift: Shift) -> None:
        self._old, self._new, self._own, self._shift = old, new, own_sheet, shift

    def __call__(self, text: str) -> str:
        first = self._as_of(text, self._new.row1, self._new.column1)
        if GONE not in first or GONE in text:
            return first
        # Only the first cell looked at deleted cells: what the last one says is the rule.
        last = self._as_of(text, self._new.row2, self._new.column2)
        return first if GONE in last else last

    def _as_of(self, text: str, row: int, column: int) -> str:
        """The formula for the first cell, as the cell that now stands in a place has it."""
        before = self._shift.origin(row, column) or (self._old.row1, self._old.column1)
        there = formulas.moved_by(text, before[0] - self._old.row1, before[1] - self._old.column1)
        moved = formulas.map_ranges(there, self._own, self._own, self._shift.reference)
        return formulas.moved_by(moved, self._new.row1 - row, self._new.column1 - column)


def _move_breaks(section: etree._Element, shift: Shift) -> None:
    """A page break stands before a row or column and moves with it."""
    if not shift.whole or (ooxml.local(section) == "rowBreaks") != (shift.axis == "rows"):
        return
    seen = set()
    for element in ooxml.children(section, "brk"):
        moved = shift.line(int(element.get("id", "0")) + 1)
        if moved is None or moved < 2 or moved in seen:
            section.remove(element)
            continue
        seen.add(moved)
        if element.get("id") != str(moved - 1):
            element.set("id", str(moved - 1))
    if section.get("manualBreakCount"):
        manual = [e for e in ooxml.children(section, "brk") if e.get("man") in ("1", "true")]
        section.set("manualBreakCount", str(len(manual)))


def _move_columns(part: SheetPart, shift: Shift, like: int | None) -> None:
    """Widths, formats and hiding of columns; inserted ones take those of their neighbour, but are shown."""
    cols = part.child("cols")
    if cols is None:
        return
    model = column_element(part, like) if shift.count > 0 and like is not None else None
    model = copy.deepcopy(model) if model is not None else None
    moved: list[etree._Element] = []
    for element in ooxml.children(cols, "col"):
        first, last = int(element.get("min") or 1), int(element.get("max") or 1)
        if shift.count > 0 and first < shift.first <= last:
            after = copy.deepcopy(element)
            element.set("max", str(shift.first - 1))
            after.set("min", str(shift.first + shift.count))
            after.set("max", str(min(last + shift.count, MAX_COLUMN)))
            moved += [element, after]
            continue
        span = _column_span(shift, first, last)
        if span is None:
            cols.remove(element)
        else:
            if span != (first, last):
                element.set("min", str(span[0]))
                element.set("max", str(span[1]))
            moved.append(element)
    if model is not None:
        model.set("min", str(shift.first))
        model.set("max", str(shift.last))
        ooxml.unset(model, "hidden", "collapsed", "outlineLevel")
        moved.append(model)
    moved.sort(key=lambda element: int(element.get("min") or 1))
    cols[:] = moved
    if not moved:
        part.drop("cols")


def _column_span(shift: Shift, first: int, last: int) -> tuple[int, int] | None:
    """Like `Shift.span`, but a run that reaches the last column goes on reaching it."""
    span = shift.span(first, last)
    return (span[0], MAX_COLUMN) if span is not None and last == MAX_COLUMN else span


def _drop_emptied(root: etree._Element) -> None:
    """Lists that hold nothing any more go; the others count their items."""
    for element in list(ooxml.walk(root, *_NOT_EMPTY)):
        if len(element) == 0:
            ooxml.drop_with_empty_parents(element)
        elif ooxml.local(element) in _COUNTED and element.get("count") not in (None, str(len(element))):
            element.set("count", str(len(element)))
