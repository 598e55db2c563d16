"""Tables in cells: RFM from order rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from udfs import fields, rfm, segments
from udfs.cells import number_error
from udfs.texts import Lang
from udfs.worksheet.calling import Problems, worksheet_function
from udfs.worksheet.grouping import number_keys
from udfs.worksheet.names import names

Column = np.ndarray

DAY_ZERO = 25569  # the serial number of 1970-01-01
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
