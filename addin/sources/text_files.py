"""Text tables: separators found, quotes and line breaks in cells understood, numbers as numbers.

A cell becomes a number only when nothing is lost by it: 007 and a 20-digit card number stay text.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import numpy as np
import polars as pl

from addin.grids import ColumnsGrid
from udfs.cleaning.columns import ERROR_TEXTS, Column, Kind
from udfs.texts import FenjiError

SEPARATORS = (",", "\t", ";", "|", "\x01", "，")
SAMPLE_LINES = 200
SPACES = re.compile(r"[ \t\u3000]+")
WIDE_SPACES = re.compile(r"[ \u3000]{2,}|\t+")
# A number that people would write again just so: no needless zero in front, at most fifteen digits.
NUMBER = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$"


def read_text(text: str, name: str, names: list[str] | None = None) -> ColumnsGrid:
    """A text table as a grid; `names` are the headers of a file without any.

    Raises
    ------
    FenjiError
        There is nothing in the file, or `names` are more or fewer than its columns.

    Examples
    --------
    >>> grid = read_text('id;amount\\n007;"1,5"\\n8;3\\n', "orders")
    >>> [list(c.values()) for c in grid.cells]
    [['id', '007', 8], ['amount', '1,5', 3]]
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n\x1a\x00 ")
    if not text.strip():
        raise FenjiError(zh=f"文件“{name}”里没有内容。", en=f"There is nothing in the file '{name}'.")
    separator = find_separator(text)
    columns = _spaced(text, separator) if isinstance(separator, re.Pattern) else _separated(text, separator)
    grid = ColumnsGrid(name, [to_column(c) for c in columns])
    if names is not None:
        _check_names(names, len(columns), name)
        grid.headers = names
    return grid


def _check_names(names: list[str], width: int, name: str) -> None:
    if len(names) != width:
        raise FenjiError(
            zh=f"--names 给了 {len(names)} 个列名，而文件“{name}”有 {width} 列。请给每一列一个名字。",
            en=f"--names has {len(names)} names, but the file '{name}' has {width} columns. Name every column.",
        )


def find_separator(text: str) -> str | re.Pattern[str]:
    """The separator of a text table: a sign, or a pattern for columns set apart by spaces.

    The best sign cuts most lines into the same number of cells, at least two; ties go to the one with more
    cells. Spaces are tried when no sign does.

    >>> find_separator("a;b\\n1,5;2\\n2;3"), find_separator("name  sum\\nLi Na  3\\nA  5").pattern
    (';', '[ \\\\u3000]{2,}|\\\\t+')
    """
    lines = [line for line in text[:200_000].split("\n")[:SAMPLE_LINES] if line.strip()]
    best, best_share, best_width = ",", 0.0, 1
    for separator in SEPARATORS:
        if separator not in text[:200_000]:
            continue
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=separator) if row
        )
        width, count = max(widths.items(), key=lambda x: (x[0] > 1, x[1], x[0]))
        share = count / sum(widths.values()) if width > 1 else 0.0
        if share > best_share + 0.02 or (share > best_share - 0.02 and width > best_width):
            best, best_share, best_width = separator, share, width
    if best_share >= 0.5:
        return best
    # Words with spaces would make lines of different length, so single spaces must fit nearly everywhere.
    for pattern, least in ((SPACES, 0.98), (WIDE_SPACES, 0.8)):
        widths = Counter(len(pattern.split(line.strip())) for line in lines)
        width, count = widths.most_common(1)[0]
        if width > 1 and count >= least * len(lines):
            return pattern
    return best


def _spaced(text: str, pattern: re.Pattern[str]) -> list[pl.Series]:
    """Cells of lines set apart by spaces."""
    rows = [pattern.split(line.strip()) for line in text.split("\n")]
    width = max(map(len, rows))
    return [
        pl.Series([row[k] if k < len(row) else None for row in rows], dtype=pl.Utf8) for k in range(width)
    ]


def _separated(text: str, separator: str) -> list[pl.Series]:
    """Cells of a text with a separator sign, one series a column; every record is one row, empty lines too."""
    sample = csv.reader(io.StringIO(text[:2_000_000]), delimiter=separator)
    try:
        width = max((len(row) for row in sample), default=1)
        if len(separator.encode()) > 1 or _has_empty_lines(text):
            return _with_csv_module(text, separator)
        frame = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=separator,
            schema={f"c{k}": pl.Utf8 for k in range(width)},
            truncate_ragged_lines=False,
            encoding="utf8",
        )
    except (pl.exceptions.PolarsError, csv.Error):
        return _with_csv_module(text, separator)
    return list(frame.get_columns())


def _has_empty_lines(text: str) -> bool:
    """Whether a line is empty: polars leaves it out, and all row numbers after it would be wrong."""
    return "\n\n" in text or text.startswith("\n")


def _with_csv_module(text: str, separator: str) -> list[pl.Series]:
    """The slow and patient way, for lines of different length and quotes in odd places."""
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, quoting=csv.QUOTE_NONE))
    width = max(map(len, rows), default=0)
    return [
        pl.Series([row[k] if k < len(row) else None for row in rows], dtype=pl.Utf8) for k in range(width)
    ]


def to_column(texts: pl.Series) -> Column:
    """A column of texts as cells: plain numbers as numbers, error marks as errors.

    >>> list(to_column(pl.Series(["007", "7", "1.50", "", None, "#N/A"])).values())
    ['007', 7, 1.5, None, None, '#N/A']
    """
    n = len(texts)
    texts = texts.str.strip_chars(" \t\u3000\u00a0").replace("", None)
    # Tabs and apostrophes in front keep long numbers as text in exports for Excel.
    if texts.str.contains(r"^(?:['`]\d|=\")").any():
        texts = texts.str.replace(r"^['`](\d)", "$1").str.replace(r'^="(.*)"$', "$1").replace("", None)
    is_number = texts.str.contains(NUMBER).fill_null(False).to_numpy()
    number = np.full(n, np.nan)
    if is_number.any():
        values = texts.filter(is_number).cast(pl.Float64).to_numpy()
        number[is_number] = values
        is_number[is_number] = (np.abs(values) < 1e15) & ~((values == 0) & np.signbit(values))
        number[~is_number] = np.nan
    kind = np.where(is_number, Kind.NUMBER, Kind.EMPTY).astype(np.uint8)
    code = np.full(n, -1, np.int32)
    is_text = (texts.is_not_null().to_numpy()) & ~is_number
    if not is_text.any():
        return Column(kind, number, code, [])
    encoded = texts.filter(is_text).to_arrow().dictionary_encode()
    known = encoded.dictionary.to_pylist()
    code[is_text] = encoded.indices.to_numpy(zero_copy_only=False)
    error = np.array([t in ERROR_TEXTS for t in known], bool)
    kind[is_text] = np.where(error[code[is_text]], Kind.ERROR, Kind.TEXT)
    return Column(kind, number, code, known)
