"""Cleaning a dirty order table, beside the same job written plainly with pandas.

    python benchmarks/cleaning.py               # 1,000,000 rows x 6
    python benchmarks/cleaning.py --rows 100000

Both start from the cells as a sheet holds them (numbers, dates and texts mixed) and end with the orders that
count: dates read in several spellings, amounts such as 86元, cancelled and test orders left out, customers
numbered. fenji also lists every cell it could not read, marks duplicates and outliers, and sums exactly.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import side_by_side
from udfs.cleaning.columns import Column, Kind, RawTable

TODAY = dt.date(2026, 1, 1)
STATUSES = ["交易成功", "已发货", "交易关闭"]
CUSTOMERS = 50_000


def dirty_orders(rows: int) -> RawTable:
    """Orders in which 2 % of the dates and 1 % of the amounts are text."""
    rng = np.random.default_rng(7)
    customers = min(CUSTOMERS, max(rows // 20, 1))
    who = rng.integers(0, customers, rows)
    day = 45_000 + rng.integers(0, 900, rows)
    amount = np.round(rng.lognormal(5, 1, rows), 2)
    columns = {
        "order_id": _texts(np.arange(rows) // 2, [f"SO{i:07d}" for i in range((rows + 1) // 2)]),
        "order_date": _numbers(day, Kind.DATE),
        "customer_id": _texts(who, [f"C{i:05d}" for i in range(customers)]),
        "customer": _texts(who, [f"客户{i:05d}有限公司" for i in range(customers)]),
        "status": _texts(rng.integers(0, len(STATUSES), rows), STATUSES),
        "amount": _numbers(amount, Kind.NUMBER),
    }
    spellings = [str(np.datetime64("1899-12-30") + i).replace("-", "#") for i in range(45_000, 45_900)]
    dates_as_text = rng.choice(rows, rows // 50, replace=False)
    _make_text(columns["order_date"], dates_as_text, day[dates_as_text] - 45_000, spellings)
    amounts_as_text = rng.choice(rows, rows // 100, replace=False)
    written = [f"{x}元" for x in amount[amounts_as_text]]
    _make_text(columns["amount"], amounts_as_text, np.arange(len(written)), written)
    numbers = np.arange(2, rows + 2, dtype=np.int32)
    return RawTable("orders", "订单", None, 1, numbers, columns, dict.fromkeys(columns, ""), {}, {})


def _numbers(values: np.ndarray, kind: Kind) -> Column:
    n = len(values)
    return Column(np.full(n, kind, np.uint8), values.astype(float), np.full(n, -1, np.int32), [])


def _texts(codes: np.ndarray, texts: list[str]) -> Column:
    n = len(codes)
    return Column(np.full(n, Kind.TEXT, np.uint8), np.full(n, np.nan), codes.astype(np.int32), texts)


def _make_text(column: Column, where: np.ndarray, codes: np.ndarray, texts: list[str]) -> None:
    column.kind[where], column.number[where], column.code[where] = Kind.TEXT, np.nan, codes
    column.texts.extend(texts)


def fenji(rows: int) -> Callable[[], object]:
    """assemble(): orders understood, judged, joined; check list and control totals."""
    from udfs.cleaning.assemble import assemble
    from udfs.cleaning.options import CleaningOptions

    table = dirty_orders(rows)
    return lambda: assemble({"orders": [table]}, CleaningOptions(today=TODAY)).rows_used


def pandas(rows: int) -> Callable[[], object]:
    """The usual way: object columns, to_datetime, string replacements, factorize."""
    import pandas as pd

    table = dirty_orders(rows)
    raw = pd.DataFrame({key: list(column.values()) for key, column in table.columns.items()})

    def clean() -> int:
        frame = raw.copy()
        as_text = frame["order_date"].map(lambda cell: isinstance(cell, str))
        frame.loc[as_text, "order_date"] = pd.to_datetime(frame.loc[as_text, "order_date"], format="%Y#%m#%d")
        frame["order_date"] = pd.to_datetime(frame["order_date"])
        amounts = frame["amount"].astype(str).str.replace("元", "").str.replace(",", "")
        frame["amount"] = pd.to_numeric(amounts, errors="coerce")
        frame = frame[~frame["status"].str.contains("关闭|取消|未付款")]
        frame = frame[~frame["customer"].str.contains("测试|test")]
        frame = frame[frame["amount"].notna() & (frame["order_date"] <= pd.Timestamp(TODAY))]
        frame["customer_index"] = pd.factorize(frame["customer_id"])[0]
        return len(frame)

    return clean


WAYS: dict[str, Callable[[int], Callable[[], object]]] = {"fenji": fenji, "pandas": pandas}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=list(WAYS))
    given = parser.parse_args()
    if given.only:
        side_by_side.measure(WAYS[given.only](given.rows))
        return
    print(f"{given.rows:,} orders")
    side_by_side.compare(__file__, list(WAYS), ["--rows", str(given.rows)], given.rounds, "fenji")


if __name__ == "__main__":
    main()
