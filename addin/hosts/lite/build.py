"""Builds main.py for xlwings Lite.

Lite runs Python in the browser and keeps the code in the workbook. The packages fenji needs elsewhere are not
all there, and the functions do not need them: main.py carries fenji's `udfs` as a compressed archive, so that
nothing has to be downloaded and the workbook goes on working wherever it is sent.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from udfs.texts import Lang

MOMENT = (1980, 1, 1, 0, 0, 0)
MAIN = '''"""fenji's worksheet functions for xlwings Lite: =RFM_SCORE() and the rest.

Made by `fenji build-lite`. Paste it over main.py in the editor of xlwings Lite and press Restart.
requirements.txt there needs: xlwings, numpy, pandas.
"""

import base64
import os
import pathlib
import sys
import tempfile

os.environ["FENJI_LANG"] = "{lang}"
archive = pathlib.Path(tempfile.gettempdir()) / "fenji.zip"
archive.write_bytes(base64.b85decode("""{content}""".replace("\\n", "")))
sys.path.insert(0, str(archive))

from addin.hosts.officejs import functions

globals().update(functions("{lang}"))
'''
NEEDS_PANDAS = re.compile(rb"^import pandas", re.MULTILINE)
PARTS = ("__init__.py", "hosts/__init__.py", "hosts/officejs.py")


def build(target: Path, lang: Lang) -> Path:
    """Writes main.py, with help texts and results in one language; the same input gives the same bytes."""
    content = base64.b85encode(archive()).decode()
    lines = "\n".join(content[i : i + 120] for i in range(0, len(content), 120))
    target.write_text(MAIN.format(content=lines, lang=lang), "utf-8")
    return target


def archive() -> bytes:
    """`udfs`, and of `addin` the module that decorates the functions, as a zip that Python imports from."""
    parts = {f"udfs/{name}": text for name, text in _sources(files("udfs"))}
    for name in PARTS:
        parts[f"addin/{name}"] = files("addin").joinpath(name).read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name in sorted(parts):
            package.writestr(zipfile.ZipInfo(name, MOMENT), parts[name], zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def _sources(folder: Traversable, below: str = "") -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, f"{below}{entry.name}/")
        elif entry.name.endswith((".py", ".toml")):
            content = entry.read_bytes()
            if not NEEDS_PANDAS.search(content):  # a worksheet function does not
                found.append((below + entry.name, content))
    return found
