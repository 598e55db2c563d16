"""Looking at many places of a big byte string at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def stands_at(buf: np.ndarray, at: np.ndarray, wanted: bytes) -> np.ndarray:
    """Where the bytes that begin at each of the places `at` are `wanted`: bool array.

    >>> stands_at(np.frombuffer(b"<row><c/>", np.uint8), np.array([0, 5]), b"<c").tolist()
    [False, True]
    """
    same = buf[at] == wanted[0]
    for i, byte in enumerate(wanted[1:], 1):
        same &= buf[at + i] == byte
    return same


def surrounded(data: bytes, letter: bytes, before: bytes, after: bytes) -> bool:
    """Whether a letter stands anywhere between one of the bytes `before` and one of the bytes `after`.

    >>> surrounded(b"<c><f>A1</f></c>", b"f", b"<:", b"> "), surrounded(b"<if>", b"f", b"<:", b"> ")
    (True, False)
    """
    buf = np.frombuffer(data, np.uint8)
    at = np.flatnonzero(buf[1:-1] == letter[0]) + 1
    return bool((np.isin(buf[at - 1], list(before)) & np.isin(buf[at + 1], list(after))).any())


def gather(buf: np.ndarray, begin: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Many slices one behind the other, and where each begins among them (and the last one ends).

    >>> joined, offsets = gather(np.frombuffer(b"a,bc", np.uint8), np.array([0, 2]), np.array([1, 4]))
    >>> joined.tobytes(), offsets.tolist()
    (b'abc', [0, 1, 3])
    """
    length = stop - begin
    offsets = np.zeros(len(begin) + 1, np.int64)
    np.cumsum(length, out=offsets[1:])
    where = np.arange(offsets[-1])
    where += np.repeat(begin - offsets[:-1], length)
    return buf[where], offsets


def slices(buf: np.ndarray, begin: np.ndarray, stop: np.ndarray, kind: pa.DataType) -> pa.Array:
    """Many slices as one Arrow array of strings or binaries; together they must stay below 2 GB, unless
    the kind is a large one.

    >>> slices(np.frombuffer(b"a,bc", np.uint8), np.array([0, 2]), np.array([1, 4]), pa.string()).to_pylist()
    ['a', 'bc']
    """
    joined, offsets = gather(buf, begin, stop)
    buffers = [
        None,
        pa.py_buffer(offsets if pa.types.is_large_string(kind) else offsets.astype(np.int32)),
        pa.py_buffer(joined),
    ]
    return pa.Array.from_buffers(kind, len(begin), buffers)


def contents(texts: pa.LargeStringArray) -> memoryview:
    """All strings one behind the other, without a copy.

    >>> contents(pa.array(["<row>", "</row>"], pa.large_string())).tobytes()
    b'<row></row>'
    """
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int64)
    return memoryview(data)[ends[texts.offset] : ends[texts.offset + len(texts)]]
