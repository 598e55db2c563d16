"""Brings the values a chart carries up to date, for viewers that show them without asking the cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.references import areas_of

Cell = float | str | bool | None
# Rows of raw cell values of an area (dates as serial numbers); None for a sheet there is not.
ReadCells = Callable[[str, Area], Sequence[Sequence[Cell]] | None]

_ORDER = ["formatCode", "ptCount", "lvl", "pt", "extLst"]


def refresh(root: etree._Element, read: ReadCells) -> bool:
    """Writes the values of all ranges a chart refers to into its caches; tells whether any changed."""
    changed = False
    for reference in list(ooxml.walk(root, "numRef", "strRef", "multiLvlStrRef")):
        formula = ooxml.child(reference, "f")
        areas = areas_of(formula.text or "") if formula is not None else []
        blocks = [read(sheet, area) for sheet, area in areas]
        rows = [row for block in blocks if block is not None for row in block]
        if areas and all(block is not None for block in blocks):
            changed |= _refresh_reference(reference, areas[0][1], rows)
    return changed


def _refresh_reference(reference: etree._Element, area: Area, rows: list[Sequence[Cell]]) -> bool:
    before = etree.tostring(reference)
    if ooxml.local(reference) == "multiLvlStrRef":
        _fill_levels(_cache(reference, "multiLvlStrCache"), area, rows)
    else:
        values = [value for row in rows for value in row]
        is_text = any(isinstance(value, str) for value in values)
        if ooxml.local(reference) == "numRef" and is_text and _is_category(reference):
            _become_text(reference)
        if ooxml.local(reference) == "numRef":
            _fill(_cache(reference, "numCache"), [_number(value) for value in values])
        else:
            _fill(_cache(reference, "strCache"), [cell_text(value) for value in values])
    return etree.tostring(reference) != before


def _is_category(reference: etree._Element) -> bool:
    parent = reference.getparent()
    return parent is not None and ooxml.local(parent) == "cat"


def _become_text(reference: etree._Element) -> None:
    namespace = ooxml.namespace(reference)
    reference.tag = f"{{{namespace}}}strRef"
    cache = ooxml.child(reference, "numCache")
    if cache is not None:
        cache.tag = f"{{{namespace}}}strCache"
        for code in ooxml.children(cache, "formatCode"):
            cache.remove(code)


def _cache(reference: etree._Element, name: str) -> etree._Element:
    found = ooxml.child(reference, name)
    if found is not None:
        return found
    made = etree.Element(f"{{{ooxml.namespace(reference)}}}{name}")
    formula = ooxml.child(reference, "f")
    assert formula is not None
    formula.addnext(made)
    if name == "numCache":
        ooxml.add(made, "formatCode").text = "General"
    return made


def _fill(cache: etree._Element, texts: list[str | None]) -> None:
    """Sets count and points; a point that stays equal in meaning keeps how it was written."""
    old = {point.get("idx", ""): ooxml.child(point, "v") for point in ooxml.children(cache, "pt")}
    formats = {point.get("idx", ""): point.get("formatCode") for point in ooxml.children(cache, "pt")}
    for point in ooxml.children(cache, "pt"):
        cache.remove(point)
    ooxml.section(cache, "ptCount", _ORDER).set("val", str(len(texts)))
    extensions = ooxml.children(cache, "extLst")
    for index, text in enumerate(texts):
        if text is None:
            continue
        point = ooxml.add(cache, "pt", idx=index)
        if formats.get(str(index)):
            point.set("formatCode", formats[str(index)] or "")
        before = old.get(str(index))
        same = before is not None and _same(before.text, text)
        ooxml.add(point, "v").text = before.text if same and before is not None else text
    cache.extend(extensions)


def _same(old: str | None, new: str) -> bool:
    try:
        return float(old or "") == float(new)
    except ValueError:
        return old == new


def _fill_levels(cache: etree._Element, area: Area, rows: list[Sequence[Cell]]) -> None:
    """Category levels: the last column (or row) of the area is the innermost, and comes first."""
    down = area.shape[0] >= area.shape[1]
    levels = [list(column) for column in zip(*rows, strict=True)] if down else [list(row) for row in rows]
    for level in ooxml.children(cache, "lvl"):
        cache.remove(level)
    ooxml.section(cache, "ptCount", _ORDER).set("val", str(max(map(len, levels), default=0)))
    for values in reversed(levels):
        level = etree.Element(f"{{{ooxml.namespace(cache)}}}lvl")
        for index, value in enumerate(values):
            if (text := cell_text(value)) is not None:
                ooxml.add(ooxml.add(level, "pt", idx=index), "v").text = text
        ooxml.insert_in_order(cache, level, _ORDER)


def _number(value: Cell) -> str | None:
    if value is None or isinstance(value, str):
        return None
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def cell_text(value: Cell) -> str | None:
    """What a chart shows for a cell; None for an empty one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else _number(value)
