"""A working day of clicks on one workbook, each through the entry of its button."""

from pathlib import Path

import pytest
import xlwings as xw

from addin import buttons
from addin.hosts import xlsx
from addin.hosts.excel import entry
from tests.hosts.excel.desktop import desktop, select
from workbook_templates.sample_workbook import write_sample_workbook

CLICKS = (
    ("check", "", "changed", "检查"),
    ("regrade", "", "changed", "已分级 40 位客户"),
    ("explain", "", "done", "分级得分"),
    ("set_grade", "高; 战略客户", "changed", "手工定为“高价值客户”"),
    ("regrade", "", "changed", "已分级 40 位客户"),
    ("undo", "", "done", "已撤销“重新分级”"),
    ("undo", "", "done", "已重做“重新分级”"),
    ("what_if", "", "changed", "已准备好工作表“分级试算”"),
    ("report", "grade_table", "changed", "报告已生成"),
    ("refresh_report", "", "changed", "报告"),
    ("analyse", "churn", "changed", "流失分析"),
    ("undo", "", "done", "已撤销“数据分析”"),
    ("freeze_formulas", "", "changed", "无需转换"),
    ("settings", "", "changed", "设置"),
    ("backup", "", "done", "已备份"),
    ("about", "", "done", "fenji"),
)


def test_a_day_of_clicks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, "zh", 40)
    file = xlsx.open(path)
    book, state = desktop(file)
    monkeypatch.setattr(entry, "calling_app", lambda window: book.app)
    select(state, book.sheets["客户"]["B3"])
    for command, argument, outcome, said in CLICKS:
        assert entry.run(command, "zh", argument) == outcome, (command, state.alerts[-1])
        assert said in state.alerts[-1], command
    assert "高价值客户" in [row[0] for row in manual_grades(file)]
    left_out = {button.command for button in buttons.load().buttons} - {click[0] for click in CLICKS}
    assert left_out == {"apply_trial", "guide", "new_workbook", "sample_data"}


def manual_grades(book: xw.Book) -> list[list[object]]:
    """The column of grades set by hand."""
    sheet = book.sheets["客户"]
    head = sheet.used_range[0, :].options(ndim=1).value
    return sheet.used_range[:, head.index("人工分级")].options(ndim=2).value
