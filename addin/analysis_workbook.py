"""The result of an analysis as a new workbook: one sheet a table, finding above it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import xlsxwriter

from addin.analyses.base import Sheet
from addin.analyses.columns import header, kind
from addin.hosts.xlsx.saving import replace_file
from udfs.texts import Lang, Text
from workbook_templates import style

FORMATS = {**style.NUMBER_FORMATS, "number": "#,##0", "decimal": "0.00", "month": "yyyy-mm"}
WIDEST = 44
SAMPLED = 300
NAME_LIMIT = 31
CHARTED = {"bar": 15, "column": 60, "line": 60}  # rows a chart shows


def write(path: Path, title: Text, about: Text, sheets: Sequence[Sheet], lang: Lang) -> None:
    """Writes the workbook whole or not at all."""
    memory = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(memory, {**options, "nan_inf_to_errors": False})
    font = {"font_name": style.FONT[lang], "font_color": style.INK, "valign": "vcenter"}
    for number, sheet in enumerate(sheets, 1):
        page = book.add_worksheet(_sheet_name(sheet.title(lang), book))
        page.set_tab_color(style.BLUE)
        page.hide_gridlines(2)
        page.write_string(
            0, 0, _title(title(lang), sheet.title(lang)), book.add_format({**font, "font_size": 16})
        )
        page.write_string(
            1, 0, about(lang), book.add_format({**font, "font_color": style.GREY, "font_size": 9})
        )
        row = 2
        for finding in sheet.findings:
            if finding(lang):
                page.write_string(
                    row, 0, finding(lang), book.add_format({**font, "font_size": 11, "bold": row == 2})
                )
                row += 1
        if len(sheet.table):
            _table(book, page, sheet, row + 1, number, lang, font)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&F&C&D&R&P / &N")
    book.close()
    replace_file(path, lambda file: _copy(memory, file))


def _title(whole: str, part: str) -> str:
    return whole if whole == part else f"{whole} · {part}"


def _copy(memory: io.BytesIO, file: BinaryIO) -> None:
    file.write(memory.getvalue())


def _sheet_name(name: str, book: xlsxwriter.Workbook) -> str:
    taken = {s.get_name().casefold() for s in book.worksheets()}
    number, wanted = 1, name[:NAME_LIMIT]
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{name[: NAME_LIMIT - 3]} {number}"
    return wanted


def _table(
    book: xlsxwriter.Workbook,
    page: Any,
    sheet: Sheet,
    top: int,
    number: int,
    lang: Lang,
    font: dict[str, Any],
) -> None:
    table = sheet.table
    keys = [str(c) for c in table.columns]
    band = {**font, "bg_color": style.WASH, "bottom": 1, "bottom_color": style.LINE, "text_wrap": True}
    head = {left: book.add_format({**band, "align": "left" if left else "right"}) for left in (True, False)}
    columns: list[dict[str, Any]] = []
    for place, key in enumerate(keys):
        code = _kind(key, table[key])
        cell = book.add_format({**font, "font_size": 10, "num_format": FORMATS[code]})
        small = book.add_format({**font, "font_size": 10, "num_format": FORMATS["decimal"]})
        columns.append(
            {"header": _unique(header(key, lang), columns), "header_format": head[code in style.LEFT]}
        )
        for offset, value in enumerate(table[key].tolist(), 1):
            _cell(page, top + offset, place, value, small if code == "number" and _is_small(value) else cell)
        page.set_column(place, place, _width(header(key, lang), code, table[key]))
    page.add_table(
        top, 0, top + len(table), len(keys) - 1,
        {"name": f"tblAnalysis{number}", "columns": columns, "style": "Table Style Light 1", "banded_rows": False},
    )  # fmt: skip
    if sheet.chart:
        _chart(book, page, sheet, top, lang)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)


def _chart(book: xlsxwriter.Workbook, page: Any, sheet: Sheet, top: int, lang: Lang) -> None:
    """A native chart right of the table: one series, labels instead of a legend, the finding as its title."""
    assert sheet.chart is not None
    kind_, labels, values = sheet.chart
    keys = [str(c) for c in sheet.table.columns]
    height = min(len(sheet.table), CHARTED[kind_])
    name = page.get_name()
    place, code = keys.index(values), _kind(values, sheet.table[values])
    text = {"name": style.FONT[lang], "color": style.INK}
    chart = book.add_chart({"type": kind_})
    colour = (
        {"line": {"color": style.BLUE, "width": 2}} if kind_ == "line" else {"fill": {"color": style.BLUE}}
    )
    rows = (top + 1, keys.index(labels), top + height, keys.index(labels))
    series = (top + 1, place, top + height, place)
    chart.add_series(
        {
            "categories": [name, *rows],
            "values": [name, *series],
            "name": header(values, lang),
            "gap": 60,
            **colour,
        }
    )
    title = (
        sheet.findings[0](lang)
        if sheet.findings
        else f"{sheet.title(lang)}{Text(zh='：', en=': ')(lang)}{header(values, lang)}"
    )
    chart.set_title({"name": title, "name_font": {**text, "size": 11, "bold": False}, "overlay": False})
    chart.set_legend({"none": True})
    quiet = {"num_font": {**text, "size": 9}, "line": {"color": style.LINE}}
    months = {"num_format": FORMATS["month"], "text_axis": True} if labels == "month" else {}
    along = {**quiet, **months, "label_position": "low", "reverse": kind_ == "bar"}
    across = {
        **quiet, "major_gridlines": {"visible": True, "line": {"color": style.LINE}}, "num_format": FORMATS[code],
        "name": header(values, lang), "name_font": {**text, "size": 9, "bold": False},
    }  # fmt: skip
    if kind_ == "bar":  # the labels stand on the vertical axis
        across = {**across, "label_position": "high"}
        along, across = across, along
    chart.set_x_axis(along)
    chart.set_y_axis(across)
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 620, "height": 340 if kind_ != "bar" else 120 + 24 * height})
    page.insert_chart(top, len(keys) + 1, chart, {"description": title, "object_position": 3})


def _unique(name: str, before: list[dict[str, Any]]) -> str:
    taken = {c["header"].casefold() for c in before}
    return name if name.casefold() not in taken else f"{name} {len(before) + 1}"


def _kind(key: str, column: pd.Series) -> str:
    """The kind of a column; months since the first order (M0, M1, ...) are shares."""
    if key[:1] == "M" and key[1:].isdigit():
        return "share"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "month" if key == "month" else "date"
    if kind(key) == "text" and pd.api.types.is_numeric_dtype(column):
        return "int"
    if kind(key) == "month":
        return "text"
    return kind(key)


def _is_small(value: Any) -> bool:
    """Whether a number would lose too much without decimals."""
    return isinstance(value, float) and abs(value) < 100 and not value.is_integer()


def _cell(page: Any, row: int, place: int, value: Any, cell: Any) -> None:
    if value is None or value is pd.NaT or value != value:
        page.write_blank(row, place, None, cell)
    elif isinstance(value, pd.Timestamp):
        page.write_datetime(row, place, value.to_pydatetime(), cell)
    elif isinstance(value, str):
        page.write_string(row, place, value, cell)
    elif value in (float("inf"), float("-inf")):
        page.write_string(row, place, "∞", cell)
    else:
        page.write_number(row, place, value, cell)


def _width(name: str, code: str, column: pd.Series) -> float:
    """Wide enough for the header and what the column holds."""
    longest = style.display_width(name) + 3
    if code in ("text", "long"):
        texts = [str(v) for v in column.head(SAMPLED) if isinstance(v, str)]
        longest = max([longest, *(style.display_width(t) + 2 for t in texts)])
    return min(max(longest, style.WIDTHS.get(code, 11)), WIDEST)
