"""Parsing the XML of files other people made: no entities, no document types, no network, bounded depth.

A document type is never needed in a workbook (Open Packaging Conventions, 8.1.4), so any part that brings
one is refused before the parser sees it: that ends entity bombs and external entities alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from addin.hosts.xlsx.errors import CorruptWorkbook

PROLOG_BYTES = 65_536
BEFORE_ROOT = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.S)
DECLARED_ENCODING = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.S)
ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252", "gb2312", "gbk", "gb18030"}

# Parts whose numbers lead from one thing to another, and where these numbers stand.
NUMBERED = {"workbook", "styleSheet", "worksheet", "table"}
NUMBERS = {
    "cellStyle": ("xfId",),
    "cfRule": ("dxfId", "priority"),
    "col": ("max", "min", "style"),
    "definedName": ("localSheetId",),
    "numFmt": ("numFmtId",),
    "pivotCache": ("cacheId",),
    "sheet": ("sheetId",),
    "table": ("headerRowCount", "id", "totalsRowCount"),
    "tableColumn": ("id",),
    "workbookView": ("activeTab", "firstSheet"),
    "xf": ("borderId", "fillId", "fontId", "numFmtId", "xfId"),
}
WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")


def parse(data: bytes, file: str, part: str) -> etree._Element:
    """Root element of a part; CorruptWorkbook names the part when it is no harmless, well-formed XML.

    >>> parse(b"<a><b/></a>", "book.xlsx", "xl/workbook.xml")[0].tag
    'b'
    """
    check_prolog(data[:PROLOG_BYTES], file, part)
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as e:
        raise _not_well_formed(file, part, e) from e
    if etree.QName(root).localname in NUMBERED:
        check_numbers(root, file, part)
    return root


def check_numbers(root: etree._Element, file: str, part: str) -> None:
    """CorruptWorkbook where an attribute by which things are found is no whole number."""
    for element in root.iter(*(f"{{*}}{name}" for name in NUMBERS)):
        for name in NUMBERS[etree.QName(element).localname]:
            value = element.get(name, "0")
            if not WHOLE.fullmatch(value):
                raise CorruptWorkbook(
                    file,
                    part,
                    zh=f"属性 {name} 的值“{value}”不是整数",
                    en=f"'{value}' in {name} is no whole number",
                )


def iterparse(stream: BinaryIO, file: str, part: str, **options: Any) -> Iterator[tuple[str, Any]]:
    """`lxml.etree.iterparse` over an untrusted stream; the stream must be able to peek."""
    check_prolog(stream.peek(PROLOG_BYTES)[:PROLOG_BYTES], file, part)  # type: ignore[attr-defined]
    try:
        yield from etree.iterparse(
            stream, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **options
        )
    except (etree.XMLSyntaxError, ValueError) as e:
        raise _not_well_formed(file, part, e) from e


def serialize(root: etree._Element) -> bytes:
    """The part as bytes, with the XML declaration Excel writes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def check_prolog(head: bytes, file: str, part: str) -> None:
    """Refuses a document type and unusual encodings, in what stands before the root element."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    elif head[:2] == b"<\0" or head[:2] == b"\0<":
        text = head.decode("utf-16-le" if head[1] == 0 else "utf-16-be", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    declared = DECLARED_ENCODING.match(text)
    if declared and declared[1].lower() not in ENCODINGS:
        raise CorruptWorkbook(
            file,
            part,
            zh=f"使用了不支持的编码 {declared[1]}",
            en=f"it uses the unsupported encoding {declared[1]}",
        )
    before = BEFORE_ROOT.match(text)
    if before and text.startswith("<!", before.end()):
        raise CorruptWorkbook(
            file,
            part,
            zh="其中含有文档类型声明（DTD），可能是恶意文件，已拒绝读取",
            en="it contains a document type declaration (DTD), which may be an attack, so it was not read",
        )


def parser() -> etree.XMLParser:
    """An lxml parser for untrusted parts."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _not_well_formed(file: str, part: str, error: Exception) -> CorruptWorkbook:
    return CorruptWorkbook(file, part, zh=f"XML 有错误（{error}）", en=f"its XML is broken ({error})")
