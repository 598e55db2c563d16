"""A range: one rectangle of a sheet's cells."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.xlsx import hyperlinks, merged_cells, navigation, sheet_columns, sheet_heights
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area, parse_area
from addin.hosts.xlsx.cell_values import plain
from addin.hosts.xlsx.formulas import quote_sheet
from addin.hosts.xlsx.range_editing import RangeEditing
from addin.hosts.xlsx.range_filling import RangeFilling
from addin.hosts.xlsx.range_formats import RangeFormats
from addin.hosts.xlsx.range_formulas import RangeFormulas, as_rows
from addin.hosts.xlsx.range_shifting import RangeShifting
from addin.hosts.xlsx.unsupported import complete
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.conditional_formats import ConditionalFormats
    from addin.hosts.xlsx.data_validation import DataValidation
    from addin.hosts.xlsx.names import Name
    from addin.hosts.xlsx.notes import Note
    from addin.hosts.xlsx.sheet import Sheet
    from addin.hosts.xlsx.tables import Table

# Reading one by one more cells than this is a mistake: a whole empty column, not data.
READ_LIMIT = 50_000_000


@complete
class Range(RangeFormats, RangeFormulas, RangeEditing, RangeShifting, RangeFilling, base_classes.Range):
    """One rectangle of cells; an empty one has a shape with a zero in it.

    Attributes
    ----------
    where : the area; for an empty range the area of its top left cell.
    """

    max_cells_per_read = None
    max_cells_per_write = None
    has_array = False
    options: dict[str, Any]

    def __init__(self, sheet: Sheet, area: Area, shape: tuple[int, int] | None = None) -> None:
        self._sheet = sheet
        self.where = area
        self._shape = shape or area.shape
        self.options = {}

    # -- what it is ----------------------------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def api(self) -> Range | None:
        return self if len(self) else None

    @property
    def coords(self) -> tuple[Sheet, int, int, int, int]:
        return (self._sheet, self.row, self.column, *self.shape)

    @property
    def row(self) -> int:
        return self.where.row1

    @property
    def column(self) -> int:
        return self.where.column1

    @property
    def shape(self) -> tuple[int, int]:
        return self._shape

    def __len__(self) -> int:
        return self._shape[0] * self._shape[1]

    def __bool__(self) -> bool:
        return True

    @property
    def address(self) -> str:
        return self.where.address()

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        address = self.where.address(row_absolute, col_absolute)
        if not external:
            return address
        where = f"[{self._sheet.book.name}]{self._sheet.name}"
        plain_names = quote_sheet(self._sheet.name) == self._sheet.name and " " not in where
        return f"{where}!{address}" if plain_names else f"'{where}'!{address}"

    @property
    def arg1_input(self) -> str:
        return self.address

    def __call__(self, arg1: Any, arg2: Any = None) -> Range:
        if arg2 is None:
            if not isinstance(arg1, numbers.Integral):
                return make_range(self._sheet, arg1)
            row, column = divmod(int(arg1) - 1, self.shape[1])
        else:
            row, column = arg1 - 1, arg2 - 1
        return make_range(self._sheet, (self.row + row, self.column + column))

    @property
    def rows(self) -> list[Range]:
        first, last = self.where.row1, self.where.row2
        return [self._part(r, self.where.column1, r, self.where.column2) for r in range(first, last + 1)]

    @property
    def columns(self) -> list[Range]:
        first, last = self.where.column1, self.where.column2
        return [self._part(self.where.row1, c, self.where.row2, c) for c in range(first, last + 1)]

    def _part(self, row1: int, column1: int, row2: int, column2: int) -> Range:
        return Range(self._sheet, Area(row1, column1, row2, column2))

    def select(self) -> None:
        """A file has no selection worth keeping."""

    # -- values ----------------------------------------------------------------------------------------------

    @property
    def raw_value(self) -> Any:
        cells = self._sheet.cells_store
        if not len(self):
            return None
        if self.shape == (1, 1):
            return cells.value(self.row, self.column)
        if len(self) > READ_LIMIT:
            raise FenjiError(
                zh=f"{self.address} 有 {len(self)} 个单元格，一次读取太多。请只读取有数据的区域。",
                en=f"{self.address} has {len(self)} cells, too many to read at once. Read the area with data only.",
            )
        return cells.values(self.where)

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        if not len(self):
            return
        cells = self._sheet.cells_store
        if not isinstance(value, (list, tuple)):
            cells.fill(self.where, plain(value))
            return
        rows = as_rows(value, self.shape)
        height, width = len(rows), len(rows[0]) if rows else 0
        if height and width:
            cells.write(Area(self.row, self.column, self.row + height - 1, self.column + width - 1), rows)

    def write_columns(
        self, columns: Sequence[Any], number_formats: Sequence[str | None] | None = None
    ) -> None:
        """Writes whole columns, much faster than `value`: the fast path for tables.

        Parameters
        ----------
        columns : numpy arrays, pandas series, lists or `Column`s of equal length, from the range's top left cell
            on. NaN, NaT and None leave the cell empty.
        number_formats : a number format by column, None where it stays.
        """
        height = len(columns[0]) if columns else 0
        if not height:
            return
        last_row, last_column = self.row + height - 1, self.column + len(columns) - 1
        area = Area(self.row, self.column, last_row, last_column)
        cells = self._sheet.cells_store
        cells.write_columns(area, columns)
        for k, code in enumerate(number_formats or []):
            if code:
                column = self.column + k
                cells.restyle(Area(self.row, column, last_row, column), ("number_format", "", code))

    def clear_contents(self) -> None:
        if len(self):
            self._sheet.cells_store.clear_contents(self.where)

    def clear_formats(self) -> None:
        if len(self):
            self._sheet.cells_store.restyle(self.where, ("style", "", 0))

    def clear(self) -> None:
        self.clear_contents()
        self.clear_formats()
        merged_cells.unmerge(self._sheet.cells_store.part, self.where)
        hyperlinks.remove(self._sheet, self.where)

    # -- where data ends ------------------------------------------------------------------------------------

    def end(self, direction: str) -> Range:
        row, column = navigation.end(self._sheet.cells_store, self.row, self.column, direction)
        return self._part(row, column, row, column)

    @property
    def current_region(self) -> Range:
        return Range(self._sheet, navigation.current_region(self._sheet.cells_store, self.where))

    # -- sizes ----------------------------------------------------------------------------------------------

    @property
    def column_width(self) -> float | None:
        part = self._sheet.cells_store.part
        widths = {sheet_columns.width(part, c) for c in self._column_numbers()}
        return widths.pop() if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._sheet.cells_store.check_open()
        sheet_columns.set_width(
            self._sheet.cells_store.part, self.where.column1, self.where.column2, float(value)
        )

    @property
    def row_height(self) -> float | None:
        heights = {sheet_heights.height(self._sheet.cells_store, r) for r in self._row_numbers()}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        sheet_heights.set_height(self._sheet.cells_store, self._row_numbers(), float(value))

    @property
    def row_hidden(self) -> bool | None:
        hidden = {sheet_heights.is_hidden(self._sheet.cells_store, r) for r in self._row_numbers()}
        return hidden.pop() if len(hidden) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        sheet_heights.set_hidden(self._sheet.cells_store, self._row_numbers(), bool(value))

    @property
    def column_hidden(self) -> bool | None:
        part = self._sheet.cells_store.part
        hidden = {sheet_columns.is_hidden(part, c) for c in self._column_numbers()}
        return hidden.pop() if len(hidden) == 1 else None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self._sheet.cells_store.check_open()
        sheet_columns.set_hidden(
            self._sheet.cells_store.part, self.where.column1, self.where.column2, bool(value)
        )

    @property
    def width(self) -> float:
        part = self._sheet.cells_store.part
        return sum(sheet_columns.points(part, c) for c in self._column_numbers())

    @property
    def height(self) -> float:
        return sheet_heights.points(self._sheet.cells_store, self.where.row1, self.where.row2)

    @property
    def left(self) -> float:
        part = self._sheet.cells_store.part
        return sum(sheet_columns.points(part, c) for c in range(1, self.where.column1))

    @property
    def top(self) -> float:
        return sheet_heights.points(self._sheet.cells_store, 1, self.where.row1 - 1)

    def autofit(self, axis: str | None = None) -> None:
        from addin.hosts.xlsx.autofit import column_widths

        used = self._sheet.cells_store.used_area()
        if used is None or axis in ("rows", "r"):
            return
        rows = (max(self.where.row1, used.row1), min(self.where.row2, used.row2))
        columns = (max(self.where.column1, used.column1), min(self.where.column2, used.column2))
        if rows[0] <= rows[1] and columns[0] <= columns[1]:
            column_widths(self._sheet, Area(rows[0], columns[0], rows[1], columns[1]))

    # -- merged cells, links, names, tables ------------------------------------------------------------------

    @property
    def merge_area(self) -> Range:
        return Range(self._sheet, merged_cells.area_of(self._sheet.cells_store.part, self.where))

    @property
    def merge_cells(self) -> bool:
        return merged_cells.any_in(self._sheet.cells_store.part, self.where)

    def merge(self, across: bool = False) -> None:
        cells = self._sheet.cells_store
        cells.check_open()
        areas = [r.where for r in self.rows] if across else [self.where]
        for area in areas:
            merged_cells.merge(cells, area)

    def unmerge(self) -> None:
        self._sheet.cells_store.check_open()
        merged_cells.unmerge(self._sheet.cells_store.part, self.where)

    @property
    def hyperlink(self) -> str:
        found = hyperlinks.find(self._sheet, self.where)
        if found is None:
            raise ValueError(f"the cell {self.address} has no hyperlink")
        return found

    @property
    def note(self) -> Note | None:
        from addin.hosts.xlsx.notes import note_at

        return note_at(self._sheet, self.where)

    def add_note(self, text: str) -> Note:
        from addin.hosts.xlsx.notes import add_note

        return add_note(self._sheet, self.where, text)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        from addin.hosts.xlsx.conditional_formats import ConditionalFormats

        return ConditionalFormats(self)

    @property
    def data_validation(self) -> DataValidation:
        from addin.hosts.xlsx.data_validation import DataValidation

        return DataValidation(self)

    def add_hyperlink(
        self, address: str, text_to_display: str | None = None, screen_tip: str | None = None
    ) -> None:
        self._sheet.cells_store.check_open()
        hyperlinks.add(self._sheet, self.where, address, screen_tip)
        if text_to_display is not None:
            self.raw_value = text_to_display

    @property
    def name(self) -> Name | None:
        return self._sheet.book.names.of_area(self._sheet, self.where)

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.book.names.add(value, f"={quote_sheet(self._sheet.name)}!{self.address}")

    @property
    def table(self) -> Table | None:
        for table in self._sheet.tables:
            if table.area.contains(Area(self.row, self.column, self.row, self.column)):
                return table
        return None


def make_range(sheet: Sheet, arg1: Any, arg2: Any = None) -> Range:
    """The range xlwings means with `sheet.range(arg1, arg2)`."""
    if isinstance(arg1, tuple) and len(arg1) == 4:
        row, column, height, width = arg1
        area = Area(row, column, row + max(height, 1) - 1, column + max(width, 1) - 1)
        return Range(sheet, area, (height, width))
    if isinstance(arg1, numbers.Integral) and isinstance(arg2, numbers.Integral):
        arg1, arg2 = (int(arg1), int(arg2)), None
    first = _corner(sheet, arg1)
    if arg2 is None:
        return first
    second = _corner(sheet, arg2)
    return Range(first.sheet, first.where.united(second.where))


def _corner(sheet: Sheet, arg: Any) -> Range:
    if isinstance(arg, Range):
        return arg
    if isinstance(arg, tuple):
        if 0 in arg:
            raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
        row, column = arg
        if row > MAX_ROW or column > MAX_COLUMN or row < 1 or column < 1:
            raise IndexError(f"row {row}, column {column} lies outside the sheet")
        return Range(sheet, Area(row, column, row, column))
    text = str(arg)
    try:
        return Range(sheet, parse_area(text))
    except ValueError:
        from addin.hosts.xlsx.names import resolve

        return resolve(sheet, text)
