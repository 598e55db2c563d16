"""`fenji columns FILE`: the recognised tables, and what each column is taken for."""

from __future__ import annotations

from rich.table import Table

from addin import shell, tables
from addin.commands.regrade_file import Request, opened_grids
from addin.recognition import letter
from addin.tables import ROLE_NAMES, Found, FoundTable
from udfs import fields
from udfs.cleaning.profile import profile
from udfs.texts import Lang


def run(request: Request, spoken: Lang) -> Found:
    """Prints each recognised table with its columns: letter, header, what it is taken for, examples."""
    with opened_grids(request.files, request.names) as grids:
        found = tables.find(grids, request.choice)
        lang = request.lang or found.lang
        console = shell.console()
        for table in (table for of_role in found.tables.values() for table in of_role):
            console.print(headline(table, lang), style="bold")
            console.print(columns(table, lang))
            console.print()
    for note in found.notes:
        console.print("· " + note(lang), soft_wrap=True)
    return found


def headline(table: FoundTable, lang: Lang) -> str:
    """What the table is taken for, and where it stands."""
    role, row = ROLE_NAMES[table.role](lang), table.candidate.header_row
    if lang == "zh":
        return f"{role}：“{table.shown}”，表头在第 {row} 行"
    return f"{role[0].upper()}{role[1:]}: '{table.shown}', headers in row {row}"


def columns(table: FoundTable, lang: Lang) -> Table:
    """One line per column, in the order of the sheet."""
    raw, _ = table.read(own=True)
    key_of = {column: key for key, column in table.candidate.columns.items()}
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    titles = (
        ("列", "表头", "识别为", "填写率", "不同值", "范围", "例")
        if lang == "zh"
        else ("Column", "Header", "Taken for", "Filled", "Distinct", "Range", "Examples")
    )
    for title in titles:
        shown.add_column(title)
    own = "自有列" if lang == "zh" else "(your own)"
    for column in sorted(table.candidate.headers):
        key = key_of.get(column)
        header = table.candidate.headers[column].strip()
        cells = raw.columns.get(key) if key else raw.own.get(header)
        if cells is None:
            continue  # a column fenji added
        found = profile(cells, fields.field(key).type if key else "text")
        shown.add_row(
            letter(column),
            header,
            fields.header(key, lang) if key else own,
            f"{found.filled:.0%}",
            f"{found.distinct:,}",
            f"{found.low} .. {found.high}" if found.low else "",
            " | ".join(found.examples),
        )
    return shown
