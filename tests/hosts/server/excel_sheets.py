"""The model of Excel behind Office.js: the workbook, its sheets, ranges, tables and names."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import xlwings as xw

from addin.hosts import xlsx
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.cell_values import CellError, serial
from addin.hosts.xlsx.package import Package
from tests.hosts.server.excel_drawings import ChartCollection, PivotTableCollection
from tests.hosts.server.excel_model import Excel, Nothing, OfficeError, Thing

ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


class Application(Thing):
    scalars: ClassVar = {"calculationMode": False}
    objects: ClassVar = {"cultureInfo": "CultureInfo"}
    calculationMode = "Automatic"

    def __init__(self, excel: Excel) -> None:
        self.cultureInfo = CultureInfo(excel.language)


class CultureInfo(Thing):
    scalars: ClassVar = {"name": False}
    objects: ClassVar = {"datetimeFormat": "DatetimeFormat"}

    def __init__(self, name: str) -> None:
        self.name = name
        self.datetimeFormat = DatetimeFormat()


class DatetimeFormat(Thing):
    scalars: ClassVar = {"shortDatePattern": False}
    shortDatePattern = "yyyy-MM-dd"


class Workbook(Thing):
    scalars: ClassVar = {"name": False}
    objects: ClassVar = {
        "worksheets": "WorksheetCollection",
        "names": "NamedItemCollection",
        "tables": "TableCollection",
        "application": "Application",
    }
    methods: ClassVar = {"getSelectedRange": "Range", "insertWorksheetsFromBase64": None}

    def __init__(self, excel: Excel) -> None:
        self._excel = excel
        self.name = excel.book.name
        self.worksheets = WorksheetCollection(excel)
        self.names = NamedItemCollection(excel, None)
        self.tables = TableCollection(excel)
        self.application = Application(excel)

    def getSelectedRange(self) -> Range:
        if self._excel.selection is None:
            raise OfficeError("InvalidSelection", "no cells are selected")
        return Range(self._excel, self._excel.active, parse_area(self._excel.selection))

    def insertWorksheetsFromBase64(self, workbook: str, options: dict[str, Any]) -> None:
        package = Package.from_bytes(base64.b64decode(workbook))
        wanted = options["sheetNamesToInsert"]
        refused = [
            n
            for n in package.names()
            if re.search(r"/(charts/chart|pivotTables/|comments|slicers/)", f"/{n}")
        ]
        if refused and self._excel.platform == "OfficeOnline":
            raise OfficeError("UnsupportedFeature", f"Comment, Slicer, Chart, and PivotTable: {refused}")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "inserted.xlsx"
            path.write_bytes(base64.b64decode(workbook))
            source = xlsx.open(path)
            try:
                sheets = [source.sheets[name].impl for name in wanted]
                position = 0
                if options["positionType"] == "After":
                    position = self._excel.book.sheets[options["relativeTo"]].impl.entry.position + 1
                elif options["positionType"] != "Beginning":
                    raise OfficeError("InvalidArgument", options["positionType"])
                type(sheets[0]).copy_group(sheets, self._excel.book.impl, position)
            finally:
                source.close()


class WorksheetCollection(Thing):
    methods: ClassVar = {
        "getItem": "Worksheet",
        "getItemOrNullObject": "Worksheet",
        "getActiveWorksheet": "Worksheet",
    }
    items_kind = "Worksheet"

    def __init__(self, excel: Excel) -> None:
        self._excel = excel

    def items(self) -> list[Worksheet]:
        return [Worksheet(self._excel, sheet.name) for sheet in self._excel.book.sheets]

    def getItemOrNullObject(self, name: str) -> Thing:
        known = [sheet.name for sheet in self._excel.book.sheets]
        found = next((other for other in known if other.lower() == name.lower()), None)
        return Nothing() if found is None else Worksheet(self._excel, found)

    def getItem(self, name: str) -> Thing:
        found = self.getItemOrNullObject(name)
        if found.is_null:
            raise OfficeError("ItemNotFound", f"there is no sheet {name}")
        return found

    def getActiveWorksheet(self) -> Worksheet:
        return Worksheet(self._excel, self._excel.active)


class Worksheet(Thing):
    scalars: ClassVar = {"name": False, "visibility": False, "position": False, "showGridlines": False}
    objects: ClassVar = {
        "names": "NamedItemCollection",
        "pivotTables": "PivotTableCollection",
        "charts": "ChartCollection",
        "pageLayout": "PageLayout",
    }
    methods: ClassVar = {"getRange": "Range", "delete": None, "activate": None}
    showGridlines = True

    def __init__(self, excel: Excel, name: str) -> None:
        self._excel, self.name = excel, name
        self.names = NamedItemCollection(excel, name)
        self.pivotTables = PivotTableCollection(excel, name)
        self.charts = ChartCollection(excel, name)
        self.pageLayout = PageLayout(excel, name)

    @property
    def visibility(self) -> str:
        return "Visible" if self._excel.book.sheets[self.name].visible else "Hidden"

    @property
    def position(self) -> int:
        return [sheet.name for sheet in self._excel.book.sheets].index(self.name)

    def getRange(self, address: str | None = None) -> Range:
        return Range(self._excel, self.name, parse_area(address) if address else None)

    def delete(self) -> None:
        if len(self._excel.book.sheets) == 1:
            raise OfficeError("InvalidOperation", "the last sheet stays")
        self._excel.book.sheets[self.name].delete()
        self._excel.charts.pop(self.name, None)
        if self._excel.active == self.name:
            self._excel.active = self._excel.book.sheets[0].name

    def activate(self) -> None:
        self._excel.active = self.name


class Range(Thing):
    scalars: ClassVar = {
        "address": False, "rowCount": False, "columnCount": False, "formulas": True, "numberFormat": True,
    }  # fmt: skip
    objects: ClassVar = {"format": "RangeFormat", "worksheet": "Worksheet"}
    methods: ClassVar = {"getCell": "Range", "getResizedRange": "Range"}

    def __init__(self, excel: Excel, sheet: str, area: Area | None) -> None:
        self._excel, self.sheet, self.area = excel, sheet, area

    @property
    def cells(self) -> xw.Range:
        assert self.area is not None, "the whole sheet"
        return self._excel.book.sheets[self.sheet].range(self.area.ref)

    @property
    def worksheet(self) -> Worksheet:
        return Worksheet(self._excel, self.sheet)

    @property
    def format(self) -> RangeFormat:
        return RangeFormat(self.cells)

    @property
    def address(self) -> str:
        assert self.area is not None
        return f"{self._excel.book.sheets[self.sheet].impl.formula_name()}!{self.area.ref}"

    @property
    def rowCount(self) -> int:
        return self.cells.shape[0]

    @property
    def columnCount(self) -> int:
        return self.cells.shape[1]

    def getCell(self, row: int, column: int) -> Range:
        assert self.area is not None
        r, c = self.area.row1 + row, self.area.column1 + column
        return Range(self._excel, self.sheet, Area(r, c, r, c))

    def getResizedRange(self, rows: int, columns: int) -> Range:
        a = self.area
        assert a is not None
        return Range(self._excel, self.sheet, Area(a.row1, a.column1, a.row2 + rows, a.column2 + columns))

    @property
    def formulas(self) -> list[list[Any]]:
        """Formulas, and constants as they are: numbers as numbers, dates as their serial number."""
        a, impl = self.area, self.cells.sheet.impl
        assert a is not None
        return [
            [shown(impl, row, column) for column in range(a.column1, a.column2 + 1)]
            for row in range(a.row1, a.row2 + 1)
        ]

    @formulas.setter
    def formulas(self, rows: list[list[Any]]) -> None:
        if (len(rows), len(rows[0])) != self.cells.shape or len({len(row) for row in rows}) != 1:
            raise OfficeError("InvalidArgument", f"{len(rows)} x {len(rows[0])} values for {self.address}")
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                cell = self.cells[i, j]
                if isinstance(value, str) and value.startswith("="):
                    cell.formula = value
                else:
                    cell.impl.raw_value = typed(value, cell.number_format)

    @property
    def numberFormat(self) -> list[list[str]]:
        return [
            [self.cells[i, j].number_format for j in range(self.columnCount)] for i in range(self.rowCount)
        ]

    @numberFormat.setter
    def numberFormat(self, code: str) -> None:
        self.cells.number_format = code


def shown(sheet: Any, row: int, column: int) -> Any:
    """A cell as Range.formulas has it."""
    formula = sheet.cells_store.formula(row, column)
    if formula is not None:
        return "=" + formula.text
    value = sheet.cells_store.value(row, column)
    if isinstance(value, (dt.date, dt.time)):
        return serial(value, sheet.book.date1904)
    return "" if value is None else value


def typed(value: Any, number_format: str | None) -> Any:
    """What becomes of a value that is set: Excel reads texts as if they were typed."""
    if not isinstance(value, str) or number_format == "@":
        return value
    if value == "":
        return None
    if value.startswith("'"):
        return value[1:]
    if value.upper() in ("TRUE", "FALSE"):
        return value.upper() == "TRUE"
    if value.startswith("#"):
        return CellError(value)
    if date := ISO_DATE.fullmatch(value):
        return dt.datetime(*(int(part) for part in date.groups()))  # type: ignore[arg-type]
    try:
        return float(value.replace(",", "").removesuffix("%"))
    except ValueError:
        return value


class RangeFormat(Thing):
    scalars: ClassVar = {"columnWidth": True, "wrapText": True, "horizontalAlignment": True}
    objects: ClassVar = {"fill": "RangeFill", "font": "RangeFont"}

    def __init__(self, cells: xw.Range) -> None:
        self.cells, self.fill, self.font = cells, RangeFill(cells), RangeFont(cells)

    columnWidth = property(lambda self: self.cells.width, lambda self, points: self._set_width(points))
    wrapText = property(None, lambda self, on: setattr(self.cells, "wrap_text", on))
    horizontalAlignment = property(
        None, lambda self, where: setattr(self.cells, "horizontal_alignment", where[0].lower() + where[1:])
    )

    def _set_width(self, points: float) -> None:
        self.cells.column_width = (points / 0.75 - 5) / 7


class RangeFill(Thing):
    scalars: ClassVar = {"color": True}
    methods: ClassVar = {"clear": None}

    def __init__(self, cells: xw.Range) -> None:
        self.cells = cells

    color = property(None, lambda self, value: setattr(self.cells, "color", value))

    def clear(self) -> None:
        self.cells.color = None


class RangeFont(Thing):
    scalars: ClassVar = {"bold": True, "italic": True, "size": True, "color": True}

    def __init__(self, cells: xw.Range) -> None:
        self.cells = cells

    bold = property(None, lambda self, value: setattr(self.cells.font, "bold", value))
    italic = property(None, lambda self, value: setattr(self.cells.font, "italic", value))
    size = property(None, lambda self, value: setattr(self.cells.font, "size", value))
    color = property(None, lambda self, value: setattr(self.cells.font, "color", value))


class TableCollection(Thing):
    methods: ClassVar = {"getItem": "Table"}

    def __init__(self, excel: Excel) -> None:
        self._excel = excel

    def getItem(self, name: str) -> Table:
        for sheet in self._excel.book.sheets:
            for table in sheet.tables:
                if table.name == name:
                    return Table(table)
        raise OfficeError("ItemNotFound", f"there is no table {name}")


class Table(Thing):
    methods: ClassVar = {"resize": None}

    def __init__(self, table: xw.main.Table) -> None:
        self.table = table

    def resize(self, place: Range) -> None:
        now, new = self.table.range, place.cells
        if new.sheet.name != now.sheet.name or new.row != now.row:
            raise OfficeError("InvalidArgument", "the header row of a table stays where it is")
        self.table.resize(new)


class NamedItemCollection(Thing):
    methods: ClassVar = {"add": "NamedItem", "getItemOrNullObject": "NamedItem"}
    items_kind = "NamedItem"

    def __init__(self, excel: Excel, sheet: str | None) -> None:
        self._excel, self._sheet = excel, sheet

    def items(self) -> list[NamedItem]:
        return [NamedItem(self._excel, name) for name in self._names()]

    def _names(self) -> Iterator[Any]:
        for name in self._excel.book.impl.names:
            if name._sheet_name() == self._sheet and not name.local_name.startswith("_xlnm."):
                yield name

    def getItemOrNullObject(self, name: str) -> Thing:
        found = next((n for n in self._names() if n.local_name.lower() == name.lower()), None)
        return Nothing() if found is None else NamedItem(self._excel, found)

    def add(self, name: str, refers_to: str) -> Thing:
        if not self.getItemOrNullObject(name).is_null:
            raise OfficeError("ItemAlreadyExists", f"there is a name {name}")
        if not refers_to.startswith("="):
            raise OfficeError("InvalidArgument", refers_to)
        book = self._excel.book
        (book.sheets[self._sheet] if self._sheet else book).names.add(name, refers_to)
        return self.getItemOrNullObject(name)


class NamedItem(Thing):
    scalars: ClassVar = {"name": False, "type": False, "formula": True}
    methods: ClassVar = {"delete": None, "getRangeOrNullObject": "Range"}

    def __init__(self, excel: Excel, item: Any) -> None:
        self._excel, self._item = excel, item

    name = property(lambda self: self._item.local_name)
    type = property(lambda self: "Range" if self._item.where() else "String")
    formula = property(
        lambda self: self._item.refers_to, lambda self, value: setattr(self._item, "refers_to", value)
    )

    def delete(self) -> None:
        self._item.delete()

    def getRangeOrNullObject(self) -> Thing:
        where = self._item.where()
        return Range(self._excel, where[0].name, where[1]) if where else Nothing()


class PageLayout(Thing):
    methods: ClassVar = {"getPrintAreaOrNullObject": "RangeAreas", "setPrintArea": None}

    def __init__(self, excel: Excel, sheet: str) -> None:
        self._excel, self._sheet = excel, sheet

    def getPrintAreaOrNullObject(self) -> Thing:
        area = self._excel.book.sheets[self._sheet].page_setup.print_area
        if not area:
            return Nothing()
        return RangeAreas([Range(self._excel, self._sheet, parse_area(part)) for part in area.split(",")])

    def setPrintArea(self, area: str | Range) -> None:
        whole = isinstance(area, Range)
        self._excel.book.sheets[self._sheet].page_setup.print_area = None if whole else area


class RangeAreas(Thing):
    objects: ClassVar = {"areas": "RangeCollection"}

    def __init__(self, areas: list[Range]) -> None:
        self.areas = RangeCollection(areas)


class RangeCollection(Thing):
    items_kind = "Range"

    def __init__(self, areas: list[Range]) -> None:
        self._areas = areas

    def items(self) -> list[Range]:
        return self._areas
