"""xlwings' object model over .xlsx and .xlsm files: no Excel needed, nothing lost, nothing half written.

    from addin.hosts import xlsx

    book = xlsx.open("customers.xlsx")      # an xlwings.Book
    book.sheets["客户"]["A1"].value
    book.save()

The engine registers itself with `xw.engines`. It is made the active one, so that `xw.Book(path)` uses it too, only
where there is no Excel to drive.
"""

from __future__ import annotations

from os import PathLike

import xlwings as xw

__all__ = ["new", "open", "register"]


def register() -> xw.Engine:
    """The engine as `xw.engines` holds it, added there at the first call."""
    from addin.hosts.xlsx.engine import NAME, Engine

    for engine in xw.engines:
        if engine.name == NAME:
            return engine
    engine = xw.Engine(impl=Engine())
    xw.engines.add(engine)
    if xw.engines.active is None:
        xw.engines.active = engine
    return engine


def open(path: str | PathLike[str]) -> xw.Book:
    """Opens a workbook file as an `xlwings.Book`.

    Raises
    ------
    FenjiError
        The file does not exist, is no workbook, is damaged or asks for a password; the text says which.
    """
    return xw.Book(impl=_books().open(path))


def new(font: str = "Calibri", sheet: str = "Sheet1") -> xw.Book:
    """A new `xlwings.Book` with one empty sheet; it is saved under a path given to `save`.

    Parameters
    ----------
    font : the font of its cells: "Calibri" in English, "微软雅黑" in Chinese.
    sheet : the name of its sheet.
    """
    return xw.Book(impl=_books().add(font, sheet))


def _books():  # type: ignore[no-untyped-def]
    return next(iter(register().impl.apps)).books
