"""How xlwings and the file name comparisons, in rules, validations and filters."""

from __future__ import annotations

OPERATORS = {
    "between": "between",
    "not_between": "notBetween",
    "equal_to": "equal",
    "not_equal_to": "notEqual",
    "greater_than": "greaterThan",
    "less_than": "lessThan",
    "greater_than_or_equal": "greaterThanOrEqual",
    "less_than_or_equal": "lessThanOrEqual",
}


def operator_name(xml: str) -> str | None:
    """xlwings' name of a comparison in the file, None for one it has no name for."""
    return next((name for name, written in OPERATORS.items() if written == xml), None)
