"""The most similar of many names.

Every name is compared with every other where that is quick. Beyond that, with those only that share one of its rarest
pieces: a name four fifths alike nearly always does, and the work grows with the number of names, not with its square.
"""

from __future__ import annotations

from collections.abc import Sequence

from udfs.cleaning.names import company_key

EVERY_PAIR = 4_000_000  # so many comparisons are quick
MANY = 600  # names compared with one name, unless its rarest piece alone has more


def most_similar(names: Sequence[str], known: Sequence[str], least: float) -> list[int]:
    """For each name the position in `known` of the most similar one, -1 when none is similar enough.

    Parameters
    ----------
    names, known : names as written; place and legal form of companies do not count.
    least : least likeness, 0 to 100.

    Examples
    --------
    >>> most_similar(["蓝天科技公司", "海天"], ["白云贸易有限公司", "蓝天科技有限公司"], 80)
    [1, -1]
    """
    from rapidfuzz import fuzz, process  # only where used: a worksheet function must start with numpy alone

    keys = [company_key(name) for name in known]
    first: dict[str, int] = {}
    for place, key in enumerate(keys):
        first.setdefault(key, place)
    asked = [company_key(name) for name in names]
    index = None if len(asked) * len(first) <= EVERY_PAIR else _Index(list(first))
    found: dict[str, int] = {}
    for key in asked:
        if key in found:
            continue
        if key in first:
            found[key] = first[key]
            continue
        others = list(first) if index is None else index.candidates(key)
        best = process.extractOne(key, others, scorer=fuzz.ratio, score_cutoff=least)
        found[key] = -1 if best is None else first[best[0]]
    return [found[key] for key in asked]


class _Index:
    """Names by the pieces they consist of."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.holders: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            for piece in _pieces(name):
                self.holders.setdefault(piece, []).append(place)

    def candidates(self, name: str) -> list[str]:
        """The names that share one of the rarest pieces, in their order."""
        places: set[int] = set()
        for holders in sorted((self.holders[p] for p in _pieces(name) & self.holders.keys()), key=len):
            if len(places) + len(holders) > MANY and places:
                break
            places.update(holders)
        return [self.names[place] for place in sorted(places)]


def _pieces(name: str) -> set[str]:
    """The pieces of a name, its ends marked: pairs of signs, three letters where all are ASCII."""
    marked, size = f"^{name}$", 3 if name.isascii() else 2
    return {marked[i : i + size] for i in range(len(marked) - size + 1)}
