"""The documents name every template, dataset and value there is."""

from __future__ import annotations

import pytest

from tests.programs import ROOT
from workbook_templates import narrative
from workbook_templates.datasets.base import MAKERS, VALUE_MAKERS
from workbook_templates.designs import ALL


@pytest.mark.parametrize("name", ["templates.md", "templates.zh.md"])
def test_documents_are_complete(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    names = [t.name for t in ALL] + [m for m in MAKERS if m != "cards"] + [*VALUE_MAKERS]
    names += [f"finding_{rule}" for rule in narrative.RULES]
    assert [n for n in names if f"`{n}`" not in text] == [], "run python docs/write_templates.py"
