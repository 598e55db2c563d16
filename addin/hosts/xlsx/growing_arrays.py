"""Arrays that are filled piece by piece, without keeping the pieces."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class GrowingArray:
    """A one-dimensional array that grows at its end.

    Room that was never written to costs no memory, so that it may be given generously.

    >>> array = GrowingArray(np.int32, room=2)
    >>> array.extend(np.array([1, 2])); array.extend(np.array([3]))
    >>> array.filled().tolist()
    [1, 2, 3]
    """

    __slots__ = ("_array", "_count")

    def __init__(self, dtype: npt.DTypeLike, room: int) -> None:
        self._array = np.empty(room, dtype)
        self._count = 0

    def extend(self, values: np.ndarray) -> None:
        """Adds values at the end."""
        count = self._count + len(values)
        if count > len(self._array):
            larger = np.empty(count + count // 2, self._array.dtype)
            larger[: self._count] = self.filled()
            self._array = larger
        self._array[self._count : count] = values
        self._count = count

    def filled(self) -> np.ndarray:
        """The values added so far, not copied."""
        return self._array[: self._count]
