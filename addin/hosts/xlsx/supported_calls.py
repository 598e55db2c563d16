"""What of xlwings' object model the engine answers, call by call: the source of docs/file-engine-calls.md.

python -m addin.hosts.xlsx.supported_calls > docs/file-engine-calls.md
"""

from __future__ import annotations

import importlib
import pkgutil

from addin.hosts import xlsx
from addin.hosts.xlsx.unsupported import calls, is_supported, xlwings_base

_INTRO = """# Calls of the file engine

Every call of xlwings' object model (`xlwings/base_classes.py`), and whether the file engine answers it. Calls it
does not answer raise `NotImplementedError` with the name of the call. This page is made by
`python -m addin.hosts.xlsx.supported_calls`; a test compares it with the code.

Beyond xlwings, through `impl`: `range.impl.write_columns(columns, number_formats)` writes whole columns fast,
`range.impl.set_formula(formula, cached)` writes a formula with the value it shows, `sheet.impl.read_columns(...)` and
`sheet.impl.read_head(rows)` read large sheets fast and lossless, and `sheet.impl.copy_group(sheets, book, position)`
copies sheets together.

| class | answered | not answered |
|---|---|---|
"""


def document() -> str:
    """The page as Markdown."""
    lines = []
    for base, cls in sorted(_classes().items()):
        names = [name for name, _ in calls(xlwings_base(cls))]
        done = [name for name in names if is_supported(cls, name)]
        missing = [name for name in names if name not in done]
        lines.append(f"| {base} | {_listed(done)} | {_listed(missing)} |")
    return _INTRO + "\n".join(lines) + "\n"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _classes() -> dict[str, type]:
    """The engine's classes by the name of the xlwings class they stand for."""
    found: dict[str, type] = {}
    for module_info in pkgutil.iter_modules(xlsx.__path__):
        module = importlib.import_module(f"{xlsx.__name__}.{module_info.name}")
        for cls in vars(module).values():
            if isinstance(cls, type) and cls.__module__ == module.__name__ and _has_base(cls):
                found[xlwings_base(cls).__name__] = cls
    return found


def _has_base(cls: type) -> bool:
    return any(parent.__module__ == "xlwings.base_classes" for parent in cls.__mro__)


if __name__ == "__main__":
    print(document(), end="")
