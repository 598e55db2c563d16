"""The templates look as they did: the first page of each, printed by LibreOffice, against a coarse print of it."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from tests.templates.renderings import PICTURES, PRINTS, first_page, render_all
from workbook_templates.designs import ALL

NAMES = [f"{t.name}-{lang}" for t in ALL for lang in ("zh", "en")]
pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no pdftoppm on PATH"),
    pytest.mark.xdist_group("renderings"),
]
# Fonts and versions of LibreOffice shift single letters, not whole blocks.
TYPICAL, WORST = 4.0, 70.0


@cache
def pages() -> dict[str, Path]:
    return render_all(Path(mkdtemp()))


@pytest.mark.parametrize("name", NAMES)
def test_first_page_looks_as_before(name: str) -> None:
    wanted = np.array(json.loads(PRINTS.read_text("utf-8"))[name], float)
    difference = np.abs(first_page(pages()[name]) - wanted)
    assert difference.mean() < TYPICAL, "run python -m tests.templates.renderings and look at the pictures"
    assert difference.max() < WORST, "run python -m tests.templates.renderings and look at the pictures"


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_picture(name: str) -> None:
    assert (PICTURES / f"{name}.png").stat().st_size > 3000
