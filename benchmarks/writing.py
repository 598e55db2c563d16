"""Writing grades into a workbook with a big order sheet, beside openpyxl and XlsxWriter.

    python benchmarks/writing.py                # 1,000,000 orders, 50,000 customers
    python benchmarks/writing.py --rows 50000 --slow

fenji adds 22 columns to the customer table and six sheets of results and saves; the order sheet leaves as the
bytes it came in. XlsxWriter cannot change a workbook: it writes the same results into a new one, without the
user's own sheets. openpyxl loads and saves the whole workbook (and loses parts of it), so it is slow.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import engine_data, side_by_side

ADDED = 22


def added_columns() -> pd.DataFrame:
    """22 columns for 50,000 customers: numbers, scores, codes and sentences."""
    random = np.random.default_rng(1)
    n = engine_data.CUSTOMERS
    names = np.array(["重要价值客户", "重要发展客户", "一般保持客户", "一般挽留客户"], object)
    columns: dict[str, object] = {}
    for i in range(8):
        columns[f"数值{i}"] = np.round(random.lognormal(5, 1, n), 2)
    for i in range(6):
        columns[f"得分{i}"] = random.integers(1, 6, n)
    for i in range(6):
        columns[f"类别{i}"] = names[random.integers(0, 4, n)]
    columns["末次消费"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 700, n), "D")
    columns["说明"] = [
        f"近一年消费 {i % 40} 次,金额 {i * 3.5:,.2f} 元,最近一次在 {i % 300} 天前。" for i in range(n)
    ]
    return pd.DataFrame(columns)


def result_sheets() -> dict[str, pd.DataFrame]:
    """Two sheets with a row per customer, and four short ones."""
    frame = added_columns()
    customers = frame.iloc[:, [0, 1, 8, 9, 10, 14, 15, 20, 21]]
    rfm = frame.iloc[:, [0, 1, 2, 8, 9, 10, 14]]
    short = {
        name: frame.head(rows)
        for name, rows in (("客群汇总", 11), ("计算口径", 40), ("数据检查", 2000), ("历史", 300))
    }
    return {"客户分级": customers, "RFM": rfm, **short}


def fenji(path: Path, columns: pd.DataFrame, sheets: dict[str, pd.DataFrame]) -> object:
    from addin.hosts import xlsx
    from workbook_templates.cells import write_frame

    book = xlsx.open(path)
    customers = book.sheets["客户"]
    table = customers.tables[0]
    width = len(engine_data.CUSTOMER_HEADERS)
    table.resize(customers.range((1, 1), (engine_data.CUSTOMERS + 1, width + ADDED)))
    write_frame(customers.range((1, width + 1)), columns)
    for number, (name, frame) in enumerate(sheets.items()):
        sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
        written = write_frame(sheet["A1"], frame)
        sheet.tables.add(written, name=f"tblResult{number}")
    book.save()
    return path.stat().st_size


def xlsxwriter_new(path: Path, columns: pd.DataFrame, sheets: dict[str, pd.DataFrame]) -> object:
    import xlsxwriter

    book = xlsxwriter.Workbook(path.with_name("new.xlsx"), {"default_date_format": "yyyy-mm-dd"})
    for name, frame in {"客户": columns, **sheets}.items():
        sheet = book.add_worksheet(name)
        headers = [{"header": str(h)} for h in frame.columns]
        records = frame.astype(object).to_numpy().tolist()
        options = {"name": f"tbl{len(book.worksheets())}", "columns": headers, "data": records}
        sheet.add_table(0, 0, len(frame), len(headers) - 1, options)
    book.close()
    return path.with_name("new.xlsx").stat().st_size


def openpyxl_load_save(path: Path, columns: pd.DataFrame, sheets: dict[str, pd.DataFrame]) -> object:
    import openpyxl

    book = openpyxl.load_workbook(path)
    customers = book["客户"]
    for offset, name in enumerate(columns.columns, len(engine_data.CUSTOMER_HEADERS) + 1):
        customers.cell(1, offset, name)
        for row, value in enumerate(columns[name].tolist(), 2):
            customers.cell(row, offset, value)
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for record in frame.itertuples(index=False):
            sheet.append(record)
    book.save(path)
    return path.stat().st_size


BASE = "fenji, into the workbook"
Way = Callable[[Path, pd.DataFrame, dict[str, pd.DataFrame]], object]
WAYS: dict[str, Way] = {BASE: fenji, "XlsxWriter, a new workbook": xlsxwriter_new}
SLOW: dict[str, Way] = {"openpyxl, load and save": openpyxl_load_save}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="orders in the workbook")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", action="store_true", help="openpyxl too")
    parser.add_argument("--only", help="run this way alone, and print its numbers as JSON")
    options = parser.parse_args()
    original = engine_data.workbook(options.rows)
    if options.only:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(shutil.copy(original, folder))
            columns, sheets = added_columns(), result_sheets()
            import addin.hosts.xlsx  # noqa: F401 - imports are not counted

            side_by_side.measure(lambda: (WAYS | SLOW)[options.only](path, columns, sheets))
        return
    ways = [*WAYS, *(SLOW if options.slow else [])]
    print(f"{options.rows:,} orders, {engine_data.CUSTOMERS:,} customers, best of {options.rounds}")
    side_by_side.compare(__file__, ways, ["--rows", str(options.rows)], options.rounds, BASE)


if __name__ == "__main__":
    main()
