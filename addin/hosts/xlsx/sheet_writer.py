"""Writes a sheet's rows with its changes: only cells that change are written anew, all else as it was.

The sheet is cut into bands of rows in which the same blocks and rules are at work. Rows without changes leave as
bytes, whole columns are formatted at once, and what is left is done row by row.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import shared_formulas
from addin.hosts.xlsx.addresses import MAX_ROW, column_letters, column_number
from addin.hosts.xlsx.array_formulas import check_arrays
from addin.hosts.xlsx.byte_arrays import contents
from addin.hosts.xlsx.cell_changes import Block, CellChanges, Rule
from addin.hosts.xlsx.cell_values import Formula, cell_xml, date_format
from addin.hosts.xlsx.column_data import ColumnData
from addin.hosts.xlsx.column_xml import join, row_numbers, row_strings
from addin.hosts.xlsx.row_places import put_cells
from addin.hosts.xlsx.row_segments import Segment
from addin.hosts.xlsx.sheet_rows import RawCell, SheetRows
from addin.hosts.xlsx.styles import Change, Styles

if TYPE_CHECKING:
    import pyarrow as pa

Out = Callable[[bytes | memoryview], object]  # takes the rows, piece by piece
# By column: values, position of the band's first row in them, style of new cells, style of dates.
Columns = dict[int, tuple[ColumnData | None, int, int, int]]
FEW_ROWS = 32
CHUNK_ROWS = 8_192
_ROW_TAG = re.compile(rb"<[^>]*>")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_ROW_STYLE = re.compile(rb'\bs="(\d+)"')
_CELL_STYLE = re.compile(rb'\s+s="\d+"')


@dataclass(slots=True)
class Band:
    """Rows `first` to `last` and what is at work in all of them."""

    first: int
    last: int
    blocks: list[Block] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    @property
    def columns(self) -> set[int]:
        """The columns its blocks and rules cover."""
        areas = [b.area for b in self.blocks] + [r.area for r in self.rules if r.bounded]
        return {column for area in areas for column in range(area.column1, area.column2 + 1)}

    @property
    def makes_rows(self) -> bool:
        """Whether rows that do not exist yet come to be."""
        return any(b.columns is not None for b in self.blocks) or any(not r.whole_columns for r in self.rules)


class SheetWriter:
    """Writes the rows of one sheet.

    Parameters
    ----------
    changes : what is to change. styles : the workbook's styles.
    column_style : style number of a column, for cells that come to be in it.
    prefix : namespace prefix of the sheet's elements with its colon, or "".

    Attributes
    ----------
    formulas_gone : whether a formula was overwritten: the calculation chain names it.
    rows : the piece of the sheet being written.
    """

    def __init__(
        self,
        changes: CellChanges,
        styles: Styles,
        column_style: Callable[[int], int],
        date1904: bool,
        prefix: str,
    ) -> None:
        self.changes = changes
        self.styles = styles
        self.column_style = column_style
        self.date1904 = date1904
        self.prefix = prefix
        self.formulas_gone = False
        self.rows = SheetRows(b"", prefix)
        self._row_end = f"</{prefix}row>".encode()
        self._shared = shared_formulas.Handover(prefix)
        self._same_styles: dict[tuple[Any, ...], bool] = {}

    def write(self, pieces: Iterable[SheetRows], out: Out, title: Callable[[], str]) -> None:
        """Hands all rows to `out`, in order; `pieces` are the rows as they stand, `title` names the sheet."""
        bands = self._bands()
        special = sorted(self.changes.special_rows())
        first = 1
        for rows in pieces:
            check_arrays(rows.data, self.changes, title)
            self.rows = rows
            last = int(rows.numbers[-1])
            self._write_between(bands, special, first, last, out)
            first = last + 1
        self.rows = SheetRows(b"", self.prefix)
        self._write_between(bands, special, first, MAX_ROW, out)

    def _write_between(self, bands: list[Band], special: list[int], first: int, last: int, out: Out) -> None:
        for whole in bands:
            if whole.last < first or whole.first > last:
                continue
            band = Band(max(whole.first, first), min(whole.last, last), whole.blocks, whole.rules)
            own = special[bisect_left(special, band.first) : bisect_left(special, band.last + 1)]
            if band.makes_rows and band.last - band.first >= FEW_ROWS and self._is_simple(band):
                self._write_simple(band, own, out)
            elif band.blocks or band.rules:
                self._write_rows(band, self._numbers(band, own), out)
            else:
                self._pass_on(band, own, out)

    def _bands(self) -> list[Band]:
        areas = [b.area for b in self.changes.blocks] + [r.area for r in self.changes.rules]
        cuts = sorted({1, MAX_ROW + 1, *(a.row1 for a in areas), *(a.row2 + 1 for a in areas)})
        bands = [Band(a, b - 1) for a, b in itertools.pairwise(cuts)]
        place = {cut: i for i, cut in enumerate(cuts)}
        for block in self.changes.blocks:
            for band in bands[place[block.area.row1] : place[block.area.row2 + 1]]:
                band.blocks.append(block)
        for rule in self.changes.rules:
            for band in bands[place[rule.area.row1] : place[rule.area.row2 + 1]]:
                band.rules.append(rule)
        return bands

    # -- rows one by one ------------------------------------------------------------------------------

    def _pass_on(self, band: Band, special: list[int], out: Out) -> None:
        """Rows as they are, but for the special ones among them."""
        first = band.first
        for number in special:
            self._copy(first, number - 1, out)
            out(self._row(band, number, self.rows.raw(number)))
            first = number + 1
        self._copy(first, band.last, out)

    def _copy(self, first: int, last: int, out: Out) -> None:
        if self._shared.waiting:
            for number, raw in self.rows.between(first, last):
                out(self._shared.row(number, raw, self.rows))
            return
        data = self.rows.span(first, last)
        if data:
            out(data)

    def _numbers(self, band: Band, special: list[int]) -> Iterator[int]:
        if band.makes_rows:
            return iter(range(band.first, band.last + 1))
        existing = (int(n) for n in self.rows.numbers_between(band.first, band.last))
        return iter(sorted({*existing, *special}))

    def _write_rows(self, band: Band, numbers: Iterator[int], out: Out) -> None:
        for number in numbers:
            out(self._row(band, number, self.rows.raw(number)))

    def _row(self, band: Band, number: int, raw: bytes | None) -> bytes:
        """One row with its changes."""
        changes = self.changes
        values: dict[int, Any] = {}
        cleared: list[tuple[int, int]] = []
        for block in band.blocks:
            left, right = block.area.column1, block.area.column2
            if block.columns is None:
                values = {c: v for c, v in values.items() if not left <= c <= right}
                cleared.append((left, right))
            else:
                i = number - block.area.row1
                for k, data in enumerate(block.columns):
                    values[left + k] = data.value(i)
        values.update(changes.cells.get(number, {}))
        tag, cells = self._split(number, raw)
        tag, row_style = self._row_tag(band, number, tag)
        existing = {cell.column: cell for cell in cells}
        columns = {*existing, *values, *changes.cell_rules.get(number, {})}
        for rule in band.rules:
            if rule.bounded:
                columns.update(range(rule.area.column1, rule.area.column2 + 1))
        pieces = []
        for column in sorted(columns):
            cell = existing.get(column)
            chain = changes.style_changes(number, column, band.rules)
            change_value = column in values or any(a <= column <= b for a, b in cleared)
            if cell is not None and not change_value:
                pieces.append(self._kept(number, cell, chain))
                continue
            if cell is not None:
                self._note_gone(number, cell)
            elif column not in values and not chain:
                continue
            style = cell.style if cell is not None else (row_style or self.column_style(column))
            value = values.get(column)
            style = self._style_for(style, chain, value)
            ref = f"{column_letters(column)}{number}"
            pieces.append(cell_xml(ref, value, style, self.date1904, self.prefix).encode())
        content = b"".join(pieces)
        if not content and raw is None and tag == self._new_tag(number):
            return b""
        if any(column not in existing for column in columns):
            tag = _SPANS.sub(b"", tag)
        return tag + content + self._row_end if content else tag[:-1] + b"/>"

    def _split(self, number: int, raw: bytes | None) -> tuple[bytes, list[RawCell]]:
        """A row's start tag (never self-closed) and its cells."""
        if raw is None:
            return self._new_tag(number), []
        match = _ROW_TAG.match(raw)
        assert match is not None
        tag = match[0]
        return (tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag), self.rows.cells(raw)

    def _new_tag(self, number: int) -> bytes:
        return b'<%srow r="%d">' % (self.rows.prefix, number)

    def _row_tag(self, band: Band, number: int, tag: bytes) -> tuple[bytes, int]:
        """The row's start tag with changed attributes, and the style new cells of the row take (0 for none)."""
        for name, value in self.changes.rows.get(number, {}).items():
            tag = _with_attribute(tag, name, value)
        style = 0
        if b"customFormat=" in tag:
            match = _ROW_STYLE.search(tag)
            style = int(match[1]) if match else 0
        whole_rows = [rule.change for rule in band.rules if rule.whole_rows]
        if whole_rows:
            style = self.styles.derive_all(style, whole_rows)
            tag = _with_attribute(_with_attribute(tag, "s", str(style)), "customFormat", "1")
        return tag, style

    def _style_for(self, style: int, chain: list[Change], value: Any) -> int:
        style = self.styles.derive_all(style, chain)
        shown = value.value if isinstance(value, Formula) else value
        code = date_format(shown)
        return self.styles.derive(style, ("date_format", "", code)) if code else style

    def _kept(self, number: int, cell: RawCell, chain: list[Change]) -> bytes:
        """A cell whose contents stay, its style perhaps changed."""
        raw = cell.raw
        if self._shared.waiting:
            raw = self._shared.cell(number, cell)
        if not chain:
            return raw
        old = cell.style
        style = self.styles.derive_all(old, chain)
        if style == old:
            return raw
        end = raw.index(b">")
        tag = _CELL_STYLE.sub(b"", raw[:end])
        at = tag.index(b'"', tag.index(b'r="') + 3) + 1
        return tag[:at] + b' s="%d"' % style + tag[at:] + raw[end:]

    def _note_gone(self, number: int, cell: RawCell) -> None:
        if cell.has_formula:
            self.formulas_gone = True
            self._shared.gone(number, cell)

    # -- many rows at once ------------------------------------------------------------------------------

    def _is_simple(self, band: Band) -> bool:
        """Whether the band's columns can be formatted at once: blocks of values side by side, nothing cleared."""
        taken: set[int] = set()
        for block in band.blocks:
            if block.columns is None:
                return False
            columns = range(block.area.column1, block.area.column2 + 1)
            if taken.intersection(columns):
                return False
            taken.update(columns)
        return bool(taken) or not len(self.rows.numbers_between(band.first, band.last))

    def _write_simple(self, band: Band, special: list[int], out: Out) -> None:
        """The band in pieces; while one is put in its place, another thread makes the cells of the next."""
        columns = self._columns(band)
        firsts = range(band.first, band.last + 1, CHUNK_ROWS)
        with ThreadPoolExecutor(1, "cells") as worker:
            coming = worker.submit(self._cells, band, firsts[0], columns)
            for first in firsts:
                strings = coming.result()
                if first != firsts[-1]:
                    coming = worker.submit(self._cells, band, first + CHUNK_ROWS, columns)
                self._put(band, first, strings, columns, set(special), out)

    def _cells(self, band: Band, first: int, columns: Columns) -> pa.Array:
        """The cells of the rows from `first` on, at most a piece of them, as strings."""
        count = min(CHUNK_ROWS, band.last - first + 1)
        parts = [
            (column_letters(column), data, style, date_style, offset + first - band.first)
            for column, (data, offset, style, date_style) in sorted(columns.items())
        ]
        return row_strings(first, count, parts, self.date1904, self.prefix)

    def _put(
        self, band: Band, first: int, strings: pa.Array, columns: Columns, special: set[int], out: Out
    ) -> None:
        last = first + len(strings) - 1
        special = {number for number in special if first <= number <= last}
        existing = self.rows.numbers_between(first, last)
        if not len(existing) and not special and not self._whole_rows(band):
            out(self._new_rows(first, strings))
            return
        self._merge(band, first, strings, columns, special, out)

    def _whole_rows(self, band: Band) -> bool:
        return any(rule.whole_rows for rule in band.rules)

    def _columns(self, band: Band) -> Columns:
        """What stands in the band's columns."""
        found: dict[int, tuple[ColumnData | None, int]] = {}
        for rule in band.rules:
            if rule.bounded:
                for column in range(rule.area.column1, rule.area.column2 + 1):
                    found[column] = (None, 0)
        for block in band.blocks:
            for k, values in enumerate(block.columns or []):
                found[block.area.column1 + k] = (values, band.first - block.area.row1)
        result: Columns = {}
        for column, (data, offset) in found.items():
            chain = [r.change for r in band.rules if r.area.column1 <= column <= r.area.column2]
            style = self.styles.derive_all(self.column_style(column), chain)
            result[column] = (data, offset, style, self._date_style(style, data))
        return result

    def _date_style(self, style: int, data: ColumnData | None) -> int:
        if data is None:
            return style
        code = data.date_format()
        return self.styles.derive(style, ("date_format", "", code)) if code else style

    def _new_rows(self, first: int, strings: pa.Array) -> memoryview:
        """Rows that were not there before, from the strings of their cells."""
        import pyarrow.compute as pc

        numbers = row_numbers(first, len(strings))
        filled = pc.not_equal(strings, "")
        if not pc.all(filled).as_py():
            numbers, strings = numbers.filter(filled), strings.filter(filled)
        start, end = f'<{self.prefix}row r="', self._row_end.decode()
        return contents(join(len(strings), [start, numbers, '">', strings, end]))

    def _merge(
        self,
        band: Band,
        first: int,
        strings: pa.Array,
        columns: Columns,
        special: set[int],
        out: Out,
    ) -> None:
        """Puts the new cells of each row in their place, or takes the row apart where that is not so simple."""
        if self._whole_rows(band) or self._shared.waiting:
            out(b"".join(self._row(band, first + i, self.rows.raw(first + i)) for i in range(len(strings))))
            return
        places = sorted(columns)
        put = put_cells(self.rows, first, strings, places, partial(self._new_style, band, columns))
        if put is None:
            out(b"".join(self._merged(band, first, strings, places, special)))
            return
        merged, fits = put
        fits[[number - first for number in special]] = False
        if fits.all():
            out(contents(merged))
            return
        pieces = merged.to_pylist()
        for i, fit in enumerate(fits.tolist()):
            if not fit or self._shared.waiting:  # the formula of a row before may go on in this one
                pieces[i] = self._row(band, first + i, self.rows.raw(first + i))
        out(b"".join(pieces))

    def _merged(
        self, band: Band, first: int, strings: pa.Array, columns: list[int], special: set[int]
    ) -> Iterator[bytes]:
        """The same row by row, where some rows are not there yet."""
        segment = Segment(columns, self.rows.prefix)
        for number, text in enumerate(strings.to_pylist(), first):
            raw = self.rows.raw(number)
            if number in special or (raw is not None and self._shared.waiting):
                yield self._row(band, number, raw)
            elif raw is None:
                yield self._new_tag(number) + text.encode() + self._row_end if text else b""
            else:
                found = segment.find(raw, number)
                fits = found is not None and self._fits(found.styles, band)
                yield found.put(text.encode()) if found and fits else self._row(band, number, raw)

    def _fits(self, styles: tuple[tuple[bytes, bytes], ...], band: Band) -> bool:
        """Whether cells of these columns and styles end up with the style new cells get."""
        if not styles:
            return True
        key = (styles, band.first)
        if key not in self._same_styles:
            columns = self._columns(band)
            self._same_styles[key] = all(
                self._new_style(band, columns, column_number(letters.decode()), int(style or 0))
                for letters, style in styles
            )
        return self._same_styles[key]

    def _new_style(self, band: Band, columns: Columns, column: int, old: int) -> bool:
        data, _, style, date_style = columns[column]
        chain = [r.change for r in band.rules if r.area.column1 <= column <= r.area.column2]
        derived = self.styles.derive_all(old, chain)
        same = self._date_style(derived, data) == date_style
        return same and (derived == style or (data is not None and data.kind == "date"))


def _with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with one attribute set, or removed."""
    tag = re.sub(rb"\s" + name.encode() + rb'="[^"]*"', b"", tag)
    return tag if value is None else tag[:-1] + f' {name}="{value}">'.encode()
