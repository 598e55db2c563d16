"""What the columns of a customer workbook mean: recognition of headers, and the headers fenji writes.

Everything is read from ``fields.toml``. A header is recognised when it is a field's own header or one of
its synonyms, in Chinese or English, or is spelled nearly so; spaces, case, full-width letters, punctuation
and units in brackets do not matter. The unit is not lost: `unit` reads it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from udfs.currencies import CODE_OF, PATTERN
from udfs.texts import Lang, Text

INPUT_ROLES = ("customers", "orders", "contacts", "feedback")

# Signs that turn a header into another one when they are put in: 未付款金额 is not 付款金额.
TURNS = frozenset("未非不无没退欠预减免差旧原首末上下新子总平均次再")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of fields.toml.

    Attributes
    ----------
    key : the stable name used inside.
    roles : the tables it can stand in.
    type : text, date, amount, count, number, share, satisfaction, phone, email, region, bool, code, score.
    header : the header fenji writes.
    synonyms : other headers people use, best first.
    only : further synonyms that hold in one role only.
    meaning : one sentence for people.
    """

    key: str
    roles: tuple[str, ...]
    type: str
    header: Text
    synonyms: tuple[str, ...]
    only: dict[str, tuple[str, ...]]
    meaning: Text


@dataclass(frozen=True, slots=True)
class Match:
    """A header recognised as a field: `score` 100 is exact, `order` 0 is the field's own header."""

    key: str
    score: float
    order: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit in a header: what its numbers are to be multiplied by, and the currency if one is named."""

    factor: int = 1
    currency: str | None = None


@cache
def all_fields() -> dict[str, Field]:
    """Every field by key, in the order of fields.toml."""
    raw = tomllib.loads(files("udfs").joinpath("fields.toml").read_text("utf-8"))
    return {
        key: Field(
            key=key,
            roles=tuple(f["roles"]),
            type=f["type"],
            header=Text(zh=f["zh"], en=f["en"]),
            synonyms=tuple(f["synonyms"]),
            only={role: tuple(names) for role, names in f.get("only", {}).items()},
            meaning=Text(zh=f["meaning_zh"], en=f["meaning_en"]),
        )
        for key, f in raw.items()
    }


def field(key: str) -> Field:
    """The field with this key.

    >>> field("order_date").type
    'date'
    """
    return all_fields()[key]


def header(key: str, lang: Lang) -> str:
    """The header fenji writes for a field; an unknown key is its own header (a user's own column).

    >>> header("grade", "zh"), header("grade", "en"), header("员工生日", "en")
    ('分级', 'Grade', '员工生日')
    """
    known = all_fields().get(key)
    return known.header(lang) if known else key


def for_role(role: str) -> list[Field]:
    """The fields a table of this role can have, in the order of fields.toml.

    >>> [f.key for f in for_role("feedback")][:3]
    ['customer_id', 'customer', 'satisfaction']
    """
    return [f for f in all_fields().values() if role in f.roles]


def normalise(text: str) -> str:
    """A header reduced to what matters: no unit, spaces, punctuation, case or width.

    >>> normalise(" 订单 金额（万元） "), normalise("Order_Date*"), normalise("销售额万元")
    ('订单金额', 'orderdate', '销售额')
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    bare = NOT_WORD.sub("", BRACKETS.sub("", text)) or NOT_WORD.sub("", text)
    return TRAILING_UNIT.sub("", bare)


BRACKETS = re.compile(r"[(\[【〔{<《].*?[)\]】〕}>》]")
NOT_WORD = re.compile(r"[\W_]+")
TRAILING_UNIT = re.compile(r"(?<=[额价本款润费])(?:百万|千万|十万|亿|万|千)?元$")


@cache
def spellings(role: str) -> dict[str, tuple[str, int]]:
    """Every normalised header of a role with its field's key and its place among the field's headers.

    A spelling that two fields of a role share belongs to the field for which it comes earlier.
    """
    known: dict[str, tuple[str, int]] = {}
    for f in for_role(role):
        names = (f.header.zh, f.header.en, *f.synonyms, *f.only.get(role, ()))
        for order, name in enumerate(names):
            spelling = normalise(name)
            if spelling not in known or order < known[spelling][1]:
                known[spelling] = (f.key, max(0, order - 1))
    return known


def match(header: str, role: str) -> Match | None:
    """The field of `role` that a header names, or None.

    Parameters
    ----------
    header : the header as written.
    role : "customers", "orders", "contacts" or "feedback".

    >>> match("实付金额（元）", "orders")
    Match(key='amount', score=100.0, order=2)
    >>> match("Ordr Date", "orders").key
    'order_date'
    """
    name = normalise(header)
    known = spellings(role)
    if name in known:
        return Match(known[name][0], 100.0, known[name][1])
    near = _near(name, tuple(known))
    return Match(known[near][0], 90.0, known[near][1]) if near else None


@cache
def _alike(known: tuple[str, ...], ascii_only: bool, length: int) -> tuple[str, ...]:
    """The known headers of about this length."""
    return tuple(o for o in known if o.isascii() is ascii_only and abs(len(o) - length) <= 1)


@cache
def _near(name: str, known: tuple[str, ...]) -> str | None:
    """The known header that `name` is a typing error of, or None.

    One letter wrong, missing, too many or exchanged in six or more; in Chinese one sign too many or too few in
    four or more, which must not be one that turns the meaning. A changed sign is another word.
    """
    # Imported only where used: a worksheet function must start with numpy alone.
    from rapidfuzz.distance import OSA, Indel

    ascii_only = name.isascii()
    if len(name) < (6 if ascii_only else 4):
        return None
    distance = OSA.distance if ascii_only else Indel.distance
    for other in _alike(known, ascii_only, len(name)):
        if distance(name, other) == 1 and (ascii_only or not TURNS & (set(name) ^ set(other))):
            return other
    return None


def key_of(header: str, role: str) -> str | None:
    """The key of the field a header names in a table of this role, or None.

    >>> key_of("下单时间", "orders"), key_of("Client", "customers"), key_of("客户分级", "customers")
    ('order_date', 'customer', None)
    """
    found = match(header, role)
    return found.key if found else None


def unit(header: str) -> Unit:
    """The unit a header names: a factor for its numbers and a currency code.

    >>> unit("金额（万元）"), unit("Amount (USD)"), unit("数量")
    (Unit(factor=10000, currency='CNY'), Unit(factor=1, currency='USD'), Unit(factor=1, currency=None))
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    named = [part.strip("()[]【】〔〕{}<>《》 ") for part in BRACKETS.findall(text)]
    bare = BRACKETS.sub("", text).strip()
    if m := UNIT_AT_END.search(bare):
        named.append(m.group(1))
    for part in named:
        if m := UNIT.fullmatch(part):
            return Unit(FACTORS[m.group(1) or ""], CODE_OF.get(m.group(2) or ""))
    return Unit()


FACTORS = {
    "": 1, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000,
    "k": 1000, "thousand": 1000, "thousands": 1000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000,
    "millions": 1_000_000, "000": 1000, "000s": 1000, "'000": 1000, "w": 10_000,
}  # fmt: skip
_FACTOR = "|".join(sorted(map(re.escape, filter(None, FACTORS)), key=len, reverse=True))
UNIT = re.compile(rf"(?:单位\s*[::]?\s*|unit\s*:?\s*|in\s+)?(?:({_FACTOR})\s*)?({PATTERN})?(?:\s*/.*)?")
UNIT_AT_END = re.compile(rf"(?:[/_::\-]\s*|(?<=[额价本款润费]))((?:(?:{_FACTOR})\s*)?(?:{PATTERN}))$")
