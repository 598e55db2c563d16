"""What changed between two states of a workbook, as a short list of steps Office.js can take.

A command runs on the workbook's file; the workbook open in the browser then takes the same changes: new sheets
come as a workbook of their own, and of the sheets that were there before only the cells, formats, tables, names
and print areas that differ are set. Turned round, the same list leads back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import xlwings as xw

from addin.hosts.server import drawn_objects
from addin.hosts.server.cell_difference import cell_steps, column_width_steps
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.sheet import Sheet

Step = dict[str, Any]
PRINT_AREA = "_xlnm."  # names Excel keeps itself


def steps(before: xw.Book, after: xw.Book, keep_charts: bool) -> list[Step]:
    """The steps that make `after` out of `before`, in the order they are to be taken.

    Parameters
    ----------
    before, after : two states of one workbook, of the file engine, with all changes written to their parts.
    keep_charts : whether new sheets may arrive with their charts; where not, the charts are steps of their own.
    """
    old, new = _sheets(before), _sheets(after)
    in_both = [name for name in new if name in old and _differs(old[name], new[name])]
    shrinking, growing = _resized_tables(old, new, in_both)
    found: list[Step] = [{"kind": "delete_sheet", "sheet": name} for name in old if name not in new]
    found += shrinking
    for name in in_both:
        found += cell_steps(old[name], new[name])
        found += column_width_steps(old[name], new[name])
    found += growing
    found += _inserted(after, [name for name in new if name not in old], list(new), keep_charts)
    found += _names(before, after, set(new))
    for name in in_both:
        found += _print_area(old[name], new[name])
        if len(new[name].pivot_tables):
            found.append({"kind": "refresh_pivots", "sheet": name})
    return found


def _sheets(book: xw.Book) -> dict[str, Sheet]:
    return {sheet.name: sheet.impl for sheet in book.sheets}


def _differs(old: Sheet, new: Sheet) -> bool:
    """Whether the sheet's part, or one of its tables, is another than before."""
    return _parts(old) != _parts(new)


def _parts(sheet: Sheet) -> list[bytes]:
    package: Package = sheet.book.package
    tables = sorted(rel.target for rel in package.rels(sheet.part).by_type("table"))
    return [package.read(part) for part in (sheet.part, *tables)]


def _resized_tables(
    old: dict[str, Sheet], new: dict[str, Sheet], names: list[str]
) -> tuple[list[Step], list[Step]]:
    """Tables that become smaller, and those that grow: the first give up their cells before these are written."""
    shrinking: list[Step] = []
    growing: list[Step] = []
    for name in names:
        were = {table.name: table.area for table in old[name].tables}
        for table in new[name].tables:
            was, now = were.get(table.name), table.area
            if was is None or was == now:
                continue
            step = {"kind": "resize_table", "sheet": name, "table": table.name, "address": now.ref}
            grows = now.shape[0] > was.shape[0] or now.shape[1] > was.shape[1]
            (growing if grows else shrinking).append(step)
    return shrinking, growing


def _inserted(book: xw.Book, names: list[str], order: list[str], keep_charts: bool) -> Iterator[Step]:
    """New sheets, neighbours together, then what they may not bring along."""
    for block in _neighbours(names, order):
        workbook, objects = drawn_objects.workbook_of(book, block, keep_charts)
        place = order.index(block[0])
        after = order[place - 1] if place else None
        yield {"kind": "insert_sheets", "workbook": workbook, "sheets": block, "after": after}
        yield from objects


def _neighbours(names: list[str], order: list[str]) -> list[list[str]]:
    """Sheets that stand side by side, together.

    >>> _neighbours(["a", "b", "d"], ["a", "b", "c", "d"])
    [['a', 'b'], ['d']]
    """
    blocks: list[list[str]] = []
    for name in names:
        if blocks and order.index(name) == order.index(blocks[-1][-1]) + 1:
            blocks[-1].append(name)
        else:
            blocks.append([name])
    return blocks


def _names(before: xw.Book, after: xw.Book, sheets: set[str]) -> Iterator[Step]:
    """Defined names that went, and those that came or refer to something else now."""
    old, new = _defined(before), _defined(after)
    for sheet, name in old:
        if (sheet, name) not in new and (sheet is None or sheet in sheets):
            yield {"kind": "name", "sheet": sheet, "name": name, "refers_to": None}
    for (sheet, name), refers_to in new.items():
        if old.get((sheet, name)) != refers_to:
            yield {"kind": "name", "sheet": sheet, "name": name, "refers_to": refers_to}


def _defined(book: xw.Book) -> dict[tuple[str | None, str], str]:
    """Sheet (None for the workbook) and name, and what it refers to; Excel's own names are left out."""
    return {
        (name.impl._sheet_name(), name.impl.local_name): name.refers_to
        for name in book.names
        if not name.impl.local_name.startswith(PRINT_AREA)
    }


def _print_area(old: Sheet, new: Sheet) -> Iterator[Step]:
    was, now = old.page_setup.print_area, new.page_setup.print_area
    if was != now:
        yield {"kind": "print_area", "sheet": new.name, "address": (now or "").replace("$", "")}
