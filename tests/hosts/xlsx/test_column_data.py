"""Columns of every kind of array and series, in the shape they are written in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from addin.hosts.xlsx.cell_values import CellError
from addin.hosts.xlsx.column_data import ColumnData
from udfs.cleaning.columns import Column

DAY = dt.datetime(2024, 1, 2)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (np.array([1, 2], np.int8), "integer", [1, 2]),
        (np.array([1.5, np.nan]), "number", [1.5, None]),
        (np.array([True, False]), "bool", [True, False]),
        (np.array(["2024-01-02", "NaT"], "datetime64[ns]"), "date", [DAY, None]),
        (np.array(["a", None], object), "text", ["a", None]),
        (["a", "", None], "text", ["a", None, None]),
        (["a", np.nan, pd.NA], "text", ["a", None, None]),
        ([1, None, 2.5], "number", [1, None, 2.5]),
        ([np.float64(1), np.int64(2)], "number", [1, 2]),
        ([True, None, "x", DAY], "mixed", [True, None, "x", DAY]),
        ([np.inf, 1.0], "mixed", [CellError("#NUM!"), 1.0]),
        (pd.Series(["a", None]), "text", ["a", None]),
        (pd.Series(["a", None], dtype="string"), "text", ["a", None]),
        (pd.Series(["a", None], dtype="category"), "text", ["a", None]),
        (pd.Series([1, None], dtype="Int64"), "number", [1, None]),
        (pd.Series([1, 2], dtype="Int64"), "integer", [1, 2]),
        (pd.Series([True, None], dtype="boolean"), "mixed", [True, None]),
        (pd.Series([DAY, None]), "date", [DAY, None]),
        (pd.Series([DAY]).dt.tz_localize("Asia/Shanghai"), "date", [DAY]),
        (Column.from_values(["甲", None]), "text", ["甲", None]),
        (Column.from_values([1, None]), "number", [1, None]),
        (Column.from_values([1, "#N/A", DAY]), "mixed", [1, CellError("#N/A"), DAY]),
        ([], "text", []),
    ],
)
def test_kind_and_values(values, kind, expected):
    data = ColumnData(values)
    assert (data.kind, data.values(0, len(data))) == (kind, expected)
    assert [data.value(i) for i in range(len(data))] == expected


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array(["2024-01-02"], "datetime64[D]"), "yyyy-mm-dd"),
        (np.array(["2024-01-02T03:00"], "datetime64[m]"), "yyyy-mm-dd hh:mm:ss"),
        (["x", dt.date(2024, 1, 2)], "yyyy-mm-dd"),
        ([dt.time(1, 2), None], "hh:mm:ss"),
        ([1.5], None),
    ],
)
def test_date_formats(values, code):
    assert ColumnData(values).date_format() == code
