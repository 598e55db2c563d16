"""Inserting and deleting cells: what stands on a sheet and what refers to it follows, as in Excel."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx import ooxml
from tests import programs
from tests.hosts.xlsx import consistency, rich_template
from tests.hosts.xlsx.raw_sheets import part, rows, saved, workbook
from udfs.texts import FenjiError


@pytest.fixture
def sheet():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1:C6"].value = [
        ["k", "n", "m"],
        ["a", 1, 10],
        ["b", 2, 20],
        ["c", 3, 30],
        ["d", 4, 40],
        ["e", 5, 50],
    ]
    yield sheet
    book.close()


def column(sheet, letters, last=8):
    return sheet[f"{letters}1:{letters}{last}"].value


# -- cells ---------------------------------------------------------------------------------------------------


def test_rows_are_inserted_above(sheet):
    sheet["3:4"].insert("down")
    assert column(sheet, "A") == ["k", "a", None, None, "b", "c", "d", "e"]


def test_rows_are_deleted(sheet):
    sheet["3:4"].delete()
    assert column(sheet, "A", 5) == ["k", "a", "d", "e", None]


def test_columns_are_inserted_and_deleted(sheet):
    sheet["B:B"].insert("right")
    assert sheet["A2:D2"].value == ["a", None, 1, 10]
    sheet["A:B"].delete()
    assert sheet["A2:C2"].value == [1, 10, None]


def test_blocks_move_down_and_up(sheet):
    sheet["B3:B4"].insert("down")
    assert column(sheet, "B") == ["n", 1, None, None, 2, 3, 4, 5]
    assert column(sheet, "A", 6) == ["k", "a", "b", "c", "d", "e"]
    sheet["A2:A4"].delete("up")
    assert column(sheet, "A", 4) == ["k", "d", "e", None]


def test_blocks_move_right_and_left(sheet):
    sheet["A2:A3"].insert("right")
    assert sheet["A2:D2"].value == [None, "a", 1, 10]
    assert sheet["A4:D4"].value == ["c", 3, 30, None]
    sheet["A3:B3"].delete("left")
    assert sheet["A3:C3"].value == [2, 20, None]


@pytest.mark.parametrize(("cells", "moved"), [("A2:B2", [["b", 2]]), ("A2:A4", [[1, 10]])])
def test_without_a_direction_the_shape_decides(sheet, cells, moved):
    sheet[cells].delete()
    assert sheet["A2:B2"].value == moved[0]


def test_values_not_saved_yet_move_too(sheet):
    sheet["A1"].value = "new"
    sheet["1:1"].insert("down")
    sheet["A1"].value = "top"
    assert column(sheet, "A", 3) == ["top", "new", "a"]


def test_rows_before_the_place_leave_as_bytes(tmp_path):
    before = '<row  r="1" spans="1:3" ><c r="A1"  s="0"><v>1.50</v></c></row><row r="5"><c r="A5"><v>7</v></c></row>'
    path = workbook(tmp_path / "b.xlsx", before)
    book = xlsx.open(path)
    book.sheets[0]["3:4"].insert("down")
    assert rows(saved(book, path)) == before.replace('r="5"', 'r="7"').replace('"A5"', '"A7"')


# -- formats -------------------------------------------------------------------------------------------------


def test_inserted_rows_look_like_the_row_above(sheet):
    sheet["B2"].color = "#ff0000"
    sheet["2:2"].row_height = 30
    sheet["3:3"].insert("down")
    assert (sheet["B3"].color, sheet["B4"].color, sheet["B3"].row_height) == ((255, 0, 0), None, 30)


def test_or_like_the_row_below(sheet):
    sheet["B3"].color = "#00ff00"
    sheet["3:3"].insert("down", "format_from_right_or_below")
    assert (sheet["B2"].color, sheet["B3"].color, sheet["B4"].color) == (None, (0, 255, 0), (0, 255, 0))


def test_inserted_columns_look_like_the_column_at_the_left(sheet):
    sheet["A:A"].column_width = 22
    sheet["A2"].font.bold = True
    sheet["B:C"].insert("right")
    assert [sheet[f"{c}1"].column_width for c in "ABCD"] == [22, 22, 22, 8.43]
    assert [sheet[f"{c}2"].font.bold for c in "ABCD"] == [True, True, True, False]


def test_heights_and_hidden_rows_move(sheet):
    sheet["4:4"].row_height = 40
    sheet["5:5"].rows.hidden = True
    sheet["2:2"].delete()
    assert (sheet["3:3"].row_height, sheet["4:4"].impl.row_hidden, sheet["5:5"].impl.row_hidden) == (
        40,
        True,
        False,
    )


# -- formulas, names -----------------------------------------------------------------------------------------


def test_formulas_of_all_sheets_follow(sheet):
    other = sheet.book.sheets.add("Other", after=sheet)
    other["A1"].formula = "=SUM(Sheet1!$B$2:$B$6)+Sheet1!C6+B6"
    sheet["D2:D6"].formula = "=B2*$C$2"
    sheet["3:3"].insert("down")
    assert other["A1"].formula == "=SUM(Sheet1!$B$2:$B$7)+Sheet1!C7+B6"
    assert [f[0] for f in sheet["D2:D4"].formula] == ["=B2*$C$2", "", "=B4*$C$2"]


def test_what_is_deleted_is_an_error_in_formulas(sheet):
    sheet["D1"].formula = "=B3+B4+SUM(B2:B6)"
    sheet["3:3"].delete()
    assert sheet["D1"].formula == "=#REF!+B3+SUM(B2:B5)"


def test_names_and_print_settings_follow(sheet):
    book = sheet.book
    book.names.add("data", "=Sheet1!$A$2:$C$6")
    sheet.page_setup.print_area = "A1:C6"
    sheet.page_setup.impl.title_rows = "$1:$2"
    sheet["2:2"].insert("down")
    assert book.names["data"].refers_to == "=Sheet1!$A$3:$C$7"
    assert sheet.page_setup.print_area == "$A$1:$C$7"
    assert sheet.page_setup.impl.title_rows == "$1:$3"


def test_shared_formulas_move(tmp_path):
    path = workbook(
        tmp_path / "s.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>6</v></c></row>',
    )
    book = xlsx.open(path)
    book.sheets[0]["2:2"].insert("down")
    assert [f[0] for f in book.sheets[0]["B1:B4"].formula] == ["=A1*2", "", "=A3*2", "=A4*2"]
    book.sheets[0]["A:A"].insert("right")
    assert [f[0] for f in book.sheets[0]["C1:C4"].formula] == ["=B1*2", "", "=B3*2", "=B4*2"]
    book.close()


def test_array_formulas_move_as_a_whole(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", '<row r="2"><c r="B2"><f t="array" ref="B2:B4">A2:A4*2</f><v>2</v></c></row>'
    )
    book = xlsx.open(path)
    sheet = book.sheets[0]
    sheet["1:1"].insert("down")
    assert '<f t="array" ref="B3:B5">A3:A5*2</f>' in rows(saved(book, path))


def test_the_calculation_chain_goes(tmp_path):
    path = rich_template.build(tmp_path / "t.xlsx")
    book = xlsx.open(path)
    package = book.impl.package
    package.add(
        "xl/calcChain.xml",
        b'<calcChain xmlns="%s"><c r="E4" i="1"/></calcChain>' % ooxml.MAIN.encode(),
        "x/y",
    )
    package.rels(package.workbook_part).add("calcChain", "xl/calcChain.xml")
    book.sheets[0]["1:1"].insert("down")
    assert not [name for name in package.names() if "calcChain" in name]
    book.close()


# -- what stands on the sheet --------------------------------------------------------------------------------


@pytest.fixture
def rich(tmp_path):
    book = xlsx.open(rich_template.build(tmp_path / "rich.xlsx"))
    yield book
    book.close()


def texts(root, *names):
    return [element.text for element in ooxml.walk(root, *names)]


def test_everything_moves_down_with_two_rows_above(rich):
    sheet = rich.sheets["报表"]
    sheet["3:4"].insert("down")
    package, root = rich.impl.package, sheet.impl.root
    assert sheet.tables[0].range.address == "$A$6:$C$9"
    assert ooxml.child(sheet.tables[0].api, "autoFilter").get("ref") == "A6:C9"
    assert [e.get("sqref") for e in ooxml.walk(root, "conditionalFormatting")] == ["B7:B9", "A7:A9", None]
    assert [e.get("sqref") for e in ooxml.walk(root, "dataValidation")] == ["F6:F11"]
    assert "报表!B7:B9" in texts(root, "f")
    assert [e.get("ref") for e in ooxml.walk(root, "hyperlink")] == ["G1", "G2"]
    assert sheet["A6"].note.text == "备注"
    assert "<x:Row>5</x:Row>" in package.read("xl/drawings/vmlDrawing1.vml").decode()
    assert texts(package.xml("xl/charts/chart1.xml"), "f")[:4] == [
        "报表!$A$1", "报表!$B$6", "报表!$A$7:$A$9", "报表!$B$7:$B$9",
    ]  # fmt: skip
    anchor = package.xml("xl/drawings/drawing1.xml")[0]
    assert [e.text for e in ooxml.walk(anchor, "row")] == ["11", "25"]
    assert sheet["E6"].formula == "=SUM(tblDemo[客户数])+列表!B1"
    assert consistency.problems(package) == []


def test_notes_of_deleted_cells_go(rich):
    sheet = rich.sheets["报表"]
    sheet["1:3"].delete()
    assert sheet["A1"].note.text == "备注"
    sheet["A:A"].delete()
    assert sheet["A1"].note is None
    assert "备注" not in rich.impl.package.read("xl/comments1.xml").decode()
    sheet["F:F"].delete()
    sheet["E:E"].delete()
    sheet["F:F"].delete()
    assert not list(ooxml.walk(sheet.impl.root, "hyperlinks", "dataValidations"))


def test_charts_follow_on_other_sheets(rich):
    rich.sheets["列表"]["2:2"].insert("down")
    found = texts(rich.impl.package.xml("xl/charts/chart1.xml"), "f")
    assert found[4:] == ["列表!$A$1:$A$4", "列表!$B$1:$B$4"]
    assert rich.names["regions"].refers_to == "=列表!$A$1:$A$4"


def test_merged_cells_grow_move_and_go(sheet):
    sheet["E2:F4"].merge()
    sheet["E8:E9"].merge()
    sheet["3:3"].insert("down")
    assert sheet["E2"].merge_area.address == "$E$2:$F$5"
    assert sheet["E9"].merge_area.address == "$E$9:$E$10"
    sheet["10:10"].delete()
    assert not sheet["E9"].merge_cells
    sheet["2:5"].delete()
    assert ooxml.child(sheet.impl.root, "mergeCells") is None


def test_page_breaks_move_with_their_rows(tmp_path):
    breaks = '<rowBreaks count="2" manualBreakCount="2"><brk id="3" max="16383" man="1"/><brk id="9" max="16383" man="1"/></rowBreaks>'
    path = workbook(tmp_path / "p.xlsx", "", after=breaks)
    book = xlsx.open(path)
    book.sheets[0]["5:6"].insert("down")
    book.sheets[0]["4:4"].delete()
    assert '<rowBreaks count="1" manualBreakCount="1"><brk id="10"' in part(saved(book, path))


def test_rules_follow_their_first_cell(sheet):
    sheet["B2:B6"].conditional_formats.add_custom("=$A2=B1", fill_color="#ffff00")
    sheet["2:2"].delete()
    assert sheet["B2:B5"].conditional_formats[0].formula == "=$A2=B1"
    sheet["1:1"].insert("down")
    assert sheet["B3:B6"].conditional_formats[0].formula == "=$A3=B2"


def test_an_autofilter_moves(tmp_path):
    path = workbook(
        tmp_path / "f.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        after='<autoFilter ref="A1:C9"><filterColumn colId="2"><filters><filter val="1"/></filters></filterColumn></autoFilter>',
    )
    book = xlsx.open(path)
    book.sheets[0]["B:B"].insert("right")
    book.sheets[0]["1:1"].insert("down")
    assert '<autoFilter ref="A2:D10"><filterColumn colId="3">' in part(saved(book, path))


# -- tables --------------------------------------------------------------------------------------------------


@pytest.fixture
def table(sheet):
    return sheet.tables.add(source=sheet["A1:C6"], name="tbl")


def test_rows_inserted_in_a_table_belong_to_it(sheet, table):
    sheet["4:4"].insert("down")
    assert table.range.address == "$A$1:$C$7"


def test_rows_inserted_above_a_table_do_not(sheet, table):
    sheet["1:1"].insert("down")
    assert table.range.address == "$A$2:$C$7"


def test_rows_under_the_headers_look_like_data(sheet, table):
    sheet["A1:C1"].color = "#000000"
    sheet["2:2"].insert("down")
    assert sheet["A2"].color is None


def test_columns_inserted_in_a_table_get_headers(sheet, table):
    sheet["B:C"].insert("right")
    assert sheet["A1:E1"].value == ["k", "Column1", "Column2", "n", "m"]
    assert [c.name for c in table.columns] == ["k", "Column1", "Column2", "n", "m"]


def test_columns_deleted_of_a_table_are_lost_to_formulas(sheet, table):
    sheet["F1"].formula = "=SUM(tbl[n])+SUM(tbl[[k]:[n]])+SUM(tbl[m])"
    sheet["B:B"].delete()
    assert [c.name for c in table.columns] == ["k", "m"]
    assert sheet["E1"].formula == "=SUM(#REF!)+SUM(tbl[[k]:[k]])+SUM(tbl[m])"


def test_a_deleted_table_is_gone(sheet, table):
    sheet["F9"].formula = "=SUM(tbl[n])"
    sheet["1:6"].delete()
    assert len(sheet.tables) == 0
    assert sheet["F3"].formula == "=SUM(#REF!)"


def test_a_table_keeps_one_empty_row(sheet, table):
    sheet["A7"].value = "below"
    sheet["2:6"].delete()
    assert table.range.address == "$A$1:$C$2"
    assert column(sheet, "A", 3) == ["k", None, "below"]


def test_calculated_columns_fill_new_rows(sheet, table):
    package = sheet.book.impl.package
    element = ooxml.children(ooxml.child(package.edit(table.impl.part), "tableColumns"), "tableColumn")[2]
    ooxml.add(element, "calculatedColumnFormula").text = "tbl[[#This Row],[n]]*10"
    sheet["4:5"].insert("down")
    assert [f[0] for f in sheet["C3:C6"].formula] == ["20", *["=[@n]*10"] * 2, "30"]


# -- what Excel refuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", ["B1:B2", "A3:B4", "E1:XFD9"])
def test_blocks_that_would_tear_a_table_apart(sheet, table, cells):
    if cells.startswith("E"):
        sheet["E1:XFD9"].insert("down")  # beside the table: fine
        return
    with pytest.raises(FenjiError, match="table 'tbl'"):
        sheet[cells].insert("down")
    with pytest.raises(FenjiError, match="table 'tbl'"):
        sheet[cells].delete("up")


def test_headers_are_not_deleted_alone(sheet, table):
    with pytest.raises(FenjiError, match="headers of the table"):
        sheet["1:2"].delete()


def test_merged_cells_are_not_torn_apart(sheet):
    sheet["A8:C8"].merge()
    with pytest.raises(FenjiError, match="A8:C8"):
        sheet["B2"].insert("down")


def test_cells_are_not_pushed_off_the_sheet(sheet):
    sheet["A1048576"].value = 1
    with pytest.raises(FenjiError, match="off its end"):
        sheet["2:2"].insert("down")
    sheet["B2"].insert("down")


def test_array_formulas_are_not_cut(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", '<row r="2"><c r="B2"><f t="array" ref="B2:B4">A2:A4*2</f><v>2</v></c></row>'
    )
    book = xlsx.open(path)
    with pytest.raises(FenjiError, match="array formula"):
        book.sheets[0]["3:3"].insert("down")
    book.close()


def test_a_protected_sheet_stays(tmp_path):
    path = workbook(tmp_path / "p.xlsx", "", after='<sheetProtection sheet="1"/>')
    book = xlsx.open(path)
    with pytest.raises(FenjiError, match="protected"):
        book.sheets[0]["3:3"].insert("down")
    book.close()


# -- pivot tables --------------------------------------------------------------------------------------------


@pytest.fixture
def pivot(sheet, table):
    other = sheet.book.sheets.add("P", after=sheet)
    made = other.pivot_tables.add(sheet["A1:C6"], other["B3"], "pvt")
    made.rows.add("k")
    made.values.add("n")
    sheet.book.impl.write_parts()
    return made


def test_a_pivot_table_moves_and_is_not_cut(pivot):
    sheet = pivot.parent
    height = pivot.range.shape[0]
    sheet["1:1"].insert("down")
    moved = sheet.pivot_tables["pvt"]
    assert (moved.range.row, moved.range.shape[0]) == (4, height)
    with pytest.raises(FenjiError, match="pvt"):
        sheet["5:5"].insert("down")
    sheet["2:30"].delete()
    assert len(sheet.pivot_tables) == 0


# -- programs ------------------------------------------------------------------------------------------------


@pytest.mark.validator
def test_the_validator_finds_nothing(rich, tmp_path):
    sheet = rich.sheets["报表"]
    sheet["5:5"].insert("down")
    sheet["B:B"].insert("right")
    sheet["H3:H8"].delete("left")
    sheet["1:1"].delete()
    rich.save(tmp_path / "out.xlsx")
    assert programs.validate(tmp_path / "out.xlsx") == []
