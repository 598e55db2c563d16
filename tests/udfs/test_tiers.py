"""Tiers and classes by hand, ties included."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs import tiers

amounts = st.lists(st.integers(-50, 900), min_size=1, max_size=40)


def test_percentiles_are_mid_rank():
    assert tiers.percentile(np.array([5.0, np.nan, 7.0])).tolist()[::2] == [25, 75]


@given(amounts)
def test_percentiles_have_a_mean_of_50(values):
    assert tiers.percentile(np.array(values, float)).mean() == pytest.approx(50)


def test_abc_by_customers():
    found = tiers.abc_class(np.arange(20.0, 0, -1))
    assert [(found == c).sum() for c in "ABC"] == [2, 4, 14]


def test_abc_of_30_customers_is_not_moved_by_binary_fractions():
    found = tiers.abc_class(np.arange(30.0))
    assert [(found == c).sum() for c in "ABC"] == [3, 6, 21]


def test_abc_ties_at_the_border_go_up_together():
    found = tiers.abc_class(np.array([9.0] * 4 + [1.0] * 6))
    assert found.tolist() == ["A"] * 4 + ["C"] * 6
    assert tiers.ties_enlarge_a(found)


def test_abc_by_value_who_crosses_belongs_to_the_higher_class():
    found = tiers.abc_class(np.array([50.0, 29, 11, 6, 4]), "value")
    assert found.tolist() == ["A", "A", "A", "B", "C"]
    found = tiers.abc_class(np.array([50.0, 30, 15, 5]), "value")
    assert found.tolist() == ["A", "A", "B", "C"]


def test_abc_by_value_without_any_amount():
    assert tiers.abc_class(np.zeros(3), "value").tolist() == ["C"] * 3


@given(amounts, st.sampled_from(["customers", "value"]))
def test_abc_is_monotone_and_free_of_unit(values, basis):
    found = tiers.abc_class(np.array(values) / 100, basis)
    assert found.tolist() == tiers.abc_class(np.array(values) / 1_000_000, basis).tolist()
    pairs = sorted(zip(values, found, strict=True), reverse=True)
    assert [c for _, c in pairs] == sorted(c for _, c in pairs)


@given(amounts)
def test_abc_by_value_reaches_the_limit(values):
    found = tiers.abc_class(np.array(values, float), "value")
    in_a = sum(max(v, 0) for v, c in zip(values, found, strict=True) if c == "A")
    assert in_a >= Fraction(8, 10) * sum(max(v, 0) for v in values)


def test_value_tier_uses_profit_where_there_is_one():
    amount = np.array([1.0, 2, 3, 4, 5, 6])
    profit = np.array([6.0, 5, 4, 3, 2, 1])
    assert set(tiers.value_tier(amount, profit)) == {"medium"}
    assert (
        tiers.value_tier(amount, np.full(6, np.nan)).tolist() == ["low"] * 2 + ["medium"] * 2 + ["high"] * 2
    )
    assert tiers.value_tier(np.array([np.nan, 1])).tolist() == ["prospects", "medium"]
    assert tiers.value_tier(amount, limits=(10, 90)).tolist() == ["low"] + ["medium"] * 4 + ["high"]


@pytest.mark.parametrize(
    ("days", "interval", "n", "status"),
    [
        (90, np.nan, 0, "active"), (91, np.nan, 0, "dormant"), (181, np.nan, 0, "lost"),
        (30, 20, 3, "active"), (31, 20, 3, "dormant"), (61, 20, 3, "lost"), (31, 20, 2, "active"),
        (np.nan, np.nan, 0, "prospects"),
    ],
)  # fmt: skip
def test_activity(days, interval, n, status):
    assert tiers.activity_status(np.array([days]), np.array([interval]), np.array([n])).tolist() == [status]


def test_need_words_before_orders():
    words = tiers.need_from_words(["要便宜,质量也要好", "高端定制", "来图加工", "不限", None])
    assert words.tolist() == ["price_sensitive", "quality_seeking", "personalised", "unknown", "unknown"]
    found = tiers.need_type(words, *(np.array([s] * 5) for s in (0.6, 0.1, 0.0)))
    assert found.tolist() == [
        "price_sensitive",
        "quality_seeking",
        "personalised",
        "price_sensitive",
        "price_sensitive",
    ]


def test_need_from_orders_at_the_limit():
    unknown = np.array(["unknown"] * 4, object)
    shares = (np.array([0.5, 0.4, 0, np.nan]), np.array([1, 0.5, 0, np.nan]), np.array([1, 1, 0.5, np.nan]))
    assert tiers.need_type(unknown, *shares).tolist() == [
        "price_sensitive", "quality_seeking", "personalised", "unknown",
    ]  # fmt: skip


def test_grade_example_of_the_definitions():
    score = tiers.grade_score(*(np.array([p]) for p in (80.0, 60.0, 50.0, np.nan)))
    assert score.round(1).tolist() == [68.9]
    assert tiers.customer_grade(score).tolist() == ["medium"]


def test_grade_with_own_weights_and_nothing_known():
    nothing = np.array([np.nan])
    assert np.isnan(tiers.grade_score(nothing, nothing, nothing, nothing))
    score = tiers.grade_score(np.array([90.0]), np.array([10.0]), nothing, nothing, {"behaviour": 1.0})
    assert score.tolist() == [10]


def test_vip_is_the_top_tenth():
    assert tiers.vip(np.arange(30.0)).sum() == 3
    assert tiers.vip(np.array([np.nan, 1.0])).tolist() == [False, True]
    assert tiers.vip(np.empty(0)).tolist() == []
