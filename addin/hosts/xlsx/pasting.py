"""Pasting what was copied with `range.copy()`: all of it, or values, formulas, formats, widths, notes."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import sheet_columns
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import CellError, Formula, serial
from addin.hosts.xlsx.range_editing import content_of, copy_cells, moved

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet

# What xlwings calls them: kind of copy, and whether number formats come along.
_KINDS = {
    None: ("all", False),
    "all": ("all", False),
    "all_using_source_theme": ("all", False),
    "formats": ("formats", False),
    "formulas": ("formulas", False),
    "formulas_and_number_formats": ("formulas", True),
    "values": ("values", False),
    "values_and_number_formats": ("values", True),
}
_OPERATIONS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "add": ("+", operator.add),
    "subtract": ("-", operator.sub),
    "multiply": ("*", operator.mul),
    "divide": ("/", operator.truediv),
}


def paste(
    source: Range, target: Range, kind: str | None, operation: str | None, skip_blanks: bool, transpose: bool
) -> None:
    """Pastes a range; a target that is a multiple of its size is filled with copies."""
    if kind == "column_widths":
        _paste_widths(source, target)
    elif kind == "comments":
        _paste_notes(source, target)
    elif kind not in _KINDS:
        raise NotImplementedError(f"Range.paste({kind!r}) is not supported by fenji's file engine")
    else:
        for place in _places(source.where, target.where, transpose):
            if operation is not None:
                _calculate(source, target.sheet, place, operation, skip_blanks, transpose)
            else:
                what, number_formats = _KINDS[kind]
                copy_cells(source.sheet, source.where, target.sheet.area(place), what, skip_blanks, transpose)
                if number_formats:
                    _paste_number_formats(source, target.sheet, place, transpose)


def _places(source: Area, target: Area, transpose: bool) -> list[Area]:
    """The areas copies go to: one, or as many as fill the target exactly."""
    height, width = reversed(source.shape) if transpose else source.shape
    rows, columns = target.shape
    if rows % height or columns % width:
        rows, columns = height, width
    return [
        Area(row, column, row + height - 1, column + width - 1)
        for row in range(target.row1, target.row1 + rows, height)
        for column in range(target.column1, target.column1 + columns, width)
    ]


def _pairs(source: Area, place: Area, transpose: bool) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Each cell of the source and where it goes."""
    rows, columns = source.shape
    return [
        (
            (source.row1 + i, source.column1 + j),
            (place.row1 + (j if transpose else i), place.column1 + (i if transpose else j)),
        )
        for i in range(rows)
        for j in range(columns)
    ]


def _calculate(
    source: Range, sheet: Sheet, place: Area, operation: str, skip_blanks: bool, transpose: bool
) -> None:
    """Adds, subtracts, multiplies or divides the cells there by those copied."""
    sign, function = _OPERATIONS[operation]
    for old, new in _pairs(source.where, place, transpose):
        theirs = moved(content_of(source.sheet, *old), old, new)
        if theirs is None and skip_blanks:
            continue
        ours = content_of(sheet, *new)
        sheet.cells_store.check_open()
        date1904 = sheet.book.date1904
        one, other = _operand(ours, date1904), _operand(theirs, date1904)
        if one is not None and other is not None:  # texts, errors and the like stay as they are
            sheet.cells_store.changes.set_cell(*new, _result(one, other, sign, function))


def _operand(content: Any, date1904: bool) -> float | Formula | None:
    """What can be calculated with: numbers, dates as numbers, formulas, nothing as 0."""
    if content is None:
        return 0.0
    if isinstance(content, (dt.date, dt.time)):
        return serial(content, date1904)
    return content if isinstance(content, (float, Formula)) else None


def _result(
    ours: float | Formula, theirs: float | Formula, sign: str, function: Callable[[float, float], float]
) -> float | Formula | CellError:
    if isinstance(ours, Formula) or isinstance(theirs, Formula):
        texts = [f"({c.text})" if isinstance(c, Formula) else f"{c:.15g}" for c in (ours, theirs)]
        return Formula(sign.join(texts))
    if sign == "/" and theirs == 0:
        return CellError("#DIV/0!")
    return function(ours, theirs)


def _paste_number_formats(source: Range, sheet: Sheet, place: Area, transpose: bool) -> None:
    styles = source.sheet.book.styles
    for old, new in _pairs(source.where, place, transpose):
        code = styles.number_format(source.sheet.cells_store.style(*old))
        sheet.cells_store.restyle(Area(*new, *new), ("number_format", "", code))


def _paste_widths(source: Range, target: Range) -> None:
    part, target_part = source.sheet.cells_store.part, target.sheet.cells_store.part
    target.sheet.cells_store.check_open()
    for offset in range(source.where.shape[1]):
        width = sheet_columns.width(part, source.where.column1 + offset)
        column = target.where.column1 + offset
        sheet_columns.set_width(target_part, column, column, width)


def _paste_notes(source: Range, target: Range) -> None:
    from addin.hosts.xlsx.notes import add_note, note_at

    for old, new in _pairs(source.where, target.where, False):
        note = note_at(source.sheet, Area(*old, *old))
        if note is None:
            continue
        place = Area(*new, *new)
        there = note_at(target.sheet, place)
        if there is not None:
            there.text = note.text
        else:
            add_note(target.sheet, place, note.text, note.author)
