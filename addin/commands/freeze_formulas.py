"""Formulas to values: for colleagues without the add-in, who would see #NAME? instead of our functions.

Only formulas that use a function of fenji are replaced, by the values they show now; all others stay. A
formula whose result fills several cells leaves all of them as values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import xlwings as xw

from addin.kept_cells import as_rows
from addin.outcome import Outcome
from udfs import registry, wording
from udfs.texts import FenjiError, Text
from workbook_templates.cells import write_columns


def run(book: xw.Book) -> Outcome:
    """Replaces our formulas in all sheets by their values, and says how many in which sheets.

    Raises
    ------
    FenjiError
        A formula of ours has not been calculated yet, so it has no value to keep; nothing is changed.
    """
    found = [(sheet, formulas_of_ours(sheet)) for sheet in book.sheets]
    frozen = [(sheet, blocks) for sheet, blocks in found if blocks]
    for sheet, blocks in frozen:
        freeze(sheet, blocks)
    count = sum(len(row) for _, blocks in frozen for block in blocks for row in block.values)
    if not count:
        return Outcome(
            Text(
                zh="这个工作簿里没有用到分级函数的公式，无需转换。",
                en="No formula in this workbook uses our functions; there is nothing to convert.",
            )
        )
    names = [sheet.name for sheet, _ in frozen]
    return Outcome(
        Text(
            zh=f"已把 {count} 个单元格的公式转为值（工作表：{'、'.join(names)}）。没有安装加载项的同事也能看到结果；可以撤销。",
            en=f"Turned the formulas of {wording.count(count, 'cell')} into values (sheets: {', '.join(names)}). Colleagues without the add-in "
            "see the results too. This can be undone.",
        )
    )


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(registry.functions())
    return re.compile(rf"(?<![\w.])(?:\w+\.)*(?:{names})\s*\(", re.IGNORECASE)


def uses_our_functions(formula: Any) -> bool:
    """Whether a cell's formula calls one of our functions; texts inside quotes do not count.

    >>> uses_our_functions("=IF(A1>0,RFM_SEGMENT(A1),0)"), uses_our_functions('="RFM_SEGMENT(1)"')
    (True, False)
    """
    if not (isinstance(formula, str) and formula.startswith("=")):
        return False
    return _pattern().search(re.sub(r'"[^"]*"', '""', formula)) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """Cells that hold formulas of ours, and the values they show; an array formula is one block."""

    row: int
    column: int
    values: list[list[Any]]


def formulas_of_ours(sheet: xw.Sheet) -> list[Block]:
    """The blocks of cells with formulas of ours: runs down a column, and whole array formulas.

    Raises
    ------
    FenjiError
        One of them shows no value.
    """
    used = sheet.used_range
    formulas = as_rows(used.formula)
    ours = [[uses_our_functions(formula) for formula in row] for row in formulas]
    if not any(map(any, ours)):
        return []
    values = used.options(ndim=2, err_to_str=True).value
    blocks = []
    for j in range(len(formulas[0])):
        i = 0
        while i < len(formulas):
            if not ours[i][j]:
                i += 1
                continue
            height, width = _array_size(used[i, j], formulas, i, j)
            if (height, width) == (1, 1):
                height = next(
                    (k for k in range(1, len(ours) - i) if not _alone(used, ours, i + k, j)), len(ours) - i
                )
            shown = [row[j : j + width] for row in values[i : i + height]]
            if any(value is None for row in shown for value in row):
                raise _not_calculated(sheet, used[i, j])
            blocks.append(Block(used.row + i, used.column + j, shown))
            for row in ours[i : i + height]:
                row[j : j + width] = [False] * width
            i += height
    return blocks


def _alone(used: xw.Range, ours: list[list[bool]], i: int, j: int) -> bool:
    """A formula of ours that fills its own cell only."""
    return ours[i][j] and not _array_reference(used[i, j])


def _array_reference(cell: xw.Range) -> str | None:
    """Where an array formula's results stand, in hosts that know it."""
    return getattr(cell.impl, "array_reference", None)


def _array_size(cell: xw.Range, formulas: list[list[Any]], i: int, j: int) -> tuple[int, int]:
    """Height and width of the array formula in a cell; 1 x 1 for an ordinary one.

    Excel gives the same text for every cell of an array formula entered over several cells.
    """
    if reference := _array_reference(cell):
        height, width = cell.sheet.range(reference).shape
        return height, width
    text = formulas[i][j]
    width = next(
        (k for k in range(1, len(formulas[i]) - j) if formulas[i][j + k] != text), len(formulas[i]) - j
    )
    same = [row[j : j + width] == [text] * width for row in formulas[i:]]
    return same.index(False) if False in same else len(same), width


def _not_calculated(sheet: xw.Sheet, cell: xw.Range) -> FenjiError:
    address = cell.get_address(False, False)
    return FenjiError(
        zh=f"工作表“{sheet.name}”单元格 {address} 的公式还没有算出结果，转换会丢失内容，所以没有改动。请在 Excel 里打开并重新计算后再试。",
        en=f"The formula in {sheet.name}!{address} has not been calculated yet; converting would lose it, so "
        "nothing was changed. Open the workbook in Excel, recalculate, and try again.",
    )


def freeze(sheet: xw.Sheet, blocks: list[Block]) -> None:
    """Writes the values over the formulas, and over the cells into which their results spilled."""
    used = sheet.used_range
    before = used.options(ndim=2, err_to_str=True).value
    for block in blocks:
        write_columns(sheet.range((block.row, block.column)), list(zip(*block.values, strict=True)))
    after = used.options(ndim=2, err_to_str=True).value
    for i, (row_before, row_after) in enumerate(zip(before, after, strict=True)):
        for j, (value, now) in enumerate(zip(row_before, row_after, strict=True)):
            if value is not None and now is None:
                write_columns(used[i, j], [[value]])
