"""`fenji functions`, `fenji eval` and `fenji build-calc`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.options import Language
from udfs.texts import Text

LANG = shell.language()
HELP = {
    name: text(LANG)
    for name, text in {
        "functions": Text(
            zh="列出单元格函数，如 =RFM_SCORE()。", en="List the cell functions, such as =RFM_SCORE()."
        ),
        "name": Text(zh="只看这一个函数。", en="Show this function only."),
        "json": Text(zh="输出 JSON。", en="Write JSON."),
        "eval": Text(
            zh="不开 Excel，直接计算一个公式，如 fenji eval '=RFM_SEGMENT(555)'。",
            en="Compute one formula without Excel, such as fenji eval '=RFM_SEGMENT(555)'.",
        ),
        "expression": Text(
            zh="公式；可以引用工作簿的区域、表格和名称。",
            en="The formula; it may refer to ranges, tables and names of the workbook.",
        ),
        "workbook": Text(zh="公式所引用的工作簿。", en="The workbook the formula refers to."),
        "build-calc": Text(
            zh="生成 LibreOffice 扩展 fenji.oxt。", en="Build the LibreOffice extension fenji.oxt."
        ),
        "function-names": Text(
            zh="把 .xlsx 公式中的函数名换成 Excel 或 LibreOffice 认得的写法（旧版 LibreOffice 需要）。",
            en="Write the functions in an .xlsx file's formulas under the names Excel or LibreOffice knows (older LibreOffice needs it).",
        ),
        "file": Text(zh="工作簿（.xlsx）。", en="The workbook (.xlsx)."),
        "for": Text(zh="excel 或 libreoffice。", en="excel or libreoffice."),
        "output": Text(zh="写到这个文件。", en="The file to write."),
    }.items()
}

Json = Annotated[bool, typer.Option("--json", help=HELP["json"])]


def register(app: typer.Typer) -> None:
    """Adds the subcommands to the `fenji` command."""
    app.command("functions", help=HELP["functions"])(functions)
    app.command("eval", help=HELP["eval"])(evaluate)
    app.command("build-calc", help=HELP["build-calc"])(build_calc)
    app.command("function-names", help=HELP["function-names"])(function_names)


def functions(
    name: Annotated[str | None, typer.Argument(help=HELP["name"])] = None,
    as_json: Json = False,
    lang: Language = None,
) -> None:
    from addin.commands import functions as command

    spoken = shell.language(lang)
    with shell.messages(spoken):
        for line in [command.as_json()] if as_json else command.listing(spoken, name):
            shell.say(line, spoken)


def evaluate(
    expression: Annotated[str, typer.Argument(help=HELP["expression"])],
    workbook: Annotated[Path | None, typer.Option("--workbook", "-w", help=HELP["workbook"])] = None,
    as_json: Json = False,
    lang: Language = None,
) -> None:
    from addin.commands import functions as command

    spoken = shell.language(lang)
    with shell.messages(spoken):
        value = command.evaluate(expression, workbook)
        if as_json:
            shell.say(json.dumps(command.plain(value), ensure_ascii=False), spoken)
            return
        shell.say(command.shown(value), spoken)
        for reason in command.reasons(value, spoken):
            shell.say(reason, spoken, error=True)


def function_names(
    file: Annotated[Path, typer.Argument(help=HELP["file"])],
    program: Annotated[str, typer.Option("--for", help=HELP["for"])],
    output: Annotated[Path, typer.Option("--output", "-o", help=HELP["output"])],
    lang: Language = None,
) -> None:
    from addin.commands import functions as command

    spoken = shell.language(lang)
    with shell.messages(spoken):
        count = command.function_names(file, output, program)
        shell.say(
            Text(
                zh=f"已写入 {output}，改写了 {count} 处函数名。",
                en=f"Wrote {output}; {count} calls have another name.",
            ),
            spoken,
        )


def build_calc(
    output: Annotated[Path, typer.Option("--output", "-o", help=HELP["output"])] = Path("fenji.oxt"),
    lang: Language = None,
) -> None:
    from addin.commands import functions as command

    spoken = shell.language(lang)
    with shell.messages(spoken):
        written = command.build_calc(output, spoken if lang else None)
        shell.say(
            Text(
                zh=f"已生成 {written}。安装：在 LibreOffice 的“工具 > 扩展”中添加，或运行 unopkg add {written}。",
                en=f"Wrote {written}. To install: Tools > Extensions in LibreOffice, or unopkg add {written}.",
            ),
            spoken,
        )
