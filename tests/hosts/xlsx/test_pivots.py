"""Pivot tables: native parts, cells written out, tiers in their order, the source found by name."""

from __future__ import annotations

import datetime as dt

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.hosts import xlsx
from addin.hosts.xlsx.pivot_data import aggregate, groups_of, items_of
from addin.hosts.xlsx.pivot_model import FUNCTIONS
from tests import programs
from udfs.cleaning.columns import Column
from udfs.texts import FenjiError

ROWS = [
    ["客户", "等级", "地区", "金额", "日期"],
    ["甲", "高", "华东", 100, dt.datetime(2024, 1, 1)],
    ["乙", "中", "华南", 50.5, dt.datetime(2024, 2, 1)],
    ["丙", "低", "华东", 7, dt.datetime(2024, 1, 1)],
    ["丁", "高", "华南", 30, dt.datetime(2024, 3, 1)],
    ["戊", "低", None, 2, dt.datetime(2024, 3, 1)],
]


@pytest.fixture
def book():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet.name = "数据"
    sheet["A1"].value = ROWS
    sheet.tables.add(source=sheet["A1:E6"], name="tblRFM")
    book.sheets.add("透视", after=sheet)
    return book


@pytest.fixture
def sheet(book):
    return book.sheets["透视"]


@pytest.fixture
def table(book):
    return book.sheets["数据"].tables["tblRFM"]


def shown(pivot):
    return pivot.range.value


def test_rows_and_one_value(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    assert shown(pivot) == [["行标签", "求和项:金额"], ["高", 130], ["中", 50.5], ["低", 9], ["总计", 189.5]]


def test_columns_and_blanks(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["B3"], rows="等级", columns="地区", values="金额")
    assert pivot.range.address == "$B$3:$F$8"
    assert shown(pivot) == [
        ["求和项:金额", "列标签", None, None, None],
        ["行标签", "华东", "华南", "(空白)", "总计"],
        ["高", 100, 30, None, 130],
        ["中", None, 50.5, None, 50.5],
        ["低", 7, None, 2, 9],
        ["总计", 107, 80.5, 2, 189.5],
    ]


def test_several_values(sheet, table):
    pivot = sheet.pivot_tables.add(
        table, sheet["A1"], rows="等级", values={"金额": "average", "客户": "count"}
    )
    assert shown(pivot)[:2] == [["行标签", "平均值项:金额", "计数项:客户"], ["高", 65, 2]]


def test_outer_and_inner_rows(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows=["等级", "地区"], values="金额")
    assert shown(pivot)[1:4] == [["高", 130], ["华东", 100], ["华南", 30]]
    pivot.layout = "outline"
    assert shown(pivot)[:3] == [["等级", "地区", "求和项:金额"], ["高", None, 130], [None, "华东", 100]]
    pivot.layout = "tabular"
    assert shown(pivot)[1:4] == [["高", "华东", 100], [None, "华南", 30], ["高 汇总", None, 130]]


def test_numbers_and_dates_stay_what_they_are(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="日期", columns="金额", values="客户")
    assert shown(pivot)[1][:3] == ["行标签", 2, 7]
    assert shown(pivot)[2][0] == dt.datetime(2024, 1, 1)


def test_filters_stand_above(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", filters=["地区"], values="金额")
    assert pivot.range.address == "$A$3:$B$7"
    assert sheet["A1:B1"].value == ["地区", "(全部)"]


def test_totals_can_be_left_out(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", columns="地区", values="金额")
    pivot.show_row_grand_totals = pivot.show_column_grand_totals = False
    assert shown(pivot)[1] == ["行标签", "华东", "华南", "(空白)"]
    assert shown(pivot)[-1] == ["低", 7, None, 2]
    assert sheet["E2"].value is None


def test_values_alone(sheet, table):
    assert shown(sheet.pivot_tables.add(table, sheet["A1"], values="金额")) == ["求和项:金额", 189.5]


def test_the_order_of_tiers_can_be_given(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    pivot.impl.set_item_order("等级", ["低", "中", "高"])
    assert [row[0] for row in shown(pivot)] == ["行标签", "低", "中", "高", "总计"]


def test_fields_move_between_areas(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows=["等级", "地区"], values="金额")
    pivot.columns.add("地区")
    assert ([f.name for f in pivot.rows], [f.name for f in pivot.columns]) == (["等级"], ["地区"])
    pivot.columns["地区"].remove()
    assert shown(pivot)[0] == ["行标签", "求和项:金额"]
    with pytest.raises(KeyError):
        pivot.rows.add("没有")


def test_value_fields(sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级")
    value = pivot.values.add("金额", number_format="#,##0.0")
    assert (value.name, value.function, value.source_field) == ("求和项:金额", "sum", "金额")
    value.function = "max"
    assert (value.name, shown(pivot)[1]) == ("最大值项:金额", ["高", 100])
    value.name = "金额"
    assert value.name == "金额 "
    sheet.book.impl.write_parts()
    assert sheet["B2"].number_format == "#,##0.0"
    value.remove()
    assert len(pivot.values) == 0


def test_english_headers_give_english_captions(book, sheet):
    data = book.sheets.add("data")
    data["A1"].value = [["tier", "amount"], ["Gold", 3], [None, 4]]
    pivot = sheet.pivot_tables.add(data["A1:B3"], sheet["A1"], rows="tier", values="amount")
    assert shown(pivot) == [["Row Labels", "Sum of amount"], ["Gold", 3], ["(blank)", 4], ["Grand Total", 7]]


def test_a_reopened_pivot_is_the_same(sheet, table, tmp_path):
    pivot = sheet.pivot_tables.add(
        table,
        sheet["A1"],
        "分级",
        rows=["等级"],
        columns="地区",
        filters="日期",
        values="金额",
        layout="tabular",
    )
    pivot.values[0].number_format = "0.00"
    pivot.impl.set_item_order("等级", ["低", "高", "中"])
    expected = shown(pivot)
    sheet.book.save(tmp_path / "book.xlsx")
    model = pivot.impl.model
    sheet.book.close()
    again = xlsx.open(tmp_path / "book.xlsx").sheets["透视"].pivot_tables["分级"]
    found = again.impl.model
    assert (found.rows, found.columns, found.filters) == (model.rows, model.columns, model.filters)
    assert (found.values, found.layout, found.table) == (model.values, "tabular", "tblRFM")
    assert (found.row, found.column, found.orders["等级"]) == (1, 1, ["低", "高", "中"])
    assert again.range.value == expected
    again.refresh()
    assert again.range.value == expected


def test_changed_data_are_summarised_again_when_saved(book, sheet, table, tmp_path):
    sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    book.save(tmp_path / "book.xlsx")
    book.close()
    book = xlsx.open(tmp_path / "book.xlsx")
    data = book.sheets["数据"]
    data.tables["tblRFM"].resize(data["A1:E7"])
    data["A7"].value = ["己", "新", "华北", 1000, dt.datetime(2024, 3, 1)]
    book.save()
    values = [[cell.value for cell in row] for row in openpyxl.load_workbook(book.fullname)["透视"].rows]
    assert values[1:] == [["高", 130], ["中", 50.5], ["低", 9], ["新", 1000], ["总计", 1189.5]]


def test_a_copied_pivot_summarises_the_copied_table(book, sheet, table, tmp_path):
    sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    target = xlsx.new()
    data = book.sheets["数据"].copy(after=target.sheets[0])
    copy = sheet.copy(after=data)
    data["D2"].value = 1100
    target.save(tmp_path / "target.xlsx")
    assert copy.pivot_tables[0].range.value[1] == ["高", 1130]
    names = target.impl.package.names()
    assert len([name for name in names if "pivotCacheDefinition" in name and "_rels" not in name]) == 1
    copy.delete()
    assert not [name for name in target.impl.package.names() if "pivot" in name]


def test_deleting_one_of_two(sheet, table):
    first = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    sheet.pivot_tables.add(table, sheet["A20"], "second", rows="地区", values="金额")
    first.delete()
    assert [pivot.name for pivot in sheet.pivot_tables] == ["second"]
    assert sheet["A1:B6"].value == [[None, None]] * 6


def test_a_lost_column_is_named_when_asked_for(book, sheet, table):
    pivot = sheet.pivot_tables.add(table, sheet["A1"], rows="等级", values="金额")
    book.impl.write_parts()
    book.sheets["数据"]["B1"].value = "级别"
    book.impl.write_parts()
    assert sheet["A2"].value == "高"
    pivot.refresh()
    with pytest.raises(FenjiError, match="等级"):
        book.impl.write_parts()


def test_headers_must_be_there_and_distinct(book, sheet):
    data = book.sheets.add("data")
    data["A1"].value = [["a", "a"], [1, 2]]
    with pytest.raises(ValueError, match="header"):
        sheet.pivot_tables.add(data["A1:B2"], sheet["A1"])


def test_a_taken_name_is_refused(sheet, table):
    sheet.pivot_tables.add(table, sheet["A1"], "p")
    with pytest.raises(xw.XlwingsError):
        sheet.pivot_tables.add(table, sheet["A9"], "p")


PANDAS = {
    "sum": "sum",
    "count": "count",
    "average": "mean",
    "max": "max",
    "min": "min",
    "product": "prod",
    "count_numbers": "count",
    "stdev": "std",
    "var": "var",
}
numbers = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-99, 99)), min_size=1, max_size=40)


@given(numbers, st.sampled_from(sorted(PANDAS)))
@settings(max_examples=60)
def test_values_agree_with_pandas(records, function):
    keys, values = zip(*records, strict=True)
    items = items_of(Column.from_values(keys))
    found = aggregate(Column.from_values(values), groups_of([items], len(keys)), function)
    expected = pd.Series(values, dtype=float).groupby(list(keys)).agg(PANDAS[function]).dropna()
    named = {items.items[code].value: value for (code,), value in found.items()}
    assert named.keys() == set(expected.index)
    np.testing.assert_allclose([named[key] for key in expected.index], expected.to_numpy(), atol=1e-9)


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.text("aAbB中", max_size=3))))
def test_every_record_belongs_to_the_item_it_shows(values):
    items = items_of(Column.from_values(values))
    for value, code in zip(values, items.codes, strict=True):
        item = items.items[code].value
        assert item is None if value in (None, "") else str(item).lower() == str(type(item)(value)).lower()


def test_every_function_has_a_caption():
    assert len({text("zh").format("x") for _, text in FUNCTIONS.values()}) == len(FUNCTIONS)


def add_all_kinds(sheet, table, source):
    row = 1
    for layout in ("compact", "outline", "tabular"):
        for arguments in (
            {"rows": "等级", "columns": "地区", "values": "金额"},
            {
                "rows": ["等级", "地区"],
                "columns": "客户",
                "filters": ["日期"],
                "values": ["金额", ("客户", "count")],
            },
            {"rows": ["日期", "等级"], "values": {"金额": "average", "客户": "count"}},
            {"columns": ["地区", "等级"], "values": "金额"},
            {"rows": "等级"},
        ):
            sheet.pivot_tables.add(table, sheet.range((row, 1)), layout=layout, **arguments)
            row += 30
    sheet.pivot_tables.add(source, sheet.range((row, 1)), rows="金额", values="客户")


@pytest.mark.validator
def test_the_sdk_finds_no_error(book, sheet, table, tmp_path):
    add_all_kinds(sheet, table, book.sheets["数据"]["A1:E6"])
    book.save(tmp_path / "book.xlsx")
    assert programs.validate(tmp_path / "book.xlsx") == []


@pytest.mark.libreoffice
def test_libreoffice_refreshes_to_the_same_values(book, sheet, table, tmp_path):
    sheet.pivot_tables.add(table, sheet["A1"], rows="等级", columns="地区", values="金额", layout="tabular")
    sheet.pivot_tables.add(
        table, sheet["A20"], rows=["等级", "地区"], columns="日期", values="金额", layout="outline"
    )
    book.save(tmp_path / "book.xlsx")
    result = programs.convert(tmp_path / "book.xlsx", "xlsx", tmp_path / "out")
    ours = openpyxl.load_workbook(tmp_path / "book.xlsx")["透视"]
    theirs = openpyxl.load_workbook(result)["透视"]
    assert len(theirs._pivots) == 2
    for row in ours.iter_rows():
        for cell in row:
            if isinstance(cell.value, (int, float)):
                assert theirs[cell.coordinate].value == pytest.approx(cell.value), cell.coordinate
    assert [theirs[f"A{row}"].value for row in (3, 4, 5)] == ["高", "中", "低"]
