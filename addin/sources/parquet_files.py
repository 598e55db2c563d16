"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from addin.grids import ColumnsGrid
from udfs.cleaning.columns import Column, Kind
from udfs.texts import FenjiError

EPOCH_DAYS = 25_569  # 1970-01-01 as an Excel serial number


def read_parquet(path: Path) -> ColumnsGrid:
    """A Parquet file as a grid; its column names are the headers, its first record is row 1."""
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FenjiError(
            zh=f"Parquet 文件“{path.name}”已损坏，无法读取（{error}）。",
            en=f"The Parquet file '{path.name}' is damaged and cannot be read ({error}).",
        ) from None
    return ColumnsGrid(path.stem, [from_series(s) for s in frame.get_columns()], headers=frame.columns)


def from_series(series: pl.Series) -> Column:
    """A typed column as cells: dates as dates, texts once per distinct text.

    >>> import datetime as dt
    >>> list(from_series(pl.Series([dt.date(2024, 1, 2), None])).values())
    [datetime.datetime(2024, 1, 2, 0, 0), None]
    """
    n = len(series)
    kind, number, code = np.zeros(n, np.uint8), np.full(n, np.nan), np.full(n, -1, np.int32)
    known = series.is_not_null().to_numpy()
    dtype = series.dtype
    if dtype.is_numeric():
        number = series.cast(pl.Float64).fill_null(float("nan")).to_numpy(writable=True)
        kind[known & ~np.isnan(number)] = Kind.NUMBER
        return Column(kind, number, code, [])
    if dtype == pl.Boolean:
        kind[known] = Kind.BOOL
        number[known] = series.drop_nulls().cast(pl.Float64).to_numpy()
        return Column(kind, number, code, [])
    if dtype == pl.Date or dtype == pl.Datetime:
        plain = series.dt.replace_time_zone(None) if dtype == pl.Datetime else series
        stamps = plain.cast(pl.Datetime("us")).drop_nulls().to_physical().to_numpy()
        kind[known] = Kind.DATE
        number[known] = stamps / 86_400e6 + EPOCH_DAYS
        return Column(kind, number, code, [])
    texts = series.cast(pl.Utf8, strict=False).replace("", None)
    known = texts.is_not_null().to_numpy()
    if known.any():
        encoded = texts.filter(known).to_arrow().dictionary_encode()
        code[known] = encoded.indices.to_numpy(zero_copy_only=False)
        kind[known] = Kind.TEXT
        return Column(kind, number, code, encoded.dictionary.to_pylist())
    return Column(kind, number, code, [])
