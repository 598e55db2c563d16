"""The UNO type library of the add-in, written without LibreOffice's SDK.

LibreOffice must know the add-in's interface as a binary type library ("UNOIDL" format, described in
unoidl/README of LibreOffice's source). One interface whose methods take and give `any` needs a few of its
record kinds only.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = b"UNOIDL\xff\0"
ANY, MATRIX = "any", "[][]any"
MODULE, INTERFACE = b"\x00", b"\x05"
IN = b"\x00"


@dataclass(frozen=True, slots=True)
class Method:
    """A method that takes `any` arguments: its name, the arguments' names, the type of its result."""

    name: str
    arguments: tuple[str, ...]
    result: str = MATRIX


def type_library(name: str, methods: Sequence[Method]) -> bytes:
    """Type library with one interface, all of whose methods take `any` arguments.

    Parameters
    ----------
    name : full name of the interface, such as "org.fenji.calc.XFunctions".
    """
    data = bytearray(MAGIC + bytes(8))
    payload = _append(data, _interface(methods))
    *modules, last = name.split(".")
    entry = (_append(data, last.encode() + b"\0"), payload)
    for module in reversed(modules):
        payload = _append(data, MODULE + struct.pack("<III", 1, *entry))
        entry = (_append(data, module.encode() + b"\0"), payload)
    root = _append(data, struct.pack("<II", *entry))
    struct.pack_into("<II", data, len(MAGIC), root, 1)
    return bytes(data)


def _interface(methods: Sequence[Method]) -> bytes:
    """One mandatory base, no optional bases, no attributes, the methods."""
    parts = [INTERFACE, _count(1), _text("com.sun.star.uno.XInterface"), _count(0), _count(0)]
    parts.append(_count(len(methods)))
    for method in methods:
        parts += [_text(method.name), _text(method.result), _count(len(method.arguments))]
        for argument in method.arguments:
            parts += [IN, _text(argument), _text("any")]
        parts.append(_count(0))  # exceptions
    return b"".join(parts)


def _append(data: bytearray, record: bytes) -> int:
    offset = len(data)
    data += record
    return offset


def _count(n: int) -> bytes:
    return struct.pack("<I", n)


def _text(text: str) -> bytes:
    return _count(len(text)) + text.encode("ascii")


def idl(name: str, methods: Sequence[Method]) -> str:
    """The same interface as UNOIDL source text, for readers and for tests with LibreOffice's own tools."""
    *modules, last = name.split(".")
    lines = [f"module {m} {{" for m in modules]
    lines.append(f"interface {last} {{")
    for method in methods:
        listed = ", ".join(f"[in] any {a}" for a in method.arguments)
        result = ANY if method.result == ANY else "sequence< sequence<any> >"
        lines.append(f"    {result} {method.name}({listed});")
    lines.append("};")
    lines += ["};"] * len(modules)
    return "\n".join(lines) + "\n"
