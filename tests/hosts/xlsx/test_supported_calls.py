"""The page of supported calls says what the code does; missing calls say their name."""

from __future__ import annotations

import pytest

from addin.hosts import xlsx
from addin.hosts.xlsx.supported_calls import document
from tests.programs import ROOT


def test_the_page_is_up_to_date():
    page = (ROOT / "docs" / "file-engine-calls.md").read_text(encoding="utf-8")
    assert page == document(), "run: python -m addin.hosts.xlsx.supported_calls > docs/file-engine-calls.md"


def test_a_call_that_is_missing_says_its_name():
    book = xlsx.new()
    with pytest.raises(NotImplementedError, match=r"Range\.copy_picture is not supported"):
        book.sheets[0]["A1:A2"].copy_picture()
