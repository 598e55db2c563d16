"""Potential: who could buy more, with the reasons."""

import numpy as np
import pandas as pd

from tests.udfs.small_data import customers, orders, random_data
from udfs.customer_data import CustomerData
from udfs.grading import grade
from udfs.options import GradingOptions


def test_signs_make_a_high_potential_customer():
    people = customers(3, industry=["医药", "零售", "医药"], source=["老客户转介绍", "展会", "展会"])
    table = orders([(i, "2024-06-01", 50) for i in range(3)], product=["普通茶", "普通茶", "核心茶 A"])
    options = GradingOptions(core_products=("核心茶",), industry_growth={"医药": 0.25, "零售": 0.2})
    found = grade(CustomerData(people, table), options).grades
    assert found["potential"].tolist() == ["high", "medium", "medium"]
    assert found["potential_reasons"].tolist() == [
        "no_core_product;growing_industry;came_by_referral",
        "no_core_product",
        "growing_industry",
    ]


def test_rising_customers_are_named():
    rows = [
        (0, "2023-04-01", 10),
        (0, "2023-07-01", 10),
        (0, "2023-10-01", 10),
        (0, "2024-01-01", 10),
        (0, "2024-03-30", 10),
    ]
    rows += [(1, f"2023-{m:02d}-15", 10 * m) for m in range(4, 13)] + [
        (1, f"2024-0{m}-10", 200) for m in (1, 1, 2, 2, 3, 3)
    ]
    found = grade(CustomerData(customers(6), orders(rows + [(i, "2024-03-01", 9) for i in (2, 3, 4)]))).grades
    assert "rising_amount" in found["potential_reasons"][1]
    assert "rising_amount" not in found["potential_reasons"][0]
    assert found["potential"].tolist()[5] == "prospects"
    assert np.isnan(found["potential_score"][5])


def test_growth_of_the_own_sales_by_industry():
    people = customers(2, industry=["医药", "零售"])
    rows = [(0, "2022-04-01", 100), (0, "2024-03-01", 130), (1, "2022-04-01", 100), (1, "2024-03-01", 110)]
    found = grade(CustomerData(people, orders(rows))).grades
    assert "growing_industry" in found["potential_reasons"][0]
    assert "growing_industry" not in found["potential_reasons"][1]


def test_the_money_unit_does_not_matter():
    keys = ["potential", "potential_score", "potential_reasons"]
    yuan, wan = (grade(random_data(8, unit=u)).grades[keys] for u in (1, 10_000))
    pd.testing.assert_frame_equal(yuan, wan)
