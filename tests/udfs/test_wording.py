"""Amounts, shares and counts as sentences write them: one rule for all of them."""

import numpy as np
import pytest

from udfs import wording
from udfs.wording import money


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (0, "0 元", "¥0"), (0.5, "0.50 元", "¥0.50"), (999.99, "999.99 元", "¥999.99"), (1234.5, "1,235 元", "¥1,235"),
        (10_000, "1 万元", "¥10,000"), (-25_000, "-2.5 万元", "-¥25,000"), (623_000, "62.3 万元", "¥623,000"),
        (1_234_567, "123.5 万元", "¥1.23 million"), (3.2e8, "3.2 亿元", "¥320 million"),
        (1.234e9, "12.34 亿元", "¥1.23 billion"),
    ],
)  # fmt: skip
def test_money(amount, zh, en):
    assert (money(amount, "zh"), money(amount, "en", "CNY")) == (zh, en)
    assert money(amount, "en") == en.replace("¥", "")


@pytest.mark.parametrize(
    ("amount", "lang", "shown"),
    [
        (999.999, "zh", "1,000 元"), (9_999.7, "zh", "1 万元"), (99_999_600, "zh", "1 亿元"), (9_999.4, "zh", "9,999 元"),
        (999_999.7, "en", "1 million"), (999_999_999, "en", "1 billion"), (-0.001, "en", "0"),
    ],
)  # fmt: skip
def test_an_amount_that_rounds_to_the_next_unit_is_written_in_it(amount, lang, shown):
    assert money(amount, lang) == shown


def test_money_to_a_limit_is_rounded_up():
    assert money(12_001, "zh", round_up=True) == "1.3 万元"
    assert money(10.001, "zh", round_up=True) == "10.01 元"
    assert money(300.0, "en", "EUR", round_up=True) == "€300"
    assert money(5, "en", "CAD") == "CAD 5"


def test_many_amounts_are_written_like_one():
    amounts = np.array([5.0, 12_345.0, 5.0, np.nan])
    assert wording.MoneyWriter("zh", "USD").write_all(amounts) == ["5 美元", "1.2 万美元", "5 美元", "0 美元"]


def test_counts_agree_with_their_noun():
    assert [wording.count(n, "row") for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert wording.count(1, "entry", "entries") == "1 entry"
