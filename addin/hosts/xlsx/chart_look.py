"""How charts that fenji makes look: one accent, light lines, no borders, readable texts."""

from __future__ import annotations

INK, GREY, LINE = "1F2A37", "6B7280", "E5E7EB"
# Blue, teal, amber, violet, grey, red: told apart by colour-blind eyes and in grey print.
SERIES = ("2563EB", "0F766E", "B45309", "6D28D9", "6B7280", "B91C1C", "93C5FD", "5EEAD4")
NO_FILL = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
WHITE = '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'


def series_color(index: int) -> str:
    """The colour of a series or slice, counted from 0."""
    return SERIES[index % len(SERIES)]


def text_properties(size: int, color: str = GREY, bold: bool = False) -> str:
    """`c:txPr` for texts of a size in hundredths of a point."""
    return (
        '<c:txPr><a:bodyPr rot="-60000000" vert="horz"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{color}"/></a:solidFill></a:defRPr>'
        '</a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )


def rich_text(text: str, size: int, color: str = INK, bold: bool = True) -> str:
    """`c:rich` with one line of text, already escaped."""
    return (
        "<c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{color}"/></a:solidFill></a:defRPr>'
        f'</a:pPr><a:r><a:rPr lang="en-US" sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{color}"/>'
        f"</a:solidFill></a:rPr><a:t>{text}</a:t></a:r></a:p></c:rich>"
    )


def solid(color: str) -> str:
    """A plain fill."""
    return f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'


def filled(color: str) -> str:
    """Shape properties of a bar, slice or area: plain, without an outline."""
    return f"<c:spPr>{solid(color)}<a:ln><a:noFill/></a:ln></c:spPr>"


def lined(color: str, width: int = 28575) -> str:
    """Shape properties of a line."""
    return f'<c:spPr><a:ln w="{width}" cap="rnd">{solid(color)}<a:round/></a:ln></c:spPr>'


def marker(color: str) -> str:
    """A small round marker."""
    return f'<c:marker><c:symbol val="circle"/><c:size val="5"/>{filled(color)}</c:marker>'
