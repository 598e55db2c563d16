"""The sample workbook: the sample tables as a tidy person's Excel file, one Excel table a sheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from udfs.texts import Lang, Text
from workbook_templates.sample_data import SEED, sample_tables
from workbook_templates.sample_words import EN, ZH

FONT = Text(zh="微软雅黑", en="Calibri")
TABLE_NAMES = {"customers": "Customers", "orders": "Orders", "contacts": "Contacts", "feedback": "Feedback"}
SALUTATION = Text(zh="称呼", en="Salutation")
# A formula of the user's own, to see that it stays: the contact person with Mr or Ms.
SALUTATION_FORMULA = Text(
    zh='=Customers[[#This Row],[联系人]]&IF(Customers[[#This Row],[性别]]="男","先生","女士")',
    en='=IF(Customers[[#This Row],[Sex]]="M","Mr ","Ms ")&Customers[[#This Row],[Contact person]]',
)


def write_sample_workbook(path: Path, lang: Lang = "zh", customers: int = 800, seed: int = SEED) -> None:
    """Writes the sample workbook; the same bytes every time.

    Parameters
    ----------
    path : the .xlsx file to write; an existing file is replaced.
    lang, customers, seed : as for `sample_tables`.
    """
    tables = sample_tables(lang, customers, seed)
    words = ZH if lang == "zh" else EN
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": dt.datetime(2025, 1, 1), "title": ""})
        for cell_format in book.formats:
            cell_format.set_font_name(FONT(lang))
            cell_format.set_font_size(10)
        date = book.add_format({"num_format": "yyyy-mm-dd", "font_name": FONT(lang), "font_size": 10})
        money = book.add_format({"num_format": "#,##0.00", "font_name": FONT(lang), "font_size": 10})
        for role, sheet_name in words.sheets.items():
            table = tables[sheet_name]
            keys = dict(zip(table.columns, words.headers[role], strict=True))
            if role == "customers":
                table = table.assign(**{SALUTATION(lang): _salutations(table, lang)})
            sheet = book.add_worksheet(sheet_name)
            sheet.freeze_panes(1, 2 if role == "customers" else 1)
            sheet.hide_gridlines(2)
            rows = [[_cell(v) for v in row] for row in table.itertuples(index=False)]
            columns: list[dict[str, Any]] = [{"header": str(header)} for header in table.columns]
            for column, header in zip(columns, table.columns, strict=True):
                key = keys.get(header, "")
                if key in ("price", "amount", "cost"):
                    column["format"] = money
                elif key.endswith("date") or key == "first_contact":
                    column["format"] = date
            sheet.add_table(
                0,
                0,
                len(rows),
                len(columns) - 1,
                {"name": TABLE_NAMES[role], "columns": columns, "data": rows, "style": "Table Style Light 1"},
            )
            if role == "customers":
                last = len(columns) - 1
                for i, row in enumerate(rows):
                    sheet.write_formula(i + 1, last, SALUTATION_FORMULA(lang), None, row[last])
            for i, header in enumerate(table.columns):
                sheet.set_column(i, i, _width(header, table[header]))


def _cell(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    return None if value is None or value != value else value


def _salutations(table: pd.DataFrame, lang: Lang) -> list[str]:
    if lang == "zh":
        return [
            p + ("先生" if s == "男" else "女士") for p, s in zip(table["联系人"], table["性别"], strict=True)
        ]
    return [
        ("Mr " if s == "M" else "Ms ") + p for p, s in zip(table["Contact person"], table["Sex"], strict=True)
    ]


def _width(header: str, cells: pd.Series) -> float:
    """Column width in characters; a Chinese character is two wide."""
    longest = max([_columns(header) + 3, *(_columns(str(v)) for v in cells.head(200) if isinstance(v, str))])
    return float(min(40, max(9, longest + 1)))


def _columns(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)
