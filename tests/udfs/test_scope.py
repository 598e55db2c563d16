"""Periods and filters as people type them."""

import datetime as dt

import pandas as pd
import pytest

from tests.udfs.small_data import customers, orders
from udfs import scope
from udfs.customer_data import CustomerData
from udfs.scope import Filter, parse_period, parse_where
from udfs.texts import FenjiError

END = dt.date(2024, 8, 31)


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("2024", "2024-01-01..2024-12-31"), ("2024年", "2024-01-01..2024-12-31"),
        ("2024Q3", "2024-07-01..2024-09-30"), ("2024-q1", "2024-01-01..2024-03-31"),
        ("2024年第四季度", "2024-10-01..2024-12-31"), ("2024H2", "2024-07-01..2024-12-31"),
        ("2024年上半年", "2024-01-01..2024-06-30"), ("2024-02", "2024-02-01..2024-02-29"),
        ("2024年2月", "2024-02-01..2024-02-29"), ("2024-01-15..2024-03-01", "2024-01-15..2024-03-01"),
        ("2024.1.5至2024.1.9", "2024-01-05..2024-01-09"), ("2024年1月5日 到 2024年1月9日", "2024-01-05..2024-01-09"),
        ("last-6-months", "2024-03-01..2024-08-31"), ("last 2 weeks", "2024-08-18..2024-08-31"),
        ("近30天", "2024-08-02..2024-08-31"), ("近1年", "2023-09-01..2024-08-31"),
    ],
)  # fmt: skip
def test_periods(typed, period):
    assert str(parse_period(typed, END)) == period


@pytest.mark.parametrize(
    "typed", ["", "2024Q5", "2024-13", "soon", "2024-03-01..2024-01-01", "last-x-months", "0000"]
)
def test_a_period_that_is_none_is_refused(typed):
    with pytest.raises(FenjiError, match="is not understood"):
        parse_period(typed, END)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("地区=华东", Filter("地区", "=", ("华东",))), ("地区 == '华东'", Filter("地区", "=", ("华东",))),
        ("员工数≥100", Filter("员工数", ">=", ("100",))), ("行业≠零售", Filter("行业", "!=", ("零售",))),
        ("地区 in (华东、华南)", Filter("地区", "in", ("华东", "华南"))),
        ("region IN East,South", Filter("region", "in", ("East", "South"))),
    ],
)  # fmt: skip
def test_filters(typed, found):
    assert parse_where(typed) == found


@pytest.mark.parametrize("typed", ["", "地区", "=华东", "地区="])
def test_a_filter_that_is_none_is_refused(typed):
    with pytest.raises(FenjiError, match="is not understood"):
        parse_where(typed)


def kept(*where):
    people = customers(
        4,
        staff=[5, 50, 500, None],
        region=pd.Categorical(["华东", "华南", "华东", None]),
        do_not_contact=[True, False, False, False],
        first_contact=pd.to_datetime(["2024-01-01", "2023-01-01", None, "2024-05-05"]),
        我的标签=["重点", "普通", "重点 ", ""],
    )
    rows = [(i, "2024-06-01", 10) for i in range(4)]
    found = scope.apply(CustomerData(people, orders(rows)), where=where)
    return found.data.customers["customer_id"].tolist()


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (["员工数>=50"], ["K1", "K2"]), (["员工数<50"], ["K0"]), (["staff=50"], ["K1"]), (["地区=华东"], ["K0", "K2"]),
        (["地区!=华东"], ["K1", "K3"]), (["地区=华东", "员工数>5"], ["K2"]), (["我的标签=重点"], ["K0", "K2"]),
        (["do_not_contact=是"], ["K0"]), (["do_not_contact=no"], ["K1", "K2", "K3"]),
        (["first_contact>2023-06-01"], ["K0", "K3"]), (["first_contact=2023-01-01"], ["K1"]),
    ],
)  # fmt: skip
def test_customers_that_fit(where, ids):
    assert kept(*where) == ids


@pytest.mark.parametrize("where", ["staff>many", "first_contact>soon", "do_not_contact=maybe"])
def test_a_value_of_the_wrong_kind_is_refused(where):
    with pytest.raises(FenjiError, match="must be"):
        kept(where)


def test_rows_are_counted_once():
    rows = [(0, "2024-01-01", 10), (1, "2024-02-01", 10), (1, "2024-05-01", 10), (0, "2024-05-02", 10)]
    data = CustomerData(customers(2, region=["华东", "华南"]), orders(rows), left_out={"no_date": 1})
    found = scope.apply(data, where=["地区=华南"], period="2024-05", as_of=dt.date(2024, 5, 31))
    assert found.data.left_out == {"no_date": 1, "outside_scope": 2, "outside_period": 1}
    assert data.left_out == {"no_date": 1}
    assert len(found.data.orders) == 1


def test_a_period_without_orders_says_from_when_to_when_there_are_some():
    data = CustomerData(customers(1), orders([(0, "2024-01-05", 10), (0, "2024-03-01", 10)]))
    with pytest.raises(FenjiError, match=r"The orders are of 2024-01-05\.\.2024-03-01"):
        scope.apply(data, period="2019")
