"""Writes compound files (MS-CFB version 3), the container of a VBA project. Standard library only.

The same tree of streams always gives the same bytes: no times, no random numbers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TypeAlias

Tree: TypeAlias = "dict[str, bytes | Tree]"

FREE = 0xFFFFFFFF
END_OF_CHAIN = 0xFFFFFFFE
FAT_SECTOR = 0xFFFFFFFD
SECTOR = 512
MINI_SECTOR = 64
MINI_CUTOFF = 4096
ENTRIES_PER_SECTOR = SECTOR // 4
DIFAT_IN_HEADER = 109

STORAGE, STREAM, ROOT = 1, 2, 5
RED, BLACK = 0, 1


@dataclass(slots=True)
class _Entry:
    """One directory entry: a storage or a stream."""

    name: str
    kind: int
    data: bytes = b""
    left: int = FREE
    right: int = FREE
    child: int = FREE
    colour: int = BLACK
    start: int = 0
    size: int = 0

    def to_bytes(self) -> bytes:
        name = (self.name + "\0").encode("utf-16le")
        if len(name) > 64:
            raise ValueError(f"name of a stream is too long: {self.name}")
        return (
            name.ljust(64, b"\0")
            + struct.pack("<HBB3I", len(name), self.kind, self.colour, self.left, self.right, self.child)
            + bytes(16 + 4 + 8 + 8)  # class id, state, creation and change time: none
            + struct.pack("<IQ", self.start, self.size)
        )


@dataclass(slots=True)
class _Sectors:
    """Sectors of one size and the chain that links them."""

    size: int
    chain: list[int] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)

    def add(self, content: bytes) -> int:
        """Appends a stream; returns its first sector."""
        if not content:
            return END_OF_CHAIN
        start = len(self.chain)
        count = -(-len(content) // self.size)
        self.chain += [*range(start + 1, start + count), END_OF_CHAIN]
        self.data += content.ljust(count * self.size, b"\0")
        return start


def write_compound_file(tree: Tree) -> bytes:
    """The compound file holding `tree`: streams as bytes, storages as nested dictionaries.

    Parameters
    ----------
    tree : names (at most 31 characters) to stream contents or sub-trees.

    Returns
    -------
    bytes
        A compound file of version 3 with 512-byte sectors. Size is limited to about 6.8 MB, the reach of
        the allocation table in the header; a larger tree raises ValueError.

    Notes
    -----
    Source of the format: Microsoft, [MS-CFB] Compound File Binary File Format.

    >>> write_compound_file({"PROJECT": b"x"})[:8].hex()
    'd0cf11e0a1b11ae1'
    """
    entries: list[_Entry] = []
    _add_entry(entries, "Root Entry", tree)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            entry.size = len(entry.data)
            entry.start = (mini if entry.size < MINI_CUTOFF else sectors).add(entry.data)
    entries[0].start, entries[0].size = sectors.add(bytes(mini.data)), len(mini.data)
    mini_fat = _padded(struct.pack(f"<{len(mini.chain)}I", *mini.chain), b"\xff")
    mini_fat_start = sectors.add(mini_fat)
    directory_start = sectors.add(_directory(entries))
    fat_start, fat_count = _add_fat(sectors)
    difat = [*range(fat_start, fat_start + fat_count)]
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)  # version 3, little endian, 2**9 and 2**6 byte sectors
        + struct.pack("<4I", 0, fat_count, directory_start, 0)
        + struct.pack("<3I", MINI_CUTOFF, mini_fat_start, len(mini_fat) // SECTOR)
        + struct.pack("<2I", END_OF_CHAIN, 0)
        + struct.pack(f"<{DIFAT_IN_HEADER}I", *difat, *[FREE] * (DIFAT_IN_HEADER - fat_count))
    )
    return header + bytes(sectors.data)


def _add_entry(entries: list[_Entry], name: str, node: bytes | Tree) -> int:
    """Appends an entry and all below it; returns its number."""
    number = len(entries)
    if isinstance(node, bytes):
        entries.append(_Entry(name, STREAM, node))
        return number
    entry = _Entry(name, ROOT if number == 0 else STORAGE)
    entries.append(entry)
    children = [_add_entry(entries, child, content) for child, content in node.items()]
    # The order of the format: by length of the name, then by its upper-case letters.
    children.sort(key=lambda i: (len(entries[i].name), entries[i].name.upper()))
    full_levels = (len(children) + 1).bit_length() - 1
    entry.child = _balance(entries, children, full_levels)
    return number


def _balance(entries: list[_Entry], ordered: list[int], levels_left: int) -> int:
    """Makes a red-black tree of sorted siblings; only an incomplete last level is red."""
    if not ordered:
        return FREE
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.colour = BLACK if levels_left > 0 else RED
    entry.left = _balance(entries, ordered[:middle], levels_left - 1)
    entry.right = _balance(entries, ordered[middle + 1 :], levels_left - 1)
    return ordered[middle]


def _directory(entries: list[_Entry]) -> bytes:
    content = b"".join(entry.to_bytes() for entry in entries)
    unused = bytes(68) + struct.pack("<3I", FREE, FREE, FREE) + bytes(48)
    while len(content) % SECTOR:
        content += unused
    return content


def _add_fat(sectors: _Sectors) -> tuple[int, int]:
    """Appends the allocation table, which also covers its own sectors; returns first sector and count."""
    start, count = len(sectors.chain), 1
    while count * ENTRIES_PER_SECTOR < start + count:
        count += 1
    if count > DIFAT_IN_HEADER:
        raise ValueError("the compound file would be larger than the header's table can describe")
    fat = sectors.chain + [FAT_SECTOR] * count
    fat += [FREE] * (count * ENTRIES_PER_SECTOR - len(fat))
    sectors.data += struct.pack(f"<{len(fat)}I", *fat)
    return start, count


def _padded(content: bytes, filler: bytes) -> bytes:
    return content.ljust(-(-len(content) // SECTOR) * SECTOR, filler)
