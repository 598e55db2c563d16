"""Industries in one spelling: the sections and divisions of GB/T 4754-2017.

Source: GB/T 4754-2017, Industrial classification for national economic activities: 20 sections, 97 divisions.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from udfs.cleaning.spelling import joined
from udfs.texts import Lang, Text


@dataclass(frozen=True, slots=True)
class Section:
    """A section (门类): its letter, name, divisions by number, and other words for it."""

    code: str
    name: Text
    divisions: dict[str, str]
    words: tuple[str, ...]


@cache
def sections() -> dict[str, Section]:
    """The sections by letter.

    >>> len(sections()), sum(len(s.divisions) for s in sections().values())
    (20, 97)
    """
    raw = tomllib.loads(files("udfs.cleaning").joinpath("industries.toml").read_text("utf-8"))
    return {
        code: Section(code, Text(zh=s["zh"], en=s["en"]), dict(s["divisions"]), tuple(s["words"]))
        for code, s in raw.items()
    }


@cache
def _exact() -> dict[str, tuple[str, str]]:
    """Section and division of every official name and code."""
    known: dict[str, tuple[str, str]] = {}
    for s in sections().values():
        known |= {
            s.code.casefold(): (s.code, ""),
            s.name.zh: (s.code, ""),
            s.name.en.casefold(): (s.code, ""),
        }
        known |= {_bare(s.name.zh): (s.code, "")}
        for number, name in s.divisions.items():
            for spelling in (number, s.code.casefold() + number, name, _bare(name)):
                known.setdefault(spelling, (s.code, number))
    return known


def _bare(name: str) -> str:
    return re.sub(r"[、和及\s]|业$", "", name)


@cache
def industry_of(text: str) -> tuple[str, str] | None:
    """Section and division an industry's name or code belongs to; division "" when only the section is clear.

    The longest word that is found decides, so 汽车零部件 is manufacturing and 汽车租赁 leasing.

    >>> industry_of("软件和信息技术服务业"), industry_of("C36"), industry_of("跨境电商"), industry_of("不知道")
    (('I', '65'), ('C', '36'), ('F', ''), None)
    """
    usual = joined(text).casefold()
    exact = _exact()
    for spelling in (usual, _bare(usual)):
        if spelling in exact:
            return exact[spelling]
    if m := re.fullmatch(r"([a-t]?)(\d{2})\d{0,2}", usual):
        return next(((s.code, m[2]) for s in sections().values() if m[2] in s.divisions), None)
    found = [
        (len(word), s.code)
        for s in sections().values()
        for word in s.words
        if (re.search(rf"\b{re.escape(word)}", usual) if word.isascii() else word in usual)
    ]
    return (max(found, key=lambda f: f[0])[1], "") if found else None


def section_name(text: str, lang: Lang) -> str:
    """The section's name for an industry as people write it; the text itself when it is not known.

    >>> section_name("食品厂", "zh"), section_name("Banking", "en"), section_name("某某", "zh")
    ('制造业', 'Finance', '某某')
    """
    found = industry_of(text)
    return sections()[found[0]].name(lang) if found else text
