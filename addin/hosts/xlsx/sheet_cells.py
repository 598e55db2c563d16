"""The cells of one sheet: what the file holds, and above it what was changed since.

Reading and writing go through here; `flush` puts the changes into the package's part.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area, check_inside, parse_area
from addin.hosts.xlsx.cell_changes import CellChanges
from addin.hosts.xlsx.cell_values import Formula, plain
from addin.hosts.xlsx.column_data import ColumnData
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.sheet_part import SheetPart
from addin.hosts.xlsx.sheet_rows import CellReader, RawCell, SheetRows, formula_element
from addin.hosts.xlsx.sheet_writer import SheetWriter
from addin.hosts.xlsx.styles import Change, Styles
from udfs.texts import FenjiError

# Writes of at most this many cells are kept cell by cell.
SMALL = 64
_COLUMN_OF_CELL = re.compile(rb'c r="([A-Z]+)')
_ARRAY = re.compile(rb'<(?:[\w.\-]+:)?f\s[^>]*?t="(?:array|dataTable)"[^>]*')
_REF = re.compile(rb'\bref="([A-Z0-9:]+)"')


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
        self._rows: SheetRows | None = None
        self._cells: dict[int, dict[int, RawCell]] = {}

    # -- what the file holds ------------------------------------------------------------------------------

    @property
    def part(self) -> SheetPart:
        """The worksheet part; its `root` may be changed in place."""
        if self._part is None:
            self._part = SheetPart(self.package.read(self.name), self.package.file, self.name)
        return self._part

    @property
    def root(self) -> etree._Element:
        """The worksheet's tree without its cells; change it in place."""
        return self.part.root

    @property
    def rows(self) -> SheetRows:
        """The rows as they stand in the file."""
        if self._rows is None:
            self._rows = SheetRows(self.part.rows, self.part.prefix)
        return self._rows

    @property
    def is_changed(self) -> bool:
        """Whether the part must be written anew."""
        return bool(self.changes) or (self._part is not None and self._part.changed())

    def _row_cells(self, row: int) -> dict[int, RawCell]:
        if row not in self._cells:
            raw = self.rows.raw(row)
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
        return Formula(
            text, self.reader.value(cell), attributes.get("ref") if attributes.get("t") == "array" else None
        )

    def _shared_text(self, number: str, row: int, column: int) -> str:
        from addin.hosts.xlsx.shared_formulas import translated

        mark = re.compile(
            rb'r="([A-Z]+\d+)"[^>]*>\s*<(?:[\w.\-]+:)?f\s(?=[^>]*\bref=)(?=[^>]*\bsi="'
            + number.encode()
            + rb'")[^>]*[^/]>([^<]+)<'
        )
        found = mark.search(self.rows.data)
        if found is None:
            return ""
        from addin.hosts.xlsx.cell_values import unescape

        return translated(unescape(found[2]), found[1].decode(), Area(row, column, row, column).ref)

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
            from addin.hosts.xlsx.cell_values import date_format

            code = date_format(value.value if isinstance(value, Formula) else value)
            if code:
                style = self.styles.derive(style, ("date_format", "", code))
        return style

    def column_style(self, column: int) -> int:
        """The style of a column, which its new cells take."""
        for element in ooxml.children(self.part.child("cols"), "col"):
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
        rows = self.rows
        if not len(rows.numbers):
            return None
        columns = {m[1] for m in _COLUMN_OF_CELL.finditer(rows.data)}
        if not columns:
            return None
        from addin.hosts.xlsx.addresses import column_number

        numbers = [column_number(c.decode()) for c in columns]
        filled = [int(n) for n in rows.numbers if b"c r=" in (rows.raw(int(n)) or b"")]
        return Area(filled[0], min(numbers), filled[-1], max(numbers))

    # -- writing --------------------------------------------------------------------------------------------

    def check_open(self) -> None:
        """Refuses changes of a protected sheet."""
        protection = self.part.child("sheetProtection")
        if protection is not None and protection.get("sheet") in ("1", "true"):
            raise FenjiError(
                zh=f"工作表“{self.title()}”受保护,不能改动。请在 Excel 的“审阅”里撤销工作表保护,然后重试。",
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
        from addin.hosts.xlsx.sheet_columns import split_column

        last = area.column2 if area.column2 < MAX_COLUMN else MAX_COLUMN
        for element in split_column(self.part, area.column1, last):
            style = self.styles.derive(int(element.get("style") or 0), change)
            element.set("style", str(style))

    # -- to the package ---------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Puts the changes into the package's part and starts anew from it."""
        if not self.is_changed:
            return
        pieces: list[bytes] = []
        self.write_to(pieces.append)
        self.package.write(self.name, lambda out: out.writelines(pieces))
        self.start_anew()

    def write_to(self, out: Callable[[bytes], object]) -> None:
        """Hands the part with its changes to `out`."""
        self._check_arrays()
        writer = SheetWriter(self.rows, self.changes, self.styles, self.column_style, self.date1904)
        self._update_dimension()
        before, after = self.part.frame()
        out(before)
        writer.write(out)
        out(after)
        self.formulas_gone = self.formulas_gone or writer.formulas_gone

    def start_anew(self) -> None:
        """Forgets changes, and what was read of the part."""
        self.changes = CellChanges()
        self._part = self._rows = None
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
        empty = known.shape == (1, 1) and not len(self.rows.numbers)
        united = changed if empty else known.united(changed)
        if united != known:
            element.set("ref", united.ref)

    def _check_arrays(self) -> None:
        """Refuses changes of a part of an array formula's cells, as Excel does."""
        for match in _ARRAY.finditer(self.rows.data):
            found = _REF.search(match[0])
            if found is None or b":" not in found[1]:
                continue
            area = parse_area(found[1].decode())
            cells = [
                self.changes.value(r, c)[0]
                for r in range(area.row1, min(area.row2, area.row1 + 10_000) + 1)
                for c in range(area.column1, area.column2 + 1)
            ]
            if any(cells) and not all(cells):
                raise FenjiError(
                    zh=f"工作表“{self.title()}”的 {area.ref} 是一个数组公式,只能整体改动。请先删除该公式或换一个位置。",
                    en=f"{area.ref} on sheet '{self.title()}' holds one array formula, which can only be changed "
                    "as a whole. Delete the formula first, or write elsewhere.",
                )


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
