"""Draws a template workbook from its description, with XlsxWriter: the same bytes every time.

Column formats reach to the last row, so rows added when a table is filled look like the first one in every
program; conditional colours do the same.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from udfs import terms
from udfs.texts import Lang, Text
from workbook_templates import style
from workbook_templates.charts import draw_chart
from workbook_templates.headers import header
from workbook_templates.spec import Card, Col, Sheet, Table, Template

LAST_ROW = 1_048_575
ROW_HEIGHT = 16.5  # points; 22 pixels
CHART_ROWS = 15
SCOPE = "{{ scope }}"
LEFT_OUT = "{{ left_out }}"  # on the first sheet: what is not here, and which column would bring it
BUILT = dt.datetime(2024, 1, 1)


def build(template: Template, lang: Lang, path: Path) -> None:
    """Writes one template in one language."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": template.title(lang), "comments": template.description(lang), "created": BUILT}
    )
    book.formats[0].set_font_name(style.FONT[lang])
    book.formats[0].set_font_size(10)
    drawer = Drawer(book, lang)
    for sheet in template.sheets:
        drawer.sheet(sheet)
    book.close()


class Drawer:
    """Draws the sheets of one workbook in one language."""

    def __init__(self, book: xlsxwriter.Workbook, lang: Lang) -> None:
        self.book = book
        self.lang = lang
        self.cache: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """A cell format, one object for equal properties."""
        wanted = {
            "font_name": style.FONT[self.lang],
            "font_size": 10,
            "font_color": style.INK,
            "valign": "vcenter",
        }
        wanted.update(properties)
        key = tuple(sorted(wanted.items()))
        if key not in self.cache:
            self.cache[key] = self.book.add_format(wanted)
        return self.cache[key]

    def sheet(self, sheet: Sheet) -> None:
        ws = self.book.add_worksheet(sheet.name(self.lang))
        ws.hide_gridlines(2)
        ws.set_default_row(ROW_HEIGHT)
        ws.set_tab_color(style.TAB_COLOURS[sheet.tab])
        if sheet.card:
            self.card(ws, sheet, sheet.card)
            self.print_setup(ws, sheet, [])
            return
        widths = self.columns(ws, sheet)
        row = self.heading(ws, sheet, widths)
        tops = self.table_positions(sheet, row)
        if sheet.charts:
            row = self.charts(ws, sheet, row, widths, tops)
        for table, (top, left) in zip(sheet.tables, tops, strict=True):
            self.table(ws, table, top, left)
        self.print_setup(ws, sheet, tops)
        if sheet.pivot:
            below = max((top + t.rows for t, (top, _) in zip(sheet.tables, tops, strict=True)), default=row)
            ws.write_string(below + 2, 0, sheet.pivot(self.lang), self.format())

    def columns(self, ws: Any, sheet: Sheet) -> list[float]:
        """Widths and formats of all columns; returns the widths."""
        widths: list[float] = []
        if sheet.side_by_side:
            tables = list(sheet.tables)
            columns: list[Col | None] = []
            for table in tables:
                columns += [*table.columns, None]
            groups = [columns]
        else:
            groups = [list(t.columns) for t in sheet.tables]
        for i in range(max((len(g) for g in groups), default=0)):
            here = [g[i] for g in groups if i < len(g)]
            known = [c for c in here if c is not None]
            if not known:
                widths.append(3)
                ws.set_column(i, i, 3, self.format())
                continue
            width = max(self.column_width(c) for c in known)
            widths.append(width)
            ws.set_column(i, i, width, self.body_format(known[0]))
        while len(widths) < 8:
            ws.set_column(len(widths), len(widths), 13, self.format())
            widths.append(13)
        return widths

    def column_width(self, col: Col) -> float:
        text = style.display_width(self.header(col)) + 4  # room for the filter button
        more = style.ENGLISH_WIDTHS.get(col.key, 1.0) if self.lang == "en" and col.kind != "wrapped" else 1.0
        return max(text, round((col.width or style.WIDTHS[col.kind]) * more))

    def header(self, col: Col) -> str:
        return col.header(self.lang) if col.header else header(col.key, self.lang)

    def body_format(self, col: Col) -> Any:
        left = col.kind in style.LEFT
        properties: dict[str, Any] = {"align": "left" if left else "right"}
        if style.NUMBER_FORMATS[col.kind] != "General":
            properties["num_format"] = style.NUMBER_FORMATS[col.kind]
        if col.kind in style.CENTRE:
            properties["align"] = "center"
        if left:
            properties["indent"] = 1
        if col.kind == "wrapped":
            properties["text_wrap"] = True
        return self.format(**properties)

    def heading(self, ws: Any, sheet: Sheet, widths: list[float]) -> int:
        """Title, scope line, figures, lines of text; returns the next free row."""
        ws.set_row(0, 28)
        ws.write_string(
            0,
            0,
            sheet.title(self.lang),
            self.format(font_size=16, bold=True, align="left", num_format="General"),
        )
        grey = self.format(font_size=9, font_color=style.GREY, align="left", num_format="General")
        ws.write_string(1, 0, SCOPE, grey)
        if not self.book.worksheets()[1:]:
            warn = self.format(font_size=9, font_color=style.AMBER, align="left", num_format="General")
            ws.write_string(2, 0, LEFT_OUT, warn)
        row = 3
        if sheet.headline:
            big = self.format(
                font_size=14, bold=True, align="left", num_format="General", font_color=style.BLUE
            )
            ws.set_row(row, 26)
            ws.write_string(row, 0, f"{{{{ {sheet.headline} }}}}", big)
            row += 2
        if sheet.figures:
            big = self.format(font_size=18, bold=True, align="left", num_format="General")
            ws.set_row(row + 1, 30)
            for column, (label, value) in zip(spread(widths, len(sheet.figures)), sheet.figures, strict=True):
                ws.write_string(row, column, label(self.lang), grey)
                ws.write_string(row + 1, column, f"{{{{ {value} }}}}", big)
            row += 3
        text = self.format(align="left", num_format="General")
        for value in sheet.lines:
            ws.write_string(row, 0, f"{{{{ {value} }}}}", text)
            row += 1
        if sheet.lines:
            row += 1
        if sheet.note:
            ws.write_string(row, 0, sheet.note(self.lang), grey)
            row += 2
        return row

    def table_positions(self, sheet: Sheet, row: int) -> list[tuple[int, int]]:
        """Top left cell of each table: below each other, or side by side."""
        if sheet.charts:
            row += chart_rows(sheet) + 2
        positions = []
        left = 0
        for table in sheet.tables:
            positions.append((row, left))
            if sheet.side_by_side:
                left += len(table.columns) + 1
            else:
                row += table.rows + 3
        return positions

    def table(self, ws: Any, table: Table, top: int, left: int) -> None:
        columns = []
        for col in table.columns:
            columns.append({"header": self.header(col), "header_format": self.header_format(col)})
        bottom, right = top + table.rows, left + len(table.columns) - 1
        ws.add_table(
            top,
            left,
            bottom,
            right,
            {"name": table.name, "columns": columns, "style": "Table Style Light 1", "banded_rows": False},
        )
        ws.set_row(top, 22)
        for i, col in enumerate(table.columns):
            body = self.body_format(col)
            for r in range(top + 1, bottom + 1):
                if table.row_height:
                    ws.set_row(r, table.row_height)
                ws.write_blank(r, left + i, None, body)
            self.colours(ws, col, top + 1, left + i)
        if table.heat:
            keys = [c.key for c in table.columns]
            first, last = left + keys.index(table.heat[0]), left + keys.index(table.heat[-1])
            ws.conditional_format(
                top + 1,
                first,
                bottom - 1,  # the last row is the total
                last,
                {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#7FA6F5"},
            )

    def header_format(self, col: Col) -> Any:
        align = "left" if col.kind in style.LEFT else "center" if col.kind in style.CENTRE else "right"
        indent = {"indent": 1} if align == "left" else {}
        return self.format(
            bold=True, bg_color=style.WASH, align=align, bottom=1, bottom_color=style.LINE, **indent
        )

    def colours(self, ws: Any, col: Col, top: int, column: int) -> None:
        """Colours for words, changes and bars, down to the last row."""
        if col.tone:
            for code, (colour, fill) in style.TONES[col.tone].items():
                word = terms.term(col.tone, code, self.lang)
                ws.conditional_format(
                    top,
                    column,
                    LAST_ROW,
                    column,
                    {
                        "type": "cell",
                        "criteria": "==",
                        "value": f'"{word}"',
                        "format": self.book.add_format({"font_color": colour, "bg_color": fill}),
                    },
                )
        if col.kind in ("change", "rank_change"):
            for criteria, colour in ((">", style.TEAL), ("<", style.RED)):
                cell = xl_rowcol_to_cell(top, column, col_abs=True)
                ws.conditional_format(
                    top,
                    column,
                    LAST_ROW,
                    column,
                    {
                        "type": "formula",
                        "criteria": f"=AND(ISNUMBER({cell}),{cell}{criteria}0)",
                        "format": self.book.add_format({"font_color": colour}),
                    },
                )
        if col.bar:
            ws.conditional_format(
                top,
                column,
                LAST_ROW,
                column,
                {"type": "data_bar", "bar_color": "#BFD3FA", "bar_solid": True, "data_bar_2010": True},
            )

    def charts(
        self, ws: Any, sheet: Sheet, row: int, widths: list[float], tops: list[tuple[int, int]]
    ) -> int:
        """Charts side by side above the tables, aligned with the columns."""
        where = {t.name: (t, top, left) for t, (top, left) in zip(sheet.tables, tops, strict=True)}
        total = max(sum(pixels(w) for w in widths), 900)
        width = min(total, 1300) // len(sheet.charts)
        x = 0
        finding = self.format(font_color=style.INK, align="left", num_format="General", font_size=9)
        for spec in sheet.charts:
            column, offset = column_at(widths, x)
            # The cell that holds the finding lies under the chart; the chart's title is linked to it.
            cell_column = column + (1 if offset else 0)
            ws.write_string(row, cell_column, f"{{{{ {spec.finding} }}}}", finding)
            table, top, left = where[spec.table]
            title = f"='{ws.get_name()}'!{xl_rowcol_to_cell(row, cell_column, True, True)}"
            chart = draw_chart(self.book, ws.get_name(), self.lang, spec, table, top, left, title)
            ws.insert_chart(
                row,
                column,
                chart,
                {"x_offset": offset, "object_position": 2, "description": spec.alt(self.lang)},
            )
            chart.set_size({"width": width - 12, "height": chart_rows(sheet) * 22})
            x += width
        return row + chart_rows(sheet) + 2

    def card(self, ws: Any, sheet: Sheet, card: Card) -> None:
        """A form for one customer: two columns of labels and values on one printed page."""
        for i, width in enumerate((21, 29, 21, 29)):
            ws.set_column(i, i, width, self.format())
        row = self.heading(ws, sheet, [21, 29, 21, 29])
        block = self.format(bold=True, bg_color=style.WASH)
        label = self.format(font_color=style.GREY, bottom=1, bottom_color=style.LINE)
        value = self.format(bottom=1, bottom_color=style.LINE, align="left")
        long = self.format(bottom=1, bottom_color=style.LINE, align="left", text_wrap=True)
        for title, keys in card.blocks:
            self.band(ws, row, title(self.lang), block)
            for i, key in enumerate(keys):
                line, column = row + 1 + i // 2, 2 * (i % 2)
                ws.write_string(line, column, header(key, self.lang), label)
                ws.write_string(line, column + 1, f"{{{{ card.{key} }}}}", value)
            row += 2 + (len(keys) + 1) // 2
        for key in card.long:
            ws.set_row(row, 40)
            ws.write_string(row, 0, header(key, self.lang), label)
            ws.merge_range(row, 1, row, 3, f"{{{{ card.{key} }}}}", long)
            row += 1
        row += 1
        for title in card.empty:
            self.band(ws, row, title(self.lang), block)
            for line in range(row + 1, row + 6):
                for column in range(4):
                    ws.write_blank(line, column, None, value)
            row += 7

    def band(self, ws: Any, row: int, text: str, look: Any) -> None:
        """A heading over all four columns of a card."""
        ws.write_string(row, 0, text, look)
        for column in range(1, 4):
            ws.write_blank(row, column, None, look)

    def print_setup(self, ws: Any, sheet: Sheet, tops: list[tuple[int, int]]) -> None:
        ws.set_paper(9)
        if not sheet.portrait:
            ws.set_landscape()
        ws.fit_to_pages(1, 1 if sheet.one_page else 0)
        ws.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page = Text(zh="第 &P 页，共 &N 页", en="Page &P of &N")(self.lang)
        ws.set_footer(f"&L&9&F&C&9&D&R&9{page}")
        if sheet.print_columns:
            bottom = max(top + table.rows for table, (top, _) in zip(sheet.tables, tops, strict=True))
            ws.print_area(0, 0, bottom, sheet.print_columns - 1)
        if len(tops) == 1:
            top = tops[0][0]
            ws.repeat_rows(top)
            if not sheet.charts:
                wide = len(sheet.tables[0].columns) > 9
                ws.freeze_panes(top + 1, 1 if wide else 0)


def chart_rows(sheet: Sheet) -> int:
    """Height of a sheet's charts in rows: bars need room for each class."""
    sizes = {t.name: t.rows for t in sheet.tables}
    bars = [sizes[c.table] * (0.7 + 0.6 * len(c.values)) + 4 for c in sheet.charts if c.kind == "bar"]
    return max(CHART_ROWS, *[int(b) for b in bars]) if bars else CHART_ROWS


def pixels(width: float) -> int:
    """Pixels of a column width in the default font."""
    return int(width * 7 + 5)


def spread(widths: list[float], count: int) -> list[int]:
    """Columns where `count` figures stand: evenly, each with room for about 20 digits.

    >>> spread([30, 10, 10, 10, 10, 10], 2)
    [0, 1]
    """
    room = max(22.0, min(34.0, sum(widths) / count))
    columns: list[int] = []
    used, next_free = 0.0, 0.0
    for i, width in enumerate(widths):
        if len(columns) < count and used >= next_free:
            columns.append(i)
            next_free = used + room - 6
        used += width
    while len(columns) < count:
        columns.append(len(widths) + 2 * (len(columns) - len(widths)) if columns else 0)
    return columns


def column_at(widths: list[float], x: int) -> tuple[int, int]:
    """Column that holds pixel `x`, and the offset in it."""
    for i, width in enumerate(widths):
        if x < pixels(width):
            return i, x
        x -= pixels(width)
    return len(widths) + x // 64, x % 64
