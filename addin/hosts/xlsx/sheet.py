"""A worksheet."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import calculation, formulas, ooxml, sheet_list, sheet_view
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area
from addin.hosts.xlsx.autofit import column_widths
from addin.hosts.xlsx.chart_refreshing import changed_areas
from addin.hosts.xlsx.copying import copy_sheets
from addin.hosts.xlsx.reading import hidden_rows, read_columns
from addin.hosts.xlsx.removing import delete_sheet
from addin.hosts.xlsx.sheet_cells import SheetCells
from addin.hosts.xlsx.sheet_head import read_header_rows
from addin.hosts.xlsx.unsupported import complete
from udfs.cleaning.columns import Column
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.charts import Charts
    from addin.hosts.xlsx.comments import Comment
    from addin.hosts.xlsx.names import Names
    from addin.hosts.xlsx.notes import Note
    from addin.hosts.xlsx.page_setup import PageSetup
    from addin.hosts.xlsx.pictures import Pictures
    from addin.hosts.xlsx.pivots import PivotTables
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.shapes import Shapes
    from addin.hosts.xlsx.tables import Tables


@complete
class Sheet(base_classes.Sheet):
    """One worksheet.

    Attributes
    ----------
    part : name of its part in the package.
    is_new : added since the workbook was opened or saved.
    cells_store : its cells, read and changed.
    """

    def __init__(self, book: Book, part: str) -> None:
        self._book = book
        self.part = part
        self.is_new = False
        self._line: etree._Element | None = None
        self.cells_store = SheetCells(
            book.package, part, book.styles, book.reader, book.date1904, lambda: self.name
        )

    @property
    def entry(self) -> sheet_list.SheetEntry:
        """Its line in the list of sheets."""
        for entry in sheet_list.entries(self._book.package):
            if entry.part == self.part:
                return entry
        raise FenjiError(
            zh="这个工作表已被删除。请重新从工作簿取得工作表。",
            en="This sheet was deleted. Take the sheet from the workbook again.",
        )

    @property
    def root(self) -> etree._Element:
        """The worksheet's tree without its cells; change it in place."""
        return self.cells_store.root

    @property
    def api(self) -> SheetCells:
        return self.cells_store

    @property
    def book(self) -> Book:
        return self._book

    @property
    def index(self) -> int:
        return [e.part for e in self._book.sheets.entries()].index(self.part) + 1

    @property
    def name(self) -> str:
        # Names are asked for very often: the line found once is used while it stands in the list.
        line = self._line
        if line is None or line.getparent() is None or line.getroottree().getroot() is not self._book.root:
            line = self._line = self._element()
        return line.get("name", "")

    @name.setter
    def name(self, value: str) -> None:
        from addin.hosts.xlsx.book import check_sheet_name
        from addin.hosts.xlsx.renaming import rename_sheet

        old = self.name
        if value == old:
            return
        self._book.check_structure()
        check_sheet_name(self._book, value)
        taken = sheet_list.entry(self._book.package, value)
        if taken is not None and taken.part != self.part:
            raise ValueError(f"a sheet named '{value}' exists already")
        rename_sheet(self._book, old, value)

    @property
    def visible(self) -> bool:
        return self.entry.state == "visible"

    @visible.setter
    def visible(self, value: bool | str) -> None:
        """True, False, or "veryHidden" for a sheet people cannot show again from Excel's menus."""
        state = value if isinstance(value, str) else "visible" if value else "hidden"
        package = self._book.package
        if state != "visible":
            others = [e for e in sheet_list.entries(package) if e.part != self.part and e.state == "visible"]
            if not others:
                raise FenjiError(
                    zh=f"“{self.name}”是唯一可见的工作表，不能隐藏。请先显示另一个工作表。",
                    en=f"'{self.name}' is the only visible sheet and cannot be hidden. Show another one first.",
                )
        element = self._element()
        if state == "visible":
            element.attrib.pop("state", None)
        else:
            element.set("state", str(state))
        package.changed(package.workbook_part)

    def _element(self) -> etree._Element:
        sheets = ooxml.children(ooxml.child(self._book.root, "sheets"), "sheet")
        return sheets[self.entry.position]

    @property
    def names(self) -> Names:
        from addin.hosts.xlsx.names import Names

        return Names(self._book, self)

    @property
    def tables(self) -> Tables:
        from addin.hosts.xlsx.tables import Tables

        return Tables(self)

    # -- what stands on it ----------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        from addin.hosts.xlsx.charts import Charts

        return Charts(self)

    @property
    def pictures(self) -> Pictures:
        from addin.hosts.xlsx.pictures import Pictures

        return Pictures(self)

    @property
    def pivot_tables(self) -> PivotTables:
        from addin.hosts.xlsx.pivots import PivotTables

        return PivotTables(self)

    @property
    def notes(self) -> list[Note]:
        from addin.hosts.xlsx.notes import notes

        return notes(self)

    @property
    def comments(self) -> list[Comment]:
        from addin.hosts.xlsx.comments import comments

        return comments(self)

    @property
    def shapes(self) -> Shapes:
        from addin.hosts.xlsx.shapes import Shapes

        return Shapes(self)

    # -- how it is shown and printed ------------------------------------------------------------------------

    @property
    def freeze_panes(self) -> sheet_view.FreezePanes:
        return sheet_view.FreezePanes(self)

    @property
    def show_gridlines(self) -> bool:
        return sheet_view.show_gridlines(self.root)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        sheet_view.set_show_gridlines(self.root, value)

    @property
    def tab_color(self) -> tuple[int, int, int] | None:
        """The colour of the sheet's tab."""
        return sheet_view.tab_color(self.root)

    @tab_color.setter
    def tab_color(self, value: tuple[int, int, int] | None) -> None:
        sheet_view.set_tab_color(self.root, value)

    @property
    def page_setup(self) -> PageSetup:
        from addin.hosts.xlsx.page_setup import PageSetup

        return PageSetup(self)

    # -- cells ---------------------------------------------------------------------------------------------

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        from addin.hosts.xlsx.range import make_range

        return make_range(self, arg1, arg2)

    @property
    def cells(self) -> Range:
        return self.area(Area(1, 1, MAX_ROW, MAX_COLUMN))

    def area(self, area: Area) -> Range:
        """The range of an area."""
        from addin.hosts.xlsx.range import Range

        return Range(self, area)

    @property
    def used_range(self) -> Range:
        used = self.cells_store.used_area()
        return self.area(used or Area(1, 1, 1, 1))

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        self.used_range.clear_formats()

    def clear(self) -> None:
        self.cells.clear()

    def autofit(self, axis: str | None = None) -> None:
        """Fits column widths to the contents; rows fit themselves when Excel opens the file."""
        used = self.cells_store.used_area()
        if used is not None and axis not in ("rows", "r"):
            column_widths(self, used)

    # -- fast reading, for tables of any length --------------------------------------------------------------

    def read_head(self, rows: int) -> dict[int, dict[int, Any]]:
        """The filled cells of rows 1 to `rows`, by row and column number, without reading the rest."""
        self.flush()
        return read_header_rows(self._book.package, self.part, rows).cells

    def read_columns(
        self, first_row: int, last_row: int | None, columns: Sequence[int]
    ) -> tuple[np.ndarray, list[Column]]:
        """Columns of a range of rows as they stand: see `reading.read_columns`."""
        self.flush()
        return read_columns(self._book.package, self.part, first_row, last_row, columns)

    def hidden_rows(self, first_row: int, last_row: int) -> int:
        """How many rows of a range are hidden or filtered away."""
        self.flush()
        hidden = hidden_rows(self._book.package, self.part)
        return bisect_right(hidden, last_row) - bisect_left(hidden, first_row)

    # -- the sheet among others ----------------------------------------------------------------------------

    def activate(self) -> None:
        book = self._book
        before = book.sheets.active
        views = ooxml.section(book.root, "bookViews", ooxml.WORKBOOK_ORDER)
        view = ooxml.child(views, "workbookView")
        if view is None:
            view = ooxml.add(views, "workbookView")
        view.set("activeTab", str(self.entry.position))
        book.package.changed(book.package.workbook_part)
        for sheet, selected in ((before, False), (self, True)):
            for element in ooxml.children(ooxml.child(sheet.root, "sheetViews"), "sheetView"):
                ooxml.unset(element, "tabSelected")
                if selected:
                    element.set("tabSelected", "1")

    def select(self) -> None:
        self.activate()

    def delete(self) -> None:
        book = self._book
        book.check_structure()
        visible = [
            e for e in sheet_list.entries(book.package) if e.state == "visible" and e.part != self.part
        ]
        if not visible:
            raise FenjiError(
                zh=f"“{self.name}”是唯一可见的工作表，不能删除。请先添加或显示另一个工作表。",
                en=f"'{self.name}' is the only visible sheet and cannot be deleted. Add or show another one first.",
            )
        if not self.is_new:
            book.gone_sheets.add(self.name.lower())
        pivots = [rel.target for rel in book.package.rels(self.part).by_type("pivotTable")]
        delete_sheet(book.package, self.name)
        book.forget(self, pivots)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copies the sheet, to this book or another, with all that stands on it."""
        place = after or before
        assert place is not None
        position = place.entry.position + (1 if after is not None else 0)
        self.copy_group([self], place.book, position)

    @staticmethod
    def copy_group(sheets: Sequence[Sheet], book: Book, position: int) -> list[Sheet]:
        """Copies sheets of one book together, so that what they say of each other stays so; gives the copies."""
        source = sheets[0].book
        book.check_structure()
        source.write_parts()
        names = copy_sheets(source.package, [sheet.name for sheet in sheets], book.package, position)
        book.styles.refresh()
        copies = [book.sheets(name) for name in names]
        for copied in copies:
            copied.is_new = True
        calculation.note_copies(source, copies)
        return copies

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        self._book.check_structure()
        here = self.entry.position
        target = (before or after).entry.position  # type: ignore[union-attr]
        if after is not None:
            target += 1
        sheet_list.move(self._book.package, self.name, target - 1 if target > here else target)

    # -- to the package ------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Puts the sheet's changes into its part."""
        if not self.cells_store.is_changed:
            return
        self._book.remember_formulas(self.part)
        changes = self.cells_store.changes
        if changes.changes_values:
            self.tables.follow_headers()
            calculation.note_formulas(self, changes)
            areas = changed_areas(changes)
            self._book.changed_cells.setdefault(self.part, []).extend(areas)
        self.cells_store.flush()

    def formula_name(self) -> str:
        """The sheet's name as formulas write it."""
        return formulas.quote_sheet(self.name)
