"""Hiding personal data: names, telephone numbers and e-mail addresses that can be shown to others.

Definition: the masks usual in Chinese practice (GB/T 35273 asks for de-identification before display and
leaves the form open): the family name, the first three and last four digits of a mobile number, the first
letter and the domain of an address stay.
"""

from __future__ import annotations

import re

DOUBLE_NAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "夏侯",
        "端木",
        "百里",
        "南宫",
        "独孤",
        "轩辕",
        "闻人",
        "澹台",
        "公冶",
        "太史",
        "申屠",
        "钟离",
        "东郭",
        "呼延",
    ]
)


def mask_name(name: str) -> str:
    """A person's name with only the family name left; for other scripts the first letter of each word.

    >>> mask_name("张小明"), mask_name("欧阳娜娜"), mask_name("Anna Smith"), mask_name("李")
    ('张**', '欧阳**', 'A*** S****', '*')
    """
    text = name.strip()
    if not text.isascii() and " " not in text:
        kept = 2 if text[:2] in DOUBLE_NAMES and len(text) > 2 else 1
        return text[:kept] + "*" * (len(text) - kept) if len(text) > 1 else "*" * len(text)
    return " ".join(word[0] + "*" * (len(word) - 1) if len(word) > 1 else "*" for word in text.split())


def mask_phone(phone: str) -> str:
    """A telephone number with the middle digits hidden; its separators stay.

    Of eleven digits or more the first three and last four stay, of fewer the last two.

    >>> mask_phone("13812345678"), mask_phone("021-6888 1234"), mask_phone("12345")
    ('138****5678', '021-****1234', '***45')
    """
    text = phone.strip()
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    first, last = (3, 4) if len(digits) >= 11 else (0, 2 if len(digits) > 2 else 0)
    hidden = digits[first : len(digits) - last]
    masked = "".join("*" if i in set(hidden) else c for i, c in enumerate(text))
    return re.sub(r"(?<=\*)\s+(?=[\d*])", "", masked)


def mask_email(email: str) -> str:
    """An e-mail address with the name hidden but for its first letter.

    >>> mask_email("zhang.wei@example.com"), mask_email("no address")
    ('z***@example.com', '***')
    """
    name, at, domain = email.strip().rpartition("@")
    return f"{name[0]}***@{domain}" if at and name and domain else "***"
