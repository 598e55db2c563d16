"""The customer table, understood: one row per customer, every known field in its type."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from udfs import fields
from udfs.cleaning.amounts import in_base_unit, parse_numbers, proposal
from udfs.cleaning.columns import Column, Kind, RawTable
from udfs.cleaning.dates import parse_dates
from udfs.cleaning.industries import industry_of
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.phones import is_email, normal_phone, several
from udfs.cleaning.problems import ProblemList
from udfs.cleaning.regions import province_of, region_of
from udfs.cleaning.satisfaction import parse_satisfaction
from udfs.cleaning.spelling import text_codes, texts_of

YES = frozenset(
    [
        "是",
        "有",
        "对",
        "真",
        "y",
        "yes",
        "true",
        "1",
        "x",
        "√",
        "✓",
        "✔",
        "勿扰",
        "免打扰",
        "拒收",
        "拒绝",
        "已退订",
        "退订",
    ]
)
PAST = ("birthday", "first_contact", "first_order_date", "last_order_date")  # cannot be in the future
CONTACT_FIELDS = ("phone", "email", "address")


def read_customers(table: RawTable, options: CleaningOptions, problems: ProblemList) -> pd.DataFrame:
    """Every row of a customer table with typed columns by field key, own columns by header.

    Texts are cleaned and "" where there is nothing; numbers are float with NaN, dates datetime64.
    """
    data: dict[str, object] = {}
    for key, column in table.columns.items():
        if key in ("customer_id", "customer"):
            continue
        data[key] = _typed(table, key, column, options, problems)
    frame = pd.DataFrame(data, index=range(len(table)))
    frame["source_row"] = table.rows.astype(np.int64)
    _place(frame, options)
    if "industry" in frame:
        found = {t: industry_of(t) for t in frame["industry"].unique()}
        frame["industry_section"] = frame["industry"].map({t: f[0] if f else "" for t, f in found.items()})
    for header, column in table.own.items():
        if header not in frame:
            frame[header] = own_values(column)
    known = [k for k in CONTACT_FIELDS if k in frame]
    if known:
        missing_contact = (frame[known] == "").all(axis=1).to_numpy()
        problems.add(table, known[0], missing_contact, "missing_contact")
    return frame


def missing_contact(frame: pd.DataFrame) -> int:
    """How many customers have no telephone number, e-mail or address; 0 when the table has no such column."""
    known = [k for k in CONTACT_FIELDS if k in frame]
    return int((frame[known] == "").all(axis=1).sum()) if known else 0


def _typed(
    table: RawTable, key: str, column: Column, options: CleaningOptions, problems: ProblemList
) -> object:
    kind = fields.field(key).type
    header = table.headers.get(key, "")
    if kind == "date":
        dates = parse_dates(column, options.date_order)
        problems.add(table, key, dates.unreadable, "unreadable_date")
        days = dates.days
        if key in PAST:
            late = days > np.datetime64(options.today)
            problems.add(table, key, late, "future_date")
            days = np.where(late, np.datetime64("NaT"), days)
        return pd.array(days.astype("datetime64[s]"))
    if key == "age":
        return ages(column)
    if kind in ("amount", "count", "number", "share"):
        numbers = parse_numbers(column)
        problems.add(table, key, numbers.unreadable, "unreadable_number", _proposed)
        if key == "total_amount":
            problems.add(table, key, numbers.values < 0, "negative_total")
        if kind == "share":
            return shares(numbers.values, header)
        return in_base_unit(numbers.values, column, fields.unit(header).factor)
    if kind == "satisfaction":
        scores = parse_satisfaction(column, header)
        problems.add(table, key, scores.unreadable, "unreadable_satisfaction")
        return scores.values
    if kind == "bool":
        known, codes = text_codes(column)
        yes = np.array([t.casefold() in YES for t in known] + [False], bool)
        return yes[codes]
    texts = texts_of(column)
    if kind == "phone":
        valid = np.array(
            [t == "" or normal_phone(t) != "" or any(normal_phone(p) for p in several(t)) for t in texts],
            bool,
        )
        problems.add(table, key, ~valid, "invalid_phone")
    elif kind == "email":
        valid = np.array([t == "" or all(is_email(p) for p in several(t)) for t in texts], bool)
        problems.add(table, key, ~valid, "invalid_email")
    return texts


def _proposed(text: str) -> str:
    number = proposal(text)
    return "" if number is None else f"{number:.15g}"


def ages(column: Column) -> np.ndarray:
    """Ages as numbers; an age band such as 25-34 or 25~34岁 as its middle.

    >>> ages(Column.from_values([30, "25-34", "31岁", "60以上"])).tolist()
    [30.0, 29.5, 31.0, 60.0]
    """
    values = np.where(column.kind == Kind.NUMBER, column.number, np.nan)
    bands = []
    for text in column.texts:
        found = [float(x) for x in re.findall(r"\d+(?:\.\d+)?", text)]
        bands.append(sum(found) / len(found) if 1 <= len(found) <= 2 else np.nan)
    return np.where(column.kind == Kind.TEXT, np.array([*bands, np.nan])[column.code], values)


def shares(values: np.ndarray, header: str) -> np.ndarray:
    """Shares of 1: 15 % as 0.15, whether written 15%, 15 under a header with %, or 0.15.

    >>> shares(np.array([15.0, 30.0]), "毛利率").tolist(), shares(np.array([0.15]), "毛利率").tolist()
    ([0.15, 0.3], [0.15])
    """
    largest = np.nanmax(np.abs(values), initial=0, where=~np.isnan(values))
    return values / 100 if largest > 1 or ("%" in header and largest > 0.95) else values


def own_values(column: Column) -> np.ndarray:
    """A user's own column: numbers when all its cells are numbers, dates when all are dates, else texts."""
    filled = column.kind != Kind.EMPTY
    if filled.any() and (column.kind[filled] == Kind.NUMBER).all():
        return column.number.copy()
    if filled.any() and (column.kind[filled] == Kind.DATE).all():
        return parse_dates(column).days.astype("datetime64[s]")
    return texts_of(column)


def one_spelling(regions: pd.Series) -> pd.Series:
    """Regions of the user's own that are spelled in several ways, each in its most frequent spelling.

    They are one when they differ only in case, spaces, signs, or by the word region after the name.

    >>> one_spelling(pd.Series(["East", "EAST", "east region", "East", "North West", "North-West"])).tolist()
    ['East', 'East', 'East', 'East', 'North West', 'North West']
    """
    counts = regions.value_counts()
    usual: dict[str, str] = {}
    for text in sorted(counts.index, key=lambda text: (-counts[text], text)):
        usual.setdefault(_bare(text), text)
    return regions.map({text: usual[_bare(text)] for text in counts.index})


def _bare(text: str) -> str:
    name = re.sub(r"(?<=\w)\W+(?:region|area|territory)\W*$", "", text.casefold())
    return re.sub(r"[\W_]+", "", name)


def _place(frame: pd.DataFrame, options: CleaningOptions) -> None:
    """Region in its usual spelling, from the province, city or address where the region itself is empty."""
    if "region" in frame:
        usual = {t: region_of(t, options.regions) or t for t in frame["region"].unique()}
        frame["region"] = one_spelling(frame["region"].map(usual))
    for key in ("province", "city", "address"):
        if key not in frame:
            continue
        found = {t: region_of(t, options.regions) or "" for t in frame[key].unique()}
        derived = frame[key].map(found)
        if "region" not in frame:
            if (derived != "").any():
                frame["region"] = derived
        else:
            frame["region"] = frame["region"].where(frame["region"] != "", derived)
    if "province" in frame:
        usual = {t: province_of(t) or t for t in frame["province"].unique()}
        frame["province"] = frame["province"].map(usual)
    elif "city" in frame or "address" in frame:
        source = frame["city"] if "city" in frame else frame["address"]
        derived = source.map({t: province_of(t) or "" for t in source.unique()})
        if (derived != "").any():
            frame["province"] = derived
