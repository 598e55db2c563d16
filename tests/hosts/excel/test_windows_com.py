"""Every function through the real xlwings DLL and COM server of a Windows Python, under Wine."""

import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import ROOT
from udfs import formula, registry, worksheet
from udfs.cells import ExcelError

FUNCTIONS = list(registry.functions().values())
ROWS = 100_000
SPECIAL = {
    "missing arguments": [
        "RECENCY_SCORE",
        [[5], [40], [12], [99], [1]],
        {"missing": True},
        {"missing": True},
    ],
    "dates": ["TENURE_DAYS", {"date": "2024-01-01"}, {"date": "2024-12-31"}],
    "errors in cells": ["RECENCY_SCORE", [[5], [-2146826246], [None], ["x"], [1]]],
    "wrong option": ["RFM_SEGMENT", 555, "en12"],
    "Chinese": ["RFM_SEGMENT", 155, "zh8"],
    "a lone customer": ["RECENCY_SCORE", 12],
    "many rows": ["RFM_SCORE", {"numbers": ROWS}, {"numbers": ROWS}, {"numbers": ROWS}],
}


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


def spelled(value):
    """An argument as the client understands it."""
    return {"missing": True} if value is None else value


def example_call(f):
    """Name and arguments of a function's example."""
    return formula.evaluate(f.example, call=lambda name, arguments: [name, *map(spelled, arguments)])


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the server gives for every call, by what is called."""
    folder = tmp_path_factory.mktemp("com")
    python = Path(os.environ["FENJI_WINDOWS_PYTHON"])
    calls = {f.name: example_call(f) for f in FUNCTIONS} | SPECIAL
    (folder / "calls.json").write_text(json.dumps(list(calls.values())))
    [library] = python.glob("xlwings64-*.dll")
    texts = (ROOT / "addin/hosts/excel/vba/FenjiTexts.bas").read_text()
    options = re.search(r'QUOTE & interpreter & QUOTE & "(.*?)" & QUOTE & "(.*?)" & QUOTE', texts)
    command = f'"{windows_path(python / "python.exe")}"{options[1]}"{options[2]}"'
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        "WINEPREFIX": str(folder / "wine"),
        "WINEDEBUG": "-all",
        "HOME": str(folder),
        "PYTHONPATH": windows_path(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    wine = shutil.which("wine64") or shutil.which("wine") or "/usr/lib/wine/wine64"
    arguments = [
        windows_path(ROOT / "tests/hosts/excel/com_client.py"),
        windows_path(library),
        command,
        windows_path(folder / "calls.json"),
        windows_path(folder / "answers.json"),
    ]
    run = subprocess.run(  # a pipe for its output: Python crashes under Wine when it is redirected to a file
        [wine, str(python / "python.exe"), "-P", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=560,
        text=True,
    )
    assert (folder / "answers.json").exists(), run.stdout
    started, *results = json.loads((folder / "answers.json").read_text("utf-8"))
    print(f"server started in {started['started']:.1f} s")
    return {name: result["result"] for name, result in zip(calls, results, strict=True)}


def as_marks(result):
    rows = result if isinstance(result, list) else [[result]]
    return [[v.mark if isinstance(v, ExcelError) else v for v in row] for row in rows]


def unwrapped(result):
    """xlwings gives a single cell as it is, a single row or column as it comes: everything as rows."""
    if not isinstance(result, list):
        return [[result]]
    return result if result and isinstance(result[0], list) else [result]


def flat(rows):
    return [v for row in rows for v in row]


pytestmark = [pytest.mark.wine, pytest.mark.timeout(600), pytest.mark.xdist_group("windows-com")]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.name)
def test_every_function_gives_its_example(f, answers):
    assert flat(unwrapped(answers[f.name])) == pytest.approx(flat(as_marks(formula.evaluate(f.example))))


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("missing arguments", [4, 2, 3, 1, 5]),
        ("dates", [365]),
        ("errors in cells", [1, "#N/A", "", "#VALUE!", 5]),
        ("wrong option", ["#VALUE!"]),
        ("Chinese", ["重要保持客户"]),
        ("a lone customer", ["#N/A"]),
    ],
)
def test_what_cells_may_hold(called, expected, answers):
    assert flat(unwrapped(answers[called])) == expected


def test_a_hundred_thousand_rows(answers):
    numbers = [[i * 7919 % 9973] for i in range(ROWS)]
    expected = worksheet.RFM_SCORE(numbers, numbers, numbers)
    result = answers["many rows"]
    assert len(result) == ROWS
    for row in random.Random(1).sample(range(ROWS), 1000):
        assert result[row] == expected[row]
