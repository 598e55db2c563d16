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
from addin.recording import NotTakenBackError
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
    """Everything undo answers for: sheets, cells with formulas and looks, widths, names, tables."""
    sheets = {sheet.name: {cell.address: look(cell) for cell in sheet.used_range} for sheet in book.sheets}
    widths = {sheet.name: [sheet.cells[0, j].column_width for j in range(8)] for sheet in book.sheets}
    filled = {
        name: {a: cell for a, cell in cells.items() if cell != ("", *cell[1:-1], None)}
        for name, cells in sheets.items()
    }
    tables = [(t.name, t.range.address) for sheet in book.sheets for t in sheet.tables]
    areas = [sheet.page_setup.print_area for sheet in book.sheets]
    objects = [
        (sheet.name, found.name) for sheet in book.sheets for found in [*sheet.charts, *sheet.pivot_tables]
    ]
    names = [(n.name, n.refers_to) for n in book.names]
    return {
        "sheets": filled,
        "names": names,
        "tables": tables,
        "widths": widths,
        "areas": areas,
        "objects": objects,
    }


def look(cell: xw.Range) -> tuple[Any, ...]:
    """What a cell holds and looks like; its fill last."""
    return cell.formula, cell.number_format, cell.font.bold, cell.font.size, cell.wrap_text, cell.color


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


def change_looks(book: xw.Book) -> None:
    sheet = book.sheets["客户"]
    sheet["A1:D1"].color = (255, 249, 219)
    sheet["A1:D3"].font.bold = True
    sheet["A1"].font.size = 16
    sheet["A1"].column_width = 40
    sheet["B2:C3"].number_format = "0.00"
    sheet["A1:A3"].wrap_text = True
    sheet["A2"].row_height = 30


def write_dates(book: xw.Book) -> None:
    book.sheets["客户"]["E2:E3"].value = [[dt.datetime(2025, 1, 2)], [5]]
    book.sheets["客户"]["E1"].column_width = 20


def print_part(book: xw.Book) -> None:
    book.sheets["客户"].page_setup.print_area = "$A$1:$B$2"


CHANGES = [
    overwrite, add_columns, add_and_fill_sheet, rename_sheet, delete_formulas, change_looks, write_dates, print_part,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
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


def test_a_chart_and_a_pivot_that_were_added_go() -> None:
    book = customers()
    before = state(book)
    with undo.step(book, "report") as watched:
        sheet = watched.sheets["客户"]
        sheet.charts.add().set_source_data(sheet["A1:C3"])
        sheet.pivot_tables.add(sheet.tables[0], sheet["H1"], "pvtGrades", rows="客户名称", values="金额")
    assert state(book) != before
    undo.undo_open_book(book)
    assert state(book) == before
    assert undo.redo_must_run_again(book)


REFUSED: list[Callable[[xw.Book], Any]] = [
    lambda book: book.sheets["客户"]["A1"].insert("down"),
    lambda book: book.sheets["客户"]["A1:B1"].merge(),
    lambda book: book.sheets["客户"]["A1"].add_note("x"),
    lambda book: book.sheets["客户"]["A1:C3"].conditional_formats.clear(),
    lambda book: book.sheets["客户"]["A1"].data_validation.delete(),
    lambda book: book.sheets["客户"].autofit(),
    lambda book: setattr(book.sheets["客户"], "visible", False),
    lambda book: setattr(book.sheets["客户"].tables[0], "table_style", None),
    lambda book: book.sheets["客户"].charts[0].delete(),
]


@pytest.mark.parametrize("change", REFUSED)
def test_what_undo_could_not_put_back_is_refused_before_it_happens(change: Callable[[xw.Book], Any]) -> None:
    book = customers()
    book.sheets["客户"].charts.add()
    before = state(book)
    with pytest.raises(NotTakenBackError), undo.step(book, "regrade") as watched:
        change(watched)
    assert state(book) == before


def test_in_a_sheet_of_its_own_a_command_may_do_anything() -> None:
    book = customers()
    before = state(book)
    with undo.step(book, "report") as watched:
        sheet = watched.sheets.add("报表")
        sheet["A1:B1"].merge()
        sheet["A1"].add_note("x")
        sheet.charts.add()
        sheet.autofit()
    undo.undo_open_book(book)
    assert state(book) == before


def test_what_was_written_into_an_added_sheet_since_is_not_lost() -> None:
    book = customers()
    with undo.step(book, "regrade") as watched:
        add_and_fill_sheet(watched)
    book.sheets["客户分级"]["H9"].value = "自己的备注"
    with pytest.raises(FenjiError, match="changed after"):
        undo.undo_open_book(book)
    assert book.sheets["客户分级"]["H9"].value == "自己的备注"


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
