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
    columns = [frame.iloc[:, k] for k in range(frame.shape[1])]
    top = cell[0, 0]
    if header and columns:
        top.resize(1, len(columns)).value = [[str(name) for name in frame.columns]]
    body = top.offset(1, 0) if header else top
    write_columns(body, columns, number_formats)
    return top.resize(max(len(frame) + int(header), 1), max(len(columns), 1))


def write_columns(
    cell: xw.Range, columns: Sequence[Any], number_formats: Sequence[str | None] | None = None
) -> None:
    """Writes columns of equal length (arrays, series, lists) side by side, from a cell on."""
    height = len(columns[0]) if columns else 0
    if not height:
        return
    impl = cell[0, 0].impl
    if hasattr(impl, "write_columns"):
        impl.write_columns(columns, number_formats)
        return
    import pandas as pd

    lists = [
        [None if pd.isna(value) else as_typed(value) for value in pd.Series(column).tolist()]
        for column in columns
    ]
    step = max(1, CHUNK // len(columns))
    for first in range(0, height, step):
        rows = [list(row) for row in zip(*(values[first : first + step] for values in lists), strict=True)]
        cell[0, 0].offset(first, 0).resize(len(rows), len(columns)).value = rows
    for k, code in enumerate(number_formats or []):
        if code:
            cell[0, 0].offset(0, k).resize(height, 1).number_format = code


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
