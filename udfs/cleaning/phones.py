"""Telephone numbers in one form, and whether they can be real."""

from __future__ import annotations

import re

from udfs.cleaning.spelling import half_width

MOBILE = re.compile(r"1[0-9]{10}")
EMAIL = re.compile(r"^[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z\u4e00-\u9fff]{2,}$")


def normal_phone(text: str) -> str:
    """A telephone number reduced to its digits, without +86 and with its extension; "" when it can be none.

    >>> normal_phone("+86 138-0013-8000"), normal_phone("(021) 6888 1234 转 805"), normal_phone("12")
    ('13800138000', '02168881234-805', '')
    """
    if MOBILE.fullmatch(text):  # nearly all of them
        return text
    usual = half_width(text).casefold()
    number, _, extension = re.sub(r"转|分机|ext\.?|x(?=\d)", "#", usual, count=1).partition("#")
    plus = number.strip().startswith(("+", "00"))
    if re.search(r"[^\d\s()+.\-/]", number):
        return ""
    digits = re.sub(r"\D", "", number)
    if digits.startswith("0086") or (plus and digits.startswith("86")):
        digits = digits.removeprefix("00").removeprefix("86")
        plus = False
    elif len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if plus:
        digits = "+" + digits.removeprefix("00")
    if not 7 <= len(digits.lstrip("+")) <= 15:
        return ""
    extension = re.sub(r"\D", "", extension)
    return f"{digits}-{extension}" if extension else digits


def is_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address.

    >>> is_email("li.na@example.com"), is_email("li.na#example.com")
    (True, False)
    """
    return EMAIL.match(half_width(text)) is not None


def several(text: str) -> list[str]:
    """The entries of a cell that holds several, separated by commas, semicolons, slashes."""
    if text.isalnum():
        return [text]
    return [part for part in re.split(r"[,;、/|\n]+\s*", text) if part.strip()]
