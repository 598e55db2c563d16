"""Every example in a docstring of addin and workbook_templates gives the result that stands beside it."""

import doctest
import importlib
from pathlib import Path

import pytest

from tests.programs import ROOT

# What runs on import, or only inside LibreOffice, Excel on Windows or xlwings Server.
ELSEWHERE = ("__main__", "addin.hosts.calc.component", "addin.hosts.server", "addin.hosts.excel.serve")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = [
    module_name(path)
    for room in ("addin", "workbook_templates")
    for path in sorted((ROOT / room).rglob("*.py"))
    if ">>>" in path.read_text("utf-8") and not any(part in module_name(path) for part in ELSEWHERE)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
