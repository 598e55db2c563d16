"""Finds the customers, orders, contacts and feedback of a workbook by their headers.

    found = tables.find(book)
    raw = found.read()              # {"customers": [RawTable], "orders": [RawTable], ...}

Excel tables come first, then ranges with a header row near the top of a sheet; sheets that fenji wrote are
never input. `find` looks at headers only and takes milliseconds; `read` reads the columns that are known, and
the user's own ones of the customer table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from addin.grids import Grid, SheetGrid
from addin.recognition import Candidate, best_row, candidates, check_headers, letter, tax_basis
from udfs import fields, wording
from udfs.cleaning.columns import Column, Kind, RawTable, display, series
from udfs.texts import FenjiError, Lang, Text

if TYPE_CHECKING:
    import xlwings as xw

OUR_SHEETS = frozenset(
    ["客户分级", "RFM", "客群汇总", "计算口径", "数据检查", "分级历史", "分级设置", "Grades", "Segments", "How computed",
     "Data checks", "Grading history", "Settings"]
)  # fmt: skip
OUR_TABLES = ("tblAnalysis", "tblTrial")  # begin the names of tables that no template holds
ROLE_NAMES = {
    "customers": Text(zh="客户表", en="customer table"),
    "orders": Text(zh="订单表", en="order table"),
    "contacts": Text(zh="联系记录表", en="contact table"),
    "feedback": Text(zh="反馈表", en="feedback table"),
}
# Labels of rows that are no records, as texts of a whole cell (for Rust's regular expressions).
TOTALS = (
    r"(?i)^\s*(?:本页|本月|本年|本季|全年|累计|年度|月度)?(?:合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总|总和|总额|grand total|totals?|sub-?totals?|sum)"
    "\\s*(?:[:\uff1a].*|[(\uff08].*)?$"
)
FOOTNOTE = (
    r"(?i)^\s*(?:注|备注|说明|制表人?|填表人?|审核人?|复核|打印|数据来源|notes?|source|prepared by|printed)"
    "\\s*[:\uff1a]"
)
# Fields whose wrong column would make a wrong result; of others a second column is not worth a word.
DECISIVE = frozenset(
    ["customer_id", "customer", "order_id", "order_date", "amount", "price", "quantity", "refunded", "status", "cost", "discount",
     "last_order_date", "order_count", "total_amount", "total_cost", "total_profit", "contact_date", "feedback_date", "satisfaction", "nps"]
)  # fmt: skip
FAR_BEHIND = 0.5  # a second table with less than this share of the best one's score is passed over


@dataclass(frozen=True, slots=True)
class TableChoice:
    """What the user chose about the tables.

    Attributes
    ----------
    sheets, tables : names of the sheets and Excel tables to look at; empty means all. A role that none of
        them has is still looked for elsewhere.
    combine : take several order tables of the same shape together.
    mapping : the user's own meaning of columns: (sheet, header) -> field key, "" to ignore a column.
    roles : the user's own role of a sheet or table by its name, "" to ignore it.
    """

    sheets: Sequence[str] = ()
    tables: Sequence[str] = ()
    combine: bool = False
    mapping: Mapping[tuple[str, str], str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FoundTable:
    """One recognised table; nothing of it is read but its headers.

    Attributes
    ----------
    role, sheet, name : as in RawTable; `name` is None for a plain range.
    candidate : the header row, its columns by field key, all headers.
    first_row, last_row : rows of data; last_row None for "to the end of the sheet".
    ours : numbers of the columns that fenji added in an earlier run.
    grid : the sheet it stands in.
    """

    role: str
    sheet: str
    name: str | None
    candidate: Candidate
    first_row: int
    last_row: int | None
    grid: Grid
    ours: frozenset[int] = frozenset()

    @property
    def shown(self) -> str:
        """How messages name it."""
        return f"{self.sheet}!{self.name}" if self.name else self.sheet

    def read(
        self, keys: Collection[str] | None = None, own: bool | None = None
    ) -> tuple[RawTable, list[Text]]:
        """Reads the table.

        Parameters
        ----------
        keys : the fields to read; None for all that are recognised.
        own : read the user's own columns too; None does so for customers.

        Returns
        -------
        The table, and what people should know: totals rows and repeated headers that were left out, hidden rows.
        """
        known = {k: c for k, c in self.candidate.columns.items() if keys is None or k in keys}
        others: dict[str, int] = {}
        if self.role == "customers" if own is None else own:
            taken = self.ours.union(self.candidate.columns.values())
            others = {h: c for c, h in self.candidate.headers.items() if c not in taken}
        first = min(self.candidate.headers)  # 合计 often stands in a column of no known field
        numbers = list(dict.fromkeys([*known.values(), *others.values(), first]))
        rows, cells = self.grid.columns(self.first_row, self.last_row, numbers)
        place = {number: i for i, number in enumerate(numbers)}
        keep, notes = self._rows_of_data(cells, [place[c] for c in known.values()], numbers)
        if not keep.all():
            rows, cells = rows[keep], [c.take(keep) for c in cells]
        table = RawTable(
            role=self.role,
            sheet=self.sheet,
            name=self.name,
            header_row=self.candidate.header_row,
            rows=rows,
            columns={k: cells[place[c]] for k, c in known.items()},
            headers={k: self.candidate.headers[c].strip() for k, c in known.items()},
            letters={k: letter(c) for k, c in known.items()},
            own={h.strip(): cells[place[c]] for h, c in others.items()},
        )
        if len(rows) and (hidden := self.grid.hidden_rows(int(rows[0]), int(rows[-1]))):
            notes.append(
                Text(
                    zh=f"“{self.shown}”有 {hidden} 行被隐藏或筛选掉，这些行也参与了计算。",
                    en=f"'{self.shown}': hidden or filtered rows are counted too ({hidden}).",
                )
            )
        return table, notes

    def _rows_of_data(
        self, cells: list[Column], known: list[int], numbers: list[int]
    ) -> tuple[np.ndarray, list[Text]]:
        """Which rows are records: no totals, no repeated headers, no footnotes, something in a known column."""
        n = len(cells[0])
        filled = np.zeros(n, bool)
        for i in known:
            filled |= cells[i].kind != Kind.EMPTY
        headers = {i: self.candidate.headers[c].strip() for i, c in enumerate(numbers)}
        repeats, count = np.zeros(n, int), np.zeros(n, int)
        total, footnote, dated = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
        dates = {self.candidate.columns.get(key) for key in ("order_date", "contact_date", "feedback_date")}
        for i, column in enumerate(cells):
            texts = series(column.texts)
            repeats += _holds(column, texts.str.strip_chars() == headers[i])
            label = _holds(column, texts.str.contains(TOTALS))
            total |= label
            if numbers[i] in dates:
                dated |= (column.kind != Kind.EMPTY) & ~label
            footnote |= _holds(column, texts.str.contains(FOOTNOTE))
            count += column.kind != Kind.EMPTY
        total &= ~dated
        footnote &= count <= 2
        heading = repeats >= 2
        notes = []
        if count_of := int((total & filled).sum()):
            notes.append(
                Text(
                    zh=f"“{self.shown}”有 {count_of} 行合计或小计，没有当作数据。",
                    en=f"'{self.shown}': {wording.count(count_of, 'totals row')} not taken as data.",
                )
            )
        if count_of := int(heading.sum()):
            notes.append(
                Text(
                    zh=f"“{self.shown}”有 {count_of} 行重复的表头，没有当作数据。",
                    en=f"'{self.shown}': {wording.count(count_of, 'repeated header row')} not taken as data.",
                )
            )
        return filled & ~total & ~footnote & ~heading, notes


def _holds(column: Column, hit: pl.Series) -> np.ndarray:
    """Which cells hold one of the texts that are hit; the texts were looked at once each."""
    if not hit.any():
        return np.zeros(len(column), bool)
    return np.append(hit.to_numpy(), False)[column.code]


@dataclass(slots=True)
class Found:
    """The tables of a workbook.

    Attributes
    ----------
    tables : those that are used, by role; several order tables only when they are taken together.
    lang : language of the headers.
    notes : what people should know about the choice.
    """

    tables: dict[str, list[FoundTable]]
    lang: Lang
    notes: list[Text] = field(default_factory=list)

    def read(
        self, keys: Mapping[str, Collection[str]] | None = None, own: bool | None = None
    ) -> dict[str, list[RawTable]]:
        """Reads all tables; `keys` limits the fields read by role. Notes about rows are added to `notes`."""
        result: dict[str, list[RawTable]] = {}
        for role, found in self.tables.items():
            for table in found:
                raw, notes = table.read(keys.get(role) if keys else None, own)
                result.setdefault(role, []).append(raw)
                self.notes.extend(notes)
        return result


def find(book: xw.Book | Sequence[Grid], choice: TableChoice | None = None) -> Found:
    """Finds the tables of a workbook, or of the sheets of a file that is no workbook (`addin.sources.read`).

    Raises
    ------
    FenjiError
        No table is found; two tables could be the same role; a header stands twice; a chosen sheet or table
        does not exist.
    """
    choice = choice or TableChoice()
    grids: Sequence[Grid] = book if isinstance(book, Sequence) else [SheetGrid(s) for s in book.sheets]
    _check_choice(grids, choice)
    found: dict[str, list[FoundTable]] = {}
    for grid in grids:
        for table in _tables_of(grid, choice):
            found.setdefault(table.role, []).append(table)
    notes: list[Text] = []
    used = {
        role: kept
        for role in fields.INPUT_ROLES
        if (kept := _one_of(role, found.get(role, []), choice, notes))
    }
    if "customers" not in used and "orders" not in used:
        raise _nothing_found(grids, found)
    for kept in used.values():
        for table in kept:
            check_headers(table.candidate, table.sheet)
            notes.extend(_passed_over(table))
    return Found(used, _language(used), notes)


def is_ours(table: str) -> bool:
    """Whether an Excel table's name says that it is ours: of a template (tbl and the name of a dataset), of an
    analysis, or of a trial.

    >>> is_ours("tblGrades"), is_ours("tblKeyAccounts_print"), is_ours("tblCustomers"), is_ours("tblClients")
    (True, True, False, False)
    >>> is_ours("tblAnalysis2"), is_ours("tblTrial")
    (True, True)
    """
    from workbook_templates.datasets.base import known_datasets
    from workbook_templates.template import dataset_name

    if table.startswith(OUR_TABLES):
        return True
    return table.startswith("tbl") and dataset_name(table) in known_datasets()


def _tables_of(grid: Grid, choice: TableChoice) -> list[FoundTable]:
    """The tables of one sheet: its Excel tables, else the range below its header row."""
    excel_tables = grid.tables()
    if grid.name in OUR_SHEETS and (not excel_tables or any(is_ours(t.name) for t in excel_tables)):
        return []
    if any(is_ours(t.name) for t in excel_tables) or choice.roles.get(grid.name) == "":
        return []
    result = []
    mapping = {header: key for (sheet, header), key in choice.mapping.items() if sheet == grid.name}
    ours = grid.our_columns()
    for table in excel_tables:
        role = choice.roles.get(table.name, choice.roles.get(grid.name))
        if role == "":
            continue
        theirs = {c: h for c, h in table.headers.items() if c not in ours}
        fitting = candidates(theirs, table.header_row, f"{grid.name} {table.name}", mapping)
        if candidate := _chosen(fitting, role):
            candidate.headers = table.headers
            last = table.last_row
            found = FoundTable(
                candidate.role, grid.name, table.name, candidate, table.first_row, last, grid, ours
            )
            result.append(found)
    if result:
        return result
    rows = grid.head()
    theirs_by_row = {r: {c: v for c, v in cells.items() if c not in ours} for r, cells in rows.items()}
    if candidate := _chosen(best_row(theirs_by_row, grid.name, mapping), choice.roles.get(grid.name)):
        candidate.headers = {c: display(v) for c, v in rows[candidate.header_row].items()}
        first = candidate.header_row + 1
        result.append(FoundTable(candidate.role, grid.name, None, candidate, first, None, grid, ours))
    return result


def _chosen(fitting: list[Candidate], role: str | None) -> Candidate | None:
    """The candidate of the role the user gave, else the best one."""
    if role:
        return next((c for c in fitting if c.role == role), None)
    return fitting[0] if fitting else None


def _check_choice(grids: Sequence[Grid], choice: TableChoice) -> None:
    sheets = [g.name for g in grids]
    for name in choice.sheets:
        if name not in sheets:
            raise FenjiError(
                zh=f"没有名为“{name}”的工作表。这个工作簿里有：{'、'.join(sheets)}。",
                en=f"There is no sheet '{name}'. This workbook has: {', '.join(sheets)}.",
            )
    tables = [t.name for g in grids for t in g.tables()] if choice.tables else []
    for name in choice.tables:
        if name not in tables:
            raise FenjiError(
                zh=f"没有名为“{name}”的 Excel 表。这个工作簿里有：{'、'.join(tables) or '（没有 Excel 表）'}。",
                en=f"There is no Excel table '{name}'. This workbook has: {', '.join(tables) or 'none'}.",
            )


def _one_of(role: str, found: list[FoundTable], choice: TableChoice, notes: list[Text]) -> list[FoundTable]:
    """The table of a role, or several order tables taken together; two that compete are an error."""
    named = [t for t in found if t.sheet in choice.sheets or t.name in choice.tables]
    if not named:
        complete = [t for t in found if t.candidate.complete] or found
        best = max((t.candidate.score for t in complete), default=0.0)
        named = [t for t in complete if t.candidate.score >= FAR_BEHIND * best]
        for table in found:
            if table not in named and table.candidate.complete:
                notes.append(
                    Text(
                        zh=f"“{table.shown}”也像{ROLE_NAMES[role].zh}，没有使用。",
                        en=f"'{table.shown}' looks like a {ROLE_NAMES[role].en} too; it was not used.",
                    )
                )
    if role != "orders" and not any(t.candidate.score >= 3.0 for t in named) and len(named) > 1:
        return []
    if len(named) < 2:
        return named
    same_shape = len({frozenset(t.candidate.columns) for t in named}) == 1
    if role == "orders" and choice.combine:
        return named
    listed_zh = "、".join(f"“{t.shown}”" for t in named)
    listed_en = ", ".join(f"'{t.shown}'" for t in named)
    if role == "orders" and same_shape:
        raise FenjiError(
            zh=f"找到 {len(named)} 张形状相同的订单表：{listed_zh}。要合在一起计算，请加上 --together；只用其中一张，请用 --sheet 指定。",
            en=f"There are {len(named)} order tables of the same shape: {listed_en}. Add --together to take them together, "
            "or name one with --sheet.",
        )
    raise FenjiError(
        zh=f"有 {len(named)} 张表都像{ROLE_NAMES[role].zh}：{listed_zh}。请用 --sheet 或 --table 指定用哪一张，"
        "或在“分级设置”里说明。",
        en=f"{len(named)} tables could be the {ROLE_NAMES[role].en}: {listed_en}. Name one with --sheet or --table, "
        "or in the settings sheet.",
    )


def _passed_over(table: FoundTable) -> list[Text]:
    """Says which other columns could have been the same field."""
    c = table.candidate
    return [
        _tax_note(table, c.headers[c.columns[key]])
        if key in ("amount", "price") and _differ_in_tax([c.headers[p] for p in (c.columns[key], *places)])
        else Text(
            zh=f"“{table.shown}”里“{'”“'.join(c.headers[p] for p in places)}”也像{fields.header(key, 'zh')}，"
            f"用的是“{c.headers[c.columns[key]]}”；可在“分级设置”里更改。",
            en=f"'{table.shown}': {', '.join(repr(c.headers[p]) for p in places)} could be the {fields.header(key, 'en').lower()} too; "
            f"'{c.headers[c.columns[key]]}' is used. Change it in the settings sheet.",
        )
        for key, places in c.passed_over.items()
        if key in DECISIVE
    ]


def _differ_in_tax(headers: list[str]) -> bool:
    return tax_basis(headers[0]) is not None and len({tax_basis(h) for h in headers}) > 1


def _tax_note(table: FoundTable, used: str) -> Text:
    """Says on which tax basis the amounts are."""
    with_tax = tax_basis(used) == "with"
    return Text(
        zh=f"“{table.shown}”里含税和不含税的金额并列，全部按{'含税' if with_tax else '不含税'}的“{used}”计算；可在“分级设置”里更改。",
        en=f"'{table.shown}' shows amounts with and without tax; '{used}' ({'with' if with_tax else 'without'} tax) is used "
        "throughout. Change it in the settings sheet.",
    )


def _nothing_found(grids: Sequence[Grid], found: dict[str, list[FoundTable]]) -> FenjiError:
    sheets = [g.name for g in grids]
    others = "、".join(ROLE_NAMES[role].zh for role in found)
    return FenjiError(
        zh=f"在工作表 {'、'.join(f'“{s}”' for s in sheets[:8])} 里没有找到客户表或订单表"
        + (f"（只找到{others}）" if others else "")
        + "。订单表至少要有客户、日期、金额三列，表头要在前 60 行之内。运行 fenji columns 可以看到识别结果。",
        en=f"No customer or order table was found in the sheets {', '.join(repr(s) for s in sheets[:8])}. An order table needs at "
        "least customer, date and amount, with headers within the first 60 rows. 'fenji columns' shows what is recognised.",
    )


def _language(used: dict[str, list[FoundTable]]) -> Lang:
    """The language most headers of the used tables are in."""
    texts = [h for kept in used.values() for t in kept for h in t.candidate.headers.values()]
    chinese = sum(bool(re.search(r"[\u3400-\u9fff]", h)) for h in texts)
    return "zh" if chinese * 2 >= len(texts) else "en"
