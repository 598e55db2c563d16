"""The add-in on a Windows Python, under Wine: built to the same bytes, installed, examined, taken away."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from addin.hosts.excel import xlam
from tests.programs import ROOT

pytestmark = [pytest.mark.wine, pytest.mark.timeout(900)]


def windows_path(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the script saw; see windows_install.py."""
    folder = tmp_path_factory.mktemp("windows")
    python = Path(os.environ["FENJI_WINDOWS_PYTHON"])
    wine = shutil.which("wine64") or shutil.which("wine") or "/usr/lib/wine/wine64"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FENJI"))},
        "WINEPREFIX": str(folder / "wine"),
        "WINEDEBUG": "-all",
        "HOME": str(folder),
        "PYTHONPATH": windows_path(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    script = windows_path(Path(__file__).with_name("windows_install.py"))
    run = subprocess.run(  # a pipe for its output: Python crashes under Wine when it is redirected to a file
        [wine, str(python / "python.exe"), "-P", script, windows_path(folder / "seen.json")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=840,
        text=True,
    )
    assert (folder / "seen.json").exists(), run.stdout
    return json.loads((folder / "seen.json").read_text("utf-8"))


def test_the_addin_is_built_to_the_same_bytes(seen: dict[str, Any]) -> None:
    assert seen["addin"] == hashlib.sha256(xlam.addin_bytes({})).hexdigest()


def test_files_and_registry_come_and_go(seen: dict[str, Any]) -> None:
    assert (seen["before"], seen["installed"], seen["after"]) == ([False] * 3, [True] * 3, [False] * 3)


def test_the_configuration_names_this_python(seen: dict[str, Any]) -> None:
    assert seen["config"].startswith("interpreter = Z:")
    assert "python.exe\n" in seen["config"]


def test_doctor_sees_every_link_but_excel(seen: dict[str, Any]) -> None:
    bad = {key: text for key, (state, text) in seen["doctor"].items() if state == "bad"}
    assert bad == {"excel": "Excel was not found"}
    assert seen["doctor"]["functions"] == ["good", "the functions answer: RFM_SEGMENT(555) = Champions"]
