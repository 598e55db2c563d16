"""Words for satisfaction, regions, telephone numbers, discounts, currencies, industries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cleaning import industries, regions
from udfs.cleaning.columns import Column
from udfs.cleaning.discounts import share_off
from udfs.cleaning.names import company_key, join_key
from udfs.cleaning.phones import is_email, normal_phone
from udfs.cleaning.satisfaction import parse_satisfaction
from udfs.cleaning.spelling import joined, text_codes, texts_of
from udfs.cleaning.statuses import meaning_of, says_test
from udfs.currencies import currency_code


def satisfaction(values: list[object], header: str = "满意度") -> list[float | None]:
    scores = parse_satisfaction(Column.from_values(values), header)
    return [None if np.isnan(v) else float(v) for v in scores.values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("非常满意", 5), ("很满意", 5), ("满意", 4), ("比较满意", 4), ("一般", 3), ("还可以", 3), ("不太满意", 2), ("不满意", 2),
        ("较差", 2), ("非常不满意", 1), ("很差", 1), ("差评", 1), ("Very satisfied", 5), ("Satisfied", 4), ("Neutral", 3),
        ("Dissatisfied", 2), ("Very dissatisfied", 1), ("unsatisfied", 2), ("not satisfied", 2), ("Excellent", 5), ("★★★★☆", 4),
        ("⭐⭐", 2), ("五星", 5), ("4星", 4), ("3 stars", 3), ("4/5", 4), ("8/10", 4.2), ("4分", 4), ("90/100", 4.6),
    ],
)  # fmt: skip
def test_satisfaction(text: str, value: float) -> None:
    assert satisfaction([text]) == [value]


@pytest.mark.parametrize("text", ["还没想好", "不知道", "7/5", "★★★★★★", "好像是吧", "2024-1-1"])
def test_what_is_no_satisfaction(text: str) -> None:
    scores = parse_satisfaction(Column.from_values([text]))
    assert scores.unreadable.tolist() == [True]


def test_scales_by_header_or_by_range() -> None:
    assert satisfaction([3, 5]) == [3, 5]
    assert satisfaction([0, 5, 10]) == [1, 3, 5]
    assert satisfaction([5, 3], "满意度(0-10)") == [3, 2.2]
    assert satisfaction([5], "满意度（十分制）") == [3]
    assert satisfaction([80]) == [4.2]
    assert satisfaction([0, 6, 5.5], "CSAT (1-5)") == [None, None, None]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("华东", "华东"), ("华 东", "华东"), ("华东大区", "华东"), ("江苏", "华东"), ("江苏省", "华东"), ("上海市", "华东"),
        ("广西壮族自治区", "华南"), ("内蒙古自治区", "华北"), ("成都市武侯区", "西南"), ("East China", "华东"), ("Guangdong", "华南"),
        ("香港", "港澳台"), ("吉林省吉林市", "东北"), ("火星", None), ("", None),
    ],
)  # fmt: skip
def test_regions(text: str, region: str | None) -> None:
    assert regions.region_of(text) == region


def test_there_are_34_provinces_each_in_one_region() -> None:
    assert len(regions.provinces()) == 34
    assert {p.region for p in regions.provinces().values()} == set(regions.regions())


@pytest.mark.reference_data
def test_provinces_and_cities_are_the_official_ones() -> None:
    import csv

    from tests.programs import REFERENCE_DATA

    with (REFERENCE_DATA / "admin" / "provinces.csv").open(encoding="utf-8") as file:
        official = {row["code"]: row["name"] for row in csv.DictReader(file)}
    assert set(official.values()) <= {p.full_name for p in regions.provinces().values()}
    with (REFERENCE_DATA / "admin" / "cities.csv").open(encoding="utf-8") as file:
        cities = [(row["name"], official[row["provinceCode"]]) for row in csv.DictReader(file)]
    prefectures = [(n, p) for n, p in cities if n.endswith("市") and n != "市辖区"]
    wrong = [
        n for n, p in prefectures if regions.provinces()[regions.province_of(n) or "北京"].full_name != p
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"), ("+86 138 0013 8000", "13800138000"), ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"), ("021-6888 1234", "02168881234"), ("(010)88886666转8", "01088886666-8"),
        ("+1 (555) 010-6592", "+15550106592"), ("１３８００１３８０００", "13800138000"), ("12", ""), ("无", ""), ("张三", ""), ("1234567890123456", ""),
    ],
)  # fmt: skip
def test_telephone_numbers(text: str, phone: str) -> None:
    assert normal_phone(text) == phone


def test_emails() -> None:
    assert [is_email(t) for t in ("a@b.cn", "a.b+c@d-e.com", "a@b", "a b@c.cn", "@b.cn", "")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("values", "header", "off"),
    [
        ([1, 0.95, 1], "折扣", [0, 0.05, 0]), ([0, 0.2], "Discount", [0, 0.2]), (["95折", "9折", "无"], "折扣", [0.05, 0.1, 0]),
        ([10, 8.5], "折扣", [0, 0.15]), (["20%", None], "折扣率", [0.2, 0]), ([0, 15], "Discount %", [0, 0.15]),
    ],
)  # fmt: skip
def test_discounts(values: list[object], header: str, off: list[float]) -> None:
    assert share_off(Column.from_values(values), header, None).round(6).tolist() == off


def test_discount_amounts() -> None:
    column = Column.from_values([20, 0, None, "5元"])
    assert share_off(column, "优惠金额", np.array([80.0, 10.0, 10.0, 45.0])).tolist() == [0.2, 0, 0, 0.1]


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("交易成功", "sale"), ("卖家已发货,等待买家确认", "sale"), ("等待买家付款", "not_a_sale"), ("交易关闭", "not_a_sale"), ("退款中", "return"),
        ("未退款", "sale"), ("部分退货", "sale"), ("paid", "sale"), ("voided", "not_a_sale"), ("Charge Back", "return"), ("取消退款", "sale"),
        ("销售", "sale"), ("销售退货", "return"), ("报价中", "not_a_sale"), ("xyz", None),
    ],
)  # fmt: skip
def test_statuses(status: str, meaning: str | None) -> None:
    assert meaning_of(status) == meaning


def test_test_orders() -> None:
    assert [
        says_test(t) for t in ("测试", "test", "Test 2", "内部测试单", "latest", "Testarossa", "contest")
    ] == [True] * 4 + [False] * 3


def test_currencies() -> None:
    assert [currency_code(t) for t in ("元", "RMB", "usd", "HK$", "欧元", "XYZ")] == [
        "CNY",
        "CNY",
        "USD",
        "HKD",
        "EUR",
        "XYZ",
    ]


@pytest.mark.parametrize(
    ("text", "section"),
    [("制造业", "C"), ("F", "F"), ("F52", "F"), ("3670", "C"), ("餐饮", "H"), ("跨境电商", "F"), ("Software", "I"), ("医院", "Q"), ("汽车租赁", "L"), ("嗯", None)],
)  # fmt: skip
def test_industries(text: str, section: str | None) -> None:
    found = industries.industry_of(text)
    assert (found[0] if found else None) == section


@pytest.mark.reference_data
def test_divisions_are_those_of_the_standard() -> None:
    import csv

    from tests.programs import REFERENCE_DATA

    with (REFERENCE_DATA / "industry" / "GB_2011_2017_raw.csv").open(encoding="utf-8-sig") as file:
        classes = {row["S_2017"] for row in csv.DictReader(file) if row["S_2017"].isdigit()}
    ours = {number for s in industries.sections().values() for number in s.divisions}
    assert {c[:2] for c in classes if len(c) == 4} <= ours


TEXTS = st.lists(
    st.one_of(st.none(), st.text(max_size=6), st.integers(-5, 5), st.sampled_from(["Ａ", "a b", "华 东"])),
    max_size=20,
)


@given(TEXTS)
def test_codes_of_texts_say_the_same_as_the_texts(values: list[object]) -> None:
    column = Column.from_values(values)
    known, codes = text_codes(column)
    assert len(set(known)) == len(known)
    assert ["" if c < 0 else known[c] for c in codes] == texts_of(column).tolist()
    for value, code in zip(values, codes, strict=True):
        if isinstance(value, str) and code >= 0:
            assert known[code] == joined(value)


@given(st.text(max_size=20))
def test_keys_are_stable(text: str) -> None:
    assert join_key(join_key(text)) == join_key(text)
    if text.strip():
        assert company_key(text) or not joined(text)
