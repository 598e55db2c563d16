"""Cells inserted and deleted by the engine and by LibreOffice: the same formulas, values and names afterwards."""

from __future__ import annotations

import random
import re

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx.addresses import MAX_ROW, Area
from tests import programs

CASES = 60
SEED = 20240501
SEEN = "A1:Z60"
_MODES = {"down": "DOWN", "right": "RIGHT", "up": "-UP", "left": "-LEFT"}


def _area(chance: random.Random, height: int = 4, width: int = 3) -> Area:
    row, column = chance.randint(1, 12), chance.randint(1, 8)
    return Area(row, column, row + chance.randint(0, height), column + chance.randint(0, width))


def _reference(chance: random.Random) -> str:
    area = _area(chance)
    if chance.random() < 0.4:
        area = Area(area.row1, area.column1, area.row1, area.column1)
    return area.address(chance.random() < 0.5, chance.random() < 0.5)


def _formula(chance: random.Random, sheet: str = "") -> str:
    one, other = (sheet + _reference(chance) for _ in range(2))
    return chance.choice(
        [f"=SUM({one})", f"=SUM({one},{other})-1", f"=COUNT({one})*2", f'=MAX({one},3)&"A1"']
    )


def _step(chance: random.Random) -> tuple[str, str]:
    """An area and a direction; whole rows and columns as often as blocks."""
    area, insert = _area(chance, 2, 2), chance.random() < 0.5
    kind = chance.choice(["rows", "columns", "block"])
    if kind == "rows":
        return f"{area.row1}:{area.row2}", "down" if insert else "up"
    if kind == "columns":
        whole = Area(1, area.column1, MAX_ROW, area.column2)
        return whole.address(False, False), "right" if insert else "left"
    return area.ref, chance.choice(["down", "right"] if insert else ["up", "left"])


def _office_mode(address: str, direction: str) -> str:
    minus = "-" if direction in ("up", "left") else ""
    if address[0].isdigit():
        return minus + "ROWS"
    return minus + "COLUMNS" if address.replace(":", "").isalpha() else _MODES[direction]


def _book(chance: random.Random) -> xlsx.xw.Book:
    book = xlsx.new()
    book.sheets[0].name = "Refs"
    for number in range(CASES):
        sheet = book.sheets.add(f"Case {number}", after=book.sheets[-1])
        sheet["A1:H14"].value = [[r * 10 + c for c in range(1, 9)] for r in range(1, 15)]
        for _ in range(8):
            sheet[chance.randrange(16), chance.randrange(10)].formula = _formula(chance)
        book.sheets[0][number, 0].formula = _formula(chance, f"'Case {number}'!")
        book.names.add(f"name{number}", f"='Case {number}'!{_area(chance).address()}")
    return book


_LOST = re.compile(
    r"(?:\$?'[^']*'[.!]|\$?\w+[.!])?[$A-Z0-9:]*#REF![$A-Z0-9:]*(?:#REF![$A-Z0-9]*)*", re.IGNORECASE
)


def _plain(formula: str) -> str:
    """A formula as both write it: LibreOffice says of a lost reference what is left of it."""
    return _LOST.sub("#REF!", formula)


@pytest.mark.libreoffice
def test_the_engine_and_libreoffice_agree(tmp_path):
    chance = random.Random(SEED)
    made, base, changed = (str(tmp_path / name) for name in ("made.xlsx", "base.xlsx", "changed.xlsx"))
    book = _book(chance)
    book.save(made)
    book.close()
    # One step a case: at a second one LibreOffice forgets that a reference was lost before.
    steps = [(f"Case {n}", *_step(chance)) for n in range(CASES)]
    programs.drive_office(tmp_path, [["open", made], ["recalculate"], ["save", base], ["close"]])
    book = xlsx.open(base)
    for sheet, address, direction in steps:
        cells = book.sheets[sheet][address]
        cells.insert(direction) if direction in ("down", "right") else cells.delete(direction)
    book.save(changed)
    book.close()
    theirs = [
        ["shift", sheet, address, _office_mode(address, direction)] for sheet, address, direction in steps
    ]
    (office, office_names), (ours, our_names) = programs.drive_office(
        tmp_path,
        [
            *[["open", base], *theirs, ["recalculate"], ["everything", SEEN], ["close"]],
            *[["open", changed], ["recalculate"], ["everything", SEEN], ["close"]],
        ],
    )
    assert {k: _plain(v) for k, v in our_names.items()} == {k: _plain(v) for k, v in office_names.items()}
    for name, (formulas, values) in office.items():
        for row, line in enumerate(formulas):
            for column, theirs in enumerate(line):
                mine, where = ours[name][0][row][column], (name, row + 1, column + 1, steps)
                assert _plain(mine) == _plain(theirs), where
                if not _depends_on_lost(values[row][column]):
                    assert ours[name][1][row][column] == values[row][column], where


def _depends_on_lost(value: object) -> bool:
    """LibreOffice counts a deleted cell as an error where Excel's COUNT and the file's #REF! do not."""
    return value is None
