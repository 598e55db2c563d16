"""Autofilters: criteria are written and read, and the rows that do not meet them are hidden."""

from __future__ import annotations

import datetime as dt

import pytest

from addin.hosts import xlsx
from tests import programs
from tests.hosts.xlsx.raw_sheets import part

ROWS = [
    ["Region", "Date", "Amount"],
    ["East", dt.datetime(2025, 1, 1), 10],
    ["West", dt.datetime(2025, 1, 2), 20],
    ["East", dt.datetime(2025, 1, 3), 30],
    ["North", dt.datetime(2025, 1, 1), 40],
    [None, dt.datetime(2025, 1, 4), 50.5],
]


@pytest.fixture
def sheet():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet["A1:C6"].value = ROWS
    yield sheet
    book.close()


@pytest.fixture(params=["range", "table"])
def filtered(sheet, request):
    """The same cells as a range and as a table."""
    if request.param == "range":
        return sheet["A1:C6"].autofilter
    return sheet.tables.add(source=sheet["A1:C6"], name="tbl").autofilter


def shown(sheet):
    return [row for row in range(2, 7) if not sheet.impl.area(sheet[f"{row}:{row}"].impl.where).row_hidden]


@pytest.mark.parametrize(
    ("call", "arguments", "rows", "criterion"),
    [
        ("apply_values", (1, ["East", "north"]), [2, 4, 5], {"type": "values", "values": ["East", "north"]}),
        ("apply_values", (3, [10, 50.5]), [2, 6], {"type": "values", "values": ["10", "50.5"]}),
        ("apply_comparison", (3, "between", 20, 40), [3, 4, 5], {"operator": "between", "value1": "20", "value2": "40"}),
        ("apply_comparison", (3, "not_between", 20, 40), [2, 6], {"operator": "not_between", "value1": "20"}),
        ("apply_comparison", (3, "greater_than", 40), [6], {"operator": "greater_than", "value1": "40"}),
        ("apply_comparison", (1, "equal_to", "east"), [2, 4], {"operator": "equal_to", "value1": "east"}),
        ("apply_comparison", (1, "not_equal_to", "East"), [3, 5, 6], {"operator": "not_equal_to", "value1": "East"}),
        ("apply_comparison", (1, "equal_to", None), [6], {"type": "comparison", "operator": "equal_to", "value1": None}),
        ("apply_comparison", (1, "not_equal_to", None), [2, 3, 4, 5], {"operator": "not_equal_to", "value1": None}),
        ("apply_comparison", (2, "equal_to", dt.date(2025, 1, 1)), [2, 5], {"operator": "equal_to", "value1": "45658"}),
        ("apply_top_items", (3, 2), [5, 6], {"type": "top_items", "count": 2}),
        ("apply_bottom_items", (3, 1), [2], {"type": "bottom_items", "count": 1}),
        ("apply_top_percent", (3, 40), [5, 6], {"type": "top_percent", "percent": 40.0}),
        ("apply_bottom_percent", (3, 20), [2], {"type": "bottom_percent", "percent": 20.0}),
    ],
)  # fmt: skip
def test_criteria(sheet, filtered, call, arguments, rows, criterion):
    getattr(filtered, call)(*arguments)
    assert shown(sheet) == rows
    found = filtered.criteria[arguments[0] - 1].impl
    assert {key: found[key] for key in criterion} == criterion


def test_criteria_of_several_columns_hold_together(sheet, filtered):
    filtered.apply_values(1, ["East"])
    filtered.apply_comparison(3, "greater_than", 10)
    assert shown(sheet) == [4]
    filtered.clear(1)
    assert shown(sheet) == [3, 4, 5, 6]
    filtered.clear()
    assert shown(sheet) == [2, 3, 4, 5, 6]
    assert [entry.type for entry in filtered.criteria] == ["none"] * 3


def test_another_range_is_refused(sheet):
    sheet["A1:C6"].autofilter.apply_values(1, ["East"])
    with pytest.raises(Exception, match="A1:C6"):
        sheet["A1:B4"].autofilter.apply_values(1, ["East"])


def test_what_the_file_holds(sheet, tmp_path):
    sheet["A1:C6"].autofilter.apply_comparison(3, "greater_than", 10)
    sheet["A1:C6"].autofilter.apply_values(1, ["East", ""])
    sheet.book.save(tmp_path / "f.xlsx")
    text = part(tmp_path / "f.xlsx")
    assert '<autoFilter ref="A1:C6"><filterColumn colId="0"><filters blank="1"><filter val="East"/>' in text
    assert '<sheetPr filterMode="1"' in text
    assert "_xlnm._FilterDatabase" in part(tmp_path / "f.xlsx", "xl/workbook.xml")


@pytest.mark.validator
def test_the_validator_finds_nothing(sheet, filtered, tmp_path):
    filtered.apply_top_items(3, 2)
    filtered.apply_values(1, ["East", ""])
    filtered.apply_comparison(2, "between", dt.date(2025, 1, 1), dt.date(2025, 1, 3))
    sheet.book.save(tmp_path / "f.xlsx")
    assert programs.validate(tmp_path / "f.xlsx") == []
