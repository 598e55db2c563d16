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
