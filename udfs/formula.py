"""Evaluates one worksheet formula of fenji's functions, without any spreadsheet program.

`=RFM_SEGMENT(555)`, arrays `{1,2;3,4}`, texts, TRUE and FALSE, error values, negative numbers and nested
calls are understood; references (ranges, table columns, names) are handed to the caller, who knows the
workbook. There are no operators and no functions of Excel's own: this answers "what does the function give",
it is no spreadsheet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any

from udfs.cells import ExcelError
from udfs.cleaning.columns import ERROR_TEXTS
from udfs.texts import FenjiError

MAX_DEPTH = 50
TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?(?![\w.!:\[]))
    | (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#[A-Z0-9/_]+[!?]?)
    | (?P<reference>(?:'(?:[^']|'')+'!|[\w.]+!)?\$?[\w.\\]+\$?\d*(?::\$?[\w.]+\$?\d*)?(?:\[(?:[^\[\]]|\[[^\]]*\])*\])?)
    | (?P<mark>[(){},;+\-])
    )""",
    re.VERBOSE,
)
FULL_WIDTH = str.maketrans({"(": "(", ")": ")", ",": ",", ";": ";", "“": '"', "”": '"', "=": "="})

SEPARATORS = (("mark", ","), ("mark", ";"), ("mark", ")"))

Resolve = Callable[[str], Any]
Call = Callable[[str, list[Any]], Any]


def no_workbook(reference: str) -> Any:
    """Refuses references where there is no workbook to look them up in."""
    raise FenjiError(
        zh=f"公式中有引用 {reference}，请用 --workbook 指明工作簿。",
        en=f"The formula refers to {reference}; name the workbook with --workbook.",
    )


def evaluate(formula: str, resolve: Resolve = no_workbook, call: Call | None = None) -> Any:
    """The value of a formula: a scalar, a list of rows, or an `ExcelError`.

    Parameters
    ----------
    formula : with or without the leading "=".
    resolve : gives the cells of a reference, as a scalar or a list of rows.
    call : answers a call given the function's name and arguments; default is the function itself.

    Raises
    ------
    FenjiError
        The text is no formula, or names an unknown function or reference.

    >>> evaluate('=RFM_SEGMENT("5-5-5")')
    'Champions'
    >>> evaluate("=ABC_CLASS({500;300;200;100})")
    [['A'], ['B'], ['C'], ['C']]
    """
    outside = re.split(r'("(?:[^"]|"")*")', formula.strip())
    text = "".join(p if p.startswith('"') else p.translate(FULL_WIDTH) for p in outside).removeprefix("=")
    parser = _Parser(_tokens(text, formula), resolve, call or _checked, formula)
    value = parser.value(0)
    parser.expect_end()
    return value


def _tokens(text: str, formula: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise _cannot_read(formula, text[at:])
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return tokens


def _cannot_read(formula: str, rest: str) -> FenjiError:
    place = rest.strip()[:20] or "…"
    return FenjiError(
        zh=f"公式 {formula} 从“{place}”处起无法识别。请检查括号、引号和逗号。",
        en=f"The formula {formula} cannot be read from '{place}' on; check brackets, quotes and commas.",
    )


class _Parser:
    """Reads tokens from left to right and computes as it goes."""

    def __init__(self, tokens: list[tuple[str, str]], resolve: Resolve, answer: Call, formula: str) -> None:
        self.tokens = tokens
        self.at = 0
        self.resolve = resolve
        self.answer = answer
        self.formula = formula

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def failure(self) -> FenjiError:
        return _cannot_read(self.formula, "".join(t for _, t in self.tokens[max(self.at - 1, 0) :]))

    def expect_end(self) -> None:
        if self.peek()[0] != "end":
            self.at += 1
            raise self.failure()

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self.failure()
        kind, text = self.take()
        if (kind, text) == ("mark", "("):
            inner = self.value(depth + 1)
            if self.take()[1] != ")":
                raise self.failure()
            return inner
        if (kind, text) == ("mark", "{"):
            return self.array()
        if kind == "reference" and self.peek() == ("mark", "("):
            return self.call(text, depth)
        if kind == "reference" and text.upper() not in ("TRUE", "FALSE"):
            return self.resolve(text)
        self.at -= 1
        return self.literal()

    def literal(self) -> Any:
        kind, text = self.take()
        if kind == "number":
            number = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "error" and text in ERROR_TEXTS:
            return ExcelError(text)
        if kind == "reference" and text.upper() in ("TRUE", "FALSE"):
            return text.upper() == "TRUE"
        if kind == "mark" and text in "+-" and self.peek()[0] == "number":
            return self.literal() * (-1 if text == "-" else 1)
        raise self.failure()

    def array(self) -> list[list[Any]]:
        rows = [[self.literal()]]
        while True:
            _, mark = self.take()
            if mark == "}":
                break
            if mark == ",":
                rows[-1].append(self.literal())
            elif mark == ";":
                rows.append([self.literal()])
            else:
                raise self.failure()
        if len({len(row) for row in rows}) > 1:
            raise self.failure()
        return rows

    def call(self, name: str, depth: int) -> Any:
        from udfs import worksheet

        function = name.upper().removeprefix("_XLFN.").removeprefix("FENJI.")
        if function not in worksheet.__all__:
            raise unknown_function(name)
        self.take()
        arguments: list[Any] = []
        if self.peek() == ("mark", ")"):
            self.take()
            return self.answer(function, arguments)
        while True:
            left_out = self.peek() in SEPARATORS
            arguments.append(None if left_out else self.value(depth + 1))
            mark = self.take()
            if mark == ("mark", ")"):
                break
            if mark not in SEPARATORS:
                raise self.failure()
        return self.answer(function, arguments)


def _checked(name: str, arguments: list[Any]) -> Any:
    """The function's answer, once the number of arguments is right."""
    from udfs import registry, worksheet

    definition = registry.function(name)
    required = sum(not a.optional for a in definition.arguments)
    if not required <= len(arguments) <= len(definition.arguments):
        raise FenjiError(
            zh=f"{name} 的参数个数不对。写法：{definition.signature}",
            en=f"{name} has the wrong number of arguments. It is written {definition.signature}",
        )
    return getattr(worksheet, name)(*arguments)


def unknown_function(name: str) -> FenjiError:
    """The error for a name that is no function, with the nearest one there is."""
    from udfs import worksheet

    near = difflib.get_close_matches(name.upper(), worksheet.__all__, 1)
    zh = f"，是否想用 {near[0]}？" if near else "。用 fenji functions 查看全部函数。"
    en = f"; did you mean {near[0]}?" if near else "; see fenji functions for all of them."
    return FenjiError(zh=f"没有函数 {name}{zh}", en=f"There is no function {name}{en}")
