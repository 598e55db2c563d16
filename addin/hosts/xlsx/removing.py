"""Deletes a sheet with what belongs to it alone: tables, charts, pictures, pivots and their caches, names.

Everything else stays as it is, also parts that other sheets share, and references by name from other sheets: a
sheet of the same name put in its place is found by them again.
"""

from __future__ import annotations

from addin.hosts.xlsx import formulas, ooxml, sheet_list
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.relationships import Relationship


def delete_sheet(package: Package, name: str) -> None:
    """Deletes the sheet called `name`; KeyError when there is none."""
    entry = sheet_list.entry(package, name)
    if entry is None:
        raise KeyError(f"no sheet {name!r}")
    caches = _targets(package, entry.part, "pivotTable", "pivotCacheDefinition")
    slicers = {
        slicer.get("cache", "")
        for rel in package.rels(entry.part).by_type("slicer")
        for slicer in ooxml.walk(package.xml(rel.target), "slicer")
    }
    _drop_names(package, entry.name)
    _drop_calculation_chain(package, entry.sheet_id)
    sheet_list.delete(package, name)
    package.remove_tree(entry.part)
    drop_unused_caches(package, caches)
    _drop_unused_slicer_caches(package, slicers)


def _targets(package: Package, part: str, first: str, second: str) -> set[str]:
    return {
        inner.target
        for rel in package.rels(part).by_type(first)
        for inner in package.rels(rel.target).by_type(second)
    }


def _drop_names(package: Package, sheet: str) -> None:
    """Names of the whole workbook that refer to this sheet and to no other."""
    names = ooxml.child(package.xml(package.workbook_part), "definedNames")
    for defined in ooxml.children(names, "definedName"):
        about = formulas.sheets_in(defined.text or "")
        if defined.get("localSheetId") is None and about == {sheet.lower()}:
            package.changed(package.workbook_part)
            ooxml.drop(defined)


def _drop_calculation_chain(package: Package, sheet_id: str) -> None:
    """The order of calculation must not name cells that are gone; Excel makes it again."""
    rel = package.rels(package.workbook_part).one("calcChain")
    if rel is None:
        return
    if any(cell.get("i") == sheet_id for cell in package.xml(rel.target)):
        package.rels(package.workbook_part).remove(rel.id)
        package.remove(rel.target)


def drop_unused_caches(package: Package, caches: set[str]) -> None:
    """Pivot caches that only the deleted sheet used; the pivots of other sheets keep theirs."""
    if not caches:
        return
    for entry in sheet_list.entries(package):
        caches -= _targets(package, entry.part, "pivotTable", "pivotCacheDefinition")
    for cache in caches:
        _drop_listed(package, cache, "pivotCache")


def _drop_unused_slicer_caches(package: Package, names: set[str]) -> None:
    if not names:
        return
    for entry in sheet_list.entries(package):
        for rel in package.rels(entry.part).by_type("slicer"):
            names -= {slicer.get("cache", "") for slicer in ooxml.walk(package.xml(rel.target), "slicer")}
    for rel in package.rels(package.workbook_part).by_type("slicerCache"):
        if package.xml(rel.target).get("name") in names:
            _drop_listed(package, rel.target, "slicerCache")
    defined_names = ooxml.child(package.xml(package.workbook_part), "definedNames")
    for defined in ooxml.children(defined_names, "definedName"):
        if defined.get("name") in names:
            package.changed(package.workbook_part)
            ooxml.drop(defined)


def _drop_listed(package: Package, part: str, element_name: str) -> None:
    """Takes a part off a list of the workbook part (`<pivotCache r:id="...">`), and away."""
    rel: Relationship | None = package.rels(package.workbook_part).to(part)
    if rel is None:
        return
    root = package.edit(package.workbook_part)
    for element in list(ooxml.walk(root, element_name)):
        if element.get(ooxml.rel_attribute(root)) == rel.id:
            parent = element.getparent()
            ooxml.drop(element)
            while parent is not None and parent is not root and len(parent) == 0:
                empty, parent = parent, parent.getparent()
                ooxml.drop(empty)
    package.rels(package.workbook_part).remove(rel.id)
    package.remove_tree(part)
