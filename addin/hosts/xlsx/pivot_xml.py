"""The parts of a pivot table: its definition and its cache, written and read.

The cache carries no records: Excel and LibreOffice read the source again when they open the file
(`refreshOnLoad`). It lists the items of every field on an axis, so that their order is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

import numpy as np
from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.pivot_data import Item, Items
from addin.hosts.xlsx.pivot_layout import Layout, Line
from addin.hosts.xlsx.pivot_model import FUNCTIONS, PivotModel, ValueField
from udfs.cleaning.columns import Column, Kind, from_serial

# Pivots with this name as their last author are ours to write anew.
AUTHOR = "fenji"
_LONG_TEXT = 255
_VALUES = -2
_SHORT_DATE = 14
_LAYOUTS = {
    "compact": 'outline="1" outlineData="1"',
    "outline": 'compact="0" compactData="0" outline="1" outlineData="1"',
    "tabular": 'compact="0" compactData="0"',
}
_FIELD_LAYOUTS = {"compact": "", "outline": ' compact="0"', "tabular": ' compact="0" outline="0"'}


def cache_xml(model: PivotModel, items: dict[str, Items], columns: dict[str, Column]) -> str:
    """The pivot cache definition, in transitional namespaces."""
    source = (
        f"<worksheetSource name={quoteattr(model.table)}/>"
        if model.table
        else f"<worksheetSource ref={quoteattr(model.ref)} sheet={quoteattr(model.sheet)}/>"
    )
    fields = "".join(
        f'<cacheField name={quoteattr(name)} numFmtId="{_date_format(columns.get(name))}">'
        f"{_shared_items(items.get(name), columns.get(name))}</cacheField>"
        for name in model.field_names
    )
    return (
        f'<pivotCacheDefinition xmlns="{ooxml.MAIN}" xmlns:r="{ooxml.REL}" saveData="0" refreshOnLoad="1" '
        f'refreshedBy="{AUTHOR}" createdVersion="6" refreshedVersion="6" minRefreshableVersion="3">'
        f'<cacheSource type="worksheet">{source}</cacheSource>'
        f'<cacheFields count="{len(model.field_names)}">{fields}</cacheFields></pivotCacheDefinition>'
    )


def _date_format(column: Column | None) -> int:
    """The number of Excel's short date format for a column of dates, 0 for others."""
    kinds = set() if column is None else {Kind(int(kind)) for kind in np.unique(column.kind)}
    return _SHORT_DATE if Kind.DATE in kinds and kinds <= {Kind.DATE, Kind.EMPTY} else 0


def _shared_items(items: Items | None, column: Column | None) -> str:
    if column is None:
        return "<sharedItems/>"
    attributes = _described(column)
    if items is None:
        return f"<sharedItems {attributes}/>" if attributes else "<sharedItems/>"
    inner = "".join(_item(item) for item in items.items)
    return f'<sharedItems {attributes} count="{len(items.items)}">{inner}</sharedItems>'


def _described(column: Column) -> str:
    """What kinds of cells a column holds, as the cache says it; what is usual is left out."""
    kinds = {Kind(int(kind)) for kind in np.unique(column.kind)}
    numbers = column.number[column.kind == Kind.NUMBER]
    dates = column.number[column.kind == Kind.DATE]
    texts = kinds & {Kind.TEXT, Kind.ERROR, Kind.BOOL}
    blank = Kind.EMPTY in kinds
    said = {
        "containsSemiMixedTypes": None if texts or blank else "0",
        "containsNonDate": "0" if kinds <= {Kind.DATE, Kind.EMPTY} and len(dates) else None,
        "containsDate": "1" if len(dates) else None,
        "containsString": None if Kind.TEXT in kinds or not kinds - {Kind.EMPTY} else "0",
        "containsBlank": "1" if blank else None,
        "containsMixedTypes": "1" if len(kinds - {Kind.EMPTY}) > 1 else None,
        "containsNumber": "1" if len(numbers) else None,
        "containsInteger": "1" if len(numbers) and bool((numbers == np.floor(numbers)).all()) else None,
        "minValue": repr(float(numbers.min())) if len(numbers) and not len(dates) else None,
        "maxValue": repr(float(numbers.max())) if len(numbers) and not len(dates) else None,
        "minDate": _date(dates.min()) if len(dates) else None,
        "maxDate": _date(dates.max()) if len(dates) else None,
        "longText": "1" if any(len(text) > _LONG_TEXT for text in column.texts) else None,
    }
    return " ".join(f'{name}="{value}"' for name, value in said.items() if value is not None)


def _item(item: Item) -> str:
    if item.kind == Kind.EMPTY:
        return "<m/>"
    if item.kind == Kind.NUMBER:
        return f'<n v="{float(item.value or 0):.15g}"/>'
    if item.kind == Kind.DATE:
        return f'<d v="{_date(float(item.value or 0))}"/>'
    if item.kind == Kind.BOOL:
        return f'<b v="{int(float(item.value or 0))}"/>'
    return f"<{'e' if item.kind == Kind.ERROR else 's'} v={quoteattr(str(item.value))}/>"


def _date(serial: float) -> str:
    found = from_serial(float(serial))
    return found.isoformat(timespec="seconds") if isinstance(found, dt.datetime) else "1900-01-01T00:00:00"


def pivot_xml(
    model: PivotModel, items: dict[str, Items], layout: Layout, cache_id: int, formats: list[int]
) -> str:
    """The pivot table definition, in transitional namespaces; `formats` are the values' number formats."""
    height, width = layout.shape
    body = Area(model.body_row, model.column, model.body_row + height - 1, model.column + width - 1)
    several = len(model.values) > 1
    first_header = 0 if several and not model.columns else 1
    pages = f' rowPageCount="{len(model.filters)}" colPageCount="1"' if model.filters else ""
    fields = "".join(_field(model, name, items.get(name)) for name in model.field_names)
    totals = ("" if model.row_totals else ' rowGrandTotals="0"') + (
        "" if model.column_totals else ' colGrandTotals="0"'
    )
    return (
        f'<pivotTableDefinition xmlns="{ooxml.MAIN}" name={quoteattr(model.name)} cacheId="{cache_id}" '
        'applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" '
        'applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="Values" updatedVersion="6" '
        f'minRefreshableVersion="3" useAutoFormatting="1" itemPrintTitles="1"{totals} createdVersion="6" '
        f'indent="0" {_LAYOUTS[model.layout]} multipleFieldFilters="0">'
        f'<location ref="{body.ref}" firstHeaderRow="{first_header}" firstDataRow="{layout.header_rows}" '
        f'firstDataCol="{layout.label_columns}"{pages}/>'
        f'<pivotFields count="{len(model.field_names)}">{fields}</pivotFields>'
        + _axis("row", model, model.rows, layout.rows, with_values=False)
        + _axis("col", model, model.columns, layout.columns, with_values=several)
        + _filters(model)
        + _data_fields(model, formats)
        + f'<pivotTableStyleInfo name="{model.style}" showRowHeaders="1" showColHeaders="1" showRowStripes="0" '
        'showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    )


def _field(model: PivotModel, name: str, items: Items | None) -> str:
    axis = next(
        (
            f' axis="{axis}"'
            for axis, names in (
                ("axisRow", model.rows),
                ("axisCol", model.columns),
                ("axisPage", model.filters),
            )
            if name in names
        ),
        "",
    )
    data = ' dataField="1"' if any(value.source == name for value in model.values) else ""
    dates = items is not None and {item.kind for item in items.items} <= {Kind.DATE, Kind.EMPTY}
    number_format = f' numFmtId="{_SHORT_DATE}"' if dates and items is not None and items.items else ""
    start = f'<pivotField{axis}{data}{number_format}{_FIELD_LAYOUTS[model.layout]} showAll="0"'
    if items is None:
        return start + "/>"
    inner = "".join(f'<item x="{number}"/>' for number in range(len(items.items)))
    return f'{start}><items count="{len(items.items) + 1}">{inner}<item t="default"/></items></pivotField>'


def _axis(kind: str, model: PivotModel, names: list[str], lines: list[Line], with_values: bool) -> str:
    numbers = [model.field_names.index(name) for name in names] + ([_VALUES] if with_values else [])
    fields = "".join(f'<field x="{number}"/>' for number in numbers)
    xml = f'<{kind}Fields count="{len(numbers)}">{fields}</{kind}Fields>' if numbers else ""
    if lines:
        inner = "".join(_line(line, len(names), with_values) for line in lines)
        xml += f'<{kind}Items count="{len(lines)}">{inner}</{kind}Items>'
    return xml


def _line(line: Line, depth: int, with_values: bool) -> str:
    value = f' i="{line.value}"' if line.value else ""
    if line.kind == "grand":
        return f'<i t="grand"{value}><x/></i>'
    if line.kind == "default":
        repeated = len(line.path) - 1
        shown = [line.path[-1]]
        kind = ' t="default"'
    else:
        repeated = line.repeated
        shown = list(line.path[line.repeated :])
        kind = ""
        if with_values:
            shown.append(line.value)
    if not shown:
        return f"<i{value}/>"
    again = f' r="{repeated}"' if repeated else ""
    return f"<i{kind}{again}{value}>" + "".join(f'<x v="{x}"/>' if x else "<x/>" for x in shown) + "</i>"


def _filters(model: PivotModel) -> str:
    if not model.filters:
        return ""
    inner = "".join(f'<pageField fld="{model.field_names.index(name)}" hier="-1"/>' for name in model.filters)
    return f'<pageFields count="{len(model.filters)}">{inner}</pageFields>'


def _data_fields(model: PivotModel, formats: list[int]) -> str:
    if not model.values:
        return ""
    inner = "".join(
        f'<dataField name={quoteattr(value.name)} fld="{model.field_names.index(value.source)}"'
        + (f' subtotal="{FUNCTIONS[value.function][0]}"' if value.function != "sum" else "")
        + ' baseField="0" baseItem="0"'
        + (f' numFmtId="{number}"' if number else "")
        + "/>"
        for value, number in zip(model.values, formats, strict=True)
    )
    return f'<dataFields count="{len(model.values)}">{inner}</dataFields>'


def read_model(pivot: etree._Element, cache: etree._Element, format_code: Callable[[int], str]) -> PivotModel:
    """What a pivot table of a file is; `format_code` gives a number format of the workbook by its number."""
    fields = ooxml.children(ooxml.child(cache, "cacheFields"), "cacheField")
    names = [field.get("name", "") for field in fields]
    source = next(ooxml.walk(cache, "worksheetSource"), None)
    location = ooxml.child(pivot, "location")
    area = parse_area(location.get("ref", "A1") if location is not None else "A1")
    model = PivotModel(
        name=pivot.get("name", ""),
        table=source.get("name") if source is not None else None,
        sheet=source.get("sheet", "") if source is not None else "",
        ref=source.get("ref", "") if source is not None else "",
        row=area.row1,
        column=area.column1,
        field_names=names,
        rows=_fields_of(pivot, "rowFields", names),
        columns=_fields_of(pivot, "colFields", names),
        filters=[
            names[int(page.get("fld", "0"))]
            for page in ooxml.children(ooxml.child(pivot, "pageFields"), "pageField")
        ],
        layout=_layout_of(pivot),
        row_totals=pivot.get("rowGrandTotals") not in ("0", "false"),
        column_totals=pivot.get("colGrandTotals") not in ("0", "false"),
    )
    if model.filters:
        model.row -= len(model.filters) + 1
    style = ooxml.child(pivot, "pivotTableStyleInfo")
    if style is not None:
        model.style = style.get("name", model.style)
    functions = {xml: name for name, (xml, _) in FUNCTIONS.items()}
    for data in ooxml.children(ooxml.child(pivot, "dataFields"), "dataField"):
        number = int(data.get("numFmtId", "0"))
        model.values.append(
            ValueField(
                source=names[int(data.get("fld", "0"))],
                function=functions[data.get("subtotal", "sum")],
                name=data.get("name", ""),
                number_format=format_code(number) if number else "",
            )
        )
    model.orders = {
        name: _texts_in_order(pivot, field, index)
        for index, (name, field) in enumerate(zip(names, fields, strict=True))
        if name in model.axis_fields
    }
    return model


def _fields_of(pivot: etree._Element, section: str, names: list[str]) -> list[str]:
    numbers = [int(field.get("x", "0")) for field in ooxml.children(ooxml.child(pivot, section), "field")]
    return [names[number] for number in numbers if number >= 0]


def _layout_of(pivot: etree._Element) -> str:
    if pivot.get("compact") not in ("0", "false"):
        return "compact"
    return "outline" if pivot.get("outline") in ("1", "true") else "tabular"


def _texts_in_order(pivot: etree._Element, cache_field: etree._Element, index: int) -> list[str]:
    """The texts of a field in the order the pivot shows them."""
    shared = ooxml.child(cache_field, "sharedItems")
    values = (
        [item.get("v", "") if ooxml.local(item) == "s" else None for item in shared]
        if shared is not None
        else []
    )
    fields = ooxml.children(ooxml.child(pivot, "pivotFields"), "pivotField")
    items = ooxml.children(ooxml.child(fields[index], "items"), "item") if index < len(fields) else []
    numbers = [int(item.get("x", "0")) for item in items if item.get("t") is None]
    return [text for number in numbers if number < len(values) and (text := values[number]) is not None]
