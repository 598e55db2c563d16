"""The place in a row where a run of columns stands, found without taking the row apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from addin.hosts.xlsx.addresses import column_letters, column_number

_SPANS = re.compile(rb'\s+spans="[^"]*"')
_LETTERS = re.compile(rb'r="([A-Z]+)')


@dataclass(slots=True)
class Place:
    """The bytes of a row before and after the cells of some columns, and what these cells are.

    Attributes
    ----------
    styles : letters and style number of each cell that stands there now; none for an empty place.
    """

    before: bytes
    after: bytes
    styles: tuple[tuple[bytes, bytes], ...]

    def put(self, cells: bytes) -> bytes:
        """The row with other cells in the place."""
        return self.before + cells + self.after


class Segment:
    """Finds the place of a run of columns in rows.

    Parameters
    ----------
    columns : column numbers, rising.
    prefix : namespace prefix of the sheet's elements with its colon, or "".
    """

    def __init__(self, columns: list[int], prefix: bytes) -> None:
        self._first, self._last = columns[0], columns[-1]
        self._own = {column_letters(c).encode() for c in columns}
        self._letters = column_letters(self._first).encode()
        self._cell = b"<" + prefix + b'c r="'
        self._row_end = b"</" + prefix + b"row>"
        self._formula = b"<" + prefix + b"f"
        self._styles = re.compile(re.escape(self._cell) + rb'([A-Z]+)\d+"(?:\s+s="(\d+)")?')
        self._starts = re.compile(re.escape(self._cell) + rb"([A-Z]+)")

    def find(self, raw: bytes, number: int) -> Place | None:
        """The place in a row's element; None where the row needs a closer look.

        That is where the cells there hold formulas, where other columns' cells stand between them, and where new
        cells would take a style from the row.
        """
        close = raw.index(b">")
        tag = raw[: close + 1]
        if b"customFormat=" in tag:
            return None
        if raw[close - 1] == 47:  # self-closed
            return Place(_SPANS.sub(b"", raw[: close - 1].rstrip()) + b">", self._row_end, ())
        end = raw.rindex(self._row_end)
        last = raw.rfind(self._cell)
        if last < 0:
            return Place(_without_spans(tag) + raw[close + 1 : end], raw[end:], ())
        match = _LETTERS.search(raw, last)
        if match is None:
            return None
        last_column = column_number(match[1].decode())
        if last_column < self._first:
            return Place(_without_spans(tag) + raw[close + 1 : end], raw[end:], ())
        start = raw.find(self._cell + self._letters + b'%d"' % number)
        if start < 0:
            start = self._first_from(raw, self._first, end)
        stop = end if last_column <= self._last else self._first_from(raw, self._last + 1, end)
        inside = raw[start:stop]
        if self._formula in inside:
            return None
        styles = tuple(self._styles.findall(inside))
        if not self._own.issuperset(letters for letters, _ in styles):
            return None
        return Place(_without_spans(tag) + raw[close + 1 : start], raw[stop:], styles)

    def _first_from(self, raw: bytes, column: int, end: int) -> int:
        """Where the first cell at or right of a column begins."""
        for match in self._starts.finditer(raw):
            if column_number(match[1].decode()) >= column:
                return match.start()
        return end


def _without_spans(tag: bytes) -> bytes:
    return _SPANS.sub(b"", tag) if b"spans=" in tag else tag
