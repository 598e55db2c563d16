"""Workbooks as people really keep them, through the file engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

from addin import tables
from addin.hosts import xlsx
from udfs.cleaning.assemble import assemble
from udfs.cleaning.options import CleaningOptions
from udfs.texts import FenjiError
from workbook_templates.sample_data import sample_tables
from workbook_templates.sample_workbook import write_sample_workbook

TODAY = CleaningOptions(today=dt.date(2024, 12, 31))


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """Merged titles above the headers, a totals row, hidden and filtered rows, text dates, 万元."""
    book = openpyxl.Workbook()
    customers = book.active
    customers.title = "客户资料"
    customers.merge_cells("A1:F1")
    customers["A1"] = "2024 年客户资料一览表"
    customers.merge_cells("A2:F2")
    customers["A2"] = "编制:销售部    单位:万元"
    for column, header in enumerate(
        ["序号", "客户\n名称", "联系电话", "所属 行业", "年营收（万元）", "备注二"], 1
    ):
        customers.cell(4, column, header)
    rows = [
        (1, "华泰科技（上海）有限公司", 13800138000, "制造业", 5000, "老客户"),
        (2, "新力贸易", None, "零售", "1.2万", None),
    ]
    for r, row in enumerate([*rows, (3, " 海 天 ", "021-68881234", "零售", None, None)], 5):
        for c, value in enumerate(row, 1):
            customers.cell(r, c, value)
    customers["A9"], customers["E9"] = "合计", "=SUM(E5:E7)"
    customers.row_dimensions[6].hidden = True

    orders = book.create_sheet("销售明细")
    orders.merge_cells("B1:F2")
    orders["B1"] = "销售明细"
    for column, header in enumerate(["单号", "日期", "购货单位", "金额(万元)", "状态"], 2):
        orders.cell(3, column, header)
    records = [
        ("A1", "2024年1月2日", "华泰科技(上海)有限公司", 1.13, "已完成"),
        ("A2", dt.datetime(2024, 2, 3), "新力贸易", "0.5万元", "已完成"),
        ("A3", "2024.3.4", "海天", 0.2, "已取消"),
        ("A4", "20240405", "海天", "0.02", None),
        ("A5", "下周一", "海天", 0.3, None),
        (None, "小计", None, 2.15, None),
        ("A6", 45413, "华泰科技(上海)有限公司", -0.13, "退货"),
    ]
    for r, record in enumerate(records, 4):
        for c, value in enumerate(record, 2):
            orders.cell(r, c, value)
    orders.auto_filter.ref = "B3:F10"
    orders.row_dimensions[5].hidden = True
    orders.row_dimensions[7].hidden = True
    path = tmp_path / "客户 台账.xlsx"
    book.save(path)
    return path


def test_a_nasty_chinese_workbook(nasty: Path) -> None:
    found = tables.find(xlsx.open(nasty))
    raw = found.read()
    assert (raw["customers"][0].header_row, raw["orders"][0].header_row) == (4, 3)
    cleaned = assemble(raw, TODAY)
    customers, orders = cleaned.data.customers, cleaned.data.orders
    assert customers["customer"].tolist() == ["华泰科技（上海）有限公司", "新力贸易", "海 天"]  # as written
    assert customers["phone"].tolist() == ["13800138000", "", "021-68881234"]
    assert customers["revenue"].tolist()[:2] == [5e7, 1.2e8]
    assert customers["备注二"].tolist() == ["老客户", "", ""]
    assert customers["source_row"].tolist() == [5, 6, 7]
    assert orders is not None
    assert orders["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2024-01-02",
        "2024-02-03",
        "2024-04-05",
        "2024-05-01",
    ]
    assert orders["amount"].tolist() == [11300, 5000, 200, -1300]
    assert orders["customer_index"].tolist() == [0, 1, 2, 0]
    assert cleaned.data.left_out == {"not_a_sale": 1, "no_date": 1}
    notes = [n.zh for n in found.notes]
    assert "“销售明细”有 1 行合计或小计，没有当作数据。" in notes
    assert "“销售明细”有 2 行被隐藏或筛选掉，这些行也参与了计算。" in notes
    unread = cleaned.problems[cleaned.problems["problem"] == "unreadable_date"]
    assert unread[["sheet", "row", "column", "value"]].values.tolist() == [
        ["销售明细", 8, "C", "下周一"],
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_workbook(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, lang)
    found = tables.find(xlsx.open(path))
    assert found.lang == lang
    assert {role: t[0].name for role, t in found.tables.items()} == {
        "customers": "Customers", "orders": "Orders", "contacts": "Contacts", "feedback": "Feedback",
    }  # fmt: skip
    raw = found.read()
    assert [len(raw[role][0]) for role in raw] == [len(t) for t in sample_tables(lang).values()]
    cleaned = assemble(raw, CleaningOptions(today=dt.date(2026, 1, 1)))
    assert cleaned.rows_used + sum(cleaned.data.left_out.values()) == cleaned.rows_read == 12000
    assert cleaned.data.left_out["future_date"] == 1
    assert len(cleaned.data.customers) == 800


def test_an_excel_table_with_a_totals_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Data")
        sheet.write("A1", "Report")
        columns = [
            {"header": "Customer", "total_string": "Totals"},
            {"header": "Order date"},
            {"header": "Amount", "total_function": "sum"},
        ]
        data = [["Acme", 45292, 5], ["Beta", 45293, 6]]
        sheet.add_table("B3:D6", {"name": "Sales", "columns": columns, "data": data, "total_row": True})
    table = tables.find(xlsx.open(path)).read()["orders"][0]
    assert (table.name, table.header_row, table.rows.tolist()) == ("Sales", 3, [4, 5])
    assert list(table.columns["amount"].values()) == [5, 6]


def test_dates_of_a_1904_workbook(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet("Orders")
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row("A1", ["Customer", "Order date", "Amount"])
        sheet.write("A2", "Acme")
        sheet.write_datetime("B2", dt.datetime(2024, 1, 2), date)
        sheet.write("C2", 5)
    cleaned = assemble(tables.find(xlsx.open(path)).read(), TODAY)
    assert cleaned.data.orders is not None
    assert cleaned.data.orders["date"].tolist() == [dt.datetime(2024, 1, 2)]


def test_an_empty_workbook(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(FenjiError, match="No customer or order table was found in the sheets 'Sheet'"):
        tables.find(xlsx.open(path))


def test_a_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "stray.xlsx"
    book = openpyxl.Workbook()
    for row in [["客户名称", "下单日期", "金额"], ["甲", dt.date(2024, 1, 1), 5]]:
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    book.save(path)
    table = tables.find(xlsx.open(path)).read()["orders"][0]
    assert table.rows.tolist() == [2]


def test_a_very_hidden_sheet_and_formulas_are_read_by_their_values(tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("封面")
        sheet = book.add_worksheet("订单")
        sheet.very_hidden()
        sheet.write_row("A1", ["客户名称", "下单日期", "数量", "单价", "金额"])
        sheet.write_row("A2", ["甲", 45292, 3, 0.1])
        sheet.write_formula("E2", "=C2*D2", None, 0.30000000000000004)
    cleaned = assemble(tables.find(xlsx.open(path)).read(), TODAY)
    assert cleaned.amount_total == 0.3


def test_two_excel_tables_on_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for column, header in enumerate(["客户名称", "联系电话", "所属行业"], 1):
        sheet.cell(1, column, header)
    for column, value in enumerate(["甲", "13800138000", "零售"], 1):
        sheet.cell(2, column, value)
    for column, header in enumerate(["客户名称", "下单日期", "金额"], 6):
        sheet.cell(1, column, header)
    for column, value in enumerate(["甲", dt.datetime(2024, 1, 1), 5], 6):
        sheet.cell(2, column, value)
    sheet.add_table(Table(displayName="Kunden", ref="A1:C2"))
    sheet.add_table(Table(displayName="Sales", ref="F1:H2"))
    book.save(path)
    raw = tables.find(xlsx.open(path)).read()
    assert (raw["customers"][0].name, raw["orders"][0].name) == ("Kunden", "Sales")
    assert raw["orders"][0].letters == {"customer": "F", "order_date": "G", "amount": "H"}
