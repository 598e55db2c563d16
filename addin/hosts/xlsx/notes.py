"""Notes on cells (what Excel called comments until 2019)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.drawings import parse_part
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
# Comments that belong to a thread are shown in Excel's own pane, not as notes.
_THREAD = "tc="
# Excel makes notes about this wide and high, in columns and rows.
_WIDE, _HIGH = 2, 4


@complete
class Note(base_classes.Note):
    """The note of one cell."""

    def __init__(self, sheet: Sheet, element: etree._Element) -> None:
        self._sheet = sheet
        self._element = element

    @property
    def api(self) -> etree._Element:
        return self._element

    @property
    def text(self) -> str:
        return "".join(part.text or "" for part in ooxml.walk(self._element, "t"))

    @text.setter
    def text(self, value: str) -> None:
        _set_text(self._element, value)
        _changed(self._sheet)

    @property
    def author(self) -> str:
        return _author(self._element)

    @property
    def location(self) -> Range:
        return self._sheet.area(parse_area(self._element.get("ref", "A1")))

    def delete(self) -> None:
        area = parse_area(self._element.get("ref", "A1"))
        ooxml.drop(self._element)
        _changed(self._sheet)
        _remove_shape(self._sheet, area)


def notes(sheet: Sheet) -> list[Note]:
    """All notes of a sheet, in the order of the file."""
    root = _comments(sheet)
    found = ooxml.walk(root, "comment") if root is not None else ()
    return [Note(sheet, element) for element in found if not _author(element).startswith(_THREAD)]


def note_at(sheet: Sheet, area: Area) -> Note | None:
    """The note of a cell, or None."""
    cell = Area(area.row1, area.column1, area.row1, area.column1).ref
    return next((note for note in notes(sheet) if note.api.get("ref") == cell), None)


def note_of_thread(sheet: Sheet, thread: str) -> Note | None:
    """The note that stands beside a threaded comment, or None."""
    root = _comments(sheet)
    found = ooxml.walk(root, "comment") if root is not None else ()
    return next((Note(sheet, element) for element in found if _author(element) == _THREAD + thread), None)


def add_note(sheet: Sheet, area: Area, text: str, author: str = "fenji") -> Note:
    """Puts a note on a cell that has none."""
    if note_at(sheet, area) is not None:
        raise ValueError(f"the cell {area.ref} has a note already")
    sheet.cells_store.check_open()
    root = _comments(sheet)
    if root is None:
        root = _new_comments(sheet)
    authors = ooxml.section(root, "authors", ["authors", "commentList", "extLst"])
    names = [element.text or "" for element in ooxml.children(authors, "author")]
    if author not in names:
        ooxml.add(authors, "author").text = author
        names.append(author)
    listed = ooxml.section(root, "commentList", ["authors", "commentList", "extLst"])
    cell = Area(area.row1, area.column1, area.row1, area.column1)
    element = ooxml.add(listed, "comment", ref=cell.ref, authorId=names.index(author))
    _set_text(element, text)
    _changed(sheet)
    _add_shape(sheet, cell)
    return Note(sheet, element)


def _comments(sheet: Sheet) -> etree._Element | None:
    package = sheet.book.package
    rel = package.rels(sheet.part).one("comments")
    return package.xml(rel.target) if rel is not None else None


def _new_comments(sheet: Sheet) -> etree._Element:
    package = sheet.book.package
    root = parse_part(package, f'<comments xmlns="{ooxml.MAIN}"><authors/><commentList/></comments>')
    part = package.add("xl/comments{}.xml", root, _COMMENTS_TYPE)
    package.rels(sheet.part).add("comments", part)
    return package.xml(part)


def _changed(sheet: Sheet) -> None:
    package = sheet.book.package
    rel = package.rels(sheet.part).one("comments")
    assert rel is not None
    package.changed(rel.target)


def _author(comment: etree._Element) -> str:
    authors = ooxml.children(next(ooxml.walk(comment.getroottree().getroot(), "authors"), None), "author")
    number = int(comment.get("authorId", "0"))
    return (authors[number].text or "") if number < len(authors) else ""


def _set_text(comment: etree._Element, text: str) -> None:
    comment[:] = []
    element = ooxml.add(ooxml.add(comment, "text"), "t")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


# Shapes are edited as text: VML written by Excel need not be well-formed XML.


def _vml(sheet: Sheet) -> tuple[str, str]:
    """The sheet's VML drawing: name of the part and its text; made when missing."""
    package = sheet.book.package
    root = sheet.cells_store.root
    reference = ooxml.child(root, "legacyDrawing")
    if reference is not None:
        rel = package.rels(sheet.part)[reference.get(ooxml.rel_attribute(root), "")]
        return rel.target, package.read(rel.target).decode()
    package.content_types.set_default("vml", _VML_TYPE)
    part = package.add("xl/drawings/vmlDrawing{}.vml", _EMPTY_VML.encode(), _VML_TYPE)
    rid = package.rels(sheet.part).add("vmlDrawing", part)
    made = ooxml.section(root, "legacyDrawing", ooxml.WORKSHEET_ORDER)
    made.set(ooxml.rel_attribute(root), rid)
    return part, _EMPTY_VML


def _add_shape(sheet: Sheet, cell: Area) -> None:
    part, text = _vml(sheet)
    used = [int(number) for number in re.findall(r"_x0000_s(\d+)", text)]
    row, column = cell.row1 - 1, cell.column1 - 1
    anchor = (
        f"{column + 1}, 15, {max(row - 1, 0)}, 10, {column + 1 + _WIDE}, 15, {max(row - 1, 0) + _HIGH}, 4"
    )
    shape = (
        f'<v:shape id="_x0000_s{max(used, default=1024) + 1}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:80pt;margin-top:5pt;width:104pt;height:64pt;z-index:1;'
        'visibility:hidden" fillcolor="infoBackground [80]" strokecolor="none [81]" o:insetmode="auto">'
        '<v:fill color2="infoBackground [80]"/><v:shadow color="none [81]" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div '
        'style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
    if "_x0000_t202" not in text:
        shape = re.search(r"<v:shapetype .*?</v:shapetype>", _EMPTY_VML)[0] + shape  # type: ignore[index]
    head, end, tail = text.rpartition("</xml>")
    sheet.book.package.write(part, (head + shape + end + tail).encode())


def _remove_shape(sheet: Sheet, cell: Area) -> None:
    part, text = _vml(sheet)
    for shape in re.findall(r"<v:shape\s.*?</v:shape>", text, re.DOTALL):
        row, column = re.search(r"<x:Row>(\d+)<", shape), re.search(r"<x:Column>(\d+)<", shape)
        if row and column and (int(row[1]), int(column[1])) == (cell.row1 - 1, cell.column1 - 1):
            text = text.replace(shape, "")
    sheet.book.package.write(part, text.encode())
