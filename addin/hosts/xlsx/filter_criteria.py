"""What a column is filtered by: as the file writes it, as xlwings names it, and which values meet it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.cell_values import number_text, serial
from addin.hosts.xlsx.operators import OPERATORS

_SIGNS = {
    "equal": "=", "notEqual": "<>", "greaterThan": ">", "lessThan": "<", "greaterThanOrEqual": ">=",
    "lessThanOrEqual": "<=",
}  # fmt: skip
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "greaterThan": lambda a, b: a > b,
    "lessThan": lambda a, b: a < b,
    "greaterThanOrEqual": lambda a, b: a >= b,
    "lessThanOrEqual": lambda a, b: a <= b,
}
# What Excel writes for "not empty".
_NOT_EMPTY = " "
Test = Callable[[Any], bool]


# -- written -------------------------------------------------------------------------------------------------


def values(wanted: Sequence[str]) -> str:
    """Criteria for cells that show one of some texts; "" stands for empty cells."""
    blank = ' blank="1"' if "" in wanted else ""
    items = "".join(f"<filter val={quoteattr(_shown(value))}/>" for value in wanted if value != "")
    return f"<filters{blank}>{items}</filters>"


def comparison(operator: str, value1: Any, value2: Any, date1904: bool) -> str:
    """Criteria that compare; values are as xlwings hands them over."""
    if value1 is None:
        if operator == "equal_to":
            return '<filters blank="1"/>'
        return f"<customFilters>{_custom('notEqual', _NOT_EMPTY)}</customFilters>"
    one = _operand(value1, date1904)
    if operator == "between":
        other = _custom("lessThanOrEqual", _operand(value2, date1904))
        return f'<customFilters and="1">{_custom("greaterThanOrEqual", one)}{other}</customFilters>'
    if operator == "not_between":
        other = _custom("greaterThan", _operand(value2, date1904))
        return f"<customFilters>{_custom('lessThan', one)}{other}</customFilters>"
    return f"<customFilters>{_custom(OPERATORS[operator], one)}</customFilters>"


def _custom(operator: str, value: str) -> str:
    shown = "" if operator == "equal" else f' operator="{operator}"'
    return f"<customFilter{shown} val={quoteattr(value)}/>"


def _operand(value: Any, date1904: bool) -> str:
    if isinstance(value, dict):
        return number_text(serial(dt.datetime.fromisoformat(value["value"]), date1904))
    return re.sub(r"([~*?])", r"~\1", _shown(value))


def _shown(text: str) -> str:
    """A number as a cell shows it: "10.0" is 10."""
    number = _number(text)
    return text if number is None else number_text(number)


def top(count: float, percent: bool, bottom: bool) -> str:
    """Criteria for the greatest or least values: a number of rows, or a share of them."""
    flags = (' top="0"' if bottom else "") + (' percent="1"' if percent else "")
    return f'<top10{flags} val="{count:g}"/>'


# -- read ----------------------------------------------------------------------------------------------------


def snapshot(field: int, column: etree._Element | None) -> dict[str, Any]:
    """A column's criteria as xlwings tells them."""
    if column is None or not len(column):
        return base_classes.empty_autofilter_criteria(field)
    criteria = column[0]
    kind = ooxml.local(criteria)
    if kind == "top10":
        name = "bottom" if criteria.get("top") in ("0", "false") else "top"
        unit = "percent" if criteria.get("percent") in ("1", "true") else "items"
        value = f"{float(criteria.get('val', '10')):g}"
        return base_classes.autofilter_criteria_snapshot(field, f"{name}_{unit}", value)
    if kind == "filters" and not ooxml.children(criteria, "dateGroupItem"):
        listed = [element.get("val", "") for element in ooxml.children(criteria, "filter")]
        blank = criteria.get("blank") in ("1", "true")
        if blank and not listed:
            return base_classes.autofilter_criteria_snapshot(field, "comparison", "=")
        return base_classes.autofilter_criteria_snapshot(field, "values", [*listed, *([""] if blank else [])])
    if kind == "customFilters":
        texts = [
            _SIGNS[element.get("operator", "equal")] + element.get("val", "").strip(" ")
            for element in ooxml.children(criteria, "customFilter")
        ]
        join = "and" if criteria.get("and") in ("1", "true") else "or"
        second = texts[1] if len(texts) > 1 else None
        return base_classes.autofilter_criteria_snapshot(field, "comparison", texts[0], second, join)
    return base_classes.empty_autofilter_criteria(field, "unknown")


# -- met -----------------------------------------------------------------------------------------------------


def test(column: etree._Element, cells: Sequence[Any], date1904: bool) -> Test:
    """Whether a value meets a column's criteria; of kinds not known here every value does."""
    criteria = column[0]
    kind = ooxml.local(criteria)
    if kind == "filters" and not ooxml.children(criteria, "dateGroupItem"):
        listed = {element.get("val", "").lower() for element in ooxml.children(criteria, "filter")}
        blank = criteria.get("blank") in ("1", "true")
        return lambda value: blank if value is None else _text(value, date1904).lower() in listed
    if kind == "customFilters":
        tests = [_custom_test(element, date1904) for element in ooxml.children(criteria, "customFilter")]
        together = all if criteria.get("and") in ("1", "true") else any
        return lambda value: together(meets(value) for meets in tests)
    if kind == "top10":
        return _top_test(criteria, cells, date1904)
    return lambda value: True


def _custom_test(element: etree._Element, date1904: bool) -> Test:
    operator, wanted = element.get("operator", "equal"), element.get("val", "")
    if operator == "notEqual" and wanted == _NOT_EMPTY:
        return lambda value: value is not None
    number = _number(wanted)
    if operator in ("equal", "notEqual"):
        pattern = re.compile(_pattern(wanted), re.IGNORECASE | re.DOTALL)

        def equal(value: Any) -> bool:
            if number is not None and _as_number(value, date1904) is not None:
                return _as_number(value, date1904) == number
            return value is not None and pattern.fullmatch(_text(value, date1904)) is not None

        return equal if operator == "equal" else lambda value: not equal(value)
    compare = _COMPARE[operator]
    if number is not None:
        return lambda value: (found := _as_number(value, date1904)) is not None and compare(found, number)
    text = wanted.lower()
    return lambda value: isinstance(value, str) and compare(value.lower(), text)


def _top_test(criteria: etree._Element, cells: Sequence[Any], date1904: bool) -> Test:
    numbers = sorted(n for value in cells if (n := _as_number(value, date1904)) is not None)
    if not numbers:
        return lambda value: False
    count = float(criteria.get("val", "10"))
    if criteria.get("percent") in ("1", "true"):
        count = len(numbers) * count / 100
    place = min(max(int(count), 1), len(numbers))
    bottom = criteria.get("top") in ("0", "false")
    limit = numbers[place - 1] if bottom else numbers[-place]
    criteria.set("filterVal", number_text(limit))

    def meets(value: Any) -> bool:
        number = _as_number(value, date1904)
        return number is not None and (number <= limit if bottom else number >= limit)

    return meets


def _pattern(wanted: str) -> str:
    """A text with Excel's wildcards as a pattern: `*`, `?`, and `~` before one meant as it is."""
    pieces = re.findall(r"~[*?~]|.", wanted, re.DOTALL)
    wild = {"*": ".*", "?": "."}
    return "".join(re.escape(p[1]) if len(p) == 2 else wild.get(p, re.escape(p)) for p in pieces)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _as_number(value: Any, date1904: bool) -> float | None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return None
    return serial(value, date1904) if isinstance(value, (dt.date, dt.time)) else float(value)


def _text(value: Any, date1904: bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    number = _as_number(value, date1904)
    return str(value) if number is None else number_text(number)
