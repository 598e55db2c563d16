"""Array formulas fill a range with one formula: it changes as a whole or not at all, as in Excel."""

from __future__ import annotations

import re
from collections.abc import Callable

from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.cell_changes import CellChanges
from udfs.texts import FenjiError

_ARRAY = re.compile(rb'<(?:[\w.\-]+:)?f\s[^>]*?t="(?:array|dataTable)"[^>]*')
_REF = re.compile(rb'\bref="([A-Z0-9:]+)"')
# Of taller arrays only so many rows are compared.
ROWS = 10_000


def check_arrays(rows: bytes, changes: CellChanges, title: Callable[[], str]) -> None:
    """Refuses changes of some cells of an array formula, but not of all."""
    if not changes.changes_values or (b't="array"' not in rows and b't="dataTable"' not in rows):
        return
    for match in _ARRAY.finditer(rows):
        found = _REF.search(match[0])
        if found is None or b":" not in found[1]:
            continue
        area = parse_area(found[1].decode())
        if _changes_some(area, changes):
            raise FenjiError(
                zh=f"工作表“{title()}”的 {area.ref} 是一个数组公式，只能整体改动。请先删除该公式或换一个位置。",
                en=f"{area.ref} on sheet '{title()}' holds one array formula, which can only be changed "
                "as a whole. Delete the formula first, or write elsewhere.",
            )


def _changes_some(area: Area, changes: CellChanges) -> bool:
    changed = [
        changes.value(row, column)[0]
        for row in range(area.row1, min(area.row2, area.row1 + ROWS) + 1)
        for column in range(area.column1, area.column2 + 1)
    ]
    return any(changed) and not all(changed)
