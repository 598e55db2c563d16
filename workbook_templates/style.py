"""How our sheets look: palette, fonts, number formats, widths. One place, so that all templates agree."""

from __future__ import annotations

from udfs.texts import Lang

INK, GREY, LINE, PAPER, WASH = "#1F2A37", "#6B7280", "#E5E7EB", "#FFFFFF", "#F3F6FA"
BLUE, TEAL, AMBER, RED, VIOLET = "#2563EB", "#0F766E", "#B45309", "#B91C1C", "#6D28D9"
SOFT = "#A8B0BC"  # the second series beside an accent
TAB_COLOURS = {"result": BLUE, "input": TEAL, "settings": SOFT}
PIE_COLOURS = [BLUE, "#5B8DEF", "#93B4F5", "#BFD3FA", "#D5DCE6", SOFT]

FONT: dict[Lang, str] = {"zh": "微软雅黑", "en": "Calibri"}

# (text colour, fill) of words that carry a judgement; the word always stands in the cell.
GOOD, MIDDLE, QUIET = (BLUE, "#DBEAFE"), (TEAL, "#D5F0EC"), (GREY, "#F1F2F4")
ALARM, WARN = (RED, "#FBE3E3"), (AMBER, "#FBEFD9")
THREE_LEVELS = {"high": GOOD, "medium": MIDDLE, "low": QUIET}
# Colours by group of terms.toml and code.
TONES: dict[str, dict[str, tuple[str, str]]] = {
    "grade": THREE_LEVELS,
    "value_tier": THREE_LEVELS,
    "loyalty_class": THREE_LEVELS,
    "purchase_frequency": THREE_LEVELS,
    "potential": THREE_LEVELS,
    "churn_risk": {"high": ALARM, "medium": WARN, "low": QUIET},
    "activity": {"active": GOOD, "dormant": WARN, "lost": ALARM},
    "activity_level": {"active": GOOD, "dormant": WARN, "lost": ALARM},
    "abc": {"A": GOOD, "B": MIDDLE, "C": QUIET},
    "satisfaction_class": {"satisfied": GOOD, "neutral": QUIET, "dissatisfied": ALARM},
}

# Number format and width of each kind of column. Widths are in Latin digits; the header may ask for more.
NUMBER_FORMATS = {
    "text": "General",
    "long": "General",
    "wrapped": "General",
    "int": "#,##0",
    "money": "#,##0",
    "share": "0.0%",
    "change": '"▲" 0.0%;"▼" 0.0%;"—"',
    "rank_change": '"▲" 0;"▼" 0;"—"',
    "score": "0.0",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "code": "0",
}
WIDTHS = {
    "text": 14,
    "long": 50,
    "wrapped": 50,
    "int": 9,
    "money": 13,
    "share": 9,
    "change": 10,
    "rank_change": 9,
    "score": 8,
    "date": 12,
    "datetime": 17,
    "code": 6,
}
# English names and sentences are longer than Chinese ones, measured in digits.
ENGLISH_WIDTHS = {"customer": 1.25, "action": 1.5, "churn_reasons": 1.3}
CENTRE = ("code", "date", "datetime")
LEFT = ("text", "long", "wrapped")


def display_width(text: str) -> int:
    """Width in Latin digits: a Chinese character is two wide.

    >>> display_width("客户A")
    5
    """
    return sum(2 if ord(ch) > 0x2E80 else 1 for ch in text)
