"""A click on a button, from the macro on: the command runs, Excel is left as it was, messages are shown."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings as xw

from addin import buttons, log
from addin.commands import ribbon_command
from addin.hosts import xlsx
from addin.hosts.excel import entry
from tests.hosts.excel.desktop import DesktopState, desktop, select
from tests.programs import ROOT
from udfs.texts import FenjiError, Text
from workbook_templates.sample_workbook import write_sample_workbook


@pytest.fixture
def excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[xw.Book, DesktopState]:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    book = xlsx.new(sheet="客户")
    book.sheets["客户"]["A1:C2"].value = [["客户名称", "编码", "合计"], ["甲公司", 555, None]]
    book.sheets["客户"]["C2"].formula = "=SUM(B2)"
    in_excel, state = desktop(book)
    monkeypatch.setattr(entry, "calling_app", lambda window: in_excel.app)
    return in_excel, state


def test_a_command_that_changes_something_can_be_undone(excel: tuple[xw.Book, DesktopState]) -> None:
    book, state = excel
    select(state, book.sheets["客户"]["A2"])
    assert entry.run("set_grade", "zh", "高") == "changed"
    assert state.alerts[-1].startswith("已把 1 位客户手工定为“高价值客户”")
    assert book.sheets["客户"]["D2"].value == "高价值客户"
    assert entry.run("undo", "zh") == "done"
    assert book.sheets["客户"]["D1:D2"].value == [None, None]
    assert entry.run("undo", "zh") == "done"
    assert book.sheets["客户"]["D2"].value == "高价值客户"


def test_an_error_is_shown_in_the_users_language(excel: tuple[xw.Book, DesktopState]) -> None:
    assert entry.run("undo", "zh") == "failed"
    assert entry.run("undo", "en") == "failed"
    assert "没有可以撤销的操作" in excel[1].alerts[0]
    assert excel[1].alerts[1].startswith("There is nothing to undo")


@pytest.mark.parametrize("error", [None, FenjiError("不行", "no"), ZeroDivisionError("张三的电话")])
def test_excel_is_left_as_it_was_found(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    _, state = excel
    before = dict(state.answers)

    def command(*_: object) -> entry.Outcome:
        assert state.answers["App", "calculation"] == "manual"
        assert state.answers["App", "screen_updating"] is False
        if error:
            raise error
        return entry.Outcome(Text("好了", "Done"))

    monkeypatch.setattr(entry, "ribbon_command", command)
    assert entry.run("check", "en") == ("failed" if error else "changed")
    assert state.answers == before


def test_an_unexpected_error_is_logged_without_its_data(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    book, state = excel

    def fails(watched: xw.Book, *_: object) -> None:
        watched.sheets["客户"]["A2"].value = "x"
        raise KeyError("张三 13800000000")

    monkeypatch.setattr(entry, "ribbon_command", lambda command, watched, *rest: fails(watched))
    assert entry.run("set_grade", "en") == "failed"
    written = (tmp_path / "home" / log.NAME).read_text("utf-8")
    assert "KeyError" in written
    assert "test_entry.py" in written
    assert "张三" not in written
    assert "138" not in written
    assert str(tmp_path / "home" / log.NAME) in state.alerts[-1]
    assert book.sheets["客户"]["A2"].value == "甲公司"


def test_the_log_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path))
    monkeypatch.setattr(log, "LARGEST", 2000)
    for _ in range(50):
        log.write_unexpected(ValueError("x"))
    assert (tmp_path / log.NAME).stat().st_size < 3000


def test_progress_goes_to_the_status_bar_and_escape_stops(excel: tuple[xw.Book, DesktopState]) -> None:
    book, state = excel
    say = entry.Progress(book.app, "zh", is_pressed=lambda: False)
    say(Text("正在读取数据", "Reading the data"))
    assert state.answers["App", "status_bar"].startswith("正在读取数据…")
    stopped = entry.Progress(book.app, "en", is_pressed=lambda: True)
    with pytest.raises(FenjiError, match="Stopped"):
        stopped(Text("正在分级", "Grading"))


def test_on_windows_the_window_title_says_the_step_and_the_macro_puts_it_back(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, state = excel
    monkeypatch.setattr(entry.sys, "platform", "win32")
    state.answers["App", "api"] = SimpleNamespace(Caption=None)
    say = entry.Progress(book.app, "en", is_pressed=lambda: False)
    say(Text("正在读取数据", "Reading the data"))
    assert state.answers["App", "api"].Caption == "Customer Grading: Reading the data…"
    assert state.answers["App", "status_bar"] == "Reading the data… (Esc stops)"
    macro = (ROOT / "addin/hosts/excel/vba/FenjiBridge.bas").read_text("cp1252")
    restore = macro[macro.index("restore:") :]
    assert "Application.Caption = Empty" in restore
    assert "Application.StatusBar = False" in restore


def test_every_long_command_says_its_steps(excel: tuple[xw.Book, DesktopState], tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, "en", 30)
    for command in ("check", "regrade", "explain", "what_if", "report", "analyse"):
        said: list[str] = []
        book, state = desktop(xlsx.open(path))
        select(state, book.sheets[0]["A3"])
        argument = {"report": "churn", "analyse": "churn"}.get(command, "")
        ribbon_command(command, book, book.app, argument, "en", lambda text, said=said: said.append(text.en))
        assert len(said) >= 3, command


def test_escape_in_the_middle_leaves_the_workbook_as_it_was(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, "en", 30)
    file = xlsx.open(path)
    book, state = desktop(file)
    monkeypatch.setattr(entry, "calling_app", lambda window: book.app)
    pressed = iter([False, False, False, False, True])
    monkeypatch.setattr(entry, "escape_is_pressed", lambda: next(pressed, True))
    assert entry.run("regrade", "en") == "failed"
    assert state.alerts == ["Stopped. The workbook was not changed."]
    file.save()
    assert len(xlsx.open(path).sheets) == 4


def test_every_button_names_a_command_that_can_run() -> None:
    from importlib import import_module

    for button in buttons.load().buttons:
        module = import_module(f"addin.commands.{button.command}")
        assert hasattr(module, "from_ribbon") or hasattr(module, "run")


def test_without_a_workbook_other_commands_still_work(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "active_book", lambda app: None)
    assert entry.run("about", "en") == "done"
    assert excel[1].alerts[-1].startswith("fenji ")


def test_the_sheet_that_shows_the_result_comes_to_the_front(excel: tuple[xw.Book, DesktopState]) -> None:
    book, _ = excel
    assert entry.run("settings", "zh") == "changed"
    assert book.sheets.active.name == "分级设置"


def test_redo_of_a_step_that_made_sheets_makes_them_whole(excel: tuple[xw.Book, DesktopState]) -> None:
    book, state = excel
    entry.run("settings", "zh")
    made = book.sheets["分级设置"]
    width, tables = made["B1"].column_width, [t.name for t in made.tables]
    assert entry.run("undo", "zh") == "done"
    assert [sheet.name for sheet in book.sheets] == ["客户"]
    assert entry.run("undo", "zh") == "done"
    again = book.sheets["分级设置"]
    assert (again["B1"].column_width, [t.name for t in again.tables]) == (width, tables)
    assert state.alerts[-1].startswith("已重做“分级设置”")
    entry.run("undo", "zh")
    assert [sheet.name for sheet in book.sheets] == ["客户"]


def test_the_server_starts_without_pandas_and_commands_still_have_it() -> None:
    code = (
        "import sys; from addin.hosts.excel.serve import import_xlwings_alone; import_xlwings_alone();"
        "assert not {'pandas', 'polars', 'matplotlib'} & set(sys.modules);"
        "from addin.hosts.excel.functions import call; assert call('RFM_SEGMENT', 555.0) == [['Champions']];"
        "assert 'pandas' not in sys.modules; import pandas; import addin.commands.regrade"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("command", [b.command for b in buttons.load().buttons if b.needs_book])
def test_with_no_workbook_open_a_button_says_so(
    excel: tuple[xw.Book, DesktopState], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(entry, "active_book", lambda app: None)
    assert entry.run(command, "zh") == "failed"
    assert excel[1].alerts == ["没有打开的工作簿。请先打开或新建一个工作簿，再点这个按钮。"]


def test_nothing_in_the_folder_of_the_workbook_is_run_or_read(tmp_path: Path) -> None:
    folder = tmp_path / "客户 资料"
    folder.mkdir()
    for name in ("addin", "udfs", "numpy", "xlwings", "sitecustomize", "usercustomize"):
        (folder / f"{name}.py").write_text("open('ran', 'w').close()", "utf-8")
    for name in ("xlwings.conf", "fenji.conf"):
        (folder / name).write_text('interpreter = evil.exe\n"INTERPRETER_WIN","evil.exe"\n', "utf-8")
    code = (
        "from addin.hosts.excel.serve import import_xlwings_alone; import_xlwings_alone();"
        "import addin.hosts.excel.entry, addin.commands.regrade, sys; assert '' not in sys.path"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FENJI_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-P", "-B", "-c", code], cwd=folder, check=True, env=environment)
    assert not (folder / "ran").exists()
    assert not (tmp_path / "home").exists()


def test_a_sheet_called_config_in_the_workbook_changes_nothing(
    excel: tuple[xw.Book, DesktopState], tmp_path: Path
) -> None:
    book, state = excel
    for name in ("xlwings.conf", "config", "fenji.conf"):
        sheet = book.sheets.add(name)
        sheet["A1:B3"].value = [["key", "value"], ["interpreter", "evil.exe"], ["language", "en"]]
    select(state, book.sheets["客户"]["A2"])
    assert entry.run("set_grade", "zh", "高") == "changed"
    assert state.alerts[-1].startswith("已把 1 位客户手工定为")


def test_the_log_is_named_in_the_message_and_holds_no_path_of_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "张三 的文件夹"))
    try:
        open(tmp_path / "李四.xlsx", "rb")  # noqa: SIM115
    except OSError as error:
        said = entry.unexpected(error)
    where = tmp_path / "张三 的文件夹" / log.NAME
    assert str(where) in said.zh
    assert str(where) in said.en
    assert "李四" not in where.read_text("utf-8")
    assert "张三" not in where.read_text("utf-8")
