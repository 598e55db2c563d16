"""The zip file around a workbook: its directory, one part at a time, and a writer that copies parts raw.

Only what workbooks use: parts that are stored or deflated, below 4 GB. Nothing is inflated before it is
read, and never beyond the size its directory entry declares.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

try:
    from isal import isal_zlib
except ImportError:  # platforms without wheels of isal
    isal_zlib = None  # type: ignore[assignment]

from addin.hosts.xlsx.errors import CorruptWorkbook, unreadable
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.part_packing import PackedPart

fast_zlib: Any = isal_zlib or zlib
STORED, DEFLATED = 0, 8
CHUNK = 1 << 18
MAX_ENTRIES = 65_000
MAX_PART = (1 << 32) - (1 << 20)
BOMB_SIZE = 1 << 28
BOMB_RATIO = 250
LEVEL = 1  # isal's level 1 compresses about as well as zlib's level 3 at ten times its speed
NEW = (0, 1 << 5 | 1)  # time and date of new parts: 1980-01-01, as Excel itself writes
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")


@dataclass(slots=True)
class Entry:
    """One member of the zip file, as its directory describes it."""

    name: str
    method: int
    flags: int
    modified: tuple[int, int]
    crc: int
    packed: int
    size: int
    offset: int
    attributes: int = 0
    made_by: int = 0


def read_directory(source: BinaryIO, file: str) -> list[Entry]:
    """The members in the order they stand in the file, checked: names, overlaps, encryption, number."""
    try:
        with zipfile.ZipFile(source) as z:
            infos, end = z.infolist(), z.start_dir
    except (zipfile.BadZipFile, struct.error, ValueError, LookupError, EOFError, NotImplementedError) as e:
        raise CorruptWorkbook(
            file,
            "",
            zh="压缩包目录读不出来，文件可能没有下载完整",
            en="its zip directory cannot be read; the download may be incomplete",
        ) from e
    if len(infos) > MAX_ENTRIES:
        raise CorruptWorkbook(file, "", zh=f"部件多达 {len(infos)} 个", en=f"it has {len(infos)} parts")
    if not infos:
        raise CorruptWorkbook(file, "", zh="其中没有任何部件", en="it holds no parts")
    infos.sort(key=lambda i: i.header_offset)
    entries, seen = [], set()
    for info, following in zip(infos, [i.header_offset for i in infos[1:]] + [end], strict=True):
        name = info.orig_filename
        _check_name(name, file)
        if name.lower() in seen:
            raise CorruptWorkbook(file, name, zh="同名部件出现了两次", en="there are two parts of this name")
        seen.add(name.lower())
        if info.flag_bits & 0x1:
            raise CorruptWorkbook(file, name, zh="部件被加密", en="the part is encrypted")
        if info.header_offset + LOCAL.size + info.compress_size > following or info.header_offset < 0:
            raise CorruptWorkbook(file, name, zh="部件互相重叠", en="it overlaps another part")
        if info.file_size > MAX_PART:
            raise CorruptWorkbook(file, name, zh="部件超过 4 GB", en="it is larger than 4 GB")
        y, mo, d, h, mi, s = info.date_time
        entries.append(
            Entry(
                name=name,
                method=info.compress_type,
                flags=info.flag_bits,
                modified=(h << 11 | mi << 5 | s // 2, max(y - 1980, 0) << 9 | mo << 5 | d),
                crc=info.CRC,
                packed=info.compress_size,
                size=info.file_size,
                offset=info.header_offset,
                attributes=info.external_attr,
                made_by=info.create_system << 8,
            )
        )
    return entries


def _check_name(name: str, file: str) -> None:
    segments = name.removesuffix("/").split("/")
    if "\\" in name or "\0" in name or ":" in name or any(s in ("", ".", "..") for s in segments):
        raise CorruptWorkbook(
            file,
            name.replace("\0", "\\0"),
            zh="部件名含有不允许的路径，已拒绝读取",
            en="its name is a forbidden path, so it was not read",
        )


def packed_start(source: BinaryIO, entry: Entry, file: str) -> int:
    """Where the compressed bytes of a member begin."""
    source.seek(entry.offset)
    header = source.read(LOCAL.size)
    if len(header) < LOCAL.size or header[:4] != b"PK\3\4":
        raise CorruptWorkbook(file, entry.name, zh="部件开头读不出来", en="its beginning cannot be read")
    name_length, extra_length = LOCAL.unpack(header)[-2:]
    return entry.offset + LOCAL.size + name_length + extra_length


class PartStream(io.RawIOBase):
    """Inflates one member while it is read; checks size and checksum at its end. Closes its source."""

    def __init__(self, source: BinaryIO, entry: Entry, file: str) -> None:
        self._source, self._entry, self._file = source, entry, file
        try:
            refuse_bomb(entry, file)
            source.seek(packed_start(source, entry, file))
        except BaseException:
            source.close()
            raise
        self._packed_left, self._left, self._crc = entry.packed, entry.size, 0
        self._inflater = fast_zlib.decompressobj(-15) if entry.method == DEFLATED else None
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._more(len(buffer))
        if len(data) > self._left:
            raise self._damaged()
        self._crc = fast_zlib.crc32(data, self._crc)
        self._left -= len(data)
        if not data and (self._left or self._crc != self._entry.crc):
            raise self._damaged()
        buffer[: len(data)] = data
        return len(data)

    def _more(self, limit: int) -> bytes:
        if self._inflater is None:
            return self._packed(limit)
        try:
            while not self._inflater.eof:
                packed = self._waiting or self._packed(CHUNK)
                data = self._inflater.decompress(packed, limit)
                self._waiting = self._inflater.unconsumed_tail
                if data:
                    return data
                if not packed:
                    return b""
        except (zlib.error, fast_zlib.error) as e:
            raise self._damaged() from e
        return b""

    def _packed(self, limit: int) -> bytes:
        try:
            data = self._source.read(min(limit, self._packed_left))
        except OSError as e:
            raise unreadable(self._file, e) from e
        self._packed_left -= len(data)
        return data

    def _damaged(self) -> CorruptWorkbook:
        return CorruptWorkbook(
            self._file,
            self._entry.name,
            zh="压缩数据有错误（校验不符）",
            en="its compressed data is damaged (checksum)",
        )


def refuse_bomb(entry: Entry, file: str) -> None:
    """A part that would inflate to a huge size from almost nothing is refused."""
    if entry.method not in (STORED, DEFLATED):
        raise CorruptWorkbook(
            file,
            entry.name,
            zh=f"压缩方式 {entry.method} 不受支持",
            en=f"compression method {entry.method} is unknown",
        )
    if entry.size > BOMB_SIZE and entry.size > BOMB_RATIO * entry.packed:
        raise CorruptWorkbook(
            file,
            entry.name,
            zh=f"{entry.packed:,} 字节会解压成 {entry.size:,} 字节，可能是压缩炸弹，已拒绝读取",
            en=f"{entry.packed:,} bytes would inflate to {entry.size:,}, which may be a zip bomb, so it was not read",
        )


class ZipWriter:
    """Writes a zip file front to back into a seekable file: members copied raw, or deflated as they come."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.entries: list[Entry] = []

    def copy(self, source: BinaryIO, entry: Entry, file: str) -> None:
        """A member of another zip file, compressed bytes and all."""
        start = packed_start(source, entry, file)
        # Sizes stand in the header we write, so the data descriptor behind the bytes (flag 8) goes.
        self._header(entry.name, entry.method, entry.flags & ~0x08, entry.modified, entry)
        source.seek(start)
        left = entry.packed
        while left:
            data = source.read(min(left, CHUNK))
            if not data:
                raise CorruptWorkbook(file, entry.name, zh="数据不完整", en="its data is incomplete")
            self._out.write(data)
            left -= len(data)

    def add(self, name: str, data: bytes | Callable[[BinaryIO], None], like: Entry | None = None) -> None:
        """A new member, deflated; a callable writes the content piece by piece."""
        modified = like.modified if like else NEW
        flags = 0 if name.isascii() else 0x800
        entry = self._header(name, DEFLATED, flags, modified, None)
        start = self._out.tell()
        pipe = Deflater(self._out)
        if callable(data):
            buffered = io.BufferedWriter(pipe, CHUNK)  # type: ignore[type-var]
            data(buffered)  # type: ignore[arg-type]
            buffered.flush()
        else:
            pipe.write(data)
        pipe.finish()
        end = self._out.tell()
        entry.crc, entry.size, entry.packed = pipe.crc, pipe.size, end - start
        _check_room(max(entry.size, end))
        self._out.seek(entry.offset)
        self._out.write(_local_header(entry))
        self._out.seek(end)

    def add_packed(self, name: str, part: PackedPart, like: Entry | None = None) -> None:
        """A new member that was deflated before."""
        modified = like.modified if like else NEW
        flags = 0 if name.isascii() else 0x800
        known = Entry(name, DEFLATED, flags, modified, part.crc, part.packed, part.size, 0)
        self._header(name, DEFLATED, flags, modified, known)
        for data in part.deflated():
            self._out.write(data)

    def finish(self) -> None:
        """The directory at the end of the file."""
        start = self._out.tell()
        for e in self.entries:
            name = e.name.encode("utf-8" if e.flags & 0x800 else "cp437")
            self._out.write(
                CENTRAL.pack(
                    b"PK\1\2", e.made_by | 20, 20, e.flags, e.method, *e.modified, e.crc, e.packed, e.size,
                    len(name), 0, 0, 0, 0, e.attributes, e.offset,
                )
                + name
            )  # fmt: skip
        size, count = self._out.tell() - start, len(self.entries)
        _check_room(start + size)
        self._out.write(END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0))

    def _header(
        self, name: str, method: int, flags: int, modified: tuple[int, int], copied: Entry | None
    ) -> Entry:
        entry = Entry(name, method, flags, modified, 0, 0, 0, self._out.tell())
        if copied:
            entry.crc, entry.packed, entry.size = copied.crc, copied.packed, copied.size
            entry.attributes, entry.made_by = copied.attributes, copied.made_by
        _check_room(entry.offset + entry.packed)
        self._out.write(_local_header(entry))
        self.entries.append(entry)
        return entry


class Deflater(io.RawIOBase):
    """Deflates what is written to it into another file; `crc` and `size` are those of the content."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.crc, self.size = out, 0, 0
        self._deflate = fast_zlib.compressobj(LEVEL, zlib.DEFLATED, -15)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        self.crc = fast_zlib.crc32(data, self.crc)
        self.size += len(data)
        self._out.write(self._deflate.compress(data))
        return len(data)

    def finish(self) -> None:
        """Writes what is left."""
        self._out.write(self._deflate.flush())


def _local_header(e: Entry) -> bytes:
    name = e.name.encode("utf-8" if e.flags & 0x800 else "cp437")
    return (
        LOCAL.pack(b"PK\3\4", 20, e.flags, e.method, *e.modified, e.crc, e.packed, e.size, len(name), 0)
        + name
    )


def _check_room(size: int) -> None:
    if size > MAX_PART:
        raise FenjiError(
            zh="结果会超过 4 GB，超出了 Excel 工作簿的上限。请减少行数或拆分工作簿。",
            en="The result would be larger than 4 GB, more than a workbook can be. Use fewer rows or split it.",
        )


def file_name(path: Path | None) -> str:
    """How a workbook is called in messages."""
    return path.name if path else "（新工作簿 new workbook）"
