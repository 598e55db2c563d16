"""Cells that are cut and put elsewhere: what refers to them follows."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx
from tests import programs
from udfs.texts import FenjiError


@pytest.fixture
def sheet():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1:B3"].value = [[1, 2], [3, 4], [5, 6]]
    sheet["B3"].formula = "=A3+1"
    sheet["F1"].formula = "=A1+SUM(A1:B3)+SUM(A1:C3)+Sheet1!$A$2"
    yield sheet
    book.close()


def test_contents_formats_and_references_move(sheet):
    sheet["A2"].color = "#ff0000"
    sheet["A1:B3"].move(sheet["C5"])
    assert sheet["A1:B3"].value == [[None, None]] * 3
    assert sheet["C5:D7"].formula == (("1", "2"), ("3", "4"), ("5", "=C7+1"))
    assert sheet["F1"].formula == "=C5+SUM(C5:D7)+SUM(A1:C3)+Sheet1!$C$6"
    assert (sheet["A2"].color, sheet["C6"].color) == (None, (255, 0, 0))


def test_an_overlapping_place(sheet):
    sheet["A1:B3"].move(sheet["A2"])
    assert sheet["A1:B4"].formula == (("", ""), ("1", "2"), ("3", "4"), ("5", "=A4+1"))


def test_what_is_written_over_is_an_error_in_formulas(sheet):
    sheet["A1"].move(sheet["A2"])
    assert sheet["F1"].formula == "=A2+SUM(A1:B3)+SUM(A1:C3)+Sheet1!#REF!"


def test_another_sheet(sheet):
    other = sheet.book.sheets.add("My data", after=sheet)
    other["A9"].formula = "=Sheet1!B3*2"
    sheet.book.names.add("pick", "=Sheet1!$B$3")
    sheet["B3"].move(other["A1"])
    assert other["A1"].formula == "=Sheet1!A3+1"
    assert other["A9"].formula == "=A1*2"
    assert sheet.book.names["pick"].refers_to == "='My data'!$A$1"


def test_merged_cells_links_notes_and_rules_go_along(sheet):
    sheet["A5:B5"].merge()
    sheet["A6"].add_hyperlink("https://example.com/", "x")
    sheet["A6"].add_note("hello")
    sheet["A5:B8"].conditional_formats.add_custom("=A5>1", fill_color="#ff0000")
    sheet["A5:B6"].move(sheet["D5"])
    assert sheet["D5"].merge_area.address == "$D$5:$E$5"
    assert not sheet["A5"].merge_cells
    assert (sheet["D6"].hyperlink, sheet["D6"].note.text) == ("https://example.com/", "hello")
    assert sheet["A6"].note is None
    assert len(sheet["D5:E6"].conditional_formats) == 1


def test_tables_stay(sheet):
    sheet.tables.add(source=sheet["A1:B3"], name="tbl")
    with pytest.raises(FenjiError, match="'tbl'"):
        sheet["A1:A2"].move(sheet["H1"])


@pytest.mark.validator
def test_the_validator_finds_nothing(sheet, tmp_path):
    sheet["A5:B5"].merge()
    sheet["A1:B5"].move(sheet["D5"])
    sheet.book.save(tmp_path / "m.xlsx")
    assert programs.validate(tmp_path / "m.xlsx") == []
