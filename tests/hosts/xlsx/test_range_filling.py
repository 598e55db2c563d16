"""Outline groups, autofill, special cells, pasting."""

from __future__ import annotations

import datetime as dt

import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import part, saved


@pytest.fixture
def sheet():
    book = xlsx.new()
    yield book.sheets[0]
    book.close()


def addresses(ranges):
    return [found.address.replace("$", "") for found in ranges]


# -- groups --------------------------------------------------------------------------------------------------


def test_rows_and_columns_are_grouped(sheet, tmp_path):
    sheet["2:3"].group()
    sheet["3:3"].group()
    sheet["B:C"].group()
    text = part(saved(sheet.book, tmp_path / "g.xlsx"))
    assert '<row r="2" outlineLevel="1"/><row r="3" outlineLevel="2"/>' in text
    assert '<col min="2" max="3" width="9.1443" outlineLevel="1"/>' in text
    assert 'outlineLevelRow="2"' in text
    assert 'outlineLevelCol="1"' in text


def test_rows_and_columns_are_ungrouped(sheet, tmp_path):
    sheet["2:3"].group()
    sheet["2:3"].ungroup()
    sheet["A1:B1"].group(by="columns")
    sheet["A:B"].ungroup()
    text = part(saved(sheet.book, tmp_path / "g.xlsx"))
    assert 'outlineLevel="' not in text


# -- autofill ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "filled"),
    [
        ([1], "fill_default", [1, 1, 1]),
        ([1], "fill_series", [2, 3, 4]),
        ([1, 3], "fill_default", [5, 7, 9]),
        ([1, 2, 4], "fill_default", [5 + 1 / 3, 6 + 5 / 6, 8 + 1 / 3]),
        ([1, 3], "fill_copy", [1, 3, 1]),
        ([2, 4], "growth_trend", [8, 16, 32]),
        (["a1"], "fill_default", ["a2", "a3", "a4"]),
        (["第1期", "x"], "fill_default", ["第1期", "x", "第1期"]),
        (["No.08", "No.10"], "fill_default", ["No.12", "No.14", "No.16"]),
        (["Mon"], "fill_default", ["Tue", "Wed", "Thu"]),
        (["十月"], "fill_default", ["十一月", "十二月", "一月"]),
        ([dt.datetime(2024, 2, 28)], "fill_default", [dt.datetime(2024, 2, 29), dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 2)]),
        ([dt.datetime(2024, 1, 31)], "fill_months", [dt.datetime(2024, 2, 29), dt.datetime(2024, 3, 31), dt.datetime(2024, 4, 30)]),
        ([dt.datetime(2024, 1, 1), dt.datetime(2024, 2, 1)], "fill_default", [dt.datetime(2024, 3, 1), dt.datetime(2024, 4, 1), dt.datetime(2024, 5, 1)]),
        ([dt.datetime(2024, 5, 3)], "fill_weekdays", [dt.datetime(2024, 5, 6), dt.datetime(2024, 5, 7), dt.datetime(2024, 5, 8)]),
        ([dt.datetime(2024, 2, 29)], "fill_years", [dt.datetime(2025, 2, 28), dt.datetime(2026, 2, 28), dt.datetime(2027, 2, 28)]),
        ([True], "fill_default", [True, True, True]),
    ],
)  # fmt: skip
def test_cells_are_continued_downwards(sheet, given, kind, filled):
    count = len(given)
    source = sheet["A1"].resize(count, 1)
    source.value = [[value] for value in given]
    source.autofill(sheet["A1"].resize(count + 3, 1), kind)
    result = sheet[f"A{count + 1}"].resize(3, 1).value
    assert result == pytest.approx(filled) if isinstance(filled[0], float) else result == filled


def test_formulas_and_formats_are_copied_sideways_and_upwards(sheet):
    sheet["B3"].formula = "=A3*$D$1"
    sheet["B3"].color = "#ff0000"
    sheet["B3"].autofill(sheet["B3:D3"])
    sheet["B3"].autofill(sheet["B1:B3"])
    assert sheet["C3:D3"].formula == (("=B3*$D$1", "=C3*$D$1"),)
    assert [row[0] for row in sheet["B1:B2"].formula] == ["=A1*$D$1", "=A2*$D$1"]
    assert sheet["D3"].color == (255, 0, 0)


def test_flash_fill_needs_excel(sheet):
    with pytest.raises(NotImplementedError, match="flash_fill"):
        sheet["A1"].autofill(sheet["A1:A3"], "flash_fill")


# -- special cells -------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(sheet):
    sheet["A1:C3"].value = [[1, "a", None], [2, None, None], [True, "b", 5]]
    sheet["C1"].formula = "=1+1"
    return sheet


@pytest.mark.parametrize(
    ("cell_type", "value_type", "found"),
    [
        ("blanks", None, ["B2:C2"]),
        ("constants", None, ["A1:B1", "A2", "A3:C3"]),
        ("constants", "numbers", ["A1:A2", "C3"]),
        ("constants", "text", ["B1", "B3"]),
        ("constants", "logical", ["A3"]),
        ("constants", "errors", []),
        ("formulas", None, ["C1"]),
    ],
)
def test_special_cells(mixed, cell_type, value_type, found):
    assert addresses(mixed["A1:F9"].get_special_cells(cell_type, value_type)) == found


def test_visible_cells(mixed):
    mixed["2:2"].rows.hidden = True
    mixed["B:B"].columns.hidden = True
    assert addresses(mixed["A1:C4"].get_special_cells("visible")) == ["A1", "C1", "A3:A4", "C3:C4"]


# -- pasting -------------------------------------------------------------------------------------------------


def test_copied_cells_are_pasted(mixed):
    mixed["A1"].number_format = "0.00"
    mixed["A1:C1"].copy()
    assert mixed.book.app.cut_copy_mode == "copy"
    mixed["A5"].paste()
    mixed["A7"].paste("values")
    mixed["A9"].paste("values_and_number_formats")
    assert mixed["A5:C5"].formula == (("1", "a", "=1+1"),)
    assert mixed["C7"].formula == ""
    assert [mixed[a].number_format for a in ("A5", "A7", "A9")] == ["0.00", "General", "0.00"]
    mixed.book.app.cut_copy_mode = False
    with pytest.raises(ValueError, match="nothing was copied"):
        mixed["A5"].paste()


def test_a_larger_target_is_filled(sheet):
    sheet["A1:B1"].value = [1, 2]
    sheet["A1:B1"].copy()
    sheet["D1:G2"].paste()
    assert sheet["D1:G2"].value == [[1, 2, 1, 2]] * 2
    sheet["D5"].paste(transpose=True)
    assert sheet["D5:D6"].value == [1, 2]


def test_pasting_a_sum_leaves_texts_alone_and_moves_dates(sheet):
    sheet["A1:A3"].value = [["no number"], [dt.datetime(2024, 1, 31)], [7.0]]
    sheet["A2"].number_format = "yyyy-mm-dd"
    sheet["B1:B3"].value = [["=1+1"], [1.0], ["text"]]
    sheet["B1:B3"].copy()
    sheet["A1:A3"].paste(operation="add")
    assert sheet["A1:A3"].value == ["no number", 45323, 7]  # 2024-02-01


@pytest.mark.parametrize(
    ("operation", "result"), [("add", 12), ("subtract", 8), ("multiply", 20), ("divide", 5)]
)
def test_pasting_calculates(sheet, operation, result):
    sheet["A1"].value = 2
    sheet["B1:B2"].value = [[10], ["text"]]
    sheet["C1"].formula = "=B1"
    sheet["A1"].copy()
    sheet["B1:B2"].paste(operation=operation)
    sheet["C1"].paste(operation=operation)
    sign = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}[operation]
    assert sheet["B1:B2"].value == [result, "text"]
    assert sheet["C1"].formula == f"=(B1){sign}2"


def test_widths_and_notes_are_pasted(sheet):
    sheet["A:A"].column_width = 33
    sheet["A1"].add_note("hello")
    sheet["A1"].copy()
    sheet["C1"].paste("column_widths")
    sheet["C1"].paste("comments")
    assert (sheet["C1"].column_width, sheet["C1"].note.text) == (33, "hello")
