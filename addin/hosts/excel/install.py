"""Installs the add-in in desktop Excel and takes it away again.

What is to be done is planned first, as a list of plain actions, and then carried out, so the plan can be
shown (`fenji install --dry-run`) and tested for any system.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from addin import log, undo
from addin.hosts.excel import xlam
from addin.hosts.excel.machine import Machine, Value
from addin.hosts.xlsx.saving import replace_file
from addin.version import version
from udfs.texts import FenjiError, Text

# In Windows' own list of installed programs, so that people find how to remove it.
UNINSTALL_KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\fenji"
DISABLED_ITEMS = r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Creates or replaces a file, its folders included."""

    path: Path
    content: bytes

    def describe(self) -> Text:
        return Text(zh=f"写入 {self.path}", en=f"write {self.path}")

    def carry_out(self, machine: Machine) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, self._write)

    def _write(self, out: BinaryIO) -> None:
        out.write(self.content)


@dataclass(frozen=True, slots=True)
class CopyFile:
    """Copies a file."""

    source: Path
    target: Path

    def describe(self) -> Text:
        return Text(zh=f"复制 {self.source} 到 {self.target}", en=f"copy {self.source} to {self.target}")

    def carry_out(self, machine: Machine) -> None:
        shutil.copyfile(self.source, self.target)


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Removes a file, if it is there."""

    path: Path

    def describe(self) -> Text:
        return Text(zh=f"删除 {self.path}", en=f"remove {self.path}")

    def carry_out(self, machine: Machine) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except PermissionError as error:
            raise FenjiError(
                zh=f"无法删除 {self.path}，它正在使用中。请先关闭 Excel 再试。",
                en=f"{self.path} cannot be removed because it is in use. Close Excel and try again.",
            ) from error


@dataclass(frozen=True, slots=True)
class RemoveFolder:
    """Removes a folder with all that is in it, if it is there."""

    path: Path

    def describe(self) -> Text:
        return Text(zh=f"删除文件夹 {self.path}", en=f"remove the folder {self.path}")

    def carry_out(self, machine: Machine) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class SetValue:
    """Writes one value of the user's registry."""

    key: str
    name: str
    value: Value

    def describe(self) -> Text:
        return Text(
            zh=f"注册表 {self.key}：{self.name} = {self.value!r}",
            en=f"registry {self.key}: {self.name} = {self.value!r}",
        )

    def carry_out(self, machine: Machine) -> None:
        machine.registry.set(self.key, self.name, self.value)


@dataclass(frozen=True, slots=True)
class DeleteValue:
    """Removes one value of the user's registry."""

    key: str
    name: str

    def describe(self) -> Text:
        return Text(zh=f"注册表 {self.key}：删除 {self.name}", en=f"registry {self.key}: remove {self.name}")

    def carry_out(self, machine: Machine) -> None:
        machine.registry.delete_value(self.key, self.name)


@dataclass(frozen=True, slots=True)
class DeleteKey:
    """Removes a key of the user's registry."""

    key: str

    def describe(self) -> Text:
        return Text(zh=f"注册表：删除 {self.key}", en=f"registry: remove {self.key}")

    def carry_out(self, machine: Machine) -> None:
        machine.registry.delete_key(self.key)


Action = WriteFile | CopyFile | RemoveFile | RemoveFolder | SetValue | DeleteValue | DeleteKey


def plan_install(machine: Machine) -> list[Action]:
    """What installing the add-in for this Python takes.

    Raises
    ------
    FenjiError
        There is no desktop Excel for this system, or xlwings came without its DLL.
    """
    if machine.addin_file is None:
        raise FenjiError(
            zh="这个系统上没有桌面版 Excel，加载项装不了。工作簿文件可以直接用 fenji regrade 等命令处理，函数可以装到 LibreOffice"
            "（fenji build-calc）。",
            en="There is no desktop Excel for this system, so the add-in cannot be installed. Use fenji regrade and the "
            "other commands on workbook files; the functions can be installed in LibreOffice (fenji build-calc).",
        )
    actions: list[Action] = [WriteFile(machine.addin_file, xlam.addin_bytes({}))]
    if machine.system == "macos":
        return [*actions, WriteFile(machine.script_file, applescript(machine.python).encode("utf-8"))]
    actions += _dll_actions(machine)
    actions.append(WriteFile(machine.config_file, config_text(machine).encode("utf-8")))
    actions += [SetValue(UNINSTALL_KEY, name, value) for name, value in _uninstall_entry(machine).items()]
    return actions + _unblock_actions(machine)


def plan_uninstall(machine: Machine) -> list[Action]:
    """What taking the add-in away takes: the add-in, its configuration, the undo store and the log.

    Only what is there is listed; nothing when there is nothing to take away.
    """
    home = machine.fenji_home
    files = [machine.config_file, home / log.NAME, home / "guide.zh.html", home / "guide.en.html"]
    if machine.system == "macos":
        files.insert(0, machine.script_file)
    if machine.addin_file is not None:
        files.insert(0, machine.addin_file)
    actions: list[Action] = [RemoveFile(path) for path in files if path.exists()]
    if machine.system == "windows":
        if machine.registry.values(UNINSTALL_KEY):
            actions.append(DeleteKey(UNINSTALL_KEY))
        actions += _unblock_actions(machine)
    if (home / undo.STORE).exists():
        actions.append(RemoveFolder(home / undo.STORE))
    return actions


def carry_out(actions: Sequence[Action], machine: Machine) -> None:
    """Does what was planned, in order."""
    for action in actions:
        action.carry_out(machine)


def config_text(machine: Machine) -> str:
    """The user's configuration file: lines `key = value`, UTF-8.

    Anything else the user wrote into the file stays.
    """
    ours = {"interpreter": str(machine.python), "dll_folder": str(_dll_folder(machine))}
    kept = []
    if machine.config_file.exists():
        for line in machine.config_file.read_text("utf-8").splitlines():
            if line.partition("=")[0].strip().lower() not in ours:
                kept.append(line)
    return "\n".join([f"{key} = {value}" for key, value in ours.items()] + kept) + "\n"


def applescript(python: Path) -> str:
    """The script for Excel on macOS, with the interpreter in it."""
    source = resources.files("addin.hosts.excel").joinpath("vba", "fenji.applescript").read_text("utf-8")
    escaped = str(python).replace("\\", "\\\\").replace('"', '\\"')
    return source.replace("{{PYTHON}}", escaped)


def _dll_folder(machine: Machine) -> Path:
    """Where the DLL will lie: the interpreter's environment."""
    return machine.prefix


def _dll_actions(machine: Machine) -> list[Action]:
    target = _dll_folder(machine) / machine.dll
    if target.exists():
        return []
    for folder in machine.dll_folders:
        if (folder / machine.dll).exists():
            return [CopyFile(folder / machine.dll, target)]
    raise FenjiError(
        zh=f"找不到 xlwings 自带的 {machine.dll}。请重新安装 xlwings：“{machine.python}” -m pip install --force-reinstall xlwings=={machine.xlwings}",
        en=f'{machine.dll}, which comes with xlwings, was not found. Reinstall xlwings: "{machine.python}" -m pip '
        f"install --force-reinstall xlwings=={machine.xlwings}",
    )


def _uninstall_entry(machine: Machine) -> dict[str, Value]:
    return {
        "DisplayName": "fenji 分级",
        "DisplayVersion": version(),
        "Publisher": "fenji",
        "UninstallString": f'"{machine.python}" -P -m addin.cli uninstall',
        "InstallLocation": str(machine.prefix),
        "NoModify": 1,
        "NoRepair": 1,
    }


def _unblock_actions(machine: Machine) -> list[Action]:
    """Excel keeps add-ins it blamed for a crash in a list; our entries are taken out."""
    return [DeleteValue(DISABLED_ITEMS, name) for name in blocked_entries(machine)]


def blocked_entries(machine: Machine) -> list[str]:
    """Names of the entries by which Excel has switched our add-in off."""
    return [
        name
        for name, value in machine.registry.values(DISABLED_ITEMS).items()
        if isinstance(value, bytes) and "fenji.xlam" in value.decode("utf-16-le", "ignore").lower()
    ]
