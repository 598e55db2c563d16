"""Conditional formats and data validation."""

from __future__ import annotations

import openpyxl
import pytest

from addin.hosts import xlsx
from tests import programs


@pytest.fixture
def sheet():
    return xlsx.new().sheets[0]


def read_back(sheet, tmp_path):
    sheet.book.save(tmp_path / "book.xlsx")
    return openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0]


def test_cell_value_rule(sheet, tmp_path):
    rule = sheet["A2:A9"].conditional_formats.add_cell_value(
        "equal_to", "低", font_color="#B91C1C", fill_color="#F3F6FA", font_bold=True
    )
    assert (rule.type, rule.operator, rule.formula1) == ("cell_value", "equal_to", '="低"')
    assert (rule.font_color, rule.fill_color) == ((0xB9, 0x1C, 0x1C), (0xF3, 0xF6, 0xFA))
    assert (rule.font_bold, rule.font_italic, rule.stop_if_true) == (True, None, False)
    (area,) = read_back(sheet, tmp_path).conditional_formatting
    assert (str(area.sqref), area.rules[0].type, area.rules[0].formula) == ("A2:A9", "cellIs", ['"低"'])


@pytest.mark.parametrize(("given", "written"), [(5, "=5"), ("=B1", "=B1"), ("a", '="a"'), ('"a"', '="a"')])
def test_what_a_rule_compares_with(sheet, given, written):
    assert sheet["A1"].conditional_formats.add_cell_value("equal_to", given).formula1 == written


def test_changing_a_rule(sheet):
    rule = sheet["A1:A9"].conditional_formats.add_cell_value("between", 1, 5, font_color="#000000")
    rule.set(operator="greater_than", formula1=7, fill_color="#FFFFFF", stop_if_true=True)
    assert (rule.operator, rule.formula1, rule.formula2) == ("greater_than", "=7", None)
    assert (rule.fill_color, rule.font_color, rule.stop_if_true) == ((255, 255, 255), (0, 0, 0), True)


def test_a_new_rule_comes_first(sheet):
    formats = sheet["A1:A9"].conditional_formats
    formats.add_custom("=$A1>1")
    formats.add_custom("=$A1>2")
    assert [rule.formula for rule in formats] == ["=$A1>2", "=$A1>1"]


def test_colour_scale(sheet):
    rule = sheet["A1:A9"].conditional_formats.add_color_scale(["#FFFFFF", (0, 0, 255)])
    assert rule.colors == ((255, 255, 255), (0, 0, 255))
    assert rule.threshold_types == ("lowest_value", "highest_value")


def test_data_bar(sheet, tmp_path):
    rule = sheet["A1:A9"].conditional_formats.add_data_bar(
        "#2563EB", minimum=0, gradient=False, show_value=False
    )
    assert (rule.bar_color, rule.gradient, rule.show_value) == ((0x25, 0x63, 0xEB), False, False)
    assert (rule.threshold_types, rule.thresholds) == (("number", "automatic"), (0, None))
    assert len(sheet["A1:A9"].conditional_formats) == 1
    rule.delete()
    assert b"ext" not in read_back_bytes(sheet, tmp_path)


def read_back_bytes(sheet, tmp_path):
    sheet.book.save(tmp_path / "book.xlsx")
    return sheet.book.impl.package.read(sheet.impl.part)


@pytest.mark.parametrize("name", ["3_traffic_lights_1", "3_stars", "5_rating"])
def test_icon_sets(sheet, name):
    rule = sheet["A1:A9"].conditional_formats.add_icon_set(name, reverse_order=True, show_value=False)
    assert (rule.icon_set, rule.reverse_order, rule.show_value) == (name, True, False)
    assert set(rule.threshold_types) == {"percent"}


def test_rules_of_a_range_are_those_that_touch_it(sheet):
    sheet["A1:A9"].conditional_formats.add_custom("=$A1>1")
    sheet["B1:B9"].conditional_formats.add_custom("=$B1>1")
    assert [len(sheet[a].conditional_formats) for a in ("A9:A20", "B1", "C1", "A1:B2")] == [1, 1, 0, 2]


def test_clearing_leaves_the_cells_beside(sheet, tmp_path):
    sheet["A1:C9"].conditional_formats.add_custom("=$A1>1")
    sheet["B3:B4"].conditional_formats.clear()
    (area,) = read_back(sheet, tmp_path).conditional_formatting
    assert set(str(area.sqref).split()) == {"A1:C2", "A5:C9", "A3:A4", "C3:C4"}
    sheet["A1:C9"].conditional_formats.clear()
    assert len(sheet["A1:C9"].conditional_formats) == 0


def test_list_of_texts(sheet, tmp_path):
    validation = sheet["B2:B9"].data_validation
    validation.set_list(["高", "中", "低"])
    assert (validation.type, validation.source, validation.in_cell_dropdown) == ("list", "高,中,低", True)
    (rule,) = read_back(sheet, tmp_path).data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2:B9", '"高,中,低"')


def test_list_from_cells_of_another_sheet(sheet):
    other = sheet.book.sheets.add("设置 1")
    sheet["B2"].data_validation.set_list(other["A1:A5"], in_cell_dropdown=False)
    assert sheet["B2"].data_validation.source == "='设置 1'!$A$1:$A$5"
    assert sheet["B2"].data_validation.in_cell_dropdown is False


def test_number_date_and_formula_rules(sheet):
    rule = sheet["A1:A9"].data_validation
    rule.set_whole_number("between", 1, 5)
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("whole_number", "between", "=1", "=5")
    rule.set_date("greater_than", "=TODAY()")
    assert (rule.type, rule.formula1, rule.formula2) == ("date", "=TODAY()", None)
    rule.set_custom("=COUNTIF($A:$A,A1)=1")
    assert (rule.type, rule.formula) == ("custom", "=COUNTIF($A:$A,A1)=1")


def test_part_of_a_range_can_have_another_rule(sheet):
    sheet["A1:A9"].data_validation.set_list(["a"])
    sheet["A3"].data_validation.set_list(["b"])
    assert [sheet[a].data_validation.source for a in ("A1", "A3", "A4:A9")] == ["a", "b", "a"]
    assert sheet["A1:A3"].data_validation.type == "inconsistent"
    assert sheet["A9:A10"].data_validation.type == "mixed_criteria"
    sheet["A1:A9"].data_validation.delete()
    assert sheet["A1:A9"].data_validation.type == "none"


def test_messages(sheet):
    sheet["A1"].data_validation.set_list(["a"])
    sheet["A1"].data_validation.impl.set_messages("等级", "请选择", "不对", "只能选列表中的值", "warning")
    rule = sheet["A1"].data_validation
    assert (rule.input_title, rule.input_message, rule.alert_style) == ("等级", "请选择", "warning")
    assert (rule.error_title, rule.error_message) == ("不对", "只能选列表中的值")


@pytest.mark.validator
def test_the_sdk_finds_no_error(sheet, tmp_path):
    formats = sheet["A1:A9"].conditional_formats
    formats.add_cell_value("between", 1, 5, fill_color="#FFFFFF")
    formats.add_custom("=$A1>1", font_italic=True)
    formats.add_color_scale(
        ["#FFFFFF", "#2563EB", "#000000"], thresholds=[10, 50, 90], threshold_type="percent"
    )
    formats.add_data_bar("#2563EB", gradient=False)
    formats.add_icon_set("3_stars")
    formats.add_icon_set("4_arrows", thresholds=[1, 2, 3])
    sheet["B1:B9"].data_validation.set_list(["a", "b"])
    sheet["C1:C9"].data_validation.set_decimal("greater_than", 0.5)
    sheet["C1:C9"].data_validation.impl.set_messages("a", "b", "c", "d")
    sheet.book.save(tmp_path / "book.xlsx")
    assert programs.validate(tmp_path / "book.xlsx") == []
