"""A workbook and its sheets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import calculation, ooxml, sheet_list
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.byte_arrays import surrounded
from addin.hosts.xlsx.calculation import WHOLE_SHEET
from addin.hosts.xlsx.chart_refreshing import changed_areas, refresh_charts
from addin.hosts.xlsx.date_formats import uses_1904
from addin.hosts.xlsx.new_book import EMPTY_SHEET, SHEET_TYPE, empty_styles
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.reading import has_formulas
from addin.hosts.xlsx.shared_strings import SharedStrings, shared_strings
from addin.hosts.xlsx.sheet_rows import CellReader
from addin.hosts.xlsx.styles import Styles, fill_gaps
from addin.hosts.xlsx.unsupported import complete
from udfs.bulk import without_collector
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.engine import App, Books
    from addin.hosts.xlsx.names import Names
    from addin.hosts.xlsx.pivots import Pivots
    from addin.hosts.xlsx.sheet import Sheet

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@complete
class Book(base_classes.Book):
    """One open workbook.

    Attributes
    ----------
    package : its parts.
    """

    def __init__(self, books: Books, package: Package, name: str) -> None:
        self._books = books
        self._name = name
        self.package = package
        self._sheets: dict[str, Sheet] = {}
        self._values_changed = False
        self._texts: SharedStrings | None = None
        # Areas of sheets that were written to their parts already, for the charts that show them.
        self.changed_cells: dict[str, list[Area]] = {}
        # Lower-case defined names that were added, changed or deleted, and names of sheets that were deleted.
        self.changed_names: set[str] = set()
        self.gone_sheets: set[str] = set()
        # By sheet part: cells whose formulas were written with the value they show.
        self.settled_formulas: dict[str, set[str]] = {}
        # By sheet part: whether cells of it may hold formulas.
        self._formulas: dict[str, bool] = {}

    # -- what xlwings asks for --------------------------------------------------------------------------

    @property
    def api(self) -> Package:
        return self.package

    @property
    def app(self) -> App:
        return self._books.app

    @property
    def name(self) -> str:
        return self.package.path.name if self.package.path else self._name

    @property
    def fullname(self) -> str:
        return str(self.package.path.absolute()) if self.package.path else self._name

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        from addin.hosts.xlsx.names import Names

        return Names(self, None)

    def activate(self) -> None:
        self._books.activate(self)

    def close(self) -> None:
        self._books.forget(self)

    @without_collector()
    def save(self, path: str | os.PathLike[str] | None = None, password: str | None = None) -> None:
        """Saves to `path`, or to where the book came from: the whole file or nothing."""
        if password:
            raise NotImplementedError("Book.save(password=...) is not supported by fenji's file engine")
        if path is None and self.package.path is None:
            path = f"{self._name}.xlsx"
        self.write_parts()
        for sheet in self._sheets.values():
            sheet.cells_store.start_anew()  # lets go of the file, which is about to be replaced
        self.package.save(Path(path).expanduser() if path is not None else None)
        for sheet in self._sheets.values():
            sheet.is_new = False

    # -- what its sheets need -----------------------------------------------------------------------------

    @property
    def root(self) -> etree._Element:
        """The workbook part as a tree; call `package.changed(package.workbook_part)` after changing it."""
        return self.package.xml(self.package.workbook_part)

    @cached_property
    def styles(self) -> Styles:
        """The styles, changed in memory until `write_parts`."""
        rel = self.package.rels(self.package.workbook_part).one("styles")
        if rel is None:
            part = self.package.add("xl/styles{}.xml", empty_styles().encode(), _STYLES_TYPE)
            self.package.rels(self.package.workbook_part).add("styles", part)
            self._styles_part = part
        else:
            self._styles_part = rel.target
        root = self.package.xml(self._styles_part)
        fill_gaps(root, etree.fromstring(empty_styles().encode()))
        return Styles(root)

    @cached_property
    def date1904(self) -> bool:
        """Whether the workbook counts days from 1904."""
        return uses_1904(self.package)

    def shared_string(self, number: int) -> str:
        """A text that cells share."""
        if self._texts is None:
            self._texts = shared_strings(self.package)
        return self._texts[number] if 0 <= number < len(self._texts) else ""

    @cached_property
    def reader(self) -> CellReader:
        """Makes values of cells."""
        return CellReader(self.shared_string, self.styles.is_date, self.date1904)

    @cached_property
    def pivots(self) -> Pivots:
        """The pivot tables that were read or changed."""
        from addin.hosts.xlsx.pivots import Pivots

        return Pivots(self)

    def sheet(self, part: str) -> Sheet:
        """The sheet of a worksheet part."""
        from addin.hosts.xlsx.sheet import Sheet

        if part not in self._sheets:
            self._sheets[part] = Sheet(self, part)
        return self._sheets[part]

    def open_sheets(self) -> list[Sheet]:
        """The sheets somebody asked for: only they can have changes."""
        return list(self._sheets.values())

    def check_structure(self) -> None:
        """Refuses to add, remove, rename or move sheets of a protected workbook."""
        protection = ooxml.child(self.root, "workbookProtection")
        if protection is not None and protection.get("lockStructure") in ("1", "true"):
            raise FenjiError(
                zh=f"工作簿“{self.name}”的结构受保护，不能增删或改名工作表。请在 Excel 的“审阅”里撤销工作簿保护，然后重试。",
                en=f"The structure of '{self.name}' is protected, so sheets cannot be added, removed or renamed. "
                "Remove the protection in Excel (Review, Protect Workbook) and try again.",
            )

    def values_changed(self) -> None:
        """Says that any formula may show something else now, wherever its cells are."""
        self._values_changed = True

    # -- to the package -----------------------------------------------------------------------------------

    def write_parts(self) -> None:
        """Puts all changes into the package, so that its parts can be read, copied and saved."""
        changed = self._changed_areas()
        refresh_charts(self, changed)
        if changed or "pivots" in self.__dict__:
            self.pivots.source_changed(set(changed))
            self.pivots.render()
            changed = self._changed_areas()
            refresh_charts(self, changed)
        gone = False
        for sheet in list(self._sheets.values()):
            sheet.flush()
            gone = gone or sheet.cells_store.formulas_gone
            sheet.cells_store.formulas_gone = False
        self.changed_cells.clear()
        self.flush_styles()
        self._mark_for_calculation(changed)
        if gone:
            self.drop_calculation_chain()

    def _changed_areas(self) -> dict[str, list[Area]]:
        """Where values changed since the parts were last written, by lower-case name of the sheet."""
        areas = {}
        for sheet in self.open_sheets():
            found = self.changed_cells.get(sheet.part, []) + changed_areas(sheet.cells_store.changes)
            if found:
                areas[sheet.name.lower()] = found
        return areas

    def flush_styles(self) -> None:
        """Puts new styles into the package."""
        if "styles" in self.__dict__ and self.styles.changed:
            self.package.changed(self._styles_part)
            self.styles.changed = False

    def forget(self, sheet: Sheet, pivots: list[str]) -> None:
        """Drops what was kept of a deleted sheet and its pivots."""
        self._sheets.pop(sheet.part, None)
        self._formulas.pop(sheet.part, None)
        for part in pivots:
            self.pivots.forget(part)

    def refresh(self) -> None:
        """Forgets what was read from parts; call after changing the package itself, with nothing left to write."""
        self.__dict__.pop("pivots", None)
        self._texts = None
        if "styles" in self.__dict__:
            self.styles.refresh()
        listed = {entry.part for entry in sheet_list.entries(self.package)}
        self._sheets = {part: sheet for part, sheet in self._sheets.items() if part in listed}
        for sheet in self._sheets.values():
            sheet.cells_store.start_anew()

    def _mark_for_calculation(self, changed: dict[str, list[Area]]) -> None:
        """Has the workbook calculated when it is opened, where formulas depend on what changed."""
        changed |= {sheet: [WHOLE_SHEET] for sheet in self.gone_sheets}
        if self._values_changed:
            needed = any(self.may_hold_formulas(e.part) for e in self.sheets.entries())
        else:
            needed = calculation.is_needed(self, changed, self.changed_names)
        if needed and not calculation.is_marked(self):
            ooxml.section(self.root, "calcPr", ooxml.WORKBOOK_ORDER).set("fullCalcOnLoad", "1")
            self.package.changed(self.package.workbook_part)
        self._values_changed = False
        self.changed_names.clear()
        self.gone_sheets.clear()
        self.settled_formulas.clear()

    def may_hold_formulas(self, part: str) -> bool:
        """Whether a cell of a sheet may hold a formula, in the file or by a change.

        A sheet whose columns were read is known; others are looked through once.
        """
        if part in self._sheets and any(self._sheets[part].cells_store.changes.formulas()):
            return True
        self.remember_formulas(part)
        if part not in self._formulas:
            self._formulas[part] = self._search_formulas(part)
        return self._formulas[part]

    def remember_formulas(self, part: str) -> None:
        """Keeps what was seen when the sheet's columns were read; call it before the part is written anew."""
        known = has_formulas(self.package, part)
        if part not in self._formulas and known is not None:
            self._formulas[part] = known

    def holds_formulas(self, part: str, known: bool) -> None:
        """Says whether cells of a sheet may hold formulas, where that is known without looking."""
        self._formulas[part] = known

    def _search_formulas(self, part: str) -> bool:
        rest = b""
        with self.package.open_stream(part) as stream:
            while chunk := stream.read(1 << 20):
                chunk = rest + chunk
                if surrounded(chunk, b"f", b"<:", b"> /"):  # <f>, <x:f t="shared"
                    return True
                rest = chunk[-4:]
        return False

    def drop_calculation_chain(self) -> None:
        """Takes the list of cells with formulas, which Excel makes anew when it opens the file."""
        rels = self.package.rels(self.package.workbook_part)
        rel = rels.one("calcChain")
        if rel is not None:
            rels.remove(rel.id)
            self.package.remove(rel.target)


@complete
class Sheets(base_classes.Sheets):
    """The worksheets of a book, in order; chart sheets are left out."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Package:
        return self.book.package

    def entries(self) -> list[sheet_list.SheetEntry]:
        """The worksheets among the book's sheets."""
        return [e for e in sheet_list.entries(self.book.package) if e.kind == "worksheet"]

    @property
    def active(self) -> Sheet:
        view = next(iter(ooxml.children(ooxml.child(self.book.root, "bookViews"), "workbookView")), None)
        position = int(view.get("activeTab", "0")) if view is not None else 0
        entries = self.entries()
        return self.book.sheet(next((e for e in entries if e.position == position), entries[0]).part)

    def __call__(self, key: str | int) -> Sheet:
        entries = self.entries()
        if isinstance(key, int):
            return self.book.sheet(entries[key - 1].part)
        for entry in entries:
            if entry.name.lower() == str(key).lower():
                return self.book.sheet(entry.part)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.entries())

    def __iter__(self) -> Iterator[Sheet]:
        return iter([self.book.sheet(entry.part) for entry in self.entries()])

    def __contains__(self, key: object) -> bool:
        return any(entry.name.lower() == str(key).lower() for entry in self.entries())

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """A new, empty sheet; before the active one where no place is given, as in Excel."""
        book = self.book
        book.check_structure()
        name = check_sheet_name(book, name) if name is not None else self._free_name()
        if self.entries():
            place = after or before or self.active
            position = place.entry.position + (1 if after is not None else 0)
        else:  # a book of chart sheets alone
            position = len(sheet_list.entries(book.package))
        data = EMPTY_SHEET.encode()
        if book.package.strict:
            data = ooxml.to_strict(data)
        part = book.package.add("xl/worksheets/sheet{}.xml", data, SHEET_TYPE)
        sheet_list.insert(book.package, position, name, part)
        sheet = book.sheet(part)
        sheet.is_new = True
        book.holds_formulas(part, False)
        return sheet

    def _free_name(self) -> str:
        number = len(sheet_list.entries(self.book.package)) + 1
        while sheet_list.entry(self.book.package, f"Sheet{number}"):
            number += 1
        return f"Sheet{number}"


def check_sheet_name(book: Book, name: str) -> str:
    """A sheet name Excel takes, or a FenjiError that says why it does not."""
    bad = _NOT_IN_NAMES.search(name)
    if not name or len(name) > sheet_list.MAX_NAME or bad or name[0] == "'" or name[-1] == "'":
        raise FenjiError(
            zh=f"“{name}”不能作工作表名：名称须为 1 至 31 个字符，不含 [ ] : * ? / \\，首尾不能是单引号。",
            en=f"'{name}' cannot name a sheet: use 1 to 31 characters without [ ] : * ? / \\, "
            "and no apostrophe at either end.",
        )
    return name
