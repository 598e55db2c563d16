"""New cells put into many rows at once: the same as row by row."""

from __future__ import annotations

import io

import fastexcel
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts import xlsx
from addin.hosts.xlsx.addresses import column_letters
from addin.hosts.xlsx.part_packing import packer
from addin.hosts.xlsx.row_places import put_cells
from addin.hosts.xlsx.row_segments import Segment
from addin.hosts.xlsx.sheet_rows import SheetRows

CONTENTS = ["<v>1</v>", "<f>A1</f><v>2</v>", '<is><t>spans="1:9" customFormat="1"</t></is>', ""]
TAGS = [
    "",
    ' spans="1:3"',
    ' spans="1:3 5:7 9:16384"',
    ' s="2" customFormat="1"',
    ' ht="20" spans="1:12"',
    "\n spans='x'",
]


def cell(row: int, column: int, style: int, content: str) -> str:
    attribute = f' s="{style}"' if style else ""
    return f'<c r="{column_letters(column)}{row}"{attribute}>{content}</c>'


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, int]:
    """Rows of a sheet with cells anywhere in A to AC, and the number of the first row."""
    first = draw(st.sampled_from([1, 8, 98]))
    rows = []
    for number in range(first, first + draw(st.integers(1, 5))):
        columns = draw(st.lists(st.integers(1, 29), unique=True, max_size=4))
        cells = [
            cell(number, c, draw(st.sampled_from([0, 7, 12])), draw(st.sampled_from(CONTENTS)))
            for c in sorted(columns)
        ]
        rows.append(f'<row r="{number}"{draw(st.sampled_from(TAGS))}>{"".join(cells)}</row>')
    return "".join(rows), first


@given(sheets(), st.sampled_from([[1], [3, 4], [26, 27], [2, 4]]))
def test_many_rows_are_written_as_each_by_itself(sheet, columns):
    data, first = sheet
    rows = SheetRows(data.encode())
    new = ["".join(cell(n, c, 7, "<v>9</v>") for c in columns) for n in rows.numbers.tolist()]
    put = put_cells(rows, first, pa.array(new, pa.large_string()), columns, lambda _, style: style == 7)
    assert put is not None
    segment = Segment(columns, b"")
    for made, fits, text, number in zip(put[0].to_pylist(), put[1].tolist(), new, rows.numbers, strict=True):
        raw = rows.raw(int(number))
        place = segment.find(raw, int(number))
        if fits:
            assert place is not None
            assert {style for _, style in place.styles} <= {b"7"}
            assert made == place.put(text.encode())
        else:  # looked at more closely: no less than what a row by itself must be
            simple = place is not None and {style for _, style in place.styles} <= {b"7"}
            assert not simple or b"customFormat" in raw or b"<c" not in raw


def test_a_missing_row_and_cells_out_of_order_are_left_to_others():
    new = pa.array(["", ""], pa.large_string())
    missing = SheetRows(b'<row r="1"><c r="A1"/></row><row r="3"><c r="A3"/></row>')
    mixed = SheetRows(b'<row r="1"><c r="B1"/><c r="A1"/></row><row r="2"><c r="A2"/></row>')
    assert put_cells(missing, 1, new, [2], lambda *_: True) is None
    assert put_cells(mixed, 1, new, [3], lambda *_: True) is None


def test_cells_are_found_in_prefixed_sheets():
    rows = SheetRows(b'<x:row r="1"><x:c r="AB1" s="3"/><x:c r="XFD1"/></x:row>', "x:")
    assert rows.cell_columns.tolist() == [28, 16384]
    assert rows.row_of_cell(-1) == 1


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_packed_pieces_come_out_as_they_went_in(pieces):
    with packer() as packed:
        for piece in pieces:
            packed.write(piece)
        part = packed.finish()
    part(out := io.BytesIO())
    assert out.getvalue() == b"".join(pieces)
    assert part.size == len(out.getvalue())


def test_a_single_cell_far_down_in_a_column_that_is_written_twice(tmp_path):
    """Rows are written in pieces of 8,192; what is special in one piece does not concern the others."""
    path = tmp_path / "long.xlsx"
    book = xlsx.new("Calibri", "Data")
    sheet = book.sheets["Data"]
    sheet["A1"].impl.write_columns([list(range(20_000))])
    book.save(path)
    sheet["B1"].impl.write_columns([list(range(20_000))])
    sheet["A9000"].value = "x"
    book.save(path)
    rows = fastexcel.read_excel(path).load_sheet("Data", header_row=None, dtypes="string").to_pandas()
    assert rows.iloc[8999].tolist() == ["x", "8999"]
    assert rows.iloc[[0, 8998, 9000, 19999]].values.tolist() == [
        ["0", "0"], ["8998", "8998"], ["9000", "9000"], ["19999", "19999"],
    ]  # fmt: skip
