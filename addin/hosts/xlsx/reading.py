"""Reading columns of a sheet as they stand: types, errors and row numbers kept, nothing guessed.

    rows, (customers, dates, amounts) = read_columns(package, "xl/worksheets/sheet2.xml", 2, None, [2, 5, 7])

A million rows are read in about a second: the sheet is inflated in pieces, the pieces are scanned as arrays
of bytes on all cores, and only the columns asked for are looked at. Texts are decoded once per distinct text.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from addin import memory
from addin.hosts.xlsx import row_parser, row_scanner
from addin.hosts.xlsx.date_formats import date_styles, uses_1904
from addin.hosts.xlsx.errors import CorruptWorkbook
from addin.hosts.xlsx.growing_arrays import GrowingArray
from addin.hosts.xlsx.own_texts import OwnTexts
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.row_scanner import ISO_DATE, LAST_COLUMN, SHARED, Scanned, Unusual
from addin.hosts.xlsx.shared_strings import SharedStrings, shared_strings
from addin.hosts.xlsx.sheet_pieces import SheetPieces
from addin.hosts.xlsx.sheet_survey import survey_sheet
from udfs.cleaning.columns import Column, Kind, Texts, series

LAST_ROW = 1_048_576
DAYS_1904 = 1462
MOST_TEXTS = 2**31 - 1
MANY_ROWS = 100_000
WORKERS = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was noticed about a sheet while its columns were read; `fingerprint` is that of its part then."""

    fingerprint: tuple[int, int]
    hidden_rows: list[int]
    has_formulas: bool


_SEEN: WeakKeyDictionary[Package, dict[str, _Seen]] = WeakKeyDictionary()


def read_columns(
    package: Package,
    sheet_part: str,
    first_row: int,
    last_row: int | None,
    columns: Sequence[int],
) -> tuple[np.ndarray, list[Column]]:
    """Columns of a range of rows.

    Parameters
    ----------
    package : the workbook.
    sheet_part : name of the sheet's part ("xl/worksheets/sheet1.xml").
    first_row, last_row : 1-based, both included; None for the end of the sheet.
    columns : 1-based column numbers, in any order.

    Returns
    -------
    rows : int32 array, shape (n,)
        Numbers of the rows in which at least one of the columns holds something, ascending.
    cells : list of Column, each of length n
        In the order of `columns`. Formulas give their last calculated value; dates are numbers of the 1900
        system even in a 1904 workbook; texts have their rich text runs joined.

    Raises
    ------
    CorruptWorkbook
        The sheet or the shared strings cannot be read; names the part.
    """
    slots = np.full(LAST_COLUMN + 1, -1, np.int64)
    wanted = list(dict.fromkeys(columns))
    slots[wanted] = np.arange(len(wanted))
    last = LAST_ROW if last_row is None else last_row
    context = _Context(package, sheet_part, slots, len(wanted), first_row, last)
    try:
        table = _gathered(_scanned_blocks(context), context)
    except Unusual:
        context.own = OwnTexts()
        context.hidden.clear()
        context.has_formulas = False
        scanned = row_parser.parse_sheet(package, sheet_part, slots)
        table = _gathered((_block(s, context) for s in scanned), context)
    if fingerprint := package.fingerprint(sheet_part):
        seen = _Seen(fingerprint, sorted(context.hidden), context.has_formulas)
        _SEEN.setdefault(package, {})[sheet_part] = seen
    rows, cells = _columns(table, context)
    del table
    if len(rows) > MANY_ROWS:
        memory.give_back()
    filled = np.zeros(len(rows), bool)
    for cell in cells:
        filled |= cell.kind != Kind.EMPTY
    if not filled.all():
        cells = [cell.take(filled) for cell in cells]
    position = {column: i for i, column in enumerate(wanted)}
    return rows[filled], [cells[position[column]] for column in columns]


def hidden_rows(package: Package, sheet_part: str) -> list[int]:
    """Numbers of the hidden rows of a sheet, filtered ones included; free after `read_columns`."""
    seen = _seen(package, sheet_part)
    return survey_sheet(package, sheet_part).hidden_rows if seen is None else seen.hidden_rows


def has_formulas(package: Package, sheet_part: str) -> bool | None:
    """Whether a cell of a sheet holds a formula; None where its columns were not read as it stands now."""
    seen = _seen(package, sheet_part)
    return None if seen is None else seen.has_formulas


def _seen(package: Package, sheet_part: str) -> _Seen | None:
    seen = _SEEN.get(package, {}).get(sheet_part)
    return seen if seen is not None and seen.fingerprint == package.fingerprint(sheet_part) else None


@dataclass(slots=True)
class Block:
    """Some rows: arrays of shape (columns, rows). Codes below -1 stand for the sheet's own text -2 - code.

    `texts` are these texts, as raw XML in one array or several; `size` is how many bytes of XML the rows were.
    """

    rows: np.ndarray
    kind: np.ndarray
    number: np.ndarray
    code: np.ndarray
    texts: list[pa.Array]
    hidden: Sequence[int] = ()
    has_formulas: bool = False
    size: int = 0


class _Context:
    """What the pieces of one reading share."""

    def __init__(
        self, package: Package, part: str, slots: np.ndarray, width: int, first_row: int, last_row: int
    ) -> None:
        self.package, self.part, self.slots, self.width = package, part, slots, width
        self.first_row, self.last_row = first_row, last_row
        self.dates = date_styles(package)
        self.shift = DAYS_1904 if uses_1904(package) else 0
        self.own = OwnTexts()  # their codes follow those of the shared ones
        self.hidden: list[int] = []
        self.has_formulas = False

    @cached_property
    def shared(self) -> SharedStrings:
        return shared_strings(self.package)


# From XML to blocks


def _scanned_blocks(context: _Context) -> Iterator[Block]:
    waiting: deque[Future[Block]] = deque()
    with (
        context.package.open_stream(context.part) as stream,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        pieces = SheetPieces(stream)
        shared = pool.submit(shared_strings, context.package)
        try:
            for piece in pieces:
                waiting.append(pool.submit(_scan_piece, piece, pieces.root, context))
                if len(waiting) > WORKERS + 1:
                    context.shared = shared.result()
                    yield waiting.popleft().result()
            context.shared = shared.result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _scan_piece(piece: bytes, root: bytes, context: _Context) -> Block:
    scanned = row_scanner.scan(piece, context.slots)
    block = _block(scanned, context)
    block.size = len(piece)
    if scanned.odd.size:
        bounds = scanned.row_xml
        xml = b"".join(piece[bounds[i] : bounds[i + 1]] for i in scanned.odd.tolist())
        parsed = row_parser.parse_rows(root + xml + b"</worksheet>", context.slots)
        if len(parsed.rows) != scanned.odd.size:
            raise Unusual("rows within rows")
        _fill(block, parsed, scanned.odd[parsed.cell_row], context)
    return block


def _block(scanned: Scanned, context: _Context) -> Block:
    block = _empty_block(context.width, scanned.rows)
    block.hidden, block.has_formulas = scanned.hidden, scanned.has_formulas
    _fill(block, scanned, scanned.cell_row, context)
    return block


def _empty_block(width: int, rows: np.ndarray) -> Block:
    shape = (width, len(rows))
    return Block(rows, np.zeros(shape, np.uint8), np.full(shape, np.nan), np.full(shape, -1, np.int32), [])


def _fill(block: Block, scanned: Scanned, cell_row: np.ndarray, context: _Context) -> None:
    """Puts cells into their places in a block."""
    kind, number = scanned.kind, scanned.number
    before = sum(map(len, block.texts))
    code = np.where(scanned.text >= 0, -2 - before - scanned.text, -1)
    shared = kind == SHARED
    numbers = number[shared]
    code[shared] = np.where((numbers >= 0) & (numbers < MOST_TEXTS), numbers, MOST_TEXTS)
    number = np.where(shared, np.nan, number)
    styles = np.minimum(scanned.style, len(context.dates) - 1)
    date = (kind == Kind.NUMBER) & context.dates[styles]
    kind = np.where(shared, np.uint8(Kind.TEXT), np.where(date, np.uint8(Kind.DATE), kind))
    if context.shift:
        number[date] += context.shift
    where = scanned.cell_column * len(block.rows) + cell_row
    for place, values in ((block.kind, kind), (block.number, number), (block.code, code)):
        place.ravel()[where] = values
    if len(scanned.texts):
        block.texts.append(scanned.texts)


# From blocks to columns


@dataclass(slots=True)
class _Table:
    """All rows, and by column what `Block` holds of its cells."""

    rows: np.ndarray
    kind: list[np.ndarray]
    number: list[np.ndarray]
    code: list[np.ndarray]


def _gathered(blocks: Iterator[Block], context: _Context) -> _Table:
    """The cells of all blocks, put into place as they come so that no block is kept."""
    width, room = context.width, 0
    rows = GrowingArray(np.int32, 0)
    cells: list[list[GrowingArray]] = []
    for block in blocks:
        context.hidden.extend(block.hidden)
        context.has_formulas |= block.has_formulas
        _keep_rows_asked_for(block, context)
        _number_own_texts(block, context)
        if not cells:
            of_sheet = context.package.size(context.part) / block.size if block.size else 1
            room = int(len(block.rows) * of_sheet * 1.1)
            rows = GrowingArray(np.int32, room)
            cells = [[GrowingArray(t, room) for _ in range(width)] for t in (np.uint8, np.float64, np.int32)]
        rows.extend(block.rows)
        for arrays, values in zip(cells, (block.kind, block.number, block.code), strict=True):
            for array, column in zip(arrays, values, strict=True):
                array.extend(column)
    table = _Table(rows.filled(), *([array.filled() for array in arrays] for arrays in cells or [[], [], []]))
    return table if (np.diff(table.rows) > 0).all() else _in_order(table)


def _keep_rows_asked_for(block: Block, context: _Context) -> None:
    inside = (block.rows >= context.first_row) & (block.rows <= context.last_row)
    if not inside.all():
        block.rows = block.rows[inside]
        block.kind, block.number = block.kind[:, inside], block.number[:, inside]
        block.code = block.code[:, inside]


def _number_own_texts(block: Block, context: _Context) -> None:
    """Numbers the texts that stand in the sheet itself for all blocks alike, behind the shared ones."""
    most = int(block.code.max(initial=-1))
    if most >= 0 and most >= len(context.shared):
        raise CorruptWorkbook(
            context.package.file,
            context.part,
            zh=f"单元格引用了第 {most + 1} 个共享文本，但一共只有 {len(context.shared)} 个",
            en=f"a cell refers to shared text {most + 1}, but there are only {len(context.shared)}",
        )
    if block.texts:
        first = len(context.shared) + len(context.own)
        for texts in block.texts:
            context.own.add(texts)
        own = block.code < -1
        block.code[own] = first - 2 - block.code[own]
        block.texts = []


def _in_order(table: _Table) -> _Table:
    """The rows ascending; of a row that stands there twice, the later cells count."""
    rows, place = np.unique(table.rows, return_inverse=True)
    width = len(table.kind)
    ordered = _empty_block(width, rows)
    for slot in range(width):
        filled = np.flatnonzero(table.kind[slot])
        there = place[filled]
        ordered.kind[slot, there] = table.kind[slot][filled]
        ordered.number[slot, there] = table.number[slot][filled]
        ordered.code[slot, there] = table.code[slot][filled]
    return _Table(rows, list(ordered.kind), list(ordered.number), list(ordered.code))


def _columns(table: _Table, context: _Context) -> tuple[np.ndarray, list[Column]]:
    """The row numbers, and the columns, each with its own texts; on all cores."""
    if not table.kind:
        return table.rows, [Column.empty(0) for _ in range(context.width)]
    number_of_own = context.own.distinct()
    with ThreadPoolExecutor(WORKERS) as pool:
        columns = pool.map(lambda slot: _column(table, slot, number_of_own, context), range(context.width))
        return table.rows, list(columns)


def _column(table: _Table, slot: int, number_of_own: np.ndarray, context: _Context) -> Column:
    """One column; `number_of_own` gives equal texts of the sheet itself the same code."""
    kind, number, code = table.kind[slot], table.number[slot], table.code[slot]
    count = len(context.shared)
    if len(number_of_own):
        own = code >= count
        code[own] = number_of_own[code[own] - count] + count
    used = _in_order_of_use(code)
    texts, place = _distinct(_decoded(used, context))
    if used.size:
        lookup = np.zeros(int(used.max()) + 1, np.int32)
        lookup[used] = place
        has_text = np.flatnonzero(code >= 0)
        code[has_text] = lookup[code[has_text]]
    column = Column(kind, number, code, texts)
    if (kind == ISO_DATE).any():
        _read_iso_dates(column)
    return _without_empty_texts(column, texts)


def _distinct(texts: pa.Array) -> tuple[Texts, np.ndarray]:
    """The distinct texts, and the position of each text among them."""
    # Nearly always all are; that is known much sooner than which are equal.
    if series(Texts(texts)).n_unique() == len(texts):
        return Texts(texts), np.arange(len(texts))
    encoded = texts.dictionary_encode()
    return Texts(encoded.dictionary), encoded.indices.to_numpy()


def _in_order_of_use(code: np.ndarray) -> np.ndarray:
    """The distinct codes from 0, in order of first use."""
    used = code[code >= 0]
    if not used.size:
        return used
    first = np.full(int(used.max()) + 1, len(used), np.int64)
    first[used[::-1]] = np.arange(len(used) - 1, -1, -1)
    distinct = np.flatnonzero(first < len(used))
    return distinct[np.argsort(first[distinct])]


def _decoded(codes: np.ndarray, context: _Context) -> pa.Array:
    """Texts of codes: shared ones first, then those of the sheet itself."""
    count = len(context.shared)
    is_own = codes >= count
    shared = context.shared.texts(codes[~is_own])
    if not is_own.any():
        return shared
    own = context.own.texts(codes[is_own] - count)
    place = np.empty(len(codes), np.int64)
    place[~is_own] = np.arange(len(shared))
    place[is_own] = np.arange(len(shared), len(codes))
    return pa.concat_arrays([shared, own]).take(pa.array(place))


def _read_iso_dates(column: Column) -> None:
    """Dates written as text (Strict workbooks) become numbers; what is no date stays text."""
    cells = np.flatnonzero(column.kind == ISO_DATE)
    serials = np.array([row_parser.iso_serial(text) for text in column.texts])[column.code[cells]]
    good = np.isfinite(serials)
    column.kind[cells] = np.where(good, np.uint8(Kind.DATE), np.uint8(Kind.TEXT))
    column.number[cells] = serials
    column.code[cells[good]] = -1


def _without_empty_texts(column: Column, texts: Texts) -> Column:
    """Cells with an empty text count as empty."""
    empty = pc.index(texts.arrow, "").as_py()
    if empty < 0:
        return column
    gone = column.code == empty
    column.kind[gone], column.code[gone] = Kind.EMPTY, -1
    column.code[column.code > empty] -= 1
    return Column(
        column.kind, column.number, column.code, Texts(texts.arrow.filter(pc.not_equal(texts.arrow, "")))
    )
