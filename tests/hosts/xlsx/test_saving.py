"""Replacing a file: all or nothing, with its owner, mode and attributes, through kills and failures."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pytest

from addin.hosts.xlsx import saving
from addin.hosts.xlsx.saving import FileInUse, NotWritable, check_writable, remove_leftovers, replace_file
from tests.programs import ROOT

posix = pytest.mark.skipif(os.name != "posix", reason="needs fork, signals or modes")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"old")
    return path


def put(path: Path, data: bytes = b"new") -> None:
    replace_file(path, lambda out: out.write(data))


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


class TestReplaced:
    def test_content(self, file: Path) -> None:
        put(file)
        assert file.read_bytes() == b"new"
        assert names(file.parent) == ["book.xlsx"]

    def test_new_file_has_the_usual_mode(self, tmp_path: Path) -> None:
        put(tmp_path / "new.xlsx")
        (tmp_path / "usual").touch()
        assert (tmp_path / "new.xlsx").stat().st_mode == (tmp_path / "usual").stat().st_mode

    @posix
    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
    def test_mode_stays(self, file: Path, mode: int) -> None:
        file.chmod(mode)
        put(file)
        assert stat.S_IMODE(file.stat().st_mode) == mode

    @posix
    def test_owner_stays(self, file: Path) -> None:
        if os.getuid() != 0:
            pytest.skip("only root can give files away")
        os.chown(file, 12345, 23456)
        put(file)
        assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)

    @pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
    def test_extended_attributes_stay(self, file: Path) -> None:
        try:
            os.setxattr(file, "user.note", b"mine")
        except OSError:
            pytest.skip("this file system has none")
        put(file)
        assert os.getxattr(file, "user.note") == b"mine"

    def test_time_is_now(self, file: Path) -> None:
        os.utime(file, (0, 0))
        put(file)
        assert file.stat().st_mtime > 1_000_000_000

    def test_symbolic_link_stays(self, file: Path, tmp_path: Path) -> None:
        link = tmp_path / "link.xlsx"
        link.symlink_to(file)
        put(link)
        assert link.is_symlink()
        assert file.read_bytes() == b"new"

    def test_other_hard_link_keeps_the_old_content(self, file: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.xlsx"
        other.hardlink_to(file)
        put(file)
        assert (file.read_bytes(), other.read_bytes()) == (b"new", b"old")

    def test_written_through_before_it_takes_the_place(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = []
        sync, replace = os.fsync, os.replace
        monkeypatch.setattr(
            os, "fsync", lambda fd: (order.append(stat.S_IFMT(os.fstat(fd).st_mode)), sync(fd))
        )
        monkeypatch.setattr(os, "replace", lambda a, b: (order.append("replace"), replace(a, b)))
        put(file)
        assert order == [stat.S_IFREG, "replace", stat.S_IFDIR]


class TestRefused:
    """Nothing is changed, nothing is left behind, and the message says what to do."""

    def refuse(self, path: Path, error: type[Exception], said: str) -> None:
        before = names(path.parent) if path.parent.is_dir() else None
        with pytest.raises(error, match=said) as raised:
            put(path)
        assert raised.value.text.zh != raised.value.text.en  # type: ignore[attr-defined]
        if before is not None:
            assert names(path.parent) == before
        if path.is_file():
            assert path.read_bytes() == b"old"

    def test_read_only_file(self, file: Path) -> None:
        file.chmod(0o444)
        self.refuse(file, NotWritable, "is read-only and was not changed")

    def test_folder_that_is_not_there(self, tmp_path: Path) -> None:
        self.refuse(tmp_path / "none" / "book.xlsx", NotWritable, "There is no folder")

    def test_a_folder(self, tmp_path: Path) -> None:
        self.refuse(tmp_path, NotWritable, "not a regular file")

    def test_a_device(self) -> None:
        with pytest.raises(NotWritable, match="not a regular file"):
            check_writable("/dev/full")

    def test_open_in_excel(self, file: Path) -> None:
        name = "王小明"
        lock = bytes([6]) + b"WANG  ".ljust(54) + len(name).to_bytes(2, "little") + name.encode("utf-16-le")
        file.with_name("~$book.xlsx").write_bytes(lock.ljust(165, b" "))
        self.refuse(file, FileInUse, "is open by 王小明 and was not changed")

    def test_open_in_libreoffice(self, file: Path) -> None:
        file.with_name(".~lock.book.xlsx#").write_text(",Ann,host,01.01.2024 10:00,file:///profile;")
        self.refuse(file, FileInUse, "is open by Ann")

    def test_lock_without_a_name(self, file: Path) -> None:
        file.with_name("~$book.xlsx").write_bytes(b"")
        self.refuse(file, FileInUse, r"is open and was not changed.*delete '~\$book.xlsx'")

    def test_write_that_raises(self, file: Path) -> None:
        def write(out: object) -> None:
            out.write(b"half")  # type: ignore[attr-defined]
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            replace_file(file, write)
        assert file.read_bytes() == b"old"
        assert names(file.parent) == ["book.xlsx"]

    def test_check_that_raises(self, file: Path) -> None:
        def check(path: Path) -> None:
            assert path.read_bytes() == b"new"
            raise ValueError("not whole")

        with pytest.raises(ValueError, match="not whole"):
            replace_file(file, lambda out: out.write(b"new"), check=check)
        assert file.read_bytes() == b"old"
        assert names(file.parent) == ["book.xlsx"]

    @posix
    def test_no_more_room(self, file: Path) -> None:
        """A limit on file sizes stands for the full disk: writes fail half way."""
        resource = pytest.importorskip("resource")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
        try:
            with pytest.raises(NotWritable, match="not enough space"):
                put(file, os.urandom(3 << 20))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert file.read_bytes() == b"old"
        assert names(file.parent) == ["book.xlsx"]

    @posix
    def test_folder_without_permission(self) -> None:
        program = (
            "import os, sys, pathlib\n"
            "from addin.hosts.xlsx.saving import replace_file\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            "try: replace_file(pathlib.Path(sys.argv[1]), lambda out: out.write(b'new'))\n"
            "except Exception as e: print(type(e).__name__, e)\n"
        )
        with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
            file = Path(folder, "book.xlsx")
            file.write_bytes(b"old")
            file.chmod(0o666)
            Path(folder).chmod(0o555)
            run = subprocess.run(
                [sys.executable, "-c", program, str(file)], cwd=ROOT, capture_output=True, text=True
            )
            Path(folder).chmod(0o755)
            assert run.stdout.startswith("NotWritable")
            assert "may not be written" in run.stdout
            assert file.read_bytes() == b"old"
            assert names(file.parent) == ["book.xlsx"]


@posix
class TestLeftovers:
    def test_are_cleared_by_the_next_save(self, file: Path) -> None:
        (file.parent / (saving.TEMPORARY + "0123")).write_bytes(b"half")
        put(file)
        assert names(file.parent) == ["book.xlsx"]

    def test_of_a_running_save_stay(self, file: Path) -> None:
        def write(out: object) -> None:
            assert remove_leftovers(file.parent) == []
            put(file.with_name("another.xlsx"))
            out.write(b"new")  # type: ignore[attr-defined]

        replace_file(file, write)
        assert file.read_bytes() == b"new"
        assert names(file.parent) == ["another.xlsx", "book.xlsx"]


def interrupt(folder: Path, how: str) -> dict[str, int]:
    book = openpyxl.Workbook()
    book.active.append(["客户", 86])
    book.save(folder / "book.xlsx")
    run = subprocess.run(
        [sys.executable, "-m", "tests.hosts.xlsx.save_killer", str(folder), how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@posix
class TestInterrupted:
    """A backup and a save, killed or made to fail: the old or the new workbook is there, whole."""

    def test_killed_at_every_step(self, tmp_path: Path) -> None:
        found = interrupt(tmp_path, "kill")
        assert found["steps"] >= 60
        assert found["killed"] == found["steps"]
        assert found["damaged"] == 0
        assert found["old"] + found["new"] == found["attributes"] == found["steps"] + 1
        assert found["old"] > 0
        assert found["new"] > 0

    def test_killed_at_random_times(self, tmp_path: Path) -> None:
        found = interrupt(tmp_path, "random")
        assert found["killed"] == 150
        assert found["damaged"] == 0
        assert found["old"] + found["new"] == found["attributes"]

    def test_failing_at_every_step(self, tmp_path: Path) -> None:
        """No space, I/O error, no permission: each ends in a clear message, or does no harm."""
        found = interrupt(tmp_path, "fail")
        assert found["damaged"] == 0
        assert found["failed"] >= 150
        assert found["old"] + found["new"] == found["attributes"] == found["steps"]
