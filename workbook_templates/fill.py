"""Puts datasets into the tables, placeholders and pivots of a template, in any xlwings host.

The template's sheets are copied into the user's book, or, when the book was made from them before, only their
data are replaced: what the user changed in layout stays. A sheet whose data are missing is left out, and the
first sheet says which column would bring it.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import xlwings as xw

from udfs import fields
from udfs.bulk import without_collector
from udfs.texts import FenjiError, Lang, Text
from workbook_templates import headers
from workbook_templates.cells import write_columns, write_frame
from workbook_templates.datasets import Datasets, Missing
from workbook_templates.narrative import Cell
from workbook_templates.template import (
    CARD,
    PLACEHOLDER,
    Pivot,
    TemplateSheet,
    TemplateTable,
    dataset_name,
    read_template,
)

NO_PIVOTS = Text(
    zh="这里不能自动建立数据透视表。请选中表 {table} 的任一单元格，再点“插入 → 数据透视表”。",
    en="Pivot tables cannot be made here. Select a cell of the table {table}, then Insert, PivotTable.",
)
CELL = re.compile(r"(.+)!([A-Z]+)(\d+)")
PRINT_AREA = re.compile(r"(\$?A\$?1:\$?[A-Z]+\$?)\d+")
PREFIX = "fenji_"
NAME = PREFIX + "{row}_{column}"  # sheet-level name that follows a placeholder's cell when the user moves it


@dataclass(slots=True)
class Filled:
    """What stands in the book now: sheet of each dataset, and the sheets left out with the reason."""

    sheets: list[str] = field(default_factory=list)
    left_out: list[Text] = field(default_factory=list)


@without_collector()
def fill(book: xw.Book, template: xw.Book, datasets: Datasets, only: Collection[str] | None = None) -> Filled:
    """Fills a template's sheets with datasets.

    Parameters
    ----------
    book : where the sheets go. May be the template itself, opened to be saved under another name.
    template : the open template, see `workbook_templates.template` for what it may ask for.
    datasets : every dataset and value there is.
    only : fill the sheets that hold one of these tables and no other; None fills all.

    Raises
    ------
    FenjiError
        The template asks for a table, column or value that does not exist; names all of them.
    """
    plans = read_template(template)
    if only is not None:
        plans = [plan for plan in plans if any(table.name in only for table in plan.tables)]
    check(plans, datasets)
    result = Filled()
    used, without = available(plans, datasets)
    left_out = [(plan, missing) for plan, missing in without if not missing.silent]
    result.left_out = [missing.reason for _, missing in left_out]
    datasets.extra["notes"] = notes(left_out, datasets.lang)
    datasets.values["left_out"] = left_out_line(left_out, datasets.lang)
    alone = book.fullname == template.fullname and book.name == template.name
    if alone:
        for plan, _ in without:
            template.sheets[plan.name].delete()
    after = book.sheets[-1]
    sheets: list[tuple[xw.Sheet, TemplateSheet]] = []
    for plan in used:
        if plan.is_card:
            result.sheets += fill_cards(book, template, plan, datasets)
            if alone:
                template.sheets[plan.name].delete()
            continue
        sheet = existing_sheet(book, plan)
        if sheet is None:
            sheet = template.sheets[plan.name].copy(after=after)
        sheets.append((sheet, plan))
        after = sheet
        result.sheets.append(sheet.name)
    places = table_places(sheets, datasets)
    for sheet, plan in sheets:
        fill_sheet(sheet, plan, datasets, places, named=True)
    return result


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dataset stands in the book: sheet, header row, column of each key."""

    sheet: str
    row: int
    columns: dict[str, int]

    def address(self, cell: Cell) -> str:
        """The address of a dataset's cell: Report!B7."""
        return f"{self.sheet}!{column_letters(self.columns[cell.column])}{self.row + 1 + cell.row}"


def table_places(sheets: list[tuple[xw.Sheet, TemplateSheet]], datasets: Datasets) -> dict[str, Place]:
    """Where each dataset of a report stands, for the evidence beside its sentences."""
    places: dict[str, Place] = {}
    for sheet, plan in sheets:
        for table in plan.tables:
            head = sheet.tables[table.name].header_row_range
            titles = [str(t) for t in head.options(ndim=1).value]
            keys = [str(c) for c in datasets.get(table.dataset).columns]
            known = {key: head.column + i for i, t in enumerate(titles) if (key := headers.key_of(t, keys))}
            places.setdefault(table.dataset, Place(sheet.name, head.row, known))
    return places


def evidence(cells: tuple[Cell, ...], places: dict[str, Place]) -> str | None:
    """The addresses behind a sentence; cells that are not in this report are left out."""
    known = [
        places[c.dataset].address(c)
        for c in cells
        if c.dataset in places and c.column in places[c.dataset].columns
    ]
    return brief(shorten(known)) or None


def brief(addresses: list[str]) -> str:
    """Addresses in one line, each sheet named once.

    >>> brief(["A!B3:B5", "A!C5", "B!A1"])
    'A!B3:B5, C5; B!A1'
    """
    text, before = "", ""
    for address in addresses:
        sheet, _, cells = address.rpartition("!")
        if sheet == before:
            text += f", {cells}"
        else:
            text += ("; " if text else "") + address
        before = sheet
    return text


def shorten(addresses: list[str]) -> list[str]:
    """Cells below each other as one range.

    >>> shorten(["A!B3", "A!B4", "A!B5", "A!C5"])
    ['A!B3:B5', 'A!C5']
    """
    out: list[str] = []
    start = last = ""
    for address in addresses:
        if last and follows(last, address):
            last = address
            continue
        if start:
            out.append(span(start, last))
        start = last = address
    if start:
        out.append(span(start, last))
    return out


def follows(one: str, other: str) -> bool:
    a, b = CELL.fullmatch(one), CELL.fullmatch(other)
    return bool(a and b and a[1] == b[1] and a[2] == b[2] and int(a[3]) + 1 == int(b[3]))


def span(start: str, last: str) -> str:
    return start if start == last else f"{start}:{last.rpartition('!')[2]}"


def column_letters(column: int) -> str:
    """Letters of a 1-based column.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check(plans: Iterable[TemplateSheet], datasets: Datasets) -> None:
    """Every name the template asks for must exist; all that do not are named in one error."""
    known = datasets.names()
    problems: list[Text] = []
    for plan in plans:
        for table in plan.tables:
            if table.dataset not in known and table.dataset != "notes":
                problems.append(
                    Text(
                        zh=f"工作表“{plan.name}”的表“{table.name}”要的数据“{table.dataset}”不存在，可用：{'、'.join(known)}",
                        en=f"sheet '{plan.name}': table '{table.name}' asks for the dataset '{table.dataset}', which does not exist; known: {', '.join(known)}",
                    )
                )
        for placeholder in plan.placeholders:
            unknown = [n for n in placeholder.names if not n.startswith(CARD) and n not in datasets.values]
            for name in unknown:
                problems.append(
                    Text(
                        zh=f"工作表“{plan.name}”第 {placeholder.row} 行的占位符“{name}”不存在，可用：{'、'.join(sorted(datasets.values))}",
                        en=f"sheet '{plan.name}', row {placeholder.row}: there is no value '{name}'; known: {', '.join(sorted(datasets.values))}",
                    )
                )
    if problems:
        raise FenjiError(
            zh="模板里有无法识别的名称。" + "；".join(p.zh for p in problems) + "。",
            en="The template asks for names that do not exist: " + "; ".join(p.en for p in problems) + ".",
        )


def available(
    plans: Iterable[TemplateSheet], datasets: Datasets
) -> tuple[list[TemplateSheet], list[tuple[TemplateSheet, Missing]]]:
    """The sheets whose data are all there, and the others with the reason."""
    used, left_out = [], []
    for plan in plans:
        reason: Missing | None = None
        wanted = [(t.dataset, t) for t in plan.tables] + [(dataset_name(p.table), None) for p in plan.pivots]
        for dataset, table in wanted:
            if dataset == "notes":
                continue
            try:
                frame = datasets.get(dataset)
                if table is not None:
                    check_columns(plan, table, frame)
            except Missing as missing:
                reason = missing
                break
        if reason is None:
            used.append(plan)
        else:
            left_out.append((plan, reason))
    return used, left_out


def check_columns(plan: TemplateSheet, table: TemplateTable, frame: pd.DataFrame) -> None:
    """Every header must name a column of the dataset, or be a formula of the template's own."""
    keys = [str(c) for c in frame.columns]
    for header, formula in zip(table.headers, table.formulas, strict=True):
        key = headers.key_of(header, keys)
        if key is None and not formula and not known_header(header):
            zh, en = (
                "、".join(headers.header(k, "zh") for k in keys),
                ", ".join(headers.header(k, "en") for k in keys),
            )
            raise FenjiError(
                zh=f"模板工作表“{plan.name}”的表“{table.name}”里，列“{header}”不在数据“{table.dataset}”中。可用的列：{zh}。",
                en=f"Sheet '{plan.name}' of the template: table '{table.name}' has a column '{header}', which the dataset '{table.dataset}' does not have. Known columns: {en}.",
            )


def known_header(text: str) -> bool:
    """Fields that exist but not in these data (no cost, so no profit) stay as an empty column."""
    return headers.key_of(text, [*headers.REPORT_COLUMNS, *fields.all_fields()]) is not None


def notes(left_out: list[tuple[TemplateSheet, Missing]], lang: Lang) -> pd.DataFrame:
    """What is not in the report and why, one row each; a row that says so when nothing is missing."""
    if not left_out:
        nothing = Text(zh="所有章节都已包含", en="All sections are included")
        return pd.DataFrame({"section": ["—"], "reason": [nothing(lang)]})
    return pd.DataFrame(
        {"section": [p.name for p, _ in left_out], "reason": [m.reason(lang) for _, m in left_out]},
        dtype=object,
    )


def left_out_line(left_out: list[tuple[TemplateSheet, Missing]], lang: Lang) -> str:
    """One line for the first sheet: what is not here, and which column would bring it."""
    if not left_out:
        return ""
    if lang == "zh":
        return "未包含：" + "；".join(f"{p.name}（{m.reason.zh}）" for p, m in left_out) + "。"
    return "Not included: " + "; ".join(f"{p.name} ({m.reason.en})" for p, m in left_out) + "."


def existing_sheet(book: xw.Book, plan: TemplateSheet) -> xw.Sheet | None:
    """The sheet an earlier run put into the book: it holds the plan's tables, or has its name."""
    wanted = {t.name for t in plan.tables}
    for sheet in book.sheets:
        if wanted and wanted <= {t.name for t in sheet.tables}:
            return sheet
    if not wanted:
        return next((s for s in book.sheets if s.name == plan.name), None)
    return None


def fill_sheet(
    sheet: xw.Sheet, plan: TemplateSheet, datasets: Datasets, places: dict[str, Place], named: bool
) -> None:
    """Tables first, then placeholders, then pivots."""
    for table in plan.tables:
        frame = datasets.get(table.dataset)
        if "evidence" in frame:
            frame = frame.assign(evidence=[evidence(cells, places) for cells in frame["evidence"]])
        fill_table(sheet, table.name, frame)
    if plan.tables:
        extend_print_area(sheet)
    fill_placeholders(sheet, plan, datasets.values, named)
    for pivot in plan.pivots:
        fill_pivot(sheet, pivot, datasets.lang)


def fill_table(sheet: xw.Sheet, name: str, frame: pd.DataFrame) -> None:
    """The frame's columns under the table's headers; the table gets the size of the frame.

    Columns the frame does not know are the user's own and stay.
    """
    table = sheet.tables[name]
    head = table.header_row_range
    titles = [str(h) for h in head.options(ndim=1).value]
    keys = [str(c) for c in frame.columns]
    wanted = [headers.key_of(t, keys) for t in titles]
    top, left, width = head.row, head.column, len(titles)
    old_rows = table.range.rows.count - 1
    rows = max(len(frame), 1)
    if rows < old_rows:
        sheet.range((top + rows + 1, left), (top + old_rows, left + width - 1)).clear_contents()
    if rows != old_rows:
        table.resize(sheet.range((top, left), (top + rows, left + width - 1)))
    for start, block in runs(wanted):
        cells = sheet.range((top + 1, left + start), (top + rows, left + start + len(block) - 1))
        part = frame[block]
        write_frame(cells, part if len(frame) else part.reindex([0]), header=False)


def extend_print_area(sheet: xw.Sheet) -> None:
    """A print area of the template reaches as far down as its tables do now."""
    try:
        area = sheet.page_setup.print_area
    except NotImplementedError:  # hosts without page set-up print everything
        return
    match = PRINT_AREA.fullmatch(area or "")
    if match:
        last = max(t.range.row + t.range.rows.count - 1 for t in sheet.tables)
        sheet.page_setup.print_area = f"{match[1]}{last}"


def runs(keys: list[str | None]) -> Iterable[tuple[int, list[str]]]:
    """Neighbouring known columns together: start position and keys.

    >>> list(runs(["a", "b", None, "c"]))
    [(0, ['a', 'b']), (3, ['c'])]
    """
    block: list[str] = []
    for i, key in enumerate([*keys, None]):
        if key is not None:
            block.append(key)
        elif block:
            yield i - len(block), block
            block = []


def fill_placeholders(sheet: xw.Sheet, plan: TemplateSheet, values: Mapping[str, Any], named: bool) -> None:
    """Writes texts with their values.

    With `named`, a sheet-level name remembers each cell, so that the next run finds it where the user moved it.
    """
    known = sheet_names(sheet) if named else {}
    quoted = sheet.name.replace("'", "''")
    for placeholder in plan.placeholders:
        name = NAME.format(row=placeholder.row, column=placeholder.column)
        cell = known.get(name)
        if cell is None:
            cell = sheet.range((placeholder.row, placeholder.column))
            if named:
                sheet.names.add(name, f"='{quoted}'!{cell.get_address()}")
        write_columns(cell, [[rendered(placeholder.text, values)]])


def sheet_names(sheet: xw.Sheet) -> dict[str, xw.Range]:
    """The cells our names on this sheet stand for; names whose cell was deleted are left out."""
    found = {}
    for name in sheet.names:
        bare = name.name.rpartition("!")[2]
        if bare.startswith(PREFIX) and "#REF!" not in name.refers_to:
            found[bare] = name.refers_to_range
    return found


def rendered(text: str, values: Mapping[str, Any]) -> Any:
    """A placeholder's text with values put in; a lone placeholder keeps numbers and dates as such.

    >>> rendered("{{ n }}", {"n": 3}), rendered("{{ n }} of {{ all }}", {"n": 3, "all": 4})
    (3, '3 of 4')
    """
    alone = PLACEHOLDER.fullmatch(text.strip())
    if alone:
        value = values.get(alone.group(1))
        return None if value == "" else value
    return PLACEHOLDER.sub(lambda m: str(values.get(m.group(1), "")), text)


def fill_pivot(sheet: xw.Sheet, pivot: Pivot, lang: Lang) -> None:
    """A native pivot table in the place of its instruction."""
    source = next(t for s in sheet.book.sheets for t in s.tables if t.name == pivot.table)
    cell = sheet.range((pivot.row, pivot.column))
    name = "pvt" + pivot.table.removeprefix("tbl")
    try:
        existing = [p.name for p in sheet.pivot_tables]
    except (AttributeError, NotImplementedError):
        cell.value = NO_PIVOTS(lang).format(table=pivot.table)
        return
    if name in existing:
        sheet.pivot_tables[name].refresh()
        return
    cell.clear_contents()
    sheet.book.activate()  # Excel looks the table up in the workbook in front, and the template has one of that name
    try:
        sheet.pivot_tables.add(
            source,
            cell,
            name,
            rows=pivot.rows,
            columns=pivot.columns,
            filters=pivot.filters,
            values=dict.fromkeys(pivot.values, "sum"),
        )
    except NotImplementedError:  # Excel for Mac makes one on a sheet
        cell.value = NO_PIVOTS(lang).format(table=pivot.table)


def fill_cards(book: xw.Book, template: xw.Book, plan: TemplateSheet, datasets: Datasets) -> list[str]:
    """One copy of a card sheet for each row of the dataset `cards`."""
    made = []
    there = {s.name for s in book.sheets}
    for row in datasets.get("cards").to_dict("records"):
        values = ChainMap({CARD + str(k): v for k, v in row.items()}, datasets.values)
        title = str(row["sheet_name"])
        if title in there:
            sheet = book.sheets[title]
        else:
            sheet = template.sheets[plan.name].copy(after=book.sheets[-1], name=title)
        fill_placeholders(sheet, plan, values, named=False)
        made.append(sheet.name)
    return made
