"""The engine, its one app and its books, as xlwings expects them."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.xlsx.book import Book
from addin.hosts.xlsx.cell_values import CellError, plain
from addin.hosts.xlsx.new_book import new_book
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range

NAME = "fenji"


class Engine:
    """What `xw.engines` holds: name, kind, apps, and how values pass to and from cells."""

    name = NAME
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """A value as the engine's cells take it; NaN, NaT and NA become empty."""
        return plain(value)

    @staticmethod
    def clean_value_data(
        data: list[list[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Values read from cells, as the caller's options ask for them."""
        import datetime as dt

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, CellError):
                return str(value) if err_to_str else None
            if isinstance(value, dt.datetime):
                if datetime_builder is dt.datetime:
                    return value
                return datetime_builder(
                    year=value.year,
                    month=value.month,
                    day=value.day,
                    hour=value.hour,
                    minute=value.minute,
                    second=value.second,
                    microsecond=value.microsecond,
                    tzinfo=None,
                )
            if number_builder is not None and isinstance(value, float) and not math.isnan(value):
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The one app of the engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._apps = [App(self)]

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        app = self._apps[0]
        if add_book is not False and not len(app.books):
            app.books.add()
        return app

    @staticmethod
    def cleanup() -> None:
        """There are no processes left behind to end."""

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        for app in self._apps:
            if app.pid == pid:
                return app
        raise KeyError(pid)


@complete
class App(base_classes.App):
    """The app: holds the open books; settings of a window are kept but mean nothing."""

    def __init__(self, apps: Apps) -> None:
        self.apps = apps
        self.screen_updating = True
        self.display_alerts = True
        self.enable_events = True
        self.interactive = True
        self.calculation = "automatic"
        self.status_bar = None
        self.visible = False
        self.copied: Range | None = None
        self._books = Books(self)

    # Plain attributes in place of the base class's properties.
    screen_updating: Any = None
    display_alerts: Any = None
    enable_events: Any = None
    interactive: Any = None
    calculation: Any = None
    status_bar: Any = None
    visible: Any = None

    @property
    def engine(self) -> Engine:
        return self.apps.engine

    @property
    def api(self) -> App:
        return self

    @property
    def books(self) -> Books:
        return self._books

    @property
    def pid(self) -> int:
        return os.getpid()

    @property
    def cut_copy_mode(self) -> str | None:
        """ "copy" while a range waits to be pasted."""
        return None if self.copied is None else "copy"

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: bool) -> None:
        if not value:
            self.copied = None

    @property
    def version(self) -> str:
        return "16.0"

    @property
    def path(self) -> str:
        return sys.prefix

    @property
    def selection(self) -> None:
        return None

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing to bring to the front."""

    def calculate(self) -> None:
        """Files are not calculated: Excel does it when it opens them."""

    def quit(self) -> None:
        for book in list(self._books):
            book.close()

    def kill(self) -> None:
        self.quit()


@complete
class Books(base_classes.Books):
    """The open books; the last one opened or activated is the active one."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._books: list[Book] = []
        self._made = 0

    @property
    def api(self) -> list[Book]:
        return self._books

    @property
    def active(self) -> Book:
        if not self._books:
            raise IndexError("no book is open")
        return self._books[-1]

    def __call__(self, key: str | int) -> Book:
        if isinstance(key, int):
            return self._books[key - 1]
        for book in self._books:
            if book.name.lower() == key.lower() or book.fullname == key:
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books)

    def add(self, font: str = "Calibri", sheet: str = "Sheet1") -> Book:
        """A new book with one empty sheet."""
        self._made += 1
        return self._keep(Book(self, Package.from_bytes(new_book(font, sheet)), f"Book{self._made}"))

    def open(self, fullname: str | os.PathLike[str], *args: Any, **options: Any) -> Book:
        """Opens a workbook file; one that is open already is given as it is."""
        path = Path(fullname).expanduser()
        for book in self._books:
            if book.package.path is not None and _same_file(book.package.path, path):
                return book
        return self._keep(Book(self, Package.open(path), path.name))

    def activate(self, book: Book) -> None:
        """Makes a book the active one."""
        self._books.remove(book)
        self._books.append(book)

    def forget(self, book: Book) -> None:
        """Closes a book."""
        if book in self._books:
            self._books.remove(book)

    def _keep(self, book: Book) -> Book:
        self._books.append(book)
        return book


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
