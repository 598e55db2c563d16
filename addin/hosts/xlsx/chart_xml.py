"""The XML of charts: kinds of plots, series, axes. Explicit everywhere, because programs differ in defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from addin.hosts.xlsx import chart_look as look
from addin.hosts.xlsx import ooxml

_SER_COMMON = ["idx", "order", "tx", "spPr"]
_SER_REST = ["dPt", "dLbls", "trendline", "errBars", "cat", "val"]
# Element -> what a series of it may hold, in order.
SERIES_ORDER = {
    "barChart": [*_SER_COMMON, "invertIfNegative", "pictureOptions", *_SER_REST, "shape", "extLst"],
    "lineChart": [*_SER_COMMON, "marker", *_SER_REST, "smooth", "extLst"],
    "areaChart": [*_SER_COMMON, "pictureOptions", *_SER_REST, "extLst"],
    "pieChart": [*_SER_COMMON, "explosion", "dPt", "dLbls", "cat", "val", "extLst"],
    "doughnutChart": [*_SER_COMMON, "explosion", "dPt", "dLbls", "cat", "val", "extLst"],
    "radarChart": [*_SER_COMMON, "marker", "dPt", "dLbls", "cat", "val", "extLst"],
    "scatterChart": [
        *_SER_COMMON,
        "marker",
        "dPt",
        "dLbls",
        "trendline",
        "errBars",
        "xVal",
        "yVal",
        "smooth",
        "extLst",
    ],
}
PLOTS = tuple(SERIES_ORDER)
ALL_PLOTS = (*PLOTS, "bar3DChart", "line3DChart", "area3DChart", "pie3DChart", "ofPieChart", "bubbleChart")
CHART_ORDER = [
    "title",
    "autoTitleDeleted",
    "pivotFmts",
    "view3D",
    "floor",
    "sideWall",
    "backWall",
    "plotArea",
    "legend",
    "plotVisOnly",
    "dispBlanksAs",
]


@dataclass(frozen=True, slots=True)
class Plot:
    """How a kind of chart is written.

    Attributes
    ----------
    element : "barChart" and the like.
    options : child elements that tell kinds apart, name and value.
    markers : whether points are marked (lines, scatter); None where there are none.
    lines : whether scatter points are joined.
    """

    element: str
    options: dict[str, str] = field(default_factory=dict)
    markers: bool | None = None
    lines: bool = True


def _stacks(name: str, element: str, plain: str, options: dict[str, str]) -> dict[str, Plot]:
    return {
        name + ending: Plot(element, options | {"grouping": grouping})
        for ending, grouping in ((plain, "clustered" if plain else "standard"), ("_stacked", "stacked"))
    } | {f"{name}_stacked_100": Plot(element, options | {"grouping": "percentStacked"})}


KINDS: dict[str, Plot] = {
    **_stacks("column", "barChart", "_clustered", {"barDir": "col"}),
    **_stacks("bar", "barChart", "_clustered", {"barDir": "bar"}),
    **_stacks("area", "areaChart", "", {}),
    "line": Plot("lineChart", {"grouping": "standard"}, markers=False),
    "line_stacked": Plot("lineChart", {"grouping": "stacked"}, markers=False),
    "line_stacked_100": Plot("lineChart", {"grouping": "percentStacked"}, markers=False),
    "line_markers": Plot("lineChart", {"grouping": "standard"}, markers=True),
    "line_markers_stacked": Plot("lineChart", {"grouping": "stacked"}, markers=True),
    "line_markers_stacked_100": Plot("lineChart", {"grouping": "percentStacked"}, markers=True),
    "pie": Plot("pieChart"),
    "doughnut": Plot("doughnutChart"),
    "radar": Plot("radarChart", {"radarStyle": "standard"}, markers=False),
    "radar_markers": Plot("radarChart", {"radarStyle": "marker"}, markers=True),
    "radar_filled": Plot("radarChart", {"radarStyle": "filled"}),
    "xy_scatter": Plot("scatterChart", {"scatterStyle": "lineMarker"}, markers=True, lines=False),
    "xy_scatter_lines": Plot("scatterChart", {"scatterStyle": "lineMarker"}, markers=True),
    "xy_scatter_lines_no_markers": Plot("scatterChart", {"scatterStyle": "lineMarker"}, markers=False),
    "xy_scatter_smooth": Plot("scatterChart", {"scatterStyle": "smoothMarker"}, markers=True),
    "xy_scatter_smooth_no_markers": Plot("scatterChart", {"scatterStyle": "smoothMarker"}, markers=False),
}


@dataclass(frozen=True, slots=True)
class Series:
    """Where one series has its data: formulas with sheet names; None for what it lacks."""

    values: str
    categories: str | None = None
    name: str | None = None


def chart_space(kind: str, series: Sequence[Series]) -> str:
    """A whole chart part in transitional namespaces, without title; legend from two series on."""
    slices = KINDS[kind].element in ("pieChart", "doughnutChart")
    shown = legend("b") if len(series) > 1 or slices else ""
    return (
        f'<c:chartSpace xmlns:c="{ooxml.CHART}" xmlns:a="{ooxml.DRAWING}" xmlns:r="{ooxml.REL}">'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f'<c:plotArea><c:layout/>{plots(kind, series)}{look.NO_FILL}</c:plotArea>{shown}<c:plotVisOnly val="1"/>'
        f'<c:dispBlanksAs val="gap"/></c:chart>{look.WHITE}{look.text_properties(900)}'
        '<c:printSettings><c:headerFooter/><c:pageMargins b="0.75" l="0.7" r="0.7" t="0.75" header="0.3" '
        'footer="0.3"/><c:pageSetup/></c:printSettings></c:chartSpace>'
    )


def legend(position: str) -> str:
    """The legend at "b", "t", "l", "r" or "tr"."""
    return (
        f'<c:legend><c:legendPos val="{position}"/><c:overlay val="0"/>{look.text_properties(900)}</c:legend>'
    )


def title(text: str, size: int = 1200, bold: bool = True) -> str:
    """A title of its own text."""
    return (
        f'<c:title><c:tx>{look.rich_text(escape(text), size, bold=bold)}</c:tx><c:overlay val="0"/></c:title>'
    )


def linked_title(formula: str, size: int = 1200) -> str:
    """A title that shows a cell."""
    return (
        f'<c:title><c:tx><c:strRef><c:f>{escape(formula)}</c:f></c:strRef></c:tx><c:overlay val="0"/>'
        f"{look.text_properties(size, look.INK, bold=True)}</c:title>"
    )


def plots(kind: str, series: Sequence[Series]) -> str:
    """The plot of all series with its axes."""
    plot = KINDS[kind]
    inner = "".join(series_xml(plot, index, one) for index, one in enumerate(series))
    return plot_xml(plot, inner, (1, 2)) + axes(plot, (1, 2))


def plot_xml(plot: Plot, series: str, axis_ids: tuple[int, int]) -> str:
    """One plot element around its series."""
    options = plot.options
    head = "".join(
        f'<c:{name} val="{options[name]}"/>'
        for name in ("barDir", "grouping", "scatterStyle", "radarStyle")
        if name in options
    )
    pie = plot.element in ("pieChart", "doughnutChart")
    tail = ""
    if plot.element == "barChart":
        stacked = options["grouping"] != "clustered"
        tail = '<c:gapWidth val="60"/>' + ('<c:overlap val="100"/>' if stacked else '<c:overlap val="-10"/>')
    elif plot.element == "lineChart":
        tail = '<c:marker val="1"/>'
    elif pie:
        tail = '<c:firstSliceAng val="0"/>' + (
            '<c:holeSize val="60"/>' if plot.element == "doughnutChart" else ""
        )
    ids = "" if pie else "".join(f'<c:axId val="{axis_id}"/>' for axis_id in axis_ids)
    return f'<c:{plot.element}>{head}<c:varyColors val="{int(pie)}"/>{series}{tail}{ids}</c:{plot.element}>'


def series_xml(plot: Plot, index: int, series: Series, color: str = "") -> str:
    """One series; the values it carries are filled in when the book is saved."""
    color = color or look.series_color(index)
    name = f"<c:tx><c:strRef><c:f>{escape(series.name)}</c:f></c:strRef></c:tx>" if series.name else ""
    scatter = plot.element == "scatterChart"
    x_name, y_name = ("xVal", "yVal") if scatter else ("cat", "val")
    categories = ""
    if series.categories:
        inner = f"<c:f>{escape(series.categories)}</c:f>"
        reference = f"<c:numRef>{inner}</c:numRef>" if scatter else f"<c:strRef>{inner}</c:strRef>"
        categories = f"<c:{x_name}>{reference}</c:{x_name}>"
    values = f"<c:{y_name}><c:numRef><c:f>{escape(series.values)}</c:f></c:numRef></c:{y_name}>"
    ending = '<c:smooth val="0"/>' if plot.element == "lineChart" else ""
    if scatter:
        ending = f'<c:smooth val="{int("smooth" in plot.options["scatterStyle"])}"/>'
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{name}{_series_look(plot, color)}'
        f"{categories}{values}{ending}</c:ser>"
    )


def _series_look(plot: Plot, color: str) -> str:
    if plot.element in ("pieChart", "doughnutChart"):
        # Explicit, though varyColors would do: white gaps between slices.
        return f'<c:spPr><a:ln w="19050">{look.solid("FFFFFF")}</a:ln></c:spPr>'
    if plot.element == "barChart":
        return look.filled(color) + '<c:invertIfNegative val="0"/>'
    if plot.element == "areaChart" or plot.options.get("radarStyle") == "filled":
        return look.filled(color)
    shape = look.lined(color) if plot.lines else "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    marks = look.marker(color) if plot.markers else '<c:marker><c:symbol val="none"/></c:marker>'
    return shape + marks


def slice_colors(count: int) -> str:
    """Colours of the slices of a pie, one `c:dPt` each."""
    return "".join(
        f'<c:dPt><c:idx val="{i}"/><c:bubble3D val="0"/>'
        f'<c:spPr>{look.solid(look.series_color(i))}<a:ln w="19050">{look.solid("FFFFFF")}</a:ln></c:spPr></c:dPt>'
        for i in range(count)
    )


def axes(plot: Plot, axis_ids: tuple[int, int], secondary: bool = False) -> str:
    """The two axes of a plot; secondary ones: values at the far side, categories hidden."""
    if plot.element in ("pieChart", "doughnutChart"):
        return ""
    sideways = plot.options.get("barDir") == "bar"
    first, second = axis_ids
    bottom, side = ("l", "b") if sideways else ("b", "l")
    if secondary:
        side = "t" if sideways else "r"
    hidden = int(secondary)
    text = look.text_properties(900)
    line = f'<c:spPr><a:ln w="9525">{look.solid(look.LINE)}</a:ln></c:spPr>'
    none = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    grid = "" if secondary else f"<c:majorGridlines>{line}</c:majorGridlines>"
    crosses = "max" if secondary else "autoZero"
    shares = plot.options.get("grouping") == "percentStacked"
    number_format = (
        f'<c:numFmt formatCode="{"0%" if shares else "General"}" sourceLinked="{int(not shares)}"/>'
    )
    value_axis = (
        f'<c:valAx><c:axId val="{second}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/>{grid}{number_format}'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{none}{text}<c:crossAx val="{first}"/><c:crosses val="{crosses}"/>'
        f'<c:crossBetween val="{"midCat" if plot.element in ("scatterChart", "areaChart") else "between"}"/></c:valAx>'
    )
    if plot.element == "scatterChart":
        category_axis = (
            f'<c:valAx><c:axId val="{first}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
            f'<c:delete val="{hidden}"/><c:axPos val="{bottom}"/><c:numFmt formatCode="General" sourceLinked="1"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
            f'{line}{text}<c:crossAx val="{second}"/><c:crosses val="autoZero"/>'
            '<c:crossBetween val="midCat"/></c:valAx>'
        )
    else:
        category_axis = (
            f'<c:catAx><c:axId val="{first}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
            f'<c:delete val="{hidden}"/><c:axPos val="{bottom}"/><c:numFmt formatCode="General" sourceLinked="1"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
            f'{line}{text}<c:crossAx val="{second}"/><c:crosses val="autoZero"/><c:auto val="1"/>'
            '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        )
    return category_axis + value_axis


def fragment(root: etree._Element, xml: str) -> list[etree._Element]:
    """Elements of XML text written with the prefixes c, a and r, in the namespaces of `root`."""
    whole = (
        f'<c:w xmlns:c="{ooxml.CHART}" xmlns:a="{ooxml.DRAWING}" xmlns:r="{ooxml.REL}">{xml}</c:w>'.encode()
    )
    strict = ooxml.namespace(root).startswith("http://purl.oclc.org")
    return list(etree.fromstring(ooxml.to_strict(whole) if strict else whole))
