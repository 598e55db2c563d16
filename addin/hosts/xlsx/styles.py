"""styles.xml: new formats are added at the end, once each; what is there keeps its number.

A cell's style is a number into `cellXfs`. `Styles.derive` gives the number of "that style, but bold", adding
fonts, fills, borders, number formats and styles as needed. Sheets copied from another book are renumbered with
`intern`, `intern_xf`, `number_format_id` and `add_dxf`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from lxml import etree

from addin.hosts.xlsx import number_formats, ooxml
from addin.hosts.xlsx.date_formats import shows

# One change of a style: (what, which, value), as `Styles.derive` lists them.
Change = tuple[str, str, Any]

_FONT_ORDER = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
]
_BORDER_ORDER = ["start", "left", "end", "right", "top", "bottom", "diagonal", "vertical", "horizontal"]
_SECTION_OF = {"font": "fonts", "fill": "fills", "border": "borders"}
FIRST_CUSTOM_FORMAT = 164


class Styles:
    """The styles of one workbook.

    Parameters
    ----------
    root : the parsed styles part; changed in place, `changed` tells whether it was.
    """

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.changed = False
        self._lists: dict[str, list[etree._Element]] = {}
        self._known: dict[str, dict[bytes, int]] = {}
        self._derived: dict[tuple[int, Change], int] = {}
        self._dates: dict[int, bool] = {}
        self._formats: dict[int, str] | None = None

    def refresh(self) -> None:
        """Forgets what was read of the root; call after it was changed elsewhere, at its end only."""
        self._lists, self._known, self._dates, self._formats = {}, {}, {}, None

    # -- reading -----------------------------------------------------------------------------------

    def xf(self, style: int) -> etree._Element:
        """The `xf` element of a style number; the first one where the number does not exist."""
        xfs = self._items("cellXfs")
        return xfs[style] if 0 <= style < len(xfs) else xfs[0]

    def part(self, style: int, kind: str) -> etree._Element | None:
        """The font, fill or border element a style uses."""
        items = self._items(_SECTION_OF[kind])
        number = int(self.xf(style).get(f"{kind}Id") or 0)
        return items[number] if number < len(items) else None

    def number_format(self, style: int) -> str:
        """The number format of a style, as its code: "General", "yyyy-mm-dd"."""
        return self.format_code(int(self.xf(style).get("numFmtId") or 0))

    def format_code(self, number: int) -> str:
        """The code of a number format: "General", "yyyy-mm-dd"."""
        return self._format_codes().get(number) or number_formats.BUILTIN.get(number, "General")

    def is_date(self, style: int) -> bool:
        """Whether a style shows numbers as dates or times."""
        if style not in self._dates:
            number = int(self.xf(style).get("numFmtId") or 0)
            code = self._format_codes().get(number)
            self._dates[style] = bool(shows(code)) if code else number in number_formats.BUILTIN_DATES
        return self._dates[style]

    def alignment(self, style: int, name: str) -> str | None:
        """One alignment attribute of a style: "horizontal", "vertical", "wrapText", "indent"."""
        element = ooxml.child(self.xf(style), "alignment")
        return None if element is None else element.get(name)

    # -- changing ----------------------------------------------------------------------------------

    def derive_all(self, style: int, changes: Iterable[Change]) -> int:
        """The number of a style after several changes, in their order."""
        for change in changes:
            style = self.derive(style, change)
        return style

    def derive(self, style: int, change: Change) -> int:
        """The number of a style after one change.

        Changes are `("style", "", number)`, `("number_format", "", code)`, `("date_format", "", code)` (only
        where the style shows no date yet), `("font", "b" | "i" | "sz" | "color" | "name", value)`,
        `("fill", "", "FFRRGGBB" or None)`, `("border", side, (line style, weight, "FFRRGGBB"))` where None
        stays as it was, and `("alignment", attribute, value or None)`.
        """
        key = (style, change)
        if key not in self._derived:
            self._derived[key] = self._derive(style, change)
        return self._derived[key]

    def _derive(self, style: int, change: Change) -> int:
        what, which, value = change
        if what == "style":
            return int(value)
        if what == "date_format":
            if self.number_format(style) != "General":
                return style
            what = "number_format"
        xf = copy.deepcopy(self.xf(style))
        if what == "number_format":
            xf.set("numFmtId", str(self.number_format_id(value)))
            xf.set("applyNumberFormat", "1")
        elif what == "alignment":
            self._set_alignment(xf, which, value)
        else:
            old = self.part(style, what)
            new = copy.deepcopy(old) if old is not None else self._element(what)
            getattr(self, f"_set_{what}")(new, which, value)
            xf.set(f"{what}Id", str(self.intern(_SECTION_OF[what], new)))
            xf.set(f"apply{what.capitalize()}", "1")
        return self.intern_xf(xf)

    def _set_font(self, font: etree._Element, which: str, value: Any) -> None:
        for old in ooxml.children(font, which):
            font.remove(old)
        if which == "name":
            for old in ooxml.children(font, "scheme"):
                font.remove(old)
        if value is None or value is False:
            return
        new = self._element(which)
        if which == "color":
            new.set("rgb", value)
        elif value is not True:
            new.set("val", f"{value:g}" if isinstance(value, float) else str(value))
        font.append(new)
        # Some programs write a font's properties in any order; the copy has them in the one Excel demands.
        font[:] = sorted(
            font,
            key=lambda item: _FONT_ORDER.index(name) if (name := ooxml.local(item)) in _FONT_ORDER else 99,
        )

    def _set_fill(self, fill: etree._Element, which: str, value: str | None) -> None:
        for old in list(fill):
            fill.remove(old)
        pattern = ooxml.add(fill, "patternFill", patternType="solid" if value else "none")
        if value:
            ooxml.add(pattern, "fgColor", rgb=value)
            ooxml.add(pattern, "bgColor", indexed="64")

    def _set_border(
        self, border: etree._Element, side: str, value: tuple[str | None, str | None, str | None]
    ) -> None:
        from addin.hosts.xlsx.borders import file_style

        line_style, weight, color = value
        if side in ("diagonalUp", "diagonalDown"):
            border.set(side, "0" if line_style == "none" else "1")
            side = "diagonal"
        old = ooxml.child(border, side)
        new = copy.deepcopy(old) if old is not None else self._element(side)
        style = file_style(new.get("style", "none"), line_style, weight)
        new.attrib.pop("style", None)
        if style == "none":
            new[:] = []
        else:
            new.set("style", style)
            if color or not len(new):
                new[:] = []
                ooxml.add(new, "color", **({"rgb": color} if color else {"auto": "1"}))
        if old is not None:
            border.remove(old)
        ooxml.insert_in_order(border, new, _BORDER_ORDER)

    def _set_alignment(self, xf: etree._Element, which: str, value: Any) -> None:
        alignment = ooxml.child(xf, "alignment")
        if alignment is None:
            alignment = self._element("alignment")
            xf.insert(0, alignment)
        if value is None or value is False:
            alignment.attrib.pop(which, None)
        else:
            alignment.set(which, "1" if value is True else str(value))
        xf.set("applyAlignment", "1")

    # -- interning: used here and where sheets are copied between books -------------------------------

    def intern(self, section: str, element: etree._Element) -> int:
        """The number of a font, fill, border or style equal to `element`; added at the end when new.

        Parameters
        ----------
        section : "fonts", "fills", "borders", "cellXfs" or "cellStyleXfs".
        element : an element in this workbook's namespace, not part of another tree.
        """
        known = self._known.get(section)
        if known is None:
            known = self._known[section] = {}
            for number, item in enumerate(self._items(section)):
                known.setdefault(_key(item), number)
        key = _key(element)
        if key not in known:
            parent = self._section(section)
            known[key] = len(self._items(section))
            element.tail = None
            parent.append(element)
            self._items(section).append(element)
            parent.set("count", str(known[key] + 1))
            self.changed = True
        return known[key]

    def intern_xf(self, xf: etree._Element) -> int:
        """The number of a cell style; added at the end when new."""
        return self.intern("cellXfs", xf)

    def add_dxf(self, element: etree._Element) -> int:
        """The number of a differential format (conditional formats, tables); added at the end when new."""
        return self.intern("dxfs", element)

    def number_format_id(self, code: str) -> int:
        """The number of a format code; added when new."""
        if code in number_formats.SAME_EVERYWHERE:
            return number_formats.SAME_EVERYWHERE[code]
        codes = self._format_codes()
        for number, known in codes.items():
            if known == code:
                return number
        number = max([FIRST_CUSTOM_FORMAT - 1, *codes]) + 1
        section = self._section("numFmts")
        ooxml.add(section, "numFmt", numFmtId=number, formatCode=code)
        section.set("count", str(len(ooxml.children(section, "numFmt"))))
        codes[number] = code
        self.changed = True
        return number

    # -- inside ------------------------------------------------------------------------------------

    def _element(self, name: str) -> etree._Element:
        return etree.Element(f"{{{ooxml.namespace(self.root)}}}{name}")

    def _section(self, name: str) -> etree._Element:
        return ooxml.section(self.root, name, ooxml.STYLES_ORDER)

    def _items(self, section: str) -> list[etree._Element]:
        if section not in self._lists:
            found = ooxml.child(self.root, section)
            items = [] if found is None else [item for item in found if isinstance(item.tag, str)]
            self._lists[section] = items
        return self._lists[section]

    def _format_codes(self) -> dict[int, str]:
        if self._formats is None:
            self._formats = {
                int(item.get("numFmtId") or 0): item.get("formatCode") or "General"
                for item in ooxml.children(ooxml.child(self.root, "numFmts"), "numFmt")
            }
        return self._formats


def fill_gaps(root: etree._Element, defaults: etree._Element) -> None:
    """Gives a styles part the first font, fill, border and formats it lacks, as Excel takes them for granted.

    Without them, the first style added would become the look of all cells.
    """
    for section in defaults:
        name = ooxml.local(section)
        present = ooxml.child(root, name)
        if len(section) and (present is None or not any(isinstance(item.tag, str) for item in present)):
            target = ooxml.section(root, name, ooxml.STYLES_ORDER)
            for item in section:
                target.append(_in_namespace(item, ooxml.namespace(root)))
            target.set("count", str(len(section)))


def _in_namespace(element: etree._Element, namespace: str) -> etree._Element:
    made = etree.Element(f"{{{namespace}}}{ooxml.local(element)}", dict(element.attrib))
    made.extend(_in_namespace(child, namespace) for child in element)
    return made


def _key(element: etree._Element) -> bytes:
    """Equal for elements that say the same: namespaces by their meaning, attributes in any order."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False).strip()
