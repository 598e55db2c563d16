"""Amounts are summed exactly, whatever their unit and order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from udfs.money import from_units, sum_by, to_units

cents = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=50)


@given(cents)
def test_two_decimals_come_back(values):
    amounts = np.array(values) / 100
    units, decimals = to_units(amounts)
    assert decimals <= 2
    assert from_units(units, decimals).tolist() == amounts.tolist()


@given(cents)
def test_the_unit_changes_nothing_but_a_power_of_ten(values):
    yuan, wan = to_units(np.array(values) / 100), to_units(np.array(values) / 1_000_000)
    as_yuan = [int(u) * 10 ** wan[1] for u in yuan[0]]
    as_wan = [int(u) * 10 ** (4 + yuan[1]) for u in wan[0]]
    assert as_yuan == as_wan


def test_a_float_sum_drifts_and_ours_does_not():
    units, decimals = to_units(np.array([0.1] * 10))
    assert from_units(sum_by(np.zeros(10, int), units, 1), decimals).tolist() == [1.0]
    assert sum([0.1] * 10) != 1.0


def test_not_a_number_counts_as_nothing():
    assert to_units(np.array([np.nan, 1.5]))[0].tolist() == [0, 15]


def test_large_sums_stay_exact():
    units = np.array([2**53, 1, 1], np.int64)
    assert sum_by(np.zeros(3, int), units, 1).tolist() == [2**53 + 2]
