"""Notes what a command touches in a workbook open in Excel, just before it is touched, and puts it back.

Excel forgets its own undo list when an add-in writes. `watched` gives the command a book that passes every
call on to Excel and keeps, before the first change of a range, the cells as they were. `restore` puts them
back and returns the opposite record, for redo.

Kept are values, formulas, number formats, widths, fills and fonts of cells; print areas; sheets added, renamed or
deleted (a deleted one with its cells); names added; tables resized; charts, pictures and pivot tables added. What
could not be put back is refused with `NotTakenBackError` before it happens. In a sheet that the command itself
added everything is allowed: going back deletes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from types import FunctionType, MethodType
from typing import Any

import xlwings as xw
from xlwings import base_classes

from addin.kept_cells import (
    FONT_LOOKS,
    LOOKS,
    Cells,
    Look,
    TooManyLooksError,
    as_rows,
    read_cells,
    read_looks,
    write_cells,
    write_look,
)

CELL_SETTERS = frozenset(["raw_value", "formula", "formula2", "formula_array", "number_format", "value"])
CELL_METHODS = frozenset(["clear_contents", "write_columns", "remove_duplicates", "sort", "replace_all"])
# Beginnings of the names of methods that change something.
CHANGING = ("add", "adjust", "autofill", "autofit", "clear", "delete", "freeze", "group", "insert", "merge", "move",
            "paste", "remove", "replace", "set", "sort", "unfreeze", "ungroup", "unmerge")  # fmt: skip
# Those of them that need no note: found at the end, or undone by deleting what they added.
ALLOWED = frozenset([("Sheets", "add"), ("Names", "add"), ("Name", "delete"), ("PivotTable", "refresh")])
# Collections of objects on a sheet that are deleted again: the class of xlwings, and the sheet's own name for it.
OBJECTS = {"Charts": "charts", "Pictures": "pictures", "PivotTables": "pivot_tables"}
COMPARED_CELLS = 20_000
# Through these other books are reached, or they stand for several classes.
UNWATCHED = (base_classes.Apps, base_classes.App, base_classes.Books, base_classes.Collection)
IMPLEMENTATIONS = tuple(
    found
    for found in vars(base_classes).values()
    if isinstance(found, type) and found.__module__ == base_classes.__name__ and found not in UNWATCHED
)


class NotTakenBackError(Exception):
    """A command is about to change something in a user's sheet that undo could not put back: a bug."""


@dataclass(slots=True)
class DeletedSheet:
    """A sheet that was there: its place, and its cells."""

    name: str
    before: str | None
    cells: Cells


@dataclass(slots=True)
class Record:
    """What a step changed, enough to go back.

    Attributes
    ----------
    cells : blocks in the order they were touched.
    added, deleted, renamed : sheets; renamed as (new name, old name).
    names_added, names_deleted : defined names as (name, what it refers to).
    tables : (sheet, table, address) of tables as they were.
    looks : fills, fonts, widths as they were, with their sheet, in the order they were touched.
    print_areas : (sheet, address or None) as they were.
    objects_added, objects_gone : (sheet, "charts" or the like, name); what is gone only the command makes again.
    pivots : (sheet, name) of pivot tables that show cells of the record, to be refreshed.
    is_undo : this record itself goes back to before the step (and its opposite is a redo).
    state : fingerprint of what stands in the workbook now, so that going back is refused where something
        else stands there: another workbook of the same name, or one closed without saving.
    """

    cells: list[Cells] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    deleted: list[DeletedSheet] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    names_added: list[tuple[str, str]] = field(default_factory=list)
    names_deleted: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[str, str, str]] = field(default_factory=list)
    looks: list[tuple[str, Look]] = field(default_factory=list)
    print_areas: list[tuple[str, str | None]] = field(default_factory=list)
    objects_added: list[tuple[str, str, str]] = field(default_factory=list)
    objects_gone: list[tuple[str, str, str]] = field(default_factory=list)
    pivots: list[tuple[str, str]] = field(default_factory=list)
    is_undo: bool = True
    state: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Record:
        deleted = [
            DeletedSheet(d["name"], d["before"], Cells.from_json(d["cells"])) for d in content["deleted"]
        ]
        cells = [Cells.from_json(c) for c in content["cells"]]
        looks = [(sheet, Look(**look)) for sheet, look in content["looks"]]
        return cls(**{**content, "cells": cells, "deleted": deleted, "looks": looks})


def watched(book: xw.Book, notes: Notes) -> xw.Book:
    """The same book, noting what is changed through it."""
    return xw.Book(impl=Watched(book.impl, notes))


class Notes:
    """Collects a record while a command runs."""

    def __init__(self, book: xw.Book) -> None:
        self.record = Record()
        self._book = book
        self._sheets = [sheet.name for sheet in book.sheets]
        self._names = _names(book)
        self._tables = _table_addresses(book)

    def before_cells(self, impl: base_classes.Range) -> None:
        """Keeps the cells of a range about to change, unless they were kept already."""
        cells = xw.Range(impl=impl)
        sheet, address = cells.sheet.name, cells.address
        if self.is_new(sheet) or any(c.sheet == sheet and c.address == address for c in self.record.cells):
            return
        self.record.cells.append(read_cells(cells))

    def before_look(self, impl: base_classes.Range, name: str) -> None:
        """Keeps one look of a range about to change."""
        cells = xw.Range(impl=impl)
        sheet = cells.sheet.name
        if self.is_new(sheet):
            return
        place = cells[0, :] if name == "column_width" else cells[:, 0] if name == "row_height" else cells
        try:
            self.record.looks += [(sheet, look) for look in read_looks(place, name)]
        except TooManyLooksError as error:
            raise NotTakenBackError(f"{name} of {cells.shape[0]} x {cells.shape[1]} cells") from error

    def before_print_area(self, sheet: base_classes.Sheet) -> None:
        """Keeps the print area of a sheet."""
        if not self.is_new(sheet.name) and sheet.name not in [name for name, _ in self.record.print_areas]:
            self.record.print_areas.append((sheet.name, sheet.page_setup.print_area))

    def after_adding(self, sheet: str, kind: str, name: str) -> None:
        """Notes a chart, picture or pivot table that is there now."""
        if not self.is_new(sheet):
            self.record.objects_added.append((sheet, kind, name))

    def after_refreshing(self, sheet: str, pivot: str) -> None:
        """Notes a pivot table that shows other values now."""
        if not self.is_new(sheet):
            self.record.pivots.append((sheet, pivot))

    def before_deleting(self, impl: base_classes.Sheet) -> None:
        """Keeps a sheet about to be deleted."""
        sheet = xw.Sheet(impl=impl)
        names = [s.name for s in self._book.sheets]
        if self.is_new(sheet.name):
            return
        following = names[names.index(sheet.name) + 1 :]
        before = next((name for name in following if not self.is_new(name)), None)
        self.record.deleted.append(DeletedSheet(sheet.name, before, read_cells(sheet.used_range)))

    def before_renaming(self, impl: base_classes.Sheet, new_name: str) -> None:
        """Keeps the name of a sheet about to get another."""
        old_name = impl.name
        if self.is_new(old_name) or old_name == new_name:
            return
        self.record.renamed.append((new_name, old_name))
        self._sheets[self._sheets.index(old_name)] = new_name

    def finish(self) -> Record:
        """The record, with what is known only at the end: sheets and names added, tables resized."""
        gone = {d.name for d in self.record.deleted}
        now = [sheet.name for sheet in self._book.sheets]
        self.record.added = [name for name in now if name not in self._sheets or name in gone]
        names = _names(self._book)
        self.record.names_added = sorted(names - self._names)
        self.record.names_deleted = sorted(self._names - names)
        tables = _table_addresses(self._book)
        self.record.tables = [
            (sheet, table, address)
            for (sheet, table), address in self._tables.items()
            if tables.get((sheet, table), address) != address
        ]
        self.record.state = fingerprint(self._book, self.record)
        return self.record

    def is_new(self, sheet: str) -> bool:
        """Whether the command itself added the sheet."""
        return sheet not in self._sheets or any(d.name == sheet for d in self.record.deleted)


class Watched:
    """An object of an xlwings engine that passes everything on, and notes what it was before it changes.

    `owner` is the watched object it was reached from: the range of a font, the sheet of a chart. `is_added`
    says that the command itself added the object, so that anything may happen to it.
    """

    def __init__(self, impl: Any, notes: Notes, owner: Watched | None = None, is_added: bool = False) -> None:
        object.__setattr__(self, "_is_added", is_added)
        object.__setattr__(self, "_impl", impl)
        object.__setattr__(self, "_notes", notes)
        object.__setattr__(self, "_owner", owner)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._impl, name)
        if isinstance(found, (FunctionType, MethodType)):
            return _Call(self, name, found)
        return self._wrapped(found)

    def __setattr__(self, name: str, value: Any) -> None:
        _before_setting(self, name, value)
        setattr(self._impl, name, unwrapped(value))

    def __call__(self, *args: Any) -> Any:
        return self._wrapped(self._impl(*map(unwrapped, args)))

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self._impl)

    def __iter__(self) -> Iterator[Any]:
        return (self._wrapped(item) for item in self._impl)

    def __contains__(self, item: Any) -> bool:
        return unwrapped(item) in self._impl

    def _wrapped(self, found: Any, is_added: bool = False) -> Any:
        return Watched(found, self._notes, self, is_added) if isinstance(found, IMPLEMENTATIONS) else found


class _Call:
    """A method of a watched object."""

    def __init__(self, owner: Watched, name: str, method: Callable[..., Any]) -> None:
        self._owner, self._name, self._method = owner, name, method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        _before_calling(self._owner, self._name, args)
        result = self._method(*map(unwrapped, args), **{k: unwrapped(v) for k, v in kwargs.items()})
        _after_calling(self._owner, self._name, result)
        is_added = _kind(self._owner._impl) in OBJECTS and self._name == "add"
        return self._owner._wrapped(result, is_added)


def _before_setting(target: Watched, name: str, value: Any) -> None:
    """Notes what an attribute was, or refuses to have it set."""
    impl, notes, kind = target._impl, target._notes, _kind(target._impl)
    if kind == "Range" and name in CELL_SETTERS:
        notes.before_cells(impl)
    elif kind == "Range" and name in LOOKS:
        notes.before_look(impl, name)
    elif kind == "Font" and name in FONT_LOOKS and _kind(target._owner._impl) == "Range":
        notes.before_look(target._owner._impl, f"font.{name}")
    elif kind == "Sheet" and name == "name":
        notes.before_renaming(impl, value)
    elif kind == "PageSetup" and name == "print_area":
        notes.before_print_area(_sheet_of(target))
    elif name != "options" and not _is_free(target):  # "options" is xlwings' own
        raise NotTakenBackError(f"{kind}.{name}")


def _before_calling(target: Watched, name: str, args: tuple[Any, ...]) -> None:
    """Notes what a method is about to change, or refuses it."""
    impl, notes, kind = target._impl, target._notes, _kind(target._impl)
    if kind == "Range" and name in CELL_METHODS:
        notes.before_cells(impl)
    elif kind == "Sheet" and name == "clear_contents":
        notes.before_cells(xw.Sheet(impl=impl).used_range.impl)
    elif kind == "Sheet" and name == "delete":
        notes.before_deleting(impl)
    elif (
        name.startswith(CHANGING)
        and (kind, name) not in ALLOWED
        and not (kind in OBJECTS and name == "add")
        and not _is_free(target)
    ) or (kind == "Range" and name == "copy" and any(args)):
        raise NotTakenBackError(f"{kind}.{name}")


def _after_calling(target: Watched, name: str, result: Any) -> None:
    """Notes what a method added."""
    kind = _kind(target._impl)
    if kind in OBJECTS and name == "add":
        target._notes.after_adding(_sheet_of(target).name, OBJECTS[kind], result.name)
    elif kind == "PivotTable" and name == "refresh":
        target._notes.after_refreshing(_sheet_of(target).name, target._impl.name)


def _kind(impl: Any) -> str:
    """The name of the xlwings class an engine's object stands for."""
    return next((base.__name__ for base in IMPLEMENTATIONS if isinstance(impl, base)), "")


def _sheet_of(target: Watched) -> Any:
    """The engine's sheet an object stands on; None for those of a whole book."""
    owner: Watched | None = target
    while owner is not None:
        if isinstance(owner._impl, base_classes.Sheet):
            return owner._impl
        if isinstance(owner._impl, base_classes.Range):
            return owner._impl.sheet
        owner = owner._owner
    return None


def _is_free(target: Watched) -> bool:
    """Whether anything may happen to an object: the command added it, or the sheet it is on."""
    owner: Watched | None = target
    while owner is not None:
        if owner._is_added:
            return True
        owner = owner._owner
    sheet = _sheet_of(target)
    return sheet is not None and target._notes.is_new(sheet.name)


def unwrapped(value: Any) -> Any:
    """The engine's own object behind a watched one, also inside a range of xlwings."""
    if isinstance(value, xw.Range) and isinstance(value.impl, Watched):
        return xw.Range(impl=value.impl._impl)
    return value._impl if isinstance(value, Watched) else value


def restore(book: xw.Book, record: Record) -> Record:
    """Puts back what `record` keeps and returns the record that leads here again."""
    opposite = Record(is_undo=not record.is_undo)
    opposite.names_deleted = [entry for entry in record.names_added if tuple(entry) in _names(book)]
    opposite.names_added = record.names_deleted
    for name, _ in opposite.names_deleted:
        book.names[name].delete()
    for name in reversed(record.added):
        sheet = book.sheets[name]
        opposite.deleted.insert(0, DeletedSheet(name, _next_sheet(book, name), read_cells(sheet.used_range)))
    for new_name, old_name in reversed(record.renamed):
        book.sheets[new_name].name = old_name
        opposite.renamed.append((old_name, new_name))
    for cells in reversed(record.cells):
        opposite.cells.append(read_cells(book.sheets[cells.sheet].range(cells.address)))
    opposite.looks = [
        (sheet, Look(look.address, look.name, part.value))
        for sheet, look in reversed(record.looks)
        for part in read_looks(book.sheets[sheet].range(look.address), look.name)
    ]
    opposite.print_areas = [
        (sheet, book.sheets[sheet].page_setup.print_area) for sheet, _ in record.print_areas
    ]
    opposite.pivots = record.pivots
    opposite.tables = [(s, t, book.sheets[s].tables[t].range.address) for s, t, _ in record.tables]
    growing = [entry for entry in record.tables if _grows(book, *entry)]
    for sheet, table, address in record.tables:
        if (sheet, table, address) not in growing:  # a table's header cannot be emptied: it shrinks first
            _resize(book, sheet, table, address)
    for cells in reversed(record.cells):
        write_cells(book.sheets[cells.sheet].range(cells.address), cells)
    for sheet, table, address in growing:
        _resize(book, sheet, table, address)
    for sheet, look in reversed(record.looks):
        write_look(book.sheets[sheet], look)
    for sheet, area in record.print_areas:
        book.sheets[sheet].page_setup.print_area = area
    for sheet, kind, name in reversed(record.objects_added):
        getattr(book.sheets[sheet], kind)[name].delete()
        opposite.objects_gone.append((sheet, kind, name))
    for name in record.added:
        book.sheets[name].delete()
    for deleted in reversed(record.deleted):  # the last one first: the one before it is placed by it
        there = deleted.before in [sheet.name for sheet in book.sheets]
        following = book.sheets[deleted.before] if there else None
        last = None if following else book.sheets[len(book.sheets) - 1]
        sheet = book.sheets.add(deleted.name, before=following, after=last)
        write_cells(sheet.range(deleted.cells.address), deleted.cells)
        opposite.added.append(deleted.name)
    for name, refers_to in record.names_deleted:
        book.names.add(name, refers_to)
    for sheet, pivot in record.pivots:
        book.sheets[sheet].pivot_tables[pivot].refresh()
    opposite.state = fingerprint(book, opposite)
    return opposite


def fingerprint(book: xw.Book, record: Record) -> str:
    """A digest of the first cells of each block the record would write, and of the sheets it would delete."""
    sheets = {sheet.name for sheet in book.sheets}
    seen: list[Any] = []
    for name in record.added:
        seen += [name, _seen(book.sheets[name].used_range)] if name in sheets else [name]
    for cells in record.cells:
        place = book.sheets[cells.sheet].range(cells.address) if cells.sheet in sheets else None
        seen += [cells.sheet, _seen(place)] if place is not None else [cells.sheet]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode("utf-8")).hexdigest()


def _seen(place: xw.Range) -> list[Any]:
    height, width = place.shape
    top = place[: max(1, min(height, COMPARED_CELLS // width)), :]
    return [place.address, [[str(value) for value in row] for row in as_rows(top.impl.raw_value)]]


def _grows(book: xw.Book, sheet: str, table: str, address: str) -> bool:
    new, now = book.sheets[sheet].range(address).shape, book.sheets[sheet].tables[table].range.shape
    return new[0] > now[0] or new[1] > now[1]


def _resize(book: xw.Book, sheet: str, table: str, address: str) -> None:
    book.sheets[sheet].tables[table].resize(book.sheets[sheet].range(address))


def _next_sheet(book: xw.Book, name: str) -> str | None:
    names = [sheet.name for sheet in book.sheets]
    following = names[names.index(name) + 1 :]
    return following[0] if following else None


def _names(book: xw.Book) -> set[tuple[str, str]]:
    return {(name.name, name.refers_to) for name in book.names}


def _table_addresses(book: xw.Book) -> dict[tuple[str, str], str]:
    return {(sheet.name, table.name): table.range.address for sheet in book.sheets for table in sheet.tables}
