"""The result as files for other programs: one row per customer as CSV, the totals as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from addin.hosts.xlsx.saving import replace_file

if TYPE_CHECKING:
    import pandas as pd

    from udfs.grading import Grading

GRADES_COLUMNS = (
    "customer_id",
    "customer",
    "recency_days",
    "frequency",
    "monetary",
    "r",
    "f",
    "m",
    "rfm",
    "segment",
    "class8",
    "abc",
    "value_tier",
    "activity",
    "loyalty_score",
    "loyalty_class",
    "churn_risk",
    "churn_reasons",
    "need_type",
    "satisfaction",
    "grade",
    "grade_score",
    "explanation",
)
TEXT_COLUMNS = ("customer_id", "customer", "churn_reasons", "explanation")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_grades_csv(path: Path, grading: Grading) -> None:
    """Writes one row per customer with stable keys and codes (UTF-8 with BOM, so that Excel reads it).

    A text that a spreadsheet would take for a formula is preceded by an apostrophe; numbers and telephone
    numbers are left as they are. Empty means not known.
    """
    grades = grading.grades
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(GRADES_COLUMNS)
    columns = [csv_cells(grades[key], key in TEXT_COLUMNS) for key in GRADES_COLUMNS]
    writer.writerows(zip(*columns, strict=True))
    replace_file(path, lambda out: _write(out, ("\ufeff" + buffer.getvalue()).encode("utf-8")))


def csv_cells(column: pd.Series, is_text: bool) -> list[str]:
    """A column's cells as CSV texts.

    >>> import pandas as pd
    >>> csv_cells(pd.Series(["=1+1", "-5", "Ann"]), True), csv_cells(pd.Series([3.0, 2.5, np.nan]), False)
    (["'=1+1", '-5', 'Ann'], ['3', '2.5', ''])
    """
    if is_text:
        return [harmless(str(v)) if v is not None and v == v else "" for v in column.tolist()]
    return ["" if v is None or v != v else number_text(v) for v in column.tolist()]


def number_text(value: Any) -> str:
    """A number without a needless decimal point; anything else as it is."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    return str(value)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula.

    >>> harmless("@SUM(A1)"), harmless("+86 138 0000 0000"), harmless("-12.5")
    ("'@SUM(A1)", '+86 138 0000 0000', '-12.5')
    """
    if (
        text.startswith(FORMULA_STARTS)
        and not text[1:].replace(" ", "").replace("-", "").replace(".", "").isdigit()
    ):
        return "'" + text
    return text


def write_json(path: Path, summary: Mapping[str, Any]) -> None:
    """Writes a summary as JSON (UTF-8, indented)."""
    text = json.dumps(summary, ensure_ascii=False, indent=2, default=plain)
    replace_file(path, lambda out: _write(out, (text + "\n").encode("utf-8")))


def plain(value: Any) -> Any:
    """What JSON lacks: dates as yyyy-mm-dd, numpy numbers as numbers."""
    if isinstance(value, np.generic):
        return value.item()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _write(out: Any, data: bytes) -> None:
    out.write(data)
