"""Cells of a kind in a range: empty ones, constants, formulas, and those that are shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import sheet_columns, sheet_heights
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import CellError

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet


def find(sheet: Sheet, area: Area, cell_type: str, value_type: str | None) -> list[Area]:
    """Rectangles that together hold all such cells of an area, from top to bottom.

    Parameters
    ----------
    cell_type : "blanks", "constants", "formulas" (all within the cells in use) or "visible".
    value_type : "numbers", "text", "logical", "errors", or None for all.
    """
    if cell_type == "visible":
        return _visible(sheet, area)
    used = sheet.cells_store.used_area()
    if used is None or not used.intersects(area):
        return []
    area = Area(
        max(area.row1, used.row1),
        max(area.column1, used.column1),
        min(area.row2, used.row2),
        min(area.column2, used.column2),
    )
    cells = sheet.cells_store
    rows = []
    for row, values in enumerate(cells.values(area), area.row1):
        found = []
        for column, value in enumerate(values, area.column1):
            is_formula = cells.formula(row, column) is not None
            kind = "formulas" if is_formula else "blanks" if value is None else "constants"
            if kind == cell_type and value_type in (None, _type_of(value)):
                found.append(column)
        rows.append((row, _runs(found)))
    return _rectangles(rows)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "logical"
    if isinstance(value, CellError):
        return "errors"
    return "numbers" if isinstance(value, (float, int, dt.date, dt.time)) else "text"


def _visible(sheet: Sheet, area: Area) -> list[Area]:
    cells = sheet.cells_store
    hidden = {*cells.rows.numbers_between(area.row1, area.row2), *cells.changes.rows}
    hidden = {row for row in hidden if sheet_heights.is_hidden(cells, row)}
    columns = [
        column
        for column in range(area.column1, area.column2 + 1)
        if not sheet_columns.is_hidden(cells.part, column)
    ]
    cuts = sorted(row for row in hidden if area.row1 <= row <= area.row2)
    starts = [area.row1, *(row + 1 for row in cuts)]
    ends = [*(row - 1 for row in cuts), area.row2]
    return [
        Area(first, left, last, right)
        for first, last in zip(starts, ends, strict=True)
        if first <= last
        for left, right in _runs(columns)
    ]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers.

    >>> _runs([1, 2, 5])
    [(1, 2), (5, 5)]
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _rectangles(rows: list[tuple[int, list[tuple[int, int]]]]) -> list[Area]:
    """Runs of columns, equal in consecutive rows, put together."""
    found: list[Area] = []
    open_areas: dict[tuple[int, int], int] = {}
    for row, runs in rows:
        going_on = {}
        for run in runs:
            if run in open_areas:
                place = open_areas[run]
                old = found[place]
                found[place] = Area(old.row1, run[0], row, run[1])
            else:
                place = len(found)
                found.append(Area(row, run[0], row, run[1]))
            going_on[run] = place
        open_areas = going_on
    return found
