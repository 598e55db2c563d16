"""Colours: what people pass to xlwings, what files hold, and what is seen."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING, Any

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.theme_colors import _INDEX as THEME_ORDER
from addin.hosts.xlsx.theme_colors import indexed_palette, theme_palette

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book

# The standard palette for `indexed="n"`, from 8 on; 0 to 7 repeat 8 to 15. ECMA-376 part 1, 18.8.27.
_PALETTE = [
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "800000",
    "008000",
    "000080",
    "808000",
    "800080",
    "008080",
    "C0C0C0",
    "808080",
    "9999FF",
    "993366",
    "FFFFCC",
    "CCFFFF",
    "660066",
    "FF8080",
    "0066CC",
    "CCCCFF",
    "000080",
    "FF00FF",
    "FFFF00",
    "00FFFF",
    "800080",
    "800000",
    "008080",
    "0000FF",
    "00CCFF",
    "CCFFFF",
    "CCFFCC",
    "FFFF99",
    "99CCFF",
    "FF99CC",
    "CC99FF",
    "FFCC99",
    "3366FF",
    "33CCCC",
    "99CC00",
    "FFCC00",
    "FF9900",
    "FF6600",
    "666699",
    "969696",
    "003366",
    "339966",
    "003300",
    "333300",
    "993300",
    "993366",
    "333399",
    "333333",
]


def argb(value: Any) -> str:
    """A colour as files write it.

    Parameters
    ----------
    value : an RGB tuple, a text such as "#2563EB", or Excel's number (blue * 65536 + green * 256 + red).

    >>> argb("#2563eb"), argb((255, 0, 0)), argb(255)
    ('FF2563EB', 'FFFF0000', 'FFFF0000')
    """
    if isinstance(value, str):
        text = value.lstrip("#").upper()
        if len(text) not in (6, 8) or any(c not in "0123456789ABCDEF" for c in text):
            raise ValueError(f"no colour: {value!r}")
        return text if len(text) == 8 else "FF" + text
    if isinstance(value, int):
        value = (value & 255, value >> 8 & 255, value >> 16 & 255)
    red, green, blue = (int(part) for part in value)
    return f"FF{red:02X}{green:02X}{blue:02X}"


def rgb(book: Book, element: etree._Element | None) -> tuple[int, int, int] | None:
    """The colour a file element shows, None for none or the automatic one."""
    if element is None:
        return None
    text = element.get("rgb")
    if text is None and element.get("theme") is not None:
        text = _theme_color(book, int(element.get("theme") or 0))
    elif text is None and element.get("indexed") is not None:
        text = _indexed_color(book, int(element.get("indexed") or 0))
    if not text:
        return None
    text = text[-6:]
    red, green, blue = (int(text[i : i + 2], 16) for i in (0, 2, 4))
    tint = float(element.get("tint") or 0)
    return _tinted((red, green, blue), tint) if tint else (red, green, blue)


def fill_of(book: Book, fill: etree._Element | None) -> tuple[int, int, int] | None:
    """The colour of a solid fill."""
    pattern = ooxml.child(fill, "patternFill")
    if pattern is None or pattern.get("patternType") in (None, "none"):
        return None
    return rgb(book, ooxml.child(pattern, "fgColor"))


def font_of(book: Book, font: etree._Element | None) -> tuple[int, int, int] | None:
    """The colour of a font; black where it has none."""
    element = ooxml.child(font, "color")
    return (0, 0, 0) if element is None else rgb(book, element)


def _theme_color(book: Book, number: int) -> str | None:
    rel = book.package.rels(book.package.workbook_part).one("theme")
    theme = book.package.xml(rel.target) if rel is not None and rel.target in book.package else None
    return theme_palette(theme).get(THEME_ORDER[number]) if number < len(THEME_ORDER) else None


def _indexed_color(book: Book, number: int) -> str | None:
    own = indexed_palette(book.styles.root)
    if own:
        return own[number] if number < len(own) else None
    number = number - 8 if number >= 8 else number
    return _PALETTE[number] if number < len(_PALETTE) else None


def _tinted(color: tuple[int, int, int], tint: float) -> tuple[int, int, int]:
    """A colour made darker (tint below 0) or lighter, as ECMA-376 part 1, 18.8.19 says."""
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in color))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
