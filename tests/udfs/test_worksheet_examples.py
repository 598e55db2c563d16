"""The registry and the functions belong together, and every example gives the result beside it."""

import inspect
import tomllib
from pathlib import Path

import pytest

from udfs import formula, registry, worksheet
from udfs.cells import ExcelError

FUNCTIONS = list(registry.functions().values())


def as_text(result):
    """Error marks as their text, the way functions.toml writes them."""
    if isinstance(result, ExcelError):
        return result.mark
    if isinstance(result, list):
        return [[as_text(v) for v in row] for row in result]
    return result


def close(result, expected):
    if isinstance(expected, list):
        return len(result) == len(expected) and all(
            close(a, b if isinstance(b, list) or not isinstance(a, list) else [b])
            for a, b in zip(result, expected, strict=True)
        )
    if isinstance(expected, float):
        return result == pytest.approx(expected, rel=1e-12)
    return result == expected and isinstance(result, str) == isinstance(expected, str)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.name)
def test_example_gives_its_result(f, lang):
    example, expected = registry.example(f, lang)
    result = as_text(formula.evaluate(example))
    assert close(result, expected), result


def test_english_examples_hold_no_chinese():
    chinese = {f.name for f in FUNCTIONS if not (f.example_en + str(f.result_en)).isascii()}
    assert chinese == set()


def test_registry_and_functions_are_the_same_set():
    assert sorted(registry.functions()) == sorted(worksheet.__all__)


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.name)
def test_signature_is_the_registrys(f):
    parameters = inspect.signature(getattr(worksheet, f.name)).parameters.values()
    assert [(p.name, p.default is not p.empty) for p in parameters] == [
        (a.name, a.optional) for a in f.arguments
    ]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.name)
def test_help_fits_excels_function_wizard(f):
    texts = [f.help, *(a.help for a in f.arguments)]
    assert all(0 < len(t.zh) < 255 and 0 < len(t.en) < 255 for t in texts)
    assert len(f.arguments) + sum(len(a.name) for a in f.arguments) < 254


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.name)
def test_name_is_no_cell_address(f):
    letters = f.name.rstrip("0123456789")
    assert f.name == f.name.upper()
    assert len(f.name) >= 3
    assert "_" in f.name or len(letters) > 3 or letters == f.name


def test_required_arguments_come_first():
    for f in FUNCTIONS:
        optional = [a.optional for a in f.arguments]
        assert optional == sorted(optional), f.name


def test_every_argument_of_the_vocabulary_is_used():
    data = tomllib.loads((Path(registry.__file__).parent / "functions.toml").read_text("utf-8"))
    used = {a.name for f in FUNCTIONS for a in f.arguments}
    assert sorted(set(data["argument"]) - used) == []
