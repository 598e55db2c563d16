"""The settings sheet, made once; a new workbook and the sample."""

import re
import shlex
from pathlib import Path

import pytest
import xlwings as xw
from typer.testing import CliRunner

from addin import buttons
from addin import settings as setting_sheet
from addin.cli import app
from addin.commands import new_workbook, sample_data, settings
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop
from udfs.texts import Lang


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
    book = xlsx.open(sample_data.write(tmp_path, "en", 40))
    guide = book.sheets[0]
    assert guide.name == "Four steps"
    assert guide["A5:B8"].value == [
        [1, "Look at the sheets 'Customers' and 'Orders'."],
        [2, "Press 'Check Data'."],
        [3, "Press 'Regrade'."],
        [
            4,
            "Select a customer and press 'Explain Customer'; then 'New Report', 'Customers at risk of leaving'.",
        ],
    ]
    assert {"Customers", "Orders"} <= {sheet.name for sheet in book.sheets}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_steps_call_buttons_reports_and_sheets_by_their_names(lang: Lang) -> None:
    known = {button.label(lang) for button in buttons.load().buttons}
    known |= {choice.label(lang) for button in buttons.load().buttons for choice in button.choices}
    known |= (
        {"客户", "订单", "客户分级"} if lang == "zh" else {"Customers", "Orders", "Customer grades", "$86.00"}
    )
    texts = [text(lang) for step in sample_data.STEPS for text in (step.do, step.see)]
    named = [
        name for text in texts for name in re.findall(r"“([^”]+)”" if lang == "zh" else r"'([^']+)'", text)
    ]
    assert len(named) > 6
    assert set(named) - {"86元"} <= known


def test_without_excel_the_steps_are_commands_that_run(tmp_path: Path) -> None:
    path = sample_data.write(tmp_path, "en", 40)
    for step in sample_data.STEPS:
        words = shlex.split(step.shell.format(file=f'"{path}"'))[1:]
        run = CliRunner().invoke(app, [*words, "--lang", "en"])
        assert run.exit_code == 0, (words, run.output)
    assert "Customer grades" in [sheet.name for sheet in xlsx.open(path).sheets]


def test_after_each_step_the_next_one_is_told_in_the_sample_only(tmp_path: Path) -> None:
    book = xlsx.open(sample_data.write(tmp_path, "zh", 40))
    commands = ("check", "regrade", "explain", "report", "undo")
    told = {command: sample_data.next_step(book, command) for command in commands}
    assert {command: text.zh[:9] for command, text in told.items() if text} == {
        "check": "接下来是第 3 步",
        "regrade": "接下来是第 4 步",
        "explain": "接下来：点“生成报",
        "report": "换成您自己的数据：",
    }
    book.sheets["四步上手"].delete()
    assert sample_data.next_step(book, "check") is None
