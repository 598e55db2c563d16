"""`fenji report` and `fenji templates`, on the sample workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from addin.cli import app
from addin.commands import templates
from tests import programs
from workbook_templates.designs import ALL
from workbook_templates.sample_workbook import write_sample_workbook

CUSTOMERS = 80


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "客户.xlsx"
    write_sample_workbook(path, "zh", CUSTOMERS)
    return path


@pytest.fixture
def book(sample: Path, tmp_path: Path) -> Path:
    path = tmp_path / "客户.xlsx"
    path.write_bytes(sample.read_bytes())
    return path


def fenji(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(w) for w in words])
    return result.exit_code, result.output


def sheets(path: Path) -> list[str]:
    return openpyxl.load_workbook(path, read_only=True).sheetnames


def test_report_into_the_workbook_keeps_a_backup_and_the_users_sheets(book: Path) -> None:
    before = sheets(book)
    code, output = fenji("report", book, "--template", "churn")
    assert code == 0, output
    assert sheets(book)[: len(before)] == before
    assert {"流失风险概览", "流失预警", "负责人汇总", "可联系名单"} <= set(sheets(book))
    assert len(list(book.parent.glob("*backup*"))) == 1


def test_second_report_replaces_the_first(book: Path) -> None:
    fenji("report", book, "--template", "loyalty")
    once = sheets(book)
    assert fenji("report", book, "--template", "loyalty")[0] == 0
    assert sheets(book) == once


def test_report_of_its_own_leaves_the_workbook_as_it_was(book: Path) -> None:
    before = book.read_bytes()
    out = book.with_name("报告.xlsx")
    assert fenji("report", book, "-t", "report", "-o", out)[0] == 0
    assert book.read_bytes() == before
    assert sheets(out)[0] == "分析报告"


def test_scope_limits_the_report_and_it_says_so(book: Path) -> None:
    out = book.with_name("报告.xlsx")
    code, output = fenji("report", book, "-o", out, "--where", "地区=华东", "--period", "2023")
    assert code == 0, output
    text = openpyxl.load_workbook(out)["分析报告"]["A2"].value
    assert "范围 地区=华东" in text
    assert "期间 2023" in text


def test_condition_on_a_result_chooses_who_is_listed(book: Path) -> None:
    out = book.with_name("名单.xlsx")
    assert fenji("report", book, "-t", "churn", "-o", out, "--where", "流失风险=高")[0] == 0
    ws = openpyxl.load_workbook(out)["流失预警"]
    rows = [[c.value for c in row] for row in ws[ws.tables["tblChurn"].ref]]
    place = rows[0].index("流失风险")
    assert {row[place] for row in rows[1:]} == {"高"}


def test_card_for_one_customer(book: Path) -> None:
    name = openpyxl.load_workbook(book).worksheets[0].cell(2, 2).value
    found = next(
        c.value
        for ws in openpyxl.load_workbook(book)
        for row in ws.iter_rows(min_row=1, max_row=12)
        for c in row
        if isinstance(c.value, str) and c.value.startswith("C10")
    )
    out = book.with_name("卡.xlsx")
    code, output = fenji("report", book, "-t", "card", "-o", out, "--where", f"客户编号={found}")
    assert code == 0, (output, name)
    made = openpyxl.load_workbook(out)
    assert len(made.sheetnames) == 1
    assert found in [c.value for row in made.worksheets[0].iter_rows() for c in row]


def test_too_many_cards_say_how_to_narrow(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    write_sample_workbook(path, "en", 250)
    code, output = fenji("report", path, "-t", "card", "-o", tmp_path / "cards.xlsx")
    assert code == 1
    assert "--where" in output
    assert not (tmp_path / "cards.xlsx").exists()


def test_unknown_template_names_those_there_are(book: Path) -> None:
    before = book.read_bytes()
    code, output = fenji("report", book, "-t", "wether")
    assert code == 1
    assert "churn" in output
    assert book.read_bytes() == before


def test_own_template_by_its_path(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.xlsx"
    own.write_bytes(templates.resolve("grade_table", "zh").read_bytes())
    out = tmp_path / "out.xlsx"
    assert fenji("report", book, "-t", own, "-o", out)[0] == 0
    assert "客户分级管理分析表" in sheets(out)


def test_start_workbook_can_be_graded(tmp_path: Path) -> None:
    start = tmp_path / "start.xlsx"
    assert fenji("report", "-t", "start", "-o", start, "--lang", "zh")[0] == 0
    code, output = fenji("regrade", start)
    assert code == 0, output
    assert "客户分级" in sheets(start)
    assert fenji("report", "-t", "start", "-o", start)[0] == 1


@pytest.mark.reference_data
def test_online_retail_orders_make_a_report_that_reconciles(tmp_path: Path) -> None:
    source = programs.REFERENCE_DATA / "online_retail_subset_300cust.csv"
    out = tmp_path / "retail.xlsx"
    code, output = fenji("report", source, "-o", out, "--lang", "en")
    assert code == 0, output
    lines = pd.read_csv(source, dtype={"InvoiceNo": str})
    lines["amount"] = lines["Quantity"] * lines["UnitPrice"]
    returned = lines["InvoiceNo"].str.startswith("C")
    counted = lines[
        lines["CustomerID"].notna() & (returned | (lines["amount"] > 0)) & (lines["amount"].abs() > 0.01)
    ]
    book = openpyxl.load_workbook(out)
    for name in ("tblSegments_report", "tblAbc_report", "tblStrategies_report"):
        rows = table_rows(book, name)
        assert sum(row["Customers"] for row in rows) == counted["CustomerID"].nunique()
        assert sum(row["Amount"] for row in rows) == pytest.approx(counted["amount"].sum(), abs=0.01)
        assert sum(row["Share of amount"] for row in rows) == pytest.approx(1)
    years = {row["Year"][:4]: row["Amount"] for row in table_rows(book, "tblYears_report")}
    expected = counted.groupby(counted["InvoiceDate"].str[:4])["amount"].sum()
    assert years == pytest.approx(expected.to_dict(), abs=0.01)


def table_rows(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    ws = next(ws for ws in book if name in ws.tables)
    rows = [[c.value for c in row] for row in ws[ws.tables[name].ref]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.libreoffice
def test_report_as_pdf(book: Path) -> None:
    out = book.with_name("报告.pdf")
    assert fenji("report", book, "-t", "concentration", "-o", out)[0] == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_templates_as_json() -> None:
    code, output = fenji("templates", "--json", "--lang", "en")
    listed = json.loads(output)
    assert code == 0
    assert {tuple(sorted(t)) for t in listed} == {("description", "language", "name", "title")}
    assert {t["name"] for t in listed} == {t.name for t in ALL}


@pytest.mark.validator
@pytest.mark.parametrize("name", ["report", "sources"])
def test_validator_finds_no_error_in_a_workbook_with_a_report(name: str, book: Path) -> None:
    before = programs.validate(book)
    assert fenji("report", book, "-t", name)[0] == 0
    assert programs.validate(book) == before


@pytest.mark.gnumeric
def test_gnumeric_reads_a_report(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.xlsx"
    assert fenji("report", book, "-t", "report", "-o", out)[0] == 0
    assert programs.ssconvert(out, tmp_path / "r.csv").stat().st_size > 500
