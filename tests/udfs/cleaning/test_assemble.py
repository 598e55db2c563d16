"""Every row counts or is left out for one reason; tables are joined by id, else by name; sums are exact."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs import fields
from udfs.cleaning.assemble import Cleaned, assemble
from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.options import CleaningOptions
from udfs.texts import FenjiError

TODAY = CleaningOptions(today=dt.date(2024, 12, 31))


def table(
    role: str, sheet: str = "", headers: dict[str, str] | None = None, **columns: list[Any]
) -> RawTable:
    """A table with these cells by field key; other names are the user's own columns."""
    n = len(next(iter(columns.values())))
    cells = {key: Column.from_values(values) for key, values in columns.items()}
    known = {k: c for k, c in cells.items() if k in fields.all_fields()}
    return RawTable(
        role=role,
        sheet=sheet or role,
        name=None,
        header_row=1,
        rows=np.arange(2, n + 2, dtype=np.int32),
        columns=known,
        headers={k: fields.header(k, "zh") for k in known} | (headers or {}),
        letters={k: chr(65 + i) for i, k in enumerate(known)},
        own={k: c for k, c in cells.items() if k not in known},
    )


def orders(
    customer: list[Any], amount: list[Any], order_date: list[Any] | None = None, **more: Any
) -> RawTable:
    days = order_date or [dt.date(2024, 1, 1 + i % 28) for i in range(len(amount))]
    return table("orders", customer=customer, order_date=days, amount=amount, **more)


def clean(*tables: RawTable, options: CleaningOptions = TODAY) -> Cleaned:
    by_role: dict[str, list[RawTable]] = {}
    for t in tables:
        by_role.setdefault(t.role, []).append(t)
    return assemble(by_role, options)


def names(cleaned: Cleaned) -> list[str]:
    return cleaned.data.customers["customer"].tolist()


def listed(cleaned: Cleaned) -> list[tuple[int, str]]:
    return list(zip(cleaned.problems["row"], cleaned.problems["problem"], strict=True))


# What counts


def test_sales_and_the_reasons_for_leaving_rows_out() -> None:
    cleaned = clean(
        orders(
            customer=["甲", "甲", "甲", None, "甲", "测试客户", "甲", "甲", "甲"],
            order_date=[
                "2024-1-1",
                None,
                "2025-1-1",
                "2024-1-2",
                "2024-1-3",
                "2024-1-4",
                "2024-1-5",
                "2024-1-6",
                "下周",
            ],
            amount=[100, 5, 5, 5, "约5元", 5, -5, 0.01, 5],
        )
    )
    assert cleaned.data.left_out == {
        "test_order": 2, "no_date": 2, "future_date": 1, "no_customer": 1, "no_amount": 1, "negative_no_return": 1,
    }  # fmt: skip
    assert (cleaned.rows_read, cleaned.rows_used, cleaned.amount_total) == (9, 1, 100.0)
    assert listed(cleaned) == [
        (3, "no_date"), (4, "future_date"), (5, "no_customer"), (6, "unreadable_amount"), (7, "test_order"),
        (8, "negative_no_return"), (9, "test_order"), (10, "unreadable_date"),
    ]  # fmt: skip


def test_the_check_list_says_where_what_and_proposes() -> None:
    cleaned = clean(orders(["甲", "甲"], [1, "约3000元"]))
    assert cleaned.problems.to_dict("records") == [
        {"sheet": "orders", "row": 3, "column": "C", "header": "金额", "value": "约3000元", "problem": "unreadable_amount", "proposal": "3000"}
    ]  # fmt: skip


def test_every_row_has_one_verdict() -> None:
    cleaned = clean(orders([None, "甲"], [None, 1], order_date=[None, "2024-1-1"], status=["已取消", "完成"]))
    assert cleaned.data.left_out == {"not_a_sale": 1}


@pytest.mark.parametrize(
    "status", ["已取消", "交易关闭", "未付款", "等待买家付款", "Cancelled", "closed", "unpaid", "作废"]
)
def test_statuses_that_are_no_sale(status: str) -> None:
    cleaned = clean(orders(["甲", "甲"], [1, 2], status=["交易成功", status]))
    assert (cleaned.amount_total, cleaned.data.left_out) == (1.0, {"not_a_sale": 1})


@pytest.mark.parametrize("status", ["已退款", "退货", "退款成功", "Refunded", "returned"])
def test_statuses_that_are_returns(status: str) -> None:
    cleaned = clean(orders(["甲", "甲"], [10, -4], status=["交易成功", status]))
    assert cleaned.amount_total == 6.0
    assert cleaned.data.orders["is_return"].tolist() == [False, True]


@pytest.mark.parametrize(
    "status",
    ["交易成功", "已发货", "待发货", "Completed", "Paid", "部分退款", "partially_refunded", "未退款", None],
)
def test_statuses_that_are_sales(status: str | None) -> None:
    cleaned = clean(orders(["甲"], [10], status=[status]))
    assert (cleaned.amount_total, listed(cleaned)) == (10.0, [])


def test_an_unknown_status_counts_and_is_listed() -> None:
    cleaned = clean(orders(["甲"], [10], status=["某某"]))
    assert (cleaned.amount_total, listed(cleaned)) == (10.0, [(2, "unknown_status")])


def test_own_status_words_win() -> None:
    options = CleaningOptions(today=TODAY.today, not_sale_words=("某某",))
    assert clean(orders(["甲", "甲"], [10, 1], status=["某某", "完成"]), options=options).amount_total == 1.0


def test_a_refunded_row_with_a_positive_amount_is_subtracted_and_said() -> None:
    rows = orders(["甲", "甲"], [10, 4], status=["完成", "已退款"])
    cleaned = clean(rows)
    assert cleaned.amount_total == 6.0
    assert "1 行状态为退款而金额为正" in cleaned.notes[0].zh
    leave_out = clean(rows, options=CleaningOptions(today=TODAY.today, refunded_rows="leave_out"))
    assert (leave_out.amount_total, leave_out.data.left_out) == (10.0, {"not_a_sale": 1})


def test_returns_by_negative_quantity_and_by_order_number() -> None:
    cleaned = clean(
        orders(["甲"] * 4, [10, 4, -3, 2], quantity=[1, -1, 1, 1], order_id=["536", "537", "C538", "539"])
    )
    assert cleaned.data.orders["amount"].tolist() == [10, -4, -3, 2]
    assert cleaned.data.orders["is_return"].tolist() == [False, True, True, False]


def test_a_shop_that_numbers_every_order_with_c_has_no_returns() -> None:
    cleaned = clean(orders(["甲"] * 3, [10, 4, 3], order_id=["C1", "C2", "C3"]))
    assert not cleaned.data.orders["is_return"].any()


def test_missing_amounts_come_from_quantity_and_price_exactly() -> None:
    cleaned = clean(orders(["甲"] * 3, [None, 5, "看附件"], quantity=["3个", 2, 2], price=["¥0.10", 1, 1]))
    assert cleaned.data.orders["amount"].tolist() == [0.3, 5.0]
    assert cleaned.data.left_out == {"no_amount": 1}


def test_amounts_in_ten_thousands_by_the_header() -> None:
    cleaned = clean(orders(["甲", "甲"], [1.13, 0.0001], headers={"amount": "金额(万元)"}))
    assert cleaned.data.orders["amount"].tolist() == [11300.0, 1.0]
    assert cleaned.currency == "CNY"


def test_exact_duplicates_are_kept_and_marked_or_dropped_on_request() -> None:
    rows = orders(["甲", "甲", "甲"], [5, 5, 6], order_date=["2024-1-1"] * 3)
    assert (clean(rows).data.marked, clean(rows).amount_total) == ({"duplicate_row": 1}, 16.0)
    dropped = clean(rows, options=CleaningOptions(today=TODAY.today, drop_duplicates=True))
    assert (dropped.amount_total, dropped.data.left_out) == (11.0, {"duplicate_row": 1})


def test_amounts_far_above_the_mean_are_marked() -> None:
    cleaned = clean(orders(["甲"] * 30, [1] * 29 + [1000]))
    assert cleaned.data.marked == {"outlier": 1, "duplicate_row": 1}
    assert (31, "outlier") in listed(cleaned)


# Orders of several lines


def shopify(first: list[Any], **more: Any) -> RawTable:
    """Order 1 with two lines, order 2 with one; only first lines say whose, when, and the total."""
    return table(
        "orders", order_id=["#1", "#1", "#2"], customer=["甲", None, "乙"], order_date=["2024-1-1", None, "2024-1-2"],
        amount=first, quantity=[1, 2, 1], price=[10, 5, 7], **more,
    )  # fmt: skip


def test_further_lines_take_customer_and_date_and_totals_count_once() -> None:
    cleaned = clean(shopify([25, None, 9], status=["已取消", None, "paid"]))
    assert cleaned.data.left_out == {"not_a_sale": 2}
    cleaned = clean(shopify([25, None, 9]))
    assert cleaned.data.orders["amount"].tolist() == [12.5, 12.5, 9]
    assert cleaned.data.orders["customer_index"].tolist() == [0, 0, 1]
    assert "1 行是订单的后续明细行" in cleaned.notes[0].zh


def test_further_lines_with_amounts_of_their_own() -> None:
    assert clean(shopify([10, None, 7])).data.orders["amount"].tolist() == [10, 10, 7]
    assert clean(shopify([10, 10, 7])).data.orders["amount"].tolist() == [10, 10, 7]


def test_merged_cells_over_the_lines_of_an_order() -> None:
    rows = table(
        "orders", order_id=["1", None, None, "2"], customer=["甲", None, None, "乙"], product=["A", "B", None, "C"],
        order_date=["2024-1-1", None, None, "2024-1-2"], amount=[1, 2, 3, 4],
    )  # fmt: skip
    cleaned = clean(rows)
    assert cleaned.data.orders["amount"].tolist() == [1, 2, 4]  # a row without product may be a subtotal
    assert cleaned.data.orders["order_id"].tolist() == [0, 0, 1]
    assert cleaned.data.left_out == {"no_date": 1}


def test_first_and_last_names_make_a_name() -> None:
    rows = table(
        "orders",
        first_name=["Abbey", "娜", "Cher"],
        last_name=["Road", "李", None],
        order_date=["2024-1-1"] * 3,
        amount=[1, 2, 3],
    )
    assert names(clean(rows)) == ["Abbey Road", "李娜", "Cher"]


# Who is who


def test_orders_join_by_id_else_by_name() -> None:
    customers = table("customers", customer_id=["C1", "C2"], customer=["华泰(上海)", "新力"])
    cleaned = clean(
        customers,
        table(
            "orders",
            customer_id=["C2", None, "c1 "],
            customer=[None, " 华泰（上海） ", "别名"],
            order_date=["2024-1-1"] * 3,
            amount=[1, 2, 3],
        ),
    )
    assert names(cleaned) == ["华泰(上海)", "新力"]
    assert cleaned.data.orders["customer_index"].tolist() == [1, 0, 0]


def test_the_same_name_with_two_ids_stays_two_customers() -> None:
    customers = table("customers", customer_id=["C1", "C2"], customer=["华泰", "华泰"])
    cleaned = clean(
        customers,
        table(
            "orders",
            customer_id=["C2", "C1", None],
            customer=["华泰"] * 3,
            order_date=["2024-1-1"] * 3,
            amount=[1, 2, 3],
        ),
    )
    assert cleaned.data.orders["customer_index"].tolist() == [1, 0]
    assert cleaned.data.left_out == {"ambiguous_customer": 1}
    assert (4, "ambiguous_customer") in listed(cleaned)


def test_customers_of_the_orders_only_are_graded_and_listed() -> None:
    cleaned = clean(table("customers", customer_id=["C1"], customer=["甲"]), orders(["甲", "乙"], [1, 2]))
    assert names(cleaned) == ["甲", "乙"]
    assert cleaned.data.customers["source_row"].tolist() == [2, 0]
    assert cleaned.problems["value"].tolist() == ["乙"]
    assert cleaned.problems["problem"].tolist() == ["unknown_customer"]


def test_numbers_and_texts_are_one_id() -> None:
    cleaned = clean(
        table("customers", customer_id=[15100.0, "007"], customer=["甲", "乙"]),
        table("orders", customer_id=["15100", "007"], order_date=["2024-1-1"] * 2, amount=[1, 2]),
    )
    assert cleaned.data.orders["customer_index"].tolist() == [0, 1]


def test_ids_of_orders_reach_a_customer_table_without_ids() -> None:
    cleaned = clean(
        table("customers", customer=["甲", "乙"]),
        table(
            "orders",
            customer_id=["9", "8", "9"],
            customer=["甲", "乙", None],
            order_date=["2024-1-1"] * 3,
            amount=[1, 2, 3],
        ),
    )
    assert cleaned.data.customers["customer_id"].tolist() == ["9", "8"]
    assert cleaned.data.orders["customer_index"].tolist() == [0, 1, 0]


def test_a_customer_entered_twice_is_one_customer_with_two_records() -> None:
    cleaned = clean(
        table("customers", customer_id=["C1", "C1", "C2"], customer=["甲", "甲", "乙"]), orders(["甲"], [1])
    )
    assert cleaned.row_customer is not None
    assert cleaned.row_customer.tolist() == [0, 0, 1]
    assert (3, "duplicate_customer") in listed(cleaned)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["", "a", "b", "c"]), st.integers(1, 10**7)
    ),
    min_size=1,
    max_size=25,
)


@given(ROWS, st.randoms())
def test_the_order_of_rows_never_decides_who_is_who(rows: list[tuple[str, str, int]], random: Any) -> None:
    def totals(given: list[tuple[str, str, int]]) -> dict[tuple[str, str], Decimal]:
        raw = table(
            "orders",
            customer_id=[r[0] for r in given],
            customer=[r[1] for r in given],
            order_date=["2024-1-1"] * len(given),
            amount=[r[2] / 100 for r in given],
        )
        try:
            cleaned = clean(raw)
        except FenjiError:
            return {}
        ids = cleaned.data.customers["customer_id"].tolist()
        sums: dict[tuple[str, str], Decimal] = {}
        for index, amount in zip(
            cleaned.data.orders["customer_index"], cleaned.data.orders["amount"], strict=True
        ):
            # A customer is known by the id, or by the name where there is none.
            key = (ids[index], "" if ids[index] else names(cleaned)[index])
            sums[key] = sums.get(key, Decimal(0)) + Decimal(str(amount))
        return sums

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert totals(rows) == totals(shuffled)


@given(ROWS)
def test_rows_used_and_left_out_add_up_and_sums_are_exact(rows: list[tuple[str, str, int]]) -> None:
    raw = table(
        "orders",
        customer_id=[r[0] for r in rows],
        customer=[r[1] for r in rows],
        order_date=["2024-1-1" if r[2] % 7 else None for r in rows],
        amount=[r[2] / 100 for r in rows],
    )
    try:
        cleaned = clean(raw)
    except FenjiError:
        return
    assert cleaned.rows_used + sum(cleaned.data.left_out.values()) == cleaned.rows_read == len(rows)
    used = cleaned.data.orders["source_row"].to_numpy() - 2
    assert Decimal(str(cleaned.amount_total)) == sum(
        (Decimal(rows[i][2]).scaleb(-2) for i in used), Decimal(0)
    )


def test_confirmed_duplicates_are_one_customer() -> None:
    customers = table(
        "customers",
        customer_id=["C1", "C2", "C3"],
        customer=["科技有限公司", "新力", "科技(上海)有限公司"],
        phone=["13800138000", "", "13800138000"],
    )
    sales = table("orders", customer_id=["C1", "C3", "C2"], order_date=["2024-1-1"] * 3, amount=[1, 2, 4])
    apart = clean(customers, sales)
    assert apart.duplicates is not None
    assert apart.duplicates[["a", "b"]].values.tolist() == [["C1", "C3"]]
    assert (4, "likely_duplicate") in listed(apart)
    options = CleaningOptions(today=TODAY.today, merges=(("C1", "C3"), ("C1", "nobody")))
    merged = clean(customers, sales, options=options)
    assert merged.data.customers["customer_id"].tolist() == ["C1", "C2"]
    assert merged.data.customers["source_row"].tolist() == [2, 3]
    assert merged.data.orders["customer_index"].tolist() == [0, 0, 1]
    assert merged.row_customer.tolist() == [0, 1, 0]
    assert (4, "merged_customer") in listed(merged)
    assert merged.amount_total == apart.amount_total


# Other tables


def test_contacts_and_feedback_join_and_are_cleaned() -> None:
    cleaned = clean(
        orders(["甲", "乙"], [1, 2]),
        table(
            "contacts",
            customer=["乙", None, "丙"],
            contact_date=["2024-2-1", "2024-2-1", "某天"],
            contact_kind=["电话", "微信", "电话"],
        ),
        table(
            "feedback",
            customer=["甲", "甲"],
            feedback_date=["2024-2-1", "2030-1-1"],
            satisfaction=["不满意", "满意"],
        ),
    )
    contacts, feedback = cleaned.data.contacts, cleaned.data.feedback
    assert contacts is not None
    assert feedback is not None
    assert contacts["customer_index"].tolist() == [1]
    assert contacts["contact_kind"].tolist() == ["电话"]
    assert feedback["satisfaction"].tolist() == [2.0]
    assert {"no_customer", "unreadable_date", "future_date"} <= set(cleaned.problems["problem"])


def test_the_customer_table_in_types() -> None:
    cleaned = clean(
        table(
            "customers",
            headers={"revenue": "年营收(万元)", "margin_rate": "毛利率%"},
            customer=["甲", "乙", "丙"],
            phone=["138-0013-8000", None, "12"],
            region=["华 东", "江苏省", "火星"],
            city=[None, None, "成都"],
            revenue=[5000, "1.2万", "很多"],
            margin_rate=[15, 20, None],
            first_contact=["2020年1月2日", None, None],
            satisfaction=["非常满意", 3, "★★"],
            do_not_contact=["是", "否", None],
            age=[30, "25-34岁", None],
            会员卡=["金", None, "银"],
        ),
        orders(["甲"], [1]),
    )
    c = cleaned.data.customers
    assert c["region"].tolist() == ["华东", "华东", "火星"]
    assert c["province"].tolist() == ["", "", "四川"]
    assert c["revenue"].tolist()[:2] == [5e7, 1.2e8]
    assert np.isnan(c["revenue"][2])
    assert c["margin_rate"].tolist()[:2] == [0.15, 0.2]
    assert c["first_contact"][0] == dt.datetime(2020, 1, 2)
    assert c["satisfaction"].tolist() == [5, 3, 2]
    assert c["do_not_contact"].tolist() == [True, False, False]
    assert c["age"].tolist()[:2] == [30, 29.5]
    assert c["会员卡"].tolist() == ["金", "", "银"]
    assert c["source_row"].tolist() == [2, 3, 4]
    assert cleaned.data.marked == {"missing_contact": 1}
    assert {(3, "missing_contact"), (4, "invalid_phone"), (4, "unreadable_number")} <= set(listed(cleaned))


def test_a_customer_table_with_totals_needs_no_orders() -> None:
    cleaned = clean(
        table(
            "customers",
            customer=["甲", "乙"],
            last_order_date=["2024-1-1", None],
            order_count=[3, None],
            total_amount=["86元", None],
        )
    )
    assert cleaned.data.orders is None
    assert cleaned.data.customers["total_amount"].tolist()[0] == 86.0
    assert cleaned.data.customers["order_count"].tolist()[0] == 3.0


def test_totals_in_the_future_and_below_zero() -> None:
    rows = table(
        "customers", headers={"total_amount": "累计消费(元)"}, customer=["甲", "乙"], last_order_date=["2050-1-1", "2024-1-1"],
        order_count=[3, 1], total_amount=[10, -5],
    )  # fmt: skip
    cleaned = clean(rows)
    assert cleaned.data.customers["last_order_date"].isna().tolist() == [True, False]
    assert (cleaned.data.left_out, cleaned.currency) == ({"future_date": 1}, "CNY")
    assert listed(cleaned) == [(2, "future_date"), (3, "negative_total")]


def test_one_sheet_a_month_is_one_order_table() -> None:
    january = orders(["甲", "乙"], [1, 2], order_id=["1", "2"], product=["A", "B"])
    february = orders(["乙", "丙"], [4, 8], order_id=["3", "2"])
    cleaned = clean(january, february)
    assert cleaned.data.orders is not None
    assert cleaned.data.orders["order_id"].tolist() == [0, 1, 2, 1]
    assert cleaned.data.orders["product"].tolist()[:2] == ["A", "B"]
    assert cleaned.amount_total == 15.0
    assert names(cleaned) == ["甲", "乙", "丙"]


def test_rows_without_order_number_are_an_order_per_customer_and_day() -> None:
    cleaned = clean(
        orders(
            ["甲"] * 3 + ["乙"],
            [1] * 4,
            order_date=["2024-1-1", "2024-1-1", "2024-1-2", "2024-1-1"],
            order_id=[None] * 4,
        )
    )
    assert cleaned.data.orders["order_id"].tolist() == [0, 0, 1, 2]


# Bad input: a clear sentence in both languages


def said(*tables: RawTable, options: CleaningOptions = TODAY) -> FenjiError:
    with pytest.raises(FenjiError) as error:
        clean(*tables, options=options)
    return error.value


def test_no_tables() -> None:
    assert "No customer or order table" in said().text.en


def test_a_customer_table_only() -> None:
    error = said(table("customers", "客户", customer=["甲"], phone=["1"]))
    assert "只找到客户表“客户”" in error.text.zh


def test_no_date_column() -> None:
    assert "has no order date column" in said(table("orders", customer=["甲"], amount=[1])).text.en


def test_no_usable_date() -> None:
    error = said(orders(["甲", "乙"], [1, 2], order_date=["下周", "某天"]))
    assert error.text.zh == (
        "工作表“orders”的 2 行订单没有一行能用，主要原因：没有日期（列“订单日期”），2 行。请检查这一列的内容和表头是否对应。"
    )


def test_every_amount_missing() -> None:
    assert "no amount (column '金额'), 2 rows" in said(orders(["甲", "乙"], [None, None])).text.en


def test_all_dates_in_the_future() -> None:
    assert "date in the future" in said(orders(["甲"], [1], order_date=["2050-1-1"])).text.en


def test_headers_without_orders() -> None:
    assert "有表头，没有订单" in said(orders([], [], order_date=[], status=[])).text.zh


def test_mixed_currencies_are_named_and_counted() -> None:
    rows = orders(["甲", "乙", "丙"], [1, 2, 3], currency=["CNY", "美元", "人民币"])
    error = said(rows)
    assert "CNY (2)、USD (1)" in error.text.zh
    rates = CleaningOptions(today=TODAY.today, rates={"CNY": 1, "USD": 7})
    assert clean(rows, options=rates).amount_total == 18.0


def test_mixed_currency_signs_in_amounts() -> None:
    assert "USD (1)" in said(orders(["甲", "乙"], ["5元", "$5"])).text.en


def test_one_customer_and_identical_customers() -> None:
    assert names(clean(orders(["甲"], [1]))) == ["甲"]
    assert len(clean(orders([f"客户{i}" for i in range(5)], [1] * 5)).data.customers) == 5


def test_the_input_is_never_changed() -> None:
    raw = orders(["甲", "乙"], [5, -3], quantity=[1, -1], cost=[2, 1])
    before = {k: c.number.copy() for k, c in raw.columns.items()}
    clean(raw)
    for key, numbers in before.items():
        assert np.array_equal(raw.columns[key].number, numbers, equal_nan=True)


def test_own_regions_spelled_in_several_ways_are_one():
    customers = table(
        "customers", customer=["A", "B", "C", "D"], region=["East", "EAST ", "east region", "East"]
    )
    cleaned = clean(customers, orders(["A", "B", "C", "D"], [1, 2, 3, 4]))
    assert cleaned.data.customers["region"].tolist() == ["East"] * 4
