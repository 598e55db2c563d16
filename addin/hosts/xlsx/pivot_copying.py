"""Copies pivot tables: within a workbook the copy shares the cache, in another one the cache comes along."""

from __future__ import annotations

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.part_copying import PartCopier


class PivotCopier:
    """Copies the pivot tables of a sheet with `parts`; pivots of one cache share one cache afterwards."""

    def __init__(self, parts: PartCopier) -> None:
        self._parts = parts
        self._cache_ids: dict[str, str] = {}
        parts.rules["pivotTableDefinition"] = self._pivot
        parts.rules["pivotCacheDefinition"] = self._cache

    def copy(self, pivot: str) -> str | None:
        """Copies a pivot table part; None for one whose data come from a connection the target lacks.

        The cells such a pivot shows are copied with the sheet, as values.
        """
        parts = self._parts
        rel = parts.source.rels(pivot).one("pivotCacheDefinition")
        if rel is None or not self._bring_cache(rel.target):
            return None
        new = parts.copy_tree(pivot)
        cache = rel.target if parts.source is parts.target else parts.copied[rel.target]
        parts.relate(new, [(rel, cache)])
        return new

    def _bring_cache(self, cache: str) -> bool:
        parts = self._parts
        if parts.source is parts.target or cache in parts.copied:
            return True
        source = ooxml.child(parts.source.xml(cache), "cacheSource")
        if source is None or source.get("type") != "worksheet":
            return False
        new = parts.copy_tree(cache)
        target = parts.target
        rid = target.rels(target.workbook_part).add("pivotCacheDefinition", new)
        root = target.edit(target.workbook_part)
        caches = ooxml.section(root, "pivotCaches", ooxml.WORKBOOK_ORDER)
        used = [int(entry.get("cacheId", "0")) for entry in ooxml.children(caches, "pivotCache")]
        entry = ooxml.add(caches, "pivotCache", cacheId=max(used, default=0) + 1)
        entry.set(ooxml.rel_attribute(root), rid)
        self._cache_ids[self._source_cache_id(cache)] = entry.get("cacheId", "")
        return True

    def _source_cache_id(self, cache: str) -> str:
        source = self._parts.source
        rels = source.rels(source.workbook_part)
        caches = ooxml.child(source.xml(source.workbook_part), "pivotCaches")
        for entry in ooxml.children(caches, "pivotCache"):
            rel = rels.get(entry.get(ooxml.rel_attribute(entry)))
            if rel and rel.target == cache:
                return entry.get("cacheId", "")
        return ""

    def _pivot(self, root: etree._Element) -> None:
        styles = self._parts.styles
        cache_id = root.get("cacheId", "")
        root.set("cacheId", self._cache_ids.get(cache_id, cache_id))
        if styles is None:
            return
        for element in root.iter():
            if (number := element.get("dxfId")) is not None:
                element.set("dxfId", str(styles.dxf(int(number))))
            self._number_format(element)
        info = ooxml.child(root, "pivotTableStyleInfo")
        if info is not None and info.get("name"):
            styles.table_style(info.get("name", ""))

    def _cache(self, root: etree._Element) -> None:
        for source in ooxml.walk(root, "worksheetSource"):
            sheet, name = source.get("sheet", ""), source.get("name", "")
            if sheet.lower() in self._parts.sheets:
                source.set("sheet", self._parts.sheets[sheet.lower()])
            if name.lower() in self._parts.tables:
                source.set("name", self._parts.tables[name.lower()])
        for field in ooxml.walk(root, "cacheField"):
            self._number_format(field)

    def _number_format(self, element: etree._Element) -> None:
        number = element.get("numFmtId")
        if number is not None and self._parts.styles is not None:
            element.set("numFmtId", str(self._parts.styles.number_format_id(int(number))))
