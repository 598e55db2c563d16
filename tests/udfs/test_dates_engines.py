"""Dates are read the same with polars (many texts) and without it (few texts, or not installed)."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.cleaning import dates
from udfs.cleaning.columns import Column

numbers = st.integers(0, 2100).map(str)
spelled = st.lists(
    st.one_of(numbers, st.sampled_from([*"-/.#年月日 :T", "上午", "Mar", "2024-03-11 9:30"])),
    max_size=8,
)
texts = st.one_of(
    spelled.map("".join),
    st.dates().map(str),
    st.datetimes().map(str),
    st.dates().map(lambda d: f"{d.day}/{d.month}/{d.year}"),
    st.text(max_size=10),
)


@settings(max_examples=150)
@given(st.lists(texts.filter(bool), min_size=1, max_size=20))
def test_same_days_with_and_without_polars(values):
    column = Column.from_values(values)
    without = dates.parse_dates(column)
    few, dates.FEW = dates.FEW, 0
    try:
        with_polars = dates.parse_dates(column)
    finally:
        dates.FEW = few
    assert np.array_equal(without.days, with_polars.days, equal_nan=True)
    assert np.array_equal(without.unreadable, with_polars.unreadable)
    assert (without.order, without.undecided) == (with_polars.order, with_polars.undecided)
