"""Each command does the same in desktop Excel as on a file: same sheets, cells, tables and names, and the same look.

Desktop Excel is the stand-in of desktop.py: real cells, but only the calls that xlwings has on Windows and
on macOS, and texts read as if they were typed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from addin import undo
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop
from tests.hosts.excel.looks import FAMILIES, looks
from tests.hosts.excel.workbook_commands import COMMANDS
from workbook_templates.sample_workbook import write_sample_workbook

UNDONE = ["check", "regrade", "set_grade", "settings", "freeze_formulas", "report rfm", "report pivots"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample_workbook(path, "zh", 40)
    return path


def content(book: xw.Book) -> dict[str, Any]:
    """Sheets with their cells and tables, and the names, without times."""
    found: dict[str, Any] = {"names": sorted(name.name for name in book.names)}
    for sheet in book.sheets:
        cells = sheet.used_range.options(ndim=2).value
        found[sheet.name] = {
            (i, j): value
            for i, row in enumerate(cells)
            for j, value in enumerate(row)
            if value is not None and not (isinstance(value, dt.datetime) and value.date() == dt.date.today())
        }
        found[f"tables of {sheet.name}"] = sorted((t.name, t.range.address) for t in sheet.tables)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_cells_and_look_in_excel_as_on_a_file(name: str, sample: Path, tmp_path: Path) -> None:
    results, seen = [], []
    for host in ("file", "excel"):
        path = tmp_path / host / "sample.xlsx"
        path.parent.mkdir()
        path.write_bytes(sample.read_bytes())
        book = xlsx.open(path)
        COMMANDS[name](book if host == "file" else desktop(book)[0])
        book.save()
        results.append(content(xlsx.open(path)))
        seen.append(looks(path))
    on_file, in_excel = results
    assert in_excel.keys() == on_file.keys()
    for part, cells in on_file.items():
        assert in_excel[part] == cells, part
    for family in FAMILIES:
        assert seen[1][family] == seen[0][family], family


@pytest.mark.parametrize("name", UNDONE)
def test_undo_in_excel_takes_every_command_back(
    name: str, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    path = tmp_path / "excel.xlsx"
    path.write_bytes(sample.read_bytes())
    file = xlsx.open(path)
    book, _ = desktop(file)
    before = content(book)
    with undo.step(book, name) as watched:
        COMMANDS[name](watched)
    after = content(book)
    undo.undo_open_book(book)
    assert content(book) == before
    undo.undo_open_book(book)
    redone = content(book)
    assert {part for part in redone if not part.startswith("tables of ")} >= {
        part for part in after if not part.startswith("tables of ")
    }
    undo.undo_open_book(book)
    assert content(book) == before
    file.save()
    was, now = looks(sample), looks(path)
    for family in FAMILIES:
        assert now[family] == was[family], family
