"""Reads an old Excel file in a process of its own: `python calamine_child.py FILE OUT`.

A file of a few kilobytes with one cell in the last row and column makes the reader ask for more memory than
there is, which ends the process and cannot be caught. Here it ends only this child.

Writes each sheet's cells as texts into an Arrow file (`0.arrow`), and `sheets.json`. Exit code 3 says that the
file is protected or damaged; the reason is on standard error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import fastexcel

REFUSED = 3


def main(source: str, out: str) -> int:
    """Reads all sheets of `source` into the folder `out`."""
    sheets = []
    try:
        book = fastexcel.read_excel(Path(source).read_bytes())  # bytes: the name may lie about the kind
        for number, name in enumerate(book.sheet_names):
            sheet = book.load_sheet(
                number, header_row=None, skip_rows=0, schema_sample_rows=None, dtypes="string"
            )
            if not sheet.width or not sheet.height:
                continue
            sheet.to_polars().write_ipc(Path(out) / f"{number}.arrow")
            first = min(column.absolute_index for column in sheet.available_columns())
            sheets.append({"name": name, "number": number, "first_column": first + 1})
    except fastexcel.FastExcelError as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return REFUSED
    (Path(out) / "sheets.json").write_text(json.dumps(sheets), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
