"""Draws the tab as it stands in Excel, in both languages, from the add-in's real ribbon XML and texts.

Excel's own pictures are not ours to copy: each button shows its key tip instead, the letters to press after
Alt. Run it after changing ribbon.toml: `python docs/draw_ribbon.py`.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from addin import buttons
from addin.hosts.excel import ribbon
from udfs.texts import Lang

FOLDER = Path(__file__).parent / "pictures"
UI = "{" + ribbon.NAMESPACE + "}"
INK, GREY, LINE, PAPER, WASH, ACCENT = "#1F2A37", "#6B7280", "#D1D5DB", "#FFFFFF", "#F3F6FA", "#2563EB"
TOP, HEIGHT, FOOT = 34, 92, 20
LARGE, GAP, ROW = 72, 10, 28
OTHER_TABS = {
    "zh": ["文件", "开始", "插入", "数据", "视图"],
    "en": ["File", "Home", "Insert", "Data", "View"],
}
FONT = "'Microsoft YaHei','Noto Sans CJK SC','Segoe UI',sans-serif"


def width_of(text: str, size: float = 12) -> float:
    """Rough width of a text: a Chinese character is as wide as it is high."""
    return sum(size if ord(c) > 0x2E80 else size * 0.56 for c in text)


def text(x: float, y: float, content: str, size: float = 12, fill: str = INK, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{escape(content)}</text>'


def icon(x: float, y: float, size: float, keytip: str) -> str:
    """A square with the key tip, in the place of Excel's picture."""
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{size}" height="{size}" rx="{size / 6:.0f}" fill="{WASH}" stroke="{ACCENT}"/>'
        + text(x + size / 2, y + size * 0.68, keytip, size * 0.5, ACCENT)
    )


def lines_of(label: str) -> list[str]:
    """A label in at most two lines."""
    if " " not in label:
        return [label]
    words = label.split()
    half = min(range(1, len(words)), key=lambda k: abs(len(" ".join(words[:k])) - len(" ".join(words[k:]))))
    return [" ".join(words[:half]), " ".join(words[half:])]


def draw(lang: Lang) -> str:
    """The picture as SVG."""
    shown = buttons.load()
    texts = ribbon.texts(shown)
    tab = etree.fromstring(ribbon.custom_ui(shown)).find(f".//{UI}tab")
    assert tab is not None
    parts: list[str] = []
    x: float = GAP
    for group in tab:
        start = x
        stack: list[etree._Element] = []
        for button in [*group, None]:
            if button is not None and button.get("size") == "normal":
                stack.append(button)
                if len(stack) < 3:
                    continue
            if stack:
                x += small(parts, stack, x, texts, lang)
                stack = []
            if button is not None and button.get("size") == "large":
                x += large(parts, button, x, texts, lang)
        parts.append(text((start + x) / 2, TOP + HEIGHT + 14, texts[group.get("id")](lang), 11, GREY))
        parts.append(
            f'<line x1="{x + GAP / 2:.0f}" y1="{TOP + 8}" x2="{x + GAP / 2:.0f}" y2="{TOP + HEIGHT + FOOT - 4}" stroke="{LINE}"/>'
        )
        x += GAP
    return page(parts, x, texts["fenji_tab"](lang), lang)


def large(parts: list[str], button: etree._Element, x: float, texts: dict, lang: Lang) -> float:
    """Draws a large button; returns the room it takes."""
    label = texts[button.get("id")](lang)
    lines = lines_of(label)
    width = max(LARGE, *(width_of(line) + 8 for line in lines))
    parts.append(icon(x + width / 2 - 16, TOP + 10, 32, button.get("keytip")))
    arrow = " ▾" if button.tag == f"{UI}menu" else ""
    for i, line in enumerate(lines):
        parts.append(text(x + width / 2, TOP + 60 + 16 * i, line + (arrow if i == len(lines) - 1 else "")))
    return width


def small(parts: list[str], stack: list[etree._Element], x: float, texts: dict, lang: Lang) -> float:
    """Draws up to three small buttons one below the other; returns the room they take."""
    widest = 0.0
    for i, button in enumerate(stack):
        label = texts[button.get("id")](lang)
        parts.append(icon(x + 4, TOP + 8 + ROW * i, 18, button.get("keytip")))
        parts.append(text(x + 28, TOP + 22 + ROW * i, label, 12, INK, "start"))
        widest = max(widest, width_of(label))
    return widest + 38


def page(parts: list[str], width: float, name: str, lang: Lang) -> str:
    """The whole picture: the row of tabs above the groups."""
    tabs, x = [], 16.0
    for other in OTHER_TABS[lang]:
        tabs.append(text(x, 22, other, 12, GREY, "start"))
        x += width_of(other) + 24
    tabs.append(text(x, 22, name, 12, ACCENT, "start"))
    tabs.append(
        f'<line x1="{x:.0f}" y1="29" x2="{x + width_of(name):.0f}" y2="29" stroke="{ACCENT}" stroke-width="2"/>'
    )
    height = TOP + HEIGHT + FOOT
    width = max(width, x + width_of(name) + 16)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" '
        f'font-family="{FONT}" role="img"><title>{escape(name)}</title>'
        f'<rect width="{width:.0f}" height="{height}" fill="{PAPER}"/>'
        f'<rect y="{TOP}" width="{width:.0f}" height="{HEIGHT + FOOT}" fill="{PAPER}" stroke="{LINE}"/>'
        + "\n".join(tabs + parts)
        + "</svg>\n"
    )


def pictures() -> dict[Path, str]:
    """Both pictures by their file."""
    return {FOLDER / "ribbon.zh.svg": draw("zh"), FOLDER / "ribbon.en.svg": draw("en")}


if __name__ == "__main__":
    for path, content in pictures().items():
        path.write_text(content, "utf-8")
        print(path)
