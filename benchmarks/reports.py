"""How long each report takes after reading: python benchmarks/reports.py [orders] [customers].

Prints seconds of computing and filling for each template, and of saving, beside the plain pandas sums of the same
orders, so that the numbers can be compared between machines.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from addin.hosts import xlsx
from udfs.customer_data import CustomerData
from udfs.grading import grade
from workbook_templates import build
from workbook_templates.datasets import Datasets
from workbook_templates.designs import ALL
from workbook_templates.fill import fill

SKIPPED = ("start", "card", "grading")  # entry form; one page for each customer; part of `regrade`


def made_up(orders: int, customers: int) -> CustomerData:
    """Orders and customers as cleaning leaves them."""
    rng = np.random.default_rng(1)
    people = pd.DataFrame(
        {
            "customer_id": [f"C{i:06d}" for i in range(customers)],
            "customer": [f"客户{i:06d}有限公司" for i in range(customers)],
            "phone": [f"1990{i:07d}" for i in range(customers)],
            "region": rng.choice(["华东", "华南", "华北", "西南"], customers),
            "province": rng.choice(["浙江", "广东", "北京", "四川", "江苏"], customers),
            "industry": rng.choice(["零售业", "批发业", "制造业", "餐饮业"], customers),
            "nature": rng.choice(["民营企业", "国有企业", "外资企业"], customers),
            "owner": rng.choice(["李敏", "王强", "陈思", "周婷"], customers),
            "sex": rng.choice(["男", "女"], customers),
            "age": rng.integers(20, 70, customers).astype(float),
            "source_row": np.arange(2, customers + 2),
        }
    )
    who = np.minimum(rng.exponential(customers / 4, orders).astype(np.int32), customers - 1)
    day = np.datetime64("2022-01-01") + rng.integers(0, 1096, orders)
    amount = np.round(rng.lognormal(5, 1, orders), 2)
    returned = rng.random(orders) < 0.02
    lines = pd.DataFrame(
        {
            "customer_index": who,
            "date": day.astype("datetime64[s]"),
            "amount": np.where(returned, -amount, amount),
            "is_return": returned,
            "order_id": np.arange(orders),
            "quantity": rng.integers(1, 20, orders).astype(float),
            "cost": np.round(amount * 0.7, 2),
            "discount": np.where(rng.random(orders) < 0.2, 5.0, 0.0),
            "product": pd.Categorical(rng.choice([f"产品{i}" for i in range(60)], orders)),
            "category": pd.Categorical(rng.choice(["咖啡", "茶叶", "设备"], orders)),
            "channel": pd.Categorical(rng.choice(["线上商城", "门店", "经销商"], orders)),
            "due_date": day.astype("datetime64[s]") + np.timedelta64(30, "D"),
            "paid_date": day.astype("datetime64[s]") + rng.integers(5, 60, orders).astype("timedelta64[D]"),
        }
    )
    return CustomerData(people, lines)


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    customers = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    data = made_up(orders, customers)
    start = time.perf_counter()
    data.orders.groupby("customer_index")["amount"].agg(["sum", "count"])  # type: ignore[union-attr]
    unit = time.perf_counter() - start
    start = time.perf_counter()
    grading = grade(data)
    print(f"{orders:,} orders, {customers:,} customers; one pandas groupby {unit:.3f} s")
    print(f"{'grade':<14}{time.perf_counter() - start:8.2f} s")
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for template in ALL:
            if template.name in SKIPPED:
                continue
            book = xlsx.open(build.HERE / "zh" / f"{template.name}.xlsx")
            start = time.perf_counter()
            fill(book, book, Datasets(grading, "zh"))
            filled = time.perf_counter()
            target = Path(folder) / f"{template.name}.xlsx"
            book.save(target)
            saved = time.perf_counter()
            total += saved - start
            print(
                f"{template.name:<14}{filled - start:8.2f} s fill {saved - filled:8.2f} s save"
                f" {target.stat().st_size / 1e6:8.1f} MB {(saved - start) / unit:8.0f} x groupby"
            )
    print(f"{'all':<14}{total:8.2f} s")


if __name__ == "__main__":
    main()
