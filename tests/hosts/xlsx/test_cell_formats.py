"""Formats of cells: written through xlwings, found by openpyxl; styles that were there keep their number."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import part, rows, saved, workbook


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


@pytest.fixture
def sheet():
    return xlsx.new().sheets[0]


def found(sheet, path, address="A1"):
    saved(sheet.book, path)
    return openpyxl.load_workbook(path).active[address]


def test_number_format(sheet, path):
    sheet["A1"].number_format = "#,##0.0"
    assert sheet["A1"].number_format == "#,##0.0"
    assert found(sheet, path).number_format == "#,##0.0"


def test_font(sheet, path):
    font = sheet["A1"].font
    font.bold, font.italic, font.size, font.name, font.color = True, True, 16, "微软雅黑", "#1F2A37"
    assert (font.bold, font.italic, font.size, font.name, font.color) == (
        True,
        True,
        16,
        "微软雅黑",
        (31, 42, 55),
    )
    got = found(sheet, path).font
    assert (got.b, got.i, got.sz, got.name, got.color.rgb) == (True, True, 16, "微软雅黑", "FF1F2A37")


def test_fill(sheet, path):
    sheet["A1"].color = (243, 246, 250)
    assert sheet["A1"].color == (243, 246, 250)
    assert found(sheet, path).fill.fgColor.rgb == "FFF3F6FA"


def test_no_fill(sheet):
    sheet["A1"].color = "#ff0000"
    sheet["A1"].color = None
    assert sheet["A1"].color is None


def test_alignment(sheet, path):
    sheet["A1"].horizontal_alignment = "center"
    sheet["A1"].vertical_alignment = "top"
    sheet["A1"].wrap_text = True
    got = found(sheet, path).alignment
    assert (got.horizontal, got.vertical, got.wrap_text) == ("center", "top", True)


def test_borders_outside(sheet, path):
    sheet["B2:C3"].borders.set("outside", line_style="continuous", weight="thin", color="#E5E7EB")
    saved(sheet.book, path)
    got = openpyxl.load_workbook(path).active
    sides = {
        ref: [name for name in ("left", "right", "top", "bottom") if getattr(got[ref].border, name).style]
        for ref in ("B2", "C2", "B3", "C3")
    }
    assert sides == {
        "B2": ["left", "top"],
        "C2": ["right", "top"],
        "B3": ["left", "bottom"],
        "C3": ["right", "bottom"],
    }
    assert got["B2"].border.top.color.rgb == "FFE5E7EB"


def test_borders_read_back(sheet):
    border = sheet["A1"].borders["edge_bottom"]
    border.line_style = "dash"
    border.weight = "medium"
    assert (border.line_style, border.weight) == ("dash", "medium")
    border.line_style = None
    assert border.line_style == "none"


def test_a_whole_column_keeps_its_format_for_cells_to_come(sheet, path):
    sheet["B:B"].number_format = "0.0%"
    sheet["B5"].value = 0.5
    assert found(sheet, path, "B5").number_format == "0.0%"
    assert '<col min="2" max="2" width="9.1443" style="1"/>' in part(path)


def test_a_whole_row_keeps_its_format(sheet, path):
    sheet["A2"].value = 1
    sheet["2:2"].font.bold = True
    assert found(sheet, path, "A2").font.b
    assert '<row r="2" s="1" customFormat="1"><c r="A2" s="1"><v>1</v></c></row>' in rows(path)


def test_formats_differ_gives_none(sheet):
    sheet["A1"].number_format = "0"
    assert sheet["A1:A2"].number_format is None


def test_a_date_gets_a_date_format_only_where_it_has_none(sheet, path):
    sheet["A2"].number_format = 'yyyy"年"m"月"'
    sheet["A1:A2"].value = [[dt.date(2024, 1, 2)], [dt.date(2024, 1, 2)]]
    assert (sheet["A1"].number_format, sheet["A2"].number_format) == ("yyyy-mm-dd", 'yyyy"年"m"月"')


def test_formats_of_many_rows_lie_over_columns_of_values(sheet, path):
    sheet["A1"].impl.write_columns([list(range(200)), ["a"] * 200], ["#,##0", None])
    sheet["A1:B100"].font.bold = True
    saved(sheet.book, path)
    got = openpyxl.load_workbook(path).active
    assert [got[f"A{n}"].font.b for n in (1, 100, 101)] == [True, True, False]
    assert [got[f"B{n}"].font.b for n in (1, 100, 101)] == [True, True, False]
    assert {got[f"A{n}"].number_format for n in (1, 150)} == {"#,##0"}


def test_equal_formats_share_one_style(sheet, path):
    for address in ("A1", "B2", "C3"):
        sheet[address].font.bold = True
    saved(sheet.book, path)
    assert '<cellXfs count="2">' in part(path, "xl/styles.xml")
    assert '<fonts count="2">' in part(path, "xl/styles.xml")


def test_styles_that_were_there_stay(path):
    book = xlsx.new()
    book.sheets[0]["A1"].color = "#ff0000"
    saved(book, path)
    before = openpyxl.load_workbook(path).active["A1"].style_id
    book = xlsx.open(path)
    book.sheets[0]["B1"].color = "#00ff00"
    saved(book, path)
    got = openpyxl.load_workbook(path).active
    assert (got["A1"].style_id, got["A1"].fill.fgColor.rgb) == (before, "FFFF0000")


def test_clear_formats(sheet, path):
    sheet["A1"].value = 1
    sheet["A1"].font.bold = True
    sheet["A1"].clear_formats()
    saved(sheet.book, path)
    assert rows(path) == '<row r="1"><c r="A1"><v>1</v></c></row>'


def test_column_widths(sheet, path):
    sheet["A:B"].column_width = 20
    sheet["B:B"].column_width = 10
    assert (sheet["A1"].column_width, sheet["B1"].column_width, sheet["C1"].column_width) == (20, 10, 8.43)
    saved(sheet.book, path)
    assert openpyxl.load_workbook(path).active.column_dimensions["A"].width == pytest.approx(20.71, abs=0.01)


def test_row_heights(sheet, path):
    sheet["A2:A3"].row_height = 30
    assert (sheet["A1"].row_height, sheet["A3"].row_height, sheet["A1:A3"].row_height) == (15, 30, None)
    assert (sheet["A3"].top, sheet["A2:A3"].height) == (45, 60)
    saved(sheet.book, path)
    assert openpyxl.load_workbook(path).active.row_dimensions[3].height == 30


def test_hidden_rows_and_columns(sheet, path):
    sheet["A2"].rows.hidden = True
    sheet["C1"].columns.hidden = True
    assert (sheet["A2"].rows.hidden, sheet["A1:A2"].rows.hidden, sheet["C1"].columns.hidden) == (
        True,
        None,
        True,
    )
    saved(sheet.book, path)
    got = openpyxl.load_workbook(path).active
    assert got.row_dimensions[2].hidden
    assert got.column_dimensions["C"].hidden


def test_autofit_counts_chinese_characters_twice(sheet):
    sheet["A1:B1"].value = ["重要价值客户", "abcdef"]
    sheet.autofit("columns")
    assert (sheet["A1"].column_width, sheet["B1"].column_width) == (13.5, 7.5)


def test_merge(sheet, path):
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["A1:B2"].merge()
    assert sheet["B2"].merge_area.address == "$A$1:$B$2"
    assert sheet["A1:B2"].value == [[1, None], [None, None]]
    saved(sheet.book, path)
    assert str(openpyxl.load_workbook(path).active.merged_cells) == "A1:B2"


def test_unmerge(sheet):
    sheet["A1:B2"].merge()
    sheet["A1"].unmerge()
    assert not sheet["A1:B2"].merge_cells


def test_hyperlink(sheet, path):
    sheet["A1"].add_hyperlink("https://example.com/?a=1&b=2", "site")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("site", "https://example.com/?a=1&b=2")
    assert found(sheet, path).hyperlink.target == "https://example.com/?a=1&b=2"


def test_hyperlink_within_the_workbook(sheet, path):
    sheet["A1"].add_hyperlink("#Sheet1!B5", "there")
    assert found(sheet, path).hyperlink.location == "Sheet1!B5"


def test_clear_takes_links_and_merges(sheet):
    sheet["A1:B1"].merge()
    sheet["A1"].add_hyperlink("https://example.com", "x")
    sheet["A1:B2"].clear()
    assert not sheet["A1"].merge_cells
    assert sheet["A1"].value is None
    with pytest.raises(ValueError, match="no hyperlink"):
        _ = sheet["A1"].hyperlink


def test_theme_and_indexed_colours_are_read(path):
    styles = part(workbook(path, ""), "xl/styles.xml").replace('<color theme="1"/>', '<color indexed="10"/>')
    workbook(path, "", styles=styles)
    book = xlsx.open(path)
    assert book.sheets[0]["A1"].font.color == (255, 0, 0)
    book.close()


def test_a_whole_sheet_is_cleared(sheet, path):
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["A1:B2"].color = "#ff0000"
    sheet.book.impl.write_parts()
    sheet.clear()
    sheet["A1"].value = 5
    saved(sheet.book, path)
    assert rows(path) == '<row r="1"><c r="A1"><v>5</v></c></row><row r="2"/>'
