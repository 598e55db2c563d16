"""Threaded comments: a text, replies, and whether the thread is resolved.

Beside each thread stands a note for programs that know no threads; it says the same.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import notes, ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.package import Package
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet

_NAMESPACE = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_RELATION = "http://schemas.microsoft.com/office/2017/10/relationships/"
_THREADS_TYPE = "application/vnd.ms-excel.threadedcomments+xml"
_PERSONS_TYPE = "application/vnd.ms-excel.person+xml"
AUTHOR = "fenji"


@complete
class Comment(base_classes.Comment):
    """The thread of one cell."""

    def __init__(self, sheet: Sheet, element: etree._Element) -> None:
        self._sheet, self._element = sheet, element

    @property
    def api(self) -> etree._Element:
        return self._element

    @property
    def _id(self) -> str:
        return self._element.get("id", "")

    @property
    def text(self) -> str:
        return _text(self._element)

    @text.setter
    def text(self, value: str) -> None:
        _set_text(self._element, value)
        self._changed()

    @property
    def author(self) -> str:
        package = self._sheet.book.package
        for rel in package.rels(package.workbook_part).by_type("person"):
            for person in ooxml.walk(package.xml(rel.target), "person"):
                if person.get("id") == self._element.get("personId"):
                    return person.get("displayName", "")
        return ""

    @property
    def creation_date(self) -> dt.datetime | None:
        try:
            return dt.datetime.fromisoformat(self._element.get("dT", "")[:19])
        except ValueError:
            return None

    @property
    def resolved(self) -> bool:
        return self._element.get("done") in ("1", "true")

    def set_resolved(self, value: bool) -> None:
        """Resolves the thread, or opens it again."""
        self._element.set("done", "1" if value else "0")
        self._changed()

    @property
    def location(self) -> Range:
        return self._sheet.area(parse_area(self._element.get("ref", "A1")))

    def _replies(self) -> list[etree._Element]:
        root = self._element.getparent()
        assert root is not None
        return [e for e in ooxml.children(root, "threadedComment") if e.get("parentId") == self._id]

    @property
    def replies(self) -> list[CommentReply]:
        return [CommentReply(element) for element in self._replies()]

    def add_reply(self, text: str) -> None:
        """Adds a reply at the end of the thread."""
        element = _new_comment(self._sheet, self._element.get("ref", "A1"), text, parent=self._id)
        ([self._element, *self._replies()])[-1].addnext(element)
        self._changed()

    def delete(self) -> None:
        """Deletes the thread with its replies, and the note beside it."""
        note = self._note()
        for element in [*self._replies(), self._element]:
            ooxml.drop(element)
        _part_changed(self._sheet)
        if note is not None:
            note.delete()

    def _note(self) -> notes.Note | None:
        return notes.note_of_thread(self._sheet, self._id)

    def _changed(self) -> None:
        _part_changed(self._sheet)
        note = self._note()
        if note is not None:
            note.text = _as_note(self)


@complete
class CommentReply(base_classes.CommentReply):
    """One reply of a thread."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element

    @property
    def text(self) -> str:
        return _text(self._element)


def comments(sheet: Sheet) -> list[Comment]:
    """The threads of a sheet, in the order of the file."""
    rel = sheet.book.package.rels(sheet.part).one("threadedComment")
    if rel is None:
        return []
    elements = ooxml.children(sheet.book.package.xml(rel.target), "threadedComment")
    return [Comment(sheet, element) for element in elements if not element.get("parentId")]


def comment_at(sheet: Sheet, area: Area) -> Comment | None:
    """The thread of a cell, or None."""
    cell = Area(area.row1, area.column1, area.row1, area.column1).ref
    return next((comment for comment in comments(sheet) if comment.api.get("ref") == cell), None)


def add_comment(sheet: Sheet, area: Area, text: str) -> Comment:
    """Starts a thread on a cell that has neither a thread nor a note."""
    if comment_at(sheet, area) is not None or notes.note_at(sheet, area) is not None:
        raise ValueError(f"the cell {area.ref} has a comment or note already")
    sheet.cells_store.check_open()
    package = sheet.book.package
    part = _list_part(package, sheet.part, "threadedComment", "ThreadedComments", _THREADS_TYPE)
    element = _new_comment(sheet, area.ref, text)
    package.edit(part).append(element)
    comment = Comment(sheet, element)
    notes.add_note(sheet, area, _as_note(comment), author=f"tc={element.get('id')}")
    return comment


def _new_comment(sheet: Sheet, ref: str, text: str, parent: str | None = None) -> etree._Element:
    element = etree.Element(f"{{{_NAMESPACE}}}threadedComment", nsmap={None: _NAMESPACE})
    element.set("ref", ref)
    element.set("dT", dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.00"))
    element.set("personId", _person(sheet))
    element.set("id", _new_id())
    if parent:
        element.set("parentId", parent)
    _set_text(element, text)
    return element


def _list_part(package: Package, owner: str, kind: str, root_name: str, content_type: str) -> str:
    """The part in which a sheet's threads or a workbook's persons are listed, made when missing."""
    rel = package.rels(owner).one(kind)
    if rel is not None:
        return rel.target
    root = etree.Element(f"{{{_NAMESPACE}}}{root_name}", nsmap={None: _NAMESPACE})
    part = package.add(f"xl/{kind}s/{kind}{{}}.xml", root, content_type)
    package.rels(owner).add(_RELATION + kind, part)
    return part


def _person(sheet: Sheet) -> str:
    """The id of the author in the workbook's list of persons, listed when missing."""
    package = sheet.book.package
    part = _list_part(package, package.workbook_part, "person", "personList", _PERSONS_TYPE)
    root = package.xml(part)
    for person in ooxml.children(root, "person"):
        if person.get("displayName") == AUTHOR:
            return person.get("id", "")
    element = ooxml.add(package.edit(part), "person", displayName=AUTHOR, id=_new_id())
    element.set("userId", AUTHOR)
    element.set("providerId", "None")
    return element.get("id", "")


def _new_id() -> str:
    return "{" + str(uuid.uuid4()).upper() + "}"


def _text(element: etree._Element) -> str:
    inner = ooxml.child(element, "text")
    return "" if inner is None else inner.text or ""


def _set_text(element: etree._Element, value: str) -> None:
    inner = ooxml.child(element, "text")
    if inner is None:
        inner = etree.Element(f"{{{_NAMESPACE}}}text")
        element.insert(0, inner)
    inner.text = value


def _as_note(comment: Comment) -> str:
    """The thread as one text."""
    lines = [f"Comment:\n    {comment.text}"]
    if comment.api.getparent() is not None:
        lines += [f"Reply:\n    {reply.text}" for reply in comment.replies]
    return "\n".join(lines)


def _part_changed(sheet: Sheet) -> None:
    rel = sheet.book.package.rels(sheet.part).one("threadedComment")
    assert rel is not None
    sheet.book.package.changed(rel.target)
