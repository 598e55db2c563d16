"""Sheets of a book: order, names, visibility, deletion, and what refers to them."""

from __future__ import annotations

import openpyxl
import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import part, saved, workbook
from udfs.texts import FenjiError


@pytest.fixture
def book():
    book = xlsx.new()
    book.sheets.add("B", after=book.sheets[0])
    book.sheets.add("C", after=book.sheets[1])
    return book


def names(book):
    return [sheet.name for sheet in book.sheets]


def test_sheets_are_found_by_place_and_name_in_any_case(book):
    assert (book.sheets[1].name, book.sheets["b"].name, book.sheets[-1].name) == ("B", "B", "C")
    assert "c" in book.sheets
    with pytest.raises(KeyError):
        book.sheets["D"]


def test_a_name_taken_is_refused(book):
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("b")


@pytest.mark.parametrize("name", ["", "a/b", "x" * 32, "[1]", "'q", "a:b"])
def test_names_excel_refuses_are_refused(book, name):
    with pytest.raises(FenjiError, match="cannot name a sheet"):
        book.sheets.add(name)


def test_a_sheet_is_moved(book):
    book.sheets["C"].move(before=book.sheets["Sheet1"])
    assert names(book) == ["C", "Sheet1", "B"]
    book.sheets["C"].move(after=book.sheets["Sheet1"])
    assert names(book) == ["Sheet1", "C", "B"]


def test_a_sheet_is_deleted_with_its_names(book, tmp_path):
    book.names.add("mine", "=B!$A$1")
    book.names.add("other", "=C!$A$1")
    book.sheets["B"].delete()
    assert names(book) == ["Sheet1", "C"]
    assert [name.name for name in book.names] == ["other"]
    assert openpyxl.load_workbook(saved(book, tmp_path / "b.xlsx")).sheetnames == ["Sheet1", "C"]


def test_the_only_visible_sheet_cannot_go(book):
    book.sheets["B"].visible = False
    book.sheets["C"].visible = False
    with pytest.raises(FenjiError, match="only visible sheet"):
        book.sheets["Sheet1"].delete()
    with pytest.raises(FenjiError, match="only visible sheet"):
        book.sheets["Sheet1"].visible = False


def test_a_sheet_is_hidden_and_shown(book, tmp_path):
    book.sheets["B"].visible = False
    book.sheets["C"].impl.visible = "veryHidden"
    assert (book.sheets["B"].visible, book.sheets["C"].visible) == (False, False)
    got = openpyxl.load_workbook(saved(book, tmp_path / "b.xlsx"))
    assert [sheet.sheet_state for sheet in got] == ["visible", "hidden", "veryHidden"]


def test_formulas_and_names_follow_a_new_name(book, tmp_path):
    book.sheets["B"]["A1"].value = 5
    book.sheets["C"]["A1"].formula = "=B!A1+SUM('B'!A1:A2)"
    book.names.add("here", "=B!$A$1")
    book.sheets["B"].name = "我 的"
    assert book.sheets["C"]["A1"].formula == "='我 的'!A1+SUM('我 的'!A1:A2)"
    assert book.names["here"].refers_to == "='我 的'!$A$1"
    assert book.sheets["我 的"]["A1"].value == 5
    got = openpyxl.load_workbook(saved(book, tmp_path / "b.xlsx"))
    assert got["C"]["A1"].value == "='我 的'!A1+SUM('我 的'!A1:A2)"


def test_changes_not_yet_written_live_through_a_new_name(book):
    book.sheets["B"]["A1"].value = [[i] for i in range(100)]
    book.sheets["B"]["A1:A100"].font.bold = True
    book.sheets["B"].name = "X"
    assert book.sheets["X"]["A100"].value == 99
    assert book.sheets["X"]["A100"].font.bold


def test_the_active_sheet(book, tmp_path):
    book.sheets["C"].activate()
    book.sheets["B"].activate()
    assert book.sheets.active.name == "B"
    got = openpyxl.load_workbook(saved(book, tmp_path / "b.xlsx"))
    assert got.active.title == "B"
    assert [sheet.title for sheet in got if sheet.sheet_view.tabSelected] == ["B"]


def test_a_protected_structure_is_refused(tmp_path):
    path = tmp_path / "b.xlsx"
    xml = part(workbook(path, ""), "xl/workbook.xml")
    workbook(
        path, "", workbook=xml.replace("<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>')
    )
    book = xlsx.open(path)
    for change in (
        lambda: book.sheets.add("x"),
        book.sheets[0].delete,
        lambda: setattr(book.sheets[0], "name", "y"),
    ):
        with pytest.raises(FenjiError, match="structure"):
            change()
    book.close()


def test_a_sheet_deleted_elsewhere_says_so(book):
    sheet = book.sheets["B"]
    book.sheets["B"].delete()
    with pytest.raises(FenjiError, match="deleted"):
        _ = sheet.name


def test_a_copy_within_the_book(book):
    book.sheets["B"]["A1"].value = "x"
    book.sheets["B"]["A1"].font.bold = True
    copied = book.sheets["B"].copy(name="B2")
    assert (copied["A1"].value, copied["A1"].font.bold, names(book)) == (
        "x",
        True,
        ["Sheet1", "B", "C", "B2"],
    )


def test_a_copy_into_another_book_leaves_changes_there(book):
    other = xlsx.new()
    other.sheets[0]["A1"].value = [[i, "t"] for i in range(100)]
    other.sheets[0]["A1:B100"].color = "#ff0000"
    book.sheets["B"]["A1"].value = 7
    book.sheets["B"]["A1"].color = "#00ff00"
    book.sheets["B"].copy(after=other.sheets[0])
    assert other.sheets["B"]["A1"].color == (0, 255, 0)
    assert (other.sheets[0]["A100"].value, other.sheets[0]["B100"].color) == (99, (255, 0, 0))


def test_the_same_file_is_opened_once(tmp_path, book):
    path = saved(book, tmp_path / "b.xlsx")
    first = xlsx.open(path)
    assert xlsx.open(path).impl is first.impl
    first.close()
    assert xlsx.open(path).impl is not first.impl


def test_saving_under_another_name_leaves_the_first_file(tmp_path, book):
    path = saved(book, tmp_path / "b.xlsx")
    book = xlsx.open(path)
    book.sheets[0]["A1"].value = 1
    book.save(tmp_path / "c.xlsx")
    assert book.name == "c.xlsx"
    assert openpyxl.load_workbook(path).active["A1"].value is None
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").active["A1"].value == 1


def test_work_goes_on_after_a_save(tmp_path, book):
    path = tmp_path / "b.xlsx"
    for value in (1, 2, 3):
        book.sheets["B"][f"A{value}"].value = value
        book.save(path)
    assert [c.value for c in openpyxl.load_workbook(path)["B"]["A"]] == [1, 2, 3]


def test_a_password_is_not_supported(tmp_path, book):
    with pytest.raises(NotImplementedError, match="password"):
        book.save(tmp_path / "b.xlsx", password="x")
