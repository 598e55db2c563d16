"""Notes and comments move with their cells; those of deleted cells go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.shifts import GONE, Shift

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

# By kind of the relationship: the elements with the address of a cell, and its attribute.
_PARTS = {
    "comments": ("comment", "ref"),
    "threadedComment": ("threadedComment", "ref"),
    "tableSingleCells": ("singleXmlCell", "r"),
}


def move(sheet: Sheet, shift: Shift) -> None:
    """Moves the addresses in the sheet's parts for notes, threaded comments and cells mapped to XML."""
    package = sheet.book.package
    for rel in package.rels(sheet.part):
        if rel.kind not in _PARTS:
            continue
        element_name, attribute = _PARTS[rel.kind]
        for element in list(ooxml.walk(package.xml(rel.target), element_name)):
            old = element.get(attribute, "")
            new = shift.reference(old)
            if new == old:
                continue
            if new == GONE:
                ooxml.drop(element)
            else:
                element.set(attribute, new)
            package.changed(rel.target)
