"""The `fenji` command. One module per family of subcommands, each with `register(app)`.

Modules here import typer only; what a subcommand needs is imported when it runs, so that `fenji --help`
answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from addin.cli import analyse, excel, functions, grading, reports, server, workbook
from addin.cli.texts import HELP

app = typer.Typer(
    name="fenji",
    help=HELP["fenji"],
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from addin.version import version

        typer.echo(f"fenji {version()}")
        raise typer.Exit


@app.callback()
def fenji(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=HELP["version"])
    ] = False,
) -> None:
    """The command itself; its help text depends on the language."""


for family in (grading, reports, analyse, workbook, excel, functions, server):
    family.register(app)


def main() -> None:
    """Entry point. Exit code 0: done; 1: cannot be done, with the reason; 2: wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            ascii_only = (stream.encoding or "").lower() in ("ascii", "ansi_x3.4-1968")
            # What the console's encoding lacks is replaced: a name with a rare character is no reason to fail.
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
    app()
