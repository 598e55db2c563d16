"""Charts: added, read, changed; their values are those of the cells."""

from __future__ import annotations

import openpyxl
import pytest
import xlwings as xw

from addin.hosts import xlsx
from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.chart_xml import KINDS
from tests import programs

ROWS = [["等级", "客户数", "金额"], ["高", 12, 3400.5], ["中", 30, 2100], ["低", 58, 900]]


@pytest.fixture
def sheet():
    book = xlsx.new()
    sheet = book.sheets[0]
    sheet.name = "数据"
    sheet["A1"].value = ROWS
    return sheet


@pytest.fixture
def chart(sheet):
    return sheet.charts.add(chart_type="column_clustered", source=sheet["A1:C4"], name="图")


def formulas(chart):
    return [element.text for element in ooxml.walk(chart.impl.root, "f")]


def reopened(sheet, tmp_path):
    sheet.book.save(tmp_path / "book.xlsx")
    sheet.book.close()
    return xlsx.open(tmp_path / "book.xlsx").sheets[0]


def test_series_come_from_the_range(chart):
    assert formulas(chart) == [
        "数据!$B$1",
        "数据!$A$2:$A$4",
        "数据!$B$2:$B$4",
        "数据!$C$1",
        "数据!$A$2:$A$4",
        "数据!$C$2:$C$4",
    ]
    assert [series.name for series in chart.series] == ["客户数", "金额"]


def test_series_by_rows(sheet):
    chart = sheet.charts.add(source=sheet["A1:C4"], plot_by="rows")
    assert [series.name for series in chart.series] == ["高", "中", "低"]
    assert formulas(chart)[:3] == ["数据!$A$2", "数据!$B$1:$C$1", "数据!$B$2:$C$2"]
    assert chart.plot_by == "rows"


def test_plot_by_turns_the_series_around(chart):
    chart.plot_by = "rows"
    assert [series.name for series in chart.series] == ["高", "中", "低"]


def test_numbers_without_headers_are_one_series_each(sheet):
    chart = sheet.charts.add(source=sheet["B2:C4"])
    assert formulas(chart) == ["数据!$B$2:$B$4", "数据!$C$2:$C$4"]


def test_scatter_takes_its_first_column_as_x(sheet):
    chart = sheet.charts.add(chart_type="xy_scatter", source=sheet["B1:C4"])
    assert formulas(chart) == ["数据!$C$1", "数据!$B$2:$B$4", "数据!$C$2:$C$4"]


def test_the_chart_carries_the_cells_values(chart, sheet):
    sheet["B2"].value = 99
    sheet.book.impl.write_parts()
    caches = [
        [point.text for point in ooxml.walk(cache, "v")] for cache in ooxml.walk(chart.impl.root, "numCache")
    ]
    assert caches == [["99", "30", "58"], ["3400.5", "2100", "900"]]


def test_a_resized_table_takes_its_chart_along(sheet):
    table = sheet.tables.add(source=sheet["A1:C4"], name="tblGrades")
    chart = sheet.charts.add(source=sheet["A1:B4"])
    table.resize(sheet["A1:C6"])
    sheet["A5"].value = [["无", 7, 1], ["新", 8, 2]]
    sheet.book.impl.write_parts()
    assert formulas(chart) == ["数据!$B$1", "数据!$A$2:$A$6", "数据!$B$2:$B$6"]
    (cache,) = ooxml.walk(chart.impl.root, "numCache")
    assert [point.text for point in ooxml.walk(cache, "v")] == ["12", "30", "58", "7", "8"]


def test_charts_whose_cells_did_not_change_leave_untouched(chart, tmp_path):
    sheet = reopened(chart.parent, tmp_path)
    sheet["H1"].value = 1
    sheet.book.impl.write_parts()
    assert sheet.book.impl.package.untouched("xl/charts/chart1.xml")


def test_a_new_column_of_a_table_leaves_its_chart_as_it_is(chart, tmp_path):
    chart.parent.tables.add(source=chart.parent["A1:C4"], name="tblGrades")
    sheet = reopened(chart.parent, tmp_path)
    next(ooxml.walk(sheet.charts[0].impl.root, "v")).text = "shown by Excel"
    sheet.book.impl.package.changed("xl/charts/chart1.xml")
    sheet = reopened(sheet, tmp_path)
    sheet["D1"].value = [["等级"], ["A"], ["B"], ["C"]]
    sheet.tables["tblGrades"].resize(sheet["A1:D4"])
    sheet.book.impl.write_parts()
    assert sheet.book.impl.package.untouched("xl/charts/chart1.xml")


def test_titles(chart, sheet):
    assert chart.title is None
    chart.title = "高价值客户贡献 <53%>"
    assert chart.title == "高价值客户贡献 <53%>"
    chart.impl.title_formula = "=数据!$A$1"
    assert (chart.title, chart.impl.title_formula) == ("等级", "=数据!$A$1")
    sheet["A1"].value = "新标题"
    assert chart.title == "新标题"
    chart.title = None
    assert chart.title is None


def test_legend(chart, sheet):
    assert (chart.legend.visible, chart.legend.position) == (True, "bottom")
    chart.legend.position = "right"
    assert chart.legend.position == "right"
    chart.legend.visible = False
    assert (chart.legend.visible, chart.legend.position) == (False, None)
    assert not sheet.charts.add(source=sheet["A1:B4"]).legend.visible


def test_axes(chart):
    axis = chart.value_axis
    axis.set(title="金额(元)", minimum_scale=0, maximum_scale=100, major_unit=25, number_format="0.0")
    assert (axis.title, axis.minimum_scale, axis.maximum_scale, axis.major_unit) == ("金额(元)", 0, 100, 25)
    assert axis.number_format == "0.0"
    chart.category_axis.reverse_order = True
    chart.category_axis.crosses = "maximum"
    assert (chart.category_axis.reverse_order, chart.category_axis.crosses) == (True, "maximum")
    assert axis.crosses == "automatic"
    axis.visible = False
    assert (axis.visible, axis.title) == (False, None)


def test_a_second_axis_for_one_series(chart):
    with pytest.raises(xw.XlwingsError):
        chart.secondary_value_axis.title = "x"
    chart.series[1].set(chart_type="line_markers", axis_group="secondary")
    chart.secondary_value_axis.title = "累计占比"
    assert [s.chart_type for s in chart.series] == ["column_clustered", "line_markers"]
    assert [s.axis_group for s in chart.series] == ["primary", "secondary"]
    assert (chart.chart_type, chart.secondary_value_axis.title) == ("combination", "累计占比")
    chart.series[1].set(chart_type="column_clustered", axis_group="primary")
    assert chart.chart_type == "column_clustered"
    with pytest.raises(xw.XlwingsError):
        chart.secondary_value_axis.title = "x"


def test_series_look(chart):
    series = chart.series[0]
    series.set(name="=数据!$C$1", fill_color="#B91C1C", line_color=(1, 2, 3))
    assert (series.name, series.fill_color, series.line_color) == ("金额", (0xB9, 0x1C, 0x1C), (1, 2, 3))
    line = chart.series[1]
    line.set(chart_type="line", marker_style="diamond", marker_size=9, marker_background_color=(9, 8, 7))
    assert (line.marker_style, line.marker_size, line.marker_background_color) == ("diamond", 9, (9, 8, 7))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_back(sheet, kind, tmp_path):
    sheet.charts.add(chart_type=kind, source=sheet["A1:C4"])
    assert reopened(sheet, tmp_path).charts[0].chart_type == kind


@pytest.mark.parametrize("kind", ["line", "pie", "bar_stacked", "xy_scatter", "radar", "area"])
def test_changing_the_kind_keeps_series_and_title(chart, kind):
    chart.title = "标题"
    chart.chart_type = kind
    assert chart.chart_type == kind
    assert chart.title == "标题"
    assert [series.name for series in chart.series] == ["客户数", "金额"]
    chart.chart_type = "column_clustered"
    assert formulas(chart)[:3] == ["数据!$B$1", "数据!$A$2:$A$4", "数据!$B$2:$B$4"]


def test_an_unknown_kind_is_named(sheet):
    with pytest.raises(NotImplementedError, match="surface"):
        sheet.charts.add(chart_type="surface", source=sheet["A1:C4"])


def test_position_and_size(sheet, tmp_path):
    sheet.charts.add(left=30, top=40, width=300, height=200, source=sheet["A1:B4"])
    chart = reopened(sheet, tmp_path).charts[0]
    assert (chart.left, chart.top, chart.width, chart.height) == (30, 40, 300, 200)
    chart.width, chart.top = 400, 100
    assert (chart.left, chart.top, chart.width, chart.height) == (30, 100, 400, 200)


def test_a_chart_can_cover_cells(sheet):
    chart = sheet.charts.add(anchor=sheet["E2:H10"], source=sheet["A1:B4"])
    area = sheet["E2:H10"]
    assert (chart.left, chart.top, chart.width, chart.height) == (
        area.left,
        area.top,
        area.width,
        area.height,
    )
    sheet["E:E"].column_width = 30
    assert chart.width == sheet["E2:H10"].width


def test_names_and_alternative_texts(chart, sheet, tmp_path):
    chart.impl.alt_text = "各等级的客户数"
    second = sheet.charts.add(source=sheet["A1:B4"])
    assert second.name == "Chart 1"
    second.name = "新名"
    assert ["图" in sheet.charts, "新名" in sheet.charts, "x" in sheet.charts] == [True, True, False]
    assert reopened(sheet, tmp_path).charts["图"].impl.alt_text == "各等级的客户数"


def test_deleting_takes_the_chart_part_away(chart, sheet):
    sheet.charts.add(source=sheet["A1:B4"])
    chart.delete()
    assert len(sheet.charts) == 1
    assert [name for name in sheet.book.impl.package.names() if "charts/chart" in name] == [
        "xl/charts/chart2.xml"
    ]


@pytest.mark.validator
def test_the_sdk_finds_no_error(sheet, tmp_path):
    for kind in KINDS:
        sheet.charts.add(chart_type=kind, source=sheet["A1:C4"]).title = kind
    chart = sheet.charts.add(source=sheet["A1:C4"])
    chart.series[1].set(chart_type="line_markers", axis_group="secondary")
    chart.value_axis.set(title="客户", minimum_scale=0, maximum_scale=60, major_unit=20)
    chart.impl.title_formula = "=数据!$A$1"
    sheet.book.save(tmp_path / "book.xlsx")
    assert programs.validate(tmp_path / "book.xlsx") == []


@pytest.mark.libreoffice
def test_libreoffice_reads_the_charts(chart, sheet, tmp_path):
    chart.title = "标题"
    sheet.charts.add(chart_type="pie", source=sheet["A1:B4"])
    sheet.book.save(tmp_path / "book.xlsx")
    result = programs.convert(tmp_path / "book.xlsx", "xlsx", tmp_path / "out")
    charts = openpyxl.load_workbook(result)["数据"]._charts
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "PieChart"]
    assert len(charts[0].series) == 2


def test_cells_that_were_read_in_between_are_not_forgotten(chart, sheet):
    sheet["B2"].value = 77
    sheet.impl.read_columns(1, 4, [2])
    sheet.book.impl.write_parts()
    (first, _) = ooxml.walk(chart.impl.root, "numCache")
    assert [point.text for point in ooxml.walk(first, "v")] == ["77", "30", "58"]
