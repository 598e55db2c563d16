"""Charts on a sheet: added, read and changed through xlwings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import chart_caches, chart_xml, ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.chart_axes import ChartAxis, ChartLegend
from addin.hosts.xlsx.chart_refreshing import read_cells
from addin.hosts.xlsx.chart_series import ChartSeriesCollection, adapt_series, kind_of
from addin.hosts.xlsx.chart_xml import ALL_PLOTS, KINDS, Series
from addin.hosts.xlsx.drawings import Drawing, DrawnObjects, Place, Placement, parse_part
from addin.hosts.xlsx.references import areas_of
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_AXES = ("catAx", "valAx", "dateAx", "serAx")
_PLOT_AREA_ORDER = ["layout", *ALL_PLOTS, "plots", *_AXES, "dTable", "spPr", "extLst"]
_MANY_SLICES = 24
# Chart styles up to this number are written to the file; later ones belong to Excel's gallery.
_LAST_FILE_STYLE = 48
_DEFAULT_STYLE = 227


@complete
class Chart(Placement, base_classes.Chart):
    """One chart: an anchor in the sheet's drawing, and the chart part.

    Beyond xlwings: `alt_text`, `title_formula`, and `cover(area)` to stand over whole cells.
    """

    def __init__(self, sheet: Sheet, anchor: etree._Element, part: str) -> None:
        self.sheet, self.anchor, self.part = sheet, anchor, part

    # -- the part ------------------------------------------------------------------------------------------

    @property
    def api(self) -> etree._Element:
        return self.root

    @property
    def root(self) -> etree._Element:
        """The chart part; call `changed` after changing it."""
        return self.sheet.book.package.xml(self.part)

    def changed(self) -> None:
        """Says that the chart part was changed."""
        self.sheet.book.package.changed(self.part)

    def chart_element(self) -> etree._Element:
        """`c:chart`."""
        element = ooxml.child(self.root, "chart")
        assert element is not None, "a chart part without a chart"
        return element

    def plot_area(self) -> etree._Element:
        """`c:plotArea`."""
        element = ooxml.child(self.chart_element(), "plotArea")
        assert element is not None, "a chart without a plot area"
        return element

    def plots(self) -> list[etree._Element]:
        """The plots: one per kind of chart and axis group."""
        return [element for element in self.plot_area() if ooxml.local(element) in ALL_PLOTS]

    # -- what xlwings asks for --------------------------------------------------------------------------------

    @property
    def chart_type(self) -> str:
        kinds = {kind_of(plot, ooxml.child(plot, "ser")) for plot in self.plots()}
        return kinds.pop() if len(kinds) == 1 else "combination"

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        if value not in KINDS:
            raise NotImplementedError(f"Chart.chart_type = {value!r} is not supported by fenji's file engine")
        if value == self.chart_type:
            return
        plot = KINDS[value]
        series = [one.element for one in self.series]
        titles = [self._axis_title(kind) for kind in ("category", "value")]
        for element in list(self.plot_area()):
            if ooxml.local(element) in (*ALL_PLOTS, *_AXES):
                self.plot_area().remove(element)
        self._insert(chart_xml.plot_xml(plot, "", (1, 2)) + chart_xml.axes(plot, (1, 2)))
        after = ooxml.children(self.plots()[0], "varyColors")[-1]
        for element in series:
            adapt_series(element, plot)
            after.addnext(element)
            after = element
        if plot.element in ("pieChart", "doughnutChart"):
            self._color_slices()
        else:
            for axis, title in zip((self.category_axis, self.value_axis), titles, strict=True):
                if title is not None:
                    axis.title = title
        self.changed()

    def _axis_title(self, kind: str) -> str | None:
        return ChartAxis(self, kind, "primary").title if self.axis_ids("primary") else None

    @property
    def title(self) -> str | None:
        element = ooxml.child(self.chart_element(), "title")
        return None if element is None else self.text_of(element)

    @title.setter
    def title(self, value: str | None) -> None:
        self._set_title(None if value is None else chart_xml.title(value))

    @property
    def title_formula(self) -> str | None:
        """The cell the title shows, such as "=Report!$A$1"; None for a title of its own text."""
        formula = next(ooxml.walk(self.chart_element(), "title"), None)
        found = next(ooxml.walk(formula, "f"), None) if formula is not None else None
        return None if found is None else "=" + (found.text or "")

    @title_formula.setter
    def title_formula(self, value: str) -> None:
        self._set_title(chart_xml.linked_title(value.removeprefix("=")))
        self.refresh_caches()

    def _set_title(self, xml: str | None) -> None:
        chart = self.chart_element()
        for old in ooxml.children(chart, "title"):
            chart.remove(old)
        if xml is not None:
            ooxml.insert_in_order(chart, chart_xml.fragment(chart, xml)[0], chart_xml.CHART_ORDER)
        deleted = ooxml.section(chart, "autoTitleDeleted", chart_xml.CHART_ORDER)
        deleted.set("val", "1" if xml is None else "0")
        self.changed()

    @property
    def legend(self) -> ChartLegend:
        return ChartLegend(self)

    @property
    def category_axis(self) -> ChartAxis:
        return ChartAxis(self, "category", "primary")

    @property
    def value_axis(self) -> ChartAxis:
        return ChartAxis(self, "value", "primary")

    @property
    def secondary_category_axis(self) -> ChartAxis:
        return ChartAxis(self, "category", "secondary")

    @property
    def secondary_value_axis(self) -> ChartAxis:
        return ChartAxis(self, "value", "secondary")

    @property
    def series(self) -> ChartSeriesCollection:
        return ChartSeriesCollection(self)

    @property
    def plot_by(self) -> str:
        for reference in ooxml.walk(self.plot_area(), "val", "yVal"):
            formula = next(ooxml.walk(reference, "f"), None)
            areas = areas_of(formula.text or "") if formula is not None else []
            if areas:
                rows, columns = areas[0][1].shape
                return "rows" if columns > rows else "columns"
        return "columns"

    @plot_by.setter
    def plot_by(self, value: str) -> None:
        blocks = [
            found for formula in ooxml.walk(self.plot_area(), "f") for found in areas_of(formula.text or "")
        ]
        if not blocks or len({sheet for sheet, _ in blocks}) != 1:
            raise NotImplementedError("Chart.plot_by needs series from one range")
        whole = blocks[0][1]
        for _, area in blocks:
            whole = whole.united(area)
        self.set_source_data(self.sheet.book.sheets(blocks[0][0]).area(whole), value)

    @property
    def style(self) -> int:
        element = next(ooxml.walk(self.root, "style"), None)
        return int(element.get("val", "2")) if element is not None else _DEFAULT_STYLE

    @style.setter
    def style(self, value: int) -> None:
        """Numbers up to 48 are written; the later ones are looks of Excel's gallery, for which ours stands."""
        for old in ooxml.children(self.root, "style"):
            self.root.remove(old)
        if value <= _LAST_FILE_STYLE:
            order = [
                "date1904",
                "lang",
                "roundedCorners",
                "AlternateContent",
                "style",
                "clrMapOvr",
                "pivotSource",
            ]
            ooxml.section(self.root, "style", [*order, "protection", "chart"]).set("val", str(value))
        self.changed()

    def set_source_data(self, rng: Range, plot_by: str | None = None) -> None:
        kind = self.chart_type
        self.draw(rng, plot_by, kind if kind in KINDS else "column_clustered")

    def draw(self, rng: Range, plot_by: str | None, kind: str) -> None:
        """Draws the data of a range as a chart of a kind, in place of what the chart shows."""
        titles = [self._axis_title(axis) for axis in ("category", "value")]
        series = series_of(rng, plot_by, KINDS[kind].element)
        new = chart_xml.fragment(self.root, chart_xml.plots(kind, series))
        area = self.plot_area()
        for element in list(area):
            if ooxml.local(element) in (*ALL_PLOTS, *_AXES):
                area.remove(element)
        for element in new:
            ooxml.insert_in_order(area, element, _PLOT_AREA_ORDER)
        for axis, title in zip((self.category_axis, self.value_axis), titles, strict=True):
            if title is not None:
                axis.title = title
        self.legend.visible = len(series) > 1 or KINDS[kind].element in ("pieChart", "doughnutChart")
        self.refresh_caches()
        self._color_slices()
        self.changed()

    def set_x_axis_values(self, rng: Range) -> None:
        formula = _formula(rng.sheet, rng.where)
        for series in self.series:
            scatter = ooxml.local(series.plot) == "scatterChart"
            name = "xVal" if scatter else "cat"
            inner = f"<c:f>{formula.replace('&', '&amp;')}</c:f>"
            kind = "numRef" if scatter else "strRef"
            element = chart_xml.fragment(self.root, f"<c:{name}><c:{kind}>{inner}</c:{kind}></c:{name}>")[0]
            for old in ooxml.children(series.element, name):
                series.element.remove(old)
            order = chart_xml.SERIES_ORDER[ooxml.local(series.plot)]
            ooxml.insert_in_order(series.element, element, order)
        self.refresh_caches()

    def delete(self) -> None:
        Drawing(self.sheet).remove(self.anchor)

    # -- axes and plots, for series and axes --------------------------------------------------------------------

    def axis_ids(self, group: str) -> list[str]:
        """The ids of the category and the value axis of a group; [] when the chart has none."""
        secondary = self.secondary_ids()
        for plot in self.plots():
            ids = [element.get("val", "") for element in ooxml.children(plot, "axId")]
            if ids and (ids[0] in secondary) == (group == "secondary"):
                return ids
        return []

    def secondary_ids(self) -> set[str]:
        """Ids of the axes of the secondary group: those of every pair but the first."""
        pairs = [[e.get("val", "") for e in ooxml.children(plot, "axId")] for plot in self.plots()]
        pairs = [pair for pair in pairs if pair]
        # The value axis at the far side tells the secondary pair, whatever the order of the plots.
        far = {pair[0] for pair in pairs if self._is_far(pair[-1])}
        first = next((pair[0] for pair in pairs if pair[0] not in far), pairs[0][0] if pairs else "")
        return {axis for pair in pairs if pair[0] != first for axis in pair}

    def _is_far(self, axis_id: str) -> bool:
        axis = self.axis(axis_id)
        crosses = ooxml.child(axis, "crosses")
        return crosses is not None and crosses.get("val") == "max"

    def axis(self, axis_id: str) -> etree._Element | None:
        """The axis element of an id."""
        for element in self.plot_area():
            if ooxml.local(element) in _AXES:
                found = ooxml.child(element, "axId")
                if found is not None and found.get("val") == axis_id:
                    return element
        return None

    def plot_for(self, kind: str, group: str) -> etree._Element:
        """The plot of a kind in an axis group, made when missing."""
        if kind not in KINDS:
            raise NotImplementedError(f"chart type {kind!r} is not supported by fenji's file engine")
        wanted = KINDS[kind]
        ids = self.axis_ids(group)
        for plot in self.plots():
            plot_ids = [element.get("val", "") for element in ooxml.children(plot, "axId")]
            if ooxml.local(plot) == wanted.element and plot_ids == ids and self._same_options(plot, kind):
                return plot
        new_axes = "" if ids else chart_xml.axes(wanted, (101, 102), secondary=group == "secondary")
        numbers = (int(ids[0]), int(ids[1])) if ids else (101, 102)
        self._insert(chart_xml.plot_xml(wanted, "", numbers) + new_axes)
        return self.plots()[-1]

    def _same_options(self, plot: etree._Element, kind: str) -> bool:
        for name, value in KINDS[kind].options.items():
            element = ooxml.child(plot, name)
            if element is None or element.get("val") != value:
                return False
        return True

    def drop_empty_plots(self) -> None:
        """Removes plots that have no series left, and axes no plot uses."""
        for plot in self.plots():
            if not ooxml.children(plot, "ser"):
                self.plot_area().remove(plot)
        used = {e.get("val") for plot in self.plots() for e in ooxml.children(plot, "axId")}
        for element in list(self.plot_area()):
            axis_id = ooxml.child(element, "axId")
            if ooxml.local(element) in _AXES and axis_id is not None and axis_id.get("val") not in used:
                self.plot_area().remove(element)

    def _insert(self, xml: str) -> None:
        area = self.plot_area()
        for element in chart_xml.fragment(self.root, xml):
            kind = ooxml.local(element)
            if kind in _AXES:
                ooxml.insert_in_order(area, element, ["layout", *ALL_PLOTS, kind, "dTable", "spPr", "extLst"])
            else:
                ooxml.insert_in_order(area, element, ["layout", kind, *_AXES, "dTable", "spPr", "extLst"])

    def _color_slices(self) -> None:
        """Slices of a pie get a colour each; with very many of them the program's own colours stay."""
        for plot in self.plots():
            if ooxml.local(plot) not in ("pieChart", "doughnutChart"):
                continue
            for series in ooxml.children(plot, "ser"):
                for old in ooxml.children(series, "dPt"):
                    series.remove(old)
                count = max((len(ooxml.children(c, "pt")) for c in ooxml.walk(series, "numCache")), default=0)
                if count <= _MANY_SLICES:
                    for point in chart_xml.fragment(series, chart_xml.slice_colors(count)):
                        ooxml.insert_in_order(series, point, chart_xml.SERIES_ORDER[ooxml.local(plot)])

    # -- texts and values ---------------------------------------------------------------------------------------

    def text_of(self, title: etree._Element) -> str:
        """The text of a title: its own, or that of the cell it shows."""
        formula = next(ooxml.walk(title, "f"), None)
        if formula is not None and (shown := self.cell_text(formula.text or "")) is not None:
            return shown
        return "".join(element.text or "" for element in ooxml.walk(title, "t", "v"))

    def cell_text(self, formula: str) -> str | None:
        """What the first cell of a reference shows, None where there is no such sheet."""
        areas = areas_of(formula)
        rows = read_cells(self.sheet.book, *areas[0]) if areas else None
        if rows is None:
            return None
        return chart_caches.cell_text(rows[0][0]) or ""

    def refresh_caches(self) -> None:
        """Writes the cells' present values into the chart."""
        if chart_caches.refresh(self.root, lambda sheet, area: read_cells(self.sheet.book, sheet, area)):
            self.changed()


@complete
class Charts(DrawnObjects[Chart], base_classes.Charts):
    """The charts of a sheet, in the order of the file."""

    def __iter__(self) -> Iterator[Chart]:
        drawing = Drawing(self._sheet)
        rels = drawing.package.rels(drawing.part) if drawing.part else None
        for anchor in drawing.anchors():
            for reference in ooxml.walk(anchor, "chart"):
                rel = rels.get(reference.get(ooxml.rel_attribute(reference))) if rels else None
                if rel is not None and rel.kind == "chart":
                    yield Chart(self._sheet, anchor, rel.target)

    def add(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        chart_type: str | None = None,
        source: Range | None = None,
        plot_by: str | None = None,
        name: str | None = None,
        anchor: Any = None,
        style: int | None = _DEFAULT_STYLE,
    ) -> Chart:
        """Adds a chart. An anchor of several cells is covered by the chart, whatever the size given."""
        kind = chart_type or "column_clustered"
        if kind not in KINDS:
            raise NotImplementedError(f"chart type {kind!r} is not supported by fenji's file engine")
        drawing = Drawing(self._sheet)
        drawing_part = drawing.make()
        package = drawing.package
        root = parse_part(package, chart_xml.chart_space(kind, []))
        part = package.add("xl/charts/chart{}.xml", root, _CHART_TYPE)
        rid = package.rels(drawing_part).add("chart", part)
        title = quoteattr(name or drawing.unique_name("Chart"))
        content = (
            f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{{id}}" name={title}/>'
            "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
            '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
            f'<a:graphic><a:graphicData uri="{ooxml.CHART}"><c:chart xmlns:c="{ooxml.CHART}" r:id="{rid}"/>'
            "</a:graphicData></a:graphic></xdr:graphicFrame>"
        )
        covers = anchor is not None and anchor.shape != (1, 1)
        if anchor is not None:
            left, top = anchor.left, anchor.top
        place = (
            Place(self._sheet, area=anchor.impl.where)
            if covers
            else Place(self._sheet, left, top, width, height)
        )
        chart = Chart(self._sheet, drawing.add(place, content), part)
        if source is not None:
            chart.draw(source, plot_by, kind)
        if style is not None:
            chart.style = style
        return chart


def _formula(sheet: Sheet, area: Area) -> str:
    return f"{sheet.formula_name()}!{area.address()}"


def series_of(rng: Range, plot_by: str | None, element: str) -> list[Series]:
    """The series of a range, as Excel finds them.

    The first row names the series when it holds texts or its first cell is empty; the first column holds the
    categories when it holds texts or dates, or the corner is empty. `plot_by="rows"` turns that around; without
    it, series go along the longer side.
    """
    area, sheet = rng.where, rng.sheet
    rows, columns = area.shape
    by_rows = plot_by == "rows" if plot_by else columns > rows
    values = sheet.cells_store.values(area)
    if by_rows:
        values = [list(column) for column in zip(*values, strict=True)]
        rows, columns = columns, rows
    scatter = element == "scatterChart"
    corner_empty = values[0][0] in (None, "")
    has_names = rows > 1 and (
        any(isinstance(value, str) for value in values[0][1:] or values[0]) or (corner_empty and columns > 1)
    )
    first = 1 if has_names else 0
    below = [row[0] for row in values[first:]]
    has_categories = columns > 1 and (
        scatter or corner_empty or any(isinstance(value, (str, dt.datetime)) for value in below)
    )
    start = 1 if has_categories else 0

    def place(row1: int, column1: int, row2: int, column2: int) -> str:
        if by_rows:
            row1, column1, row2, column2 = column1, row1, column2, row2
        top, left = area.row1, area.column1
        return _formula(sheet, Area(top + row1, left + column1, top + row2, left + column2))

    return [
        Series(
            values=place(first, column, rows - 1, column),
            categories=place(first, 0, rows - 1, 0) if has_categories else None,
            name=place(0, column, 0, column) if has_names else None,
        )
        for column in range(start, columns)
    ]
