"""Small workbooks for the tests of commands, written as a person would have typed them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.table import Table

DAY = dt.datetime(2024, 6, 30)
CUSTOMERS: list[list[Any]] = [
    ["客户编号", "客户名称", "手机", "地区", "所属行业"],
    ["C1", "晨光商贸", "19900000001", "华东", "零售业"],
    ["C2", "恒泰食品", "19900000002", "华东", "批发业"],
    ["C3", "盛源酒店", None, "华南", "住宿业"],
    ["C4", "嘉禾教育", "19900000004", "华北", "教育"],
    ["C5", "锦达百货", "19900000005", "华南", "零售业"],
]
ORDERS: list[list[Any]] = [
    ["订单编号", "下单日期", "客户编号", "客户名称", "金额(元)", "订单状态"],
    ["S01", dt.datetime(2024, 6, 28), "C1", "晨光商贸", 500, "已完成"],
    ["S02", dt.datetime(2024, 5, 10), "C1", "晨光商贸", 300, "已完成"],
    ["S03", dt.datetime(2024, 4, 2), "C1", "晨光商贸", "200元", "已完成"],
    ["S04", "2024年3月1日", "C2", "恒泰食品", 150, "已完成"],
    ["S05", dt.datetime(2024, 1, 5), "C2", "恒泰食品", 90, "已完成"],
    ["S06", dt.datetime(2023, 12, 1), "C3", "盛源酒店", 60, "已完成"],
    ["S07", dt.datetime(2024, 6, 1), "C4", "嘉禾教育", 40, "已完成"],
    ["S08", dt.datetime(2024, 6, 2), "C4", "嘉禾教育", 1000, "已取消"],
    ["S09", None, "C4", "嘉禾教育", 10, "已完成"],
]


def write(path: Path, sheets: dict[str, list[list[Any]]], tables: dict[str, str] | None = None) -> Path:
    """A workbook of sheets; `tables` names the Excel table over the whole of a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if tables and name in tables:
            sheet.add_table(Table(displayName=tables[name], ref=sheet.dimensions))
    book.save(path)
    return path


def customers_and_orders(path: Path, as_tables: bool = True) -> Path:
    """Five customers, nine order rows: one cancelled, one without a date; C5 never bought."""
    tables = {"客户": "客户表", "订单": "订单表"} if as_tables else None
    return write(path, {"客户": CUSTOMERS, "订单": ORDERS}, tables)


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    """The cached values of a sheet."""
    book = openpyxl.load_workbook(path, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def column(path: Path, sheet: str, header: str, header_row: int = 1) -> list[Any]:
    """The values below a header."""
    rows = rows_of(path, sheet)
    at = rows[header_row - 1].index(header)
    return [row[at] for row in rows[header_row:]]


def table_rows(path: Path, table: str) -> list[dict[str, Any]]:
    """The records of an Excel table anywhere in the workbook."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book:
        if table in sheet.tables:
            cells = [[c.value for c in row] for row in sheet[sheet.tables[table].ref]]
            return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    raise KeyError(table)
