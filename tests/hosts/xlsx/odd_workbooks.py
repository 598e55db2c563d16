"""Odd but legal workbooks, written by hand: the same orders and customers in spellings programs rarely use.

`KINDS` names them; `write(path, kind)` makes one. Each kind changes the parts of a plain workbook.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from addin.hosts.xlsx import ooxml

MAIN = ooxml.MAIN
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
ORDERS, CUSTOMERS, OTHER = (f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3))
CUSTOMER_COUNT = 12

Parts = dict[str, str | bytes]
_CHANGES: dict[str, Callable[[Parts], None]] = {}


def kind(change: Callable[[Parts], None]) -> Callable[[Parts], None]:
    """Registers a way in which a workbook can be odd."""
    _CHANGES[change.__name__.removeprefix("_")] = change
    return change


def write(path: Path, name: str) -> Path:
    """A workbook that is odd in one way."""
    parts = plain_parts()
    _CHANGES[name](parts)
    stored = name == "stored_with_descriptors"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def kinds() -> list[str]:
    """Names of all odd workbooks."""
    return list(_CHANGES)


# -- the plain workbook ------------------------------------------------------------------------------------------


def plain_parts() -> Parts:
    """The parts of a workbook with orders, customers and a sheet of other things."""
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + _override("xl/workbook.xml", f"{_TYPE}sheet.main+xml")
        + "".join(_override(part, f"{_TYPE}worksheet+xml") for part in (ORDERS, CUSTOMERS, OTHER))
        + _override("xl/styles.xml", f"{_TYPE}styles+xml")
        + _override("xl/sharedStrings.xml", f"{_TYPE}sharedStrings+xml")
        + "</Types>",
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        '<sheet name="Orders" sheetId="1" r:id="rId1"/><sheet name="Customers" sheetId="2" r:id="rId2"/>'
        '<sheet name="Other" sheetId="3" r:id="rId3"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _rels(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("worksheet", "worksheets/sheet3.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        ORDERS: _sheet(_order_rows(), "A1:D61"),
        CUSTOMERS: _sheet(_customer_rows(), f"A1:C{CUSTOMER_COUNT + 1}"),
        OTHER: _sheet('<row r="1"><c r="A1"><f>SUM(Orders!D2:D61)</f><v>1</v></c></row>', "A1"),
        "xl/styles.xml": f'{_XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/>'
        '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/>'
        '<top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" '
        'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" '
        'borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": _shared_strings(),
    }


def _override(part: str, content_type: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{content_type}"/>'


def _rels(*relationships: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{name}" Target="{target}"/>'
        for i, (name, target) in enumerate(relationships, 1)
    )
    return f'{_XML}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _texts() -> list[str]:
    headers = ["Order ID", "Order date", "Customer ID", "Amount", "Customer ID", "Customer", "Phone"]
    customers = [f"C{i:03d}" for i in range(1, CUSTOMER_COUNT + 1)]
    return [*headers, *customers, *(f"Company {i}" for i in range(1, CUSTOMER_COUNT + 1))]


def _shared_strings() -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in _texts())
    return f'{_XML}<sst xmlns="{MAIN}" count="99" uniqueCount="{len(_texts())}">{items}</sst>'


def _text(ref: str, number: int) -> str:
    return f'<c r="{ref}" t="s"><v>{number}</v></c>'


def _order_rows() -> str:
    rows = ["".join(_text(f"{column}1", i) for i, column in enumerate("ABCD"))]
    for n in range(60):
        r, customer = n + 2, n * 7 % CUSTOMER_COUNT
        rows.append(
            f'<c r="A{r}"><v>{1000 + n}</v></c><c r="B{r}" s="1"><v>{45000 + n * 3}</v></c>'
            + _text(f"C{r}", 7 + customer)
            + f'<c r="D{r}"><v>{100 + n * 13 % 97}</v></c>'
        )
    return "".join(f'<row r="{r}">{cells}</row>' for r, cells in enumerate(rows, 1))


def _customer_rows() -> str:
    rows = ["".join(_text(f"{column}1", i) for i, column in enumerate("ABC", 4))]
    for n in range(CUSTOMER_COUNT):
        r = n + 2
        cells = _text(f"A{r}", 7 + n) + _text(f"B{r}", 7 + CUSTOMER_COUNT + n)
        rows.append(cells + f'<c r="C{r}"><v>{13800000000 + n}</v></c>')
    return "".join(f'<row r="{r}">{cells}</row>' for r, cells in enumerate(rows, 1))


def _sheet(rows: str, dimension: str) -> str:
    return (
        f'{_XML}<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _replace(parts: Parts, part: str, *pairs: tuple[str, str]) -> None:
    text = parts[part]
    assert isinstance(text, str)
    for old, new in pairs:
        assert old in text, f"{old} not in {part}"
        text = text.replace(old, new)
    parts[part] = text


def _add_part(parts: Parts, part: str, content: str | bytes, content_type: str) -> None:
    parts[part] = content
    _replace(parts, "[Content_Types].xml", ("</Types>", _override(part, content_type) + "</Types>"))


def _relate(parts: Parts, rels: str, rid: str, name: str, target: str, mode: str = "") -> None:
    parts.setdefault(rels, _rels())
    item = f'<Relationship Id="{rid}" Type="{REL}/{name}" Target="{target}"{mode}/>'
    _replace(parts, rels, ("</Relationships>", item + "</Relationships>"))


_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"


# -- the odd ones ------------------------------------------------------------------------------------------------


@kind
def _prefixed(parts: Parts) -> None:
    for name in (ORDERS, CUSTOMERS, OTHER, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        text = str(parts[name])
        head, body = text[: len(_XML)], text[len(_XML) :]
        body = re.sub(r"<(/?)(\w)", r"<\1x:\2", body).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        parts[name] = head + body


@kind
def _strict(parts: Parts) -> None:
    for name, content in parts.items():
        if name != "[Content_Types].xml":
            parts[name] = ooxml.to_strict(str(content).encode()).decode()
    _replace(parts, "xl/workbook.xml", ("<workbook ", '<workbook conformance="strict" '))


@kind
def _absolute_targets(parts: Parts) -> None:
    _replace(parts, _WORKBOOK_RELS, ('Target="', 'Target="/xl/'))
    _replace(parts, "_rels/.rels", ('Target="', 'Target="/'))


@kind
def _nothing_says_where_it_is(parts: Parts) -> None:
    """No dimension, rows without numbers, cells without addresses."""
    for name in (ORDERS, CUSTOMERS):
        text = re.sub(r"<dimension[^>]*/>", "", str(parts[name]))
        parts[name] = re.sub(r'<(row|c) r="[A-Z]*\d+"', r"<\1", text)


@kind
def _spread_out(parts: Parts) -> None:
    """Line breaks, comments, processing instructions, CDATA and character references."""
    text = str(parts[CUSTOMERS]).replace("<row", "\n  <row").replace("<c ", "\n    <c ")
    parts[CUSTOMERS] = text.replace("<sheetData>", "<!-- rows --><sheetData><?odd data?>", 1)
    _replace(
        parts,
        "xl/sharedStrings.xml",
        ("<t>Company 1</t>", "<t><![CDATA[Company 1]]></t>"),
        ("<t>Company 2</t>", "<t>&#67;ompany&#x20;2</t>"),
        ("<t>Company 3</t>", "<t>Company 3</t><phoneticPr fontId='0'/>"),
    )


@kind
def _single_quotes_and_utf16(parts: Parts) -> None:
    text = str(parts[OTHER]).replace('"', "'").replace("encoding='UTF-8'", "encoding='UTF-16'")
    parts[OTHER] = text.encode("utf-16")
    parts[CUSTOMERS] = b"\xef\xbb\xbf" + str(parts[CUSTOMERS]).encode()


@kind
def _shared_and_array_formulas(parts: Parts) -> None:
    """Beside the customers: a shared formula and an array formula; among the orders a data table."""
    text = str(parts[CUSTOMERS])
    for r in range(2, CUSTOMER_COUNT + 2):
        first = f' ref="E2:E{CUSTOMER_COUNT + 1}">LEN(B2)</f>' if r == 2 else "/>"
        shared = f'<c r="E{r}"><f t="shared" si="0"{first}<v>9</v></c>'
        array = (
            f'<f t="array" ref="F2:F{CUSTOMER_COUNT + 1}">C2:C{CUSTOMER_COUNT + 1}*2</f>' if r == 2 else ""
        )
        text = re.sub(
            rf'(<row r="{r}">.*?)</row>', rf'\g<1>{shared}<c r="F{r}">{array}<v>1</v></c></row>', text
        )
    headers = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{column}</t></is></c>' for column in "DEF")
    parts[CUSTOMERS] = text.replace("</row>", headers + "</row>", 1)
    table = '<f t="dataTable" ref="B2:B3" dt2D="0" dtr="0" r1="D1"/>'
    rows = (
        '<row r="1"><c r="B1"><f>D1*2</f><v>2</v></c><c r="D1"><v>1</v></c></row>'
        f'<row r="2"><c r="A2"><v>1</v></c><c r="B2">{table}<v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>4</v></c></row>'
    )
    parts[OTHER] = _sheet(rows, "A1:D3")


@kind
def _external_links(parts: Parts) -> None:
    link = (
        f'{_XML}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{REL}" r:id="rId1"><sheetNames>'
        '<sheetName val="Prices"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1">'
        "<v>7</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>"
    )
    _add_part(parts, "xl/externalLinks/externalLink1.xml", link, f"{_TYPE}externalLink+xml")
    _relate(
        parts,
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        "rId1",
        "externalLinkPath",
        "file:///C:\\prices%20of%202024.xlsx",
        ' TargetMode="External"',
    )
    _relate(parts, _WORKBOOK_RELS, "rId90", "externalLink", "externalLinks/externalLink1.xml")
    _replace(
        parts,
        "xl/workbook.xml",
        ("</sheets>", '</sheets><externalReferences><externalReference r:id="rId90"/></externalReferences>'),
    )
    _replace(parts, OTHER, ("SUM(Orders!D2:D61)", "[1]Prices!A1*2"))


@kind
def _dates_from_1904(parts: Parts) -> None:
    _replace(parts, "xl/workbook.xml", ("<sheets>", '<workbookPr date1904="1"/><sheets>'))
    parts[ORDERS] = re.sub(r's="1"><v>(\d+)', lambda m: f's="1"><v>{int(m[1]) - 1462}', str(parts[ORDERS]))


@kind
def _very_hidden(parts: Parts) -> None:
    _replace(parts, "xl/workbook.xml", ('name="Other"', 'name="Other" state="veryHidden"'))
    names = '</sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
    _replace(
        parts, "xl/workbook.xml", ("</sheets>", names + "Orders!$A$1:$D$61</definedName></definedNames>")
    )
    rows = re.sub(r'<row r="([2-9])"', r'<row r="\1" hidden="1"', str(parts[ORDERS]))
    parts[ORDERS] = rows.replace("</sheetData>", '</sheetData><autoFilter ref="A1:D61"/>')


@kind
def _chart_sheet(parts: Parts) -> None:
    sheet = f'{_XML}<chartsheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    _add_part(
        parts,
        "xl/chartsheets/sheet1.xml",
        sheet + '<drawing r:id="rId1"/></chartsheet>',
        f"{_TYPE}chartsheet+xml",
    )
    _relate(parts, "xl/chartsheets/_rels/sheet1.xml.rels", "rId1", "drawing", "../drawings/drawing1.xml")
    _relate(parts, _WORKBOOK_RELS, "rId91", "chartsheet", "chartsheets/sheet1.xml")
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/"
    _add_part(
        parts,
        "xl/drawings/drawing1.xml",
        f'{_XML}<xdr:wsDr xmlns:xdr="{drawing}spreadsheetDrawing" xmlns:a="{drawing}main"><xdr:absoluteAnchor>'
        '<xdr:pos x="0" y="0"/><xdr:ext cx="9000000" cy="6000000"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        '<xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" '
        f'y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{drawing}chart"><c:chart '
        f'xmlns:c="{drawing}chart" xmlns:r="{REL}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
        "<xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    _relate(parts, "xl/drawings/_rels/drawing1.xml.rels", "rId1", "chart", "../charts/chart1.xml")
    _add_part(
        parts,
        "xl/charts/chart1.xml",
        f'{_XML}<c:chartSpace xmlns:c="{drawing}chart" xmlns:a="{drawing}main"><c:chart><c:plotArea><c:layout/>'
        '<c:pieChart><c:varyColors val="1"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>'
        "Orders!$D$2:$D$61</c:f></c:numRef></c:val></c:ser></c:pieChart></c:plotArea></c:chart></c:chartSpace>",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    )
    _replace(
        parts, "xl/workbook.xml", ("<sheets>", '<sheets><sheet name="Chart1" sheetId="9" r:id="rId91"/>')
    )


@kind
def _dialog_sheet(parts: Parts) -> None:
    sheet = f'{_XML}<dialogsheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15"/></dialogsheet>'
    _add_part(parts, "xl/dialogsheets/sheet1.xml", sheet, f"{_TYPE}dialogsheet+xml")
    _relate(parts, _WORKBOOK_RELS, "rId92", "dialogsheet", "dialogsheets/sheet1.xml")
    _replace(
        parts, "xl/workbook.xml", ("</sheets>", '<sheet name="Dialog1" sheetId="8" r:id="rId92"/></sheets>')
    )


@kind
def _macro_sheet(parts: Parts) -> None:
    """A sheet of macros as Excel 4 had them."""
    xm = "http://schemas.microsoft.com/office/excel/2006/main"
    _add_part(
        parts,
        "xl/macrosheets/sheet1.xml",
        f'{_XML}<xm:macrosheet xmlns="{MAIN}" xmlns:xm="{xm}"><sheetData><row r="1"><c r="A1"><f>RETURN()</f>'
        "</c></row></sheetData></xm:macrosheet>",
        "application/vnd.ms-excel.macrosheet+xml",
    )
    parts[_WORKBOOK_RELS] = str(parts[_WORKBOOK_RELS]).replace(
        "</Relationships>",
        '<Relationship Id="rId93" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" '
        'Target="macrosheets/sheet1.xml"/></Relationships>',
    )
    _replace(
        parts, "xl/workbook.xml", ("<sheets>", '<sheets><sheet name="Macro1" sheetId="7" r:id="rId93"/>')
    )
    _replace(
        parts,
        "[Content_Types].xml",
        (f"{_TYPE}sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    )


@kind
def _no_styles(parts: Parts) -> None:
    del parts["xl/styles.xml"]
    parts[_WORKBOOK_RELS] = re.sub(r"<Relationship [^>]*styles.xml\"/>", "", str(parts[_WORKBOOK_RELS]))
    _replace(parts, "[Content_Types].xml", (_override("xl/styles.xml", f"{_TYPE}styles+xml"), ""))
    parts[ORDERS] = re.sub(
        r'<c r="(B\d+)" s="1"><v>(\d+)</v></c>',
        lambda m: f'<c r="{m[1]}" t="d"><v>20{23 + int(m[2]) % 2}-0{int(m[2]) % 9 + 1}-15</v></c>',
        str(parts[ORDERS]),
    )


@kind
def _no_shared_strings(parts: Parts) -> None:
    texts = _texts()
    del parts["xl/sharedStrings.xml"]
    parts[_WORKBOOK_RELS] = re.sub(r"<Relationship [^>]*Strings.xml\"/>", "", str(parts[_WORKBOOK_RELS]))
    _replace(
        parts, "[Content_Types].xml", (_override("xl/sharedStrings.xml", f"{_TYPE}sharedStrings+xml"), "")
    )
    for name in (ORDERS, CUSTOMERS):
        parts[name] = re.sub(
            r' t="s"><v>(\d+)</v>',
            lambda m: f' t="inlineStr"><is><t>{texts[int(m[1])]}</t></is>',
            str(parts[name]),
        )


@kind
def _empty_rows_and_sheets(parts: Parts) -> None:
    parts[OTHER] = f'{_XML}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    text = str(parts[CUSTOMERS])
    text = text.replace(
        "</sheetData>", '<row r="20"/><row r="21" ht="30" customHeight="1"></row></sheetData>'
    )
    parts[CUSTOMERS] = text


@kind
def _alternate_content(parts: Parts) -> None:
    ac, x14ac = (
        f"http://schemas.microsoft.com/office/{p}"
        for p in ("spreadsheetml/2010/11/ac", "spreadsheetml/2009/9/ac")
    )
    _replace(
        parts,
        "xl/workbook.xml",
        (f'xmlns:r="{REL}">', f'xmlns:r="{REL}" xmlns:mc="{MC}" mc:Ignorable="x15ac" xmlns:x15ac="{ac}"><mc:AlternateContent>'
         '<mc:Choice Requires="x15ac"><x15ac:absPath url="C:\\data\\"/></mc:Choice></mc:AlternateContent>'),
    )  # fmt: skip
    for name in (ORDERS, CUSTOMERS):
        text = str(parts[name]).replace(
            f'xmlns:r="{REL}">',
            f'xmlns:r="{REL}" xmlns:mc="{MC}" mc:Ignorable="x14ac" xmlns:x14ac="{x14ac}">',
        )
        parts[name] = re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="1:4" x14ac:dyDescent="0.25"', text)


@kind
def _huge_comments(parts: Parts) -> None:
    """1,500 notes, one of them of 32,000 characters."""
    texts = ["x" * 32_000, *(f"note {i}" for i in range(1_499))]
    notes = "".join(
        f'<comment ref="K{i}" authorId="0"><text><t>{text}</t></text></comment>'
        for i, text in enumerate(texts, 1)
    )
    _add_part(
        parts,
        "xl/comments1.xml",
        f'{_XML}<comments xmlns="{MAIN}"><authors><author>me</author></authors><commentList>{notes}</commentList></comments>',
        f"{_TYPE}comments+xml",
    )
    shapes = "".join(
        f'<v:shape type="#_x0000_t202" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>{i}</x:Row>'
        "<x:Column>10</x:Column></x:ClientData></v:shape>"
        for i in range(1_500)
    )
    parts["xl/drawings/vmlDrawing1.vml"] = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel">{shapes}</xml>'
    )
    _replace(
        parts,
        "[Content_Types].xml",
        ("<Default ", '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Default '),
    )  # fmt: skip
    text = str(parts["[Content_Types].xml"])
    vml = '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    parts["[Content_Types].xml"] = text.replace(vml, "").replace("<Default ", vml + "<Default ", 1)
    rels = "xl/worksheets/_rels/sheet2.xml.rels"
    _relate(parts, rels, "rId1", "comments", "../comments1.xml")
    _relate(parts, rels, "rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml")
    _replace(parts, CUSTOMERS, ("</worksheet>", '<legacyDrawing r:id="rId2"/></worksheet>'))


@kind
def _odd_names(parts: Parts) -> None:
    """Sheets with quotes and signs in their names, parts with spaces and capitals in theirs."""
    _replace(
        parts,
        "xl/workbook.xml",
        ('name="Orders"', 'name="Orders &amp; &quot;more&quot;"'),
        ('name="Customers"', 'name="It\'s 100% 客户😀"'),
    )
    parts["xl/Work Sheets/Sheet One.XML"] = parts.pop(ORDERS)
    parts[OTHER] = str(parts[OTHER]).replace("Orders!", "'Orders &amp; &quot;more&quot;'!")
    _replace(parts, _WORKBOOK_RELS, ("worksheets/sheet1.xml", "Work%20Sheets/Sheet%20One.XML"))
    _replace(parts, "[Content_Types].xml", (f"/{ORDERS}", "/xl/Work%20Sheets/Sheet%20One.XML"))


@kind
def _stored_with_descriptors(parts: Parts) -> None:
    """Nothing compressed; custom XML and a thumbnail beside the workbook."""
    parts["customXml/item1.xml"] = "<odd xmlns='urn:odd'>我</odd>"
    parts["docProps/thumbnail.wmf"] = b"\x00\x01\x02"
    text = str(parts["[Content_Types].xml"])
    parts["[Content_Types].xml"] = text.replace(
        "<Default ", '<Default Extension="wmf" ContentType="image/x-wmf"/><Default ', 1
    )
    _relate(parts, "_rels/.rels", "rId8", "customXml", "customXml/item1.xml")


@kind
def _names_and_protection_of_nothing(parts: Parts) -> None:
    """Names that refer to nothing, protection that is switched off, an unknown extension."""
    _replace(
        parts,
        "xl/workbook.xml",
        ("<sheets>", '<workbookProtection lockStructure="0"/><sheets>'),
        (
            "</sheets>",
            '</sheets><definedNames><definedName name="gone">#REF!</definedName><definedName name="rate">0.5'
            '</definedName><definedName name="list" localSheetId="1">Orders!#REF!</definedName></definedNames>',
        ),
    )
    _replace(
        parts,
        CUSTOMERS,
        (
            "</sheetData>",
            '</sheetData><sheetProtection sheet="0" objects="1"/><extLst><ext uri="{00000000-0000-4000-8000-000000000001}">'
            '<odd xmlns="urn:odd">1</odd></ext></extLst>',
        ),
    )
    parts[CUSTOMERS] = str(parts[CUSTOMERS]).replace(
        "<extLst>",
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><extLst>',
    )
