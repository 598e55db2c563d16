"""Reports in a workbook are brought up to date after the data changed."""

from pathlib import Path

import pytest

from addin.commands import refresh_report, report
from addin.hosts import xlsx
from udfs.texts import FenjiError
from workbook_templates.sample_workbook import write_sample_workbook


def test_changed_data_reach_the_report(tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample_workbook(path, "zh", 40)
    book = xlsx.open(path)
    made = report.from_ribbon(book, book.app, "grade_table", "zh", lambda text: None)
    assert made.show == "客户分级管理分析表"
    assert made.message.en.startswith("The report is ready: 客户分级管理分析表")
    book.save()
    book = xlsx.open(path)
    book.sheets["客户"]["B2"].value = "改名后的公司"
    book.save()
    book = xlsx.open(path)
    refreshed = refresh_report.run(book, "客户分级管理分析表")
    assert refreshed.show == "客户分级管理分析表"
    cells = book.sheets["客户分级管理分析表"].used_range.options(ndim=2).value
    assert any("改名后的公司" in row for row in cells)


def test_without_a_report_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(FenjiError, match="no report in this workbook"):
        refresh_report.run(xlsx.new())
