"""What newer Excel puts on sheets is copied to another workbook, or left behind without a trace."""

from __future__ import annotations

import re

import pytest

from addin.hosts.xlsx.copying import copy_sheets
from addin.hosts.xlsx.new_book import new_book
from addin.hosts.xlsx.package import Package
from tests import programs

SHEET = "xl/worksheets/sheet1.xml"
MS = "http://schemas.microsoft.com/office"
X14 = f"{MS}/spreadsheetml/2009/9/main"
X15 = f"{MS}/spreadsheetml/2010/11/main"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.ms-excel."
PERSON = "{11111111-1111-4111-8111-111111111111}"


def with_extras() -> Package:
    """A sheet with a sparkline, a slicer, a timeline, a threaded comment and a picture in a cell."""
    package = Package.from_bytes(new_book())
    rels = package.rels(SHEET)
    slicer = package.add(
        "xl/slicers/slicer{}.xml",
        f'<slicers xmlns="{X14}"><slicer name="S" cache="Slicer_S" rowHeight="241300"/></slicers>'.encode(),
        f"{TYPE}slicer+xml",
    )
    slicer_id = rels.add(f"{MS}/2007/relationships/slicer", slicer)
    timeline = package.add(
        "xl/timelines/timeline{}.xml", f'<timelines xmlns="{X15}"/>'.encode(), f"{TYPE}timeline+xml"
    )
    timeline_id = rels.add(f"{MS}/2011/relationships/timeline", timeline)
    threaded = (
        f'<ThreadedComments xmlns="{MS}/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" '
    )
    threaded += (
        f'dT="2024-01-01T00:00:00.00" personId="{PERSON}" id="{PERSON}"><text>hi</text></threadedComment>'
    )
    comments = package.add(
        "xl/threadedComments/threadedComment{}.xml",
        f"{threaded}</ThreadedComments>".encode(),
        f"{TYPE}threadedcomments+xml",
    )
    rels.add(f"{MS}/2017/10/relationships/threadedComment", comments)
    people = f'<personList xmlns="{MS}/spreadsheetml/2018/threadedcomments"><person displayName="Li" id="{PERSON}" '
    person = package.add(
        "xl/persons/person{}.xml",
        f'{people}userId="Li" providerId="None"/></personList>'.encode(),
        f"{TYPE}person+xml",
    )
    package.rels(package.workbook_part).add(f"{MS}/2017/10/relationships/person", person)
    sheet = package.read(SHEET).decode()
    cells = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e" vm="1"><v>#VALUE!</v></c></row></sheetData>'
    extensions = (
        f'<extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{X14}"><x14:sparklineGroups '
        f'xmlns:xm="{MS}/excel/2006/main"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Sheet1!A1:A3</xm:f>'
        "<xm:sqref>D1</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
        f'<ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" xmlns:x14="{X14}"><x14:slicerList><x14:slicer '
        f'r:id="{slicer_id}"/></x14:slicerList></ext><ext uri="{{7E03D99C-DC04-49d9-9315-930204A7B6E9}}" '
        f'xmlns:x15="{X15}"><x15:timelineRefs><x15:timelineRef r:id="{timeline_id}"/></x15:timelineRefs></ext></extLst>'
    )
    sheet = sheet.replace("<sheetData/>", cells).replace("</worksheet>", extensions + "</worksheet>")
    package.write(SHEET, sheet.encode())
    return package


@pytest.fixture
def copied():
    target = Package.from_bytes(new_book())
    assert copy_sheets(with_extras(), ["Sheet1"], target, 1) == ["Sheet1 (2)"]
    return Package.from_bytes(target.to_bytes())


def test_slicers_and_timelines_stay_behind_without_a_trace(copied):
    assert not [name for name in copied.names() if "slicer" in name or "timeline" in name]
    sheet = copied.read("xl/worksheets/sheet2.xml").decode()
    assert "slicer" not in sheet
    assert "timeline" not in sheet
    used = set(re.findall(r'\br:id="([^"]+)"', sheet))
    assert used <= {rel.id for rel in copied.rels("xl/worksheets/sheet2.xml")}


def test_sparklines_follow_the_name_of_the_copy(copied):
    assert "<xm:f>'Sheet1 (2)'!A1:A3</xm:f>" in copied.read("xl/worksheets/sheet2.xml").decode()


def test_threaded_comments_come_with_their_authors(copied):
    rel = copied.rels("xl/worksheets/sheet2.xml").one("threadedComment")
    assert b"<text>hi</text>" in copied.read(rel.target)
    people = copied.rels(copied.workbook_part).one("person")
    assert PERSON.encode() in copied.read(people.target)


def test_a_picture_in_a_cell_leaves_an_empty_cell(copied):
    sheet = copied.read("xl/worksheets/sheet2.xml").decode()
    assert '<c r="B1"/>' in sheet
    assert "vm=" not in sheet


@pytest.mark.validator
def test_the_validator_finds_nothing(copied, tmp_path):
    copied.save(tmp_path / "copied.xlsx")
    assert programs.validate(tmp_path / "copied.xlsx") == []


@pytest.mark.libreoffice
def test_libreoffice_opens_it(copied, tmp_path):
    copied.save(tmp_path / "copied.xlsx")
    assert programs.convert_all([tmp_path / "copied.xlsx"], tmp_path) == []
