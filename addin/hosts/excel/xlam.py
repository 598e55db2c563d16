"""Builds fenji.xlam, the add-in for desktop Excel, on any system and without Excel.

>>> build(Path("fenji.xlam"))  # doctest: +SKIP

The file holds the ribbon, a macro for each button, thin wrappers for the worksheet functions, a sheet of
texts in both languages and a sheet with the configuration. It is stored without compression, so the same
version of fenji gives the same bytes on every system (compressors differ).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from xml.sax.saxutils import escape

from addin import buttons
from addin.hosts.excel import ribbon, wrappers
from addin.hosts.excel.vba_project import Module, build_vba_project
from udfs.texts import Text

FUNCTIONS_MODULE = "addin.hosts.excel.functions"
PROJECT = "Fenji"
CONFIG_KEYS = ("interpreter", "dll_folder", "language")
ZIP_TIME = (1980, 1, 1, 0, 0, 0)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

BRIDGE_TEXTS = {
    "no_workbook": buttons.NO_WORKBOOK,
    "starting": Text(zh="客户分级：正在处理……", en="Customer Grading: working..."),
    "python_failed": Text(
        zh="客户分级没能启动 Python，工作簿没有改动。请打开命令行运行 fenji doctor，它会逐项检查并告诉您怎样修好。",
        en="Customer Grading could not start Python; the workbook was not changed. Open a command line and "
        "run: fenji doctor. It checks every link and says how to mend it.",
    ),
    "not_installed": Text(
        zh="还没有写入 Python 的位置。请打开命令行运行 fenji install。",
        en="The place of Python is not known yet. Open a command line and run: fenji install",
    ),
    "undo_entry": Text(zh="客户分级的上一步", en="Last step of Customer Grading"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of texts inside the add-in."""

    name: str
    code_name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = True


def build(path: Path, config: Mapping[str, str] | None = None) -> Path:
    """Writes the add-in file.

    Parameters
    ----------
    path : where to write it, usually fenji.xlam; an existing file is replaced.
    config : values for the add-in's own configuration sheet, for one add-in shared by many people:
        `interpreter` (python.exe), `dll_folder` (the folder with xlwings64-*.dll), `language` (zh or en;
        empty follows Excel). The user's own file, which `fenji install` writes, comes before it.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    ValueError
        `config` has an unknown key.
    """
    path.write_bytes(addin_bytes(config or {}))
    return path


def addin_bytes(config: Mapping[str, str]) -> bytes:
    """The add-in file as bytes; see `build`."""
    if unknown := set(config) - set(CONFIG_KEYS):
        raise ValueError(f"unknown configuration: {', '.join(sorted(unknown))}")
    tab = buttons.load()
    sheets = [
        Sheet("config", "SheetConfig", _config_rows(config), hidden=False),
        Sheet("texts", "SheetTexts", _text_rows({**BRIDGE_TEXTS, **ribbon.texts(tab), **wrappers.texts()})),
        Sheet("_IntelliSense_", "SheetIntelliSense", wrappers.intellisense_rows()),
    ]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _package_relationships(),
        "docProps/core.xml": _core_properties(),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _workbook_relationships(len(sheets)),
        "xl/styles.xml": _styles(),
        **{f"xl/worksheets/sheet{i}.xml": _worksheet(sheet) for i, sheet in enumerate(sheets, 1)},
        "xl/vbaProject.bin": build_vba_project(PROJECT, vba_modules(tab, sheets)),
        "customUI/customUI14.xml": ribbon.custom_ui(tab),
    }
    return _zip(parts)


def vba_modules(tab: buttons.Tab, sheets: Sequence[Sheet]) -> list[Module]:
    """All modules of the add-in's VBA project, documents first."""
    return [
        Module("ThisWorkbook", "workbook", _vba_source("ThisWorkbook.cls")),
        *[Module(sheet.code_name, "sheet", "") for sheet in sheets],
        Module("FenjiBridge", "standard", _vba_source("FenjiBridge.bas")),
        Module("FenjiTexts", "standard", _vba_source("FenjiTexts.bas")),
        Module("FenjiRibbon", "standard", _vba_source("FenjiRibbon.bas")),
        Module("FenjiButtons", "standard", ribbon.macros(tab)),
        Module("FenjiFunctions", "standard", wrappers.module_source()),
    ]


def _vba_source(name: str) -> str:
    source = resources.files("addin.hosts.excel").joinpath("vba", name).read_text("cp1252")
    return source.replace("{{XLWINGS}}", metadata.version("xlwings")).replace(
        "{{FUNCTIONS}}", FUNCTIONS_MODULE
    )


def _config_rows(config: Mapping[str, str]) -> list[list[str]]:
    return [["key", "value"], *[[key, config.get(key, "")] for key in CONFIG_KEYS]]


def _text_rows(texts: Mapping[str, Text]) -> list[list[str]]:
    return [["key", "zh", "en"], *[[key, text.zh, text.en] for key, text in texts.items()]]


def _worksheet(sheet: Sheet) -> bytes:
    rows = "".join(_row(number, cells) for number, cells in enumerate(sheet.rows, 1))
    return _xml(
        f'<worksheet xmlns="{MAIN}"><sheetPr codeName="{sheet.code_name}"/><sheetData>{rows}</sheetData></worksheet>'
    )


def _row(number: int, cells: Iterable[str]) -> str:
    written = "".join(
        f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for column, text in enumerate(cells)
        if text
    )
    return f'<row r="{number}">{written}</row>'


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    listed = "".join(
        f'<sheet name="{sheet.name}" sheetId="{i}"{" state=" + chr(34) + "hidden" + chr(34) if sheet.hidden else ""} r:id="rId{i}"/>'
        for i, sheet in enumerate(sheets, 1)
    )
    return _xml(
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}"><workbookPr codeName="ThisWorkbook"/>'
        f"<sheets>{listed}</sheets></workbook>"
    )


def _workbook_relationships(sheet_count: int) -> bytes:
    targets = [(f"{RELATIONSHIPS}/worksheet", f"worksheets/sheet{i}.xml") for i in range(1, sheet_count + 1)]
    targets += [
        (f"{RELATIONSHIPS}/styles", "styles.xml"),
        ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
    ]
    return _relationships(targets)


def _package_relationships() -> bytes:
    return _relationships(
        [
            (f"{RELATIONSHIPS}/officeDocument", "xl/workbook.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (
                "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
                "customUI/customUI14.xml",
            ),
        ]
    )


def _relationships(targets: Sequence[tuple[str, str]]) -> bytes:
    entries = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return _xml(f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>')


def _content_types(sheet_count: int) -> bytes:
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        **{f"/xl/worksheets/sheet{i}.xml": f"{spreadsheet}.worksheet+xml" for i in range(1, sheet_count + 1)},
        "/xl/styles.xml": f"{spreadsheet}.styles+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "bin": "application/vnd.ms-office.vbaProject",
    }
    return _xml(
        f'<Types xmlns="{PACKAGE}/content-types">'
        + "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in defaults.items())
        + "".join(f'<Override PartName="{p}" ContentType="{t}"/>' for p, t in overrides.items())
        + "</Types>"
    )


def _core_properties() -> bytes:
    """Title and description, which Excel shows in its list of add-ins."""
    return _xml(
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>分级 fenji</dc:title><dc:creator>fenji</dc:creator>"
        "<dc:description>客户分级：给客户打分、分类、定级。Customer grading: scores, classes and grades for your "
        "customers.</dc:description></cp:coreProperties>"
    )


def _styles() -> bytes:
    return _xml(
        f'<styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="10"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _xml(text: str) -> bytes:
    return (XML + text).encode("utf-8")


def _zip(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.create_system = 0  # the same on every system
            info.external_attr = 0
            package.writestr(info, content)
    return out.getvalue()
