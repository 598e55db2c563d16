"""Files that are no .xlsx workbook: text, old Excel, OpenDocument, web tables called .xls, Parquet.

    grids = sources.read("orders.csv")
    found = addin.tables.find(grids)

What a file is, is told by its first bytes, not by its name: shops export web pages and text called .xls.
"""

from __future__ import annotations

from pathlib import Path

from addin.grids import ColumnsGrid
from udfs.texts import FenjiError

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
OLE, ZIP, PARQUET, GZIP, PDF = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"%PDF"


def is_workbook(path: Path) -> bool:
    """Whether a file is for the file engine (.xlsx, .xlsm), not for this package."""
    return path.suffix.casefold() in WORKBOOKS


def read(path: Path, names: list[str] | None = None) -> list[ColumnsGrid]:
    """The sheets of a file as grids of cells.

    Parameters
    ----------
    path : .csv, .tsv, .txt, .xls, .xlsb, .ods, .parquet, or a web page or text file with any of these endings.
    names : headers of the columns, for a text file that has none.

    Raises
    ------
    FenjiError
        The file is missing, empty, protected by a password, damaged, or of no known kind.
    """
    path = Path(path)
    first = _first_bytes(path)
    if first.startswith(PARQUET):
        from addin.sources.parquet_files import read_parquet

        return [read_parquet(path)]
    if first.startswith((OLE, ZIP)):
        from addin.sources.old_excel import read_old_excel

        return read_old_excel(path)
    if first.startswith((GZIP, PDF, b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise FenjiError(
            zh=f"“{path.name}”不是表格文件。支持 .xlsx .xlsm .xlsb .xls .ods .csv .tsv .txt .parquet。",
            en=f"'{path.name}' is not a table file. Use .xlsx .xlsm .xlsb .xls .ods .csv .tsv .txt or .parquet.",
        )
    from addin.sources.encodings import decode

    text = decode(path.read_bytes(), path.name)
    from addin.sources import web_tables

    if web_tables.is_xml_spreadsheet(text):
        return web_tables.read_xml_spreadsheet(text, path.stem)
    if web_tables.is_web_page(text):
        return web_tables.read_web_tables(text, path.stem)
    from addin.sources.text_files import read_text

    return [read_text(text, path.stem, names)]


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            first = file.read(16)
    except FileNotFoundError:
        raise FenjiError(
            zh=f"找不到文件“{path}”。请检查文件名和所在文件夹。",
            en=f"There is no file '{path}'. Check its name and folder.",
        ) from None
    except IsADirectoryError:
        raise FenjiError(
            zh=f"“{path}”是文件夹，不是文件。", en=f"'{path}' is a folder, not a file."
        ) from None
    except PermissionError:
        raise FenjiError(
            zh=f"没有权限读取“{path}”。如果它在别的程序里打开着，请先关闭。",
            en=f"There is no permission to read '{path}'. If it is open in another program, close it there.",
        ) from None
    if not first:
        raise FenjiError(zh=f"文件“{path.name}”是空的。", en=f"The file '{path.name}' is empty.")
    return first
