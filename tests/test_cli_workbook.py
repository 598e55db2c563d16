"""The shell's commands on a workbook, from the command line to the changed file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from addin.cli import app
from workbook_templates.sample_workbook import write_sample_workbook

RUN = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, "zh", 30)
    return path


def said(*arguments: str | Path, code: int = 0) -> str:
    result = RUN.invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_set_grade_undo_and_redo(sample: Path) -> None:
    before = sample.read_bytes()
    assert "手工定为“高价值客户”" in said("set-grade", sample, "C1001", "--grade", "高", "--lang", "zh")
    headers = [cell.value for cell in openpyxl.load_workbook(sample)["客户"][1]]
    assert "人工分级" in headers
    assert said("undo", sample, "--lang", "en").startswith("Undone: Set Grade")
    assert sample.read_bytes() == before
    assert said("undo", sample, "--lang", "en").startswith("Redone: Set Grade")
    assert sample.read_bytes() != before


def test_clearing_what_is_kept_for_undo(sample: Path) -> None:
    said("set-grade", sample, "C1001", "--grade", "low")
    said("undo", "--clear")
    assert "nothing to undo" in said("undo", sample, "--lang", "en", code=1)


def test_undo_needs_a_workbook() -> None:
    said("undo", code=2)


def test_backup_and_a_file_that_is_not_there(sample: Path) -> None:
    assert ".backup-" in said("backup", sample, "--lang", "en")
    assert "no file" in said("backup", sample.with_name("none.xlsx"), "--lang", "en", code=1)


def test_explain_and_what_if_leave_the_file_alone(sample: Path) -> None:
    before = sample.read_bytes()
    assert "距上次消费" in said("explain", sample, "C1001", "--lang", "zh")
    assert "would rise" in said(
        "what-if", sample, "--set", "grade_limits.0=1", "--set", "grade_limits.1=2", "--lang", "en"
    )
    assert sample.read_bytes() == before


def test_new_sample_and_guide(tmp_path: Path) -> None:
    said("new", "-o", tmp_path, "--lang", "zh")
    said("sample", "-o", tmp_path, "--lang", "en")
    assert {"客户工作簿.xlsx", "Customer grading sample.xlsx"} <= {file.name for file in tmp_path.iterdir()}
    page = Path(said("guide", "--lang", "zh").strip())
    assert "团队标准规程" in page.read_text("utf-8")


def test_settings_and_freeze_formulas(sample: Path) -> None:
    said("settings", sample, "--lang", "zh")
    assert "分级设置" in openpyxl.load_workbook(sample).sheetnames
    assert "nothing to convert" in said("freeze-formulas", sample, "--lang", "en")


def test_doctor_as_json() -> None:
    result = RUN.invoke(app, ["doctor", "--json", "--lang", "en"])
    assert {entry["check"] for entry in json.loads(result.output)} >= {"fenji", "interpreter", "undo"}


def test_build_addin_for_a_department(tmp_path: Path) -> None:
    said("build-addin", "-o", tmp_path / "fenji.xlam", "--interpreter", r"\\server\fenji\python.exe")
    assert rb"\\server\fenji\python.exe" in (tmp_path / "fenji.xlam").read_bytes()


def test_an_unknown_language_is_wrong_use(sample: Path) -> None:
    for command in (["regrade", sample], ["analyse", sample, "compare"], ["backup", sample], ["functions"]):
        assert "fr" in said(*command, "--lang", "fr", code=2)


@pytest.fixture
def odd_names(tmp_path: Path) -> Path:
    """Orders of customers whose names look like markup, or have a sign that GBK lacks."""
    path = tmp_path / "odd.csv"
    rows = [f"华泰[/b]公司,C{n},2024-0{n}-01,{n}86元\n" for n in range(1, 9)]
    path.write_text(
        "客户名称,客户编号,下单日期,金额\n" + "".join(rows) + "新力,C9,2024-09-01,[/b]😀\n", "utf-8"
    )
    return path


def test_names_stand_on_the_screen_as_they_are(odd_names: Path) -> None:
    assert "华泰[/b]公司" in said("columns", odd_names, "--lang", "zh")
    assert "[/b]" in said("check", odd_names, "--lang", "zh")


def test_a_console_that_lacks_a_sign_shows_another(odd_names: Path) -> None:
    command = [sys.executable, "-m", "addin.cli", "check", str(odd_names), "--lang", "zh"]
    ran = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "gbk"}, capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode("gbk")
    assert "[/b]?" in ran.stdout.decode("gbk")


def test_a_backup_does_not_count_beside_its_file(odd_names: Path) -> None:
    copy = odd_names.with_name("odd.backup-20260131-093000.csv")
    copy.write_bytes(odd_names.read_bytes())
    assert "备份" in said("check", odd_names, copy, "--together", "--lang", "zh", code=1)
    assert "[/b]" in said("check", copy, "--lang", "zh")
