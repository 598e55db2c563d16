"""Copies sheets within a workbook or into another one, with all that stands on them, as Excel does.

Cells with their formats, tables, charts, pictures, comments, conditional formats, validations, links, pivot
tables with their caches, print settings, and the names that belong to the sheet or are used on it. References
to sheets that are copied together, or that exist in the target under the same name, keep working.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence

from lxml import etree

from addin.hosts.xlsx import formulas, ooxml, sheet_list
from addin.hosts.xlsx.dynamic_arrays import dynamic_mark, dynamic_marks
from addin.hosts.xlsx.new_book import empty_styles
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.part_copying import PartCopier
from addin.hosts.xlsx.pivot_copying import PivotCopier
from addin.hosts.xlsx.sheet_list import SheetEntry
from addin.hosts.xlsx.style_merging import StyleMerger
from addin.hosts.xlsx.styles import Styles
from addin.hosts.xlsx.theme_colors import ColorResolver, indexed_palette, theme_palette

_FRESH_IDS = re.compile(r"\{http://schemas\.microsoft\.com/office/spreadsheetml/20\d\d/revision\d*\}uid$")
_SLICER_LISTS = {"slicerList", "timelineRefs", "slicerRefs"}


def copy_sheets(source: Package, names: Sequence[str], target: Package, position: int) -> list[str]:
    """Copies sheets of `source` into `target` from `position` (counted from 0) on.

    Parameters
    ----------
    source, target : packages; the same one for copies within a workbook.
    names : the sheets to copy, in the order they shall stand in.
    position : where the first copy goes; the number of sheets of the target puts them last.

    Returns
    -------
    The names of the copies: those of the sheets, or "Name (2)" where that name is taken. Tables keep their
    names too, unless the target has a table or name called so.
    """
    return _SheetCopier(source, target).copy(names, position)


class _SheetCopier:
    def __init__(self, source: Package, target: Package) -> None:
        self.source, self.target = source, target
        self.within = source is target
        self.styles_part = ""
        self.styles: StyleMerger | None = None
        colors = ColorResolver({}, {}, [])
        if not self.within and (source_styles := _book_part(source, "styles")):
            self.styles_part = _book_part(target, "styles") or _new_styles(target)
            colors = ColorResolver(
                _palette(source), _palette(target), indexed_palette(source.xml(source_styles))
            )
            self.styles = StyleMerger(source.xml(source_styles), Styles(target.xml(self.styles_part)), colors)
        self.parts = PartCopier(source, target, self.styles, colors)
        self.parts.rules |= {
            "worksheet": self._sheet,
            "chartsheet": self._sheet,
            "table": self._table,
            "wsDr": _drop_slicer_shapes,
        }
        self.pivots = PivotCopier(self.parts)
        self._strings: list[etree._Element] | None = None
        self._table_ids: dict[str, int] = {}
        self._dynamic_marks = set() if self.within else dynamic_marks(source)

    def copy(self, names: Sequence[str], position: int) -> list[str]:
        entries = [_required(self.source, name) for name in names]
        position_of = {entry.position: position + index for index, entry in enumerate(entries)}
        # Names are read before sheets are added: adding moves the positions they refer to.
        defined = self._defined_names()
        new_names = self._choose_names(entries)
        self._choose_table_names(entries)
        self._link_books(entries)
        for index, (entry, new_name) in enumerate(zip(entries, new_names, strict=True)):
            pivots = [
                (rel, copied)
                for rel in self.source.rels(entry.part).by_type("pivotTable")
                if (copied := self.pivots.copy(rel.target))
            ]
            part = self.parts.copy_tree(entry.part)
            self.parts.relate(part, pivots)
            sheet_list.insert(self.target, position + index, new_name, part, entry.kind)
        self._copy_persons()
        self._copy_names(entries, position_of, defined)
        if self.styles is not None and self.styles.target.changed:
            self.target.changed(self.styles_part)
        return new_names

    def _defined_names(self) -> list[etree._Element]:
        names = ooxml.child(self.source.xml(self.source.workbook_part), "definedNames")
        return [copy.deepcopy(name) for name in ooxml.children(names, "definedName")]

    def _choose_names(self, entries: list[SheetEntry]) -> list[str]:
        taken: list[str] = []
        for entry in entries:
            name = sheet_list.unique_name(self.target, entry.name, taken)
            taken.append(name)
            if name != entry.name:
                self.parts.sheets[entry.name.lower()] = name
        return taken

    def _choose_table_names(self, entries: list[SheetEntry]) -> None:
        """New tables get free ids, and other names where the target has theirs."""
        used_ids, used_names = _tables_of(self.target)
        for entry in entries:
            for rel in self.source.rels(entry.part).by_type("table"):
                old = self.source.xml(rel.target).get("displayName", "Table")
                number, new = 1, old
                while new.lower() in used_names:
                    number += 1
                    new = f"{old}_{number}" if old[-1].isdigit() else f"{old}{number}"
                used_names.add(new.lower())
                if new != old:
                    self.parts.tables[old.lower()] = new
                self._table_ids[old] = max(used_ids, default=0) + 1
                used_ids.add(self._table_ids[old])

    def _link_books(self, entries: list[SheetEntry]) -> None:
        """Formulas that refer to other workbooks bring the links along."""
        if self.within:
            return
        used: set[int] = set()
        for entry in entries:
            for element in ooxml.walk(self.source.xml(entry.part), "f"):
                used.update(int(number) for number in re.findall(r"\[(\d+)\][^\[\]]*!", element.text or ""))
        links = ooxml.child(self.source.xml(self.source.workbook_part), "externalReferences")
        references = ooxml.children(links, "externalReference")
        for number in sorted(used):
            if 0 < number <= len(references):
                rid = references[number - 1].get(ooxml.rel_attribute(references[number - 1]), "")
                part = self.parts.copy_tree(self.source.rels(self.source.workbook_part)[rid].target)
                new_rid = self.target.rels(self.target.workbook_part).add("externalLink", part)
                root = self.target.edit(self.target.workbook_part)
                section = ooxml.section(root, "externalReferences", ooxml.WORKBOOK_ORDER)
                ooxml.add(section, "externalReference").set(ooxml.rel_attribute(root), new_rid)
                self.parts.books[number] = len(ooxml.children(section, "externalReference"))

    # The sheet part

    def _sheet(self, root: etree._Element) -> None:
        properties = ooxml.child(root, "sheetPr")
        if properties is not None:
            ooxml.unset(properties, "codeName")
        for view in ooxml.walk(root, "sheetView"):
            ooxml.unset(view, "tabSelected")
        _fresh_ids(root)
        _drop_slicer_lists(root)
        if self.within:
            return
        custom_views = ooxml.child(root, "customSheetViews")
        if custom_views is not None:
            ooxml.drop(custom_views)
        self._map_formats(root)
        for cell in ooxml.walk(root, "c"):
            if cell.get("vm") is not None:
                _drop_rich_value(cell)
            if (mark := cell.get("cm")) is not None:
                self._keep_dynamic(cell, mark)
            if cell.get("t") == "s":
                self._inline(cell)

    def _keep_dynamic(self, cell: etree._Element, mark: str) -> None:
        """The mark of a dynamic array becomes the target's; other marks mean nothing there."""
        ooxml.unset(cell, "cm")
        if mark in self._dynamic_marks:
            cell.set("cm", dynamic_mark(self.target))

    def _map_formats(self, root: etree._Element) -> None:
        styles = self.styles
        if styles is None:
            return
        for element in ooxml.walk(root, "c", "row"):
            if (number := element.get("s")) is not None:
                element.set("s", str(styles.xf(int(number))))
        for column in ooxml.walk(root, "col"):
            if (number := column.get("style")) is not None:
                column.set("style", str(styles.xf(int(number))))
        for rule in ooxml.walk(root, "cfRule", "sortCondition", "colorFilter"):
            if (number := rule.get("dxfId")) is not None:
                rule.set("dxfId", str(styles.dxf(int(number))))

    def _table(self, root: etree._Element) -> None:
        old = root.get("displayName", "Table")
        new = self.parts.tables.get(old.lower(), old)
        root.set("id", str(self._table_ids[old]))
        root.set("name", new)
        root.set("displayName", new)
        _fresh_ids(root)
        for element in root.iter():
            ooxml.unset(element, "tableType", "connectionId", "queryTableFieldId")
            if self.styles is not None:
                self._map_table_formats(element, self.styles)
        info = ooxml.child(root, "tableStyleInfo")
        if self.styles is not None and info is not None:
            self.styles.table_style(info.get("name", ""))

    def _map_table_formats(self, element: etree._Element, styles: StyleMerger) -> None:
        for attribute, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
            if attribute.endswith(("DxfId", "dxfId")):
                element.set(attribute, str(styles.dxf(int(value))))
            elif attribute.endswith("CellStyle"):  # by a name the target may not have
                del element.attrib[attribute]

    def _inline(self, cell: etree._Element) -> None:
        """A shared string becomes the cell's own text: the target's strings stay as they are."""
        value = ooxml.child(cell, "v")
        if value is None or not (value.text or "").strip():
            cell.attrib.pop("t")
            return
        text = copy.deepcopy(self._shared_string(int(value.text or "0")))
        text.tag = f"{{{ooxml.namespace(cell)}}}is"
        text.tail = None
        if ooxml.child(cell, "f") is None:
            cell.replace(value, text)
            cell.set("t", "inlineStr")
        else:
            value.text = "".join(part.text or "" for part in ooxml.walk(text, "t"))
            cell.set("t", "str")

    def _shared_string(self, number: int) -> etree._Element:
        if self._strings is None:
            rel = self.source.rels(self.source.workbook_part).one("sharedStrings")
            self._strings = ooxml.children(self.source.xml(rel.target), "si") if rel else []
        return self._strings[number]

    # What belongs to the whole workbook

    def _copy_persons(self) -> None:
        """Authors of threaded comments are listed once for the workbook."""
        threaded = any("threadedcomment" in part.lower() for part in self.parts.copied)
        source = self.source.rels(self.source.workbook_part).one("person")
        if self.within or not threaded or source is None:
            return
        target = self.target.rels(self.target.workbook_part).one("person")
        if target is None:
            part = self.parts.copy_tree(source.target)
            self.target.rels(self.target.workbook_part).add(source.type, part)
            return
        people = self.target.edit(target.target)
        known = {person.get("id") for person in people}
        people.extend(
            copy.deepcopy(person)
            for person in self.source.xml(source.target)
            if person.get("id") not in known
        )

    def _copy_names(
        self, entries: list[SheetEntry], position_of: dict[int, int], defined: list[etree._Element]
    ) -> None:
        copied_sheets = {entry.name.lower() for entry in entries}
        words = set() if self.within else self._words_used()
        for name in defined:
            local = name.get("localSheetId")
            if local is not None:
                if int(local) in position_of:
                    self._define(name, position_of[int(local)])
                continue
            about = formulas.sheets_in(name.text or "") & copied_sheets
            if self.within and about:  # the copy gets names of its own, as in Excel
                for entry in entries:
                    if entry.name.lower() in about:
                        self._define(name, position_of[entry.position])
            elif not self.within and (about or name.get("name", "").lower() in words):
                self._define(name, None, fallback=min(position_of.values()))

    def _words_used(self) -> set[str]:
        words: set[str] = set()
        for part in self.parts.copied:
            if part.lower().endswith(".xml"):
                for element in ooxml.walk(self.source.xml(part), "f", "formula", "formula1", "formula2"):
                    words |= formulas.names_in(element.text or "")
        return words

    def _define(self, name: etree._Element, position: int | None, fallback: int = 0) -> None:
        """Adds a name; one the target already has otherwise becomes a name of the copied sheet."""
        root = self.target.edit(self.target.workbook_part)
        section = ooxml.section(root, "definedNames", ooxml.WORKBOOK_ORDER)
        text = self.parts.formula(name.text or "")
        local = None if position is None else str(position)
        for existing in ooxml.children(section, "definedName"):
            same = existing.get("name", "").lower() == name.get("name", "").lower()
            if not same or existing.get("localSheetId") != local:
                continue
            if existing.text == text or position is not None or self._is_broken(existing.text or ""):
                existing.text = text
                return
            local = str(fallback)
        element = ooxml.add(section, "definedName")
        for key, value in name.attrib.items():
            if key != "localSheetId":
                element.set(key, value)
        if local is not None:
            element.set("localSheetId", local)
        element.text = text

    def _is_broken(self, refers_to: str) -> bool:
        sheets = {entry.name.lower() for entry in sheet_list.entries(self.target)}
        return "#REF!" in refers_to or bool(formulas.sheets_in(refers_to) - sheets)


def _required(package: Package, name: str) -> SheetEntry:
    found = sheet_list.entry(package, name)
    if found is None:
        raise KeyError(f"no sheet {name!r}")
    return found


def _book_part(package: Package, kind: str) -> str:
    rel = package.rels(package.workbook_part).one(kind)
    return rel.target if rel else ""


def _palette(package: Package) -> dict[str, str]:
    part = _book_part(package, "theme")
    return theme_palette(package.xml(part)) if part in package else {}


def _new_styles(package: Package) -> str:
    """Styles for a workbook that has none."""
    data = empty_styles().encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
    part = package.add("xl/styles{}.xml", ooxml.to_strict(data) if package.strict else data, kind)
    package.rels(package.workbook_part).add("styles", part)
    return part


def _tables_of(package: Package) -> tuple[set[int], set[str]]:
    """Ids of all tables, and the names taken by tables and by names of the whole workbook."""
    ids: set[int] = set()
    names: set[str] = set()
    for entry in sheet_list.entries(package):
        for rel in package.rels(entry.part).by_type("table"):
            root = package.xml(rel.target)
            ids.add(int(root.get("id", "0")))
            names.add(root.get("displayName", "").lower())
    defined = ooxml.child(package.xml(package.workbook_part), "definedNames")
    names |= {name.get("name", "").lower() for name in ooxml.children(defined, "definedName")}
    return ids, names


def _fresh_ids(root: etree._Element) -> None:
    """Takes off identities that must differ between a sheet and its copy; Excel gives new ones."""
    for element in root.iter():
        for attribute in [name for name in element.attrib if _FRESH_IDS.match(str(name))]:
            del element.attrib[attribute]


def _drop_rich_value(cell: etree._Element) -> None:
    """A picture or data type in a cell stays behind: the cell gets empty instead of showing the error below it."""
    ooxml.unset(cell, "vm")
    if cell.get("t") == "e" and ooxml.child(cell, "f") is None:
        ooxml.unset(cell, "t")
        cell[:] = []


def _drop_slicer_lists(root: etree._Element) -> None:
    for extension in list(ooxml.walk(root, "ext")):
        if any(ooxml.local(element) in _SLICER_LISTS for element in extension):
            parent = extension.getparent()
            ooxml.drop(extension)
            if parent is not None and len(parent) == 0:
                ooxml.drop(parent)


def _drop_slicer_shapes(root: etree._Element) -> None:
    for anchor in list(root):
        if next(ooxml.walk(anchor, "slicer", "timeslicer"), None) is not None:
            root.remove(anchor)
