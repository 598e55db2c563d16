"""Writes vbaProject.bin from VBA source text (MS-OVBA), so that an add-in needs no Excel to be built.

Only source is stored, no compiled code: Office compiles it when the project is first used. The same
modules always give the same bytes.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from addin.hosts.excel.compound_file import write_compound_file

CHUNK = 4096
CODEPAGE = "cp1252"
COMPILE_FROM_SOURCE = bytes.fromhex("cc61ffff000000")

Kind = Literal["workbook", "sheet", "standard", "class"]
DOCUMENT_CLASS = {
    "workbook": "00020819-0000-0000-C000-000000000046",
    "sheet": "00020820-0000-0000-C000-000000000046",
}
PROJECT_LINE = {"standard": "Module={}", "class": "Class={}"}
REFERENCES = (
    (
        "stdole",
        "*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\\Windows\\System32\\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        "*\\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\\Program Files\\Common Files\\Microsoft Shared"
        "\\OFFICE16\\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


@dataclass(frozen=True, slots=True)
class Module:
    """One VBA module. `source` has no Attribute lines; they are written by `build_vba_project`."""

    name: str
    kind: Kind
    source: str


def build_vba_project(project: str, modules: Sequence[Module]) -> bytes:
    """The bytes of vbaProject.bin for a project with these modules.

    Parameters
    ----------
    project : name of the project, a VBA identifier.
    modules : the workbook's and the sheets' document modules first, as Excel writes them.

    Raises
    ------
    UnicodeEncodeError
        A module holds a character outside Windows-1252. VBA source has no other encoding that works on
        every Windows, so texts for people stand in the add-in's sheets, not in its code.
    ValueError
        A module's name is no VBA identifier.

    Notes
    -----
    Source of the format: Microsoft, [MS-OVBA] Office VBA File Format Structure.
    """
    for module in modules:
        if not (module.name.isidentifier() and module.name.isascii() and len(module.name) <= 31):
            raise ValueError(f"not a VBA identifier: {module.name}")
    project_id = "{" + str(uuid.uuid5(uuid.NAMESPACE_DNS, project)).upper() + "}"
    streams = {module.name: compress(_source(module)) for module in modules}
    return write_compound_file(
        {
            "VBA": {
                **streams,
                "_VBA_PROJECT": COMPILE_FROM_SOURCE,
                "dir": compress(_dir_stream(project, modules)),
            },
            "PROJECT": _project_stream(project, project_id, modules).encode(CODEPAGE),
            "PROJECTwm": _project_wm_stream(modules),
        }
    )


def _source(module: Module) -> bytes:
    lines = [f'Attribute VB_Name = "{module.name}"']
    if module.kind in DOCUMENT_CLASS:
        lines += [
            f'Attribute VB_Base = "0{{{DOCUMENT_CLASS[module.kind]}}}"',
            "Attribute VB_GlobalNameSpace = False",
            "Attribute VB_Creatable = False",
            "Attribute VB_PredeclaredId = True",
            "Attribute VB_Exposed = True",
            "Attribute VB_TemplateDerived = False",
            "Attribute VB_Customizable = True",
        ]
    text = "\n".join(lines) + "\n" + module.source.replace("\r\n", "\n").rstrip("\n") + "\n"
    return text.replace("\n", "\r\n").encode(CODEPAGE)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _dir_stream(project: str, modules: Sequence[Module]) -> bytes:
    """The list of references and modules (MS-OVBA 2.3.4.2), before compression."""
    out = [
        _record(0x01, struct.pack("<I", 1)),  # system: Windows 32 bit, which Office writes on 64 bit too
        _record(0x02, struct.pack("<I", 0x409)),
        _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", 1252)),
        _record(0x04, project.encode(CODEPAGE)),
        _record(0x05) + _record(0x40),  # description
        _record(0x06) + _record(0x3D),  # help file
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 0x61EEF783, 3),  # version
        _record(0x0C) + _record(0x3C),  # constants
    ]
    for reference, library in REFERENCES:
        library_id = library.encode(CODEPAGE)
        out += [
            _record(0x16, reference.encode(CODEPAGE)) + _record(0x3E, reference.encode("utf-16le")),
            _record(0x0D, struct.pack("<I", len(library_id)) + library_id + bytes(6)),
        ]
    out += [_record(0x0F, struct.pack("<H", len(modules))), _record(0x13, b"\xff\xff")]
    for module in modules:
        name, wide = module.name.encode(CODEPAGE), module.name.encode("utf-16le")
        out += [
            _record(0x19, name) + _record(0x47, wide),
            _record(0x1A, name) + _record(0x32, wide),  # name of the stream
            _record(0x1C) + _record(0x48),  # description
            _record(0x31, bytes(4)),  # the source starts at offset 0: no compiled code before it
            _record(0x1E, bytes(4)),
            _record(0x2C, b"\xff\xff"),
            _record(0x21 if module.kind == "standard" else 0x22),
            _record(0x2B),
        ]
    return b"".join([*out, _record(0x10)])


def _project_stream(project: str, project_id: str, modules: Sequence[Module]) -> str:
    lines = [f'ID="{project_id}"']
    lines += [PROJECT_LINE.get(m.kind, "Document={}/&H00000000").format(m.name) for m in modules]
    lines += [
        f'Name="{project}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_obscure(bytes(4), project_id)}"',  # not protected
        f'DPB="{_obscure(bytes(1), project_id)}"',  # no password
        f'GC="{_obscure(bytes([0xFF]), project_id)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *[f"{m.name}=0, 0, 0, 0, C" for m in modules],
    ]
    return "\r\n".join(lines) + "\r\n"


def _project_wm_stream(modules: Sequence[Module]) -> bytes:
    names = [m.name.encode(CODEPAGE) + b"\0" + m.name.encode("utf-16le") + b"\0\0" for m in modules]
    return b"".join(names) + b"\0\0"


def _obscure(data: bytes, project_id: str) -> str:
    """The reversible coding of three properties of a project (MS-OVBA 2.4.3.2), with a fixed seed."""
    seed, version = 0x5D, 2
    key = sum(map(ord, project_id)) & 0xFF
    out = bytearray([seed, seed ^ version, seed ^ key])
    plain, last, before_last = key, out[2], out[1]
    ignored = bytes((seed & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        coded = byte ^ ((before_last + plain) & 0xFF)
        out.append(coded)
        before_last, last, plain = last, coded, byte
    return out.hex().upper()


def compress(data: bytes) -> bytes:
    """Compresses a stream as VBA projects do (MS-OVBA 2.4.1).

    >>> compress(b"aaaaaaaaaa").hex()
    '0103b002610600'
    """
    out = bytearray(b"\x01")
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        body = _compress_chunk(chunk)
        if len(body) < CHUNK:
            out += struct.pack("<H", 0xB000 | (len(body) - 1)) + body
        else:  # a chunk that cannot be compressed stands as it is, always with 4096 bytes
            out += struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk.ljust(CHUNK, b"\0")
    return bytes(out)


def _compress_chunk(chunk: bytes) -> bytes:
    body = bytearray()
    seen: dict[bytes, list[int]] = {}  # positions of every three bytes so far
    position = indexed = 0
    while position < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if position >= len(chunk):
                break
            offset, length = _longest_match(chunk, position, seen)
            if length >= 3:
                flags |= 1 << bit
                shift, _ = _copy_token_sizes(position)
                tokens += struct.pack("<H", ((offset - 1) << shift) | (length - 3))
            else:
                length = 1
                tokens.append(chunk[position])
            position += length
            for start in range(indexed, position):
                seen.setdefault(chunk[start : start + 3], []).append(start)
            indexed = position
        body.append(flags)
        body += tokens
    return bytes(body)


def _copy_token_sizes(position: int) -> tuple[int, int]:
    """Bits for the length in a copy token, and the greatest length, `position` bytes into a chunk."""
    offset_bits = max((position - 1).bit_length(), 4)
    return 16 - offset_bits, (0xFFFF >> offset_bits) + 3


def _longest_match(chunk: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    best_offset = best_length = 0
    candidates = seen.get(chunk[position : position + 3], [])
    if position == 0 or len(chunk) - position < 3:
        return 0, 0
    limit = min(_copy_token_sizes(position)[1], len(chunk) - position)
    for candidate in reversed(candidates[-64:]):
        length = 3
        while length < limit and chunk[candidate + length] == chunk[position + length]:
            length += 1
        if length > best_length:
            best_offset, best_length = position - candidate, length
    return best_offset, best_length
