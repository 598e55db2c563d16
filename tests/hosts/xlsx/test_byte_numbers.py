"""Numbers read eight bytes at once: the same as Python reads them, or left to others."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from addin.hosts.xlsx.byte_numbers import LONGEST, short_numbers

PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
NUMBERS = st.one_of(
    st.from_regex(r"[0-9]{1,9}", fullmatch=True),
    st.from_regex(r"[0-9]{1,5}\.[0-9]{1,5}", fullmatch=True),
    st.text("0123456789.-+eE /:;<>", max_size=10),
    st.binary(max_size=10).map(lambda b: b.decode("latin-1")),
)


def read(texts: list[str]) -> list[float]:
    joined, begin, stop = b"<row r=>", [], []
    for text in texts:
        joined += b"<v>"
        begin.append(len(joined))
        joined += text.encode("latin-1")
        stop.append(len(joined))
    joined += bytes(16 + -len(joined) % 8)
    return short_numbers(np.frombuffer(joined, "<u8"), np.array(begin), np.array(stop)).tolist()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0.0),
        ("007", 7.0),
        ("12345678", 12345678.0),
        ("116.01", 116.01),
        ("0.000001", 1e-6),
        ("1.10", 1.1),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert read([text]) == [number]


@pytest.mark.parametrize(
    "text", ["", "123456789", "-1", "1e3", ".5", "5.", "1..2", "1.2.3", "1 ", "1/2", "\xb0"]
)
def test_others_are_left_to_others(text: str) -> None:
    assert np.isnan(read([text])).all()


@given(st.lists(NUMBERS, min_size=1, max_size=30))
@example(["1.5", "15", "1:5"])
def test_as_python_reads_them(texts: list[str]) -> None:
    for text, number in zip(texts, read(texts), strict=True):
        if PLAIN.fullmatch(text) and len(text) <= LONGEST:
            assert number == float(text)
        else:
            assert np.isnan(number)
