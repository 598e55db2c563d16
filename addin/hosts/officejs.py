"""The worksheet functions with xlwings' decorators for the Office.js hosts: xlwings Server and xlwings Lite.

Both read the decorators in the same way: arguments come as rows of cells with errors as their text, and a
text such as "#N/A" in a result becomes that error in its cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from udfs import registry, worksheet
from udfs.cells import ExcelError
from udfs.texts import Lang


def functions(lang: Lang) -> dict[str, Callable[..., Any]]:
    """Every worksheet function by name, decorated, with help in one language for the formula box."""
    return {name: _hosted(definition, lang) for name, definition in registry.functions().items()}


def _hosted(definition: registry.Function, lang: Lang) -> Callable[..., Any]:
    import xlwings as xw

    calculate = getattr(worksheet, definition.name)

    def function(*arguments: Any) -> Any:
        return with_marks(calculate(*arguments))

    function.__name__ = function.__qualname__ = definition.name
    function.__doc__ = definition.help(lang)
    function.__signature__ = calculate.__signature__  # type: ignore[attr-defined]
    function = xw.func(function)
    for argument in definition.arguments:
        options = {"ndim": 2, "err_to_str": True, "doc": argument.help(lang)}
        function = xw.arg(argument.name, **options)(function)
    return function


def with_marks(result: Any) -> Any:
    """A result with errors as their text; a lone error too.

    >>> with_marks([[1, ExcelError("#N/A")]])
    [[1, '#N/A']]
    """
    if isinstance(result, list):
        return [[cell.mark if isinstance(cell, ExcelError) else cell for cell in row] for row in result]
    return result.mark if isinstance(result, ExcelError) else result
