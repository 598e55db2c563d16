"""Analyses of the open workbook: one question each, answered on new sheets at its end.

The sheets are made as a workbook of their own, as `fenji analyse --out` writes it, and copied over, so that they look
the same in every host. Sheets that are there stay: asking again gives new ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw

from addin import analysis_workbook, template_files
from addin.analyses import ANALYSES, Analysis, Asked, Sheet
from addin.commands import regrade
from addin.outcome import Outcome
from udfs import terms
from udfs.texts import FenjiError, Lang, Text

NAME_LIMIT = 31  # characters of a sheet's name
TOLD = 6  # findings in the message


@dataclass(slots=True)
class Made:
    """What an analysis gave: its tables, ready for people, in the language of the data."""

    analysis: Analysis
    lang: Lang
    about: Text
    sheets: list[Sheet]


def run(
    book: xw.Book, name: str, lang: Lang | None = None, say: Callable[[Text], None] = regrade.quiet
) -> Outcome:
    """Answers one question about the customers of an open workbook, on new sheets.

    Parameters
    ----------
    book : the workbook; nothing in it changes but the new sheets at its end.
    name : an analysis, see `addin.analyses`.
    lang : language of the result; that of the headers unless given.
    say : told each step as it begins.

    Raises
    ------
    FenjiError
        Unknown analysis, or data it cannot be made from.
    """
    chosen = find(name)
    result = regrade.run(book, lang=lang, write=False, say=say)
    say(Text(zh=f"正在分析：{chosen.title.zh}", en=f"Analysing: {chosen.title.en}"))
    made = make(chosen, Asked(result.grading, result.lang, history=result.history), book.name)
    names = _put_into(book, made) if made.sheets else []
    return Outcome(_message(made, names), names[0] if names else None)


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Makes the analysis chosen in the menu."""
    return run(book, argument, say=say)


def find(name: str) -> Analysis:
    """The analysis of this name, or an error that lists them."""
    if name in ANALYSES:
        return ANALYSES[name]
    zh = "\n".join(f"  {a.name:<14}{a.question.zh}" for a in ANALYSES.values())
    en = "\n".join(f"  {a.name:<14}{a.question.en}" for a in ANALYSES.values())
    raise FenjiError(
        zh=f"没有名为“{name}”的分析。可选：\n{zh}", en=f"There is no analysis '{name}'. There are:\n{en}"
    )


def make(analysis: Analysis, asked: Asked, source: str) -> Made:
    """Makes the tables of an analysis.

    Parameters
    ----------
    analysis : which one.
    asked : the grading and what is asked about it.
    source : name of the workbook or files, told above the tables.
    """
    grading, lang = asked.grading, asked.lang
    sheets = [sheet for sheet in analysis.make(asked) if len(sheet.table) or sheet.findings]
    about = Text(
        zh=f"{source} · 分析日期 {grading.as_of} · {len(grading.grades):,} 位客户",
        en=f"{source} · analysis date {grading.as_of} · {len(grading.grades):,} customers",
    )
    return Made(analysis, lang, about, [_worded(s, lang, grading.options.names) for s in sheets])


def _worded(sheet: Sheet, lang: Lang, names: Any) -> Sheet:
    """The table with names for codes."""
    table = sheet.table.copy()
    for column in table.columns:
        group = sheet.groups.get(column, column)
        if group in terms.groups() and not pd.api.types.is_numeric_dtype(table[column]):
            table[column] = [_names(v, group, lang, names) for v in table[column]]
    return replace(sheet, table=table)


def _names(codes: Any, group: str, lang: Lang, names: Any) -> Any:
    if not isinstance(codes, str) or not codes:
        return codes
    comma = "、" if lang == "zh" else ", "
    return comma.join(terms.term(group, code, lang, names) for code in codes.split(";"))


def _put_into(book: xw.Book, made: Made) -> list[str]:
    """Copies the sheets behind the book's last one; returns their names."""
    names: list[str] = []
    with tempfile.TemporaryDirectory(prefix="fenji-") as folder:
        path = Path(folder) / "analysis.xlsx"
        analysis_workbook.write(path, made.analysis.title, made.about, made.sheets, made.lang)
        with template_files.opened(book, path) as source:
            for sheet in source.sheets:
                name = free_name(sheet.name, [s.name for s in book.sheets])
                sheet.copy(after=book.sheets[len(book.sheets) - 1], name=name)
                names.append(name)
    return names


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A sheet name nothing else has; upper and lower case are the same to Excel.

    >>> free_name("Why", ["why", "Why 2"])
    'Why 3'
    """
    known = {name.casefold() for name in taken}
    number, name = 1, wanted[:NAME_LIMIT]
    while name.casefold() in known:
        number += 1
        tail = f" {number}"
        name = wanted[: NAME_LIMIT - len(tail)] + tail
    return name


def _message(made: Made, names: list[str]) -> Text:
    """Title, findings, where the tables are."""
    title = made.analysis.title
    if not names:
        return Text(
            zh=f"{title.zh}：数据里没有可以列出的内容。",
            en=f"{title.en}: there is nothing to list in these data.",
        )
    findings = [finding for sheet in made.sheets for finding in sheet.findings if finding.zh][:TOLD]
    zh = [f"{title.zh}", *(f.zh for f in findings), f"明细在工作表“{'”“'.join(names)}”里。可以撤销。"]
    listed = ", ".join(f"'{name}'" for name in names)
    en = [f"{title.en}", *(f.en for f in findings), f"Details are on {listed}. This can be undone."]
    return Text(zh="\n".join(zh), en="\n".join(en))
