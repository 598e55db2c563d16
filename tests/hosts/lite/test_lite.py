"""main.py for xlwings Lite: complete in itself, and served by xlwings' own code for Office.js."""

import json
import os
import subprocess
import sys

import pytest

from addin.hosts.lite import build
from udfs import registry

# What xlwings Lite does with main.py: import it, describe its functions, answer calls. Nothing of this
# checkout can be imported, nor any package but those of requirements.txt and what they need.
RUN = """
import asyncio, importlib.abc, json, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in {"polars", "rapidfuzz", "lxml", "openpyxl", "pydantic", "typer", "scipy", "pyarrow", "isal", "fastexcel"}:
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)
sys.meta_path.insert(0, Block())
import main, xlwings, xlwings.server
call = {"client": "Office.js", "version": xlwings.__version__, "runtime": "1.4", "date_format": "yyyy-mm-dd",
        "culture_info_name": "zh-CN", "caller_address": "[b]s!A1"}
def answer(name, *args):
    return asyncio.run(xlwings.server.custom_functions_call(call | {"func_name": name, "args": list(args)}, main))
print(json.dumps({
    "names": sorted(f["name"] for f in xlwings.server.custom_functions_meta(main)["functions"]),
    "segment": answer("RFM_SEGMENT", [[155]], [["zh8"]], None),
    "scores": answer("RECENCY_SCORE", [[5], [40], [""], [12], ["x"], [99], [1]], None, None, None, None),
    "dates": answer("CLEAN_DATE", [["2019#3#11"], ["2019年3月11日"]], None),
    "similar": answer("SIMILAR_NAME", [["a"]], [["b"]], None),
}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lite")
    build.build(folder / "main.py", "zh")
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "XLWINGS_LICENSE_KEY")}
    licence = {"XLWINGS_LICENSE_KEY": "noncommercial", "XLWINGS_ON_SERVER": "true"}  # as Lite has of itself
    run = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=folder,
        env=kept | licence,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_function_is_there(answers):
    assert answers["names"] == sorted(registry.functions())


def test_calls_are_answered_with_errors_in_their_cells(answers):
    assert answers["segment"] == [["重要保持客户"]]
    assert answers["scores"] == [[4], [2], [""], [3], [{"type": "Error", "errorType": "Value"}], [1], [5]]


def test_dates_are_read_without_polars(answers):
    assert answers["dates"] == [[43535], [43535]]


def test_a_package_that_is_missing_is_not_available(answers):
    assert answers["similar"] == [[{"type": "Error", "errorType": "NotAvailable"}]]


def test_results_speak_the_language_it_was_built_in(tmp_path):
    build.build(tmp_path / "main.py", "en")
    code = "import main; print(main.RFM_CLASS([[5]], [[1]], [[5]]))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert run.stdout == "Key: develop\n", run.stderr


def test_main_is_small_and_the_same_every_time(tmp_path):
    one, two = (build.build(tmp_path / name, "en").read_bytes() for name in ("a.py", "b.py"))
    assert one == two
    assert len(one) < 250_000
