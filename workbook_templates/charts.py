"""Native charts for templates: one accent, light lines, units on the axes, a title linked to its finding."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from udfs.texts import Lang
from workbook_templates import style
from workbook_templates.headers import header
from workbook_templates.spec import Chart, Table

KINDS = {
    "column": {"type": "column"},
    "bar": {"type": "bar"},
    "line": {"type": "line"},
    "pie": {"type": "pie"},
    "pareto": {"type": "column"},
    "lorenz": {"type": "scatter", "subtype": "straight"},
    "histogram": {"type": "column"},
}
SERIES_COLOURS = [style.BLUE, style.SOFT, "#D5DCE6"]


def draw_chart(
    book: xlsxwriter.Workbook,
    sheet: str,
    lang: Lang,
    spec: Chart,
    table: Table,
    top: int,
    left: int,
    title: str,
) -> Any:
    """A chart on the table whose header row is `top` and first column `left` (0-based)."""
    chart = book.add_chart(dict(KINDS[spec.kind]))
    assert chart is not None
    keys = [c.key for c in table.columns]

    def cells(key: str) -> str:
        column = left + keys.index(key)
        first = xl_rowcol_to_cell(top + 1, column, True, True)
        last = xl_rowcol_to_cell(top + table.rows, column, True, True)
        return f"='{sheet}'!{first}:{last}"

    def header_cell(key: str) -> str:
        return f"='{sheet}'!{xl_rowcol_to_cell(top, left + keys.index(key), True, True)}"

    second = None
    for i, key in enumerate(spec.values):
        series = {
            "name": header_cell(key),
            "categories": cells(spec.category),
            "values": cells(key),
            **series_look(spec, i, lang),
        }
        if spec.kind == "pareto" and i == 1:
            second = book.add_chart({"type": "line"})
            assert second is not None
            series["y2_axis"] = True
            second.add_series(series)
        else:
            chart.add_series(series)
    if second is not None:
        chart.combine(second)
        second.set_y2_axis(
            {**axis(lang, header(spec.values[1], lang)), "num_format": "0%", "min": 0, "max": 1}
        )
    chart.set_title(
        {
            "name": title,
            "data": [f"{{{{ {spec.finding} }}}}"],
            "name_font": {**font(lang, 11, style.INK), "bold": True},
            "overlay": False,
        }
    )
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": style.PAPER}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
    if len(spec.values) > 1 or spec.kind == "pie":
        chart.set_legend({"position": "right" if spec.kind == "pie" else "bottom", "font": font(lang)})
    else:
        chart.set_legend({"none": True})
    if spec.kind != "pie":
        set_axes(chart, spec, lang)
    return chart


def font(lang: Lang, size: float = 9, colour: str = style.GREY) -> dict[str, Any]:
    return {"name": style.FONT[lang], "size": size, "color": colour, "bold": False}


def axis(lang: Lang, title: str | None) -> dict[str, Any]:
    """An axis without line and ticks; a title only where it says something."""
    look: dict[str, Any] = {
        "num_font": font(lang),
        "line": {"none": True},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "major_gridlines": {"visible": False},
    }
    if title:
        look["name"] = title
        look["name_font"] = font(lang)
    return look


def set_axes(chart: Any, spec: Chart, lang: Lang) -> None:
    values = axis(lang, spec.unit(lang) if spec.unit else None)
    values["num_format"] = "0%" if spec.shares else "#,##0"
    values["major_gridlines"] = {"visible": True, "line": {"color": style.LINE, "width": 0.75}}
    values["min"] = 0
    if any("change" in key for key in spec.values):
        del values["min"]
    categories = axis(lang, spec.category_title(lang) if spec.category_title else None)
    categories["line"] = {"color": style.LINE}
    if spec.kind == "lorenz":
        categories.update({"min": 0, "max": 1, "num_format": "0%"})
        values.update({"max": 1})
    if spec.kind == "bar":
        categories["reverse"] = True
        categories["label_position"] = "low"
        values["label_position"] = "high"
        values["visible"] = False
        values["major_gridlines"] = {"visible": False}
        values.pop("name", None)
        chart.set_y_axis(categories)
        chart.set_x_axis(values)
        return
    chart.set_x_axis(categories)
    chart.set_y_axis(values)


def series_look(spec: Chart, i: int, lang: Lang) -> dict[str, Any]:
    """Colours, gaps and labels of one series."""
    colour = SERIES_COLOURS[i % len(SERIES_COLOURS)]
    number = "0.0%" if spec.shares else "#,##0"
    if spec.kind == "pie":
        return {
            "points": [{"fill": {"color": c}, "border": {"color": style.PAPER}} for c in style.PIE_COLOURS],
            "data_labels": {
                "percentage": True,
                "num_format": "0.0%",
                "position": "outside_end",
                "font": font(lang, 9, style.INK),
            },
        }
    if spec.kind == "lorenz":
        dash = {"dash_type": "dash"} if i else {}
        return {
            "line": {"color": colour, "width": 2.25 if not i else 1.25, **dash},
            "marker": {"type": "none"},
        }
    if spec.kind == "line" or (spec.kind == "pareto" and i == 1):
        shade = style.AMBER if spec.kind == "pareto" else colour
        return {
            "line": {"color": shade, "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 5,
                "fill": {"color": shade},
                "border": {"color": style.PAPER},
            },
            "smooth": False,
        }
    look: dict[str, Any] = {
        "fill": {"color": colour},
        "border": {"none": True},
        "gap": 8 if spec.kind == "histogram" else 45,
        "overlap": 0,
    }
    if spec.kind in ("bar", "histogram") or (spec.kind == "column" and len(spec.values) == 1):
        look["data_labels"] = {
            "value": True,
            "num_format": number,
            "position": "outside_end",
            "font": font(lang, 9, style.INK if i == 0 else style.GREY),
        }
    return look
