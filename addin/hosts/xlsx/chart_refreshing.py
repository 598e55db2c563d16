"""Before a book is written: charts whose cells changed get the new values; the others are left alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import chart_caches, ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_changes import CellChanges
from addin.hosts.xlsx.references import areas_of, chart_parts

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book

# A range with more rows than this is cut to the cells in use before it is read.
_LONG = 100_000


def changed_areas(changes: CellChanges) -> list[Area]:
    """The areas in which values change."""
    areas = [block.area for block in changes.blocks]
    return areas + [Area(row, min(cells), row, max(cells)) for row, cells in changes.cells.items()]


def refresh_charts(book: Book, changed: dict[str, list[Area]]) -> None:
    """Writes new values into the charts that show changed cells.

    Parameters
    ----------
    changed : areas with new values, by lower-case name of their sheet.
    """
    if not changed:
        return
    for _, part in chart_parts(book.package):
        root = book.package.xml(part)
        areas = [area for formula in ooxml.walk(root, "f") for area in areas_of(formula.text or "")]
        shown = any(
            area.intersects(other) for sheet, area in areas for other in changed.get(sheet.lower(), ())
        )
        if shown and chart_caches.refresh(root, lambda sheet, area: read_cells(book, sheet, area)):
            book.package.changed(part)


def read_cells(book: Book, sheet: str, area: Area) -> list[list[chart_caches.Cell]] | None:
    """Raw values of cells, dates as serial numbers; None for a sheet there is not."""
    if sheet not in book.sheets:
        return None
    cells = book.sheets(sheet).cells_store
    if area.shape[0] > _LONG:
        used = cells.used_area()
        last = max(area.row1, min(area.row2, used.row2 if used else area.row1))
        area = Area(area.row1, area.column1, last, area.column2)
    return [[_raw(value) for value in row] for row in cells.values(area)]


def _raw(value: Any) -> chart_caches.Cell:
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    if value is None or isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) else float(value)
