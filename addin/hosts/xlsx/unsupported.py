"""Calls of xlwings' object model the engine does not answer say so with their name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, TypeVar

T = TypeVar("T", bound=type)

# What xlwings' base classes do themselves, for every engine.
INHERITED = {("Range", "expand"), ("Range", "get_async_pipeline_overrides")}


def complete(cls: T) -> T:
    """Class decorator: every call of the xlwings base class that `cls` lacks raises NotImplementedError by name."""
    base = xlwings_base(cls)
    kind = base.__name__
    for name, member in calls(base):
        if is_supported(cls, name):
            _refuse_setting(cls, name, member)
            continue
        if isinstance(member, property):
            setattr(cls, name, property(_raising(kind, name), _raising(kind, name)))
        else:
            setattr(cls, name, _raising(kind, name))
    return cls


def _refuse_setting(cls: type, name: str, member: Any) -> None:
    """A property xlwings may set, but `cls` only gives, says so by name when it is set."""
    own = getattr(cls, name, None)
    settable = isinstance(member, property) and member.fset is not None
    if settable and isinstance(own, property) and own.fset is None:
        setattr(cls, name, property(own.fget, _raising(xlwings_base(cls).__name__, f"{name} (setting it)")))


def calls(base: type) -> Iterator[tuple[str, Any]]:
    """Public calls of an xlwings base class, by name; asynchronous ones belong to xlwings Lite alone."""
    for name, member in sorted(vars(base).items()):
        special = name.startswith("_") and name not in ("__call__", "__len__", "__iter__", "__getitem__")
        if special or inspect.iscoroutinefunction(member):
            continue
        if isinstance(member, (property, staticmethod)) or callable(member):
            yield name, member


def xlwings_base(cls: type) -> type:
    """The class of `xlwings.base_classes` that `cls` stands for."""
    return next(c for c in cls.__mro__ if c.__module__ == "xlwings.base_classes")


def is_supported(cls: type, name: str) -> bool:
    """Whether `cls` answers a call itself."""
    base = xlwings_base(cls)
    for owner in cls.__mro__:
        if name in vars(owner):
            if owner.__module__ == "xlwings.base_classes":
                return (base.__name__, name) in INHERITED
            member = vars(owner)[name]
            getter = member.fget if isinstance(member, property) else member
            return not getattr(getter, "unsupported", False)
    return False


def _raising(kind: str, name: str) -> Any:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{kind}.{name} is not supported by fenji's file engine")

    refuse.unsupported = True  # type: ignore[attr-defined]
    return refuse
