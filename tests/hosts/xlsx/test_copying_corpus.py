"""Sheets with everything on them: copied into real workbooks, made in them, taken out again."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx import sheet_list
from addin.hosts.xlsx.copying import copy_sheets
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.removing import delete_sheet
from tests import programs
from tests.hosts.xlsx import rich_template
from tests.hosts.xlsx.consistency import problems

WORKBOOKS = sorted(
    path
    for path in (programs.REFERENCE_DATA / "workbooks").glob("*/*.xls[xm]")
    if not path.name.startswith("~$") and not path.name.startswith("protectstructure")
)
COPIED = ["报表", "列表", "透视"]
# Parts that list or format sheets; everything else must leave as it came.
SHARED = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = rich_template.build(tmp_path_factory.mktemp("template") / "template.xlsx")
    book = xlsx.open(path)
    source = book.sheets["报表"].tables["tblDemo"]
    pivot = book.sheets.add("透视", after=book.sheets[-1])
    pivot.pivot_tables.add(source, pivot["A3"], "分级", rows="等级", values="金额")
    book.save()
    book.close()
    return path.read_bytes()


def put_in(template, package):
    """Copies the template's sheets to the end; gives their names there."""
    return copy_sheets(Package.from_bytes(template), COPIED, package, len(sheet_list.entries(package)))


def contents(path):
    with zipfile.ZipFile(path) as file:
        return {entry.filename: entry.CRC for entry in file.infolist()}


@pytest.mark.reference_data
@pytest.mark.parametrize("workbook", WORKBOOKS[::10], ids=lambda path: path.name)
def test_copied_in_replaced_and_taken_out(workbook, template, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(workbook, path)
    path.chmod(0o644)
    before = contents(path)
    package = Package.open(path)
    first = put_in(template, package)
    package.save()
    with_sheets = contents(path)
    assert {name for name, crc in before.items() if with_sheets[name] != crc} <= set(SHARED)
    for name in first:
        delete_sheet(package, name)
    assert put_in(template, package) == first
    package.save()
    assert contents(path).keys() == with_sheets.keys()
    assert new_problems(path, workbook) == Counter()
    for name in first:
        delete_sheet(package, name)
    package.save()
    assert contents(path).keys() - {"xl/styles1.xml"} == before.keys()


def new_problems(path, original):
    return Counter(problems(Package.open(path))) - Counter(problems(Package.open(original)))


@pytest.mark.reference_data
@pytest.mark.parametrize("workbook", WORKBOOKS[5::10], ids=lambda path: path.name)
def test_a_sheet_with_everything_is_added(workbook, tmp_path):
    path = tmp_path / "book.xlsx"
    shutil.copy(workbook, path)
    path.chmod(0o644)
    book = xlsx.open(path)
    sheet = book.sheets.add("分级结果", after=book.sheets[-1])
    sheet["A1"].value = [["等级", "客户数"], ["高", 3], ["中", 5], ["低", 9]]
    table = sheet.tables.add(source=sheet["A1:B4"], name="tblGradesNew")
    sheet.charts.add(chart_type="bar_clustered", source=sheet["A1:B4"], anchor=sheet["D2:H12"]).title = "客户"
    sheet.pivot_tables.add(table, sheet["A20"], "分级", rows="等级", values="客户数")
    sheet["B2:B4"].conditional_formats.add_data_bar("#2563EB", gradient=False)
    sheet["A2:A4"].conditional_formats.add_cell_value("equal_to", "低", font_color="#B91C1C")
    sheet["D1"].data_validation.set_list(["高", "中", "低"])
    sheet["A1"].add_note("由规则算出")
    sheet.freeze_panes.freeze_at("1:1")
    sheet.page_setup.impl.title_rows = "1:1"
    table.resize(sheet["A1:B6"])
    book.save()
    book.close()
    assert new_problems(path, workbook) == Counter()


def descriptions(errors):
    """The validator's errors without their places, which differ between two files."""
    return Counter(error.get("description", str(error)) for error in errors)


@pytest.mark.reference_data
@pytest.mark.validator
def test_the_sdk_finds_no_new_error(template, tmp_path):
    copies = {}
    for number, workbook in enumerate(WORKBOOKS[5::20]):
        path = tmp_path / f"book{number}.xlsx"
        shutil.copy(workbook, path)
        path.chmod(0o644)
        package = Package.open(path)
        put_in(template, package)
        package.save()
        copies[workbook] = path
    found = programs.validate_all([*copies, *copies.values()])
    for workbook, path in copies.items():
        assert descriptions(found[path]) - descriptions(found[workbook]) == Counter(), workbook.name
