"""Formulas as people write them, and as files spell them.

people                      files
=XLOOKUP(A1,B:B,C:C)        _xlfn.XLOOKUP(A1,B:B,C:C)
=LET(x,A1,x*x)              _xlfn.LET(_xlpm.x,A1,_xlpm.x*_xlpm.x)
=LAMBDA(x,[y],x+y)          _xlfn.LAMBDA(_xlpm.x,_xlop.y,_xlpm.x+_xlpm.y)
=BYROW(A1:B9,SUM)           _xlfn.BYROW(A1:B9,_xleta.SUM)
=SUM(A1#)                   SUM(_xlfn.ANCHORARRAY(A1))
=@A1:A9                     _xlfn.SINGLE(A1:A9)
=[@amount]*2                tbl[[#This Row],[amount]]*2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from addin.hosts.xlsx.formula_functions import PREFIXES, TAKE_FUNCTIONS, functions

_TOKEN = re.compile(
    r"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA))
    | (?P<sheet>'(?:[^']|'')+'!|(?:\[\d+\])?[^\s'"!(),;:+\-*/^&=<>{}\[\]%\#@]+(?::[^\s'"!(),;:+\-*/^&=<>{}\[\]%\#@]+)?!)
    | (?P<brackets>(?:[^\W\d][\w.\\]*)?\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<range>(?<![\w.$])(?i:
          \$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?
        | \$?[A-Z]{1,3}:\$?[A-Z]{1,3} | \$?\d{1,7}:\$?\d{1,7})(?![\w(.!]))
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d][\w.\\?]*)
    | (?P<space>\s+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPTIONAL = re.compile(r"\[\s*([^\W\d][\w.]*)\s*\]")
_IN_FILE = re.compile(r"_xl(?:fn|ws|pm|op|eta|udf|l)\.", re.IGNORECASE)
_THIS_ROW = re.compile(r"(?P<table>[^\[]*)\[@(?P<column>.*)\]$", re.DOTALL)
_THIS_ROW_IN_FILE = re.compile(
    r"(?P<table>[^\[]+)\[\[#This Row\],(?P<column>.*)\]$", re.DOTALL | re.IGNORECASE
)
_PLAIN_COLUMN = re.compile(r"\[[^\W\d]\w*\]")


@dataclass(slots=True)
class Token:
    """A piece of a formula: `kind` is the name of its group in the pattern."""

    kind: str
    text: str


def tokens(formula: str) -> list[Token]:
    """The pieces of a formula; joined they are the formula.

    >>> [token.kind for token in tokens('SUM(A1:B2,"x")')]
    ['word', 'mark', 'range', 'mark', 'text', 'mark']
    """
    return [Token(match.lastgroup or "mark", match[0]) for match in _TOKEN.finditer(formula)]


@dataclass(slots=True)
class _Call:
    """An open parenthesis: the function it belongs to, or "", and the names LET and LAMBDA gave so far."""

    function: str
    argument: int = 0
    names: dict[str, str] = field(default_factory=dict)
    waiting: str = ""
    closing: str = ""


# -- to the file ------------------------------------------------------------------------------------------------------


def as_in_file(formula: str, table: str | None = None) -> str:
    """A formula (without "=") as files spell it; one spelled so already stays as it is.

    Parameters
    ----------
    table : the table the formula stands in, for references such as `[@amount]`.

    >>> as_in_file('IFS(A1>1,"IFS(",TRUE,XLOOKUP(A1,B:B,C:C))')
    '_xlfn.IFS(A1>1,"IFS(",TRUE,_xlfn.XLOOKUP(A1,B:B,C:C))'
    >>> as_in_file("LET(x,A1#,x+[@amount])", "orders")
    '_xlfn.LET(_xlpm.x,_xlfn.ANCHORARRAY(A1),_xlpm.x+orders[[#This Row],[amount]])'
    """
    return _Writer(tokens(formula), table).written()


class _Writer:
    def __init__(self, found: list[Token], table: str | None) -> None:
        self._tokens = found
        self._table = table
        self._calls: list[_Call] = []
        self._out: list[str] = []
        # Where the reference begins that a "#" behind it would mean, with its sheet.
        self._operand: int | None = None
        self._single = ""
        self._called = False
        self._in_braces = False

    def written(self) -> str:
        for i, token in enumerate(self._tokens):
            getattr(self, f"_{token.kind}", self._other)(i, token.text)
        return "".join(self._out) + self._single

    def _other(self, i: int, text: str) -> None:
        self._out.append(text)
        if text.strip():
            self._operand = None

    def _sheet(self, i: int, text: str) -> None:
        self._operand = len(self._out)
        self._out.append(text)

    def _range(self, i: int, text: str) -> None:
        self._put_operand(i, text)

    def _brackets(self, i: int, text: str) -> None:
        optional = _OPTIONAL.fullmatch(text)
        if optional and self._declares(i, "LAMBDA"):
            self._calls[-1].names[optional[1].lower()] = optional[1]
            self._out.append("_xlop." + optional[1])
            return
        row = _THIS_ROW.fullmatch(text)
        name = text.partition("[")[0]
        if not name and self._table and not re.match(r"\[\d+\]", text):
            name = self._table
            text = name + text
            row = _THIS_ROW.fullmatch(text)
        if row and name:
            column = row["column"]
            if not column:
                text = f"{name}[#This Row]"
            else:
                text = f"{name}[[#This Row],{column if column.startswith('[') else f'[{column}]'}]"
        self._put_operand(i, text)

    def _word(self, i: int, text: str) -> None:
        if self._next(i) == "(":
            self._put_function(i, text)
            return
        call = self._calls[-1] if self._calls else None
        known = self._known(text)
        if _IN_FILE.match(text):
            self._put_operand(i, text)
        elif self._declares(i, "LAMBDA") and call is not None:
            call.names[text.lower()] = text
            self._out.append("_xlpm." + text)
        elif call is not None and call.argument % 2 == 0 and self._declares(i, "LET"):
            call.waiting = text
            self._out.append("_xlpm." + text)
        elif known:
            self._put_operand(i, "_xlpm." + known)
        elif call is not None and call.function in TAKE_FUNCTIONS and self._is_function(i, text):
            self._out.append("_xleta." + text)
        else:
            self._put_operand(i, text)

    def _put_function(self, i: int, text: str) -> None:
        known = self._known(text)
        if known:
            text = "_xlpm." + known
        elif not _IN_FILE.match(text):
            text = PREFIXES.get(text.upper(), "") + text
        self._calls.append(_Call(_IN_FILE.sub("", text).upper(), closing=self._single))
        self._single = ""
        self._operand = None
        self._called = True
        self._out.append(text)

    def _mark(self, i: int, text: str) -> None:
        if text in "{}":
            self._in_braces = text == "{"
        elif text == "(":
            if not self._called:
                self._calls.append(_Call("", closing=self._single))
                self._single = ""
            self._called = False
        elif text == ")":
            self._out.append(text + (self._calls.pop().closing if self._calls else ""))
            self._operand = None
            return
        elif text == "," and self._calls and not self._in_braces:
            call = self._calls[-1]
            call.argument += 1
            if call.waiting and call.argument % 2 == 0:
                call.names[call.waiting.lower()] = call.waiting
                call.waiting = ""
        elif text == "#" and self._operand is not None:
            self._out[self._operand :] = ["_xlfn.ANCHORARRAY(", *self._out[self._operand :], ")"]
            self._operand = None
            return
        elif text == "@":
            self._out.append("_xlfn.SINGLE(")
            self._single = ")"
            return
        self._operand = None
        self._out.append(text)

    def _put_operand(self, i: int, text: str) -> None:
        if self._operand is None or self._operand != len(self._out) - 1 or not self._out[-1].endswith("!"):
            self._operand = len(self._out)
        self._out.append(text)
        if self._single:
            spilled = self._next(i) == "#"
            if spilled:
                self._mark(i, "#")
                self._tokens[i + 1] = Token("space", "")
            self._out.append(self._single)
            self._single, self._operand = "", None

    def _next(self, i: int) -> str:
        return next((token.text for token in self._tokens[i + 1 :] if token.kind != "space"), "")

    def _declares(self, i: int, function: str) -> bool:
        """Whether a name that makes up a whole argument, but not the last one, is given by LET or LAMBDA."""
        before = next((token.text for token in reversed(self._tokens[:i]) if token.kind != "space"), "")
        if not self._calls or self._calls[-1].function != function:
            return False
        return before in ("(", ",") and self._next(i) == ","

    def _is_function(self, i: int, text: str) -> bool:
        before = next((token.text for token in reversed(self._tokens[:i]) if token.kind != "space"), "")
        whole = before in ("(", ",") and self._next(i) in (",", ")")
        return whole and text.upper() in functions()

    def _known(self, word: str) -> str | None:
        """A name given by LET or LAMBDA around this place, as it was spelled there."""
        for call in reversed(self._calls):
            if word.lower() in call.names:
                return call.names[word.lower()]
        return None


# -- from the file ----------------------------------------------------------------------------------------------------


def as_shown(formula: str, table: str | None = None) -> str:
    """A formula of a file (without "=") as people write it.

    Parameters
    ----------
    table : the table the formula stands in, whose name is left away before `[@amount]`.

    >>> as_shown("_xlfn.LET(_xlpm.x,_xlfn.ANCHORARRAY(A1),_xlpm.x+orders[[#This Row],[amount]])", "orders")
    'LET(x,A1#,x+[@amount])'
    """
    if "_xl" not in formula.lower() and "[" not in formula:
        return formula
    found = tokens(formula)
    return "".join(_shown(found, 0, len(found), table))


def _shown(found: list[Token], start: int, end: int, table: str | None) -> Iterator[str]:
    i = start
    while i < end:
        token = found[i]
        if token.kind == "word" and (wrapper := token.text.upper()) in ("_XLFN.ANCHORARRAY", "_XLFN.SINGLE"):
            close = _closing(found, i + 1, end)
            inner = "".join(_shown(found, i + 2, close, table)) if close else None
            if inner is not None and close and _is_operand(found[i + 2 : close]):
                yield inner + "#" if wrapper.endswith("ANCHORARRAY") else "@" + inner
                i = close + 1
                continue
        yield _word_shown(token.text) if token.kind == "word" else _row_shown(token, table)
        i += 1


def _word_shown(text: str) -> str:
    lower = text.lower()
    for prefix in ("_xlfn._xlws.", "_xlfn.", "_xlws."):
        if lower.startswith(prefix):
            name = text[len(prefix) :]
            return name if PREFIXES.get(name.upper(), "").endswith(prefix) else text
    if lower.startswith("_xlop."):
        return f"[{text[6:]}]"
    return text.partition(".")[2] if lower.startswith(("_xlpm.", "_xleta.")) else text


def _row_shown(token: Token, table: str | None) -> str:
    if token.kind != "brackets":
        return token.text
    name, bracket, inside = token.text.partition("[")
    shown = "" if table is not None and name.lower() == table.lower() else name
    row = _THIS_ROW_IN_FILE.fullmatch(token.text)
    if row is not None:
        column = row["column"]
        return f"{shown}[@{column[1:-1] if _PLAIN_COLUMN.fullmatch(column) else column}]"
    return f"{shown}[@]" if inside.lower() == "#this row]" else shown + bracket + inside


def _closing(found: list[Token], start: int, end: int) -> int | None:
    """Where the parenthesis at `start` is closed."""
    depth = 0
    for i in range(start, end):
        if found[i].text == "(" and found[i].kind == "mark":
            depth += 1
        elif found[i].text == ")" and found[i].kind == "mark":
            depth -= 1
            if depth == 0:
                return i
    return None


def _is_operand(inside: list[Token]) -> bool:
    """Whether pieces are one reference, name or call, to which a `#` or `@` can belong."""
    kinds = [token.kind for token in inside]
    if kinds and kinds[0] == "sheet":
        inside, kinds = inside[1:], kinds[1:]
    if len(kinds) == 1:
        return kinds[0] in ("range", "word", "brackets")
    return bool(kinds) and kinds[0] == "word" and _closing(inside, 1, len(inside)) == len(inside) - 1
