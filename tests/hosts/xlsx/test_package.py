"""The package layer: parts read and changed one by one, everything else raw."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from addin.hosts import xlsx
from addin.hosts.xlsx.errors import CorruptWorkbook, EncryptedWorkbook, NotAWorkbook
from addin.hosts.xlsx.new_book import new_book
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.relationships import OFFICE, RELATIONSHIPS_TYPE, relative_target, resolve_target
from tests.hosts.xlsx.raw_sheets import with_parts
from tests.programs import REFERENCE_DATA
from udfs.texts import FenjiError

SHEET1 = "xl/worksheets/sheet1.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def make_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["客户", 86])
    book.create_sheet("second")
    book.save(path)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return make_workbook(tmp_path / "book.xlsx")


@pytest.fixture
def package(workbook: Path) -> Package:
    return Package.open(workbook)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as z:
        return {name: z.read(name) for name in z.namelist()}


def packed_parts_of(path: Path) -> dict[str, bytes]:
    """The compressed bytes of each part, as they stand in the file."""
    result = {}
    data = path.read_bytes()
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            result[info.filename] = data[start : start + info.compress_size]
    return result


class TestParts:
    def test_names_in_file_order(self, package: Package, workbook: Path) -> None:
        assert package.names() == list(parts_of(workbook))

    def test_read_inflates(self, package: Package, workbook: Path) -> None:
        assert package.read(SHEET1) == parts_of(workbook)[SHEET1]

    def test_names_know_no_case_and_no_slash(self, package: Package) -> None:
        assert "/XL/Worksheets/Sheet1.XML" in package
        assert package.find("XL/worksheets/SHEET1.xml") == SHEET1

    def test_stream_peeks(self, package: Package) -> None:
        with package.open_stream(SHEET1) as stream:
            assert stream.peek(10).startswith(b"<")  # type: ignore[attr-defined]
            assert stream.read() == package.read(SHEET1)

    def test_workbook_part(self, package: Package) -> None:
        assert package.workbook_part == "xl/workbook.xml"
        assert package.strict is False

    def test_missing_part_is_named(self, package: Package) -> None:
        with pytest.raises(CorruptWorkbook) as error:
            package.read("xl/nothing.xml")
        assert error.value.part == "xl/nothing.xml"

    def test_written_bytes_are_read_back(self, package: Package) -> None:
        package.write(SHEET1, b"<a/>")
        assert package.read(SHEET1) == b"<a/>"
        assert package.xml(SHEET1).tag == "a"

    def test_edited_xml_is_read_back(self, package: Package) -> None:
        package.edit(SHEET1).set("mark", "1")
        assert b'mark="1"' in package.read(SHEET1)

    def test_callable_is_read_back(self, package: Package) -> None:
        package.write(SHEET1, lambda out: out.write(b"<b/>"))
        assert package.read(SHEET1) == b"<b/>"

    def test_part_rewritten_from_itself_twice(self, package: Package) -> None:
        original = package.read(SHEET1)
        for mark in (b"1", b"2"):
            before = package.content(SHEET1)
            package.write(SHEET1, lambda out, before=before, mark=mark: out.write(before().read() + mark))
        assert package.read(SHEET1) == original + b"12"

    def test_add_takes_the_first_free_number(self, package: Package) -> None:
        name = package.add("/xl/worksheets/sheet{}.xml", b"<x/>", SHEET_TYPE)
        assert name == "xl/worksheets/sheet3.xml"
        assert package.content_types.get(name) == SHEET_TYPE

    def test_remove_takes_relationships_and_type_along(self, package: Package) -> None:
        package.rels(SHEET1).add("drawing", "xl/drawings/drawing1.xml")
        assert "xl/worksheets/_rels/sheet1.xml.rels" in package
        package.remove(SHEET1)
        assert SHEET1 not in package
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in package
        assert package.content_types.get(SHEET1) == package.content_types.get("any.xml")

    def test_remove_tree_keeps_what_others_need(self, package: Package) -> None:
        own = package.add("/xl/drawings/drawing{}.xml", b"<d/>", "d")
        shared = package.add("/xl/drawings/drawing{}.xml", b"<d/>", "d")
        package.rels(SHEET1).add("drawing", own)
        package.rels(SHEET1).add("drawing", shared)
        package.rels("xl/worksheets/sheet2.xml").add("drawing", shared)
        rels = package.rels(package.workbook_part)
        rels.remove(rels.to(SHEET1).id)  # type: ignore[union-attr]
        assert sorted(package.remove_tree(SHEET1)) == [own, SHEET1]
        assert shared in package


class TestRelationships:
    def test_targets_are_part_names(self, package: Package) -> None:
        sheets = package.rels(package.workbook_part).by_type("worksheet")
        assert [r.target for r in sheets] == [SHEET1, "xl/worksheets/sheet2.xml"]

    def test_new_id_is_free(self, package: Package) -> None:
        rels = package.rels(package.workbook_part)
        before = {r.id for r in rels}
        new = rels.add("worksheet", "xl/worksheets/sheet9.xml")
        assert new not in before
        assert rels[new].target == "xl/worksheets/sheet9.xml"
        assert rels[new].type == f"{OFFICE}/worksheet"

    def test_external_target_stays_as_written(self, package: Package) -> None:
        rels = package.rels(SHEET1)
        rid = rels.add("hyperlink", "https://example.com/?a=1", external=True)
        assert rels[rid].target == "https://example.com/?a=1"
        assert rels[rid].external

    def test_remove(self, package: Package) -> None:
        rels = package.rels(SHEET1)
        rid = rels.add("drawing", "xl/drawings/drawing1.xml")
        rels.remove(rid)
        assert rid not in rels

    @pytest.mark.parametrize(
        ("part", "target", "name"),
        [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/worksheets/sheet1.xml", "../../../../etc/passwd", "etc/passwd"),
        ],
    )
    def test_resolve(self, part: str, target: str, name: str) -> None:
        assert resolve_target(part, target) == name

    def test_relative_and_back(self) -> None:
        written = relative_target("xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml")
        assert written == "../drawings/drawing1.xml"
        assert resolve_target("xl/worksheets/sheet1.xml", written) == "xl/drawings/drawing1.xml"


class TestSaving:
    def test_other_parts_leave_as_the_same_compressed_bytes(self, package: Package, workbook: Path) -> None:
        before = packed_parts_of(workbook)
        package.edit(SHEET1).set("mark", "1")
        package.save()
        after = packed_parts_of(workbook)
        assert list(after) == list(before)
        assert [name for name in before if before[name] != after[name]] == [SHEET1]

    def test_saved_file_is_a_whole_zip(self, package: Package, tmp_path: Path) -> None:
        package.write("xl/中文.xml", lambda out: [out.write(b"<a/>" * 1000) for _ in range(300)])
        package.save(tmp_path / "new.xlsx")
        with zipfile.ZipFile(tmp_path / "new.xlsx") as z:
            assert z.testzip() is None
            assert z.read("xl/中文.xml") == b"<a/>" * 300_000

    def test_goes_on_with_the_saved_file(self, package: Package, tmp_path: Path) -> None:
        package.edit(SHEET1).set("mark", "1")
        package.save(tmp_path / "new.xlsx")
        assert package.path == tmp_path / "new.xlsx"
        assert not package.is_changed
        package.edit(SHEET1).set("mark", "2")
        package.save()
        assert Package.open(tmp_path / "new.xlsx").xml(SHEET1).get("mark") == "2"

    def test_data_descriptors_go(self, tmp_path: Path, workbook: Path) -> None:
        streamed = tmp_path / "streamed.xlsx"
        with streamed.open("wb") as f, zipfile.ZipFile(Unseekable(f), "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in parts_of(workbook).items():
                z.writestr(name, data)
        assert zipfile.ZipFile(streamed).infolist()[0].flag_bits & 8
        package = Package.open(streamed)
        package.save()
        assert not zipfile.ZipFile(streamed).infolist()[0].flag_bits & 8
        assert parts_of(streamed) == parts_of(workbook)

    def test_from_bytes(self, workbook: Path, tmp_path: Path) -> None:
        package = Package.from_bytes(workbook.read_bytes())
        assert package.path is None
        package.save(tmp_path / "copy.xlsx")
        assert parts_of(tmp_path / "copy.xlsx") == parts_of(workbook)

    def test_file_changed_by_another_program_is_not_overwritten(
        self, package: Package, workbook: Path
    ) -> None:
        package.edit(SHEET1).set("mark", "1")
        other = openpyxl.Workbook()
        other.save(workbook)
        there = workbook.read_bytes()
        with pytest.raises(FenjiError, match="Another program changed"):
            package.save()
        assert workbook.read_bytes() == there


class Unseekable(io.RawIOBase):
    """Makes zipfile write data descriptors, as programs that stream do."""

    def __init__(self, out: io.BufferedWriter) -> None:
        self.out = out

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self.out.write(data)


class TestRefused:
    """What is no workbook, or was made to do harm, is refused with a clear text."""

    def make(self, path: Path, workbook: Path, changes: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in (parts_of(workbook) | changes).items():
                z.writestr(name, data)
        return path

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(FenjiError, match="There is no file"):
            Package.open(tmp_path / "none.xlsx")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FenjiError, match="cannot be read"):
            Package.open(tmp_path)

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "is an empty file"),
            (b"a,b\n1,2\n", "is no Excel workbook"),
            (b"<html><table>", "is no Excel workbook"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
                r"old Excel file \(.xls\)",
            ),
        ],
    )
    def test_other_formats(self, tmp_path: Path, data: bytes, said: str) -> None:
        file = tmp_path / "book.xlsx"
        file.write_bytes(data)
        with pytest.raises(NotAWorkbook, match=said):
            Package.open(file)

    def test_password(self, tmp_path: Path) -> None:
        file = tmp_path / "book.xlsx"
        file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
        with pytest.raises(EncryptedWorkbook, match="password"):
            Package.open(file)

    def test_zip_of_something_else(self, tmp_path: Path) -> None:
        file = tmp_path / "book.xlsx"
        with zipfile.ZipFile(file, "w") as z:
            z.writestr("readme.txt", "hello")
        with pytest.raises(NotAWorkbook, match="zip file but no Excel workbook"):
            Package.open(file)

    def test_half_a_file(self, workbook: Path) -> None:
        workbook.write_bytes(workbook.read_bytes()[:2000])
        with pytest.raises(CorruptWorkbook, match="zip directory cannot be read"):
            Package.open(workbook)

    def test_damaged_part_is_named(self, workbook: Path) -> None:
        data = bytearray(workbook.read_bytes())
        info = zipfile.ZipFile(workbook).getinfo(SHEET1)
        middle = info.header_offset + 30 + len(SHEET1) + info.compress_size // 2
        data[middle] ^= 0xFF
        workbook.write_bytes(data)
        with pytest.raises(CorruptWorkbook) as error:
            Package.open(workbook).read(SHEET1)
        assert error.value.part == SHEET1
        assert SHEET1 in error.value.text.zh

    @pytest.mark.parametrize(
        "name", ["../evil.xml", "xl/../../evil.xml", "C:/evil.xml", "xl\\evil.xml", "/evil"]
    )
    def test_path_tricks(self, tmp_path: Path, workbook: Path, name: str) -> None:
        file = self.make(tmp_path / "evil.xlsx", workbook, {name: b"x"})
        with pytest.raises(CorruptWorkbook, match="forbidden path"):
            Package.open(file)

    def test_zip_bomb(self, tmp_path: Path, workbook: Path) -> None:
        file = self.make(tmp_path / "bomb.xlsx", workbook, {"xl/bomb.xml": bytes(300 << 20)})
        package = Package.open(file)
        with pytest.raises(CorruptWorkbook, match="zip bomb"):
            package.read("xl/bomb.xml")

    def test_part_larger_than_declared(self, tmp_path: Path, workbook: Path) -> None:
        file = self.make(tmp_path / "lie.xlsx", workbook, {"xl/lie.xml": b"<a>" + bytes(100_000)})
        data = file.read_bytes()
        size = struct.pack("<I", 100_003)
        assert data.count(size) == 2
        file.write_bytes(data.replace(size, struct.pack("<I", 1000)))
        with pytest.raises(CorruptWorkbook) as error:
            Package.open(file).read("xl/lie.xml")
        assert error.value.part == "xl/lie.xml"

    def test_overlapping_parts(self, tmp_path: Path, workbook: Path) -> None:
        """The bomb of many directory entries over the same compressed bytes."""
        with zipfile.ZipFile(tmp_path / "overlap.xlsx", "w") as z:
            for name, data in parts_of(workbook).items():
                z.writestr(name, data)
            z.writestr("a.bin", bytes(1000))
            twin = zipfile.ZipInfo("b.bin")
            original = z.getinfo("a.bin")
            for field in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(twin, field, getattr(original, field))
            z.filelist.append(twin)
        with pytest.raises(CorruptWorkbook, match="overlaps"):
            Package.open(tmp_path / "overlap.xlsx")

    @pytest.mark.parametrize(
        "bad",
        [
            b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
            b'<?xml version="1.0"?><!-- c --><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
            '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
            '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16-le"),
        ],
    )
    def test_document_types(self, package: Package, bad: bytes) -> None:
        package.write(SHEET1, bad)
        with pytest.raises(CorruptWorkbook, match="DTD"):
            package.xml(SHEET1)

    def test_odd_encoding(self, package: Package) -> None:
        package.write(SHEET1, b'<?xml version="1.0" encoding="UTF-7"?><a/>')
        with pytest.raises(CorruptWorkbook, match="UTF-7"):
            package.xml(SHEET1)

    def test_broken_xml_names_the_part(self, package: Package) -> None:
        package.write(SHEET1, b"<a><b></a>")
        with pytest.raises(CorruptWorkbook, match="XML is broken") as error:
            package.xml(SHEET1)
        assert error.value.part == SHEET1

    def test_deep_nesting(self, package: Package) -> None:
        package.write(SHEET1, b"<a>" * 100_000)
        with pytest.raises(CorruptWorkbook, match="XML is broken"):
            package.xml(SHEET1)

    def test_doctype_in_a_text_is_no_document_type(self, package: Package) -> None:
        package.write(SHEET1, b"<a><![CDATA[<!DOCTYPE a>]]></a>")
        assert package.xml(SHEET1).text == "<!DOCTYPE a>"


@pytest.mark.reference_data
def test_every_reference_workbook_saves_all_parts(tmp_path: Path) -> None:
    saved = tmp_path / "saved.xlsx"
    count = 0
    for file in sorted((REFERENCE_DATA / "workbooks").rglob("*.xls*")):
        if file.name.startswith("~$"):
            continue
        package = Package.open(file)
        before = packed_parts_of(file)
        main = package.workbook_part
        expected = etree.tostring(package.edit(main), method="c14n")
        package.save(saved)
        after = packed_parts_of(saved)
        assert list(after) == list(before), file
        assert [n for n in before if before[n] != after[n] and n != main] == [], file
        assert etree.tostring(Package.open(saved).xml(main), method="c14n") == expected, file
        count += 1
    assert count >= 180


def test_a_new_relationships_part_is_declared_where_others_are_declared_one_by_one(tmp_path):
    package = Package.from_bytes(new_book("Calibri", "Sheet1"))
    types = package.edit("[Content_Types].xml")
    types.remove(next(element for element in types if element.get("Extension") == "rels"))
    for name in package.names():
        if name.endswith(".rels"):
            package.content_types.set(name, RELATIONSHIPS_TYPE)
    package.rels("xl/worksheets/sheet1.xml").add("drawing", "xl/drawings/drawing1.xml")
    assert package.content_types.get("xl/worksheets/_rels/sheet1.xml.rels") == RELATIONSHIPS_TYPE


@pytest.mark.parametrize(
    ("part", "before", "after", "said"),
    [
        ("xl/workbook.xml", 'sheetId="1"', 'sheetId="A1"', "'A1' in sheetId is no whole number"),
        ("xl/styles.xml", 'fontId="0"', 'fontId=""', "'' in fontId is no whole number"),
        ("xl/worksheets/sheet1.xml", "<sheetData/>", "<sheetData>", "its XML is broken|its cells do not end"),
        (
            "xl/worksheets/sheet1.xml",
            "<sheetData/>",
            '<sheetData><row r="1e5"><c><v>1</v></c></row></sheetData>',
            "a row's number or a cell's address is wrong",
        ),
        ("xl/worksheets/sheet1.xml", "<sheetData/>", "<sheetData><row><c></sheetData>", "its XML is broken"),
    ],
)
def test_damage_that_changing_the_workbook_meets(tmp_path, part, before, after, said):
    content = _new_parts()
    assert before in content[part]
    with_parts(tmp_path / "book.xlsx", {part: content[part].replace(before, after)})
    with pytest.raises(CorruptWorkbook, match=said) as error:
        _change(tmp_path / "book.xlsx")
    assert error.value.part == part


def _change(path: Path) -> None:
    book = xlsx.open(path)
    book.sheets[0]["B2"].value = 1
    book.sheets.add("new", after=book.sheets[0])
    book.save()


def _new_parts() -> dict[str, str]:
    package = Package.from_bytes(new_book())
    return {name: package.read(name).decode() for name in package.names()}
