"""Runs each way of doing a job in a process of its own, in turns, and prints time and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def compare(script: str, ways: list[str], arguments: list[str], rounds: int, base: str) -> None:
    """Prints a table: best wall time of `rounds`, CPU time and peak memory, and the ratio to `base`."""
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for way in ways:
            run = subprocess.run(
                [sys.executable, script, "--only", way, *arguments],
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            if run.returncode:
                print(f"{way} failed: {run.stderr.strip().splitlines()[-1:]}")
                continue
            found = json.loads(run.stdout.splitlines()[-1])
            if way not in best or found["wall"] < best[way]["wall"]:
                best[way] = found
    print(f"{'':34}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'ratio':>8}")
    for way, found in best.items():
        ratio = found["wall"] / best[base]["wall"] if base in best else float("nan")
        print(f"{way:34}{found['wall']:9.2f}{found['cpu']:9.2f}{found['peak_mb']:9.0f}{ratio:8.2f}")


def measure(work: Callable[[], object]) -> None:
    """Runs the job and prints what it took, as `compare` expects it. Imports are not counted."""
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"wall": wall, "cpu": used, "peak_mb": peak_mb(), "result": str(result)[:100]}))


def peak_mb() -> float:
    """The most memory this process has held; on Linux not counting the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS
