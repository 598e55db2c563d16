"""Renames a sheet: every formula, name, chart and link that mentions it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import formulas, ooxml, sheet_list
from addin.hosts.xlsx.cell_formulas import marks_of, mentions

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book


def rename_sheet(book: Book, old: str, new: str) -> None:
    """Gives a sheet another name, and the parts that mention it by name too."""
    package = book.package
    entry = sheet_list.entry(package, old)
    assert entry is not None
    sheets = ooxml.children(ooxml.child(book.root, "sheets"), "sheet")
    sheets[entry.position].set("name", new)
    package.changed(package.workbook_part)
    renames = {old.lower(): new}
    for name in ooxml.children(ooxml.child(book.root, "definedNames"), "definedName"):
        name.text = formulas.rename(name.text or "", renames, {})
    marks = marks_of(old)
    book.write_parts()
    for part in package.names():
        if not part.lower().endswith(".xml") or not part.startswith("xl/") or part == package.workbook_part:
            continue
        if "/worksheets/" in part and not mentions(package, part, marks):
            continue
        _rename_in(book, part, renames, marks)
    book.refresh()


def _rename_in(book: Book, part: str, renames: dict[str, str], marks: set[bytes]) -> None:
    """Renames the sheet in the formulas and references of one part."""
    if not any(mark in book.package.read(part) for mark in marks):
        return
    root = book.package.xml(part)
    changed = False
    for element in ooxml.walk(root, "f", "formula", "formula1", "formula2", "ref", "calculatedColumnFormula"):
        text = element.text
        if text and (renamed := formulas.rename(text, renames, {})) != text:
            element.text = renamed
            changed = True
    for element in ooxml.walk(root, "worksheetSource"):
        if (element.get("sheet") or "").lower() in renames:
            element.set("sheet", renames[(element.get("sheet") or "").lower()])
            changed = True
    for element in ooxml.walk(root, "hyperlink"):
        location = element.get("location")
        if location and (renamed := formulas.rename(location, renames, {})) != location:
            element.set("location", renamed)
            changed = True
    if changed:
        book.package.changed(part)
