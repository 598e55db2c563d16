"""Notes on cells."""

from __future__ import annotations

import openpyxl
import pytest

from addin.hosts import xlsx
from tests import programs
from tests.hosts.xlsx import rich_template


@pytest.fixture
def sheet():
    return xlsx.new().sheets[0]


def test_a_note_is_added_and_read(sheet, tmp_path):
    note = sheet["B2"].add_note("由规则算出\n第二行")
    assert (note.text, note.author, note.location.address) == ("由规则算出\n第二行", "fenji", "$B$2")
    assert (sheet["B2"].note.text, sheet["B3"].note) == ("由规则算出\n第二行", None)
    sheet.book.save(tmp_path / "book.xlsx")
    found = openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0]["B2"].comment
    assert (found.text, found.author) == ("由规则算出\n第二行", "fenji")


def test_a_second_note_on_a_cell_is_refused(sheet):
    sheet["B2"].add_note("a")
    with pytest.raises(ValueError, match="already has a note"):
        sheet["B2"].add_note("b")


def test_a_note_is_changed_and_deleted(sheet):
    sheet["B2"].add_note("a")
    sheet["C3"].add_note("c")
    sheet["B2"].note.text = "b"
    assert [note.text for note in sheet.impl.notes] == ["b", "c"]
    sheet["B2"].note.delete()
    assert [note.text for note in sheet.impl.notes] == ["c"]
    vml = sheet.book.impl.package.read("xl/drawings/vmlDrawing1.vml").decode()
    assert vml.count("<v:shape ") == 1
    assert "<x:Row>2</x:Row><x:Column>2</x:Column>" in vml


def test_a_note_beside_those_of_the_file(tmp_path):
    book = xlsx.open(rich_template.build(tmp_path / "template.xlsx"))
    sheet = book.sheets["报表"]
    sheet["B4"].add_note("新")
    book.save()
    found = openpyxl.load_workbook(book.fullname)["报表"]
    assert (found["A4"].comment.text, found["B4"].comment.text) == ("备注", "新")


@pytest.mark.validator
def test_the_sdk_finds_no_error(sheet, tmp_path):
    sheet["B2"].add_note("a")
    sheet["Z99"].add_note("b")
    sheet.book.save(tmp_path / "book.xlsx")
    assert programs.validate(tmp_path / "book.xlsx") == []
