"""The settings sheet: brings it to the front, and makes it first where the workbook has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import xlwings as xw

from addin import own_tables, tables, template_files
from addin import settings as setting_sheet
from addin.outcome import Outcome
from udfs.cleaning.options import CleaningOptions
from udfs.options import GradingOptions
from udfs.setting_values import settings as known_settings
from udfs.setting_values import written
from udfs.texts import FenjiError, Lang, Text
from workbook_templates import headers
from workbook_templates.fill import fill_table

SCOPE_CELL = "A2"
SCOPE = Text(
    zh="改“取值”一列，下次重新分级时生效。空着表示用默认值。",
    en="Change the column Value; it counts from the next regrade on. Empty means the default.",
)


def run(book: xw.Book, lang: Lang) -> Outcome:
    """Shows the settings sheet; a new one lists every choice with its default and its meaning."""
    existing = own_tables.find(book, setting_sheet.TABLE)
    if existing is not None:
        sheet = existing.range.sheet
        return Outcome(
            Text(
                zh=f"设置在工作表“{sheet.name}”里。改好“取值”一列后，点“重新分级”即生效。",
                en=f"The settings are on the sheet '{sheet.name}'. Change the column Value, then regrade.",
            ),
            sheet.name,
        )
    name = _make(book, lang)
    return Outcome(
        Text(
            zh=f"已加上工作表“{name}”，列出每项设置的默认值和说明。改好“取值”一列后，点“重新分级”即生效。",
            en=f"The sheet '{name}' lists every choice with its default and meaning. Change the column Value, then regrade.",
        ),
        name,
    )


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Shows the settings sheet."""
    return run(book, lang)


def keep(book: xw.Book, options: Mapping[str, Any], lang: Lang) -> None:
    """Writes options into the settings sheet, if there is one, so that the next regrade uses them too.

    Parameters
    ----------
    options : values by name of an option of `GradingOptions`.
    """
    table = own_tables.find(book, setting_sheet.TABLE)
    if table is None:
        return
    titles = [str(title) for title in table.header_row_range.options(ndim=1).value]
    place = {headers.key_of(title, ["setting_value", "key"]): i for i, title in enumerate(titles)}
    keys = table.range.columns[place["key"]].options(ndim=1).value
    for name, value in options.items():
        if name in keys and name in known_settings():
            cell = table.range[keys.index(name), place["setting_value"]]
            cell.value = written(known_settings()[name], value, lang)


def _make(book: xw.Book, lang: Lang) -> str:
    """Copies the settings sheet of the grading template and fills it."""
    rows = setting_sheet.frame(GradingOptions(), CleaningOptions(), _found(book), None, lang)
    with template_files.opened(book, template_files.path_of("grading", lang)) as template:
        source = own_tables.find(template, setting_sheet.TABLE)
        assert source is not None
        name = source.range.sheet.name
        source.range.sheet.copy(after=book.sheets[len(book.sheets) - 1], name=name)
    sheet = book.sheets[name]
    sheet[SCOPE_CELL].value = SCOPE(lang)
    fill_table(sheet, setting_sheet.TABLE, rows)
    return name


def _found(book: xw.Book) -> tables.Found | None:
    """The recognised tables, whose columns are listed; None where none is recognised yet."""
    try:
        return tables.find(book)
    except FenjiError:
        return None
