"""fenji regrade on small workbooks: what stands in the workbook afterwards, and what does not change."""

import datetime as dt
import json
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from addin.cli import app
from tests import programs
from tests.commands import workbooks
from workbook_templates.sample_workbook import write_sample_workbook


def fenji(*words):
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture
def book(tmp_path):
    return workbooks.customers_and_orders(tmp_path / "客户.xlsx")


def test_json_reconciles(book, tmp_path):
    assert fenji("regrade", book, "--json", tmp_path / "r.json").exit_code == 0
    result = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert result["customers"] == 5
    assert result["buyers"] == 4
    assert result["orders_read"] == 9
    assert result["orders_used"] == 7
    assert result["orders_left_out"] == {"not_a_sale": 1, "no_date": 1}
    assert result["amount_total"] == 1340.0
    assert result["as_of"] == "2024-06-29"
    assert sum(c["customers"] for c in result["segments"].values()) == 5
    assert sum(c["amount"] for c in result["abc"].values()) == 1340.0


def test_grades_csv_has_stable_keys_and_codes(book, tmp_path):
    fenji("regrade", book, "--grades-csv", tmp_path / "g.csv")
    grades = pd.read_csv(tmp_path / "g.csv", dtype=str, keep_default_na=False)
    assert list(grades.columns) == [
        "customer_id",
        "customer",
        "recency_days",
        "frequency",
        "monetary",
        "r",
        "f",
        "m",
        "rfm",
        "segment",
        "class8",
        "abc",
        "value_tier",
        "activity",
        "loyalty_score",
        "loyalty_class",
        "churn_risk",
        "churn_reasons",
        "need_type",
        "satisfaction",
        "grade",
        "grade_score",
        "explanation",
    ]
    first = grades.set_index("customer_id").loc["C1"]
    assert (first["recency_days"], first["frequency"], first["monetary"], first["abc"]) == (
        "1",
        "3",
        "1000",
        "A",
    )
    assert grades.set_index("customer_id").loc["C5", "segment"] == "prospects"


def test_what_needs_nothing_is_listed_but_not_counted_as_to_check(book):
    fenji("regrade", book)
    rows = workbooks.rows_of(book, "数据检查")
    label = next(i for i, row in enumerate(rows) if row[0] == "待核对")
    listed = [row[4] for row in rows[label + 1 :] if row[4]]
    assert listed == ["问题", "没有联系方式", "没有日期", "未成交的订单"]
    assert rows[label + 1][0] == "2"


def test_columns_are_added_once_and_refreshed(book):
    fenji("regrade", book)
    once = workbooks.rows_of(book, "客户")
    fenji("regrade", book)
    assert workbooks.rows_of(book, "客户") == once
    assert once[0].count("分级") == 1
    assert workbooks.column(book, "客户", "ABC 类")[:2] == ["A 类", "B 类"]


def test_table_grows_with_the_columns(book):
    fenji("regrade", book)
    table = openpyxl.load_workbook(book)["客户"].tables["客户表"]
    assert table.ref.startswith("A1:")
    assert len(table.tableColumns) > 15
    assert [c.name for c in table.tableColumns][:5] == workbooks.CUSTOMERS[0]


def test_own_columns_stay(book):
    fenji("regrade", book)
    assert [row[:5] for row in workbooks.rows_of(book, "客户")] == workbooks.CUSTOMERS


def test_a_column_of_the_users_is_never_overwritten(tmp_path):
    customers = [[*row, note] for row, note in zip(workbooks.CUSTOMERS, ["分级", *"甲乙丙丁戊"], strict=True)]
    book = workbooks.write(
        tmp_path / "a.xlsx", {"客户": customers, "订单": workbooks.ORDERS}, {"客户": "客户表"}
    )
    fenji("regrade", book)
    fenji("regrade", book)
    assert workbooks.column(book, "客户", "分级") == list("甲乙丙丁戊")
    assert "分级(fenji)" in workbooks.rows_of(book, "客户")[0]


def test_a_renamed_column_is_found_again(book):
    fenji("regrade", book)
    changed = openpyxl.load_workbook(book)
    sheet = changed["客户"]
    header = next(c for c in sheet[1] if c.value == "分级")
    header.value = "我的分级"
    sheet.tables["客户表"].tableColumns[header.column - 1].name = "我的分级"
    changed.save(book)
    fenji("regrade", book)
    assert "分级" not in workbooks.rows_of(book, "客户")[0]
    assert workbooks.column(book, "客户", "我的分级")[0] == "高价值客户"


def test_plain_ranges_get_columns_too(tmp_path):
    book = workbooks.customers_and_orders(tmp_path / "a.xlsx", as_tables=False)
    fenji("regrade", book)
    assert workbooks.column(book, "客户", "RFM 编码")[4] in (None, "")
    assert len(str(workbooks.column(book, "客户", "RFM 编码")[0])) == 3


def test_result_sheets_and_their_tables(book):
    fenji("regrade", book)
    result = openpyxl.load_workbook(book)
    assert result.sheetnames[:2] == ["客户", "订单"]
    tables = {name for sheet in result for name in sheet.tables}
    assert {
        "tblGrades",
        "tblRFM",
        "tblSegments",
        "tblCutPoints",
        "tblChecks",
        "tblHistory",
        "tblSettings",
    } <= tables


def test_grading_table_has_exactly_the_twelve_columns_and_the_explanation(book):
    fenji("regrade", book)
    assert list(workbooks.table_rows(book, "tblGrades")[0]) == [
        "客户名称",
        "联系方式",
        "所属行业",
        "历史购买记录",
        "消费金额",
        "利润贡献",
        "购买频率",
        "活跃度",
        "忠诚度",
        "需求和偏好",
        "满意度",
        "分级",
        "分级说明",
    ]
    best = workbooks.table_rows(book, "tblGrades")[0]
    assert (best["客户名称"], best["历史购买记录"], best["消费金额"], best["分级"]) == (
        "晨光商贸",
        "3次",
        1000,
        "高价值客户",
    )


def test_history_gains_a_row_each_run(book):
    fenji("regrade", book)
    fenji("regrade", book, "--bins", "4")
    rows = workbooks.table_rows(book, "tblHistory")
    assert len(rows) == 2
    assert [r["客户数"] for r in rows] == [5, 5]
    assert rows[1]["操作"] == "重新分级"
    assert rows[1]["所用选项"] == "分数档数=4；币种=CNY"


def test_frozen_reuses_the_cut_points(book, tmp_path):
    fenji("regrade", book, "--json", tmp_path / "1.json")
    changed = openpyxl.load_workbook(book)
    changed["订单"].append(["S99", dt.datetime(2024, 6, 20), "C3", "盛源酒店", 99999, "已完成"])
    changed["订单"].tables["订单表"].ref = "A1:F11"
    changed.save(book)
    fenji("regrade", book, "--frozen", "--json", tmp_path / "2.json")
    first, second = (json.loads((tmp_path / f"{i}.json").read_text("utf-8")) for i in (1, 2))
    assert second["cut_points"] == first["cut_points"]
    assert second["amount_total"] == first["amount_total"] + 99999


def test_frozen_without_an_earlier_run_says_so(book):
    result = fenji("regrade", book, "--frozen", "--lang", "zh")
    assert result.exit_code == 1
    assert "没有上次的分界点" in result.output


def test_backup_beside_the_workbook(book):
    before = book.read_bytes()
    fenji("regrade", book)
    (backup,) = book.parent.glob("*backup*")
    assert backup.read_bytes() == before


def test_dry_run_changes_no_file(book):
    before = book.read_bytes()
    result = fenji("regrade", book, "--dry-run")
    assert result.exit_code == 0
    assert "试运行" in result.output
    assert book.read_bytes() == before
    assert [p.name for p in book.parent.iterdir()] == [book.name]


def test_another_file_leaves_the_workbook_alone(book, tmp_path):
    before = book.read_bytes()
    fenji("regrade", book, "-o", tmp_path / "out.xlsx")
    assert book.read_bytes() == before
    assert "tblGrades" in {t for s in openpyxl.load_workbook(tmp_path / "out.xlsx") for t in s.tables}


def test_only_our_parts_change(book):
    before = zipfile.ZipFile(book)
    parts = {n: before.read(n) for n in before.namelist()}
    fenji("regrade", book)
    after = zipfile.ZipFile(book)
    changed = {n for n in parts if after.read(n) != parts[n]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
    }


def test_where_limits_the_customers(book, tmp_path):
    fenji("regrade", book, "--where", "地区=华东", "--json", tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["customers"] == 2


def test_period_limits_the_orders(book, tmp_path):
    fenji("regrade", book, "--period", "2024Q2", "--json", tmp_path / "r.json")
    result = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert result["orders_used"] == 4
    assert result["orders_left_out"]["outside_period"] == 3


def test_own_cut_points(book, tmp_path):
    fenji("regrade", book, "--cuts", "R=30,90 F=2,3 M=100,500", "--json", tmp_path / "r.json")
    cuts = json.loads((tmp_path / "r.json").read_text("utf-8"))["cut_points"]
    assert cuts == {"r": [30.0, 90.0], "f": [2.0, 3.0], "m": [100.0, 500.0]}


def test_language_follows_the_headers_unless_given(book):
    fenji("regrade", book, "--lang", "en")
    assert "Customer grades" in openpyxl.load_workbook(book).sheetnames


def test_text_of_a_customer_never_becomes_a_formula(tmp_path):
    customers = [row[:] for row in workbooks.CUSTOMERS]
    orders = [row[:] for row in workbooks.ORDERS]
    for rows, at in ((customers, 1), (orders, 3)):
        for row in rows[1:]:
            row[at] = row[at].replace("晨光商贸", '=HYPERLINK("http://x","y")')
    path = workbooks.write(tmp_path / "a.xlsx", {"客户": customers, "订单": orders})
    raw = openpyxl.load_workbook(path)
    raw["客户"]["B2"].data_type = "s"
    for cell in raw["订单"]["D"][1:4]:
        cell.data_type = "s"
    raw.save(path)
    fenji("regrade", path, "--grades-csv", tmp_path / "g.csv")
    cells = [c for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row]
    assert [c for c in cells if c.data_type == "f"] == []
    assert "\"'=HYPERLINK" in (tmp_path / "g.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--bins", "1"], 2),
        (["--lang", "fr"], 2),
        (["--nonsense"], 2),
        (["--as-of", "yesterday"], 1),
        (["--method", "magic"], 1),
        (["--sheet", "没有"], 1),
    ],
)
def test_exit_codes(book, words, code):
    before = book.read_bytes()
    result = fenji("regrade", book, *words)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert book.read_bytes() == before


def test_demo_makes_the_same_workbook_every_time(tmp_path):
    for folder in ("a", "b"):
        assert fenji("demo", "--out", tmp_path / folder, "--customers", "30").exit_code == 0
    names = [
        sorted(p.name for p in (tmp_path / folder).iterdir() if "backup" not in p.name)
        for folder in ("a", "b")
    ]
    assert names == [["示例客户.xlsx"]] * 2
    first, second = (workbooks.table_rows(tmp_path / f / "示例客户.xlsx", "tblGrades") for f in ("a", "b"))
    assert first == second


def test_the_command_runs_as_a_program(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "addin.cli", "demo", "--customers", "25", "--lang", "en"],
        cwd=tmp_path,
        env={**__import__("os").environ, "PYTHONPATH": str(programs.ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    assert "25 customers graded" in run.stdout
    assert (tmp_path / "fenji-demo" / "sample-customers.xlsx").exists()


@pytest.mark.validator
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_result_is_valid(tmp_path, lang):
    write_sample_workbook(tmp_path / "a.xlsx", lang, 30)
    fenji("regrade", tmp_path / "a.xlsx")
    assert programs.validate(tmp_path / "a.xlsx") == []


@pytest.mark.libreoffice
def test_libreoffice_sees_the_same_grades(book, tmp_path):
    fenji("regrade", book)
    again = (
        programs.convert(book, "xlsx", tmp_path / "again") if (tmp_path / "again").mkdir() is None else None
    )
    assert workbooks.table_rows(again, "tblGrades") == workbooks.table_rows(book, "tblGrades")


@pytest.mark.gnumeric
def test_gnumeric_opens_it(book, tmp_path):
    fenji("regrade", book)
    assert programs.ssconvert(book, tmp_path / "a.csv").stat().st_size > 0


def test_summary_names_who_fell_since_the_last_run(book):
    fenji("regrade", book)
    changed = openpyxl.load_workbook(book)
    changed["订单"].append(["S10", dt.datetime(2024, 6, 28), "C2", "恒泰食品", 9000, "已完成"])
    changed["订单"].tables["订单表"].ref = "A1:F11"
    changed["订单"]["E2"] = changed["订单"]["E3"] = changed["订单"]["E4"] = 1
    changed["订单"]["B2"] = changed["订单"]["B3"] = changed["订单"]["B4"] = dt.datetime(2023, 1, 2)
    changed.save(book)
    assert "与上次相比，3 位客户升级，1 位降级：晨光商贸。" in fenji("regrade", book).output


def test_a_formula_at_the_right_is_not_overwritten(tmp_path):
    book = workbooks.customers_and_orders(tmp_path / "a.xlsx", as_tables=False)
    changed = openpyxl.load_workbook(book)
    changed["客户"]["H3"] = '=IF(A3="","x","")'  # shows nothing, and has no cached value
    changed.save(book)
    result = fenji("regrade", book)
    assert "没有添加分级列" in result.output
    assert openpyxl.load_workbook(book)["客户"]["H3"].value == '=IF(A3="","x","")'


@pytest.mark.parametrize("name", ["grading.xlsx", "report.xlsx"])
def test_a_workbook_named_as_a_template_is(tmp_path, name):
    book = workbooks.customers_and_orders(tmp_path / name)
    assert fenji("regrade", book).exit_code == 0
    assert fenji("report", book, "-t", "report").exit_code == 0


def test_any_two_runs_of_a_workbook_can_be_compared(book, tmp_path):
    for day in ("2024-02-01", "2024-04-01"):
        assert fenji("regrade", book, "--as-of", day).exit_code == 0
    after_two = [row for row in workbooks.table_rows(book, "tblMoves") if row["运行时间"]]
    assert fenji("regrade", book).exit_code == 0
    moves = workbooks.table_rows(book, "tblMoves")
    assert moves[: len(after_two)] == after_two  # the changes of earlier runs stay
    assert {row["原分级"] for row in moves} <= {"高价值客户", "中价值客户", "低价值客户", "潜在客户"}
    ran = fenji("analyse", book, "movement", "--json", tmp_path / "m.json")
    assert ran.exit_code == 0, ran.stderr
    assert "→ 现在：上升" in ran.stdout
    made = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert sum(row[1] for row in made["tables"][0]["rows"]) == 5
    assert fenji("analyse", book, "movement", "--since", "2020-01-01").exit_code == 1
