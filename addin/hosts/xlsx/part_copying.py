"""Copies a sheet's parts, and the parts they lead to, from one package into another (or the same).

Every part gets a free name in the target; relationship ids stay, so the XML of a part needs no change on their
account. What must change is done by kind of part: formulas that name a renamed sheet or table, table ids,
colours of another theme, the numbers of cell formats.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence

from lxml import etree

from addin.hosts.xlsx import formulas, ooxml
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.relationships import (
    OFFICE,
    OFFICE_STRICT,
    PACKAGE,
    Relationship,
    relative_target,
    rels_name,
)
from addin.hosts.xlsx.style_merging import StyleMerger
from addin.hosts.xlsx.theme_colors import ColorResolver

Transform = Callable[[etree._Element], None]

# Parts that depend on things of the whole workbook: pivot caches are copied by the pivot's own rule; what
# depends on connections and slicer caches stays where it is.
LEFT_BEHIND = {"pivotTable", "pivotCacheDefinition", "queryTable", "slicer", "timeline", "namedSheetView"}
# Elements whose text is a formula, and attributes whose value is one.
_FORMULA_ELEMENTS = (
    "f",
    "formula",
    "formula1",
    "formula2",
    "sqref",
    "calculatedColumnFormula",
    "totalsRowFormula",
)
_FORMULA_ATTRIBUTES = ("textlink", "fmlaLink", "fmlaRange", "fmlaTxbx", "location")


class PartCopier:
    """Copies parts between two packages; parts copied once are shared afterwards.

    Parameters
    ----------
    source, target : the packages; the same one for a copy within a workbook.
    styles : maps format numbers; None within one workbook, where they stay.
    colors : makes theme colours plain where the two themes differ.

    Attributes
    ----------
    sheets, tables : old to new names (old ones in lower case) of what is copied and renamed.
    books : numbers of linked workbooks in formulas, old to new.
    copied : source part -> target part.
    rules : what else to change in a part, by the name of its root element.
    """

    def __init__(
        self,
        source: Package,
        target: Package,
        styles: StyleMerger | None,
        colors: ColorResolver,
    ) -> None:
        self.source, self.target = source, target
        self.styles, self.colors = styles, colors
        self.sheets: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        self.books: dict[int, int] = {}
        self.copied: dict[str, str] = {}
        self.rules: dict[str, Transform] = {}

    def formula(self, text: str) -> str:
        """A formula as it must stand in the target."""
        if self.books:
            text = formulas.renumber_books(text, self.books)
        if self.sheets or self.tables:
            text = formulas.rename(text, self.sheets, self.tables)
        return text

    def copy_tree(self, part: str) -> str:
        """Copies a part and what it leads to; gives its new name."""
        if part in self.copied:
            return self.copied[part]
        if self.source is self.target and part.lower().startswith("xl/media/"):
            return part  # one picture may stand on many sheets
        new = self.target.add(_pattern(part), b"", self.source.content_types.get(part) or "application/xml")
        self.copied[part] = new
        self.target.write(new, self._content(part))
        self._copy_relationships(part, new)
        return new

    def _content(self, part: str) -> bytes | etree._Element:
        if not _is_xml(part, self.source.content_types.get(part)):
            return self.source.read(part)
        root = copy.deepcopy(self.source.xml(part))
        self._rewrite_formulas(root)
        if rule := self.rules.get(ooxml.local(root)):
            rule(root)
        self._rewrite_colors(root)
        return self.as_target(root)

    def as_target(self, root: etree._Element) -> etree._Element:
        """An element in the namespaces of the target: transitional or Strict."""
        if self.source.strict == self.target.strict:
            return root
        data = etree.tostring(root)
        return etree.fromstring(ooxml.to_strict(data) if self.target.strict else ooxml.to_transitional(data))

    def _rewrite_formulas(self, root: etree._Element) -> None:
        if not (self.sheets or self.tables or self.books):
            return
        for element in root.iter():
            if ooxml.local(element) in _FORMULA_ELEMENTS and element.text:
                element.text = self.formula(element.text)
            if ooxml.local(element) == "pivotSource":
                self._rename_pivot_source(element)
            for attribute in _FORMULA_ATTRIBUTES:
                if value := element.get(attribute):
                    element.set(attribute, self.formula(value))

    def _rename_pivot_source(self, element: etree._Element) -> None:
        """A pivot chart names its pivot as `[book.xlsx]Sheet!Pivot`."""
        name = ooxml.child(element, "name")
        match = re.fullmatch(r"(\[.*?\])?(.*)!(.*)", name.text or "") if name is not None else None
        if name is not None and match:
            sheet = formulas.unquote_sheet(match[2])
            name.text = f"{match[1] or ''}{self.sheets.get(sheet.lower(), sheet)}!{match[3]}"

    def _rewrite_colors(self, root: etree._Element) -> None:
        if self.colors.needed:
            self.colors.resolve_drawing(root)
            self.colors.resolve_cells(root)

    def _copy_relationships(self, part: str, new: str) -> None:
        followed = [rel for rel in self.source.rels(part) if rel.external or rel.kind not in LEFT_BEHIND]
        self.relate(new, [(rel, None if rel.external else self.copy_tree(rel.target)) for rel in followed])

    def relate(self, part: str, relationships: Sequence[tuple[Relationship, str | None]]) -> None:
        """Gives a new part relationships under the ids they had in the source."""
        name = rels_name(part)
        if not relationships:
            return
        if name in self.target:
            root = self.target.edit(name)
        else:
            root = etree.Element(f"{{{PACKAGE}}}Relationships", nsmap={None: PACKAGE})  # type: ignore[dict-item]
        for rel, target in relationships:
            kind = rel.type.replace(OFFICE, OFFICE_STRICT) if self.target.strict else rel.type
            element = etree.SubElement(root, f"{{{PACKAGE}}}Relationship", Id=rel.id, Type=kind)
            element.set("Target", rel.target if target is None else relative_target(part, target))
            if target is None and not rel.target.startswith("#"):
                element.set("TargetMode", "External")
        self.target.write(name, root)


def _pattern(part: str) -> str:
    """`xl/charts/chart7.xml` -> `xl/charts/chart{}.xml`."""
    stem, dot, ending = part.rpartition(".")
    return re.sub(r"\d*$", "", stem).replace("{", "").replace("}", "") + "{}" + dot + ending


def _is_xml(part: str, content_type: str | None) -> bool:
    """Whether a part is XML that can be parsed; VML drawings often are not well formed."""
    return part.lower().endswith(".xml") or (content_type or "").endswith("+xml")
