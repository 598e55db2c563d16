"""Hyperlinks of cells: to the web, to files, and to places in the workbook ("#Sheet1!A1")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area

if TYPE_CHECKING:
    from lxml import etree

    from addin.hosts.xlsx.sheet import Sheet


def find(sheet: Sheet, area: Area) -> str | None:
    """The target of the link on an area's first cell, or None."""
    cell = Area(area.row1, area.column1, area.row1, area.column1)
    for element in _elements(sheet):
        if parse_area(element.get("ref") or "A1").contains(cell):
            rel = sheet.book.package.rels(sheet.part).get(element.get(ooxml.rel_attribute(sheet.root)))
            location = element.get("location")
            target = rel.target if rel is not None else ""
            return target + (f"#{location}" if location else "")
    return None


def add(sheet: Sheet, area: Area, address: str, tip: str | None) -> None:
    """Puts a link on an area, in the place of the one there was; a target with "#" first is in this workbook."""
    remove(sheet, area)
    section = sheet.cells_store.part.section("hyperlinks")
    element = ooxml.add(section, "hyperlink", ref=area.ref)
    if address.startswith("#"):
        element.set("location", address[1:])
    else:
        rid = sheet.book.package.rels(sheet.part).add("hyperlink", address, external=True)
        element.set(ooxml.rel_attribute(sheet.root), rid)
    if tip:
        element.set("tooltip", tip)


def remove(sheet: Sheet, area: Area) -> None:
    """Takes the links that lie wholly in an area."""
    rels = sheet.book.package.rels(sheet.part)
    for element in _elements(sheet):
        if area.contains(parse_area(element.get("ref") or "A1")):
            rel = rels.get(element.get(ooxml.rel_attribute(sheet.root)))
            ooxml.drop(element)
            if rel is not None:
                rels.remove(rel.id)
    section = sheet.cells_store.part.child("hyperlinks")
    if section is not None and not len(section):
        sheet.cells_store.part.drop("hyperlinks")


def take(sheet: Sheet, area: Area) -> list[tuple[Area, str, str | None]]:
    """Takes the links that lie wholly in an area; gives where each stood, its target and its tip."""
    found = []
    for element in _elements(sheet):
        where = parse_area(element.get("ref") or "A1")
        if area.contains(where):
            found.append((where, find(sheet, where) or "", element.get("tooltip")))
    remove(sheet, area)
    return found


def _elements(sheet: Sheet) -> list[etree._Element]:
    return ooxml.children(sheet.cells_store.part.child("hyperlinks"), "hyperlink")
