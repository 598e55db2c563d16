"""References inside formulas are renamed and moved; texts and other workbooks are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.xlsx import formulas

SHEETS = {"data": "My data", "a1": "B2"}
TABLES = {"tbl": "tbl2"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Data!A1", "'My data'!A1"),
        ("'Data'!$A$1:$B$9", "'My data'!$A$1:$B$9"),
        ("DATA!A1", "'My data'!A1"),
        ("'A1'!C3", "'B2'!C3"),
        ("A1+1", "A1+1"),
        ('"Data!A1"', '"Data!A1"'),
        ("[1]Data!A1", "[1]Data!A1"),
        ("'[book.xlsx]Data'!A1", "'[book.xlsx]Data'!A1"),
        ("SUM(Data:Data2!A1)", "SUM('My data:Data2'!A1)"),
        ("SUM(tbl[amount])", "SUM(tbl2[amount])"),
        ("tbl[[#All],[tbl]]", "tbl2[[#All],[tbl]]"),
        ("tbl[[#This Row],[it'']s]]", "tbl2[[#This Row],[it'']s]]"),
        ("mytbl[x]", "mytbl[x]"),
        ("OtherData!A1", "OtherData!A1"),
        ("客户分级!A1+Data!A1", "客户分级!A1+'My data'!A1"),
    ],
)
def test_rename(before, after):
    assert formulas.rename(before, SHEETS, TABLES) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("S!$A$2:$A$9", "S!$X$1"),
        ("$A$2:$A$9", "$X$1"),
        ("T!$A$2:$A$9", "T!$A$2:$A$9"),
        ("T!A1+A2", "T!A1+$X$1"),
        ("'S'!A2,S!B3", "'S'!$X$1,S!$X$1"),
        ("LOG10(A1)", "LOG10($X$1)"),
        ('"A1"&tbl[A1]', '"A1"&tbl[A1]'),
        ("S!$1:$3", "S!$X$1"),
        ("S!$A:$C", "S!$X$1"),
        ("ABC1(5)", "ABC1(5)"),
    ],
)
def test_map_ranges(before, after):
    assert formulas.map_ranges(before, "S", "S", lambda ref: "$X$1") == after


@given(st.text())
def test_a_quoted_sheet_name_reads_back(name):
    assert formulas.unquote_sheet(formulas.quote_sheet(name)) == name


@given(st.text(), st.text(alphabet="AB1'![]\"():$ ", max_size=40))
def test_nothing_to_rename_changes_nothing(any_text, formula_like):
    for formula in (any_text, formula_like):
        assert formulas.rename(formula, {}, {}) == formula
        assert formulas.map_ranges(formula, "S", "S", lambda ref: ref) == formula
