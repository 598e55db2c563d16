"""Rows and columns inserted into every reference workbook, and deleted again: nothing else may change."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from addin.hosts import xlsx
from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import parse_area
from tests import programs
from tests.hosts.xlsx import corpus
from tests.hosts.xlsx.test_corpus import PROTECTED, new_errors, workbooks
from udfs.texts import FenjiError

STEPS = (("3:4", "down"), ("B:B", "right"))
# Hints and lists Excel makes anew; values that charts show are refreshed where their cells moved.
_NOT_COMPARED = ("numCache", "strCache", "multiLvlStrCache", "calcPr")


def shifted(original: Path, copy: Path, back: bool) -> bool:
    """Inserts into the first sheet of a copy, and deletes again; tells whether anything could be inserted."""
    shutil.copyfile(original, copy)
    book = xlsx.open(copy)
    done = []
    for address, direction in STEPS if len(book.sheets) else ():
        try:
            book.sheets[0][address].insert(direction)
        except FenjiError:  # pivot tables in the way, cells at the end of the sheet
            continue
        done.append(address)
    for address in reversed(done) if back else ():
        book.sheets[0][address].delete()
    book.save()
    book.close()
    return bool(done)


def meaning(name: str, data: bytes) -> list[object]:
    """What a part says: its elements in order; each column with its own width, hints left out."""
    if not name.endswith((".xml", ".rels")):
        return [b"".join(data.split())]
    found: list[object] = []
    waiting = [etree.fromstring(data, etree.XMLParser(huge_tree=True))]
    while waiting:
        element = waiting.pop()
        local = ooxml.local(element)
        attributes = {key: value for key, value in element.attrib.items() if key != "spans"}
        if "sqref" in attributes:  # C3:C3 is C3
            attributes["sqref"] = " ".join(parse_area(ref).ref for ref in attributes["sqref"].split())
        if local in _NOT_COMPARED or "calcChain" in str(attributes):
            continue
        if local == "c":  # formulas are compared as they are read; their values may not be known any more
            holds_formula = ooxml.child(element, "f") is not None
            content = "" if holds_formula else "".join(element.itertext())
            found.append((local, element.get("s", "0"), content))
            continue
        columns = range(1)
        if "min" in attributes and local == "col":
            columns = range(int(attributes.pop("min")), min(int(attributes.pop("max")), 300) + 1)
        found += [(local, sorted(attributes.items()), (element.text or "").strip())] * len(columns)
        waiting += reversed(element)
    return found


@pytest.mark.reference_data
@pytest.mark.parametrize("group", range(4))
def test_deleting_what_was_inserted_restores_the_workbook(group: int, tmp_path: Path) -> None:
    for original in workbooks()[group::4]:
        if original.name in PROTECTED:
            continue
        copy = tmp_path / f"{original.parent.name}-{original.name}"
        shifted(original, copy, back=True)
        with zipfile.ZipFile(original) as before, zipfile.ZipFile(copy) as after:
            names = [n for n in before.namelist() if "calcChain" not in n]
            assert set(names) <= set(after.namelist())
            for name in names:
                old, new = before.read(name), after.read(name)
                assert old == new or meaning(name, old) == meaning(name, new), (original.name, name)
        assert formulas(original) == formulas(copy), original.name


def formulas(path: Path) -> object:
    """The formulas and constants of the first sheet."""
    book = xlsx.open(path)
    cells = book.sheets[0].used_range if len(book.sheets) else None
    found = cells.formula if cells is not None and cells.size < 2_000 else None
    book.close()
    return found


@pytest.mark.reference_data
@pytest.mark.validator
def test_the_validator_finds_no_new_error(tmp_path: Path) -> None:
    copies = {}
    for original in workbooks()[::6]:
        copy = tmp_path / f"{original.parent.name}-{original.name}"
        if original.name not in PROTECTED and shifted(original, copy, back=False):
            copies[copy] = original
            assert corpus.counts(copy) == corpus.counts(original), original.name
    after = programs.validate_all(list(copies))
    before = programs.validate_all([copies[copy] for copy in copies if after[copy]])
    for copy, original in copies.items():
        if after[copy]:
            assert not new_errors(before[original], after[copy]), original.name
