"""A workbook file as its parts: read one by one, changed one by one, saved without touching the others.

    package = Package.open(Path("customers.xlsx"))
    root = package.edit(package.workbook_part)          # lxml element, stored at the next save
    package.save(Path("customers.xlsx"))

A part nobody changed leaves as the compressed bytes it came in.
"""

from __future__ import annotations

import io
import mmap
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from addin.hosts.xlsx import safe_xml
from addin.hosts.xlsx.errors import CorruptWorkbook, EncryptedWorkbook, NotAWorkbook, unreadable
from addin.hosts.xlsx.part_packing import PackedPart
from addin.hosts.xlsx.relationships import (
    CONTENT_TYPES_PART,
    RELATIONSHIPS_TYPE,
    ContentTypes,
    Relationships,
    rels_name,
    unescaped,
)
from addin.hosts.xlsx.saving import replace_file
from addin.hosts.xlsx.zip_container import (
    CHUNK,
    Entry,
    PartStream,
    ZipWriter,
    file_name,
    read_directory,
)
from udfs.texts import FenjiError

Content = bytes | Callable[[BinaryIO], None]
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READ_LIMIT = 1 << 31
XML_LIMIT = 1 << 29
MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml",
    "application/vnd.ms-excel.addin.macroenabled.main+xml",
)


class Package:
    """One workbook file. Part names have no leading slash ("xl/workbook.xml"); their case does not matter.

    Attributes
    ----------
    path : the file it was opened from or last saved to; None for one made from bytes.
    strict : whether it is a Strict Open XML workbook (other namespaces, dates as text).
    workbook_part : name of the main part, nearly always "xl/workbook.xml".
    """

    def __init__(self, data: bytes | None, path: Path | None) -> None:
        self.path = path
        self._source = _Source(path, data)
        self._written: dict[str, Content] = {}
        self._trees: dict[str, etree._Element] = {}
        self._changed: set[str] = set()
        self._read_entries()
        self.content_types = ContentTypes(self)
        self.strict = False
        self.workbook_part = self._find_workbook()
        self.strict = "purl.oclc.org" in (etree.QName(self.xml(self.workbook_part)).namespace or "")

    @classmethod
    def open(cls, path: Path | str) -> Package:
        """Opens a workbook file.

        Raises
        ------
        NotAWorkbook
            No zip file, an old .xls, an .xlsb, a Word document, an empty file.
        EncryptedWorkbook
            It asks for a password.
        CorruptWorkbook
            Its directory or a part needed at once is damaged, or it was made to do harm.
        FenjiError
            There is no such file, or it may not be read.
        """
        path = Path(path)
        try:
            with path.open("rb") as source:
                _refuse_other_formats(source, path.name)
            return cls(None, path)
        except FileNotFoundError as e:
            raise FenjiError(
                zh=f"找不到文件“{path}”。请检查路径和文件名。",
                en=f"There is no file '{path}'. Check its name and folder.",
            ) from e
        except OSError as e:
            raise unreadable(path, e) from e

    @classmethod
    def from_bytes(cls, data: bytes) -> Package:
        """A workbook from memory: a template, or a new book. It has no path until it is saved."""
        _refuse_other_formats(io.BytesIO(data), file_name(None))
        return cls(data, None)

    # Parts

    def names(self) -> list[str]:
        """All parts, in the order of the file; new ones last."""
        return [name for name in self._names.values() if not name.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._names

    def find(self, name: str) -> str:
        """A part's name as the file spells it (case, %20); the name itself where there is no such part."""
        for spelling in (name, unescaped(name)):
            if _key(spelling) in self._names:
                return self._names[_key(spelling)]
        return name

    def read(self, name: str) -> bytes:
        """The whole content of a part as it stands now."""
        key = self._known(name)
        if key in self._changed:
            return safe_xml.serialize(self._trees[key])
        written = self._written.get(key)
        if isinstance(written, bytes):
            return written
        if written is None and self._entries[key].size > READ_LIMIT:
            raise CorruptWorkbook(self.file, name, zh="部件大得异常", en="the part is unreasonably large")
        with self.open_stream(name) as stream:
            return stream.read()

    def size(self, name: str) -> int:
        """Bytes of a part's content, without reading it; 0 where only its writer knows."""
        key = self._known(name)
        return len(self.read(name)) if key in self._changed else self._size(key)

    def open_stream(self, name: str) -> BinaryIO:
        """The content of a part as it stands now, as a stream (with `peek`), inflated while it is read."""
        return self.content(name)()

    def content(self, name: str) -> Callable[[], BinaryIO]:
        """Opens the content the part has now, however often, even after the part is replaced.

        This lets a part be rewritten from itself::

            before = package.content(name)
            package.write(name, lambda out: transform(before(), out))
        """
        key = self._known(name)
        if key in self._changed:
            data = safe_xml.serialize(self._trees[key])
            return lambda: io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type,return-value]
        written = self._written.get(key)
        if written is None:
            return _Original(self._source, self._entries[key])
        if isinstance(written, bytes):
            return lambda: io.BufferedReader(io.BytesIO(written))  # type: ignore[arg-type,return-value]
        return _Produced(written)

    def write(self, name: str, data: Content | etree._Element) -> None:
        """Replaces or adds a part: bytes, an element, or a callable that writes the content at each save.

        A callable must write the same whenever it is called. The content type of a new part is declared
        with `content_types.set`, or use `add`.
        """
        key = _key(name)
        if key not in self._names:
            self._names[key] = name.lstrip("/")
            if key.endswith(".rels"):  # some programs declare each such part instead of their ending
                self.content_types.set_default("rels", RELATIONSHIPS_TYPE)
        self._trees.pop(key, None)
        self._changed.discard(key)
        self._written.pop(key, None)
        if isinstance(data, etree._Element):
            self._trees[key] = data
            self._changed.add(key)
        else:
            self._written[key] = data

    def add(self, pattern: str, data: Content | etree._Element, content_type: str) -> str:
        """A new part under the first free number; returns its name.

        `pattern` holds {} for the number: "xl/worksheets/sheet{}.xml".
        """
        number = 1
        while pattern.format(number) in self:
            number += 1
        name = pattern.format(number).lstrip("/")
        self.write(name, data)
        self.content_types.set(name, content_type)
        return name

    def remove(self, name: str) -> None:
        """Takes a part away, with its relationships and its content type.

        Relationships of other parts that lead to it are for the caller to remove.
        """
        for part in (name, rels_name(name)):
            key = _key(part)
            if key in self._names:
                for store in (self._names, self._trees, self._written):
                    store.pop(key, None)  # type: ignore[attr-defined]
                self._changed.discard(key)
        self.content_types.remove(name)

    def remove_tree(self, name: str) -> list[str]:
        """Takes a part away, and every part that only it leads to; returns their names.

        Remove the relationships that lead to the part first, or at least at once.
        """
        kept = self._reachable("", without=name)
        gone = [part for part in self._reachable(name) if part.lower() not in {k.lower() for k in kept}]
        for part in gone:
            self.remove(part)
        return gone

    # XML parts

    def xml(self, name: str) -> etree._Element:
        """A part as an lxml element, parsed once. To change it, take it from `edit`."""
        key = self._known(name)
        if key not in self._trees:
            if self._size(key) > XML_LIMIT:
                raise CorruptWorkbook(self.file, name, zh="部件大得异常", en="the part is unreasonably large")
            self._trees[key] = safe_xml.parse(self.read(name), self.file, self._names[key])
        return self._trees[key]

    def edit(self, name: str) -> etree._Element:
        """A part as an lxml element whose changes are stored at the next save."""
        root = self.xml(name)
        self.changed(name)
        return root

    def changed(self, name: str) -> None:
        """Says that the element `xml` gave was changed."""
        key = self._known(name)
        assert key in self._trees, f"{name} was not read with xml()"
        self._written.pop(key, None)
        self._changed.add(key)

    def rels(self, part: str = "") -> Relationships:
        """The relationships of a part; of the package itself without one."""
        return Relationships(self, part)

    # Saving

    @property
    def file(self) -> str:
        """The file's name, for messages."""
        return file_name(self.path)

    @property
    def is_changed(self) -> bool:
        """Whether a save would write anything else than what was opened."""
        return bool(self._written or self._changed or self._names.keys() != self._entries.keys())

    def untouched(self, name: str) -> bool:
        """Whether a part will leave as the bytes it came in."""
        key = self._known(name)
        return key in self._entries and key not in self._written and key not in self._changed

    def fingerprint(self, name: str) -> tuple[int, int] | None:
        """Equal for equal contents of an untouched part, for caches; None for a part that was changed."""
        entry = self._entries.get(_key(name))
        return (entry.crc, entry.size) if entry is not None and self.untouched(name) else None

    def save(self, path: Path | str | None = None) -> None:
        """Saves to `path`, or to where it came from, all or nothing, and goes on with the saved file."""
        target = Path(path) if path else self.path
        if target is None:
            raise ValueError("a package made from bytes needs a path to be saved to")
        replace_file(target, self.write_to, check=self._check_saved)
        self.path, self._source = target, _Source(target, None)
        self._written.clear()
        self._changed.clear()
        self._read_entries()

    def write_to(self, out: BinaryIO) -> None:
        """Writes the workbook as it stands now into a seekable file."""
        writer = ZipWriter(out)
        with self._source.open() as source:
            for key, name in self._names.items():
                entry = self._entries.get(key)
                if key in self._changed:
                    writer.add(name, safe_xml.serialize(self._trees[key]), entry)
                elif isinstance(written := self._written.get(key), PackedPart):
                    writer.add_packed(name, written, entry)
                elif written is not None:
                    writer.add(name, written, entry)
                else:
                    assert entry is not None
                    writer.copy(source, entry, self.file)
        writer.finish()

    def to_bytes(self) -> bytes:
        """The workbook as it stands now, as the bytes of an .xlsx file."""
        out = io.BytesIO()
        self.write_to(out)
        return out.getvalue()

    def _check_saved(self, path: Path) -> None:
        with path.open("rb") as saved:
            entries = {_key(e.name): e for e in read_directory(saved, path.name)}
        lost = self._names.keys() - entries.keys()
        if lost:
            raise CorruptWorkbook(self.file, sorted(lost)[0], zh="没有写入", en="it was not written")
        new = [entries[key] for key in (*self._written, *self._changed)]
        with ThreadPoolExecutor(2, "check") as workers:  # inflating lets other threads run
            for _ in workers.map(lambda entry: _read_through(path, entry), new):
                pass

    # Inside

    def _read_entries(self) -> None:
        with self._source.open() as source:
            entries = read_directory(source, self.file)
        self._entries = {_key(e.name): e for e in entries}
        self._names = {key: e.name for key, e in self._entries.items()}

    def _known(self, name: str) -> str:
        key = _key(name)
        if key not in self._names:
            raise CorruptWorkbook(self.file, name, zh="部件不存在", en="the part is missing")
        return key

    def _size(self, key: str) -> int:
        written = self._written.get(key)
        if written is None:
            return self._entries[key].size
        if isinstance(written, PackedPart):
            return written.size
        return len(written) if isinstance(written, bytes) else 0

    def _reachable(self, start: str, without: str | None = None) -> list[str]:
        found, waiting = {start.lower(): start}, [start]
        while waiting:
            for rel in self.rels(waiting.pop()):
                key = rel.target.lower()
                if rel.external or key in found or rel.target not in self or key == (without or "").lower():
                    continue
                found[key] = rel.target
                waiting.append(rel.target)
        return list(found.values())

    def _find_workbook(self) -> str:
        main = self.rels().one("officeDocument")
        if CONTENT_TYPES_PART not in self or main is None:
            raise NotAWorkbook(
                zh=f"“{self.file}”是压缩包，但不是 Excel 工作簿。请选择 .xlsx 或 .xlsm 文件。",
                en=f"'{self.file}' is a zip file but no Excel workbook. Choose an .xlsx or .xlsm file.",
            )
        content_type = (self.content_types.get(main.target) or "").lower()
        if content_type not in MAIN_TYPES:
            if "sheet.binary" in content_type:
                raise NotAWorkbook(
                    zh=f"“{self.file}”是二进制工作簿（.xlsb），无法直接改写。请在 Excel 中另存为 .xlsx 再试。",
                    en=f"'{self.file}' is a binary workbook (.xlsb), which cannot be changed here. "
                    "Save it as .xlsx in Excel and try again.",
                )
            raise NotAWorkbook(
                zh=f"“{self.file}”不是 Excel 工作簿（内容类型 {content_type or '未知'}）。",
                en=f"'{self.file}' is no Excel workbook (its content type is {content_type or 'unknown'}).",
            )
        return main.target


class _Source:
    """The bytes of the workbook as it was opened: a file that must not change meanwhile, or memory."""

    def __init__(self, path: Path | None, data: bytes | None) -> None:
        self._path, self._data = path, data
        self.file = file_name(path)
        self._stamp = None if path is None else _stamp(os.stat(path))

    def open(self) -> BinaryIO:
        if self._path is None:
            return io.BytesIO(self._data or b"")
        try:
            source = self._path.open("rb")
        except OSError as e:
            raise unreadable(self._path, e) from e
        if self._stamp != _stamp(os.fstat(source.fileno())):
            source.close()
            raise FenjiError(
                zh=f"“{self._path}”在处理过程中被其他程序改动了。请关闭其他程序后重试。",
                en=f"Another program changed '{self._path}' in the meantime. Close it there and try again.",
            )
        return source


class _Original:
    """Opens the content a part had when the workbook was opened."""

    def __init__(self, source: _Source, entry: Entry) -> None:
        self._source, self._entry = source, entry

    def __call__(self) -> BinaryIO:
        stream = PartStream(self._source.open(), self._entry, self._source.file)
        return io.BufferedReader(stream, CHUNK)  # type: ignore[return-value]


class _Produced:
    """Opens the content a callable writes."""

    def __init__(self, produce: Callable[[BinaryIO], None]) -> None:
        self._produce = produce

    def __call__(self) -> BinaryIO:
        spool = tempfile.SpooledTemporaryFile(max_size=1 << 24)  # noqa: SIM115 - the reader closes it
        self._produce(spool)  # type: ignore[arg-type]
        spool.seek(0)
        return io.BufferedReader(spool, CHUNK)  # type: ignore[arg-type,return-value]


def _read_through(path: Path, entry: Entry) -> None:
    """Inflates a part of a file; raises where its checksum does not fit."""
    with PartStream(path.open("rb"), entry, path.name) as stream:
        while stream.read(CHUNK):
            pass


def _key(name: str) -> str:
    return name.lstrip("/").lower()


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _refuse_other_formats(source: BinaryIO, file: str) -> None:
    head = source.read(8)
    if not head:
        raise NotAWorkbook(zh=f"“{file}”是空文件。", en=f"'{file}' is an empty file.")
    if head == OLE_MAGIC:
        _refuse_ole(source, file)
    if head[:2] != b"PK":
        raise NotAWorkbook(
            zh=f"“{file}”不是 Excel 工作簿（.xlsx、.xlsm）。如果是文本或网页导出的文件，请先在 Excel 中打开并另存为 .xlsx。",
            en=f"'{file}' is no Excel workbook (.xlsx, .xlsm). "
            "If it is an exported text or web page, open it in Excel and save it as .xlsx.",
        )


def _refuse_ole(source: BinaryIO, file: str) -> None:
    if _holds(source, "EncryptedPackage".encode("utf-16-le")):
        raise EncryptedWorkbook(
            zh=f"“{file}”设有打开密码，无法读取。请在 Excel 中取消密码（文件 → 信息 → 保护工作簿）后再试。",
            en=f"'{file}' asks for a password to open it. "
            "Take the password off in Excel (File, Info, Protect Workbook) and try again.",
        )
    raise NotAWorkbook(
        zh=f"“{file}”是旧版 Excel 文件（.xls），无法直接改写。请在 Excel 中另存为 .xlsx 再试。",
        en=f"'{file}' is an old Excel file (.xls), which cannot be changed here. "
        "Save it as .xlsx in Excel and try again.",
    )


def _holds(source: BinaryIO, wanted: bytes) -> bool:
    if isinstance(source, io.BytesIO):
        return wanted in source.getvalue()
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(wanted) >= 0
