"""What differs between two states of one sheet: contents and formats of cells in blocks, widths of columns."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from addin.hosts.xlsx import colors, ooxml, sheet_columns
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.cell_values import CellError, Formula, serial
from addin.hosts.xlsx.sheet import Sheet
from addin.hosts.xlsx.sheet_rows import RawCell
from workbook_templates.cells import as_typed

Step = dict[str, Any]
Place = tuple[int, int]
FUTURE = re.compile(r"_xlfn\.(?:_xlws\.)?|_xlpm\.")  # marks of newer functions, which only files have
TEXT_FORMAT = "@"


def cell_steps(old: Sheet, new: Sheet) -> list[Step]:
    """Formats first, then contents: how Excel reads a text depends on the cell's number format."""
    changed = _changed_cells(old, new)
    contents: dict[Place, Any] = {}
    formats: dict[tuple[tuple[str, Any], ...], list[Place]] = defaultdict(list)
    was, now = _Reader(old), _Reader(new)
    for row, column in changed:
        kept, wanted = was.format(row, column), now.format(row, column)
        differing = tuple((key, value) for key, value in wanted.items() if kept[key] != value)
        if differing:
            formats[differing].append((row, column))
        after = now.content(row, column)
        if was.content(row, column) != after or was.is_in_array(row, column):
            contents[row, column] = after
    found = []
    for differing, places in formats.items():
        for area in blocks(places):
            found.append({"kind": "format", "sheet": new.name, "address": area.ref, **dict(differing)})
    for area in blocks(contents):
        rows = [
            [contents[r, c] for c in range(area.column1, area.column2 + 1)]
            for r in range(area.row1, area.row2 + 1)
        ]
        found.append({"kind": "cells", "sheet": new.name, "address": area.ref, "formulas": rows})
    return found


def column_width_steps(old: Sheet, new: Sheet) -> Iterator[Step]:
    """Columns that are wider or narrower than before, in points."""
    last = max((area.column2 for s in (old, new) if (area := s.cells_store.used_area())), default=0)
    for column in range(1, last + 1):
        was = sheet_columns.points(old.cells_store.part, column)
        now = sheet_columns.points(new.cells_store.part, column)
        if was != now:
            address = Area(1, column, 1, column).ref
            yield {"kind": "column_width", "sheet": new.name, "address": address, "points": now}


def _changed_cells(old: Sheet, new: Sheet) -> list[Place]:
    """Cells that are written otherwise in the file than before, but for those of pivot tables."""
    areas = [area for sheet in (old, new) for area in _pivot_areas(sheet)]
    found = []
    for (row, before), (_, after) in _pairs(old, new):
        for column in sorted(before.keys() | after.keys()):
            one, other = before.get(column), after.get(column)
            same = one is not None and other is not None and one.raw == other.raw
            here = Area(row, column, row, column)
            if not same and not any(area.intersects(here) for area in areas):
                found.append((row, column))
    return sorted({*found, *_array_cells(old, found)})


def _pairs(
    old: Sheet, new: Sheet
) -> Iterator[tuple[tuple[int, dict[int, RawCell]], tuple[int, dict[int, RawCell]]]]:
    """The rows of both sheets that are not the same to the byte, as cells by column."""
    before, after = _raw_rows(old), _raw_rows(new)
    for row in sorted(before.keys() | after.keys()):
        one, other = before.get(row), after.get(row)
        if one != other:
            yield (row, _cells(old, one)), (row, _cells(new, other))


def _raw_rows(sheet: Sheet) -> dict[int, bytes]:
    area = sheet.cells_store.used_area()
    return dict(sheet.cells_store.rows.between(1, area.row2)) if area else {}


def _cells(sheet: Sheet, raw: bytes | None) -> dict[int, RawCell]:
    return {} if raw is None else {cell.column: cell for cell in sheet.cells_store.rows.cells(raw)}


def _pivot_areas(sheet: Sheet) -> list[Area]:
    return [pivot_area(pivot) for pivot in sheet.pivot_tables]


def pivot_area(pivot: Any) -> Area:
    """The cells of a pivot table, with its filters above."""
    body: Area = pivot.range.where
    return Area(min(pivot.model.row, body.row1), body.column1, body.row2, body.column2)


def _array_cells(sheet: Sheet, changed: Iterable[Place]) -> set[Place]:
    """The cells into which array formulas among the changed cells spill: they change together."""
    found: set[Place] = set()
    for row, column in changed:
        formula = sheet.cells_store.formula(row, column)
        if formula is not None and formula.array:
            area = parse_area(formula.array)
            found |= {
                (r, c) for r in range(area.row1, area.row2 + 1) for c in range(area.column1, area.column2 + 1)
            }
    return found


class _Reader:
    """Contents and formats of a sheet's cells, as Office.js takes them."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._arrays: list[Area] | None = None
        self.format_of = lru_cache(maxsize=None)(self._format_of)
        self.style = lru_cache(maxsize=4096)(sheet.cells_store.style)

    def content(self, row: int, column: int) -> Any:
        """A formula, a number, a truth value, or a text as it would be typed."""
        store = self._sheet.cells_store
        formula = store.formula(row, column)
        if formula is not None:
            return "=" + FUTURE.sub("", formula.text)
        if self.is_in_array(row, column):
            return ""  # the array formula fills it
        value = store.value(row, column)
        if value is None:
            return ""
        if isinstance(value, (dt.date, dt.time)):
            return serial(value, self._sheet.book.date1904)
        if isinstance(value, str) and not isinstance(value, CellError):
            is_text = self.format(row, column)["number_format"] == TEXT_FORMAT
            return str(value) if is_text else as_typed(value)
        return str(value) if isinstance(value, CellError) else value

    def is_in_array(self, row: int, column: int) -> bool:
        """Whether an array formula fills the cell."""
        if self._arrays is None:
            self._arrays = list(self._array_areas())
        here = Area(row, column, row, column)
        return any(area.intersects(here) for area in self._arrays)

    def _array_areas(self) -> Iterator[Area]:
        store = self._sheet.cells_store
        for row, raw in _raw_rows(self._sheet).items():
            if b't="array"' not in raw:
                continue
            for column in _cells(self._sheet, raw):
                formula: Formula | None = store.formula(row, column)
                if formula is not None and formula.array:
                    yield parse_area(formula.array)

    def format(self, row: int, column: int) -> dict[str, Any]:
        """The formats of a cell that Office.js is told."""
        return self.format_of(self.style(row, column))

    def _format_of(self, style: int) -> dict[str, Any]:
        book = self._sheet.book
        styles = book.styles
        font = styles.part(style, "font")
        size = ooxml.child(font, "sz")
        return {
            "number_format": styles.number_format(style),
            "fill": _web(colors.fill_of(book, styles.part(style, "fill"))),
            "bold": _is_on(ooxml.child(font, "b")),
            "italic": _is_on(ooxml.child(font, "i")),
            "size": float(size.get("val") or 11) if size is not None else None,
            "font_color": _web(colors.font_of(book, font)),
            "wrap": styles.alignment(style, "wrapText") in ("1", "true"),
            "horizontal": (styles.alignment(style, "horizontal") or "general"),
        }


def _is_on(element: Any) -> bool:
    return element is not None and element.get("val") not in ("0", "false")


def _web(color: tuple[int, int, int] | None) -> str | None:
    """A colour as Office.js writes it.

    >>> _web((255, 249, 219))
    '#FFF9DB'
    """
    return None if color is None else "#{:02X}{:02X}{:02X}".format(*color)


def blocks(places: Iterable[Place]) -> list[Area]:
    """Cells as few rectangles: runs along a row, joined with equal runs in the rows below.

    >>> [area.ref for area in blocks([(1, 1), (1, 2), (2, 1), (2, 2), (4, 1)])]
    ['A1:B2', 'A4']
    """
    runs: dict[int, list[Place]] = defaultdict(list)
    for row, column in sorted(places):
        of_row = runs[row]
        if of_row and of_row[-1][1] == column - 1:
            of_row[-1] = (of_row[-1][0], column)
        else:
            of_row.append((column, column))
    open_areas: dict[Place, Area] = {}
    done: list[Area] = []
    for row in sorted(runs):
        still: dict[Place, Area] = {}
        for first, last in runs[row]:
            above = open_areas.pop((first, last), None)
            joined = above is not None and above.row2 == row - 1
            if above is not None and not joined:
                done.append(above)
            top = above.row1 if above is not None and joined else row
            still[first, last] = Area(top, first, row, last)
        done += open_areas.values()
        open_areas = still
    done += open_areas.values()
    return sorted(done, key=lambda area: (area.row1, area.column1))
