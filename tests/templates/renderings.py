"""Pictures of the filled templates, and coarse prints of them: python -m tests.templates.renderings

Writes `workbook_templates/pictures/<name>-<lang>.png` (what `fenji templates` shows) and
`tests/templates/renderings.json` (what the test compares with). Needs LibreOffice and pdftoppm.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from tests.programs import ROOT
from tests.templates.graded import CHECKS, HISTORY, MOVES, SETTINGS, filled, sample_grading, template_path
from udfs.texts import Lang
from workbook_templates.datasets import Datasets
from workbook_templates.designs import ALL

PICTURES = ROOT / "workbook_templates" / "pictures"
PRINTS = Path(__file__).with_name("renderings.json")
CUSTOMERS = 150
GRID = (30, 42)  # rows and columns of a print: grey of each field of the page, 0 to 255
# The templates' fonts are not on every machine; these look the same and are free.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>微软雅黑</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="same"><family>Calibri</family><prefer><family>Carlito</family></prefer></alias>
</fontconfig>"""


def render_all(folder: Path, langs: tuple[Lang, ...] = ("zh", "en")) -> dict[str, Path]:
    """Fills every template with the sample firm and prints it: PDF by "name-lang"."""
    files = []
    for lang in langs:
        grading = sample_grading(lang, CUSTOMERS)
        extra = {"checks": CHECKS, "history": HISTORY, "moves": MOVES, "settings": SETTINGS}
        only = np.arange(CUSTOMERS) < 2  # two registration cards
        datasets = Datasets(grading, lang, extra=extra, only=only)
        every = Datasets(grading, lang, extra=extra)
        for template in ALL:
            path = folder / f"{template.name}-{lang}.xlsx"
            if template.name == "start":
                path.write_bytes(template_path("start", lang).read_bytes())
            else:
                filled(template.name, path, lang, datasets if template.name == "card" else every)
            files.append(path)
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS, "utf-8")
    profile = (folder / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)],
        capture_output=True,
        timeout=500,
        check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    return {path.stem: path.with_suffix(".pdf") for path in files}


def first_page(pdf: Path) -> np.ndarray:
    """The grey of the first page in GRID fields, 0 (black) to 255 (white)."""
    raw = subprocess.run(
        ["pdftoppm", "-gray", "-r", "30", "-f", "1", "-l", "1", str(pdf)], capture_output=True, check=True
    ).stdout
    header, size, depth, pixels = raw.split(b"\n", 3)
    assert (header, depth) == (b"P5", b"255")
    width, height = map(int, size.split())
    grey = np.frombuffer(pixels, np.uint8).reshape(height, width).astype(float)
    rows = np.array_split(grey, GRID[0], axis=0)
    return np.array([[block.mean() for block in np.array_split(row, GRID[1], axis=1)] for row in rows])


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    prints = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, pdf in render_all(Path(folder)).items():
            prints[name] = first_page(pdf).round().astype(int).tolist()
            target = PICTURES / name
            options = ["-singlefile", "-png", "-r", "55", "-f", "1", "-l", "1"]
            subprocess.run(["pdftoppm", *options, str(pdf), str(target)], check=True)
    lines = [f'"{name}": {json.dumps(grid, separators=(",", ":"))}' for name, grid in sorted(prints.items())]
    PRINTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
