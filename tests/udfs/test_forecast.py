"""Predictions for a whole workbook, and movements between two gradings."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.udfs.small_data import customers, orders, random_data
from udfs.customer_data import CustomerData
from udfs.forecast import lifetime_table
from udfs.grading import grade
from udfs.lifetime_value import NotEnoughData
from udfs.movements import movements
from udfs.options import GradingOptions


@pytest.fixture(scope="module")
def shop():
    """Customers who buy at their own rate and leave with some chance after each purchase."""
    rng = np.random.default_rng(11)
    rows = []
    for i in range(600):
        day, rate, leave = int(rng.integers(0, 300)), rng.gamma(1.2, 12) + 8, rng.beta(1, 4)
        level = rng.gamma(3, 60)
        while day < 700:
            rows.append((i, np.datetime64("2022-01-01") + day, round(rng.gamma(5, level / 5) + 1, 2)))
            if rng.random() < leave:
                break
            day += max(int(rng.exponential(rate)), 1)
    return CustomerData(customers(601), orders(rows))


def test_lifetime_values_of_a_workbook(shop):
    result = grade(shop, GradingOptions(margin_rate=0.3))
    table, found = lifetime_table(result)
    buyers = result.facts.values.buyers
    assert table["clv"].notna().tolist() == buyers.tolist()
    bought = table[buyers]
    assert ((bought["clv_low"] < bought["clv"]) & (bought["clv"] < bought["clv_high"])).all()
    whole, _ = lifetime_table(grade(shop), interval=False)
    np.testing.assert_allclose(table["clv"], whole["clv"] * 0.3)
    assert found.model.alpha > 0


def test_a_low_chance_of_buying_again_is_a_churn_flag(shop):
    plain = grade(shop)
    flagged = grade(shop, GradingOptions(churn_p_alive=0.3))
    assert "low_p_alive" not in plain.grades
    silent = flagged.grades[flagged.grades["low_p_alive"]]
    assert 0 < len(silent) < 500
    assert silent["churn_reasons"].str.contains("low_p_alive").all()
    assert not flagged.grades["low_p_alive"].iloc[600]


def test_too_little_data_is_said_and_not_computed():
    data = random_data(1)
    result = grade(data, GradingOptions(churn_p_alive=0.3))
    assert any("chance of buying again" in w.en for w in result.warnings)
    assert "low_p_alive" not in result.grades
    with pytest.raises(NotEnoughData):
        lifetime_table(result)


def test_totals_only_cannot_be_predicted():
    people = customers(
        2, last_order_date=pd.to_datetime(["2024-01-01"] * 2), order_count=[1, 2], total_amount=[5.0, 9]
    )
    result = grade(CustomerData(people), GradingOptions(churn_p_alive=0.3))
    assert any("needs an order table" in w.en for w in result.warnings)


def test_what_if_shows_who_moves():
    data = random_data(2)
    now, strict = grade(data), grade(data, GradingOptions(grade_limits=(50, 85)))
    moved = movements(now.grades, strict.grades)
    assert moved.matrix.rose == 0 < moved.matrix.fell == len(moved.of("fell"))
    assert moved.counts()["customers"].sum() == 40
    assert (moved.customers["change"] == 0).all()


def test_two_dates():
    data = random_data(3)
    early = grade(data, GradingOptions(as_of=dt.date(2025, 1, 1)))
    late = grade(data)
    moved = movements(early.grades, late.grades, "segment")
    assert moved.customers["change"].sum() == pytest.approx(
        late.totals["amount_total"] - early.totals["amount_total"]
    )


def test_frozen_cut_points_bring_what_they_counted():
    data = random_data(4)
    first = grade(data, GradingOptions(frequency_basis="rows", monetary_basis="mean"))
    again = grade(data, GradingOptions(method="frozen", frozen=first.cut_points))
    assert again.grades["rfm"].tolist() == first.grades["rfm"].tolist()
    assert again.grades["frequency"].tolist() == first.grades["frequency"].tolist()
