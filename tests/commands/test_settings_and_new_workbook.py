"""The settings sheet, made once; a new workbook and the sample."""

from pathlib import Path

import pytest
import xlwings as xw

from addin import settings as setting_sheet
from addin.commands import new_workbook, sample_data, settings
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop


@pytest.fixture
def book() -> xw.Book:
    book = xlsx.new(sheet="客户")
    book.sheets[0]["A1:B2"].value = [["客户名称", "所属行业"], ["甲", "制造"]]
    return book


def test_the_sheet_lists_every_choice(book: xw.Book) -> None:
    outcome = settings.run(book, "zh")
    assert outcome.show == "分级设置"
    sheet = book.sheets["分级设置"]
    rows = sheet.tables["tblSettings"].range.options(ndim=2).value
    keys = [row[rows[0].index("代码")] for row in rows]
    assert {"bins", "method", "grade_limits"} <= set(keys)
    assert "{{" not in str(sheet["A1:A3"].value)
    assert setting_sheet.read(book).grading == {}


def test_it_is_made_once(book: xw.Book) -> None:
    settings.run(book, "zh")
    again = settings.run(book, "zh")
    assert len(book.sheets) == 2
    assert again.message.en.startswith("The settings are on the sheet '分级设置'")


def test_kept_options_are_read_back(book: xw.Book) -> None:
    settings.run(book, "en")
    settings.keep(book, {"bins": 4, "grade_limits": (30.0, 60.0)}, "en")
    assert setting_sheet.read(book).grading == {"bins": 4, "grade_limits": (30.0, 60.0)}


def test_the_same_in_excel(book: xw.Book) -> None:
    settings.run(desktop(book)[0], "zh")
    assert setting_sheet.read(book).grading == {}


@pytest.mark.parametrize("make", [new_workbook.write, sample_data.write])
def test_new_files_never_replace_old_ones(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    first, second = make(tmp_path, "zh"), make(tmp_path, "zh")
    assert second.name == f"{first.stem} 2.xlsx"
    assert len(xlsx.open(first).sheets) >= 2


def test_the_sample_begins_with_the_four_steps(tmp_path: Path) -> None:
    book = xlsx.open(sample_data.write(tmp_path, "en"))
    assert book.sheets[0].name == "Four steps"
    assert str(book.sheets[0]["A4"].value).startswith("3  Press 'Regrade'")
