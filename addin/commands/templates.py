"""The templates there are: their names, titles, languages, descriptions and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from udfs.texts import FenjiError, Lang
from workbook_templates.designs import ALL, entry, grading

ROOM = Path(__file__).resolve().parent.parent.parent / "workbook_templates"
LANGS: tuple[Lang, Lang] = ("zh", "en")
# The grading sheets come with `regrade`; the start workbook is filled in by people.
NO_REPORT = (grading.TEMPLATE.name, entry.TEMPLATE.name)


def listed() -> list[dict[str, Any]]:
    """Every shipped template in every language: name, title, language, description.

    >>> [t["title"] for t in listed() if t["name"] == "rfm"]
    ['RFM 概览', 'RFM overview']
    """
    return [
        {
            "name": t.name,
            "title": t.title(lang),
            "language": lang,
            "description": t.description(lang),
        }
        for t in ALL
        for lang in LANGS
    ]


def picture(name: str, lang: Lang) -> Path:
    """A picture of the first sheet of a template, filled with the sample firm."""
    return ROOM / "pictures" / f"{name}-{lang}.png"


def resolve(name: str, lang: Lang) -> Path:
    """The file of a template: a shipped one by name, or the user's own by path.

    Raises
    ------
    FenjiError
        There is no such template; names those there are.
    """
    if name in [t.name for t in ALL]:
        return ROOM / lang / f"{name}.xlsx"
    own = Path(name)
    if own.suffix.lower() in (".xlsx", ".xlsm"):
        if own.exists():
            return own.resolve()
        raise FenjiError(zh=f"找不到模板文件“{name}”。", en=f"The template file '{name}' does not exist.")
    names = [t.name for t in ALL if t.name not in NO_REPORT]
    raise FenjiError(
        zh=f"没有名为“{name}”的模板。可用：{'、'.join(names)}；也可以写自己的模板文件（.xlsx）。",
        en=f"There is no template '{name}'. Known: {', '.join(names)}; or give a template file of your own (.xlsx).",
    )
