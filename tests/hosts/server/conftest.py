"""One server and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx.cell_values import Formula
from tests.hosts.server import browser
from workbook_templates.sample_workbook import write_sample_workbook

CUSTOMERS = 20


@pytest.fixture(scope="session")
def desk() -> Iterator[browser.Desk]:
    with browser.desk() as held:
        yield held


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, desk: browser.Desk) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server") / "project"
    with browser.running_server(folder, browser.fake_office(desk.address)) as address:
        yield address


@pytest.fixture(scope="session")
def opened(
    server: str, desk: browser.Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[browser.Pane]:
    with browser.chromium(f"{server}/taskpane.html", tmp_path_factory.mktemp("profile")):
        yield browser.Pane(desk)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "客户表.xlsx"
    write_sample_workbook(path, "zh", CUSTOMERS)
    return path


@pytest.fixture(scope="session")
def sample_en(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "customers.xlsx"
    write_sample_workbook(path, "en", CUSTOMERS)
    return path


@pytest.fixture(scope="session")
def with_formulas(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with formulas that use our functions: one a cell, and one that fills three cells."""
    path = tmp_path_factory.mktemp("formulas") / sample.name
    path.write_bytes(sample.read_bytes())
    book = xlsx.open(path)
    sheet = book.sheets.add("公式", after=book.sheets[-1])
    sheet["A1:A3"].value = [[100], [20], [3]]
    for row in (1, 2, 3):
        sheet.range((row, 2)).impl.set_formula(f"=RECENCY_SCORE(A{row})+0", [float(row)])
    sheet["C1"].value = "=SUM(A1:A3)"
    cells = sheet.impl.cells_store.changes
    cells.set_cell(1, 4, Formula("RECENCY_SCORE(A1:A3)", 5.0, "D1:D3"))
    cells.set_cell(2, 4, 3.0)
    cells.set_cell(3, 4, 1.0)
    book.save()
    book.close()
    return path
