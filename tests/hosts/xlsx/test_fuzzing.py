"""Damaged workbooks, thousands of them: read or refused with a clear text; no crash, no hang, no memory."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.programs import REFERENCE_DATA, ROOT

pytest.importorskip("resource")


def fuzz(seed: int, count: int, *workbooks: Path) -> dict[str, float]:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.hosts.xlsx.package_fuzzer",
            str(seed),
            str(count),
            *map(str, workbooks),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def check(found: dict[str, float], count: int) -> None:
    assert found["count"] == found["read"] + found["refused"] == count
    assert found["refused"] > count / 10
    assert found["read"] > count / 10
    assert found["peak_mb"] < 400


def test_damaged_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["客户", "金额", "日期", "有效"])
    for i in range(60):
        sheet.append([f"客户{i}", i * 1.5, dt.date(2024, 1, 1), i % 2 == 0])
    sheet.add_table(Table(displayName="Customers", ref="A1:D61"))
    sheet["F1"] = "=B2*2"
    book.create_sheet("second").append([1])
    book.save(tmp_path / "book.xlsx")
    check(fuzz(0, 300, tmp_path / "book.xlsx"), 300)


@pytest.mark.reference_data
def test_damaged_reference_workbooks() -> None:
    folder = REFERENCE_DATA / "workbooks" / "closedxml"
    small = sorted(
        f for f in folder.glob("*.xlsx") if f.stat().st_size < 12_000 and not f.name.startswith("~$")
    )
    assert len(small) > 20
    check(fuzz(10_000, 500, *small), 500)
