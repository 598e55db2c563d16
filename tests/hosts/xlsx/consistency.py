"""What Excel takes for granted in a workbook and schemas do not say: references lead somewhere, ids differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from addin.hosts.xlsx import ooxml, sheet_list
from addin.hosts.xlsx.addresses import parse_area
from addin.hosts.xlsx.package import Package

_STYLE_REFERENCES = {"c": ("s", "cellXfs"), "row": ("s", "cellXfs"), "col": ("style", "cellXfs")}


def problems(package: Package) -> list[str]:
    """Everything inconsistent in a workbook, one sentence each; [] for a sound one."""
    return [problem for check in CHECKS for problem in check(package)]


def _xml_parts(package: Package) -> Iterator[str]:
    return (name for name in package.names() if name.lower().endswith(".xml") and "[Content" not in name)


def _twice(values: list[str], what: str) -> Iterator[str]:
    return (f"{what} twice: {value}" for value, count in Counter(values).items() if count > 1)


def relationships_lead_to_parts(package: Package) -> Iterator[str]:
    for part in ["", *package.names()]:
        if part.endswith(".rels"):
            continue
        rels = list(package.rels(part))
        yield from _twice([rel.id for rel in rels], f"id in the relationships of {part}")
        for rel in rels:
            if not rel.external and rel.target not in package:
                yield f"{part}: {rel.id} leads to {rel.target}, which is missing"


def relationship_ids_exist(package: Package) -> Iterator[str]:
    for part in _xml_parts(package):
        known = {rel.id for rel in package.rels(part)}
        for element in package.xml(part).iter():
            for name, value in element.attrib.items():
                is_id = str(name).startswith((f"{{{ooxml.REL}}}", f"{{{ooxml.STRICT_REL}}}"))
                if is_id and value and value not in known:
                    yield f"{part}: {ooxml.local(element)} uses {value}, which is no relationship"


def parts_have_types(package: Package) -> Iterator[str]:
    for part in package.names():
        if not part.startswith("[Content") and package.content_types.get(part) is None:
            yield f"{part} has no content type"


def sheets_and_names(package: Package) -> Iterator[str]:
    entries = sheet_list.entries(package)
    yield from _twice([entry.name.lower() for entry in entries], "sheet name")
    yield from _twice([entry.sheet_id for entry in entries], "sheet id")
    root = package.xml(package.workbook_part)
    names = ooxml.children(ooxml.child(root, "definedNames"), "definedName")
    yield from _twice([f"{n.get('name', '').lower()} {n.get('localSheetId')}" for n in names], "name")
    for name in names:
        if int(name.get("localSheetId", "0")) >= len(ooxml.children(ooxml.child(root, "sheets"), "sheet")):
            yield f"the name {name.get('name')} belongs to a sheet that is not there"


def tables(package: Package) -> Iterator[str]:
    ids, names = [], []
    for entry in sheet_list.entries(package):
        for rel in package.rels(entry.part).by_type("table") if entry.part else ():
            root = package.xml(rel.target)
            ids.append(root.get("id", ""))
            names.append(root.get("displayName", "").lower())
            columns = ooxml.children(ooxml.child(root, "tableColumns"), "tableColumn")
            if parse_area(root.get("ref", "")).shape[1] != len(columns):
                yield f"{rel.target}: {len(columns)} columns in {root.get('ref')}"
            yield from _twice([c.get("name", "").lower() for c in columns], f"column of {rel.target}")
    yield from _twice(ids, "table id")
    yield from _twice(names, "table name")


def pivots(package: Package) -> Iterator[str]:
    root = package.xml(package.workbook_part)
    caches = ooxml.children(ooxml.child(root, "pivotCaches"), "pivotCache")
    yield from _twice([cache.get("cacheId", "") for cache in caches], "pivot cache id")
    rels = package.rels(package.workbook_part)
    listed = {
        cache.get("cacheId"): rel.target
        for cache in caches
        if (rel := rels.get(cache.get(ooxml.rel_attribute(cache))))
    }
    for entry in sheet_list.entries(package):
        for rel in package.rels(entry.part).by_type("pivotTable") if entry.part else ():
            cache = package.rels(rel.target).one("pivotCacheDefinition")
            pivot = package.xml(rel.target)
            if cache is None or listed.get(pivot.get("cacheId")) != cache.target:
                yield f"{rel.target} does not agree with the workbook about its cache"
                continue
            fields = len(ooxml.children(ooxml.child(package.xml(cache.target), "cacheFields"), "cacheField"))
            if fields != len(ooxml.children(ooxml.child(pivot, "pivotFields"), "pivotField")):
                yield f"{rel.target}: fields differ from those of {cache.target}"


def formats_exist(package: Package) -> Iterator[str]:
    rel = package.rels(package.workbook_part).one("styles")
    if rel is None:
        return
    styles = package.xml(rel.target)
    counts = {
        name: len([e for e in section if ooxml.local(e)])
        if (section := ooxml.child(styles, name)) is not None
        else 0
        for name in ("cellXfs", "dxfs", "fonts", "fills", "borders")
    }
    for xf in ooxml.children(ooxml.child(styles, "cellXfs"), "xf"):
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            if int(xf.get(attribute, "0")) >= max(1, counts[name]):
                yield f"a cell format uses {attribute} {xf.get(attribute)}"
    strings = package.rels(package.workbook_part).one("sharedStrings")
    texts = len(ooxml.children(package.xml(strings.target), "si")) if strings else 0
    for entry in sheet_list.entries(package):
        if entry.kind != "worksheet":
            continue
        root = package.xml(entry.part)
        for element in ooxml.walk(root, *_STYLE_REFERENCES):
            attribute, section = _STYLE_REFERENCES[ooxml.local(element)]
            if int(element.get(attribute, "0")) >= max(1, counts[section]):
                yield f"{entry.part}: {ooxml.local(element)} has format {element.get(attribute)}"
            value = ooxml.child(element, "v")
            if element.get("t") == "s" and value is not None and int(value.text or "0") >= texts:
                yield f"{entry.part}: shared text {value.text}"
        for rule in ooxml.walk(root, "cfRule"):
            if int(rule.get("dxfId", "0")) >= max(1, counts["dxfs"]):
                yield f"{entry.part}: a rule has format {rule.get('dxfId')}"


def drawings(package: Package) -> Iterator[str]:
    for part in package.names():
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", part):
            ids = [element.get("id", "") for element in ooxml.walk(package.xml(part), "cNvPr")]
            yield from _twice([i for i in ids if i != "0"], f"shape id in {part}")


def calculation_chain(package: Package) -> Iterator[str]:
    rel = package.rels(package.workbook_part).one("calcChain")
    if rel is None:
        return
    known = {entry.sheet_id for entry in sheet_list.entries(package)}
    for cell in package.xml(rel.target):
        if cell.get("i", next(iter(known))) not in known:
            yield f"the calculation chain names sheet {cell.get('i')}"


CHECKS = (
    relationships_lead_to_parts,
    relationship_ids_exist,
    parts_have_types,
    sheets_and_names,
    tables,
    pivots,
    formats_exist,
    drawings,
    calculation_chain,
)
