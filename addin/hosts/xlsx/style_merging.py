"""Brings the formats a copied sheet uses into another workbook's styles part.

Formats are appended and never changed: every index that cells of the target use stays what it was. Equal
formats are shared, so copying the same template twice adds nothing the second time.
"""

from __future__ import annotations

import copy

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.theme_colors import ColorResolver

_FIRST_OWN_FORMAT = 164
_PARTS = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
_APPLY = ("applyFont", "applyFill", "applyBorder", "applyNumberFormat")


class StyleMerger:
    """Maps format numbers of one styles part to another's, appending what is missing.

    Parameters
    ----------
    source, target : roots of the two styles parts; the target's is changed in place.
    colors : makes theme colours plain where the themes differ.
    """

    def __init__(self, source: etree._Element, target: etree._Element, colors: ColorResolver) -> None:
        self._target = target
        self._strict = ooxml.namespace(target) == ooxml.STRICT_MAIN
        self._source = self._as_target(source)
        self._colors = colors
        self._known: dict[str, dict[bytes, int]] = {}
        self._counts: dict[str, int] = {}
        self._xf: dict[int, int] = {0: 0}
        self._dxf: dict[int, int] = {}
        self.changed = False

    def _as_target(self, root: etree._Element) -> etree._Element:
        if ooxml.namespace(root) == ooxml.namespace(self._target):
            return root
        data = etree.tostring(root)
        return etree.fromstring(ooxml.to_strict(data) if self._strict else ooxml.to_transitional(data))

    def xf(self, number: int) -> int:
        """The target's cell format for one of the source. Format 0 is the workbook's own plain cell."""
        if number not in self._xf:
            formats = ooxml.children(ooxml.child(self._source, "cellXfs"), "xf")
            self._xf[number] = self._merge_xf(formats[number]) if number < len(formats) else 0
        return self._xf[number]

    def dxf(self, number: int) -> int:
        """The target's differential format (conditional formats, tables) for one of the source."""
        if number not in self._dxf:
            formats = ooxml.children(ooxml.child(self._source, "dxfs"), "dxf")
            element = self._colors.in_cells(formats[number])
            for number_format in ooxml.walk(element, "numFmt"):
                code = number_format.get("formatCode", "General")
                number_format.set("numFmtId", str(self.number_format(code)))
            self._dxf[number] = self._intern("dxfs", element)
        return self._dxf[number]

    def number_format_id(self, number: int) -> int:
        """The target's number of a number format of the source; built-in ones are everywhere."""
        for entry in ooxml.children(ooxml.child(self._source, "numFmts"), "numFmt"):
            if entry.get("numFmtId") == str(number):
                return self.number_format(entry.get("formatCode", "General"))
        return number

    def number_format(self, code: str) -> int:
        """The number of a number format of the target's own, added when missing."""
        formats = ooxml.child(self._target, "numFmts")
        entries = ooxml.children(formats, "numFmt")
        for entry in entries:
            if entry.get("formatCode") == code:
                return int(entry.get("numFmtId", "0"))
        formats = ooxml.section(self._target, "numFmts", ooxml.STYLES_ORDER)
        number = max([_FIRST_OWN_FORMAT - 1, *(int(entry.get("numFmtId", "0")) for entry in entries)]) + 1
        ooxml.add(formats, "numFmt", numFmtId=number, formatCode=code)
        formats.set("count", str(len(entries) + 1))
        self.changed = True
        return number

    def table_style(self, name: str) -> None:
        """Brings a table or pivot style of the source's own; built-in ones are everywhere."""
        ours = ooxml.child(self._source, "tableStyles")
        style = next((s for s in ooxml.children(ours, "tableStyle") if s.get("name") == name), None)
        if style is None:
            return
        theirs = ooxml.section(self._target, "tableStyles", ooxml.STYLES_ORDER)
        existing = ooxml.children(theirs, "tableStyle")
        if any(s.get("name") == name for s in existing):
            return
        style = copy.deepcopy(style)
        for element in ooxml.walk(style, "tableStyleElement"):
            if element.get("dxfId"):
                element.set("dxfId", str(self.dxf(int(element.get("dxfId", "0")))))
        theirs.append(style)
        theirs.set("count", str(len(existing) + 1))
        self.changed = True

    def _merge_xf(self, xf: etree._Element) -> int:
        merged = copy.deepcopy(xf)
        for attribute, section in _PARTS:
            entries = ooxml.child(self._source, section)
            number = int(merged.get(attribute, "0"))
            if entries is not None and number < len(entries):
                element = self._colors.in_cells(entries[number])
                merged.set(attribute, str(self._intern(section, element)))
        merged.set("numFmtId", str(self.number_format_id(int(merged.get("numFmtId", "0")))))
        merged.set("xfId", "0")
        for attribute in _APPLY:
            merged.set(attribute, "1")
        if ooxml.child(merged, "alignment") is not None:
            merged.set("applyAlignment", "1")
        if ooxml.child(merged, "protection") is not None:
            merged.set("applyProtection", "1")
        return self._intern("cellXfs", merged)

    def _intern(self, section: str, element: etree._Element) -> int:
        """The index of an equal element in a section of the target, appended when there is none."""
        parent = ooxml.section(self._target, section, ooxml.STYLES_ORDER)
        if section not in self._known:
            entries = [entry for entry in parent if ooxml.local(entry)]
            self._known[section] = {}
            for index, entry in enumerate(entries):
                self._known[section].setdefault(_key(entry), index)
            self._counts[section] = len(entries)
        key = _key(element)
        if key not in self._known[section]:
            parent.append(element)
            self._known[section][key] = self._counts[section]
            self._counts[section] += 1
            parent.set("count", str(self._counts[section]))
            self.changed = True
        return self._known[section][key]


def _key(element: etree._Element) -> bytes:
    """Equal for elements that mean the same, whatever their prefixes and attribute order."""
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False).strip()
