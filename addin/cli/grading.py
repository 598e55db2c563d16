"""`fenji demo`, `regrade`, `check` and `columns`: the main job, from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.options import AsOf, Files, Names, Out, OutputLanguage, Sheet, Table, Together, listed
from addin.cli.texts import HELP


def register(app: typer.Typer) -> None:
    """Adds the subcommands of this module."""
    app.command("demo", help=HELP["demo"])(demo)
    app.command("regrade", help=HELP["regrade"])(regrade)
    app.command("check", help=HELP["check"])(check)
    app.command("columns", help=HELP["columns"])(columns)


def demo(
    lang: OutputLanguage = None,
    customers: Annotated[int, typer.Option("--customers", min=20, help=HELP["customers"])] = 800,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=HELP["demo_out"])] = Path("fenji-demo"),
) -> None:
    """Makes a sample workbook, grades it and says what came out."""
    spoken = shell.language(lang) if lang else "zh"
    with shell.messages(spoken):
        from addin.commands.demo import run

        run(out, spoken, customers)


def regrade(
    files: Files,
    out: Out = None,
    as_of: AsOf = None,
    lang: OutputLanguage = None,
    scheme: Annotated[str | None, typer.Option(metavar="en11|rf25|zh8|own", help=HELP["scheme"])] = None,
    method: Annotated[str | None, typer.Option(metavar="METHOD", help=HELP["method"])] = None,
    bins: Annotated[int | None, typer.Option(min=2, max=10, help=HELP["bins"])] = None,
    cuts: Annotated[str | None, typer.Option(metavar="'R=30,90 F=2,5 M=100,999'", help=HELP["cuts"])] = None,
    where: Annotated[list[str] | None, typer.Option(metavar="'地区=华东'", help=HELP["where"])] = None,
    period: Annotated[str | None, typer.Option(metavar="PERIOD", help=HELP["period"])] = None,
    names: Names = None,
    sheet: Sheet = None,
    table: Table = None,
    together: Together = False,
    grades_csv: Annotated[Path | None, typer.Option(metavar="FILE", help=HELP["grades_csv"])] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help=HELP["json"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=HELP["dry_run"])] = False,
    frozen: Annotated[bool, typer.Option("--frozen", help=HELP["frozen"])] = False,
) -> None:
    """Grades every customer of a workbook or of an order file."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import regrade_file

        request = regrade_file.Request(
            files=files,
            out=out,
            lang=spoken if lang else None,
            names=listed(names),
            sheets=sheet or [],
            tables=table or [],
            together=together,
            overrides=regrade_file.overrides(
                as_of=as_of,
                scheme=scheme,
                method=method,
                bins=bins,
                cuts=cuts,
                where=where,
                period=period,
            ),
            frozen=frozen,
            grades_csv=grades_csv,
            json=json,
            dry_run=dry_run,
        )
        regrade_file.run(request, spoken)


def check(
    files: Files,
    lang: OutputLanguage = None,
    as_of: AsOf = None,
    names: Names = None,
    sheet: Sheet = None,
    table: Table = None,
    together: Together = False,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help=HELP["check_json"])] = None,
) -> None:
    """Lists what should be mended in the data; changes nothing."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import check_file, regrade_file

        request = regrade_file.Request(
            files=files,
            lang=spoken if lang else None,
            names=listed(names),
            sheets=sheet or [],
            tables=table or [],
            together=together,
            overrides=regrade_file.overrides(as_of=as_of),
            json=json,
        )
        check_file.run(request, spoken)


def columns(
    files: Files, lang: OutputLanguage = None, names: Names = None, sheet: Sheet = None, table: Table = None
) -> None:
    """Shows the recognised tables and columns."""
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import columns_file, regrade_file

        request = regrade_file.Request(
            files=files,
            lang=spoken if lang else None,
            names=listed(names),
            sheets=sheet or [],
            tables=table or [],
        )
        columns_file.run(request, spoken)
