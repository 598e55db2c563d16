"""Products that go together, and customers who do: association rules over baskets, counted in integers.

Definitions, section 7. A rule on a limit is kept or dropped by whole numbers, never by a rounded ratio:
a confidence of exactly 4/5 passes a limit of 0.8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil

import numpy as np

from udfs.cut_points import exact
from udfs.rfm import distinct

MAX_ITEMSETS = 50_000
ONES = np.array([bin(byte).count("1") for byte in range(256)], np.uint8)


@dataclass(frozen=True, slots=True)
class Rule:
    """If a basket holds `antecedent`, it often holds `consequent` too.

    Attributes
    ----------
    antecedent, consequent : item numbers, ascending.
    both, with_antecedent, with_consequent, baskets : how many baskets hold both sides, each side, and in all.
    """

    antecedent: tuple[int, ...]
    consequent: tuple[int, ...]
    both: int
    with_antecedent: int
    with_consequent: int
    baskets: int

    @property
    def support(self) -> float:
        """Share of baskets that hold both sides."""
        return self.both / self.baskets

    @property
    def confidence(self) -> float:
        """Share of the baskets with the antecedent that hold the consequent."""
        return self.both / self.with_antecedent

    @property
    def lift(self) -> float:
        """Confidence over what chance would give; above 1 they attract each other."""
        return self.both * self.baskets / (self.with_antecedent * self.with_consequent)

    @property
    def leverage(self) -> float:
        """Support less what chance would give."""
        return (self.both * self.baskets - self.with_antecedent * self.with_consequent) / self.baskets**2

    @property
    def conviction(self) -> float:
        """How much more often the rule would fail by chance; infinite when it never fails."""
        fails = self.with_antecedent - self.both
        if fails == 0:
            return float("inf")
        return (self.baskets - self.with_consequent) * self.with_antecedent / (self.baskets * fails)


def association_rules(
    basket: np.ndarray,
    item: np.ndarray,
    min_support: float = 0.01,
    min_confidence: float = 0.5,
    max_length: int = 3,
) -> list[Rule]:
    """All rules that reach both limits, the strongest lift first.

    Parameters
    ----------
    basket, item : int arrays, shape (m,): order (or customer) number and product number of each row; an item
        bought twice in a basket counts once.
    min_support, min_confidence : limits as shares; a rule exactly on a limit passes.
    max_length : most items in a rule, both sides together.

    >>> rows = {0: "MONKEY", 1: "DONKEY", 2: "MAKE", 3: "MUCKY", 4: "COOKIE"}
    >>> pairs = np.array([(b, ord(letter)) for b, word in rows.items() for letter in word])
    >>> rules = association_rules(pairs[:, 0], pairs[:, 1], 0.6, 0.8, max_length=2)
    >>> [(chr(r.antecedent[0]), chr(r.consequent[0]), r.support, r.confidence) for r in rules if r.lift > 1]
    [('O', 'E', 0.6, 1.0)]
    """
    counts = frequent_itemsets(basket, item, min_support, max_length)
    n = len(distinct(np.asarray(basket, np.int64)))
    limit = exact(min_confidence)
    rules = []
    for items, both in counts.items():
        for size in range(1, len(items)):
            for left in combinations(items, size):
                if Fraction(both, counts[left]) >= limit:
                    right = tuple(i for i in items if i not in left)
                    rules.append(Rule(left, right, both, counts[left], counts[right], n))
    rules.sort(
        key=lambda r: (-r.lift, -r.both, len(r.antecedent) + len(r.consequent), r.antecedent, r.consequent)
    )
    return rules


def frequent_itemsets(
    basket: np.ndarray, item: np.ndarray, min_support: float = 0.01, max_length: int = 3
) -> dict[tuple[int, ...], int]:
    """Sets of items that enough baskets hold, with the number of baskets (Agrawal and Srikant 1994).

    Stops at 50,000 sets, the most frequent items first, so that a low limit cannot take all memory.
    """
    numbers = distinct(np.asarray(basket, np.int64))
    n = len(numbers)
    if n == 0:
        return {}
    least = max(ceil(exact(min_support) * n), 1)
    place = np.searchsorted(numbers, basket)
    width = int(np.max(item)) + 1
    pairs = distinct(np.asarray(place, np.int64) * width + np.asarray(item, np.int64))
    place, kept = pairs // width, pairs % width
    totals = np.bincount(kept, minlength=width)
    frequent = np.flatnonzero(totals >= least)
    counts: dict[tuple[int, ...], int] = {(int(i),): int(totals[i]) for i in frequent}
    level: dict[tuple[int, ...], np.ndarray] = {(int(i),): _bits(place[kept == i], n) for i in frequent}
    singles = dict(level)
    for _ in range(1, max_length):
        found: dict[tuple[int, ...], np.ndarray] = {}
        for items, bits in level.items():
            for single, more in singles.items():
                other = single[0]
                if other <= items[-1] or not _all_parts(items, other, counts):
                    continue
                both = bits & more
                count = int(ONES[both].sum())
                if count >= least:
                    found[(*items, other)] = both
                    counts[(*items, other)] = count
                    if len(counts) >= MAX_ITEMSETS:
                        return counts
        level = found
    return counts


def _bits(places: np.ndarray, n: int) -> np.ndarray:
    """The baskets as one bit each."""
    holds = np.zeros(n, bool)
    holds[places] = True
    return np.packbits(holds)


def _all_parts(items: tuple[int, ...], other: int, counts: dict[tuple[int, ...], int]) -> bool:
    """Whether every smaller set with the new item is frequent; otherwise the set cannot be."""
    return (
        all((*part, other) in counts for part in combinations(items, len(items) - 1))
        if len(items) > 1
        else True
    )


@dataclass(frozen=True, slots=True)
class Together:
    """Two customers who buy in the same weeks more often than chance.

    Attributes
    ----------
    first, second : customer numbers. weeks : weeks in which both bought. expected : by chance.
    """

    first: int
    second: int
    weeks: int
    expected: float


def same_weeks(
    customer: np.ndarray, day: np.ndarray, min_weeks: int = 4, min_lift: float = 2.0, limit: int = 1000
) -> list[Together]:
    """Pairs of customers who buy in the same weeks beyond chance, the most surprising first.

    Chance: with a and b purchase weeks of w weeks in all, a b / w weeks in common.

    Parameters
    ----------
    customer, day : int arrays, shape (m,). min_weeks, min_lift : least weeks in common, and times chance.
    limit : customers looked at, those with the most purchase weeks (all pairs of them are compared).

    >>> days = np.array([0, 28, 70, 91, 350])
    >>> pair = same_weeks(np.repeat([1, 2], 5), np.concatenate([days, days + 1]))[0]
    >>> (pair.first, pair.second, pair.weeks)
    (1, 2, 5)
    """
    from scipy.sparse import csr_array

    if len(customer) == 0:
        return []
    week = (np.asarray(day) - int(np.min(day))) // 7
    span = int(week.max()) + 1
    pairs = distinct(np.asarray(customer, np.int64) * span + week)
    who, when = pairs // span, pairs % span
    people, place, number = np.unique(who, return_inverse=True, return_counts=True)
    if len(people) > limit:
        busiest = np.sort(np.argsort(-number, kind="stable")[:limit])
        keep = np.isin(place, busiest)
        place, when = np.searchsorted(busiest, place[keep]), when[keep]
        people, number = people[busiest], number[busiest]
    matrix = csr_array((np.ones(len(place), np.int64), (place, when)), shape=(len(people), span))
    common = (matrix @ matrix.T).tocoo()
    upper = (common.row < common.col) & (common.data >= min_weeks)
    a, b, both = common.row[upper], common.col[upper], common.data[upper]
    expected = number[a] * number[b] / span
    surprising = both >= min_lift * expected
    order = np.lexsort((b[surprising], a[surprising], -(both / expected)[surprising]))
    columns = (people[a], people[b], both, expected)
    rows = zip(*(c[surprising][order].tolist() for c in columns), strict=True)
    return [Together(first, second, weeks, chance) for first, second, weeks, chance in rows]


def same_sets(customer: np.ndarray, item: np.ndarray, min_items: int = 2) -> list[list[int]]:
    """Groups of customers who bought exactly the same set of items, the largest group first.

    >>> same_sets(np.array([1, 1, 2, 2, 3]), np.array([7, 8, 8, 7, 7]))
    [[1, 2]]
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    width = int(np.max(item, initial=0)) + 1
    pairs = distinct(np.asarray(customer, np.int64) * width + np.asarray(item, np.int64))
    for person, items in _sets(pairs // width, pairs % width):
        if len(items) >= min_items:
            groups.setdefault(items, []).append(person)
    found = [people for people in groups.values() if len(people) > 1]
    return sorted(found, key=lambda people: (-len(people), people))


def _sets(owner: np.ndarray, item: np.ndarray) -> Iterable[tuple[int, tuple[int, ...]]]:
    edges = [*np.flatnonzero(np.diff(owner, prepend=-1)).tolist(), len(owner)]
    for start, end in pairwise(edges):
        yield int(owner[start]), tuple(item[start:end].tolist())
