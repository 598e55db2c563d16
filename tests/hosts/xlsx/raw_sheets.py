"""Workbooks made from a few rows of sheet XML, and the XML that comes out after changes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import xlwings as xw

from addin.hosts import xlsx
from addin.hosts.xlsx.new_book import EMPTY_SHEET, new_book

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, rows: str, before: str = "", after: str = "", **parts: str) -> Path:
    """A workbook whose sheet holds these rows, with more elements before and after them.

    `parts` replaces other parts: `workbook="..."`, `styles="..."`.
    """
    sheet = EMPTY_SHEET.replace("<sheetData/>", f"{before}<sheetData>{rows}</sheetData>{after}")
    return with_parts(path, {SHEET: sheet, **{f"xl/{name}.xml": text for name, text in parts.items()}})


def with_parts(path: Path, parts: dict[str, str]) -> Path:
    """A new workbook with some parts replaced."""
    with zipfile.ZipFile(io.BytesIO(new_book())) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
    return path


def part(path: Path, name: str = SHEET) -> str:
    """A part of a saved workbook as text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def rows(path: Path) -> str:
    """What stands between the sheetData tags of a saved workbook."""
    match = re.search(r"<(?:\w+:)?sheetData>(.*)</(?:\w+:)?sheetData>", part(path), re.S)
    return match[1] if match else ""


def edited(path: Path, *changes: tuple[str, object]) -> Path:
    """The workbook after values were written into cells, as (address, value), and it was saved."""
    book = xlsx.open(path)
    for address, value in changes:
        book.sheets[0][address].value = value
    return saved(book, path)


def saved(book: xw.Book, path: Path) -> Path:
    """Saves and closes a book."""
    book.save(path)
    book.close()
    return path
