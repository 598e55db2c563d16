"""`fenji functions`, `fenji eval`, `fenji build-calc`, and the function reference."""

import json
import subprocess
import sys
import zipfile

import pytest

from addin import references
from addin.commands import function_reference, functions
from addin.hosts import xlsx
from tests.programs import ROOT
from udfs import formula, registry
from udfs.cells import ExcelError
from udfs.texts import FenjiError


def fenji(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "addin.cli", *arguments], capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """Two sheets, a table and a name, with a date, an error, a blank and a number as text."""
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.table import Table

    book = Workbook()
    sheet = book.active
    sheet.title = "订单 明细"
    for row in (["客户", "金额"], ["甲", 500], ["乙", "300"], ["丙", None], ["丁", 100], ["戊", 200]):
        sheet.append(row)
    sheet.add_table(Table(displayName="tblOrders", ref="A1:B6"))
    other = book.create_sheet("R")
    for i, value in enumerate([5, 40, 12, 99, 1], 1):
        other.cell(i, 1, value)
    book.defined_names["天数"] = DefinedName("天数", attr_text="R!$A$1:$A$5")
    path = tmp_path_factory.mktemp("eval") / "订单.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("=RECENCY_SCORE(天数)", [[4], [2], [3], [1], [5]]),
        ("=RECENCY_SCORE(R!A1:A5)", [[4], [2], [3], [1], [5]]),
        ("=RECENCY_SCORE(R!$A:$A)", [[4], [2], [3], [1], [5]]),
        ("ABC_CLASS(tblOrders[金额])", [["A"], ["B"], [""], ["C"], ["C"]]),
        ("=ABC_CLASS(tblOrders[[#All],[金额]])", [[""], ["A"], ["B"], [""], ["C"], ["C"]]),
        ("=ABC_CLASS('订单 明细'!B1:B6)", [[""], ["A"], ["B"], [""], ["C"], ["C"]]),
        ("=PARETO_SHARE(tblOrders[金额];0.25)", 500 / 1100),
        ("=RFM_SEGMENT(RFM_SCORE(R!A1:A5,R!A1:A5,R!A1:A5))", None),
    ],
)
def test_references_in_a_workbook(workbook, expression, result):
    value = functions.evaluate(expression, workbook)
    assert value == result if result is not None else len(value) == 5


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("=RECENCY_SCORE(Nothing!A1)", "There is no sheet 'Nothing'"),
        ("=RECENCY_SCORE(tblOrder[金额])", "There is no table tblOrder"),
        ("=RECENCY_SCORE(tblOrders[总额])", "has no column '总额'. There are: 客户, 金额"),
        ("=RECENCY_SCORE(日数)", "no name or table 日数. There are: tblOrders, 天数"),
    ],
)
def test_what_is_missing_is_named(workbook, expression, said):
    with pytest.raises(FenjiError) as failure:
        functions.evaluate(expression, workbook)
    assert said in failure.value.text.en


def test_rows_and_blanks_of_a_reference(workbook):
    book = xlsx.open(workbook)
    assert references.cells(book, "'订单 明细'!A3:B4") == [["乙", "300"], ["丙", None]]
    assert references.cells(book, "tblOrders[#Headers]") == [["客户", "金额"]]
    book.close()


@pytest.mark.parametrize(
    "wrong",
    ["", "=", "RFM_SEGMENT(555", "RFM_SEGMENT 555)", "=RFM_SEGMENT(555))", "={1,2;3}", '=RFM_SEGMENT("5', "=1+1",
     "=RFM_SEGMENT(1,2,3,4,5)", "=RFM_SEGMENT()", "=SUM(1)", "=" + "(" * 200 + "1", "=RFM_SEGMENT(§)"],
)  # fmt: skip
def test_what_is_no_formula_is_an_error_in_words(wrong):
    with pytest.raises(FenjiError):
        formula.evaluate(wrong)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=RFM_TOTAL(5,4,3;{100,10,1})", 543),
        ("=RFM_TOTAL(-1,4,3)", ExcelError("#NUM!")),
        ('=RFM_SEGMENT("555",,"zh")', "核心客户"),
        ("=rfm_segment(555,,“zh”)", "核心客户"),
        ("=RFM_SEGMENT(#N/A)", ExcelError("#N/A")),
        ("=CLV_SIMPLE(90,80%,10%,TRUE)", pytest.approx(330)),
        ('=MASK_NAME("a ""b""")', '* "**'),
    ],
)
def test_how_formulas_are_written(text, value):
    assert formula.evaluate(text) == value


def test_command_line_prints_the_value_and_the_reason():
    good, bad = fenji("eval", "=RFM_SEGMENT(555)"), fenji("eval", "=RECENCY_SCORE(12)", "--lang", "zh")
    assert (good.stdout, good.stderr, good.returncode) == ("Champions\n", "", 0)
    assert (bad.stdout, bad.returncode) == ("#N/A\n", 0)
    assert "单个客户没有可比较的对象" in bad.stderr


def test_command_line_knows_the_nearest_name():
    run = fenji("eval", "=RFM_SEGMNT(5)", "--lang", "en")
    assert run.returncode == 1
    assert "did you mean RFM_SEGMENT?" in run.stderr


def test_json_of_functions_and_values():
    listed = json.loads(fenji("functions", "--json").stdout)
    assert [f["name"] for f in listed] == list(registry.functions())
    assert json.loads(fenji("eval", '=RFM_SEGMENT({555;"x"})', "--json").stdout)[1][0]["error"] == "#VALUE!"


def test_a_reader_that_stops_reading_is_no_error():
    script = f"{sys.executable} -m addin.cli functions --json | head -c 10; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)
    assert (run.stderr, run.returncode) == ("", 0)


def test_help_of_one_function():
    run = fenji("functions", "rfm_score", "--lang", "zh")
    assert "RFM_SCORE(recency, frequency, monetary, [bins]" in run.stdout
    assert "[as_of]：分析日期。" in run.stdout


def test_build_calc_writes_an_extension(tmp_path):
    assert fenji("build-calc", "-o", str(tmp_path / "fenji.oxt")).returncode == 0
    assert "CalcAddIns.xcu" in zipfile.ZipFile(tmp_path / "fenji.oxt").namelist()
    wrong = fenji("build-calc", "-o", str(tmp_path / "fenji.zip"), "--lang", "en")
    assert (wrong.returncode, ".oxt" in wrong.stderr) == (1, True)


def test_function_names_for_libreoffice(tmp_path):
    from tests.workbooks.build_functions import TARGET

    out = tmp_path / "for-calc.xlsx"
    run = fenji("function-names", str(TARGET), "--for", "libreoffice", "-o", str(out), "--lang", "en")
    assert run.returncode == 0, run.stderr
    assert b"ORG.FENJI.CALC.FUNCTIONS.RFMSCORE(" in zipfile.ZipFile(out).read("xl/worksheets/sheet2.xml")
    wrong = fenji("function-names", str(TARGET), "--for", "numbers", "-o", str(out), "--lang", "en")
    assert (wrong.returncode, wrong.stderr.strip()) == (1, "--for is excel or libreoffice, not numbers.")


@pytest.mark.parametrize(("lang", "name"), [("en", "functions.md"), ("zh", "functions.zh.md")])
def test_function_reference_is_up_to_date(lang, name):
    assert (ROOT / "docs" / name).read_text("utf-8") == function_reference.page(lang), (
        "run: python -c 'from pathlib import Path; from addin.commands import function_reference as r; "
        'r.write(Path("docs"))\''
    )
