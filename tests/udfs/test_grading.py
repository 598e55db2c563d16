"""The grading of a whole workbook: by hand on small tables, and the laws of section 0 on random ones."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.udfs.small_data import customers, orders, random_data
from udfs import terms
from udfs.customer_data import CustomerData
from udfs.grading import grade
from udfs.options import GradingOptions
from udfs.texts import FenjiError

CLASSES = (
    "segment",
    "class8",
    "abc",
    "value_tier",
    "activity",
    "loyalty_class",
    "churn_risk",
    "grade",
    "level",
)
MORE = ("need_type", "satisfaction_class", "purchase_frequency")

FOUR = [
    (0, "2024-03-01", 300), (0, "2024-06-30", 500), (1, "2024-01-05", 90), (2, "2024-06-01", 40),
    (2, "2024-06-20", -40), (3, "2024-05-05", -10),
]  # fmt: skip


def column(result, key):
    return result.grades[key].tolist()


def test_the_analysis_date_is_the_day_after_the_last_sale():
    result = grade(CustomerData(customers(5), orders(FOUR)))
    assert result.as_of == dt.date(2024, 7, 1)
    assert column(result, "recency_days")[:3] == [1, 178, 30]
    assert column(result, "frequency") == [2, 1, 1, 0, 0]
    assert column(result, "net_amount") == [800, 90, 0, -10, 0]


def test_no_sale_is_a_prospect_in_every_scheme_and_says_which_kind():
    result = grade(CustomerData(customers(5), orders(FOUR)))
    assert column(result, "prospect_kind") == ["", "", "", "returns_only", "no_orders"]
    for key in CLASSES[:-1]:
        assert column(result, key)[3:] == ["prospects", "prospects"], key
    assert column(result, "rfm")[3:] == ["", ""]
    assert result.totals["prospects"] == 2


def test_control_totals():
    result = grade(CustomerData(customers(5), orders(FOUR), left_out={"no_date": 2}))
    assert result.totals == {
        "customers": 5, "buyers": 3, "prospects": 2, "order_rows": 6, "orders": 4, "rows_left_out": 2,
        "amount_total": 880,
    }  # fmt: skip
    assert result.grades["net_amount"].sum() == 880
    assert result.segments["amount"].sum() == 880


def test_sales_after_a_given_date_are_left_out_and_counted():
    result = grade(CustomerData(customers(5), orders(FOUR)), GradingOptions(as_of=dt.date(2024, 6, 1)))
    assert result.left_out == {"after_as_of": 2}
    assert column(result, "recency_days")[2] == 0


def test_a_period_counts_what_is_outside():
    result = grade(CustomerData(customers(5), orders(FOUR)), GradingOptions(period="2024Q2"))
    assert (str(result.period), result.as_of) == ("2024-04-01..2024-06-30", dt.date(2024, 7, 1))
    assert result.left_out == {"outside_period": 2}
    assert column(result, "net_amount") == [500, 0, 0, -10, 0]


def test_a_filter_keeps_only_its_customers():
    people = customers(5, region=["华东", "华南", "华东", "华南", ""])
    result = grade(CustomerData(people, orders(FOUR)), GradingOptions(where=("地区=华东",)))
    assert column(result, "customer_id") == ["K0", "K2"]
    assert column(result, "source_row") == [2, 4]
    assert result.left_out == {"outside_scope": 2}
    result = grade(CustomerData(people, orders(FOUR)), GradingOptions(where=("region!=华东",)))
    assert column(result, "customer_id") == ["K1", "K3", "K4"]


def test_a_filter_on_orders_keeps_customers_with_such_orders():
    table = orders(FOUR, channel=["网店", "门店", "网店", "门店", "门店", "网店"])
    result = grade(
        CustomerData(customers(5), table), GradingOptions(where=("渠道=门店", "下单日期>2024-06-01"))
    )
    assert column(result, "customer_id") == ["K0", "K2"]
    with pytest.raises(FenjiError, match="no column 'colour'"):
        grade(CustomerData(customers(5), table), GradingOptions(where=("colour=red",)))


def test_a_filter_on_grades_shows_fewer_but_grades_nobody_again():
    data = random_data(6)
    whole = grade(data)
    part = grade(data, GradingOptions(where=("分级=高价值客户", "segment != champions")))
    wanted = whole.grades[(whole.grades["grade"] == "high") & (whole.grades["segment"] != "champions")]
    pd.testing.assert_frame_equal(part.grades, wanted.reset_index(drop=True))
    assert part.totals["amount_total"] == pytest.approx(wanted["net_amount"].sum())
    assert part.totals["order_rows"] + part.left_out["outside_scope"] == whole.totals["order_rows"]
    assert part.facts.n == len(part.data.customers) == len(wanted)
    assert grade(data, GradingOptions(where=("消费金额>500",))).grades["monetary"].min() > 500
    with pytest.raises(FenjiError, match="No customer fits"):
        grade(data, GradingOptions(where=("frequency>999",)))


def test_totals_of_the_customer_table_are_enough():
    people = customers(
        4,
        last_order_date=pd.to_datetime(["2024-06-30", "2024-01-05", None, None]),
        order_count=[2, 1, np.nan, 3],
        total_amount=[800.0, 90.0, np.nan, 20.0],
        total_cost=[500.0, 100.0, np.nan, np.nan],
    )
    result = grade(CustomerData(people))
    assert result.as_of == dt.date(2024, 7, 1)
    assert column(result, "rfm") == ["555", "111", "", ""]
    assert column(result, "profit")[:2] == [300, -10]
    assert "Customers with orders but without a usable last date or amount" in result.warnings[0].en
    with pytest.raises(FenjiError, match="holds totals only"):
        grade(CustomerData(people), GradingOptions(period="2024"))
    with pytest.raises(FenjiError, match="no column with the number of orders"):
        grade(CustomerData(people.drop(columns="order_count")))


def test_nothing_but_returns_or_nothing_at_all_is_an_error():
    for rows in ([], [(0, "2024-01-01", -5)]):
        with pytest.raises(FenjiError, match="no usable orders"):
            grade(CustomerData(customers(1), orders(rows)))


def test_one_customer_is_in_the_middle_with_a_warning():
    result = grade(CustomerData(customers(1), orders([(0, "2024-01-01", 5)])))
    assert column(result, "rfm") == ["333"]
    assert column(result, "grade_score") == [50]
    assert len(result.warnings) == 4  # three measures with one value, no cost


def test_identical_customers_get_one_class():
    rows = [(i, "2024-01-01", 9.9) for i in range(25)]
    result = grade(CustomerData(customers(25), orders(rows)))
    for key in CLASSES:
        assert len(set(column(result, key))) == 1, key
    assert any("class A" in w.en for w in result.warnings)


def test_grades_set_by_hand_hold_until_their_end():
    people = customers(
        3,
        manual_grade=["低价值客户", "High", "nonsense"],
        manual_until=pd.to_datetime([None, "2024-06-30", None]),
    )
    result = grade(CustomerData(people, orders(FOUR[:4])))
    assert column(result, "grade_origin") == ["manual", "computed", "computed"]
    assert column(result, "grade")[0] == "low"


def test_the_protection_period_keeps_a_grade_from_falling_at_once():
    data = CustomerData(customers(3), orders(FOUR[:4]))
    before = pd.DataFrame(
        {
            "customer_id": ["K1", "K2", "K9"],
            "customer": ["客户1", "客户2", "x"],
            "grade": ["high", "high", "high"],
            "grade_since": pd.to_datetime(["2024-05-01", "2023-01-01", "2024-05-01"]),
        }
    )
    free = grade(data, previous=before)
    assert column(free, "grade_origin") == ["computed"] * 3
    kept = grade(data, GradingOptions(protection_months=6), before)
    assert column(kept, "grade_origin") == ["computed", "protected", "computed"]
    assert column(kept, "grade")[1] == "high"
    assert kept.grades["grade_since"].dt.date.tolist()[1] == dt.date(2024, 5, 1)
    assert column(kept, "previous_grade") == ["", "high", "high"]


def test_frozen_cut_points_give_the_same_scores_to_the_same_values():
    data = random_data(1)
    first = grade(data)
    again = grade(data, GradingOptions(method="frozen", frozen=first.cut_points))
    assert column(again, "rfm") == column(first, "rfm")
    assert column(again, "class8") == column(first, "class8")
    half = data.orders[data.orders["customer_index"] < 20]
    part = grade(
        CustomerData(data.customers, half, data.contacts, data.feedback),
        GradingOptions(method="frozen", frozen=first.cut_points, as_of=first.as_of),
    )
    assert column(part, "rfm")[:20] == column(first, "rfm")[:20]


@pytest.mark.parametrize("method", ["r-rfm", "quartiles-le", "mean", "median", "top", "natural", "quantile"])
@pytest.mark.parametrize("scheme", ["en11", "rf25", "zh8"])
def test_every_method_with_every_scheme(method, scheme):
    result = grade(random_data(2), GradingOptions(method=method, scheme=scheme, bins=4))
    group = "class8" if scheme == "zh8" else "segment"
    assert set(column(result, "segment")) <= set(terms.codes(group))
    assert result.segments["customers"].sum() == 40


def test_segments_do_not_depend_on_the_scores_shown():
    data = random_data(3)
    assert column(grade(data), "segment") == column(
        grade(data, GradingOptions(method="quartiles-le")), "segment"
    )


def test_churn_flags_with_reasons():
    data = CustomerData(
        customers(3, satisfaction=[2.0, 5.0, np.nan]),
        orders([(0, "2024-01-05", 90), (1, "2024-06-30", 500), (2, "2024-03-31", 10)]),
        pd.DataFrame(
            {
                "customer_index": [1, 1, 1, 2],
                "date": pd.to_datetime(["2024-02-01", "2024-02-02", "2024-06-01", "2024-06-01"]),
            }
        ),
    )
    result = grade(data)
    assert column(result, "churn_risk") == ["high", "medium", "medium"]
    assert column(result, "churn_reasons") == [
        "no_recent_sale;low_satisfaction",
        "fewer_contacts",
        "no_recent_sale",
    ]


def test_satisfaction_is_the_mean_of_twelve_months():
    feedback = pd.DataFrame(
        {
            "customer_index": [0, 0, 0, 1],
            "date": pd.to_datetime(["2024-06-01", "2024-05-01", "2023-06-30", "2020-01-01"]),
            "satisfaction": [5.0, 4, 1, 1],
        }
    )
    data = CustomerData(customers(3, satisfaction=[1.0, 3.0, np.nan]), orders(FOUR[:4]), feedback=feedback)
    result = grade(data)
    assert column(result, "satisfaction")[:2] == [4.5, 3]
    assert column(result, "satisfaction_class") == ["satisfied", "neutral", "unknown"]


def test_profit_from_cost_or_margin_rate():
    data = CustomerData(
        customers(5, margin_rate=[0.5] * 5), orders(FOUR, cost=[200.0, 300, np.nan, 30, 30, 5])
    )
    assert column(grade(data), "profit") == [300, 45, 0, -5, 0]
    data = CustomerData(customers(5), orders(FOUR))
    assert column(grade(data, GradingOptions(margin_rate=0.2)), "profit")[:2] == [160, 18]


def test_need_type_from_orders_counts_orders_not_rows():
    rows = [(0, "2024-01-01", 10)] * 3 + [(0, "2024-01-02", 10)]
    table = orders(rows, order_id=[1, 1, 1, 2], discount=[0, 0, 0, 0.2])
    assert column(grade(CustomerData(customers(1), table)), "need_type") == ["price_sensitive"]


def test_referrals_are_found_by_id_or_name():
    people = customers(3, referrer=["", "K0", "客户0"])
    assert grade(CustomerData(people, orders(FOUR[:4]))).facts.referrals.tolist() == [2, 0, 0]


def test_a_million_orders_reconcile():
    data = random_data(9, n=20_000, rows=1_000_000)
    result = grade(data)
    assert result.totals["order_rows"] == 1_000_000
    assert round(result.totals["amount_total"] * 100) == round(data.orders["amount"].mul(100).round().sum())


def test_own_rules_fill_the_segment():
    from udfs.segments import parse_rules

    options = GradingOptions(scheme="own", segment_rules=parse_rules(["金牌: R3-5", "银牌: R1-2"]))
    result = grade(CustomerData(customers(5), orders(FOUR)), options)
    assert set(column(result, "segment")) <= {"金牌", "银牌", "prospects"}
    assert result.segments["customers"].sum() == 5


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_laws(seed):
    """One class each, totals that reconcile, input unchanged, the same twice, shuffled, and in 万元."""
    data = random_data(seed)
    copies = [None if t is None else t.copy(deep=True) for t in (data.customers, data.orders, data.feedback)]
    result = grade(data)
    for key in CLASSES + MORE:
        group = result.segment_group if key == "segment" else key
        assert set(column(result, key)) <= set(terms.codes(group)), key
        assert result.summary(key)["customers"].sum() == 40
    assert result.totals["amount_total"] == pytest.approx(data.orders["amount"].sum(), abs=1e-6)
    for before, after in zip(copies, (data.customers, data.orders, data.feedback), strict=True):
        pd.testing.assert_frame_equal(before, after)
    pd.testing.assert_frame_equal(result.grades, grade(data).grades)
    shuffled = CustomerData(
        data.customers, data.orders.sample(frac=1, random_state=seed), data.contacts, data.feedback
    )
    pd.testing.assert_frame_equal(result.grades, grade(shuffled).grades)
    wan = grade(random_data(seed, unit=10_000)).grades
    same = [*CLASSES, *MORE, "rfm", "grade_score", "loyalty_score", "rank"]
    pd.testing.assert_frame_equal(result.grades[same], wan[same])
