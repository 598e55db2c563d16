"""One server and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.server import browser
from workbook_templates.sample_workbook import write_sample_workbook


@pytest.fixture(scope="session")
def desk() -> Iterator[browser.Desk]:
    with browser.desk() as held:
        yield held


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, desk: browser.Desk) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server") / "project"
    with browser.running_server(folder, browser.fake_office(desk.address)) as address:
        yield address


@pytest.fixture(scope="session")
def opened(
    server: str, desk: browser.Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[browser.Pane]:
    with browser.chromium(f"{server}/taskpane.html", tmp_path_factory.mktemp("profile")):
        yield browser.Pane(desk)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "客户表.xlsx"
    write_sample_workbook(path, "zh", 40)
    return path


@pytest.fixture(scope="session")
def sample_en(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "customers.xlsx"
    write_sample_workbook(path, "en", 40)
    return path
