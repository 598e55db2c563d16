"""Theme colours made plain, so that a copied sheet keeps its colours in a workbook with another theme."""

from __future__ import annotations

import copy

from lxml import etree

from addin.hosts.xlsx import ooxml

# Order of `theme="n"` in cell formats: light and dark are swapped against the order in the theme part.
_INDEX = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
# Names that drawings use for the same colours.
_DRAWING_NAMES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
# Attributes of a cell format that say "a colour".
_CELL_COLORS = ("color", "fgColor", "bgColor", "tabColor")


def theme_palette(theme: etree._Element | None) -> dict[str, str]:
    """The twelve colours of a theme part, as RRGGBB by their names (dk1, accent1, ...)."""
    palette: dict[str, str] = {}
    scheme = next(ooxml.walk(theme, "clrScheme"), None) if theme is not None else None
    for entry in scheme if scheme is not None else ():
        value = entry[0] if len(entry) else None
        if value is not None:
            palette[ooxml.local(entry)] = (value.get("lastClr") or value.get("val") or "000000").upper()
    return palette


def indexed_palette(styles: etree._Element) -> list[str]:
    """The workbook's own palette for `indexed="n"` colours as AARRGGBB; [] for the standard one."""
    colors = ooxml.child(ooxml.child(styles, "colors"), "indexedColors")
    return [entry.get("rgb", "FF000000") for entry in ooxml.children(colors, "rgbColor")]


class ColorResolver:
    """Replaces colours of one workbook that another would show differently by their RGB values."""

    def __init__(self, source: dict[str, str], target: dict[str, str], indexed: list[str]) -> None:
        self._palette = source if source != target else {}
        self._indexed = indexed
        self.needed = bool(self._palette or indexed)

    def in_cells(self, element: etree._Element) -> etree._Element:
        """A copy of a cell format element (font, fill, sheet ...) with plain colours."""
        element = copy.deepcopy(element)
        self.resolve_cells(element)
        return element

    def resolve_cells(self, root: etree._Element) -> None:
        """Makes the colours of cell format elements plain, in place."""
        if not self.needed:
            return
        for color in ooxml.walk(root, *_CELL_COLORS):
            theme, indexed = color.get("theme"), color.get("indexed")
            if theme is not None and int(theme) < len(_INDEX) and _INDEX[int(theme)] in self._palette:
                del color.attrib["theme"]
                color.set("rgb", "FF" + self._palette[_INDEX[int(theme)]])
            elif indexed is not None and int(indexed) < len(self._indexed):
                del color.attrib["indexed"]
                color.set("rgb", self._indexed[int(indexed)])

    def resolve_drawing(self, root: etree._Element) -> None:
        """Makes the scheme colours of a drawing or chart part plain, in place; their tints stay."""
        if not self._palette:
            return
        for color in list(ooxml.walk(root, "schemeClr")):
            name = color.get("val", "")
            value = self._palette.get(_DRAWING_NAMES.get(name, name))
            if value:
                color.tag = f"{{{ooxml.namespace(color)}}}srgbClr"
                color.set("val", value)
