"""Growth, trends, seasons, cohorts and movements by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cohorts import cohort_table
from udfs.lifetime_value import clv_historic, clv_simple
from udfs.migration import between_periods, directions, movement, retention_rate
from udfs.periods import growth_rate, season_index, trend_slope, year_on_year


def test_growth():
    assert growth_rate(np.array([1.1, 0.0]), np.array([1.0, 4.0])).tolist() == [0.1, -1]


def test_year_on_year_of_a_short_series():
    assert np.isnan(year_on_year(np.array([1.0, 2.0]))).all()


def test_trend_by_hand():
    assert trend_slope(np.array([[1.0, 2, 4], [3, 3, 3]])).tolist() == [1.5, 0]
    assert trend_slope(np.array([1.0, np.nan, 5.0])).item() == 2
    assert np.isnan(trend_slope(np.array([1.0])))
    assert np.isnan(trend_slope(np.array([np.nan, 1.0])))


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=9))
def test_trend_agrees_with_scipy(values):
    from scipy.stats import theilslopes

    assert trend_slope(np.array(values, float)).item() == pytest.approx(theilslopes(values)[0])


def test_seasons_of_a_pure_pattern():
    pattern = np.array([0.5, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 1.5])
    values = np.concatenate([pattern, pattern, pattern]) * 100
    assert season_index(values).round(6).tolist() == pattern.tolist()
    shifted = season_index(np.roll(values, -3), first_month=4)
    assert shifted.round(6).tolist() == pattern.tolist()


def test_seasons_need_24_months():
    assert np.isnan(season_index(np.ones(23))).all()
    assert season_index(np.ones(24)).round(9).tolist() == [1] * 12
    assert np.isnan(season_index(np.zeros(24))).all()


def test_cohorts_by_hand():
    day = np.array(
        [np.datetime64(d, "D").astype(int) for d in ("2024-01-05", "2024-01-30", "2024-03-01", "2024-02-02")]
    )
    table = cohort_table(np.array([0, 0, 0, 1]), day, np.array([10.0, 5, 7, 1]))
    assert table.labels == ["2024-01", "2024-02"]
    assert table.customers.tolist() == [[1, 0, 1], [1, 0, -1]]
    assert table.amount[0].tolist() == [15, 0, 7]
    assert np.isnan(table.retention[1, 2])
    assert len(cohort_table(np.empty(0, int), np.empty(0, int)).months) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400)), min_size=1, max_size=40))
def test_every_customer_is_in_one_cohort(rows):
    customer, day = (np.array(x) for x in zip(*rows, strict=True))
    table = cohort_table(customer, day, np.ones(len(rows)))
    assert table.size.sum() == len(set(customer.tolist()))
    assert table.customers[:, 0].tolist() == table.size.tolist()
    assert np.nansum(table.amount) == len(rows)


def test_movement_counts_money_too():
    moved = movement(["A", "B", "C", ""], ["A", "A", "D", "A"], "ABC", np.array([1.0, 2, 3, 9]))
    assert moved.codes == ["A", "B", "C", "D"]
    assert (moved.rose, moved.fell, moved.stayed) == (1, 1, 1)
    assert moved.amount[1, 0] == 2


def test_directions_and_retention():
    assert directions(["A", ""], ["B", ""], "AB").tolist() == ["fell", "same"]
    assert between_periods(np.array([1]), np.array([0])).tolist() == ["lapsed"]
    assert np.isnan(retention_rate(np.zeros(2), np.ones(2)))


def test_simple_clv_out_of_its_domain():
    assert np.isnan(clv_simple(1.0, np.array([1.2, -0.1, 1.0]), np.array([0.1, 0.1, 0.0]))).all()
    assert clv_simple(np.array([100.0]), 1.0, 0.1).round(6).tolist() == [1000]


def test_historic_clv_is_exact():
    assert clv_historic(np.array([0.1] * 10)) == 1
