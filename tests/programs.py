"""The real programs tests compare with: LibreOffice, Gnumeric, Microsoft's Open XML SDK validator.

A test that needs one carries its marker (`@pytest.mark.libreoffice`) and is skipped with a reason where
the program is missing. With FENJI_REQUIRE_PROGRAMS=1 (as in .ci/run) a missing program is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE_DATA = ROOT.parent / "shared" / "data"


def find_validator() -> str | None:
    """Path of `ooxml-validate`: on PATH, or in .ci/node_modules, or named by FENJI_OOXML_VALIDATE."""
    named = os.environ.get("FENJI_OOXML_VALIDATE")
    local = ROOT / ".ci" / "node_modules" / ".bin" / "ooxml-validate"
    if named:
        return named
    return str(local) if local.exists() else shutil.which("ooxml-validate")


def missing(program: str) -> str | None:
    """Why tests with this marker cannot run here, or None when they can."""
    if program == "reference_data":
        return None if REFERENCE_DATA.is_dir() else f"no reference data at {REFERENCE_DATA}"
    if program == "validator":
        return None if find_validator() and shutil.which("node") else "npm install --prefix .ci"
    if program == "wine":
        ready = shutil.which("wine64") or shutil.which("wine") or Path("/usr/lib/wine/wine64").exists()
        if not ready:
            return "no wine64 found"
        return None if os.environ.get("FENJI_WINDOWS_PYTHON") else "FENJI_WINDOWS_PYTHON is not set"
    names = {"libreoffice": ["soffice"], "gnumeric": ["ssconvert"], "chromium": ["chromium", "google-chrome"]}
    found = any(shutil.which(name) for name in names[program])
    return None if found else f"no {' or '.join(names[program])} on PATH"


def validate(workbook: Path) -> list[str]:
    """Errors Microsoft's Open XML SDK finds in a workbook, one text each; [] when it finds none."""
    run = subprocess.run(
        [find_validator() or "ooxml-validate", "--of", "json", "-f", "xlsx", str(workbook)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    try:
        return [json.dumps(error, ensure_ascii=False, sort_keys=True) for error in json.loads(run.stdout)]
    except json.JSONDecodeError:
        return [(run.stdout + run.stderr).strip() or f"validator exit code {run.returncode}"]


def validate_all(workbooks: Sequence[Path]) -> dict[Path, list[dict[str, Any]]]:
    """Errors the validator finds in each of many workbooks; much faster than one after the other."""
    library = Path(os.path.realpath(find_validator() or "")).parent.parent / "index.js"
    run = subprocess.run(
        ["node", str(ROOT / "tests" / "validate_many.mjs"), str(library), *map(str, workbooks)],
        capture_output=True,
        text=True,
        timeout=800,
    )
    assert run.returncode == 0, run.stderr
    return {Path(book): errors for book, errors in map(json.loads, run.stdout.splitlines())}


def convert_all(workbooks: Sequence[Path], outdir: Path) -> list[Path]:
    """Opens many workbooks in one LibreOffice and writes each as .csv; gives those it could not open."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore",
                "--convert-to", "csv", "--outdir", str(outdir), *map(str, workbooks),
            ],
            capture_output=True,
            timeout=800,
        )  # fmt: skip
    return [book for book in workbooks if not (outdir / f"{book.stem}.csv").exists()]


def office_environment() -> dict[str, str]:
    """The environment without this virtual environment: LibreOffice would take its Python for its own."""
    own = str(Path(sys.prefix) / "bin")
    kept = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    kept["PATH"] = os.pathsep.join(p for p in kept["PATH"].split(os.pathsep) if p != own)
    return kept


def uno_python() -> str:
    """An interpreter that has LibreOffice's uno module."""
    program = Path(os.path.realpath(shutil.which("soffice") or "/")).parent
    for python in (shutil.which("python3", path="/usr/bin:/usr/local/bin"), str(program / "python")):
        if python and subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0:
            return python
    raise FileNotFoundError("no Python with LibreOffice's uno module: install python3-uno")


def drive_office(folder: Path, steps: list[Any], environment: dict[str, str] | None = None) -> list[Any]:
    """What the steps of tests/hosts/calc/drive_office.py give in one LibreOffice, without the steps' own None.

    `folder` holds the profile, and in "extensions" the extensions to load.
    """
    (folder / "extensions").mkdir(exist_ok=True)
    driver = ROOT / "tests" / "hosts" / "calc" / "drive_office.py"
    run = subprocess.run(
        [uno_python(), str(driver), str(folder / "profile"), str(folder / "extensions")],
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        timeout=240,
        env={**office_environment(), "HOME": str(folder), **(environment or {})},
    )
    assert run.returncode == 0, run.stderr
    return [seen for seen in json.loads(run.stdout) if seen is not None]


def convert(workbook: Path, target: str, outdir: Path) -> Path:
    """Opens a workbook in LibreOffice and writes it as `target` ("pdf", "ods", "csv", "xlsx")."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--norestore",
                "--convert-to",
                target,
                "--outdir",
                str(outdir),
                str(workbook),
            ],
            capture_output=True,
            text=True,
            timeout=240,
        )
    result = outdir / (workbook.stem + "." + target.split(":")[0])
    assert result.exists(), f"LibreOffice could not open {workbook}: {run.stdout}{run.stderr}"
    return result


def ssconvert(workbook: Path, result: Path) -> Path:
    """Opens a workbook in Gnumeric and writes it under the name `result`."""
    run = subprocess.run(
        ["ssconvert", str(workbook), str(result)], capture_output=True, text=True, timeout=240
    )
    assert result.exists(), f"Gnumeric could not open {workbook}: {run.stderr}"
    return result


def opens_in_gnumeric(workbook: Path, folder: Path) -> bool:
    """Whether Gnumeric opens a workbook."""
    result = folder / f"{workbook.stem}.gnumeric.csv"
    subprocess.run(["ssconvert", str(workbook), str(result)], capture_output=True, timeout=240)
    return result.exists()
