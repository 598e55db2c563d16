"""Days are read in every spelling, and never guessed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.cleaning.columns import Column
from udfs.cleaning.dates import parse_date, parse_dates

DAY = dt.date(2019, 3, 11)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2019#3#11", "2019年3月11日", "2019 年 3 月 11 日", "2019年03月11号", "20190311", "2019.3.11", "2019/3/11", "2019-03-11",
        "2019_03_11", "２０１９／３／１１", " 2019-3-11 ", "2019年3月11日 星期一", "2019-03-11T09:30:00Z", "2019-03-11 09:30",
        "2019/3/11 上午9:30", "2019.3.11 下午 2:30:05", "2019-03-11 09:30:00.123", "2019-03-11 09:30:00 +08:00", "20190311093000",
        "43535", "43535.75", "11-Mar-2019", "11 March 2019", "Mar 11, 2019", "March 11th, 2019", "Monday, March 11, 2019",
        "2019-Mar-11", "11th Mar 2019 14:05", "二〇一九年三月十一日", "19年3月11日", "3/11/2019", "3/11/19", "03/11/2019 8:26 PM",
        "1552262400", "2019,3,11",
    ],
)  # fmt: skip
def test_spellings(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["2019年3月", "3月11日", "2019-02-30", "2019-13-01", "2019", "下周", "2019-3-11 或 12", "2019-3-11-2019-3-12", "20191345",
     "2019-3-11 前后", "45292天", "12:30", "2019/3/32", "31/4/2019", "Smarch 11, 2019"],
)  # fmt: skip
def test_what_is_no_day_stays_unread(text: str) -> None:
    dates = parse_dates(Column.from_values([text]))
    assert np.isnat(dates.days[0])
    assert dates.unreadable.tolist() == [True]


@pytest.mark.parametrize("text", ["", " ", "-", "无", "N/A", "待定", None])
def test_nothing_is_not_unreadable(text: str | None) -> None:
    dates = parse_dates(Column.from_values([text]))
    assert np.isnat(dates.days[0])
    assert not dates.unreadable[0]


def read(texts: list[str]) -> tuple[list[str], str | None, bool]:
    dates = parse_dates(Column.from_values(texts))
    return dates.days.astype(str).tolist(), dates.order, dates.undecided


def test_a_day_above_twelve_decides_for_the_whole_column() -> None:
    assert read(["3/4/2024", "25/4/2024"]) == (["2024-04-03", "2024-04-25"], "dmy", False)
    assert read(["3/4/2024", "4/25/2024"]) == (["2024-03-04", "2024-04-25"], "mdy", False)


def test_a_column_in_order_decides() -> None:
    assert read(["30/1/2024", "2/2/2024", "3/2/2024"])[1] == "dmy"
    assert read(["1/2/2024", "2/2/2024", "3/2/2024", "4/2/2024", "1/3/2024"])[1] == "dmy"


def test_what_cannot_be_decided_is_said() -> None:
    assert read(["3/4/2024"]) == (["2024-03-04"], "mdy", True)


def test_short_years_first() -> None:
    assert read(["19.3.11", "24.12.31"]) == (["2019-03-11", "2024-12-31"], "ymd", False)


def test_an_order_given_by_the_user_holds() -> None:
    dates = parse_dates(Column.from_values(["3/4/2024"]), "dmy")
    assert dates.days.astype(str).tolist() == ["2024-04-03"]
    assert not dates.undecided


def test_date_cells_and_plain_numbers() -> None:
    column = Column.from_values([dt.datetime(2019, 3, 11, 23, 59), 43535, 20190311, 5, 1e9, True, "#N/A"])
    dates = parse_dates(column)
    assert dates.days[:3].astype(str).tolist() == ["2019-03-11"] * 3
    assert np.isnat(dates.days[3])
    assert dates.days[4].astype(str) == "2001-09-09"
    assert dates.unreadable.tolist() == [False, False, False, True, False, True, True]


@given(
    st.lists(DAYS, min_size=1, max_size=30),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%Y.%m.%d"]),
)
def test_every_day_comes_back(days: list[dt.date], pattern: str) -> None:
    texts = [dt.datetime.combine(d, dt.time(9, 5)).strftime(pattern) for d in days]
    dates = parse_dates(Column.from_values(texts))
    assert dates.days.tolist() == days
    assert not dates.unreadable.any()


@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_day_and_month_are_only_ever_read_one_way_in_a_column(days: list[dt.date], pattern: str) -> None:
    dates = parse_dates(Column.from_values([d.strftime(pattern) for d in days]))
    swapped = "%m/%d/%Y" if pattern == "%d/%m/%Y" else "%d/%m/%Y"
    assert dates.days.tolist() == days or dates.days.tolist() == [
        dt.datetime.strptime(d.strftime(pattern), swapped).date() for d in days
    ]
    if any(d.day > 12 for d in days):
        assert dates.days.tolist() == days
