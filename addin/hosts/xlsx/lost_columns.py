"""What structured references say when a table loses columns, or goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from addin.hosts.xlsx.formulas import map_structured

_COLUMN_IN_BRACKETS = re.compile(r"\[((?:[^\[\]']|'.)+)\]")


@dataclass(frozen=True, slots=True)
class GoneColumns:
    """Columns a table loses; `columns` are its columns as they were, `gone` those that go (in lower case)."""

    columns: list[str]
    gone: set[str]

    def spec(self, brackets: str) -> str | None:
        """What stands in brackets behind the table's name without these columns; None when nothing is left."""
        if not self.gone:  # the table itself goes
            return None
        found = list(_COLUMN_IN_BRACKETS.finditer(brackets))
        names = [self._position(match[1]) for match in found]
        lost = [place for place in names if place is not None and self.columns[place].lower() in self.gone]
        if not lost:
            return brackets
        if len(found) == 1 and brackets.count("[") == 1:
            return None
        places = [place for place in names if place is not None]
        left = [i for i in range(places[0], places[-1] + 1) if self.columns[i].lower() not in self.gone]
        if not left:
            return None
        ends = {places[0]: left[0], places[-1]: left[-1]}
        return _COLUMN_IN_BRACKETS.sub(lambda match: self._end(match, ends), brackets)

    def _position(self, written: str) -> int | None:
        name = re.sub(r"'(.)", r"\1", written).lower().lstrip("@")
        return next((i for i, column in enumerate(self.columns) if column.lower() == name), None)

    def _end(self, match: re.Match[str], ends: Mapping[int, int]) -> str:
        place = self._position(match[1])
        if place is None or ends.get(place, place) == place:
            return match[0]
        return "[" + re.sub(r"(['#\[\]@])", r"'\1", self.columns[ends[place]]) + "]"


def without_columns(formula: str, tables: Mapping[str, GoneColumns]) -> str:
    """The formula after tables (by lower-case name) lost columns: what named them becomes `#REF!`.

    >>> lost = GoneColumns(["a", "b", "c"], {"b"})
    >>> without_columns("SUM(t[b])+SUM(t[[a]:[b]])+t[c]", {"t": lost})
    'SUM(#REF!)+SUM(t[[a]:[a]])+t[c]'
    """

    def replace(table: str, brackets: str) -> str:
        lost = tables.get(table.lower())
        if lost is None:
            return table + brackets
        left = lost.spec(brackets)
        return "#REF!" if left is None else table + left

    return map_structured(formula, replace)
