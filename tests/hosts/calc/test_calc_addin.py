"""The LibreOffice add-in in a real LibreOffice: cells, edits, files, and what it says when it cannot work."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from addin.hosts.calc import build, names, typelib, worker
from tests import programs
from tests.workbooks import build_functions
from udfs import registry


def in_office(folder, steps, environment=None, python=None):
    """What the steps give in a LibreOffice with the add-in in a fresh profile, without the steps' own None."""
    extension = folder / "extensions" / "fenji.oxt"
    if not extension.exists():
        zipfile.ZipFile(build.build(folder / "fenji.oxt", python)).extractall(extension)
    return programs.drive_office(folder, steps, environment)


@pytest.mark.libreoffice
def test_functions_in_cells_edited_saved_and_opened_again(tmp_path):
    cells = [["put", f"A{i + 1}", days] for i, days in enumerate([5, 40, 12, 99, 1])]
    files = [str(tmp_path / "saved.ods"), str(tmp_path / "saved.xlsx")]
    steps = [
        ["new"],
        *cells,
        ["array", "B1:B7", "=RECENCY_SCORE(A1:A7)"],
        ["formula", "C1", '=RFM_SEGMENT(155;"en11";"zh")'],
        [
            "formula",
            "C2",
            '=IF(AND(RFM_SEGMENT(555)="Champions";COUNTIF(C1:C1;"重点挽回客户")=1);"found";"lost")',
        ],
        ["formula", "C3", "=SUM(RECENCY_SCORE(A1:A5))"],
        ["formula", "C4", "=RECENCY_SCORE(7)"],
        ["formula", "C5", "=RFM_SEGMENT(999)"],
        ["formula", "C6", '=FREQUENCY_SCORE(A1:A5;"x")'],
        ["formula", "C7", "=SUM(RECENCY_SCORE(A:A))"],
        ["put", "E9", 3],
        ["formula", "D1", "=COUNTA(RFM_SCORE(A:A;A:A;E:E))"],  # nine rows, the last and longest in E
        ["read", "B1:C7"],
        ["read", "D1"],
        ["put", "A1", 500],
        ["put", "A3", "abc"],
        ["read", "B1:B5"],
        ["recalculate"],
        ["read", "B1:B5"],
        *[["save", file] for file in files],
        ["close"],
    ]
    for file in files:
        steps += [
            ["open", file],
            ["put", "A1", 5],
            ["put", "A3", 12],
            ["recalculate"],
            ["read", "B1:C7"],
            ["close"],
        ]
    first, whole, edited, recalculated, *again = in_office(tmp_path, steps)
    shown = [
        [4, "重点挽回客户"],
        [2, "found"],
        [3, 15],
        [1, "#N/A"],
        [5, "#NUM!"],
        ["", "#VALUE!"],
        ["", 15],
    ]
    assert first == shown
    assert whole == [[9]]
    assert edited == recalculated == [[1], [4], ["#VALUE!"], [2], [5]]
    assert again == [shown, shown]


@pytest.mark.libreoffice
def test_cell_and_log_say_why_the_interpreter_cannot_start(tmp_path):
    steps = [["new"], ["formula", "A1", "=RFM_SEGMENT(555)"], ["read", "A1"], ["close"]]
    [[[message]]] = in_office(tmp_path, steps, python="/nowhere/python")
    log = (tmp_path / ".fenji" / "calc.log").read_text("utf-8")
    assert "fenji cannot start" in message
    assert "/nowhere/python" in message
    assert "cannot start /nowhere/python" in log


@pytest.mark.libreoffice
def test_unopkg_installs_it_in_a_fresh_profile(tmp_path):
    oxt = build.build(tmp_path / "fenji.oxt")
    as_user = []
    if os.geteuid() == 0:  # unopkg refuses root
        for path in (tmp_path, oxt, *tmp_path.parents[:3]):
            path.chmod(path.stat().st_mode | 0o755)
        home = tmp_path / "home"
        home.mkdir()
        os.chown(home, 65534, 65534)
        as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    else:
        home = tmp_path
    profile = f"-env:UserInstallation=file://{home}/profile"
    environment = {**programs.office_environment(), "HOME": str(home)}
    for command in (["add", profile, str(oxt)], ["list", profile]):
        run = subprocess.run([*as_user, "unopkg", *command], capture_output=True, text=True, env=environment)
        assert run.returncode == 0, run.stderr
    assert "Identifier: org.fenji.calc" in run.stdout
    assert run.stdout.count("is registered: yes") == 4


@pytest.mark.libreoffice
def test_type_library_is_what_libreoffices_own_tools_make(tmp_path):
    tools = Path("/usr/lib/libreoffice/sdk/bin")
    if not (tools / "unoidl-write").exists():
        pytest.skip("LibreOffice's SDK is not installed (libreoffice-dev)")
    types = "/usr/lib/libreoffice/program/types.rdb"
    (tmp_path / "f.idl").write_text(typelib.idl(build.INTERFACE, build.methods()))
    (tmp_path / "ours.rdb").write_bytes(typelib.type_library(build.INTERFACE, build.methods()))
    subprocess.run([tools / "unoidl-write", types, "f.idl", "theirs.rdb"], cwd=tmp_path, check=True)
    read = [
        subprocess.run(
            [tools / "unoidl-read", types, f], cwd=tmp_path, check=True, capture_output=True
        ).stdout
        for f in ("ours.rdb", "theirs.rdb")
    ]
    assert read[0] == read[1]
    assert b"rfmScore" in read[0]


@pytest.mark.libreoffice
def test_results_speak_the_language_it_was_built_in(tmp_path):
    extension = tmp_path / "extensions" / "fenji.oxt"
    zipfile.ZipFile(build.build(tmp_path / "fenji.oxt", lang="en")).extractall(extension)
    steps = [
        ["new"],
        ["formula", "A1", "=RFM_CLASS(5;1;5)"],
        ["formula", "A2", "=RFM_CLASS({5|1};{1|1};{5|5})"],  # one record at a time in Calc
        ["read", "A1:A2"],
        ["close"],
    ]
    assert in_office(tmp_path, steps) == [[["Key: develop"], ["#VALUE!"]]]


def test_same_bytes_twice(tmp_path):
    one, two = (build.build(tmp_path / name, "python").read_bytes() for name in ("a.oxt", "b.oxt"))
    assert one == two


def test_every_function_and_argument_is_described():
    from lxml import etree

    root = etree.fromstring(build.configuration().encode())
    named = root.xpath("//*[prop/@*[local-name()='name']='CompatibilityName']")
    assert len(named) == len(registry.functions())
    assert len(root.xpath("//*[@*[local-name()='name']='Parameters']/node")) == sum(
        len(f.arguments) for f in registry.functions().values()
    )


def test_worker_answers_line_by_line_until_its_input_ends():
    run = subprocess.run(
        [sys.executable, "-m", "addin.hosts.calc.worker"],
        input='["RFM_SEGMENT", [[[555], ["x"]]]]\n["NO_SUCH", []]\n',
        capture_output=True,
        text=True,
        timeout=60,
    )
    ready, first, second = map(json.loads, run.stdout.splitlines())
    assert ready == {"ready": len(registry.functions())}
    assert first["result"][0] == ["Champions"]
    assert first["result"][1][0]["error"] == "#VALUE!"
    assert second == {"result": {"error": "#NAME?"}}
    assert run.returncode == 0


def test_worker_keeps_chinese():
    assert json.loads(worker.answer('["RFM_SEGMENT", [555, "zh8"]]')) == {"result": "重要价值客户"}


def test_workbook_of_tests_is_up_to_date(tmp_path):
    assert (
        build_functions.build(tmp_path / "functions.xlsx").read_bytes() == build_functions.TARGET.read_bytes()
    ), "run: python -m tests.workbooks.build_functions"


@pytest.mark.libreoffice
def test_every_name_in_the_workbook_of_tests_is_true(tmp_path):
    names.translate(build_functions.TARGET, tmp_path / "functions.xlsx", "libreoffice")
    steps = [["open", str(tmp_path / "functions.xlsx")], ["recalculate"], ["names", "test_"], ["close"]]
    [passed] = in_office(tmp_path, steps)
    assert sorted(passed) == sorted(f"test_{name}" for name in build_functions.cases())
    assert {name: value for name, value in passed.items() if value != "TRUE"} == {}


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_gets_excels_names_back(tmp_path):
    saved, for_excel = tmp_path / "saved.xlsx", tmp_path / "excel.xlsx"
    steps = [["new"], ["formula", "A1", "=RFM_SEGMENT(555)"], ["array", "B1:B2", "=RECENCY_SCORE(C1:C2)"]]
    in_office(tmp_path, [*steps, ["save", str(saved)], ["close"]])
    assert names.translate(saved, for_excel, "excel") == 2
    sheet = zipfile.ZipFile(for_excel).read("xl/worksheets/sheet1.xml").decode()
    assert ">RFM_SEGMENT(555)</f>" in sheet
    assert ">RECENCY_SCORE(C1:C2)</f>" in sheet
    assert names.translate(for_excel, saved, "libreoffice") == 2


@pytest.mark.parametrize(
    ("formula", "renamed"),
    [
        (
            b"<f>rfm_total(1,2,3)+my.RFM_TOTAL(1)</f>",
            b"<f>ORG.FENJI.CALC.FUNCTIONS.RFMTOTAL(1,2,3)+my.RFM_TOTAL(1)</f>",
        ),
        (
            b'<x:f t="array">IF(A1="RFM_TOTAL(",RFM_TOTAL(1,2,3))</x:f>',
            b'<x:f t="array">IF(A1="RFM_TOTAL(",ORG.FENJI.CALC.FUNCTIONS.RFMTOTAL(1,2,3))</x:f>',
        ),
        (b"<v>RFM_TOTAL(</v>", b"<v>RFM_TOTAL(</v>"),
    ],
)
def test_only_calls_in_formulas_are_renamed(formula, renamed):
    there, count = names.renamed_formulas(formula, "libreoffice")
    assert there == renamed
    back, again = names.renamed_formulas(there, "excel")
    assert count == again
    assert back.upper() == formula.upper()
