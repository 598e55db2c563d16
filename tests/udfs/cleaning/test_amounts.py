"""Numbers are read in every spelling, exactly, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cleaning.amounts import currency_of, parse_number, parse_numbers, proposal
from udfs.cleaning.columns import Column


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("86元", 86), ("¥1,200", 1200), ("￥1，200.50", 1200.5), ("1.2万", 12000), ("1.2万元", 12000), ("1.13万", 11300), ("3亿", 3e8),
        ("5百万", 5e6), ("2千元", 2000), ("(300)", -300), ("(¥300.50)", -300.5), ("-300", -300), ("300-", -300), ("−5", -5),
        ("负300元", -300), ("-¥5", -5), ("¥-5", -5), ("１２，３４５", 12345), ("3个", 3), ("10 次", 10), ("5kg", 5), ("5 kg", 5),
        ("2.5w", 25000), ("5k", 5000), ("15%", 0.15), ("US$30.00", 30), ("30美元", 30), ("RMB 500", 500), ("人民币1200元整", 1200),
        ("1,2345", 12345), ("12,50", 12.5), ("3'400.50", 3400.5), ("3 400", 3400), ("3.", 3), (".5", 0.5), ("0", 0), ("+7", 7),
        ("1.23E+05", 123000), ("1,234,567.89", 1234567.89),
    ],
)  # fmt: skip
def test_spellings(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    ["约3000", "3-5个", "三千", "abc", "1,23,456", "1.234.5", "--5", "(5", "-(5)", "2024年", "9折", "5%元", "3000左右", "3个月以上",
     "12:30", "2024-01-01", "1/2", "元"],
)  # fmt: skip
def test_what_is_no_number_stays_unread(text: str) -> None:
    assert parse_number(text) is None
    assert parse_numbers(Column.from_values([text])).unreadable.tolist() == [True]


@pytest.mark.parametrize("text", ["-", "无", "", "N/A", "/", None])
def test_nothing_is_not_unreadable(text: str | None) -> None:
    numbers = parse_numbers(Column.from_values([text]))
    assert np.isnan(numbers.values[0])
    assert not numbers.unreadable[0]


def test_continental_numbers_are_decided_by_the_column() -> None:
    continental = parse_numbers(Column.from_values(["1.234,56", "1.234", "12,50"]))
    assert continental.values.tolist() == [1234.56, 1234, 12.5]
    english = parse_numbers(Column.from_values(["1,234.56", "1.234", "12.50"]))
    assert english.values.tolist() == [1234.56, 1.234, 12.5]


def test_currencies_are_counted() -> None:
    numbers = parse_numbers(Column.from_values(["$5", "US$6", "7元", 8, "9"]))
    assert numbers.currencies == {"USD": 2, "CNY": 1}
    assert currency_of("€5") == "EUR"


def test_other_cells_are_no_numbers() -> None:
    numbers = parse_numbers(Column.from_values([True, "#DIV/0!", 5]))
    assert numbers.unreadable.tolist() == [True, True, False]


def test_proposals() -> None:
    assert [proposal(t) for t in ("约3000元", "3-5", "三千")] == [3000, None, None]


CENTS = st.integers(-(10**12), 10**12)


@given(CENTS, st.sampled_from(["{:,.2f}", "{:.2f}", "¥{:,.2f}", "{:,.2f}元", " {:.2f} "]))
def test_every_amount_comes_back_exactly(cents: int, pattern: str) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert parse_numbers(Column.from_values([pattern.format(amount)])).values.tolist() == [float(amount)]


@given(st.lists(st.text(max_size=12), max_size=20))
def test_the_fast_way_reads_no_less_and_no_other(texts: list[str]) -> None:
    column = Column.from_values(texts)
    numbers = parse_numbers(column).values
    for i, text in enumerate(texts):
        alone = parse_number(text) if text else None
        if alone is not None and not any("," in t for t in texts):
            assert numbers[i] == alone
