"""Headers are recognised in both languages, and never two ways."""

from __future__ import annotations

import doctest

import pytest

from udfs import fields
from udfs.fields import Unit


def test_docstring_examples() -> None:
    assert doctest.testmod(fields).failed == 0


@pytest.mark.parametrize("role", fields.INPUT_ROLES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fields_own_header_names_it(role: str, lang: str) -> None:
    for f in fields.for_role(role):
        assert fields.key_of(f.header(lang), role) == f.key


@pytest.mark.parametrize("role", ["grades", "summary"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_output_headers_are_distinct(role: str, lang: str) -> None:
    headers = [f.header(lang) for f in fields.for_role(role)]
    assert len(set(headers)) == len(headers)


def test_added_columns_are_never_taken_as_input() -> None:
    for f in fields.for_role("added"):
        for role in fields.INPUT_ROLES:
            assert fields.key_of(f.header("zh"), role) is None
            assert fields.key_of(f.header("en"), role) is None


def test_every_field_has_both_languages() -> None:
    for f in fields.all_fields().values():
        assert f.header.zh
        assert f.header.en
        assert f.meaning.zh
        assert f.meaning.en


@pytest.mark.parametrize(
    ("header", "role", "key"),
    [
        ("买家实际支付金额", "orders", "amount"),
        ("订单付款时间 ", "orders", "order_date"),
        ("收货人姓名", "orders", "customer"),
        ("Lineitem quantity", "orders", "quantity"),
        ("Billing Name", "orders", "customer"),
        ("InvoiceNo", "orders", "order_id"),
        ("Name", "orders", "customer"),  # in Shopify's export it is the order, see exports.toml
        ("Name", "customers", "customer"),
        ("grand_total", "orders", "amount"),
        ("累计消费金额(万元)", "customers", "total_amount"),
        ("最近一次消费时间", "customers", "last_order_date"),
        ("日期", "orders", "order_date"),
        ("日期", "contacts", "contact_date"),
        ("日期", "feedback", "feedback_date"),
        ("*客户名称", "customers", "customer"),
        ("ＣＵＳＴＯＭＥＲ　ＩＤ", "orders", "customer_id"),
        ("客户的名称", "customers", "customer"),
        ("付款日期", "orders", "paid_date"),
        ("退货日期", "orders", None),
        ("Ship Date", "orders", None),
        ("Customer Note", "orders", None),
        ("未付款金额", "orders", None),
        ("State", "orders", None),
        ("", "orders", None),
        ("??", "orders", None),
    ],
)
def test_key_of(header: str, role: str, key: str | None) -> None:
    assert fields.key_of(header, role) == key


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("金额(万元)", Unit(10_000, "CNY")),
        ("金额/万元", Unit(10_000, "CNY")),
        ("销售额万元", Unit(10_000, "CNY")),
        ("金额(元)", Unit(1, "CNY")),
        ("金额（单位：千元）", Unit(1000, "CNY")),
        ("金额(万)", Unit(10_000, None)),
        ("Revenue (in thousands)", Unit(1000, None)),
        ("Sales (USD)", Unit(1, "USD")),
        ("Sales ($)", Unit(1, "USD")),
        ("Amount", Unit()),
        ("单价(元/件)", Unit(1, "CNY")),
        ("金额(含税)", Unit()),
    ],
)
def test_unit(header: str, unit: Unit) -> None:
    assert fields.unit(header) == unit
