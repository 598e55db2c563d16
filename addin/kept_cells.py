"""Cells as they were, ready to be stored and put back: values, formulas, formats, widths.

Everything goes through xlwings' object model, so it is the same in Excel on Windows, on a Mac, and in the tests.
A host tells one look (a number format, a width, a fill) for a whole range, or that its cells differ; then the
range is halved until each part has one.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import xlwings as xw

from workbook_templates.cells import as_typed

MOST_PARTS = 2_000  # parts of one look that a range is taken apart into
NUMBER_FORMAT, WIDTH = "number_format", "column_width"
# What else of a range can be read, kept and put back.
LOOKS = frozenset(["color", WIDTH, "row_height", "wrap_text", "horizontal_alignment", "vertical_alignment"])
FONT_LOOKS = frozenset(["bold", "italic", "size", "color", "name"])
NOTHING = frozenset(["color"])  # looks for which None is a value: no fill
# An error without a formula, as COM gives it, and what is typed to have it again.
ERRORS = {
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
    -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A",
}  # fmt: skip


@dataclass(slots=True)
class Look:
    """One look of a range of cells, such as "font.bold", and what it was."""

    address: str
    name: str
    value: Any


@dataclass(slots=True)
class Cells:
    """A block of cells as it was.

    A formula stands in a list of its own, a date in a dictionary. `rows` is None for a block of empty cells.
    """

    sheet: str
    address: str
    rows: list[list[Any]] | None
    looks: list[Look] = field(default_factory=list)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Cells:
        return cls(**{**content, "looks": [Look(**look) for look in content["looks"]]})


class TooManyLooksError(Exception):
    """A range has more different looks than are kept."""


def read_cells(place: xw.Range) -> Cells:
    """The cells of a range with their formulas, number formats and column widths."""
    values, formulas = as_rows(place.impl.raw_value), as_rows(place.formula)
    formats = list(parts(place, NUMBER_FORMAT))
    looks = [Look(part.address, NUMBER_FORMAT, value) for part, value in formats if value is not None]
    looks += [Look(part.address, WIDTH, value) for part, value in parts(place[0, :], WIDTH)]
    if not any(any(row) for row in formulas) and all(value is None for row in values for value in row):
        return Cells(place.sheet.name, place.address, None, looks)
    as_text = _text_cells(place, formats)
    rows = [
        [_kept(value, formula, text) for value, formula, text in zip(*row, strict=True)]
        for row in zip(values, formulas, as_text, strict=True)
    ]
    return Cells(place.sheet.name, place.address, rows, looks)


def write_cells(place: xw.Range, cells: Cells) -> None:
    """Puts cells back as they were: constants in one go, then each run of formulas in a column."""
    if cells.rows is None:
        place.clear_contents()
    for look in cells.looks:
        if look.name == NUMBER_FORMAT:  # before the values: a text format keeps texts what they are
            write_look(place.sheet, look)
    if cells.rows is not None:
        place.value = [[_constant(kept) for kept in row] for row in cells.rows]
        for column in range(len(cells.rows[0])):
            _write_formulas(place, column, [row[column] for row in cells.rows])
    for look in cells.looks:
        if look.name != NUMBER_FORMAT:  # after the values: Excel widens columns for dates
            write_look(place.sheet, look)


def _write_formulas(place: xw.Range, column: int, entries: Sequence[Any]) -> None:
    for is_formula, run in groupby(enumerate(entries), lambda entry: isinstance(entry[1], list)):
        if is_formula:
            block = list(run)
            target = place[block[0][0], column].resize(len(block), 1)
            target.formula = [[entry[0]] for _, entry in block]


def read_looks(place: xw.Range, name: str) -> list[Look]:
    """One look of a range, part by part.

    Raises
    ------
    TooManyLooksError
        The cells differ in too many places; nothing may be changed that cannot be put back.
    """
    found = [Look(part.address, name, value) for part, value in parts(place, name)]
    if any(look.value is None and name not in NOTHING for look in found):
        raise TooManyLooksError(name)
    return found


def write_look(sheet: xw.Sheet, look: Look) -> None:
    """Puts a look back, where it is another now."""
    place = sheet.range(look.address)
    if _same(look_of(place, look.name), look.value):
        return
    holder, name = _holder(place, look.name)
    setattr(holder, name, tuple(look.value) if isinstance(look.value, list) else look.value)


def look_of(place: xw.Range, name: str) -> Any:
    """A look of a range as its host tells it; None where the cells differ, or for no fill."""
    holder, attribute = _holder(place, name)
    try:
        return getattr(holder, attribute)
    except TypeError:  # a colour where the cells differ, in xlwings on Windows
        return None


def parts(place: xw.Range, name: str) -> Iterator[tuple[xw.Range, Any]]:
    """The parts of a range that have one look each; what is left of too many comes with None."""
    waiting, done = [place], 0
    while waiting:
        part = waiting.pop()
        height, width = part.shape
        value = look_of(part, name)
        if height * width == 1 or _is_one(name, value) or done >= MOST_PARTS:
            done += 1
            yield part, value if height * width == 1 or _is_one(name, value) else None
        elif width > 1:
            waiting += [part[:, width // 2 :], part[:, : width // 2]]
        else:
            waiting += [part[height // 2 :, :], part[: height // 2, :]]


def _is_one(name: str, value: Any) -> bool:
    """Whether what a host tells of several cells holds for each; of fills that differ Excel says "black"."""
    return value is not None and not (name == "color" and tuple(value) == (0, 0, 0))


def _holder(place: xw.Range, name: str) -> tuple[Any, str]:
    holder, _, attribute = name.rpartition(".")
    return (place.font if holder == "font" else place), attribute


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return tuple(one) == tuple(other)
    return one == other


def _text_cells(place: xw.Range, formats: Sequence[tuple[xw.Range, Any]]) -> list[list[bool]]:
    """Which cells have the text format: in them a text stays what it is."""
    height, width = place.shape
    as_text = [[False] * width for _ in range(height)]
    for part, value in formats:
        if value != "@":
            continue
        top, left = part.row - place.row, part.column - place.column
        for row in as_text[top : top + part.shape[0]]:
            row[left : left + part.shape[1]] = [True] * part.shape[1]
    return as_text


def _kept(value: Any, formula: Any, is_text_format: bool) -> Any:
    """What is written to bring a cell back: a formula (in a list), a number, a text Excel must not interpret."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return [formula]
    if isinstance(value, str):
        return value if is_text_format else as_typed(value)
    if type(value) is int and value in ERRORS:
        return ERRORS[value]
    if isinstance(value, dt.date | decimal.Decimal):  # COM rounds both; a cell's formula has the exact number
        try:
            return float(formula)
        except (TypeError, ValueError):
            return {"date": value.isoformat()} if isinstance(value, dt.date) else float(value)
    return value


def _constant(kept: Any) -> Any:
    if isinstance(kept, dict):
        return dt.datetime.fromisoformat(kept["date"])
    return None if isinstance(kept, list) else kept


def as_rows(block: Any) -> list[list[Any]]:
    """Any shape a host gives for a range's cells, as rows."""
    if not isinstance(block, (list, tuple)):
        return [[block]]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in block]
