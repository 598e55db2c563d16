"""Where data ends: Ctrl+arrow and the current region, as in Excel."""

from __future__ import annotations

from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area
from addin.hosts.xlsx.sheet_cells import SheetCells

_STEPS = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}
_SHORT = {"d": "down", "u": "up", "r": "right", "l": "left"}


def end(cells: SheetCells, row: int, column: int, direction: str) -> tuple[int, int]:
    """The cell Ctrl+arrow leads to: the last filled one of a run, the next filled one, or the sheet's edge."""
    down, right = _STEPS[_SHORT.get(direction, direction)]
    used = cells.used_area() or Area(1, 1, 1, 1)
    edge = _edge(row, column, down, right)
    last = _clipped(edge, used)
    if (row, column) == edge:
        return edge
    line = _line(cells, row, column, last, down, right)
    here, following = bool(line and line[0]), line[1:]
    if here and following and following[0]:
        steps = next((i for i, filled in enumerate(following) if not filled), len(following))
        return row + down * steps, column + right * steps
    steps = next((i + 1 for i, filled in enumerate(following) if filled), 0)
    return (row + down * steps, column + right * steps) if steps else edge


def _edge(row: int, column: int, down: int, right: int) -> tuple[int, int]:
    if down:
        return (MAX_ROW if down > 0 else 1), column
    return row, (MAX_COLUMN if right > 0 else 1)


def _clipped(edge: tuple[int, int], used: Area) -> tuple[int, int]:
    return min(edge[0], used.row2 + 1), min(edge[1], used.column2 + 1)


def _line(
    cells: SheetCells, row: int, column: int, last: tuple[int, int], down: int, right: int
) -> list[bool]:
    """Whether the cells from here to `last` are filled, in walking order."""
    if (last[0] - row) * down + (last[1] - column) * right < 0:
        return [cells.value(row, column) is not None]
    area = Area(min(row, last[0]), min(column, last[1]), max(row, last[0]), max(column, last[1]))
    if down:
        area = Area(area.row1, column, area.row2, column)
    else:
        area = Area(row, area.column1, row, area.column2)
    filled = [value is not None for values in cells.values(area) for value in values]
    return filled if down + right > 0 else filled[::-1]


def current_region(cells: SheetCells, start: Area) -> Area:
    """The block around an area that is bounded by empty rows and columns, or the sheet's edge."""
    used = cells.used_area()
    if used is None:
        return start
    values = cells.values(used)
    filled = [[value is not None for value in row] for row in values]
    area = start
    while True:
        grown = _grown(filled, used, area)
        if grown == area:
            return area
        area = grown


def _grown(filled: list[list[bool]], used: Area, area: Area) -> Area:
    """The area with each neighbouring row and column that has contents beside it."""
    top, left, bottom, right = area.row1, area.column1, area.row2, area.column2
    if top > 1 and _any(filled, used, Area(top - 1, max(left - 1, 1), top - 1, right + 1)):
        top -= 1
    if bottom < MAX_ROW and _any(filled, used, Area(bottom + 1, max(left - 1, 1), bottom + 1, right + 1)):
        bottom += 1
    if left > 1 and _any(filled, used, Area(max(top - 1, 1), left - 1, bottom + 1, left - 1)):
        left -= 1
    if right < MAX_COLUMN and _any(filled, used, Area(max(top - 1, 1), right + 1, bottom + 1, right + 1)):
        right += 1
    return Area(top, left, bottom, right)


def _any(filled: list[list[bool]], used: Area, area: Area) -> bool:
    rows = range(max(area.row1, used.row1), min(area.row2, used.row2) + 1)
    columns = range(max(area.column1, used.column1), min(area.column2, used.column2) + 1)
    return any(filled[r - used.row1][c - used.column1] for r in rows for c in columns)
