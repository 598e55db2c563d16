"""Tables and defined names."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import part, saved
from udfs.texts import FenjiError


@pytest.fixture
def sheet():
    sheet = xlsx.new().sheets[0]
    sheet["B2"].value = [["a", "b"], [1, 2], [3, 4]]
    return sheet


@pytest.fixture
def table(sheet):
    return sheet.tables.add(source=sheet["B2:C4"], name="tblX")


def test_the_areas_of_a_table(table):
    assert table.range.address == "$B$2:$C$4"
    assert table.header_row_range.value == ["a", "b"]
    assert table.data_body_range.value == [[1, 2], [3, 4]]
    assert table.totals_row_range is None
    assert table.columns["b"].data_body_range.value == [2, 4]


def test_a_cell_knows_its_table(sheet, table):
    assert sheet["C4"].table.name == "tblX"
    assert sheet["D4"].table is None


def test_the_style_of_a_table(table):
    table.table_style = "TableStyleLight1"
    table.show_table_style_row_stripes = False
    table.show_table_style_first_column = True
    assert (table.table_style, table.show_table_style_row_stripes, table.show_table_style_first_column) == (
        "TableStyleLight1",
        False,
        True,
    )


def test_the_filter_of_a_table(table, tmp_path):
    table.show_autofilter = False
    assert not table.show_autofilter
    table.show_autofilter = True
    saved(table.parent.book, tmp_path / "b.xlsx")
    assert '<autoFilter ref="B2:C4"/>' in part(tmp_path / "b.xlsx", "xl/tables/table1.xml")


def test_a_table_named_like_a_cell_is_refused(sheet):
    with pytest.raises(FenjiError, match="cannot be a defined name"):
        sheet.tables.add(source=sheet["B2:C4"], name="TBL1")


def test_a_name_taken_is_refused(sheet, table):
    sheet.book.names.add("used", "=Sheet1!$A$1")
    for name in ("TBLX", "used"):
        with pytest.raises(FenjiError, match="already"):
            sheet.tables.add(source=sheet["F2:G4"], name=name)


def test_tables_get_free_names(sheet, table):
    assert sheet.tables.add(source=sheet["F2:G4"]).name == "Table1"
    assert sheet.tables.add(source=sheet["I2:J4"]).name == "Table2"


def test_tables_that_overlap_are_refused(sheet, table):
    with pytest.raises(FenjiError, match=r"overlaps the table 'tblX'"):
        sheet.tables.add(source=sheet["C4:D6"])


def test_a_table_of_headers_alone_gets_a_row(sheet):
    sheet["F1"].value = ["x", "y"]
    table = sheet.tables.add(source=sheet["F1:G1"], name="tblEmpty")
    assert table.range.address == "$F$1:$G$2"
    assert table.insert_row_range.address == "$F$2:$G$2"


def test_a_column_takes_the_text_written_over_its_header(table, tmp_path):
    table.header_row_range[1].value = "新"
    table.parent.book.save(tmp_path / "b.xlsx")
    assert [c.name for c in table.columns] == ["a", "新"]


def test_a_header_written_as_a_number_becomes_text(table, tmp_path):
    table.header_row_range[1].value = 2024
    saved(table.parent.book, tmp_path / "b.xlsx")
    got = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert got["C2"].value == "2024"
    assert [c.name for c in got.tables["tblX"].tableColumns] == ["a", "2024"]


def test_header_with_a_line_break(table, tmp_path):
    table.header_row_range[1].value = "金额\n元"
    saved(table.parent.book, tmp_path / "b.xlsx")
    assert 'name="金额_x000a_元"' in part(tmp_path / "b.xlsx", "xl/tables/table1.xml")
    book = xlsx.open(tmp_path / "b.xlsx")
    assert book.sheets[0].tables[0].columns["金额\n元"].index == 2
    book.close()


def test_a_table_grows_by_a_column(table):
    column = table.columns.add("等级")
    assert (column.index, table.range.address) == (3, "$B$2:$D$4")
    assert table.parent["D2"].value == "等级"


def test_a_table_must_keep_its_header_row(table):
    with pytest.raises(FenjiError, match="must stay in row 2"):
        table.resize(table.parent["B3:C5"])


def test_a_table_is_updated_with_a_frame(table):
    table.update(pd.DataFrame({"p": [1, 2, 3], "q": [4, 5, 6], "r": [7, 8, 9]}), index=False)
    assert table.range.value == [["p", "q", "r"], [1, 4, 7], [2, 5, 8], [3, 6, 9]]
    assert [c.name for c in table.columns] == ["p", "q", "r"]


def test_a_table_is_renamed(table):
    table.name = "客户表"
    assert table.parent.tables["客户表"].range.address == "$B$2:$C$4"


def test_parts_of_tables_are_ranges(sheet, table):
    assert sheet["tblX"].address == "$B$3:$C$4"
    assert sheet.range("tblX[#All]").address == "$B$2:$C$4"
    assert sheet.range("tblX[#Headers]").address == "$B$2:$C$2"
    assert sheet.range("tblX[b]").address == "$C$3:$C$4"


def test_names_of_a_sheet_hide_those_of_the_book(sheet):
    book = sheet.book
    book.names.add("x", "=Sheet1!$A$1")
    sheet.names.add("x", "=Sheet1!$B$2")
    assert sheet.range("x").address == "$B$2"
    assert book.names["x"].refers_to_range.address == "$A$1"
    assert sorted(name.name for name in book.names) == ["Sheet1!x", "x"]
    assert [name.name for name in sheet.names] == ["Sheet1!x"]


def test_a_range_is_named(sheet):
    sheet["B2:C4"].name = "data"
    assert sheet["B2:C4"].name.name == "data"
    assert sheet.range("data").value[0] == ["a", "b"]


def test_a_name_is_changed_and_deleted(sheet):
    name = sheet.book.names.add("x", "=Sheet1!$A$1")
    name.name = "y"
    name.refers_to = "=Sheet1!$C$3"
    assert sheet.book.names["y"].refers_to_range.value == 2
    name.delete()
    assert len(sheet.book.names) == 0


def test_a_constant_is_no_range(sheet):
    name = sheet.book.names.add("rate", "=0.05")
    assert name.refers_to == "=0.05"
    with pytest.raises(ValueError, match="refers to no range"):
        _ = name.refers_to_range


@pytest.mark.parametrize("name", ["A1", "a b", "1x", "R", ""])
def test_names_excel_refuses_are_refused(sheet, name):
    with pytest.raises(FenjiError, match="cannot be a defined name"):
        sheet.book.names.add(name, "=1")


def test_names_reach_the_file(sheet, tmp_path):
    sheet.book.names.add("x", "=Sheet1!$A$1")
    sheet.names.add("y", "=Sheet1!$B$2")
    got = openpyxl.load_workbook(saved(sheet.book, tmp_path / "b.xlsx"))
    assert got.defined_names["x"].attr_text == "Sheet1!$A$1"
    assert got.active.defined_names["y"].attr_text == "Sheet1!$B$2"
