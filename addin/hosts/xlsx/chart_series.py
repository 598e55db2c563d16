"""The series of a chart: names, colours, markers, and which kind of plot and axis each is on."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import chart_look as look
from addin.hosts.xlsx import chart_xml, ooxml
from addin.hosts.xlsx.chart_xml import KINDS, SERIES_ORDER, Plot
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.charts import Chart

_UNSET = base_classes._UNSET
_MARKERS = {
    "automatic": "auto",
    "none": "none",
    "square": "square",
    "diamond": "diamond",
    "triangle": "triangle",
    "x": "x",
    "star": "star",
    "dot": "dot",
    "dash": "dash",
    "circle": "circle",
    "plus": "plus",
}
_MARKER_ORDER = ["symbol", "size", "spPr"]
_SHAPE_ORDER = ["noFill", "solidFill", "gradFill", "pattFill", "ln", "effectLst"]


@complete
class ChartSeriesCollection(base_classes.ChartSeriesCollection):
    """All series of a chart, in the order they are drawn."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    @property
    def parent(self) -> Chart:
        return self._chart

    @property
    def api(self) -> list[etree._Element]:
        return [series.element for series in self]

    def __iter__(self) -> Iterator[ChartSeries]:
        area = self._chart.plot_area()
        found = [element for plot in area for element in ooxml.children(plot, "ser")]
        return iter([ChartSeries(self._chart, element) for element in sorted(found, key=_order)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: int) -> ChartSeries:
        if not isinstance(key, int) or isinstance(key, bool):
            raise KeyError(key)
        return list(self)[key - 1]

    def __contains__(self, key: object) -> bool:
        return any(series.name == key for series in self)


def _order(series: etree._Element) -> int:
    element = ooxml.child(series, "order")
    return int(element.get("val", "0")) if element is not None else 0


@complete
class ChartSeries(base_classes.ChartSeries):
    """One series: the element `c:ser` in its plot."""

    def __init__(self, chart: Chart, element: etree._Element) -> None:
        self._chart = chart
        self.element = element

    @property
    def api(self) -> etree._Element:
        return self.element

    @property
    def plot(self) -> etree._Element:
        """The plot element the series is in."""
        parent = self.element.getparent()
        assert parent is not None
        return parent

    @property
    def name(self) -> str:
        texts = ooxml.child(self.element, "tx")
        if texts is None:
            return f"Series{_order(self.element) + 1}"
        formula = next(ooxml.walk(texts, "f"), None)
        if formula is not None and (shown := self._chart.cell_text(formula.text or "")) is not None:
            return shown
        return "".join(value.text or "" for value in ooxml.walk(texts, "v"))

    @name.setter
    def name(self, value: str) -> None:
        if value.startswith("="):
            xml = f"<c:tx><c:strRef><c:f>{escape(value[1:])}</c:f></c:strRef></c:tx>"
        else:
            xml = f"<c:tx><c:v>{escape(value)}</c:v></c:tx>"
        self._replace("tx", chart_xml.fragment(self.element, xml)[0])

    @property
    def chart_type(self) -> str:
        return kind_of(self.plot, self.element)

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        self._move(value, self.axis_group)

    @property
    def axis_group(self) -> str:
        ids = [e.get("val") for e in ooxml.children(self.plot, "axId")]
        return "secondary" if ids and ids[0] in self._chart.secondary_ids() else "primary"

    @axis_group.setter
    def axis_group(self, value: str) -> None:
        self._move(self.chart_type, value)

    @property
    def line_color(self) -> tuple[int, int, int] | None:
        return _color(ooxml.child(ooxml.child(self.element, "spPr"), "ln"))

    @line_color.setter
    def line_color(self, value: tuple[int, int, int]) -> None:
        _set_color(_drawing_section(self._shape(self.element), "ln"), value)

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        return _color(ooxml.child(self.element, "spPr"))

    @fill_color.setter
    def fill_color(self, value: tuple[int, int, int]) -> None:
        for point in ooxml.children(self.element, "dPt"):  # one colour for all slices was asked for
            self.element.remove(point)
        _set_color(self._shape(self.element), value)

    @property
    def marker_style(self) -> str:
        symbol = ooxml.child(ooxml.child(self.element, "marker"), "symbol")
        wanted = symbol.get("val") if symbol is not None else "auto"
        return next((name for name, xml in _MARKERS.items() if xml == wanted), "automatic")

    @marker_style.setter
    def marker_style(self, value: str) -> None:
        self._marker_part("symbol").set("val", _MARKERS[value])

    @property
    def marker_size(self) -> int:
        size = ooxml.child(ooxml.child(self.element, "marker"), "size")
        return int(size.get("val", "5")) if size is not None else 5

    @marker_size.setter
    def marker_size(self, value: int) -> None:
        self._marker_part("size").set("val", str(value))

    @property
    def marker_background_color(self) -> tuple[int, int, int] | None:
        return _color(ooxml.child(ooxml.child(self.element, "marker"), "spPr"))

    @marker_background_color.setter
    def marker_background_color(self, value: tuple[int, int, int]) -> None:
        _set_color(self._marker_part("spPr"), value)

    @property
    def marker_foreground_color(self) -> tuple[int, int, int] | None:
        return _color(ooxml.child(ooxml.child(ooxml.child(self.element, "marker"), "spPr"), "ln"))

    @marker_foreground_color.setter
    def marker_foreground_color(self, value: tuple[int, int, int]) -> None:
        _set_color(_drawing_section(self._marker_part("spPr"), "ln"), value)

    def set(self, **values: Any) -> None:
        # A change of kind or axis moves the series to another plot, so it goes first.
        first = ("chart_type", "axis_group", "name", "line_color", "fill_color", "marker_style")
        for name in sorted(values, key=lambda key: first.index(key) if key in first else len(first)):
            if values[name] is not _UNSET:
                setattr(self, name, values[name])
        self._chart.changed()

    def _shape(self, parent: etree._Element) -> etree._Element:
        return ooxml.section(parent, "spPr", SERIES_ORDER[ooxml.local(self.plot)])

    def _marker_part(self, name: str) -> etree._Element:
        order = SERIES_ORDER[ooxml.local(self.plot)]
        if "marker" not in order:
            raise ValueError("this kind of chart has no markers")
        return ooxml.section(ooxml.section(self.element, "marker", order), name, _MARKER_ORDER)

    def _replace(self, name: str, element: etree._Element) -> None:
        for old in ooxml.children(self.element, name):
            self.element.remove(old)
        ooxml.insert_in_order(self.element, element, SERIES_ORDER[ooxml.local(self.plot)])
        self._chart.changed()

    def _move(self, kind: str, group: str) -> None:
        if kind == self.chart_type and group == self.axis_group:
            return
        plot = self._chart.plot_for(kind, group)
        old = self.plot
        adapt_series(self.element, KINDS[kind])
        old.remove(self.element)
        last = (ooxml.children(plot, "ser") or ooxml.children(plot, "varyColors"))[-1]
        last.addnext(self.element)
        self._chart.drop_empty_plots()
        self._chart.changed()


def kind_of(plot: etree._Element, series: etree._Element | None = None) -> str:
    """xlwings' name for a plot; "combination" where there is none."""
    element = ooxml.local(plot)
    options = {
        name: value.get("val", "")
        for name in ("barDir", "grouping", "scatterStyle", "radarStyle")
        if (value := ooxml.child(plot, name)) is not None
    }
    marks = _has_markers(plot, series)
    lines = not (element == "scatterChart" and series is not None and _without_line(series))
    for name, known in KINDS.items():
        same_plot = known.element == element and all(options.get(k) == v for k, v in known.options.items())
        if same_plot and (known.markers is None or (known.markers == marks and known.lines == lines)):
            return name
    return "combination"


def _has_markers(plot: etree._Element, series: etree._Element | None) -> bool:
    one = series if series is not None else ooxml.child(plot, "ser")
    symbol = ooxml.child(ooxml.child(one, "marker"), "symbol")
    return symbol is None or symbol.get("val") != "none"


def _without_line(series: etree._Element) -> bool:
    return ooxml.child(ooxml.child(ooxml.child(series, "spPr"), "ln"), "noFill") is not None


def adapt_series(series: etree._Element, plot: Plot) -> None:
    """Makes a series fit another kind of plot: its data stay, its look becomes that of the plot."""
    index = _order(series)
    color = look.series_color(index)
    old = _color(ooxml.child(series, "spPr")) or _color(ooxml.child(ooxml.child(series, "spPr"), "ln"))
    if old is not None and old != (255, 255, 255):
        color = "{:02X}{:02X}{:02X}".format(*old)
    template = chart_xml.fragment(series, chart_xml.series_xml(plot, index, chart_xml.Series("x"), color))[0]
    order = SERIES_ORDER[plot.element]
    renames = {"cat": "xVal", "val": "yVal"} if "xVal" in order else {"xVal": "cat", "yVal": "val"}
    for element in list(series):
        name = ooxml.local(element)
        if name in renames:
            element.tag = f"{{{ooxml.namespace(element)}}}{renames[name]}"
        elif name not in order or name in ("spPr", "marker", "smooth", "invertIfNegative", "dPt"):
            series.remove(element)
    for element in template:
        if ooxml.local(element) in ("spPr", "marker", "smooth", "invertIfNegative"):
            ooxml.insert_in_order(series, copy.deepcopy(element), order)


def _color(parent: etree._Element | None) -> tuple[int, int, int] | None:
    color = ooxml.child(ooxml.child(parent, "solidFill"), "srgbClr")
    text = color.get("val") if color is not None else None
    return (int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)) if text else None


def _drawing_section(parent: etree._Element, name: str) -> etree._Element:
    """A child in the drawing namespace, made in its place when missing."""
    found = ooxml.child(parent, name)
    if found is not None:
        return found
    made = chart_xml.fragment(parent, f"<a:{name}/>")[0]
    ooxml.insert_in_order(parent, made, _SHAPE_ORDER)
    return made


def _set_color(parent: etree._Element, color: tuple[int, int, int]) -> None:
    for name in ("noFill", "solidFill", "gradFill", "pattFill"):
        for old in ooxml.children(parent, name):
            parent.remove(old)
    parent.insert(0, chart_xml.fragment(parent, look.solid("{:02X}{:02X}{:02X}".format(*color)))[0])
