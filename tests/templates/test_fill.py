"""Filling templates: tables, placeholders, what is missing, what does not exist."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from addin.hosts import xlsx
from tests.templates.graded import filled, sample_datasets, template_path
from workbook_templates.fill import fill


def test_grading_sheets_are_filled_in_a_users_book(tmp_path: Path) -> None:
    book = xlsx.new()
    fill(book, xlsx.open(template_path("grading")), sample_datasets())
    book.save(tmp_path / "graded.xlsx")
    ws = openpyxl.load_workbook(tmp_path / "graded.xlsx")["客户分级"]
    assert ws.tables["tblGrades"].ref.endswith(str(ws.max_row))
    head = next(row for row in ws.iter_rows(values_only=True) if row[0] == "客户名称")
    assert head[:12] == (
        "客户名称", "联系方式", "所属行业", "历史购买记录", "消费金额", "利润贡献",
        "购买频率", "活跃度", "忠诚度", "需求和偏好", "满意度", "分级",
    )  # fmt: skip
    assert ws.max_row == list(ws.iter_rows(values_only=True)).index(head) + 1 + 800


@pytest.mark.parametrize(
    ("lang", "sheet", "header", "words"),
    [
        ("zh", "客户分级", "满意度", {"满意", "中立", "不满意"}),
        ("en", "Customer grades", "Satisfaction", {"Satisfied", "Neutral", "Dissatisfied"}),
    ],
)
def test_satisfaction_is_a_class_in_the_grading_table(tmp_path, lang, sheet, header, words) -> None:
    book = xlsx.new()
    fill(book, xlsx.open(template_path("grading", lang)), sample_datasets(lang))
    book.save(tmp_path / "graded.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "graded.xlsx")[sheet].iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if header in row)
    assert {row[rows[top].index(header)] for row in rows[top + 1 :]} - {None} == words


def test_no_placeholder_is_left(tmp_path: Path) -> None:
    filled("report", tmp_path / "report.xlsx")
    for ws in openpyxl.load_workbook(tmp_path / "report.xlsx"):
        for row in ws.iter_rows(values_only=True):
            assert not [v for v in row if isinstance(v, str) and "{{" in v]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_second_fill_replaces_and_does_not_add(tmp_path: Path, lang: str) -> None:
    book = xlsx.new()
    for _ in range(2):
        fill(book, xlsx.open(template_path("rfm", lang)), sample_datasets(lang))  # type: ignore[arg-type]
    assert len(book.sheets) == 1 + 7
