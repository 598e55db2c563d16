"""Association rules by hand, and limits that are met exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.baskets import association_rules, frequent_itemsets, same_sets, same_weeks

FIVE = [
    ["milk", "onion", "nutmeg", "beans", "eggs", "yogurt"],
    ["dill", "onion", "nutmeg", "beans", "eggs", "yogurt"],
    ["milk", "apple", "beans", "eggs"],
    ["milk", "unicorn", "corn", "beans", "yogurt"],
    ["corn", "onion", "onion", "beans", "ice cream", "eggs"],
]


def rules_of(baskets, *args, **kwargs):
    names = sorted({i for b in baskets for i in b})
    pairs = np.array([(n, names.index(i)) for n, b in enumerate(baskets) for i in b])
    found = association_rules(pairs[:, 0], pairs[:, 1], *args, **kwargs)
    return {(tuple(names[i] for i in r.antecedent), tuple(names[i] for i in r.consequent)): r for r in found}


def test_the_five_baskets():
    rules = rules_of(FIVE, 0.6, 0.7)
    onion = rules[("onion",), ("eggs",)]
    assert (onion.support, onion.confidence, onion.lift, onion.leverage) == (0.6, 1, 1.25, 0.12)
    assert onion.conviction == float("inf")
    eggs = rules[("eggs",), ("onion",)]
    assert (eggs.confidence, eggs.lift, eggs.conviction) == (0.75, 1.25, 1.6)


def test_rules_of_three():
    rule = rules_of(FIVE, 0.6, 0.7)[("eggs", "onion"), ("beans",)]
    assert (rule.both, rule.with_antecedent, rule.with_consequent) == (3, 3, 5)


def test_a_confidence_of_exactly_four_fifths_passes():
    baskets = [["a", "b"]] * 4 + [["a"]] + [["c"]] * 2
    assert (("a",), ("b",)) in rules_of(baskets, 0.1, 0.8)
    assert (("a",), ("b",)) not in rules_of(baskets, 0.1, 0.8000001)


def test_a_support_of_exactly_the_limit_passes():
    baskets = [["a", "b"]] * 3 + [["c"]] * 7
    assert (("a",), ("b",)) in rules_of(baskets, 0.3, 0.5)


@given(
    st.lists(st.sets(st.integers(0, 6), min_size=1), min_size=1, max_size=12),
    st.sampled_from([0.1, 0.25, 0.5]),
)
def test_counts_agree_with_looking_at_every_basket(baskets, support):
    pairs = np.array([(n, i) for n, b in enumerate(baskets) for i in b])
    found = frequent_itemsets(pairs[:, 0], pairs[:, 1], support, max_length=4)
    for items, count in found.items():
        assert count == sum(set(items) <= b for b in baskets)
        assert count >= support * len(baskets)
    every = {i for b in baskets for i in b}
    for i in every:
        assert ((i,) in found) == (sum(i in b for b in baskets) >= support * len(baskets))


def test_nothing_to_count():
    assert association_rules(np.empty(0, int), np.empty(0, int)) == []
    assert same_sets(np.empty(0, int), np.empty(0, int)) == []
    assert same_weeks(np.empty(0, int), np.empty(0, int)) == []


def test_same_weeks_is_beyond_chance():
    rng = np.random.default_rng(1)
    days = rng.choice(520, 20, replace=False)
    other = rng.choice(520, 20, replace=False)
    customer = np.repeat([0, 1, 2], 20)
    found = same_weeks(customer, np.concatenate([days, days, other]))
    assert [(p.first, p.second) for p in found] == [(0, 1)]
    assert found[0].weeks > 2 * found[0].expected


@pytest.mark.parametrize("limit", [2, 10])
def test_same_weeks_looks_at_the_busiest(limit):
    days = np.arange(0, 350, 70)
    customer = np.repeat([4, 5, 9], [5, 5, 1])
    found = same_weeks(customer, np.concatenate([days, days, [0]]), limit=limit)
    assert [(p.first, p.second, p.weeks) for p in found] == [(4, 5, 5)]
