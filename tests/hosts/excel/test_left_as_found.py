"""What a command leaves as it found it, also after an error: formulas, filters, hidden rows and columns, selection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from addin.commands import regrade
from addin.hosts import xlsx
from addin.hosts.excel import entry
from tests.hosts.excel.desktop import DesktopState, desktop, select
from workbook_templates.sample_workbook import write_sample_workbook

SHEET = "客户"
KEPT_COLUMNS = 20  # of the customer table, before the columns fenji adds


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A customer table with a filter that hides rows, a hidden column, a formula beside it, a frozen pane."""
    path = tmp_path / "客户 名单.xlsx"  # a space and Chinese characters in the name
    write_sample_workbook(path, "zh", 40)
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    sheet.column_dimensions["C"].hidden = True
    for row in (5, 9, 12):
        sheet.row_dimensions[row].hidden = True
    (table,) = sheet.tables.values()
    table.autoFilter.filterColumn.append(
        openpyxl.worksheet.filters.FilterColumn(
            colId=1, filters=openpyxl.worksheet.filters.Filters(filter=["x"])
        )
    )
    sheet["A60"] = "=COUNTA(A2:A41)"
    sheet.freeze_panes = "B2"
    book.save(path)
    return path


@pytest.fixture
def excel(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[xw.Book, xw.Book, DesktopState]:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    file = xlsx.open(workbook)
    book, state = desktop(file)
    monkeypatch.setattr(entry, "calling_app", lambda window: book.app)
    state.answers["App", "calculation"] = "semiautomatic"
    state.answers["App", "enable_events"] = False
    select(state, book.sheets[SHEET]["B7"])
    return file, book, state


def found(path: Path) -> dict[str, Any]:
    """The user's own: cells, formulas, filter, what is hidden, panes."""
    sheet = openpyxl.load_workbook(path)[SHEET]
    (table,) = sheet.tables.values()
    return {
        "cells": [[c.value for c in row[:KEPT_COLUMNS]] for row in sheet.iter_rows()],
        "filter": [(f.colId, f.filters.filter) for f in table.autoFilter.filterColumn],
        "hidden rows": [r for r, d in sheet.row_dimensions.items() if d.hidden],
        "hidden columns": [c for c, d in sheet.column_dimensions.items() if d.hidden],
        "panes": sheet.freeze_panes,
    }


@pytest.mark.parametrize("command", ["regrade", "check", "settings"])
def test_formulas_filters_and_hidden_cells(
    excel: tuple[xw.Book, xw.Book, DesktopState], workbook: Path, command: str
) -> None:
    file, _, state = excel
    before, settings = found(workbook), dict(state.answers)
    assert before["hidden rows"] == [5, 9, 12]
    assert entry.run(command, "zh") == "changed", state.alerts
    file.save()
    assert found(workbook) == before
    assert state.answers == settings


def test_after_an_error_in_the_middle_nothing_is_left_of_it(
    excel: tuple[xw.Book, xw.Book, DesktopState], workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, book, state = excel
    before, settings = found(workbook), dict(state.answers)

    def fails(*_: object) -> None:
        assert book.sheets[SHEET].used_range.shape[1] > KEPT_COLUMNS  # the grade columns are written already
        raise ZeroDivisionError

    monkeypatch.setattr(regrade, "_fill_sheets", fails)
    assert entry.run("regrade", "zh") == "failed"
    file.save()
    assert found(workbook) == before
    assert openpyxl.load_workbook(workbook)[SHEET].max_column == KEPT_COLUMNS
    assert state.answers == settings


def test_the_selection_and_the_sheet_in_front_come_back_after_an_error(
    excel: tuple[xw.Book, xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, book, _ = excel
    file.sheets[SHEET].activate()

    def fails(*_: object) -> None:
        book.sheets["订单"].activate()
        raise ZeroDivisionError

    monkeypatch.setattr(entry, "ribbon_command", fails)
    assert entry.run("regrade", "zh") == "failed"
    assert book.sheets.active.name == SHEET
