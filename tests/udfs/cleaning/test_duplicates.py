"""Likely duplicates are proposed with a reason, and only when more than the name agrees."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programs import REFERENCE_DATA
from udfs.cleaning.duplicates import merge, propose, reason_text
from udfs.cleaning.names import company_key, similarity


def customers(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


@pytest.mark.parametrize(
    "other",
    [
        "科技(上海)有限公司",
        "上海科技有限公司",
        "科技（上海）股份有限公司",
        "上海市科技有限责任公司",
        "科技集团",
    ],
)
def test_the_name_without_place_and_legal_form(other: str) -> None:
    pairs = propose(customers(customer=["科技有限公司", other], industry=["软件", "软件"]))
    assert pairs["reasons"].tolist() == [["name", "industry"]]


def test_a_like_name_alone_is_too_little() -> None:
    assert propose(customers(customer=["华泰科技有限公司"] * 2, phone=["13800138000", "13900139000"])).empty


def test_a_shared_telephone_alone_is_too_little() -> None:
    assert propose(customers(customer=["华泰科技", "海天酱油"], phone=["13800138000"] * 2)).empty


def test_more_agreement_scores_higher_and_stands_first() -> None:
    pairs = propose(
        customers(
            customer=["华泰科技", "新力贸易行", "新力贸易", "华泰科技公司"],
            phone=["1", "", "", "1"],
            email=["a@b.cn", "", "", "A@b.cn"],
            industry=["", "零售", "零售", ""],
        )
    )
    assert pairs[["a", "b"]].values.tolist() == [[0, 3], [1, 2]]
    assert pairs["reasons"].tolist() == [["name", "email"], ["name", "industry"]]
    assert reason_text(["name", "email"])("en") == "similar names, same e-mail"


def test_a_value_everybody_has_costs_no_time() -> None:
    frame = customers(customer=[f"公司{i:05d}甲" for i in range(3000)], phone=["13800138000"] * 3000)
    assert propose(frame).empty


NAMES = st.lists(
    st.sampled_from(["华泰", "华泰科技", "上海华泰科技有限公司", "新力", "A", "Acme Ltd", "acme"]),
    min_size=1,
    max_size=12,
)


@given(NAMES, st.randoms())
def test_proposals_do_not_depend_on_the_order_of_rows(names: list[str], random: np.random.Generator) -> None:
    def pairs(order: list[int]) -> set[frozenset[int]]:
        frame = customers(customer=[names[i] for i in order], industry=["x"] * len(order))
        found = propose(frame)
        return {frozenset((order[a], order[b])) for a, b in zip(found["a"], found["b"], strict=True)}

    order = list(range(len(names)))
    shuffled = list(order)
    random.shuffle(shuffled)
    assert pairs(order) == pairs(shuffled)


@given(NAMES, NAMES)
def test_similarity_is_symmetric_and_full_for_itself(a: list[str], b: list[str]) -> None:
    assert similarity(a[0], b[0]) == similarity(b[0], a[0])
    assert similarity(a[0], a[0]) == 100


def test_merging_follows_chains_and_touches_nothing_else() -> None:
    confirmed = pd.DataFrame({"a": [2, 0], "b": [3, 2]})
    assert merge(pd.DataFrame(index=range(5)), confirmed).tolist() == [0, 1, 0, 0, 4]


@pytest.mark.reference_data
def test_cores_of_labelled_company_names() -> None:
    """500 names with hand-labelled brands: the core always holds the brand, and nearly always begins with it."""
    path = REFERENCE_DATA / "companynames" / "companynameparser_groundtruth.txt"
    labelled = [line.split() for line in path.read_text("utf-8").splitlines() if len(line.split()) == 2]
    cores = [(company_key(name), brand.casefold()) for name, brand in labelled]
    assert len(cores) == 456
    assert all(brand in core for core, brand in cores)
    assert sum(core.startswith(brand) for core, brand in cores) >= 430
    assert not any(core.endswith(("有限公司", "股份", "有限责任公司")) for core, _ in cores)


def test_names_that_differ_in_a_number_are_two_customers() -> None:
    people = customers(
        customer=["客户公司11号有限公司", "客户公司16号有限公司", "永辉第一分店", "永辉第二分店"],
        industry=["食品"] * 4,
    )
    assert propose(people).empty
