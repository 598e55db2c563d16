"""Undo of steps on workbook files: every part as it was, redo, bounds, refusal."""

import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from addin import undo
from addin.commands import backup
from addin.commands import undo as undo_command
from addin.hosts import xlsx
from udfs.texts import FenjiError


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "undo"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "客户"
    book.active.append(["客户名称", "消费金额"])
    book.active.append(["甲", 100])
    path = tmp_path / "客户.xlsx"
    book.save(path)
    return path


def set_amount(path: Path, amount: float) -> None:
    book = xlsx.open(path)
    with undo.step(book, "regrade") as book:
        book.sheets["客户"]["B2"].value = amount
        book.sheets.add("客户分级", after=book.sheets[0])
        book.save()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_undo_brings_back_every_part(workbook: Path) -> None:
    before = parts(workbook)
    set_amount(workbook, 5)
    assert parts(workbook) != before
    step, again = undo.undo_file(workbook)
    assert (step.command, again) == ("regrade", False)
    assert parts(workbook) == before


def test_twice_undone_is_redo(workbook: Path) -> None:
    set_amount(workbook, 5)
    after = workbook.read_bytes()
    undo.undo_file(workbook)
    assert undo.undo_file(workbook)[1]
    assert workbook.read_bytes() == after
    undo.undo_file(workbook)
    assert openpyxl.load_workbook(workbook).sheetnames == ["客户"]


def test_only_the_last_step_is_undone(workbook: Path) -> None:
    set_amount(workbook, 5)
    book = xlsx.open(workbook)
    with undo.step(book, "regrade") as book:
        book.sheets["客户"]["B2"].value = 7
        book.save()
    undo.undo_file(workbook)
    assert openpyxl.load_workbook(workbook)["客户"]["B2"].value == 5


def test_later_changes_are_not_lost(workbook: Path) -> None:
    set_amount(workbook, 5)
    book = openpyxl.load_workbook(workbook)
    book["客户"]["A3"] = "乙"
    book.save(workbook)
    with pytest.raises(FenjiError, match="changed after"):
        undo.undo_file(workbook)
    assert openpyxl.load_workbook(workbook)["客户"]["A3"].value == "乙"


def test_nothing_to_undo_is_said(workbook: Path) -> None:
    with pytest.raises(FenjiError, match="nothing to undo"):
        undo.undo_file(workbook)


def test_an_error_leaves_no_step(workbook: Path, store: Path) -> None:
    book = xlsx.open(workbook)
    with pytest.raises(ZeroDivisionError), undo.step(book, "regrade"):
        raise ZeroDivisionError
    assert undo.last_step(workbook) is None
    assert list(store.iterdir()) == []


def test_a_command_that_changes_nothing_keeps_the_step_before(workbook: Path) -> None:
    set_amount(workbook, 5)
    with undo.file_step(workbook, "check"):
        pass
    found = undo.last_step(workbook)
    assert found is not None
    assert found.command == "regrade"


def test_the_store_can_be_removed(workbook: Path, store: Path) -> None:
    set_amount(workbook, 5)
    assert undo.size() > 0
    undo.clear()
    assert undo.size() == 0
    assert undo.last_step(workbook) is None


def test_the_store_does_not_outgrow_its_bound(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "LARGEST_STORE", 1)
    other = tmp_path / "other.xlsx"
    other.write_bytes(workbook.read_bytes())
    set_amount(workbook, 5)
    set_amount(other, 6)
    assert undo.last_step(workbook) is None
    assert undo.last_step(other) is not None


def test_old_steps_are_removed(workbook: Path, tmp_path: Path, store: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(workbook.read_bytes())
    set_amount(workbook, 5)
    (folder,) = store.iterdir()
    long_ago = folder.stat().st_mtime - 31 * 86_400
    os.utime(folder, (long_ago, long_ago))
    set_amount(other, 6)
    assert undo.last_step(workbook) is None


def test_what_a_crashed_program_left_is_removed_and_what_is_at_work_stays(
    workbook: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "LARGEST_STORE", 1)
    store.mkdir(parents=True)
    for name, hours in (("crashed", 25), ("at-work", 1)):
        folder = store / f"{undo.NEW}{name}"
        folder.mkdir()
        (folder / undo.BEFORE).write_bytes(b"x" * 1000)
        then = folder.stat().st_mtime - hours * 3600
        os.utime(folder, (then, then))
    set_amount(workbook, 5)
    assert sorted(folder.name for folder in store.iterdir())[:1] == [f"{undo.NEW}at-work"]
    assert len(list(store.iterdir())) == 2
    assert undo.last_step(workbook) is not None


def test_folder_names_tell_nothing(workbook: Path, store: Path) -> None:
    set_amount(workbook, 5)
    (folder,) = store.iterdir()
    assert len(folder.name) == 32
    assert "客户" not in folder.name


def test_the_command_says_what_it_did(workbook: Path) -> None:
    set_amount(workbook, 5)
    first = undo_command.run(xlsx.open(workbook))
    second = undo_command.run(xlsx.open(workbook))
    assert first.message.en.startswith("Undone: Regrade (")
    assert second.message.zh.startswith("已重做“重新分级”（")


def test_backup_copies_the_file_beside(workbook: Path) -> None:
    outcome = backup.run(xlsx.open(workbook))
    copies = [file for file in workbook.parent.iterdir() if ".backup-" in file.name]
    assert [copy.read_bytes() for copy in copies] == [workbook.read_bytes()]
    assert copies[0].name in outcome.message.en


def test_backup_of_an_unsaved_workbook_says_so() -> None:
    with pytest.raises(FenjiError, match="never saved"):
        backup.run(xlsx.new())
