"""docs/functions.md and docs/functions.zh.md: the function reference, written from the registry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from addin.commands.functions import shown
from udfs import registry
from udfs.texts import Lang, Text

TITLE = Text(zh="# 单元格函数", en="# Cell functions")
INTRODUCTION = Text(
    zh="""在单元格里输入 `=RFM_SCORE(` 即可使用。同一套函数可用于 Excel（Windows）、LibreOffice、xlwings Server 和 xlwings Lite，结果相同。
不开任何表格软件也能试：`fenji eval "=RFM_SEGMENT(555)"`。

约定：

- 选一列单元格，结果就是同样大小的一列，自动溢出到相邻单元格；选一个单元格，结果就是一个值。
- 整列（如 `A:A`）可以直接选，误选的标题行和空行在结果中留空。
- 以文字形式存放的数字、日期、日期序列号都能识别。
- 方括号里的参数可以省略。结果语言用 `lang` 选：`"zh"`、`"en"`，或 `"code"`（稳定代码，便于写公式）；省略时为中文，设置环境变量 `FENJI_LANG=en` 后为英文。
- 出错只影响出错的那一格：`#VALUE!` 类型不对或选项不存在；`#N/A` 缺数据或数据太少；`#NUM!` 数值超出范围；`#DIV/0!` 没有可除的数。
- 函数不是易失的：日期都由参数给出，不会因为今天的日期而变化。
- 在 LibreOffice 中，如果所选区域里本身有错误值，整个公式显示 Err:504（这是 Calc 的限制）。""",
    en="""Type `=RFM_SCORE(` in a cell. The same functions work in Excel (Windows), LibreOffice, xlwings Server and xlwings Lite, with the same results.
To try one without any spreadsheet program: `fenji eval "=RFM_SEGMENT(555)"`.

In all of them:

- A column of cells gives a column of results of the same size, which spills into the cells below; one cell gives one value.
- Whole columns such as `A:A` are fine; a header caught by mistake and blank rows stay blank in the result.
- Numbers stored as text, dates, and dates' serial numbers are understood.
- Arguments in [brackets] may be left out. `lang` chooses the language of the result: `"zh"`, `"en"`, or `"code"` for stable codes to use in formulas. Left out it is Chinese, or English where the environment variable `FENJI_LANG` is `en`.
- An error stands only in the cell it belongs to: `#VALUE!` wrong type or unknown option; `#N/A` data missing or too little; `#NUM!` a number out of its domain; `#DIV/0!` nothing to divide by.
- Nothing is volatile: dates are arguments, so a result does not change with the day.
- In LibreOffice a range that itself holds an error value makes the whole formula Err:504 (a limit of Calc).""",
)
ARGUMENT, MEANING = Text(zh="参数", en="Argument"), Text(zh="含义", en="Meaning")
GIVES = {
    "cells": Text(zh="结果：每行一个。", en="Gives one result per row."),
    "one": Text(zh="结果：一个值。", en="Gives one value."),
    "table": Text(zh="结果：一张表。", en="Gives a table."),
}


def page(lang: Lang) -> str:
    """The whole page in one language."""
    return "\n".join(_lines(lang)) + "\n"


def _lines(lang: Lang) -> Iterator[str]:
    yield TITLE(lang)
    yield ""
    yield INTRODUCTION(lang)
    category = None
    for f in registry.functions().values():
        if f.category != category:
            category = f.category
            yield f"\n## {f.category_name(lang)}"
        yield from _function(f, lang)


def _function(f: registry.Function, lang: Lang) -> Iterator[str]:
    yield f"\n### {f.name}\n\n`{f.signature}`\n\n{f.help(lang)} {GIVES[f.gives](lang)}\n"
    yield f"| {ARGUMENT(lang)} | {MEANING(lang)} |\n|---|---|"
    for a in f.arguments:
        yield f"| {'[' + a.name + ']' if a.optional else a.name} | {_escaped(a.help(lang))} |"
    example, result = registry.example(f, lang)
    yield f"\n```\n{example}\n{_result(result)}\n```"


def _result(result: Any) -> str:
    """The result in columns, as it would stand in a sheet."""
    return "\n".join(line.replace("\t", "   ") for line in shown(result).splitlines())


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def write(folder: Path) -> list[Path]:
    """Writes both pages and says where."""
    pages = {folder / "functions.md": page("en"), folder / "functions.zh.md": page("zh")}
    for path, text in pages.items():
        path.write_text(text, "utf-8")
    return list(pages)
