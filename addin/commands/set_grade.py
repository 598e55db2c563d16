"""Set or lock a grade by hand: regrading keeps it, until a day when one is given.

The grade, the reason, today's date and the last day go into columns of the user's own customer table, where
anybody can see and change them; missing columns are added at the table's right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xlwings as xw

from addin import customer_rows
from addin.kept_cells import as_rows
from addin.outcome import Outcome
from addin.tables import FoundTable
from udfs import fields, terms, wording
from udfs.cleaning.dates import parse_date
from udfs.texts import FenjiError, Lang, Text
from workbook_templates.cells import write_columns

KEYS = ("manual_grade", "manual_reason", "manual_date", "manual_until")
SHORT_NAMES = {"高": "high", "中": "medium", "低": "low", "h": "high", "m": "medium", "l": "low"}
GRADES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Manual:
    """A grade set by hand; `grade` is a code, or None to take an earlier one back."""

    grade: str | None
    reason: str = ""
    until: dt.date | None = None


def run(book: xw.Book, rows: Sequence[int], manual: Manual, today: dt.date | None = None) -> Outcome:
    """Writes a grade set by hand for customers.

    Parameters
    ----------
    book : the workbook; it must have a customer table.
    rows : row numbers of the customers in the table's sheet (see `addin.customer_rows`).
    manual : the grade, the reason, the last day it holds.
    today : the day to record; the day of the run unless given.
    """
    table = customer_rows.customer_table(book)
    sheet = book.sheets[table.sheet]
    lang = _language(table)
    places = _columns(sheet, table, lang)
    grade = terms.labels("grade", lang)[manual.grade] if manual.grade else None
    cleared = manual.grade is None
    values = {
        "manual_grade": grade,
        "manual_reason": None if cleared else manual.reason or None,
        "manual_date": None if cleared else _midnight(today or dt.date.today()),
        "manual_until": None if cleared else _midnight(manual.until),
    }
    for row in rows:
        for key, value in values.items():
            cell = sheet.range((row, places[key]))
            write_columns(cell, [[value]])
            if isinstance(value, dt.datetime):
                cell.number_format = "yyyy-mm-dd"
    return Outcome(_message(len(rows), manual))


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Sets the grade typed by the user for the selected customers."""
    manual = parse(argument)
    return run(book, customer_rows.selected(app, customer_rows.customer_table(book)), manual)


def parse(text: str) -> Manual:
    """What a user types: grade; reason; last day.

    >>> parse("高；战略客户；2025年12月31日")
    Manual(grade='high', reason='战略客户', until=datetime.date(2025, 12, 31))
    >>> parse("")
    Manual(grade=None, reason='', until=None)
    """
    parts = [part.strip() for part in re.split("[;；]", text)]
    grade, reason, until = (*parts, "", "", "")[:3]
    return Manual(grade_code(grade), reason, _last_day(until))


def grade_code(text: str) -> str | None:
    """The code of a grade as people write it; None for nothing.

    Raises
    ------
    FenjiError
        There is no such grade.
    """
    if not text:
        return None
    code = SHORT_NAMES.get(text.casefold()) or terms.code_of("grade", text)
    if code in GRADES:
        return code
    raise FenjiError(
        zh=f"没有“{text}”这个等级。请填 高、中 或 低；留空则取消手工定级。",
        en=f"There is no grade '{text}'. Use high, medium or low; leave it empty to take a manual grade back.",
    )


def _last_day(text: str) -> dt.date | None:
    if not text:
        return None
    day = parse_date(text)
    if day is None:
        raise FenjiError(
            zh=f"“{text}”不是能识别的日期。请写成 2025-12-31 的样子。",
            en=f"'{text}' is not a date. Write it like 2025-12-31.",
        )
    return day


def _language(table: FoundTable) -> Lang:
    """The language of the table's headers."""
    chinese = any("\u4e00" <= c <= "\u9fff" for header in table.candidate.headers.values() for c in header)
    return "zh" if chinese else "en"


def _columns(sheet: xw.Sheet, table: FoundTable, lang: Lang) -> dict[str, int]:
    """Column numbers of the four fields; those the table lacks are added at its right."""
    places = {key: table.candidate.columns[key] for key in KEYS if key in table.candidate.columns}
    missing = [key for key in KEYS if key not in places]
    if not missing:
        return places
    head = table.candidate.header_row
    right = max(table.candidate.headers)
    last_row = sheet.used_range.row + sheet.used_range.shape[0] - 1
    beside = sheet.range((head, right + 1), (last_row, right + len(missing)))
    if any(formula != "" for row in as_rows(beside.formula) for formula in row):
        raise FenjiError(
            zh=f"工作表“{sheet.name}”的客户表右侧没有空列，放不下手工定级。请在表的右侧空出 {len(missing)} 列。",
            en=f"There is no room for the manual grade at the right of the customer table in sheet '{sheet.name}'. "
            f"Leave {len(missing)} empty columns there.",
        )
    write_columns(sheet.range((head, right + 1)), [[fields.header(key, lang)] for key in missing])
    if table.name:
        cells = sheet.tables[table.name].range
        sheet.tables[table.name].resize(cells.resize(cells.shape[0], cells.shape[1] + len(missing)))
    return places | {key: right + 1 + i for i, key in enumerate(missing)}


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time()) if day else None


def _message(count: int, manual: Manual) -> Text:
    if manual.grade is None:
        return Text(
            zh=f"已取消 {count} 位客户的手工定级。点“重新分级”后按规则计算。",
            en=f"Took back the manual grade of {wording.count(count, 'customer')}. Regrade to have it computed again.",
        )
    zh, en = terms.labels("grade", "zh")[manual.grade], terms.labels("grade", "en")[manual.grade]
    until_zh = f"，有效期至 {manual.until}" if manual.until else ""
    until_en = f", until {manual.until}" if manual.until else ""
    return Text(
        zh=f"已把 {count} 位客户手工定为“{zh}”{until_zh}。点“重新分级”后生效，以后重新分级也会保留。",
        en=f"Set {wording.count(count, 'customer')} to '{en}' by hand{until_en}. Regrade to apply it; later regrades keep it.",
    )
