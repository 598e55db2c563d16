"""Every number of the reports against a plain pandas calculation on the cleaned orders."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.templates.graded import filled, raw_tables, sample_grading
from udfs.cleaning.assemble import assemble
from udfs.grading import grade
from udfs.options import GradingOptions
from workbook_templates.datasets import Datasets

YEAR, LAST = 2024, 2023


@cache
def report(name: str) -> Path:
    path = Path(mkdtemp()) / f"{name}.xlsx"
    filled(name, path)
    return path


def table(template: str, name: str) -> pd.DataFrame:
    """An Excel table of a filled template, as a reader without xlwings sees it."""
    for ws in openpyxl.load_workbook(report(template)):
        if name in ws.tables:
            rows = [[c.value for c in row] for row in ws[ws.tables[name].ref]]
            return pd.DataFrame(rows[1:], columns=rows[0])
    raise AssertionError(f"no table {name}")


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """The cleaned orders with the customer's own columns."""
    data = sample_grading().data
    frame = data.orders.copy()
    frame["year"] = frame["date"].dt.year
    for key in ("customer", "region", "owner", "industry"):
        frame[key] = data.customers[key].to_numpy()[frame["customer_index"]]
    return frame


def test_grading_table_sums_to_the_orders(orders: pd.DataFrame) -> None:
    assert table("grading", "tblGrades")["消费金额"].sum() == pytest.approx(orders["amount"].sum(), abs=0.005)


def test_segments_add_up(orders: pd.DataFrame) -> None:
    segments, rfm = table("grading", "tblSegments"), table("grading", "tblRFM")
    assert segments["客户数"].sum() == len(rfm) == 800
    assert segments["客户占比"].sum() == pytest.approx(1)
    assert segments["金额占比"].sum() == pytest.approx(1)
    counts = rfm["客群"].value_counts()
    assert segments.set_index("客群")["客户数"].to_dict() == counts.to_dict()
    amounts = rfm.groupby("客群")["消费金额"].sum()
    np.testing.assert_allclose(segments.set_index("客群")["金额"], amounts[segments["客群"]], atol=0.005)


@pytest.mark.parametrize("name", ["tblSegments_overview", "tblClass8_overview"])
def test_classes_of_the_overview_have_the_same_totals(name: str, orders: pd.DataFrame) -> None:
    classes = table("rfm", name)
    assert classes["客户数"].sum() == 800
    assert classes["金额"].sum() == pytest.approx(orders["amount"].sum(), abs=0.005)


def test_heat_map_counts_every_buyer_once() -> None:
    heat, rfm = table("rfm", "tblHeatmap_overview"), table("grading", "tblRFM")
    buyers = rfm[rfm["R 得分"] > 0]
    expected = pd.crosstab(buyers["R 得分"], buyers["F 得分"])
    cells = heat.iloc[:5][["F1", "F2", "F3", "F4", "F5"]].to_numpy()
    assert (cells == expected.sort_index(ascending=False).to_numpy()).all()
    assert heat["合计"].iloc[5] == len(buyers)


@pytest.mark.parametrize("name", ["tblHistogramR", "tblHistogramF", "tblHistogramM"])
def test_histograms_count_every_buyer_once(name: str) -> None:
    assert table("rfm", name)["客户数"].sum() == table("rfm", "tblHeatmap_overview")["合计"].iloc[5]


def test_abc_is_a_tenth_and_three_tenths_of_the_buyers() -> None:
    abc = table("concentration", "tblAbc").set_index("ABC 类")["客户数"]
    buyers = abc.drop("潜在客户").sum()
    assert abc["A 类"] == -(-buyers // 10)
    assert abc["A 类"] + abc["B 类"] == -(-3 * buyers // 10)


def test_pareto_shares(orders: pd.DataFrame) -> None:
    pareto = table("concentration", "tblPareto")
    amounts = orders.groupby("customer_index")["amount"].sum().sort_values(ascending=False).head(20)
    np.testing.assert_allclose(pareto["金额"], amounts, atol=0.005)
    expected = amounts.cumsum() / orders["amount"].sum()
    np.testing.assert_allclose(pareto["累计占比"], expected, atol=1e-9)


def test_lorenz_curve_runs_from_0_to_1_below_the_diagonal() -> None:
    curve = table("concentration", "tblLorenz")
    assert curve["累计占比"].iloc[0] == 0
    assert curve["累计占比"].iloc[-1] == pytest.approx(1)
    assert (curve["累计占比"] <= curve["平均分布"] + 1e-12).all()


def test_regions_by_year(orders: pd.DataFrame) -> None:
    regions = table("sources", "tblByRegion").set_index("分类")
    for column, year in (("本期金额", YEAR), ("上年同期金额", LAST), ("前年同期金额", 2022)):
        expected = orders[orders["year"] == year].groupby("region")["amount"].sum()
        np.testing.assert_allclose(regions.loc[expected.index, column].astype(float), expected, atol=0.005)
    change = regions["本期金额"] / regions["上年同期金额"] - 1
    np.testing.assert_allclose(regions["同比"].astype(float), change, atol=1e-9)
    assert regions["客户占比"].sum() == pytest.approx(1)
    assert regions["金额占比"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "name", ["Region", "Province", "Industry", "Size", "Nature", "Channel", "Source", "Sex", "Age"]
)
def test_every_dimension_has_all_customers_and_all_money(name: str, orders: pd.DataFrame) -> None:
    classes = table("sources", f"tblBy{name}")
    assert classes["客户数"].sum() == 800
    assert classes["金额"].sum() == pytest.approx(orders["amount"].sum(), abs=0.01)
    pie = table("sources", f"tblPie{name}")
    assert len(pie) <= 6
    assert pie["客户数"].sum() == 800
    assert pie["客户占比"].sum() == pytest.approx(1)


def test_pivot_source_has_all_money(orders: pd.DataFrame) -> None:
    sales = table("sources", "tblSales")
    assert sales["金额"].sum() == pytest.approx(orders["amount"].sum(), abs=0.01)
    expected = orders.groupby(["region", "year"])["amount"].sum()
    found = sales.groupby(["地区", "年份"])["金额"].sum()
    np.testing.assert_allclose(found.astype(float), expected, atol=0.005)


def test_years(orders: pd.DataFrame) -> None:
    years = table("performance", "tblYears")
    expected = orders.groupby("year")["amount"].sum()
    assert years["年份"].tolist() == ["2022", "2023", "2024"]
    np.testing.assert_allclose(years["金额"], expected, atol=0.005)
    sales = orders[~orders["is_return"]]
    assert years["购买客户数"].tolist() == sales.groupby("year")["customer_index"].nunique().tolist()
    assert years["订单总数"].tolist() == sales.groupby("year")["order_id"].nunique().tolist()
    assert years["同比"].iloc[1] == pytest.approx(expected[2023] / expected[2022] - 1)


def test_performance_of_every_customer(orders: pd.DataFrame) -> None:
    found = table("performance", "tblPerformance")
    now = orders[orders["year"] == YEAR].groupby("customer_index")["amount"].sum()
    then = orders[orders["year"] == LAST].groupby("customer_index")["amount"].sum()
    assert found["本期金额"].sum() == pytest.approx(now.sum(), abs=0.01)
    assert found["上年同期金额"].sum() == pytest.approx(then.sum(), abs=0.01)
    assert found["本期占比"].sum() == pytest.approx(1)
    best = now.idxmax()
    first = found.iloc[0]
    assert first["客户名称"] == sample_grading().data.customers["customer"][best]
    assert first["排名"] == 1
    assert first["本期金额"] == pytest.approx(now[best])
    rank_then = then.rank(method="min", ascending=False)
    assert first["上年排名"] == rank_then[best]
    assert first["排名变化"] == rank_then[best] - 1


def test_evaluation_follows_the_change() -> None:
    found = table("performance", "tblPerformance")
    fast = found[found["评价"] == "增长快"]
    assert len(fast) > 10
    assert (fast["同比"] >= 0.2).all()
    none = found[found["评价"] == "本期未成交"]
    assert (none["本期金额"] <= 0).all()


def test_extremes_are_the_extremes() -> None:
    found = table("performance", "tblPerformance")
    difference = (found["本期金额"] - found["上年同期金额"]).sort_values()
    fall = table("performance", "tblFall10")["增减金额"]
    np.testing.assert_allclose(fall, difference.head(10), atol=0.005)
    both = found[found["上年同期金额"] > 0]
    growth = (both["本期金额"] - both["上年同期金额"]).sort_values(ascending=False).head(10)
    np.testing.assert_allclose(table("performance", "tblGrowth10")["增减金额"], growth, atol=0.005)


def test_products(orders: pd.DataFrame) -> None:
    products = table("performance", "tblProducts").set_index("产品名称")
    expected = orders.groupby("product", observed=True)["amount"].sum()
    np.testing.assert_allclose(products.loc[expected.index, "金额"].astype(float), expected, atol=0.005)
    quantity = orders.groupby("product", observed=True)["quantity"].sum()
    np.testing.assert_allclose(products.loc[quantity.index, "数量"].astype(float), quantity, atol=1e-6)


def test_key_accounts_margins_and_overdue_days(orders: pd.DataFrame) -> None:
    accounts = table("key_accounts", "tblKeyAccounts")
    totals = orders.assign(total_cost=orders["cost"]).groupby("customer")[["amount", "total_cost"]].sum()
    row = accounts.iloc[0]
    known = totals.loc[row["客户名称"]]
    assert row["金额"] == pytest.approx(known["amount"], abs=0.01)
    assert row["利润率"] == pytest.approx(1 - known["total_cost"] / known["amount"], abs=1e-4)
    late = (orders["paid_date"].fillna(pd.Timestamp("2024-12-31")) - orders["due_date"]).dt.days.clip(lower=0)
    expected = late.groupby(orders["customer"]).mean()
    np.testing.assert_allclose(
        accounts["平均逾期天数"].astype(float), expected[accounts["客户名称"]], atol=0.01
    )


def test_limits_of_margin_and_overdue_days_are_settings() -> None:
    data = assemble(raw_tables("zh", 60)).data
    for share, days in ((0.5, 30.0), (0.9, 5.0), (1.0, 0.0)):
        datasets = Datasets(
            grade(data, GradingOptions(low_margin_share=share, late_days=days), lang="zh"), "zh"
        )
        accounts = datasets.get("key_accounts")
        grades = datasets.grades
        margin_of_all = grades["profit"].sum() / grades["net_amount"].sum()
        low = accounts["margin"].astype(float) < share * margin_of_all
        late = accounts["mean_overdue"].astype(float) > days
        marks = accounts["marks"].fillna("")
        assert marks.str.contains("高销售低利润").tolist() == low.tolist()
        assert marks.str.contains("回款风险").tolist() == late.tolist()
        assert f"的 {share:.0%}）" in datasets.values["margin_line"]
        assert f"超过 {days:g} 天" in datasets.values["overdue_line"]
    assert low.any()
    assert late.any()


def test_churn_lists_agree() -> None:
    risky, rfm = table("churn", "tblChurn"), table("grading", "tblRFM")
    assert len(risky) == rfm["流失风险"].isin(["高", "中"]).sum()
    owners = table("churn", "tblOwners")
    assert owners["客户数"].sum() == 800
    assert owners["高风险"].sum() == (rfm["流失风险"] == "高").sum()
    reasons = table("churn", "tblChurnReasons").set_index("原因")["客户数"]
    assert reasons["近 3 个月无成交"] == rfm["流失风险原因"].str.contains("近 3 个月无成交", na=False).sum()


def test_loyalty_classes_agree() -> None:
    grades = table("grading", "tblGrades")
    loyalty = table("loyalty", "tblLoyalty").set_index("忠诚度")["客户数"]
    assert loyalty["高"] == (grades["忠诚度"] == "高").sum()


def test_repeat_purchase_of_a_customer_by_hand(orders: pd.DataFrame) -> None:
    row = table("loyalty", "tblLoyalCustomers").iloc[0]
    own = orders[(orders["customer"] == row["客户名称"]) & ~orders["is_return"]]
    months = own["date"].dt.to_period("M")
    span = (pd.Period("2024-12") - months.min()).n + 1
    assert row["重复购买率"] == pytest.approx(months.nunique() / span, abs=1e-4)
    assert row["购买时长（年）"] == pytest.approx(
        (own["date"].max() - own["date"].min()).days / 365.25, abs=1e-3
    )


def test_totals_agree_between_reports(orders: pd.DataFrame) -> None:
    total = orders["amount"].sum()
    for template, name in (
        ("concentration", "tblAbc"),
        ("report", "tblSegments_report"),
        ("report", "tblStrategies_report"),
        ("report", "tblByRegion_report"),
        ("report", "tblYears_report"),
        ("pivots", "tblOrderLines"),
    ):
        assert table(template, name)["金额"].sum() == pytest.approx(total, abs=0.01), name
