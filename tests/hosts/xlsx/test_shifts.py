"""Where cells and references go when rows, columns or blocks come or go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.shifts import Shift

ROWS = Shift.lines("rows", 5, 2)
NO_ROWS = Shift.lines("rows", 5, -2)
COLUMNS = Shift.lines("columns", 3, 1)
BLOCK = Shift.of_area(parse_area("B5:C6"), "rows", insert=True)
NO_BLOCK = Shift.of_area(parse_area("B5:C6"), "rows", insert=False)


@pytest.mark.parametrize(
    ("shift", "before", "after"),
    [
        (ROWS, "A4", "A4"),
        (ROWS, "$A$5", "$A$7"),
        (ROWS, "A1:A4", "A1:A4"),
        (ROWS, "A$1:A$5", "A$1:A$7"),
        (ROWS, "A5:A9", "A7:A11"),
        (ROWS, "A:C", "A:C"),
        (ROWS, "$4:$6", "$4:$8"),
        (ROWS, "A1048576", "#REF!"),
        (ROWS, "A9:A1048576", "A11:A1048576"),
        (ROWS, "Amount", "Amount"),
        (NO_ROWS, "A4", "A4"),
        (NO_ROWS, "A5", "#REF!"),
        (NO_ROWS, "A7", "A5"),
        (NO_ROWS, "A5:A6", "#REF!"),
        (NO_ROWS, "A1:A9", "A1:A7"),
        (NO_ROWS, "A1:A6", "A1:A4"),
        (NO_ROWS, "A6:A9", "A5:A7"),
        (NO_ROWS, "5:6", "#REF!"),
        (NO_ROWS, "A:A", "A:A"),
        (COLUMNS, "B1:$C$9", "B1:$D$9"),
        (COLUMNS, "B:C", "B:D"),
        (COLUMNS, "$1:$3", "$1:$3"),
        (BLOCK, "B5", "B7"),
        (BLOCK, "A5", "A5"),
        (BLOCK, "B4:C9", "B4:C11"),
        (BLOCK, "A4:C9", "A4:C9"),
        (BLOCK, "B:B", "B:B"),
        (NO_BLOCK, "C6", "#REF!"),
        (NO_BLOCK, "C7", "C5"),
        (NO_BLOCK, "C6:D6", "C6:D6"),
    ],
)
def test_references(shift, before, after):
    assert shift.reference(before) == after


def test_rules_are_split_where_only_some_of_their_cells_move():
    assert BLOCK.ranges("A1:D9") == "A1:A9 D1:D9 B1:C11"
    assert NO_BLOCK.ranges("B5:C6 E1") == "E1"


def test_a_range_that_stays_keeps_its_spelling():
    assert ROWS.ranges("A1:A4 C1") == "A1:A4 C1"


def test_origins_of_cells():
    assert BLOCK.origin(4, 2) == (4, 2)
    assert BLOCK.origin(5, 2) is None
    assert BLOCK.origin(7, 2) == (5, 2)
    assert BLOCK.origin(7, 1) == (7, 1)
    assert NO_BLOCK.origin(5, 3) == (7, 3)


AREAS = st.builds(
    lambda r, c, h, w: Area(r, c, r + h, c + w),
    st.integers(1, 12),
    st.integers(1, 8),
    st.integers(0, 6),
    st.integers(0, 4),
)
AXES = st.sampled_from(["rows", "columns"])


@given(AREAS, AXES, AREAS)
def test_deleting_what_was_inserted_restores_every_area(edge, axis, area):
    inserted = Shift.of_area(edge, axis, insert=True)
    moved = inserted.area(area)
    assert moved is not None
    assert Shift.of_area(edge, axis, insert=False).area(moved) == area


@given(AREAS, AXES, st.booleans(), AREAS)
def test_an_area_holds_the_cells_that_came_from_it(edge, axis, insert, area):
    """Cell by cell: what an area covers afterwards comes from it, or was inserted inside it."""
    shift = Shift.of_area(edge, axis, insert)
    cells = {
        (row, column)
        for piece in shift.pieces(area)
        for row in range(piece.row1, piece.row2 + 1)
        for column in range(piece.column1, piece.column2 + 1)
    }
    origins = {shift.origin(*cell) for cell in cells} - {None}
    inside = {
        (row, column)
        for row in range(area.row1, area.row2 + 1)
        for column in range(area.column1, area.column2 + 1)
    }
    gone = {cell for cell in inside if shift.cell(*cell) is None}
    assert origins == inside - gone
