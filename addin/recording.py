"""Notes what a command touches in a workbook open in Excel, just before it is touched, and puts it back.

Excel forgets its own undo list when an add-in writes. `watched` gives the command a book that passes every
call on to Excel and keeps, before the first change of a range, the cells as they were. `restore` puts them
back and returns the opposite record, for redo.

Kept are values, formulas and number formats of cells; sheets added, renamed or deleted (a deleted one with
its cells); names added; tables resized.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from types import FunctionType, MethodType
from typing import Any

import xlwings as xw
from xlwings import base_classes

from workbook_templates.cells import as_typed

CELL_SETTERS = frozenset(["raw_value", "formula", "formula2", "formula_array", "number_format", "value"])
CELL_METHODS = frozenset(
    ["clear", "clear_contents", "write_columns", "remove_duplicates", "sort", "replace_all"]
)
COMPARED_ROWS = 20
IMPLEMENTATIONS = (
    base_classes.Book,
    base_classes.Sheets,
    base_classes.Sheet,
    base_classes.Range,
    base_classes.Table,
    base_classes.Tables,
    base_classes.Names,
)


@dataclass(slots=True)
class Cells:
    """A block of cells as it was.

    A formula stands in a list of its own, a date in a dictionary. `rows` is None for a block of empty cells;
    `number_formats` has one for each column, None where the column's cells differ.
    """

    sheet: str
    address: str
    rows: list[list[Any]] | None
    number_formats: list[str | None]


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
    is_undo: bool = True
    state: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Record:
        deleted = [DeletedSheet(d["name"], d["before"], Cells(**d["cells"])) for d in content["deleted"]]
        cells = [Cells(**c) for c in content["cells"]]
        return cls(**{**content, "cells": cells, "deleted": deleted})


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
        if self._is_new(sheet) or any(c.sheet == sheet and c.address == address for c in self.record.cells):
            return
        self.record.cells.append(read_cells(cells))

    def before_deleting(self, impl: base_classes.Sheet) -> None:
        """Keeps a sheet about to be deleted."""
        sheet = xw.Sheet(impl=impl)
        names = [s.name for s in self._book.sheets]
        if self._is_new(sheet.name):
            return
        following = names[names.index(sheet.name) + 1 :]
        before = next((name for name in following if not self._is_new(name)), None)
        self.record.deleted.append(DeletedSheet(sheet.name, before, read_cells(sheet.used_range)))

    def before_renaming(self, impl: base_classes.Sheet, new_name: str) -> None:
        """Keeps the name of a sheet about to get another."""
        old_name = impl.name
        if self._is_new(old_name) or old_name == new_name:
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

    def _is_new(self, sheet: str) -> bool:
        return sheet not in self._sheets or any(d.name == sheet for d in self.record.deleted)


class Watched:
    """An object of an xlwings engine that passes everything on, and notes cells before they change."""

    def __init__(self, impl: Any, notes: Notes) -> None:
        object.__setattr__(self, "_impl", impl)
        object.__setattr__(self, "_notes", notes)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._impl, name)
        if isinstance(found, (FunctionType, MethodType)):
            return _Call(self, name, found)
        return self._wrapped(found)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(self._impl, base_classes.Range) and name in CELL_SETTERS:
            self._notes.before_cells(self._impl)
        if isinstance(self._impl, base_classes.Sheet) and name == "name":
            self._notes.before_renaming(self._impl, value)
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

    def _wrapped(self, found: Any) -> Any:
        return Watched(found, self._notes) if isinstance(found, IMPLEMENTATIONS) else found


class _Call:
    """A method of a watched object."""

    def __init__(self, owner: Watched, name: str, method: Callable[..., Any]) -> None:
        self._owner, self._name, self._method = owner, name, method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        impl, notes = self._owner._impl, self._owner._notes
        if isinstance(impl, base_classes.Range) and self._name in CELL_METHODS:
            notes.before_cells(impl)
        if isinstance(impl, base_classes.Sheet) and self._name in ("clear", "clear_contents"):
            notes.before_cells(xw.Sheet(impl=impl).used_range.impl)
        if isinstance(impl, base_classes.Sheet) and self._name == "delete":
            notes.before_deleting(impl)
        result = self._method(*map(unwrapped, args), **{k: unwrapped(v) for k, v in kwargs.items()})
        return self._owner._wrapped(result)


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
    opposite.tables = [(s, t, book.sheets[s].tables[t].range.address) for s, t, _ in record.tables]
    growing = [entry for entry in record.tables if _grows(book, *entry)]
    for sheet, table, address in record.tables:
        if (sheet, table, address) not in growing:  # a table's header cannot be emptied: it shrinks first
            _resize(book, sheet, table, address)
    for cells in reversed(record.cells):
        write_cells(book.sheets[cells.sheet].range(cells.address), cells)
    for sheet, table, address in growing:
        _resize(book, sheet, table, address)
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
    opposite.state = fingerprint(book, opposite)
    return opposite


def fingerprint(book: xw.Book, record: Record) -> str:
    """A digest of the beginning of each block the record would write, and of the sheets it would delete."""
    sheets = {sheet.name for sheet in book.sheets}
    seen: list[Any] = [name in sheets for name in record.added]
    for cells in record.cells:
        if cells.sheet in sheets:
            place = book.sheets[cells.sheet].range(cells.address)
            top = place[: min(COMPARED_ROWS, place.shape[0]), :]
            seen.append(
                [cells.sheet, cells.address, [[str(v) for v in row] for row in as_rows(top.impl.raw_value)]]
            )
        else:
            seen.append(cells.sheet)
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode("utf-8")).hexdigest()


def _grows(book: xw.Book, sheet: str, table: str, address: str) -> bool:
    new, now = book.sheets[sheet].range(address).shape, book.sheets[sheet].tables[table].range.shape
    return new[0] > now[0] or new[1] > now[1]


def _resize(book: xw.Book, sheet: str, table: str, address: str) -> None:
    book.sheets[sheet].tables[table].resize(book.sheets[sheet].range(address))


def _next_sheet(book: xw.Book, name: str) -> str | None:
    names = [sheet.name for sheet in book.sheets]
    following = names[names.index(name) + 1 :]
    return following[0] if following else None


def read_cells(place: xw.Range) -> Cells:
    """The cells of a range with their formulas, ready to be stored."""
    values, formulas, formats = as_rows(place.impl.raw_value), as_rows(place.formula), _number_formats(place)
    if not any(any(row) for row in formulas) and all(value is None for row in values for value in row):
        return Cells(place.sheet.name, place.address, None, formats)
    rows = [
        [
            _kept(value, formula, number_format == "@")
            for value, formula, number_format in zip(value_row, formula_row, formats, strict=True)
        ]
        for value_row, formula_row in zip(values, formulas, strict=True)
    ]
    return Cells(place.sheet.name, place.address, rows, formats)


def _number_formats(place: xw.Range) -> list[str | None]:
    """The number format of each column."""
    width = place.shape[1]
    of_all = place.number_format
    return [of_all] * width if of_all is not None else [place[:, j].number_format for j in range(width)]


def _kept(value: Any, formula: Any, is_text_format: bool) -> Any:
    """What is written to bring a cell back: a formula (in a list), a number, a text Excel must not interpret."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return [formula]
    if isinstance(value, str):
        return value if is_text_format else as_typed(value)
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value


def write_cells(place: xw.Range, cells: Cells) -> None:
    """Puts cells back as they were: constants in one go, then each run of formulas in a column."""
    if cells.rows is None:
        place.clear_contents()
    _write_number_formats(place, cells.number_formats)
    if cells.rows is None:
        return
    place.value = [[_constant(kept) for kept in row] for row in cells.rows]
    for column in range(len(cells.rows[0])):
        entries = [row[column] for row in cells.rows]
        for is_formula, run in groupby(enumerate(entries), lambda entry: isinstance(entry[1], list)):
            if is_formula:
                block = list(run)
                target = place[block[0][0], column].resize(len(block), 1)
                target.formula = [[entry[0]] for _, entry in block]


def _constant(kept: Any) -> Any:
    if isinstance(kept, dict):
        return dt.datetime.fromisoformat(kept["date"])
    return None if isinstance(kept, list) else kept


def _write_number_formats(place: xw.Range, formats: list[str | None]) -> None:
    if len(set(formats)) == 1:
        if formats[0] is not None:
            place.number_format = formats[0]
        return
    for j, number_format in enumerate(formats):
        if number_format is not None:
            place[:, j].number_format = number_format


def as_rows(block: Any) -> list[list[Any]]:
    """Any shape a host gives for a range's cells, as rows."""
    if not isinstance(block, (list, tuple)):
        return [[block]]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in block]


def _names(book: xw.Book) -> set[tuple[str, str]]:
    return {(name.name, name.refers_to) for name in book.names}


def _table_addresses(book: xw.Book) -> dict[tuple[str, str], str]:
    return {(sheet.name, table.name): table.range.address for sheet in book.sheets for table in sheet.tables}
