"""The functions behind xlwings Server: a real server, and xlwings' own JavaScript in a headless browser."""

import http.server
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from addin.hosts.server import project
from tests.programs import ROOT
from udfs import formula, registry, worksheet
from udfs.cells import ExcelError
from udfs.texts import FenjiError

HERE = Path(__file__).parent
TOKEN = "a-token-for-tests-only"
pytestmark = pytest.mark.xdist_group("server")  # one server for all of them
ERRORS = {"Value": "#VALUE!", "NotAvailable": "#N/A", "Num": "#NUM!", "Div0": "#DIV/0!"}


def server_python():
    """The interpreter that has the server extra: this one, or the one FENJI_SERVER_PYTHON names."""
    python = os.environ.get("FENJI_SERVER_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import xlwings_server._version"], capture_output=True).returncode:
        missing = "xlwings-server is not installed: pip install -e '.[server]'"
        (pytest.fail if os.environ.get("FENJI_REQUIRE_PROGRAMS") else pytest.skip)(missing)
    return python


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XLWINGS", "FENJI_LANG"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


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


@pytest.fixture(scope="module")
def listener():
    """Waits for what the page in the browser sends: its address, and the queue of what came."""
    came = queue.Queue()

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            came.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as waiting:
        threading.Thread(target=waiting.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{waiting.server_port}/", came
        waiting.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory, listener):
    """A project as `fenji serve` makes it, running; its address."""
    python = server_python()
    folder = tmp_path_factory.mktemp("server") / "project"
    project.create(folder)
    (folder / ".env").write_text(f'{project.LICENCE}="noncommercial"\n{project.TOKEN}="{TOKEN}"\n')
    # Files of the project stand in for the package's own: a fake Office.js, and a page that calls the functions.
    found = subprocess.run(
        [
            python,
            "-c",
            "import importlib.util as u; print(u.find_spec('xlwings_server').submodule_search_locations[0])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    [office] = Path(found.stdout.strip()).glob("static/vendor/office-js/*/dist/office.js")
    fake = folder / office.relative_to(found.stdout.strip())
    fake.parent.mkdir(parents=True)
    shutil.copy(HERE / "fake_office.js", fake)
    script = (HERE / "call_functions.js").read_text()
    script = script.replace("__CALLS__", json.dumps(calls())).replace("__TOKEN__", TOKEN)
    script = script.replace("__LISTENER__", listener[0])
    (folder / "static/js/main.js").write_text(script.replace("__COUNT__", str(len(registry.functions()))))
    port = free_port()
    process = subprocess.Popen(
        [python, "-m", "addin.cli", "serve", str(folder), "--port", str(port), "--lang", "zh"],
        env=environment(XLWINGS_ADD_SECURITY_HEADERS="false"),  # they forbid the page to call the listener
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/xlwings/custom-functions-meta", timeout=5).read()
            break
        except OSError:
            assert process.poll() is None, process.stdout.read().decode()
            time.sleep(0.2)
    yield address
    process.terminate()
    process.wait(20)


def call(address, name, arguments, token=TOKEN):
    body = {
        "client": "Office.js", "func_name": name, "args": arguments, "caller_address": "[b]s!A1",
        "culture_info_name": "zh-CN", "date_format": "yyyy-mm-dd", "version": "", "runtime": "1.4",
    }  # fmt: skip
    request = urllib.request.Request(
        f"{address}/xlwings/custom-functions-call",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": token, "Auth-Provider": "fenji"},
    )
    return json.loads(urllib.request.urlopen(request, timeout=120).read())["result"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_without_the_token_nothing_is_computed(server, token):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(server, "RFM_SEGMENT", [[[555]], None, None], token)
    assert refused.value.code == 401


def test_metadata_has_plain_names_and_help(server):
    meta = json.loads(urllib.request.urlopen(f"{server}/xlwings/custom-functions-meta").read())
    assert sorted(f["name"] for f in meta["functions"]) == sorted(registry.functions())
    score = next(f for f in meta["functions"] if f["name"] == "RFM_SCORE")
    assert [p.get("optional", False) for p in score["parameters"]] == [False] * 3 + [True] * 4


def test_a_hundred_thousand_rows_come_back(server):
    numbers = [[i * 7919 % 9973] for i in range(100_000)]
    result = call(server, "FREQUENCY_SCORE", [numbers, None, None, None])
    assert result == worksheet.FREQUENCY_SCORE(numbers)


@pytest.mark.chromium
def test_xlwings_own_javascript_calls_every_function(server, listener, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    process = subprocess.Popen(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={tmp_path}", "--remote-debugging-port=0", f"{server}/taskpane"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        *answers, cells = json.loads(listener[1].get(timeout=200))
    finally:
        process.terminate()
        process.wait(20)
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
