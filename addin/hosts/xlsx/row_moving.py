"""Moves the cells in the rows of a sheet: rows, columns or blocks come or go, all else leaves as bytes.

The rows come as they stand, their formulas moved already; inserted cells take the formats beside them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from addin.hosts.xlsx.addresses import column_letters
from addin.hosts.xlsx.sheet_rows import RawCell, SheetRows, cells_of
from addin.hosts.xlsx.shifts import Shift

_ROW_TAG = re.compile(rb"<[^>]*>")
_ROW_NUMBER = re.compile(rb'(\br=")\d+')
# What an inserted row does not take from its neighbour.
_NOT_COPIED = re.compile(rb'\s+(?:spans|hidden|collapsed|outlineLevel)="[^"]*"')
_SPANS = re.compile(rb'\s+spans="[^"]*"')


class RowMover:
    """Rewrites the rows of one sheet.

    Parameters
    ----------
    like : number of the line (before the shift) whose formats inserted cells take; None for plain ones.
    """

    def __init__(self, shift: Shift, prefix: str, like: int | None) -> None:
        self._shift = shift
        self._prefix = prefix
        self._p = prefix.encode()
        self._row_end = b"</" + self._p + b"row>"
        self._like = like
        start = rb"<" + re.escape(self._p) + rb'c r="'
        letters = b"|".join(rb"(?<=" + start + rb"[A-Z]" * n + rb")" for n in (1, 2, 3))
        self._address = re.compile(rb"(?=\d)(?:" + letters + rb")\d+")

    def rows(self, pieces: Iterable[SheetRows]) -> Iterator[bytes]:
        """The rows after the shift."""
        if self._shift.axis == "columns":
            return self._sideways(pieces)
        return self._whole_rows(pieces) if self._shift.whole else self._blocks(list(pieces))

    # -- whole rows ------------------------------------------------------------------------------------------

    def _whole_rows(self, pieces: Iterable[SheetRows]) -> Iterator[bytes]:
        shift = self._shift
        like: bytes | None = None
        waiting = shift.count > 0
        held: list[bytes] = []
        for piece in pieces:
            yield piece.span(1, shift.first - 1)
            if self._like is not None and like is None:
                like = piece.raw(self._like)
            for number, raw in piece.between(shift.first, shift.limit):
                if waiting:
                    yield b"".join(self._new_rows(like))
                    waiting = False
                target = shift.line(number)
                if target is not None:
                    held.append(self._renumbered(raw, target))
            yield b"".join(held)
            held.clear()
        if waiting:
            yield b"".join(self._new_rows(like))

    def _new_rows(self, like: bytes | None) -> Iterator[bytes]:
        if like is None:
            return
        match = _ROW_TAG.match(like)
        assert match is not None
        tag = _NOT_COPIED.sub(b"", match[0]).removesuffix(b">").removesuffix(b"/").rstrip()
        cells = [(cell.column, cell.style) for cell in cells_of(like, self._p) if cell.style]
        plain = tag.removeprefix(b"<" + self._p + b"row")
        if not cells and not re.search(rb'\s(?:s|ht)="', plain):
            return
        for number in range(self._shift.first, self._shift.last + 1):
            opening = _ROW_NUMBER.sub(rb"\g<1>%d" % number, tag, count=1)
            content = b"".join(self._empty(number, column, style) for column, style in cells)
            yield opening + b">" + content + self._row_end if content else opening + b"/>"

    def _renumbered(self, raw: bytes, number: int) -> bytes:
        end = raw.index(b">") + 1
        tag = _ROW_NUMBER.sub(lambda match: match[1] + b"%d" % number, raw[:end], count=1)
        return tag + (b"%d" % number).join(self._address.split(raw[end:]))

    # -- columns, and blocks that move sideways --------------------------------------------------------------

    def _sideways(self, pieces: Iterable[SheetRows]) -> Iterator[bytes]:
        shift = self._shift
        for piece in pieces:
            yield piece.span(1, shift.low - 1)
            moved = [
                self._moved_sideways(number, raw, piece.cells(raw))
                for number, raw in piece.between(shift.low, shift.high)
            ]
            yield b"".join(moved)
            yield piece.span(shift.high + 1, 1 << 30)

    def _moved_sideways(self, number: int, raw: bytes, cells: list[RawCell]) -> bytes:
        shift = self._shift
        if not cells or cells[-1].column < shift.first - 1:
            return raw
        new: list[bytes] = []
        if shift.count > 0 and self._like is not None:
            style = next((cell.style for cell in cells if cell.column == self._like), 0)
            columns = range(shift.first, shift.last + 1) if style else ()
            new = [self._empty(number, column, style) for column in columns]
        if cells[-1].column < shift.first and not new:
            return raw
        before = [cell.raw for cell in cells if cell.column < shift.first]
        after = [
            self._placed(cell, number, column)
            for cell in cells
            if cell.column >= shift.first and (column := shift.line(cell.column)) is not None
        ]
        return self._with_cells(raw, number, [*before, *new, *after])

    # -- blocks that move up or down -------------------------------------------------------------------------

    def _blocks(self, pieces: list[SheetRows]) -> Iterator[bytes]:
        """Rows whose cells in some columns come from other rows."""
        shift = self._shift
        moved: dict[int, list[tuple[int, bytes]]] = {}
        styles: list[tuple[int, int]] = []
        first_touched = shift.first if self._like is None else min(shift.first, self._like)
        for piece in pieces:
            for number, raw in piece.between(first_touched, shift.limit):
                for cell in piece.cells(raw):
                    if not shift.low <= cell.column <= shift.high:
                        continue
                    if number == self._like and cell.style:
                        styles.append((cell.column, cell.style))
                    target = shift.line(number) if number >= shift.first else None
                    if target is not None:
                        moved.setdefault(target, []).append(
                            (cell.column, self._placed(cell, target, cell.column))
                        )
        if shift.count > 0 and styles:
            for number in range(shift.first, shift.last + 1):
                moved[number] = [(column, self._empty(number, column, style)) for column, style in styles]
        waiting = deque(sorted(moved))
        for piece in pieces:
            yield piece.span(1, shift.first - 1)
            for number, raw in piece.between(shift.first, shift.limit):
                while waiting and waiting[0] < number:
                    yield self._made_row(waiting[0], moved[waiting.popleft()])
                new = moved[waiting.popleft()] if waiting and waiting[0] == number else []
                yield self._merged(number, raw, piece.cells(raw), new)
        for number in waiting:
            yield self._made_row(number, moved[number])

    def _made_row(self, number: int, cells: list[tuple[int, bytes]]) -> bytes:
        """A row that did not exist."""
        return b'<%srow r="%d">' % (self._p, number) + b"".join(c for _, c in sorted(cells)) + self._row_end

    def _merged(self, number: int, raw: bytes, cells: list[RawCell], new: list[tuple[int, bytes]]) -> bytes:
        shift = self._shift
        kept = [(cell.column, cell.raw) for cell in cells if not shift.low <= cell.column <= shift.high]
        if not new and len(kept) == len(cells):
            return raw
        return self._with_cells(raw, number, [cell for _, cell in sorted([*kept, *new])])

    # -- cells -----------------------------------------------------------------------------------------------

    def _with_cells(self, raw: bytes, number: int, cells: list[bytes]) -> bytes:
        end = raw.index(b">") + 1
        tag = _SPANS.sub(b"", raw[: end - 1]).removesuffix(b"/").rstrip()
        content = b"".join(cells)
        return tag + b">" + content + self._row_end if content else tag + b"/>"

    def _placed(self, cell: RawCell, row: int, column: int) -> bytes:
        start = cell.raw.index(b'r="') + 3
        rest = cell.raw[cell.raw.index(b'"', start) :]
        return cell.raw[:start] + f"{column_letters(column)}{row}".encode() + rest

    def _empty(self, row: int, column: int, style: int) -> bytes:
        return f'<{self._prefix}c r="{column_letters(column)}{row}" s="{style}"/>'.encode()
