"""Whatever a cell holds: a value or a documented error, never an exception, never an inner failure.

FENJI_RANDOM_CALLS=100000 runs the full proof (a few minutes); the default is a sample of it.
"""

import datetime as dt
import logging
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from udfs import registry, worksheet
from udfs.cells import ExcelError
from udfs.worksheet.calling import INTERNAL

CALLS = int(os.environ.get("FENJI_RANDOM_CALLS", "1000"))
EACH = max(1, CALLS // len(registry.functions()))
MARKS = {"#VALUE!", "#N/A", "#NUM!", "#DIV/0!", "#REF!", "#NULL!", "#NAME?"}

logging.getLogger("fenji").setLevel(logging.CRITICAL)  # the failing call is in the report already

usual = st.one_of(
    st.none(),
    st.integers(-5, 12),
    st.floats(-10, 1e6),
    st.integers(40000, 46000),
    st.sampled_from(
        ["", " ", "x", "客户A", "12", "1,200", "12%", "545", "5-4-5", "10-1-1", "2024-01-05", "2019年3月11日", "86元",
         "非常满意", "上海市", "蓝天科技有限公司", "mean", "median", "zh", "en", "code", "zh8", "value", "TRUE"]
    ),
)  # fmt: skip
anything = st.one_of(
    usual,
    st.booleans(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(),
    st.text(max_size=12),
    st.datetimes(),
    st.dates(),
    st.sampled_from(["#N/A", "#DIV/0!", "#VALUE!", "#REF!", ExcelError("#NUM!"), np.float64(3), np.int64(7)]),
    st.sampled_from([10**400, -0.0, 1e308, 5e-324, "9" * 400, "1e999", "=1+1", "\x00", dt.time(3)]),
)


def ranges(cell):
    rows = st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=8)
    )
    return st.one_of(
        cell, rows, st.lists(cell, max_size=12), st.lists(st.lists(cell, max_size=3), max_size=5)
    )


def column(cell, n):
    return st.lists(cell.map(lambda v: [v]), min_size=n, max_size=n)


@st.composite
def calls(draw, f):
    """Half of the calls nearly right, with columns of one length; half of them anything at all."""
    required = sum(not a.optional for a in f.arguments)
    count = draw(st.integers(required, len(f.arguments)))
    if draw(st.booleans()):
        n = draw(st.integers(1, 30))
        return [
            draw(column(usual, n)) if a.aligned else draw(st.one_of(st.none(), usual, ranges(usual)))
            for a in f.arguments[:count]
        ]
    return [draw(ranges(anything)) for _ in range(count)]


def check(value):
    if isinstance(value, ExcelError):
        assert value.mark in MARKS
        assert value.reason is not INTERNAL.reason
        return
    assert type(value) in (int, float, str, bool), type(value)
    if isinstance(value, float):
        assert np.isfinite(value)


@pytest.mark.parametrize("f", registry.functions().values(), ids=lambda f: f.name)
def test_random_calls(f):
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=CALLS < 10000,
    )
    @given(calls(f))
    def run(arguments):
        result = getattr(worksheet, f.name)(*arguments)
        if not isinstance(result, list):
            check(result)
            return
        assert len({len(row) for row in result}) == 1
        for row in result:
            for value in row:
                check(value)

    run()
