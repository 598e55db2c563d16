"""Sheets are copied with all that stands on them, and deleted with what is theirs alone."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from addin.hosts import xlsx
from addin.hosts.xlsx import ooxml, sheet_list
from addin.hosts.xlsx.copying import copy_sheets
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.removing import delete_sheet
from tests import programs
from tests.hosts.xlsx import rich_template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return rich_template.build(tmp_path_factory.mktemp("template") / "template.xlsx").read_bytes()


@pytest.fixture
def user(tmp_path):
    path = tmp_path / "user.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("客户")
    sheet.write("A1", "标题", book.add_format({"bold": True}))
    sheet.add_table(2, 0, 5, 2, {"name": "tblOwn"})
    sheet.print_area("A1:C6")
    book.close()
    return path


@pytest.fixture
def copied(template, user):
    """The user's workbook with both template sheets behind its own."""
    package = Package.open(user)
    copy_sheets(Package.from_bytes(template), ["报表", "列表"], package, 1)
    package.save()
    return package


def chart_references(package):
    charts = [name for name in package.names() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    return [[f.text for f in ooxml.walk(package.xml(name), "f")] for name in charts]


def test_the_copies_stand_where_asked(template, user):
    package = Package.open(user)
    assert copy_sheets(Package.from_bytes(template), ["报表"], package, 0) == ["报表"]
    assert [entry.name for entry in sheet_list.entries(package)] == ["报表", "客户"]


def test_positions_of_other_sheets_names_move(template, user):
    package = Package.open(user)
    copy_sheets(Package.from_bytes(template), ["报表"], package, 0)
    package.save()
    assert openpyxl.load_workbook(user)["客户"].print_area == "'客户'!$A$1:$C$6"
    assert openpyxl.load_workbook(user)["报表"].print_area == "'报表'!$A$1:$G$30"


def test_values_and_formats_are_those_of_the_template(copied):
    sheet = openpyxl.load_workbook(copied.path, rich_text=False)["报表"]
    assert sheet["A2"].value == "=文本,不是公式"
    assert sheet["A2"].data_type in ("s", "inlineStr")
    assert sheet["A2"].fill.fgColor.rgb == "FFF3F6FA"
    assert sheet["A1"].value == "客户分级"
    assert [cell.value for cell in sheet[5][:3]] == ["高", 12, 3400.5]
    assert sheet["C5"].number_format == '#,##0.0"元"'
    assert sheet["C5"].font.name == "微软雅黑"
    assert sheet.column_dimensions["B"].number_format == '#,##0.0"元"'
    assert sheet.freeze_panes == "B5"


def test_the_users_formats_keep_their_numbers(template, user):
    before = Package.open(user)
    after = Package.open(user)
    copy_sheets(Package.from_bytes(template), ["报表"], after, 1)
    part = before.rels(before.workbook_part).one("styles").target
    for section in ("fonts", "fills", "borders", "cellXfs"):
        old = [ooxml.etree.tostring(e) for e in ooxml.child(before.xml(part), section)]
        new = [ooxml.etree.tostring(e) for e in ooxml.child(after.xml(part), section)]
        assert new[: len(old)] == old


def test_the_users_sheet_leaves_untouched(copied, user, template):
    package = Package.open(user)
    copy_sheets(Package.from_bytes(template), ["报表"], package, 1)
    assert package.untouched("xl/worksheets/sheet1.xml")
    assert package.untouched("xl/tables/table1.xml")


def test_tables_get_free_ids(copied):
    ids = [copied.xml(name).get("id") for name in copied.names() if "tables/" in name]
    assert sorted(ids) == ["1", "2"]


def test_a_table_keeps_its_name_when_free(copied):
    assert list(openpyxl.load_workbook(copied.path)["报表"].tables) == ["tblDemo"]


def test_a_taken_table_name_changes_with_its_formulas(copied, template):
    copy_sheets(Package.from_bytes(template), ["报表"], copied, 3)
    copied.save()
    sheet = openpyxl.load_workbook(copied.path)["报表 (2)"]
    assert list(sheet.tables) == ["tblDemo2"]
    assert sheet["E4"].value == "=SUM(tblDemo2[客户数])+列表!B1"


def test_charts_refer_to_the_copies(copied):
    assert chart_references(copied) == [
        ["报表!$A$1", "报表!$B$4", "报表!$A$5:$A$7", "报表!$B$5:$B$7", "列表!$A$1:$A$3", "列表!$B$1:$B$3"]
    ]


def test_a_copy_within_the_workbook_refers_to_itself(copied):
    assert copy_sheets(copied, ["报表"], copied, 1) == ["报表 (2)"]
    assert chart_references(copied)[1] == [
        "'报表 (2)'!$A$1",
        "'报表 (2)'!$B$4",
        "'报表 (2)'!$A$5:$A$7",
        "'报表 (2)'!$B$5:$B$7",
        "列表!$A$1:$A$3",
        "列表!$B$1:$B$3",
    ]


def test_sheets_copied_together_keep_referring_to_each_other(copied, template):
    names = copy_sheets(Package.from_bytes(template), ["报表", "列表"], copied, 3)
    assert names == ["报表 (2)", "列表 (2)"]
    assert chart_references(copied)[1][4] == "'列表 (2)'!$A$1:$A$3"


def test_names_that_are_used_come_along(copied):
    names = openpyxl.load_workbook(copied.path).defined_names
    assert names["regions"].attr_text == "列表!$A$1:$A$3"


def test_names_of_other_sheets_stay_behind(template, user):
    package = Package.open(user)
    copy_sheets(Package.from_bytes(template), ["报表"], package, 1)
    package.save()
    assert list(openpyxl.load_workbook(user).defined_names) == ["regions"]


def test_a_taken_name_becomes_the_copys_own(template, tmp_path):
    path = tmp_path / "user.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("客户")
    book.define_name("regions", "=客户!$Z$1")
    book.close()
    package = Package.open(path)
    copy_sheets(Package.from_bytes(template), ["报表"], package, 1)
    package.save()
    workbook = openpyxl.load_workbook(path)
    assert workbook.defined_names["regions"].attr_text == "客户!$Z$1"
    assert workbook["报表"].defined_names["regions"].attr_text == "列表!$A$1:$A$3"


def test_validation_note_link_and_conditional_formats_come_along(copied):
    sheet = openpyxl.load_workbook(copied.path)["报表"]
    assert sheet.data_validations.dataValidation[0].formula1 == "regions"
    assert sheet["A4"].comment.text == "备注"
    assert sheet["G1"].hyperlink.target == "https://example.com/"
    rules = {str(area.sqref): area.rules for area in sheet.conditional_formatting}
    assert rules["A5:A7"][0].dxf.font.color.rgb == "FFB91C1C"
    assert rules["B5:B7"][0].type == "dataBar"


def test_print_settings_come_along(copied):
    sheet = openpyxl.load_workbook(copied.path)["报表"]
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


def test_theme_colours_stay_what_they_look_like(tmp_path):
    red = '<a:accent1><a:srgbClr val="B91C1C"/></a:accent1>'
    source = xlsxwriter.Workbook(str(tmp_path / "source.xlsx"))
    sheet = source.add_worksheet("报表")
    sheet.write("A1", "x", source.add_format({"bg_color": xlsxwriter.color.Color.theme(4, 0)}))
    source.close()
    target = xlsxwriter.Workbook(str(tmp_path / "target.xlsx"))
    target.add_worksheet("客户")
    target.close()
    ours, theirs = Package.open(tmp_path / "source.xlsx"), Package.open(tmp_path / "target.xlsx")
    theme = ours.read("xl/theme/theme1.xml")
    ours.write("xl/theme/theme1.xml", re.sub(rb"<a:accent1>.*?</a:accent1>", red.encode(), theme))
    copy_sheets(ours, ["报表"], theirs, 1)
    theirs.save()
    assert openpyxl.load_workbook(theirs.path)["报表"]["A1"].fill.fgColor.rgb == "FFB91C1C"


@pytest.fixture
def spilling(tmp_path):
    path = tmp_path / "spilling.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("列表")
    sheet.write_dynamic_array_formula("A1:A3", "=UNIQUE(C1:C9)", None, 1)
    book.close()
    return Package.open(path)


def marks(package, sheet):
    root = package.xml(sheet_list.entry(package, sheet).part)
    return [(cell.get("r"), cell.get("cm")) for cell in ooxml.walk(root, "c") if cell.get("cm")]


def test_dynamic_arrays_go_on_spilling(spilling, user):
    package = Package.open(user)
    copy_sheets(spilling, ["列表"], package, 1)
    copy_sheets(spilling, ["列表"], package, 2)
    assert marks(package, "列表") == marks(package, "列表 (2)") == [("A1", "1")]
    assert len([name for name in package.names() if "metadata" in name]) == 1


def test_a_dynamic_array_beside_other_marks(spilling, user):
    package = Package.open(user)
    root = f'<metadata xmlns="{ooxml.MAIN}"><metadataTypes count="1"><metadataType name="XLRICHVALUE"/></metadataTypes>'
    root += '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
    part = package.add("xl/metadata{}.xml", root.encode(), kind)
    package.rels(package.workbook_part).add("sheetMetadata", part)
    copy_sheets(spilling, ["列表"], package, 1)
    assert marks(package, "列表") == [("A1", "2")]
    assert [e.get("name") for e in ooxml.walk(package.xml(part), "metadataType")] == ["XLRICHVALUE", "XLDAPR"]


@pytest.mark.validator
def test_the_sdk_accepts_a_copied_dynamic_array(spilling, user):
    package = Package.open(user)
    copy_sheets(spilling, ["列表"], package, 1)
    package.save()
    assert programs.validate(user) == []


def test_deleting_the_copies_leaves_the_parts_there_were(template, user):
    package = Package.open(user)
    before = set(package.names())
    copy_sheets(Package.from_bytes(template), ["报表", "列表"], package, 1)
    delete_sheet(package, "报表")
    delete_sheet(package, "列表")
    assert set(package.names()) == before
    assert [entry.name for entry in sheet_list.entries(package)] == ["客户"]


def test_deleting_takes_the_sheets_names(copied):
    delete_sheet(copied, "报表")
    delete_sheet(copied, "列表")
    copied.save()
    workbook = openpyxl.load_workbook(copied.path)
    assert list(workbook.defined_names) == []
    assert workbook["客户"].print_area == "'客户'!$A$1:$C$6"


def test_replacing_twice_gives_the_same_workbook(template, user):
    package = Package.open(user)
    seen = []
    for _ in range(3):
        if sheet_list.entry(package, "报表"):
            delete_sheet(package, "报表")
            delete_sheet(package, "列表")
        copy_sheets(Package.from_bytes(template), ["报表", "列表"], package, 1)
        seen.append({name: package.read(name) for name in package.names()})
    assert seen[1] == seen[2]
    assert seen[0].keys() == seen[1].keys()


@pytest.mark.validator
def test_the_sdk_finds_no_error(copied):
    copy_sheets(copied, ["报表"], copied, 0)
    copied.save()
    assert programs.validate(copied.path) == []


@pytest.mark.libreoffice
def test_libreoffice_opens_it(copied, tmp_path):
    result = programs.convert(copied.path, "xlsx", tmp_path / "out")
    workbook = openpyxl.load_workbook(result)
    assert workbook.sheetnames == ["客户", "报表", "列表"]
    assert len(workbook["报表"]._charts) == 1


def test_named_styles_come_along_once(tmp_path):
    from openpyxl.styles import Font, NamedStyle

    made = openpyxl.Workbook()
    made.add_named_style(NamedStyle(name="Campaign", font=Font(bold=True, color="FF112233")))
    made.active["A1"] = "x"
    made.active["A1"].style = "Campaign"
    made.active["A2"].style = "Good"
    made.save(tmp_path / "styled.xlsx")
    book = xlsx.new()
    for _ in range(2):
        source = xlsx.open(tmp_path / "styled.xlsx")
        source.sheets[0].copy(after=book.sheets[0])
        source.close()
    book.save(tmp_path / "copied.xlsx")
    book.close()
    copied = openpyxl.load_workbook(tmp_path / "copied.xlsx")
    assert [copied.worksheets[n]["A1"].style for n in (1, 2)] == ["Campaign", "Campaign"]
    assert copied.worksheets[1]["A2"].style == "Good"
    assert copied.worksheets[1]["A1"].font.color.rgb == "FF112233"
    with zipfile.ZipFile(tmp_path / "copied.xlsx") as archive:
        assert archive.read("xl/styles.xml").count(b'name="Campaign"') == 1
