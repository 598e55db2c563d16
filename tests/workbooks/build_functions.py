"""Builds functions.xlsx, a workbook that is a test: every name `test_*` in it must be TRUE.

Each function's example from the registry, and cells as people have them (sheet "data"), stand as formulas on
the sheet "results"; "checks" compares each cell with what is expected; "tests" sums up, one name each. It runs
in LibreOffice with fenji.oxt, and in Excel with fenji.xlam.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from udfs import registry

TARGET = Path(__file__).with_name("functions.xlsx")
DATA = [
    ["天数", "订单数", "金额", "客户", "日期", "说法", "名称"],
    [5, 8, 200, "甲", dt.date(2024, 1, 1), "满意", "蓝天科技有限公司"],
    [40, 3, "900", "乙", dt.date(2024, 1, 10), "不满意", "白云贸易有限公司"],
    [None, None, None, None, None, None, None],
    [12, 5, 450, "甲", "2024-01-09", "一般", "蓝天科技(上海)有限公司"],
    ["x", 1, 80, "丙", dt.date(2024, 1, 5), "非常满意", None],
    [99, 1, 80, "乙", 45292, None, None],
    [1, 12, 1500, "丁", "2024年1月8日", None, None],
]
CASES = {
    "header_blank_and_text": (
        "RECENCY_SCORE(data!A1:A8)",
        [[""], [4], [2], [""], [3], ["#VALUE!"], [1], [5]],
    ),
    "numbers_as_text": ("ABC_CLASS(data!C2:C3)", [["C"], ["A"]]),
    "whole_column_cut_off": ("COUNT(FREQUENCY_SCORE(data!B:B))", 6),
    "dates_in_three_spellings": ("SUM(INDEX(RFM_TABLE(data!D2:D8,data!E2:E8,data!C2:C8),2,4))", 650),
    "rows_and_columns_of_a_table": ("ROWS(RFM_TABLE(data!D1:D8,data!E1:E8,data!C1:C8))", 5),
    "inside_other_functions": ('IF(RFM_SEGMENT(555)="Champions",LEN(MASK_PHONE(13812345678)),0)', 11),
    "text_joined": ('RFM_SEGMENT(155,"zh8")&"/"&RFM_SEGMENT(155)', "重要保持客户/Can't Lose Them"),
    "nested": ("RFM_CLASS(5,FREQUENCY_SCORE(9,,,{2,5}),1)", "一般价值客户"),
    "date_cells": ("TENURE_DAYS(data!E2,data!E3)", 9),
    "missing_arguments": ("MONETARY_SCORE(1200,,,{100,500,1000,5000})", 4),
    "lone_customer": ("RECENCY_SCORE(12)", "#N/A"),
    "unknown_option": ('RFM_SEGMENT(555,"en12")', "#VALUE!"),
    "out_of_domain": ("RFM_SEGMENT(556)", "#NUM!"),
    "nothing_to_divide_by": ("GROWTH_RATE(5,0)", "#DIV/0!"),
    "words": ("SATISFACTION_SCORE(data!F1:F6)", [["#N/A"], [4], [2], [""], [3], [5]]),
    "similar_names": ("SIMILAR_NAME(data!G5,data!G2:G3)", "蓝天科技有限公司"),
    "kept_cut_points": (
        'RFM_SCORE(5,5,45,5,"quantile",RFM_CUTS({1;2;3;4;5},{1;2;3;4;5},{10;20;30;40;50}))',
        "155",
    ),
}  # fmt: skip
ERROR_TYPES = {"#NULL!": 1, "#DIV/0!": 2, "#VALUE!": 3, "#REF!": 4, "#NAME?": 5, "#NUM!": 6, "#N/A": 7}


def cases() -> dict[str, tuple[str, object]]:
    """Formula and expected cells by name."""
    made = {f.name: (f.example.removeprefix("="), f.result) for f in registry.functions().values()}
    return made | CASES


def build(target: Path = TARGET) -> Path:
    """Writes the workbook; the same registry gives the same bytes."""
    book = xlsxwriter.Workbook(str(target), {"in_memory": True})
    book.set_properties({"created": dt.datetime(2024, 1, 1)})
    tests, results, checks, data = (book.add_worksheet(n) for n in ("tests", "results", "checks", "data"))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for r, row in enumerate(DATA):
        for c, value in enumerate(row):
            if isinstance(value, dt.date):
                data.write_datetime(r, c, dt.datetime.combine(value, dt.time()), day)
            elif value is not None:
                data.write(r, c, value)
    tests.write_row(0, 0, ["test", "passed", "formula"])
    tests.set_column(0, 0, 30)
    tests.set_column(2, 2, 90)
    at = 1
    for number, (name, (formula, expected)) in enumerate(cases().items(), 1):
        rows = (
            [row if isinstance(row, list) else [row] for row in expected]
            if isinstance(expected, list)
            else [[expected]]
        )
        last, right = at + len(rows) - 1, len(rows[0])
        results.write(at, 0, name)
        results.write_array_formula(at, 1, last, right, "{=" + formula + "}")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                cell = f"results!{xlsxwriter.utility.xl_rowcol_to_cell(at + r, c + 1)}"
                checks.write_formula(at + r, c + 1, check(cell, value))
        block = xlsxwriter.utility.xl_range_abs(at, 1, last, right)
        tests.write(number, 0, name)
        tests.write_formula(number, 1, f"=AND(checks!{block})")
        tests.write_string(number, 2, "=" + formula)
        book.define_name(f"test_{name}", f"=tests!$B${number + 1}")
        at = last + 2
    book.close()
    return target


def check(cell: str, expected: object) -> str:
    """A formula that is TRUE when the cell holds what is expected."""
    if isinstance(expected, str) and expected in ERROR_TYPES:
        return f"=IF(ISERROR({cell}),ERROR.TYPE({cell})={ERROR_TYPES[expected]},FALSE)"
    if isinstance(expected, (bool, int, float)):
        return f"=IF(ISERROR({cell}),FALSE,ABS(N({cell})-{float(expected)!r})<0.000000001)"
    # &"": in LibreOffice 7.4 a text in an array from an add-in equals no other text before that.
    return f'=IF(ISERROR({cell}),FALSE,EXACT({cell}&"","{str(expected).replace(chr(34), chr(34) * 2)}"))'


if __name__ == "__main__":
    print(build())
