"""Threaded comments, and what is drawn on a sheet."""

from __future__ import annotations

import datetime as dt

import pytest

from addin.hosts import xlsx
from tests import programs
from tests.hosts.xlsx import consistency, rich_template
from tests.hosts.xlsx.raw_sheets import part


@pytest.fixture
def sheet():
    book = xlsx.new()
    yield book.sheets[0]
    book.close()


def test_a_thread_is_started_answered_and_resolved(sheet):
    comment = sheet["B2"].add_comment("Review")
    comment.add_reply("Checked")
    comment.add_reply("Thanks")
    comment.text = "Review this"
    comment.resolve()
    found = sheet.comments["B2"]
    assert (found.text, found.author, found.resolved) == ("Review this", "fenji", True)
    assert [reply.text for reply in found.replies] == ["Checked", "Thanks"]
    assert abs(found.creation_date - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=5)
    assert found.location.address == "$B$2"
    comment.reopen()
    assert not sheet["B2"].comment.resolved


def test_a_thread_is_no_note(sheet):
    sheet["B2"].add_comment("Review")
    assert sheet["B2"].note is None
    with pytest.raises(ValueError, match="already"):
        sheet["B2"].add_comment("again")


def test_a_thread_is_deleted_with_its_note(sheet):
    comment = sheet["B2"].add_comment("Review")
    comment.add_reply("Checked")
    sheet["A1"].add_comment("other")
    comment.delete()
    assert [found.text for found in sheet.comments] == ["other"]
    root = sheet.book.impl.package.read("xl/comments1.xml").decode()
    assert "Review" not in root


def test_threads_move_with_their_cells(sheet):
    sheet["B2"].add_comment("Review").add_reply("Checked")
    sheet["1:1"].insert("down")
    assert sheet["B3"].comment.replies[0].text == "Checked"
    sheet["3:3"].delete()
    assert len(sheet.comments) == 0


def test_threads_are_saved(sheet, tmp_path):
    sheet["B2"].add_comment("Review <1>").add_reply("Checked")
    path = tmp_path / "c.xlsx"
    sheet.book.save(path)
    assert consistency.problems(sheet.book.impl.package) == []
    assert "tc={" in part(path, "xl/comments1.xml")
    book = xlsx.open(path)
    assert book.sheets[0]["B2"].comment.text == "Review <1>"
    book.close()


@pytest.mark.validator
def test_the_validator_finds_nothing(sheet, tmp_path):
    sheet["B2"].add_comment("Review").add_reply("Checked")
    sheet.book.save(tmp_path / "c.xlsx")
    assert programs.validate(tmp_path / "c.xlsx") == []


# -- shapes --------------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(tmp_path):
    import xlsxwriter

    path = tmp_path / "shapes.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("s")
    sheet.insert_textbox("B2", "one\ntwo", {"width": 200, "height": 100})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=s!$A$1:$A$3"})
    sheet.insert_chart("F2", chart)
    book.close()
    book = xlsx.open(path)
    yield book.sheets[0]
    book.close()


def test_shapes_are_listed(drawn):
    assert [(shape.name, shape.type) for shape in drawn.shapes] == [
        ("Chart 1", "chart"),
        ("TextBox 2", "text_box"),
    ]
    assert drawn.shapes["TextBox 2"].text == "one\ntwo"
    assert drawn.shapes[0].text is None
    assert (drawn.shapes[1].left, drawn.shapes[1].width) == (48, 150)


def test_shapes_are_changed(drawn, tmp_path):
    shape = drawn.shapes["TextBox 2"]
    shape.text = "three\nlines\nnow"
    shape.name = "box"
    shape.scale_width(2, scale="scale_from_middle")
    assert drawn.shapes["box"].text == "three\nlines\nnow"
    assert shape.width == pytest.approx(300)


def test_shapes_are_deleted(drawn):
    drawn.shapes["Chart 1"].delete()
    assert [shape.name for shape in drawn.shapes] == ["TextBox 2"]
    assert not [name for name in drawn.book.impl.package.names() if "chart" in name]


def test_charts_and_pictures_are_shapes_too(tmp_path):
    book = xlsx.open(rich_template.build(tmp_path / "rich.xlsx"))
    assert [shape.type for shape in book.sheets["报表"].shapes] == ["chart"]
    book.close()
