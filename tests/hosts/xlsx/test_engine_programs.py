"""What the engine writes, seen by Microsoft's validator, LibreOffice and Gnumeric."""

from __future__ import annotations

import csv
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from addin.hosts import xlsx
from tests import programs
from tests.hosts.xlsx.raw_sheets import SHEET, part, with_parts
from workbook_templates.cells import write_frame


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A book with everything cells can be, changed again after it was saved."""
    path = tmp_path_factory.mktemp("programs") / "everything.xlsx"
    book = xlsx.new("微软雅黑", "客户")
    sheet = book.sheets[0]
    frame = pd.DataFrame(
        {
            "客户": [f"公司<{i}> & 子" for i in range(200)],
            "金额": np.arange(200) / 7,
            "日期": pd.date_range("2024-01-01", periods=200),
            "空": [None, 1.5] * 100,
            "混": ["=1+1", 2, True, None, dt.datetime(2024, 5, 6, 7, 8)] * 40,
        }
    )
    write_frame(sheet["B3"], frame, number_formats=[None, "#,##0.00", None, "0.0%", None])
    table = sheet.tables.add(source=sheet["B3"].resize(201, 5), name="tblCustomers")
    sheet["B1"].value = "标题"
    sheet["B1:D1"].merge()
    sheet["B1"].font.size = 16
    sheet["B3:F3"].borders.set("all", line_style="continuous", weight="thin", color="#E5E7EB")
    sheet["B3:F3"].color = "#F3F6FA"
    sheet["H1"].impl.set_formula("=SUM(tblCustomers[金额])", float(frame["金额"].sum()))
    sheet["H2"].add_hyperlink("https://example.com/?a=1&b=2", "link")
    sheet["H3"].impl.set_formula('=TEXTJOIN(",",TRUE,B4:B5)', "公司<0> & 子,公司<1> & 子")
    sheet["H4"].formula2 = "=LET(x,B4:B5,SORT(x))"
    sheet["H5"].formula = '=IFS(E5>1,"high",TRUE,"low")'
    sheet["J:J"].number_format = "0.00"
    sheet["5:5"].rows.hidden = True
    sheet.autofit("columns")
    book.names.add("客户区", "=客户!$B$4:$B$203")
    book.sheets.add("空表", after=sheet)
    book.save(path)
    sheet["G3"].value = "等级"
    sheet["G4"].impl.write_columns([["高", "低"] * 100])
    table.resize(sheet["B3"].resize(201, 6))
    book.sheets["空表"].name = "It's 1"
    book.save()
    book.close()
    return path


@pytest.mark.validator
def test_the_validator_finds_nothing(path):
    assert programs.validate(path) == []


@pytest.mark.validator
def test_the_validator_finds_nothing_in_a_new_book(tmp_path):
    book = xlsx.new()
    book.save(tmp_path / "new.xlsx")
    book.close()
    assert programs.validate(tmp_path / "new.xlsx") == []


# UTF-8, cells as shown.
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


def read(path):
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))


@pytest.mark.libreoffice
def test_libreoffice_shows_the_cells(path, tmp_path):
    rows = read(programs.convert(path, AS_SHOWN, tmp_path))
    assert rows[0][1] == "标题"
    assert rows[2][1:7] == ["客户", "金额", "日期", "空", "混", "等级"]
    assert rows[3][1:7] == ["公司<0> & 子", "0.00", "2024-01-01", "", "=1+1", "高"]
    assert rows[4][1:7] == ["公司<1> & 子", "0.14", "2024-01-02", "150.0%", "2", "低"]
    assert rows[4][7] == "high"
    assert rows[202][1] == "公司<199> & 子"


@pytest.mark.gnumeric
def test_gnumeric_shows_the_cells(path, tmp_path):
    rows = read(programs.ssconvert(path, tmp_path / "g.csv"))
    found = {row[0]: row[5] for row in rows if row[0].startswith("公司")}
    assert len(found) == 200
    assert (found["公司<0> & 子"], found["公司<199> & 子"]) == ("高", "低")


@pytest.mark.libreoffice
@pytest.mark.validator
def test_a_strict_workbook_stays_strict(tmp_path):
    from addin.hosts.xlsx.new_book import new_book
    from addin.hosts.xlsx.ooxml import to_strict
    from addin.hosts.xlsx.package import Package

    source = Package.from_bytes(new_book())
    parts = {name: to_strict(source.read(name)).decode() for name in source.names()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "<workbook ", '<workbook conformance="strict" '
    )
    path = with_parts(tmp_path / "strict.xlsx", parts)
    book = xlsx.open(path)
    book.sheets[0]["A1"].value = [["甲", "b"], [1, 2]]
    book.sheets[0].tables.add(source=book.sheets[0]["A1:B2"], name="tblX")
    book.sheets.add("two", after=book.sheets[0])["A1"].value = 1
    book.save()
    book.close()
    assert "purl.oclc.org" in part(path, "xl/worksheets/sheet2.xml")
    assert "purl.oclc.org" in part(path, SHEET)
    assert programs.validate(path) == []
    assert read(programs.convert(path, AS_SHOWN, tmp_path)) == [["甲", "b"], ["1", "2"]]
