"""Texts held as one Arrow array are used like the list they stand for."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cleaning import columns
from udfs.cleaning.columns import Column, Kind, Texts, concat, series
from udfs.cleaning.spelling import text_codes

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), unique=True, max_size=8)


def in_arrow(texts: list[str]) -> Texts:
    return Texts(pa.array(texts, pa.large_string()))


def cells(texts: list[str] | Texts) -> Column:
    n = len(texts)
    return Column(np.full(n, Kind.TEXT, np.uint8), np.full(n, np.nan), np.arange(n, dtype=np.int32), texts)


@given(TEXTS)
def test_like_a_list(texts: list[str]) -> None:
    held = in_arrow(texts)
    assert held == texts
    assert [held[i] for i in range(len(held))] == texts
    assert held[1:3] == texts[1:3]
    assert held[1:].joined() == "".join(texts[1:])
    assert series(held).to_list() == texts
    assert bool(held) == bool(texts)


def test_one_of_many_texts_does_not_make_objects_of_all() -> None:
    held = in_arrow(["a", "b", "c"])
    with mock.patch.object(columns, "MANY", 2):
        assert held[-1] == "c"
    assert held._list is None


def test_not_equal_to_other_texts() -> None:
    assert in_arrow(["a"]) != ["b"]
    assert in_arrow(["a"]) != "a"


@given(TEXTS)
def test_cleaned_alike(texts: list[str]) -> None:
    of_list, of_arrow = text_codes(cells(texts)), text_codes(cells(in_arrow(texts)))
    assert list(of_arrow[0]) == list(of_list[0])
    assert of_arrow[1].tolist() == of_list[1].tolist()


@pytest.mark.parametrize("held", [["b", "a"], in_arrow(["b", "a"])])
def test_columns_one_below_the_other(held: list[str] | Texts) -> None:
    both = concat([cells(["a"]), cells(held)])
    assert list(both.values()) == ["a", "b", "a"]
