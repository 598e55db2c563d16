"""A stand-in for Excel on Windows: real cells (the file engine), but only the calls desktop xlwings has.

Which calls there are is read from the source of the installed xlwings, `_xlwindows.py` and `_xlmac.py`: a call
that either of them lacks raises AttributeError, as it would there. Values come and go as through COM: dates
as datetime, rows as tuples, a text that looks like a number becomes one. Calls are kept in `calls`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MethodType
from typing import Any

import xlwings as xw
from xlwings import base_classes

from addin.recording import unwrapped

WRAPPED = tuple(
    found
    for found in vars(base_classes).values()
    if isinstance(found, type)
    and found.__module__ == base_classes.__name__
    and found is not base_classes.Collection  # the base of several others
)
ALWAYS = {"options="}  # xlwings itself sets it on any object


@cache
def calls_of(module: str) -> dict[str, set[str]]:
    """Names a class of a desktop engine offers, by class name, with what xlwings' base classes do for it."""
    classes = _classes(module)
    offered = {}
    for name, node in classes.items():
        offered[name] = _names(node, only_working=True)
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in classes:
                offered[name] |= _names(classes[base.id])
    for name, node in _classes("base_classes").items():
        offered.setdefault(name, set()).update(_names(node, only_working=True))
    return offered


def _classes(module: str) -> dict[str, ast.ClassDef]:
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse((Path(spec.origin).parent / f"{module}.py").read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _names(node: ast.ClassDef, only_working: bool = False) -> set[str]:
    """What a class offers: "formula" can be read (or called), "formula=" can be set."""
    names = {
        item.attr + suffix
        for suffix in ("", "=")
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute)
        and isinstance(item.ctx, ast.Store)
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
    }
    defined = {item.name for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
    names -= {name + suffix for name in defined for suffix in ("", "=")}  # a property that is set by itself
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not (only_working and _only_raises(item)):
                names.add(item.name + ("=" if _is_setter(item) else ""))
        elif isinstance(item, ast.Assign):
            named = {target.id for target in item.targets if isinstance(target, ast.Name)}
            names |= named | {f"{name}=" for name in named}
    return names


def _is_setter(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in function.decorator_list)


def _only_raises(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is there only to say that it is not implemented."""
    return isinstance(function.body[-1], ast.Raise) and "NotImplementedError" in ast.unparse(
        function.body[-1]
    )


class DesktopObject:
    """One object of the stand-in."""

    def __init__(self, impl: Any, state: DesktopState) -> None:
        object.__setattr__(self, "_impl", impl)
        object.__setattr__(self, "_state", state)

    @property
    def _kind(self) -> str:
        return next(base.__name__ for base in WRAPPED if isinstance(self._impl, base))

    def _check(self, name: str) -> None:
        for module in self._state.engines:
            if name not in calls_of(module).get(self._kind, set()) and name not in ALWAYS:
                raise AttributeError(f"{module} has no {self._kind}.{name}")
        self._state.calls.append(f"{self._kind}.{name}")

    def __getattr__(self, name: str) -> Any:
        if (self._kind, name) in self._state.answers:
            return self._state.answers[self._kind, name]
        self._check(name)
        found = getattr(self._impl, name)
        if name == "raw_value":
            self._state.cells_read += _size(found)
            return _as_com(found)
        if isinstance(found, MethodType):
            return lambda *args, **kwargs: self._wrapped(
                found(*map(_bare, args), **{k: _bare(v) for k, v in kwargs.items()})
            )
        return self._wrapped(found)

    def __setattr__(self, name: str, value: Any) -> None:
        if (self._kind, name) in self._state.settings:
            self._state.changes.append((name, value))
            self._state.answers[self._kind, name] = value
            return
        self._check(f"{name}=")
        if name == "raw_value":
            self._state.cells_written += _size(value)
            value = _typed(value, xw.Range(impl=self._impl))
        if name == "formula":
            _set_formulas(xw.Range(impl=self._impl), value)
            return
        setattr(self._impl, name, _bare(value))

    def __bool__(self) -> bool:
        return True

    def __call__(self, *args: Any) -> Any:
        return self._wrapped(self._impl(*map(_bare, args)))

    def __len__(self) -> int:
        return len(self._impl)

    def __iter__(self) -> Iterator[Any]:
        return (self._wrapped(item) for item in self._impl)

    def __contains__(self, item: Any) -> bool:
        return _bare(item) in self._impl

    def _wrapped(self, found: Any) -> Any:
        return wrap(found, self._state) if isinstance(found, WRAPPED) else found


class DesktopState:
    """What one stand-in of Excel remembers.

    Attributes
    ----------
    calls : every call made, as "Range.formula".
    alerts : texts shown to the user.
    changes : settings of the program as they were set, in order.
    cells_read, cells_written : cells that passed as values, in all calls together.
    """

    settings = frozenset(
        ("App", name)
        for name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar")
    )

    def __init__(self, engines: tuple[str, ...] = ("_xlwindows", "_xlmac")) -> None:
        self.engines = engines
        self.calls: list[str] = []
        self.cells_read = 0
        self.cells_written = 0
        self.alerts: list[str] = []
        self.changes: list[tuple[str, Any]] = []
        self.answers: dict[tuple[str, str], Any] = {
            ("App", "screen_updating"): True,
            ("App", "enable_events"): True,
            ("App", "display_alerts"): True,
            ("App", "calculation"): "automatic",
            ("App", "status_bar"): False,
            ("App", "selection"): None,
            ("App", "alert"): self._alert,
        }

    def _alert(self, prompt: str, title: str, buttons: str, mode: str, callback: None) -> str:
        self.alerts.append(prompt)
        return "ok"


def wrap(impl: Any, state: DesktopState) -> Any:
    """The object as the stand-in shows it: also an instance of xlwings' own base class."""
    base = next(base for base in WRAPPED if isinstance(impl, base))
    return _kind_of(base)(impl, state)


@cache
def _kind_of(base: type) -> type:
    return type(f"Desktop{base.__name__}", (DesktopObject,), {"__class__": property(lambda _: base)})


def desktop(
    book: xw.Book, engines: tuple[str, ...] = ("_xlwindows", "_xlmac")
) -> tuple[xw.Book, DesktopState]:
    """A book of the file engine as desktop Excel would show it, and what the stand-in remembers."""
    state = DesktopState(engines)
    return xw.Book(impl=wrap(book.impl, state)), state


def select(state: DesktopState, cells: xw.Range) -> None:
    """Makes cells the selected ones."""
    state.answers["App", "selection"] = cells.impl


def _set_formulas(cells: xw.Range, value: Any) -> None:
    """Formulas and constants as Excel takes them: what starts with = is a formula, other texts are typed."""
    rows = value if isinstance(value, (list, tuple)) else [[value]]
    constants = [[None if str(v).startswith("=") else v for v in row] for row in rows]
    cells.impl.raw_value = _typed(constants, cells)
    for i, row in enumerate(rows):
        for j, item in enumerate(row):
            if isinstance(item, str) and item.startswith("="):
                cells[i, j].formula = item


def _bare(value: Any) -> Any:
    value = unwrapped(value)  # what undo watches passes its calls on, as a COM object does
    if isinstance(value, xw.Range) and isinstance(value.impl, DesktopObject):
        return xw.Range(impl=value.impl._impl)
    return value._impl if isinstance(value, DesktopObject) else value


def _size(value: Any) -> int:
    """How many cells a block of values fills."""
    if not isinstance(value, (list, tuple)):
        return 1
    return sum(len(row) if isinstance(row, (list, tuple)) else 1 for row in value)


def _as_com(value: Any) -> Any:
    return tuple(tuple(row) for row in value) if isinstance(value, (list, tuple)) else value


def _typed(value: Any, cells: xw.Range) -> Any:
    """What becomes of values that are set in cells with COM: Excel reads texts as if they were typed."""
    if not isinstance(value, (list, tuple)):
        return _read_by_excel(value, cells[0, 0].number_format)
    formats = [cells[:, j].number_format for j in range(cells.shape[1])]
    if not isinstance(value[0], (list, tuple)):
        return [_read_by_excel(item, formats[0]) for item in value]
    return [
        [_read_by_excel(item, number_format) for item, number_format in zip(row, formats, strict=False)]
        for row in value
    ]


def _read_by_excel(value: Any, number_format: str | None) -> Any:
    if not isinstance(value, str) or number_format == "@":
        return value
    if value.startswith("'"):
        return value[1:]
    try:
        return float(value)
    except ValueError:
        return value
