"""What installation and doctor need to know of a computer, gathered once; tests describe a pretended one."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Literal, Protocol

from addin import places

System = Literal["windows", "macos", "other"]
Value = str | int | bytes


class Registry(Protocol):
    """The user's part of the Windows registry; keys are paths below HKEY_CURRENT_USER unless they name a root."""

    def get(self, key: str, name: str) -> Value | None:
        """A value, or None where there is no such key or value."""

    def set(self, key: str, name: str, value: Value) -> None:
        """Writes a text, a whole number or bytes; makes the key."""

    def values(self, key: str) -> dict[str, Value]:
        """All values of a key by name; empty where there is no such key."""

    def delete_value(self, key: str, name: str) -> None:
        """Removes a value, if it is there."""

    def delete_key(self, key: str) -> None:
        """Removes a key without subkeys, if it is there."""


@dataclass(slots=True)
class MemoryRegistry:
    """A registry in memory: of systems without one, and of tests."""

    keys: dict[str, dict[str, Value]] = field(default_factory=dict)

    def get(self, key: str, name: str) -> Value | None:
        return self.keys.get(key, {}).get(name)

    def set(self, key: str, name: str, value: Value) -> None:
        self.keys.setdefault(key, {})[name] = value

    def values(self, key: str) -> dict[str, Value]:
        return dict(self.keys.get(key, {}))

    def delete_value(self, key: str, name: str) -> None:
        self.keys.get(key, {}).pop(name, None)

    def delete_key(self, key: str) -> None:
        self.keys.pop(key, None)


class WindowsRegistry:
    """The real one."""

    def get(self, key: str, name: str) -> Value | None:
        return self.values(key).get(name)

    def set(self, key: str, name: str, value: Value) -> None:
        import winreg

        kind = {str: winreg.REG_SZ, int: winreg.REG_DWORD, bytes: winreg.REG_BINARY}[type(value)]
        with winreg.CreateKey(*_rooted(key)) as handle:
            winreg.SetValueEx(handle, name, 0, kind, value)

    def values(self, key: str) -> dict[str, Value]:
        import winreg

        try:
            with winreg.OpenKey(*_rooted(key)) as handle:
                return dict(_enumerated(handle))
        except OSError:
            return {}

    def delete_value(self, key: str, name: str) -> None:
        import winreg

        try:
            with winreg.OpenKey(*_rooted(key), 0, winreg.KEY_SET_VALUE) as handle:
                winreg.DeleteValue(handle, name)
        except FileNotFoundError:
            return

    def delete_key(self, key: str) -> None:
        import winreg

        try:
            winreg.DeleteKey(*_rooted(key))
        except FileNotFoundError:
            return


def _rooted(key: str) -> tuple[object, str]:
    import winreg

    root, _, rest = key.partition("\\")
    if root == "HKEY_LOCAL_MACHINE":
        return winreg.HKEY_LOCAL_MACHINE, rest
    return winreg.HKEY_CURRENT_USER, key


def _enumerated(handle: object) -> Iterator[tuple[str, Value]]:
    import winreg

    number = 0
    while True:
        try:
            name, value, _ = winreg.EnumValue(handle, number)
        except OSError:
            return
        yield name, value
        number += 1


@dataclass(slots=True)
class Machine:
    """One computer and the Python on it that runs fenji.

    Attributes
    ----------
    system : which kind.
    python : the interpreter.
    prefix : the environment's folder.
    home : the user's folder; `appdata` the roaming application data (Windows).
    fenji_home : fenji's own folder (`addin.places.home`).
    registry : the user's registry.
    dll_folders : where xlwings' DLL may have been put by pip.
    xlwings : version of the installed xlwings.
    """

    system: System
    python: Path
    prefix: Path
    home: Path
    appdata: Path
    fenji_home: Path
    registry: Registry
    dll_folders: tuple[Path, ...] = ()
    xlwings: str = ""

    @property
    def dll(self) -> str:
        """Name of the DLL for 64-bit Excel."""
        return f"xlwings64-{self.xlwings}.dll"

    @property
    def startup_folder(self) -> Path | None:
        """The folder from which Excel opens everything when it starts; None where there is no Excel.

        Excel trusts it, and nothing needs to be entered in the registry, where a running Excel would
        overwrite it when it ends.
        """
        if self.system == "windows":
            return self.appdata / "Microsoft" / "Excel" / "XLSTART"
        if self.system == "macos":
            group = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
            return group / "User Content.localized" / "Startup.localized" / "Excel"
        return None

    @property
    def addin_file(self) -> Path | None:
        """Where the add-in is installed."""
        return self.startup_folder / "fenji.xlam" if self.startup_folder else None

    @property
    def config_file(self) -> Path:
        """The user's configuration, which the add-in's VBA reads."""
        return self.fenji_home / "fenji.conf"

    @property
    def script_file(self) -> Path:
        """macOS: the script through which Excel may start Python."""
        return self.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / "fenji.applescript"


def this_machine() -> Machine:
    """The computer we run on."""
    system: System = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "other")  # type: ignore[assignment]
    home = Path.home()
    prefix = Path(sys.prefix)
    return Machine(
        system=system,
        python=Path(short_path(sys.executable)),
        prefix=prefix,
        home=home,
        appdata=Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming"),
        fenji_home=places.home(),
        registry=WindowsRegistry() if system == "windows" else MemoryRegistry(),
        dll_folders=(prefix, Path(sys.base_prefix), Path(site.getuserbase())),
        xlwings=metadata.version("xlwings"),
    )


def short_path(path: str) -> str:
    """A path that the DLL can start: it knows only the characters of the system's code page.

    A path with other characters is given by its short name (C:\\FENJI~1\\python.exe).
    """
    if sys.platform != "win32":
        return path
    import ctypes

    try:
        path.encode("mbcs", "strict")
        return path
    except UnicodeEncodeError:
        buffer = ctypes.create_unicode_buffer(1024)
        length = ctypes.windll.kernel32.GetShortPathNameW(path, buffer, len(buffer))
        return buffer.value if length else path
