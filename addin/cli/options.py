"""What the subcommands of several families take: the language, the files, the choice of tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.texts import HELP
from udfs.texts import Text


def help_text(zh: str, en: str) -> str:
    """A help text in the shell's language."""
    return Text(zh, en)(shell.language())


def _known(lang: str | None) -> str | None:
    """The language as given; an unknown one is wrong use."""
    if lang is not None and lang not in ("zh", "en"):
        message = Text(zh=f"--lang 只能是 zh 或 en，不能是 {lang}。", en=f"--lang is zh or en, not {lang}.")
        shell.stop(message, shell.language(), shell.WRONG_USE)
    return lang


def listed(names: str | None) -> list[str] | None:
    """The names of `--names a,b,c`."""
    return [name.strip() for name in names.split(",")] if names else None


Language = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="zh|en", callback=_known, help=help_text("语言：zh 或 en。", "Language: zh or en.")
    ),
]
# For commands that also write sheets: these follow the headers unless a language is given.
OutputLanguage = Annotated[
    str | None, typer.Option("--lang", metavar="zh|en", callback=_known, help=HELP["lang"])
]
Files = Annotated[list[Path], typer.Argument(help=HELP["files"], metavar="FILE...", show_default=False)]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT", help=HELP["out"])]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=HELP["as_of"])]
Sheet = Annotated[list[str] | None, typer.Option("--sheet", metavar="NAME", help=HELP["sheet"])]
Table = Annotated[list[str] | None, typer.Option("--table", metavar="NAME", help=HELP["table"])]
Names = Annotated[str | None, typer.Option("--names", metavar="a,b,c", help=HELP["names"])]
Together = Annotated[bool, typer.Option("--together", help=HELP["together"])]
