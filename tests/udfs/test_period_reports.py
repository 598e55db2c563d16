"""Two periods side by side: by hand, and against plain pandas."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.small_data import orders, random_data
from udfs.period_reports import (
    compare,
    contributors,
    customer_changes,
    monthly,
    period_before,
    retention,
    revenue_tree,
    seasons,
    year_before,
)
from udfs.scope import Period
from udfs.texts import FenjiError

Q1 = Period(dt.date(2024, 1, 1), dt.date(2024, 3, 31))
Q2 = Period(dt.date(2024, 4, 1), dt.date(2024, 6, 30))
ROWS = [
    (0, "2023-05-01", 10), (0, "2024-02-01", 40), (0, "2024-05-01", 20), (0, "2024-05-02", 10), (1, "2024-03-31", 60),
    (2, "2024-04-01", 5), (2, "2024-06-30", -2),
]  # fmt: skip


def test_neighbouring_periods():
    assert str(period_before(Q2)) == str(Q1)
    assert str(period_before(Period(dt.date(2024, 1, 10), dt.date(2024, 1, 12)))) == "2024-01-07..2024-01-09"
    assert str(period_before(Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31)))) == "2023-01-01..2023-12-31"
    assert str(year_before(Period(dt.date(2024, 2, 29), dt.date(2024, 3, 1)))) == "2023-02-28..2023-03-01"
    assert str(year_before(Period(dt.date(2023, 2, 1), dt.date(2023, 2, 28)))) == "2022-02-01..2022-02-28"


def test_compare_by_hand():
    table = compare(orders(ROWS), Q2, 4).set_index("metric")
    assert table.loc["amount", ["now", "before", "year_ago"]].tolist() == [33, 100, 10]
    assert table.loc["customers", ["now", "before", "year_ago"]].tolist() == [2, 2, 1]
    assert table.loc["orders", ["now", "before"]].tolist() == [3, 2]
    assert table.loc["average_order", "now"] == 11
    assert table["fell"].to_dict() == {
        "customers": False,
        "amount": True,
        "orders": False,
        "average_order": True,
    }
    assert table.loc["amount", "year_change_share"] == 2.3


def test_customer_changes_by_hand():
    table = customer_changes(orders(ROWS), Q2, Q1, 4)
    assert table["row"].tolist() == [0, 1, 2]
    assert table["change"].tolist() == [-10, -60, 3]
    assert table["status"].tolist() == ["repeating", "lapsed", "new"]
    assert table["rank"].tolist()[::2] == [1, 2]
    assert table["rank_change"].tolist()[0] == 1
    kept = retention(orders(ROWS), Q2, Q1, 4)
    assert kept[["status", "customers", "amount", "amount_before"]].values.tolist() == [
        ["new", 1, 3, 0], ["repeating", 1, 30, 40], ["lapsed", 1, 0, 60],
    ]  # fmt: skip


def test_contributors_add_up():
    table = contributors(orders(ROWS, channel=["a", "a", "a", "b", None, "b", "b"]), Q2, Q1, "channel")
    assert table[["channel", "change"]].values.tolist() == [["", -60], ["a", -20], ["b", 13]]
    assert table["contribution"].sum() == pytest.approx(1)
    with pytest.raises(FenjiError):
        contributors(orders(ROWS), Q2, Q1, "channel")


@given(st.integers(0, 500))
def test_the_revenue_tree_adds_up(seed):
    table = random_data(seed, rows=200).orders
    tree = revenue_tree(table, Q2, Q1, 40)
    changed = compare(table, Q2, 40).set_index("metric").loc["amount", "change"]
    assert tree["effect"].sum() == pytest.approx(changed)


def test_months_agree_with_plain_pandas():
    table = random_data(4, rows=600).orders
    found = monthly(table).set_index("month")
    by_month = table.groupby(table["date"].dt.to_period("M"))
    assert found["amount"].tolist() == pytest.approx(by_month["amount"].sum().tolist())
    sales = table[~table["is_return"]]
    people = sales.groupby(sales["date"].dt.to_period("M"))["customer_index"].nunique()
    assert found["customers"].tolist() == people.tolist()


def test_seasons_name_the_high_and_the_low():
    rows = [
        (0, f"{y}-{m:02d}-28", 50 if m in (1, 2) else 200 if m == 11 else 100)
        for y in (2021, 2022, 2023)
        for m in range(1, 13)
    ]
    found = seasons(orders(rows), end=dt.date(2023, 12, 31))
    assert (found.high, found.low) == ((11,), (1, 2))
    assert found.index.mean() == pytest.approx(1)
    short = seasons(orders(rows[:20]))
    assert np.isnan(short.index).all()
    assert short.high == ()
    assert seasons(orders([])).months == 0


def test_a_last_month_that_is_not_complete_is_left_out():
    rows = [(0, f"{y}-{m:02d}-15", 100) for y in (2022, 2023) for m in range(1, 13)] + [(0, "2024-01-02", 1)]
    assert seasons(orders(rows)).months == 24


def test_a_period_without_orders():
    empty = Period(dt.date(2020, 1, 1), dt.date(2020, 1, 31))
    table = compare(orders(ROWS), empty, 4).set_index("metric")
    assert table.loc["amount", "now"] == 0
    assert np.isnan(table.loc["average_order", "now"])
    assert pd.isna(revenue_tree(orders(ROWS), empty, Q1, 4)["effect"]).all()
