"""Odd but legal workbooks are graded like plain ones: nothing else changes, every program opens them, undo undoes."""

from __future__ import annotations

import shutil

import pytest
from typer.testing import CliRunner

from addin.cli import app
from tests import programs
from tests.hosts.xlsx import corpus, odd_workbooks
from tests.hosts.xlsx.test_corpus import new_errors

RUN = CliRunner()
CUSTOMERS = odd_workbooks.CUSTOMERS


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Each odd workbook by its kind: the original, and the copy that was graded, with what fenji said."""
    folder = tmp_path_factory.mktemp("odd")
    home = {"FENJI_HOME": str(folder / "home")}
    found = {}
    for kind in odd_workbooks.kinds():
        original = odd_workbooks.write(folder / f"{kind}.original.xlsx", kind)
        copy = folder / f"{kind}.xlsx"
        shutil.copyfile(original, copy)
        result = RUN.invoke(app, ["regrade", str(copy), "--lang", "en"], env=home)
        found[kind] = original, copy, result
    return found


@pytest.mark.parametrize("kind", odd_workbooks.kinds())
def test_every_customer_is_graded(graded, kind):
    _, _, result = graded[kind]
    assert result.exit_code == 0, result.output
    assert "12 customers graded: 12 have bought" in result.output
    assert "60 of 60 order rows used" in result.output


@pytest.mark.parametrize("kind", odd_workbooks.kinds())
def test_only_the_customers_change(graded, kind):
    original, copy, _ = graded[kind]
    before, after = corpus.packed_parts(original), corpus.packed_parts(copy)
    changed = {name for name, data in before.items() if after.get(name) != data}
    assert {name for name in changed if not corpus.SHARED_PARTS.match(name)} == {CUSTOMERS}


@pytest.mark.parametrize("kind", odd_workbooks.kinds())
def test_undo_brings_the_file_back(graded, kind, tmp_path):
    original, copy, _ = graded[kind]
    home = {"FENJI_HOME": str(copy.parent / "home")}
    kept = tmp_path / copy.name
    shutil.copyfile(copy, kept)
    result = RUN.invoke(app, ["undo", str(copy), "--lang", "en"], env=home)
    assert result.exit_code == 0, result.output
    assert copy.read_bytes() == original.read_bytes()
    shutil.copyfile(kept, copy)


@pytest.mark.validator
def test_the_validator_finds_nothing_new(graded):
    after = programs.validate_all([copy for _, copy, _ in graded.values()])
    before = programs.validate_all([original for original, _, _ in graded.values()])
    for kind, (original, copy, _) in graded.items():
        assert not new_errors(before[original], after[copy]), kind


@pytest.mark.libreoffice
def test_libreoffice_opens_them(graded, tmp_path):
    assert programs.convert_all([copy for _, copy, _ in graded.values()], tmp_path) == []


@pytest.mark.parametrize("kind", ["prefixed", "strict", "no_styles", "dates_from_1904", "macro_sheet"])
def test_reports_can_be_made_of_them(graded, kind, tmp_path):
    original, _, _ = graded[kind]
    copy = tmp_path / "report.xlsx"
    shutil.copyfile(original, copy)
    arguments = ["report", str(copy), "--template", "rfm", "--lang", "en"]
    result = RUN.invoke(app, arguments, env={"FENJI_HOME": str(tmp_path / "home")})
    assert result.exit_code == 0, result.output
    before, after = corpus.packed_parts(original), corpus.packed_parts(copy)
    assert all(after[name] == data for name, data in before.items() if not corpus.SHARED_PARTS.match(name))
