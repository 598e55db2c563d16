"""Kills saves of a workbook, and makes them fail, step by step; prints what was found as JSON.

Run by test_crashes.py as a process of its own, because it forks one process per kill:

    python -m tests.hosts.xlsx.save_killer FOLDER {kill|random|fail}

A step is anything a save does to the file system: open, lock, write, copy attributes, rename, remove. Writes
are not buffered, so that each of them is a step and leaves the file as far as it came.
"""

from __future__ import annotations

import errno
import io
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from addin import backups
from addin.hosts.xlsx import package as package_module
from addin.hosts.xlsx import saving
from addin.hosts.xlsx.package import Package
from udfs.texts import FenjiError

SHEET = "xl/worksheets/sheet1.xml"
EVENTS = {
    "open", "os.rename", "os.remove", "os.chmod", "os.chown", "os.utime", "os.setxattr", "os.listdir", "fcntl.flock",
}  # fmt: skip


class Steps:
    """Counts the steps of a save and does something at one of them."""

    def __init__(self) -> None:
        self.count, self.at, self.action = 0, 0, lambda: None

    def arm(self, at: int, action: Callable[[], Any]) -> None:
        self.count, self.at, self.action = 0, at, action

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            self.action()

    def audit(self, event: str, _args: tuple[Any, ...]) -> None:
        if event in EVENTS and self.at:
            self.step()


STEPS = Steps()


class CountedWrites(io.RawIOBase):
    """An unbuffered file whose every write is a step."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, data: bytes) -> int:  # type: ignore[override]
        STEPS.step()
        half = len(data) // 2
        self._out.write(data[:half])
        self._out.flush()
        self._out.write(data[half:])
        self._out.flush()
        return len(data)

    def tell(self) -> int:
        return self._out.tell()

    def seek(self, *args: int) -> int:
        return self._out.seek(*args)


def replace_with_steps(path: Path, write: Callable[[BinaryIO], None], **options: Any) -> None:
    def counted(out: BinaryIO) -> None:
        write(CountedWrites(out))  # type: ignore[arg-type]

    saving.replace_file(path, counted, **options)


def change_and_save(path: Path) -> None:
    """What is interrupted: a backup, then a save of a changed, a removed and an added part."""
    backups.backup(path)
    package = Package.open(path)
    package.edit(SHEET).set("mark", "new")
    package.write("xl/added.xml", lambda out: out.write(b"<a>" + b"x" * 5000 + b"</a>"))
    package.remove("docProps/app.xml")
    package.save()


def in_child(work: Callable[[], None], meanwhile: Callable[[int], None] = lambda pid: None) -> int:
    """Runs `work` in a forked process; its exit status."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except FenjiError:
            status = 3
        finally:
            os._exit(status)
    meanwhile(pid)
    return os.waitpid(pid, 0)[1]


class Trial:
    """One workbook, interrupted again and again, and looked at each time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.xlsx"
        self.old = self.path.read_bytes()
        change_and_save(self.path)
        self.new = self.path.read_bytes()
        self.found = {
            "old": 0,
            "new": 0,
            "damaged": 0,
            "killed": 0,
            "failed": 0,
            "leftovers": 0,
            "attributes": 0,
        }
        self.restore()

    def restore(self) -> None:
        for file in self.path.parent.iterdir():
            file.unlink()
        self.path.write_bytes(self.old)
        self.path.chmod(0o640)

    def run(self, work: Callable[[], None], meanwhile: Callable[[int], None] = lambda pid: None) -> bool:
        """One interruption; true when the save came to its end."""
        status = in_child(work, meanwhile)
        killed = os.WIFSIGNALED(status)
        self.found["killed"] += killed
        self.found["failed"] += not killed and os.WEXITSTATUS(status) == 3
        if not killed and os.WEXITSTATUS(status) not in (0, 3):
            self.found["damaged"] += 1
        content = self.path.read_bytes() if self.path.exists() else b""
        self.found["old" if content == self.old else "new" if content == self.new else "damaged"] += 1
        self.found["attributes"] += self.path.stat().st_mode & 0o777 == 0o640
        for copy in backups.list_backups(self.path):
            if copy.read_bytes() not in (self.old, self.new):
                self.found["damaged"] += 1
        self.found["leftovers"] += len(saving.remove_leftovers(self.path.parent))
        if any(file.name.startswith(saving.TEMPORARY) for file in self.path.parent.iterdir()):
            self.found["damaged"] += 1
        self.restore()
        return not killed and os.WEXITSTATUS(status) == 0


def kill_at_every_step(trial: Trial) -> None:
    finished, step = False, 0
    while not finished:
        step += 1
        finished = trial.run(lambda step=step: armed(step, lambda: os.kill(os.getpid(), signal.SIGKILL)))
    trial.found["steps"] = step - 1


def kill_at_random_times(trial: Trial) -> None:
    start = time.perf_counter()
    trial.run(lambda: change_and_save(trial.path))
    duration = time.perf_counter() - start
    chance = random.Random(20240101)

    def kill_later(pid: int) -> None:
        time.sleep(chance.uniform(0, duration))
        os.kill(pid, signal.SIGKILL)

    while trial.found["killed"] < 150:
        trial.run(lambda: change_and_save(trial.path), kill_later)


def fail_at_every_step(trial: Trial) -> None:
    STEPS.arm(1_000_000, int)
    change_and_save(trial.path)
    steps = STEPS.count
    trial.restore()
    for number in (errno.ENOSPC, errno.EIO, errno.EACCES):
        for step in range(1, steps + 1):
            trial.run(lambda step=step, number=number: armed(step, lambda: fail(number)))
    trial.found["steps"] = 3 * steps


def armed(step: int, action: Callable[[], Any]) -> None:
    STEPS.arm(step, action)
    change_and_save(Path(sys.argv[1]) / "book.xlsx")


def fail(number: int) -> None:
    raise OSError(number, os.strerror(number))


def main() -> None:
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    package_module.replace_file = replace_with_steps  # type: ignore[assignment]
    backups.replace_file = replace_with_steps  # type: ignore[assignment]
    trial = Trial(folder)
    sys.addaudithook(STEPS.audit)
    {"kill": kill_at_every_step, "random": kill_at_random_times, "fail": fail_at_every_step}[mode](trial)
    print(json.dumps(trial.found))


if __name__ == "__main__":
    main()
