"""The numbers of a pivot table: the items of its fields, and its values for every combination of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from udfs.cleaning.columns import Column, Kind, display, from_serial

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a field: its kind, and the text, number or serial it stands for."""

    kind: Kind
    value: str | float | None

    def cell(self, blank: str) -> Any:
        """What stands in a cell that shows the item: numbers and dates as such."""
        if self.kind == Kind.NUMBER:
            return self.value
        return from_serial(float(self.value or 0)) if self.kind == Kind.DATE else self.text(blank)

    def text(self, blank: str) -> str:
        """The item as the pivot shows it."""
        if self.kind == Kind.EMPTY or self.value is None:
            return blank
        if self.kind == Kind.DATE:
            return display(from_serial(float(self.value)))
        if self.kind == Kind.BOOL:
            return "TRUE" if self.value else "FALSE"
        return display(self.value)


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a field in their order, and for every record the number of its item."""

    items: list[Item]
    codes: np.ndarray


def items_of(column: Column, order: Sequence[str] = ()) -> Items:
    """The items of a column.

    Texts stand in the order given, then as they first come, upper and lower case together; before them
    numbers, dates and truth values by size; the empty one is last. This is the order a refresh keeps.

    >>> items_of(Column.from_values(["中", "高", None, "中"]), ["高", "中", "低"]).codes.tolist()
    [1, 0, 2, 1]
    """
    codes = np.full(len(column), -1, np.int64)
    items: list[Item] = []
    for kind in (Kind.NUMBER, Kind.DATE, Kind.BOOL):
        where = column.kind == kind
        if where.any():
            values, inverse = np.unique(column.number[where], return_inverse=True)
            codes[where] = inverse + len(items)
            items += [Item(kind, float(value)) for value in values]
    for kind in (Kind.TEXT, Kind.ERROR):
        where = column.kind == kind
        if where.any():
            used, first = np.unique(column.code[where], return_index=True)
            texts = [column.texts[code] for code in used[np.argsort(first, kind="stable")]]
            numbers = _text_numbers(texts, order, items, kind)
            table = np.zeros(len(column.texts), np.int64)
            for code in used:
                table[code] = numbers[column.texts[code].lower()]
            codes[where] = table[column.code[where]]
    if (codes < 0).any():
        codes[codes < 0] = len(items)
        items.append(Item(Kind.EMPTY, None))
    return Items(items, codes)


def _text_numbers(texts: list[str], order: Sequence[str], items: list[Item], kind: Kind) -> dict[str, int]:
    """Appends the items of texts; gives their numbers by lower-case text."""
    rank = {text.lower(): position for position, text in enumerate(order)}
    numbers: dict[str, int] = {}
    for text in sorted(texts, key=lambda text: rank.get(text.lower(), len(rank))):
        if text.lower() not in numbers:
            numbers[text.lower()] = len(items)
            items.append(Item(kind, text))
    return numbers


def is_numeric(column: Column) -> bool:
    """Whether a column holds numbers and nothing but numbers (and empty cells)."""
    return bool(np.isin(column.kind, (Kind.EMPTY, Kind.NUMBER)).all() and (column.kind == Kind.NUMBER).any())


@dataclass(frozen=True, slots=True)
class Groups:
    """The combinations of items that occur, in order, and for every record the number of its combination."""

    paths: list[Path]
    numbers: np.ndarray


def groups_of(fields: Sequence[Items], records: int) -> Groups:
    """The combinations of the items of several fields; one group of all records for no fields.

    >>> column = items_of(Column.from_values(["b", "a", "b"]))
    >>> groups_of([column, column], 3).paths
    [(0, 0), (1, 1)]
    """
    key, size = np.zeros(records, np.int64), 1
    for field in fields:
        if size * len(field.items) > 1 << 62:  # numbered anew before keys outgrow 64 bits
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
            size = records
        key = key * len(field.items) + field.codes
        size *= max(1, len(field.items))
    if len(fields) == 0:
        return Groups([()], key)
    _, first, numbers = np.unique(key, return_index=True, return_inverse=True)
    shown = zip(*(field.codes[first].tolist() for field in fields), strict=True)
    return Groups(list(shown), numbers.reshape(-1))


def aggregate(column: Column, groups: Groups, function: str) -> dict[Path, float]:
    """The value of every combination of items that occurs.

    Parameters
    ----------
    column : the cells to summarise; only numbers enter, but "count" counts every cell that is not empty.
    groups : which records belong together.
    function : a name of `pivot_model.FUNCTIONS`.

    Returns
    -------
    By combination; combinations without anything to summarise are missing.
    """
    counted = (
        column.kind != Kind.EMPTY if function == "count" else np.isin(column.kind, (Kind.NUMBER, Kind.DATE))
    )
    group = groups.numbers[counted]
    count = len(groups.paths)
    filled = np.bincount(group, minlength=count) > 0
    values = _summarise(column.number[counted], group, count, function)
    return {
        path: float(value)
        for path, value, shown in zip(groups.paths, values, filled, strict=True)
        if shown and value == value
    }


def _summarise(numbers: np.ndarray, group: np.ndarray, count: int, function: str) -> np.ndarray:
    sizes = np.bincount(group, minlength=count).astype(float)
    if function in ("count", "count_numbers"):
        return sizes
    if function in ("max", "min", "product"):
        operation = {"max": np.maximum, "min": np.minimum, "product": np.multiply}[function]
        start = {"max": -np.inf, "min": np.inf, "product": 1.0}[function]
        result = np.full(count, start)
        operation.at(result, group, numbers)
        return result
    sums = np.bincount(group, weights=numbers, minlength=count)
    # Sums of amounts carry noise in the last binary digits; Excel shows 15 digits.
    if function == "sum":
        return np.array([float(f"{value:.15g}") for value in sums])
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums / sizes
    if function == "average":
        return means
    squares = np.bincount(group, weights=(numbers - means[group]) ** 2, minlength=count)
    divisor = sizes if function in ("stdevp", "varp") else sizes - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(divisor > 0, squares / divisor, np.nan)
    return np.sqrt(variance) if function in ("stdev", "stdevp") else variance
