"""Headless Chromium on the task pane of a running server, with the model of Excel behind its Office.js.

The page asks here what the user does next, and for what Excel does with the calls it queued.
"""

from __future__ import annotations

import base64
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from addin.hosts.server import project
from tests.hosts.server import excel_sheets  # noqa: F401  # with it the model knows its objects
from tests.hosts.server.excel_model import Excel, schema
from tests.programs import ROOT

HERE = Path(__file__).parent
TOKEN = "a-token-for-tests-only"
WAIT = 200  # seconds


def server_python() -> str:
    """The interpreter that has the server extra: this one, or the one FENJI_SERVER_PYTHON names."""
    python = os.environ.get("FENJI_SERVER_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import xlwings_server._version"], capture_output=True).returncode:
        missing = "xlwings-server is not installed: pip install -e '.[server]'"
        (pytest.fail if os.environ.get("FENJI_REQUIRE_PROGRAMS") else pytest.skip)(missing)
    return python


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XLWINGS", "FENJI_LANG"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Desk:
    """Where the browser's page and the test meet."""

    def __init__(self) -> None:
        self.excel: Excel | None = None
        self.slice_size = 1 << 22
        self.todo: queue.Queue[str] = queue.Queue()
        self.done: queue.Queue[dict[str, Any]] = queue.Queue()
        self.address = ""

    def answer(self, path: str, body: Any) -> Any:
        """What the page asked for."""
        excel = self.excel
        if path == "/next":
            return {"code": self.todo.get()}
        if path == "/done":
            self.done.put(body)
            return {}
        if path == "/config":
            language, platform = (excel.language, excel.platform) if excel else ("zh-CN", "OfficeOnline")
            return {"language": language, "platform": platform, "sliceSize": self.slice_size}
        assert excel is not None, path
        if path == "/sync":
            return excel.sync(body)
        if path == "/file":
            return {"workbook": base64.b64encode(excel.file()).decode()}
        assert path == "/create", path
        excel.created.append(base64.b64decode(body["workbook"]))
        return {}

    def run(self, code: str) -> Any:
        """Runs JavaScript in the page, as an async function's body; its result."""
        self.todo.put(code)
        result = self.done.get(timeout=WAIT)
        if "error" in result:
            raise AssertionError(f"{result['error']} ({result.get('code')}) in: {code}")
        return result.get("value")


@contextmanager
def desk() -> Iterator[Desk]:
    """Listens on this computer for the page in the browser."""
    held = Desk()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            try:
                data = json.dumps(held.answer(self.path, body)).encode()
            except Exception as error:  # what the model does not know fails the call, visibly
                data = json.dumps(
                    {"found": {}, "error": {"code": type(error).__name__, "message": repr(error)}}
                ).encode()
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        held.address = f"http://127.0.0.1:{listening.server_port}"
        yield held
        listening.shutdown()


@contextmanager
def running_server(folder: Path, office: str, *options: str) -> Iterator[str]:
    """A project as `fenji serve` makes it, running with the test's own office.js; its address."""
    python = server_python()
    project.create(folder)
    (folder / ".env").write_text(f'{project.LICENCE}="noncommercial"\n{project.TOKEN}="{TOKEN}"\n')
    code = "import importlib.util as u; print(u.find_spec('xlwings_server').submodule_search_locations[0])"
    package = Path(
        subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )
    [real] = package.glob("static/vendor/office-js/*/dist/office.js")
    fake = folder / real.relative_to(package)
    fake.parent.mkdir(parents=True)
    fake.write_text(office)
    port = free_port()
    process = subprocess.Popen(
        [python, "-m", "addin.cli", "serve", str(folder), "--port", str(port), "--lang", "zh", *options],
        env=environment(FENJI_HOME=str(folder.parent / "home")),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    address = f"{'http' if '--plain' in options else 'https'}://localhost:{port}"
    try:
        for _ in range(300):
            try:
                get(f"{address}/xlwings/custom-functions-meta")
                break
            except (OSError, urllib.error.URLError):
                assert process.poll() is None, process.stdout.read().decode()  # type: ignore[union-attr]
                time.sleep(0.2)
        yield address
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Asks a program to end, and makes it when it does not."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def unchecked_tls() -> Any:
    import ssl

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def get(address: str, data: Any = None, **headers: str) -> bytes:
    """A page of the server, or the answer to JSON sent there."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json", **headers})
    return urllib.request.urlopen(request, timeout=WAIT, context=unchecked_tls()).read()


def fake_office(address: str) -> str:
    """The fake office.js of this folder, told where the model of Excel is and what it knows."""
    text = (HERE / "fake_office.js").read_text("utf-8")
    return text.replace("__HOST__", address).replace("__SCHEMA__", json.dumps(schema()))


@contextmanager
def chromium(page: str, profile: Path) -> Iterator[None]:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser is not None
    process = subprocess.Popen(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--ignore-certificate-errors", f"--user-data-dir={profile}", "--remote-debugging-port=0", "--enable-logging=stderr", page],
        stdout=subprocess.DEVNULL,
        stderr=(profile / "console.txt").open("wb"),
    )  # fmt: skip
    try:
        yield
    finally:
        end(process)


READY = """
while (document.body?.dataset.ready !== "true") await new Promise((done) => setTimeout(done, 20));
"""
FINISHED = """
while (document.body.getAttribute("aria-busy") === "true") await new Promise((done) => setTimeout(done, 20));
const message = document.getElementById("fenji-message");
return { status: message.className.replace("fenji-", ""), text: message.hidden ? "" : message.textContent };
"""


class Pane:
    """The task pane as a user works with it."""

    def __init__(self, held: Desk) -> None:
        self._desk = held

    def open(
        self, path: Path, platform: str = "OfficeOnline", language: str = "zh-CN", token: str = TOKEN
    ) -> Excel:
        """Opens a workbook in Excel, and the pane beside it."""
        if self._desk.excel is not None:
            self._desk.excel.close()
        self._desk.excel = Excel(path, platform, language)
        # The page that is left does not ask for more, so the next piece is the new page's.
        self._desk.todo.put(f"""localStorage.setItem("fenjiToken", {json.dumps(token)});
            location.reload();
            await new Promise(() => {{}});""")
        self._desk.run(READY)
        return self._desk.excel

    def press(self, command: str, answer: str | None = None) -> dict[str, str]:
        """Presses a button of the pane and answers its question; what the pane says afterwards."""
        code = f"document.getElementById('fenji-{command}').click();"
        if answer is not None:
            code += f"""
            const form = document.getElementById("fenji-question");
            while (form.hidden) await new Promise((done) => setTimeout(done, 20));
            const field = form.elements.choice.hidden ? form.elements.answer : form.elements.choice;
            field.value = {json.dumps(answer)};
            form.requestSubmit();"""
        return self._desk.run(code + FINISHED)

    def ribbon(self, identity: str) -> dict[str, str]:
        """Presses a button of the ribbon, as Excel does it: calls the function the manifest names."""
        call = (
            f"await new Promise((completed) => window.fenjiActions[{json.dumps(identity)}]({{ completed }}));"
        )
        return self._desk.run(call + FINISHED)

    def run(self, code: str) -> Any:
        """Runs JavaScript in the pane."""
        return self._desk.run(code)
