"""The buttons in Excel for the web: xlwings' own JavaScript in headless Chromium, against the file engine.

Each command leaves the same cells, formulas, formats, tables and names in the workbook open in the browser as it
leaves on the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from addin import buttons
from addin.commands import regrade, ribbon_command
from addin.hosts import xlsx
from addin.hosts.server.click import PaneApp
from tests.hosts.excel.looks import FAMILIES, looks
from tests.hosts.server.browser import TOKEN, Desk, Pane
from tests.hosts.server.excel_model import Excel
from tests.hosts.server.excel_sheets import shown
from tests.programs import ROOT

# Families that are not the same on the web, where charts are drawn anew: docs/host-calls.md says so.
ON_THE_WEB = ("charts",)
pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("server")]  # one browser for all of them


def on_file(
    path: Path, folder: Path, command: str, argument: str = "", selection: tuple[str, str] | None = None
) -> Path:
    """The command on a copy of the file."""
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    book = xlsx.open(copy)
    selected = book.sheets[selection[0]].range(selection[1]) if selection else None
    app: Any = PaneApp(selected)
    nobody = regrade.GRADED_FOR.set("")  # as with the shared token: the history names no account
    ribbon_command(command, book, app, argument, "zh", lambda _: None)
    regrade.GRADED_FOR.reset(nobody)
    book.save()
    book.close()
    return copy


def content(book: xw.Book) -> dict[str, Any]:
    """Sheets in their order, their cells with formulas and number formats, tables, print areas, and the names."""
    book.impl.write_parts()
    found: dict[str, Any] = {
        "sheets": [sheet.name for sheet in book.sheets],
        "names": sorted((n.name, n.refers_to) for n in book.names if "_xlnm" not in n.name),
    }
    for sheet in book.sheets:
        impl = sheet.impl
        cells = {}
        formats = {}
        for row, column, style in filled(impl):
            value = shown(impl, row, column)
            if value != "" and not is_now(value):
                cells[row, column] = value
                formats[row, column] = impl.book.styles.number_format(style)
        found[f"cells of {sheet.name}"] = cells
        found[f"formats of {sheet.name}"] = formats
        found[f"tables of {sheet.name}"] = sorted((t.name, t.range.address) for t in sheet.tables)
        found[f"print area of {sheet.name}"] = sheet.page_setup.print_area
        found[f"pivots of {sheet.name}"] = [p.range.address for p in sheet.pivot_tables]
        last = max((column for _, column in cells), default=0)
        found[f"widths of {sheet.name}"] = [
            round(sheet.range((1, c)).column_width, 1) for c in range(1, last + 1)
        ]
    return found


def filled(sheet: Any) -> Iterator[tuple[int, int, int]]:
    """Row, column and style of each cell that stands in the sheet's part."""
    store = sheet.cells_store
    area = store.used_area()
    for row, raw in store.rows.between(1, area.row2 if area else 0):
        for cell in store.rows.cells(raw):
            yield row, cell.column, cell.style


def is_now(value: Any) -> bool:
    """A time of this run."""
    import datetime as dt

    today = (dt.datetime.now() - dt.datetime(1899, 12, 30)).days
    return isinstance(value, float) and today - 1 <= value < today + 2


def assert_same(excel: Excel, path: Path, but: Collection[str] = ON_THE_WEB) -> None:
    """The workbook in Excel has the cells of the file, and its look in every family not named in `but`."""
    wanted = xlsx.open(path)
    try:
        expected, got = content(wanted), content(excel.book)
    finally:
        wanted.close()
    assert_equal(got, expected)
    saved = path.with_name(f"in-excel-{path.name}")
    saved.write_bytes(excel.file())
    on_file, in_excel = looks(path), looks(saved)
    differing = [family for family in FAMILIES if in_excel[family] != on_file[family]]
    assert differing == [family for family in differing if family in but]


def assert_equal(got: dict[str, Any], expected: dict[str, Any]) -> None:
    assert got.keys() == expected.keys()
    for part, value in expected.items():
        assert got[part] == value, part


def edited(path: Path, folder: Path, sheet: str, cell: str, value: Any) -> Path:
    """A copy of the workbook with another value in one cell."""
    folder.mkdir()
    book = xlsx.open(path)
    book.sheets[sheet].range(cell).value = value
    book.save(folder / path.name)
    book.close()
    return folder / path.name


@dataclass(frozen=True)
class Case:
    """A button, what the user answers, which cells are selected; what was pressed, and typed in a cell, before."""

    command: str
    answer: str | None = None
    selection: tuple[str, str] | None = None
    before: tuple[tuple[str, str | None], ...] = ()
    platform: str = "OfficeOnline"
    edit: tuple[str, str, Any] | None = None


CASES = {
    "regrade": Case("regrade"),
    "regrade twice": Case("regrade", before=(("regrade", None),)),
    "check": Case("check"),
    "settings": Case("settings"),
    "set grade": Case("set_grade", "高；战略客户；2025-12-31", ("客户", "A4:B5")),
    "what if": Case("what_if"),
    "report": Case("report", "rfm"),
    "report with charts kept": Case("report", "rfm", platform="Mac"),
    "analysis": Case("analyse", "churn"),
    "report with pivot tables": Case("report", "pivots"),
    "refresh": Case(
        "refresh_report", None, ("RFM 热力图", "A1"), (("report", "rfm"),), edit=("订单", "J2", 987654)
    ),
    "refresh pivots": Case(
        "refresh_report", None, ("订单透视表", "A1"), (("report", "pivots"),), edit=("订单", "J2", 987654)
    ),
    "regrade after edit": Case("regrade", None, None, (("regrade", None),), edit=("订单", "J2", 987654)),
    "formulas to values": Case("freeze_formulas"),
}


def test_every_button_that_changes_the_workbook_is_compared() -> None:
    compared = {case.command for case in CASES.values()} | {"apply_trial"}
    assert {b.command for b in buttons.load().buttons if buttons.changes(b.command)} <= compared


def test_the_documents_say_what_is_not_the_same_on_the_web() -> None:
    page = (ROOT / "docs/host-calls.md").read_text("utf-8")
    assert all(f"On the web {family} differ" in page for family in ON_THE_WEB)


@pytest.mark.parametrize("name", CASES)
def test_the_same_workbook_as_on_the_file_and_back(
    opened: Pane, with_formulas: Path, tmp_path: Path, name: str
) -> None:
    case, start = CASES[name], with_formulas
    for command, answer in case.before:
        start = on_file(start, tmp_path / command, command, answer or "", ("客户", "A4"))
    if case.edit:
        start = edited(start, tmp_path / "edited", *case.edit)
    excel = opened.open(start, case.platform)
    if case.selection:
        excel.active, excel.selection = case.selection
    before = content(excel.book)
    said = opened.press(case.command, case.answer)
    assert said["status"] == "done", said
    wanted = on_file(start, tmp_path / "wanted", case.command, case.answer or "", case.selection)
    assert_same(excel, wanted, ON_THE_WEB if case.platform == "OfficeOnline" else ())
    assert content(excel.book) != before
    undone = opened.press("undo")
    assert "已撤销" in undone["text"], undone
    assert_equal(content(excel.book), before)
    redone = opened.press("undo")
    assert "已重做" in redone["text"], redone
    assert_same(excel, wanted)


@pytest.mark.parametrize(
    ("command", "selection", "words"),
    [("explain", ("客户", "A4"), "分级得分"), ("about", None, "fenji"), ("guide", None, "")],
)
def test_what_only_tells_something_changes_nothing(
    opened: Pane, sample: Path, command: str, selection: tuple[str, str] | None, words: str
) -> None:
    excel = opened.open(sample)
    if selection:
        excel.active, excel.selection = selection
    before = content(excel.book)
    said = opened.press(command)
    assert said["status"] == "done", said
    assert words in said["text"]
    assert content(excel.book) == before


def test_the_selected_customer_is_explained(opened: Pane, sample: Path) -> None:
    excel = opened.open(sample)
    excel.active, excel.selection = "客户", "B4"
    name = excel.book.sheets["客户"].range("B4").value
    assert opened.press("explain")["text"].startswith(name)


def test_a_trial_is_typed_tried_and_applied(opened: Pane, sample: Path, tmp_path: Path) -> None:
    excel = opened.open(sample)
    opened.press("what_if")
    table = excel.book.sheets["分级试算"].tables["tblTrial"].range
    keys = table.columns[0].value
    table[keys.index("grade_limits.1"), 3].value = 55
    started = tmp_path / "typed.xlsx"
    started.write_bytes(excel.file())
    said = opened.press("what_if")
    assert "会升级" in said["text"]
    assert_same(excel, tried := on_file(started, tmp_path / "tried", "what_if"))
    assert "已按试算的数值重新分级" in opened.press("apply_trial")["text"]
    assert_same(excel, on_file(tried, tmp_path / "applied", "apply_trial"))


@pytest.mark.parametrize("command", ["sample_data", "new_workbook"])
def test_new_workbooks_open_beside_this_one(opened: Pane, sample: Path, tmp_path: Path, command: str) -> None:
    excel = opened.open(sample)
    assert opened.press(command)["status"] == "done"
    made = tmp_path / "made.xlsx"
    made.write_bytes(excel.created[0])
    book = xlsx.open(made)
    assert "客户" in [sheet.name for sheet in book.sheets]
    book.close()


def test_a_copy_is_offered_under_a_name_with_the_time(opened: Pane, sample: Path) -> None:
    excel = opened.open(sample)
    opened.press("backup")
    name, copied = opened.run("""
        const link = document.getElementById("fenji-copy");
        while (link.hidden) await new Promise((done) => setTimeout(done, 20));
        const bytes = new Uint8Array(await (await fetch(link.href)).arrayBuffer());
        return [link.download, Array.from(bytes)];""")
    assert re.fullmatch(r"客户表\.backup-\d{8}-\d{6}\.xlsx", name)
    assert bytes(copied) == excel.file()


def test_the_guide_is_shown_in_the_pane(opened: Pane, sample: Path) -> None:
    opened.open(sample)
    opened.press("guide")
    assert "<h1" in opened.run("return document.getElementById('fenji-page').srcdoc")


def test_a_ribbon_button_does_the_same_as_the_pane(opened: Pane, sample: Path, tmp_path: Path) -> None:
    excel = opened.open(sample)
    names = opened.run("return Object.keys(window.fenjiActions)")
    wanted = [
        f"{button.id}.{i}" if button.choices else button.id
        for button in buttons.load().buttons
        for i in range(1, max(1, len(button.choices)) + 1)
    ]
    assert sorted(names) == sorted(wanted)
    place = [choice.value for choice in report_button().choices].index("churn") + 1
    assert opened.ribbon(f"fenji_report.{place}")["status"] == "done"
    assert_same(excel, on_file(sample, tmp_path, "report", "churn"))


def report_button() -> buttons.Button:
    return next(button for button in buttons.load().buttons if button.command == "report")


def test_charts_are_drawn_anew_on_the_web(opened: Pane, sample: Path, tmp_path: Path) -> None:
    excel = opened.open(sample)
    opened.press("report", "rfm")
    drawn = {sheet: [chart.kept["name"] for chart in charts] for sheet, charts in excel.charts.items()}
    assert drawn == {
        "八类客户": ["Chart 1"],
        "十一类客群": ["Chart 1"],
        "R F M 分布": ["Chart 1", "Chart 2", "Chart 3"],
    }
    chart = excel.charts["八类客户"][0]
    assert chart.kind == "BarClustered"
    assert chart.title.kept["formula"] == "='八类客户'!$A$4"
    first = chart.series.all[0].kept
    assert (first["name"], first["values"], first["categories"]) == (
        "金额占比",
        "八类客户!F28:F34",
        "八类客户!A28:A34",
    )
    assert chart.series.all[0].format.fill.kept["color"] == "#2563EB"
    assert chart.axes.categoryAxis.kept["reversePlotOrder"] is True


def test_a_large_file_comes_in_slices(opened: Pane, desk: Desk, sample: Path, tmp_path: Path) -> None:
    desk.slice_size = 1000
    try:
        excel = opened.open(sample)
        assert opened.press("check")["status"] == "done"
    finally:
        desk.slice_size = 1 << 22
    assert_same(excel, on_file(sample, tmp_path, "check"))


class TestWhatGoesWrong:
    def test_without_a_table_it_says_what_is_missing(self, opened: Pane, tmp_path: Path) -> None:
        path = tmp_path / "empty.xlsx"
        book = xlsx.new()
        book.sheets[0]["A1"].value = "hello"
        book.save(path)
        excel = opened.open(path)
        before = content(excel.book)
        said = opened.press("regrade")
        assert said["status"] == "failed"
        assert "没有" in said["text"]
        assert content(excel.book) == before

    def test_a_wrong_token_is_refused_in_the_pane(self, opened: Pane, sample: Path) -> None:
        excel = opened.open(sample, token="not the right one")
        before = content(excel.book)
        said = opened.press("regrade")
        assert said["status"] == "failed"
        assert "令牌不对" in said["text"]
        assert content(excel.book) == before

    def test_without_a_token_it_is_asked_for_and_kept(self, opened: Pane, sample: Path) -> None:
        opened.open(sample, token="")
        assert "请先填写" in opened.press("about")["text"]
        opened.run(f"""
            const form = document.getElementById("fenji-token");
            if (!document.getElementById("fenji-access").open) throw new Error("closed");
            form.elements.token.value = "{TOKEN}";
            form.requestSubmit();""")
        assert opened.press("about")["status"] == "done"

    @pytest.mark.parametrize("refused", ["add", "insertWorksheetsFromBase64"])
    def test_when_excel_refuses_a_part_all_is_taken_back(
        self, opened: Pane, sample: Path, refused: str
    ) -> None:
        excel = opened.open(sample)
        before = content(excel.book)
        excel.refuse = refused
        said = opened.press("regrade")
        assert said["status"] == "failed"
        assert "已恢复原样" in said["text"]
        after = content(excel.book)
        assert_equal(after, before)

    def test_when_excel_takes_nothing_back_either_it_says_so(self, opened: Pane, sample: Path) -> None:
        excel = opened.open(sample)
        excel.refuse = "getRange"
        said = opened.press("regrade")
        assert said["status"] == "failed"
        assert "没能全部撤回" in said["text"]

    def test_undo_is_refused_after_other_changes(self, opened: Pane, sample: Path) -> None:
        excel = opened.open(sample)
        excel.active, excel.selection = "客户", "A4"
        opened.press("set_grade", "高")
        sheet = excel.book.sheets["客户"]
        column = sheet.range("A1").expand("right").value.index("人工分级") + 1
        sheet.range((4, column)).value = "低价值客户"
        before = content(excel.book)
        said = opened.press("undo")
        assert said["status"] == "failed"
        assert "又被改动过" in said["text"]
        assert content(excel.book) == before

    def test_nothing_to_undo_in_a_fresh_workbook(self, opened: Pane, sample: Path) -> None:
        opened.open(sample)
        assert "没有可以撤销" in opened.press("undo")["text"]


def test_english_excel_has_an_english_pane(opened: Pane, sample_en: Path) -> None:
    excel = opened.open(sample_en, language="en-GB")
    labels = opened.run(
        "return [...document.querySelectorAll('#fenji-buttons button')].map((b) => b.textContent)"
    )
    assert labels == [button.label.en for button in buttons.load().buttons]
    assert not re.search("[\u4e00-\u9fff]", opened.run("return document.getElementById('fenji').innerText"))
    said = opened.press("regrade")
    assert "customers" in said["text"]
    assert excel.active == "Customer grades"


def test_the_pane_works_by_keyboard_and_says_what_it_does(opened: Pane, sample: Path) -> None:
    opened.open(sample)
    focus, label, live = opened.run("""
        document.getElementById("fenji-set_grade").focus();
        document.activeElement.click();
        const form = document.getElementById("fenji-question");
        return [document.activeElement.id, form.elements.answer.labels[0].textContent,
                document.getElementById("fenji-message").parentElement.getAttribute("aria-live")];""")
    assert focus == "fenji-answer-text"
    assert label.startswith("等级")
    assert live == "polite"
