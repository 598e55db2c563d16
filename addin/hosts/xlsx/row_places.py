"""New cells put into many rows at once: behind the last cell, or in the place of the cells that stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from addin.hosts.xlsx.byte_arrays import stands_at
from addin.hosts.xlsx.sheet_rows import SheetRows

if TYPE_CHECKING:
    import pyarrow as pa

_SPANS = b'spans="'
_OWN_STYLE = re.compile(rb"customFormat=")
_STYLE = b' s="'
_MOST_COLUMNS = 1 << 15


def put_cells(
    rows: SheetRows,
    first: int,
    cells: pa.Array,
    columns: list[int],
    keeps_style: Callable[[int, int], bool],
) -> tuple[pa.Array, np.ndarray] | None:
    """Rows with new cells in their place.

    Parameters
    ----------
    rows : the rows as they stand.
    first : number of the first row to change.
    cells : the new cells of each row from there on, as strings.
    columns : the columns they belong to, rising.
    keeps_style : whether a cell of this column and style number is written with the style of the new cells.

    Returns
    -------
    The rows as binaries, and which of them are right: the others need a closer look, as formulas or other columns'
    cells stand in the place, a style would change, the row has a style of its own or no cells. None where some row
    does not exist or its cells are not in order.
    """
    i = int(np.searchsorted(rows.numbers, first))
    numbers = rows.numbers[i : i + len(cells)]
    if len(numbers) < len(cells) or numbers[-1] != first + len(cells) - 1 or not rows.cells_in_order:
        return None
    bounds = rows.starts[i : i + len(cells) + 1]
    base = int(bounds[0])
    data = rows.data[base : int(bounds[-1])]
    begin, row_end = bounds[:-1] - base, b"</" + rows.prefix + b"row>"
    end = bounds[1:] - base - len(row_end)
    buf = np.frombuffer(data, np.uint8)
    fits = (end > begin) & stands_at(buf, np.maximum(end, 0), row_end)
    fits[_row_of(begin, [m.start() for m in _OWN_STYLE.finditer(data)])] = False

    row_first = np.searchsorted(rows.cell_starts, bounds)
    low = _from_column(rows, row_first, columns[0])
    high = _from_column(rows, row_first, columns[-1] + 1)
    starts = np.append(rows.cell_starts - base, len(data))
    start = np.where(low < row_first[1:], starts[low], end)
    stop = np.where(high < row_first[1:], starts[high], end)
    fits &= row_first[1:] > row_first[:-1]

    formulas = np.array([m.start() for m in re.finditer(b"<" + rows.prefix + b"f", data)], np.int64)
    at = _row_of(begin, formulas)
    fits[at[(formulas >= start[at]) & (formulas < stop[at])]] = False
    fits[_other_style(rows, buf, base, (low, high), numbers, columns, keeps_style)] = False

    from_, to = _spans(buf, begin)
    late = from_ >= np.where(
        row_first[1:] > row_first[:-1], starts[row_first[:-1]], end
    )  # it is no row's tag
    from_[late] = to[late] = begin[late]
    return _joined(data, [begin, from_, to, start, stop, end], cells, row_end), fits


def _spans(buf: np.ndarray, begin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From where to where the attribute `spans` stands in each row, with the space before it; nowhere: at its begin."""
    at = np.flatnonzero(buf == ord("p")) - _SPANS.index(b"p")  # a rare letter
    at = at[(at > 0) & (at < len(buf) - len(_SPANS))]
    at = at[stands_at(buf, at, _SPANS) & (buf[at - 1] <= ord(" "))]
    end, last = at + len(_SPANS), len(buf) - 1
    while (goes_on := (buf[end] != ord('"')) & (end < last)).any():
        end += goes_on
    row = _row_of(begin, at)
    from_, to = begin.copy(), begin.copy()
    from_[row[::-1]] = at[::-1] - 1  # the first one of a row counts
    to[row[::-1]] = end[::-1] + 1
    return from_, to


def _row_of(begin: np.ndarray, at: list[int] | np.ndarray) -> np.ndarray:
    """Which row a place in the data belongs to."""
    return np.searchsorted(begin, at, "right") - 1


def _from_column(rows: SheetRows, row_first: np.ndarray, column: int) -> np.ndarray:
    """The first cell of each row that stands in a column or right of it; the next row's first where there is none."""
    first, last = int(row_first[0]), int(row_first[-1])
    row = np.repeat(np.arange(len(row_first) - 1), np.diff(row_first))
    keys = row * _MOST_COLUMNS + rows.cell_columns[first:last]
    return first + np.searchsorted(keys, np.arange(len(row_first) - 1) * _MOST_COLUMNS + column)


def _other_style(
    rows: SheetRows,
    buf: np.ndarray,
    base: int,
    inside: tuple[np.ndarray, np.ndarray],
    numbers: np.ndarray,
    columns: list[int],
    keeps_style: Callable[[int, int], bool],
) -> np.ndarray:
    """The rows in which a cell is in the place that would get another style, or belongs to another column."""
    low, high = inside
    count = high - low
    if not count.any():
        return np.zeros(0, np.int64)
    row = np.repeat(np.arange(len(low)), count)
    cell = np.arange(count.sum()) + np.repeat(low - np.cumsum(count) + count, count)
    column = rows.cell_columns[cell]
    digits = 1 + (numbers[:, None] >= 10 ** np.arange(1, 8)).sum(axis=1)[row]
    letters = 1 + (column > 26) + (column > 702)
    at = rows.cell_starts[cell] - base + len(rows.cell_mark) + letters + digits
    styled = stands_at(buf, at + 1, _STYLE)
    style = np.zeros(len(cell), np.int64)
    here = np.where(styled, at + 1 + len(_STYLE), len(buf) - 1)
    while (is_digit := (buf[here] >= 48) & (buf[here] <= 57)).any():
        style = np.where(is_digit, style * 10 + buf[here] - 48, style)
        here = np.where(is_digit, here + 1, len(buf) - 1)
    wrong = (buf[at] != ord('"')) | ~np.isin(column, columns)
    kinds, which = np.unique(style * _MOST_COLUMNS + column, return_inverse=True)
    own = set(columns)
    kept = [
        k % _MOST_COLUMNS in own and keeps_style(k % _MOST_COLUMNS, k // _MOST_COLUMNS)
        for k in kinds.tolist()
    ]
    return row[wrong | ~np.array(kept, bool)[which]]


def _joined(data: bytes, cuts: list[np.ndarray], cells: pa.Array, row_end: bytes) -> pa.Array:
    """Each row from its cuts: begin, spans from and to, place from and to, end."""
    import pyarrow as pa
    import pyarrow.compute as pc

    offsets = np.maximum.accumulate(np.stack(cuts, axis=1).ravel())
    pieces = pa.Array.from_buffers(
        pa.large_binary(),
        len(offsets),
        [None, pa.py_buffer(np.append(offsets, len(data))), pa.py_buffer(data)],
    )
    begin, rest, behind = (pieces.take(np.arange(k, len(offsets), len(cuts))) for k in (0, 2, 4))
    literals = [pa.scalar(text, pa.large_binary()) for text in (row_end, b"")]
    return pc.binary_join_element_wise(begin, rest, cells.cast(pa.large_binary()), behind, *literals)
