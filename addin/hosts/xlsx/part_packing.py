"""A part's new content, deflated while it is made: it waits for the save as the bytes that go into the file."""

from __future__ import annotations

import tempfile
import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

from addin.hosts.xlsx.zip_container import CHUNK, Deflater, fast_zlib

# Parts up to this size wait in memory for the save, larger ones in a temporary file.
IN_MEMORY = 1 << 26
# Pieces that wait to be deflated while the next ones are made.
WAITING = 2


@dataclass(frozen=True, slots=True)
class PackedPart:
    """Content for `Package.write`, which as a callable writes it inflated.

    Attributes
    ----------
    crc, size : of the content. packed : bytes it is deflated to.
    """

    crc: int
    size: int
    packed: int
    _spool: IO[bytes]

    def deflated(self) -> Iterator[bytes]:
        """The deflated bytes, in pieces."""
        self._spool.seek(0)
        while data := self._spool.read(CHUNK):
            yield data

    def __call__(self, out: BinaryIO) -> None:
        inflater = fast_zlib.decompressobj(-zlib.MAX_WBITS)
        for data in self.deflated():
            out.write(inflater.decompress(data))


class Packer:
    """Takes the content of a part piece by piece and deflates it in a thread of its own.

    Examples
    --------
    >>> import io
    >>> with packer() as p:
    ...     p.write(b"<row/>")
    ...     part = p.finish()
    >>> part(out := io.BytesIO())
    >>> part.size, out.getvalue()
    (6, b'<row/>')
    """

    def __init__(self, worker: ThreadPoolExecutor) -> None:
        self._worker = worker
        self._waiting: deque[Future[int]] = deque()
        self._spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the part keeps it
        self._deflater = Deflater(self._spool)  # type: ignore[arg-type]

    def write(self, data: bytes | memoryview) -> None:
        """The next piece; it must not change afterwards."""
        self._waiting.append(self._worker.submit(self._deflater.write, data))
        self._wait(WAITING)

    def finish(self) -> PackedPart:
        """The part, once all its pieces are there."""
        self._wait(0)
        self._deflater.finish()
        return PackedPart(self._deflater.crc, self._deflater.size, self._spool.tell(), self._spool)

    def _wait(self, most: int) -> None:
        while len(self._waiting) > most:
            self._waiting.popleft().result()


@contextmanager
def packer() -> Iterator[Packer]:
    """A `Packer`, whose thread ends with the block."""
    with ThreadPoolExecutor(1, "packer") as worker:
        yield Packer(worker)
