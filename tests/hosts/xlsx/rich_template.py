"""A template with one of everything a copied sheet must bring along, made by XlsxWriter and completed here."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

ROWS = [("高", 12, 3400.5), ("中", 30, 2100), ("低", 58, 900)]


def build(path: Path) -> Path:
    """Two sheets: 报表 (table tblDemo, chart, formats, validation, note, link, picture) and 列表 (its lists)."""
    book = xlsxwriter.Workbook(str(path))
    sheet, lists = book.add_worksheet("报表"), book.add_worksheet("列表")
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1F2A37"})
    money = book.add_format({"num_format": '#,##0.0"元"', "font_name": "微软雅黑"})
    wash = book.add_format({"bg_color": "#F3F6FA", "bottom": 1})
    red = book.add_format({"font_color": "#B91C1C"})
    sheet.write_rich_string("A1", title, "客户", wash, "分级")
    sheet.write_string("A2", "=文本,不是公式", wash)
    for row, text in enumerate(["华东", "华南", "华北"]):
        lists.write(row, 0, text)
    book.define_name("regions", "=列表!$A$1:$A$3")
    book.define_name("unused", "=列表!$A$9")
    sheet.add_table(
        3,
        0,
        6,
        2,
        {
            "name": "tblDemo",
            "data": ROWS,
            "columns": [{"header": "等级"}, {"header": "客户数"}, {"header": "金额", "format": money}],
        },
    )
    sheet.write_formula("E4", "=SUM(tblDemo[客户数])+列表!B1", None, 100)
    sheet.conditional_format("B5:B7", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("A5:A7", {"type": "cell", "criteria": "==", "value": '"低"', "format": red})
    sheet.data_validation("F4:F9", {"validate": "list", "source": "=regions"})
    sheet.write_comment("A4", "备注")
    sheet.write_url("G1", "https://example.com/")
    sheet.write_url("G2", "internal:列表!A1", string="列表")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "=报表!$B$4", "categories": "=报表!$A$5:$A$7", "values": "=报表!$B$5:$B$7"})
    chart.add_series({"name": "区域", "categories": "=列表!$A$1:$A$3", "values": "=列表!$B$1:$B$3"})
    chart.set_title({"name": "=报表!$A$1"})
    sheet.insert_chart("D10", chart, {"description": "各等级的客户数"})
    sheet.print_area("A1:G30")
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&F&R&P/&N")
    sheet.freeze_panes(4, 1)
    sheet.set_column("B:B", 14, money)
    sheet.add_sparkline("H5", {"range": "报表!B5:B7"})
    book.close()
    return path
