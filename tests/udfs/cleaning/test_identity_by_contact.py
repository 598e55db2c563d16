"""Tables that name nobody but a telephone number or an e-mail address."""

from __future__ import annotations

import datetime as dt

import numpy as np

from udfs.cleaning.assemble import Cleaned, assemble
from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.options import CleaningOptions

DAY = dt.date(2024, 3, 1)


def table(role: str, headers: dict[str, str], *rows: list[object]) -> RawTable:
    """A table of these rows; `headers` by field key, in the order of the cells."""
    cells = zip(*rows, strict=True)
    columns = {key: Column.from_values(column) for key, column in zip(headers, cells, strict=True)}
    return RawTable(role, role, None, 1, np.arange(2, 2 + len(rows)), columns, dict(headers))


def orders(header: str, *rows: list[object]) -> RawTable:
    named = {"customer_id": header, "customer": "收货人", "order_date": "日期", "amount": "金额"}
    return table("orders", named, *([who, name, DAY, amount] for who, name, amount in rows))


def clean(*tables: RawTable) -> Cleaned:
    return assemble({t.role: [t] for t in tables}, CleaningOptions(today=dt.date(2024, 6, 1)))


def totals(cleaned: Cleaned) -> dict[str, float]:
    """Amount by customer, "id/name"."""
    found = cleaned.data.orders.groupby("customer_index")["amount"].sum()
    who = cleaned.data.customers
    return {f"{who.customer_id[i]}/{who.customer[i]}": float(x) for i, x in found.items()}


def test_one_telephone_in_three_spellings_is_one_customer() -> None:
    cleaned = clean(
        orders(
            "手机号", ["13800138000", "张伟", 1], [13800138000, "张伟", 2], ["+86 138-0013-8000", "张先生", 4]
        )
    )
    assert totals(cleaned) == {"13800138000/张伟": 7}


def test_two_people_of_one_name_are_two_customers() -> None:
    cleaned = clean(orders("手机号", ["13800138000", "张伟", 1], ["13900139000", "张伟", 2]))
    assert totals(cleaned) == {"13800138000/张伟": 1, "13900139000/张伟": 2}


def test_an_email_in_capitals_is_the_same() -> None:
    cleaned = clean(orders("Email", ["ann@example.com", "Ann", 1], ["Ann@Example.com", None, 2]))
    assert totals(cleaned) == {"ann@example.com/Ann": 3}


def test_a_masked_telephone_says_nothing_and_the_name_decides() -> None:
    cleaned = clean(orders("手机号", ["138****8000", "张伟", 1], ["139****9000", "李娜", 2]))
    assert totals(cleaned) == {"/张伟": 1, "/李娜": 2}


def test_the_customer_table_is_asked_for_the_telephone() -> None:
    customers = table(
        "customers",
        {"customer_id": "客户编号", "customer": "客户名称", "phone": "电话"},
        ["C1", "华泰", "021-68881234、13800138000"],
        ["C2", "新力", "13900139000"],
    )
    cleaned = clean(customers, orders("手机号", ["13800138000", "前台", 1], ["139 0013 9000", "王", 2]))
    assert totals(cleaned) == {"C1/华泰": 1, "C2/新力": 2}


def test_a_telephone_two_customers_share_leaves_it_to_the_name() -> None:
    customers = table(
        "customers",
        {"customer_id": "客户编号", "customer": "客户名称", "phone": "电话"},
        ["C1", "华泰", "13800138000"],
        ["C2", "新力", "13800138000"],
    )
    cleaned = clean(customers, orders("手机号", ["13800138000", "新力", 1]))
    assert totals(cleaned) == {"C2/新力": 1}


def test_a_customer_table_of_telephones_only() -> None:
    customers = table(
        "customers",
        {"customer_id": "手机号", "total_amount": "累计消费", "last_order_date": "最近消费"},
        ["13800138000", 100, DAY],
        ["13900139000", 200, DAY],
    )
    assert clean(customers).data.customers["customer"].tolist() == ["13800138000", "13900139000"]


def test_names_are_shown_as_their_user_writes_them_and_still_join() -> None:
    customers = table("customers", {"customer": "客户名称"}, ["华泰科技（上海）有限公司"], [" 深圳 前海数据"])
    named = table(
        "orders",
        {"customer": "客户", "order_date": "日期", "amount": "金额"},
        ["华泰科技(上海)有限公司 ", DAY, 1],
        ["深圳前海数据", DAY, 2],
        ["新力（北京）", DAY, 4],
    )
    customers.columns["total_amount"] = Column.from_values([0, 0])
    assert totals(clean(customers, named)) == {
        "/华泰科技（上海）有限公司": 1,
        "/深圳 前海数据": 2,
        "/新力（北京）": 4,
    }
