"""The examples in the docstrings of udfs.cleaning are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import udfs.cleaning

MODULES = [m.name for m in pkgutil.iter_modules(udfs.cleaning.__path__, "udfs.cleaning.")] + [
    "udfs.currencies"
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
