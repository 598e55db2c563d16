"""The vocabulary of Office Open XML: namespaces, relationship types, and the order of elements.

Elements are looked up by their local name, because a workbook may be transitional or Strict, prefixed or not;
elements are made in the namespace of the root they go into.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
SHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"

_STRICT_ROOT = "http://purl.oclc.org/ooxml/"
STRICT_MAIN = _STRICT_ROOT + "spreadsheetml/main"
STRICT_REL = _STRICT_ROOT + "officeDocument/relationships"

# (transitional, Strict), longest first where one begins with another.
_PAIRS = [
    (MAIN, STRICT_MAIN),
    (REL, STRICT_REL),
    *(
        (f"http://schemas.openxmlformats.org/drawingml/2006/{name}", f"{_STRICT_ROOT}drawingml/{name}")
        for name in (
            "main",
            "chartDrawing",
            "chart",
            "spreadsheetDrawing",
            "diagram",
            "lockedCanvas",
            "picture",
            "compatibility",
        )
    ),
    *(
        (
            f"http://schemas.openxmlformats.org/officeDocument/2006/{old}",
            f"{_STRICT_ROOT}officeDocument/{new}",
        )
        for old, new in (
            ("sharedTypes", "sharedTypes"),
            ("math", "math"),
            ("customXml", "customXml"),
            ("docPropsVTypes", "docPropsVTypes"),
            ("extended-properties", "extendedProperties"),
            ("custom-properties", "customProperties"),
        )
    ),
]

WORKBOOK_ORDER = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "revisionPtr",
    "absPath",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
]
WORKSHEET_ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
STYLES_ORDER = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
]


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions.

    >>> local(etree.fromstring('<x:c xmlns:x="urn:x"/>'))
    'c'
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """The child elements with this local name; [] for no element."""
    return [] if element is None else [child for child in element if local(child) == name]


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child element with this local name, or None."""
    if element is not None:
        for candidate in element:
            if local(candidate) == name:
                return candidate
    return None


def walk(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The element itself and all below it that have one of these local names, in document order."""
    return element.iter(*(f"{{*}}{name}" for name in names))


def namespace(element: etree._Element) -> str:
    """The namespace of an element."""
    return etree.QName(element).namespace or ""


def rel_attribute(root: etree._Element, name: str = "id") -> str:
    """The name of the attribute r:id in a part: Strict parts have a namespace of their own for it."""
    return f"{{{STRICT_REL if namespace(root).startswith(_STRICT_ROOT) else REL}}}{name}"


def add(parent: etree._Element, name: str, /, **attributes: object) -> etree._Element:
    """Appends an element in the parent's namespace."""
    element = etree.SubElement(parent, f"{{{namespace(parent)}}}{name}")
    for key, value in attributes.items():
        element.set(key, str(value))
    return element


def section(root: etree._Element, name: str, order: list[str]) -> etree._Element:
    """The child `name` of a root whose children have a fixed order; made in its place when missing."""
    found = child(root, name)
    if found is not None:
        return found
    made = etree.Element(f"{{{namespace(root)}}}{name}")
    insert_in_order(root, made, order)
    return made


def insert_in_order(root: etree._Element, element: etree._Element, order: list[str]) -> None:
    """Puts an element before the first child that must come after it."""
    later = set(order[order.index(local(element)) + 1 :])
    for position, candidate in enumerate(root):
        if local(candidate) in later:
            root.insert(position, element)
            return
    root.append(element)


def unset(element: etree._Element, *attributes: str) -> None:
    """Takes attributes off an element where it has them."""
    for name in attributes:
        if name in element.attrib:
            del element.attrib[name]


def drop(element: etree._Element) -> None:
    """Removes an element from its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def drop_with_empty_parents(element: etree._Element) -> None:
    """Removes an element, and its parents (but not the root) that then hold nothing."""
    parent = element.getparent()
    drop(element)
    if parent is not None and len(parent) == 0 and parent.getparent() is not None:
        drop_with_empty_parents(parent)


def to_strict(data: bytes) -> bytes:
    """The XML of a part with Strict namespaces in place of the transitional ones."""
    for old, new in _PAIRS:
        data = data.replace(old.encode(), new.encode())
    return data


def to_transitional(data: bytes) -> bytes:
    """The XML of a part with transitional namespaces in place of the Strict ones."""
    for old, new in _PAIRS:
        data = data.replace(new.encode(), old.encode())
    return data
