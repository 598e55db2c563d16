"""The engine through xlwings: open, read, write, save, and what openpyxl finds afterwards."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlwings as xw

from addin.hosts import xlsx
from workbook_templates.cells import write_frame


def saved(book, tmp_path: Path):
    path = tmp_path / "book.xlsx"
    book.save(path)
    book.close()
    return openpyxl.load_workbook(path)


def test_values_of_every_kind_come_back_in_another_reader(tmp_path):
    book = xlsx.new()
    book.sheets[0]["A1"].value = ["客户", 1.5, 2, True, dt.datetime(2024, 1, 2), None, "a & <b>"]
    row = next(saved(book, tmp_path).active.iter_rows(values_only=True))
    assert row == ("客户", 1.5, 2, True, dt.datetime(2024, 1, 2), None, "a & <b>")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'quoted"])
def test_text_never_becomes_a_formula(tmp_path, text):
    book = xlsx.new()
    book.sheets[0]["A1"].value = text
    cell = saved(book, tmp_path).active["A1"]
    assert (cell.value, cell.data_type) == (text, "s" if text[0] != "=" else cell.data_type)
    book = xlsx.open(tmp_path / "book.xlsx")
    assert book.sheets[0]["A1"].value == text
    assert book.sheets[0]["A1"].formula == text
    assert b"<f>" not in book.impl.package.read("xl/worksheets/sheet1.xml")


def test_missing_values_leave_cells_empty(tmp_path):
    book = xlsx.new()
    book.sheets[0]["A1"].value = [[np.nan, pd.NaT, pd.NA, None, "", 1]]
    row = next(saved(book, tmp_path).active.iter_rows(values_only=True))
    assert row == (None, None, None, None, None, 1)


def test_a_frame_is_read_back_as_it_was_written():
    book = xlsx.new()
    frame = pd.DataFrame({"客户": ["甲", "乙"], "金额": [1.5, 2.0]}, index=[0, 1])
    book.sheets[0]["A1"].options(index=False).value = frame
    got = book.sheets[0]["A1"].options(pd.DataFrame, index=False, expand="table").value
    assert got.to_dict("list") == {"客户": ["甲", "乙"], "金额": [1.5, 2.0]}


def test_write_frame_keeps_a_frame_of_dates_alone(tmp_path):
    book = xlsx.new()
    frame = pd.DataFrame({"首单": pd.to_datetime(["2024-01-01", None])})
    write_frame(book.sheets[0]["B2"], frame)
    sheet = saved(book, tmp_path).active
    assert [sheet["B2"].value, sheet["B3"].value, sheet["B4"].value] == [
        "首单",
        dt.datetime(2024, 1, 1),
        None,
    ]
    assert sheet["B3"].number_format == "yyyy-mm-dd"


def test_large_blocks_are_written_by_columns(tmp_path):
    book = xlsx.new()
    frame = pd.DataFrame(
        {"n": np.arange(1000), "x": np.arange(1000) / 8, "t": [f"<{i}>" for i in range(1000)]}
    )
    write_frame(book.sheets[0]["A1"], frame)
    rows = list(saved(book, tmp_path).active.iter_rows(values_only=True))
    assert rows[0] == ("n", "x", "t")
    assert rows[1:] == [(i, i / 8, f"<{i}>") for i in range(1000)]


def test_a_sheet_added_stands_where_it_was_asked_for(tmp_path):
    book = xlsx.new()
    book.sheets.add("报表", after=book.sheets[0])
    book.sheets.add("前", before=book.sheets[0])
    assert saved(book, tmp_path).sheetnames == ["前", "Sheet1", "报表"]


def test_a_table_takes_its_headers_from_the_cells(tmp_path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1"].value = [["a", "a", None], [1, 2, 3]]
    table = sheet.tables.add(source=sheet["A1:C2"], name="tblX")
    assert [c.name for c in table.columns] == ["a", "a2", "Column3"]
    assert sheet["A1:C1"].value == ["a", "a2", "Column3"]
    table = saved(book, tmp_path).active.tables["tblX"]
    assert (table.ref, [c.name for c in table.tableColumns]) == ("A1:C2", ["a", "a2", "Column3"])


def test_a_column_is_added_to_a_table(tmp_path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1"].value = [["a"], [1], [2]]
    table = sheet.tables.add(source=sheet["A1:A3"], name="tblX")
    saved(book, tmp_path)
    book = xlsx.open(tmp_path / "book.xlsx")
    sheet = book.sheets[0]
    sheet["B1"].value = [["等级"], ["高"], ["低"]]
    table = sheet.tables["tblX"]
    table.resize(sheet["A1:B3"])
    assert table.columns["等级"].data_body_range.value == ["高", "低"]
    result = saved(book, tmp_path).active
    assert [c.name for c in result.tables["tblX"].tableColumns] == ["a", "等级"]
    assert list(result.iter_rows(values_only=True)) == [("a", "等级"), (1, "高"), (2, "低")]


def test_names_lead_to_ranges():
    book = xlsx.new()
    book.sheets[0]["B2"].value = 5
    book.names.add("起点", "=Sheet1!$B$2")
    assert book.sheets[0].range("起点").value == 5
    assert book.names["起点"].refers_to_range.address == "$B$2"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere xw.Book drives Excel")
def test_xlwings_itself_opens_and_makes_books(tmp_path):
    xlsx.register()
    book = xw.Book()
    book.sheets[0]["A1"].value = "甲"
    book.save(tmp_path / "named by nobody else.xlsx")
    book.close()
    book = xw.Book(tmp_path / "named by nobody else.xlsx")
    assert book.sheets["Sheet1"].range("A1").value == "甲"
    assert xw.Book("named by nobody else.xlsx").impl is book.impl
    assert "named by nobody else.xlsx" in [b.name for b in xw.books]
    book.close()


def test_options_of_reading(tmp_path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1"].value = [[1, "x"], [dt.datetime(2024, 1, 2), None]]
    assert sheet["A1"].options(numbers=int).value == 1
    assert sheet["A2"].options(dates=dt.date).value == dt.date(2024, 1, 2)
    assert sheet["B2"].options(empty="-").value == "-"
    assert sheet["A1:B1"].options(transpose=True).value == [1, "x"]
    assert sheet["A1"].options(ndim=2).value == [[1]]
    assert sheet["A1:B2"].options(np.array, dtype=object).value.shape == (2, 2)
    assert sheet["A1:A2"].options(chunksize=1).value == [1, dt.datetime(2024, 1, 2)]


def test_errors_are_read_as_asked():
    book = xlsx.new()
    book.sheets[0]["A1"].impl.write_columns([np.array([np.inf])])
    assert book.sheets[0]["A1"].value is None
    assert book.sheets[0]["A1"].options(err_to_str=True).value == "#NUM!"
