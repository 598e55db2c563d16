"""A column of values to be written: one numpy array or one series of texts, not one object per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from addin.hosts.xlsx.cell_values import (
    DATE_FORMAT,
    DATETIME_FORMAT,
    MOST_DIGITS,
    CellError,
    date_format,
    plain,
)
from udfs.cleaning.columns import Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa


class ColumnData:
    """Values of one column, in the shape that is fastest to write.

    Attributes
    ----------
    kind : "number", "integer", "bool", "date", "text" or "mixed".
    data : float64, int64, bool or datetime64[us] array; Arrow array of texts, null where there is none; list of
        plain values.
    """

    __slots__ = ("data", "kind")

    def __init__(self, values: Any) -> None:
        self.kind, self.data = _shaped(values)

    def __len__(self) -> int:
        return len(self.data)

    def value(self, i: int) -> Any:
        """The value at position `i`, as `cell_values.plain` gives it."""
        if self.kind == "text":
            return self.data[i].as_py()
        return self.data[i] if self.kind == "mixed" else plain(self.data[i])

    def values(self, first: int, last: int) -> list[Any]:
        """The values at positions `first` to `last - 1`."""
        if self.kind == "text":
            return self.data[first:last].to_pylist()
        if self.kind == "mixed":
            return self.data[first:last]
        return [plain(v) for v in self.data[first:last]]

    def date_format(self) -> str | None:
        """The number format the dates of this column need; None for columns without dates."""
        if self.kind == "mixed":
            formats = {code for value in self.data if (code := date_format(value))}
            return max(formats, key=len) if formats else None
        if self.kind != "date":
            return None
        known = self.data[~np.isnat(self.data)]
        if not len(known):
            return None
        return DATE_FORMAT if np.all(known.astype("datetime64[D]") == known) else DATETIME_FORMAT


def _shaped(values: Any) -> tuple[str, Any]:
    if isinstance(values, Column):
        return _from_column(values)
    dtype = getattr(values, "dtype", None)
    if dtype is not None and not isinstance(values, np.ndarray):
        values = _from_series(values, dtype)
        if not isinstance(values, (np.ndarray, list)):
            return "text", values
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "f":
            values = values.astype(np.float64, copy=False)
            return ("mixed", [plain(v) for v in values]) if np.isinf(values).any() else ("number", values)
        if values.dtype.kind in "iu":
            if len(values) and (values.max() > MOST_DIGITS or values.min() < -MOST_DIGITS):
                return "mixed", values.tolist()
            return "integer", values.astype(np.int64, copy=False)
        if values.dtype.kind == "b":
            return "bool", values
        if values.dtype.kind == "M":
            return "date", values.astype("datetime64[us]", copy=False)
        values = values.tolist()
    return _from_list(list(values))


def _from_list(values: list[Any]) -> tuple[str, Any]:
    kinds = set(map(type, values))
    if kinds == {float}:
        return _shaped(np.array(values))
    if kinds <= {str, float, type(None)}:  # texts with NaN where there is none, as pandas has them
        values = [None if v != v else v for v in values]
        kinds = set(map(type, values))
    if not kinds <= {str, int, type(None)}:
        values = [v if type(v) is str else plain(v) for v in values]
        kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return "text", _texts(values)
    if kinds == {bool}:
        return "bool", np.array(values)
    if kinds <= {float, int, type(None)} and all(v is None or abs(v) <= MOST_DIGITS for v in values):
        return "number", np.array([np.nan if v is None else v for v in values], np.float64)
    return "mixed", [v or None if type(v) is str else v for v in values]


def _texts(values: Any) -> pa.Array:
    """Texts, None or missing values as an Arrow array; empty texts become null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(values, pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:  # lone surrogates cannot be written in any encoding
        whole = [None if v is None else v.encode("utf-8", "replace").decode() for v in values]
        texts = pa.array(whole, pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    empty = pc.equal(texts, "")
    return pc.if_else(empty, pa.scalar(None, pa.large_string()), texts) if pc.any(empty).as_py() else texts


def _from_series(series: Any, dtype: Any) -> Any:
    """A pandas (or polars) series as a numpy array, an Arrow array of texts, or a list."""
    if type(dtype).__name__ == "StringDtype":
        return _texts(series)
    kind = getattr(dtype, "kind", "O")
    if kind == "M":
        if getattr(dtype, "tz", None) is not None:
            series = series.dt.tz_localize(None)
        return series.to_numpy(dtype="datetime64[us]")
    if kind in "iuf" and hasattr(series, "isna") and series.isna().any():
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    if kind in "iufb" and not (hasattr(series, "isna") and series.isna().any()):
        return series.to_numpy()
    if hasattr(series, "cat"):
        categories = [plain(v) for v in series.cat.categories]
        return [categories[c] if c >= 0 else None for c in series.cat.codes.to_numpy()]
    return series.to_list() if hasattr(series, "to_list") else list(series)


def _from_column(column: Column) -> tuple[str, Any]:
    kinds = set(np.unique(column.kind).tolist())
    if kinds <= {Kind.EMPTY, Kind.NUMBER}:
        return "number", column.number
    if kinds <= {Kind.EMPTY, Kind.TEXT}:
        where = np.where(column.code < 0, len(column.texts), column.code)
        return "text", _texts([*column.texts, None]).take(where)
    values = []
    for i, value in enumerate(column.values()):
        values.append(CellError(value) if column.kind[i] == Kind.ERROR else plain(value))
    return "mixed", values
