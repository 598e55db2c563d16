"""Formulas in cells follow the cells they refer to."""

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx import cell_formulas
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.shifts import Shift
from addin.hosts.xlsx.table_moves import TableMove
from tests.hosts.xlsx.raw_sheets import rows, saved, workbook

GROWS = TableMove(Area(1, 1, 4, 2), Area(1, 1, 9, 2))


def followed(tmp_path, content, move=GROWS):
    path = workbook(tmp_path / "f.xlsx", content)
    book = xlsx.open(path)
    cell_formulas.follow(book.impl, "Sheet1", move)
    return rows(saved(book, path))


def test_ranges_over_a_table_column_follow_it(tmp_path):
    before = '<row r="1"><c r="D1" s="0"><f>SUM($B$2:$B$4)+B2</f><v>7</v></c><c r="E1"><v>1</v></c></row>'
    assert followed(tmp_path, before) == before.replace("$B$4", "$B$9")


def test_rows_without_such_formulas_stay_as_bytes(tmp_path):
    before = "<row r='1' ><c r=\"D1\"><f>SUM(C2:C4)</f><v>7</v></c></row>"
    assert followed(tmp_path, before) == before


def test_a_shared_formula_that_goes_on_saying_the_same_stays_shared(tmp_path):
    before = (
        '<row r="2"><c r="D2"><f t="shared" ref="D2:D3" si="0">A2/SUM($B$2:$B$4)</f><v>1</v></c></row>'
        '<row r="3"><c r="D3"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    assert followed(tmp_path, before) == before.replace("$B$4", "$B$9")


def test_a_shared_formula_of_which_one_cell_changes_is_written_out(tmp_path):
    before = (
        '<row r="1"><c r="D1"><f t="shared" ref="D1:D2" si="0">SUM(B1:B3)</f><v>1</v></c></row>'
        '<row r="2"><c r="D2"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    assert followed(tmp_path, before) == (
        '<row r="1"><c r="D1"><f>SUM(B1:B3)</f><v>1</v></c></row>'
        '<row r="2"><c r="D2"><f>SUM(B2:B9)</f><v>2</v></c></row>'
    )


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("sum(a4:a6)+LOG10(A4)", "sum(A5:A7)+LOG10(A5)"),
        ("IF(A4=&quot;A4&quot;,Other!A4,Sheet1!A4)", 'IF(A5="A4",Other!A4,Sheet1!A5)'),
        ("tbl[A4]+A4#", "tbl[A4]+A5#"),
        ("'[1]Sheet1'!A4+A4", "'[1]Sheet1'!A4+A5"),
        ("A4:INDEX(A:A,4)", "A5:INDEX(A:A,4)"),
    ],
)
def test_what_is_a_reference_and_what_is_not(tmp_path, formula, moved):
    before = f'<row r="1"><c r="D1"><f>{formula}</f><v>7</v></c></row>'
    found = followed(tmp_path, before, Shift.lines("rows", 3, 1))
    assert found == f'<row r="1"><c r="D1"><f>{moved}</f><v>7</v></c></row>'


def test_a_formula_that_lost_cells_has_no_known_value(tmp_path):
    before = '<row r="1"><c r="D1" t="str"><f>A4&amp;SUM(A3:A9)</f><v>7</v></c></row>'
    found = followed(tmp_path, before, Shift.lines("rows", 4, -1))
    assert found == '<row r="1"><c r="D1"><f>#REF!&amp;SUM(A3:A8)</f></c></row>'


def test_other_sheets_follow(tmp_path):
    book = xlsx.new()
    book.sheets[0].name = "R&D 数据"
    other = book.sheets.add("b", after=book.sheets[0])
    other["A1:A3"].formula = "='R&D 数据'!B2+A2"
    cell_formulas.follow(book.impl, "R&D 数据", Shift.lines("rows", 3, 1))
    assert [f[0] for f in other["A1:A3"].formula] == [
        "='R&D 数据'!B2+A2", "='R&D 数据'!B4+A3", "='R&D 数据'!B5+A4",
    ]  # fmt: skip
