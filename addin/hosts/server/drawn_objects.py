"""New sheets as a workbook of their own, and the charts and pivot tables that cannot travel with them.

Excel on the web refuses to insert sheets with charts, pivot tables or comments; Excel for Windows and Mac insert
a pivot table, but lose the table it summarises. So pivot tables always, and charts on the web, are drawn there
by Office.js.
"""

from __future__ import annotations

import base64
from typing import Any

import xlwings as xw

from addin.hosts import xlsx
from addin.hosts.server.cell_difference import pivot_area
from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.chart_axes import ChartAxis
from addin.hosts.xlsx.charts import Chart
from addin.hosts.xlsx.pivots import PivotTable

Step = dict[str, Any]
HOLDER = "fenji"  # name of the empty sheet a new workbook begins with
LOOK = ("styles", "theme")  # parts on which the look of plain cells depends
# xlwings' name of a chart's kind -> Office.js' name.
KINDS = {
    "column_clustered": "ColumnClustered",
    "column_stacked": "ColumnStacked",
    "bar_clustered": "BarClustered",
    "bar_stacked": "BarStacked",
    "line": "Line",
    "line_markers": "LineMarkers",
    "pie": "Pie",
    "doughnut": "Doughnut",
    "xy_scatter": "XYScatter",
    "xy_scatter_lines": "XYScatterLines",
    "xy_scatter_lines_no_markers": "XYScatterLinesNoMarkers",
    "xy_scatter_smooth_no_markers": "XYScatterSmoothNoMarkers",
}
FUNCTIONS = {"sum": "Sum", "count": "Count", "average": "Average", "max": "Max", "min": "Min"}


def workbook_of(book: xw.Book, names: list[str], keep_charts: bool) -> tuple[str, list[Step]]:
    """A workbook with these sheets alone, in base64, and the steps that draw what it could not bring.

    Parameters
    ----------
    book : of the file engine.
    names : sheets of the book that stand side by side.
    keep_charts : whether charts may stay in the workbook.
    """
    holder = xlsx.new(sheet=HOLDER)
    _take_look(book, holder)
    try:
        sheets = [book.sheets[name].impl for name in names]
        copies = type(sheets[0]).copy_group(sheets, holder.impl, 1)
        holder.sheets[HOLDER].delete()
        steps: list[Step] = []
        for source, copied in zip(sheets, copies, strict=True):
            for pivot in list(source.pivot_tables):
                steps.append(_pivot_step(source.name, pivot))
            if not keep_charts:
                steps += [_chart_step(source.name, chart) for chart in source.charts]
            _strip(copied, keep_charts)
        holder.impl.write_parts()
        return base64.b64encode(holder.impl.package.to_bytes()).decode("ascii"), steps
    finally:
        holder.close()


def _take_look(book: xw.Book, holder: xw.Book) -> None:
    """Gives the new workbook the styles and theme of the other, so that plain cells and theme colours stay so."""
    source, target = book.impl.package, holder.impl.package
    if source.strict:
        return
    book.impl.write_parts()
    for kind in LOOK:
        given, own = (package.rels(package.workbook_part).one(kind) for package in (source, target))
        if given is not None and own is not None:
            target.write(own.target, source.read(given.target))


def _strip(sheet: Any, keep_charts: bool) -> None:
    """Takes off what the workbook may not bring."""
    for pivot in list(sheet.pivot_tables):
        area = pivot_area(pivot)
        pivot.delete()
        sheet.area(area).clear_contents()
    if not keep_charts:
        for chart in list(sheet.charts):
            chart.delete()


def _pivot_step(sheet: str, pivot: PivotTable) -> Step:
    model = pivot.model
    return {
        "kind": "pivot",
        "sheet": sheet,
        "name": model.name,
        "table": model.table,
        "cell": Area(model.row, model.column, model.row, model.column).ref,
        "rows": model.rows,
        "columns": model.columns,
        "filters": model.filters,
        "values": [
            {
                "field": value.source,
                "function": FUNCTIONS.get(value.function, "Sum"),
                "name": value.name,
                "number_format": value.number_format,
            }
            for value in model.values
        ],
    }


def _chart_step(sheet: str, chart: Chart) -> Step:
    series = list(chart.series)
    return {
        "kind": "chart",
        "sheet": sheet,
        "name": chart.name,
        "type": KINDS.get(series[0].chart_type if series else chart.chart_type, "ColumnClustered"),
        "left": chart.left,
        "top": chart.top,
        "width": chart.width,
        "height": chart.height,
        "title": chart.title,
        "title_formula": chart.title_formula,
        "legend": chart.legend.position if chart.legend.visible else None,
        "series": [_series(chart, one) for one in series],
        "category_axis": _axis(chart.category_axis),
        "value_axis": _axis(chart.value_axis),
    }


def _series(chart: Chart, one: Any) -> Step:
    labels = ooxml.child(one.element, "dLbls")
    gap = ooxml.child(one.plot, "gapWidth")
    return {
        "name": one.name,
        "values": _formula(one.element, "val", "yVal"),
        "categories": _formula(one.element, "cat", "xVal"),
        "type": KINDS.get(one.chart_type, "ColumnClustered"),
        "secondary": one.axis_group == "secondary",
        "fill": _web(one.fill_color),
        "line": _web(one.line_color),
        "points": [_slice_color(point) for point in ooxml.children(one.element, "dPt")],
        "labels": _labels(labels),
        "gap": int(gap.get("val") or 150) if gap is not None else None,
    }


def _formula(series: Any, *names: str) -> str | None:
    """What a series' values or categories refer to, as "Sheet!A1:A9"."""
    element = next(ooxml.walk(series, *names), None)
    formula = next(ooxml.walk(element, "f"), None) if element is not None else None
    return None if formula is None else formula.text


def _labels(labels: Any) -> str | None:
    """The number format of the data labels; None where there are none."""
    if labels is None or not any(
        (shown := ooxml.child(labels, name)) is not None and shown.get("val") == "1"
        for name in ("showVal", "showPercent")
    ):
        return None
    code = ooxml.child(labels, "numFmt")
    return code.get("formatCode") if code is not None else "General"


def _slice_color(point: Any) -> str | None:
    """The colour of a single slice, as "#1F6FB2"."""
    color = ooxml.child(ooxml.child(ooxml.child(point, "spPr"), "solidFill"), "srgbClr")
    return f"#{color.get('val')}" if color is not None else None


def _axis(axis: ChartAxis) -> Step | None:
    if axis.api is None:
        return None
    return {
        "visible": axis.visible,
        "title": axis.title,
        "minimum": axis.minimum_scale,
        "maximum": axis.maximum_scale,
        "number_format": axis.number_format,
        "reverse": axis.reverse_order,
    }


def _web(color: tuple[int, int, int] | None) -> str | None:
    return None if color is None else "#{:02X}{:02X}{:02X}".format(*color)
