"""Tables in cells: RFM from order rows, cohorts, movement, summary of segments."""

from __future__ import annotations

from typing import Any

import numpy as np

from udfs import cohorts, fields, loyalty, migration, money, rfm, segments
from udfs.cells import number_error
from udfs.texts import Lang, Text
from udfs.worksheet.calling import Problems, worksheet_function
from udfs.worksheet.grouping import DAY_ZERO, number_keys
from udfs.worksheet.names import names

Column = np.ndarray

NO_SALES = number_error("as_of 之前没有任何消费。", "There is no purchase before as_of.")


@worksheet_function
def RFM_TABLE(
    customer: Column,
    date: Column,
    amount: Column,
    as_of: float | None,
    bins: int,
    method: str | None,
    order_id: Column | None,
    lang: str,
    problems: Problems,
) -> list[list[Any]]:
    """Customers whose rows cannot all be used show the error and take no part in the scores."""
    spoken: Lang = "en" if lang == "en" else "zh"
    keys = ("customer", "recency_days", "frequency", "monetary", "r", "f", "m", "rfm", "segment", "class8")
    head: list[Any] = [k if lang == "code" else fields.header(k, spoken) for k in keys]
    failed = {key: error for key, error in reversed(problems.by_key) if key is not None}
    if len(failed):
        keep = np.fromiter((c not in failed for c in customer.tolist()), bool, len(customer))
        customer, date, amount = customer[keep], date[keep], amount[keep]
        order_id = None if order_id is None else order_id[keep]
    errors = [[key, *[error] * (len(head) - 1)] for key, error in failed.items()]
    if as_of is not None:
        known = date <= as_of
        customer, date, amount = customer[known], date[known], amount[known]
        order_id = None if order_id is None else order_id[known]
    if len(customer) == 0:
        if failed:
            return [head, *errors]
        raise NO_SALES
    codes, customers = number_keys(customer)
    values = rfm.rfm_values(
        codes,
        date.astype(np.int64) - DAY_ZERO,
        amount,
        len(customers),
        is_return=amount < 0,
        order=None if order_id is None else number_keys(order_id)[0],
        as_of_day=None if as_of is None else int(as_of) - DAY_ZERO,
    )
    return [head, *_rows(customers, values, bins, method or "quantile", lang), *errors]


def _rows(customers: list[str], values: rfm.RfmValues, bins: int, method: str, lang: str) -> list[list[Any]]:
    cuts = rfm.rfm_cut_points(values, bins, method)
    shown = cuts.scores(values)
    fives = shown if (bins, method) == (5, "quantile") else rfm.rfm_cut_points(values).scores(values)
    r, f, m = cuts.upward(shown)
    limits = rfm.high_limits(cuts.upward(shown)[:, values.buyers])
    columns = [
        [None if x != x else int(x) for x in values.recency.tolist()],
        [int(x) for x in values.frequency.tolist()],
        np.where(values.buyers, values.monetary, values.net_units / 10.0**values.decimals).tolist(),
        *(shown.tolist()),
        rfm.rfm_code(*shown).tolist(),
        names("segment", segments.segment_en11(*fives), lang).tolist(),
        names("class8", segments.class8(r, f, m, limits), lang).tolist(),
    ]
    return [list(row) for row in zip(customers, *columns, strict=True)]


MOST_MONTHS = 600
MOST_CLASSES = 200
FIRST_ORDER = Text(zh="首单月份", en="First order")
MONTH = Text(zh="第 {} 月", en="Month {}")
TOO_LONG = number_error("日期跨度超过 50 年，请检查日期。", "The dates span more than 50 years; check them.")
TOO_MANY = number_error(
    f"不同的等级超过 {MOST_CLASSES} 个，请检查所选的列。",
    f"There are more than {MOST_CLASSES} different classes; check the columns chosen.",
)


@worksheet_function
def COHORT_TABLE(customer: Column, date: Column, months: int, lang: str) -> list[list[Any]]:
    spoken: Lang = "en" if lang == "en" else "zh"
    day = date.astype(np.int64) - DAY_ZERO
    month = loyalty.month_number(day)
    if month.max() - month.min() > MOST_MONTHS:
        raise TOO_LONG
    table = cohorts.cohort_table(number_keys(customer)[0], day)
    width = min(months + 1, table.customers.shape[1])
    head = [
        FIRST_ORDER(spoken),
        fields.header("customers", spoken),
        *(MONTH(spoken).format(i) for i in range(width)),
    ]
    active = table.customers[:, :width].tolist()
    rows = zip(table.labels, table.size.tolist(), active, strict=True)
    return [head, *([label, size, *("" if n < 0 else n for n in counts)] for label, size, counts in rows)]


@worksheet_function
def MOVEMENT_TABLE(old_class: Column, new_class: Column, class_order: list[str] | None) -> list[list[Any]]:
    old, new = old_class.tolist(), new_class.tolist()
    if len({*old, *new, *(class_order or [])}) > MOST_CLASSES:
        raise TOO_MANY
    moved = migration.movement(old, new, class_order or [])
    return [
        ["", *moved.codes],
        *([c, *n] for c, n in zip(moved.codes, moved.customers.tolist(), strict=True)),
    ]


@worksheet_function
def SEGMENT_SUMMARY(segment: Column, amount: Column, lang: str) -> list[list[Any]]:
    """In order of first appearance; shares of an amount of 0 in all stay empty."""
    spoken: Lang = "en" if lang == "en" else "zh"
    keys = ("segment", "customers", "share", "amount", "amount_share")
    codes, found = number_keys(segment)
    units, decimals = money.to_units(amount)
    sums = money.sum_by(codes, units, len(found))
    customers = np.bincount(codes, minlength=len(found))
    total = int(sums.sum())
    columns = (
        customers.tolist(),
        (customers / len(codes)).tolist(),
        money.from_units(sums, decimals).tolist(),
        (sums / total).tolist() if total else [""] * len(found),
    )
    head = [k if lang == "code" else fields.header(k, spoken) for k in keys]
    return [head, *(list(row) for row in zip(found, *columns, strict=True))]
