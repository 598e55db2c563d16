"""`fenji check FILE`: what should be mended in the data. Changes nothing."""

from __future__ import annotations

import sys

from rich.table import Table

from addin import outputs, shell, tables
from addin.commands.regrade_file import Request, opened_grids
from addin.hosts.xlsx.saving import check_writable
from udfs.cleaning.assemble import Cleaned, assemble
from udfs.cleaning.problems import localise, problem_text, to_do
from udfs.texts import Lang, Text

LISTED = 40  # problems shown; --json has all


def run(request: Request, spoken: Lang) -> Cleaned:
    """Prints the problems by kind and the first of them cell by cell; writes all of them with --json."""
    if request.json:
        check_writable(request.json)
    with shell.progress(spoken) as say:
        say(Text(zh="正在检查", en="Checking"))
        with opened_grids(request.files, request.names) as grids:
            found = tables.find(grids, request.choice)
            cleaned = assemble(found.read())
    lang = request.lang or found.lang
    console = shell.console()
    console.print(headline(cleaned)(lang), style="bold")
    if len(cleaned.problems):
        console.print(kinds(cleaned, lang))
        console.print()
    if len(to_do(cleaned.problems)):
        console.print(cells(cleaned, lang))
    for note in [*found.notes, *cleaned.notes]:
        console.print("· " + note(lang), soft_wrap=True)
    if request.json:
        outputs.write_json(request.json, as_json(cleaned, lang))
    sys.stdout.flush()
    return cleaned


def headline(cleaned: Cleaned) -> Text:
    """How many rows count, how many cells to look at."""
    used, read, problems = cleaned.rows_used, cleaned.rows_read, len(to_do(cleaned.problems))
    rows = Text(
        zh=f"订单 {read:,} 行，可用 {used:,} 行；", en=f"{used:,} of {read:,} order rows can be used; "
    )
    if not read:
        rows = Text(zh="", en="")
    if not problems:
        return Text(zh=rows.zh + "没有发现问题。", en=rows.en + "no problems found.")
    return Text(zh=f"{rows.zh}有 {problems:,} 处请核对。", en=f"{rows.en}{problems:,} cells to look at.")


def kinds(cleaned: Cleaned, lang: Lang) -> Table:
    """Number of cells by problem."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for code, count in cleaned.problems["problem"].value_counts().items():
        table.add_row(problem_text(str(code), lang), f"{count:,}")
    return table


def cells(cleaned: Cleaned, lang: Lang) -> Table:
    """The first problems, cell by cell."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    titles = ("单元格", "原值", "问题", "建议") if lang == "zh" else ("Cell", "Value", "Problem", "Proposal")
    for title in titles:
        table.add_column(title)
    problems = to_do(cleaned.problems)
    for row in localise(problems.head(LISTED), lang).to_dict("records"):
        table.add_row(
            f"{row['sheet']}!{row['column']}{row['row']}", row["value"], row["problem"], row["proposal"]
        )
    if (more := len(problems) - LISTED) > 0:
        table.add_row("…", "", f"另有 {more:,} 处" if lang == "zh" else f"{more:,} more", "")
    return table


def as_json(cleaned: Cleaned, lang: Lang) -> dict[str, object]:
    """All problems and the counts, in stable keys."""
    listed = localise(cleaned.problems, lang)
    listed["code"] = cleaned.problems["problem"]
    return {
        "orders_read": cleaned.rows_read,
        "orders_used": cleaned.rows_used,
        "orders_left_out": cleaned.data.left_out,
        "marked": cleaned.data.marked,
        "amount_total": cleaned.amount_total,
        "problems": listed.to_dict("records"),
        "notes": [note(lang) for note in cleaned.notes],
    }
