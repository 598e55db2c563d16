"""A worksheet part: everything around its cells as a small tree, its cells as bytes.

Settings, merged cells, formats, validations, links and the like are a tree to read and change (`root`, in which
`sheetData` is empty). When the part is written, children of the root that did not change leave as the bytes they
came in; changed ones are written anew in their place. The rows of large sheets are read in pieces.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

from addin.hosts.xlsx import ooxml, safe_xml
from addin.hosts.xlsx.errors import CorruptWorkbook

# Parts up to this size are kept whole while they are open.
KEEP = 1 << 26
STEP = 1 << 24
PIECE = 1 << 22  # rows that are kept are looked through in pieces: often only the first ones are asked for
_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.\-]*:)?)sheetData(\s[^>]*?)?(/?)>")
_BOM = b"\xef\xbb\xbf"
_FIRST_TAG = re.compile(rb"<[^>]*>")


class SheetPart:
    """One worksheet part, split.

    Parameters
    ----------
    content : opens the part, however often.
    file, name : the workbook's and the part's name, for messages.

    Attributes
    ----------
    root : the tree without cells; change it in place.
    prefix : namespace prefix of the part's elements with its colon ("x:"), or "".
    """

    def __init__(self, content: Callable[[], BinaryIO], file: str = "", name: str = "") -> None:
        self._content = content
        self.file, self.name = file, name
        with content() as stream:
            head = stream.read(KEEP)
            safe_xml.check_prolog(head[: safe_xml.PROLOG_BYTES], file, name)
            if len(head) == KEEP and not head.startswith(_BOM) and not _is_recoded(head):
                before, after = self._skim(head, stream)
            else:
                before, after = self._split(_as_utf8(head + stream.read(), file, name))
        empty = f"<{self.prefix}sheetData/>".encode()
        frame = before + empty + after
        self.root = safe_xml.parse(frame, file, name)
        self._start, pieces, self._end = _pieces(frame)
        self._behind_rows = next((p.removeprefix(empty) for p in pieces if p.startswith(empty)), b"")
        elements = [item for item in self.root if isinstance(item.tag, str)]
        self._original = {
            element: (etree.tostring(element), piece) for element, piece in zip(elements, pieces, strict=True)
        }

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        """What stands before and after the rows; the rows are kept."""
        match = self._begin(data)
        end = match.end() if match[3] else data.rfind(self._closing)
        if end < match.end():
            raise self._unfinished()
        self._rows: bytes | None = b"" if match[3] else data[match.end() : end]
        after = match.end() if match[3] else data.index(b">", end) + 1
        return data[: match.start()], data[after:]

    def _skim(self, head: bytes, stream: BinaryIO) -> tuple[bytes, bytes]:
        """The same for a large part, whose rows are not kept."""
        match = self._begin(head)
        if match[3]:
            return self._split(head + stream.read())
        self._rows = None
        self._first = match.end()
        data = head
        while (end := data.rfind(self._closing)) < 0:
            more = stream.read(STEP)
            if not more:
                raise self._unfinished()
            data = data[-64:] + more
        data = data[end:] + stream.read()
        return head[: match.start()], data[data.index(b">") + 1 :]

    def _unfinished(self) -> CorruptWorkbook:
        return CorruptWorkbook(self.file, self.name, zh="单元格数据不完整", en="its cells do not end")

    def _begin(self, data: bytes) -> re.Match[bytes]:
        match = _SHEET_DATA.search(data)
        if match is None:
            raise CorruptWorkbook(self.file, self.name, zh="没有单元格数据", en="it holds no cells")
        self.prefix = match[1].decode()
        self._closing = b"</" + match[1] + b"sheetData"
        return match

    @property
    def rows(self) -> bytes:
        """The bytes of all rows, between `<sheetData>` and `</sheetData>`."""
        return self._rows if self._rows is not None else b"".join(self.pieces())

    @property
    def is_large(self) -> bool:
        """Whether its rows are too many to be kept in memory without need."""
        return self._rows is None

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the rows, in pieces of whole rows."""
        row_end = b"</" + self.prefix.encode() + b"row>"
        if self._rows is not None:
            start = 0
            while (cut := self._rows.find(row_end, start + PIECE)) >= 0:
                yield self._rows[start : cut + len(row_end)]
                start = cut + len(row_end)
            yield self._rows[start:]
            return
        with self._content() as stream:
            stream.read(self._first)
            data = b""
            while more := stream.read(STEP):
                data += more
                end = data.find(self._closing, max(len(data) - len(more) - 64, 0))
                if end >= 0:
                    yield data[:end]
                    return
                cut = data.rfind(row_end)
                if cut >= 0:
                    yield data[: cut + len(row_end)]
                    data = data[cut + len(row_end) :]

    def changed(self) -> bool:
        """Whether the tree differs from what was read."""
        elements = [item for item in self.root if isinstance(item.tag, str)]
        return elements != list(self._original) or any(
            etree.tostring(element) != self._original[element][0] for element in elements
        )

    def frame(self) -> tuple[bytes, bytes]:
        """The bytes before and after the rows, `sheetData` tags included."""
        before, after = [self._start], []
        target = before
        for element in self.root:
            if ooxml.local(element) == "sheetData":
                target.append(f"<{self.prefix}sheetData>".encode())
                after.append(f"</{self.prefix}sheetData>".encode() + self._behind_rows)
                target = after
            elif isinstance(element.tag, str):  # comments belong to the piece before them
                target.append(self._bytes(element))
        after.append(self._end)
        return b"".join(before), b"".join(after)

    def _bytes(self, element: etree._Element) -> bytes:
        text = etree.tostring(element, encoding="UTF-8").removeprefix(
            b"<?xml version='1.0' encoding='UTF-8'?>\n"
        )
        known = self._original.get(element)
        if known is not None and etree.tostring(element) == known[0]:
            return known[1]
        return self._without_declarations(text)

    def _without_declarations(self, text: bytes) -> bytes:
        """Drops the namespace declarations the root has already."""
        first = _FIRST_TAG.match(text)
        if first is None:
            return text
        tag = first[0]
        for prefix, uri in self.root.nsmap.items():
            name = f":{prefix}" if prefix else ""
            tag = tag.replace(f' xmlns{name}="{uri}"'.encode(), b"")
        return tag + text[first.end() :]

    def child(self, name: str) -> etree._Element | None:
        """The root's first child with this local name, or None."""
        return ooxml.child(self.root, name)

    def section(self, name: str) -> etree._Element:
        """The root's child with this name, made in its place when missing."""
        return ooxml.section(self.root, name, ooxml.WORKSHEET_ORDER)

    def drop(self, name: str) -> None:
        """Removes all children of the root with this name."""
        for element in ooxml.children(self.root, name):
            self.root.remove(element)


def _is_recoded(data: bytes) -> bool:
    """Whether a part stands in another encoding than UTF-8: rare, but allowed."""
    declaration = data[:200]
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        b"encoding=" in declaration and not re.search(rb"encoding=[\"'](utf-8|us-ascii)", declaration, re.I)
    )


def _as_utf8(data: bytes, file: str, name: str) -> bytes:
    """The part in UTF-8 without a byte order mark."""
    if data.startswith(_BOM):
        return data[len(_BOM) :]
    if _is_recoded(data):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as e:
            raise CorruptWorkbook(file, name, zh=f"XML 有错误（{e}）", en=f"its XML is broken ({e})") from e
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data


def _pieces(frame: bytes) -> tuple[bytes, list[bytes], bytes]:
    """A document's bytes cut at the root's children: before the first, each one with what follows it, the end."""
    starts: list[int] = []
    end = [len(frame)]
    depth = [0]
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: object) -> None:
        if depth[0] == 1:
            starts.append(parser.CurrentByteIndex)
        depth[0] += 1

    def finish(_name: str) -> None:
        depth[0] -= 1
        if depth[0] == 0:
            end[0] = parser.CurrentByteIndex

    parser.StartElementHandler = start
    parser.EndElementHandler = finish
    parser.Parse(frame, True)
    bounds = [*starts, end[0]]
    return frame[: bounds[0]], [frame[a:b] for a, b in itertools.pairwise(bounds)], frame[end[0] :]
