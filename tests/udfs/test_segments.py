"""Every one of the 125 codes has exactly one segment in every scheme."""

from itertools import product

import numpy as np
import pytest

from udfs import terms
from udfs.segments import (
    CLASS8,
    SegmentRule,
    check_rules,
    class8,
    parse_rules,
    segment_en11,
    segment_own,
    segment_rf25,
)
from udfs.texts import FenjiError

R, F, M = (np.array(s) for s in zip(*product(range(1, 6), repeat=3), strict=True))


@pytest.mark.parametrize("found", [segment_en11(R, F, M), segment_rf25(R, F)])
def test_all_125_codes_have_a_known_segment(found):
    assert len(found) == 125
    assert set(found) <= set(terms.codes("segment")) - {"prospects"}


def test_all_eleven_segments_occur():
    assert set(segment_en11(R, F, M)) == set(terms.codes("segment")) - {"prospects"}


@pytest.mark.parametrize(
    ("code", "segment"),
    [
        ("555", "champions"), ("444", "champions"), ("511", "new_customers"), ("411", "promising"),
        ("343", "loyal_customers"), ("334", "loyal_customers"), ("512", "potential_loyalists"),
        ("433", "potential_loyalists"), ("323", "need_attention"), ("322", "about_to_sleep"),
        ("155", "cant_lose_them"), ("144", "cant_lose_them"), ("143", "at_risk"), ("255", "at_risk"),
        ("123", "at_risk"), ("112", "lost"), ("111", "lost"), ("122", "hibernating"), ("222", "hibernating"),
        ("211", "hibernating"),
    ],
)  # fmt: skip
def test_en11_by_hand(code, segment):
    r, f, m = (np.array([int(c)]) for c in code)
    assert segment_en11(r, f, m).tolist() == [segment]


def test_rf25_by_hand():
    assert segment_rf25(np.array([2, 3, 4, 5]), np.array([5, 3, 1, 4])).tolist() == [
        "cant_lose_them", "need_attention", "promising", "champions",
    ]  # fmt: skip


def test_class8_is_total_and_high_means_at_least_the_limit():
    found = class8(R, F, M, (3, 3, 3))
    assert set(found) == set(CLASS8)
    assert class8(np.array([3]), np.array([2]), np.array([3]), (3, 2.1, 3)).tolist() == ["101"]


def test_no_orders_is_a_prospect_everywhere():
    none = np.zeros(1, int)
    assert segment_en11(none, none, none).tolist() == ["prospects"]
    assert segment_rf25(none, none).tolist() == ["prospects"]
    assert class8(none, none, none, (3, 3, 3)).tolist() == ["prospects"]


def test_scores_of_ten_are_refused_by_the_segments():
    with pytest.raises(FenjiError, match="out of range"):
        segment_en11(np.array([10]), np.array([1]), np.array([1]))


def test_own_rules_that_leave_a_gap_name_the_cells():
    with pytest.raises(FenjiError, match=r"25 RFM codes.*311"):
        check_rules([SegmentRule("a", r=(4, 5)), SegmentRule("b", r=(1, 2))])


def test_own_rules_that_overlap_name_cells_and_rules():
    with pytest.raises(FenjiError, match=r"311.*'a' and 'b'"):
        check_rules([SegmentRule("a", r=(3, 5)), SegmentRule("b", r=(1, 3))])


def test_own_rules_as_typed():
    rules = parse_rules(["金牌: R4-5 FM3.5-5", "银牌:R4~5 FM1-3", "铜牌:R1-3"])
    assert segment_own(np.array([5, 5, 1]), np.array([4, 3, 1]), np.array([4, 3, 5]), rules).tolist() == [
        "金牌", "银牌", "铜牌",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["gold", "gold: nothing", "gold: R4-5 and rich", ": R4-5"])
def test_unreadable_rules_are_refused(line):
    with pytest.raises(FenjiError):
        parse_rules([line])
