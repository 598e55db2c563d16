"""Autofilters of ranges and tables: their criteria, and the rows they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import filter_criteria, ooxml, sheet_heights
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.formulas import quote_sheet
from addin.hosts.xlsx.sheet_view import sheet_properties
from addin.hosts.xlsx.unsupported import complete
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet
    from addin.hosts.xlsx.tables import Table

_NAME = "_xlnm._FilterDatabase"
_TABLE_ORDER = ["autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst"]


@complete
class AutoFilter(base_classes.AutoFilter):
    """The filter of a table, or the one of a sheet.

    Parameters
    ----------
    area : what is filtered, headers included, totals not. table : None for the sheet's own filter.
    """

    def __init__(self, sheet: Sheet, area: Area, table: Table | None) -> None:
        self._sheet = sheet
        self._area = area
        self._table = table

    @classmethod
    def of_table(cls, table: Table) -> AutoFilter:
        """The filter of a table that shows its headers."""
        area = table.area
        last = area.row2 - (table.totals_row_range is not None)
        return cls(table.sheet, Area(area.row1, area.column1, last, area.column2), table)

    @classmethod
    def of_range(cls, cells: Range) -> AutoFilter:
        """The filter of a range; of the table, where the range is one."""
        for table in cells.sheet.tables:
            if table.area == cells.where:
                return cls.of_table(table)
        return cls(cells.sheet, cells.where, None)

    # -- the element in the file -----------------------------------------------------------------------------

    def _root(self) -> etree._Element:
        return self._sheet.root if self._table is None else self._table.root

    def _element(self) -> etree._Element | None:
        """The filter as it is; None where there is none, or one of other cells."""
        element = ooxml.child(self._root(), "autoFilter")
        if self._table is None and element is not None and element.get("ref") != self._area.ref:
            return None
        return element

    def _made(self) -> etree._Element:
        """The filter, made where there is none."""
        self._sheet.cells_store.check_open()
        if self._table is not None:
            element = ooxml.section(self._table.edit(), "autoFilter", _TABLE_ORDER)
            element.set("ref", self._area.ref)
            return element
        there = ooxml.child(self._sheet.root, "autoFilter")
        if there is not None and there.get("ref") != self._area.ref:
            raise FenjiError(
                zh=f"工作表“{self._sheet.name}”的 {there.get('ref')} 已有自动筛选，一个工作表只能有一个。请先清除它。",
                en=f"The sheet '{self._sheet.name}' has an autofilter on {there.get('ref')} already; a sheet has one "
                "only. Take that one off first.",
            )
        if there is None:
            there = self._sheet.cells_store.part.section("autoFilter")
            there.set("ref", self._area.ref)
            self._name_area()
        return there

    def _name_area(self) -> None:
        """Excel keeps a hidden name for the cells a sheet filters."""
        book = self._sheet.book
        names = ooxml.section(book.root, "definedNames", ooxml.WORKBOOK_ORDER)
        position = str(self._sheet.entry.position)
        for old in ooxml.children(names, "definedName"):
            if old.get("name") == _NAME and old.get("localSheetId") == position:
                names.remove(old)
        element = ooxml.add(names, "definedName", name=_NAME, localSheetId=position, hidden=1)
        element.text = f"{quote_sheet(self._sheet.name)}!{self._area.address()}"
        book.package.changed(book.package.workbook_part)

    # -- criteria --------------------------------------------------------------------------------------------

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """What each column is filtered by."""
        element = self._element()
        columns = {} if element is None else _columns(element)
        return [
            filter_criteria.snapshot(field, columns.get(field - 1))
            for field in range(1, self._area.shape[1] + 1)
        ]

    def apply_values(self, field: int, values: list[str]) -> None:
        """Shows rows with one of these values."""
        self._apply(field, filter_criteria.values(values))

    def apply_comparison(self, field: int, operator: str, value1: Any, value2: Any) -> None:
        """Shows rows whose value compares so; None stands for empty cells."""
        date1904 = self._sheet.book.date1904
        self._apply(field, filter_criteria.comparison(operator, value1, value2, date1904))

    def apply_top_items(self, field: int, count: int) -> None:
        """Shows the rows with the greatest values."""
        self._apply(field, filter_criteria.top(count, percent=False, bottom=False))

    def apply_bottom_items(self, field: int, count: int) -> None:
        """Shows the rows with the least values."""
        self._apply(field, filter_criteria.top(count, percent=False, bottom=True))

    def apply_top_percent(self, field: int, percent: float) -> None:
        """Shows this share of the rows, those with the greatest values."""
        self._apply(field, filter_criteria.top(percent, percent=True, bottom=False))

    def apply_bottom_percent(self, field: int, percent: float) -> None:
        """Shows this share of the rows, those with the least values."""
        self._apply(field, filter_criteria.top(percent, percent=True, bottom=True))

    def clear(self, field: int | None) -> None:
        """Takes the criteria of a column, or of all."""
        element = self._element()
        if element is None:
            return
        for index, column in _columns(element).items():
            if field in (None, index + 1):
                element.remove(column)
        self._show_rows(element)

    def _apply(self, field: int, xml: str) -> None:
        element = self._made()
        old = _columns(element).get(field - 1)
        if old is not None:
            element.remove(old)
        namespace = ooxml.namespace(element)
        column = etree.fromstring(
            f'<filterColumn xmlns="{namespace}" colId="{field - 1}">{xml}</filterColumn>'
        )
        later = [other for index, other in sorted(_columns(element).items()) if index > field - 1]
        state = ooxml.child(element, "sortState")
        before = later[0] if later else state
        if before is not None:
            before.addprevious(column)
        else:
            element.append(column)
        self._show_rows(element)

    def _show_rows(self, element: etree._Element) -> None:
        """Shows the rows that meet all criteria and hides the others."""
        if self._table is not None:
            self._table.edit()
        area, cells = self._area, self._sheet.cells_store
        if area.row1 == area.row2:
            return
        columns = _columns(element)
        shown = set(range(area.row1 + 1, area.row2 + 1))
        for index, column in columns.items():
            place = area.column1 + index
            values = [row[0] for row in cells.values(Area(area.row1 + 1, place, area.row2, place))]
            keeps = filter_criteria.test(column, values, self._sheet.book.date1904)
            shown -= {row for row, value in enumerate(values, area.row1 + 1) if not keeps(value)}
        for row in range(area.row1 + 1, area.row2 + 1):
            if sheet_heights.is_hidden(cells, row) != (row not in shown):
                sheet_heights.set_hidden(cells, [row], row not in shown)
        if self._table is None:
            properties = sheet_properties(self._sheet.root)
            ooxml.unset(properties, "filterMode")
            if columns:
                properties.set("filterMode", "1")


def _columns(element: etree._Element) -> dict[int, etree._Element]:
    """The filtered columns, by their position from 0."""
    return {int(column.get("colId", "0")): column for column in ooxml.children(element, "filterColumn")}
