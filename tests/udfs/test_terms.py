"""Every code has a natural name in both languages, and every class an action."""

import pytest

from udfs import terms
from udfs.options import GRADE_PARTS, LOYALTY_PARTS, GradingOptions, changed
from udfs.texts import FenjiError


def test_every_code_has_both_names():
    for group, entries in terms._all().items():
        for code, entry in entries.items():
            assert entry["zh"].strip(), (group, code)
            assert entry["en"].strip(), (group, code)


@pytest.mark.parametrize("group", ["segment", "class8", "abc", "grade"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_class_has_an_action(group, lang):
    assert all(terms.action(group, code, lang) for code in terms.codes(group))


def test_names_within_a_group_are_distinct():
    for group in terms._all():
        for lang in ("zh", "en"):
            for name_set in ("default", "alternative", "source-003"):
                names = list(terms.labels(group, lang, name_set=name_set).values())
                assert len(set(names)) == len(names), (group, lang, name_set)


def test_source_003_swaps_the_two_names():
    assert terms.term("class8", "011", "zh", name_set="source-003") == "重要发展客户"
    assert terms.term("class8", "101", "zh", name_set="source-003") == "重要保持客户"
    assert terms.term("class8", "111", "zh", name_set="source-003") == "重要价值客户"


def test_own_names_and_actions_win_and_lead_back_to_the_code():
    own = {"segment.champions": "钻石客户"}
    assert terms.term("segment", "champions", "zh", own) == "钻石客户"
    assert terms.code_of("segment", "钻石客户", own) == "champions"
    assert terms.action("segment", "champions", "en", {"segment.champions": "Call."}) == "Call."


def test_an_unknown_code_reads_as_itself():
    assert terms.term("segment", "gold", "zh") == "gold"


def test_parts_have_names():
    assert terms.codes("loyalty_part") == list(LOYALTY_PARTS)
    assert terms.codes("grade_part") == list(GRADE_PARTS)


def test_options_name_what_is_wrong():
    with pytest.raises(FenjiError, match="bins"):
        GradingOptions(bins=11)
    with pytest.raises(FenjiError, match="abc_customers"):
        GradingOptions(abc_customers=(0.5, 0.2))
    with pytest.raises(FenjiError, match="beauty"):
        GradingOptions(loyalty_weights={"beauty": 1.0})
    with pytest.raises(FenjiError, match="Choose one of"):
        GradingOptions(method="guess")


def test_changed_lists_only_what_differs():
    assert changed(GradingOptions()) == {}
    assert changed(GradingOptions(abc_basis="value", vip_share=0.05)) == {
        "abc_basis": "value",
        "vip_share": 0.05,
    }
