"""VBA source for the worksheet functions, from the registry: thin wrappers over one bridge function."""

from __future__ import annotations

from udfs import registry
from udfs.texts import Text

MOST_HELP_TEXT = 255
# Words VBA, or LibreOffice running it, keeps for itself among names an argument may have.
VBA_WORDS = frozenset(
    [
        "as",
        "case",
        "close",
        "const",
        "date",
        "dim",
        "do",
        "each",
        "else",
        "end",
        "error",
        "exit",
        "for",
        "function",
        "get",
        "global",
        "if",
        "in",
        "input",
        "is",
        "let",
        "lib",
        "like",
        "line",
        "lock",
        "loop",
        "me",
        "mid",
        "mod",
        "name",
        "new",
        "next",
        "not",
        "on",
        "open",
        "option",
        "or",
        "output",
        "print",
        "private",
        "public",
        "put",
        "resume",
        "return",
        "scale",
        "select",
        "set",
        "static",
        "step",
        "stop",
        "string",
        "sub",
        "then",
        "time",
        "to",
        "true",
        "type",
        "unlock",
        "until",
        "wend",
        "while",
        "width",
        "with",
        "write",
        "xor",
    ]
)


def argument_name(argument: registry.Argument) -> str:
    """The argument's name in VBA, which the function wizard shows: a word VBA keeps gets a `_`.

    >>> argument_name(registry.Argument("date", "date", Text("", "")))
    'date_'
    """
    return argument.name + "_" if argument.name.lower() in VBA_WORDS else argument.name


def module_source() -> str:
    """Source of the module with one wrapper per function, and their registration in the function wizard."""
    lines = [
        "Option Explicit",
        "",
        "' The worksheet functions, made from the registry. Python computes them.",
    ]
    for function in registry.functions().values():
        lines += ["", *_wrapper(function)]
    lines += [
        "",
        "' Help in the function wizard, in Excel's language.",
        "Public Sub FenjiRegisterFunctions()",
    ]
    lines += [
        f'    FenjiDescribe "{f.name}", Array({", ".join(_quoted(a.name) for a in f.arguments)}), "{_category_key(f)}"'
        for f in registry.functions().values()
    ]
    return "\n".join([*lines, "End Sub"]) + "\n"


def _wrapper(function: registry.Function) -> list[str]:
    declared = ", ".join(
        f"{'Optional ' if a.optional else ''}{argument_name(a)} As Variant" for a in function.arguments
    )
    given = ", ".join(argument_name(a) for a in function.arguments)
    return [
        f"Public Function {function.name}({declared}) As Variant",
        f'    {function.name} = FenjiCall("{function.name}", Array({given}))',
        "End Function",
    ]


def texts() -> dict[str, Text]:
    """Help by key: `NAME` for a function, `NAME.argument` for its arguments, `category.key`."""
    out: dict[str, Text] = {}
    for function in registry.functions().values():
        out[_category_key(function)] = function.category_name
        out[function.name] = _short(function.help)
        for argument in function.arguments:
            out[f"{function.name}.{argument.name}"] = _short(argument.help)
    return out


def intellisense_rows() -> list[list[str]]:
    """Cells of the sheet `_IntelliSense_`, which the free Excel-DNA IntelliSense add-in reads: in-cell hints.

    One row per function: name, help, help link, then name and help of each argument, in both languages.
    """
    rows = [["FunctionInfo", "1"]]
    for function in registry.functions().values():
        row = [function.name, _both(function.help), ""]
        for argument in function.arguments:
            row += [argument_name(argument), _both(argument.help)]
        rows.append(row)
    return rows


def _category_key(function: registry.Function) -> str:
    return f"category.{function.category}"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _short(text: Text) -> Text:
    return Text(zh=text.zh[:MOST_HELP_TEXT], en=text.en[:MOST_HELP_TEXT])


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
