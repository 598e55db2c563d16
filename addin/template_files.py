"""The shipped template workbooks, opened in whatever host the user's book is in."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import xlwings as xw

from udfs.texts import Lang


def path_of(name: str, lang: Lang) -> Path:
    """The file of a shipped template.

    >>> path_of("grading", "zh").name
    'grading.xlsx'
    """
    with as_file(files("workbook_templates") / lang / f"{name}.xlsx") as path:
        return path


@contextmanager
def opened(book: xw.Book, path: Path) -> Iterator[xw.Book]:
    """A template open beside the user's book, closed afterwards without saving."""
    template = open_copy(book, path)
    try:
        yield template
    finally:
        template.close()


def open_copy(book: xw.Book, path: Path) -> xw.Book:
    """A template open in the program of the user's book, as a copy under a name nothing else has.

    Excel holds no two workbooks of one name, and the user's own may well be called report.xlsx.
    """
    folder = Path(tempfile.mkdtemp(prefix="fenji-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / f"{folder.name}-{path.name}"
    shutil.copyfile(path, copy)
    return book.app.books.open(str(copy))
