"""The functions behind xlwings Server: a real server, and xlwings' own JavaScript in a headless browser."""

import base64
import getpass
import io
import json
import os
import subprocess
import sys
import urllib.error

import openpyxl
import pytest

from addin.hosts.server import project
from tests.hosts.server.browser import TOKEN, Pane, environment, get, server_python
from udfs import formula, registry, worksheet
from udfs.cells import ExcelError
from udfs.texts import FenjiError

pytestmark = pytest.mark.xdist_group("server")  # one server for all of them
ERRORS = {"Value": "#VALUE!", "NotAvailable": "#N/A", "Num": "#NUM!", "Div0": "#DIV/0!"}
# Calls what xlwings' JavaScript registered.
CALL_ALL = """
while (Object.keys(window.fenjiRegistered).length < __COUNT__) await new Promise((done) => setTimeout(done, 20));
const answers = [];
for (const [name, ...given] of __CALLS__) {
  try {
    answers.push({ result: await window.fenjiRegistered[name](...given, { address: "Sheet1!A1" }) });
  } catch (error) {
    answers.push({ error: error.code, message: error.message });
  }
}
return answers;
"""


def calls():
    """Each function's example, and what cells may hold."""
    made = [
        formula.evaluate(f.example, call=lambda name, given: [name, *given])
        for f in registry.functions().values()
    ]
    width = {f.name: len(f.arguments) for f in registry.functions().values()}
    in_cells = [[name, *(as_range(v) for v in given)] for name, *given in made]
    error = {"type": "Error", "errorType": "Div0", "basicValue": "#DIV/0!"}
    in_cells.append(["RECENCY_SCORE", [[5], [40], [""], ["x"], [error], [1]]])
    return [[name, *given, *[None] * (width[name] - len(given))] for name, *given in in_cells]


def as_range(value):
    return value if isinstance(value, list) or value is None else [[value]]


def as_cells(result):
    rows = result if isinstance(result, list) else [[result]]
    return [[v.mark if isinstance(v, ExcelError) else v for v in row] for row in rows]


def from_office(rows):
    return [[ERRORS[v["errorType"]] if isinstance(v, dict) else v for v in row] for row in rows]


def call(address, name, arguments, token=TOKEN):
    body = {
        "client": "Office.js", "func_name": name, "args": arguments, "caller_address": "[b]s!A1",
        "culture_info_name": "zh-CN", "date_format": "yyyy-mm-dd", "version": "", "runtime": "1.4",
    }  # fmt: skip
    headers = {"Authorization": token, "Auth-Provider": "fenji"}
    return json.loads(get(f"{address}/xlwings/custom-functions-call", body, **headers))["result"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_without_the_token_nothing_is_computed(server, token):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(server, "RFM_SEGMENT", [[[555]], None, None], token)
    assert refused.value.code == 401


def press(address, sample, token=TOKEN, **more):
    """What the server answers to a click, without a browser."""
    body = {
        "client": "Office.js", "version": "", "names": [],
        "book": {"name": "Book1.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
        "sheets": [{"name": "客户", "values": [[]], "tables": [], "charts": [], "pictures": [], "shapes": []}],
        "args": [{"lang": "zh", "workbook": base64.b64encode(sample.read_bytes()).decode(), **more}],
    }  # fmt: skip
    headers = {"Authorization": token, "Auth-Provider": "fenji"}
    answer = json.loads(get(f"{address}/xlwings/custom-scripts-call/fenji", body, **headers))
    [action] = answer["actions"]
    assert (action["func"], action["args"][0]) == ("runMacro", "fenjiAnswer")
    return action["args"][1]


def test_a_click_is_answered_with_steps_there_and_back(server, sample):
    answer = press(server, sample, command="check")
    assert answer["status"] == "done"
    assert [step["kind"] for step in answer["steps"]][:1] == ["insert_sheets"]
    assert answer["back"] == [{"kind": "delete_sheet", "sheet": "数据检查"}]


def test_the_history_does_not_name_the_servers_own_account(server, sample):
    answer = press(server, sample, command="regrade", keep_charts=True)
    [inserted] = [step for step in answer["steps"] if step["kind"] == "insert_sheets"]
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(inserted["workbook"])))
    rows = [[cell.value for cell in row] for row in book["分级历史"].iter_rows()]
    assert not any(getpass.getuser() == value for row in rows for value in row)


def test_a_command_that_is_no_button_is_refused(server, sample):
    assert press(server, sample, command="os")["status"] == "failed"


def test_without_the_token_no_command_runs(server, sample):
    with pytest.raises(urllib.error.HTTPError) as refused:
        press(server, sample, "wrong", command="check")
    assert refused.value.code == 401


def test_metadata_has_plain_names_and_help(server):
    meta = json.loads(get(f"{server}/xlwings/custom-functions-meta"))
    assert sorted(f["name"] for f in meta["functions"]) == sorted(registry.functions())
    score = next(f for f in meta["functions"] if f["name"] == "RFM_SCORE")
    assert [p.get("optional", False) for p in score["parameters"]] == [False] * 3 + [True] * 4


def test_a_hundred_thousand_rows_come_back(server):
    numbers = [[i * 7919 % 9973] for i in range(100_000)]
    result = call(server, "FREQUENCY_SCORE", [numbers, None, None, None])
    assert result == worksheet.FREQUENCY_SCORE(numbers)


@pytest.mark.chromium
def test_xlwings_own_javascript_calls_every_function(opened: Pane, sample):
    opened.open(sample)
    code = CALL_ALL.replace("__CALLS__", json.dumps(calls())).replace(
        "__COUNT__", str(len(registry.functions()))
    )
    *answers, cells = opened.run(code)
    for f, answer in zip(registry.functions().values(), answers, strict=True):
        assert "result" in answer, (f.name, answer)
        expected = as_cells(formula.evaluate(f.example))
        got = from_office(answer["result"])
        assert [v for row in got for v in row] == pytest.approx([v for row in expected for v in row]), f.name
    assert from_office(cells["result"]) == [[3], [1], [""], ["#VALUE!"], ["#DIV/0!"], [5]]


class TestProject:
    def test_auth_is_on_and_the_token_is_secret(self, tmp_path):
        project.create(tmp_path / "p")
        assert 'auth_providers = ["fenji"]' in (tmp_path / "p/pyproject.toml").read_text()
        settings = project.environment(tmp_path / "p")
        assert len(settings[project.TOKEN]) >= 32
        assert (tmp_path / "p/.env").stat().st_mode & 0o077 == 0

    def test_an_existing_project_is_left_alone(self, tmp_path):
        project.create(tmp_path / "p")
        before = (tmp_path / "p/.env").read_text()
        assert project.create(tmp_path / "p") is False
        assert (tmp_path / "p/.env").read_text() == before

    def test_a_folder_with_other_files_is_refused(self, tmp_path):
        (tmp_path / "notes.txt").write_text("x")
        with pytest.raises(FenjiError):
            project.create(tmp_path)

    def test_without_a_key_it_says_where_to_put_one(self, tmp_path):
        server_python()
        folder = tmp_path / "p"
        run = subprocess.run(
            [
                os.environ.get("FENJI_SERVER_PYTHON", sys.executable),
                "-m",
                "addin.cli",
                "serve",
                str(folder),
                "--lang",
                "zh",
            ],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert run.returncode == 1
        assert "许可证密钥" in run.stderr
        assert "Traceback" not in run.stderr
