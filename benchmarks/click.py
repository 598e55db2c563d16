"""What a click on "Regrade" costs: the start of Python, reading, computing, writing, for 1,000 and 50,000 customers.

usage: python benchmarks/click.py [CUSTOMERS ...]

The first click starts Python and imports; later clicks find both ready. Reading and writing are those of the
file engine; in Excel they go through COM, which could not be measured here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = "from addin.hosts.excel.serve import import_xlwings_alone; import_xlwings_alone()"
PLAIN_START = "import xlwings"
COMMAND = START + "; import addin.hosts.excel.entry, addin.commands.regrade"


def seconds(code: str) -> float:
    """The shortest of three runs of a new Python."""
    runs = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-P", "-B", "-c", code], check=True)
        runs.append(time.perf_counter() - begin)
    return min(runs)


def click(customers: int, folder: Path) -> None:
    """Prints the steps of one regrade, the second in this process, and the whole click as a ratio of 1."""
    from addin import undo
    from addin.commands import regrade
    from addin.hosts import xlsx
    from workbook_templates.sample_workbook import write_sample_workbook

    path = folder / f"{customers}.xlsx"
    write_sample_workbook(path, "zh", customers)
    begin = time.perf_counter()
    book = xlsx.open(path)
    with undo.step(book, "regrade"):
        result = regrade.run(book)
        book.save()
    whole = time.perf_counter() - begin
    steps = result.seconds | {"open, save, undo": whole - sum(result.seconds.values())}
    print(f"{customers:,} customers, {int(result.grading.totals['order_rows']):,} order rows: {whole:.2f} s")
    for name, took in steps.items():
        print(f"    {name:18s} {took:6.2f} s  {took / whole:5.0%}")


def main() -> None:
    """Runs it."""
    plain, start, command = seconds(PLAIN_START), seconds(START), seconds(COMMAND)
    print(f"start of Python with xlwings          {plain:.2f} s")
    print(f"start of Python as the add-in does it {start:.2f} s, {plain / start:.1f} times as fast")
    print(f"start and everything a regrade needs  {command:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        for customers in map(int, sys.argv[1:] or ("1000", "50000")):
            click(customers, Path(folder))


if __name__ == "__main__":
    main()
