"""Relationships between parts, and the content types of parts (Open Packaging Conventions, 9 and 10)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

if TYPE_CHECKING:
    from addin.hosts.xlsx.package import Package

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
CONTENT_TYPES_PART = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part.

    Attributes
    ----------
    id : "rId1"
    type : the type's address; the Strict form is given as its Transitional equal.
    target : name of the target part ("xl/worksheets/sheet1.xml"), or the address as it stands when external.
    external : true for hyperlinks and linked files, and for places inside the workbook ("#Sheet1!A1").
    """

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type: "worksheet", "sharedStrings", "drawing"."""
        return self.type.rsplit("/", 1)[-1]


class Relationships:
    """The relationships of one part; "" is the package itself. Reading never creates anything."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self.part = package, part
        self.name = rels_name(part)

    def __iter__(self) -> Iterator[Relationship]:
        return (self._relationship(element) for element in self._elements())

    def _elements(self) -> Iterator[etree._Element]:
        if self.name in self._package:
            for element in self._package.xml(self.name):
                if isinstance(element.tag, str) and element.get("Id"):
                    yield element

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, rid: str) -> bool:
        return self.get(rid) is not None

    def __getitem__(self, rid: str) -> Relationship:
        found = self.get(rid)
        if found is None:
            raise KeyError(f"{self.part} has no relationship {rid}")
        return found

    def get(self, rid: str | None) -> Relationship | None:
        return next((self._relationship(e) for e in self._elements() if e.get("Id") == rid), None)

    def by_type(self, kind: str) -> list[Relationship]:
        """Those whose type is, or ends with, `kind` ("worksheet", "drawing")."""
        return [r for r in self if kind in (r.kind, r.type)]

    def one(self, kind: str) -> Relationship | None:
        """The first of this type, or None."""
        return next(iter(self.by_type(kind)), None)

    def to(self, target: str) -> Relationship | None:
        """The first one that leads to this part, or None."""
        return next((r for r in self if not r.external and r.target.lower() == target.lower()), None)

    def add(self, kind: str, target: str, external: bool = False) -> str:
        """A new relationship; returns its id. A bare word as `kind` means an Office type ("worksheet")."""
        package = self._package
        if self.name not in package:
            package.write(self.name, etree.fromstring(f'<Relationships xmlns="{PACKAGE}"/>'))
        root = package.edit(self.name)
        used = {e.get("Id", "").lower() for e in root if isinstance(e.tag, str)}
        number = len(used) + 1
        while f"rid{number}" in used:
            number += 1
        element = etree.SubElement(root, f"{{{PACKAGE}}}Relationship")
        element.set("Id", f"rId{number}")
        if "/" not in kind:
            kind = f"{OFFICE_STRICT if package.strict else OFFICE}/{kind}"
        element.set("Type", kind)
        element.set("Target", target if external else relative_target(self.part, target))
        if external:
            element.set("TargetMode", "External")
        return f"rId{number}"

    def remove(self, rid: str) -> None:
        """Takes one relationship away; the part it leads to stays."""
        root = self._package.edit(self.name)
        for element in list(root):
            if isinstance(element.tag, str) and element.get("Id") == rid:
                root.remove(element)

    def _relationship(self, element: etree._Element) -> Relationship:
        kind, target = element.get("Type", ""), element.get("Target", "")
        if kind.startswith(OFFICE_STRICT):
            kind = OFFICE + kind[len(OFFICE_STRICT) :]
        external = element.get("TargetMode") == "External" or target.startswith("#")
        if not external:
            target = self._package.find(resolve_target(self.part, target))
        return Relationship(element.get("Id", ""), kind, target, external)


class ContentTypes:
    """What each part is. A part's own entry goes before the default of its ending."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def get(self, part: str) -> str | None:
        """Content type of a part, or None when nothing declares one."""
        override = self._override(self._package.xml(CONTENT_TYPES_PART), part)
        if override is not None:
            return override.get("ContentType")
        return self._default(part.rpartition(".")[2])

    def set(self, part: str, content_type: str) -> None:
        """Declares the content type of a part, unless it already has it."""
        if self.get(part) == content_type:
            return
        root = self._package.edit(CONTENT_TYPES_PART)
        override = self._override(root, part)
        if override is None:
            override = etree.SubElement(root, f"{{{TYPES}}}Override")
            override.set("PartName", "/" + part.lstrip("/"))
        override.set("ContentType", content_type)

    def set_default(self, ending: str, content_type: str) -> None:
        """Declares the content type of an ending ("png") where there is none yet."""
        if self._default(ending) is None:
            root = self._package.edit(CONTENT_TYPES_PART)
            element = etree.Element(f"{{{TYPES}}}Default")
            element.set("Extension", ending.lstrip("."))
            element.set("ContentType", content_type)
            root.insert(0, element)

    def remove(self, part: str) -> None:
        """Forgets a part's own entry."""
        if self._override(self._package.xml(CONTENT_TYPES_PART), part) is not None:
            root = self._package.edit(CONTENT_TYPES_PART)
            override = self._override(root, part)
            assert override is not None
            root.remove(override)

    def _override(self, root: etree._Element, part: str) -> etree._Element | None:
        wanted = "/" + part.lstrip("/").lower()
        for element in root.iter(f"{{{TYPES}}}Override"):
            if element.get("PartName", "").lower() == wanted:
                return element
        return None

    def _default(self, ending: str) -> str | None:
        wanted = ending.lstrip(".").lower()
        for element in self._package.xml(CONTENT_TYPES_PART).iter(f"{{{TYPES}}}Default"):
            if element.get("Extension", "").lower() == wanted:
                return element.get("ContentType")
        return None


def rels_name(part: str) -> str:
    """Name of the part that holds a part's relationships.

    >>> rels_name("xl/workbook.xml"), rels_name("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


@lru_cache(maxsize=8192)
def resolve_target(part: str, target: str) -> str:
    """Name of the part a target leads to, seen from the part that holds the relationship.

    >>> resolve_target("xl/worksheets/sheet1.xml", "../tables/table1.xml")
    'xl/tables/table1.xml'
    """
    target = target.replace("\\", "/")
    path = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
    return path.lstrip("/")


@lru_cache(maxsize=8192)
def relative_target(part: str, target: str) -> str:
    """How a part is written as a target, seen from the part that holds the relationship.

    >>> relative_target("xl/worksheets/sheet1.xml", "xl/tables/table1.xml")
    '../tables/table1.xml'
    """
    return posixpath.relpath("/" + target.lstrip("/"), "/" + posixpath.dirname(part))


def unescaped(name: str) -> str:
    """A part name with %20 and the like written out, as some programs write them in the zip file."""
    return unquote(name)
