"""The cells of one sheet: what the file holds, and above it what was changed since.

Reading and writing go through here; `flush` puts the changes into the package's part.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from lxml import etree

from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area, check_inside, parse_area
from addin.hosts.xlsx.cell_changes import CellChanges
from addin.hosts.xlsx.cell_values import Formula, date_format, plain, unescape
from addin.hosts.xlsx.column_data import ColumnData
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.part_packing import packer
from addin.hosts.xlsx.shared_formulas import translated
from addin.hosts.xlsx.sheet_columns import split_column
from addin.hosts.xlsx.sheet_part import SheetPart
from addin.hosts.xlsx.sheet_rows import CellReader, LoadedRows, RawCell, SheetRows, formula_element
from addin.hosts.xlsx.sheet_survey import used_range
from addin.hosts.xlsx.sheet_writer import Out, SheetWriter
from addin.hosts.xlsx.styles import Change, Styles
from udfs.texts import FenjiError

# Rows taken apart and kept, for reading cell by cell.
ROWS_KEPT = 5_000
# Writes of at most this many cells are kept cell by cell.
SMALL = 64
_MARK = re.compile(rb'\bcm="(\d+)"')


class SheetCells:
    """Cells of one worksheet part.

    Parameters
    ----------
    package, part : where the sheet is.
    styles : the workbook's styles.
    reader : makes values of the file's cells.
    date1904 : the workbook counts days from 1904.
    title : gives the sheet's name, for messages.
    """

    def __init__(
        self,
        package: Package,
        part: str,
        styles: Styles,
        reader: CellReader,
        date1904: bool,
        title: Callable[[], str],
    ) -> None:
        self.package = package
        self.name = part
        self.styles = styles
        self.reader = reader
        self.date1904 = date1904
        self.title = title
        self.changes = CellChanges()
        self.formulas_gone = False
        self._part: SheetPart | None = None
        self._rows: LoadedRows | None = None
        self._cells: dict[int, dict[int, RawCell]] = {}
        self._used: Area | Literal[False] | None = None

    # -- what the file holds ------------------------------------------------------------------------------

    @property
    def part(self) -> SheetPart:
        """The worksheet part; its `root` may be changed in place."""
        if self._part is None:
            self._part = SheetPart(self.package.content(self.name), self.package.file, self.name)
        return self._part

    @property
    def root(self) -> etree._Element:
        """The worksheet's tree without its cells; change it in place."""
        return self.part.root

    @property
    def rows(self) -> LoadedRows:
        """The rows as they stand in the file."""
        if self._rows is None:
            self._rows = self._loaded_rows()
        return self._rows

    def _loaded_rows(self) -> LoadedRows:
        part = self.part
        return LoadedRows(part.pieces(), lambda: part.rows, part.prefix, (part.file, part.name))

    @property
    def is_changed(self) -> bool:
        """Whether the part must be written anew."""
        return bool(self.changes) or (self._part is not None and self._part.changed())

    @property
    def is_loaded(self) -> bool:
        """Whether the part was read, all but the rows of a large one."""
        return self._part is not None

    def _row_cells(self, row: int) -> dict[int, RawCell]:
        if row not in self._cells:
            raw = self.rows.raw(row)
            if len(self._cells) > ROWS_KEPT:
                self._cells.clear()
            self._cells[row] = {} if raw is None else {cell.column: cell for cell in self.rows.cells(raw)}
        return self._cells[row]

    # -- reading --------------------------------------------------------------------------------------------

    def value(self, row: int, column: int) -> Any:
        """What a cell shows: None, str, float, bool, datetime or CellError."""
        changed, value = self.changes.value(row, column)
        if changed:
            return _as_read(value)
        cell = self._row_cells(row).get(column)
        return None if cell is None else self.reader.value(cell)

    def values(self, area: Area) -> list[list[Any]]:
        """What the cells of an area show, row by row."""
        result = [[None] * area.shape[1] for _ in range(area.shape[0])]
        for number, raw in self.rows.between(area.row1, area.row2):
            row = result[number - area.row1]
            for cell in self.rows.cells(raw):
                if area.column1 <= cell.column <= area.column2:
                    row[cell.column - area.column1] = self.reader.value(cell)
        self._lay_over(area, result)
        return result

    def _lay_over(self, area: Area, result: list[list[Any]]) -> None:
        for block in self.changes.blocks:
            if not block.area.intersects(area):
                continue
            first, last = max(area.row1, block.area.row1), min(area.row2, block.area.row2)
            for column in range(
                max(area.column1, block.area.column1), min(area.column2, block.area.column2) + 1
            ):
                values: Sequence[Any] = [None] * (last - first + 1)
                if block.columns is not None:
                    data = block.columns[column - block.area.column1]
                    values = data.values(first - block.area.row1, last - block.area.row1 + 1)
                for i, value in enumerate(values):
                    result[first - area.row1 + i][column - area.column1] = _as_read(value)
        for row, cells in self.changes.cells.items():
            if area.row1 <= row <= area.row2:
                for column, value in cells.items():
                    if area.column1 <= column <= area.column2:
                        result[row - area.row1][column - area.column1] = _as_read(value)

    def formula(self, row: int, column: int) -> Formula | None:
        """A cell's formula, None where it holds none."""
        changed, value = self.changes.value(row, column)
        if changed:
            return value if isinstance(value, Formula) else None
        cell = self._row_cells(row).get(column)
        found = formula_element(cell.inner) if cell is not None else None
        if cell is None or found is None:
            return None
        attributes, text = found
        if not text and attributes.get("t") == "shared":
            text = self._shared_text(attributes["si"], row, column)
        if attributes.get("t") != "array":
            return Formula(text, self.reader.value(cell))
        mark = _MARK.search(cell.attributes)
        number = mark[1].decode() if mark else None
        return Formula(text, self.reader.value(cell), attributes.get("ref"), number)

    def _shared_text(self, number: str, row: int, column: int) -> str:
        mark = re.compile(
            rb'r="([A-Z]+\d+)"[^>]*>\s*<(?:[\w.\-]+:)?f\s(?=[^>]*\bref=)(?=[^>]*\bsi="'
            + number.encode()
            + rb'")[^>]*[^/]>([^<]+)<'
        )
        for piece in self.rows.up_to(row):
            found = mark.search(piece.data)
            if found is not None:
                here = Area(row, column, row, column).ref
                return translated(unescape(found[2]), found[1].decode(), here)
        return ""

    def style(self, row: int, column: int) -> int:
        """The style number of a cell, its own or that of its row or column."""
        cell = self._row_cells(row).get(column)
        if cell is not None:
            base = cell.style
        else:
            base = self.column_style(column)
        style = self.styles.derive_all(base, self.changes.style_changes(row, column, self.changes.rules))
        changed, value = self.changes.value(row, column)
        if changed:
            code = date_format(value.value if isinstance(value, Formula) else value)
            if code:
                style = self.styles.derive(style, ("date_format", "", code))
        return style

    def column_style(self, column: int) -> int:
        """The style of a column, which its new cells take."""
        columns = self.part.child("cols")
        for element in () if columns is None else columns:
            if int(element.get("min") or 0) <= column <= int(element.get("max") or 0):
                return int(element.get("style") or 0)
        return 0

    def used_area(self) -> Area | None:
        """The smallest area around all cells that have contents or a format; None for an empty sheet."""
        area = self._file_area()
        changed = self.changes.bounds()
        if area is None or changed is None:
            return area or changed
        return area.united(changed)

    def _file_area(self) -> Area | None:
        if self._used is None:
            self._used = self._survey() if self.part.is_large else self._search()
        return self._used or None

    def _survey(self) -> Area | Literal[False]:
        """The area of cells with contents, by a fast look over a large sheet."""
        found = used_range(self.package, self.name)
        return Area(*found) if found else False

    def _search(self) -> Area | Literal[False]:
        found = [piece for piece in self.rows.all() if len(piece.cell_starts)]
        if not found:
            return False
        columns = [
            column for piece in found for column in (piece.cell_columns.min(), piece.cell_columns.max())
        ]
        first, last = found[0].row_of_cell(0), found[-1].row_of_cell(-1)
        return Area(first, int(min(columns)), last, int(max(columns)))

    # -- writing --------------------------------------------------------------------------------------------

    def check_open(self) -> None:
        """Refuses changes of a protected sheet."""
        protection = self.part.child("sheetProtection")
        if protection is not None and protection.get("sheet") in ("1", "true"):
            raise FenjiError(
                zh=f"工作表“{self.title()}”受保护，不能改动。请在 Excel 的“审阅”里撤销工作表保护，然后重试。",
                en=f"The sheet '{self.title()}' is protected. "
                "Remove its protection in Excel (Review, Unprotect Sheet) and try again.",
            )

    def write(self, area: Area, rows: Sequence[Sequence[Any]]) -> None:
        """Values for an area, row by row."""
        check_inside(area)
        self.check_open()
        if area.shape[0] * area.shape[1] <= SMALL:
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    self.changes.set_cell(area.row1 + i, area.column1 + j, plain(value))
            return
        columns = [ColumnData([row[j] for row in rows]) for j in range(area.shape[1])]
        self.changes.set_block(area, columns)

    def fill(self, area: Area, value: Any) -> None:
        """One value for every cell of an area."""
        rows, columns = area.shape
        if value is None or value == "":
            self.clear_contents(area)
        elif rows * columns <= SMALL:
            self.write(area, [[value] * columns] * rows)
        else:
            check_inside(area)
            self.check_open()
            data = ColumnData(np.full(rows, value) if isinstance(value, float) else [value] * rows)
            self.changes.set_block(area, [data] * columns)

    def write_columns(self, area: Area, columns: Sequence[Any]) -> None:
        """Values for an area, column by column: arrays, series or lists of the area's height."""
        check_inside(area)
        self.check_open()
        self.changes.set_block(area, [ColumnData(column) for column in columns])

    def clear_contents(self, area: Area) -> None:
        """Takes the values of an area; formats stay."""
        self.check_open()
        rows, columns = area.shape
        if rows * columns <= SMALL:
            for row in range(area.row1, area.row2 + 1):
                for column in range(area.column1, area.column2 + 1):
                    self.changes.set_cell(row, column, None)
        else:
            self.changes.set_block(area, None)

    def restyle(self, area: Area, *changes: Change) -> None:
        """Changes the style of all cells of an area; whole columns keep it for cells to come."""
        self.check_open()
        for change in changes:
            self.changes.restyle(area, change)
            if area.shape[0] == MAX_ROW:
                self._restyle_columns(area, change)

    def _restyle_columns(self, area: Area, change: Change) -> None:
        last = area.column2 if area.column2 < MAX_COLUMN else MAX_COLUMN
        for element in split_column(self.part, area.column1, last):
            style = self.styles.derive(int(element.get("style") or 0), change)
            element.set("style", str(style))

    # -- to the package ---------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Puts the changes into the package's part and starts anew from it."""
        if not self.is_changed:
            return
        with packer() as packed:
            self.write_to(packed.write)
            self.package.write(self.name, packed.finish())
        self.start_anew()

    def rewrite(self, rows: Callable[[Iterable[SheetRows]], Iterable[bytes]]) -> None:
        """Writes the part with its rows as `rows` makes them of the old ones; there must be no changes waiting."""
        assert not self.changes, "flush first"
        before, after = self.part.frame()
        with packer() as packed:
            packed.write(before)
            for piece in rows(self.row_pieces()):
                packed.write(piece)
            packed.write(after)
            self.package.write(self.name, packed.finish())
        self.start_anew()

    def write_to(self, out: Out) -> None:
        """Hands the part with its changes to `out`."""
        part = self.part
        self._update_dimension()
        before, after = part.frame()
        out(before)
        if self.changes:
            writer = SheetWriter(self.changes, self.styles, self.column_style, self.date1904, part.prefix)
            writer.write(self.row_pieces(), out, self.title)
            self.formulas_gone = self.formulas_gone or writer.formulas_gone
        else:
            for piece in part.pieces():
                out(piece)
        out(after)

    def row_pieces(self) -> Iterable[SheetRows]:
        """All rows as they stand in the file; those of large sheets are not kept."""
        if not self.part.is_large:
            return self.rows.all()
        return self._large_pieces()

    def _large_pieces(self) -> Iterator[SheetRows]:
        rows = self._loaded_rows()
        done = 0
        while True:
            loaded = rows.up_to(done + 1)
            if not loaded or int(loaded[-1].numbers[-1]) <= done:
                return
            piece = loaded.pop()
            if done and int(piece.numbers[0]) <= done:
                raise FenjiError(
                    zh=f"工作表“{self.title()}”的行没有按顺序存放，且数据太多，无法改动。请在 Excel 中打开并另存一次。",
                    en=f"The rows of sheet '{self.title()}' are not stored in order, and there are too many to be "
                    "changed like this. Open the workbook in Excel and save it once.",
                )
            done = int(piece.numbers[-1])
            yield piece

    def start_anew(self) -> None:
        """Forgets changes, and what was read of the part."""
        self.changes = CellChanges()
        self._part = self._rows = self._used = None
        self._cells = {}

    def _update_dimension(self) -> None:
        changed = self.changes.bounds()
        element = self.part.child("dimension")
        if changed is None or element is None:
            return
        try:
            known = parse_area(element.get("ref") or "")
        except ValueError:
            return
        empty = known.shape == (1, 1) and not self.part.is_large and not self.rows.all()
        united = changed if empty else known.united(changed)
        if united != known:
            element.set("ref", united.ref)


def _as_read(value: Any) -> Any:
    """A written value as reading gives it back: numbers as float, dates as datetime."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value
