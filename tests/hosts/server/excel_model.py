"""A model of Excel behind Office.js: what the calls of the pane and of xlwings' JavaScript do to a workbook.

Cells, tables, names and pivot tables are held by the file engine, as in desktop.py; what Office.js makes of a call
stands in excel_sheets.py and excel_drawings.py: texts are read as if they were typed, sheets with charts are
refused on the web, ranges and values must have the same shape, names must be new. A call that is not written there
does not exist.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import xlwings as xw

from addin.hosts import xlsx


class OfficeError(Exception):
    """An error as Office.js reports it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


CLASSES: dict[str, type[Thing]] = {}  # every kind of object, by name


class Thing:
    """One object of Office.js: names of what can be read (True: also set), of objects in it, of its methods."""

    scalars: ClassVar[dict[str, bool]] = {}
    objects: ClassVar[dict[str, str]] = {}
    methods: ClassVar[dict[str, str | None]] = {}
    items_kind: ClassVar[str | None] = None
    is_null = False

    def __init_subclass__(cls) -> None:
        CLASSES[cls.__name__] = cls


class Nothing(Thing):
    """What a call without a result gives, or an object that is not there."""

    is_null = True


class Plain(Thing):
    """Settings that are kept as they were set, and looked at by tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in type(self).objects:
            made = CLASSES[type(self).objects[name]]()
            setattr(self, name, made)
            return made
        raise AttributeError(name)


class Excel:
    """The program with one open workbook."""

    def __init__(self, path: Path, platform: str = "OfficeOnline", language: str = "zh-CN") -> None:
        self._folder = TemporaryDirectory(prefix="fenji-test-")
        copy = Path(self._folder.name) / path.name
        copy.write_bytes(path.read_bytes())
        self.book: xw.Book = xlsx.open(copy)
        self.platform, self.language = platform, language
        self.active = self.book.sheets[0].name
        self.selection: str | None = "A1"
        self.charts: dict[str, list[Any]] = {}  # drawn by Office.js, by sheet
        self.created: list[bytes] = []
        self.refuse: str | None = None  # a method that fails, for tests of what happens then
        self.objects: dict[str, Thing] = {}
        self._made = 0

    def file(self) -> bytes:
        """The workbook as Excel would save it."""
        self.book.impl.write_parts()
        return self.book.impl.package.to_bytes()

    def close(self) -> None:
        self.book.close()
        self._folder.cleanup()

    def sync(self, queue: list[dict[str, Any]]) -> dict[str, Any]:
        """Takes queued calls; gives what was loaded, by id of the object, and the error that stopped it."""
        self.objects |= {"workbook": CLASSES["Workbook"](self), "application": CLASSES["Application"](self)}
        found: dict[str, Any] = {}
        error = None
        try:
            for step in queue:
                self._take(step, found)
        except OfficeError as raised:
            error = {"code": raised.code, "message": str(raised)}
        return {"found": found, "error": error}

    def _take(self, step: dict[str, Any], found: dict[str, Any]) -> None:
        thing = self.objects[step["of"]]
        if thing.is_null and step["op"] == "load":
            return  # allowed: what it says is that nothing is there
        if thing.is_null:
            raise OfficeError("InvalidReference", f"{step} on an object that is not there")
        if step["op"] == "load":
            for path in step["paths"]:
                merge(found.setdefault(step["of"], {}), self._loaded(thing, path.split("/")))
        elif step["op"] == "set":
            setattr_checked(thing, step["name"], step["value"])
        elif step["op"] == "get":
            self.objects[step["id"]] = getattr(thing, step["name"])
        else:
            if step["name"] == self.refuse:
                raise OfficeError("AccessDenied", "The sheet is protected.")
            result = getattr(thing, step["name"])(*(self._argument(arg) for arg in step["args"]))
            self.objects[step["id"]] = result if isinstance(result, Thing) else Nothing()
            if step["name"].endswith("OrNullObject"):
                found[step["id"]] = {"scalars": {"isNullObject": self.objects[step["id"]].is_null}}

    def _argument(self, value: Any) -> Any:
        if isinstance(value, dict) and "$ref" in value:
            return self.objects[value["$ref"]]
        if isinstance(value, dict):
            return {key: self._argument(inner) for key, inner in value.items()}
        return value

    def _loaded(self, thing: Thing, path: list[str]) -> dict[str, Any]:
        kind = type(thing)
        name, rest = path[0], path[1:]
        if kind.items_kind is not None and name != "items" and name not in kind.scalars:
            name, rest = "items", path
        if name == "items" and kind.items_kind is not None:
            wanted = [rest] if rest else [[scalar] for scalar in CLASSES[kind.items_kind].scalars]
            return {"items": [self._item(item, wanted) for item in thing.items()]}  # type: ignore[attr-defined]
        if name in kind.scalars:
            return {"scalars": {name: getattr(thing, name)}}
        if name in kind.objects:
            inner = getattr(thing, name)
            return {"objects": {name: self._item(inner, [rest] if rest else [])}}
        raise OfficeError("InvalidArgument", f"{kind.__name__} has nothing to load called {name}")

    def _item(self, thing: Thing, paths: list[list[str]]) -> dict[str, Any]:
        self._made += 1
        identity = f"p{self._made}"
        self.objects[identity] = thing
        found: dict[str, Any] = {"id": identity}
        for path in paths:
            merge(found, self._loaded(thing, path))
        return found


def merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    """Adds what a second path loaded to what the first one did: scalars, objects, and items one by one."""
    into.setdefault("scalars", {}).update(more.get("scalars", {}))
    for name, inner in more.get("objects", {}).items():
        merge(into.setdefault("objects", {}).setdefault(name, {"id": inner["id"]}), inner)
    if "items" in more:
        items = into.setdefault("items", [{"id": item["id"]} for item in more["items"]])
        for known, item in zip(items, more["items"], strict=True):
            merge(known, item)


def setattr_checked(thing: Thing, name: str, value: Any) -> None:
    if not type(thing).scalars.get(name):
        raise OfficeError("InvalidArgument", f"{type(thing).__name__}.{name} cannot be set")
    if isinstance(thing, Plain):
        thing.kept[name] = value
    else:
        setattr(thing, name, value)


def schema() -> dict[str, Any]:
    """What exists, for the objects in the browser."""
    return {
        name: {
            "scalars": kind.scalars,
            "objects": kind.objects,
            "methods": kind.methods,
            "items": kind.items_kind,
        }
        for name, kind in CLASSES.items()
    }
