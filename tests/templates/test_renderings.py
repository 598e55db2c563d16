"""The templates look as they did: the first page of each, printed by LibreOffice, against a coarse print of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.templates.renderings import PICTURES, PRINTS, first_page, render_all
from workbook_templates.designs import ALL

NAMES = [f"{t.name}-{lang}" for t in ALL for lang in ("zh", "en")]
# Fonts and versions of LibreOffice shift single letters, not whole blocks.
TYPICAL, WORST = 4.0, 70.0


@pytest.mark.libreoffice
@pytest.mark.timeout(600)
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no pdftoppm on PATH")
def test_first_pages_look_as_before(tmp_path: Path) -> None:
    wanted = json.loads(PRINTS.read_text("utf-8"))
    changed = {}
    for name, pdf in render_all(tmp_path).items():
        difference = np.abs(first_page(pdf) - np.array(wanted[name], float))
        if difference.mean() >= TYPICAL or difference.max() >= WORST:
            changed[name] = (round(difference.mean(), 1), round(difference.max(), 1))
    assert changed == {}, "run python -m tests.templates.renderings and look at the pictures"


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_picture(name: str) -> None:
    assert (PICTURES / f"{name}.png").stat().st_size > 3000
