"""Random tables, written in every way there is, come back through three readers as they were."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile

import fastexcel
import numpy as np
import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.hosts import xlsx
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.reading import read_columns
from udfs.cleaning.columns import Column

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
)
DATES = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(
    lambda d: d.replace(microsecond=0)
)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, DATES)
# One kind of value in a column, or all kinds; in few rows and in enough for the way of whole columns.
COLUMNS = st.sampled_from([TEXTS, NUMBERS, DATES, st.booleans(), VALUES, st.one_of(st.none(), NUMBERS)])


# A number written where a date stood is shown as a date, as in Excel; so dates stay out where cells are overwritten.
UNDATED = st.sampled_from(
    [TEXTS, NUMBERS, st.booleans(), st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)]
)


@st.composite
def tables(draw, columns=COLUMNS):
    height = draw(st.sampled_from([1, 3, 34]))
    kinds = draw(st.lists(columns, min_size=1, max_size=4))
    return [draw(st.lists(kind, min_size=height, max_size=height)) for kind in kinds]


def written(columns, by_columns):
    book = xlsx.new()
    cell = book.sheets[0]["B2"]
    if by_columns:
        cell.impl.write_columns(columns)
    else:
        cell.value = [list(row) for row in zip(*columns, strict=True)]
    book.impl.write_parts()
    data = book.impl.package.to_bytes()
    package = book.impl.package
    book.close()
    return data, package


def shown(value):
    """A value as cells hold it."""
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return value


def same(one, other):
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return abs(one - other) < dt.timedelta(milliseconds=1)
    if isinstance(one, float) and isinstance(other, (int, float)) and not isinstance(other, bool):
        return one == other or math.isclose(one, other, rel_tol=1e-15)
    return type(one) is type(other) and one == other


@settings(max_examples=20)
@given(tables(), st.booleans())
def test_our_reader_gives_back_what_was_written(columns, by_columns):
    _, package = written(columns, by_columns)
    height = len(columns[0])
    rows, got = read_columns(package, "xl/worksheets/sheet1.xml", 2, None, range(2, 2 + len(columns)))
    for column, expected in zip(got, columns, strict=True):
        found: list[object] = [None] * height
        for row, value in zip(rows, column.values(), strict=True):
            found[row - 2] = shown(value)
        assert [(e, f) for e, f in zip(expected, found, strict=True) if not same(shown(e), f)] == []


@settings(max_examples=15)
@given(tables(), st.booleans())
def test_openpyxl_reads_what_was_written(columns, by_columns):
    data, _ = written(columns, by_columns)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    for j, expected in enumerate(columns):
        for i, value in enumerate(expected):
            got = sheet.cell(2 + i, 2 + j).value
            text = isinstance(value, str) and ("_x" in value or any(ord(c) < 32 for c in value))
            assert text or same(shown(value), shown(got)), (value, got)


@settings(max_examples=12)
@given(st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=40))
def test_fastexcel_reads_what_was_written(rows):
    columns = [[text for text, _ in rows], [float(number) for _, number in rows]]
    data, _ = written(columns, True)
    frame = fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=1, schema_sample_rows=None)
    got = frame.to_polars()
    assert all(
        math.isclose(a, b, rel_tol=1e-15)
        for a, b in zip(columns[1], got.columns and got.to_series(-1).to_list(), strict=True)
    )


@settings(max_examples=15)
@given(tables(), st.data())
def test_single_cells_and_columns_agree(columns, data):
    """The same values written cell by cell and as columns give the same sheet."""
    parts = []
    for by_columns in (True, False):
        book = xlsx.new()
        sheet = book.sheets[0]
        if by_columns:
            sheet["A1"].impl.write_columns(columns)
        else:
            for j, column in enumerate(columns):
                for i, value in enumerate(column):
                    sheet[i, j].value = value
        book.impl.write_parts()
        package = book.impl.package
        _, got = read_columns(package, "xl/worksheets/sheet1.xml", 1, None, range(1, 1 + len(columns)))
        parts.append([list(column.values()) for column in got])
        book.close()
    assert parts[0] == parts[1]


@settings(max_examples=15)
@given(tables(), st.integers(1, 5), st.integers(1, 3))
def test_values_are_read_back_before_and_after_they_are_written(columns, row, column):
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet[row, column].impl.write_columns(columns)
    area = Area(row + 1, column + 1, row + len(columns[0]), column + len(columns))
    before = sheet.impl.cells_store.values(area)
    book.impl.write_parts()
    after = sheet.impl.cells_store.values(area)
    book.close()
    pairs = [pair for x, y in zip(before, after, strict=True) for pair in zip(x, y, strict=True)]
    assert [pair for pair in pairs if not same(*pair)] == []


@settings(max_examples=20)
@given(st.lists(tables(UNDATED), min_size=2, max_size=3))
def test_written_over_written(several):
    """Tables written one over the other: the last one wins, cells beside it stay."""
    book = xlsx.new()
    sheet = book.sheets[0]
    expected: dict[tuple[int, int], object] = {}
    for columns in several:
        sheet["A1"].impl.write_columns(columns)
        book.impl.write_parts()
        expected.update({(i, j): shown(v) for j, c in enumerate(columns) for i, v in enumerate(c)})
    for (i, j), value in expected.items():
        assert same(value, shown(sheet[i, j].value)), (i, j)
    book.close()


def test_columns_of_the_cleaning_are_written_as_they_are():
    column = Column.from_values(["甲", 1.5, None, True, "#N/A"])
    data, package = written([column], True)
    _, (got,) = read_columns(package, "xl/worksheets/sheet1.xml", 2, None, [2])
    assert list(got.values()) == ["甲", 1.5, True, "#N/A"]
    assert b't="e"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_infinite_numbers_become_errors():
    data, _ = written([np.array([np.inf, 1.0])], True)
    assert openpyxl.load_workbook(io.BytesIO(data)).active["B2"].value == "#NUM!"
