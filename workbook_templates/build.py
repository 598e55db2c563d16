"""Builds the shipped templates into zh/ and en/: `python -m workbook_templates.build`.

The same description gives the same bytes, so a test can tell whether the committed files are up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from udfs.texts import Lang
from workbook_templates.designs import ALL, entry
from workbook_templates.layout import build
from workbook_templates.spec import Template

HERE = Path(__file__).resolve().parent
LANGS: tuple[Lang, Lang] = ("zh", "en")


def write(template: Template, lang: Lang, path: Path) -> None:
    """Writes one template in one language."""
    if template is entry.TEMPLATE:
        entry.build_entry(lang, path)
    else:
        build(template, lang, path)


def build_all(folder: Path = HERE) -> list[Path]:
    """Writes every template in every language below `folder`; returns the paths."""
    paths = []
    for lang in LANGS:
        (folder / lang).mkdir(parents=True, exist_ok=True)
        for template in ALL:
            path = folder / lang / f"{template.name}.xlsx"
            write(template, lang, path)
            paths.append(path)
    return paths


if __name__ == "__main__":
    for written in build_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(written)
