"""Names of customers: the key by which tables are joined, and the key by which duplicates are found.

Two keys, because they answer different questions. `join_key` only irons out typing: 科技(上海)有限公司 and
科技（上海）有限公司 are one name. `company_key` drops what a firm's register adds (place, legal form, brackets),
so that 科技有限公司 and 科技(上海)有限公司 are found as likely the same; that is a proposal, never a join.
"""

from __future__ import annotations

import re

from udfs.cleaning.regions import first_signs, place_pattern
from udfs.cleaning.spelling import joined

SPACE_AT_BRACKET = re.compile(r" *([()]) *")
LEGAL_FORM = re.compile(
    r"(?:股份|集团|控股)*(?:有限责任公司|有限公司|股份公司|集团公司|总公司|分公司|子公司|公司|集团|股份|控股|\(集团\))+$"
)
LEGAL_ENDS = ("司", "团", "份", "股", ")")  # what a legal form ends with
LATIN = re.compile("[a-z]", re.IGNORECASE)
ENGLISH_FORM = re.compile(
    r"[,.\s]+(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|sa|s\.a|bv|b\.v|pty|pte|kg|oy|ab|srl|spa|group|holdings?)\.?(?=$|[,.\s])",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\(([^()]*)\)")
TRADE_ENDINGS = ("省", "市", "区", "县")


def join_key(name: str) -> str:
    """A name without the accidents of typing: width, spaces, case, kind of brackets.

    >>> join_key(" 华 泰科技（上海） ") == join_key("华泰科技(上海)")
    True
    >>> join_key("ACME  Ltd.") == join_key("acme ltd.")
    True
    """
    return key_of_clean(joined(name))


def key_of_clean(name: str) -> str:
    """`join_key` of a name that has gone through `spelling.joined` already."""
    return (SPACE_AT_BRACKET.sub(r"\1", name) if "(" in name or ")" in name else name).casefold()


def keys_of_clean(names: list[str]) -> list[str]:
    """`key_of_clean` of each of many names, in one go."""
    return key_of_clean("\n".join(names)).split("\n") if names else []


def company_key(name: str) -> str:
    """The core of a company's name: no brackets, place names and legal form.

    A name that consists of such parts only keeps itself, so that different firms never share an empty key.

    >>> company_key("上海华泰科技有限公司"), company_key("华泰科技（上海）股份有限公司")
    ('华泰科技', '华泰科技')
    >>> company_key("Acme Trading Co., Ltd."), company_key("北京公司")
    ('acme trading', '北京公司')
    """
    whole = join_key(name)
    core = BRACKET.sub("", whole).strip() if "(" in whole else whole
    if core.endswith(LEGAL_ENDS):
        core = LEGAL_FORM.sub("", core)
    if LATIN.search(core):
        core = ENGLISH_FORM.sub("", " " + core)
    placeless = _without_place(core.strip(" ,."))
    only_place = placeless[:1] in first_signs() and place_pattern().fullmatch(placeless.rstrip("省市区县"))
    return whole if only_place or not placeless else placeless


# A county, district or town in front: 朝阳县, 天河区, 千灯镇; but 超市 is a shop.
COUNTY = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,3}(?:(?<!超)市|县|区|镇|街道)|开发区|保税区)(?=[\u4e00-\u9fff]{2})"
)


def _without_place(core: str) -> str:
    """Without province, city, county and district at the front."""
    while core[:1] in first_signs() and (m := place_pattern().match(core)):
        rest = core[m.end() :]
        if len(rest) < 2:
            break
        core = rest.lstrip("省市区县") if rest[:1] in TRADE_ENDINGS else rest
    while m := COUNTY.match(core):
        core = core[m.end() :]
    return core


def similarity(a: str, b: str) -> float:
    """How alike two names are, 0 to 100, after dropping place and legal form.

    >>> similarity("华泰科技有限公司", "上海华泰科技股份有限公司")
    100.0
    >>> round(similarity("华泰科技有限公司", "华泰贸易有限公司"))
    50
    """
    from rapidfuzz import fuzz  # only where used: a worksheet function must start with numpy alone

    return fuzz.ratio(company_key(a), company_key(b))
