"""Sheets as grids of cells, whatever holds them: a workbook in any engine, or a file that is no workbook.

`addin.tables` recognises and reads tables in grids; this is all it needs to know of a sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from udfs.cleaning.columns import Column, Kind, display

if TYPE_CHECKING:
    import xlwings as xw

HEAD = 60  # rows in which headers are looked for
OUR_COLUMN = "_fenji_"  # begins the defined names on the headers of columns that fenji added
CHUNK = 50_000  # rows asked of an engine at once


@dataclass(frozen=True, slots=True)
class GridTable:
    """An Excel table in a grid: its name, header row and texts by column number, first and last row of data."""

    name: str
    header_row: int
    headers: dict[int, str]
    first_row: int
    last_row: int


class Grid(Protocol):
    """A sheet of cells; rows and columns count from 1."""

    @property
    def name(self) -> str:
        """The sheet's name."""

    def tables(self) -> list[GridTable]:
        """Its Excel tables."""

    def head(self) -> dict[int, dict[int, Any]]:
        """The filled cells of the first rows, by row and column number; row 0 holds headers given by the user."""

    def columns(
        self, first_row: int, last_row: int | None, numbers: Sequence[int]
    ) -> tuple[np.ndarray, list[Column]]:
        """Columns `numbers` of rows `first_row` to `last_row` (both included; None: to the end).

        Returns
        -------
        rows : int32 array, shape (n,), the numbers of the rows that hold something in these columns.
        columns : list of Column, each of length n.
        """

    def hidden_rows(self, first_row: int, last_row: int) -> int:
        """How many rows of a range are hidden or filtered away; 0 where nobody can say."""

    def our_columns(self) -> frozenset[int]:
        """The columns fenji added in an earlier run: they are never input."""


class SheetGrid:
    """A sheet of a workbook in any xlwings engine; `name` is how messages call it, if not by its own name."""

    def __init__(self, sheet: xw.Sheet, name: str | None = None) -> None:
        self.sheet = sheet
        self._name = name
        self._head: dict[int, dict[int, Any]] | None = None

    @property
    def name(self) -> str:
        return self._name or self.sheet.name

    def tables(self) -> list[GridTable]:
        found = []
        for table in self.sheet.tables:
            header, whole = table.header_row_range, table.range
            if header is None:
                continue
            texts = self._headers(header)
            last = whole.row + whole.rows.count - 1 - int(bool(table.show_totals))
            found.append(GridTable(table.name, header.row, texts, header.row + 1, last))
        return found

    def _headers(self, header: xw.Range) -> dict[int, str]:
        columns = range(header.column, header.column + header.columns.count)
        if header.row <= HEAD:
            cells = self.head().get(header.row, {})
        else:
            cells = dict(zip(columns, header.options(ndim=1).value, strict=True))
        return {c: display(cells[c]) for c in columns if cells.get(c) not in (None, "")}

    def head(self) -> dict[int, dict[int, Any]]:
        if self._head is None:
            self._head = self._read_head()
        return self._head

    def _read_head(self) -> dict[int, dict[int, Any]]:
        if hasattr(self.sheet.impl, "read_head"):  # the file engine, without reading the whole sheet
            return self.sheet.impl.read_head(HEAD)
        last = self.sheet.used_range.last_cell
        return _cells_by_number(self._values(1, min(HEAD, last.row), 1, last.column))

    def columns(
        self, first_row: int, last_row: int | None, numbers: Sequence[int]
    ) -> tuple[np.ndarray, list[Column]]:
        if hasattr(self.sheet.impl, "read_columns"):
            return self.sheet.impl.read_columns(first_row, last_row, list(numbers))
        last = last_row or self.sheet.used_range.last_cell.row
        if last < first_row:
            return np.empty(0, np.int32), [Column.empty(0) for _ in numbers]
        cells: dict[int, list[Any]] = {number: [] for number in numbers}
        left, right = min(numbers), max(numbers)
        for start in range(first_row, last + 1, CHUNK):
            for row in self._values(start, min(last, start + CHUNK - 1), left, right):
                for number, found in cells.items():
                    found.append(row[number - left])
        return filled_rows(first_row, [Column.from_values(cells[number]) for number in numbers])

    def hidden_rows(self, first_row: int, last_row: int) -> int:
        if hasattr(self.sheet.impl, "hidden_rows"):
            return self.sheet.impl.hidden_rows(first_row, last_row)
        return 0

    def our_columns(self) -> frozenset[int]:
        found = set()
        for name in self.sheet.book.names:
            if not name.name.rpartition("!")[2].startswith(OUR_COLUMN):
                continue
            try:
                cell = name.refers_to_range
            except Exception:  # the column was deleted: the name refers to nothing, in each host's own words
                continue
            if cell is not None and cell.sheet.name == self.name:
                found.add(cell.column)
        return frozenset(found)

    def _values(self, row1: int, row2: int, column1: int, column2: int) -> list[list[Any]]:
        return self.sheet.range((row1, column1), (row2, column2)).options(ndim=2).value


@dataclass(slots=True)
class ColumnsGrid:
    """Cells held in memory, as files that are no workbook are read.

    Attributes
    ----------
    name : of the file or of a sheet in it.
    cells : all columns, from column 1 on, each from row `first_row` on.
    first_row : number of the first row of `cells`.
    headers : headers that stand outside of the cells (given by the user, or by the file's format).
    excel_tables : its Excel tables, in files that have such.
    ours : columns that fenji added.
    """

    name: str
    cells: list[Column]
    first_row: int = 1
    headers: list[str] | None = None
    excel_tables: list[GridTable] = field(default_factory=list)
    ours: frozenset[int] = frozenset()

    def tables(self) -> list[GridTable]:
        return self.excel_tables

    def head(self) -> dict[int, dict[int, Any]]:
        if self.headers is not None:
            return {self.first_row - 1: {c: h for c, h in enumerate(self.headers, 1) if h.strip()}}
        n = min(HEAD, len(self.cells[0]) if self.cells else 0)
        values = [[column.value(i) for column in self.cells] for i in range(n)]
        rows = self._numbers()
        return {int(rows[i - 1]): cells for i, cells in _cells_by_number(values).items()}

    def columns(
        self, first_row: int, last_row: int | None, numbers: Sequence[int]
    ) -> tuple[np.ndarray, list[Column]]:
        rows = self._numbers()
        inside = (rows >= first_row) & (rows <= (last_row or rows[-1])) if len(rows) else np.zeros(0, bool)
        n = len(rows)
        chosen = [self.cells[k - 1] if k <= len(self.cells) else Column.empty(n) for k in numbers]
        filled = np.zeros(n, bool)
        for column in chosen:
            filled |= column.kind != Kind.EMPTY
        keep = inside & filled
        return rows[keep].astype(np.int32), [c.take(keep) for c in chosen]

    def hidden_rows(self, first_row: int, last_row: int) -> int:
        return 0

    def our_columns(self) -> frozenset[int]:
        return self.ours

    def _numbers(self) -> np.ndarray:
        return np.arange(self.first_row, self.first_row + (len(self.cells[0]) if self.cells else 0))


def filled_rows(first_row: int, columns: list[Column]) -> tuple[np.ndarray, list[Column]]:
    """The rows in which a column holds something, with their numbers."""
    filled = np.zeros(len(columns[0]), bool)
    for column in columns:
        filled |= column.kind != Kind.EMPTY
    rows = np.flatnonzero(filled)
    return (rows + first_row).astype(np.int32), [c.take(rows) for c in columns]


def _cells_by_number(values: list[list[Any]]) -> dict[int, dict[int, Any]]:
    found = {
        r: {c: v for c, v in enumerate(row, 1) if v is not None and v != ""}
        for r, row in enumerate(values, 1)
    }
    return {r: cells for r, cells in found.items() if cells}
