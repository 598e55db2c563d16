"""`fenji templates` and `fenji report`: finished sheets from a customer workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.options import AsOf, OutputLanguage, Sheet, Table, Together
from addin.cli.texts import HELP


def register(app: typer.Typer) -> None:
    """Adds the subcommands of this module."""
    app.command("templates", help=HELP["templates"])(templates)
    app.command("report", help=HELP["report"])(report)


def templates(
    lang: OutputLanguage = None,
    json: Annotated[bool, typer.Option("--json", help=HELP["templates_json"])] = False,
) -> None:
    """Lists the templates."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands.templates import listed, picture

        if json:
            import json as writer

            shell.say(writer.dumps(listed(), ensure_ascii=False, indent=1), spoken)
            return
        for entry in listed():
            if entry["language"] == spoken:
                shell.say(f"{entry['name']:<14} {entry['title']}", spoken)
                shell.say(f"{'':<14} {entry['description']}", spoken)
                shown = picture(entry["name"], spoken)
                if shown.exists():
                    shell.say(f"{'':<14} {shown}", spoken)


def report(
    file: Annotated[
        Path | None, typer.Argument(help=HELP["report_file"], metavar="FILE", show_default=False)
    ] = None,
    template: Annotated[
        str, typer.Option("--template", "-t", metavar="NAME", help=HELP["template"])
    ] = "report",
    where: Annotated[list[str] | None, typer.Option(metavar="'地区=华东'", help=HELP["where"])] = None,
    period: Annotated[str | None, typer.Option(metavar="PERIOD", help=HELP["period"])] = None,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT", help=HELP["report_out"])] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help=HELP["pdf"])] = False,
    lang: OutputLanguage = None,
    sheet: Sheet = None,
    table: Table = None,
    together: Together = False,
) -> None:
    """Fills a report template from a workbook."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import regrade_file, report_file

        request = report_file.ReportRequest(
            file=file,
            template=template,
            out=out,
            pdf=pdf,
            lang=spoken if lang else None,
            sheets=tuple(sheet or ()),
            tables=tuple(table or ()),
            together=together,
            overrides=regrade_file.overrides(as_of=as_of, where=where, period=period),
        )
        report_file.run(request, spoken)
