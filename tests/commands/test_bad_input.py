"""What cannot be graded: a sentence in the user's language, exit code 1, and not a byte changed."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from typer.testing import CliRunner

from addin.cli import app
from tests.commands import workbooks
from udfs import texts

D = dt.datetime
HEAD = ["客户名称", "下单日期", "金额"]


def orders(*rows, head=HEAD):
    return {"订单": [head, *rows]}


CANNOT = {
    "no table": (
        {"数据": [["a", "b"], [1, 2]]},
        "没有找到客户表或订单表",
        "No customer or order table was found",
    ),
    "empty sheet": ({"数据": []}, "没有找到客户表或订单表", "No customer or order table was found"),
    "two customer tables": (
        {"订单": workbooks.ORDERS, "甲": workbooks.CUSTOMERS, "乙": workbooks.CUSTOMERS},
        "有 2 张表都像客户表：“甲”、“乙”",
        "2 tables could be the customer table: '甲', '乙'",
    ),
    "a header twice": (
        orders(["甲", D(2024, 1, 1), 5, 6], head=[*HEAD, "金额"]),
        "表头“金额”出现了两次（C 列和 D 列）",
        "'金额' stands twice",
    ),
    "no usable date": (orders(["甲", "不详", 5], ["乙", "?", 6]), "没有一行能用，主要原因：没有日期", "date"),
    "no amount": (orders(["甲", D(2024, 1, 1), None]), "主要原因：没有金额", "amount"),
    "all in the future": (orders(["甲", D(2050, 1, 1), 5]), "主要原因：日期在将来", "future"),
    "mixed currencies": (
        orders(["甲", D(2024, 1, 1), "$5"], ["乙", D(2024, 1, 1), "€5"]),
        "混有 2 种货币",
        "2 currencies",
    ),
    "customers only": (
        {"客户": workbooks.CUSTOMERS},
        "只找到客户表“客户”",
        "Only the customer table '客户' was found",
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", list(CANNOT))
def test_says_why_and_changes_nothing(tmp_path, case, lang):
    sheets, zh, en = CANNOT[case]
    book = workbooks.write(tmp_path / "a.xlsx", sheets)
    before = book.read_bytes()
    result = CliRunner().invoke(app, ["regrade", str(book), "--lang", lang])
    assert result.exit_code == 1
    assert (zh if lang == "zh" else en) in result.output
    assert "Traceback" not in result.output
    assert book.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("content", "zh"),
    [
        (b"", "空文件"),
        (b"hello, this is no workbook", "不是 Excel 工作簿"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16le")
            + bytes(900),
            "密码",
        ),
        (b"PK\x03\x04" + bytes(300), "损坏"),
    ],
)
def test_files_that_are_no_workbook(tmp_path, content, zh):
    (tmp_path / "a.xlsx").write_bytes(content)
    result = CliRunner().invoke(app, ["regrade", str(tmp_path / "a.xlsx"), "--lang", "zh"])
    assert result.exit_code == 1
    assert zh in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_read_only_file(tmp_path):
    book = workbooks.customers_and_orders(tmp_path / "a.xlsx")
    book.chmod(0o444)
    result = CliRunner().invoke(app, ["regrade", str(book), "--lang", "zh"])
    assert result.exit_code == 1
    assert "只读" in result.output


def test_file_open_in_excel(tmp_path):
    book = workbooks.customers_and_orders(tmp_path / "a.xlsx")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05Alice" + b" " * 160)
    before = book.read_bytes()
    result = CliRunner().invoke(app, ["regrade", str(book), "--lang", "zh"])
    assert result.exit_code == 1
    assert "正被" in result.output
    assert book.read_bytes() == before


def test_missing_file(tmp_path):
    result = CliRunner().invoke(app, ["regrade", str(tmp_path / "no.xlsx"), "--lang", "zh"])
    assert result.exit_code == 1
    assert "找不到文件" in result.output


def grades(tmp_path, sheets):
    book = workbooks.write(tmp_path / "a.xlsx", sheets)
    result = CliRunner().invoke(app, ["regrade", str(book)])
    assert result.exit_code == 0, result.output
    return workbooks.table_rows(book, "tblRFM")


def test_one_customer(tmp_path):
    (row,) = grades(tmp_path, orders(["甲", D(2024, 1, 1), 5]))
    assert row["RFM 编码"] == "333"


def test_identical_customers_get_identical_scores(tmp_path):
    rows = grades(tmp_path, orders(*([name, D(2024, 1, 1), 5] for name in "甲乙丙丁")))
    assert {row["RFM 编码"] for row in rows} == {"333"}


def test_negative_total(tmp_path):
    rows = grades(
        tmp_path,
        orders(
            ["甲", D(2024, 1, 1), 5, "已完成"],
            ["甲", D(2024, 2, 1), -50, "已退货"],
            ["乙", D(2024, 2, 1), 10, "已完成"],
            head=[*HEAD, "订单状态"],
        ),
    )
    assert {r["客户名称"]: r["消费金额"] for r in rows} == {"甲": -45, "乙": 10}


def test_dates_of_the_1904_system(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (HEAD, ["甲", D(2024, 1, 1), 5], ["乙", D(2024, 2, 3), 9]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    result = CliRunner().invoke(app, ["regrade", str(tmp_path / "a.xlsx")])
    assert "分析日期 2024-02-04" in result.output


def test_customer_table_with_totals_is_enough(tmp_path):
    head = ["客户名称", "最近购买日期", "订单数", "累计金额"]
    rows = grades(
        tmp_path,
        {"客户": [head, ["甲", D(2024, 3, 1), 5, 500], ["乙", D(2024, 1, 1), 1, 80], ["丙", None, 0, 0]]},
    )
    assert {r["客户名称"]: r["RFM 编码"] for r in rows} == {"甲": "555", "乙": "111", "丙": None}


def test_every_language_of_an_error():
    error = texts.FenjiError(zh="中", en="en")
    assert (error.text("zh"), error.text("en"), str(error)) == ("中", "en", "en")
