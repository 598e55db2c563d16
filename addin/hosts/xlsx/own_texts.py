"""Texts that stand in the cells themselves, as many programs write them, instead of among the shared strings."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from addin.hosts.xlsx.cell_values import escape
from addin.hosts.xlsx.shared_strings import as_written, decode

# What may stand for something else: references, escapes, line ends.
_NEEDS_CARE = r"&|_x|\r"


def as_raw(texts: Iterable[str]) -> pa.Array:
    """Decoded texts as character data of XML, for texts that were parsed among those that were scanned."""
    return pa.array([escape(text).encode() for text in texts], pa.binary())


class OwnTexts:
    """The texts of one sheet's own, numbered as they come and then by what is distinct.

    >>> own = OwnTexts()
    >>> own.add(as_raw(["a", "b<"]))
    >>> own.add(as_raw(["b<", "c"]))
    >>> own.distinct().tolist(), own.texts(np.array([1, 2])).to_pylist()
    ([0, 1, 1, 2], ['b<', 'c'])
    """

    def __init__(self) -> None:
        self._pieces: list[pa.Array] = []
        self._count = 0
        self._distinct = pa.array([], pa.binary())

    def __len__(self) -> int:
        return self._count

    def add(self, texts: pa.Array) -> None:
        """Takes raw texts up; the first of them gets the number that is the length now."""
        self._pieces.append(texts)
        self._count += len(texts)

    def distinct(self) -> np.ndarray:
        """By the number of a text as it came: its number among the distinct ones, which counts from now on."""
        if not self._pieces:
            return np.zeros(0, np.int64)
        encoded = pa.chunked_array(self._pieces).dictionary_encode()
        self._pieces.clear()
        self._distinct = encoded.chunk(encoded.num_chunks - 1).dictionary
        self._count = len(self._distinct)
        return np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])

    def texts(self, numbers: np.ndarray) -> pa.Array:
        """The texts with these numbers, decoded, as an Arrow array of large strings."""
        raw = self._distinct.take(pa.array(numbers))
        try:
            texts = raw.cast(pa.large_string())
        except pa.ArrowInvalid:  # bytes that are no UTF-8
            return pa.array(map(decode, raw.to_pylist()), pa.large_string())
        careful = pc.match_substring_regex(texts, _NEEDS_CARE)
        if not pc.any(careful).as_py():
            return texts
        decoded = pa.array(map(as_written, texts.filter(careful).to_pylist()), pa.large_string())
        return pc.replace_with_mask(texts, careful, decoded)
