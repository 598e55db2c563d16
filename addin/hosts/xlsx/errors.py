"""What a workbook file can be instead of what was expected, said so that its owner can act."""

from __future__ import annotations

from pathlib import Path

from udfs.texts import FenjiError


class NotAWorkbook(FenjiError):
    """The file is whole, but no workbook this engine can change: a .xls, a text file, a Word document."""


class EncryptedWorkbook(NotAWorkbook):
    """The workbook asks for a password to open it."""


def unreadable(path: Path | str, error: OSError) -> FenjiError:
    """The error for a file that is there but cannot be read."""
    return FenjiError(
        zh=f"无法读取“{path}”（{error.strerror or error}）。请检查是否有读取权限，磁盘或网络是否正常，"
        "或文件是否被其他程序占用。",
        en=f"'{path}' cannot be read ({error.strerror or error}). "
        "Check its permissions, the disk or network, and whether another program uses it.",
    )


class CorruptWorkbook(FenjiError):
    """The file is damaged or was made to do harm; `part` names the part of it, "" where it is the whole.

    The texts say what is wrong with the part, without a full stop at the end.
    """

    def __init__(self, file: str, part: str, zh: str, en: str) -> None:
        where_zh = f"（部件 {part}）" if part else ""
        where_en = f" (part {part})" if part else ""
        super().__init__(
            zh=f"工作簿“{file}”已损坏或不完整{where_zh}：{zh}。文件没有被改动。"
            "请用 Excel 打开它，选择“打开并修复”后另存一份再试。",
            en=f"The workbook '{file}' is damaged or incomplete{where_en}: {en}. The file was not changed. "
            "Open it in Excel with 'Open and Repair', save a copy and try again.",
        )
        self.file, self.part = file, part
