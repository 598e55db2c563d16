"""Scores: each method on values small enough to check by hand, and the laws of section 0."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cut_points import CutPoints, cut_points, quantiles, spread, top_count
from udfs.natural_breaks import natural_breaks
from udfs.texts import FenjiError

METHODS = ["quantile", "r-rfm", "quartiles-le", "mean", "median", "top", "natural"]
SCALE_FREE = [m for m in METHODS if m != "r-rfm"]
amounts = st.lists(st.integers(-500, 5000), min_size=1, max_size=60)
sides = st.booleans()


def scores(values, method="quantile", bins=5, less_is_better=False, **more):
    x = np.array(values, float)
    return cut_points(x, bins, method, less_is_better=less_is_better, **more).score(x).tolist()


@given(amounts, st.sampled_from(METHODS), st.integers(2, 10), sides)
def test_equal_values_score_equal_and_more_never_scores_lower(values, method, bins, less):
    got = scores(values, method, bins, less)
    if method == "quartiles-le":
        less = not less  # 1 is best
    pairs = sorted(zip(values, got, strict=True), reverse=less)
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs))
    assert len({v for v, _ in pairs}) >= len({s for _, s in pairs})


@given(amounts, st.sampled_from(SCALE_FREE), st.integers(2, 10), sides)
def test_the_money_unit_does_not_matter(values, method, bins, less):
    yuan = [v / 100 for v in values]
    wan = [v / 1_000_000 for v in values]
    assert scores(yuan, method, bins, less) == scores(wan, method, bins, less)


@given(amounts, st.sampled_from(METHODS), sides, st.randoms())
def test_the_order_of_rows_does_not_matter(values, method, less, random):
    shuffled = list(enumerate(values))
    random.shuffle(shuffled)
    got = scores([v for _, v in shuffled], method, 5, less)
    back = dict(zip([i for i, _ in shuffled], got, strict=True))
    assert [back[i] for i in range(len(values))] == scores(values, method, 5, less)


@given(amounts, st.sampled_from(["quantile", "natural"]), st.integers(2, 10), sides)
def test_the_lowest_bin_is_1_and_the_highest_n(values, method, bins, less):
    got = scores(values, method, bins, less)
    if len(set(values)) > 1:
        assert (min(got), max(got)) == (1, bins)
    else:
        assert set(got) == {(bins + 1) // 2}


def test_quantile_cut_points_are_type_7():
    values = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    expected = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
    assert [float(q) for q in quantiles(np.sort(values), 5)] == pytest.approx(expected.tolist())


def test_a_value_on_a_cut_scores_lower():
    assert cut_points(np.arange(1.0, 7.0)).cuts == (2, 3, 4, 5)
    assert scores([1, 2, 3, 4, 5, 6]) == [1, 1, 2, 3, 4, 5]
    assert scores([1, 2, 3, 4, 5, 6], less_is_better=True) == [5, 4, 3, 2, 1, 1]


def test_one_time_buyers_score_1_when_most_are():
    assert scores([1] * 7 + [2, 3, 4])[0] == 1


def test_customers_of_the_last_day_score_n_when_most_are():
    assert scores([1] * 9 + [40], less_is_better=True) == [5] * 9 + [1]


def test_nearly_all_at_the_best_value():
    assert scores([1] + [5] * 9) == [1] + [5] * 9


def test_one_single_value_is_in_the_middle():
    assert scores([7, 7, 7]) == [3, 3, 3]
    assert scores([7], bins=4) == [2]


def test_spread_of_dropped_bins():
    assert spread(1, 5) == [1, 5]
    assert spread(3, 5) == [1, 2, 4, 5]
    assert spread(4, 10) == [1, 3, 6, 8, 10]


def test_r_rfm_adds_one_and_takes_half_open_bins():
    made = cut_points(np.array([1.0, 2, 3, 4, 5, 6]), 5, "r-rfm")
    assert made.cuts == (3, 4, 5, 6)
    assert made.score(np.array([2.9, 3, 6])).tolist() == [1, 2, 5]


def test_own_cuts_belong_to_the_better_side():
    f = cut_points(np.empty(0), method="cuts", cuts=[2, 5])
    r = cut_points(np.empty(0), method="cuts", cuts=[30, 90], less_is_better=True)
    assert f.score(np.array([1, 2, 5])).tolist() == [1, 2, 3]
    assert r.score(np.array([30, 31, 90, 91])).tolist() == [3, 2, 2, 1]


def test_mean_and_median_are_high_themselves():
    assert scores([1, 2, 9], "mean") == [1, 1, 2]
    assert scores([1, 2, 3], "mean") == [1, 2, 2]
    assert scores([1, 2, 9], "median") == [1, 2, 2]
    assert scores([0.1] * 10, "mean") == [2] * 10


def test_top_takes_ties_at_the_border_in():
    assert scores([5, 4, 4, 1], "top", top="2") == [2, 2, 2, 1]
    assert scores([5, 4, 3, 1], "top", top="25%", less_is_better=True) == [1, 1, 1, 2]
    assert top_count("10%", 30) == 3


@pytest.mark.parametrize("top", ["", "many", "0", "-3", "0%"])
def test_a_senseless_top_is_refused(top):
    with pytest.raises(FenjiError):
        top_count(top, 10)


def test_natural_breaks_find_the_gaps():
    assert scores([1, 2, 10, 11, 50], "natural", 3) == [1, 1, 2, 2, 3]
    assert scores([1, 2, 10, 11, 50], "natural", 3, True) == [3, 3, 2, 2, 1]


def within(x, counts, starts):
    edges = [0, *starts, len(x)]
    parts = [np.repeat(x[a:b], counts[a:b]) for a, b in itertools.pairwise(edges)]
    return sum(((p - p.mean()) ** 2).sum() for p in parts)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), min_size=3, max_size=9))
def test_natural_breaks_are_the_best_of_all(pairs):
    found = dict(pairs)
    x, counts = np.array(sorted(found), float), np.array([found[v] for v in sorted(found)])
    if len(x) < 3:
        return
    best = min(within(x, counts, [i, j]) for i in range(1, len(x) - 1) for j in range(i + 1, len(x)))
    assert within(x, counts, natural_breaks(x, counts, 3)) == pytest.approx(best, abs=1e-6)


def test_no_values_at_all():
    for method in METHODS:
        assert cut_points(np.empty(0), 5, method).cuts == ()


def test_missing_values_score_0_and_take_no_part():
    made = cut_points(np.array([1.0, np.nan, 3.0]))
    assert made == cut_points(np.array([1.0, 3.0]))
    assert made.score(np.array([np.nan])).tolist() == [0]


def test_own_cuts_must_rise():
    with pytest.raises(FenjiError, match="rising"):
        cut_points(np.empty(0), method="cuts", cuts=[5, 2])


def test_best_is_the_largest_score():
    assert CutPoints((1.0,), (2, 1), "lower").best == 2
