"""Speed of the worksheet functions; prints each number with its limit. Run: python -m benchmarks.functions

Needs LibreOffice for the comparison with native formulas (`--without-native` leaves it out; it takes minutes).
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CUSTOMERS, ORDERS, ORDER_CUSTOMERS = 100_000, 100_000, 10_000


def best(call: Callable[[], Any], times: int = 5) -> float:
    """Shortest of several runs, in seconds of processor time: other programs do not count."""
    spent = []
    for _ in range(times):
        begin = time.process_time()
        call()
        spent.append(time.process_time() - begin)
    return min(spent)


def report(what: str, seconds: float, limit: float | None = None) -> None:
    verdict = (
        ""
        if limit is None
        else f"   limit {limit * 1000:.0f} ms: {'kept' if seconds < limit else 'EXCEEDED'}"
    )
    print(f"{what:<72}{seconds * 1000:>10.1f} ms{verdict}", flush=True)


def import_time() -> float:
    code = "import time; t = time.process_time(); import udfs.worksheet; print(time.process_time() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return min(float(run.stdout) for run in runs)


def scores() -> None:
    from udfs import rfm, worksheet
    from udfs.cut_points import cut_points

    rng = np.random.default_rng(1)
    recency = rng.integers(1, 700, CUSTOMERS).astype(float)
    frequency = rng.integers(1, 30, CUSTOMERS).astype(float)
    monetary = np.round(rng.lognormal(6, 1, CUSTOMERS), 2)

    def arithmetic() -> np.ndarray:
        return rfm.rfm_code(
            *(
                cut_points(v, less_is_better=i == 0).score(v)
                for i, v in enumerate((recency, frequency, monetary))
            )
        )

    report(f"RFM_SCORE of {CUSTOMERS:,} customers: arithmetic", best(arithmetic), 0.030)
    columns = [[[v] for v in values.tolist()] for values in (recency, frequency, monetary)]
    report("  with cells in and out (LibreOffice, eval)", best(lambda: worksheet.RFM_SCORE(*columns)))
    through_xlwings(columns)


def through_xlwings(columns: list[list[list[float]]]) -> None:
    """Through the module the Excel add-in calls, with xlwings' own conversion in and out."""
    bridge = importlib.import_module("addin.hosts.excel.functions")
    from xlwings import conversion

    from addin.hosts import xlsx

    engine = xlsx.register().name

    raw = [tuple(map(tuple, column)) for column in columns]

    def call() -> Any:
        given = [conversion.read(None, value, {"convert": "raw"}, engine_name=engine) for value in raw]
        return conversion.write(
            bridge.call("RFM_SCORE", *given), None, {"convert": "raw"}, engine_name=engine
        )

    report("  through xlwings' conversion, as Excel calls it", best(call), 0.5)


def table_beside_native(native: bool) -> None:
    from udfs import worksheet

    rng = np.random.default_rng(2)
    customer = rng.integers(0, ORDER_CUSTOMERS, ORDERS)
    day = rng.integers(45000, 45700, ORDERS)
    amount = np.round(rng.lognormal(5, 1, ORDERS), 2)
    columns = [
        [[f"C{c:05d}"] for c in customer.tolist()],
        [[float(d)] for d in day.tolist()],
        [[a] for a in amount.tolist()],
    ]
    ours = best(lambda: worksheet.RFM_TABLE(*columns), 3)
    report(f"RFM_TABLE of {ORDERS:,} orders and {ORDER_CUSTOMERS:,} customers", ours)
    if native:
        theirs = native_formulas(columns)
        report("  the same with MAXIFS, COUNTIFS, SUMIFS and PERCENTRANK in LibreOffice", theirs)
        print(f"  ratio: {theirs / ours:.0f}")


ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def native_formulas(columns: list[list[list[Any]]]) -> float:
    """Seconds of processor time LibreOffice takes to calculate the formulas: with them, less without."""
    import resource  # not on Windows

    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        user = Path(folder) / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE)
        spent = []
        for formulas in (False, True):
            path = Path(folder) / f"native_{formulas}.xlsx"
            book = xlsxwriter.Workbook(str(path))
            orders, table = book.add_worksheet("orders"), book.add_worksheet("table")
            for c, column in enumerate(columns):
                orders.write_column(0, c, [row[0] for row in column])
            last = len(columns[0])
            for r, name in enumerate(sorted({row[0] for row in columns[0]}), 1) if formulas else ():
                table.write(r - 1, 0, name)
                keys = f"orders!$A$1:$A${last}"
                table.write_formula(r - 1, 1, f"=_xlfn.MAXIFS(orders!$B$1:$B${last},{keys},A{r})")
                table.write_formula(r - 1, 2, f"=COUNTIFS({keys},A{r})")
                table.write_formula(r - 1, 3, f"=SUMIFS(orders!$C$1:$C${last},{keys},A{r})")
                for k, source in enumerate("BCD"):
                    ranks = f"${source}$1:${source}${ORDER_CUSTOMERS}"
                    table.write_formula(r - 1, 4 + k, f"=1+INT(4.999*PERCENTRANK({ranks},{source}{r}))")
            book.close()
            begin = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
                 "--convert-to", "ods", "--outdir", folder, str(path)],
                capture_output=True, check=True, timeout=1800,
            )  # fmt: skip
            end = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime)
        return spent[1] - spent[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-native", action="store_true")
    wanted = parser.parse_args()
    report("import udfs.worksheet", import_time(), 0.5)
    scores()
    table_beside_native(not wanted.without_native)


if __name__ == "__main__":
    main()
