"""Product analyses against plain pandas, and by hand."""

import numpy as np
import pandas as pd
import pytest

from tests.udfs.small_data import orders, random_data
from udfs.products import favourites, product_mix, uptake
from udfs.texts import FenjiError


def test_the_mix_agrees_with_plain_pandas():
    table = random_data(3, rows=500).orders
    found = product_mix(table).set_index("product")
    plain = table.groupby("product")["amount"].sum()
    pd.testing.assert_series_equal(
        found["amount"].sort_index(), plain, check_names=False, check_dtype=False, check_index_type=False
    )
    assert found["share"].sum() == pytest.approx(1)
    sales = table[~table["is_return"]]
    customers = sales.groupby("product")["customer_index"].nunique()
    assert found["customers"].sort_index().tolist() == customers.tolist()
    assert found["rows"].sum() == len(sales)


def test_returns_are_subtracted_and_empty_names_left_out():
    table = orders(
        [(0, "2024-01-01", 50), (0, "2024-01-09", -20), (1, "2024-02-01", 10), (1, "2024-02-01", 5)],
        product=["茶", "茶", "", None],
        quantity=[5.0, -2, 1, 1],
    )
    found = product_mix(table)
    assert found[["product", "amount", "rows", "quantity"]].values.tolist() == [["茶", 30, 1, 3]]


def test_trend_is_a_share_of_the_mean_month():
    rows = [(0, f"2024-{m:02d}-01", 10 * m) for m in range(1, 7)] + [(0, "2024-06-02", 35)]
    found = product_mix(orders(rows, product=["茶"] * 6 + ["杯"])).set_index("product")
    assert found.loc["茶", "trend"] == pytest.approx(10 / 35)
    assert np.isnan(found.loc["杯", "trend"])


def test_no_product_column_is_an_error_that_says_so():
    with pytest.raises(FenjiError, match="no column 'product'"):
        product_mix(orders([(0, "2024-01-01", 5)]))


def test_uptake_by_hand():
    rows = [
        (0, "2024-01-01", 5),
        (0, "2024-02-01", 5),
        (1, "2024-02-02", 5),
        (0, "2024-03-01", 5),
        (2, "2024-04-01", 5),
    ]
    found = uptake(orders(rows, product=["旧", "新", "新", "新", "旧"]), "新")
    assert found["new_customers"].tolist() == [2, 0, 0]
    assert found["customers"].tolist() == [2, 1, 0]
    assert found["repeat_share"].tolist()[:2] == [0, 1]
    assert found["reach"].tolist() == [1, 1, 2 / 3]
    with pytest.raises(FenjiError, match="no sale"):
        uptake(orders(rows, product=["旧"] * 5), "新")


def test_favourites_by_rows_then_money_then_name():
    rows = [
        (0, "2024-01-01", 5),
        (0, "2024-01-01", 5),
        (0, "2024-01-01", 9),
        (1, "2024-01-01", 1),
        (1, "2024-01-01", 2),
        (2, "2024-01-01", -2),
    ]
    found = favourites(orders(rows, product=["a", "a", "b", "a", "b", "a"]), 4)
    assert found.values.tolist() == [["a", 2], ["b", 2], ["", 0], ["", 0]]
