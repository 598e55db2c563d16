"""Help texts of the subcommands and options, in the shell's language."""

from __future__ import annotations

from addin.shell import language
from udfs.texts import Text

_TEXTS = {
    "fenji": Text(
        zh="fenji(分级):给 Excel 里的客户打分、分类、定级,并说明理由。",
        en="fenji: scores, classes and grades the customers in your workbook, and says why.",
    ),
    "version": Text(zh="显示版本。", en="Show the version."),
}

HELP: dict[str, str] = {name: text(language()) for name, text in _TEXTS.items()}
