"""Whether a workbook has to be calculated anew: when a formula in it refers to cells that changed.

Only direct references matter, because a workbook that is calculated is calculated whole. A formula whose cells are
known only when it is calculated (INDIRECT, OFFSET, A1:INDEX(...)) counts as one that refers to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from addin.hosts.xlsx import formulas, ooxml, sheet_list
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area, column_letters, parse_area
from addin.hosts.xlsx.cell_changes import CellChanges
from addin.hosts.xlsx.cell_values import unescape
from addin.hosts.xlsx.errors import CorruptWorkbook
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.sheet_part import SheetPart
from addin.hosts.xlsx.sheet_rows import formula_attributes

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.sheet import Sheet

WHOLE_SHEET = Area(1, 1, MAX_ROW, MAX_COLUMN)
# Functions that read cells their formula does not name, or tell how many sheets there are.
_READS_ANYTHING = {
    "indirect", "offset", "getpivotdata", "evaluate", "sheet", "sheets", "_xlfn.sheet", "_xlfn.sheets",
}  # fmt: skip
# With more distinct formulas than this, looking for one that depends costs more than calculating them.
_MOST_FORMULAS = 50_000
_MOST_AREAS = 64
_CELL = re.compile(rb'\br="([A-Z]+\d+)"')


def is_needed(book: Book, changed: Mapping[str, Sequence[Area]], names: set[str]) -> bool:
    """Whether a formula in a cell refers to something that changed.

    Parameters
    ----------
    changed : areas of changed cells by lower-case name of their sheet, also of sheets that are gone.
    names : lower-case defined names that were added, changed or deleted.
    """
    if not changed and not names:
        return False
    change = _Change(book.package, changed, names)
    seen = 0
    for entry in sheet_list.entries(book.package):
        if entry.kind != "worksheet" or not book.may_hold_formulas(entry.part):
            continue
        known: set[bytes] = set()
        settled = book.settled_formulas.get(entry.part, set())
        try:
            for attributes, text, cell in _formulas(book.package, entry.part, bool(settled)):
                if cell in settled:
                    continue
                if b"t=" not in attributes:
                    if text in known:
                        continue
                    known.add(text)
                if change.concerns_cell(attributes, text, cell, entry.name):
                    return True
        except CorruptWorkbook:  # the sheet leaves as it came in
            return True
        seen += len(known)
        if seen > _MOST_FORMULAS:
            return True
    return False


def is_marked(book: Book) -> bool:
    """Whether a workbook asks to be calculated when it is opened."""
    properties = ooxml.child(book.root, "calcPr")
    return properties is not None and properties.get("fullCalcOnLoad") in ("1", "true")


def note_copies(source: Book, copies: Sequence[Sheet]) -> None:
    """Notes the formulas of sheets that were copied, and whether the values they show still hold."""
    book = copies[0].book
    together = {sheet.name.lower() for sheet in copies}
    for sheet in copies:
        texts = [element.text or "" for element in ooxml.walk(book.package.xml(sheet.part), "f")]
        book.holds_formulas(sheet.part, bool(texts))
        if source is not book and texts:
            others = any(formulas.sheets_in(text) - together for text in set(texts))
            if others or is_marked(source):
                book.values_changed()


def note_formulas(sheet: Sheet, changes: CellChanges) -> None:
    """Notes the formulas among the changes of a sheet: one that comes without its value asks for calculation."""
    book = sheet.book
    for row, column, formula in changes.formulas():
        book.holds_formulas(sheet.part, True)
        if formula.value is None:
            book.values_changed()
        else:
            cell = f"{column_letters(column)}{row}"
            book.settled_formulas.setdefault(sheet.part, set()).add(cell)


def _formulas(package: Package, part: str, with_cells: bool) -> Iterator[tuple[bytes, bytes, str]]:
    """Attributes, text and cell of each formula that has a text of its own, and of each data table.

    The cell is "" where it does not matter: for formulas of one cell, unless asked for.
    """
    sheet = SheetPart(package.content(part), package.file, part)
    p = re.escape(sheet.prefix.encode())
    start = b"<" + sheet.prefix.encode() + b"c"
    pattern = re.compile(rb"<" + p + rb"f(\s[^>]*?)?(?:/>|>([^<]*)<)")
    for piece in sheet.pieces():
        for match in pattern.finditer(piece):
            attributes = match[1] or b""
            if match[2] or b"dataTable" in attributes:
                cell = None
                if with_cells or b"t=" in attributes:
                    cell = _CELL.search(piece, piece.rfind(start, 0, match.start()), match.start())
                yield attributes, match[2] or b"", cell[1].decode() if cell else ""


class _Change:
    """What changed, and whether formulas refer to it."""

    def __init__(self, package: Package, changed: Mapping[str, Sequence[Area]], names: set[str]) -> None:
        self._areas = {sheet: _fewer(areas) for sheet, areas in changed.items()}
        self._tables: dict[str, tuple[str, Area]] = {}
        for entry in sheet_list.entries(package):
            for rel in package.rels(entry.part).by_type("table"):
                root = package.xml(rel.target)
                area = parse_area(root.get("ref") or "A1")
                self._tables[(root.get("displayName") or "").lower()] = entry.name.lower(), area
        self._names = self._with_dependents(package, names)

    def _with_dependents(self, package: Package, changed: set[str]) -> set[str]:
        """Names that changed, and names whose formulas refer to something that changed."""
        defined = ooxml.child(package.xml(package.workbook_part), "definedNames")
        found = [
            (name.get("name", "").lower(), formulas.mentions(name.text or ""))
            for name in ooxml.children(defined, "definedName")
        ]
        self._names = set(changed)
        while more := {
            name for name, said in found if name not in self._names and self._concerns(said, None)
        }:
            self._names |= more
        return self._names

    def concerns_cell(self, attributes: bytes, text: bytes, cell: str, sheet: str) -> bool:
        """Whether a formula in a cell refers to something that changed, a shared one for any of its cells."""
        if b"dataTable" in attributes:
            return True
        formula = unescape(text)
        if b't="shared"' not in attributes:
            return self._concerns(formulas.mentions(formula), sheet)
        origin = parse_area(cell)
        area = parse_area(formula_attributes(attributes).get("ref", cell))
        corners = [
            formulas.mentions(formulas.moved_by(formula, row - origin.row1, column - origin.column1))
            for row, column in ((area.row1, area.column1), (area.row2, area.column2))
        ]
        first, last = corners
        if len(first.ranges) != len(last.ranges):  # beyond the edge of the sheet
            return True
        ranges = [
            (where, parse_area(one).united(parse_area(other)).ref)
            for (where, one), (_, other) in zip(first.ranges, last.ranges, strict=True)
        ]
        first.ranges = ranges
        return self._concerns(first, sheet)

    def _concerns(self, said: formulas.Mentions, own_sheet: str | None) -> bool:
        if said.computed or said.words & _READS_ANYTHING or said.words & self._names:
            return True
        if any(self._is_changed(sheet or own_sheet, reference) for sheet, reference in said.ranges):
            return True
        tables = said.tables | (said.words & self._tables.keys())
        return any(self._table_changed(table, own_sheet) for table in tables)

    def _is_changed(self, sheet: str | None, reference: str) -> bool:
        if sheet is not None and sheet.startswith("["):  # another workbook
            return False
        area = parse_area(reference)
        if sheet is None or ":" in sheet:  # several sheets, or any
            return any(area.intersects(other) for areas in self._areas.values() for other in areas)
        return any(area.intersects(other) for other in self._areas.get(sheet.lower(), ()))

    def _table_changed(self, table: str, own_sheet: str | None) -> bool:
        if not table:
            return own_sheet is None or own_sheet.lower() in self._areas
        if table not in self._tables:
            return True
        sheet, area = self._tables[table]
        return any(area.intersects(other) for other in self._areas.get(sheet, ()))


def _fewer(areas: Sequence[Area]) -> list[Area]:
    """Not many areas that hold the cells of many: those of the same columns become one."""
    if len(areas) <= _MOST_AREAS:
        return list(areas)
    united: dict[tuple[int, int], Area] = {}
    for area in areas:
        key = area.column1, area.column2
        united[key] = united[key].united(area) if key in united else area
    if len(united) <= _MOST_AREAS:
        return list(united.values())
    whole, *others = united.values()
    for area in others:
        whole = whole.united(area)
    return [whole]
