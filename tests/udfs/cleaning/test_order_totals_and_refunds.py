"""Orders of several rows count once, and what was paid back does not count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.udfs.cleaning.test_assemble import TODAY, clean, orders, table
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.order_totals import spread
from udfs.cleaning.statuses import meaning_of


def items(amount: list[Any], header: str = "订单金额", **more: Any) -> Any:
    """Orders 1 (A and B), 2 (A and C), 3 (B and C)."""
    columns = {"product": list("ABACBC"), "order_id": ["1", "1", "2", "2", "3", "3"]} | more
    return orders(["甲"] * 6, amount, headers={"amount": header}, **columns)


def amounts(cleaned: Any) -> list[float]:
    return cleaned.data.orders["amount"].tolist()


def test_a_total_on_every_row_of_its_order_counts_once() -> None:
    cleaned = clean(items([30, 30, 50, 50, 80, 80]))
    assert amounts(cleaned) == [30, 0, 50, 0, 80, 0]
    assert cleaned.notes[0].zh.startswith("工作表“orders”的“订单金额”是整张订单的金额，在每个明细行上重复")


def test_it_is_spread_by_quantity_and_price() -> None:
    cleaned = clean(
        items([33, 33, 50, 50, 80, 80], "金额", quantity=[1, 2, 1, 1, 1, 3], price=[10, 10, 25, 25, 20, 20])
    )
    assert amounts(cleaned) == [11, 22, 25, 25, 20, 60]


def test_amounts_of_the_rows_themselves_stay() -> None:
    same_price = items([9.9] * 6, quantity=[1] * 6, price=[9.9] * 6)
    assert amounts(clean(same_price)) == [9.9] * 6
    assert amounts(clean(items([9.9] * 6))) == [9.9] * 6  # one price in the whole shop
    assert amounts(clean(items([30, 30, 50, 51, 80, 80]))) == [30, 30, 50, 51, 80, 80]
    assert amounts(clean(items([30, 30, 50, 50, 80, 80], "金额"))) == [
        30,
        30,
        50,
        50,
        80,
        80,
    ]  # too few to tell


def test_rows_entered_twice_are_no_items() -> None:
    rows = orders(
        ["甲"] * 6, [30, 30, 50, 50, 80, 80], ["2024-1-1"] * 6, headers={"amount": "订单金额"},
        product=["A"] * 6, order_id=["1", "1", "2", "2", "3", "3"],
    )  # fmt: skip
    cleaned = clean(rows)
    assert (cleaned.amount_total, cleaned.data.marked) == (320.0, {"duplicate_row": 3})


def test_shopify_repeats_date_and_email_but_not_the_total() -> None:
    rows = table(
        "orders", order_id=["#1", "#1", "#2"], customer_id=["a@b.cn", "a@b.cn", "c@d.cn"], order_date=["2024-1-1"] * 3,
        amount=[25, None, 9], quantity=[1, 2, 1], price=[10, 5, 7],
    )  # fmt: skip
    assert amounts(clean(rows)) == [12.5, 12.5, 9]


def test_one_forgotten_amount_is_not_taken_for_a_further_line() -> None:
    rows = items([30, 31, 50, None, 80, 81])
    assert clean(rows).data.left_out == {"no_amount": 1}


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.lists(st.floats(0.01, 1000), min_size=6, max_size=6),
)
def test_parts_add_up_to_the_cent(cents: list[int], prices: list[float]) -> None:
    total = sum(cents) / 100
    parts = spread(np.array([total, 0, 0, 0, 0, 0]), np.array(prices), np.zeros(6, int))
    assert sum(round(p * 100) for p in parts) == sum(cents)
    assert (np.abs(parts * 100 - np.rint(parts * 100)) < 1e-6).all()


def test_refunded_amounts_are_subtracted_and_orders_paid_back_in_full_do_not_count() -> None:
    cleaned = clean(orders(["甲"] * 3, [10.3, 5, 7], refunded=[0.1, 5, None]))
    assert amounts(cleaned) == [10.2, 7]
    assert cleaned.data.left_out == {"not_a_sale": 1}
    assert "2 张订单有退款，金额已减去“退款金额”" in cleaned.notes[0].zh


def test_a_refund_of_an_order_of_several_rows() -> None:
    rows = items(
        [30, 30, 50, 50, 80, 80],
        quantity=[1] * 6,
        price=[10, 20, 25, 25, 40, 40],
        refunded=[0, 0, 50, 50, 20, 20],
    )
    cleaned = clean(rows)
    assert amounts(cleaned) == [10, 20, 30, 30]
    assert cleaned.data.left_out == {"not_a_sale": 2}


def refunded(numbers: list[str], **more: Any) -> Any:
    return orders(["甲"] * 3, [10, 4, 6], status=["完成", "已退款", "完成"], order_id=numbers, **more)


def test_a_sale_whose_status_became_refunded_is_no_sale_and_not_subtracted() -> None:
    cleaned = clean(refunded(["A1", "A2", "A3"]))
    assert (amounts(cleaned), cleaned.data.left_out) == ([10, 6], {"not_a_sale": 1})
    assert "从订单号看是原销售行改了状态，没有计入" in cleaned.notes[0].zh


@pytest.mark.parametrize("numbers", [["A1", "A1", "A2"], ["A1", "TH2", "A3"], ["A1", None, "A3"]])
def test_a_refund_beside_its_sale_is_subtracted(numbers: list[str]) -> None:
    assert amounts(clean(refunded(numbers))) == [10, -4, 6]


def test_a_return_by_type_is_subtracted_whatever_its_number() -> None:
    rows = orders(["甲"] * 3, [10, 4, 6], order_type=["销售", "退货", "销售"], order_id=["A1", "A2", "A3"])
    assert amounts(clean(rows)) == [10, -4, 6]


def test_the_setting_decides_when_it_is_set() -> None:
    subtract = CleaningOptions(today=TODAY.today, refunded_rows="subtract")
    assert amounts(clean(refunded(["A1", "A2", "A3"]), options=subtract)) == [10, -4, 6]
    leave_out = CleaningOptions(today=TODAY.today, refunded_rows="leave_out")
    assert amounts(clean(refunded(["A1", "A1", "A3"]), options=leave_out)) == [10, 6]


@pytest.mark.parametrize(
    ("stage", "meaning"),
    [("Closed Won", "sale"), ("closedwon", "sale"), ("Closed Lost", "not_a_sale"), ("Negotiation/Review", "not_a_sale"),
     ("Qualification", "not_a_sale"), ("contractsent", "not_a_sale"), ("赢单", "sale"), ("输单", "not_a_sale"),
     ("商务谈判", "not_a_sale"), ("(删除)等待确认收货", "not_a_sale"), ("未发货，退款成功", "return")],
)  # fmt: skip
def test_stages_of_opportunities_and_more_statuses(stage: str, meaning: str) -> None:
    assert meaning_of(stage) == meaning
