"""A workbook is marked to be calculated exactly where a formula refers to something that changed."""

from __future__ import annotations

import openpyxl
import pytest

from addin.hosts import xlsx
from tests.hosts.xlsx.raw_sheets import part, saved, workbook


def is_marked(path):
    return 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


def book_with(path, formula, *names):
    """Sheets Data, Other and Sum; Sum!A1 holds a formula. Data has the table tbl in A1:B3."""
    book = xlsx.new()
    data = book.sheets[0]
    data.name = "Data"
    data["A1:B3"].value = [["a", "b"], [1, 2], [3, 4]]
    data.tables.add(data["A1:B3"], name="tbl")
    book.sheets.add("Other", after=data)["A1"].value = 1
    book.sheets.add("Sum", after=book.sheets["Other"])["A1"].impl.set_formula(formula, 1.0)
    for name, refers_to in names:
        book.names.add(name, refers_to)
    saved(book, path)
    assert not is_marked(path)
    return xlsx.open(path)


@pytest.mark.parametrize(
    ("formula", "cell", "marked"),
    [
        ("=Data!A2", "A2", True),
        ("=Data!A2", "A3", False),
        ("=SUM(Data!$A$1:$B$9)", "B9", True),
        ("=SUM(Data!$A$1:$B$9)", "C9", False),
        ("=SUM(Data!A:B)", "B70", True),
        ("=SUM(Data!A:B)", "C70", False),
        ("=SUM(Data!5:6)", "Z6", True),
        ("=SUM(Data!5:6)", "Z7", False),
        ("=SUM(Data:Other!C3)", "C3", True),
        ("=A2", "A2", False),
        ("=Other!A1", "A1", False),
        ("=SUM(tbl[b])", "B2", True),
        ("=SUM(tbl[b])", "D2", False),
        ("=SUM(gone[b])", "D2", True),
        ('=INDIRECT("Data!A1")', "Z9", True),
        ("=OFFSET(Other!A1,1,1)", "Z9", True),
        ("=SUM(Other!A1:INDEX(Other!B:B,3))", "Z9", True),
        ("=SUM([1]Data!A2)", "A2", False),
        ('=IF(Other!A1,"Data!A2","")', "A2", False),
        ("=NOW()", "A2", False),
    ],
)
def test_formulas_that_refer_to_changed_cells(path, formula, cell, marked):
    book = book_with(path, formula)
    book.sheets["Data"][cell].value = 5
    saved(book, path)
    assert is_marked(path) == marked


@pytest.mark.parametrize(
    ("refers_to", "marked"),
    [("=Data!$A$2", True), ("=Data!$A$3", False), ("=OFFSET(Other!$A$1,1,0)", True), ("=inner+1", True)],
)
def test_formulas_with_names(path, refers_to, marked):
    book = book_with(path, "=total*2", ("total", refers_to), ("inner", "=Data!$A$2"))
    book.sheets["Data"]["A2"].value = 5
    saved(book, path)
    assert is_marked(path) == marked


def test_a_name_that_changes(path):
    book = book_with(path, "=total*2", ("total", "=Other!$A$1"), ("unused", "=Other!$A$1"))
    book.names["unused"].refers_to = "=Data!$A$1"
    saved(book, path)
    assert not is_marked(path)
    book = xlsx.open(path)
    book.names["total"].refers_to = "=Data!$A$1"
    saved(book, path)
    assert is_marked(path)


def test_a_sheet_that_goes_and_comes_again(path):
    book = book_with(path, "=SUM(Other!A:A)")
    book.sheets["Other"].delete()
    book.sheets.add("Other")["A1"].value = 7
    saved(book, path)
    assert is_marked(path)


def test_a_table_that_grows_over_cells_that_were_there(path):
    book = book_with(path, "=SUM(tbl[b])")
    data = book.sheets["Data"]
    data.tables["tbl"].resize(data["A1:B5"])
    saved(book, path)
    assert is_marked(path)


@pytest.mark.parametrize(("cell", "marked"), [("B3", True), ("B4", False), ("A3", False), ("C1", True)])
def test_every_cell_of_a_shared_formula_counts(path, cell, marked):
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    book = xlsx.open(workbook(path, rows))
    book.sheets[0]["E9"].value = 1
    book.save(path)
    assert not is_marked(path)
    book.sheets[0][cell].value = 5
    saved(book, path)
    # A3 itself is overwritten: no other formula refers to it.
    assert is_marked(path) == marked


def test_data_tables_are_always_calculated(path):
    rows = '<row r="1"><c r="A1"><f t="dataTable" ref="A1:A2" dt2D="0" dtr="0" r1="B1"/><v>1</v></c></row>'
    book = xlsx.open(workbook(path, rows))
    book.sheets[0]["E9"].value = 1
    saved(book, path)
    assert is_marked(path)


def test_prefixed_formulas_are_found(path):
    workbook(path, "")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = xlsx.open(path)
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>B1</x:f><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    book.impl.package.write("xl/worksheets/sheet1.xml", sheet.encode())
    book.save(path)
    book.sheets[0]["C1"].value = 1
    book.save(path)
    assert not is_marked(path)
    book.sheets[0]["B1"].value = 1
    saved(book, path)
    assert is_marked(path)


def test_a_formula_without_its_value_is_calculated(path):
    book = book_with(path, "=1+1")
    book.sheets.add("New")["A1"].formula = "=1+2"
    saved(book, path)
    assert is_marked(path)


def test_a_formula_written_with_its_value_is_right_already(path):
    book = book_with(path, "=1+1")
    book.sheets["Data"]["A2"].value = 5
    book.sheets["Data"]["F1"].impl.set_formula("=A2*2", 10.0)
    saved(book, path)
    assert not is_marked(path)


def test_copied_formulas_about_sheets_of_the_other_book(path, tmp_path):
    template = tmp_path / "template.xlsx"
    book_with(template, "=SUM(Other!A1)").close()
    for names, marked in ((["Sum", "Other"], False), (["Sum"], True)):
        source, book = xlsx.open(template), xlsx.new()
        book.save(path)
        sheets = [source.sheets[name].impl for name in names]
        sheets[0].copy_group(sheets, book.impl, 1)
        source.close()
        saved(book, path)
        assert is_marked(path) == marked


def test_a_sheet_that_was_read_is_not_searched_for_formulas(path, monkeypatch):
    book = openpyxl.Workbook(write_only=True)
    book.calculation = None
    sheet = book.create_sheet("Data")
    for i in range(50):
        sheet.append([i, f"=A{i + 1}" if i == 49 else None])
    book.save(path)
    read = xlsx.open(path)
    searched = []
    search = type(read.impl)._search_formulas
    monkeypatch.setattr(
        type(read.impl), "_search_formulas", lambda self, part: searched.append(part) or search(self, part)
    )
    read.sheets[0].impl.read_columns(1, None, [1])
    assert read.impl.may_hold_formulas("xl/worksheets/sheet1.xml")
    assert not searched
    read.close()


def test_what_was_read_is_remembered_when_the_sheet_changes(path, monkeypatch):
    book = xlsx.open(workbook(path, '<row r="1"><c r="A1"><v>1</v></c></row>'))
    book.sheets[0].impl.read_columns(1, None, [1])
    book.sheets[0]["B1"].value = 2
    book.sheets[0].impl.flush()
    monkeypatch.setattr(type(book.impl), "_search_formulas", None)
    assert not book.impl.may_hold_formulas("xl/worksheets/sheet1.xml")
    book.close()
