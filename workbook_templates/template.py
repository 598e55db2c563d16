"""What a template asks for: its tables, placeholders and pivots, read from the workbook itself.

The rule, for shipped templates and for those people make themselves:

- An Excel table whose name begins with `tbl` takes the dataset of that name: `tblGrades` takes `grades`,
  `tblKeyAccounts` takes `key_accounts`. A suffix after an underscore is ignored, so a dataset can stand twice
  (`tblGrades_print`).
- The table's headers choose the columns and their order: a field's header in Chinese or English, or its key.
  A column whose first cell holds a formula is the template's own and is left alone.
- `{{ name }}` in a text cell takes the value of that name. `{{ card.name }}` makes the sheet a card: one copy
  for each customer.
- `{{ pivot tblSales | rows region | columns year | values amount }}` becomes a native pivot table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import xlwings as xw

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
CARD = "card."


@dataclass(slots=True)
class TemplateTable:
    """An Excel table of a template: its name, the dataset it wants, and its headers."""

    name: str
    dataset: str
    headers: list[str]
    formulas: list[bool]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A text cell with `{{ name }}` in it: 1-based row and column, and the whole text."""

    row: int
    column: int
    text: str

    @property
    def names(self) -> list[str]:
        return [n for n in PLACEHOLDER.findall(self.text) if not n.startswith("pivot ")]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot instruction: where it stands, and what it asks for."""

    row: int
    column: int
    table: str
    rows: list[str]
    columns: list[str]
    filters: list[str]
    values: list[str]


@dataclass(slots=True)
class TemplateSheet:
    """What one sheet of a template asks for."""

    name: str
    tables: list[TemplateTable] = field(default_factory=list)
    placeholders: list[Placeholder] = field(default_factory=list)
    pivots: list[Pivot] = field(default_factory=list)

    @property
    def is_card(self) -> bool:
        return any(n.startswith(CARD) for p in self.placeholders for n in p.names)


def read_template(book: xw.Book) -> list[TemplateSheet]:
    """What every sheet of an open template asks for."""
    return [read_sheet(sheet) for sheet in book.sheets]


def read_sheet(sheet: xw.Sheet) -> TemplateSheet:
    """What one sheet asks for; tables whose name does not begin with `tbl` are not ours."""
    plan = TemplateSheet(sheet.name)
    for table in sheet.tables:
        if table.name.lower().startswith("tbl"):
            plan.tables.append(read_table(table))
    for row, column, text in text_cells(sheet):
        if "{{" not in text:
            continue
        match = PLACEHOLDER.search(text)
        if match and match.group(1).startswith("pivot "):
            plan.pivots.append(read_pivot(row, column, match.group(1)))
        elif match:
            plan.placeholders.append(Placeholder(row, column, text))
    return plan


def read_table(table: xw.main.Table) -> TemplateTable:
    headers = [str(h) for h in flat(table.header_row_range.value)]
    body = table.data_body_range
    first = body[0, :].formula if body is not None else None
    formulas = [isinstance(f, str) and f.startswith("=") for f in flat(first)] if first else []
    formulas += [False] * (len(headers) - len(formulas))
    return TemplateTable(table.name, dataset_name(table.name), headers, formulas)


def dataset_name(table: str) -> str:
    """The dataset a table name asks for.

    >>> dataset_name("tblKeyAccounts_print"), dataset_name("tblRFM"), dataset_name("tblTop10")
    ('key_accounts', 'rfm', 'top10')
    """
    bare = table[3:].split("_")[0]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", bare).lower()


def read_pivot(row: int, column: int, text: str) -> Pivot:
    """`pivot tblSales | rows region, province | values amount` -> Pivot."""
    first, *areas = [part.strip() for part in text.split("|")]
    parts: dict[str, list[str]] = {"rows": [], "columns": [], "filters": [], "values": []}
    for area in areas:
        kind, _, names = area.partition(" ")
        parts.setdefault(kind, []).extend(n.strip() for n in names.split(",") if n.strip())
    return Pivot(
        row,
        column,
        first.removeprefix("pivot").strip(),
        parts["rows"],
        parts["columns"],
        parts["filters"],
        parts["values"],
    )


def text_cells(sheet: xw.Sheet) -> Iterable[tuple[int, int, str]]:
    """1-based row, column and text of every text cell."""
    used = sheet.used_range
    top, left = used.row, used.column  # asked once: each is a call to Excel
    for i, row in enumerate(used.options(ndim=2).value or []):
        for j, value in enumerate(row):
            if isinstance(value, str):
                yield top + i, left + j, value


def flat(value: Any) -> list[Any]:
    """A row of cells as a list, also when it is one cell."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        return [value]
    return [x for row in value for x in (row if isinstance(row, (list, tuple)) else [row])]
