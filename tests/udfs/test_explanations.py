"""Each sentence holds the customer's own numbers and a true statement about the next step."""

import re

import numpy as np

from tests.udfs.small_data import customers, orders, random_data
from udfs.customer_data import CustomerData
from udfs.grading import grade
from udfs.options import GradingOptions


def sentences(rows, lang="zh", n=None, **options):
    data = CustomerData(customers(n or 1 + max(r[0] for r in rows)), orders(rows))
    return grade(data, GradingOptions(**options), lang=lang).grades["explanation"].tolist()


CUTS = {"method": "cuts", "cuts": ((10, 30, 60, 90), (2, 4, 6, 8), (100, 1000, 10_000, 20_000))}
ROWS = [
    (0, "2024-06-20", 12_000), (0, "2024-06-30", 500), (1, "2024-05-01", 90), (2, "2024-06-30", 55),
    (3, "2024-06-30", -20),
]  # fmt: skip


def test_chinese():
    found = sentences(ROWS, n=5, **CUTS)
    assert (
        found[0]
        == "距上次消费 1 天（R5）、2 单（F2）、1.3 万元（M4）：重要价值客户，定为高价值客户（81.5 分）。再消费 7,500 元可达 M5。"
    )
    assert found[1].startswith("距上次消费 61 天（R2）、仅 1 单（F1）、90 元（M1）：一般挽留客户，")
    assert found[1].endswith("再下 1 单可达 R5、F2。")
    assert found[3] == "只有退货记录（-20 元），没有成交：潜在客户。"
    assert found[4] == "还没有成交记录：潜在客户，首次成交后参与评分。"


def test_points_to_the_next_grade():
    assert "，定为低价值客户（37 分，再得 3 分为中价值客户）。" in sentences(ROWS, n=5, **CUTS)[1]
    assert " points, " in sentences(ROWS, "en", n=5, **CUTS)[1]
    assert " short of medium-value customer)." in sentences(ROWS, "en", n=5, **CUTS)[1]


def test_english():
    found = sentences(ROWS, "en", n=5, currency="USD", **CUTS)
    assert found[0].startswith("Last purchase 1 day ago (R5), 2 orders (F2), $12,500 (M4): ")
    assert found[0].endswith(" $7,500 more would reach M5.")
    assert found[1].endswith(" 1 more order would reach R5 and F2.")
    assert found[2].startswith("Last purchase 1 day ago (R5), only 1 order (F1), $55 (M1): ")
    assert found[3] == "Returns only (-$20), no sale: a prospect."


def test_all_at_the_top():
    found = sentences(
        [(0, "2024-06-30", 99_999)] * 1 + [(0, f"2024-06-{d}", 1) for d in range(10, 20)], **CUTS
    )
    assert found[0].endswith("三项得分均为最高，重在保持。")


def test_a_high_risk_names_its_reasons():
    data = CustomerData(
        customers(2, satisfaction=[1.0, 5.0]), orders([(0, "2024-01-01", 5), (1, "2024-06-30", 9)])
    )
    found = grade(data).grades["explanation"].tolist()
    assert "流失风险高：近 3 个月无成交、满意度低于 3 分。" in found[0]
    assert "流失风险" not in found[1]


def test_a_grade_set_by_hand_says_so():
    data = CustomerData(customers(1, manual_grade=["高价值客户"]), orders([(0, "2024-01-01", 5)]))
    assert "定为高价值客户（人工调整）。" in grade(data).grades["explanation"][0]
    assert "high-value customer (set by hand)." in grade(data, lang="en").grades["explanation"][0]


def test_own_names_are_used():
    data = CustomerData(customers(1), orders([(0, "2024-01-01", 5)]))
    options = GradingOptions(names={"class8.111": "钻石客户"})
    assert "钻石客户" in grade(data, options).grades["explanation"][0]


def test_spending_what_is_said_really_raises_the_score():
    data = random_data(5, n=60, rows=500)
    result = grade(data, GradingOptions(currency="CNY"), lang="en")
    checked = 0
    for row in result.grades.to_dict("records"):
        if hit := re.search(r"¥([\d,.]+) more would reach M(\d)", row["explanation"]):
            amount = row["monetary"] + float(hit[1].replace(",", ""))
            score = result.cut_points.monetary.score(np.array([amount]))[0]
            assert score == int(hit[2]) > row["m"]
            checked += 1
    assert checked > 3
