"""Satisfaction from 1 (very dissatisfied) to 5 (very satisfied), from words, stars and other scales."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from udfs.cleaning.columns import Column, Kind
from udfs.cleaning.spelling import half_width, joined, says_nothing

# Longer words first: 非常不满意 contains 不满意 contains 满意.
WORDS: list[tuple[str, float]] = [
    (r"非常不满|很不满|极不满|十分不满|极差|很差|^差$|非常差|非常糟|差评|very dissatisfied|very unsatisfied|very unhappy|terrible|awful|very (?:bad|poor)|extremely (?:dis|un)satisfied", 1),
    (r"不太满意|not (?:good|happy|great)|不满|较差|比较差|不好|失望|dissatisfied|unsatisfied|not satisfied|unhappy|disappointed|poor|bad", 2),
    (r"一般|中立|普通|还行|还可以|尚可|中评|基本满意|neutral|average|neither|so-so|okay|^ok$|fair|acceptable", 3),
    (r"非常满意|很满意|十分满意|极满意|特别满意|完全满意|非常好|很好|优秀|^优$|极好|very satisfied|extremely satisfied|completely satisfied|very happy|excellent|outstanding|very good|delighted|great", 5),
    (r"满意|较好|比较好|良好|好评|^好$|^良$|satisfied|happy|good", 4),
]  # fmt: skip
RULES = [(re.compile(pattern), value) for pattern, value in WORDS]
CHINESE_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
NUMBERED = re.compile(
    r"^(\d+(?:\.\d+)?)\s*(?:分|星|颗星|stars?|points?)?\s*(?:(?:/|满分|out of|of)\s*(\d+)\s*(?:分|星)?)?$"
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Satisfaction, understood: `values` 1..5 with NaN where there is none, `unreadable` cells, and `scale`,
    the highest mark of plain numbers (5, 10 or 100)."""

    values: np.ndarray
    unreadable: np.ndarray
    scale: int = 5


def parse_satisfaction(column: Column, header: str = "") -> Scores:
    """Understands a column of satisfaction.

    Plain numbers are 1 to 5 unless the header says otherwise (10分制, 0-10, 百分制) or a number above 5
    shows it. A mark x of 0 to 10 becomes 1 + 4x/10, of 0 to 100 1 + 4x/100.

    Examples
    --------
    >>> c = Column.from_values(["非常满意", "★★★☆☆", "不满意", 4, "4/5", "还没想好", None])
    >>> parse_satisfaction(c).values.tolist()
    [5.0, 3.0, 2.0, 4.0, 4.0, nan, nan]
    >>> parse_satisfaction(Column.from_values([10, 0, 5])).values.tolist()
    [5.0, 1.0, 3.0]
    """
    marks = [_mark(t) for t in column.texts]
    number = np.where(column.kind == Kind.NUMBER, column.number, np.nan)
    plain = np.array([m[0] if m and m[1] is None else np.nan for m in marks] + [np.nan])
    is_text = column.kind == Kind.TEXT
    number = np.where(is_text, plain[column.code], number)
    scale = _scale(header, number)
    values = np.where((number >= 0) & (number <= scale), _to_five(number, scale), np.nan)
    if scale == 5:
        values = np.where(number < 1, np.nan, values)
    fixed = np.array([_to_five(m[0], m[1]) if m and m[1] else np.nan for m in marks] + [np.nan])
    values = np.where(is_text & np.isnan(values), fixed[column.code], values)
    nothing = np.array([says_nothing(t) for t in column.texts] + [False], bool)
    unreadable = (column.kind != Kind.EMPTY) & np.isnan(values) & ~(is_text & nothing[column.code])
    return Scores(values, unreadable, scale)


def _to_five(mark: np.ndarray | float, scale: int) -> np.ndarray:
    return np.asarray(mark, float) if scale == 5 else 1 + 4 * np.asarray(mark, float) / scale


def _scale(header: str, numbers: np.ndarray) -> int:
    """The highest mark: as the header says, else as the numbers show."""
    text = half_width(header).casefold()
    if m := re.search(
        r"(?:[01]\s*[-~到至]\s*|满分\s*|/\s*|out of\s*)(5|10|100)(?!\d)|(?<!\d)(5|10|100)\s*分|([五十百])分制?",
        text,
    ):
        return {"五": 5, "十": 10, "百": 100}.get(m[3]) or int(m[1] or m[2])
    top = np.nanmax(numbers, initial=0, where=~np.isnan(numbers))
    return 5 if top <= 5 else 10 if top <= 10 else 100


def _mark(text: str) -> tuple[float, int | None] | None:
    """A text's mark and the scale it is on (None: that of the column); None when it is no satisfaction."""
    usual = joined(text).casefold()
    stars = usual.count("★") + usual.count("⭐")
    if stars and re.fullmatch(r"[★☆⭐\s]+", usual):
        return (float(stars), 5) if stars <= 5 else None
    if m := re.fullmatch(r"([一二两三四五])(?:颗)?星(?:级)?", usual):
        return float(CHINESE_DIGITS[m[1]]), 5
    if m := NUMBERED.match(usual):
        mark, top = float(m[1]), int(m[2]) if m[2] else None
        if top is None:
            top = 5 if re.search(r"星|star", usual) else None
        ok = top is None or (top in (5, 10, 100) and mark <= top)
        return (mark, top) if ok else None
    if len(usual) > 40:
        return None
    for pattern, value in RULES:
        if pattern.search(usual):
            return value, 5
    return None
