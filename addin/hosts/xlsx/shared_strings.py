"""The texts that cells share: found by number, decoded only when a cell that is read uses them."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from addin.hosts.xlsx import ooxml, safe_xml
from addin.hosts.xlsx.byte_arrays import slices, stands_at
from addin.hosts.xlsx.package import Package

SPAN = 1 << 18
AT_ONCE = 100_000
BLOCK = 1024
FEW = 20_000  # texts read one by one
PLAIN = re.compile(rb'<si>\s*<t(?: xml:space="preserve")?>([^<]*)</t>\s*</si>\s*(?:</sst>\s*)?\Z')
# Excel writes characters that XML cannot hold, and texts that look like this, as _x000D_.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile("[\ud800-\udfff]")
REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(amp|lt|gt|quot|apos));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class SharedStrings:
    """The shared strings of one workbook, by number."""

    def __init__(self, package: Package) -> None:
        self._decoded: list[str] | None = None
        self._blocks: dict[int, list[str]] = {}
        self._data, self._starts = b"", np.zeros(0, np.int64)
        part = package.rels(package.workbook_part).one("sharedStrings")
        if part is None or part.target not in package:
            return
        data = package.read(part.target)
        safe_xml.check_prolog(data[: safe_xml.PROLOG_BYTES], package.file, part.target)
        starts = _item_starts(data)
        if starts is None:
            root = safe_xml.parse(data, package.file, part.target)
            self._decoded = [item_text(item) for item in root.iterfind("{*}si")]
        else:
            self._data, self._starts = data, np.append(starts, len(data))

    def __len__(self) -> int:
        return max(len(self._starts) - 1, 0) if self._decoded is None else len(self._decoded)

    def __getitem__(self, number: int) -> str:
        """One text; its neighbours are decoded with it and kept."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        start = number - number % BLOCK
        if start not in self._blocks:
            numbers = np.arange(start, min(start + BLOCK, len(self)))
            self._blocks[start] = self.texts(numbers).to_pylist()
        return self._blocks[start][number - start]

    def texts(self, numbers: np.ndarray) -> pa.Array:
        """The texts with these numbers, as an Arrow array of large strings."""
        if self._decoded is not None:
            decoded = self._decoded
            return pa.array([decoded[i] for i in numbers.tolist()], pa.large_string())
        parts = [self._some_texts(numbers[i : i + AT_ONCE]) for i in range(0, len(numbers), AT_ONCE)]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())

    def _some_texts(self, numbers: np.ndarray) -> pa.Array:
        begin, end = self._starts[numbers], self._starts[numbers + 1]
        data, buf = self._data, np.frombuffer(self._data, np.uint8)
        usual = stands_at(buf, np.minimum(begin, len(buf) - 7), b"<si><t>")
        usual &= stands_at(buf, np.maximum(end - 9, 0), b"</t></si>") & (end - begin >= 16)
        found = slices(buf, begin + 7, np.where(usual, end - 9, begin + 7), pa.large_string())
        one_by_one = ~usual | _differs_from_its_text(found)
        if one_by_one.any():
            items = [_item(data[begin[i] : end[i]]) for i in np.flatnonzero(one_by_one).tolist()]
            found = pc.replace_with_mask(found, pa.array(one_by_one), pa.array(items, pa.large_string()))
        return found


def _differs_from_its_text(raw: pa.Array) -> np.ndarray:
    """Which pieces of XML are not simply the text they stand for: tags, references, escapes, no UTF-8."""
    joined = raw.buffers()[2]
    data = joined.to_pybytes() if joined else b""
    try:
        raw.validate(full=True)
    except pa.ArrowInvalid:
        return np.ones(len(raw), bool)
    if not any(sign in data for sign in (b"<", b"&", b"\r", b"_x")):
        return np.zeros(len(raw), bool)
    return pc.match_substring_regex(raw, r"[<&\r]|_x").to_numpy(zero_copy_only=False)


_CACHE: WeakKeyDictionary[Package, tuple[tuple[int, int], SharedStrings]] = WeakKeyDictionary()


def shared_strings(package: Package) -> SharedStrings:
    """The shared strings of a workbook, found once for all its sheets."""
    cached = _cached(package)
    if cached is not None:
        return cached
    found = SharedStrings(package)
    part = package.rels(package.workbook_part).one("sharedStrings")
    if part is not None and (fingerprint := package.fingerprint(part.target)):
        _CACHE[package] = fingerprint, found
    return found


def _cached(package: Package) -> SharedStrings | None:
    part = package.rels(package.workbook_part).one("sharedStrings")
    fingerprint, found = _CACHE.get(package, (None, None))
    return (
        found
        if part is not None and fingerprint and fingerprint == package.fingerprint(part.target)
        else None
    )


def some_texts(package: Package, numbers: set[int]) -> dict[int, str]:
    """A few texts by their numbers, as for the head of a sheet; numbers that do not exist are left out.

    Early texts are read from the beginning of the part, without looking at the others. A sheet behind a long
    one names late texts; then all are found, the fast way, and kept.
    """
    cached = _cached(package)
    if cached is None and max(numbers, default=0) > FEW:
        cached = shared_strings(package)
    if cached is not None:
        known = sorted(number for number in numbers if 0 <= number < len(cached))
        return dict(zip(known, cached.texts(np.array(known, np.int64)).to_pylist(), strict=True))
    part = package.rels(package.workbook_part).one("sharedStrings")
    found: dict[int, str] = {}
    if numbers and part is not None and part.target in package:
        with package.open_stream(part.target) as stream:
            items = safe_xml.iterparse(stream, package.file, part.target, tag="{*}si")
            for number, (_, item) in enumerate(items):
                if number in numbers:
                    found[number] = item_text(item)
                item.clear()
                if number >= max(numbers):
                    break
    return found


def decode(raw: bytes) -> str:
    """Text of raw XML character data.

    >>> decode(b"A&amp;B_x000D_")
    'A&B\\r'
    """
    return as_written(raw.decode("utf-8", "replace"))


def as_written(text: str) -> str:
    """Character data of XML as the text it stands for."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = REFERENCE.sub(_referred, text)
    return unescape(text)


def unescape(text: str) -> str:
    """Text with _x000D_ and the like turned into the characters they stand for."""
    if "_x" in text:
        text = ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
        if SURROGATE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def item_text(item: etree._Element) -> str:
    """Text of an `si` or `is` element: the runs of rich text joined, phonetic guides left out."""
    found = []
    for child in item:
        name = ooxml.local(child)
        if name == "t":
            found.append(child.text or "")
        elif name == "r":
            found.extend(t.text or "" for t in child.iterfind("{*}t"))
    return unescape("".join(found))


def _referred(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _item(raw: bytes) -> str:
    plain = PLAIN.match(raw)
    if plain:
        return decode(plain[1])
    end = raw.rfind(b"</si>")
    if end < 0:  # <si/>
        return ""
    item = etree.fromstring(raw[: end + 5], etree.XMLParser(resolve_entities=False, recover=True))
    return "" if item is None else item_text(item)


def _item_starts(data: bytes) -> np.ndarray | None:
    """Where each <si> begins; None for XML that has to be parsed whole."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        return None
    # One byte is looked for much faster than several, and mostly it is not there.
    if (b"!" in data and b"<!" in data) or (b":" in data and b":si>" in data):
        return None
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        return None
    padded = np.frombuffer(data + bytes(4), np.uint8)
    found = []
    for start in range(0, len(data), SPAN):
        span = padded[start : start + SPAN + 3]
        lt = np.flatnonzero((span[:-3] == 60) & (span[1:-2] == 115) & (span[2:-1] == 105))
        follow = span[lt + 3]  # <si>, <si/>, <si ...> but not <size>
        found.append(lt[(follow == 62) | (follow == 47) | (follow <= 32)] + start)
    return np.concatenate(found) if found else np.zeros(0, np.int64)
