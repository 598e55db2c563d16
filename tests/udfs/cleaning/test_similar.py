"""The most similar name, among few by comparing all, among many by what they share."""

from __future__ import annotations

import random

import pytest
from rapidfuzz import fuzz

from udfs.cleaning import similar
from udfs.cleaning.names import company_key

SIGNS = "华泰新力蓝天锦江长安楚天北方前海西湖东风南山中兴伟业恒通盛世金辉宏图远大博雅鼎盛瑞丰嘉禾永安"


def firms(count: int) -> list[str]:
    draw = random.Random(7)
    return ["".join(draw.choices(SIGNS, k=draw.randint(4, 8))) + "有限公司" for _ in range(count)]


def test_an_equal_name_wins_whatever_the_place_and_legal_form() -> None:
    assert similar.most_similar(
        ["华泰科技（上海）有限公司"], ["华泰科贸", "华泰科技", "华泰科技集团"], 80
    ) == [1]


def test_nothing_is_similar_to_nothing() -> None:
    assert similar.most_similar(["华泰"], [], 80) == [-1]


def test_many_names_find_what_comparing_every_pair_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    known = firms(3000)
    asked = [name[:1] + name[2:] for name in known[::30]]
    exact = similar.most_similar(asked, known, 80)
    monkeypatch.setattr(similar, "EVERY_PAIR", 0)
    quick = similar.most_similar(asked, known, 80)

    def likeness(asked: str, place: int) -> float:
        return fuzz.ratio(company_key(asked), company_key(known[place])) if place >= 0 else 0

    assert [likeness(a, k) for a, k in zip(asked, quick, strict=True)] == [
        likeness(a, k) for a, k in zip(asked, exact, strict=True)
    ]
