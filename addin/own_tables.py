"""The tables fenji wrote into a workbook in an earlier run, read back: history, cut points, grades, settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
import xlwings as xw

from addin import grids
from udfs import terms
from udfs.cleaning.columns import display
from udfs.grade_history import MOVE_KEYS, GradeHistory
from udfs.rfm import RfmCutPoints
from udfs.texts import FenjiError, Lang
from workbook_templates import headers
from workbook_templates.datasets.rfm import BIN_KEYS

HISTORY_KEYS = [
    "run_at", "run_by", "command", "as_of", "customers", "amount", "high_value", "medium_value", "low_value",
    "at_risk", "options",
]  # fmt: skip


def find(book: xw.Book, name: str) -> xw.main.Table | None:
    """The Excel table of this name, on whichever sheet it is."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name == name:
                return table
    return None


def read(book: xw.Book, name: str, keys: list[str]) -> pd.DataFrame | None:
    """A table of ours with the columns that are known, by field key; None where the book has no such table.

    Cells are Python values; rows with nothing in any known column are left out.
    """
    table = find(book, name)
    if table is None:
        return None
    head = table.header_row_range
    titles = head.options(ndim=1).value
    found: dict[str, int] = {}
    for offset, title in enumerate(titles):
        key = headers.key_of(title, [k for k in keys if k not in found])
        if key:
            found[key] = head.column + offset
    last = table.range.row + table.range.rows.count - 1
    if not found or last <= head.row:
        return pd.DataFrame({key: [] for key in keys}, dtype=object)
    _, columns = grids.SheetGrid(table.range.sheet).columns(head.row + 1, last, list(found.values()))
    frame = pd.DataFrame(
        {key: pd.Series(list(c.values()), dtype=object) for key, c in zip(found, columns, strict=True)}
    )
    return frame.reindex(columns=keys).dropna(how="all").reset_index(drop=True)


def history(book: xw.Book) -> pd.DataFrame:
    """The runs so far, oldest first; columns HISTORY_KEYS."""
    found = read(book, "tblHistory", HISTORY_KEYS)
    return pd.DataFrame(columns=HISTORY_KEYS, dtype=object) if found is None else found


def grade_history(book: xw.Book, kept: int, names: Mapping[str, str]) -> GradeHistory:
    """The runs so far and the changes of grade they brought, with codes for names; `kept` runs are remembered."""
    runs = [run for run in history(book)["run_at"] if isinstance(run, dt.datetime)]
    found = read(book, "tblMoves", MOVE_KEYS)
    if found is None:
        return GradeHistory(runs[-1:], pd.DataFrame(columns=MOVE_KEYS, dtype=object), kept)
    codes = _grade_codes(names)
    for key in ("grade_before", "grade_after"):
        found[key] = [codes.get(name, "") for name in found[key]]
    for key in ("customer_id", "customer"):
        found[key] = ["" if v is None or v != v else display(v) for v in found[key]]
    dated = np.array([isinstance(run, dt.datetime) for run in found["run_at"]], bool)
    found = found.loc[dated, MOVE_KEYS]
    return GradeHistory(runs, found.reset_index(drop=True), kept)


def frozen_cut_points(book: xw.Book) -> RfmCutPoints:
    """The cut points of the last run.

    Raises
    ------
    FenjiError
        There was no run in this workbook, or its table was changed by hand and cannot be read.
    """
    bins = read(book, "tblBins", list(BIN_KEYS))
    if bins is None or bins.empty:
        raise FenjiError(
            zh="工作簿里没有上次的分界点可以沿用。请先正常分级一次。",
            en="There are no earlier cut points to reuse in this workbook. Grade it once without this option.",
        )
    try:
        return RfmCutPoints.from_rows(bins.where(bins.notna(), None).to_dict("records"))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise FenjiError(
            zh="工作表“计算口径”里的分界点表被改动过，无法沿用。请不带“沿用分界点”重新分级一次。",
            en="The table of cut points in the workbook was changed and cannot be reused. Grade once without reusing it.",
        ) from error


def _grade_codes(names: Mapping[str, str]) -> dict[str, str]:
    """The code of each name of a grade: the usual ones in both languages, and the user's own."""
    spoken: tuple[Lang, Lang] = ("en", "zh")
    usual = {name: code for lang in spoken for code, name in terms.labels("grade", lang).items()}
    return usual | {name: code for code, name in terms.labels("grade", "zh", names).items()}


def previous_grades(book: xw.Book, names: Mapping[str, str]) -> pd.DataFrame | None:
    """customer_id, customer and grade (code) of the last run; None before the first. `names` are the user's own."""
    found = read(book, "tblRFM", ["customer_id", "customer", "grade", "grade_since"])
    if found is None or found.empty:
        return None
    codes = _grade_codes(names)
    found["grade"] = [codes.get(name) for name in found["grade"]]
    for key in ("customer_id", "customer"):
        found[key] = np.where(found[key].isna(), "", found[key].astype(str))
    return found[found["grade"].notna()].reset_index(drop=True)
