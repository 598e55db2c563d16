"""Segments and classes: from three scores to one name, with exactly one name for every combination.

Definitions, sections 1.1 and 1.2. All functions take scores with the largest as the best, 1..5, and 0 for
customers without sales (prospects); they give codes (see `udfs.terms`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from udfs.options import option_error
from udfs.texts import FenjiError

PROSPECTS = "prospects"
CLASS8 = ("111", "011", "101", "001", "110", "010", "100", "000")


def en11(r: int, fm2: int) -> str:
    """The rule of the eleven segments for one cell; `fm2` is F + M, twice their mean. First match wins."""
    rules = (
        (r >= 4 and fm2 >= 8, "champions"),
        (fm2 <= 2 and r == 5, "new_customers"),
        (fm2 <= 2 and r == 4, "promising"),
        (r >= 3 and fm2 >= 7, "loyal_customers"),
        (r >= 4, "potential_loyalists"),
        (r == 3 and fm2 > 4, "need_attention"),
        (r == 3, "about_to_sleep"),
        (r == 1 and fm2 >= 8, "cant_lose_them"),
        (fm2 > 4, "at_risk"),
        (r == 1 and fm2 <= 3, "lost"),
    )
    return next((code for holds, code in rules if holds), "hibernating")


RF25 = (
    # F = 1, 2, 3, 4, 5 for R = 1 .. 5
    ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose_them"),
    ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose_them"),
    ("about_to_sleep", "about_to_sleep", "need_attention", "loyal_customers", "loyal_customers"),
    ("promising", "potential_loyalists", "potential_loyalists", "loyal_customers", "loyal_customers"),
    ("new_customers", "potential_loyalists", "potential_loyalists", "champions", "champions"),
)


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """A segment of the user's own: ranges of scores, both ends included.

    >>> SegmentRule("gold", r=(4, 5)).holds(5, 1, 1)
    True
    """

    name: str
    r: tuple[int, int] = (1, 5)
    f: tuple[int, int] = (1, 5)
    m: tuple[int, int] = (1, 5)
    fm: tuple[float, float] = (1, 5)

    def holds(self, r: int, f: int, m: int) -> bool:
        """Whether the cell belongs to this segment."""
        ranges = ((self.r, r), (self.f, f), (self.m, m), (self.fm, (f + m) / 2))
        return all(low <= score <= high for (low, high), score in ranges)


@cache
def _table(scheme: str) -> np.ndarray:
    """Codes of all cells, shape (6, 6, 6), index [r, f, m]; any 0 is a prospect."""
    table = np.full((6, 6, 6), PROSPECTS, object)
    for r in range(1, 6):
        for f in range(1, 6):
            for m in range(1, 6):
                table[r, f, m] = en11(r, f + m) if scheme == "en11" else RF25[r - 1][f - 1]
    return table


def segment_en11(r: np.ndarray, f: np.ndarray, m: np.ndarray) -> np.ndarray:
    """One of the eleven segments for each customer, from quintile scores (scheme en11).

    Parameters
    ----------
    r, f, m : int arrays, shape (n,), 1..5, or 0 for prospects.

    Returns
    -------
    object array of codes, shape (n,)

    Raises
    ------
    FenjiError
        A score above 5 or below 0.

    >>> segment_en11(np.array([5, 1, 0]), np.array([5, 1, 0]), np.array([4, 1, 0])).tolist()
    ['champions', 'lost', 'prospects']
    """
    return _look_up(_table("en11"), r, f, m)


def segment_rf25(r: np.ndarray, f: np.ndarray) -> np.ndarray:
    """The R x F map of 25 cells used by many notebooks; M plays no part (scheme rf25).

    >>> segment_rf25(np.array([3, 5]), np.array([3, 1])).tolist()
    ['need_attention', 'new_customers']
    """
    return _look_up(_table("rf25"), r, f, np.where(np.asarray(f) > 0, 1, 0))


def segment_own(r: np.ndarray, f: np.ndarray, m: np.ndarray, rules: Sequence[SegmentRule]) -> np.ndarray:
    """Segments by the user's own rules, which are checked to be total (scheme own)."""
    return _look_up(check_rules(rules), r, f, m)


def _look_up(table: np.ndarray, r: np.ndarray, f: np.ndarray, m: np.ndarray) -> np.ndarray:
    scores = [np.asarray(s, np.int64) for s in (r, f, m)]
    for name, s in zip("RFM", scores, strict=True):
        if s.size and (int(s.min()) < 0 or int(s.max()) > 5):
            bad = int(s[(s < 0) | (s > 5)].flat[0])
            raise FenjiError(
                zh=f"{name} 的得分 {bad} 超出范围。客群规则只用 1 到 5 分。",
                en=f"{name} score {bad} is out of range. Segments are made for scores 1 to 5 only.",
            )
    return table[scores[0], scores[1], scores[2]]


def class8(r: np.ndarray, f: np.ndarray, m: np.ndarray, limits: tuple[float, float, float]) -> np.ndarray:
    """One of the eight Chinese classes: "111" to "000", 1 where the score reaches its limit (scheme zh8).

    Parameters
    ----------
    r, f, m : int arrays, shape (n,), scores of any scale, largest best, 0 for prospects.
    limits : score from which R, F, M count as high (`udfs.rfm.high_limits`); for single values 3 of 5.

    >>> class8(np.array([5, 2]), np.array([1, 5]), np.array([3, 5]), (3, 3, 3)).tolist()
    ['101', '011']
    """
    high = [(np.asarray(s) >= limit).astype(np.int64) for s, limit in zip((r, f, m), limits, strict=True)]
    names = np.array(["000", "001", "010", "011", "100", "101", "110", "111"], object)
    codes = np.atleast_1d(names[high[0] * 4 + high[1] * 2 + high[2]])
    nobody = (np.asarray(r) == 0) | (np.asarray(f) == 0) | (np.asarray(m) == 0)
    codes[np.atleast_1d(nobody)] = PROSPECTS
    return codes


def check_rules(rules: Sequence[SegmentRule]) -> np.ndarray:
    """The table of codes for own rules, shape (6, 6, 6); every one of the 125 cells must have one rule.

    Raises
    ------
    FenjiError
        Naming the cells without a rule, or the cells with two and which two.

    >>> check_rules([SegmentRule("new", r=(4, 5)), SegmentRule("old", r=(1, 3))])[5, 1, 1]
    'new'
    """
    table = np.full((6, 6, 6), PROSPECTS, object)
    gaps, overlaps = [], []
    for r in range(1, 6):
        for f in range(1, 6):
            for m in range(1, 6):
                names = [rule.name for rule in rules if rule.holds(r, f, m)]
                if not names:
                    gaps.append(f"{r}{f}{m}")
                elif len(names) > 1:
                    overlaps.append((f"{r}{f}{m}", names))
                else:
                    table[r, f, m] = names[0]
    if gaps:
        raise FenjiError(
            zh=f"分群规则有 {len(gaps)} 个 RFM 编码没有归属：{_some(gaps, '、')}。请补充规则。",
            en=f"{len(gaps)} RFM codes belong to no segment: {_some(gaps, ', ')}. Add rules for them.",
        )
    if overlaps:
        cells = [cell for cell, _ in overlaps]
        first, second = overlaps[0][1][:2]
        raise FenjiError(
            zh=f"分群规则重叠：{_some(cells, '、')} 同时符合“{first}”和“{second}”。请改成互不重叠。",
            en=f"Segment rules overlap: {_some(cells, ', ')} fit both '{first}' and '{second}'. Make them distinct.",
        )
    return table


def _some(cells: list[str], comma: str) -> str:
    return comma.join(cells[:12]) + (" …" if len(cells) > 12 else "")


def parse_rules(lines: Sequence[str]) -> tuple[SegmentRule, ...]:
    """Own rules as people type them, one a line: "金牌客户: R4-5 F3-5 M1-5"; FM is the mean of F and M.

    >>> parse_rules(["gold: R4-5 FM3.5-5", "others: R1-3"])[1].name
    'others'
    """
    rules = []
    for line in lines:
        name, colon, text = line.replace("\uff1a", ":").partition(":")
        ranges = re.findall(r"(FM|R|F|M)\s*([0-9.]+)\s*(?:[-~]\s*([0-9.]+))?", text, re.IGNORECASE)
        left = re.sub(r"(FM|R|F|M)\s*[0-9.]+\s*(?:[-~]\s*[0-9.]+)?", "", text, flags=re.IGNORECASE)
        if not (name.strip() and colon and ranges) or left.strip(" ,;，；、且"):
            raise option_error(
                "segment_rules", line, "请写成“名称：R4-5 F3-5 M1-5”。", "Write 'name: R4-5 F3-5 M1-5'."
            )
        limits = {key.lower(): (float(low), float(high or low)) for key, low, high in ranges}
        rules.append(SegmentRule(name.strip(), **limits))  # type: ignore[arg-type]
    return tuple(rules)
