"""A sheet's XML cut into pieces of whole rows while it is inflated, so that memory stays small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from addin.hosts.xlsx.row_scanner import Unusual

PIECE = 1 << 22
STEP = 1 << 16
MOST_TAIL = 1 << 26
USUAL_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?P<declaration>[^>]*)\?>)?\s*(?:<!--.*?-->\s*)*(?P<root><worksheet[\s>][^>]*>)",
    re.S,
)
ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']+)")
END = b"</sheetData>"


class SheetPieces:
    """The rows of a sheet in pieces, to be iterated over once.

    Raises Unusual when the sheet does not begin as usual (other encodings, prefixes), so that it has to be
    parsed; also while iterating, when it does not end.

    Attributes
    ----------
    root : start tag of the root element, with its namespaces.
    before : what stands between it and the rows (views, columns).
    after : what stands behind the rows up to the end (merged cells, tables); there after the iteration.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        data = b""
        while (start := data.find(b"<sheetData")) < 0 or b">" not in data[start:]:
            more = stream.read(STEP)
            if not more or len(data) > PIECE:
                raise Unusual("no sheetData element")
            data += more
        match = USUAL_HEAD.match(data)
        if not match or match.end() > start or b"<!" in data[match.end() : start]:
            raise Unusual("no plain worksheet element")
        declared = ENCODING.search(match["declaration"] or b"")
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            raise Unusual("another encoding")
        self.root, self.before, self.after = match["root"], data[match.end() : start], b""
        self._data = data[start:]

    def __iter__(self) -> Iterator[bytes]:
        data = self._data
        begin = data.index(b">") + 1
        if data[:begin].endswith(b"/>"):
            self._read_after(data[begin:])
            return
        data, searched = data[begin:], 0
        while True:
            cut = data.rfind(b"</row>", searched) + 6
            # The rows end behind the last of them: looking there only is much faster than everywhere.
            end = data.find(END, cut if cut > 5 else searched)
            if end >= 0:
                break
            if cut > 5 and len(data) >= PIECE // 2:
                yield data[:cut]
                data = data[cut:]
            searched = max(len(data) - len(END), 0)
            more = self._stream.read(PIECE)
            if not more:
                raise Unusual("the rows do not end")
            data += more
        yield data[:end]
        self._read_after(data[end + len(END) :])

    def _read_after(self, data: bytes) -> None:
        """Reads to the end of the part, where its checksum is compared."""
        found = [data]
        size = len(data)
        while more := self._stream.read(PIECE):
            size += len(more)
            if size <= MOST_TAIL:
                found.append(more)
        self.after = b"".join(found) if size <= MOST_TAIL else b""
