"""`fenji analyse`: every analysis on an order file and on a workbook's data, with its results in three forms."""

import csv
import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from addin.analyses import ANALYSES
from addin.analyses.base import Asked
from addin.cli import app
from addin.commands import analyse_file
from addin.commands.regrade_file import Request
from tests import programs
from tests.udfs.small_data import random_data
from udfs import terms
from udfs.grading import grade
from udfs.texts import FenjiError

HEADERS = ["客户名称", "下单日期", "金额", "产品名称", "渠道"]


@pytest.fixture(scope="module")
def order_file(tmp_path_factory):
    """Three years of orders of 60 customers, with a product that goes with another one."""
    rng = np.random.default_rng(5)
    path = tmp_path_factory.mktemp("orders") / "订单.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADERS)
        for n in range(1500):
            day = np.datetime64("2022-01-01") + int(rng.integers(0, 1090))
            product = ["红茶", "茶杯", "咖啡", "糖"][n % 4]
            writer.writerow(
                [f"客户{rng.integers(0, 60)}", day, 50 + n % 90, product, ["网店", "门店"][n % 2]]
            )
    return path


@pytest.mark.parametrize("name", ["compare", "products", "together", "seasons", "retention", "churn", "clusters",
                                  "correlations", "potential"])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_analysis_gives_tables_findings_and_a_workbook(name, lang, order_file, tmp_path, capsys):
    out, other = tmp_path / "out.xlsx", tmp_path / "out.json"
    made = analyse_file.run(name, Request(files=[order_file], lang=lang, out=out, json=other), lang)
    assert made.sheets
    shown = capsys.readouterr().out
    assert made.analysis.title(lang) in shown
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == len(made.sheets)
    for sheet, page in zip(made.sheets, book.worksheets, strict=True):
        assert page["A1"].value.endswith(sheet.title(lang))
        if len(sheet.table):
            (table,) = page.tables.values()
            height = int(table.ref.split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - int(
                table.ref.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            )
            assert height == len(sheet.table)
    told = json.loads(other.read_text("utf-8"))
    assert told["analysis"] == name
    assert len(told["tables"]) == len(made.sheets)


def test_products_agree_with_plain_pandas(order_file):
    plain = pd.read_csv(order_file).groupby("产品名称")["金额"].sum().sort_values(ascending=False)
    made = analyse_file.run("products", Request(files=[order_file]), "zh")
    assert made.sheets[0].table["amount"].tolist() == plain.tolist()
    assert made.sheets[0].table["product"].tolist() == plain.index.tolist()


def test_a_period_is_compared_and_not_cut_off(order_file):
    made = analyse_file.run("compare", Request(files=[order_file], overrides={"period": "2023Q2"}), "zh")
    frame = pd.read_csv(order_file, parse_dates=["下单日期"]).set_index("下单日期").sort_index()["金额"]
    amount = made.sheets[0].table.iloc[1]
    assert amount[["now", "before", "year_ago"]].tolist() == [
        frame["2023-04":"2023-06"].sum(), frame["2023-01":"2023-03"].sum(), frame["2022-04":"2022-06"].sum(),
    ]  # fmt: skip


def test_feedback_of_a_workbook():
    asked = Asked(grade(random_data(1)), "en")
    sheets = ANALYSES["feedback"].make(asked)
    assert sheets[0].findings[0].en.startswith("40 entries, ")
    assert sheets[0].table["rows"].sum() == 40


def test_lifetime_needs_enough_customers():
    with pytest.raises(FenjiError, match="too little"):
        ANALYSES["lifetime"].make(Asked(grade(random_data(1)), "en"))


def test_movement_between_two_gradings():
    import datetime as dt

    from udfs.options import GradingOptions

    data = random_data(3)
    early = grade(data, GradingOptions(as_of=dt.date(2025, 1, 1)))
    sheets = ANALYSES["movement"].make(Asked(grade(data), "zh", other=early))
    assert sheets[0].table["customers"].sum() == 40
    with pytest.raises(FenjiError, match="--against"):
        ANALYSES["movement"].make(Asked(grade(data), "zh"))


def test_an_unknown_analysis_lists_them_all(order_file):
    ran = CliRunner().invoke(app, ["analyse", str(order_file), "magic", "--lang", "en"])
    assert ran.exit_code == 1
    assert all(name in ran.stderr for name in ANALYSES)


def test_every_analysis_has_texts_and_the_groups_exist():
    for a in ANALYSES.values():
        assert a.title.zh != a.title.en
        assert a.question.zh.endswith(("？", "）"))
    assert {"metric", "season", "new_or_old", "yes_no"} <= terms.groups()


@pytest.mark.validator
def test_the_workbook_is_valid(order_file, tmp_path):
    out = tmp_path / "out.xlsx"
    analyse_file.run("compare", Request(files=[order_file], out=out), "zh")
    assert programs.validate(out) == []


@pytest.mark.parametrize("page", ["analyses.md", "analyses.zh.md"])
def test_the_documentation_lists_every_analysis(page):
    text = (programs.ROOT / "docs" / page).read_text("utf-8")
    for a in ANALYSES.values():
        question = a.question("zh" if "zh" in page else "en").split(" (--")[0].split("（--")[0]
        assert f"| {a.name} | {question} |" in text, a.name
