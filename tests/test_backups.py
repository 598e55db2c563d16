"""Backups beside a file: named by time, the last five kept, and brought back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addin.backups import backup, list_backups, original, restore
from udfs.texts import FenjiError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "客户.2024.xlsx"
    path.write_bytes(b"first")
    return path


def test_backup_is_a_copy_beside_the_file(file: Path) -> None:
    copy = backup(file)
    assert copy.parent == file.parent
    assert re.fullmatch(r"客户\.2024\.backup-\d{8}-\d{6}\.xlsx", copy.name)
    assert copy.read_bytes() == b"first"


def test_the_last_five_stay(file: Path) -> None:
    copies = []
    for i in range(7):
        file.write_bytes(b"%d" % i)
        copies.append(backup(file))
    assert list_backups(file) == copies[2:]
    assert [c.read_bytes() for c in copies[2:]] == [b"2", b"3", b"4", b"5", b"6"]


def test_other_files_are_no_backups(file: Path) -> None:
    for name in (
        "客户.xlsx",
        "客户.2024.backup.xlsx",
        "别的.backup-20240101-000000.xlsx",
        "客户.2024.xlsx.bak",
    ):
        file.with_name(name).write_bytes(b"")
    assert list_backups(file) == []
    copy = backup(file)
    assert list_backups(file) == [copy]
    assert original(copy) == file
    assert original(file) is None


def test_a_private_file_has_private_backups(file: Path) -> None:
    file.chmod(0o600)
    assert backup(file).stat().st_mode & 0o777 == 0o600


def test_restore_brings_the_newest_back(file: Path) -> None:
    backup(file)
    file.write_bytes(b"second")
    restore(file)
    assert file.read_bytes() == b"first"


def test_restore_can_be_taken_back(file: Path) -> None:
    backup(file)
    file.write_bytes(b"second")
    restore(file)
    restore(file)
    assert file.read_bytes() == b"second"


def test_restore_keeps_the_chosen_backup(file: Path) -> None:
    copies = [backup(file) for _ in range(5)]
    assert restore(file, copies[0]) == copies[0]
    assert copies[0].exists()


def test_restore_without_backups_says_so(file: Path) -> None:
    with pytest.raises(FenjiError, match="There is no backup"):
        restore(file)


def test_backup_of_a_missing_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FenjiError):
        backup(tmp_path / "none.xlsx")
    assert list(tmp_path.iterdir()) == []
