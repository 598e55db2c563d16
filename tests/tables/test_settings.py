"""The settings sheet: written with explanations, read back, mistakes named by their cell."""

from __future__ import annotations

import datetime as dt
import doctest
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from addin import settings, tables
from addin.hosts import xlsx
from udfs import setting_values
from udfs.cleaning.options import CleaningOptions
from udfs.options import GradingOptions
from udfs.segments import SegmentRule
from udfs.texts import FenjiError
from workbook_templates import headers

ALL = setting_values.settings()


def test_docstring_examples() -> None:
    assert doctest.testmod(setting_values).failed == 0


def test_every_option_is_a_setting() -> None:
    grading = set(GradingOptions.__dataclass_fields__) - {"where", "frozen", "names", "actions"}
    cleaning = set(CleaningOptions.__dataclass_fields__) - {"today", "merges"}
    assert {k for k, s in ALL.items() if not s.cleaning} == grading
    assert {k for k, s in ALL.items() if s.cleaning} == cleaning


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("key", list(ALL))
def test_defaults_come_back(key: str, lang: str) -> None:
    setting = ALL[key]
    assert (
        setting_values.parse(setting, setting_values.written(setting, setting.default, lang))
        == setting.default
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("as_of", dt.date(2024, 6, 30)), ("method", "quartiles-le"), ("bins", 4), ("cuts", ((30.0, 90.0), (2.0,), (100.0, 5000.5))),
        ("weights", (100.0, 10.0, 1.0)), ("abc_customers", (0.2, 0.5)), ("value_limits", (33.0, 66.0)), ("vip_share", 0.05),
        ("loyalty_weights", {"tenure": 2.0, "satisfaction": 1.0}), ("segment_rules", (SegmentRule("A", r=(4, 5)), SegmentRule("B", r=(1, 3)))),
        ("core_products", ("净水器", "滤芯")), ("industry_growth", {"软件业": 0.25}), ("rates", {"CNY": 1.0, "USD": 7.2}),
        ("low_margin_share", 0.4), ("late_days", 45.0),
        ("regions", {"山东": "华北"}), ("drop_duplicates", True), ("refunded_rows", "leave_out"), ("date_order", "dmy"), ("scheme", "zh8"),
    ],
)  # fmt: skip
def test_values_come_back(key: str, value: Any, lang: str) -> None:
    assert setting_values.parse(ALL[key], setting_values.written(ALL[key], value, lang)) == value


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("vip_share", 0.05, 0.05), ("vip_share", "5%", 0.05), ("vip_share", 5, 0.05), ("grade_limits", "35，75", (35.0, 75.0)),
        ("grade_limits", "35 75", (35.0, 75.0)), ("as_of", dt.datetime(2024, 6, 30), dt.date(2024, 6, 30)), ("as_of", "2024年6月30日", dt.date(2024, 6, 30)),
        ("drop_duplicates", "是", True), ("rates", "人民币＝1；美元＝7.2", {"CNY": 1.0, "USD": 7.2}), ("bins", "４", 4),
        ("regions", "山东省=华北", {"山东": "华北"}), ("price_words", "a, b、c\nd", ("a", "b", "c", "d")),
    ],
)  # fmt: skip
def test_what_people_type(key: str, cell: Any, value: Any) -> None:
    assert setting_values.parse(ALL[key], cell) == value


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("method", "随便", "可选：分位数、"), ("bins", "五", "请填一个不小于 0 的整数"), ("vip_share", "120%", "0% 到 100%"),
        ("grade_limits", "40", "请填 2 个数"), ("as_of", "下周", "2024-12-31"), ("drop_duplicates", "也许", "“是”或“否”"),
        ("grade_weights", "颜值=1", "可用的部分：价值、行为、忠诚度、满意度"), ("rates", "USD", "名称=数值"), ("outlier_factor", "很多", "请填一个数字"),
    ],
)  # fmt: skip
def test_mistakes_say_what_may_stand_there(key: str, cell: str, said: str) -> None:
    with pytest.raises(FenjiError) as error:
        setting_values.parse(ALL[key], cell)
    assert said in error.value.text.zh
    assert ALL[key].name.zh in error.value.text.zh


def workbook(path: Path, changes: dict[str, Any], lang: str = "zh", rows: pd.DataFrame | None = None) -> Path:
    """A workbook with orders and a settings sheet in which these keys hold other values."""
    frame = (
        rows if rows is not None else settings.frame(GradingOptions(), CleaningOptions(), None, None, lang)
    )
    for key, value in changes.items():
        frame.loc[frame["key"] == key, "setting_value"] = value
    cells = frame.astype(object).where(frame.notna(), None).values.tolist()
    with xlsxwriter.Workbook(str(path)) as book:
        orders = book.add_worksheet("订单")
        orders.write_row("A1", ["客户名称", "下单日期", "总金额", "实付金额", "渠道二"])
        orders.write_row("A2", ["甲", 45292, 120, 100, "x"])
        sheet = book.add_worksheet("分级设置")
        columns = [{"header": headers.header(c, lang)} for c in settings.COLUMNS]
        sheet.add_table(2, 0, 2 + len(cells), 4, {"name": "tblSettings", "columns": columns, "data": cells})
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fresh_sheet_says_nothing(tmp_path: Path, lang: str) -> None:
    found = settings.read(xlsx.open(workbook(tmp_path / "a.xlsx", {}, lang)))
    assert (found.grading, found.cleaning, found.mapping, found.roles) == ({}, {}, {}, {})


def test_a_workbook_without_settings_says_nothing(tmp_path: Path) -> None:
    assert settings.read(xlsx.new()).grading == {}


def test_changed_values_are_read(tmp_path: Path) -> None:
    changes = {
        "bins": 4,
        "vip_share": "5%",
        "drop_duplicates": "是",
        "name|segment.champions": "金主",
        "action|grade.high": "拜访",
    }
    found = settings.read(xlsx.open(workbook(tmp_path / "a.xlsx", changes)))
    assert found.grading_options({"bins": 3}) == GradingOptions(
        bins=3, vip_share=0.05, names={"segment.champions": "金主"}, actions={"grade.high": "拜访"}
    )
    assert found.cleaning == {"drop_duplicates": True}
    assert found.cleaning_options().drop_duplicates


def test_a_mistake_names_its_cell(tmp_path: Path) -> None:
    with pytest.raises(FenjiError) as error:
        settings.read(xlsx.open(workbook(tmp_path / "a.xlsx", {"bins": "五"})))
    assert error.value.text.zh == "分级设置!B7：设置“分数档数”的值“五”不能用。请填一个不小于 0 的整数。"


def test_options_that_do_not_fit_name_their_cell(tmp_path: Path) -> None:
    with pytest.raises(FenjiError) as error:
        settings.read(xlsx.open(workbook(tmp_path / "a.xlsx", {"bins": 40})))
    assert error.value.text.zh.startswith("分级设置!B7：")


def test_the_mapping_of_columns_and_sheets(tmp_path: Path) -> None:
    book = xlsx.open(workbook(tmp_path / "a.xlsx", {}))
    found = tables.find(book)
    assert found.tables["orders"][0].candidate.columns["amount"] == 4
    rows = settings.frame(GradingOptions(), CleaningOptions(), found, None, "zh")
    listed = rows[rows["key"].str.startswith(("sheet|", "column|"))]
    assert listed["key"].tolist() == [
        "sheet|订单", "column|订单|客户名称", "column|订单|下单日期", "column|订单|总金额", "column|订单|实付金额", "column|订单|渠道二",
    ]  # fmt: skip
    assert listed["setting_value"].tolist() == ["自动", "客户名称", "订单日期", "自有列", "金额", "自有列"]

    changes = {"column|订单|总金额": "金额", "column|订单|实付金额": "忽略", "column|订单|渠道二": "渠道"}
    book = xlsx.open(workbook(tmp_path / "b.xlsx", changes, rows=rows))
    choice = settings.read(book).choice()
    again = tables.find(book, choice)
    assert again.tables["orders"][0].candidate.columns == {
        "customer": 1,
        "order_date": 2,
        "amount": 3,
        "channel": 5,
    }
    kept = settings.frame(GradingOptions(), CleaningOptions(), again, choice, "zh").set_index("key")
    assert kept.loc["column|订单|总金额", ["setting_value", "default_value"]].tolist() == ["金额", "自有列"]
    assert kept.loc["column|订单|实付金额", ["setting_value", "default_value"]].tolist() == ["忽略", "金额"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_likely_duplicates_are_merged_when_confirmed_and_kept_apart_again(tmp_path: Path, lang: str) -> None:
    likely = pd.DataFrame(
        {"a": ["C1"], "b": ["C7"], "name_a": ["华泰"], "name_b": ["华泰公司"], "reasons": [["name", "phone"]]}
    )
    rows = settings.frame(GradingOptions(), CleaningOptions(), None, None, lang, likely)
    key = "merge|C1|C7"
    assert rows.set_index("key").loc[key, "setting_value"] in ("否", "no")
    assert "华泰 / 华泰公司" in rows.set_index("key").loc[key, "meaning"]
    yes = {"zh": "是", "en": "yes"}[lang]
    found = settings.read(xlsx.open(workbook(tmp_path / "a.xlsx", {key: yes}, lang, rows)))
    assert found.cleaning == {"merges": (("C1", "C7"),)}
    again = settings.frame(GradingOptions(), found.cleaning_options(), None, None, lang)
    assert again.set_index("key").loc[key, "setting_value"] == yes
    undone = settings.read(xlsx.open(workbook(tmp_path / "b.xlsx", {key: "否"}, lang, again)))
    assert undone.cleaning == {}


def test_a_sheet_can_be_ignored_or_given_a_role(tmp_path: Path) -> None:
    found = tables.find(xlsx.open(workbook(tmp_path / "a.xlsx", {})))
    rows = settings.frame(GradingOptions(), CleaningOptions(), found, None, "zh")
    read = settings.read(xlsx.open(workbook(tmp_path / "b.xlsx", {"sheet|订单": "忽略"}, rows=rows)))
    assert read.roles == {"订单": ""}
    with pytest.raises(FenjiError, match="is not a kind of table"):
        settings.read(xlsx.open(workbook(tmp_path / "c.xlsx", {"sheet|订单": "随便"}, rows=rows)))


def test_an_unknown_field_names_its_cell(tmp_path: Path) -> None:
    found = tables.find(xlsx.open(workbook(tmp_path / "a.xlsx", {})))
    rows = settings.frame(GradingOptions(), CleaningOptions(), found, None, "en")
    with pytest.raises(FenjiError, match=r"分级设置!B\d+: There is no field 'whatever'"):
        settings.read(
            xlsx.open(workbook(tmp_path / "b.xlsx", {"column|订单|总金额": "whatever"}, "en", rows))
        )
