"""Small hand-made tables for tests of calculations."""

import numpy as np
import pandas as pd

from udfs.customer_data import CustomerData

FIRST = np.datetime64("2024-01-01")


def customers(n, **columns):
    """`n` customers named by their number, with more columns by key."""
    names = [f"客户{i}" for i in range(n)]
    ids = [f"K{i}" for i in range(n)]
    return pd.DataFrame({"customer_id": ids, "customer": names, "source_row": np.arange(n) + 2, **columns})


def orders(rows, **columns):
    """Orders from (customer, date, amount); negative amounts are returns."""
    table = pd.DataFrame(rows, columns=["customer_index", "date", "amount"])
    return pd.DataFrame(
        {
            "customer_index": table["customer_index"].astype(np.int32),
            "date": pd.to_datetime(table["date"]),
            "amount": table["amount"].astype(float),
            "is_return": table["amount"].astype(float) < 0,
            **columns,
        }
    )


def random_data(seed=0, n=40, rows=300, unit=1):
    """A random but valid set of customers and orders; two decimals in units of `unit`."""
    rng = np.random.default_rng(seed)
    index = rng.integers(0, n, rows)
    cents = rng.choice([990, 1990, 2990, 12000], rows)
    is_return = rng.random(rows) < 0.05
    table = pd.DataFrame(
        {
            "customer_index": index.astype(np.int32),
            "date": FIRST + rng.integers(0, 700, rows).astype("timedelta64[D]"),
            "amount": np.round(np.where(is_return, -cents, cents) / 100 / unit, 8),
            "is_return": is_return,
            "order_id": np.arange(rows) // 2 * 2 + index % 2,
            "cost": np.round(cents / 200 / unit, 8),
            "discount": rng.choice([0.0, 0.1], rows),
            "campaign": rng.choice(["618", ""], rows),
            "product": rng.choice(["高端茶", "普通茶"], rows),
        }
    )
    feedback = pd.DataFrame(
        {
            "customer_index": rng.integers(0, n, n).astype(np.int32),
            "date": FIRST + rng.integers(300, 700, n).astype("timedelta64[D]"),
            "satisfaction": rng.integers(1, 6, n).astype(float),
            "feedback_kind": rng.choice(["投诉", "建议"], n),
        }
    )
    contacts = pd.DataFrame(
        {
            "customer_index": rng.integers(0, n, 5 * n).astype(np.int32),
            "date": FIRST + rng.integers(500, 700, 5 * n).astype("timedelta64[D]"),
        }
    )
    return CustomerData(customers(n), table, contacts, feedback)
