"""Lets what refers to cells follow them: charts, names, formats, validations, pivots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from lxml import etree

from addin.hosts.xlsx import cell_formulas, formulas, ooxml, sheet_list
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.lost_columns import GoneColumns, without_columns
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.table_moves import TableMove

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

# Elements of a chart that hold values or categories; titles and series names name single cells.
_SERIES_DATA = ("cat", "val", "xVal", "yVal", "bubbleSize", "plus", "minus", "datalabelsRange")
# Sheets up to this size in bytes are loaded to look for rules about another sheet's table.
_SEARCHED_SHEET = 1 << 22
_CHART_KINDS = ("chart", "chartEx")
_RANGE_RULES = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")
_RULE_FORMULAS = ("formula", "formula1", "formula2", "f", "cfvo")


class Move(Protocol):
    """Where references to cells of one sheet go: `TableMove` for a resized table, `Shift` for inserted cells."""

    @property
    def follows_single_cells(self) -> bool:
        """Whether references to single cells go along, not only those to whole columns of data."""

    @property
    def moves_cells(self) -> bool:
        """Whether cells themselves change their place."""

    def reference(self, reference: str) -> str:
        """A reference such as `$B$5:$B$7` afterwards, `#REF!` when its cells are deleted."""

    def formula_reference(self, reference: str) -> str:
        """The same for a reference in a formula."""

    def disturbs(self, reference: str) -> bool:
        """Whether a formula that refers to these cells may have another value afterwards."""

    def ranges(self, text: str) -> str:
        """A list of ranges such as `B5:B7 D5:D7` afterwards."""

    def for_name(self, name: str) -> Callable[[str], str] | None:
        """What moves the references of a defined name; None where they stay."""


def chart_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Every chart: the sheet it stands on, and its part."""
    for entry in sheet_list.entries(package):
        for drawing in package.rels(entry.part).by_type("drawing"):
            for rel in package.rels(drawing.target):
                if rel.kind in _CHART_KINDS:
                    yield entry.name, rel.target


def follow_resized_table(sheet: Sheet, move: TableMove) -> None:
    """Moves all that refers to the cells of a table of `sheet`, in the whole workbook.

    Other large sheets are searched for the sheet's name first, without being loaded; not where the sheet was made
    since the workbook was opened, for then nothing in the file refers to it.
    """
    if move.moves_nothing:
        return
    package = sheet.book.package
    name = sheet.name
    follow(package, name, move)
    cell_formulas.follow(sheet.book, name, move)
    marks = cell_formulas.marks_of(name)
    for other in sheet.book.sheets:
        near = other is sheet or other.cells_store.is_loaded or package.size(other.part) <= _SEARCHED_SHEET
        if near or (not sheet.is_new and cell_formulas.mentions(package, other.part, marks)):
            follow_on_sheet(other.root, other.name, name, move)


def follow(package: Package, sheet: str, move: Move, lost: Mapping[str, GoneColumns] | None = None) -> None:
    """Moves what lies outside the sheets' own parts: charts, names, pivot sources.

    The sheets' parts are moved by `follow_on_sheet`. `lost` are columns tables lose, by name of the table.
    """
    for _, part in chart_parts(package):
        if _move_chart(package.xml(part), sheet, move):
            package.changed(part)
    root = package.xml(package.workbook_part)
    for name in ooxml.children(ooxml.child(root, "definedNames"), "definedName"):
        moved = without_columns(_moved_name(name, sheet, move), lost or {})
        if moved.endswith("#REF!") and name.get("name") == "_xlnm._FilterDatabase":
            ooxml.drop_with_empty_parents(name)
            package.changed(package.workbook_part)
        elif moved != (name.text or ""):
            name.text = moved
            package.changed(package.workbook_part)
    for rel in package.rels(package.workbook_part).by_type("pivotCacheDefinition"):
        for source in ooxml.walk(package.xml(rel.target), "worksheetSource", "rangeSet"):
            reference = source.get("ref", "")
            if source.get("sheet", "").lower() == sheet.lower() and reference:
                moved = move.reference(reference)
                if moved not in (reference, "#REF!"):
                    source.set("ref", moved)
                    package.changed(rel.target)


def follow_on_sheet(root: etree._Element, own_sheet: str, sheet: str, move: Move) -> None:
    """Moves conditional formats, validations, sparklines and their formulas of one sheet.

    Parameters
    ----------
    root : the worksheet element; its cells are not needed and not looked at.
    own_sheet : the name of that sheet.
    sheet, move : the sheet of the table, and how the table moves.
    """
    on_same_sheet = own_sheet.lower() == sheet.lower()
    for element in root:
        if ooxml.local(element) in ("sheetData", "cols", "sheetViews"):
            continue
        for inner in element.iter():
            name = ooxml.local(inner)
            if on_same_sheet and name in _RANGE_RULES and inner.get("sqref"):
                _set(inner, "sqref", move.ranges(inner.get("sqref", "")))
            elif on_same_sheet and name == "sqref" and inner.text:
                inner.text = move.ranges(inner.text)
            elif name in _RULE_FORMULAS and inner.text and inner.text.strip():
                inner.text = formulas.map_ranges(inner.text, own_sheet, sheet, move.formula_reference)
            elif name == "cfvo" and inner.get("type") == "formula" and inner.get("val"):
                value = formulas.map_ranges(inner.get("val", ""), own_sheet, sheet, move.formula_reference)
                _set(inner, "val", value)


def _set(element: etree._Element, attribute: str, value: str) -> None:
    if element.get(attribute) != value:
        element.set(attribute, value)


def _move_chart(root: etree._Element, sheet: str, move: Move) -> bool:
    changed = False
    for holder in [root] if move.follows_single_cells else ooxml.walk(root, *_SERIES_DATA):
        for element in ooxml.walk(holder, "f"):
            text = element.text or ""
            moved = formulas.map_ranges(text, None, sheet, move.reference)
            if moved != text:
                element.text = moved
                changed = True
    return changed


def _moved_name(name: etree._Element, sheet: str, move: Move) -> str:
    text = name.text or ""
    mover = move.for_name(name.get("name", ""))
    return text if mover is None else formulas.map_ranges(text, None, sheet, mover)


def areas_of(formula: str) -> list[tuple[str, Area]]:
    """Sheets and areas a chart formula such as `(S!$A$1:$A$9,S!$C$1)` covers.

    >>> areas_of("'My data'!$A$1:$A$9")
    [('My data', Area(row1=1, column1=1, row2=9, column2=1))]
    """
    found: list[tuple[str, Area]] = []
    for piece in formulas.split_union(formula):
        sheet, _, reference = piece.rpartition("!")
        if sheet and not sheet.lstrip("'").startswith("["):
            try:
                found.append((formulas.unquote_sheet(sheet), parse_area(reference)))
            except ValueError:
                return []
    return found
