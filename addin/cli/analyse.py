"""`fenji analyse`: questions beside the grading, from the shell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.options import AsOf, Names, OutputLanguage, Sheet, Table, Together, help_text, listed
from addin.cli.texts import HELP

ANALYSIS_HELP = help_text(
    "哪项分析：compare products together seasons retention churn feedback clusters correlations movement potential lifetime。",
    "Which analysis: compare products together seasons retention churn feedback clusters correlations movement potential lifetime.",
)


def register(app: typer.Typer) -> None:
    """Adds the subcommand."""
    app.command(
        "analyse",
        help=help_text(
            "回答一个问题：期间对比、产品、关联、季节、留存、流失、反馈、聚类、相关、变动、潜力、终身价值。",
            "Answer one question: periods compared, products, associations, seasons, retention, churn, feedback, "
            "clusters, correlations, movement, potential, lifetime value.",
        ),
    )(analyse)


def analyse(
    file: Annotated[Path, typer.Argument(help=HELP["files"], metavar="FILE", show_default=False)],
    name: Annotated[str, typer.Argument(help=ANALYSIS_HELP, metavar="ANALYSIS", show_default=False)],
    more: Annotated[
        list[Path] | None,
        typer.Option(
            "--with",
            metavar="FILE",
            help=help_text(
                "再加一个文件，可重复；要加 --together。", "One more file, repeatable; with --together."
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="OUT",
            help=help_text("把结果写成一份新工作簿。", "Write the result as a new workbook."),
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help=help_text(
                "等级变动：要对比的较早的工作簿。", "Movement: the earlier workbook to compare with."
            ),
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help=help_text(
                "等级变动：从这一天（或之前最近）的那次分级起；不填则从最早的一次。",
                "Movement: from the run of this day (or the last before it); the oldest run unless given.",
            ),
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help=help_text(
                "等级变动：到这一天的那次分级；不填则到现在。",
                "Movement: to the run of this day; to now unless given.",
            ),
        ),
    ] = None,
    where: Annotated[list[str] | None, typer.Option(metavar="'地区=华东'", help=HELP["where"])] = None,
    period: Annotated[str | None, typer.Option(metavar="PERIOD", help=HELP["period"])] = None,
    as_of: AsOf = None,
    lang: OutputLanguage = None,
    names: Names = None,
    sheet: Sheet = None,
    table: Table = None,
    together: Together = False,
    json: Annotated[
        Path | None,
        typer.Option(
            "--json", metavar="FILE", help=help_text("把结果写成 JSON。", "Write the result as JSON.")
        ),
    ] = None,
) -> None:
    """Answers one question about the customers of a workbook."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import analyse_file as command
        from addin.commands import regrade_file

        request = regrade_file.Request(
            files=[file, *(more or [])],
            out=out,
            lang=spoken if lang else None,
            names=listed(names),
            sheets=sheet or [],
            tables=table or [],
            together=together,
            overrides=regrade_file.overrides(as_of=as_of, where=where, period=period),
            json=json,
        )
        compared = command.Compared(against, since.date() if since else None, until.date() if until else None)
        command.run(name, request, spoken, compared)
