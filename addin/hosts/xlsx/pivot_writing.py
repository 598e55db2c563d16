"""Writes a pivot table out: its parts, its cache among those of the workbook, and the cells it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.drawings import parse_part
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.pivot_data import items_of
from addin.hosts.xlsx.pivot_layout import Layout, lay_out
from addin.hosts.xlsx.pivot_model import PivotModel
from addin.hosts.xlsx.pivot_source import columns_of, source_headers
from addin.hosts.xlsx.pivot_xml import AUTHOR, cache_xml, pivot_xml
from addin.hosts.xlsx.removing import drop_unused_caches
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"


def new_pivot(sheet: Sheet, model: PivotModel) -> str:
    """Adds the parts of an empty pivot table; gives the name of its part."""
    package = sheet.book.package
    root = package.edit(package.workbook_part)
    caches = ooxml.section(root, "pivotCaches", ooxml.WORKBOOK_ORDER)
    used = [int(entry.get("cacheId", "0")) for entry in ooxml.children(caches, "pivotCache")]
    cache_id = max(used, default=0) + 1
    layout = lay_out(model, {}, {})
    cache = package.add(
        "xl/pivotCache/pivotCacheDefinition{}.xml",
        parse_part(package, cache_xml(model, {}, {})),
        _CONTENT.format("pivotCacheDefinition"),
    )
    pivot = package.add(
        "xl/pivotTables/pivotTable{}.xml",
        parse_part(package, pivot_xml(model, {}, layout, cache_id, [])),
        _CONTENT.format("pivotTable"),
    )
    entry = ooxml.add(caches, "pivotCache", cacheId=cache_id)
    rid = package.rels(package.workbook_part).add("pivotCacheDefinition", cache)
    entry.set(ooxml.rel_attribute(root), rid)
    package.rels(pivot).add("pivotCacheDefinition", cache)
    package.rels(sheet.part).add("pivotTable", pivot)
    return pivot


def render(sheet: Sheet, part: str, model: PivotModel) -> None:
    """Summarises the source and writes the pivot's parts and cells anew."""
    book = sheet.book
    package = book.package
    rel = package.rels(part).one("pivotCacheDefinition")
    assert rel is not None, f"{part} has no pivot cache"
    needed = [*model.axis_fields, *(value.source for value in model.values)]
    columns = columns_of(book, model, list(dict.fromkeys(needed)))
    items = {name: items_of(columns[name], model.orders.get(name, ())) for name in model.axis_fields}
    model.field_names = source_headers(book, model) or model.field_names
    layout = lay_out(model, items, columns)
    formats = [
        book.styles.number_format_id(value.number_format) if value.number_format else 0
        for value in model.values
    ]
    _clear(sheet, part)
    cache_id = int(package.xml(part).get("cacheId", "1"))
    package.write(rel.target, parse_part(package, cache_xml(model, items, columns)))
    package.write(part, parse_part(package, pivot_xml(model, items, layout, cache_id, formats)))
    _write_cells(sheet, model, layout)


def _clear(sheet: Sheet, part: str) -> None:
    """Empties the cells the pivot showed until now."""
    root = sheet.book.package.xml(part)
    location = ooxml.child(root, "location")
    pages = len(ooxml.children(ooxml.child(root, "pageFields"), "pageField"))
    body = parse_area(location.get("ref", "A1") if location is not None else "A1")
    sheet.area(body).clear_contents()
    if pages:
        first = max(1, body.row1 - pages - 1)
        sheet.area(Area(first, body.column1, body.row1 - 1, body.column1 + 1)).clear_contents()


def _write_cells(sheet: Sheet, model: PivotModel, layout: Layout) -> None:
    height, width = layout.shape
    top, left = model.body_row, model.column
    if top + height - 1 > 1_048_576 or left + width - 1 > 16_384:
        raise FenjiError(
            zh=f"数据透视表“{model.name}”有 {height} 行、{width} 列，超出了工作表。请减少行或列上的字段。",
            en=f"The pivot table '{model.name}' has {height} rows and {width} columns, more than a sheet holds. "
            "Put fewer fields on rows and columns.",
        )
    body = Area(top, left, top + height - 1, left + width - 1)
    sheet.area(body).raw_value = layout.cells
    if layout.filters:
        rows = len(layout.filters)
        sheet.area(Area(model.row, left, model.row + rows - 1, left + 1)).raw_value = layout.filters
    first_row, first_column = top + layout.header_rows, left + layout.label_columns
    if height > layout.header_rows:
        for position, line in enumerate(layout.columns):
            code = model.values[line.value].number_format if model.values else ""
            if code:
                column = first_column + position
                sheet.area(Area(first_row, column, top + height - 1, column)).number_format = code
    for row, indent in layout.indents.items():
        cell = Area(top + row, left, top + row, left)
        sheet.cells_store.restyle(cell, ("alignment", "horizontal", "left"))
        sheet.cells_store.restyle(cell, ("alignment", "indent", str(indent)))


def delete_pivot(sheet: Sheet, part: str) -> None:
    """Removes a pivot table with its cells, and its cache where no other pivot uses it."""
    package = sheet.book.package
    _clear(sheet, part)
    caches = {rel.target for rel in package.rels(part).by_type("pivotCacheDefinition")}
    rel = package.rels(sheet.part).to(part)
    assert rel is not None
    package.rels(sheet.part).remove(rel.id)
    package.remove(part)
    drop_unused_caches(package, caches)


def is_ours(package: Package, part: str) -> bool:
    """Whether a pivot was made by this engine, and may be written anew."""
    rel = package.rels(part).one("pivotCacheDefinition")
    return rel is not None and package.xml(rel.target).get("refreshedBy") == AUTHOR
