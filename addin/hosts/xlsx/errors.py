"""What a workbook file can be instead of what was expected, said so that its owner can act."""

from __future__ import annotations

from udfs.texts import FenjiError


class NotAWorkbook(FenjiError):
    """The file is whole, but no workbook this engine can change: a .xls, a text file, a Word document."""


class EncryptedWorkbook(NotAWorkbook):
    """The workbook asks for a password to open it."""


class CorruptWorkbook(FenjiError):
    """The file is damaged or was made to do harm; `part` names the part of it, "" where it is the whole.

    The texts say what is wrong with the part, without a full stop at the end.
    """

    def __init__(self, file: str, part: str, zh: str, en: str) -> None:
        where_zh = f"(部件 {part})" if part else ""
        where_en = f" (part {part})" if part else ""
        super().__init__(
            zh=f"工作簿“{file}”已损坏或不完整{where_zh}:{zh}。文件没有被改动。"
            "请用 Excel 打开它,选择“打开并修复”后另存一份再试。",
            en=f"The workbook '{file}' is damaged or incomplete{where_en}: {en}. The file was not changed. "
            "Open it in Excel with 'Open and Repair', save a copy and try again.",
        )
        self.file, self.part = file, part
