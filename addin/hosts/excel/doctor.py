"""Checks every link between Excel and Python, and says how to mend what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from addin import undo
from addin.hosts.excel import install, xlam
from addin.hosts.excel.machine import Machine
from addin.version import version
from udfs.texts import Lang, Text

State = Literal["good", "bad", "note"]
STATES = {
    "good": Text(zh="正常", en="good"),
    "bad": Text(zh="有问题", en="wrong"),
    "note": Text(zh="说明", en="note"),
}
SECURITY_KEYS = (
    r"Software\Policies\Microsoft\Office\16.0\Excel\Security",
    r"Software\Microsoft\Office\16.0\Excel\Security",
)
ALL_MACROS_OFF = 4
EXCEL_PATHS = (
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",
    r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",
)
PROBE = "from addin.hosts.excel import serve; serve.import_xlwings_alone(); import xlwings; print(xlwings.__version__)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One link: its state, what was seen, and how to mend it when it is bad."""

    key: str
    state: State
    seen: Text
    remedy: Text | None = None


def examine(machine: Machine) -> list[Finding]:
    """All checks that make sense on this system, in the order of the chain."""
    checks: list[Callable[[Machine], Finding]] = [_fenji, _interpreter]
    if machine.system == "windows":
        checks += [_excel, _addin_file, _mark_of_the_web, _blocked, _macros, _configuration, _dll, _functions]
    elif machine.system == "macos":
        checks += [_excel_on_mac, _addin_file, _script, _no_functions_on_mac]
    else:
        checks += [_no_excel]
    return [check(machine) for check in [*checks, _server_licence, _kept_for_undo]]


def is_well(findings: list[Finding]) -> bool:
    """Whether nothing is bad."""
    return all(finding.state != "bad" for finding in findings)


def _fenji(machine: Machine) -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "fenji",
        "good",
        Text(
            zh=f"fenji {version()}，Python {python}，xlwings {machine.xlwings}",
            en=f"fenji {version()}, Python {python}, xlwings {machine.xlwings}",
        ),
    )


def _interpreter(machine: Machine) -> Finding:
    """The interpreter starts as Excel will start it, from a folder that holds nothing of ours."""
    reinstall = Text(
        zh="请重新安装 fenji（pipx reinstall fenji 或 pip install --force-reinstall fenji），再运行 fenji install。",
        en="Reinstall fenji (pipx reinstall fenji, or pip install --force-reinstall fenji), then run: fenji install",
    )
    try:
        run = subprocess.run(
            [str(machine.python), "-P", "-B", "-c", PROBE], capture_output=True, text=True, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(
            "interpreter",
            "bad",
            Text(
                zh=f"{machine.python} 无法启动（{type(error).__name__}）",
                en=f"{machine.python} does not start ({type(error).__name__})",
            ),
            reinstall,
        )
    if run.returncode or run.stdout.strip() != machine.xlwings:
        last = (run.stderr.strip().splitlines() or [run.stdout.strip()])[-1]
        return Finding(
            "interpreter",
            "bad",
            Text(
                zh=f"{machine.python} 能启动，但载入 fenji 失败：{last}",
                en=f"{machine.python} starts, but cannot load fenji: {last}",
            ),
            reinstall,
        )
    return Finding("interpreter", "good", Text(zh=f"{machine.python} 能启动", en=f"{machine.python} starts"))


def _excel(machine: Machine) -> Finding:
    for key in EXCEL_PATHS:
        if path := machine.registry.get(key, ""):
            return Finding("excel", "good", Text(zh=f"Excel：{path!s}", en=f"Excel: {path!s}"))
    return Finding(
        "excel",
        "bad",
        Text(zh="没有找到 Excel", en="Excel was not found"),
        Text(
            zh="请安装桌面版 Excel 2016 或更新的版本。没有 Excel 也可以用 fenji 命令处理工作簿文件。",
            en="Install desktop Excel 2016 or newer. Without Excel the fenji commands work on workbook files.",
        ),
    )


def _excel_on_mac(machine: Machine) -> Finding:
    assert machine.startup_folder is not None
    if machine.startup_folder.parent.parent.parent.exists():
        return Finding("excel", "good", Text(zh="找到了 Excel 的文件夹", en="Excel's folders were found"))
    return Finding(
        "excel",
        "bad",
        Text(zh="没有找到 Excel", en="Excel was not found"),
        Text(
            zh="请安装 Excel 并打开一次，再运行 fenji install。",
            en="Install Excel and open it once, then run: fenji install",
        ),
    )


def _addin_file(machine: Machine) -> Finding:
    assert machine.addin_file is not None
    mend = Text(zh="请关闭 Excel，运行 fenji install。", en="Close Excel and run: fenji install")
    if not machine.addin_file.exists():
        return Finding(
            "addin",
            "bad",
            Text(
                zh=f"加载项没有安装：{machine.addin_file}",
                en=f"the add-in is not installed: {machine.addin_file}",
            ),
            mend,
        )
    if machine.addin_file.read_bytes() != xlam.addin_bytes({}):
        return Finding(
            "addin",
            "bad",
            Text(
                zh="加载项和已安装的 fenji、xlwings 版本不一致",
                en="the add-in belongs to another version of fenji or xlwings than the one installed",
            ),
            mend,
        )
    return Finding(
        "addin",
        "good",
        Text(zh=f"加载项已安装：{machine.addin_file}", en=f"the add-in is installed: {machine.addin_file}"),
    )


def _mark_of_the_web(machine: Machine) -> Finding:
    """Windows marks downloaded files in a second stream; Excel then refuses their macros."""
    marked = os.path.exists(f"{machine.addin_file}:Zone.Identifier")
    if marked:
        return Finding(
            "mark_of_the_web",
            "bad",
            Text(
                zh="加载项带有“来自网络”的标记，Excel 会禁用它",
                en="the add-in is marked as coming from the internet, so Excel blocks it",
            ),
            Text(
                zh="请运行 fenji install 重新生成；或在文件属性里勾选“解除锁定”。",
                en="Run fenji install to build it anew, or tick 'Unblock' in the file's properties.",
            ),
        )
    return Finding(
        "mark_of_the_web",
        "good",
        Text(zh="加载项没有“来自网络”的标记", en="the add-in is not marked as coming from the internet"),
    )


def _blocked(machine: Machine) -> Finding:
    if install.blocked_entries(machine):
        return Finding(
            "blocked",
            "bad",
            Text(zh="Excel 在一次崩溃后禁用了加载项", en="Excel switched the add-in off after a crash"),
            Text(zh="请关闭 Excel，运行 fenji install。", en="Close Excel and run: fenji install"),
        )
    return Finding(
        "blocked", "good", Text(zh="Excel 没有禁用加载项", en="Excel has not switched the add-in off")
    )


def _macros(machine: Machine) -> Finding:
    for key in SECURITY_KEYS:
        if machine.registry.get(key, "VBAWarnings") == ALL_MACROS_OFF:
            managed = "Policies" in key
            return Finding(
                "macros",
                "bad",
                Text(zh="Excel 设置为禁用所有宏", en="Excel is set to disable all macros"),
                Text(
                    zh="这是公司的策略，请联系 IT 部门。"
                    if managed
                    else "请在 Excel 的“文件 > 选项 > 信任中心 > 宏设置”里改为“禁用所有宏，并发出通知”。",
                    en="This is your organisation's policy; ask your IT department."
                    if managed
                    else "In Excel choose File > Options > Trust Center > Macro Settings > 'Disable with notification'.",
                ),
            )
        if machine.registry.get(key + r"\Trusted Locations", "AllLocationsDisabled") == 1:
            return Finding(
                "macros",
                "bad",
                Text(
                    zh="受信任位置被全部停用，启动文件夹里的加载项不会运行",
                    en="all trusted locations are off, so add-ins in the startup folder do not run",
                ),
                Text(
                    zh="请联系 IT 部门，或在信任中心里启用受信任位置。",
                    en="Ask your IT department, or switch trusted locations on in the Trust Center.",
                ),
            )
    return Finding("macros", "good", Text(zh="宏没有被全部禁用", en="macros are not all switched off"))


def _configuration(machine: Machine) -> Finding:
    mend = Text(zh="请运行 fenji install。", en="Run: fenji install")
    if not machine.config_file.exists():
        return Finding(
            "configuration",
            "bad",
            Text(
                zh=f"没有配置文件 {machine.config_file}",
                en=f"there is no configuration {machine.config_file}",
            ),
            mend,
        )
    if machine.config_file.read_text("utf-8") != install.config_text(machine):
        return Finding(
            "configuration",
            "bad",
            Text(
                zh=f"{machine.config_file} 指向另一个 Python",
                en=f"{machine.config_file} names another Python",
            ),
            mend,
        )
    return Finding(
        "configuration",
        "good",
        Text(zh=f"配置：{machine.config_file}", en=f"configuration: {machine.config_file}"),
    )


def _dll(machine: Machine) -> Finding:
    path = machine.prefix / machine.dll
    if path.exists():
        return Finding("dll", "good", Text(zh=f"{path}", en=f"{path}"))
    return Finding(
        "dll",
        "bad",
        Text(zh=f"缺少 {path}", en=f"{path} is missing"),
        Text(zh="请运行 fenji install。", en="Run: fenji install"),
    )


def _functions(machine: Machine) -> Finding:
    """Asks the server that Excel asks, in the same way, for one function."""
    from addin.hosts.excel import server_probe

    try:
        answer = server_probe.ask(machine)
    except OSError as error:
        return Finding(
            "functions",
            "bad",
            Text(zh=f"函数没有应答：{error}", en=f"the functions do not answer: {error}"),
            Text(
                zh="请关闭 Excel 和所有 python.exe，再运行 fenji doctor；仍不行请重新安装 fenji。",
                en="Close Excel and every python.exe and run fenji doctor again; if it stays, reinstall fenji.",
            ),
        )
    return Finding(
        "functions",
        "good",
        Text(
            zh=f"函数有应答：RFM_SEGMENT(555) = {answer}",
            en=f"the functions answer: RFM_SEGMENT(555) = {answer}",
        ),
    )


def _script(machine: Machine) -> Finding:
    mend = Text(zh="请运行 fenji install。", en="Run: fenji install")
    if not machine.script_file.exists() or machine.script_file.read_text("utf-8") != install.applescript(
        machine.python
    ):
        return Finding(
            "script",
            "bad",
            Text(zh=f"缺少或过期：{machine.script_file}", en=f"missing or outdated: {machine.script_file}"),
            mend,
        )
    return Finding(
        "script", "good", Text(zh=f"脚本：{machine.script_file}", en=f"script: {machine.script_file}")
    )


def _no_functions_on_mac(machine: Machine) -> Finding:
    return Finding(
        "functions",
        "note",
        Text(
            zh="Mac 上按钮可用；单元格函数请用 xlwings Lite 或 xlwings Server。",
            en="On a Mac the buttons work; for the cell functions use xlwings Lite or xlwings Server.",
        ),
    )


def _no_excel(machine: Machine) -> Finding:
    return Finding(
        "excel",
        "note",
        Text(
            zh="这个系统没有桌面版 Excel：用 fenji 命令处理工作簿文件，函数可以装到 LibreOffice。",
            en="There is no desktop Excel for this system: use the fenji commands on workbook files, and the functions in LibreOffice.",
        ),
    )


def _server_licence(machine: Machine) -> Finding:
    if os.environ.get("XLWINGS_LICENSE_KEY"):
        return Finding(
            "server",
            "note",
            Text(
                zh="已设置 xlwings Server 的许可证密钥（可选）",
                en="a licence key for the optional xlwings Server is set",
            ),
        )
    return Finding(
        "server",
        "note",
        Text(
            zh="没有 xlwings Server 的许可证密钥；只有网页版 Excel 才需要它。",
            en="no licence key for xlwings Server; only Excel on the web needs one.",
        ),
    )


def _kept_for_undo(machine: Machine) -> Finding:
    megabytes = undo.size() / 1e6
    return Finding(
        "undo",
        "note",
        Text(
            zh=f"撤销记录占 {megabytes:.1f} MB（最多 1 GB、保留 30 天；fenji undo --clear 可删除）",
            en=f"kept for undo: {megabytes:.1f} MB (at most 1 GB and 30 days; fenji undo --clear removes it)",
        ),
    )


def report(findings: list[Finding]) -> Text:
    """The findings as lines for people: state in words, what was seen, and how to mend it."""
    return Text(zh=_lines(findings, "zh"), en=_lines(findings, "en"))


def _lines(findings: list[Finding], lang: Lang) -> str:
    lines = []
    for finding in findings:
        lines.append(f"[{STATES[finding.state](lang)}] {finding.seen(lang)}")
        if finding.state == "bad" and finding.remedy:
            lines.append(f"    → {finding.remedy(lang)}")
    return "\n".join([*lines, "", _summary(findings)(lang)])


def _summary(findings: list[Finding]) -> Text:
    count = sum(finding.state == "bad" for finding in findings)
    if not count:
        return Text(zh="没有发现问题。", en="No problem was found.")
    return Text(
        zh=f"有 {count} 处要修：请照箭头后面的话做，再运行一次 fenji doctor。",
        en=f"{count} to mend: do what stands behind each arrow, then run fenji doctor again.",
    )
