"""Explain one customer: why the grade is what it is, from which numbers, and what would raise it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import xlwings as xw

from addin.commands import regrade
from addin.commands.regrade import Regraded
from addin.outcome import Outcome
from udfs import terms
from udfs.cleaning.names import join_key
from udfs.texts import FenjiError, Lang, Text
from workbook_templates.datasets import Datasets
from workbook_templates.datasets.grades import localised

NEAR = 5  # customers proposed whose names contain what was asked for
LEAST_LETTERS = 2  # a cell with less names nobody


def run(
    book: xw.Book, who: Sequence[str], lang: Lang, say: Callable[[Text], None] = regrade.quiet
) -> Outcome:
    """Grades the workbook anew, without writing, and explains one customer.

    Parameters
    ----------
    book : the workbook.
    who : texts one of which is the customer's number or name: what the user typed, or the cells of a row.
    lang : the language to answer in.
    say : told each step as it begins.

    Raises
    ------
    FenjiError
        None of the texts is a customer's number or name, or a name belongs to several customers.
    """
    result = regrade.run(book, lang=lang, write=False, say=say)
    text = explanation(result, find(result.grading.grades, who), lang)
    return Outcome(Text(zh=text, en=text))


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """Explains the customer in the selected row, on whichever sheet."""
    return run(book, selected_row(app), lang, say)


def selected_row(app: xw.App) -> list[str]:
    """The texts of the first selected row, from left to right."""
    selection = app.selection
    if selection is None:
        return []
    used = selection.sheet.used_range
    left, right = used.column, used.column + used.shape[1] - 1
    cells = selection.sheet.range((selection.row, left), (selection.row, right)).options(ndim=1).value
    return [_as_text(cell) for cell in cells if cell is not None]


def _as_text(cell: object) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def find(grades: pd.DataFrame, who: Sequence[str]) -> int:
    """The row in `grades` of the customer whom one of the texts names."""
    wanted = [text.strip() for text in who if len(text.strip()) >= LEAST_LETTERS or len(who) == 1]
    for key in ("customer_id", "customer"):
        known = np.array([join_key(str(text)) for text in grades[key]], object)
        for text in wanted:
            hits = (known == join_key(text)).nonzero()[0]
            if len(hits) > 1:
                ids = "、".join(grades["customer_id"].iloc[hits[:5]].astype(str))
                raise FenjiError(
                    zh=f"有 {len(hits)} 位客户叫“{text}”（编号 {ids}）。请用客户编号指定。",
                    en=f"{len(hits)} customers are called '{text}' (numbers {ids}). Use the customer number.",
                )
            if len(hits):
                return int(hits[0])
    if len(wanted) == 1:
        key = join_key(wanted[0])
        near = [str(name) for name in grades["customer"] if key and key in join_key(str(name))][:NEAR]
        raise FenjiError(
            zh=f"没有编号或名称为“{wanted[0]}”的客户。"
            + (f"是不是要找：{'、'.join(near)}？" if near else ""),
            en=f"There is no customer with the number or name '{wanted[0]}'."
            + (f" Did you mean: {', '.join(near)}?" if near else ""),
        )
    raise FenjiError(
        zh="选中的这一行里没有客户编号或客户名称。请选中一位客户所在的行（一个单元格即可），再点这个按钮。",
        en="The selected row holds no customer number or name. Select a customer's row (one cell is enough), then "
        "press the button again.",
    )


def explanation(result: Regraded, row: int, lang: Lang) -> str:
    """The explanation of one customer, a few lines."""
    grading = result.grading
    code = grading.grades.iloc[row]
    word = localised(Datasets(grading, lang), grading.grades.iloc[[row]]).iloc[0]
    zh, en = f"（{code['customer_id']}）：", f" ({code['customer_id']}): "
    sign = Text(zh=zh, en=en) if code["customer_id"] else Text(zh="：", en=": ")
    lines = [f"{code['customer']}{sign(lang)}{word['grade']}", str(code["explanation"])]
    if code["grade"] != "prospects":
        lines += [_parts(code, len(grading.grades))(lang), _classes(word)(lang), _risk(word)(lang)]
        if action := terms.action(grading.segment_group, code["segment"], lang, grading.options.actions):
            lines.append(Text(zh=f"建议：{action}", en=f"Advice: {action}")(lang))
    return "\n".join(line for line in lines if line)


PARTS = {
    "grade_value": Text(zh="价值", en="value"),
    "grade_behaviour": Text(zh="行为", en="behaviour"),
    "grade_loyalty": Text(zh="忠诚度", en="loyalty"),
    "grade_satisfaction": Text(zh="满意度", en="satisfaction"),
}


def _parts(code: pd.Series, customers: int) -> Text:
    """The grade score and the percentiles it is made of; unknown parts are left out."""
    known = [(name, code[key]) for key, name in PARTS.items() if pd.notna(code[key])]
    zh = " · ".join(f"{name.zh} {value:.0f}" for name, value in known)
    en = " · ".join(f"{name.en} {value:.0f}" for name, value in known)
    return Text(
        zh=f"分级得分 {code['grade_score']:.1f}，由各项百分位加权：{zh}；在 {customers} 位客户中排第 {code['rank']:.0f}。",
        en=f"Grade score {code['grade_score']:.1f}, the weighted percentiles of {en}; rank {code['rank']:.0f} of {customers}.",
    )


def _classes(word: pd.Series) -> Text:
    return Text(
        zh=f"客群 {word['segment']} · {word['class8']} · ABC {word['abc']} · {word['activity']}",
        en=f"Segment {word['segment']} · {word['class8']} · ABC {word['abc']} · {word['activity']}",
    )


def _risk(word: pd.Series) -> Text:
    reasons = word["churn_reasons"]
    has_reasons = isinstance(reasons, str) and reasons
    return Text(
        zh=f"流失风险 {word['churn_risk']}" + (f"：{reasons}" if has_reasons else ""),
        en=f"Churn risk {word['churn_risk']}" + (f": {reasons}" if has_reasons else ""),
    )
