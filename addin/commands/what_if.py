"""What if: change limits or weights, see which customers would move, then apply it or leave it.

The trial stands on a sheet of its own: a table with the present values of the choices that matter most and
an empty column for others. Trying writes who would move up or down below it; nothing else changes until the
trial is applied, and applying can be undone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from addin.commands import regrade, settings
from addin.outcome import Outcome
from udfs import fields, terms, wording
from udfs.options import GradingOptions
from udfs.texts import FenjiError, Lang, Text
from workbook_templates.cells import write_frame

SHEET = Text(zh="分级试算", en="What if")
TABLE = "tblTrial"
TITLE_ROW, HEADER_ROW = 1, 4
SHOWN_MOVES = 5000

RANK = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that can be tried: its key ("grade_limits.0" is the first of a pair), and what it means."""

    key: str
    name: Text


CHOICES = (
    Choice("bins", Text(zh="RFM 打分档数（2 到 10）", en="Number of RFM scores (2 to 10)")),
    Choice("grade_limits.0", Text(zh="中价值客户的最低分", en="Lowest score of a medium-value customer")),
    Choice("grade_limits.1", Text(zh="高价值客户的最低分", en="Lowest score of a high-value customer")),
    Choice("grade_weights.value", Text(zh="分级权重：价值", en="Grade weight: value")),
    Choice("grade_weights.behaviour", Text(zh="分级权重：行为", en="Grade weight: behaviour")),
    Choice("grade_weights.loyalty", Text(zh="分级权重：忠诚度", en="Grade weight: loyalty")),
    Choice("grade_weights.satisfaction", Text(zh="分级权重：满意度", en="Grade weight: satisfaction")),
    Choice("vip_share", Text(zh="VIP 占客户的比例", en="Share of customers who are VIP")),
    Choice("abc_customers.0", Text(zh="ABC：A 类客户占比", en="ABC: share of customers in class A")),
    Choice("abc_customers.1", Text(zh="ABC：A、B 两类合计占比", en="ABC: share of customers in A and B")),
    Choice("activity_days.0", Text(zh="活跃：距上次消费不超过（天）", en="Active: days since last purchase at most")),
    Choice("activity_days.1", Text(zh="休眠：距上次消费不超过（天）", en="Dormant: days since last purchase at most")),
    Choice("churn_months", Text(zh="流失预警：几个月没有成交", en="Churn warning: months without a sale")),
    Choice("loyalty_limits.0", Text(zh="忠诚度中的最低分", en="Lowest score of medium loyalty")),
    Choice("loyalty_limits.1", Text(zh="忠诚度高的最低分", en="Lowest score of high loyalty")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial grading beside the present one.

    Attributes
    ----------
    moves : customers whose grade would change, biggest amount first: customer_id, customer, monetary,
        old_grade, new_grade (codes), old_score, new_score.
    before, after : number of customers by grade code.
    segments : customers who would change their segment.
    """

    moves: pd.DataFrame
    before: dict[str, int]
    after: dict[str, int]
    segments: int

    @property
    def up(self) -> int:
        """Customers who would rise."""
        return int((_rank(self.moves["new_grade"]) > _rank(self.moves["old_grade"])).sum())

    @property
    def down(self) -> int:
        """Customers who would fall."""
        return int((_rank(self.moves["new_grade"]) < _rank(self.moves["old_grade"])).sum())


def compare(book: xw.Book, changes: Mapping[str, Any], say: Callable[[Text], None] = regrade.quiet) -> Trial:
    """Grades as now and as tried, writes nothing.

    Parameters
    ----------
    book : the workbook.
    changes : values by key of `CHOICES` or by name of an option.
    """
    now = regrade.run(book, write=False, say=say).grading
    tried = regrade.run(book, overrides=options_of(changes, now.options), write=False, say=say).grading
    old, new = now.grades, tried.grades
    moved = (old["grade"] != new["grade"]).to_numpy()
    moves = pd.DataFrame(
        {
            "customer_id": old["customer_id"][moved],
            "customer": old["customer"][moved],
            "monetary": old["monetary"][moved],
            "old_grade": old["grade"][moved],
            "new_grade": new["grade"][moved],
            "old_score": old["grade_score"][moved],
            "new_score": new["grade_score"][moved],
        }
    ).sort_values("monetary", ascending=False, kind="stable", ignore_index=True)
    return Trial(
        moves,
        old["grade"].value_counts().to_dict(),
        new["grade"].value_counts().to_dict(),
        int((old["segment"] != new["segment"]).sum()),
    )


def options_of(changes: Mapping[str, Any], present: GradingOptions) -> dict[str, Any]:
    """Overrides for a regrade from values by key; pairs and weights are completed from the present ones.

    >>> options_of({"grade_limits.1": 80, "bins": 4}, GradingOptions())
    {'grade_limits': (40.0, 80.0), 'bins': 4}
    """
    out: dict[str, Any] = {}
    for key, value in changes.items():
        name, _, part = key.partition(".")
        if name not in {field.name for field in dataclasses.fields(GradingOptions)}:
            raise _unknown(key)
        whole = out.get(name, getattr(present, name))
        if not part:
            out[name] = int(value) if isinstance(whole, int) else value
        elif isinstance(whole, Mapping):
            out[name] = {**whole, part: float(value)}
        else:
            pair = list(whole)
            pair[int(part)] = float(value)
            out[name] = tuple(pair)
    return out


def parse(typed_changes: Sequence[str]) -> dict[str, float]:
    """Changes as typed in the shell.

    >>> parse(["bins=4", "grade_limits.1 = 75"])
    {'bins': 4.0, 'grade_limits.1': 75.0}
    """
    changes = {}
    for text in typed_changes:
        key, _, value = text.partition("=")
        try:
            changes[key.strip()] = float(value)
        except ValueError:
            raise FenjiError(
                zh=f"“{text}”写法不对。请写成 grade_limits.1=75 的样子。",
                en=f"'{text}' cannot be read. Write it like grade_limits.1=75.",
            ) from None
    return changes


def run(
    book: xw.Book,
    changes: Mapping[str, Any] | None = None,
    apply: bool = False,
    lang: Lang = "zh",
    say: Callable[[Text], None] = regrade.quiet,
) -> Outcome:
    """Tries choices, or applies them.

    Parameters
    ----------
    book : the workbook.
    changes : values by key of `CHOICES`; None takes those typed into the trial sheet, which is made first
        where there is none.
    apply : regrade with them instead of only comparing.
    lang : language of the trial sheet.
    """
    sheet = _trial_sheet(book)
    if changes is None:
        if sheet is None:
            return _prepare(book, lang, say)
        changes = typed(sheet)
    if not changes:
        raise FenjiError(
            zh=f"工作表“{SHEET.zh}”的“试算值”一列还是空的。请填上要试的数值，再点“试算”。",
            en=f"The column 'Trial value' in sheet '{SHEET.en}' is empty. Fill in the values to try, then press 'What If'.",
        )
    if apply:
        options = options_of(changes, GradingOptions())
        result = regrade.run(book, overrides=options, say=say)
        settings.keep(book, options, result.lang)
        return Outcome(
            Text(
                zh=f"已按试算的数值重新分级（{_listed(changes)}）。可以撤销。",
                en=f"Regraded with the values tried ({_listed(changes)}). This can be undone.",
            ),
            result.sheets[0] if result.sheets else None,
        )
    trial = compare(book, changes, say)
    if sheet is not None:
        write_moves(sheet, trial, lang)
    return Outcome(message(trial), sheet.name if sheet is not None else None)


def from_ribbon(
    book: xw.Book, app: xw.App, argument: str, lang: Lang, say: Callable[[Text], None]
) -> Outcome:
    """First click: the trial sheet; next clicks: try what was typed; the answer "apply" applies it."""
    return run(book, None, argument == "apply", lang, say)


def message(trial: Trial) -> Text:
    """How many would move, and the biggest customers among them."""
    if trial.moves.empty:
        return Text(
            zh="按试算的数值，没有客户的等级会变化。",
            en="With the values tried no customer's grade would change.",
        )
    top = trial.moves.head(5)
    words = {lang: terms.labels("grade", lang) for lang in ("zh", "en")}
    zh = "；".join(
        f"{m.customer} {words['zh'][m.old_grade]} → {words['zh'][m.new_grade]}" for m in top.itertuples()
    )
    en = "; ".join(
        f"{m.customer} {words['en'][m.old_grade]} → {words['en'][m.new_grade]}" for m in top.itertuples()
    )
    return Text(
        zh=f"按试算的数值，{trial.up} 位客户会升级，{trial.down} 位会降级，{trial.segments} 位会换客群。金额最大的几位：{zh}。"
        "工作簿里的分级还没有改动。",
        en=f"With the values tried {wording.count(trial.up, 'customer')} would rise, {trial.down} would fall and {trial.segments} would "
        f"change their segment. The biggest: {en}. Nothing has been changed yet.",
    )


def typed(sheet: xw.Sheet) -> dict[str, float]:
    """Values typed into the trial sheet, by key.

    Raises
    ------
    FenjiError
        A value is not a number; the cell is named.
    """
    table = sheet.tables[TABLE].range
    rows = table.options(ndim=2).value[1:]
    changes = {}
    for offset, (key, _, _, tried) in enumerate(rows, 1):
        if tried is None or tried == "":
            continue
        if isinstance(tried, bool) or not isinstance(tried, (int, float)):
            cell = table[offset, 3].get_address(False, False)
            raise FenjiError(
                zh=f"工作表“{sheet.name}”单元格 {cell} 的“{tried}”不是数字。请填数字，或留空。",
                en=f"'{tried}' in {sheet.name}!{cell} is not a number. Type a number, or leave it empty.",
            )
        changes[str(key)] = tried
    return changes


def _trial_sheet(book: xw.Book) -> xw.Sheet | None:
    for sheet in book.sheets:
        if any(table.name == TABLE for table in sheet.tables):
            return sheet
    return None


def _prepare(book: xw.Book, lang: Lang, say: Callable[[Text], None]) -> Outcome:
    """Makes the trial sheet with the present values."""
    present = regrade.run(book, write=False, say=say).grading.options
    sheet = book.sheets.add(SHEET(lang), after=book.sheets[len(book.sheets) - 1])
    title = Text(
        zh="试算：在黄色一列填要试的数值，再点“试算”，看哪些客户会变动",
        en="What if: type values into the yellow column, press 'What If' again, and see who would move",
    )
    sheet.range((TITLE_ROW, 1)).value = title(lang)
    sheet.range((TITLE_ROW, 1)).font.size = 16
    note = Text(
        zh="这里的数值只用于试算，不影响现有分级。",
        en="These values are for trying only; the present grades stay.",
    )
    sheet.range((TITLE_ROW + 1, 1)).value = note(lang)
    header = Text(zh="键|设置|当前值|试算值", en="Key|Setting|Present value|Trial value")(lang).split("|")
    rows = pd.DataFrame(
        [(choice.key, choice.name(lang), value_of(present, choice.key), None) for choice in CHOICES],
        columns=header,
    )
    cells = write_frame(sheet.range((HEADER_ROW, 1)), rows)
    sheet.tables.add(cells, name=TABLE)
    cells[1:, 3].color = (255, 249, 219)
    for column, width in enumerate((24, 40, 14, 14), 1):
        sheet.range((1, column)).column_width = width
    return Outcome(
        Text(
            zh=f"已准备好工作表“{SHEET.zh}”。请在黄色的“试算值”一列填数值，再点“试算”。",
            en=f"The sheet '{SHEET.en}' is ready. Type values into the yellow column 'Trial value', then press 'What If' again.",
        ),
        sheet.name,
    )


def value_of(options: GradingOptions, key: str) -> float:
    """The present value of a choice.

    >>> value_of(GradingOptions(), "grade_weights.value"), value_of(GradingOptions(), "grade_limits.1")
    (0.5, 70.0)
    """
    name, _, part = key.partition(".")
    value = getattr(options, name)
    if not part:
        return value
    return value[part] if isinstance(value, Mapping) else value[int(part)]


def write_moves(sheet: xw.Sheet, trial: Trial, lang: Lang) -> None:
    """Writes who would move below the trial table, over an earlier list."""
    top = HEADER_ROW + len(CHOICES) + 3
    used = sheet.used_range
    last = used.row + used.shape[0] - 1
    if last >= top - 1:
        sheet.range((top - 1, 1), (last, 7)).clear_contents()
    sheet.range((top - 1, 1)).value = message(trial)(lang)
    words = terms.labels("grade", lang)
    names = Text(zh="原等级|新等级|原得分|新得分", en="Old grade|New grade|Old score|New score")(lang).split(
        "|"
    )
    shown = trial.moves.head(SHOWN_MOVES)
    frame = shown.assign(old_grade=shown["old_grade"].map(words), new_grade=shown["new_grade"].map(words))
    frame.columns = [fields.header(key, lang) for key in ("customer_id", "customer", "monetary")] + names
    write_frame(
        sheet.range((top, 1)), frame, number_formats=[None, None, "#,##0.00", None, None, "0.0", "0.0"]
    )


def _rank(codes: pd.Series) -> np.ndarray:
    return codes.map(RANK).fillna(-1).to_numpy()


def _listed(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {value:g}" for key, value in changes.items())


def _unknown(key: str) -> FenjiError:
    known: Sequence[str] = [choice.key for choice in CHOICES]
    return FenjiError(
        zh=f"没有“{key}”这项设置。可以试算：{'、'.join(known)}。",
        en=f"There is no choice '{key}'. These can be tried: {', '.join(known)}.",
    )
