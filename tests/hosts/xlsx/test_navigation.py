"""Where data ends: as Ctrl+arrow in Excel."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx

#    A B C D
# 1  x x . x
# 2  x . . .
# 3  x . . x
# 4  . . . .
# 5  x . . .
CELLS = [
    ["x", "x", None, "x"],
    ["x", None, None, None],
    ["x", None, None, "x"],
    [None] * 4,
    ["x", None, None, None],
]


@pytest.fixture(scope="module")
def sheet():
    sheet = xlsx.new().sheets[0]
    sheet["A1"].value = CELLS
    return sheet


@pytest.mark.parametrize(
    ("start", "direction", "address"),
    [
        ("A1", "down", "$A$3"),
        ("A2", "down", "$A$3"),
        ("A3", "down", "$A$5"),
        ("A5", "down", "$A$1048576"),
        ("A4", "up", "$A$3"),
        ("A3", "up", "$A$1"),
        ("A1", "right", "$B$1"),
        ("B1", "right", "$D$1"),
        ("D1", "right", "$XFD$1"),
        ("D1", "left", "$B$1"),
        ("D1", "down", "$D$3"),
        ("B2", "left", "$A$2"),
        ("C2", "up", "$C$1"),
        ("Z99", "up", "$Z$1"),
        ("A1048576", "up", "$A$5"),
        ("XFD1", "left", "$D$1"),
    ],
)
def test_end(sheet, start, direction, address):
    assert sheet[start].end(direction).address == address


def test_expand(sheet):
    assert sheet["A1"].expand().address == "$A$1:$B$3"
    assert sheet["A1"].expand("down").address == "$A$1:$A$3"
    assert sheet["A1"].expand("right").address == "$A$1:$B$1"


def test_current_region(sheet):
    assert sheet["A2"].current_region.address == "$A$1:$B$3"
    assert sheet["A5"].current_region.address == "$A$5"


def test_used_range(sheet):
    assert sheet.used_range.address == "$A$1:$D$5"
    assert xlsx.new().sheets[0].used_range.address == "$A$1"


def test_addresses(sheet):
    cell = sheet["B3"]
    assert cell.get_address(False, False) == "B3"
    assert cell.get_address(include_sheetname=True) == "Sheet1!$B$3"
    assert sheet["B:C"].address == "$B:$C"
    assert sheet["2:3"].address == "$2:$3"
    assert (sheet[0, 0].address, sheet[1:3, 0:2].address) == ("$A$1", "$A$2:$B$3")
    assert [r.address for r in sheet["A1:B2"].rows] == ["$A$1:$B$1", "$A$2:$B$2"]
    assert sheet["A1:B2"](3).address == "$A$2"
    assert sheet["A1"].offset(2, 1).address == "$B$3"
    assert sheet["A1:C3"].last_cell.address == "$C$3"


def test_what_is_no_address_is_refused(sheet):
    for text in ("A0", "XFE1", "A1048577", "A1:", "nothing"):
        with pytest.raises(ValueError, match=r"address|outside"):
            sheet.range(text)
