"""The worksheet functions, defined once: names, arguments, help and an example, for every host.

From this registry come the functions' conversion of arguments, the VBA wrappers and the function wizard's
help in Excel, the LibreOffice add-in, the server's registration, and docs/functions.md. What each function
computes is in `udfs.worksheet`; the entries themselves are in functions.toml.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from udfs.texts import Lang, Text

Kind = Literal[
    "numbers", "days", "dates", "texts", "codes", "keys", "cells", "series",  # columns, one cell per record
    "columns", "names",  # a block with one row per record; any number of texts
    "number", "whole", "date", "choice", "flag", "limit",  # one value
    "grid",  # a small table of numbers
]  # fmt: skip
ALIGNED = frozenset(["numbers", "days", "dates", "texts", "codes", "keys", "cells", "series"])


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a worksheet function.

    Attributes
    ----------
    name : as people see it in the function wizard.
    kind : how its cells are read.
    help : what it means, under 255 characters in each language.
    optional : it may be left out.
    default : used when it is left out.
    choices : the words allowed, for kind "choice".
    minimum, maximum : the domain; outside it the cell gives #NUM!.
    blank : a blank cell in the column means "not known".
    """

    name: str
    kind: Kind
    help: Text
    optional: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    blank: bool = False

    @property
    def aligned(self) -> bool:
        """Whether it holds one cell per record."""
        return self.kind in ALIGNED


@dataclass(frozen=True, slots=True)
class Function:
    """One worksheet function.

    Attributes
    ----------
    name : its stable name in every host.
    category : key of the category, and its name for people.
    help : what it answers, under 255 characters in each language.
    gives : "cells", a result for each record; "one" value; or a "table" with headers.
    names_one : it answers with a text for one record at a time, as a rule.
    example, result : a formula, and the rows of cells (or the one value) it gives.
    example_en, result_en : the same for English readers, where the first speaks Chinese.
    """

    name: str
    category: str
    category_name: Text
    help: Text
    arguments: tuple[Argument, ...]
    gives: Literal["cells", "one", "table"]
    names_one: bool
    example: str
    result: Any
    example_en: str
    result_en: Any

    @property
    def signature(self) -> str:
        """The call as documents show it.

        >>> function("RFM_SEGMENT").signature
        'RFM_SEGMENT(code, [scheme], [scheme_lang])'
        """
        names = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({', '.join(names)})"


def example(function: Function, lang: Lang) -> tuple[str, Any]:
    """The example for readers of a language, and its result."""
    if lang == "en":
        return function.example_en, function.result_en
    return function.example, function.result


@cache
def functions() -> dict[str, Function]:
    """All functions by name, in the order of functions.toml."""
    data = tomllib.loads(files("udfs").joinpath("functions.toml").read_text("utf-8"))
    return {name: _function(name, entry, data) for name, entry in data["function"].items()}


def function(name: str) -> Function:
    """The function with this name."""
    return functions()[name]


def _function(name: str, entry: dict[str, Any], data: dict[str, Any]) -> Function:
    return Function(
        name=name,
        category=entry["category"],
        category_name=Text(**data["category"][entry["category"]]),
        help=Text(zh=entry["zh"], en=entry["en"]),
        arguments=tuple(_argument(a, data["argument"]) for a in entry["arguments"]),
        gives=entry["gives"],
        names_one=entry.get("names_one", False),
        example=entry["example"],
        result=entry["result"],
        example_en=entry.get("example_en", entry["example"]),
        result_en=entry.get("result_en", entry["result"]),
    )


def result_language() -> str:
    """The language of results where `lang` is left out: FENJI_LANG of this installation, else Chinese.

    It does not follow the system's language, so that a workbook gives the same texts on every computer of
    an organisation that has not chosen otherwise.
    """
    return "en" if os.environ.get("FENJI_LANG", "").lower().startswith("en") else "zh"


def _argument(spelling: str, known: dict[str, dict[str, Any]]) -> Argument:
    name = spelling.strip("[]")
    entry = dict(known[name])
    if name == "lang":
        entry["default"] = result_language()
    return Argument(
        name=name,
        help=Text(zh=entry.pop("zh"), en=entry.pop("en")),
        optional=spelling.startswith("["),
        choices=tuple(entry.pop("choices", ())),
        **entry,
    )


def as_json() -> list[dict[str, Any]]:
    """The registry as plain lists and dicts, for `fenji functions --json` and other tools."""
    return [
        {
            "name": f.name,
            "signature": f.signature,
            "category": f.category,
            "help": {"zh": f.help.zh, "en": f.help.en},
            "arguments": [
                {
                    "name": a.name,
                    "optional": a.optional,
                    "kind": a.kind,
                    "default": a.default,
                    "choices": list(a.choices),
                    "help": {"zh": a.help.zh, "en": a.help.en},
                }
                for a in f.arguments
            ],
            "gives": f.gives,
            "example": f.example,
            "result": f.result,
            "example_en": f.example_en,
            "result_en": f.result_en,
        }
        for f in functions().values()
    ]
