"""The Python process that Excel talks to on Windows, started by xlwings' DLL.

xlwings loads pandas, polars and matplotlib where they are installed, to convert their tables. Nothing here
uses that, and it costs three seconds of the first click, so they are kept from it; commands load pandas
themselves when they need it.
"""

from __future__ import annotations

import sys

NOT_FOR_XLWINGS = ("pandas", "polars", "matplotlib")


def import_xlwings_alone() -> None:
    """Imports xlwings without the packages it does not need here; they can be imported afterwards."""
    hidden = [name for name in NOT_FOR_XLWINGS if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    import xlwings  # noqa: F401

    for name in hidden:
        del sys.modules[name]


def serve(class_id: str) -> None:
    """Serves until Excel ends; `class_id` is what the DLL looks for."""
    import_xlwings_alone()
    import xlwings

    xlwings.serve(class_id)
