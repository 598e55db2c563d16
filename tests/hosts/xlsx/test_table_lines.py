"""Rows and columns of tables come and go; headers and totals are shown and hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from addin.hosts import xlsx
from tests import programs
from udfs.texts import FenjiError


@pytest.fixture
def table():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["B2:D5"].value = [["客户", "数量", "金额"], ["甲", 1, 10], ["乙", 2, 20.5], ["丙", 3, 30]]
    yield sheet.tables.add(source=sheet["B2:D5"], name="tbl")
    book.close()


def sheet_of(table):
    return table.parent


# -- rows ----------------------------------------------------------------------------------------------------


def test_rows_are_counted_and_read(table):
    assert len(table.rows) == 3
    assert table.rows[1].index == 2
    assert table.rows[1].range.value == ["乙", 2, 20.5]
    assert [row.range.row for row in table.rows] == [3, 4, 5]


def test_a_row_is_appended(table):
    row = table.rows.add(["丁", 4, 40])
    assert (row.index, table.range.address) == (4, "$B$2:$D$6")
    assert table.rows[3].range.value == ["丁", 4, 40]


def test_what_stands_below_makes_room(table):
    sheet = sheet_of(table)
    sheet["B6"].value = "below"
    sheet["F6"].value = "beside"
    table.rows.add(["丁", 4, 40])
    assert (sheet["B7"].value, sheet["F6"].value) == ("below", "beside")


def test_a_row_is_inserted_before_another(table):
    table.rows.add(["零", 0, 0], index=1)
    assert sheet_of(table)["B3:B6"].value == ["零", "甲", "乙", "丙"]
    assert table.range.address == "$B$2:$D$6"


def test_references_to_the_table_grow_with_appended_rows(table):
    sheet = sheet_of(table)
    sheet["F1"].formula = "=SUM($D$3:$D$5)"
    table.rows.add(["丁", 4, 40])
    assert sheet["F1"].formula == "=SUM($D$3:$D$6)"


def test_a_row_is_deleted(table):
    sheet = sheet_of(table)
    sheet["B6"].value = "below"
    table.rows[0].delete()
    assert sheet["B3:B6"].value == ["乙", "丙", "below", None]
    assert table.range.address == "$B$2:$D$4"


def test_the_last_row_is_emptied_instead(table):
    for _ in range(3):
        table.rows[0].delete()
    assert table.range.address == "$B$2:$D$3"
    assert table.rows[0].range.value == [None, None, None]


# -- columns -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "names"),
    [
        (None, ["客户", "数量", "金额", "新"]),
        (2, ["客户", "新", "数量", "金额"]),
        (1, ["新", "客户", "数量", "金额"]),
        (4, ["客户", "数量", "金额", "新"]),
    ],
)
def test_a_column_is_added(table, index, names):
    sheet = sheet_of(table)
    sheet["E3"].value = "beside"
    column = table.columns.add("新", index)
    assert [c.name for c in table.columns] == names
    assert sheet["B2:E2"].value == names
    assert column.index == (index or 4)
    assert table.range.address == "$B$2:$E$5"
    assert sheet["F3"].value == "beside"


def test_a_column_is_deleted(table):
    table.columns["数量"].delete()
    assert [c.name for c in table.columns] == ["客户", "金额"]
    assert table.range.value[1] == ["甲", 10]


# -- totals --------------------------------------------------------------------------------------------------


def test_totals_are_shown(table):
    table.show_totals = True
    assert table.totals_row_range.address == "$B$6:$D$6"
    assert table.totals_row_range.value == ["汇总", None, 60.5]
    assert table.totals_row_range.formula == (("汇总", "", "=SUBTOTAL(109,[金额])"),)
    assert table.data_body_range.shape == (3, 3)


def test_totals_are_hidden_and_come_back(table):
    table.show_totals = True
    table.show_totals = False
    assert table.totals_row_range is None
    assert sheet_of(table)["B6:D6"].value == [None] * 3
    table.rows.add(["丁", 4, 40])
    table.show_totals = True
    assert table.totals_row_range.value == ["汇总", None, 100.5]


def test_totals_push_down_what_stands_below(table):
    sheet = sheet_of(table)
    sheet["C6"].value = "below"
    table.show_totals = True
    assert sheet["C7"].value == "below"


def test_texts_are_counted(table):
    table.columns["金额"].delete()
    table.columns["数量"].delete()
    table.show_totals = True
    assert table.totals_row_range.formula == "=SUBTOTAL(103,[客户])"
    assert table.totals_row_range.value == 3


def test_rows_are_added_above_the_totals(table):
    table.show_totals = True
    table.rows.add(["丁", 4, 40])
    assert table.totals_row_range.row == 7
    assert table.rows[3].range.value == ["丁", 4, 40]


def test_the_totals_row_moves_when_the_table_is_resized(table):
    sheet = sheet_of(table)
    table.show_totals = True
    table.totals_row_range.color = "#eeeeee"
    sheet["C6"].formula = "=SUM(C3:C5)"
    table.resize(sheet["B2:D9"])
    assert table.totals_row_range.address == "$B$9:$D$9"
    assert sheet["B6:D6"].value == [None] * 3
    assert sheet["B9:D9"].formula == (("汇总", "=SUM(C3:C8)", "=SUBTOTAL(109,[金额])"),)
    assert (sheet["B6"].color, sheet["B9"].color) == (None, (238, 238, 238))
    table.resize(sheet["B2:D7"])
    assert sheet["B7:C7"].formula == (("汇总", "=SUM(C3:C6)"),)


def test_the_totals_row_does_not_cover_data(table):
    table.show_totals = True
    with pytest.raises(FenjiError, match="row 5, which is not empty"):
        table.resize(sheet_of(table)["B2:D5"])


# -- headers -------------------------------------------------------------------------------------------------


def test_headers_are_hidden_and_shown(table):
    sheet = sheet_of(table)
    table.show_headers = False
    assert (table.range.address, table.header_row_range) == ("$B$3:$D$5", None)
    assert sheet["B2:D2"].value == [None] * 3
    assert not table.show_autofilter
    table.show_headers = True
    assert sheet["B2:D2"].value == ["客户", "数量", "金额"]
    assert table.range.address == "$B$2:$D$5"


def test_headers_push_the_data_down_where_there_is_no_room(table):
    sheet = sheet_of(table)
    table.show_headers = False
    sheet["C2"].value = "taken"
    table.show_headers = True
    assert table.range.address == "$B$3:$D$6"
    assert sheet["B3:B4"].value == ["客户", "甲"]


def test_update_writes_a_frame(table):
    table.update(pd.DataFrame({"客户": ["a", "b"], "数量": [7, 8]}), index=False)
    assert table.range.value == [["客户", "数量"], ["a", 7], ["b", 8]]


# -- programs ------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(table, tmp_path):
    table.show_totals = True
    table.rows.add(["丁", 4, 40])
    table.rows.add(["零", 0, 0.5], index=2)
    table.columns.add("新", 1)
    table.columns["数量"].delete()
    table.resize(sheet_of(table)["B2:D12"])
    path = tmp_path / "table.xlsx"
    sheet_of(table).book.save(path)
    return path


@pytest.mark.validator
def test_the_validator_finds_nothing(saved):
    assert programs.validate(saved) == []


@pytest.mark.libreoffice
def test_libreoffice_calculates_the_same_total(saved, tmp_path):
    shown = programs.drive_office(
        tmp_path, [["open", str(saved)], ["recalculate"], ["read", "B12:D12"], ["close"]]
    )
    assert shown == [[["", "汇总", 101.0]]]
