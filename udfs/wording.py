"""Numbers as people write them in sentences, in Chinese and in English: amounts, shares, counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from udfs import terms
from udfs.texts import Lang


def money(amount: float, lang: Lang, currency: str = "", round_up: bool = False) -> str:
    """An amount with its unit, as people say it.

    To the cent below 1,000, then whole; in Chinese in 万 from 10,000 and in 亿 from 100 million, in English in
    millions and billions. `currency` is an ISO code, or "" where nothing says which it is.

    >>> money(850.5, "zh"), money(82140, "zh", "CNY"), money(120_000_000, "zh")
    ('850.50 元', '8.2 万元', '1.2 亿元')
    >>> money(82140, "en", "USD"), money(1234567, "en", "USD"), money(-2_000_000, "en")
    ('$82,140', '$1.23 million', '-2 million')
    """
    return MoneyWriter(lang, currency).write(amount, round_up)


class MoneyWriter:
    """Writes amounts in one language and currency."""

    def __init__(self, lang: Lang, currency: str) -> None:
        unit = terms.term("currency", currency, lang) if currency else "元" if lang == "zh" else ""
        self.before = "" if lang == "zh" else unit if unit != currency else f"{currency} ".lstrip()
        after = f" {unit}" if lang == "zh" else ""
        large = (
            [(1e4, 10, f" 万{unit}"), (1e8, 100, f" 亿{unit}")]
            if lang == "zh"
            else [(1e6, 100, " million"), (1e9, 100, " billion")]
        )
        # The units an amount is written in, each with the parts it is divided into and the words after it.
        self.units = [(1.0, 100, after), (1.0, 1, after), *large]
        # An amount that would round to the next unit is written in it: 1 万元, not 10,000 元.
        sizes = [1000.0, *(unit for unit, _, _ in large)]
        self.starts = np.array([s - 0.5 * u / p for s, (u, p, _) in zip(sizes, self.units, strict=False)])

    def write(self, amount: float, round_up: bool = False) -> str:
        """The amount; rounded up where it must be enough to reach a limit."""
        return self.write_all(np.array([amount]), round_up)[0]

    def write_all(self, amounts: np.ndarray, round_up: bool = False) -> list[str]:
        """All amounts; what reads the same is written once."""
        amounts = np.nan_to_num(np.asarray(amounts, np.float64))
        size = np.abs(amounts)
        step = np.searchsorted(self.starts, size, side="right")
        units, parts = (np.array([u[i] for u in self.units]) for i in (0, 1))
        scaled = size * parts[step] / units[step]
        whole = np.ceil(scaled - 1e-6) if round_up else np.floor(scaled + 0.5)
        kinds = len(self.units)
        keys, place = np.unique((whole * kinds + step) * np.where(amounts < 0, -1, 1), return_inverse=True)
        texts = [self._text(*divmod(int(abs(key)), kinds), key < 0) for key in keys.tolist()]
        return np.array(texts, object)[place].tolist()

    def _text(self, whole: int, step: int, negative: bool) -> str:
        _, parts, after = self.units[step]
        if whole % parts == 0:
            number = f"{whole // parts:,}"
        else:
            number = f"{whole / parts:,.2f}" if step == 0 else f"{whole / parts:,}"
        return f"{'-' if negative and whole else ''}{self.before}{number}{after}"


def column_of_money(amounts: Sequence[float], lang: Lang, currency: str = "") -> list[str]:
    """Amounts below each other, all in one unit, so that they compare at a glance.

    >>> column_of_money([612345, 35495], "zh", "CNY"), column_of_money([1234567, 35495], "en", "USD")
    (['61.2 万元', '3.5 万元'], ['$1,234,567', '$35,495'])
    """
    writer = MoneyWriter(lang, currency)
    if lang == "zh" and max(map(abs, amounts), default=0) < 1e5:
        return writer.write_all(np.array(amounts, float))
    unit, _, after = writer.units[2 if lang == "zh" else 1]
    shown = [f"{abs(a) / unit:,.1f}" if lang == "zh" else whole(abs(a)) for a in amounts]
    return [f"{'-' if a < 0 else ''}{writer.before}{s}{after}" for a, s in zip(amounts, shown, strict=True)]


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


def count(n: int, one: str, many: str = "") -> str:
    """A number of things in English; `many` where it is not just an s.

    >>> count(1, "customer"), count(1200, "customer"), count(2, "entry", "entries")
    ('1 customer', '1,200 customers', '2 entries')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def customers(n: int, lang: Lang) -> str:
    """A number of customers.

    >>> customers(1, "en"), customers(12, "zh")
    ('1 customer', '12 位客户')
    """
    return f"{n:,} 位客户" if lang == "zh" else count(n, "customer")


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
