"""The worksheet functions as the add-in's bridge calls them on Windows, through xlwings' COM server.

`FenjiCall` in VBA hands over plain cell values (Value2: dates are serial numbers, errors are whole
numbers, which cells never hold otherwise) and turns error marks in the result into Excel's errors.
Imported by the server under this name; every function of the registry is an attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import xlwings as xw

from udfs import registry, worksheet
from udfs.cells import ExcelError

EXCEL_ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}


def call(name: str, *arguments: Any) -> list[list[Any]]:
    """The result of one function as rows of cells, errors as marks.

    Parameters
    ----------
    name : of the worksheet function.
    arguments : single cells, or rows of cells; None where left out.

    >>> call("RFM_SEGMENT", 555.0)
    [['Champions']]
    >>> call("RFM_SEGMENT", ((555.0,), (-2146826246,)))
    [['Champions'], ['#N/A']]
    """
    result = getattr(worksheet, name)(*[_without_error_numbers(a) for a in arguments])
    rows = result if isinstance(result, list) else [[result]]
    if ExcelError not in _kinds(rows):
        return rows
    return [[cell.mark if isinstance(cell, ExcelError) else cell for cell in row] for row in rows]


def _kinds(rows: Iterable[Iterable[Any]]) -> set[type]:
    """The types among the cells: most ranges need no look at each cell."""
    return set(map(type, chain.from_iterable(rows)))


def _without_error_numbers(argument: Any) -> Any:
    if isinstance(argument, tuple):
        if int not in _kinds(argument):
            return argument
        return [
            [EXCEL_ERRORS.get(cell, cell) if type(cell) is int else cell for cell in row] for row in argument
        ]
    return EXCEL_ERRORS.get(argument, argument) if type(argument) is int else argument


def _hosted(definition: registry.Function) -> Callable[..., list[list[Any]]]:
    """The function as xlwings' server serves it: cells go through untouched ("raw")."""

    def function(*arguments: Any) -> list[list[Any]]:
        return call(definition.name, *arguments)

    function.__name__ = definition.name
    function.__signature__ = getattr(worksheet, definition.name).__signature__  # type: ignore[attr-defined]
    function = xw.func(function)
    for argument in definition.arguments:
        function = xw.arg(argument.name, convert="raw")(function)
    return xw.ret(convert="raw")(function)


globals().update({name: _hosted(definition) for name, definition in registry.functions().items()})
