"""The sample workbook: the promised sizes, the promised dirt, the same every time."""

import openpyxl
import pandas as pd
import pytest

from workbook_templates.sample_data import sample_tables
from workbook_templates.sample_workbook import write_sample_workbook


def test_sizes():
    sizes = {name: len(table) for name, table in sample_tables("en").items()}
    assert sizes == {"Customers": 800, "Orders": 12000, "Contacts": 3000, "Feedback": 1200}


def test_orders_span_three_years():
    dates = pd.to_datetime(sample_tables("zh")["订单"]["下单日期"], errors="coerce").dropna()
    years = dates.dt.year.value_counts().to_dict()
    assert set(years) == {2022, 2023, 2024, 2050}
    assert years[2050] == 1


@pytest.mark.parametrize(
    ("column", "cell"),
    [("订单状态", "已退货"), ("订单状态", "已取消"), ("备注", "测试订单"), ("下单日期", "待定")],
)
def test_dirt_is_there(column, cell):
    assert cell in set(sample_tables("zh")["订单"][column])


def test_two_branches_with_one_name():
    customers = sample_tables("zh")["客户"]
    same = customers[customers["客户名称"] == customers.loc[3, "客户名称"]]
    assert same["客户编号"].tolist() == ["C1004", "C1008"]


def test_names_run_out_gracefully():
    assert len(sample_tables("en", 3000)["Customers"]) == 3000


def test_too_few_customers():
    with pytest.raises(ValueError, match="at least 20"):
        sample_tables("zh", 19)


def test_workbook_is_the_same_every_time(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_sample_workbook(tmp_path / name, "en", 30)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_users_own_formula_has_its_value(tmp_path):
    write_sample_workbook(tmp_path / "a.xlsx", "zh", 30)
    values = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["客户"]
    formulas = openpyxl.load_workbook(tmp_path / "a.xlsx")["客户"]
    column = [c.value for c in values[1]].index("称呼") + 1
    assert values.cell(2, column).value.endswith(("先生", "女士"))
    assert formulas.cell(2, column).value.startswith("=Customers[[#This Row],[联系人]]")
