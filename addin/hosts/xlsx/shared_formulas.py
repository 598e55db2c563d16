"""Shared formulas: one cell holds the text for many. When that cell is overwritten, the next one takes it over."""

from __future__ import annotations

import re

from addin.hosts.xlsx.addresses import Area, column_letters, parse_area
from addin.hosts.xlsx.cell_values import escape
from addin.hosts.xlsx.formulas import moved_by
from addin.hosts.xlsx.sheet_rows import RawCell, SheetRows, formula_element

_SHARED = re.compile(rb'<(?:[\w.\-]+:)?f\s[^>]*t="shared"[^>]*?(?:/>|>.*?</(?:[\w.\-]+:)?f>)', re.DOTALL)


class Handover:
    """Shared formulas whose first cell was overwritten and that wait for their next cell.

    Attributes
    ----------
    waiting : by the formula's number: its text, the address it was written for, and the area it covers.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.waiting: dict[str, tuple[str, str, Area]] = {}

    def gone(self, row: int, cell: RawCell) -> None:
        """A cell is overwritten: when it held the text of a shared formula, the text waits for the next cell."""
        found = formula_element(cell.inner)
        if found is None or found[0].get("t") != "shared":
            return
        attributes, text = found
        if text and "ref" in attributes:
            origin = f"{column_letters(cell.column)}{row}"
            self.waiting[attributes["si"]] = (text, origin, parse_area(attributes["ref"]))

    def cell(self, row: int, cell: RawCell) -> bytes:
        """A cell that stays: it takes over the text of its shared formula when that waits."""
        found = formula_element(cell.inner)
        if found is None or found[0].get("t") != "shared" or found[0].get("si") not in self.waiting:
            return cell.raw
        number = found[0]["si"]
        text, origin, area = self.waiting.pop(number)
        here = f"{column_letters(cell.column)}{row}"
        moved = translated(text, origin, here)
        left = Area(row, area.column1, max(area.row2, row), area.column2)
        if area.row1 == area.row2:
            left = Area(row, cell.column, row, area.column2)
        p = self._prefix
        new = f'<{p}f t="shared" ref="{left.ref}" si="{number}">{escape(moved)}</{p}f>'.encode()
        return _SHARED.sub(lambda _: new, cell.raw, count=1)

    def row(self, number: int, raw: bytes, rows: SheetRows) -> bytes:
        """A row that stays, its cells taking over what waits."""
        if b't="shared"' not in raw:
            return raw
        for cell in rows.cells(raw):
            new = self.cell(number, cell)
            if new is not cell.raw:
                raw = raw.replace(cell.raw, new, 1)
        return raw


def translated(formula: str, origin: str, target: str) -> str:
    """A formula (without "=") moved from one cell to another, its relative references moved along.

    >>> translated("B2*$C$1+LEN(\\"B2\\")", "A2", "A3")
    'B3*$C$1+LEN("B2")'
    """
    before, after = parse_area(origin), parse_area(target)
    return moved_by(formula, after.row1 - before.row1, after.column1 - before.column1)
