"""Where customers come from: by region, province, industry, size, nature, channel, sex, age, source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import fields, tiers
from workbook_templates import headers
from workbook_templates.datasets.base import (
    MAKERS,
    Datasets,
    Missing,
    change,
    dataset,
    filled,
    missing_column,
    names_in,
    share,
    too_little,
    values,
)

# Dataset name -> field. Each gives `by_<name>` (all classes) and `pie_<name>` (five and the rest).
DIMENSIONS = {
    "region": "region",
    "province": "province",
    "industry": "industry",
    "size": "company_size",
    "nature": "nature",
    "channel": "channel",
    "source": "source",
    "sex": "sex",
    "age": "age",
}
AGES = [(0, 25), (25, 35), (35, 45), (45, 55), (55, 200)]
MOST = 25  # further classes are taken together
PIE = 5


def classes_of(x: Datasets, field: str) -> pd.Series:
    """The class of every customer in one dimension; empty where nothing is known."""
    if field == "channel":
        return main_channel(x)
    if field == "company_size":
        return company_sizes(x)
    x.need(field)
    column = x.grades[field]
    if field == "age":
        return age_bands(x, column)
    return one_spelling(column.where(filled(column), None).astype(object))


def one_spelling(names: pd.Series) -> pd.Series:
    """Names that differ in spaces, case or width only as one: the commonest spelling.

    >>> one_spelling(pd.Series(["East", "E ast", "east", "East"], dtype=object)).tolist()
    ['East', 'East', 'East', 'East']
    """
    counts = names.astype(str).str.strip().where(names.notna()).value_counts()
    chosen: dict[str, str] = {}
    for name in counts.index:
        chosen.setdefault(headers.spelling(name), name)
    return names.map(lambda v: chosen[headers.spelling(v)], na_action="ignore")


def company_sizes(x: Datasets) -> pd.Series:
    """Size as the customer table says it, or by revenue."""
    g = x.grades
    if "company_size" in g and filled(g["company_size"]).any():
        known = g["company_size"].where(filled(g["company_size"]), None).astype(object)
        return x.words(known.where(known != "unknown", None), "company_size")
    if "revenue" not in g or not g["revenue"].notna().any():
        raise missing_column("company_size", "revenue")
    codes = pd.Series(
        tiers.company_size(g["revenue"].to_numpy(float), x.options.company_size_limits), dtype=object
    )
    return x.words(codes.where(codes != "unknown", None), "company_size")


def age_bands(x: Datasets, ages: pd.Series) -> pd.Series:
    years = pd.to_numeric(ages, errors="coerce")
    out = pd.Series([None] * len(years), index=years.index, dtype=object)
    for low, high in AGES:
        if low == 0:
            label = x.say(f"{high} 岁以下", f"under {high}")
        elif high == 200:
            label = x.say(f"{low} 岁及以上", f"{low} and over")
        else:
            label = x.say(f"{low}–{high - 1} 岁", f"{low}–{high - 1}")
        out[(years >= low) & (years < high)] = label
    return out


def main_channel(x: Datasets) -> pd.Series:
    """The channel through which each customer bought most."""
    orders = x.orders
    if "channel" not in orders or not filled(orders["channel"]).any():
        raise missing_column("channel")
    codes, names = names_in(orders["channel"])
    known = codes >= 0
    people = orders["customer_index"].to_numpy()[known].astype(np.int64)
    table = np.bincount(
        people * len(names) + codes[known],
        weights=orders["amount"].to_numpy(float)[known],
        minlength=x.n * len(names),
    ).reshape(x.n, len(names))
    best = pd.Series(names[table.argmax(axis=1)])
    bought = np.bincount(people, minlength=x.n) > 0
    return best.where(pd.Series(bought), None)


def by_dimension(x: Datasets, field: str) -> pd.DataFrame:
    """Customers, amount, shares and the years side by side for each class of a dimension, largest first."""
    classes = classes_of(x, field)
    if classes.notna().mean() < 0.2:
        raise too_little(
            f"“{fields.header(field, 'zh')}”填写不足 20%",
            f"'{fields.header(field, 'en')}' is filled for less than 20%",
        )
    unknown = x.say("（未填写）", "(not given)")
    label = classes.fillna(unknown)
    amount = x.grades["net_amount"]
    frame = pd.DataFrame({"category_value": label, "customers": 1, "amount": amount})
    years = year_amounts(x)
    for key, column in years.items():
        frame[key] = column
    table = frame.groupby("category_value", sort=False).sum().reset_index()
    table = table.sort_values(["amount", "customers"], ascending=False, kind="stable").reset_index(drop=True)
    last = table["category_value"] == unknown
    table = pd.concat([table[~last], table[last]], ignore_index=True)
    if field == "age":
        table = table.sort_values(
            "category_value", key=lambda s: s.map(age_order), kind="stable"
        ).reset_index(drop=True)
    if len(table) > MOST:
        table = fold(table, MOST, x)
    table["customers_share"] = share(table["customers"], table["customers"].sum())
    table["amount_share"] = share(table["amount"], table["amount"].sum())
    table["amount_per_customer"] = table["amount"] / table["customers"]
    if years:
        table["change"] = change(table["amount_year"], table["amount_last_year"])
    return table.round({"amount": 4})


def age_order(label: str) -> float:
    digits = "".join(ch for ch in label if ch.isdigit())[:2]
    return 999.0 if not digits else float(digits) - (0.5 if "以下" in label or "under" in label else 0)


def fold(table: pd.DataFrame, most: int, x: Datasets) -> pd.DataFrame:
    """All but the first rows as one row 其他 / others."""
    rest = table.iloc[most - 1 :]
    row = rest.sum(numeric_only=True)
    row["category_value"] = x.say(f"其他（{len(rest)} 类）", f"Others ({len(rest)})")
    return pd.concat([table.iloc[: most - 1], row.to_frame().T], ignore_index=True).infer_objects()


def year_amounts(x: Datasets) -> dict[str, np.ndarray]:
    """Amount per customer in this year, the same days of last year, and of the year before; {} without orders."""
    try:
        this = x.this_year
        last = this.a_year_earlier()
        before = last.a_year_earlier()
        return {
            "amount_year": x.amounts(this),
            "amount_last_year": x.amounts(last),
            "amount_year_before": x.amounts(before),
        }
    except Missing:
        return {}


def pie(x: Datasets, name: str) -> pd.DataFrame:
    """The five largest classes by customers, and the rest: for a pie."""
    table = x.get(f"by_{name}")[["category_value", "customers"]]
    table = table.sort_values("customers", ascending=False, kind="stable").reset_index(drop=True)
    if len(table) > PIE + 1:
        rest = int(table["customers"].iloc[PIE:].sum())
        table = table.iloc[:PIE].copy()
        table.loc[PIE] = [x.say("其他", "Others"), rest]
    table["customers_share"] = share(table["customers"], table["customers"].sum())
    return table


def register_dimensions() -> None:
    for name, field in DIMENSIONS.items():
        MAKERS[f"by_{name}"] = lambda x, field=field: by_dimension(x, field)  # type: ignore[misc]
        MAKERS[f"pie_{name}"] = lambda x, name=name: pie(x, name)  # type: ignore[misc]


register_dimensions()


@dataset("dimensions")
def dimensions(x: Datasets) -> pd.DataFrame:
    """One row per dimension: how well it is filled, and its largest class."""
    rows = []
    for name, field in DIMENSIONS.items():
        try:
            table = x.get(f"by_{name}")
        except Missing as missing:
            rows.append(
                {"dimension": dimension_name(field, x), "filled": 0.0, "largest": missing.reason(x.lang)}
            )
            continue
        known = table[table["category_value"] != x.say("（未填写）", "(not given)")]
        top = known.sort_values("amount", ascending=False).iloc[0]
        rows.append(
            {
                "dimension": dimension_name(field, x),
                "filled": float(known["customers"].sum()) / x.n,
                "categories": len(known),
                "largest": top["category_value"],
                "customers": int(top["customers"]),
                "largest_share": float(top["amount_share"]),
            }
        )
    return pd.DataFrame(
        rows, columns=["dimension", "filled", "categories", "largest", "customers", "largest_share"]
    )


def dimension_name(field: str, x: Datasets) -> str:
    return fields.header(field, x.lang)


@dataset("sales")
def sales(x: Datasets) -> pd.DataFrame:
    """Amount by region, product category, year and quarter: the source of the pivot table."""
    orders = x.orders
    unknown = x.say("（未填写）", "(not given)")
    keys: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # codes and names
    if "region" in x.grades and filled(x.grades["region"]).any():
        codes, names = names_in(x.grades["region"])
        keys["region"] = (codes[orders["customer_index"].to_numpy()], names)
    for key in ("category", "product"):
        if key in orders and filled(orders[key]).any():
            keys[key] = names_in(orders[key])
            break
    if not keys:
        raise missing_column("region", "category")
    days = orders["date"].to_numpy().astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(int) + 1970
    months = days.astype("datetime64[M]").astype(int) % 12
    keys["year"] = (years - years.min(), np.arange(years.min(), years.max() + 1))
    keys["quarter"] = (months // 3, np.array(["Q1", "Q2", "Q3", "Q4"], object))
    frame = pd.DataFrame({key: codes for key, (codes, _) in keys.items()})
    frame["amount"], frame["orders"] = orders["amount"].to_numpy(float), 1
    if "quantity" in orders:
        frame["quantity"] = pd.to_numeric(orders["quantity"], errors="coerce").to_numpy()
    out = frame.groupby(list(keys), sort=True).sum().reset_index()
    for key, (_, names) in keys.items():
        shown = np.append(names.astype(object), unknown)  # code -1 is the last one
        out[key] = shown[out[key].to_numpy()]
    out["year"] = out["year"].astype(int)
    return out.round({"amount": 4})


@values("this_year", "last_year", "year_note")
def source_values(x: Datasets) -> Mapping[str, Any]:
    this = x.this_year
    return {
        "this_year": this.label(x.lang),
        "last_year": this.a_year_earlier().label(x.lang),
        "year_note": x.say(
            f"本期：{this.label('zh')}；上年同期：{this.a_year_earlier().label('zh')}；前年同期：{this.a_year_earlier().a_year_earlier().label('zh')}",
            f"This year: {this.label('en')}; last year: {this.a_year_earlier().label('en')}; year before: {this.a_year_earlier().a_year_earlier().label('en')}",
        ),
    }
