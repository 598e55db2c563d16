"""From cells to a calculation and back, the same way for every worksheet function.

A function is written over clean arrays; `worksheet_function` reads its arguments as the registry says,
leaves out blank rows and header rows, marks rows that cannot be used with their error, and puts the results
back beside the rows they belong to. Whatever a cell holds, a caller gets values or error marks, never an
exception.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import numpy as np

from udfs import cells, registry
from udfs.cells import Cells, ExcelError
from udfs.texts import FenjiError

log = logging.getLogger("fenji")

OK, BLANK = -1, -2
READERS: dict[str, tuple[Callable[[Any], Any], type]] = {
    "numbers": (cells.to_number, float),
    "days": (cells.to_day, float),
    "dates": (cells.to_date, float),
    "texts": (cells.to_text, object),
    "codes": (cells.to_scores, object),
    "keys": (cells.to_text, object),
    "cells": (cells.as_it_is, object),
    "series": (cells.to_number, float),
}
DIFFERENT_SIZES = cells.value_error(
    "各个区域的行数或列数不一致，请选同样大小的区域。",
    "The ranges differ in size; choose ranges of the same size.",
)
INTERNAL = cells.value_error(
    "计算时出现内部错误，详情见日志。", "The calculation failed inside; the log has the details."
)


@dataclass(slots=True)
class Problems:
    """Rows of a table function that could not be used: the key in the first argument, and the error."""

    by_key: list[tuple[str | None, ExcelError]] = field(default_factory=list)


def worksheet_function(calculate: Callable[..., Any]) -> Callable[..., Any]:
    """The worksheet function for a calculation with the same name and arguments as its registry entry."""
    definition = registry.function(calculate.__name__)
    wants_problems = "problems" in inspect.signature(calculate).parameters

    @wraps(calculate)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            given = dict(zip((a.name for a in definition.arguments), args, strict=False)) | kwargs
            with np.errstate(all="ignore"):
                return _call(definition, calculate, given, wants_problems)
        except ExcelError as error:
            return error
        except FenjiError as error:
            return cells.value_error(error.text.zh, error.text.en)
        except ImportError as error:
            return cells.not_available(
                f"这个函数需要 Python 包 {error.name}，这里没有安装。",
                f"This function needs the Python package {error.name}, which is not installed here.",
            )
        except Exception:
            log.exception("worksheet function %s", definition.name)
            return INTERNAL

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                a.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if a.optional else inspect.Parameter.empty,
            )
            for a in definition.arguments
        ]
    )
    del call.__wrapped__  # type: ignore[attr-defined]
    call.__doc__ = _documentation(definition)
    return call


def _documentation(definition: registry.Function) -> str:
    """The docstring, from the registry: what it answers, its arguments, an example."""
    arguments = "\n".join(
        f"{a.name} : {a.kind}{', optional' if a.optional else ''}\n    {a.help.en}"
        for a in definition.arguments
    )
    return (
        f"{definition.help.en}\n\n{definition.signature}\n\nParameters\n----------\n{arguments}\n\n"
        f"Returns\n-------\n{definition.gives}: plain values, with `udfs.cells.ExcelError` where there is none.\n\n"
        f"Example in a cell: {definition.example}\n"
    )


def _call(
    definition: registry.Function, calculate: Callable[..., Any], given: dict[str, Any], wants_problems: bool
) -> Any:
    values: dict[str, Any] = {}
    columns: dict[str, Cells] = {}
    for argument in definition.arguments:
        raw = given.get(argument.name)
        if raw is None and argument.optional:
            values[argument.name] = argument.default
            continue
        read = cells.read(raw)
        if argument.aligned and not (argument.optional and read.single and read.items[0] is None):
            columns[argument.name] = read
        elif argument.aligned:
            values[argument.name] = None
        else:
            values[argument.name] = read_option(argument, read)
    if not columns:
        return _result(calculate(**values))
    rows = Rows({a.name: a for a in definition.arguments}, columns, values.get("as_of"))
    values |= rows.values
    if wants_problems:
        values["problems"] = rows.problems()
    elif definition.gives != "cells":
        rows.raise_first_error()
    if definition.gives == "cells":
        result = _of_good_rows(calculate, values, int(rows.good.sum()))
        if isinstance(result, (np.ndarray, list)):
            return rows.beside(result)
        rows.raise_first_error()
        return _result(result)
    if not wants_problems and not rows.good.any():
        raise cells.NOTHING
    return _result(calculate(**values))


def _of_good_rows(calculate: Callable[..., Any], values: dict[str, Any], n: int) -> Any:
    """A result for each good row, or one for all; an error of the whole calculation stands in each row."""
    if n == 0:
        return np.empty(0, object)
    try:
        return calculate(**values)
    except ExcelError as error:
        return np.full(n, error, object)


def _result(result: Any) -> Any:
    """A single value, or a table as a list of rows, in plain Python values."""
    if isinstance(result, np.ndarray):
        if result.ndim == 1:
            result = result[:, None]
        return cells.rows_of(result.ravel(), result.shape)
    if isinstance(result, list):
        return [[cells.clean_result(v) for v in row] for row in result]
    return cells.clean_result(result)


class Rows:
    """The columns of a call side by side: which rows are good, blank, headers or in error.

    Attributes
    ----------
    shape : rows and columns of the result.
    single : every column was one cell.
    good : bool, shape (n,), rows that take part.
    values : the good rows of each column by argument name.
    """

    def __init__(
        self, arguments: dict[str, registry.Argument], columns: dict[str, Cells], as_of: float | None
    ) -> None:
        columns = _same_height(columns)
        shapes = {c.shape for c in columns.values() if not c.single}
        if len(shapes) > 1:
            raise DIFFERENT_SIZES
        self.single = not shapes
        self.shape = shapes.pop() if shapes else (1, 1)
        n = self.shape[0] * self.shape[1]
        self.errors: list[ExcelError] = []
        self.state = np.full(n, OK, np.int32)
        blank, filled, lacking = np.ones(n, bool), np.zeros(n, bool), np.zeros(n, bool)
        all_values: dict[str, np.ndarray] = {}
        header = False
        demands_any = all(arguments[name].blank for name in columns)
        for name, read in columns.items():
            argument = arguments[name]
            values, errors, state = cells.column(read, *READERS[argument.kind])
            if argument.kind == "days" and as_of is not None:
                values = as_of - np.floor(values)
            if argument.minimum is not None or argument.maximum is not None:
                outside = _outside(argument, values)
                state[outside & (state == OK)] = len(errors)
                errors = [*errors, _domain_error(argument)]
            header = header or (n > 1 and not read.single and _is_header(read.items[0], state[0]))
            if read.single and n > 1:
                values, state = np.repeat(values, n), np.repeat(state, n)
            if argument.kind == "series":
                state[state == BLANK] = OK
            is_blank = state == BLANK
            blank &= is_blank if not (read.single and n > 1) else True
            filled |= ~is_blank
            if not argument.blank:
                lacking |= is_blank
            wrong = (state >= 0) & (self.state == OK)
            if wrong.any():
                self.state[wrong] = state[wrong] + len(self.errors)
            self.errors += errors
            all_values[name] = values
        if not demands_any:
            lacking_error = len(self.errors)
            self.errors.append(cells.MISSING)
            self.state[lacking & (self.state == OK)] = lacking_error
        self.state[blank] = BLANK
        if header:
            self.state[0] = BLANK
        self.good = self.state == OK
        self._all = all_values
        good = self.good
        self.values = {k: v if good.all() else v[good] for k, v in all_values.items()}

    def beside(self, result: Any) -> Any:
        """Results of the good rows put beside their rows; errors and blanks in the others."""
        n = len(self.good)
        result = np.asarray(result)
        wide = result.ndim == 2
        width = result.shape[1] if wide else 1
        if wide and self.shape[1] != 1:
            raise DIFFERENT_SIZES
        if self.good.all():
            out = result
        else:
            out = np.full((n, width) if wide else n, "", object)
            out[self.good] = result
            for i in np.flatnonzero(self.state >= 0):
                out[i] = self.errors[self.state[i]]
        rows = cells.rows_of(out.ravel(), (n, width) if wide else self.shape)
        return rows[0][0] if self.single and not wide else rows

    def raise_first_error(self) -> None:
        """Raises the error of the first row that cannot be used, naming the row."""
        wrong = np.flatnonzero(self.state >= 0)
        if len(wrong):
            error = self.errors[self.state[wrong[0]]]
            row = int(wrong[0]) // self.shape[1] + 1
            raise ExcelError(
                error.mark,
                f"区域第 {row} 行：{error.reason.zh}",
                f"Row {row} of the range: {error.reason.en}",
            )

    def problems(self) -> Problems:
        """Rows in error, by the key in the first column."""
        keys = next(iter(self._all.values()))
        return Problems([(keys[i], self.errors[self.state[i]]) for i in np.flatnonzero(self.state >= 0)])


def _same_height(columns: dict[str, Cells]) -> dict[str, Cells]:
    """Whole sheet columns end at their last filled cell: pads them to the longest."""
    heights = [c.shape[0] for c in columns.values() if c.whole_column]
    if not heights:
        return columns
    return {name: c.padded(max(heights)) if c.whole_column else c for name, c in columns.items()}


def _outside(argument: registry.Argument, values: np.ndarray) -> np.ndarray:
    low = -np.inf if argument.minimum is None else argument.minimum
    high = np.inf if argument.maximum is None else argument.maximum
    return (values < low) | (values > high)


def _domain_error(argument: registry.Argument) -> ExcelError:
    low = "" if argument.minimum is None else f"{argument.minimum:g}"
    high = "" if argument.maximum is None else f"{argument.maximum:g}"
    if low and high:
        zh, en = f"应在 {low} 到 {high} 之间", f"must lie between {low} and {high}"
    elif low:
        zh, en = f"不能小于 {low}", f"must not be below {low}"
    else:
        zh, en = f"不能大于 {high}", f"must not be above {high}"
    if argument.kind == "days":
        zh, en = f"{zh}；如果是日期，请填 as_of", f"{en}; if these are dates, give as_of"
    return cells.number_error(f"{argument.name} {zh}。", f"{argument.name} {en}.")


def _is_header(item: Any, state: int) -> bool:
    """A word without digits that cannot be read, at the top of a column."""
    return state >= 0 and isinstance(item, str) and item[0] != "#" and not any(c.isdigit() for c in item)


def read_option(argument: registry.Argument, read: Cells) -> Any:
    """The value of an argument that is no column: one value, a small table, or a list of names."""
    if argument.kind == "grid":
        return _grid(argument, read)
    if argument.kind == "columns":
        return read
    if argument.kind == "names":
        return [str(cells.to_text(v)) for v in read.items if v is not None and not cells.error_in(v)]
    if not read.single:
        raise cells.value_error(
            f"{argument.name} 只能是一个值，不能是区域。", f"{argument.name} takes one value, not a range."
        )
    item = read.items[0]
    if item is None:
        if argument.optional:
            return argument.default
        raise cells.MISSING
    value = ONE_VALUE[argument.kind](argument, item)
    if isinstance(value, ExcelError):
        raise value
    if isinstance(value, float) and _outside(argument, np.array([value]))[0]:
        raise _domain_error(argument)
    return int(value) if argument.kind == "whole" else value


def _number(_: registry.Argument, item: Any) -> float | ExcelError:
    return cells.to_number(item)


def _whole(argument: registry.Argument, item: Any) -> float | ExcelError:
    number = cells.to_number(item)
    if isinstance(number, float) and not number.is_integer():
        return cells.number_error(f"{argument.name} 应为整数。", f"{argument.name} must be a whole number.")
    return number


def _date(_: registry.Argument, item: Any) -> float | ExcelError:
    return cells.to_date(item)


def _choice(argument: registry.Argument, item: Any) -> str | ExcelError:
    text = cells.to_text(item)
    if isinstance(text, ExcelError):
        return text
    if text.casefold() in argument.choices:
        return text.casefold()
    return cells.value_error(
        f"{argument.name} 不能是“{text[:40]}”，请从 {'、'.join(argument.choices)} 中选择。",
        f"{argument.name} cannot be '{text[:40]}'; choose one of {', '.join(argument.choices)}.",
    )


FLAGS = {"true": True, "false": False, "yes": True, "no": False, "是": True, "否": False}


def _flag(_: registry.Argument, item: Any) -> bool | ExcelError:
    if isinstance(item, str) and item.strip().casefold() in FLAGS:
        return FLAGS[item.strip().casefold()]
    number = cells.to_number(item)
    return number if isinstance(number, ExcelError) else number != 0


def _limit(argument: registry.Argument, item: Any) -> str | float | ExcelError:
    if isinstance(item, str) and item.strip().casefold() in ("mean", "median"):
        return item.strip().casefold()
    return cells.to_number(item)


ONE_VALUE: dict[str, Callable[[registry.Argument, Any], Any]] = {
    "number": _number,
    "whole": _whole,
    "date": _date,
    "choice": _choice,
    "flag": _flag,
    "limit": _limit,
}


def _grid(argument: registry.Argument, read: Cells) -> np.ndarray | None:
    """Numbers as a 2-D array, NaN where blank; labels (words without digits) count as blank."""
    if len(read.items) > 10_000:
        raise cells.value_error(
            f"{argument.name} 的区域太大。", f"The range for {argument.name} is too large."
        )
    values, errors, state = cells.column(read, cells.to_number, float)
    if (np.abs(values) > 1e15).any():
        raise cells.OUT_OF_DOMAIN
    for item, s in zip(read.items, state, strict=True):
        if s >= 0 and not _is_header(item, s):
            raise errors[s]
    if np.isnan(values).all():
        if argument.optional:
            return None
        raise cells.MISSING
    return values.reshape(read.shape)
