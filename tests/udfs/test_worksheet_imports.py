"""A cell answers soon after its host has started, and where only numpy is installed."""

import json
import os
import subprocess
import sys

from tests.programs import ROOT

BLOCKED = """
import importlib.abc, json, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in {"numpy", "udfs"}:
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)
sys.meta_path.insert(0, Block())
from udfs import formula, registry, worksheet
from udfs.cells import ExcelError
out = {}
for f in registry.functions().values():
    r = formula.evaluate(f.example)
    if isinstance(r, ExcelError):
        out[f.name] = r.message("en")
print(json.dumps(out))
"""


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_needs_numpy_only():
    loaded = json.loads(run("import json, sys, udfs.worksheet; print(json.dumps(sorted(sys.modules)))"))
    tops = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert {"pandas", "polars", "rapidfuzz", "scipy", "xlwings", "lxml", "pyarrow"} & tops == set()
    assert "numpy" in tops


def test_language_of_results_is_chosen_once_for_an_installation():
    code = "from udfs.worksheet import RFM_CLASS; print(RFM_CLASS(5, 1, 5), RFM_CLASS(5, 1, 5, None, 'en'))"
    english = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "FENJI_LANG": "en"},
    )
    assert english.stdout == "Key: develop Key: develop\n"


def test_every_function_works_with_numpy_alone_or_names_what_it_needs():
    failed = json.loads(run(BLOCKED))
    assert failed == {
        "SIMILAR_NAME": "#N/A This function needs the Python package rapidfuzz, which is not installed here."
    }
