"""Subcommands on a workbook beside grading: undo, backup, freeze-formulas, set-grade, sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin import shell
from addin.cli.options import Language, help_text
from udfs.texts import Text

if TYPE_CHECKING:
    import xlwings as xw

    from addin.outcome import Outcome
    from udfs.texts import Lang


File = Annotated[Path, typer.Argument(help=help_text("工作簿。", "The workbook."))]
Folder = Annotated[
    Path, typer.Option("--out", "-o", help=help_text("写到哪个文件夹。", "Folder to write to."))
]


def register(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.command(
        "undo",
        help=help_text(
            "撤销对工作簿的上一步操作；再执行一次即重做。",
            "Take back the last step on a workbook; once more is redo.",
        ),
    )(undo)
    app.command("backup", help=help_text("在工作簿旁边存一份备份。", "Keep a copy beside the workbook."))(
        backup
    )
    app.command(
        "freeze-formulas",
        help=help_text(
            "把用到分级函数的公式换成值。", "Replace formulas that use our functions by their values."
        ),
    )(freeze_formulas)
    app.command("set-grade", help=help_text("手工设置或锁定客户的等级。", "Set or lock grades by hand."))(
        set_grade
    )
    app.command(
        "explain", help=help_text("说明一位客户为什么是这个等级。", "Say why a customer has this grade.")
    )(explain)
    app.command(
        "what-if",
        help=help_text(
            "试算：改动界限或权重，看谁会变动。", "Change limits or weights and see who would move."
        ),
    )(what_if)
    app.command(
        "guide",
        help=help_text(
            "写出使用说明（网页）并显示它的位置。", "Write the guide as a web page and say where."
        ),
    )(guide)
    app.command("new", help=help_text("新建客户工作簿。", "Make a new customer workbook."))(new)
    app.command(
        "settings", help=help_text("在工作簿里加上分级设置工作表。", "Add the settings sheet to a workbook.")
    )(settings)
    app.command("sample", help=help_text("生成示例工作簿。", "Make the sample workbook."))(sample)


def undo(
    file: Annotated[Path | None, typer.Argument(help=help_text("工作簿。", "The workbook."))] = None,
    clear: Annotated[
        bool,
        typer.Option(
            "--clear",
            help=help_text(
                "删除保存的撤销记录（一个工作簿的，或全部）。",
                "Remove what is kept for undo, of one workbook or all.",
            ),
        ),
    ] = False,
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin import undo as store
        from addin.commands import undo as command

        if clear:
            store.clear(file)
            shell.say(Text(zh="撤销记录已删除。", en="Removed what was kept for undo."), spoken)
        elif file is None:
            shell.stop(Text(zh="请写明工作簿。", en="Name the workbook."), spoken, shell.WRONG_USE)
        else:
            shell.say(command.of_file(_existing(file)).message, spoken)


def backup(file: File, lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import backup as command

        shell.say(command.of_file(_existing(file)).message, spoken)


def freeze_formulas(file: File, lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import freeze_formulas as command

        _changed(file, "freeze_formulas", command.run, spoken)


def set_grade(
    file: File,
    customers: Annotated[
        list[str], typer.Argument(help=help_text("客户编号或名称。", "Customer numbers or names."))
    ],
    grade: Annotated[
        str,
        typer.Option(
            "--grade", help=help_text("高、中、低；留空则取消。", "high, medium, low; empty takes it back.")
        ),
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help=help_text("原因。", "Why."))] = "",
    until: Annotated[
        str, typer.Option("--until", help=help_text("有效期至（日期）。", "Last day it holds."))
    ] = "",
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin import customer_rows
        from addin.commands import set_grade as command

        manual = command.parse(f"{grade};{reason.replace(';', ',')};{until}")
        _changed(
            file,
            "set_grade",
            lambda book: command.run(
                book, customer_rows.named(customer_rows.customer_table(book), customers), manual
            ),
            spoken,
        )


def new(
    folder: Folder = Path(),
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import new_workbook

        path = new_workbook.write(folder, spoken)
        shell.say(Text(zh=f"新工作簿：{path}", en=f"New workbook: {path}"), spoken)


def settings(file: File, lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import settings as command

        _changed(file, "settings", lambda book: command.run(book, spoken), spoken)


def guide(lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import guide as command

        shell.say(str(command.write(spoken)), spoken)


def explain(
    file: File,
    customer: Annotated[str, typer.Argument(help=help_text("客户编号或名称。", "Customer number or name."))],
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import explain as command
        from addin.hosts import xlsx

        shell.say(command.run(xlsx.open(file), [customer], spoken).message, spoken)


def what_if(
    file: File,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help=help_text(
                "要试的设置，如 grade_limits.1=75；可重复。",
                "What to try, such as grade_limits.1=75; repeatable.",
            ),
        ),
    ],
    apply: Annotated[
        bool,
        typer.Option(
            "--apply", help=help_text("采用：按这些数值重新分级。", "Apply: regrade with these values.")
        ),
    ] = False,
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import what_if as command
        from addin.hosts import xlsx

        wanted = command.parse(changes)
        if apply:
            _changed(file, "what_if", lambda book: command.run(book, wanted, True, spoken), spoken)
        else:
            shell.say(command.run(xlsx.open(file), wanted, False, spoken).message, spoken)


def sample(
    folder: Folder = Path(),
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.commands import sample_data

        path = sample_data.write(folder, spoken)
        shell.say(Text(zh=f"示例工作簿：{path}", en=f"Sample workbook: {path}"), spoken)


def _changed(file: Path, command: str, run: Callable[[xw.Book], Outcome], spoken: Lang) -> None:
    """Runs a command on a file as one step that can be undone, and saves it."""
    from addin import undo
    from addin.hosts import xlsx

    book = xlsx.open(file)
    with undo.step(book, command) as watched:
        outcome = run(watched)
        watched.save()
    shell.say(outcome.message, spoken)


def _existing(file: Path) -> Path:
    from udfs.texts import FenjiError

    if not file.is_file():
        raise FenjiError(zh=f"找不到文件“{file}”。", en=f"There is no file '{file}'.")
    return file
