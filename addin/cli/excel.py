"""Subcommands for desktop Excel: build-addin, install, uninstall, update, doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin import shell
from addin.cli.options import Language, help_text
from udfs.texts import Text

if TYPE_CHECKING:
    from addin.hosts.excel.install import Action
    from addin.hosts.excel.machine import Machine
    from udfs.texts import Lang


DryRun = Annotated[
    bool, typer.Option("--dry-run", help=help_text("只显示要做什么。", "Only show what would be done."))
]


def register(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.command(
        "build-addin",
        help=help_text(
            "生成 Excel 加载项 fenji.xlam（不需要 Excel）。",
            "Build the Excel add-in fenji.xlam (needs no Excel).",
        ),
    )(build_addin)
    app.command(
        "install", help=help_text("把加载项装进桌面版 Excel。", "Install the add-in in desktop Excel.")
    )(install)
    app.command(
        "uninstall",
        help=help_text(
            "卸载加载项，删除它的配置、撤销记录和日志。",
            "Remove the add-in with its configuration, undo store and log.",
        ),
    )(uninstall)
    app.command(
        "update",
        help=help_text(
            "升级 fenji 之后，让加载项跟上新版本。", "After upgrading fenji: bring the add-in up to date."
        ),
    )(update)
    app.command(
        "doctor",
        help=help_text(
            "逐项检查安装，并告诉您怎样修好。", "Check every link of the installation and say how to mend it."
        ),
    )(doctor)


def build_addin(
    out: Annotated[
        Path, typer.Option("-o", "--out", help=help_text("写到哪里。", "Where to write it."))
    ] = Path("fenji.xlam"),
    interpreter: Annotated[
        str,
        typer.Option(
            help=help_text(
                "多人共用一个加载项时：python.exe 的位置。",
                "For an add-in shared by many people: path of python.exe.",
            )
        ),
    ] = "",
    dll_folder: Annotated[
        str, typer.Option(help=help_text("xlwings 的 DLL 所在的文件夹。", "Folder with xlwings' DLL."))
    ] = "",
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.hosts.excel import xlam

        config = {"interpreter": interpreter, "dll_folder": dll_folder}
        xlam.build(out, {key: value for key, value in config.items() if value})
        shell.say(Text(zh=f"已生成加载项：{out}", en=f"Built the add-in: {out}"), spoken)


def install(dry_run: DryRun = False, lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.hosts.excel import install as installing
        from addin.hosts.excel.machine import this_machine

        machine = this_machine()
        _carry_out(installing.plan_install(machine), machine, dry_run, spoken)
        if not dry_run:
            shell.say(
                Text(
                    zh="已安装。请（重新）打开 Excel，选项卡“客户分级”就在功能区里。有问题时运行 fenji doctor。",
                    en="Installed. (Re)start Excel; the tab 'Customer Grading' is in the ribbon. If not, run: fenji doctor",
                ),
                spoken,
            )


def uninstall(dry_run: DryRun = False, lang: Language = None) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.hosts.excel import install as installing
        from addin.hosts.excel.machine import this_machine

        machine = this_machine()
        actions = installing.plan_uninstall(machine)
        if not actions:
            nothing = Text(
                zh="这台电脑上没有 fenji 的加载项、配置、日志或撤销记录，没有什么要删除。",
                en="There is no add-in, configuration, log or undo store of fenji on this computer: nothing to remove.",
            )
            return shell.say(nothing, spoken)
        _carry_out(actions, machine, dry_run, spoken)
        if not dry_run:
            shell.say(
                Text(
                    zh="加载项已卸载，您的工作簿没有改动。要连 fenji 本身一起删除，请用安装它的工具（pipx uninstall fenji 或 pip uninstall fenji）。",
                    en="The add-in was removed; your workbooks are unchanged. To remove fenji itself use what installed "
                    "it (pipx uninstall fenji, or pip uninstall fenji).",
                ),
                spoken,
            )


def update(lang: Language = None) -> None:
    spoken = shell.language(lang)
    shell.say(
        Text(
            zh="先用安装它的工具升级 fenji（pipx upgrade fenji 或 pip install --upgrade fenji），这一步再让加载项跟上。",
            en="Upgrade fenji with what installed it first (pipx upgrade fenji, or pip install --upgrade fenji); this "
            "step then brings the add-in up to date.",
        ),
        spoken,
    )
    install(lang=lang)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=help_text("以 JSON 输出。", "Print JSON."))] = False,
    lang: Language = None,
) -> None:
    spoken = shell.language(lang)
    with shell.messages(spoken):
        from addin.hosts.excel import doctor as doctoring
        from addin.hosts.excel.machine import this_machine

        findings = doctoring.examine(this_machine())
        if as_json:
            entries = [
                {
                    "check": f.key,
                    "state": f.state,
                    "seen": f.seen(spoken),
                    "remedy": f.remedy(spoken) if f.remedy else None,
                }
                for f in findings
            ]
            typer.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        else:
            shell.say(doctoring.report(findings), spoken)
        if not doctoring.is_well(findings):
            raise SystemExit(shell.CANNOT)


def _carry_out(actions: list[Action], machine: Machine, dry_run: bool, spoken: Lang) -> None:
    from addin.hosts.excel import install as installing

    for action in actions:
        shell.say(action.describe(), spoken)
    if not dry_run:
        installing.carry_out(actions, machine)
