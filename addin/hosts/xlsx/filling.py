"""Autofill: what follows in the cells beside some cells, as Excel continues them when people drag."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import CellError, Formula
from addin.hosts.xlsx.range_editing import content_of, moved
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_ENDS_WITH_NUMBER = re.compile(r"(.*?)(\d{1,9})$", re.DOTALL)
# Texts Excel knows to go on, in any case; it starts again at the end.
_LISTS = [
    ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    list(calendar.month_name)[1:],
    list("日一二三四五六"),
    ["星期" + day for day in "日一二三四五六"],
    [month + "月" for month in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")],
    ["第" + quarter + "季" for quarter in "一二三四"],
]
_ONLY_COPIED = ("fill_copy", "fill_formats")
_Next = Callable[[int], Any]


def fill(sheet: Sheet, source: Area, destination: Area, kind: str) -> None:
    """Fills an area that holds the source at one of its edges.

    Parameters
    ----------
    kind : as xlwings names it: "fill_default", "fill_copy", "fill_series", "fill_days" and so on.
    """
    if kind == "flash_fill":
        raise NotImplementedError(
            "Range.autofill(type_='flash_fill') is not supported by fenji's file engine"
        )
    down = (source.column1, source.column2) == (destination.column1, destination.column2)
    across = (source.row1, source.row2) == (destination.row1, destination.row2)
    if not destination.contains(source) or not (down or across):
        raise FenjiError(
            zh=f"填充区域 {destination.ref} 必须包含源区域 {source.ref}，并且只向一个方向延伸。",
            en=f"The range to fill, {destination.ref}, must hold the source {source.ref} and extend it in one "
            "direction only.",
        )
    sheet.cells_store.check_open()
    if down:
        for column in range(source.column1, source.column2 + 1):
            cells = [(row, column) for row in range(destination.row1, destination.row2 + 1)]
            _fill_line(sheet, cells, source.row1 - destination.row1, source.shape[0], kind)
    else:
        for row in range(source.row1, source.row2 + 1):
            cells = [(row, column) for column in range(destination.column1, destination.column2 + 1)]
            _fill_line(sheet, cells, source.column1 - destination.column1, source.shape[1], kind)


def _fill_line(sheet: Sheet, cells: list[tuple[int, int]], first: int, count: int, kind: str) -> None:
    """Fills the cells of one column or row around the `count` ones from place `first` on."""
    store = sheet.cells_store
    known = cells[first : first + count]
    contents = [content_of(sheet, *cell) for cell in known]
    styles = [store.style(*cell) for cell in known]
    following = None if kind in _ONLY_COPIED else _series(contents, kind)
    for place, cell in enumerate(cells):
        step = place - first
        if 0 <= step < count:
            continue
        like = step % count
        if kind != "fill_values":
            store.restyle(Area(*cell, *cell), ("style", "", styles[like]))
        if kind == "fill_formats":
            continue
        value = moved(contents[like], known[like], cell) if following is None else following(step)
        store.changes.set_cell(*cell, value)


def _series(contents: list[Any], kind: str) -> _Next | None:
    """What stands a number of steps from the first cell; None where contents are only repeated."""
    if any(content is None or isinstance(content, (Formula, CellError, bool)) for content in contents):
        return None
    if all(isinstance(content, float) for content in contents):
        return _numbers(contents, kind)
    if all(isinstance(content, dt.datetime) for content in contents):
        return _dates(contents, kind)
    if all(isinstance(content, str) for content in contents):
        return _texts(contents)
    return None


def _numbers(numbers: list[float], kind: str) -> _Next | None:
    if kind == "growth_trend" and all(number > 0 for number in numbers):
        start, factor = _line([math.log(number) for number in numbers])
        return lambda step: _rounded(math.exp(start + factor * step))
    if len(numbers) == 1:
        alone = numbers[0]
        return (lambda step: alone + step) if kind in ("fill_series", "linear_trend") else None
    start, slope = _line(numbers)
    return lambda step: _rounded(start + slope * step)


def _rounded(number: float) -> float:
    """Without the last digits, where the arithmetic leaves its traces."""
    return float(f"{number:.14g}")


def _line(values: list[float]) -> tuple[float, float]:
    """Least squares: the value at the first cell and the rise by cell."""
    count = len(values)
    if count == 1:
        return values[0], 0.0
    middle, mean = (count - 1) / 2, sum(values) / count
    slope = sum((i - middle) * (value - mean) for i, value in enumerate(values))
    slope /= sum((i - middle) ** 2 for i in range(count))
    return mean - slope * middle, slope


def _dates(dates: list[dt.datetime], kind: str) -> _Next:
    first = dates[0]
    months = (dates[1].year - first.year) * 12 + dates[1].month - first.month if len(dates) > 1 else 0
    if kind in ("fill_months", "fill_years"):
        by = 1 if kind == "fill_months" else 12
        return lambda step: _months_later(first, by * step)
    if kind == "fill_weekdays":
        return lambda step: _weekdays_later(first, step)
    if kind != "fill_days" and months and _months_later(first, months) == dates[1]:
        return lambda step: _months_later(first, months * step)
    days = (dates[1] - first) if len(dates) > 1 and kind != "fill_days" else dt.timedelta(days=1)
    return lambda step: first + days * step


def _months_later(date: dt.datetime, months: int) -> dt.datetime:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return date.replace(
        year=year, month=month + 1, day=min(date.day, calendar.monthrange(year, month + 1)[1])
    )


def _weekdays_later(date: dt.datetime, days: int) -> dt.datetime:
    step = dt.timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        date += step
        while date.weekday() > 4:
            date += step
    return date


def _texts(texts: list[str]) -> _Next | None:
    for known in _LISTS:
        folded = [item.lower() for item in known]
        if all(text.lower() in folded for text in texts):
            places = [folded.index(text.lower()) for text in texts]
            by = places[1] - places[0] if len(places) > 1 else 1
            return lambda step: known[(places[0] + by * step) % len(known)]
    matches = [match for text in texts if (match := _ENDS_WITH_NUMBER.match(text))]
    if len(matches) < len(texts) or any(match[1] != matches[0][1] for match in matches):
        return None
    numbers = [int(match[2]) for match in matches]
    by = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    head, digits = matches[0].groups()
    zeros = len(digits) if digits.startswith("0") else 0
    return lambda step: head + str(abs(numbers[0] + by * step)).zfill(zeros)
