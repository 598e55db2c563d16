"""The shipped template workbooks, opened in whatever host the user's book is in."""

from __future__ import annotations

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
    template = book.app.books.open(str(path))
    try:
        yield template
    finally:
        template.close()
