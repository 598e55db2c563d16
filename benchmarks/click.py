"""What a click on "Regrade" costs: the start of Python, reading, computing, writing, for 1,000 and 50,000 customers.

usage: python benchmarks/click.py [--excel] [CUSTOMERS ...]

The first click starts Python and imports; later clicks find both ready. The steps are those of the file engine. With
--excel the same click runs in the stand-in for desktop Excel of the tests: printed are the calls of xlwings' object
model and the cells that pass in and out, which is what COM makes slow, for the first regrade and the next one. What
Excel itself takes for them could not be measured here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = "from addin.hosts.excel.serve import import_xlwings_alone; import_xlwings_alone()"
PLAIN_START = "import xlwings"
COMMAND = START + "; import addin.hosts.excel.entry, addin.commands.regrade"


def seconds(code: str) -> float:
    """The shortest of three runs of a new Python."""
    runs = []
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-P", "-B", "-c", code], check=True, env=environment)
        runs.append(time.perf_counter() - begin)
    return min(runs)


def click(path: Path, customers: int) -> None:
    """Prints the steps of one regrade, the second in this process, and the whole click as a ratio of 1."""
    from addin import undo
    from addin.commands import regrade
    from addin.hosts import xlsx

    begin = time.perf_counter()
    book = xlsx.open(path)
    with undo.step(book, "regrade"):
        result = regrade.run(book)
        book.save()
    book.close()
    whole = time.perf_counter() - begin
    steps = result.seconds | {"open, save, undo": whole - sum(result.seconds.values())}
    print(f"{customers:,} customers, {int(result.grading.totals['order_rows']):,} order rows: {whole:.2f} s")
    for name, took in steps.items():
        print(f"    {name:18s} {took:6.2f} s  {took / whole:5.0%}")


def click_in_excel(path: Path, customers: int) -> None:
    """Prints what passes between Python and Excel for two regrades, each with its record for undo."""
    from addin import undo
    from addin.commands import regrade
    from addin.hosts import xlsx
    from tests.hosts.excel.desktop import desktop

    file = xlsx.open(path)
    for which in ("first", "next"):
        book, state = desktop(file)
        with undo.step(book, "regrade") as watched:
            regrade.run(watched)
        print(
            f"{customers:,} customers, {which} regrade in Excel: {len(state.calls):,} calls, "
            f"{state.cells_read:,} cells read, {state.cells_written:,} written, {undo.size() / 1e6:.1f} MB kept for undo"
        )
    file.close()


def main() -> None:
    """Runs it."""
    sys.path.insert(0, str(ROOT))
    from workbook_templates.sample_workbook import write_sample_workbook

    in_excel = "--excel" in sys.argv
    counts = [int(text) for text in sys.argv[1:] if text.isdigit()] or [1000, 50_000]
    if not in_excel:
        plain, start, command = seconds(PLAIN_START), seconds(START), seconds(COMMAND)
        print(f"start of Python with xlwings          {plain:.2f} s")
        print(f"start of Python as the add-in does it {start:.2f} s, {plain / start:.1f} times as fast")
        print(f"start and everything a regrade needs  {command:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FENJI_HOME"] = str(Path(folder) / "home")
        for customers in counts:
            path = Path(folder) / f"{customers}.xlsx"
            write_sample_workbook(path, "zh", customers)
            (click_in_excel if in_excel else click)(path, customers)


if __name__ == "__main__":
    main()
