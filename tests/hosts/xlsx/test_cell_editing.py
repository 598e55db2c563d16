"""Cells written into sheets that exist: only what changes is altered."""

from __future__ import annotations

import numpy as np
import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx.new_book import EMPTY_SHEET
from tests.hosts.xlsx.raw_sheets import SHEET, edited, part, rows, saved, with_parts, workbook
from udfs.texts import FenjiError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


def text(ref, value, style=""):
    return f'<c r="{ref}"{style} t="inlineStr"><is><t>{value}</t></is></c>'


def test_a_cell_is_added_behind_the_others_of_its_row(path):
    workbook(path, '<row r="1" ht="20" customHeight="1"><c r="A1"><v>1</v></c></row>')
    edited(path, ("C1", 5))
    assert rows(path) == (
        '<row r="1" ht="20" customHeight="1"><c r="A1"><v>1</v></c><c r="C1"><v>5</v></c></row>'
    )


def test_a_cell_is_put_between_others(path):
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>')
    edited(path, ("B1", "二"))
    assert rows(path) == (f'<row r="1"><c r="A1"><v>1</v></c>{text("B1", "二")}<c r="C1"><v>3</v></c></row>')


def test_a_cell_is_replaced_and_keeps_its_style(path):
    workbook(path, '<row r="1"><c r="A1" s="0" t="s"><v>7</v></c><c r="B1"><v>3</v></c></row>')
    edited(path, ("A1", 2.5))
    assert rows(path) == '<row r="1"><c r="A1"><v>2.5</v></c><c r="B1"><v>3</v></c></row>'


def test_rows_that_are_missing_come_in_order(path):
    workbook(path, '<row r="2"><c r="A2"><v>2</v></c></row><row r="5"><c r="A5"><v>5</v></c></row>')
    edited(path, ("A1", 1), ("A3", 3), ("A9", 9))
    assert rows(path) == "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (1, 2, 3, 5, 9))


def test_spans_go_where_a_row_gets_wider(path):
    workbook(
        path,
        '<row r="1" spans="1:1"><c r="A1"><v>1</v></c></row><row r="2" spans="1:1"><c r="A2"><v>2</v></c></row>',
    )
    edited(path, ("B1", 1))
    assert rows(path) == (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
        '<row r="2" spans="1:1"><c r="A2"><v>2</v></c></row>'
    )


def test_a_self_closed_row_is_opened(path):
    workbook(path, '<row r="1" ht="30"/>')
    edited(path, ("A1", 1))
    assert rows(path) == '<row r="1" ht="30"><c r="A1"><v>1</v></c></row>'


def test_an_emptied_cell_keeps_its_style(path):
    workbook(path, '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1"><v>1</v></c></row>')
    book = xlsx.open(path)
    book.sheets[0]["A1:B1"].clear_contents()
    saved(book, path)
    assert rows(path) == '<row r="1"><c r="A1" s="1"/></row>'


def test_a_prefix_is_kept(path):
    sheet = EMPTY_SHEET.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    sheet = sheet.replace('xmlns="', 'xmlns:x="')
    sheet = sheet.replace(
        "<x:sheetData/>", '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData>'
    )
    with_parts(path, {SHEET: sheet})
    edited(path, ("B1", "乙"))
    assert rows(path) == (
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        '<x:c r="B1" t="inlineStr"><x:is><x:t>乙</x:t></x:is></x:c></x:row>'
    )


def test_cells_without_addresses_get_them(path):
    workbook(path, "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    edited(path, ("C1", 9))
    assert rows(path) == (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>9</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c></row>'
    )


def test_rows_out_of_order_are_put_in_order(path):
    workbook(path, '<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')
    edited(path, ("A3", 3))
    assert rows(path) == "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (1, 2, 3))


def test_comments_among_the_rows_do_no_harm(path):
    workbook(path, '<!-- <c r="Z1"/> --><row r="1"><c r="A1"><v>1</v></c></row>')
    edited(path, ("B1", 2))
    assert rows(path) == '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'


def test_the_dimension_grows(path):
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    edited(path, ("D7", 1))
    assert '<dimension ref="A1:D7"/>' in part(path)


def test_what_stands_around_the_rows_stays_byte_by_byte(path):
    after = "<sheetProtection  objects = '1' />\n  <!-- kept --><mergeCells count='1'><mergeCell ref='A5:B5'/></mergeCells>"
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row>', after=after)
    before = part(path)
    edited(path, ("A1", 2))
    assert part(path) == before.replace("<v>1</v>", "<v>2</v>")


def test_an_untouched_workbook_is_saved_as_it_was(path):
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    before = part(path)
    book = xlsx.open(path)
    assert book.sheets[0]["A1"].value == 1
    saved(book, path)
    assert part(path) == before


def test_a_protected_sheet_is_refused_before_anything_is_written(path):
    workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row>', after='<sheetProtection sheet="1"/>')
    before = path.read_bytes()
    book = xlsx.open(path)
    with pytest.raises(FenjiError, match=r"Sheet1.*protected"):
        book.sheets[0]["A1"].value = 2
    book.close()
    assert path.read_bytes() == before


def test_text_that_is_too_long_is_refused(path):
    workbook(path, "")
    book = xlsx.open(path)
    book.sheets[0]["B2"].value = "长" * 32_768
    with pytest.raises(FenjiError, match="B2 has 32768 characters"):
        book.save()
    book.close()


@pytest.mark.parametrize(
    "value", [" lead", "trail ", "a\nb", "a\tb", "\x01", "_x0041_", "&lt;", "]]>", "𠮷", "a\r\nb"]
)
def test_odd_characters_come_back(path, value):
    workbook(path, "")
    edited(path, ("A1", value))
    book = xlsx.open(path)
    assert book.sheets[0]["A1"].value == value
    book.close()


def test_1904_dates(path):
    import datetime as dt

    xml = part(workbook(path, ""), "xl/workbook.xml").replace(
        "<bookViews>", '<workbookPr date1904="1"/><bookViews>'
    )
    workbook(path, "", workbook=xml)
    edited(path, ("A1", dt.datetime(2024, 1, 1)))
    assert "<v>43830</v>" in rows(path)
    book = xlsx.open(path)
    assert book.sheets[0]["A1"].value == dt.datetime(2024, 1, 1)
    book.close()


def test_columns_of_many_rows_are_appended(path):
    workbook(
        path, "".join(f'<row r="{n}" spans="1:1"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 101))
    )
    book = xlsx.open(path)
    book.sheets[0]["C1"].impl.write_columns([np.arange(100.0), ["t"] * 100])
    saved(book, path)
    assert rows(path) == "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>{n - 1}</v></c>{text(f"D{n}", "t")}</row>'
        for n in range(1, 101)
    )


def test_columns_written_twice_are_replaced(path):
    workbook(path, "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 101)))
    for factor in (1.0, 2.0):
        book = xlsx.open(path)
        book.sheets[0]["B1"].impl.write_columns([np.arange(100) * factor, ["t"] * 100], ["0.00", None])
        saved(book, path)
    assert rows(path).startswith(
        f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>0</v></c>{text("C1", "t")}</row>'
        f'<row r="2"><c r="A2"><v>2</v></c><c r="B2" s="1"><v>2</v></c>{text("C2", "t")}</row>'
    )


def test_columns_written_between_others_leave_them(path):
    cells = (
        '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}" s="0"><v>2</v></c><c r="D{0}"><v>4</v></c></row>'
    )
    workbook(path, "".join(cells.format(n) for n in range(1, 101)))
    book = xlsx.open(path)
    book.sheets[0]["B1"].impl.write_columns([np.full(100, 8)])
    saved(book, path)
    new = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}"><v>8</v></c><c r="D{0}"><v>4</v></c></row>'
    assert rows(path) == "".join(new.format(n) for n in range(1, 101))


def test_dates_before_excels_calendar_are_written_as_text(path):
    import datetime as dt

    workbook(path, "")
    edited(path, ("A1", dt.date(1899, 1, 2)), ("B1", dt.date(1900, 1, 1)), ("C1", dt.date(1900, 3, 1)))
    assert text("A1", "1899-01-02", ' s="1"') in rows(path)
    assert '<c r="B1" s="1"><v>1</v></c><c r="C1" s="1"><v>61</v></c>' in rows(path)


def test_long_numbers_keep_their_digits_as_text(path):
    workbook(path, "")
    edited(path, ("A1", 110101199003077758), ("B1", 10**18), ("C1", 123456789012345))
    assert rows(path) == (
        f'<row r="1">{text("A1", "110101199003077758")}<c r="B1"><v>1000000000000000000</v></c>'
        '<c r="C1"><v>123456789012345</v></c></row>'
    )


def test_long_numbers_in_a_column_keep_their_digits_as_text(path):
    workbook(path, "")
    book = xlsx.open(path)
    book.sheets[0]["A1"].impl.write_columns([np.arange(110101199003077700, 110101199003077800)])
    saved(book, path)
    assert text("A59", "110101199003077758") in rows(path)


def test_a_large_sheet_is_read_and_saved_again_and_again(path, monkeypatch):
    monkeypatch.setattr("addin.hosts.xlsx.sheet_part.KEEP", 2000)
    monkeypatch.setattr("addin.hosts.xlsx.sheet_part.STEP", 500)
    workbook(path, "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 301)))
    book = xlsx.open(path)
    sheet = book.sheets[0]
    for turn in (1, 2, 3):
        assert sheet["A1:A2"].value == [1, 2]
        assert sheet.used_range.address.startswith("$A$1:")
        sheet[f"B{turn}"].value = turn
        sheet["C1"].impl.write_columns([np.full(300, turn)])
        book.save()
        assert (sheet["A300"].value, sheet["C300"].value) == (300, turn)
    book.close()
    assert rows(path).startswith(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>3</v></c></row>'
    )
    assert rows(path).endswith('<row r="300"><c r="A300"><v>300</v></c><c r="C300"><v>3</v></c></row>')
    assert rows(path).count("<row ") == 300


def test_a_format_alone_leaves_the_rows_of_a_large_sheet(path, monkeypatch):
    monkeypatch.setattr("addin.hosts.xlsx.sheet_part.KEEP", 2000)
    monkeypatch.setattr("addin.hosts.xlsx.sheet_part.STEP", 500)
    workbook(
        path,
        "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 301)),
        after="<!-- x -->",
    )
    before = rows(path)
    book = xlsx.open(path)
    book.sheets[0]["A:A"].column_width = 20
    saved(book, path)
    assert rows(path) == before
    assert '<col min="1" max="1"' in part(path)
