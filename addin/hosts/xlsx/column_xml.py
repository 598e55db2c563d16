"""Whole columns to cell XML at once: string joins over all rows instead of one call per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from addin.hosts.xlsx.cell_values import MAX_TEXT, cell_xml, escape, text_element
from addin.hosts.xlsx.column_data import ColumnData
from udfs.cleaning.columns import EXCEL_EPOCH

if TYPE_CHECKING:
    import polars as pl

    # What a row is joined from: the same text in every row, or another one in each.
    Piece = pl.Series | pl.Expr | str

_CARE = r"[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f]|_x[0-9A-Fa-f]{4}_|[\x{fffe}\x{ffff}]"


def row_strings(
    first_row: int,
    count: int,
    columns: list[tuple[str, ColumnData | None, int, int, int]],
    date1904: bool,
    prefix: str,
) -> pl.Series:
    """The cells of consecutive rows, one string a row.

    Parameters
    ----------
    first_row : number of the first row.
    count : number of rows.
    columns : letters, values (None for cells that are styled but empty), style of the cells, style of dates,
        position of the first row in the values.
    """
    import polars as pl

    rows = pl.Series(np.arange(first_row, first_row + count, dtype=np.int32)).cast(pl.String)
    parts: list[Piece] = []
    for letters, data, style, date_style, start in columns:
        _add_column(parts, letters, rows, data, start, (style, date_style), (date1904, prefix))
    return pl.select(
        pl.concat_str([p if isinstance(p, pl.Expr) else pl.lit(p) for p in _joined(parts)])
    ).to_series()


def _joined(parts: list[Piece]) -> list[Piece]:
    """Neighbouring literal strings made one."""
    result: list[Piece] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return result


def _add_column(
    parts: list[Piece],
    letters: str,
    rows: pl.Series,
    data: ColumnData | None,
    start: int,
    styles: tuple[int, int],
    how: tuple[bool, str],
) -> None:
    import polars as pl

    (style, date_style), (date1904, prefix) = styles, how
    count = len(rows)
    tag, number = f'<{prefix}c r="{letters}', f'" s="{style}"' if style else '"'
    empty = f"{number}/>" if style else None
    if data is None:
        if style:
            parts += [tag, rows, f"{number}/>"]
        return
    values = data.data[start : start + count]
    if data.kind == "mixed":
        cells = [
            cell_xml(f"{letters}{r}", v, date_style if _is_date(v) else style, date1904, prefix)
            for r, v in zip(rows, values, strict=True)
        ]
        parts.append(pl.Series(cells, dtype=pl.String))
        return
    before, after = f"{number}><{prefix}v>", f"</{prefix}v></{prefix}c>"
    if data.kind == "text":
        texts = pl.Series(_clean_texts(values), dtype=pl.String)
        if (texts.str.len_chars() > MAX_TEXT).any():
            for row, value in zip(rows, values, strict=True):
                text_element(value or "", prefix, f"{letters}{row}")
        needs_care = texts.str.contains(_CARE).any()
        if needs_care:
            texts = pl.Series([None if v is None else escape(v) for v in texts], dtype=pl.String)
        before, after = (
            f'{number} t="inlineStr"><{prefix}is><{prefix}t>',
            f"</{prefix}t></{prefix}is></{prefix}c>",
        )
        spaced = texts.str.contains(r"^\s|\s$").fill_null(False)
        if spaced.any():
            opening = before[:-1]
            marked = pl.concat_str([pl.lit(opening + ' xml:space="preserve">'), pl.lit(texts)])
            plain = pl.concat_str([pl.lit(before), pl.lit(texts)])
            texts = pl.select(pl.when(spaced).then(marked).otherwise(plain)).to_series()
            before = ""
        contents = texts
    elif data.kind == "bool":
        before = f'{number} t="b"><{prefix}v>'
        contents = pl.Series(values.astype(np.int8)).cast(pl.String)
    elif data.kind == "integer":
        contents = pl.Series(values).cast(pl.String)
    elif data.kind == "date":
        days = (values - np.datetime64(EXCEL_EPOCH, "us")) / np.timedelta64(86_400_000_000, "us")
        days = np.where(np.isnat(values), np.nan, days)
        if date1904 or (days < 61).any():
            old = [
                cell_xml(f"{letters}{r}", v, date_style, date1904, prefix)
                for r, v in zip(rows, data.values(start, start + count), strict=True)
            ]
            parts.append(pl.Series(old, dtype=pl.String))
            return
        number = f'" s="{date_style}"' if date_style else '"'
        empty = f"{number}/>" if date_style else None
        before = f"{number}><{prefix}v>"
        contents = _number_texts(days)
    else:
        contents = _number_texts(values)
    if contents.null_count():
        filled = pl.concat_str([pl.lit(tag), rows, pl.lit(before), contents, pl.lit(after)])
        blank = pl.concat_str([pl.lit(tag), rows, pl.lit(empty)]) if empty else pl.lit("")
        parts.append(pl.when(contents.is_null()).then(blank).otherwise(filled))
    else:
        parts += [tag, rows, before, contents, after]


def _is_date(value: object) -> bool:
    import datetime as dt

    return isinstance(value, (dt.date, dt.time))


def _clean_texts(values: list[str | None]) -> list[str | None]:
    """The texts, lone surrogates replaced: they cannot be written in any encoding."""
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError:
        return [None if v is None else v.encode("utf-8", "replace").decode() for v in values]
    return values


def _number_texts(values: np.ndarray) -> pl.Series:
    """Numbers as the file writes them; null for NaN."""
    import polars as pl

    numbers = pl.Series(values, nan_to_null=True)
    known = values[~np.isnan(values)]
    if np.all(known == np.floor(known)) and np.all(np.abs(known) < 1e15):
        return numbers.cast(pl.Int64).cast(pl.String)
    return numbers.cast(pl.String).str.replace(r"\.0$", "")
