"""When a table gets more or fewer rows, what covers its columns follows, wherever it stands."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx import references
from tests.hosts.xlsx.raw_sheets import saved

BIG = "xl/worksheets/sheet2.xml"


@pytest.fixture
def book(tmp_path):
    """Data with the table tbl in B2:C5, and a sheet Big that does not refer to it."""
    made = xlsx.new()
    data = made.sheets[0]
    data.name = "My data"
    data["B2:C5"].value = [["key", "amount"], ["a", 1], ["b", 2], ["c", 3]]
    data.tables.add(data["B2:C5"], name="tbl")
    big = made.sheets.add("Big", after=data)
    big["A1:B300"].value = [[i, f"text {i}"] for i in range(300)]
    made.sheets.add("Sum", after=big)
    saved(made, tmp_path / "book.xlsx")
    found = xlsx.open(tmp_path / "book.xlsx")
    yield found
    found.close()


def grown(book, rows=9):
    data = book.sheets["My data"]
    data.tables["tbl"].resize(data.range((2, 2), (rows, 3)))
    return book


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=SUM('My data'!$C$3:$C$5)", "=SUM('My data'!$C$3:$C$9)"),
        ("=SUM('My data'!C2:C5)", "=SUM('My data'!C2:C9)"),
        ("=VLOOKUP(A1,'My data'!$B$3:$C$5,2,0)", "=VLOOKUP(A1,'My data'!$B$3:$C$9,2,0)"),
        ("=SUM('My data'!$C$3:$C$4)", "=SUM('My data'!$C$3:$C$4)"),
        ("=SUM('My data'!$C$3:$C$6)", "=SUM('My data'!$C$3:$C$6)"),
        ("=SUM('My data'!C:C)", "=SUM('My data'!C:C)"),
        ("='My data'!C5", "='My data'!C5"),
        ("=SUM(Big!$C$3:$C$5)", "=SUM(Big!$C$3:$C$5)"),
        ("=SUM(tbl[amount])", "=SUM(tbl[amount])"),
    ],
)
def test_formulas_on_another_sheet(book, before, after):
    book.sheets["Sum"]["A1"].impl.set_formula(before, 6.0)
    assert grown(book).sheets["Sum"]["A1"].formula == after


def test_formulas_beside_the_table(book):
    data = book.sheets["My data"]
    data["E2"].impl.set_formula("=SUM(C3:C5)", 6.0)
    data["E3"].impl.set_formula("=C3/SUM(C$3:C$5)", 0.5)
    grown(book)
    assert data["E2:E3"].formula == (("=SUM(C3:C9)",), ("=C3/SUM(C$3:C$9)",))


def test_a_table_that_shrinks(book):
    book.sheets["Sum"]["A1"].impl.set_formula("=SUM('My data'!$C$3:$C$5)", 6.0)
    assert grown(book, rows=4).sheets["Sum"]["A1"].formula == "=SUM('My data'!$C$3:$C$4)"


def test_more_columns_are_new_data(book):
    book.sheets["Sum"]["A1"].impl.set_formula("=SUM('My data'!$B$3:$C$5)", 6.0)
    data = book.sheets["My data"]
    data.tables["tbl"].resize(data["B2:D5"])
    assert book.sheets["Sum"]["A1"].formula == "=SUM('My data'!$B$3:$C$5)"


def test_names_follow(book):
    book.names.add("amounts", "='My data'!$C$3:$C$5")
    assert grown(book).names["amounts"].refers_to == "='My data'!$C$3:$C$9"


def test_a_sheet_that_says_nothing_of_the_table_leaves_as_it_came(book, monkeypatch):
    monkeypatch.setattr(references, "_SEARCHED_SHEET", 100)
    package = book.impl.package
    book.sheets["Big"]["A1"].data_validation.set_list(book.sheets["Big"]["B1:B3"])
    book.save()
    grown(book)
    book.impl.write_parts()
    assert package.untouched(BIG)


def test_rules_of_a_large_sheet_follow(book, monkeypatch):
    book.sheets["Big"]["A1"].data_validation.set_list(book.sheets["My data"]["B3:B5"])
    book.save()
    monkeypatch.setattr(references, "_SEARCHED_SHEET", 100)
    grown(book)
    book.impl.write_parts()
    assert "'My data'!$B$3:$B$9" in book.impl.package.read(BIG).decode()


def test_a_sheet_without_formulas_is_not_written_anew(book):
    book.sheets["Big"].impl.read_columns(1, None, [1])
    grown(book)
    assert book.impl.package.untouched(BIG)
    assert not book.sheets["Big"].impl.cells_store.is_changed
