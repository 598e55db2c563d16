"""Axes and legend of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import XlwingsError, base_classes

from addin.hosts.xlsx import chart_xml, ooxml
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.charts import Chart

_UNSET = base_classes._UNSET
_AXIS_ORDER = [
    "axId",
    "scaling",
    "delete",
    "axPos",
    "majorGridlines",
    "minorGridlines",
    "title",
    "numFmt",
    "majorTickMark",
    "minorTickMark",
    "tickLblPos",
    "spPr",
    "txPr",
    "crossAx",
    "crosses",
    "crossesAt",
    "auto",
    "crossBetween",
    "lblOffset",
    "baseTimeUnit",
    "majorUnit",
    "majorTimeUnit",
    "minorUnit",
    "dispUnits",
    "extLst",
]
_SCALING_ORDER = ["logBase", "orientation", "max", "min", "extLst"]
_CROSSES = {"automatic": "autoZero", "minimum": "min", "maximum": "max"}
_LEGEND_POSITIONS = {"top": "t", "bottom": "b", "left": "l", "right": "r", "corner": "tr"}


@complete
class ChartAxis(base_classes.ChartAxis):
    """One axis: of categories or values, primary or secondary."""

    def __init__(self, chart: Chart, kind: str, group: str) -> None:
        self._chart = chart
        self._kind, self._group = kind, group

    @property
    def api(self) -> etree._Element | None:
        return self._element()

    def _element(self) -> etree._Element | None:
        ids = self._chart.axis_ids(self._group)
        if not ids:
            if self._group == "secondary":
                raise XlwingsError(
                    "The chart has no secondary axis group. Move a series to it first with "
                    "series.axis_group = 'secondary'."
                )
            return None
        wanted = ids[0] if self._kind == "category" else ids[1]
        return self._chart.axis(wanted)

    def _axis(self) -> etree._Element:
        element = self._element()
        if element is None:
            raise XlwingsError(f"The chart has no {self._group} {self._kind} axis.")
        return element

    @property
    def visible(self) -> bool:
        element = self._element()
        return element is not None and not _flag(ooxml.child(element, "delete"))

    @visible.setter
    def visible(self, value: bool) -> None:
        self._section("delete").set("val", "0" if value else "1")

    @property
    def title(self) -> str | None:
        element = self._element()
        title = ooxml.child(element, "title") if element is not None and self.visible else None
        return None if title is None else self._chart.text_of(title)

    @title.setter
    def title(self, value: str | None) -> None:
        element = self._axis()
        for old in ooxml.children(element, "title"):
            element.remove(old)
        if value is not None:
            self.visible = True
            made = chart_xml.fragment(element, chart_xml.title(value, size=900, bold=False))[0]
            ooxml.insert_in_order(element, made, _AXIS_ORDER)
        self._chart.changed()

    @property
    def minimum_scale(self) -> float | None:
        return self._scale("min")

    @minimum_scale.setter
    def minimum_scale(self, value: float | None) -> None:
        self._set_scale("min", value)

    @property
    def maximum_scale(self) -> float | None:
        return self._scale("max")

    @maximum_scale.setter
    def maximum_scale(self, value: float | None) -> None:
        self._set_scale("max", value)

    @property
    def major_unit(self) -> float | None:
        element = ooxml.child(self._axis(), "majorUnit")
        return None if element is None else float(element.get("val", "0"))

    @major_unit.setter
    def major_unit(self, value: float | None) -> None:
        element = self._section("majorUnit")
        if value is None:
            ooxml.drop(element)
        else:
            element.set("val", str(value))

    @property
    def number_format(self) -> str:
        element = ooxml.child(self._axis(), "numFmt")
        return "General" if element is None else element.get("formatCode", "General")

    @number_format.setter
    def number_format(self, value: str) -> None:
        element = self._section("numFmt")
        element.set("formatCode", value)
        element.set("sourceLinked", "0")

    @property
    def reverse_order(self) -> bool:
        orientation = ooxml.child(ooxml.child(self._axis(), "scaling"), "orientation")
        return orientation is not None and orientation.get("val") == "maxMin"

    @reverse_order.setter
    def reverse_order(self, value: bool) -> None:
        scaling = self._section("scaling")
        ooxml.section(scaling, "orientation", _SCALING_ORDER).set("val", "maxMin" if value else "minMax")

    @property
    def crosses(self) -> str:
        element = ooxml.child(self._crossing(), "crosses")
        wanted = element.get("val") if element is not None else None
        return next((name for name, xml in _CROSSES.items() if xml == wanted), "custom")

    @crosses.setter
    def crosses(self, value: str) -> None:
        crossing = self._crossing()
        for old in ooxml.children(crossing, "crossesAt"):
            crossing.remove(old)
        ooxml.section(crossing, "crosses", _AXIS_ORDER).set("val", _CROSSES[value])
        self._chart.changed()

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            if value is not _UNSET and name != "visible":
                setattr(self, name, value)
        if values.get("visible", _UNSET) is not _UNSET:
            self.visible = values["visible"]

    def _crossing(self) -> etree._Element:
        """Where the other axis crosses this one is written with the other axis."""
        other = ooxml.child(self._axis(), "crossAx")
        found = self._chart.axis(other.get("val", "")) if other is not None else None
        return found if found is not None else self._axis()

    def _section(self, name: str) -> etree._Element:
        self._chart.changed()
        return ooxml.section(self._axis(), name, _AXIS_ORDER)

    def _scale(self, name: str) -> float | None:
        element = ooxml.child(ooxml.child(self._axis(), "scaling"), name)
        return None if element is None else float(element.get("val", "0"))

    def _set_scale(self, name: str, value: float | None) -> None:
        element = ooxml.section(self._section("scaling"), name, _SCALING_ORDER)
        if value is None:
            ooxml.drop(element)
        else:
            element.set("val", str(value))


@complete
class ChartLegend(base_classes.ChartLegend):
    """The legend of a chart."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    @property
    def api(self) -> etree._Element | None:
        return ooxml.child(self._chart.chart_element(), "legend")

    @property
    def visible(self) -> bool:
        return self.api is not None

    @visible.setter
    def visible(self, value: bool) -> None:
        if value and self.api is None:
            self._make("b")
        elif not value and self.api is not None:
            ooxml.drop(self.api)
            self._chart.changed()

    @property
    def position(self) -> str | None:
        if self.api is None:
            return None
        element = ooxml.child(self.api, "legendPos")
        wanted = element.get("val", "r") if element is not None else "r"
        return next((name for name, xml in _LEGEND_POSITIONS.items() if xml == wanted), None)

    @position.setter
    def position(self, value: str) -> None:
        legend = self.api if self.api is not None else self._make("b")
        order = ["legendPos", "legendEntry", "layout", "overlay", "spPr", "txPr", "extLst"]
        ooxml.section(legend, "legendPos", order).set("val", _LEGEND_POSITIONS[value])
        self._chart.changed()

    def _make(self, position: str) -> etree._Element:
        chart = self._chart.chart_element()
        legend = chart_xml.fragment(chart, chart_xml.legend(position))[0]
        ooxml.insert_in_order(chart, legend, chart_xml.CHART_ORDER)
        self._chart.changed()
        return legend


def _flag(element: etree._Element | None) -> bool:
    return element is not None and element.get("val", "1") in ("1", "true")
