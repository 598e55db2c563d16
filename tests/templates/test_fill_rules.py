"""The rule of templates: what they may ask for, what is said about what does not exist, what a refresh keeps."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from addin.hosts import xlsx
from tests.templates.graded import sample_datasets, sample_grading, template_path
from udfs.customer_data import CustomerData
from udfs.grading import grade
from udfs.texts import FenjiError
from workbook_templates import headers
from workbook_templates.datasets import Datasets
from workbook_templates.fill import fill

SMALL = 60


def own_template(path: Path, table: str, headers: list[str], text: str = "") -> Path:
    """A template as a user might make it."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("我的表")
    sheet.write_string(0, 0, text)
    sheet.add_table(2, 0, 4, len(headers) - 1, {"name": table, "columns": [{"header": h} for h in headers]})
    book.close()
    return path


def filled_own(path: Path, datasets: Datasets) -> openpyxl.worksheet.worksheet.Worksheet:
    book = xlsx.open(path)
    fill(book, book, datasets)
    book.save(path)
    return openpyxl.load_workbook(path)["我的表"]


def test_headers_choose_columns_and_their_order(tmp_path: Path) -> None:
    path = own_template(tmp_path / "own.xlsx", "tblGrades_mine", ["分级", "Customer", "monetary"])
    ws = filled_own(path, sample_datasets("zh", SMALL))
    grades = sample_datasets("zh", SMALL).get("grades")
    assert [c.value for c in ws[4]][:2] == [grades["grade"][0], grades["customer"][0]]
    assert ws["C4"].value == pytest.approx(grades["monetary"][0])
    assert ws.tables["tblGrades_mine"].ref == f"A3:C{3 + SMALL}"


def test_placeholders_in_text(tmp_path: Path) -> None:
    path = own_template(tmp_path / "own.xlsx", "tblAbc", ["ABC 类"], "共 {{ customers }} 位,截至 {{as_of}}")
    ws = filled_own(path, sample_datasets("zh", SMALL))
    as_of = sample_grading("zh", SMALL).as_of
    assert ws["A1"].value == f"共 {SMALL} 位,截至 {as_of}"


def test_unknown_names_are_all_named_with_what_exists(tmp_path: Path) -> None:
    path = own_template(tmp_path / "own.xlsx", "tblWeather", ["客户名称"], "{{ temperature }}")
    book = xlsx.open(path)
    with pytest.raises(FenjiError) as error:
        fill(book, book, sample_datasets("zh", SMALL))
    for word in ("tblWeather", "weather", "temperature", "segments", "amount_total"):
        assert word in error.value.text.zh
        assert word in error.value.text.en


def test_unknown_column_is_named_with_those_that_exist(tmp_path: Path) -> None:
    path = own_template(tmp_path / "own.xlsx", "tblSegments", ["客群", "最喜欢的颜色"])
    book = xlsx.open(path)
    with pytest.raises(FenjiError, match=r"最喜欢的颜色.*Segment"):
        fill(book, book, sample_datasets("zh", SMALL))


def test_tables_of_other_names_are_left_alone(tmp_path: Path) -> None:
    path = own_template(tmp_path / "own.xlsx", "MyNotes", ["甲", "乙"])
    ws = filled_own(path, sample_datasets("zh", SMALL))
    assert ws.tables["MyNotes"].ref == "A3:B5"


def test_missing_columns_leave_out_their_sheets_and_say_so(tmp_path: Path) -> None:
    full = sample_grading("zh", SMALL).data
    orders = full.orders.drop(columns=["due_date", "paid_date", "cost"])
    data = CustomerData(full.customers.drop(columns=["region"]), orders, full.contacts, full.feedback)
    datasets = Datasets(grade(data), "zh")
    book = xlsx.open(template_path("report"))
    result = fill(book, book, datasets)
    assert "报告-地区" not in result.sheets
    assert "报告-回款风险" not in result.sheets
    texts = [reason.zh for reason in result.left_out]
    assert "数据里没有“地区”列" in texts
    assert any("成本" in t for t in texts)
    book.save(tmp_path / "r.xlsx")
    ws = openpyxl.load_workbook(tmp_path / "r.xlsx")["分析报告"]
    assert "报告-地区（数据里没有“地区”列）" in ws["A3"].value


def test_customer_totals_alone_make_a_report(tmp_path: Path) -> None:
    customers = pd.DataFrame(
        {
            "customer_id": [str(i) for i in range(40)],
            "customer": [f"客户{i}" for i in range(40)],
            "last_order_date": pd.to_datetime("2024-06-30") - pd.to_timedelta(range(40), unit="D"),
            "order_count": range(1, 41),
            "total_amount": [100.0 * i for i in range(1, 41)],
        }
    )
    book = xlsx.open(template_path("report"))
    result = fill(book, book, Datasets(grade(CustomerData(customers)), "zh"))
    assert "分析报告" in result.sheets
    assert "报告-业绩" not in result.sheets
    assert any("没有订单明细" in reason.zh for reason in result.left_out)


def test_refresh_keeps_what_the_user_changed_in_layout() -> None:
    book = xlsx.new()
    fill(book, xlsx.open(template_path("concentration")), sample_datasets("zh", SMALL))
    sheet = book.sheets["ABC 分类"]
    sheet["A1"].value = "我们的 ABC"
    sheet["B1"].column_width = 33
    sheet.name = "我的 ABC"
    fill(book, xlsx.open(template_path("concentration")), sample_datasets("zh", 120))
    assert [s.name for s in book.sheets if "ABC" in s.name] == ["我的 ABC"]
    sheet = book.sheets["我的 ABC"]
    assert sheet["A1"].value == "我们的 ABC"
    assert sheet["B1"].column_width == 33
    body = sheet.tables["tblAbc"].data_body_range.options(ndim=2).value
    assert sum(row[1] for row in body) == 120


def test_a_shrinking_table_leaves_no_old_rows() -> None:
    book = xlsx.new()
    fill(book, xlsx.open(template_path("grade_table")), sample_datasets("zh", 120))
    fill(book, xlsx.open(template_path("grade_table")), sample_datasets("zh", SMALL))
    table = book.sheets["客户分级管理分析表"].tables["tblGrades_print"]
    rows = table.data_body_range.rows.count
    below = table.range.row + rows + 1
    assert rows == SMALL
    assert book.sheets["客户分级管理分析表"].range((below, 1)).value is None


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    full = sample_grading("zh", SMALL).data
    customers = full.customers.copy()
    customers.loc[0, "customer"] = "=1+1"
    data = CustomerData(customers, full.orders)
    path = tmp_path / "graded.xlsx"
    book = xlsx.open(template_path("grade_table"))
    fill(book, book, Datasets(grade(data), "zh"))
    book.save(path)
    ws = openpyxl.load_workbook(path)["客户分级管理分析表"]
    cell = next(c for row in ws.iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type != "f"


def test_headers_of_older_reports_with_half_width_brackets_are_known() -> None:
    for written in ("购买时长（年）", "购买时长(年)"):
        assert headers.key_of(written, ["tenure_years"]) == "tenure_years"
