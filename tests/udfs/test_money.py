"""Sums of money are exact, whatever the order and the unit."""

from __future__ import annotations

import doctest
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs import money

CENTS = st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=50)


def test_docstring_examples() -> None:
    assert doctest.testmod(money).failed == 0


@given(CENTS, st.integers(0, 6))
def test_units_are_the_written_decimals(units: list[int], decimals: int) -> None:
    values = np.array([float(Decimal(u).scaleb(-decimals)) for u in units])
    got, used = money.to_units(values)
    assert used <= decimals
    assert [Decimal(int(g)).scaleb(-used) for g in got] == [Decimal(u).scaleb(-decimals) for u in units]


@given(CENTS)
def test_yuan_and_ten_thousand_yuan_give_the_same_integers(cents: list[int]) -> None:
    yuan = np.array([float(Decimal(c).scaleb(-2)) for c in cents])
    wan = np.array([float(Decimal(c).scaleb(-6)) for c in cents])
    a, da = money.to_units(yuan)
    b, db = money.to_units(wan)
    assert [int(x) * 10 ** (2 - da) for x in a] == [int(x) * 10 ** (6 - db) for x in b]


@given(CENTS, st.integers(1, 5))
def test_sums_per_group_are_exact(cents: list[int], groups: int) -> None:
    index = np.arange(len(cents)) % groups
    got = money.sum_by(index, np.array(cents), groups)
    assert got.tolist() == [sum(cents[g::groups]) for g in range(groups)]


def test_sums_beyond_the_exact_floats() -> None:
    units = np.array([2**60, 1, 1])
    assert money.sum_by(np.array([0, 0, 1]), units, 2).tolist() == [2**60 + 1, 1]


@given(CENTS, st.lists(st.integers(-999, 999), min_size=1, max_size=50))
def test_products_are_exact(cents: list[int], quantities: list[int]) -> None:
    n = min(len(cents), len(quantities))
    price = np.array([float(Decimal(c).scaleb(-2)) for c in cents[:n]])
    got = money.multiply(price, np.array(quantities[:n], float))
    assert got.tolist() == [float(Decimal(c).scaleb(-2) * q) for c, q in zip(cents, quantities, strict=False)]


def test_more_decimals_than_kept_are_rounded() -> None:
    units, decimals = money.to_units(np.array([1 / 3]))
    assert (units.tolist(), decimals) == ([333333], 6)


def test_missing_amounts_count_as_nothing() -> None:
    units, decimals = money.to_units(np.array([np.nan, 1.5, np.inf]))
    assert (units.tolist(), decimals) == ([0, 15, 0], 1)


def test_empty_column() -> None:
    units, decimals = money.to_units(np.array([]))
    assert (units.tolist(), decimals) == ([], 0)


def test_an_impossible_amount_is_refused() -> None:
    with pytest.raises(OverflowError):
        money.to_units(np.array([1e300]))
