"""Concentration by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.concentration import gini, herfindahl, lorenz_curve, pareto_share, pareto_table

amounts = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)


def test_herfindahl_of_20_30_50():
    assert herfindahl(np.array([0.2, 0.3, 0.5])) == 3800


def test_gini_by_hand():
    assert gini(np.array([1.0, 2, 3, 4])) == 0.25
    assert gini(np.array([0.0, 0, 0, 5]), small_sample=True) == 1


def test_top_20_percent_of_eleven_is_three():
    assert pareto_share(np.array([5.0] * 11)) == pytest.approx(3 / 11)


def test_nothing_to_divide_by():
    for function in (gini, herfindahl, pareto_share):
        assert np.isnan(function(np.zeros(3)))
        assert np.isnan(function(np.empty(0)))


@given(amounts)
def test_gini_is_twice_the_area_over_the_lorenz_curve(values):
    people, money = lorenz_curve(np.array(values, float))
    area = ((money[1:] + money[:-1]) / 2 * np.diff(people)).sum()
    assert gini(np.array(values, float)) == pytest.approx(1 - 2 * area, abs=1e-9)


@given(amounts)
def test_the_money_unit_and_order_do_not_matter(values):
    yuan, wan = np.array(values) / 100, np.array(values[::-1]) / 1_000_000
    for function in (gini, herfindahl, pareto_share):
        assert function(yuan) == function(wan)


@given(amounts)
def test_curves_rise_to_one(values):
    for _, money in (lorenz_curve(np.array(values, float)), pareto_table(np.array(values, float))):
        assert (np.diff(money) >= 0).all()
        assert money[-1] == 1
