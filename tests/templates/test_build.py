"""The committed templates are what build.py makes, and sound workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import programs
from tests.templates.graded import filled, sample_datasets, template_path
from udfs.texts import Lang
from workbook_templates import build
from workbook_templates.designs import ALL

NAMES = [t.name for t in ALL]


def test_committed_templates_are_up_to_date(tmp_path: Path) -> None:
    for made in build.build_all(tmp_path):
        committed = build.HERE / made.relative_to(tmp_path)
        assert made.read_bytes() == committed.read_bytes(), (
            f"run python -m workbook_templates.build: {committed}"
        )


@pytest.mark.validator
@pytest.mark.parametrize(
    ("name", "lang"), [(n, ("zh", "en")[i % 2]) for i, n in enumerate(NAMES) if n != "card"]
)
def test_validator_finds_no_error_in_a_filled_template(name: str, lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    if name == "start":
        path.write_bytes(template_path(name, lang).read_bytes())
    else:
        filled(name, path, lang, sample_datasets(lang, 60))
    assert programs.validate(path) == []
