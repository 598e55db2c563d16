"""Clicks without a server or browser: sizes, names, and steps that lead there and back."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from addin.hosts import xlsx
from addin.hosts.server import click, difference
from addin.hosts.server.click import Click, answer
from udfs.texts import FenjiError


def book_with(path: Path, **cells: object):
    book = xlsx.new()
    for address, value in cells.items():
        book.sheets[0][address].value = value
    book.save(path)
    book.close()
    return xlsx.open(path)


def test_cells_that_differ_are_blocks_with_texts_as_typed(tmp_path: Path) -> None:
    old = book_with(tmp_path / "a.xlsx", A1="kept", B1="old", B2=1.0)
    new = book_with(tmp_path / "b.xlsx", A1="kept", B1="545", B2=2.0)
    assert difference.steps(old, new, True) == [
        {"kind": "cells", "sheet": "Sheet1", "address": "B1:B2", "formulas": [["'545"], [2.0]]}
    ]
    assert difference.steps(new, old, True) == [
        {"kind": "cells", "sheet": "Sheet1", "address": "B1:B2", "formulas": [["old"], [1.0]]}
    ]


def test_nothing_changed_means_no_steps(tmp_path: Path) -> None:
    one = book_with(tmp_path / "a.xlsx", A1="x")
    other = book_with(tmp_path / "b.xlsx", A1="x")
    assert difference.steps(one, other, True) == []


def test_formats_come_before_the_contents_they_rule(tmp_path: Path) -> None:
    old = book_with(tmp_path / "a.xlsx", A1=1.0)
    path = tmp_path / "b.xlsx"
    made = xlsx.new()
    made.sheets[0]["A1"].number_format = "@"
    made.sheets[0]["A1"].value = "007"
    made.save(path)
    made.close()
    kinds = [(s["kind"], s.get("formulas")) for s in difference.steps(old, xlsx.open(path), True)]
    assert kinds == [("format", None), ("cells", [["007"]])]


def test_sheets_come_as_a_workbook_of_their_own_and_go_by_name(tmp_path: Path) -> None:
    old = book_with(tmp_path / "a.xlsx", A1="secret of the first sheet")
    path = tmp_path / "b.xlsx"
    made = book_with(path, A1="secret of the first sheet")
    made.sheets.add("New", after=made.sheets[0])["A1"].value = "new"
    made.save()
    [step] = difference.steps(old, made, True)
    assert (step["kind"], step["sheets"], step["after"]) == ("insert_sheets", ["New"], "Sheet1")
    sent = tmp_path / "sent.xlsx"
    sent.write_bytes(base64.b64decode(step["workbook"]))
    assert [sheet.name for sheet in xlsx.open(sent).sheets] == ["New"]
    assert difference.steps(made, old, True) == [{"kind": "delete_sheet", "sheet": "New"}]


def test_what_is_too_large_for_the_web_is_said_before_anything_changes(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "LARGEST_INSERT", 1000)
    given = Click("check", "zh", workbook=sample.read_bytes(), name="客户.xlsx", keep_charts=False)
    said = answer(given)
    assert (said.status, said.steps) == ("failed", [])
    assert "5 MB" in said.message


@pytest.mark.parametrize("text", ["not base64!", "A" * (click.LARGEST_FILE * 4 // 3 + 8)])
def test_a_file_that_did_not_arrive_or_is_too_large_is_refused(text: str) -> None:
    with pytest.raises(FenjiError):
        click.workbook_bytes(text)


def test_a_bug_is_told_without_data_and_changes_nothing(
    sample: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("cell B7 of a customer")

    monkeypatch.setenv("FENJI_HOME", str(tmp_path))
    monkeypatch.setattr(click, "ribbon_command", broken)
    said = answer(Click("check", "en", workbook=sample.read_bytes(), name="customers.xlsx"))
    assert (said.status, said.steps, said.back) == ("failed", [], [])
    assert "B7" not in said.message
    assert "fenji.log" in said.message
