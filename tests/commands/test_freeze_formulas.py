"""Our formulas become the values they show; every other formula stays."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from addin.commands import freeze_formulas
from addin.hosts import xlsx
from tests.hosts.excel.desktop import desktop
from udfs.texts import FenjiError


def write_formulas(path: Path, array: bool) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("客户")
        sheet.write_row("A1", ["编码", "客群", "金额"])
        sheet.write_formula("A2", "=RFM_CODE(5,4,5)", None, "545")
        sheet.write_formula("B2", "=_xlfn.RFM_SEGMENT(A2)", None, "Champions")
        sheet.write_formula("B3", "=IF(C3>0,RFM_SEGMENT(111),0)", None, "Lost")
        sheet.write_formula("C2", "=SUM(1,2)", None, 3)
        sheet.write_formula("C3", '=LEN("RFM_SEGMENT(1)")', None, 14)
        if array:
            sheet.write_dynamic_array_formula("E1:F2", "=RFM_SCORE(A1:A2,B1:B2,C1:C2)", None, 5)
            for cell, value in (("F1", 4), ("E2", 3), ("F2", 2)):
                sheet.write(cell, value)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_formulas(tmp_path / "formulas.xlsx", array=True)


def formulas_and_values(path: Path) -> dict[str, object]:
    sheet = openpyxl.load_workbook(path)["客户"]
    return {
        cell.coordinate: cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_only_our_formulas_become_values(workbook: Path) -> None:
    book = xlsx.open(workbook)
    outcome = freeze_formulas.run(book)
    book.save()
    assert formulas_and_values(workbook) == {
        "A1": "编码", "B1": "客群", "C1": "金额", "A2": "=RFM_CODE(5,4,5)", "B2": "Champions", "B3": "Lost",
        "C2": "=SUM(1,2)", "C3": '=LEN("RFM_SEGMENT(1)")', "E1": 5, "F1": 4, "E2": 3, "F2": 2,
    }  # fmt: skip
    assert outcome.message.en.startswith("Turned the formulas of 6 cells into values (sheets: 客户)")


def test_the_same_in_excel(tmp_path: Path) -> None:
    workbook = write_formulas(tmp_path / "formulas.xlsx", array=False)
    book = xlsx.open(workbook)
    freeze_formulas.run(desktop(book)[0])
    book.save()
    assert formulas_and_values(workbook) == {
        "A1": "编码", "B1": "客群", "C1": "金额", "A2": "=RFM_CODE(5,4,5)", "B2": "Champions", "B3": "Lost",
        "C2": "=SUM(1,2)", "C3": '=LEN("RFM_SEGMENT(1)")',
    }  # fmt: skip


def test_nothing_to_freeze_is_said(tmp_path: Path) -> None:
    book = xlsx.new()
    assert "nothing to convert" in freeze_formulas.run(book).message.en


def test_a_formula_without_a_value_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    book = openpyxl.Workbook()
    book.active["B7"] = "=RFM_SEGMENT(555)"
    book.save(path)
    opened = xlsx.open(path)
    with pytest.raises(FenjiError, match="Sheet!B7 has not been calculated"):
        freeze_formulas.run(opened)
    assert opened.sheets[0]["B7"].formula == "=RFM_SEGMENT(555)"
