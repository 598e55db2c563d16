"""Formulas as people write them become what Excel writes into files, and the other way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.xlsx.formula_spelling import as_in_file, as_shown, tokens
from addin.hosts.xlsx.spilling import may_spill

# What is typed into a cell of the table "orders", and what Excel keeps of it.
PAIRS = [
    ("FILTER(A1:A3,A1:A3)", "_xlfn._xlws.FILTER(A1:A3,A1:A3)"),
    ("SORT(A1:A3)", "_xlfn._xlws.SORT(A1:A3)"),
    ("NETWORKDAYS.INTL(1,30)", "NETWORKDAYS.INTL(1,30)"),
    ("ISO.CEILING(4.3)", "ISO.CEILING(4.3)"),
    ("CEILING.MATH(4.3)", "_xlfn.CEILING.MATH(4.3)"),
    ("TRIMRANGE(A1:A3)", "_xlfn.TRIMRANGE(A1:A3)"),
    ("REGEXTEST(A1,\"a\")", "_xlfn.REGEXTEST(A1,\"a\")"),
    ("FORECAST.ETS.STAT(1,A1:A9,B1:B9,1)", "_xlfn.FORECAST.ETS.STAT(1,A1:A9,B1:B9,1)"),
    ("LET(x,1,x+1)", "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)"),
    ("LET(a,1,b,a*2,a+b)", "_xlfn.LET(_xlpm.a,1,_xlpm.b,_xlpm.a*2,_xlpm.a+_xlpm.b)"),
    ("LET(f,LAMBDA(n,n*2),f(3))", "_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.n,_xlpm.n*2),_xlpm.f(3))"),
    ("LET(客户,A1,客户&\"客户\")", "_xlfn.LET(_xlpm.客户,A1,_xlpm.客户&\"客户\")"),
    ("LAMBDA(x,[y],IF(ISOMITTED(y),x,x+y))(1)", "_xlfn.LAMBDA(_xlpm.x,_xlop.y,IF(_xlfn.ISOMITTED(_xlpm.y),_xlpm.x,_xlpm.x+_xlpm.y))(1)"),
    ("x+LET(x,1,x)", "x+_xlfn.LET(_xlpm.x,1,_xlpm.x)"),
    ("LET(x,x,x)", "_xlfn.LET(_xlpm.x,x,_xlpm.x)"),
    ("LET(x,{1,2},SUM(x))", "_xlfn.LET(_xlpm.x,{1,2},SUM(_xlpm.x))"),
    ("BYROW(A1:B3,SUM)", "_xlfn.BYROW(A1:B3,_xleta.SUM)"),
    ("GROUPBY(A1:A9,B1:B9,SUM,3)", "_xlfn.GROUPBY(A1:A9,B1:B9,_xleta.SUM,3)"),
    ("MAP(A1:A3,LAMBDA(n,n+ABS(n)))", "_xlfn.MAP(A1:A3,_xlfn.LAMBDA(_xlpm.n,_xlpm.n+ABS(_xlpm.n)))"),
    ("SUM(A1#)", "SUM(_xlfn.ANCHORARRAY(A1))"),
    ("'My data'!$A$1#+1", "_xlfn.ANCHORARRAY('My data'!$A$1)+1"),
    ("COUNTA(list#)", "COUNTA(_xlfn.ANCHORARRAY(list))"),
    ("@A1:A9", "_xlfn.SINGLE(A1:A9)"),
    ("@INDEX(A1:A9,2)+@names", "_xlfn.SINGLE(INDEX(A1:A9,2))+_xlfn.SINGLE(names)"),
    ("[@amount]*2", "orders[[#This Row],[amount]]*2"),
    ("[@[unit price]]", "orders[[#This Row],[unit price]]"),
    ("SUM([@[a]:[b]])", "SUM(orders[[#This Row],[a]:[b]])"),
    ("SUBTOTAL(109,[amount])", "SUBTOTAL(109,orders[amount])"),
    ("other[@amount]", "other[[#This Row],[amount]]"),
    ("ROW(other[@])", "ROW(other[#This Row])"),
    ("SUM(other[amount],other[[#Totals],[amount]])", "SUM(other[amount],other[[#Totals],[amount]])"),
    ("\"XLOOKUP(\"&IFS(A1,\"x\"\"IFS(\")", "\"XLOOKUP(\"&_xlfn.IFS(A1,\"x\"\"IFS(\")"),
    ("'LET(x,1)'!A1+Sheet.IFS!B2", "'LET(x,1)'!A1+Sheet.IFS!B2"),
    ("[1]Sheet1!A1+'[2]my data'!B2", "[1]Sheet1!A1+'[2]my data'!B2"),
    ("IF(A1=#REF!,#N/A,1E+5%)", "IF(A1=#REF!,#N/A,1E+5%)"),
    ("myIFS(1)+RFM_SCORE(A1)", "myIFS(1)+RFM_SCORE(A1)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), PAIRS)
def test_what_is_typed_and_what_files_keep(typed, kept):
    assert as_in_file(typed, "orders") == kept
    assert as_shown(kept, "orders") == typed


@pytest.mark.parametrize("kept", [kept for _, kept in PAIRS])
def test_what_is_spelled_for_files_already_stays(kept):
    assert as_in_file(kept, "orders") == kept


def test_names_are_spelled_as_they_were_given():
    assert as_in_file("LET(Total,1,TOTAL+1)") == "_xlfn.LET(_xlpm.Total,1,_xlpm.Total+1)"


def test_a_function_nobody_knows_keeps_its_prefix():
    assert as_shown("_xlfn.NEXTYEAR(A1)") == "_xlfn.NEXTYEAR(A1)"
    assert as_in_file("_xlfn.NEXTYEAR(A1)") == "_xlfn.NEXTYEAR(A1)"


def test_a_lone_at_of_a_table_the_cell_is_not_in_keeps_its_name():
    assert as_shown("orders[[#This Row],[amount]]") == "orders[@amount]"


@given(st.text(), st.text(alphabet="AB1'![]\"(),;{}#@:$ _x.", max_size=40))
def test_any_text_is_cut_without_loss(any_text, formula_like):
    for text in (any_text, formula_like):
        assert "".join(token.text for token in tokens(text)) == text
        as_in_file(text, "t")
        as_shown(text, "t")
        may_spill(text)


@pytest.mark.parametrize(
    ("formula", "spills"),
    [
        ("A1+B2*2", False),
        ("SUM(A1:A9,C1:C9)/2", False),
        ('IF(SUM(A1:A9)>1,"a","b")', False),
        ("IF(A1:A9>1,1,2)", True),
        ("SUM(IF(A1:A9>1,1,2))", True),
        ("SUMPRODUCT((A1:A9>1)*(B1:B9))", False),
        ('SUMIFS(C:C,A:A,E1,B:B,">1")', False),
        ("SUMIFS(C:C,A:A,E1:E3)", True),
        ("COUNTIF(Data!A:A,B1)", False),
        ("VLOOKUP(A1:A3,B:C,2,0)", True),
        ("INDEX(A1:A9,2)", True),
        ("XLOOKUP(A1,B:B,C:C)", True),
        ("LEN(tbl[name])", True),
        ("SUM(tbl[amount])", False),
        ("tbl[@amount]*2", False),
        ("rates*2", True),
        ("SUM(rates)", False),
        ("{1,2,3}", True),
        ("SUM({1,2,3})", False),
        ("MATCH(1,{1,2,3},0)", False),
        ("SUM(A1#)", False),
        ("A1#", True),
        ("@A1:A9", False),
        ("TODAY()-A1", False),
        ("RFM_SCORE(A1)", True),
        ("TRUE", False),
    ],
)
def test_formulas_that_may_fill_several_cells(formula, spills):
    assert may_spill(formula) == spills
