"""Currencies as people write them, in headers, in cells and beside amounts, and their three-letter codes."""

from __future__ import annotations

import re

WORDS = {
    "CNY": ["¥", "￥", "元", "圆", "块", "块钱", "人民币", "人民币元", "元人民币", "rmb", "yuan"],
    "USD": ["$", "us$", "美元", "美金", "dollar", "dollars"],
    "EUR": ["€", "欧元", "euro", "euros"],
    "GBP": ["£", "英镑", "pound", "pounds"],
    "JPY": ["日元", "日圆", "jp¥", "yen"],
    "HKD": ["hk$", "港元", "港币"],
    "TWD": ["nt$", "新台币", "台币"],
    "MOP": ["澳门元", "mop$"],
    "SGD": ["s$", "新加坡元", "新元"],
    "AUD": ["a$", "au$", "澳元"],
    "CAD": ["c$", "ca$", "加元"],
    "NZD": ["nz$", "新西兰元"],
    "CHF": ["瑞士法郎"],
    "KRW": ["₩", "韩元"],
    "INR": ["₹", "印度卢比"],
    "RUB": ["₽", "卢布"],
    "THB": ["฿", "泰铢"],
    "MYR": ["林吉特", "马币"],
    "VND": ["₫", "越南盾"],
    "IDR": ["印尼盾"],
    "PHP": ["₱", "菲律宾比索"],
    "BRL": ["r$", "雷亚尔"],
    "MXN": ["墨西哥比索"],
    "ZAR": ["兰特"],
    "AED": ["迪拉姆"],
    "SAR": ["沙特里亚尔"],
    "TRY": ["土耳其里拉"],
    "SEK": ["瑞典克朗"],
    "NOK": ["挪威克朗"],
    "DKK": ["丹麦克朗"],
    "PLN": ["兹罗提"],
}
CODE_OF = {w: code for code, words in WORDS.items() for w in (*words, code.casefold())}
# One regular expression for all of them, longest first: us$ before $.
PATTERN = "|".join(sorted(map(re.escape, CODE_OF), key=len, reverse=True))


def currency_code(text: str) -> str:
    """The three-letter code a currency cell means, or the text itself.

    >>> currency_code("人民币"), currency_code("US$"), currency_code("usd"), currency_code("积分")
    ('CNY', 'USD', 'USD', '积分')
    """
    return CODE_OF.get(text.strip().casefold(), text.upper() if text.isascii() else text)
