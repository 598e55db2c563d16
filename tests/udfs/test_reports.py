"""Correlations, feedback and the churn report by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.small_data import customers, orders
from udfs.churn_report import churn_by, churn_by_month, lost_customers, new_and_old
from udfs.correlations import association_with_class, correlation, correlation_table
from udfs.customer_data import CustomerData
from udfs.feedback import by_kind, by_month, feedback_summary
from udfs.grading import grade

pairs = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=30)


@given(pairs, st.sampled_from(["spearman", "pearson"]))
def test_correlation_agrees_with_scipy(rows, method):
    from scipy import stats

    x, y = (np.array(c, float) for c in zip(*rows, strict=True))
    found = correlation(x, y, method)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert np.isnan(found.value)
    else:
        other = stats.spearmanr(x, y) if method == "spearman" else stats.pearsonr(x, y)
        assert found.value == pytest.approx(other.statistic, abs=1e-9)


def test_few_pairs_come_with_a_warning():
    found = correlation(np.array([1.0, 2, np.nan, 4]), np.array([1.0, 3, 5, 7]))
    assert found.n == 3
    assert "Only 3 pairs" in found.warning.en
    assert correlation(np.arange(30.0), np.arange(30.0)).warning is None


def test_correlation_table_leaves_texts_and_constants_out():
    frame = pd.DataFrame(
        {"a": [1, 2, 3], "b": [3, 2, 1], "name": ["x", "y", "z"], "flag": [True, False, True]}
    )
    assert correlation_table(frame)[["first", "second", "value", "reliable"]].values.tolist() == [
        ["a", "b", -1, False]
    ]


def test_eta_squared():
    assert association_with_class(np.array([1.0, 3, 1, 3]), ["A", "A", "B", "B"]) == 0
    assert np.isnan(association_with_class(np.ones(4), ["A", "A", "B", "B"]))


FEEDBACK = pd.DataFrame(
    {
        "customer_index": [0, 0, 1, 2],
        "date": pd.to_datetime(["2024-01-03", "2024-01-20", "2024-03-01", "2024-03-02"]),
        "feedback_kind": ["投诉", "建议", "投诉", None],
        "state": ["已处理", "未处理", "已解决", ""],
        "reply_date": pd.to_datetime(["2024-01-05", None, "2024-03-11", "2024-01-01"]),
        "satisfaction": [2.0, 4, 3, np.nan],
        "nps": [3.0, 9, np.nan, 10],
    }
)


def test_feedback_summary():
    found = feedback_summary(FEEDBACK)
    assert (found.rows, found.customers, found.complaints) == (4, 3, 2)
    assert found.handled_share == pytest.approx(2 / 3)
    assert (found.reply_days, found.satisfaction) == (6, 3)
    assert found.nps == pytest.approx(100 / 3)


def test_feedback_without_its_columns():
    found = feedback_summary(FEEDBACK[["customer_index", "date"]])
    assert np.isnan(
        [found.complaints, found.handled_share, found.reply_days, found.satisfaction, found.nps]
    ).all()


def test_feedback_by_kind_and_month():
    kinds = by_kind(FEEDBACK)
    assert kinds["feedback_kind"].tolist() == ["投诉", "", "建议"]
    assert kinds["rows"].tolist() == [2, 1, 1]
    months = by_month(FEEDBACK)
    assert months["rows"].tolist() == [2, 0, 2]
    assert months["complaints"].tolist() == [1, 0, 1]
    assert len(by_month(FEEDBACK.iloc[:0])) == 0


@pytest.fixture(scope="module")
def churned():
    rows = [(0, "2024-06-30", 10), (1, "2023-01-01", 50), (2, "2023-08-01", 20), (2, "2023-08-05", 20)]
    rows += [(3, f"2023-0{m}-01", 30) for m in range(1, 6)]
    people = customers(5, lost_reason=["", "价格", "服务", "", ""], owner=["张", "李", "李", "王", ""])
    said = pd.DataFrame(
        {"customer_index": [2], "date": pd.to_datetime(["2024-01-01"]), "lost_reason": ["搬迁"]}
    )
    return grade(CustomerData(people, orders(rows), feedback=said))


def test_the_lost_by_stage_with_their_reasons(churned):
    lost = lost_customers(churned)
    assert lost["customer_id"].tolist() == ["K3", "K1", "K2"]
    assert lost["stage"].tolist() == ["established", "after_first", "after_second"]
    assert lost["reason"].tolist() == ["", "价格", "搬迁"]
    # K1: 180 days after 2023-01-01 are 2023-06-30; K3: own interval of 30.5 days, three times after 2023-05-01
    assert lost["lost_date"].dt.date.tolist()[:2] == [dt.date(2023, 8, 1), dt.date(2023, 7, 1)]
    stages = churn_by(lost, "stage")
    assert stages["stage"].tolist() == ["after_first", "after_second", "established"]
    assert churn_by(lost, "owner")["owner"].tolist() == ["李", "王"]
    assert churn_by_month(lost)["customers"].sum() == 3


def test_new_and_old_customers(churned):
    found = new_and_old(churned, lost_customers(churned))
    assert found["buyers"].tolist() == [2, 2]
    assert found["customers"].tolist() == [1, 2]
    assert found["lost_share"].tolist() == [0.5, 1]


def test_nobody_lost():
    result = grade(CustomerData(customers(1), orders([(0, "2024-01-01", 5)])))
    lost = lost_customers(result)
    assert len(lost) == len(churn_by_month(lost)) == len(churn_by(lost, "stage")) == 0
