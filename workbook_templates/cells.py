"""Tables of data into cells, the fast way where the host has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import xlwings as xw

# Cells sent at once to hosts that take rows of values.
CHUNK = 100_000
# Longer texts are no number and no date.
LONGEST_INTERPRETED = 60


def write_frame(
    cell: xw.Range,
    frame: pd.DataFrame,
    header: bool = True,
    number_formats: Sequence[str | None] | None = None,
) -> xw.Range:
    """Writes a DataFrame without its index, from a cell on; empty cells for what is missing.

    Parameters
    ----------
    cell : the range's first cell is the top left one.
    header : whether the column names go into the first row.
    number_formats : a number format by column; None leaves it. Dates get a date format by themselves.

    Returns
    -------
    The range written.
    """
    row, column, width = cell.row, cell.column, len(frame.columns)
    if header and width:
        write_rows(cell.sheet, row, column, [[str(name) for name in frame.columns]])
    body = cell.sheet.range((row + 1, column)) if header else cell
    write_columns(body, [frame.iloc[:, k] for k in range(width)], number_formats)
    height = max(len(frame) + int(header), 1)
    return cell.sheet.range((row, column), (row + height - 1, column + max(width, 1) - 1))


def write_columns(
    cell: xw.Range, columns: Sequence[Any], number_formats: Sequence[str | None] | None = None
) -> None:
    """Writes columns of equal length (arrays, series, lists) side by side, from a cell on."""
    height = len(columns[0]) if columns else 0
    if not height:
        return
    if hasattr(cell.impl, "write_columns"):
        cell[0, 0].impl.write_columns(columns, number_formats)
        return
    import pandas as pd

    lists = [
        [None if pd.isna(value) else as_typed(value) for value in pd.Series(column).tolist()]
        for column in columns
    ]
    sheet, row, left = cell.sheet, cell.row, cell.column
    step = max(1, CHUNK // len(columns))
    for first in range(0, height, step):
        rows = [
            list(cells) for cells in zip(*(values[first : first + step] for values in lists), strict=True)
        ]
        write_rows(sheet, row + first, left, rows)
    for k, code in enumerate(number_formats or []):
        if code:
            sheet.range((row, left + k), (row + height - 1, left + k)).number_format = code


def write_rows(sheet: xw.Sheet, row: int, column: int, rows: Sequence[Sequence[Any]]) -> None:
    """Writes rows of equal length, from a cell on, as they are; its row and column count from 1.

    Setting `Range.value` asks Excel some eighty questions about sheets and books at each write; here it is one.
    """
    prepare = sheet.book.app.engine.impl.prepare_xl_data_element
    target = sheet.range((row, column), (row + len(rows) - 1, column + len(rows[0]) - 1))
    target.raw_value = [[prepare(value, None) for value in cells] for cells in rows]


def as_typed(value: Any) -> Any:
    """A cell's value for hosts that read texts as if they were typed: RFM code 545 must stay a text.

    Excel takes a text for a formula, a number, a date or a truth value where it can; a leading apostrophe,
    which it does not show, keeps it a text.

    >>> as_typed("545"), as_typed("=1+1"), as_typed("重要价值客户"), as_typed(5.0)
    ("'545", "'=1+1", '重要价值客户', 5.0)
    """
    if not isinstance(value, str) or not value:
        return value
    interpreted = (
        value[0] in "=+-@'"
        or (len(value) <= LONGEST_INTERPRETED and any(c.isdigit() for c in value))
        or value.strip().upper() in ("TRUE", "FALSE")
    )
    return "'" + value if interpreted else value
