"""The check list: each cell that could not be taken as it stands, where it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from udfs.cleaning.columns import Column, RawTable, display
from udfs.texts import Lang, Text

LISTED = 2000  # rows listed for one problem of one column; the rest is counted

# code -> (what is wrong, what to do)
PROBLEMS: dict[str, tuple[Text, Text]] = {
    "no_date": (
        Text(zh="没有日期", en="No date"),
        Text(zh="补上日期", en="Fill in the date"),
    ),
    "unreadable_date": (
        Text(zh="日期无法识别", en="Date not readable"),
        Text(zh="按 2024-03-11 的样子填写", en="Write it like 2024-03-11"),
    ),
    "future_date": (
        Text(zh="日期在将来", en="Date in the future"),
        Text(zh="核对年份", en="Check the year"),
    ),
    "no_customer": (
        Text(zh="没有客户", en="No customer"),
        Text(zh="补上客户编号或名称", en="Fill in the customer's ID or name"),
    ),
    "ambiguous_customer": (
        Text(zh="有多个客户同名，无法确定是哪一个", en="Several customers have this name"),
        Text(zh="补上客户编号", en="Fill in the customer's ID"),
    ),
    "no_amount": (
        Text(zh="没有金额", en="No amount"),
        Text(zh="补上金额，或同时填数量和单价", en="Fill in the amount, or both quantity and price"),
    ),
    "unreadable_amount": (
        Text(zh="金额无法识别", en="Amount not readable"),
        Text(zh="只写数字", en="Write the number only"),
    ),
    "unreadable_number": (
        Text(zh="数字无法识别", en="Number not readable"),
        Text(zh="只写数字", en="Write the number only"),
    ),
    "unreadable_satisfaction": (
        Text(zh="满意度无法识别", en="Satisfaction not readable"),
        Text(zh="填 1 到 5，或“非常满意”等", en="Write 1 to 5, or words such as 'very satisfied'"),
    ),
    "negative_no_return": (
        Text(zh="金额为负，但不是退货", en="Negative, but not a return"),
        Text(zh="是退货就把状态写成“退货”，否则改正金额", en="Mark it as a return, or correct the amount"),
    ),
    "negative_total": (
        Text(zh="累计金额为负", en="Negative total"),
        Text(zh="核对退货是否多减了", en="Check whether returns were subtracted twice"),
    ),
    "test_order": (
        Text(zh="测试订单", en="Test order"),
        Text(zh="无需处理，已不计入", en="Nothing to do; it does not count"),
    ),
    "not_a_sale": (
        Text(zh="未成交的订单", en="Not a sale"),
        Text(zh="无需处理，已不计入", en="Nothing to do; it does not count"),
    ),
    "unknown_status": (
        Text(zh="不认识的订单状态，按成交处理", en="Unknown order status, taken as a sale"),
        Text(zh="在设置里说明它是成交、未成交还是退货", en="Say in the settings whether it is a sale or not"),
    ),
    "duplicate_row": (
        Text(zh="与前面某一行完全相同", en="Exactly the same as an earlier row"),
        Text(zh="如果重复录入，删除一行", en="If it was entered twice, delete one"),
    ),
    "outlier": (
        Text(zh="金额远高于平均值", en="Amount far above the mean"),
        Text(zh="核对是否多写了零", en="Check for an extra zero"),
    ),
    "missing_contact": (
        Text(zh="没有联系方式", en="No contact details"),
        Text(zh="补上电话或邮箱", en="Fill in a telephone number or e-mail"),
    ),
    "duplicate_customer": (
        Text(zh="客户重复：编号（或无编号时的名称）相同", en="The same customer again, by ID or, without IDs, by name"),
        Text(zh="合并这两行", en="Merge the two rows"),
    ),
    "merged_customer": (
        Text(zh="已合并到另一个客户", en="Merged into another customer"),
        Text(zh="如要撤销，在分级设置里把这一合并改为“否”", en="To undo it, set this merge to 'no' in the settings"),
    ),
    "unknown_customer": (
        Text(zh="订单里有，客户表里没有", en="In the orders, but not in the customer table"),
        Text(zh="加入客户表", en="Add to the customer table"),
    ),
    "invalid_phone": (
        Text(zh="电话号码有误", en="Not a telephone number"),
        Text(zh="核对号码", en="Check the number"),
    ),
    "invalid_email": (
        Text(zh="邮箱格式有误", en="Not an e-mail address"),
        Text(zh="核对邮箱", en="Check the address"),
    ),
    "unknown_region": (
        Text(zh="不认识的地区，按原样保留", en="Unknown region, kept as it is"),
        Text(zh="写省份或大区，如 华东", en="Write a province or region"),
    ),
    "likely_duplicate": (
        Text(zh="可能是同一个客户", en="Probably the same customer"),
        Text(zh="确认后合并", en="Merge after checking"),
    ),
}  # fmt: skip
# Rows left out as they should be, and merges the user asked for: there is nothing to do about them.
SETTLED = frozenset(["test_order", "not_a_sale", "merged_customer"])
COLUMNS = ["sheet", "row", "column", "header", "value", "problem", "proposal"]


@dataclass(slots=True)
class ProblemList:
    """Collects problems; `frame` gives them sorted by sheet and row, `more` counts those not listed."""

    parts: list[pd.DataFrame] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        table: RawTable,
        key: str,
        where: np.ndarray,
        code: str,
        propose: Callable[[str], str] | None = None,
    ) -> None:
        """Adds the cells of `table`'s column `key` at `where` (a mask) with a problem code.

        `propose` gives the proposed value for a cell's text, "" for none.
        """
        positions = np.flatnonzero(where)
        if not len(positions):
            return
        if len(positions) > LISTED:
            self.more[code] = self.more.get(code, 0) + len(positions) - LISTED
            positions = positions[:LISTED]
        values = _values(table.columns.get(key), positions)
        self.parts.append(
            pd.DataFrame(
                {
                    "sheet": table.sheet,
                    "row": table.rows[positions].astype(np.int64),
                    "column": table.letters.get(key, ""),
                    "header": table.headers.get(key, ""),
                    "value": values,
                    "problem": code,
                    "proposal": [propose(v) for v in values] if propose else "",
                },
                columns=COLUMNS,
            )
        )

    def count(self, code: str, header: str) -> int:
        """How many cells under a header have a problem."""
        return sum(int(((p["problem"] == code) & (p["header"] == header)).sum()) for p in self.parts)

    def add_rows(
        self, table: RawTable, key: str, rows: np.ndarray, values: list[str], code: str, proposals: list[str]
    ) -> None:
        """Adds problems at rows of a sheet, each with its proposal."""
        part = pd.DataFrame({"row": rows.astype(np.int64), "value": values, "proposal": proposals})
        part = part.assign(
            sheet=table.sheet,
            column=table.letters.get(key, ""),
            header=table.headers.get(key, ""),
            problem=code,
        )
        self.parts.append(part[COLUMNS].head(LISTED))

    def add_named(self, sheet: str, values: list[str], code: str) -> None:
        """Adds problems that belong to a sheet but to none of its cells (row 0)."""
        if len(values) > LISTED:
            self.more[code] = self.more.get(code, 0) + len(values) - LISTED
        part = pd.DataFrame({"value": values[:LISTED]})
        part = part.assign(sheet=sheet, row=0, column="", header="", problem=code, proposal="")
        self.parts.append(part[COLUMNS])

    def frame(self) -> pd.DataFrame:
        """All problems; columns sheet, row, column (letter), header, value, problem (code), proposal (value)."""
        if not self.parts:
            return pd.DataFrame({c: pd.Series(dtype="int64" if c == "row" else object) for c in COLUMNS})
        return pd.concat(self.parts, ignore_index=True).sort_values(
            ["sheet", "row"], kind="stable", ignore_index=True
        )


def _values(column: Column | None, positions: np.ndarray) -> list[str]:
    if column is None:
        return [""] * len(positions)
    return ["" if v is None else display(v) for v in column.take(positions).values()]


def to_do(problems: pd.DataFrame) -> pd.DataFrame:
    """The problems somebody should look at: without rows that are left out as they should be.

    >>> to_do(pd.DataFrame({"problem": ["not_a_sale", "no_date"]}))["problem"].tolist()
    ['no_date']
    """
    return problems[~problems["problem"].isin(SETTLED)]


def problem_text(code: str, lang: Lang) -> str:
    """What is wrong, for people.

    >>> problem_text("no_date", "en")
    'No date'
    """
    return PROBLEMS[code][0](lang)


def advice(code: str, proposal: str, lang: Lang) -> str:
    """What to do: the proposed value where there is one, else the usual advice.

    >>> advice("unreadable_amount", "3000", "en"), advice("no_date", "", "zh")
    ('Change it to 3000?', '补上日期')
    """
    if proposal and code == "likely_duplicate":
        return Text(zh=f"与“{proposal}”核对，确认后合并", en=f"Compare with '{proposal}', merge if the same")(
            lang
        )
    if proposal:
        return Text(zh=f"改为 {proposal}？", en=f"Change it to {proposal}?")(lang)
    return PROBLEMS[code][1](lang)


def localise(problems: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The check list for people: problem and proposal as texts in their language."""
    result = problems.copy()
    result["proposal"] = [
        advice(code, value, lang)
        for code, value in zip(problems["problem"], problems["proposal"], strict=True)
    ]
    result["problem"] = [problem_text(code, lang) for code in problems["problem"]]
    return result
