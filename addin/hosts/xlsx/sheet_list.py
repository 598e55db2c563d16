"""The list of sheets in the workbook part: adding, removing, and everything that counts sheets by position.

Sheet-level names, the active tab and the first visible tab refer to sheets by their position, so they move when
a sheet comes, goes or changes place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.package import Package

MAX_NAME = 31


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet of a workbook: its name, its place from 0, its part, and how visible it is."""

    name: str
    position: int
    part: str  # "" for a sheet without one: a module of Excel 95, kept in macro workbooks
    sheet_id: str
    kind: str  # worksheet, chartsheet, dialogsheet; "" where no part is listed
    state: str  # visible, hidden, veryHidden


def entries(package: Package) -> list[SheetEntry]:
    """All sheets in their order."""
    found = []
    rels = {rel.id: rel for rel in package.rels(package.workbook_part)}
    for position, element in enumerate(_elements(package)):
        rel = rels.get(element.get(ooxml.rel_attribute(element), ""))
        found.append(
            SheetEntry(
                name=element.get("name", ""),
                position=position,
                part=rel.target if rel else "",
                sheet_id=element.get("sheetId", ""),
                kind=rel.kind if rel else "",
                state=element.get("state", "visible"),
            )
        )
    return found


def entry(package: Package, name: str) -> SheetEntry | None:
    """The sheet of this name (in any case), or None."""
    return next((found for found in entries(package) if found.name.lower() == name.lower()), None)


def unique_name(package: Package, wanted: str, also_taken: Collection[str] = ()) -> str:
    """`wanted`, or `wanted (2)` and so on where a sheet of that name exists, as Excel names copies."""
    taken = {found.name.lower() for found in entries(package)} | {name.lower() for name in also_taken}
    name, number = wanted, 1
    while name.lower() in taken:
        number += 1
        ending = f" ({number})"
        name = wanted[: MAX_NAME - len(ending)] + ending
    return name


def insert(package: Package, position: int, name: str, part: str, kind: str = "worksheet") -> None:
    """Lists a part as a sheet at a position from 0, behind which all others move on by one."""
    root = package.edit(package.workbook_part)
    sheets = ooxml.section(root, "sheets", ooxml.WORKBOOK_ORDER)
    existing = ooxml.children(sheets, "sheet")
    rid = package.rels(package.workbook_part).add(kind, part)
    element = ooxml.add(sheets, "sheet", name=name)
    element.set("sheetId", str(max([0, *(int(s.get("sheetId", "0")) for s in existing)]) + 1))
    element.set(ooxml.rel_attribute(root), rid)
    if position < len(existing):
        existing[position].addprevious(element)
    _move_positions(root, {index: index + 1 for index in range(position, len(existing))})


def delete(package: Package, name: str) -> str:
    """Takes a sheet off the list with its own names; gives the part that was listed."""
    found = entry(package, name)
    if found is None:
        raise KeyError(name)
    root = package.edit(package.workbook_part)
    element = _elements(package)[found.position]
    count = len(_elements(package))
    package.rels(package.workbook_part).remove(element.get(ooxml.rel_attribute(root), ""))
    ooxml.drop(element)
    names = ooxml.child(root, "definedNames")
    for defined in ooxml.children(names, "definedName"):
        if defined.get("localSheetId") == str(found.position):
            ooxml.drop(defined)
    if names is not None and not ooxml.children(names, "definedName"):
        ooxml.drop(names)
    _move_positions(root, {index: index - 1 for index in range(found.position, count)})
    return found.part


def move(package: Package, name: str, position: int) -> None:
    """Puts a sheet at another position from 0."""
    found = entry(package, name)
    if found is None:
        raise KeyError(name)
    root = package.edit(package.workbook_part)
    elements = _elements(package)
    order = list(range(len(elements)))
    order.insert(position, order.pop(found.position))
    parent = elements[0].getparent()
    assert parent is not None
    for index in order:
        parent.append(elements[index])
    _move_positions(root, {old: new for new, old in enumerate(order)})


def _elements(package: Package) -> list[etree._Element]:
    root = package.xml(package.workbook_part)
    return ooxml.children(ooxml.child(root, "sheets"), "sheet")


def _move_positions(root: etree._Element, moved: dict[int, int]) -> None:
    """Changes every position in the workbook part that counts sheets."""
    for defined in ooxml.children(ooxml.child(root, "definedNames"), "definedName"):
        position = int(defined.get("localSheetId", "-1"))
        if position in moved:
            defined.set("localSheetId", str(moved[position]))
    for view in ooxml.children(ooxml.child(root, "bookViews"), "workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            position = int(view.get(attribute, "0"))
            if position in moved and (view.get(attribute) or moved[position] > 0):
                view.set(attribute, str(max(0, moved[position])))
