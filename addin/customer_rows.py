"""Which rows of the customer table people mean: the selected ones, or those with a given name or number."""

from __future__ import annotations

from collections.abc import Sequence

import xlwings as xw

from addin import settings, tables
from addin.tables import FoundTable
from udfs.cleaning.columns import RawTable
from udfs.texts import FenjiError


def customer_table(book: xw.Book) -> FoundTable:
    """The customer table of the workbook.

    Raises
    ------
    FenjiError
        The workbook has none.
    """
    found = tables.find(book, settings.read(book).choice()).tables.get("customers")
    if not found:
        raise FenjiError(
            zh="这个工作簿里没有客户表（只有订单），无法指定客户。请先加一张客户表，至少有“客户名称”一列。",
            en="This workbook has no customer table, only orders, so a customer cannot be named. Add a customer "
            "table first, with at least a column 'Customer'.",
        )
    return found[0]


def selected(app: xw.App, table: FoundTable) -> list[int]:
    """Sheet rows of the customers whose cells are selected in Excel.

    Raises
    ------
    FenjiError
        The selection is not in the customer table.
    """
    selection = app.selection
    if selection is not None and selection.sheet.name == table.sheet:
        first = max(selection.row, table.first_row)
        last = selection.row + selection.shape[0] - 1
        if table.last_row is not None:
            last = min(last, table.last_row)
        rows = [int(row) for row in table.read()[0].rows if first <= row <= last]
        if rows:
            return rows
    raise FenjiError(
        zh=f"请先在工作表“{table.sheet}”的客户表里选中客户所在的行（一个单元格即可），再点这个按钮。",
        en=f"Select the customer's row in sheet '{table.sheet}' first (one cell is enough), then press the button again.",
    )


def named(table: FoundTable, names: Sequence[str]) -> list[int]:
    """Sheet rows of the customers with these numbers or names.

    Raises
    ------
    FenjiError
        A name is not in the table, or several customers have it.
    """
    raw = table.read()[0]
    return [_row_of(raw, name.strip()) for name in names]


def _row_of(raw: RawTable, name: str) -> int:
    for key in ("customer_id", "customer"):
        if key not in raw.columns:
            continue
        hits = [
            int(row)
            for row, text in zip(raw.rows, raw.columns[key].as_texts(), strict=True)
            if text is not None and text.strip() == name
        ]
        if len(hits) > 1:
            rows = ", ".join(map(str, hits[:5]))
            raise FenjiError(
                zh=f"客户表里有 {len(hits)} 个“{name}”（第 {rows} 行）。请改用客户编号。",
                en=f"There are {len(hits)} customers '{name}' (rows {rows}). Use the customer number instead.",
            )
        if hits:
            return hits[0]
    raise FenjiError(
        zh=f"客户表（工作表“{raw.sheet}”）里没有“{name}”。请按表中的客户编号或客户名称填写。",
        en=f"There is no customer '{name}' in the customer table (sheet '{raw.sheet}'). Use the number or name as "
        "it stands there.",
    )
