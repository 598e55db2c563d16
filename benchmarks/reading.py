"""Reading an order sheet, beside fastexcel, polars and openpyxl.

    python benchmarks/reading.py                # 1,000,000 rows x 8
    python benchmarks/reading.py --rows 100000 --slow
    python benchmarks/reading.py --rows 300000 --own-texts

fenji reads the columns asked for and keeps types, errors and row numbers; fastexcel reads the whole sheet,
with `schema_sample_rows=None`, because otherwise it silently empties cells that do not fit the first thousand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import engine_data, side_by_side


def fenji(columns: list[int]) -> Callable[[Path], object]:
    from addin.hosts.xlsx.package import Package
    from addin.hosts.xlsx.reading import read_columns

    return lambda path: len(read_columns(Package.open(path), engine_data.ORDERS_PART, 2, None, columns)[0])


def fenji_frame(columns: list[int]) -> Callable[[Path], object]:
    """To a DataFrame: numbers and dates as columns, texts as categories."""
    import pandas as pd

    from addin.hosts.xlsx.package import Package
    from addin.hosts.xlsx.reading import read_columns

    def read(path: Path) -> object:
        rows, cells = read_columns(Package.open(path), engine_data.ORDERS_PART, 2, None, columns)
        frame = {"row": rows}
        for number, cell in zip(columns, cells, strict=True):
            frame[f"{number} number"] = cell.number
            if cell.texts:
                frame[f"{number} text"] = pd.Categorical.from_codes(cell.code, cell.texts)
        return len(pd.DataFrame(frame))

    return read


def fastexcel_sheet() -> Callable[[Path], object]:
    import fastexcel

    return lambda path: fastexcel.read_excel(path).load_sheet(0, schema_sample_rows=None).height


def fastexcel_polars() -> Callable[[Path], object]:
    import fastexcel

    return lambda path: len(fastexcel.read_excel(path).load_sheet(0, schema_sample_rows=None).to_polars())


def polars_read_excel() -> Callable[[Path], object]:
    import polars as pl

    return lambda path: len(pl.read_excel(path, infer_schema_length=None))


def openpyxl_read_only() -> Callable[[Path], object]:
    import openpyxl

    def read(path: Path) -> object:
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return sum(1 for _ in sheet.iter_rows(values_only=True))

    return read


BASE = "fastexcel, sheet as Arrow"
WAYS: dict[str, Callable[[], Callable[[Path], object]]] = {
    BASE: fastexcel_sheet,
    "fastexcel, sheet to polars": fastexcel_polars,
    "polars.read_excel": polars_read_excel,
    "fenji, 3 columns": lambda: fenji([2, 3, 4]),
    "fenji, 6 columns": lambda: fenji([1, 2, 3, 4, 5, 8]),
    "fenji, 8 columns": lambda: fenji(list(range(1, 9))),
    "fenji, 6 columns, DataFrame": lambda: fenji_frame([1, 2, 3, 4, 5, 8]),
}
SLOW: dict[str, Callable[[], Callable[[Path], object]]] = {"openpyxl, read_only": openpyxl_read_only}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", action="store_true", help="openpyxl too")
    parser.add_argument("--own-texts", action="store_true", help="texts in the cells, no shared strings")
    parser.add_argument("--only", help="run this way alone, and print its numbers as JSON")
    options = parser.parse_args()
    path = engine_data.workbook(options.rows, options.own_texts)
    if options.only:
        read = (WAYS | SLOW)[options.only]()
        side_by_side.measure(lambda: read(path))
        return
    ways = [*WAYS, *(SLOW if options.slow else [])]
    print(f"{options.rows:,} rows x 8, {path.stat().st_size / 1e6:.0f} MB, best of {options.rounds}")
    arguments = ["--rows", str(options.rows), *(["--own-texts"] if options.own_texts else [])]
    side_by_side.compare(__file__, ways, arguments, options.rounds, BASE)


if __name__ == "__main__":
    main()
