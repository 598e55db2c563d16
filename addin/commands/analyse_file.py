"""`fenji analyse FILE NAME`: one question, a few tables, on the screen and in a new workbook."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

from addin import analysis_workbook, shell
from addin.analyses import Analysis, Asked, Sheet
from addin.analyses.columns import header, kind
from addin.commands import analyse, regrade_file
from addin.commands.analyse import Made
from addin.commands.regrade_file import Request
from addin.hosts.xlsx.saving import check_writable, replace_file
from udfs import scope, wording
from udfs.texts import Lang, Text

if TYPE_CHECKING:
    from rich.table import Table

SHOWN_ROWS = 12
SHOWN_COLUMNS = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """What a movement is measured between: an earlier workbook, or two days of this one's history."""

    against: Path | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def run(name: str, request: Request, spoken: Lang, compared: Compared = Compared()) -> Made:
    """Makes the analysis, prints it, and writes what was asked for (`request.out`, `request.json`).

    Raises
    ------
    FenjiError
        Unknown analysis, data it cannot be made from, a target that cannot be written.
    """
    chosen = analyse.find(name)
    for path in (request.out, request.json):
        if path:
            check_writable(path)
    with shell.progress(spoken) as say:
        made = make(chosen, request, say, compared)
    for line in told(made):
        shell.say(line, made.lang)
    console = shell.console()
    for sheet in made.sheets:
        console.print(shown(sheet, made.lang))
    if request.json:
        text = json.dumps(as_json(made), ensure_ascii=False, indent=2)
        replace_file(request.json, lambda file: _write(file, text))
    if request.out:
        analysis_workbook.write(request.out, made.analysis.title, made.about, made.sheets, made.lang)
        shell.say(
            Text(zh=f"\n结果已写入 {request.out}。", en=f"\nThe result is in {request.out}."), made.lang
        )
    return made


def _write(file: BinaryIO, text: str) -> None:
    file.write(text.encode("utf-8"))


def make(analysis: Analysis, request: Request, say: Any, compared: Compared = Compared()) -> Made:
    """Grades the files inside the scope and makes the tables."""
    overrides = dict(request.overrides)
    typed = overrides.pop("period", None) if analysis.whole else None
    asked_for = replace(request, overrides=overrides, dry_run=True, out=None, json=None)
    result, _ = regrade_file.grade_files(asked_for, say)
    other = None
    if compared.against is not None:
        earlier, _ = regrade_file.grade_files(replace(asked_for, files=[compared.against]), say)
        other = earlier.grading
    day = result.grading.as_of - pd.Timedelta(days=1)
    period = scope.parse_period(typed, day) if typed else None
    source = " ".join(path.name for path in request.files)
    asked = Asked(result.grading, result.lang, period, other, result.history, compared.since, compared.until)
    return analyse.make(analysis, asked, source)


def told(made: Made) -> list[Text]:
    """Title, scope and findings, the conclusions first."""
    lines = [
        Text(zh=f"{made.analysis.title.zh}：{made.about.zh}", en=f"{made.analysis.title.en}: {made.about.en}")
    ]
    return lines + [f for sheet in made.sheets for f in sheet.findings if f.zh]


def shown(sheet: Sheet, lang: Lang) -> Table:
    """The first rows of a table, for the shell."""
    from rich.table import Table

    columns = list(sheet.table.columns)[:SHOWN_COLUMNS]
    rest = len(sheet.table) - SHOWN_ROWS
    more = "" if rest <= 0 else (f"（另有 {rest:,} 行）" if lang == "zh" else f" ({rest:,} more rows)")
    table = Table(
        title=f"\n{sheet.title(lang)}{more}",
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    for key in columns:
        table.add_column(
            header(key, lang), justify="left" if kind(key) in ("text", "long", "date") else "right"
        )
    for _, row in sheet.table.head(SHOWN_ROWS).iterrows():
        table.add_row(*(written(row[key], key) for key in columns))
    return table


def written(value: Any, key: str) -> str:
    """One cell for the shell.

    >>> written(0.256, "share"), written(1234567.8, "amount"), written(float("nan"), "share")
    ('25.6%', '1,234,568', '')
    """
    if value is None or value != value:
        return ""
    style = kind(key) if not key[1:].isdigit() else "share"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}" if style == "month" else f"{value:%Y-%m-%d}"
    if isinstance(value, str | bool):
        return str(value)
    if value == float("inf"):
        return "∞"
    if style in ("share", "change"):
        return wording.percent(float(value))
    if style in ("score", "decimal"):
        return f"{float(value):,.{1 if style == 'score' else 2}f}"
    return (
        f"{float(value):,.0f}"
        if abs(float(value)) >= 1000 or float(value).is_integer()
        else f"{float(value):,.2f}"
    )


def as_json(made: Made) -> dict[str, Any]:
    """The result for other programs: keys stay keys."""
    return {
        "analysis": made.analysis.name,
        "about": made.about(made.lang),
        "findings": [f(made.lang) for s in made.sheets for f in s.findings if f.zh],
        "tables": [
            {
                "title": s.title(made.lang),
                "columns": list(s.table.columns),
                "rows": [[_plain(v) for v in row] for row in s.table.itertuples(index=False)],
            }
            for s in made.sheets
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NaT or value != value or value in (float("inf"), float("-inf")):
        return None
    return value.item() if hasattr(value, "item") else value
