"""Stable codes and what people read for them, from terms.toml.

Results hold codes (`champions`, `111`, `high`), which never change with the language or the user's own names.
A group is the key of the column that holds the code: `segment`, `class8`, `grade`, ...
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from udfs.texts import Lang, Text

NOTHING: Mapping[str, str] = {}


@cache
def _all() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files("udfs").joinpath("terms.toml").read_text("utf-8"))


def groups() -> frozenset[str]:
    """The groups there are: the columns whose values are codes."""
    return frozenset(_all())


def codes(group: str) -> list[str]:
    """The codes of a group in display order, best first.

    >>> codes("abc")
    ['A', 'B', 'C', 'prospects']
    """
    return list(_all()[group])


def term(
    group: str, code: str, lang: Lang, own: Mapping[str, str] = NOTHING, name_set: str = "default"
) -> str:
    """What people read for a code; the code itself when the group does not know it.

    Parameters
    ----------
    group : key of the column that holds the code.
    own : the user's own names by "group.code" (`GradingOptions.names`).
    name_set : for `class8`: "default", "alternative" or "source-003" (`GradingOptions.class8_names`).

    >>> term("segment", "champions", "zh"), term("class8", "011", "zh", name_set="alternative")
    ('核心客户', '重要唤回客户')
    """
    if (name := own.get(f"{group}.{code}")) is not None:
        return name
    entry = _all().get(group, {}).get(code)
    if entry is None:
        return code
    return entry.get(f"{name_set}_{lang}", entry[lang])


def text(group: str, code: str) -> Text:
    """The name of a code in both languages."""
    return Text(zh=term(group, code, "zh"), en=term(group, code, "en"))


def labels(
    group: str, lang: Lang, own: Mapping[str, str] = NOTHING, name_set: str = "default"
) -> dict[str, str]:
    """Code -> name for a whole group, in display order; use it to map a column.

    >>> labels("level", "zh")
    {'vip': 'VIP', 'ordinary': '普通'}
    """
    return {code: term(group, code, lang, own, name_set) for code in codes(group)}


def action(group: str, code: str, lang: Lang, own: Mapping[str, str] = NOTHING) -> str:
    """The recommended action for a segment, class or grade; "" where none is given.

    `own` are the user's own actions by "group.code" (`GradingOptions.actions`).
    """
    if (sentence := own.get(f"{group}.{code}")) is not None:
        return sentence
    return _all().get(group, {}).get(code, {}).get(f"action_{lang}", "")


def code_of(group: str, name: str, own: Mapping[str, str] = NOTHING) -> str | None:
    """The code for a name in either language, or for the code itself; None when unknown.

    >>> code_of("grade", "高价值客户"), code_of("grade", "High"), code_of("grade", "nobody")
    ('high', 'high', None)
    >>> code_of("method", "四分位数(1 为最好)")
    'quartiles-le'
    """
    wanted = _spelling(name)
    for key, value in own.items():
        if key.startswith(f"{group}.") and _spelling(value) == wanted:
            return key.removeprefix(f"{group}.")
    for code, entry in _all()[group].items():
        names = [code] + [value for key, value in entry.items() if not key.startswith("action")]
        if wanted in map(_spelling, names):
            return code
    return None


@cache
def _spelling(name: str) -> str:
    """A name as it is compared: no case, one width of brackets and letters."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
