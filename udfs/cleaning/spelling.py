"""Text as people type it, reduced to one spelling: width, spaces, and the words that mean "nothing"."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from udfs.cleaning.columns import Column, Kind, Texts, display, from_serial, series

if TYPE_CHECKING:
    import polars as pl

# What people type into a cell to say that there is nothing to type.
NOTHING = frozenset(
    ["", "-", "--", "---", "—", "——", "/", "\\", ".", "?", "无", "没有", "空", "暂无", "未知", "不详", "未填", "未填写",
     "待定", "待补", "n/a", "na", "n.a.", "nan", "none", "null", "nil", "nat", "unknown", "tbd", "(空)", "(blank)"]
)  # fmt: skip
LONGEST_NOTHING = max(map(len, NOTHING))
NAMES = frozenset(["Nan", "Na"])  # given names, unlike nan and NA
SPACES = re.compile(r"[\s\u200b\ufeff]+")
CJK_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
USUAL = re.compile(r"[!-~\u4e00-\u9fff]*")  # signs that have one spelling


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their usual width; outer and repeated spaces removed.

    >>> half_width("　１２，３４５　元 ")
    '12,345 元'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if " " not in text and text.isprintable():  # so are no other spaces
        return text
    return SPACES.sub(" ", text).strip()


def joined(text: str) -> str:
    """As `half_width`, and without spaces between Chinese characters.

    >>> joined("西 区"), joined("New  York")
    ('西区', 'New York')
    """
    usual = half_width(text)
    return CJK_GAP.sub("", usual) if " " in usual else usual


def says_nothing(text: str) -> bool:
    """Whether a cell's text only says that there is nothing.

    >>> says_nothing(" — "), says_nothing("0"), says_nothing("NaN"), says_nothing("Nan")
    (True, False, True, False)
    """
    short = text.strip()
    return len(short) <= LONGEST_NOTHING and _is_nothing(half_width(short))


def _is_nothing(clean: str) -> bool:
    return clean.casefold() in NOTHING and clean not in NAMES


def missing(column: Column) -> np.ndarray:
    """Which cells are empty or say that there is nothing.

    Returns
    -------
    bool array, shape (n,)
    """
    nothing = np.array([says_nothing(t) for t in column.texts] + [False], bool)
    return (column.kind == Kind.EMPTY) | ((column.kind == Kind.TEXT) & nothing[column.code])


def texts_of(column: Column) -> np.ndarray:
    """Cells as cleaned text, "" where there is nothing; numbers without a needless point, dates as yyyy-mm-dd.

    Returns
    -------
    object array of str, shape (n,)

    >>> texts_of(Column.from_values([" 华 东 ", 15100.0, None])).tolist()
    ['华东', '15100', '']
    """
    known, codes = text_codes(column)
    return np.array([*known, ""], object)[codes]


def text_codes(column: Column) -> tuple[Sequence[str], np.ndarray]:
    """Cells as codes of their cleaned texts: equal text, equal code; -1 where there is nothing.

    Returns
    -------
    texts : sequence of str
        The distinct cleaned texts.
    codes : int32 array, shape (n,)
    """
    known, of_text = _distinct(column.texts)
    codes = of_text[column.code]
    numeric = (column.kind == Kind.NUMBER) | (column.kind == Kind.BOOL) | (column.kind == Kind.DATE)
    if numeric.any():
        is_date = column.kind[numeric] == Kind.DATE
        # A date and a number with the same serial are two texts: dates are kept apart by a huge offset.
        distinct, inverse = np.unique(column.number[numeric] + is_date * 1e17j, return_inverse=True)
        named = [display(from_serial(x.real)) if x.imag else _number_text(x.real) for x in distinct]
        place = {t: i for i, t in enumerate(known)}
        of_number = np.array([place.setdefault(t, len(place)) for t in named], np.int32)
        codes[numeric] = of_number[inverse]
        known = list(place)
    codes[column.kind == Kind.ERROR] = -1
    return known, codes


def as_written(column: Column, known: Sequence[str], codes: np.ndarray) -> Sequence[str]:
    """The texts of `text_codes` as the first cell that holds each writes them, but for spaces around them.

    A firm is shown as its user writes it, so that a lookup between his sheet and ours finds it.

    >>> column = Column.from_values([" 华泰（上海）", "华泰(上海)", 7])
    >>> as_written(column, *text_codes(column))
    ['华泰（上海）', '7']
    """
    if known is column.texts:
        return known
    found, rows = np.unique(codes, return_index=True)
    written = list(known)
    for code, row in zip(found.tolist(), rows.tolist(), strict=True):
        if code >= 0 and column.kind[row] == Kind.TEXT:
            text = column.texts[column.code[row]].strip()
            if text.isprintable():
                written[code] = text
    return written


def _are_clean(texts: Sequence[str]) -> bool:
    """Whether all texts consist of usual signs without spaces, as numbers of orders and names of firms do."""
    run = texts.joined() if isinstance(texts, Texts) else "".join(texts)
    if run.isascii():
        return " " not in run and run.isprintable()
    return USUAL.fullmatch(run) is not None


def clean_texts(texts: Sequence[str]) -> pl.Series:
    """Every text as `joined` gives it, quickly."""
    clean = series(texts).str.normalize("NFKC").str.replace_all(r"[\s\x1c-\x1f\u200b\ufeff]+", " ")
    clean = clean.str.strip_chars(" ")
    gap = clean.str.contains(r"[\u3400-\u9fff] [\u3400-\u9fff]")
    if not gap.any():
        return clean
    where = gap.arg_true()
    return clean.scatter(where, [CJK_GAP.sub("", t) for t in clean.gather(where)])


def _distinct(texts: Sequence[str]) -> tuple[Sequence[str], np.ndarray]:
    """The distinct cleaned texts, and the place of each text among them; -1 for nothing, and once more at the end."""
    known, place = _cleaned(texts)
    nothing = [i for i in _short(known) if _is_nothing(known[i])]
    if nothing:
        says = np.ones(len(known), bool)
        says[nothing] = False
        place = np.where(says, np.cumsum(says) - 1, -1)[place]
        known = list(itertools.compress(known, says.tolist()))
    return known, np.append(place, -1).astype(np.int32, copy=False)


def _short(texts: Sequence[str]) -> list[int]:
    """Positions of the texts that are short enough to say nothing."""
    if isinstance(texts, Texts):
        return (series(texts).str.len_chars() <= LONGEST_NOTHING).arg_true().to_list()
    return [i for i, text in enumerate(texts) if len(text) <= LONGEST_NOTHING]


def _cleaned(texts: Sequence[str]) -> tuple[Sequence[str], np.ndarray]:
    """The distinct texts after cleaning, and the place of each given text among them."""
    same = np.arange(len(texts), dtype=np.int32)  # as nearly always: the given texts are distinct
    if _are_clean(texts):
        return texts, same
    import pyarrow as pa

    clean = clean_texts(texts)
    if clean.equals(series(texts)):
        return texts, same
    encoded = clean.to_arrow().cast(pa.large_string()).dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _number_text(x: float) -> str:
    return str(int(x)) if x.is_integer() and abs(x) < 1e15 else f"{x:.15g}"
