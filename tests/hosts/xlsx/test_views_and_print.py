"""Frozen panes, gridlines, tab colour, print settings, pictures."""

from __future__ import annotations

import struct
import zlib

import openpyxl
import pytest

from addin.hosts import xlsx
from tests import programs


@pytest.fixture
def sheet():
    sheet = xlsx.new().sheets[0]
    sheet.name = "客户 1"
    return sheet


def read_back(sheet, tmp_path):
    sheet.book.save(tmp_path / "book.xlsx")
    return openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0]


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xb9\x1c\x1c" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.fixture
def image(tmp_path):
    (tmp_path / "image.png").write_bytes(png(40, 20))
    return str(tmp_path / "image.png")


@pytest.mark.parametrize(
    ("frozen", "first_free"), [("A1:B4", "C5"), ("1:4", "A5"), ("A:B", "C1"), ("A1", "B2")]
)
def test_freeze(sheet, tmp_path, frozen, first_free):
    sheet.freeze_panes.freeze_at(frozen)
    assert read_back(sheet, tmp_path).freeze_panes == first_free


def test_unfreeze(sheet, tmp_path):
    sheet.freeze_panes.freeze_at("1:4")
    sheet.freeze_panes.unfreeze()
    assert read_back(sheet, tmp_path).freeze_panes is None


def test_gridlines(sheet, tmp_path):
    assert sheet.show_gridlines
    sheet.show_gridlines = False
    assert not sheet.show_gridlines
    assert not read_back(sheet, tmp_path).sheet_view.showGridLines


def test_tab_colour(sheet, tmp_path):
    sheet.impl.tab_color = (0x25, 0x63, 0xEB)
    assert sheet.impl.tab_color == (0x25, 0x63, 0xEB)
    assert read_back(sheet, tmp_path).sheet_properties.tabColor.rgb == "FF2563EB"
    sheet.impl.tab_color = None
    assert sheet.impl.tab_color is None


def test_print_area(sheet, tmp_path):
    sheet.page_setup.print_area = "A1:C9"
    assert sheet.page_setup.print_area == "$A$1:$C$9"
    assert read_back(sheet, tmp_path).print_area == "'客户 1'!$A$1:$C$9"
    sheet.page_setup.print_area = None
    assert sheet.page_setup.print_area is None


def test_repeated_rows_and_columns(sheet, tmp_path):
    setup = sheet.page_setup.impl
    setup.title_rows = "1:3"
    setup.title_columns = "A:B"
    assert (setup.title_rows, setup.title_columns) == ("$1:$3", "$A:$B")
    found = read_back(sheet, tmp_path)
    assert (found.print_title_rows, found.print_title_cols) == ("$1:$3", "$A:$B")


def test_paper(sheet, tmp_path):
    setup = sheet.page_setup.impl
    setup.orientation, setup.paper_size = "landscape", 9
    setup.fit_to(1)
    setup.header, setup.footer = "&C客户", "&L&F&R&P/&N"
    setup.margins(left=0.5)
    setup.center_horizontally()
    found = read_back(sheet, tmp_path)
    assert (found.page_setup.orientation, found.page_setup.paperSize) == ("landscape", 9)
    assert (found.sheet_properties.pageSetUpPr.fitToPage, found.page_setup.fitToHeight) == (True, 0)
    assert (found.oddHeader.center.text, found.oddFooter.right.text) == ("客户", "&P/&N")
    assert (found.page_margins.left, found.page_margins.top) == (0.5, 0.75)
    assert (setup.orientation, setup.paper_size, setup.header, setup.footer) == (
        "landscape",
        9,
        "&C客户",
        "&L&F&R&P/&N",
    )


def test_pictures(sheet, image, tmp_path):
    picture = sheet.pictures.add(image, name="标志", left=10, top=20)
    assert (picture.left, picture.top, picture.width, picture.height) == (10, 20, 30, 15)
    picture.width = 60
    assert (len(sheet.pictures), "标志" in sheet.pictures, sheet.pictures["标志"].width) == (1, True, 60)
    assert sheet.book.impl.package.read("xl/media/image1.png") == png(40, 20)
    picture.delete()
    assert len(sheet.pictures) == 0
    assert not [name for name in sheet.book.impl.package.names() if "media" in name]


def test_a_picture_can_be_exchanged(sheet, image, tmp_path):
    picture = sheet.pictures.add(image, name="标志", left=10, top=20, width=50, height=50)
    (tmp_path / "other.png").write_bytes(png(4, 4))
    picture = picture.update(str(tmp_path / "other.png"))
    assert (picture.name, picture.left, picture.width) == ("标志", 10, 50)


@pytest.mark.validator
def test_the_sdk_finds_no_error(sheet, image, tmp_path):
    sheet.freeze_panes.freeze_at("A1:B4")
    sheet.show_gridlines = False
    sheet.impl.tab_color = (1, 2, 3)
    sheet.pictures.add(image)
    setup = sheet.page_setup.impl
    setup.fit_to(1)
    setup.orientation, setup.footer, setup.title_rows = "landscape", "&P", "1:3"
    sheet.page_setup.print_area = "A1:C9"
    sheet.book.save(tmp_path / "book.xlsx")
    assert programs.validate(tmp_path / "book.xlsx") == []
