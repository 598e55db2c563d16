"""Skips tests whose program is missing, with the reason; in CI a missing program is a failure."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import programs

settings.register_profile("fenji", deadline=None)
settings.load_profile("fenji")

PROGRAM_MARKERS = ("libreoffice", "gnumeric", "validator", "chromium", "wine", "reference_data")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in PROGRAM_MARKERS:
        if item.get_closest_marker(name) and (reason := programs.missing(name)):
            if os.environ.get("FENJI_REQUIRE_PROGRAMS"):
                pytest.fail(f"{name}: {reason}")
            pytest.skip(f"{name}: {reason}")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """fenji's own folder (undo, log) in a place of the tests'."""
    monkeypatch.setenv("FENJI_HOME", str(tmp_path_factory.getbasetemp() / "fenji-home"))
