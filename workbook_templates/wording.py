"""Numbers as people write them in sentences, in Chinese and in English."""

from __future__ import annotations

import math
from collections.abc import Sequence

from udfs.texts import Lang

UNITS_ZH = {"": "元", "CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元"}
SIGNS_EN = {"CNY": "CNY ", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}


def money(amount: float, lang: Lang, currency: str = "") -> str:
    """An amount with its unit; from 100,000 on in 万 or millions with one or two decimals.

    `currency` is an ISO code, or "" where nothing says which it is.

    >>> money(82140, "zh", "CNY"), money(8214000, "zh"), money(1234567, "en", "USD")
    ('82,140 元', '821.4 万元', '$1.23 million')
    """
    size = abs(amount)
    if lang == "zh":
        unit = UNITS_ZH.get(currency, currency)
        if size >= 1e8:
            return f"{amount / 1e8:,.2f} 亿{unit}"
        if size >= 1e5:
            return f"{amount / 1e4:,.1f} 万{unit}"
        return f"{whole(amount)} {unit}".rstrip()
    sign = SIGNS_EN.get(currency, f"{currency} " if currency else "")
    minus = "-" if amount < 0 else ""
    if size >= 1e6:
        return f"{minus}{sign}{size / 1e6:,.2f} million"
    return f"{minus}{sign}{whole(size)}"


def column_of_money(amounts: Sequence[float], lang: Lang, currency: str = "") -> list[str]:
    """Amounts below each other, all in one unit, so that they compare at a glance.

    >>> column_of_money([612345, 35495], "zh", "CNY"), column_of_money([1234567, 35495], "en", "USD")
    (['61.2 万元', '3.5 万元'], ['$1,234,567', '$35,495'])
    """
    if lang == "zh" and max(map(abs, amounts), default=0) >= 1e5:
        unit = UNITS_ZH.get(currency, currency)
        return [f"{amount / 1e4:,.1f} 万{unit}" for amount in amounts]
    if lang == "zh":
        return [money(amount, lang, currency) for amount in amounts]
    sign = SIGNS_EN.get(currency, f"{currency} " if currency else "")
    return [f"{'-' if amount < 0 else ''}{sign}{whole(abs(amount))}" for amount in amounts]


def whole(number: float) -> str:
    """A number without decimals, halves up, with thousands separators.

    >>> whole(1234.5)
    '1,235'
    """
    return f"{math.floor(number + 0.5):,}"


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage; what rounds to nothing has no sign.

    >>> percent(0.456), percent(1.0), percent(-0.00002)
    ('45.6%', '100.0%', '0.0%')
    """
    return f"{round(share * 100, digits) + 0.0:,.{digits}f}%"


def customers(n: int, lang: Lang) -> str:
    """A number of customers.

    >>> customers(1, "en"), customers(12, "zh")
    ('1 customer', '12 位客户')
    """
    if lang == "zh":
        return f"{n:,} 位客户"
    return f"{n:,} customer{'s' if n != 1 else ''}"


def join(words: list[str], lang: Lang) -> str:
    """A list of words as a phrase.

    >>> join(["a", "b", "c"], "en"), join(["甲", "乙"], "zh")
    ('a, b and c', '甲、乙')
    """
    if lang == "zh":
        return "、".join(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def rose_or_fell(change: float, lang: Lang) -> str:
    """A relative change in words.

    >>> rose_or_fell(0.12, "zh"), rose_or_fell(-0.034, "en")
    ('增长 12.0%', 'down 3.4%')
    """
    if abs(change) < 0.0005:
        return "持平" if lang == "zh" else "unchanged"
    if lang == "zh":
        return f"{'增长' if change > 0 else '下降'} {percent(abs(change))}"
    return f"{'up' if change > 0 else 'down'} {percent(abs(change))}"
