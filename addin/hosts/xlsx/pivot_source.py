"""Where the data of a pivot table are, and its columns as they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.column_data import ColumnData
from addin.hosts.xlsx.pivot_model import PivotModel
from udfs.cleaning.columns import Column, Kind
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.sheet import Sheet

_EPOCH = np.datetime64("1899-12-30", "us")
_DAY = np.timedelta64(1, "D")


def source_place(book: Book, model: PivotModel) -> tuple[Sheet, Area] | None:
    """The sheet and area of a pivot's source, headers included; None when it is gone."""
    if model.table is None:
        return (book.sheets(model.sheet), parse_area(model.ref)) if model.sheet in book.sheets else None
    for sheet in book.sheets:
        if model.table in sheet.tables:
            table = sheet.tables(model.table)
            last = table.data_area or table.area
            return sheet, Area(table.area.row1, table.area.column1, last.row2, table.area.column2)
    return None


def source_headers(book: Book, model: PivotModel) -> list[str]:
    """The headers of a pivot's source as they are now; [] when it is gone."""
    place = source_place(book, model)
    if place is None:
        return []
    sheet, area = place
    row = sheet.cells_store.values(Area(area.row1, area.column1, area.row1, area.column2))[0]
    return ["" if header is None else str(header) for header in row]


def columns_of(book: Book, model: PivotModel, names: Sequence[str]) -> dict[str, Column]:
    """The cells of fields of a pivot's source, without the header.

    Raises
    ------
    FenjiError
        The source, or one of these columns, is gone.
    """
    place = source_place(book, model)
    if place is None:
        source = model.table or model.sheet
        raise FenjiError(
            zh=f"数据透视表“{model.name}”的数据源“{source}”不存在。请恢复该表格，或删除此透视表。",
            en=f"The source '{source}' of the pivot table '{model.name}' is gone. "
            "Restore it, or delete the pivot table.",
        )
    sheet, area = place
    headers = source_headers(book, model)
    for name in names:
        if name not in headers:
            raise FenjiError(
                zh=f"数据透视表“{model.name}”用到的列“{name}”在“{sheet.name}”第 {area.row1} 行的标题中找不到。"
                "请恢复该列标题。",
                en=f"The pivot table '{model.name}' uses the column '{name}', which is not among the headers in "
                f"'{sheet.name}', row {area.row1}. Restore that header.",
            )
    if not names or area.row2 == area.row1:
        return {name: Column.empty(0) for name in names}
    numbers = [area.column1 + headers.index(name) for name in names]
    first, last = area.row1 + 1, area.row2
    written = [_just_written(sheet, Area(first, number, last, number)) for number in numbers]
    found = [column for column in written if column is not None]
    if len(found) < len(names):
        book.flush_styles()
        _, found = sheet.read_columns(first, last, numbers)
    return dict(zip(names, found, strict=True))


def _just_written(sheet: Sheet, area: Area) -> Column | None:
    """A column that was written as a whole and is not in the file yet; None when it must be read."""
    changes = sheet.cells_store.changes
    blocks = [block for block in changes.blocks if block.area.intersects(area)]
    alone = not any(
        area.row1 <= row <= area.row2 and area.column1 in cells for row, cells in changes.cells.items()
    )
    if not blocks or not alone or not blocks[-1].area.contains(area):
        return None
    where, columns = blocks[-1].area, blocks[-1].columns
    if columns is None:
        return None
    start = area.row1 - where.row1
    return _as_column(columns[area.column1 - where.column1], start, start + area.shape[0])


def _as_column(data: ColumnData, first: int, last: int) -> Column:
    count = last - first
    no_codes = np.full(count, -1, np.int32)
    if data.kind in ("number", "integer", "bool"):
        number = np.asarray(data.data[first:last], np.float64)
        kind = Kind.BOOL if data.kind == "bool" else Kind.NUMBER
        return Column(np.where(np.isnan(number), Kind.EMPTY, kind).astype(np.uint8), number, no_codes, [])
    if data.kind == "date":
        dates = data.data[first:last]
        missing = np.isnat(dates)
        serial = np.where(missing, np.nan, (dates - _EPOCH) / _DAY)
        return Column(np.where(missing, Kind.EMPTY, Kind.DATE).astype(np.uint8), serial, no_codes, [])
    if data.kind == "text":
        found = data.data[first:last].dictionary_encode()
        codes, texts = found.indices.fill_null(-1).to_numpy(), found.dictionary.to_pylist()
        kinds = np.where(codes < 0, Kind.EMPTY, Kind.TEXT).astype(np.uint8)
        return Column(kinds, np.full(count, np.nan), codes, texts)
    return Column.from_values(data.data[first:last])
