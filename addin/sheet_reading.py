"""Cells of a sheet as columns, whatever engine holds the workbook.

The file engine reads columns straight from the file; any other engine gives values, which become columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xlwings as xw

from udfs.cleaning.columns import Column, Kind, display

HEAD = 60  # rows in which headers are looked for
CHUNK = 50_000  # rows asked of an engine at once


def head(sheet: xw.Sheet) -> dict[int, dict[int, Any]]:
    """The filled cells of the first rows, by row and column number."""
    if hasattr(sheet.impl, "read_head"):
        return sheet.impl.read_head(HEAD)
    last = sheet.used_range.last_cell
    values = _values(sheet, 1, min(HEAD, last.row), 1, last.column)
    return {
        r: cells
        for r, row in enumerate(values, 1)
        if (cells := {c: v for c, v in enumerate(row, 1) if v is not None and v != ""})
    }


def columns(
    sheet: xw.Sheet, first_row: int, last_row: int | None, numbers: Sequence[int]
) -> tuple[np.ndarray, list[Column]]:
    """Columns of a sheet.

    Parameters
    ----------
    first_row, last_row : 1-based, both included; None for the end of the sheet.
    numbers : 1-based column numbers.

    Returns
    -------
    rows : int32 array, shape (n,), the numbers of the rows that hold something in these columns.
    columns : list of Column, each of length n.
    """
    if hasattr(sheet.impl, "read_columns"):
        return sheet.impl.read_columns(first_row, last_row, list(numbers))
    last = last_row or sheet.used_range.last_cell.row
    if last < first_row:
        return np.empty(0, np.int32), [Column.empty(0) for _ in numbers]
    cells: dict[int, list[Any]] = {number: [] for number in numbers}
    left, right = min(numbers), max(numbers)
    for start in range(first_row, last + 1, CHUNK):
        for row in _values(sheet, start, min(last, start + CHUNK - 1), left, right):
            for number, found in cells.items():
                found.append(row[number - left])
    found_columns = [Column.from_values(cells[number]) for number in numbers]
    filled = np.zeros(last - first_row + 1, bool)
    for column in found_columns:
        filled |= column.kind != Kind.EMPTY
    rows = np.flatnonzero(filled)
    return (rows + first_row).astype(np.int32), [c.take(rows) for c in found_columns]


def _values(sheet: xw.Sheet, row1: int, row2: int, column1: int, column2: int) -> list[list[Any]]:
    return sheet.range((row1, column1), (row2, column2)).options(ndim=2).value


def header_texts(cells: dict[int, Any]) -> dict[int, str]:
    """The cells of a header row as texts."""
    return {column: display(value) for column, value in cells.items()}


def hidden_rows(sheet: xw.Sheet, first_row: int, last_row: int) -> int | None:
    """How many rows of a range are hidden or filtered away; None where the engine cannot say quickly."""
    if hasattr(sheet.impl, "hidden_rows"):
        return sheet.impl.hidden_rows(first_row, last_row)
    return None
