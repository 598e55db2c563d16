"""A workbook as PDF, through LibreOffice where there is no Excel."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from udfs.texts import FenjiError

USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
SECONDS = 600


def find_office() -> str | None:
    """LibreOffice's program, or None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((p for p in USUAL_PLACES if os.path.exists(p)), None)


def write_pdf(workbook: Path, target: Path) -> None:
    """Prints all sheets of a workbook into one PDF.

    Raises
    ------
    FenjiError
        LibreOffice is not installed, or could not print.
    """
    office = find_office()
    if office is None:
        raise FenjiError(
            zh="生成 PDF 需要 LibreOffice（免费）。请安装后再试，或在 Excel 里打开报告另存为 PDF。",
            en="A PDF needs LibreOffice, which is free. Install it, or open the report in Excel and save it as PDF.",
        )
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(workbook)]
        quiet = {"creationflags": 0x08000000} if sys.platform == "win32" else {}
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, **quiet)  # type: ignore[call-overload]
        made = Path(folder) / f"{workbook.stem}.pdf"
        if not made.exists():
            raise FenjiError(
                zh=f"LibreOffice 没能把“{workbook.name}”打印成 PDF。请在 Excel 里打开后另存为 PDF。",
                en=f"LibreOffice could not print '{workbook.name}'. Open it in Excel and save it as PDF.",
            )
        shutil.move(str(made), target)
