"""What a saved workbook looks like, family by family, as openpyxl and the parts themselves tell it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

FAMILIES = (
    "number formats", "fills", "fonts", "borders and alignment", "column widths", "row heights", "merged cells",
    "conditional formats", "data validation", "notes", "freeze panes and view", "page set-up", "tables", "names",
    "charts", "pivot tables", "pictures",
)  # fmt: skip
USUAL_WIDTH = 9.14  # of a column without a width of its own
TIMES = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|refreshedDate=\"[^\"]*\"")


def looks(path: Path) -> dict[str, Any]:
    """Each family of `FAMILIES` with what there is of it, by sheet."""
    book = openpyxl.load_workbook(path)
    found: dict[str, Any] = {family: {} for family in FAMILIES}
    for sheet in book.worksheets:
        for family, value in {**_of_cells(sheet), **_of_sheet(sheet)}.items():
            found[family][sheet.title] = value
    found["names"] = sorted(book.defined_names)
    found["charts"] = _parts(path, "xl/charts/chart")
    found["pivot tables"] = _parts(path, "xl/pivotTables/")
    found["pictures"] = _parts(path, "xl/media/")
    return found


def _of_cells(sheet: Worksheet) -> dict[str, Any]:
    found = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    cells = [cell for cell in found if cell.value is not None or cell.has_style]
    plain = {
        "number formats": lambda c: c.number_format,
        "fills": lambda c: repr(c.fill.fgColor.rgb) if c.fill.fill_type else "",
        "fonts": lambda c: (c.font.name, c.font.sz, bool(c.font.b), bool(c.font.i), repr(c.font.color)),
        "borders and alignment": lambda c: (repr(c.border), repr(c.alignment)),
    }
    return {family: {c.coordinate: tell(c) for c in cells} for family, tell in plain.items()}


def _of_sheet(sheet: Worksheet) -> dict[str, Any]:
    setup, view = sheet.page_setup, sheet.sheet_view
    rules = [(str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules]
    view_settings = (sheet.freeze_panes, view.showGridLines, view.zoomScale, sheet.sheet_state)
    page = (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight, sheet.print_area)
    return {
        "column widths": {
            k: (d.width, d.hidden)
            for k, d in sheet.column_dimensions.items()
            if d.hidden or abs(d.width - USUAL_WIDTH) > 0.01
        },
        "row heights": {k: (d.ht, d.hidden) for k, d in sheet.row_dimensions.items() if d.ht or d.hidden},
        "merged cells": sorted(map(str, sheet.merged_cells.ranges)),
        "conditional formats": sorted(
            (area, rule.type, repr(rule.formula), repr(rule.dxf), repr(rule.dataBar), repr(rule.colorScale))
            for area, rule in rules
        ),
        "data validation": sorted(
            (str(v.sqref), v.type, v.formula1, v.formula2) for v in sheet.data_validations.dataValidation
        ),
        "notes": {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment},
        "freeze panes and view": (
            *view_settings,
            repr(sheet.sheet_properties.tabColor),
            sheet.auto_filter.ref,
        ),
        "page set-up": (*page, sheet.print_title_rows, sheet.oddFooter.center.text),
        "tables": sorted(
            (t.name, t.ref, repr(t.tableStyleInfo), repr(t.autoFilter)) for t in sheet.tables.values()
        ),
    }


def _parts(path: Path, start: str) -> list[str]:
    """The texts of parts, without the time of the run."""
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if name.startswith(start) and "_rels" not in name)
        return [TIMES.sub("", package.read(name).decode("utf-8", "replace")) for name in names]
