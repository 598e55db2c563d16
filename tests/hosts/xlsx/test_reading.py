"""Reading columns: every kind of cell, every spelling of XML, and the fast way equal to the slow one."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import numbers

from addin.hosts import xlsx
from addin.hosts.xlsx import reading, sheet_pieces
from addin.hosts.xlsx.date_formats import shows
from addin.hosts.xlsx.errors import CorruptWorkbook
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.reading import read_columns
from addin.hosts.xlsx.row_scanner import Unusual
from addin.hosts.xlsx.sheet_head import read_header_rows
from addin.hosts.xlsx.sheet_survey import survey_sheet, used_range
from tests.programs import REFERENCE_DATA
from udfs.cleaning.columns import Column, Kind

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def empty_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "text"
    book.active["B1"] = dt.date(2024, 1, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


EMPTY = empty_workbook()


def package_with(
    rows: str, shared: str = "", namespace: str = MAIN, before: str = "", after: str = ""
) -> Package:
    """A workbook whose first sheet has these rows; style 1 is a date, style 0 is none."""
    package = Package.from_bytes(EMPTY)
    xml = f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    package.write(SHEET, xml.encode())
    package.write("xl/sharedStrings.xml", f'<sst xmlns="{namespace}">{shared}</sst>'.encode())
    if not package.rels("xl/workbook.xml").one("sharedStrings"):
        package.rels("xl/workbook.xml").add("sharedStrings", "xl/sharedStrings.xml")
    return package


def read(package: Package, columns: list[int] | None = None) -> tuple[list[int], list[Column]]:
    rows, cells = read_columns(package, SHEET, 1, None, columns or [1])
    return rows.tolist(), cells


def read_slowly(package: Package, columns: list[int]) -> tuple[list[int], list[Column]]:
    with mock.patch.object(reading, "SheetPieces", side_effect=Unusual):
        return read(package, columns)


def values(column: Column) -> list[Any]:
    return list(column.values())


def assert_same(one: tuple[list[int], list[Column]], two: tuple[list[int], list[Column]]) -> None:
    assert one[0] == two[0]
    for a, b in zip(one[1], two[1], strict=True):
        assert a.kind.tolist() == b.kind.tolist()
        np.testing.assert_array_equal(a.number, b.number)
        assert a.code.tolist() == b.code.tolist()
        assert a.texts == b.texts


def one_cell(cell: str, shared: str = "") -> Column:
    """Column of one cell, read fast; the slow way must agree."""
    package = package_with(f'<row r="1">{cell}</row>', shared)
    fast = read(package)
    assert_same(fast, read_slowly(package, [1]))
    return fast[1][0]


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("86", 86.0),
            ("-0.5", -0.5),
            ("1.1000000000000001", 1.1),
            ("4.4999999999999998E-2", 0.045),
            ("1e3", 1000.0),
            ("123456789012345678", 123456789012345678.0),
            ("+7", 7.0),
            (" 7 ", 7.0),
            (".5", 0.5),
            ("1.7976931348623157E308", 1.7976931348623157e308),
        ],
    )
    def test_numbers(self, text: str, number: float) -> None:
        column = one_cell(f'<c r="A1"><v>{text}</v></c>')
        assert column.kind.tolist() == [Kind.NUMBER]
        assert column.number.tolist() == [number]

    @pytest.mark.parametrize("text", ["abc", "NaN", "inf", "1_0", "0x10", "1e999"])
    def test_what_is_no_number_stays_text(self, text: str) -> None:
        column = one_cell(f'<c r="A1"><v>{text}</v></c>')
        assert column.kind.tolist() == [Kind.TEXT]
        assert column.texts == [text]

    def test_date_by_its_format(self) -> None:
        column = one_cell('<c r="A1" s="1"><v>45292.5</v></c>')
        assert column.kind.tolist() == [Kind.DATE]
        assert values(column) == [dt.datetime(2024, 1, 1, 12)]

    def test_1904_dates_become_1900_dates(self) -> None:
        package = package_with('<row r="1"><c r="A1" s="1"><v>43830</v></c><c r="B1"><v>43830</v></c></row>')
        package.edit("xl/workbook.xml").find("{*}workbookPr").set("date1904", "1")
        _, (date, number) = read(package, [1, 2])
        assert values(date) == [dt.datetime(2024, 1, 1)]
        assert values(number) == [43830]

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2024-01-01", dt.datetime(2024, 1, 1)),
            ("2024-01-01T12:00:00Z", dt.datetime(2024, 1, 1, 12)),
            ("next week", "next week"),
        ],
    )
    def test_iso_dates(self, text: str, value: object) -> None:
        assert values(one_cell(f'<c r="A1" t="d"><v>{text}</v></c>')) == [value]

    @pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False), ("true", True), ("2", "2")])
    def test_booleans(self, text: str, value: object) -> None:
        assert values(one_cell(f'<c r="A1" t="b"><v>{text}</v></c>')) == [value]

    def test_errors(self) -> None:
        column = one_cell('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
        assert column.kind.tolist() == [Kind.ERROR]
        assert column.texts == ["#DIV/0!"]

    def test_error_name_as_text_stays_text(self) -> None:
        assert one_cell('<c r="A1" t="s"><v>0</v></c>', "<si><t>#N/A</t></si>").kind.tolist() == [Kind.TEXT]

    @pytest.mark.parametrize(
        "cell",
        [
            '<c r="A1"/>',
            '<c r="A1" s="1"/>',
            '<c r="A1" s="1"></c>',
            '<c r="A1"><v/></c>',
            '<c r="A1"><v></v></c>',
            '<c r="A1" t="s"><v></v></c>',
            '<c r="A1"><f>B1</f></c>',
            '<c r="A1" t="str"><f>""</f><v></v></c>',
            '<c r="A1" t="inlineStr"><is><t></t></is></c>',
            '<c r="A1" t="inlineStr"><is/></c>',
            '<c r="A1" t="inlineStr"/>',
        ],
    )
    def test_empty_cells_leave_no_row(self, cell: str) -> None:
        package = package_with(f'<row r="1">{cell}</row>')
        for rows, (column,) in (read(package), read_slowly(package, [1])):
            assert rows == []
            assert len(column) == 0

    def test_shared_empty_text_is_empty(self) -> None:
        shared = "<si><t></t></si><si/><si><t/></si><si><t>x</t></si>"
        cells = "".join(f'<row r="{i + 1}"><c r="A{i + 1}" t="s"><v>{i}</v></c></row>' for i in range(4))
        rows, (column,) = read(package_with(cells, shared))
        assert rows == [4]
        assert column.texts == ["x"]
        assert column.code.tolist() == [0]


class TestFormulas:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ('<c r="A1"><f>1+1</f><v>2</v></c>', 2),
            ('<c r="A1" t="str"><f>"a"</f><v>a</v></c>', "a"),
            ('<c r="A1"><f t="shared" ref="A1:A3" si="0">B1</f><v>5</v></c>', 5),
            ('<c r="A1"><f t="shared" si="0"/><v>6</v></c>', 6),
            ('<c r="A1" t="str"><f/><v>b</v></c>', "b"),
            ('<c r="A1" t="str"><f>IF(B1&gt;1,"&lt;a/&gt;","")</f><v>&lt;a/&gt;</v></c>', "<a/>"),
            ('<c r="A1" cm="1"><f t="array" ref="A1">SUM(B1)</f><v>7</v></c>', 7),
            ('<c r="A1" vm="1" t="e"><v>#VALUE!</v></c>', "#VALUE!"),
        ],
    )
    def test_give_their_last_value(self, cell: str, value: object) -> None:
        assert values(one_cell(cell)) == [value]


class TestTexts:
    @pytest.mark.parametrize(
        ("item", "text"),
        [
            ("<si><t>客户</t></si>", "客户"),
            ('<si><t xml:space="preserve"> a </t></si>', " a "),
            ("<si><t>A&amp;B &lt;1&gt; &#65;&#x4e2d;</t></si>", "A&B <1> A中"),
            ("<si><r><t>rich</t></r><r><rPr><b/></rPr><t> text</t></r></si>", "rich text"),
            ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>', "東京"),
            ("<si><t>a_x000D_b_x0041_</t></si>", "a\rbA"),
            ("<si><t>_x005F_x0041_</t></si>", "_x0041_"),
            ("<si><t>_xD83D__xDE00_</t></si>", "😀"),
            ("<si>\n<t>a\r\nb</t>\n</si>", "a\nb"),
        ],
    )
    def test_shared(self, item: str, text: str) -> None:
        column = one_cell('<c r="A1" t="s"><v>1</v></c>', f"<si><t>other</t></si>{item}<si><t>z</t></si>")
        assert column.texts == [text]

    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            ('<c r="A1" t="inlineStr"><is><t>A&amp;B</t></is></c>', "A&B"),
            ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>', " a"),
            ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
            ('<c r="A1" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>ト</t></rPh></is></c>', "東"),
            ('<c r="A1" t="str"><v>a_x000A_b</v></c>', "a\nb"),
            ('<c r="A1" t="str"><v xml:space="preserve"> c</v></c>', " c"),
            ('<c r="A1" t="str"><f>x</f><v xml:space="preserve"> c</v></c>', " c"),
        ],
    )
    def test_in_the_cell(self, cell: str, text: str) -> None:
        assert one_cell(cell).texts == [text]

    def test_only_used_texts_in_order_of_use(self) -> None:
        shared = "".join(f"<si><t>{t}</t></si>" for t in "abcd")
        rows = "".join(
            f'<row r="{i}"><c r="A{i}" t="s"><v>{v}</v></c></row>' for i, v in enumerate([3, 1, 3, 2], 1)
        )
        _, (column,) = read(package_with(rows, shared))
        assert column.texts == ["d", "b", "c"]
        assert column.code.tolist() == [0, 1, 0, 2]

    def test_the_same_text_twice_is_one_text(self) -> None:
        rows = (
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
            '<row r="3"><c r="A3" t="str"><v>a</v></c></row>'
        )
        _, (column,) = read(package_with(rows, "<si><t>a</t></si><si><t>a</t></si>"))
        assert column.texts == ["a"]
        assert column.code.tolist() == [0, 0, 0]

    def test_missing_shared_text_names_the_sheet(self) -> None:
        package = package_with('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', "<si><t>a</t></si>")
        with pytest.raises(CorruptWorkbook) as error:
            read(package)
        assert error.value.part == SHEET


class TestPlaces:
    ROWS = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="C{r}"><v>{r * 10}</v></c></row>' for r in (1, 3, 7)
    )

    def test_row_numbers(self) -> None:
        assert read(package_with(self.ROWS))[0] == [1, 3, 7]

    def test_first_and_last_row(self) -> None:
        rows, _ = read_columns(package_with(self.ROWS), SHEET, 2, 6, [1])
        assert rows.tolist() == [3]

    def test_columns_in_any_order_and_twice(self) -> None:
        _, cells = read_columns(package_with(self.ROWS), SHEET, 1, None, [3, 1, 3])
        assert [values(c) for c in cells] == [[10, 30, 70], [1, 3, 7], [10, 30, 70]]

    def test_column_without_cells(self) -> None:
        rows, (a, b) = read_columns(package_with(self.ROWS), SHEET, 1, None, [1, 2])
        assert b.kind.tolist() == [0, 0, 0]
        assert len(a) == len(b) == len(rows) == 3

    @pytest.mark.parametrize("letters", ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"])
    def test_letters(self, letters: str) -> None:
        column = openpyxl.utils.column_index_from_string(letters)
        rows, (cells,) = read(package_with(f'<row r="9"><c r="{letters}9"><v>1</v></c></row>'), [column])
        assert rows == [9]
        assert values(cells) == [1]

    @pytest.mark.parametrize(
        "rows",
        [
            '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="B5"><v>3</v></c><c><v>4</v></c></row>',
            '<row r="1"><c><v>1</v></c><c r="B1"><v>2</v></c></row><row r="5"><c r="B5"><v>3</v></c><c r="C5"><v>4</v></c></row>',
            '<row r="5"><c r="C5"><v>4</v></c><c r="B5"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
            '<row spans="1:3" r="1" ><c s="0" r="A1"><v>1</v></c><c  r="B1" ><v >2</v></c></row>\n<row\n\tr="5">\n<c r="B5">\n<v>3</v></c><c r="C5"><v>4</v></c></row>',
            '<row r="1"><c r="a1"><v>1</v></c><c r="$B$1"><v>2</v></c></row><row r="3"/><row r="5"><c r="B5"><v>3</v></c><c r="C5"><v>4</v></c></row>',
            '<!-- x --><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v><![CDATA[2]]></v></c></row><row r="5"><c r="B5"><v>3</v></c><c r="C5"><v>4</v></c></row>',
            '<row r="5"><c r="B5"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="5"><c r="C5"><v>4</v></c></row>',
        ],
    )
    def test_spellings(self, rows: str) -> None:
        package = package_with(rows)
        fast = read(package, [1, 2, 3])
        assert fast[0] == [1, 5]
        assert [values(c) for c in fast[1]] == [[1, None], [2, 3], [None, 4]]
        assert_same(fast, read_slowly(package, [1, 2, 3]))

    def test_prefixed_xml(self) -> None:
        package = package_with("")
        package.write(
            SHEET,
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c>'
            "</x:row></x:sheetData></x:worksheet>".encode(),
        )
        package.write(
            "xl/sharedStrings.xml", f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>a</x:t></x:si></x:sst>'.encode()
        )
        rows, (column,) = read(package)
        assert rows == [2]
        assert values(column) == ["a"]

    def test_strict_namespace(self) -> None:
        package = package_with('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>a</t></si>", STRICT)
        assert values(read(package)[1][0]) == ["a"]

    def test_utf16(self) -> None:
        package = package_with("")
        text = '<row r="1"><c r="A1" t="str"><v>客户</v></c></row>'
        xml = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"><sheetData>{text}</sheetData></worksheet>'
        package.write(SHEET, xml.encode("utf-16"))
        assert values(read(package)[1][0]) == ["客户"]

    def test_rows_of_anchors_are_no_rows(self) -> None:
        after = '<controls><anchor xmlns:xdr="urn:x"><xdr:row>5</xdr:row></anchor><row r="9"><c r="A9"><v>9</v></c></row></controls>'
        package = package_with('<row r="1"><c r="A1"><v>1</v></c></row>', after=after)
        assert read(package)[0] == read_slowly(package, [1])[0] == [1]

    @pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData></sheetData>", "<sheetData />"])
    def test_empty_sheet(self, data: str) -> None:
        package = package_with("")
        package.write(SHEET, f'<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode())
        assert read(package)[0] == []

    def test_last_cell_of_all(self) -> None:
        package = package_with('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        assert read(package, [16384])[0] == [1048576]
        assert used_range(package, SHEET) == (1048576, 16384, 1048576, 16384)

    @pytest.mark.parametrize("cut", [20, 60, 100])
    def test_broken_sheet_is_named(self, cut: int) -> None:
        package = package_with('<row r="1"><c r="A1"><v>1</v></c></row>')
        package.write(SHEET, package.read(SHEET)[: -cut if cut < 100 else 100])
        with pytest.raises(CorruptWorkbook) as error:
            read(package)
        assert error.value.part == SHEET

    def test_many_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sheet_pieces, "PIECE", 500)
        monkeypatch.setattr(sheet_pieces, "STEP", 100)
        rows = "".join(
            f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}" t="str"><v>text {r % 7}</v></c></row>'
            for r in range(1, 400)
        )
        package = package_with(rows)
        fast = read(package, [1, 2])
        assert fast[0] == list(range(1, 400))
        assert fast[1][1].texts == [f"text {r}" for r in (1, 2, 3, 4, 5, 6, 0)]
        assert_same(fast, read_slowly(package, [1, 2]))


# One cell of any kind, in any spelling: (type, value element, spelling of the tag)
XML_CELLS = st.sampled_from(
    [
        "<c{r}{s}><v>12.5</v></c>",
        "<c{r}{s}><v>-3</v></c>",
        "<c{s}{r}><v>1E-2</v></c>",
        '<c{r}{s} t="n"><v>7</v></c>',
        '<c{r}{s} t="s"><v>0</v></c>',
        '<c{r} t="s"{s}><v>2</v></c>',
        '<c{r}{s} t="s"><v>1</v></c>',
        '<c{r}{s} t="b"><v>1</v></c>',
        '<c{r}{s} t="e"><v>#N/A</v></c>',
        '<c{r}{s} t="str"><f>A1</f><v>x&amp;y</v></c>',
        '<c{r}{s} t="inlineStr"><is><t>in</t></is></c>',
        '<c{r}{s} t="inlineStr"><is><r><t>i</t></r><r><t>n</t></r></is></c>',
        '<c{r}{s} t="d"><v>2024-02-29</v></c>',
        '<c{r}{s} cm="1"><f t="shared" si="0"/><v>4</v></c>',
        "<c{r}{s}/>",
        "<c{r}{s}></c>",
        "<c{r}{s} ><v>oops</v></c>",
        "<c{r}{s}><f>1</f></c>",
    ]
)
STYLES = st.sampled_from(["", ' s="0"', ' s="1"', ' s="99"'])


@st.composite
def sheets_of_any_spelling(draw: st.DrawFn) -> str:
    rows = draw(st.lists(st.integers(1, 30), max_size=8, unique=draw(st.booleans())))
    if draw(st.booleans()):
        rows.sort()
    found = []
    for row in rows:
        row_attribute = draw(st.sampled_from([f' r="{row}"', f' spans="1:3" r="{row}"'] * 4 + [""]))
        cells = []
        for column in draw(st.lists(st.sampled_from([1, 2, 3, 27, 703]), max_size=4, unique=True)):
            letters = openpyxl.utils.get_column_letter(column)
            reference = draw(st.sampled_from([f' r="{letters}{row}"'] * 9 + [""]))
            cells.append(draw(XML_CELLS).format(r=reference, s=draw(STYLES)))
        space = draw(st.sampled_from(["", "", "\n  "]))
        found.append(f"<row{row_attribute}>{space.join(cells)}</row>")
    return "".join(found)


@given(rows=sheets_of_any_spelling())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_fast_equals_slow(rows: str) -> None:
    package = package_with(rows, "<si><t>a</t></si><si><r><t>b</t></r></si><si><t>a</t></si>")
    columns = [27, 1, 2, 3, 703]
    assert_same(read(package, columns), read_slowly(package, columns))


CELL_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e300, 1e300),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"), max_size=12
    ).filter(lambda t: not t.startswith("=") and "_x" not in t),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.sampled_from(["#N/A", "#DIV/0!", "86元", "万", "A&B", "<a>", '"', " x ", "true", "1"]),
)


@given(table=st.lists(st.tuples(CELL_VALUES, CELL_VALUES, CELL_VALUES), max_size=12))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_reads_what_openpyxl_wrote(table: list[tuple[Any, ...]]) -> None:
    book = openpyxl.Workbook()
    for r, record in enumerate(table, 1):
        for c, value in enumerate(record, 1):
            book.active.cell(r, c, value)
    out = io.BytesIO()
    book.save(out)
    rows, cells = read(Package.from_bytes(out.getvalue()), [1, 2, 3])
    expected = {r: [None if v == "" else v for v in record] for r, record in enumerate(table, 1)}
    expected = {r: record for r, record in expected.items() if record != [None] * 3}
    assert rows == list(expected)
    for c, column in enumerate(cells):
        for got, record in zip(values(column), expected.values(), strict=True):
            assert type(got) is type(record[c]) or isinstance(record[c], float)
            assert got == (pytest.approx(record[c], rel=1e-15) if isinstance(got, float) else record[c])


class TestDateFormats:
    @pytest.mark.parametrize("code", sorted({numbers.BUILTIN_FORMATS[i] for i in (14, 15, 16, 17, 22)}))
    def test_builtin_dates(self, code: str) -> None:
        assert shows(code) == "date"

    @pytest.mark.parametrize(
        "code",
        [
            "yyyy/m/d", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d dddd", "[$-F800]dddd, mmmm dd, yyyy", "mmm", "m/d",
            "d.m.yy;@", "ggge年m月d日", "aaaa", "[红色]yyyy-mm-dd", "yyyy-mm-dd\\ hh:mm:ss", "[DBNum1]m月d日",
        ],
    )  # fmt: skip
    def test_dates(self, code: str) -> None:
        assert shows(code) == "date"

    @pytest.mark.parametrize(
        "code", ["h:mm", "hh:mm:ss", "mm:ss", "[h]:mm", "mm:ss.0", "h:mm AM/PM", "[mm]:ss"]
    )
    def test_times(self, code: str) -> None:
        assert shows(code) == "time"

    @pytest.mark.parametrize(
        "code",
        [
            "General", "0.00", "#,##0", "0%", '0"days"', '"amount" 0', "0.00E+00", "@", "[Red]0", "¥#,##0.00", "",
            "[$USD] 0", "0\\d", '#,##0"元"', "[>=10000]0!.0,万;0", "_-* #,##0_-", "[Yellow]0", "G/通用格式",
        ],
    )  # fmt: skip
    def test_numbers(self, code: str) -> None:
        assert shows(code) == ""


class TestHead:
    def test_values_by_row_and_column(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"] = "客户表"
        sheet.append(["客户", "日期", "金额", "有效"])
        sheet.append(["甲", dt.datetime(2024, 1, 1), 86.5, True])
        sheet.append(["乙", None, 3, "#N/A"])
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True
        book.save(tmp_path / "b.xlsx")
        head = read_header_rows(Package.open(tmp_path / "b.xlsx"), SHEET)
        assert head.cells == {
            1: {1: "客户表"},
            2: {1: "客户", 2: "日期", 3: "金额", 4: "有效"},
            3: {1: "甲", 2: dt.datetime(2024, 1, 1), 3: 86.5, 4: True},
            4: {1: "乙", 3: 3, 4: "#N/A"},
        }
        assert head.hidden_rows == {4}
        assert head.hidden_columns == [(3, 3)]
        assert head.dimension == "A1:D4"

    def test_stops_after_the_rows_asked_for(self) -> None:
        rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
        assert read_header_rows(package_with(rows + "<broken"), SHEET, 2).cells == {1: {1: 1}}

    def test_unreadable_head_is_named(self) -> None:
        with pytest.raises(CorruptWorkbook) as error:
            read_header_rows(package_with("<broken"), SHEET)
        assert error.value.part == SHEET


class TestSurvey:
    ROWS = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="Z2" s="1"/></row><row r="3" hidden="1"><c r="D3"><v>1</v></c></row>'
        '<row hidden="true" r="4"/><row r="5" hidden="0"/><row r="900" s="1"/>'
    )
    MERGED = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/></mergeCells>'

    def test_scanned_and_parsed_alike(self) -> None:
        package = package_with(self.ROWS, after=self.MERGED)
        scanned = survey_sheet(package, SHEET)
        assert scanned.used == (2, 2, 3, 4)
        assert scanned.hidden_rows == [3, 4]
        assert scanned.merged == ["A1:C1", "A2:A3"]
        package.write(SHEET, package.read(SHEET).replace(b"<sheetData>", b"<!-- --><sheetData>"))
        assert survey_sheet(package, SHEET) == scanned

    def test_empty_sheet(self) -> None:
        assert used_range(package_with(""), SHEET) is None


@pytest.mark.reference_data
def test_every_reference_sheet_reads_alike_fast_and_slow() -> None:
    count = 0
    for file in sorted((REFERENCE_DATA / "workbooks").rglob("*.xls*")):
        if file.name.startswith("~$"):
            continue
        package = Package.open(file)
        for sheet in package.rels(package.workbook_part).by_type("worksheet"):
            used = used_range(package, sheet.target)
            columns = list(range(1, min(used[3] if used else 1, 60) + 1))
            fast = read_columns(package, sheet.target, 1, None, columns)
            with mock.patch.object(reading, "SheetPieces", side_effect=Unusual):
                slow = read_columns(package, sheet.target, 1, None, columns)
            assert_same((fast[0].tolist(), fast[1]), (slow[0].tolist(), slow[1]))
            count += len(fast[0])
    assert count > 10_000


class TestThroughTheEngine:
    """What recognition and grading call on a sheet of an open book."""

    @pytest.fixture
    def book(self, tmp_path: Path) -> Any:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["客户", "金额"])
        for i in range(2, 6):
            sheet.append([f"客户{i}", i * 1.5])
        sheet.row_dimensions[3].hidden = True
        book.save(tmp_path / "b.xlsx")
        return xlsx.open(tmp_path / "b.xlsx")

    def test_head(self, book: Any) -> None:
        assert book.sheets[0].impl.read_head(2) == {1: {1: "客户", 2: "金额"}, 2: {1: "客户2", 2: 3}}

    def test_columns(self, book: Any) -> None:
        rows, (amount,) = book.sheets[0].impl.read_columns(2, 4, [2])
        assert rows.tolist() == [2, 3, 4]
        assert values(amount) == [3, 4.5, 6]

    def test_hidden_rows(self, book: Any) -> None:
        sheet = book.sheets[0].impl
        assert sheet.hidden_rows(2, 5) == 1
        sheet.read_columns(2, 5, [1])
        assert sheet.hidden_rows(2, 5) == 1
        assert sheet.hidden_rows(4, 5) == 0

    def test_changes_are_read_too(self, book: Any) -> None:
        sheet = book.sheets[0]
        sheet["B3"].value = 100
        rows, (amount,) = sheet.impl.read_columns(2, None, [2])
        assert values(amount) == [3, 100, 6, 7.5]
        book.save()
        sheet["A9"].value = "客户9"
        rows, (name,) = sheet.impl.read_columns(4, None, [1])
        assert rows.tolist() == [4, 5, 9]
        assert values(name)[-1] == "客户9"


def test_a_shared_text_with_an_unknown_prefix_is_read_as_far_as_it_goes() -> None:
    package = package_with(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><r><x:c/><t>a</t></r><x:t>b</x:t></si>"
    )
    assert values(read(package, [1])[1][0]) == ["a"]
