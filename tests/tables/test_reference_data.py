"""Real files, compared with the same sums made independently with pandas."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from addin import sources, tables
from tests.programs import REFERENCE_DATA
from udfs.cleaning.assemble import Cleaned, assemble
from udfs.cleaning.options import CleaningOptions

pytestmark = pytest.mark.reference_data
TODAY = CleaningOptions(today=dt.date(2024, 12, 31))


def clean(name: str, names: list[str] | None = None) -> Cleaned:
    return assemble(tables.find(sources.read(REFERENCE_DATA / name, names)).read(), TODAY)


def per_customer(cleaned: Cleaned) -> dict[str, Decimal]:
    """Sum of amounts by customer name, added exactly."""
    orders, names = cleaned.data.orders, cleaned.data.customers["customer"].tolist()
    assert orders is not None
    sums: dict[str, Decimal] = {}
    for index, amount in zip(orders["customer_index"], orders["amount"], strict=True):
        sums[names[index]] = sums.get(names[index], Decimal(0)) + Decimal(str(amount))
    return sums


def test_rfm_orders() -> None:
    cleaned = clean("rfm_orders.csv")
    with (REFERENCE_DATA / "rfm_orders_expected.csv").open(encoding="utf-8") as file:
        expected = {row["customer_id"]: Decimal(row["amount"]) for row in csv.DictReader(file)}
    assert per_customer(cleaned) == expected
    assert len(expected) == 995
    assert (cleaned.rows_read, cleaned.rows_used, cleaned.data.left_out) == (4906, 4906, {})


def test_mac_file_with_cr_line_ends() -> None:
    cleaned = clean("joao_orders.csv")
    with (REFERENCE_DATA / "joao_rfm_table.csv").open(encoding="mac_roman") as file:
        expected = {row["customer"]: Decimal(row["monetary_value"]) for row in csv.DictReader(file)}
    assert per_customer(cleaned) == expected
    assert len(expected) == 793
    assert "Neil Französisch" in expected
    assert cleaned.data.orders is not None
    assert cleaned.data.orders["date"].min() == dt.datetime(2011, 1, 4)
    assert cleaned.data.orders["date"].max() == dt.datetime(2014, 12, 31)


def test_online_retail_reconciles_to_the_cent() -> None:
    cleaned = clean("online_retail_subset_300cust.csv")
    total, used, nobody, returns = Decimal(0), 0, 0, 0
    with (REFERENCE_DATA / "online_retail_subset_300cust.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["CustomerID"]:
                nobody += 1
                continue
            used += 1
            returns += row["InvoiceNo"].startswith("C")
            total += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    assert (cleaned.rows_used, cleaned.data.left_out) == (used, {"no_customer": nobody})
    assert Decimal(str(cleaned.amount_total)) == total
    assert sum(per_customer(cleaned).values()) == total
    assert cleaned.data.orders is not None
    assert int(cleaned.data.orders["is_return"].sum()) == returns
    assert len(cleaned.data.customers) == 300


def test_cdnow_with_names() -> None:
    cleaned = clean("cdnow_sample.txt", ["customer_id", "sample", "order_date", "quantity", "amount"])
    lines = (REFERENCE_DATA / "cdnow_sample.txt").read_text().splitlines()
    expected = sum((Decimal(line.split()[4]) for line in lines), Decimal(0))
    assert Decimal(str(cleaned.amount_total)) == expected
    assert len(cleaned.data.customers) == 2357


@pytest.mark.parametrize("folder", ["closedxml", "openxmlsdk", "xlwings"])
def test_no_workbook_makes_the_search_for_tables_fail_without_a_sentence(folder: str) -> None:
    from addin.hosts import xlsx
    from udfs.texts import FenjiError

    seen = 0
    for path in sorted((REFERENCE_DATA / "workbooks" / folder).rglob("*.xls[xm]")):
        seen += 1
        with contextlib.suppress(FenjiError):
            tables.find(xlsx.open(Path(path))).read()
    assert seen
