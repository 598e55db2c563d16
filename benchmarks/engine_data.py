"""The workbook the file engine is measured with: orders, and a customer table, as a shop would keep them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import xlsxwriter

ORDER_HEADERS = ["订单号", "客户名称", "下单日期", "金额", "数量", "产品", "地区", "订单状态"]
CUSTOMER_HEADERS = [
    "客户编号",
    "客户名称",
    "联系人",
    "电话",
    "行业",
    "地区",
    "负责人",
    "来源",
    "首次接触",
    "信用额度",
]
ORDERS_PART = "xl/worksheets/sheet1.xml"
CUSTOMERS = 50_000


def folder() -> Path:
    """Where the benchmarks keep what is made once."""
    kept = Path(tempfile.gettempdir()) / "fenji-benchmarks"
    kept.mkdir(exist_ok=True)
    return kept


def workbook(rows: int, own_texts: bool = False) -> Path:
    """A workbook with `rows` orders of 50,000 customers, made once and kept in the temporary folder.

    One amount in fifty is text ("86元"), dates are real dates, numbers have the digits Excel writes. With
    `own_texts` texts stand in their cells, as many exports write them, and there are no customers.
    """
    path = folder() / f"orders-{rows}{'-own-texts' * own_texts}.xlsx"
    if not path.exists():
        print(f"making {path} ...", flush=True)
        unfinished = path.with_suffix(".part")
        _make(unfinished, rows, own_texts)
        unfinished.rename(path)
    return path


def _make(path: Path, rows: int, own_texts: bool) -> None:
    random = np.random.default_rng(20240101)
    customer = random.integers(0, CUSTOMERS, rows).tolist()
    day = random.integers(44_000, 45_300, rows).tolist()
    amount = np.round(random.lognormal(5, 1, rows), 2).tolist()
    quantity = random.integers(1, 9, rows).tolist()
    product = random.integers(0, 300, rows).tolist()
    region = random.integers(0, 34, rows).tolist()
    book = xlsxwriter.Workbook(path, {"constant_memory": own_texts})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    orders = book.add_worksheet("订单")
    orders.write_row(0, 0, ORDER_HEADERS)
    for i in range(rows):
        row = i + 1
        orders.write_string(row, 0, f"SO{i:08d}")
        orders.write_string(row, 1, f"客户{customer[i]:05d}有限公司")
        orders.write_number(row, 2, day[i], date)
        if i % 50 == 7:
            orders.write_string(row, 3, f"{amount[i]}元")
        else:
            orders.write_number(row, 3, amount[i])
        orders.write_number(row, 4, quantity[i])
        orders.write_string(row, 5, f"产品{product[i]}")
        orders.write_string(row, 6, f"地区{region[i]}")
        orders.write_string(row, 7, "已完成" if i % 20 else "已取消")
    if not own_texts:  # tables cannot be written that way
        _add_customers(book, date)
    book.close()


def _add_customers(book: xlsxwriter.Workbook, date: xlsxwriter.format.Format) -> None:
    customers = book.add_worksheet("客户")
    records = [
        [f"C{i:05d}", f"客户{i:05d}有限公司", f"联系人{i % 977}", f"138{i:08d}", f"行业{i % 20}", f"地区{i % 34}",
         f"销售{i % 40}", f"来源{i % 9}", 43_000 + i % 1000, 1000 * (i % 90)]
        for i in range(CUSTOMERS)
    ]  # fmt: skip
    columns = [{"header": h, "format": date if h == "首次接触" else None} for h in CUSTOMER_HEADERS]
    customers.add_table(
        0, 0, CUSTOMERS, len(columns) - 1, {"name": "Customers", "columns": columns, "data": records}
    )
