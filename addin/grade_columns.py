"""The grade columns in the user's own customer table: added once at its right, refreshed later.

Each column of ours is remembered by a defined name on its header cell (`_fenji_grade`), which Excel moves
along when columns are moved or the header is renamed. A column without such a name is the user's own and is
never written to, whatever it is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xlwings as xw

from addin.grids import OUR_COLUMN
from addin.kept_cells import as_rows
from addin.tables import FoundTable
from udfs import fields
from udfs.texts import Lang, Text
from workbook_templates.cells import write_frame, write_rows

MARK = OUR_COLUMN
WIDTHS = {"explanation": 60, "churn_reasons": 30, "segment": 16, "class8": 16, "need_type": 14, "grade": 14}


@dataclass(slots=True)
class AddedColumns:
    """What was written: headers of new columns, headers of refreshed ones, or why nothing was."""

    new: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    not_added: Text | None = None


def keys() -> list[str]:
    """Field keys of the columns that are added, in their order."""
    return [f.key for f in fields.for_role("added")]


def write(
    book: xw.Book,
    table: FoundTable,
    records: np.ndarray,
    row_customer: np.ndarray,
    graded: pd.DataFrame,
    lang: Lang,
) -> AddedColumns:
    """Writes the grade columns beside the user's customer table.

    Parameters
    ----------
    book : the workbook that holds the table.
    table : the customer table as it was found.
    records : int array, shape (n,): the sheet row of each record.
    row_customer : int array, shape (n,): for each record its row in `graded`, -1 for none.
    graded : one row per customer, values as people read them, columns by field key.
    lang : language of the headers of new columns.
    """
    sheet = book.sheets[table.sheet]
    left, right = _extent(sheet, table)
    header_row = table.candidate.header_row
    first, last = int(records.min()), int(records.max())
    marks = _marked(book, sheet, header_row)
    wanted = [key for key in keys() if key in graded]
    new = [key for key in wanted if key not in marks]
    if new and not _is_free(sheet, header_row, last, right, len(new)):
        return AddedColumns(not_added=_no_room(table.sheet))
    titles = _titles(sheet, header_row, left, right, new, lang)
    rows = _rows(records, row_customer, graded)
    for start, block in _runs(marks, wanted):
        write_frame(sheet.range((first, start)), rows[block], header=False)
    if new:
        _widen(sheet, table, header_row, left, right, titles)
        write_frame(sheet.range((first, right + 1)), rows[new], header=False)
        for offset, key in enumerate(new):
            _mark(book, sheet, MARK + key, header_row, right + 1 + offset)
            _set_width(sheet, key, titles[offset], header_row, right + 1 + offset)
    refreshed = [str(sheet.range((header_row, marks[key])).value) for key in wanted if key in marks]
    return AddedColumns(new=titles, refreshed=refreshed)


def _extent(sheet: xw.Sheet, table: FoundTable) -> tuple[int, int]:
    """First and last column of the table, 1-based."""
    if table.name:
        cells = sheet.tables[table.name].range
        return cells.column, cells.column + cells.columns.count - 1
    return min(table.candidate.headers), max(table.candidate.headers)


def _marked(book: xw.Book, sheet: xw.Sheet, header_row: int) -> dict[str, int]:
    """Columns written in an earlier run: field key -> column."""
    found = {}
    for name in book.names:
        bare = name.name.rpartition("!")[2]
        if not bare.startswith(MARK):
            continue
        try:
            cell = name.refers_to_range
        except Exception:  # the column was deleted: the name refers to nothing, in each host's own words
            continue
        if cell is not None and cell.sheet.name == sheet.name and cell.row == header_row:
            found[bare.removeprefix(MARK)] = cell.column
    return found


def _is_free(sheet: xw.Sheet, header_row: int, last_row: int, right: int, count: int) -> bool:
    """Whether there is room for `count` columns at the table's right."""
    used = sheet.used_range
    if used.column + used.columns.count - 1 <= right:
        return True
    cells = sheet.range((header_row, right + 1), (last_row, right + count))
    # A formula may show nothing, and formulas show every constant too.
    return all(text in (None, "") for row in as_rows(cells.formula) for text in row)


def _no_room(sheet: str) -> Text:
    return Text(
        zh=f"工作表“{sheet}”的客户表右侧还有内容，没有添加分级列；结果请看工作表“客户分级”。",
        en=f"Sheet '{sheet}' has other contents to the right of the customer table, so no grade columns were "
        "added; see the sheet 'Customer grades'.",
    )


def _titles(sheet: xw.Sheet, row: int, left: int, right: int, new: Sequence[str], lang: Lang) -> list[str]:
    """Headers for new columns, none of them twice in the table."""
    taken = {str(h).strip().casefold() for h in sheet.range((row, left), (row, right)).options(ndim=1).value}
    titles = []
    for key in new:
        title = fields.header(key, lang)
        if title.casefold() in taken:
            title += "(fenji)" if lang == "zh" else " (fenji)"
        taken.add(title.casefold())
        titles.append(title)
    return titles


def _rows(records: np.ndarray, row_customer: np.ndarray, graded: pd.DataFrame) -> pd.DataFrame:
    """One row for every sheet row from the first record to the last; empty where there is none."""
    first, last = int(records.min()), int(records.max())
    position = np.full(last - first + 1, -1)
    position[records - first] = row_customer
    known = position >= 0
    rows = graded.take(np.where(known, position, 0)).reset_index(drop=True)
    if not known.all():
        rows = rows.astype(object)
        rows.loc[~known] = None
    return rows


def _runs(marks: dict[str, int], wanted: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Marked columns that stand side by side, written in one go: first column and keys.

    >>> _runs({"grade": 5, "rfm": 6, "abc": 9}, ["grade", "rfm", "abc"])
    [(5, ['grade', 'rfm']), (9, ['abc'])]
    """
    runs: list[tuple[int, list[str]]] = []
    for key in sorted((k for k in wanted if k in marks), key=lambda k: marks[k]):
        if runs and marks[key] == runs[-1][0] + len(runs[-1][1]):
            runs[-1][1].append(key)
        else:
            runs.append((marks[key], [key]))
    return runs


def _widen(
    sheet: xw.Sheet, table: FoundTable, header_row: int, left: int, right: int, titles: Sequence[str]
) -> None:
    """Headers of the new columns; an Excel table is resized to hold them."""
    write_rows(sheet, header_row, right + 1, [list(titles)])
    if table.name:
        cells = sheet.tables[table.name].range
        bottom = cells.row + cells.rows.count - 1
        sheet.tables[table.name].resize(sheet.range((cells.row, left), (bottom, right + len(titles))))


def _mark(book: xw.Book, sheet: xw.Sheet, name: str, row: int, column: int) -> None:
    quoted = sheet.name.replace("'", "''")
    book.names.add(name, f"='{quoted}'!{sheet.range((row, column)).get_address()}")


def _set_width(sheet: xw.Sheet, key: str, title: str, row: int, column: int) -> None:
    """A width that fits the header and the usual contents; a Chinese character is two wide."""
    header = sum(2 if ord(c) > 0x2E80 else 1 for c in title) + 4
    sheet.range((row, column)).column_width = max(header, WIDTHS.get(key, 10))
