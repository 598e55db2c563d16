"""Workbooks that are only read: .xls, .xlsb, .ods (and .xlsx under such a name)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from addin.grids import ColumnsGrid
from addin.sources.calamine_child import REFUSED
from addin.sources.text_files import to_column
from udfs.cleaning.columns import Column
from udfs.texts import FenjiError

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CHILD = Path(__file__).with_name("calamine_child.py")  # run by path: it needs none of our imports
TIMEOUT = 600  # seconds; a million rows take about ten


def read_old_excel(path: Path) -> list[ColumnsGrid]:
    """The sheets of a workbook, cells as they are shown; empty sheets are left out.

    Raises
    ------
    FenjiError
        The file is protected by a password, damaged, or fills an impossible range.
    """
    if ENCRYPTED in path.read_bytes()[:1_000_000]:
        raise _protected(path)
    with tempfile.TemporaryDirectory(prefix="fenji-") as folder:
        run = subprocess.run(
            [sys.executable, str(CHILD), str(path.resolve()), folder],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
        )
        if run.returncode == REFUSED and "assword" in run.stderr:
            raise _protected(path)
        if run.returncode == REFUSED:
            reason = run.stderr.strip()
            raise FenjiError(
                zh=f"“{path.name}”已损坏，或者不是认识的工作簿（{reason}）。请在 Excel 里打开并另存为 .xlsx 后再试。",
                en=f"'{path.name}' is damaged, or not a workbook fenji can read ({reason}). Open it in Excel, save it as .xlsx and try again.",
            )
        listing = Path(folder) / "sheets.json"
        if run.returncode != 0 or not listing.exists():
            raise FenjiError(
                zh=f"“{path.name}”占用的区域大得无法读取，通常是最后一行或最后一列里有一个多余的单元格。"
                "请在 Excel 里删除数据以外的行和列，另存为 .xlsx 后再试。",
                en=f"'{path.name}' fills a range too large to read; usually there is a stray cell in the last row or column. "
                "Delete the rows and columns beyond the data in Excel, save it as .xlsx and try again.",
            )
        grids = [_grid(Path(folder), sheet) for sheet in json.loads(listing.read_text("utf-8"))]
    if not grids:
        raise FenjiError(
            zh=f"工作簿“{path.name}”里没有数据。", en=f"There is no data in the workbook '{path.name}'."
        )
    return grids


def _grid(folder: Path, sheet: dict) -> ColumnsGrid:
    frame = pl.read_ipc((folder / f"{sheet['number']}.arrow").read_bytes())
    before = [Column.empty(frame.height) for _ in range(sheet["first_column"] - 1)]
    return ColumnsGrid(sheet["name"], before + [to_column(s) for s in frame.get_columns()])


def _protected(path: Path) -> FenjiError:
    return FenjiError(
        zh=f"“{path.name}”有打开密码。请在 Excel 里去掉密码（文件 → 信息 → 保护工作簿）后再试。",
        en=f"'{path.name}' is protected by a password. Remove it in Excel (File, Info, Protect Workbook) and try again.",
    )
