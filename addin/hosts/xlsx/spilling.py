"""Whether a formula can fill more cells than its own: then files mark it as a dynamic array formula."""

from __future__ import annotations

import re

from addin.hosts.xlsx.addresses import parse_area
from addin.hosts.xlsx.formula_functions import SPILL, TAKE_RANGES, functions
from addin.hosts.xlsx.formula_spelling import Token, tokens

_PREFIX = re.compile(r"_xl(?:fn|ws|eta)\.", re.IGNORECASE)
_OPERANDS = ("range", "brackets", "word")


def may_spill(formula: str) -> bool:
    """Whether a formula (without "=") can have more than one value.

    It can where a function gives several, where several cells stand that no function makes one value of, and where
    a function is not one of Excel's.

    >>> may_spill("UNIQUE(A1:A9)"), may_spill("A1:A9*2"), may_spill("SUM(A1:A9*2)")
    (True, True, True)
    >>> may_spill("SUM(A1:A9)*2"), may_spill("VLOOKUP(A1,B:C,2,FALSE)"), may_spill("SUMPRODUCT((A1:A9>1)*B1:B9)")
    (False, False, False)
    """
    found = [token for token in tokens(formula) if token.kind != "space"]
    calls: list[list[str | int]] = []
    called = ""
    in_braces = False
    for i, token in enumerate(found):
        following = found[i + 1].text if i + 1 < len(found) else ""
        if token.kind == "word" and following == "(":
            called = _PREFIX.sub("", token.text).upper()
            if called in SPILL or called not in functions() | {"SINGLE", "TRUE", "FALSE"}:
                return True
        elif token.text == "(" and token.kind == "mark":
            calls.append([called, 0])
            called = ""
        elif token.text == ")" and token.kind == "mark" and calls:
            calls.pop()
        elif token.text in "{}" and token.kind == "mark":
            in_braces = token.text == "{"
            if in_braces and not _is_taken(found, i, calls):
                return True
        elif token.text == "," and calls and not in_braces:
            calls[-1][1] = int(calls[-1][1]) + 1
        elif (
            token.kind in _OPERANDS
            and not in_braces
            and _has_many(token, following)
            and not _is_taken(found, i, calls)
        ):
            return True
    return False


def _has_many(token: Token, following: str) -> bool:
    if following == "#":
        return True
    if token.kind == "range":
        return parse_area(token.text).shape != (1, 1)
    if token.kind == "brackets":
        return "[@" not in token.text and "#this row]" not in token.text.lower()
    return token.text.upper() not in ("TRUE", "FALSE")


def _is_taken(found: list[Token], i: int, calls: list[list[str | int]]) -> bool:
    """Whether a function makes one value of an operand with many."""
    first = i - 1 if i and found[i - 1].kind == "sheet" else i
    before = found[first - 1].text if first else ""
    if before == "@":
        return True
    function, argument = next((call for call in reversed(calls) if call[0]), ("", 0))
    if function == "SUMPRODUCT":
        return True
    last = i
    if found[i].text == "{":
        last = next((k for k in range(i, len(found)) if found[k].text == "}"), i)
    if last + 1 < len(found) and found[last + 1].text == "#":
        last += 1
    after = found[last + 1].text if last + 1 < len(found) else ""
    whole = before in ("(", ",") and after in (",", ")")
    return whole and bool(calls) and bool(calls[-1][0]) and argument in TAKE_RANGES.get(str(function), ())
