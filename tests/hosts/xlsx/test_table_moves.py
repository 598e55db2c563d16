"""References that cover a table's columns follow the table; others stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.table_moves import TableMove

GROWS = TableMove(Area(4, 1, 7, 3), Area(4, 1, 20, 4))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("B5:B7", "B5:B20"),
        ("$B$5:$B$7", "$B$5:$B$20"),
        ("B$5:B$7", "B$5:B$20"),
        ("B4:B7", "B4:B20"),
        ("A4:C7", "A4:C20"),
        ("A5:C7", "A5:C20"),
        ("A5:B7", "A5:B20"),
        ("B5:B6", "B5:B6"),
        ("B6:B7", "B6:B7"),
        ("B5:B9", "B5:B9"),
        ("A4:C4", "A4:C4"),
        ("C5:D7", "C5:D7"),
        ("E5:E7", "E5:E7"),
        ("B5", "B5"),
        ("B:B", "B:B"),
        ("Amount", "Amount"),
    ],
)
def test_references(before, after):
    assert GROWS.reference(before) == after


def test_totals_row_stays_outside_the_data():
    move = TableMove(Area(4, 1, 8, 3), Area(4, 1, 21, 3), totals_rows=1)
    assert move.reference("B5:B7") == "B5:B20"
    assert move.reference("A4:C8") == "A4:C21"


def test_one_row_of_data_is_a_column_for_charts_but_a_cell_for_formulas():
    move = TableMove(Area(4, 1, 5, 3), Area(4, 1, 9, 3))
    assert move.reference("$B$5") == "$B$5:$B$9"
    assert move.formula_reference("$B$5") == "$B$5"


def test_shrinking_to_one_row():
    move = TableMove(Area(4, 1, 9, 3), Area(4, 1, 5, 3))
    assert move.reference("$B$5:$B$9") == "$B$5:$B$5"


def test_a_moved_table_takes_its_references_along():
    move = TableMove(Area(4, 1, 7, 3), Area(10, 2, 20, 4))
    assert move.reference("$B$5:$B$7") == "$C$11:$C$20"


@pytest.mark.parametrize(
    ("area", "moved"),
    [
        (Area(1, 1, 7, 3), Area(1, 1, 20, 3)),
        (Area(1, 1, 30, 9), Area(1, 1, 30, 9)),
        (Area(1, 1, 10, 9), Area(1, 1, 20, 9)),
        (Area(1, 1, 5, 3), Area(1, 1, 5, 3)),
    ],
)
def test_print_areas(area, moved):
    assert GROWS.print_area(area) == moved


@given(first=st.integers(5, 20), extra=st.integers(0, 20), new=st.integers(5, 40))
def test_growing_and_shrinking_back_restores(first, extra, new):
    old = Area(4, 1, first + extra, 3)
    there = TableMove(old, Area(4, 1, new, 3))
    back = TableMove(there.after, old)
    body = f"$B$5:$B${first + extra}"
    assert back.reference(there.reference(body)) == body
