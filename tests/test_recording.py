"""Undo in Excel: cells and sheets a command touched come back; undone twice they are redone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from hypothesis import given
from hypothesis import strategies as st

from addin import undo
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop
from udfs.texts import FenjiError


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path))


def customers() -> xw.Book:
    book = xlsx.new(sheet="客户")
    sheet = book.sheets["客户"]
    sheet["A1:D1"].value = ["客户名称", "电话", "金额", "日期"]
    sheet["A2:B3"].number_format = "@"
    sheet["A2:D3"].value = [["甲", "0123", 5, dt.datetime(2024, 1, 2)], ["乙", "00", None, None]]
    sheet["C3"].formula = "=C2*2"
    sheet.tables.add(sheet["A1:D3"], name="tblCustomers")
    return desktop(book)[0]


def state(book: xw.Book) -> dict[str, Any]:
    """Everything undo answers for: sheets, cells with formulas, names, tables."""
    sheets = {}
    for sheet in book.sheets:
        used = sheet.used_range
        values, formulas = used.options(ndim=2).value, used.formula
        sheets[sheet.name] = {
            (i, j): (formulas[i][j], value)
            for i, row in enumerate(values)
            for j, value in enumerate(row)
            if formulas[i][j] != ""
        }
    tables = [(t.name, t.range.address) for sheet in book.sheets for t in sheet.tables]
    return {"sheets": sheets, "names": [n.name for n in book.names], "tables": tables}


def overwrite(book: xw.Book) -> None:
    book.sheets["客户"]["A2:D3"].value = [["x", "y", 1, 2], ["x", "y", 1, 2]]


def add_columns(book: xw.Book) -> None:
    sheet = book.sheets["客户"]
    sheet["E1:F3"].value = [["分级", "得分"], ["高", 9], ["低", 1]]
    sheet.tables["tblCustomers"].resize(sheet["A1:F3"])
    book.names.add("_fenji_grade", "=客户!$E$1")


def add_and_fill_sheet(book: xw.Book) -> None:
    sheet = book.sheets.add("客户分级", after=book.sheets[0])
    sheet["A1:B2"].value = [["客户", "等级"], ["甲", "高"]]


def rename_sheet(book: xw.Book) -> None:
    book.sheets["客户"].name = "顾客"


def delete_formulas(book: xw.Book) -> None:
    book.sheets["客户"]["C3"].clear_contents()


@pytest.mark.parametrize(
    "change", [overwrite, add_columns, add_and_fill_sheet, rename_sheet, delete_formulas]
)
def test_undo_restores_and_twice_undone_is_redo(change: Callable[[xw.Book], None]) -> None:
    book = customers()
    before = state(book)
    with undo.step(book, "regrade") as watched:
        change(watched)
    after = state(book)
    assert after != before
    assert undo.undo_open_book(book)[1] is False
    assert state(book) == before
    assert undo.undo_open_book(book)[1] is True
    assert state(book) == after
    undo.undo_open_book(book)
    assert state(book) == before


def test_an_error_puts_everything_back() -> None:
    book = customers()
    before = state(book)
    with pytest.raises(ZeroDivisionError), undo.step(book, "regrade") as watched:  # noqa: PT012
        add_columns(watched)
        add_and_fill_sheet(watched)
        raise ZeroDivisionError
    assert state(book) == before
    assert undo.last_step(book) is None


def test_another_workbook_of_the_same_name_is_left_alone() -> None:
    book = customers()
    with undo.step(book, "regrade") as watched:
        add_and_fill_sheet(watched)
        overwrite(watched)
    other = customers()
    undo._folder(book.fullname).rename(undo._folder(other.fullname))
    before = state(other)
    with pytest.raises(FenjiError, match="changed after"):
        undo.undo_open_book(other)
    assert state(other) == before


@given(
    values=st.lists(st.sampled_from(["0123", "=1+1", "TRUE", "+86", "甲", "", None, 1.5, True]), min_size=1),
    cell=st.sampled_from(["A2", "B3", "C3", "D2"]),
)
def test_texts_that_look_like_something_else_stay_texts(values: list[Any], cell: str) -> None:
    book = customers()
    column = book.sheets["客户"][f"{cell}:{cell}"].resize(len(values), 1)
    column.number_format = "@"
    column.value = [[value] for value in values]
    before = state(book)
    with undo.step(book, "regrade") as watched:
        watched.sheets["客户"][cell].resize(len(values), 1).value = [[7]] * len(values)
    undo.undo_open_book(book)
    assert state(book) == before
