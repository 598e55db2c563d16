"""Defined names of a workbook and of its sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml, sheet_list
from addin.hosts.xlsx.addresses import Area, parse_area, split_reference
from addin.hosts.xlsx.formula_spelling import as_in_file, as_shown
from addin.hosts.xlsx.formulas import quote_sheet
from addin.hosts.xlsx.unsupported import complete
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet

_NAME = re.compile(r"[^\W\d][\w.?\\]*|\\[\w.?\\]*")
_STRUCTURED = re.compile(r"([^\W\d][\w.]*)(?:\[(.*)\])?")


@complete
class Names(base_classes.Names):
    """The names of a workbook, or those of one sheet.

    Parameters
    ----------
    sheet : None for the workbook: its own names, and those of its sheets as "Sheet!Name".
    """

    def __init__(self, book: Book, sheet: Sheet | None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> etree._Element | None:
        return ooxml.child(self.book.root, "definedNames")

    def _all(self) -> list[Name]:
        names = [Name(self.book, element) for element in ooxml.children(self.api, "definedName")]
        if self.sheet is None:
            return names
        position = str(self.sheet.entry.position)
        return [name for name in names if name.element.get("localSheetId") == position]

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._all()]

    def __call__(self, key: str | int) -> Name:
        if isinstance(key, int):
            return self._all()[key - 1]
        found = self.find(key)
        if found is None:
            raise KeyError(key)
        return found

    def find(self, name: str) -> Name | None:
        """The name spelled so, in any case, or None."""
        wanted = name.lower()
        own = [n for n in self._all() if n.local_name.lower() == wanted or n.name.lower() == wanted]
        own.sort(key=lambda n: n.element.get("localSheetId") is not None and self.sheet is None)
        return own[0] if own else None

    def contains(self, key: str | int) -> bool:
        return 1 <= key <= len(self) if isinstance(key, int) else self.find(key) is not None

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Name]:
        return iter(self._all())

    def add(self, name: str, refers_to: str) -> Name:
        """Defines a name; one of the same name in the same place is redefined."""
        sheet_name, local_name = split_reference(name)
        sheet = self.book.sheets(sheet_name) if sheet_name else self.sheet
        check_name(local_name)
        old = Names(self.book, sheet).find(local_name) if sheet else self._of_book(local_name)
        if old is not None:
            old.refers_to = refers_to
            return old
        section = ooxml.section(self.book.root, "definedNames", ooxml.WORKBOOK_ORDER)
        element = ooxml.add(section, "definedName", name=local_name)
        if sheet is not None:
            element.set("localSheetId", str(sheet.entry.position))
        element.text = as_in_file(refers_to.removeprefix("="))
        new = Name(self.book, element)
        new.changed()
        return new

    def _of_book(self, name: str) -> Name | None:
        for found in self._all():
            if found.element.get("localSheetId") is None and found.local_name.lower() == name.lower():
                return found
        return None

    def of_area(self, sheet: Sheet, area: Area) -> Name | None:
        """The first name that refers to exactly this area."""
        for name in self._all():
            where = name.where()
            if where is not None and where[0].part == sheet.part and where[1] == area:
                return name
        return None


@complete
class Name(base_classes.Name):
    """One defined name."""

    def __init__(self, book: Book, element: etree._Element) -> None:
        self.book = book
        self.element = element

    @property
    def api(self) -> etree._Element:
        return self.element

    @property
    def local_name(self) -> str:
        """The name without its sheet."""
        return self.element.get("name") or ""

    def _sheet_name(self) -> str | None:
        position = self.element.get("localSheetId")
        if position is None:
            return None
        entries = sheet_list.entries(self.book.package)
        return entries[int(position)].name if int(position) < len(entries) else None

    @property
    def name(self) -> str:
        sheet = self._sheet_name()
        return f"{quote_sheet(sheet)}!{self.local_name}" if sheet else self.local_name

    @name.setter
    def name(self, value: str) -> None:
        self.changed()
        self.element.set("name", check_name(split_reference(value)[1]))
        self.changed()

    @property
    def refers_to(self) -> str:
        return "=" + as_shown(self.element.text or "")

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.element.text = as_in_file(value.removeprefix("="))
        self.changed()

    def where(self) -> tuple[Sheet, Area] | None:
        """Sheet and area the name refers to; None for constants and formulas."""
        sheet_name, address = split_reference(self.element.text or "")
        sheet_name = sheet_name or self._sheet_name()
        if sheet_name is None or sheet_name not in self.book.sheets:
            return None
        try:
            return self.book.sheets(sheet_name), parse_area(address)
        except ValueError:
            return None

    @property
    def refers_to_range(self) -> Range:
        where = self.where()
        if where is None:
            raise ValueError(f"the name {self.name!r} refers to no range: {self.refers_to}")
        return where[0].area(where[1])

    def delete(self) -> None:
        parent = self.element.getparent()
        ooxml.drop(self.element)
        if parent is not None and not len(parent):
            ooxml.drop(parent)
        self.changed()

    def changed(self) -> None:
        """Says that formulas with this name may show something else."""
        self.book.changed_names.add(self.local_name.lower())
        self.book.package.changed(self.book.package.workbook_part)


def check_name(name: str) -> str:
    """A name Excel takes, or a FenjiError that says why it does not."""
    try:
        parse_area(name)
        is_address = True
    except ValueError:
        is_address = False
    if is_address or not _NAME.fullmatch(name) or name.upper() in ("R", "C") or len(name) > 255:
        raise FenjiError(
            zh=f"“{name}”不能作名称：名称以文字或下划线开头，不含空格，也不能像单元格地址。",
            en=f"'{name}' cannot be a defined name: start with a letter or underscore, use no spaces, "
            "and do not look like a cell address.",
        )
    return name


def resolve(sheet: Sheet, text: str) -> Range:
    """The range of a defined name, of a table, or of a part of a table such as "tbl[Column]".

    Raises
    ------
    ValueError
        There is no such name or table.
    """
    book = sheet.book
    sheet_name, local_name = split_reference(text)
    if sheet_name is not None:
        if sheet_name not in book.sheets:
            raise ValueError(f"no sheet {sheet_name!r}")
        return book.sheets(sheet_name).range(local_name)
    found = Names(book, sheet).find(text) or Names(book, None).find(text)
    if found is not None:
        return found.refers_to_range
    match = _STRUCTURED.fullmatch(text)
    if match is not None:
        for other in book.sheets:
            for table in other.tables:
                if table.name.lower() == match[1].lower():
                    return _table_part(table, match[2])
    raise ValueError(f"no address, name or table: {text!r}")


def _table_part(table: Any, inside: str | None) -> Range:
    specials = {
        None: table.data_body_range,
        "#Data": table.data_body_range,
        "#All": table.range,
        "#Headers": table.header_row_range,
        "#Totals": table.totals_row_range,
    }
    part = specials[inside] if inside in specials else table.columns(inside).data_body_range
    if part is None:
        raise ValueError(f"the table {table.name!r} has no {inside}")
    return part
