"""Text files, web tables called .xls, old Excel and Parquet, as shops and colleagues send them."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin import sources, tables
from addin.sources import encodings, text_files
from tests import programs
from udfs.cleaning.columns import RawTable
from udfs.texts import FenjiError

HEADERS = ["客户名称", "下单日期", "金额"]
MODULES = ["encodings", "text_files", "parquet_files"]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"addin.sources.{name}")).failed == 0


def orders(path: Path, names: list[str] | None = None) -> RawTable:
    """The order table of a file."""
    return tables.find(sources.read(path, names)).read()["orders"][0]


def values(table: RawTable, key: str) -> list[object]:
    return list(table.columns[key].values())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"]
)
def test_encodings_of_chinese_text(tmp_path: Path, encoding: str) -> None:
    text = "客户名稱,下單日期,金額\n" if encoding == "big5" else "客户名称,下单日期,金额\n"
    if encoding == "big5":
        assert (
            encodings.detect(("客戶名稱,訂單日期,金額\n華泰貿易有限公司,2024-1-1,5\n" * 3).encode("big5"))
            == "big5hkscs"
        )
        return
    path = tmp_path / "订单.csv"
    path.write_bytes((text + "华泰,2024-1-1,5\n").encode(encoding))
    assert values(orders(path), "customer") == ["华泰"]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("name,sum\nMüller & Söhne,5\nRené,6\n".encode("cp1252"), "cp1252"),
        ("name,sum\rMüller,5\rRené,6\r".encode("mac_roman"), "mac_roman"),
        ("name,sum\nFränzsisch,5\nGrün,6\n".encode("mac_roman"), "mac_roman"),
        ("客户,金额\n".encode("gb2312"), "gb18030"),
        (b"a,b\n1,2\n", "utf-8"),
        (b"\x00\x01\x02\x03" * 30, None),
    ],
)
def test_detect(data: bytes, encoding: str | None) -> None:
    assert encodings.detect(data) == encoding


@given(st.text(st.characters(codec="gb2312", min_codepoint=0x4E00), min_size=8))
def test_chinese_text_in_gb18030_is_never_taken_for_western(text: str) -> None:
    data = text.encode("gb18030")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert data.decode(str(encodings.detect(data))) == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(["客户名称,下单日期,金额", "甲,2024-1-1,5", "乙,2024-1-2,6"]).encode())
    assert orders(path).rows.tolist() == [2, 3]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.txt"
    lines = [HEADERS, ["甲", "2024-1-1", "5.50"], ["乙", "2024-1-2", "6"]]
    path.write_text("\n".join(separator.join(line) for line in lines), "utf-8")
    assert values(orders(path), "amount") == [5.5, 6]


def test_quoted_line_breaks_and_separators(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '客户名称,下单日期,金额,备注\n"甲,乙",2024-1-1,"1,200.50","第一行\n第二行"\n丙,2024-1-2,6,\n', "utf-8"
    )
    table = orders(path)
    assert values(table, "customer") == ["甲,乙", "丙"]
    assert values(table, "amount") == ["1,200.50", 6]
    assert values(table, "remark") == ["第一行\n第二行", None]


def test_lines_above_the_header_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "账单.csv"
    path.write_text(
        "支付账单导出\n起始日期:[2024-01-01]\n\n客户名称,下单日期,金额\n甲,2024-1-1,5\n\n乙,2024-1-2,6\n合计,,11\n",
        "utf-8",
    )
    table = orders(path)
    assert table.header_row == 4
    assert table.rows.tolist() == [5, 7]


def test_columns_set_apart_by_spaces_with_names(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b" 00004 19970101  2   29.33\r\n 00021 19970102  3   63.34\r\n")
    table = orders(path, ["customer_id", "order_date", "quantity", "amount"])
    assert values(table, "customer_id") == ["00004", "00021"]
    assert values(table, "amount") == [29.33, 63.34]
    assert (table.header_row, table.rows.tolist()) == (0, [1, 2])


def test_names_must_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,2024-1-1,5\n", "utf-8")
    with pytest.raises(FenjiError, match="2 names, but the file 'a' has 3 columns"):
        sources.read(path, ["customer", "date"])


def test_numbers_stay_text_where_digits_would_be_lost() -> None:
    texts = pl.Series(
        ["007", "6222021234567890123", "1e5", "0", "-0", "3.10", "13800138000", '="0571"', "'12"]
    )
    assert list(text_files.to_column(texts).values()) == [
        "007", "6222021234567890123", "1e5", 0, "-0", 3.1, 13800138000, "0571", 12,
    ]  # fmt: skip


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=5))
def test_every_cell_of_a_written_file_is_read_back(cells: list[str]) -> None:
    lines = ['"h1","h2"', *(f'"x","{c.replace(chr(34), chr(34) * 2)}"' for c in cells)]
    grid = text_files.read_text("\n".join(lines), "a")
    got = [None if v is None else str(v) for v in grid.cells[1].as_texts()][1:]
    for cell, value in zip(cells, got, strict=True):
        plain = cell.strip(" \t\u3000\u00a0")
        if value != (plain or None):
            assert plain[:1] in "'`=" or float(plain) == float(value or "nan")


WEB = """<html><head><meta charset="gb2312"></head><body><table border="1">
<tr><td colspan="3">订单导出</td></tr>
<tr><th>客户名称</th><th>下单日期</th><th>金额</th></tr>
<tr><td rowspan="2">甲</td><td>2024-1-1</td><td>&yen;5.50</td></tr>
<tr><td>2024-1-2</td><td>6</td></tr>
<tr><td>乙<br>分店</td><td>2024-1-3</td><td>7</td></tr></table></body></html>"""


def test_a_web_page_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "订单.xls"
    path.write_bytes(WEB.encode("gb18030"))
    table = orders(path)
    assert table.header_row == 2
    assert values(table, "customer") == ["甲", None, "乙 分店"]
    assert values(table, "amount") == ["¥5.50", 6, 7]


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="订单"><Table>
<Row ss:Index="2"><Cell><Data ss:Type="String">客户名称</Data></Cell><Cell><Data ss:Type="String">下单日期</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">金额</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">甲</Data></Cell><Cell><Data ss:Type="DateTime">2024-01-01T00:00:00.000</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">5.5</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_an_xml_spreadsheet_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "订单.xls"
    path.write_text(XML, "utf-8")
    table = orders(path)
    assert values(table, "order_date") == [dt.datetime(2024, 1, 1)]
    assert (values(table, "amount"), table.letters["amount"], table.rows.tolist()) == ([5.5], "D", [3])


def test_text_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "订单.xls"
    path.write_bytes("客户名称\t下单日期\t金额\n甲\t2024-1-1\t5\n".encode("gb18030"))
    assert values(orders(path), "customer") == ["甲"]


def old_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "订单"
    for row in [
        [],
        [None, *HEADERS],
        [None, "甲", dt.datetime(2024, 1, 1), 5.5],
        [None, "乙", "2024年1月2日", "1.2万"],
    ]:
        sheet.append(row)
    book.create_sheet("空")
    book.save(path)


def test_a_workbook_under_an_old_ending(tmp_path: Path) -> None:
    path = tmp_path / "订单.xls"
    old_workbook(path)
    table = orders(path)
    assert values(table, "amount") == [5.5, "1.2万"]
    assert (table.letters["amount"], table.rows.tolist()) == ("D", [3, 4])


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_excel_and_opendocument(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "book.xlsx"
    old_workbook(source)
    table = orders(programs.convert(source, kind, tmp_path))
    assert values(table, "customer") == ["甲", "乙"]
    assert values(table, "amount") == [5.5, "1.2万"]


def test_a_stray_cell_in_the_last_corner_ends_nothing_but_the_child(tmp_path: Path) -> None:
    path = tmp_path / "stray.xls"
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "客户名称", 1
    book.save(path)
    with pytest.raises(FenjiError, match="range too large"):
        sources.read(path)


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pl.DataFrame(
        {
            "customer": ["甲", None],
            "order_date": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)],
            "amount": [5.5, 6.0],
        }
    ).write_parquet(path)
    table = orders(path)
    assert values(table, "order_date") == [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)]
    assert values(table, "customer") == ["甲", None]
    assert (table.header_row, table.rows.tolist()) == (0, [1, 2])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"   \n\n", "nothing in the file"),
        (b"%PDF-1.7 ...", "is not a table file"),
        (b"\x89PNG\r\n\x1a\n...", "is not a table file"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "damaged"),
        (b"PK\x03\x04 nothing", "damaged"),
        (b"PAR1 nothing", "damaged"),
        (bytes(range(1, 32)) * 40, "neither text"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "file.xls"
    path.write_bytes(data)
    with pytest.raises(FenjiError, match=said) as error:
        sources.read(path)
    assert "file" in error.value.text.zh


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FenjiError, match="There is no file"):
        sources.read(tmp_path / "none.csv")
    with pytest.raises(FenjiError, match="is a folder"):
        sources.read(tmp_path)


def test_text_files_need_no_xlwings() -> None:
    code = "import sys, addin.sources, addin.tables; assert 'xlwings' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], cwd=programs.ROOT).returncode == 0
