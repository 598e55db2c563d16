"""The graded sample firm in both languages, and templates filled with it; made once in a test run."""

from __future__ import annotations

import datetime as dt
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from addin.hosts import xlsx
from udfs import fields
from udfs.cleaning.assemble import assemble
from udfs.cleaning.columns import Column, RawTable
from udfs.grading import Grading, grade
from udfs.options import GradingOptions
from udfs.texts import Lang
from workbook_templates import build
from workbook_templates.datasets import Datasets
from workbook_templates.fill import Filled, fill
from workbook_templates.sample_data import sample_tables

ROLES = ("customers", "orders", "contacts", "feedback")
CHECKS = pd.DataFrame(
    {
        "sheet": ["订单"],
        "row": [12],
        "column": ["D"],
        "cell_value": ["下周"],
        "problem": ["日期无法识别"],
        "proposal": ["请改成 2024-05-01 这样的日期"],
        "settled": [False],
    }
)
HISTORY = pd.DataFrame(
    {
        "run_at": [dt.datetime(2025, 1, 2, 9, 30)],
        "run_by": ["李敏"],
        "command": ["regrade"],
        "as_of": [dt.datetime(2024, 12, 31)],
        "customers": [800],
        "amount": [26483805.84],
        "options": [""],
    }
)
MOVES = pd.DataFrame(
    {
        "run_at": [dt.datetime(2025, 1, 2, 9, 30)],
        "customer_id": ["C1001"],
        "customer": ["华泰"],
        "grade_before": ["低价值客户"],
        "grade_after": ["中价值客户"],
        "amount": [52197.0],
    }
)
SETTINGS = pd.DataFrame(
    {
        "setting": ["评分分数"],
        "setting_value": ["5"],
        "default_value": ["5"],
        "meaning": ["2 到 10"],
        "key": ["bins"],
    }
)


def raw_tables(lang: Lang, customers: int) -> dict[str, list[RawTable]]:
    """The sample tables as they come out of a workbook."""
    found = {}
    for role, (name, table) in zip(ROLES, sample_tables(lang, customers).items(), strict=True):
        columns, headers = {}, {}
        for header in table.columns:
            match = fields.match(header, role)
            assert match is not None, header
            columns[match.key] = Column.from_values(table[header])
            headers[match.key] = header
        rows = np.arange(2, len(table) + 2, dtype=np.int32)
        found[role] = [RawTable(role, name, None, 1, rows, columns, headers)]
    return found


@cache
def sample_grading(lang: Lang = "zh", customers: int = 800) -> Grading:
    return grade(assemble(raw_tables(lang, customers)).data, GradingOptions(), lang=lang)


def sample_datasets(lang: Lang = "zh", customers: int = 800) -> Datasets:
    extra = {"checks": CHECKS, "history": HISTORY, "moves": MOVES, "settings": SETTINGS}
    return Datasets(sample_grading(lang, customers), lang, extra=extra)


def template_path(name: str, lang: Lang = "zh") -> Path:
    return build.HERE / lang / f"{name}.xlsx"


def filled(name: str, path: Path, lang: Lang = "zh", datasets: Datasets | None = None) -> Filled:
    """Fills a shipped template in place and saves it as `path`."""
    shutil.copyfile(template_path(name, lang), path)
    template = xlsx.open(path)
    result = fill(template, template, datasets or sample_datasets(lang))
    template.save()
    template.close()
    return result
