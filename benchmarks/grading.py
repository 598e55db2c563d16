"""How long grading takes, beside the R, F, M scores alone written plainly with pandas.

    python -m benchmarks.grading            10k, 100k and 1M orders
    python -m benchmarks.grading 100000     one size

Both work on the same cleaned tables in memory and run in turns; the best of three counts. fenji's side does all
of a regrade after cleaning: 50-odd columns for each customer, explanations included. The pandas side does three
scores with groupby and qcut. CPU seconds are those of this process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from udfs.customer_data import CustomerData
from udfs.grading import grade

RUNS = 3


def tables(n_orders: int) -> CustomerData:
    """Customers and orders with everything a grading can use."""
    rng = np.random.default_rng(1)
    n = max(n_orders // 20, 50)
    index = (n * rng.random(n_orders) ** 1.5).astype(np.int32)
    returned = rng.random(n_orders) < 0.02
    amount = np.round(rng.lognormal(6, 1, n_orders), 2)
    orders = pd.DataFrame(
        {
            "customer_index": index,
            "date": np.datetime64("2022-01-01") + rng.integers(0, 1095, n_orders).astype("timedelta64[D]"),
            "amount": np.where(returned, -amount, amount),
            "is_return": returned,
            "order_id": np.arange(n_orders),
            "discount": np.where(rng.random(n_orders) < 0.3, 0.1, np.nan),
            "cost": np.round(np.where(returned, -amount, amount) * 0.6, 2),
            "product": pd.Categorical.from_codes(
                rng.integers(0, 40, n_orders), [f"产品{i}" for i in range(40)]
            ),
        }
    )
    customers = pd.DataFrame(
        {
            "customer_id": [f"K{i:06d}" for i in range(n)],
            "customer": [f"客户{i}" for i in range(n)],
            "source_row": np.arange(n) + 2,
        }
    )
    return CustomerData(customers, orders)


def plain(data: CustomerData) -> pd.DataFrame:
    """R, F and M scores as most notebooks make them."""
    assert data.orders is not None
    end = data.orders["date"].max() + pd.Timedelta(days=1)
    groups = data.orders[~data.orders["is_return"]].groupby("customer_index")
    table = pd.DataFrame(
        {
            "recency": (end - groups["date"].max()).dt.days,
            "frequency": groups["order_id"].nunique(),
            "monetary": data.orders.groupby("customer_index")["amount"].sum(),
        }
    ).dropna()
    for name, labels in (
        ("recency", [5, 4, 3, 2, 1]),
        ("frequency", [1, 2, 3, 4, 5]),
        ("monetary", [1, 2, 3, 4, 5]),
    ):
        table[name[0]] = pd.qcut(table[name].rank(method="first"), 5, labels=labels)
    table["rfm"] = table["r"].astype(str) + table["f"].astype(str) + table["m"].astype(str)
    return table


def best(work: Callable[[CustomerData], Any], data: CustomerData) -> tuple[float, float]:
    """Seconds and CPU seconds of one run."""
    start, cpu = time.perf_counter(), time.process_time()
    work(data)
    return time.perf_counter() - start, time.process_time() - cpu


def main(sizes: list[int]) -> None:
    """Prints one line for each size."""
    print(
        f"{'orders':>10} {'customers':>10} {'fenji s':>9} {'CPU s':>7} {'pandas s':>9} {'CPU s':>7} {'ratio':>7}"
    )
    for size in sizes:
        data = tables(size)
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(best(grade, data))
            theirs.append(best(plain, data))
        (a, a_cpu), (b, b_cpu) = min(ours), min(theirs)
        n = len(data.customers)
        print(f"{size:>10,} {n:>10,} {a:>9.2f} {a_cpu:>7.2f} {b:>9.2f} {b_cpu:>7.2f} {a / b:>7.2f}")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
