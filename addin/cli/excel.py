"""Subcommands for desktop Excel: build-addin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from udfs.texts import Text

BUILD = Text(
    zh="生成 Excel 加载项 fenji.xlam(不需要 Excel)。",
    en="Build the Excel add-in fenji.xlam (needs no Excel).",
)
OUT = Text(zh="写到哪里。", en="Where to write it.")


def register(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.command("build-addin", help=BUILD(shell.language()))(build_addin)


def build_addin(
    out: Annotated[Path, typer.Option("-o", "--out", help=OUT(shell.language()))] = Path("fenji.xlam"),
) -> None:
    lang = shell.language()
    with shell.messages(lang):
        from addin.hosts.excel import xlam

        xlam.build(out)
        shell.say(Text(zh=f"已生成加载项:{out}", en=f"Built the add-in: {out}"), lang)
