"""Merged cells of a sheet."""

from __future__ import annotations

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.sheet_cells import SheetCells
from addin.hosts.xlsx.sheet_part import SheetPart


def areas(part: SheetPart) -> list[Area]:
    """All merged areas."""
    merged = ooxml.children(part.child("mergeCells"), "mergeCell")
    return [parse_area(element.get("ref") or "A1") for element in merged]


def area_of(part: SheetPart, area: Area) -> Area:
    """The merged area that holds a range's first cell; the range itself where there is none."""
    cell = Area(area.row1, area.column1, area.row1, area.column1)
    return next((merged for merged in areas(part) if merged.contains(cell)), area)


def any_in(part: SheetPart, area: Area) -> bool:
    """Whether merged cells touch an area."""
    return any(merged.intersects(area) for merged in areas(part))


def merge(cells: SheetCells, area: Area) -> None:
    """Merges the cells of an area; only the first value stays, as in Excel."""
    if area.shape == (1, 1):
        return
    unmerge(cells.part, area)
    values = cells.values(area)
    first = True
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            if value is None:
                continue
            at = (area.row1 + i, area.column1 + j)
            if first and at != (area.row1, area.column1):
                cells.changes.set_cell(area.row1, area.column1, value)
            if at != (area.row1, area.column1):
                cells.changes.set_cell(*at, None)
            first = False
    section = cells.part.section("mergeCells")
    ooxml.add(section, "mergeCell", ref=area.ref)
    section.set("count", str(len(section)))


def unmerge(part: SheetPart, area: Area) -> None:
    """Splits all merged cells that touch an area."""
    section = part.child("mergeCells")
    if section is None:
        return
    for element in ooxml.children(section, "mergeCell"):
        if parse_area(element.get("ref") or "A1").intersects(area):
            section.remove(element)
    if len(section):
        section.set("count", str(len(section)))
    else:
        part.drop("mergeCells")
