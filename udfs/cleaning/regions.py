"""Where a customer is: provinces and cities in one spelling, and the sales region they belong to.

Regional schemes differ between firms, so the mapping from province to region can be replaced
(`CleaningOptions.regions`); regions.toml holds the usual one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from udfs.cleaning.spelling import joined

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Province:
    """A province: Chinese short name, English name, full name (江苏省), usual region, its cities."""

    name: str
    en: str
    full_name: str
    region: str
    cities: tuple[str, ...]


@cache
def provinces() -> dict[str, Province]:
    """The provinces by short name.

    >>> provinces()["江苏"].full_name, provinces()["广西"].full_name
    ('江苏省', '广西壮族自治区')
    """
    return {
        name: Province(name, p["en"], name + p["kind"], p["region"], tuple(p["cities"]))
        for name, p in _data()["provinces"].items()
    }


@cache
def regions() -> dict[str, str]:
    """English name of each region."""
    return dict(_data()["regions"])


@cache
def _data() -> dict:
    return tomllib.loads(files("udfs.cleaning").joinpath("regions.toml").read_text("utf-8"))


@cache
def _known() -> dict[str, str]:
    """Every spelling of a province, or of a city, with the province's short name."""
    known: dict[str, str] = {}
    for p in provinces().values():
        for city in p.cities:
            known |= {city: p.name, city + "市": p.name}
    for p in provinces().values():
        known |= {
            p.name: p.name,
            p.full_name: p.name,
            p.name + "省": p.name,
            p.name + "市": p.name,
            p.en.casefold(): p.name,
        }
    return known


@cache
def place_pattern() -> re.Pattern[str]:
    """Finds a province or city with its administrative ending; long names first."""
    names = sorted(_known(), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, (n for n in names if not n.isascii()))) + ")")


@cache
def first_signs() -> frozenset[str]:
    """The signs with which what `place_pattern` finds begins: most texts can be passed over by them."""
    return frozenset(n[0] for n in _known() if not n.isascii())


@cache
def province_of(text: str) -> str | None:
    """The province (short name) a province, city or address names first, or None.

    >>> province_of("上海市浦东新区"), province_of("苏州"), province_of("Guangdong"), province_of("火星")
    ('上海', '江苏', '广东', None)
    """
    usual = joined(text)
    if usual.casefold() in _known():
        return _known()[usual.casefold()]
    found = place_pattern().match(usual.removeprefix("中国").removeprefix("中华人民共和国"))
    return _known()[found[0]] if found else None


def region_of(text: str, own: Mapping[str, str] = NOTHING) -> str | None:
    """The sales region a region, province, city or address belongs to, or None.

    Parameters
    ----------
    text : 华东, 华东区, 江苏省, 苏州, East China, ...
    own : the user's own region by province short name.

    >>> region_of("华东大区"), region_of("山 东"), region_of("山东", {"山东": "华北"}), region_of("西区")
    ('华东', '华东', '华北', None)
    """
    usual = joined(text)
    for name, en in regions().items():
        if re.fullmatch(rf"{name}(?:大?区|地区|区域)?", usual) or usual.casefold() == en.casefold():
            return name
    province = province_of(usual)
    return own.get(province, provinces()[province].region) if province else None
