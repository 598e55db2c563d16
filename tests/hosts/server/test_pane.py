"""The buttons in Excel for the web: xlwings' own JavaScript in headless Chromium, against the file engine.

Each command leaves the same cells, formulas, formats, tables and names in the workbook open in the browser as it
leaves on the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from addin.commands import ribbon_command
from addin.hosts import xlsx
from addin.hosts.server.click import PaneApp
from tests.hosts.server.browser import Pane
from tests.hosts.server.excel_model import Excel, shown

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("server")]  # one browser for all of them


def on_file(
    path: Path, folder: Path, command: str, argument: str = "", selection: tuple[str, str] | None = None
) -> Path:
    """The command on a copy of the file."""
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    book = xlsx.open(copy)
    selected = book.sheets[selection[0]].range(selection[1]) if selection else None
    app: Any = PaneApp(selected)
    ribbon_command(command, book, app, argument, "zh", lambda _: None)
    book.save()
    book.close()
    return copy


def content(book: xw.Book) -> dict[str, Any]:
    """Sheets in their order, their cells with formulas and number formats, tables, print areas, and the names."""
    found: dict[str, Any] = {
        "sheets": [sheet.name for sheet in book.sheets],
        "names": sorted((n.name, n.refers_to) for n in book.names if "_xlnm" not in n.name),
    }
    for sheet in book.sheets:
        impl = sheet.impl
        area = impl.cells_store.used_area()
        places = [
            (r, c)
            for r in range(1, area.row2 + 1 if area else 1)
            for c in range(1, area.column2 + 1 if area else 1)
        ]
        found[f"cells of {sheet.name}"] = {
            p: v for p in places if (v := shown(impl, *p)) != "" and not is_now(v)
        }
        styles = impl.book.styles
        found[f"formats of {sheet.name}"] = {
            p: styles.number_format(impl.cells_store.style(*p)) for p in places if shown(impl, *p) != ""
        }
        found[f"tables of {sheet.name}"] = sorted((t.name, t.range.address) for t in sheet.tables)
        found[f"print area of {sheet.name}"] = sheet.page_setup.print_area
        found[f"pivots of {sheet.name}"] = [p.range.address for p in sheet.pivot_tables]
        found[f"widths of {sheet.name}"] = [
            round(sheet.range((1, c)).column_width, 1) for c in range(1, area.column2 + 1 if area else 1)
        ]
    return found


def is_now(value: Any) -> bool:
    """A time of this run."""
    import datetime as dt

    today = (dt.datetime.now() - dt.datetime(1899, 12, 30)).days
    return isinstance(value, float) and today - 1 <= value < today + 2


def assert_same(excel: Excel, path: Path) -> None:
    excel.book.impl.write_parts()
    wanted = xlsx.open(path)
    try:
        expected, got = content(wanted), content(excel.book)
    finally:
        wanted.close()
    assert got.keys() == expected.keys()
    for part, value in expected.items():
        assert got[part] == value, part


def test_regrade_gives_the_same_workbook_as_on_the_file(opened: Pane, sample: Path, tmp_path: Path) -> None:
    excel = opened.open(sample)
    said = opened.press("regrade")
    assert said["status"] == "done", said
    assert "40 位客户" in said["text"]
    assert excel.active == "客户分级"
    assert_same(excel, on_file(sample, tmp_path, "regrade"))
