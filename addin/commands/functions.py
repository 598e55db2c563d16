"""The worksheet functions from the shell: list them, try one, build the LibreOffice add-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from udfs import formula, registry
from udfs.cells import ExcelError
from udfs.texts import FenjiError, Lang, Text


def listing(lang: Lang, wanted: str | None = None) -> Iterator[str]:
    """Every function by category with one line of help; or one function with its arguments and example."""
    if wanted is not None:
        yield from _one(wanted, lang)
        return
    category = None
    for f in registry.functions().values():
        if f.category != category:
            yield ("" if category is None else "\n") + f.category_name(lang)
            category = f.category
        yield f"  {f.signature}"
        yield f"      {f.help(lang)}"


def _one(wanted: str, lang: Lang) -> Iterator[str]:
    name = wanted.strip("=() ").upper()
    if name not in registry.functions():
        raise formula.unknown_function(wanted)
    f = registry.function(name)
    yield f.signature
    yield f"  {f.help(lang)}"
    colon = "：" if lang == "zh" else ": "
    for a in f.arguments:
        yield f"  {'[' + a.name + ']' if a.optional else a.name}{colon}{a.help(lang)}"
    example, result = registry.example(f, lang)
    yield f"  {Text(zh='示例', en='Example')(lang)}{colon}{example}"
    for line in shown(result).splitlines():
        yield f"    {line}"


def as_json() -> str:
    """The registry as JSON, for other tools."""
    return json.dumps(registry.as_json(), ensure_ascii=False, indent=1)


def evaluate(text: str, workbook: Path | None) -> Any:
    """The value of a formula, its references looked up in the workbook."""
    if workbook is None:
        return formula.evaluate(text)
    from addin import references
    from addin.hosts import xlsx

    book = xlsx.open(workbook)
    try:
        return formula.evaluate(text, lambda reference: references.cells(book, reference))
    finally:
        book.close()


def shown(value: Any) -> str:
    """A result as people read it: one line a row, cells apart by tabs, numbers without a needless point.

    >>> shown([[1.0, "a"], [True, 0.5]])
    '1\\ta\\nTRUE\\t0.5'
    """
    rows = value if isinstance(value, list) else [[value]]
    return "\n".join("\t".join(map(_cell, row if isinstance(row, list) else [row])) for row in rows)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.mark if isinstance(value, ExcelError) else str(value)


def plain(value: Any) -> Any:
    """A result for JSON: error marks as objects with their reason in both languages."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, ExcelError):
        return {"error": value.mark, "zh": value.reason.zh, "en": value.reason.en}
    return value


def reasons(value: Any, lang: Lang) -> list[str]:
    """Why cells have no value, each reason once."""
    if isinstance(value, ExcelError):
        return [value.message(lang)] if value.reason.en else []
    if isinstance(value, list):
        return list(dict.fromkeys(reason for v in value for reason in reasons(v, lang)))
    return []


def function_names(source: Path, target: Path, program: str) -> int:
    """Writes a workbook with the function names Excel or LibreOffice knows; how many calls changed."""
    from addin.hosts.calc import names

    if program not in ("excel", "libreoffice"):
        raise FenjiError(
            zh=f"--for 应为 excel 或 libreoffice，而不是 {program}。",
            en=f"--for is excel or libreoffice, not {program}.",
        )
    return names.translate(source, target, "excel" if program == "excel" else "libreoffice")


def build_calc(target: Path, lang: Lang | None = None) -> Path:
    """Writes the LibreOffice add-in for the running interpreter, with results in a language."""
    from importlib import metadata

    from addin.hosts.calc.build import build

    if target.suffix.lower() != ".oxt":
        raise FenjiError(
            zh=f"LibreOffice 扩展的文件名应以 .oxt 结尾，而不是 {target.name}。",
            en=f"A LibreOffice extension's name ends in .oxt, not {target.name}.",
        )
    if not target.parent.is_dir():
        raise FenjiError(
            zh=f"没有文件夹 {target.parent}。请先新建。",
            en=f"There is no folder {target.parent}; make it first.",
        )
    try:
        version = metadata.version("fenji")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        version = "0.0.0"
    return build(target, version=version, lang=lang)
