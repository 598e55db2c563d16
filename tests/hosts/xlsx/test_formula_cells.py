"""Formulas: written with their values, and what becomes of those that are overwritten."""

from __future__ import annotations

import openpyxl
import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import edited, part, rows, saved, with_parts, workbook
from udfs.texts import FenjiError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


def shared(ref, inside=""):
    return f'<c r="{ref}"><f t="shared" si="0"{inside}<v>1</v></c>'


def test_a_formula_carries_its_value(path):
    book = xlsx.new()
    cell = book.sheets[0]["A1"]
    cell.impl.set_formula('=SUM(B1:B3)&"<"', "6<")
    assert (cell.formula, cell.value) == ('=SUM(B1:B3)&"<"', "6<")
    saved(book, path)
    assert rows(path) == ('<row r="1"><c r="A1" t="str"><f>SUM(B1:B3)&amp;"&lt;"</f><v>6&lt;</v></c></row>')


def test_one_formula_for_many_cells_moves_with_them():
    book = xlsx.new()
    book.sheets[0]["B2:C3"].formula = "=A1*$A$1"
    assert book.sheets[0]["B2:C3"].formula == (("=A1*$A$1", "=B1*$A$1"), ("=A2*$A$1", "=B2*$A$1"))


def test_new_functions_get_their_prefix_in_the_file(path):
    book = xlsx.new()
    book.sheets[0]["A1"].formula = '=IFERROR(XLOOKUP(1,B:B,C:C),"XLOOKUP(")'
    saved(book, path)
    assert '<f>IFERROR(_xlfn.XLOOKUP(1,B:B,C:C),"XLOOKUP(")</f>' in rows(path)


def test_the_next_cell_takes_over_a_shared_formula(path):
    first = ' ref="A1:A3">B1*2</f>'
    workbook(
        path,
        f'<row r="1">{shared("A1", first)}</row><row r="2">{shared("A2", "/>")}</row><row r="3">{shared("A3", "/>")}</row>',
    )
    edited(path, ("A1", 5))
    taken_over = '<c r="A2"><f t="shared" ref="A2:A3" si="0">B2*2</f><v>1</v></c>'
    assert rows(path) == (
        '<row r="1"><c r="A1"><v>5</v></c></row>'
        f'<row r="2">{taken_over}</row><row r="3">{shared("A3", "/>")}</row>'
    )
    assert openpyxl.load_workbook(path).active["A3"].value == "=B3*2"


def test_a_shared_formula_is_read_where_it_applies(path):
    first = ' ref="A1:A2">B1*2</f>'
    workbook(path, f'<row r="1">{shared("A1", first)}</row><row r="2">{shared("A2", "/>")}</row>')
    book = xlsx.open(path)
    assert book.sheets[0]["A1:A2"].formula == (("=B1*2",), ("=B2*2",))
    book.close()


def test_overwriting_a_dependent_of_a_shared_formula_leaves_the_others(path):
    first = ' ref="A1:A3">B1*2</f>'
    workbook(
        path,
        f'<row r="1">{shared("A1", first)}</row><row r="2">{shared("A2", "/>")}</row><row r="3">{shared("A3", "/>")}</row>',
    )
    edited(path, ("A2", 5))
    sheet = openpyxl.load_workbook(path).active
    assert [sheet[f"A{n}"].value for n in (1, 2, 3)] == ["=B1*2", 5, "=B3*2"]


def test_a_part_of_an_array_formula_is_refused(path):
    workbook(
        path,
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
    )
    before = path.read_bytes()
    with pytest.raises(FenjiError, match=r"A1:A2 on sheet 'Sheet1'"):
        edited(path, ("A2", 5))
    assert path.read_bytes() == before


def test_a_whole_array_formula_may_go(path):
    workbook(
        path,
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
    )
    edited(path, ("A1:A2", [[5], [6]]))
    assert rows(path) == '<row r="1"><c r="A1"><v>5</v></c></row><row r="2"><c r="A2"><v>6</v></c></row>'


def test_an_array_formula_is_written_over_its_range(path):
    book = xlsx.new()
    book.sheets[0]["A1:A2"].formula_array = "=B1:B2*2"
    assert book.sheets[0]["A1"].formula_array == "=B1:B2*2"
    saved(book, path)
    assert '<c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f></c>' in rows(path)


CALCULATED = '<row r="1"><c r="A1"><f>B1</f><v>1</v></c><c r="B1"><v>1</v></c></row>'


def test_the_workbook_is_calculated_anew_where_formulas_may_depend(path):
    workbook(path, CALCULATED)
    edited(path, ("B1", 5))
    assert 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")


def test_a_workbook_without_formulas_is_not_calculated_anew(path):
    workbook(path, '<row r="1"><c r="B1"><v>1</v></c></row>')
    edited(path, ("B1", 5))
    assert "fullCalcOnLoad" not in part(path, "xl/workbook.xml")


def test_a_format_does_not_ask_for_calculation(path):
    workbook(path, CALCULATED)
    book = xlsx.open(path)
    book.sheets[0]["B1"].font.bold = True
    saved(book, path)
    assert "fullCalcOnLoad" not in part(path, "xl/workbook.xml")


def test_a_new_sheet_does_not_ask_for_calculation(path):
    workbook(path, CALCULATED)
    book = xlsx.open(path)
    book.sheets.add("new")["A1"].value = 1
    saved(book, path)
    assert "fullCalcOnLoad" not in part(path, "xl/workbook.xml")


def with_calculation_chain(path):
    rels = part(workbook(path, CALCULATED), "xl/_rels/workbook.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"'
        ' Target="calcChain.xml"/></Relationships>',
    )
    types = part(path, "[Content_Types].xml").replace(
        "</Types>",
        '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.calcChain+xml"/></Types>',
    )
    sheet = part(path)
    with_parts(
        path,
        {"xl/_rels/workbook.xml.rels": rels, "[Content_Types].xml": types, "xl/worksheets/sheet1.xml": sheet},
    )
    import zipfile

    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/calcChain.xml",
            '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="1"/></calcChain>',
        )
    return path


def test_the_calculation_chain_goes_with_a_formula(path):
    edited(with_calculation_chain(path), ("A1", 5))
    with pytest.raises(KeyError):
        part(path, "xl/calcChain.xml")
    assert "calcChain" not in part(path, "[Content_Types].xml")


def test_the_calculation_chain_stays_where_formulas_stay(path):
    edited(with_calculation_chain(path), ("B1", 5))
    assert part(path, "xl/calcChain.xml")


def test_formula2_spills_where_it_has_several_values(path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1:A3"].value = [[3], [1], [2]]
    sheet["C1"].formula2 = "=SORT(A1:A3)"
    sheet["D1"].formula2 = "=SUM(A1:A3)"
    sheet["E1"].formula = "=SORT(A1:A3)"
    assert sheet["C1"].formula2 == sheet["C1"].formula == "=SORT(A1:A3)"
    saved(book, path)
    assert '<c r="C1" cm="1"><f t="array" ref="C1">_xlfn._xlws.SORT(A1:A3)</f></c>' in rows(path)
    assert '<c r="D1"><f>SUM(A1:A3)</f></c><c r="E1"><f>_xlfn._xlws.SORT(A1:A3)</f></c>' in rows(path)
    assert 'name="XLDAPR"' in part(path, "xl/metadata1.xml")
    assert 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")


def test_a_spilling_formula_that_is_copied_goes_on_spilling(path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["C1"].formula2 = "=A1:A3*2"
    sheet["C1"].copy(sheet["D5"])
    assert sheet["D5"].formula == "=B5:B7*2"
    saved(book, path)
    assert '<c r="D5" cm="1"><f t="array" ref="D5">B5:B7*2</f></c>' in rows(path)


def test_one_formula2_for_many_cells_moves_with_them(path):
    book = xlsx.new()
    book.sheets[0]["B1:B2"].formula2 = "=UNIQUE(A1:A3)"
    saved(book, path)
    assert '<c r="B2" cm="1"><f t="array" ref="B2">_xlfn.UNIQUE(A2:A4)</f></c>' in rows(path)


def test_columns_of_the_table_a_formula_stands_in(path):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1:B3"].value = [["amount", "twice"], [1, None], [2, None]]
    sheet.tables.add(sheet["A1:B3"], name="orders")
    sheet["B2:B3"].formula = "=[@amount]*2"
    sheet["D2"].formula = "=orders[@amount]+SUM(orders[amount])"
    assert sheet["B3"].formula == "=[@amount]*2"
    assert sheet["D2"].formula == "=orders[@amount]+SUM(orders[amount])"
    saved(book, path)
    assert rows(path).count("<f>orders[[#This Row],[amount]]*2</f>") == 2


def test_names_rules_and_validations_use_new_functions_too(path):
    book = xlsx.new()
    sheet = book.sheets[0]
    book.names.add("double", "=LAMBDA(x,x*2)")
    assert book.names["double"].refers_to == "=LAMBDA(x,x*2)"
    sheet["A1:A3"].conditional_formats.add_custom("=XLOOKUP(A1,B:B,C:C)>1", fill_color=(255, 0, 0))
    assert sheet["A1:A3"].conditional_formats[0].formula == "=XLOOKUP(A1,B:B,C:C)>1"
    saved(book, path)
    assert "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)" in part(path, "xl/workbook.xml")
    assert "_xlfn.XLOOKUP(A1,B:B,C:C)&gt;1" in part(path)
