"""`fenji regrade` of 10 thousand, 100 thousand and a million orders: time of each step, peak memory.

Beside it, in the same run: fastexcel reading the order sheet and nothing else, and the same job written plainly
with pandas and openpyxl (read, clean, sum up, quintile scores, write a sheet of grades; the rest is missing).

    python -m benchmarks.regrade [rows ...]

Each candidate is a process of its own, and they take turns; the best of three runs counts, and ratios are to
fastexcel's bare read. Each runs once before, on the small workbook and not counted, so that its byte code is
compiled as an installer does it. The steps are those that fenji says while it works; they follow each other, and
inside a step both cores work where they can.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.engine_data import folder, workbook

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
PREAMBLE = """
import json, resource, sys, time
path, out = sys.argv[1:3]
start = time.perf_counter()
def report(**more):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "megabytes": peak, **more}))
"""
FASTEXCEL = """
import fastexcel
fastexcel.read_excel(path).load_sheet("订单", schema_sample_rows=None).to_arrow()
report()
"""
FENJI = """
from addin.commands import regrade
from addin.hosts import xlsx
imported = time.perf_counter() - start
book = xlsx.open(path)
result = regrade.run(book)
before = time.perf_counter()
book.save(out)
report(steps={"imports": round(imported, 2), **result.seconds, "save": round(time.perf_counter() - before, 2)})
"""
PLAIN = """
import openpyxl, pandas as pd
orders = pd.read_excel(path, sheet_name="订单")
orders = orders[orders["订单状态"] == "已完成"]
orders["金额"] = pd.to_numeric(orders["金额"].astype(str).str.replace("元", ""), errors="coerce")
orders["下单日期"] = pd.to_datetime(orders["下单日期"])
end = orders["下单日期"].max() + pd.Timedelta(days=1)
rfm = orders.groupby("客户名称").agg(
    r=("下单日期", lambda d: (end - d.max()).days), f=("订单号", "nunique"), m=("金额", "sum"))
for name, values in (("R", -rfm["r"]), ("F", rfm["f"]), ("M", rfm["m"])):
    rfm[name] = pd.qcut(values.rank(method="first"), 5, labels=False) + 1
book = openpyxl.load_workbook(path)
sheet = book.create_sheet("RFM")
for row in rfm.reset_index().itertuples(index=False):
    sheet.append(list(row))
book.save(out)
report()
"""


def installed() -> dict[str, str]:
    """The environment in which the modules are compiled already."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(folder() / "byte-code")
    for code in (FASTEXCEL, FENJI):
        measure(code, SIZES[0], env)
    return env


def measure(code: str, rows: int, env: dict[str, str]) -> dict:
    """Runs one candidate in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.xlsx"
        run = subprocess.run(
            [sys.executable, "-c", PREAMBLE + code, str(workbook(rows)), str(out)],
            capture_output=True,
            text=True,
            check=True,
            env=env,
        )
    return json.loads(run.stdout.splitlines()[-1])


def main(sizes: list[int]) -> None:
    """Prints one block a size."""
    env = installed()
    for rows in sizes:
        workbook(rows)
        print(f"\n{rows:,} orders, 50,000 customers in the customer table")
        candidates = {"fastexcel, read only": FASTEXCEL, "fenji regrade": FENJI}
        if rows <= 100_000 or "--all" in sys.argv:
            candidates["pandas and openpyxl"] = PLAIN
        runs = [{name: measure(code, rows, env) for name, code in candidates.items()} for _ in range(ROUNDS)]
        best = {
            name: min((run[name] for run in runs), key=lambda found: found["seconds"]) for name in candidates
        }
        for name, found in best.items():
            ratio = found["seconds"] / best["fastexcel, read only"]["seconds"]
            print(f"  {name:22} {found['seconds']:7.2f} s  {found['megabytes']:6.0f} MB  {ratio:6.2f} x")
            for step, seconds in found.get("steps", {}).items():
                print(f"    {step:20} {seconds:7.2f} s")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:] if a.isdigit()] or list(SIZES))
