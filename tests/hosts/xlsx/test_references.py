"""What refers to a table follows it; charts carry the new values."""

from __future__ import annotations

import pytest

from addin.hosts.xlsx import chart_caches, ooxml, references
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.table_moves import TableMove
from tests.hosts.xlsx import rich_template

MOVE = TableMove(Area(4, 1, 7, 3), Area(4, 1, 9, 3))


@pytest.fixture
def package(tmp_path):
    return Package.open(rich_template.build(tmp_path / "template.xlsx"))


def chart(package):
    return package.xml("xl/charts/chart1.xml")


def formulas(root):
    return [element.text for element in ooxml.walk(root, "f")]


def names(package):
    root = package.xml(package.workbook_part)
    return {(n.get("name"), n.get("localSheetId")): n.text for n in ooxml.walk(root, "definedName")}


def test_series_follow_the_table_titles_and_names_do_not(package):
    references.follow(package, "报表", MOVE)
    assert formulas(chart(package))[:4] == ["报表!$A$1", "报表!$B$4", "报表!$A$5:$A$9", "报表!$B$5:$B$9"]


def test_series_of_other_sheets_stay(package):
    references.follow(package, "列表", MOVE)
    assert not package.is_changed


def test_names_and_print_areas_follow(package):
    root = package.edit(package.workbook_part)
    ooxml.add(ooxml.child(root, "definedNames"), "definedName", name="counts").text = "报表!$B$5:$B$7"
    ooxml.add(ooxml.child(root, "definedNames"), "definedName", name="first").text = "报表!$B$5"
    references.follow(package, "报表", TableMove(Area(4, 1, 7, 3), Area(4, 1, 40, 3)))
    assert names(package)["counts", None] == "报表!$B$5:$B$40"
    assert names(package)["first", None] == "报表!$B$5"
    assert names(package)["_xlnm.Print_Area", "0"] == "报表!$A$1:$G$40"
    assert names(package)["_xlnm.Print_Titles", "0"] == "报表!$4:$4"


def test_formats_and_sparklines_on_the_sheet_follow(package):
    root = package.xml("xl/worksheets/sheet1.xml")
    references.follow_on_sheet(root, "报表", "报表", MOVE)
    ranges = [element.get("sqref") for element in ooxml.walk(root, "conditionalFormatting")]
    assert ranges == ["B5:B9", "A5:A9", None]
    assert "B5:B9" in [element.text for element in ooxml.walk(root, "sqref")]
    assert "报表!B5:B9" in [element.text for element in ooxml.walk(root, "f")]


def test_a_threshold_without_a_formula_stays_without(package):
    root = package.xml("xl/worksheets/sheet1.xml")
    next(ooxml.walk(root, "cfvo")).attrib.update({"type": "formula"})
    before = ooxml.etree.tostring(root)
    references.follow_on_sheet(root, "报表", "列表", MOVE)
    assert ooxml.etree.tostring(root) == before


def test_validations_on_another_sheet_follow(package):
    root = package.xml("xl/worksheets/sheet1.xml")
    next(ooxml.walk(root, "formula1")).text = "列表!$A$1:$A$3"
    move = TableMove(Area(1, 1, 3, 1), Area(1, 1, 8, 1), header_rows=0)
    references.follow_on_sheet(root, "报表", "列表", move)
    assert next(ooxml.walk(root, "formula1")).text == "列表!$A$1:$A$8"


VALUES = {"报表": {1: ["新标题"], 4: ["客户数"], 5: ["高", 1], 6: ["中", 2.5], 7: ["低", None]}}


def read(sheet, area):
    rows = VALUES.get(sheet)
    if rows is None:
        return None
    return [
        [dict(enumerate(rows.get(r, []), 1)).get(c) for c in range(area.column1, area.column2 + 1)]
        for r in range(area.row1, area.row2 + 1)
    ]


def points(package, kind):
    return [
        [(p.get("idx"), ooxml.child(p, "v").text) for p in ooxml.children(cache, "pt")]
        for cache in ooxml.walk(chart(package), kind)
    ]


def test_caches_hold_the_cells_values(package):
    assert chart_caches.refresh(chart(package), read)
    assert points(package, "numCache")[0] == [("0", "1"), ("1", "2.5")]
    assert points(package, "strCache")[0] == [("0", "新标题")]
    assert [("0", "高"), ("1", "中"), ("2", "低")] in points(package, "strCache")


def test_caches_that_are_right_stay_as_they_are(package):
    chart_caches.refresh(chart(package), read)
    before = ooxml.etree.tostring(chart(package))
    assert not chart_caches.refresh(chart(package), read)
    assert ooxml.etree.tostring(chart(package)) == before


def test_numbers_that_became_texts_change_the_kind_of_categories(package):
    number = next(ooxml.walk(next(ooxml.walk(chart(package), "cat")), "strRef"))
    number.tag = number.tag.replace("strRef", "numRef")
    cache = ooxml.child(number, "strCache")
    if cache is not None:
        number.remove(cache)
    chart_caches.refresh(chart(package), read)
    category = next(ooxml.walk(chart(package), "cat"))
    assert [ooxml.local(element) for element in category] == ["strRef"]
    assert [p.text for p in ooxml.walk(category, "v")] == ["高", "中", "低"]
