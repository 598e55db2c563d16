"""Brings the formats a copied sheet uses into another workbook's styles.

Formats are added and never changed: every number that cells of the target use keeps its meaning. Equal formats
are shared, so copying the same template twice adds nothing the second time.
"""

from __future__ import annotations

import copy

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.styles import Styles
from addin.hosts.xlsx.theme_colors import ColorResolver

_PARTS = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
_APPLY = ("applyFont", "applyFill", "applyBorder", "applyNumberFormat")


class StyleMerger:
    """Maps format numbers of one workbook to another's, adding what is missing.

    Parameters
    ----------
    source : the root of the source's styles part.
    target : the styles of the workbook that is copied into.
    colors : makes theme colours plain where the themes differ.
    """

    def __init__(self, source: etree._Element, target: Styles, colors: ColorResolver) -> None:
        self.target = target
        self._strict = ooxml.namespace(target.root) == ooxml.STRICT_MAIN
        self._source = self._as_target(source)
        self._colors = colors
        # Format 0 is the workbook's own plain cell.
        self._xf: dict[int, int] = {0: 0}
        # So is named style 0, "Normal".
        self._named: dict[int, int] = {0: 0}
        self._dxf: dict[int, int] = {}

    def _as_target(self, root: etree._Element) -> etree._Element:
        if ooxml.namespace(root) == ooxml.namespace(self.target.root):
            return root
        data = etree.tostring(root)
        return etree.fromstring(ooxml.to_strict(data) if self._strict else ooxml.to_transitional(data))

    def xf(self, number: int) -> int:
        """The target's cell format for one of the source."""
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
                number_format.set("numFmtId", str(self.target.number_format_id(code)))
            self._dxf[number] = self.target.add_dxf(element)
        return self._dxf[number]

    def number_format_id(self, number: int) -> int:
        """The target's number of a number format of the source; built-in ones are everywhere."""
        for entry in ooxml.children(ooxml.child(self._source, "numFmts"), "numFmt"):
            if entry.get("numFmtId") == str(number):
                return self.target.number_format_id(entry.get("formatCode", "General"))
        return number

    def table_style(self, name: str) -> None:
        """Brings a table or pivot style of the source's own; built-in ones are everywhere."""
        ours = ooxml.child(self._source, "tableStyles")
        style = next((s for s in ooxml.children(ours, "tableStyle") if s.get("name") == name), None)
        if style is None:
            return
        theirs = ooxml.section(self.target.root, "tableStyles", ooxml.STYLES_ORDER)
        existing = ooxml.children(theirs, "tableStyle")
        if any(s.get("name") == name for s in existing):
            return
        style = copy.deepcopy(style)
        for element in ooxml.walk(style, "tableStyleElement"):
            if element.get("dxfId"):
                element.set("dxfId", str(self.dxf(int(element.get("dxfId", "0")))))
        theirs.append(style)
        theirs.set("count", str(len(existing) + 1))
        self.target.changed = True

    def _merge_xf(self, xf: etree._Element) -> int:
        merged = self._with_parts(xf)
        merged.set("xfId", str(self._named_style(int(merged.get("xfId", "0")))))
        for attribute in _APPLY:
            merged.set(attribute, "1")
        if ooxml.child(merged, "alignment") is not None:
            merged.set("applyAlignment", "1")
        if ooxml.child(merged, "protection") is not None:
            merged.set("applyProtection", "1")
        return self.target.intern_xf(merged)

    def _named_style(self, number: int) -> int:
        """The target's named style ("Good", "Heading 1") for one of the source: the one of the same name, or a new one.

        As in Excel, a name the target has keeps the look it has there; the cells keep theirs.
        """
        if number not in self._named:
            formats = ooxml.children(ooxml.child(self._source, "cellStyleXfs"), "xf")
            names = ooxml.children(ooxml.child(self._source, "cellStyles"), "cellStyle")
            name = next((n for n in names if n.get("xfId") == str(number)), None)
            known = name is not None and number < len(formats)
            self._named[number] = self._add_named(name, formats[number]) if known and name is not None else 0
        return self._named[number]

    def _add_named(self, name: etree._Element, xf: etree._Element) -> int:
        formats = ooxml.child(self.target.root, "cellStyleXfs")
        if formats is None or not len(formats):  # a workbook without named styles
            return 0
        theirs = ooxml.section(self.target.root, "cellStyles", ooxml.STYLES_ORDER)
        if not len(theirs):
            ooxml.add(theirs, "cellStyle", name="Normal", xfId=0, builtinId=0)
        same = [n for n in ooxml.children(theirs, "cellStyle") if _style_name(n) == _style_name(name)]
        if same:
            return int(same[0].get("xfId", "0"))
        merged = self._with_parts(xf)
        merged.attrib.pop("xfId", None)
        formats.append(merged)
        count = len(ooxml.children(formats, "xf"))
        formats.set("count", str(count))
        style = copy.deepcopy(name)
        for attribute in [a for a in style.attrib if str(a).startswith("{")]:
            del style.attrib[attribute]
        for extension in ooxml.children(style, "extLst"):
            style.remove(extension)
        style.set("xfId", str(count - 1))
        theirs.append(style)
        theirs.set("count", str(len(ooxml.children(theirs, "cellStyle"))))
        self.target.changed = True
        return count - 1

    def _with_parts(self, xf: etree._Element) -> etree._Element:
        """A format with its font, fill, border and number format as the target counts them."""
        merged = copy.deepcopy(xf)
        merged.tail = None
        for attribute, section in _PARTS:
            entries = ooxml.child(self._source, section)
            number = int(merged.get(attribute, "0"))
            if entries is not None and number < len(entries):
                element = self._colors.in_cells(entries[number])
                merged.set(attribute, str(self.target.intern(section, element)))
        merged.set("numFmtId", str(self.number_format_id(int(merged.get("numFmtId", "0")))))
        return merged


def _style_name(element: etree._Element) -> str:
    return (element.get("name") or "").lower()
