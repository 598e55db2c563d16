"""Finding, replacing, copying and sorting cells."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx
from udfs.texts import FenjiError


@pytest.fixture
def sheet():
    sheet = xlsx.new().sheets[0]
    sheet["A1"].value = [["n", "t"], [3, "b"], [1, "C"], [None, "a"], [2, "b*"]]
    return sheet


@pytest.mark.parametrize(
    ("text", "options", "address"),
    [
        ("b", {}, "$B$2"),
        ("b", {"direction": "backward"}, "$B$5"),
        ("c", {}, "$B$3"),
        ("c", {"match_case": True}, None),
        ("b", {"whole": True, "direction": "backward"}, "$B$2"),
        ("b~*", {}, "$B$5"),
        ("b?", {}, "$B$5"),
        ("3", {}, "$A$2"),
        ("n", {"order": "columns"}, "$A$1"),
        ("zz", {}, None),
    ],
)
def test_find(sheet, text, options, address):
    found = sheet["A1:B5"].find(text, **options)
    assert (found.address if found else None) == address


def test_replace_all(sheet):
    sheet["C1"].formula = '="b"&B2'
    sheet["A1:C5"].replace_all("b", "X")
    assert sheet["B1:B5"].value == ["t", "X", "C", "a", "X*"]
    assert sheet["C1"].formula == '="X"&X2'


def test_sort_puts_numbers_up_and_empty_cells_last(sheet):
    sheet["A1:B5"].sort(1, True, has_headers=True)
    assert sheet["A1:B5"].value == [["n", "t"], [1, "C"], [2, "b*"], [3, "b"], [None, "a"]]
    sheet["A1:B5"].sort(1, False, has_headers=True)
    assert sheet["A1:A5"].value == ["n", 3, 2, 1, None]


def test_sort_by_two_columns():
    sheet = xlsx.new().sheets[0]
    sheet["A1"].value = [["b", 1], ["a", 1], ["B", 2], [True, 1], [5, 1]]
    sheet["A1:B5"].sort([2, 1], [False, True])
    assert sheet["A1:B5"].value == [["B", 2], [5, 1], ["a", 1], ["b", 1], [True, 1]]


def test_formulas_and_formats_move_with_their_rows(sheet):
    sheet["C2"].formula = "=A2*2"
    sheet["A2"].color = "#ff0000"
    sheet["A2:C5"].sort(1)
    assert sheet["C4"].formula == "=A4*2"
    assert (sheet["A4"].color, sheet["A2"].color) == ((255, 0, 0), None)


def test_a_table_is_sorted_below_its_headers(sheet):
    table = sheet.tables.add(source=sheet["A1:B5"], name="tblX")
    table.sort(2)
    assert sheet["B1:B5"].value == ["t", "a", "b", "b*", "C"]


def test_duplicates_go(sheet):
    sheet["D1"].value = [["k", "v"], ["a", 1], ["A", 2], ["b", 3], ["a", 4]]
    sheet["D1:E5"].remove_duplicates(1, has_headers=True)
    assert sheet["D1:E5"].value == [["k", "v"], ["a", 1], ["b", 3], [None, None], [None, None]]


def test_copy_takes_formulas_and_formats_along(sheet):
    sheet["C2"].formula = "=A2*$A$3"
    sheet["C2"].number_format = "0.0"
    sheet["C2"].copy(sheet["D4"])
    assert (sheet["D4"].formula, sheet["D4"].number_format) == ("=B4*$A$3", "0.0")


def test_copy_values_transposed(sheet):
    sheet["F1"].copy_from(sheet["A2:B3"], copy_type="values", transpose=True)
    assert sheet["F1:G2"].value == [[3, 1], ["b", "C"]]


def test_formats_do_not_cross_books(sheet):
    other = xlsx.new().sheets[0]
    other["A1"].copy_from(sheet["A1:B2"], copy_type="values")
    assert other["A1:B2"].value == [["n", "t"], [3, "b"]]
    with pytest.raises(FenjiError, match="another workbook"):
        sheet["A1:B2"].copy(other["A1"])
