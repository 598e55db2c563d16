"""The model of Excel behind Office.js: pivot tables and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.hosts.server.excel_model import Excel, OfficeError, Plain, Thing

if TYPE_CHECKING:
    from tests.hosts.server.excel_sheets import Range, Table


class PivotTableCollection(Thing):
    methods: ClassVar = {"add": "PivotTable", "refreshAll": None}
    items_kind = "PivotTable"

    def __init__(self, excel: Excel, sheet: str) -> None:
        self._excel, self._sheet = excel, sheet

    def items(self) -> list[PivotTable]:
        return [PivotTable(pivot) for pivot in self._excel.book.sheets[self._sheet].impl.pivot_tables]

    def add(self, name: str, source: Table, destination: Range) -> PivotTable:
        pivots = self._excel.book.sheets[self._sheet].impl.pivot_tables
        if name in pivots:
            raise OfficeError("ItemAlreadyExists", name)
        return PivotTable(pivots.add(source.table.impl, destination.cells.impl, name))

    def refreshAll(self) -> None:
        for pivot in self._excel.book.sheets[self._sheet].impl.pivot_tables:
            pivot.refresh()


class PivotTable(Thing):
    scalars: ClassVar = {"id": False, "name": False}
    objects: ClassVar = {
        "hierarchies": "HierarchyCollection",
        "rowHierarchies": "HierarchyCollection",
        "columnHierarchies": "HierarchyCollection",
        "filterHierarchies": "HierarchyCollection",
        "dataHierarchies": "DataHierarchyCollection",
        "layout": "PivotLayout",
    }

    def __init__(self, pivot: Any) -> None:
        self.id = self.name = pivot.name
        self.hierarchies = HierarchyCollection(pivot, None)
        self.rowHierarchies = HierarchyCollection(pivot, "rows")
        self.columnHierarchies = HierarchyCollection(pivot, "columns")
        self.filterHierarchies = HierarchyCollection(pivot, "filters")
        self.dataHierarchies = DataHierarchyCollection(pivot)
        self.layout = PivotLayout()


class PivotLayout(Thing):
    scalars: ClassVar = {"layoutType": False, "showRowGrandTotals": False, "showColumnGrandTotals": False}
    layoutType, showRowGrandTotals, showColumnGrandTotals = "Compact", True, True


class HierarchyCollection(Thing):
    methods: ClassVar = {"getItem": "Hierarchy", "add": "Hierarchy"}
    items_kind = "Hierarchy"

    def __init__(self, pivot: Any, area: str | None) -> None:
        self._pivot, self._area = pivot, area

    def items(self) -> list[Hierarchy]:
        names = self._pivot.model.area(self._area) if self._area else self._pivot.model.field_names
        return [Hierarchy(name) for name in names]

    def getItem(self, name: str) -> Hierarchy:
        if name not in self._pivot.model.field_names:
            raise OfficeError("ItemNotFound", f"the source has no column {name}")
        return Hierarchy(name)

    def add(self, hierarchy: Hierarchy) -> Hierarchy:
        getattr(self._pivot, self._area).add(hierarchy.name)
        return hierarchy


class Hierarchy(Thing):
    scalars: ClassVar = {"name": False}

    def __init__(self, name: str) -> None:
        self.name = name


class DataHierarchyCollection(Thing):
    methods: ClassVar = {"add": "DataHierarchy"}
    items_kind = "DataHierarchy"

    def __init__(self, pivot: Any) -> None:
        self._pivot = pivot

    def items(self) -> list[DataHierarchy]:
        return [DataHierarchy(value) for value in self._pivot.values]

    def add(self, hierarchy: Hierarchy) -> DataHierarchy:
        return DataHierarchy(self._pivot.values.add(hierarchy.name, "sum"))


class DataHierarchy(Thing):
    scalars: ClassVar = {"id": False, "name": True, "summarizeBy": True, "numberFormat": True}
    objects: ClassVar = {"field": "Hierarchy"}

    def __init__(self, value: Any) -> None:
        self._value = value
        self.id = value.name
        self.field = Hierarchy(value.source_field)

    name = property(lambda self: self._value.name, lambda self, name: setattr(self._value, "name", name))
    summarizeBy = property(
        lambda self: self._value.function.capitalize(),
        lambda self, function: setattr(self._value, "function", function.lower()),
    )
    numberFormat = property(
        lambda self: self._value.number_format, lambda self, code: setattr(self._value, "number_format", code)
    )


class ChartCollection(Thing):
    scalars: ClassVar = {}
    methods: ClassVar = {"add": "Chart"}

    def __init__(self, excel: Excel, sheet: str) -> None:
        self._excel, self._sheet = excel, sheet

    def add(self, kind: str, source: Range, series_by: str) -> Chart:
        chart = Chart(kind, source, series_by)
        self._excel.charts.setdefault(self._sheet, []).append(chart)
        return chart


class Chart(Plain):
    """A chart as it was drawn: what was set is in `kept`, its series in `series.all`."""

    scalars: ClassVar = {"name": True, "left": True, "top": True, "width": True, "height": True}
    objects: ClassVar = {
        "series": "SeriesCollection",
        "title": "ChartTitle",
        "legend": "ChartLegend",
        "axes": "ChartAxes",
    }

    def __init__(self, kind: str, source: Range, series_by: str) -> None:
        super().__init__()
        if series_by != "Columns":
            raise OfficeError("InvalidArgument", series_by)
        self.kind = kind
        self.series = SeriesCollection()
        for _ in range(source.columnCount):
            self.series.all.append(Series(""))


class SeriesCollection(Thing):
    methods: ClassVar = {"add": "Series", "getItemAt": "Series"}

    def __init__(self) -> None:
        self.all: list[Series] = []

    def add(self, name: str) -> Series:
        self.all.append(Series(name))
        return self.all[-1]

    def getItemAt(self, position: int) -> Series:
        return self.all[position]


class Series(Plain):
    scalars: ClassVar = {
        "name": True, "chartType": True, "axisGroup": True, "gapWidth": True, "hasDataLabels": True,
    }  # fmt: skip
    objects: ClassVar = {"format": "SeriesFormat", "points": "PointCollection", "dataLabels": "DataLabels"}
    methods: ClassVar = {"setValues": None, "setXAxisValues": None}

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.kept["name"] = name

    def setValues(self, place: Range) -> None:
        self.kept["values"] = place.address

    def setXAxisValues(self, place: Range) -> None:
        self.kept["categories"] = place.address


class SeriesFormat(Plain):
    objects: ClassVar = {"fill": "SolidFill", "line": "Line"}


class SolidFill(Plain):
    methods: ClassVar = {"setSolidColor": None}

    def setSolidColor(self, color: str) -> None:
        self.kept["color"] = color


class Line(Plain):
    scalars: ClassVar = {"color": True}


class PointCollection(Plain):
    methods: ClassVar = {"getItemAt": "Point"}

    def getItemAt(self, position: int) -> Point:
        return self.kept.setdefault(position, Point())


class Point(Plain):
    objects: ClassVar = {"format": "SeriesFormat"}


class DataLabels(Plain):
    scalars: ClassVar = {"numberFormat": True, "showValue": True, "showPercentage": True}


class ChartTitle(Plain):
    scalars: ClassVar = {"visible": True, "text": True}
    methods: ClassVar = {"setFormula": None}

    def setFormula(self, formula: str) -> None:
        self.kept["formula"] = formula


class ChartLegend(Plain):
    scalars: ClassVar = {"visible": True, "position": True}


class ChartAxes(Plain):
    objects: ClassVar = {"categoryAxis": "ChartAxis", "valueAxis": "ChartAxis"}


class ChartAxis(Plain):
    scalars: ClassVar = {
        "visible": True, "reversePlotOrder": True, "numberFormat": True, "minimum": True, "maximum": True,
    }  # fmt: skip
    objects: ClassVar = {"title": "ChartAxisTitle"}


class ChartAxisTitle(Plain):
    scalars: ClassVar = {"visible": True, "text": True}
