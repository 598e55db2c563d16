"""Which cell styles show a number as a date or a time."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from addin.hosts.xlsx.package import Package

Shows = Literal["", "date", "time"]

# Built-in formats have no code in the file. 27 to 36 and 50 to 58 are those of Chinese, Japanese and
# Korean Excel (ECMA-376 part 1, 18.8.30): dates, except for the times among them.
BUILTIN_DATES = {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
# Quoted and escaped text, paddings, colours, conditions and locales say nothing about dates.
NOT_CODE = re.compile(
    r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|g/通用格式|e[+-]|am/pm|a/p|上午/下午',
    re.I | re.S,
)
MINUTES = re.compile(r"(?<=[h\]])([^a-z0#]*)m+|m+(?=[^a-z0#]*s)", re.I)


def shows(format_code: str) -> Shows:
    """What a number format makes of a number: a date (also with a time), a time only, or neither.

    >>> shows("yyyy-mm-dd"), shows("h:mm"), shows('0.00"元"'), shows('m"月"d"日"')
    ('date', 'time', '', 'date')
    """
    first = NOT_CODE.sub("", format_code).split(";")[0].lower()
    hours = MINUTES.sub(r"\1", first)
    if re.search(r"[ymdeg]|aaa", hours):
        return "date"
    return "time" if re.search(r"[hs]|\[m", first) else ""


def date_styles(package: Package) -> np.ndarray:
    """Whether cells of style 0, 1, 2 ... show a date: bool array, one element per cell format."""
    part = package.rels(package.workbook_part).one("styles")
    if part is None or part.target not in package:
        return np.zeros(1, bool)
    root = package.xml(part.target)
    own = {e.get("numFmtId"): e.get("formatCode") or "" for e in root.iterfind("{*}numFmts/{*}numFmt")}
    found = []
    for xf in root.iterfind("{*}cellXfs/{*}xf"):
        number = xf.get("numFmtId") or "0"
        if number in own:
            found.append(shows(own[number]) == "date")
        else:
            found.append(number.isdecimal() and int(number) in BUILTIN_DATES)
    return np.array(found or [False], bool)


def uses_1904(package: Package) -> bool:
    """Whether dates are counted from 1904, as in workbooks from old Macs."""
    properties = package.xml(package.workbook_part).find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")
