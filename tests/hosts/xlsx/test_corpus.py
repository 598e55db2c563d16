"""Every workbook of the reference data, changed as a regrade changes it: nothing else may change.

A column is added to the first table or range and a sheet of ours to the end; a second run replaces that sheet.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests import programs
from tests.hosts.xlsx import corpus
from udfs.texts import FenjiError

FOLDER = programs.REFERENCE_DATA / "workbooks"
GROUPS = 12
PROTECTED = {
    "SHA512PasswordProtection.xlsx", "column-style.xlsx", "enhanced-protection.xlsx", "tdf111974.xlsm",
    "protectstructurewithoutpassword.xlsx", "protectstructurewithpassword.xlsx",
}  # fmt: skip


def workbooks() -> list[Path]:
    return sorted(p for p in FOLDER.rglob("*.xls*") if not p.name.startswith("~$"))


def changed_copies(group: int, folder: Path) -> dict[Path, tuple[Path, corpus.Grown | None]]:
    """The changed copy of each workbook of a group, by its original, and where it grew."""
    copies = {}
    for original in workbooks()[group::GROUPS]:
        copy = folder / f"{original.parent.name}-{original.name}"
        shutil.copyfile(original, copy)
        if original.name in PROTECTED:
            with pytest.raises(FenjiError, match="protected"):
                corpus.change(copy)
            assert copy.read_bytes() == original.read_bytes(), f"{original.name} was changed although refused"
        else:
            copies[copy] = (original, corpus.change(copy))
    return copies


def check_parts(original: Path, copy: Path, grown: corpus.Grown | None) -> None:
    """Parts that are not concerned are there with the same compressed bytes."""
    before, after = corpus.packed_parts(original), corpus.packed_parts(copy)
    assert before.keys() <= after.keys() | {"xl/calcChain.xml"}
    touched = {name for name in before if name in after and before[name] != after[name]}
    touched = {name for name in touched if not corpus.SHARED_PARTS.match(name)}
    if grown:
        touched.discard(grown.part)
        tables = {
            name
            for name in touched
            if re.search(r"/tables?/[^/]+\.xml$|/table\d*\.xml$", name, re.IGNORECASE)
        }
        assert len(tables) <= 1
        touched -= tables
    assert touched == set()
    added = after.keys() - before.keys()
    assert all(
        re.search(r"(worksheets/sheet|worksheets/_rels/sheet|tables/table|/styles)\d*\.xml", n) for n in added
    )
    assert len(added) <= 4


def check_grown_sheet(original: Path, copy: Path, grown: corpus.Grown) -> None:
    """In the sheet that grew, only the new cells, the dimension and spans are new."""
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(copy) as new:
        before = corpus.without(old.read(grown.part), grown.area)
        after = corpus.without(new.read(grown.part), grown.area)
    assert after == before


def new_errors(before: list[dict], after: list[dict]) -> Counter:
    """Errors of the validator that were not there before, wherever in the part they stand.

    Where it crashes on the original, it says nothing about either.
    """
    if any(e["id"] == "crash" for e in before):
        return Counter()

    def count(errors: list[dict]) -> Counter:
        return Counter((e["id"], re.sub(r"\d+", "#", e["description"]), e["path"]["partUri"]) for e in errors)

    return count(after) - count(before)


@pytest.mark.reference_data
@pytest.mark.validator
@pytest.mark.libreoffice
@pytest.mark.gnumeric
@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", range(GROUPS))
def test_reference_workbooks(group: int, tmp_path: Path) -> None:
    copies = changed_copies(group, tmp_path)
    assert len(copies) >= 12
    for copy, (original, grown) in copies.items():
        check_parts(original, copy, grown)
        if grown:
            check_grown_sheet(original, copy, grown)
        assert corpus.counts(copy) == corpus.counts(original), original.name

    after = programs.validate_all(list(copies))
    doubtful = [original for copy, (original, _) in copies.items() if after[copy]]
    before = programs.validate_all(doubtful)
    for copy, (original, _) in copies.items():
        if after[copy]:
            assert not new_errors(before[original], after[copy]), original.name

    (tmp_path / "csv").mkdir()
    for copy in programs.convert_all(list(copies), tmp_path / "csv"):
        assert programs.convert_all([copies[copy][0]], tmp_path / "csv"), (
            f"LibreOffice opens only {copies[copy][0]}"
        )
    for copy, (original, _) in copies.items():
        if not programs.opens_in_gnumeric(copy, tmp_path):
            assert not programs.opens_in_gnumeric(original, tmp_path), f"Gnumeric opens only {original}"


@pytest.mark.reference_data
def test_there_are_enough_reference_workbooks() -> None:
    assert len(workbooks()) >= 180
