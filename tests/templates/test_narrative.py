"""The sentences: true to their cells, silent where the data do not support them, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.templates.graded import filled, sample_datasets, sample_grading
from udfs import wording
from udfs.customer_data import CustomerData
from udfs.grading import grade
from udfs.texts import Lang
from workbook_templates import narrative
from workbook_templates.datasets import Datasets


def shown(value: float, lang: Lang) -> set[str]:
    """How a number may stand in a sentence: as a share, a change, a count, days or an amount."""
    size = abs(value)
    amount = wording.money(size, lang).removesuffix("元").rstrip()
    return {f"{size * 100:.1f}%", f"{size:,.0f}", f"{size:.1f}", f"{int(size + 0.5):,}", amount}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_with_one_or_two_cells_states_their_numbers(lang: Lang) -> None:
    datasets = sample_datasets(lang)
    checked = 0
    for name in narrative.RULES:
        finding = datasets.finding(name)
        if finding is None or not 1 <= len(finding.cells) <= 2 or name == "lorenz":
            continue
        for cell in finding.cells:
            value = datasets.get(cell.dataset)[cell.column].iloc[cell.row]
            assert any(form in finding.sentence for form in shown(float(value), lang)), (
                name,
                value,
                finding.sentence,
            )
        checked += 1
    assert checked > 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_of_the_report_names_its_cells(lang: Lang, tmp_path: Path) -> None:
    filled("report", tmp_path / "report.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    found = 0
    for ws in book:
        for name in ("tblSummary", "tblDiagnosis"):
            if name not in ws.tables:
                continue
            rows = [[c.value for c in row] for row in ws[ws.tables[name].ref]]
            for row in rows[1:]:
                evidence = row[-1]
                assert evidence, row
                first = re.split("[,;:]", evidence)[0]
                sheet, _, cell = first.rpartition("!")
                assert book[sheet][cell].value is not None, evidence
                found += 1
    assert found >= 10


def few_orders(n: int) -> Datasets:
    customers = pd.DataFrame(
        {"customer_id": [str(i) for i in range(n)], "customer": [f"客户{i}" for i in range(n)]}
    )
    orders = pd.DataFrame(
        {
            "customer_index": range(n),
            "date": pd.to_datetime(["2024-05-01"] * n),
            "amount": [100.0] * n,
            "is_return": False,
        }
    )
    return Datasets(grade(CustomerData(customers, orders)), "zh")


def test_no_change_is_claimed_without_a_year_before() -> None:
    x = few_orders(40)
    assert x.finding("years") is None
    assert x.finding("fall10") is None
    assert x.values["finding_fall10"] == "金额下滑最多的客户"


def test_too_few_customers_is_said() -> None:
    sentences = few_orders(6).get("summary")["finding"].tolist()
    assert "只有 6 位客户，比例仅供参考。" in sentences


def test_one_customer_makes_no_concentration_finding() -> None:
    assert few_orders(1).finding("concentration_risk") is None


def test_problems_are_only_what_the_data_show() -> None:
    sentences = few_orders(40).get("diagnosis")["finding"].tolist()
    assert sentences == ["没有发现需要立即处理的问题。"]


def test_a_fall_of_the_year_is_a_problem_with_a_proposal() -> None:
    diagnosis = Datasets(sample_grading("zh"), "zh").get("diagnosis")
    row = diagnosis[diagnosis["finding"].str.contains("比上年同期下降")].iloc[0]
    assert row["action"].startswith("把金额下降分解到客户和产品")
