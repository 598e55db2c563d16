"""Where drawn objects stand: anchors of charts, pictures, controls and notes move with the cells under them.

Objects are never thrown away: one whose cells are all deleted goes to the place where they were and keeps its size.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from addin.hosts.xlsx import formulas, ooxml
from addin.hosts.xlsx.shifts import Shift

_SHAPE = re.compile(r"<v:shape[\s>].*?</v:shape>", re.DOTALL)
_VML_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_VML_LINE = re.compile(r"(<x:(Row|Column)>)(\d+)(</x:)")
_VML_FORMULA = re.compile(r"(<x:(?:FmlaLink|FmlaRange|FmlaPict|FmlaTxbx|FmlaGroup)>)([^<]*)(</x:)")


def move_anchors(root: etree._Element, shift: Shift) -> bool:
    """Moves the `from` and `to` markers of everything anchored in an element; tells whether any moved."""
    changed = False
    for anchor in root.iter():
        start, end = ooxml.child(anchor, "from"), ooxml.child(anchor, "to")
        if start is not None and _holds(anchor) != "absolute":
            changed |= _move_markers(start, end, shift, sizes=_holds(anchor) == "twoCell")
    return changed


def _holds(anchor: etree._Element) -> str:
    """How an object follows its cells: "twoCell" with its size, "oneCell" without, "absolute" not at all."""
    if ooxml.local(anchor) == "anchor":  # a control or an embedded object
        sizes = anchor.get("sizeWithCells") in ("1", "true")
        moves = sizes or anchor.get("moveWithCells") in ("1", "true")
        return "twoCell" if sizes else "oneCell" if moves else "absolute"
    return anchor.get("editAs", "twoCell")


def _move_markers(start: etree._Element, end: etree._Element | None, shift: Shift, sizes: bool) -> bool:
    line, across = ("row", "col") if shift.axis == "rows" else ("col", "row")
    if not shift.low <= _number(start, across) + 1 <= shift.high:
        return False
    if end is not None and not shift.low <= _last(end, across) <= shift.high:
        return False
    first = _number(start, line)
    moved = shift.line(first + 1)
    target = (shift.first if moved is None else moved) - 1
    changed = _set(start, line, target)
    if moved is None:
        _set_offset(start, line)
    if end is None:
        return changed
    last = _number(end, line)
    if not sizes or (moved is None and shift.line(_last(end, line)) is None):
        return _set(end, line, last + target - first) or changed
    ends_at_edge = _number(end, line + "Off") == 0
    moved_end = shift.line(_last(end, line)) if ends_at_edge else shift.line(last + 1)
    if moved_end is None:
        _set_offset(end, line)
        return _set(end, line, shift.first - 1) or changed
    return _set(end, line, moved_end if ends_at_edge else moved_end - 1) or changed


def _last(end: etree._Element, line: str) -> int:
    """The last line, from 1, that an object covers: one that ends at a line's beginning does not cover it."""
    number = _number(end, line)
    return number if number and _number(end, line + "Off") == 0 else number + 1


def _number(marker: etree._Element, name: str) -> int:
    element = ooxml.child(marker, name)
    return int(element.text or "0") if element is not None else 0


def _set(marker: etree._Element, name: str, value: int) -> bool:
    element = ooxml.child(marker, name)
    if element is None or element.text == str(value):
        return False
    element.text = str(value)
    return True


def _set_offset(marker: etree._Element, line: str) -> None:
    _set(marker, line + "Off", 0)


def move_linked_cells(root: etree._Element, own_sheet: str, sheet: str, move: Callable[[str], str]) -> bool:
    """Moves the cells that shapes and controls show or write: `textlink`, `fmlaLink` and the like."""
    changed = False
    for element in root.iter():
        for name in ("textlink", "fmlaLink", "fmlaRange", "fmlaTxbx", "cellRange"):
            text = element.get(name)
            if text:
                moved = formulas.map_ranges(text, own_sheet, sheet, move)
                if moved != text:
                    element.set(name, moved)
                    changed = True
    return changed


def move_vml(text: str, own_sheet: str, shift: Shift) -> str:
    """A VML drawing (notes, old controls) after a shift; notes of deleted cells go."""
    return _SHAPE.sub(lambda match: _moved_shape(match[0], own_sheet, shift), text)


def _moved_shape(shape: str, own_sheet: str, shift: Shift) -> str:
    lines = {match[2]: int(match[3]) for match in _VML_LINE.finditer(shape)}
    if 'ObjectType="Note"' in shape and len(lines) == 2:
        cell = shift.cell(lines["Row"] + 1, lines["Column"] + 1)
        if cell is None:
            return ""
        down, right = cell[0] - 1 - lines["Row"], cell[1] - 1 - lines["Column"]
        if not down and not right:
            return shape
        new = {"Row": cell[0] - 1, "Column": cell[1] - 1}
        shape = _VML_LINE.sub(lambda match: f"{match[1]}{new[match[2]]}{match[4]}", shape)
    else:
        down, right = _control_offset(shape, shift)
    shape = _VML_ANCHOR.sub(lambda match: match[1] + _moved_anchor(match[2], down, right) + match[3], shape)
    return _VML_FORMULA.sub(
        lambda match: (
            match[1] + formulas.map_ranges(match[2], own_sheet, own_sheet, shift.reference) + match[3]
        ),
        shape,
    )


def _control_offset(shape: str, shift: Shift) -> tuple[int, int]:
    match = _VML_ANCHOR.search(shape)
    numbers = _anchor_numbers(match[2]) if match else []
    if len(numbers) != 8:
        return 0, 0
    row, column = numbers[2] + 1, numbers[0] + 1
    cell = shift.cell(row, column) or ((shift.first, column) if shift.axis == "rows" else (row, shift.first))
    return cell[0] - row, cell[1] - column


def _anchor_numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError:
        return []


def _moved_anchor(text: str, down: int, right: int) -> str:
    """Left column, offset, top row, offset, right column, offset, bottom row, offset."""
    numbers = _anchor_numbers(text)
    if len(numbers) != 8 or not (down or right):
        return text
    for place, move in ((0, right), (2, down), (4, right), (6, down)):
        numbers[place] = max(numbers[place] + move, 0)
    return ", ".join(map(str, numbers))
