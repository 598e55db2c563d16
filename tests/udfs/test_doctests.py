"""Every example in a docstring of udfs gives the result that stands beside it."""

import doctest
import importlib
import pkgutil

import pytest

import udfs

MODULES = [m.name for m in pkgutil.walk_packages(udfs.__path__, "udfs.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
