"""A grade set by hand goes into columns of the customer table, added once."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from addin import customer_rows
from addin.commands import set_grade
from addin.commands.set_grade import Manual
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop, select
from udfs.texts import FenjiError

TODAY = dt.date(2025, 3, 1)


def workbook(path: Path, header: tuple[str, ...] = ("客户编号", "客户名称", "所属行业")) -> xw.Book:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(header)
    for row in (("K1", "甲公司", "制造"), ("K2", "乙公司", "零售"), ("K3", "乙公司", "零售")):
        sheet.append(row)
    table = openpyxl.worksheet.table.Table(displayName="Customers", ref="A1:C4")
    sheet.add_table(table)
    orders = book.create_sheet("订单")
    orders.append(("客户编号", "下单日期", "订单金额"))
    orders.append(("K1", dt.date(2025, 1, 1), 100))
    book.save(path)
    return xlsx.open(path)


@pytest.fixture
def book(tmp_path: Path) -> xw.Book:
    return workbook(tmp_path / "customers.xlsx")


def rows(book: xw.Book) -> list[list[object]]:
    return book.sheets["客户"].range("D1:G4").value


def test_columns_are_added_to_the_table(book: xw.Book) -> None:
    outcome = set_grade.run(book, [3], Manual("high", "战略客户", dt.date(2025, 12, 31)), TODAY)
    assert rows(book) == [
        ["人工分级", "人工分级原因", "人工分级日期", "人工分级有效期至"],
        [None] * 4,
        ["高价值客户", "战略客户", dt.datetime(2025, 3, 1), dt.datetime(2025, 12, 31)],
        [None] * 4,
    ]
    assert book.sheets["客户"].tables["Customers"].range.address == "$A$1:$G$4"
    assert outcome.message.en == (
        "Set 1 customer to 'High-value customer' by hand, until 2025-12-31. Regrade to apply it; later "
        "regrades keep it."
    )


def test_columns_are_added_once(book: xw.Book) -> None:
    set_grade.run(book, [3], Manual("high"), TODAY)
    book.save()
    again = xlsx.open(book.fullname)
    set_grade.run(again, [2], Manual("low"), TODAY)
    assert [row[0] for row in rows(again)] == ["人工分级", "低价值客户", "高价值客户", None]
    assert again.sheets["客户"].range("H1").value is None


def test_taking_it_back_empties_the_cells(book: xw.Book) -> None:
    set_grade.run(book, [3], Manual("high", "战略客户", TODAY), TODAY)
    book.save()
    again = xlsx.open(book.fullname)
    set_grade.run(again, [3], Manual(None), TODAY)
    assert rows(again)[2] == [None] * 4


def test_no_room_at_the_right_is_said(tmp_path: Path) -> None:
    book = workbook(tmp_path / "customers.xlsx")
    book.sheets["客户"]["E3"].formula = "=1+1"
    with pytest.raises(FenjiError, match="no room"):
        set_grade.run(book, [3], Manual("high"), TODAY)
    assert book.sheets["客户"]["D1"].value is None


def test_from_the_ribbon_the_selected_customers_are_meant(book: xw.Book) -> None:
    in_excel, state = desktop(book)
    select(state, book.sheets["客户"]["B2:B3"])
    set_grade.from_ribbon(in_excel, in_excel.app, "中；;", "zh", lambda text: None)
    assert [row[0] for row in rows(book)] == ["人工分级", "中价值客户", "中价值客户", None]


def test_a_selection_elsewhere_is_said(book: xw.Book) -> None:
    in_excel, state = desktop(book)
    select(state, book.sheets["订单"]["A2"])
    with pytest.raises(FenjiError, match="Select the customer's row in sheet '客户'"):
        set_grade.from_ribbon(in_excel, in_excel.app, "高", "zh", lambda text: None)


def test_customers_by_number_or_name(book: xw.Book) -> None:
    table = customer_rows.customer_table(book)
    assert customer_rows.named(table, ["K3", "甲公司"]) == [4, 2]
    with pytest.raises(FenjiError, match="2 customers '乙公司'"):
        customer_rows.named(table, ["乙公司"])
    with pytest.raises(FenjiError, match="no customer '丙'"):
        customer_rows.named(table, ["丙"])


@pytest.mark.parametrize("text", ["特级", "prospects"])
def test_unknown_grades_are_refused(text: str) -> None:
    with pytest.raises(FenjiError, match="no grade"):
        set_grade.parse(text)


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(FenjiError, match="not a date"):
        set_grade.parse("高;;明年")
