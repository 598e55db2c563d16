"""Cells as they come from any source."""

from __future__ import annotations

import numpy as np

from udfs.cleaning.columns import Column, Kind


def test_whole_numbers_of_more_than_fifteen_digits_stay_as_they_are() -> None:
    column = Column.from_values([12345678901234567890, 10**400, np.int64(10**15), 10**15 - 1])
    assert list(column.values()) == ["12345678901234567890", "1" + "0" * 400, "1" + "0" * 15, 10**15 - 1]
    assert column.kind.tolist() == [Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.NUMBER]


def test_two_long_numbers_that_one_float_stands_for_are_two() -> None:
    column = Column.from_values([9007199254740993, 9007199254740992])
    assert column.texts == ["9007199254740993", "9007199254740992"]
