"""The committed templates are what build.py makes, and sound workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import programs
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
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_validator_finds_no_error_in_a_template(name: str, lang: str) -> None:
    assert programs.validate(build.HERE / lang / f"{name}.xlsx") == []
