"""Dynamic array formulas (FILTER, SORT, UNIQUE): the mark that lets them spill, kept when a sheet is copied.

The mark is a number on the cell (`cm`) into the workbook's metadata part; without it Excel shows an old array
formula of fixed size.
"""

from __future__ import annotations

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.drawings import parse_part
from addin.hosts.xlsx.package import Package

_TYPE = "XLDAPR"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_ORDER = [
    "metadataTypes",
    "metadataStrings",
    "mdxMetadata",
    "futureMetadata",
    "cellMetadata",
    "valueMetadata",
]
_METADATA_TYPE = (
    f'<metadataType name="{_TYPE}" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
    'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
)
_FUTURE = (
    f'<futureMetadata name="{_TYPE}" count="1"><bk><extLst><ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}">'
    '<xda:dynamicArrayProperties xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray" '
    'fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
)


def dynamic_marks(package: Package) -> set[str]:
    """The values of `cm` that mark dynamic arrays in a workbook."""
    rel = package.rels(package.workbook_part).one("sheetMetadata")
    if rel is None:
        return set()
    root = package.xml(rel.target)
    number = str(_type_number(root))
    blocks = ooxml.children(ooxml.child(root, "cellMetadata"), "bk")
    return {
        str(position)
        for position, block in enumerate(blocks, start=1)
        if any(record.get("t") == number for record in ooxml.children(block, "rc"))
    }


def dynamic_mark(package: Package) -> str:
    """The value of `cm` for a dynamic array in a workbook, made when missing."""
    known = dynamic_marks(package)
    if known:
        return min(known, key=int)
    rel = package.rels(package.workbook_part).one("sheetMetadata")
    if rel is None:
        part = package.add(
            "xl/metadata{}.xml", parse_part(package, f'<metadata xmlns="{ooxml.MAIN}"/>'), _CONTENT
        )
        package.rels(package.workbook_part).add("sheetMetadata", part)
    else:
        part = rel.target
    root = package.edit(part)
    types = ooxml.section(root, "metadataTypes", _ORDER)
    if not _type_number(root):
        types.append(_fragment(package, _METADATA_TYPE))
        types.set("count", str(len(types)))
        ooxml.insert_in_order(root, _fragment(package, _FUTURE), _ORDER)
    cells = ooxml.section(root, "cellMetadata", _ORDER)
    ooxml.add(ooxml.add(cells, "bk"), "rc", t=_type_number(root), v=0)
    count = len(ooxml.children(cells, "bk"))
    cells.set("count", str(count))
    return str(count)


def _type_number(root: etree._Element) -> int:
    """The number of the dynamic array type among the metadata types, from 1; 0 where it is not listed."""
    types = ooxml.children(ooxml.child(root, "metadataTypes"), "metadataType")
    return next((number for number, kind in enumerate(types, start=1) if kind.get("name") == _TYPE), 0)


def _fragment(package: Package, xml: str) -> etree._Element:
    return parse_part(package, f'<metadata xmlns="{ooxml.MAIN}">{xml}</metadata>')[0]
