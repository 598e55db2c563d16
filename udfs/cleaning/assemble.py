"""From the tables of a workbook to `CustomerData`: understood, joined, and every row accounted for.

Nothing is dropped silently: a row counts, or it is left out for one reason and counted there, and each cell
behind it is in the check list. The control totals add up: rows read = rows used + rows left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from udfs import fields, money
from udfs.bulk import without_collector
from udfs.cleaning import duplicates, identify
from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.customer_rows import missing_contact, read_customers
from udfs.cleaning.event_rows import read_events
from udfs.cleaning.identify import Register, mentions
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.order_lines import completed, first_lines
from udfs.cleaning.order_rows import COUNTS, REASONS, OrderRows, judge, read_orders
from udfs.cleaning.problems import LISTED, PROBLEMS, ProblemList
from udfs.cleaning.spelling import text_codes
from udfs.customer_data import CustomerData
from udfs.texts import FenjiError, Text

DEFAULT = CleaningOptions()
TOTALS = ("last_order_date", "order_count", "total_amount")


@dataclass(slots=True)
class Cleaned:
    """What cleaning made of the tables.

    Attributes
    ----------
    data : what gradings work on.
    problems : the check list; columns sheet, row, column (letter), header, value, problem (code),
        proposal (value). `problems.localise` makes it readable.
    notes : what people should know about how the tables were read.
    row_customer : for each record of the customer table its row in `data.customers` (two records can be
        one customer); None without a customer table.
    duplicates : customers who are probably the same: columns a, b (labels: id, or name),
        name_a, name_b, score, reasons.
    rows_read, rows_used : order rows read, and those that count.
    amount_total : exact sum of the amounts of the rows that count.
    currency : code of the amounts' currency, or None when nothing says it.
    """

    data: CustomerData
    problems: pd.DataFrame
    notes: list[Text] = field(default_factory=list)
    row_customer: np.ndarray | None = None
    duplicates: pd.DataFrame | None = None
    rows_read: int = 0
    rows_used: int = 0
    amount_total: float = 0.0
    currency: str | None = None


@without_collector()
def assemble(tables: dict[str, list[RawTable]], options: CleaningOptions = DEFAULT) -> Cleaned:
    """Cleans and joins the tables of a workbook.

    Parameters
    ----------
    tables : by role ("customers", "orders", "contacts", "feedback"); several order tables (one a month)
        are taken together.
    options : how to clean.

    Raises
    ------
    FenjiError
        When there is nothing to grade: no orders and no totals, no usable date, no amount; or when amounts
        are in several currencies.

    Examples
    --------
    >>> from udfs.cleaning.columns import Column
    >>> orders = RawTable("orders", "订单", None, 1, np.array([2, 3, 4]), {
    ...     "customer": Column.from_values(["华泰", "华泰", "新力"]),
    ...     "order_date": Column.from_values(["2024-3-1", "2024年5月2日", "下周"]),
    ...     "amount": Column.from_values(["86元", 100, 5]),
    ... })
    >>> cleaned = assemble({"orders": [orders]})
    >>> cleaned.data.customers["customer"].tolist(), cleaned.amount_total, cleaned.data.left_out
    (['华泰', '新力'], 186.0, {'no_date': 1})
    """
    problems = ProblemList()
    customer_tables, order_tables = tables.get("customers", []), tables.get("orders", [])
    events = [t for role in ("contacts", "feedback") for t in tables.get(role, [])]
    _require_something(customer_tables, order_tables)

    register = Register()
    first = customer_tables[0] if customer_tables else None
    heads = [first_lines(t) for t in order_tables]
    order_tables = [t if h is None else completed(t, h) for t, h in zip(order_tables, heads, strict=True)]
    placed = _place_everyone(register, first, [*order_tables, *events])
    likely: pd.DataFrame | None = None
    before = placed[0] if first is not None else None
    if options.merges:
        new = register.merged(options.merges)
        placed = [np.where(p >= 0, new[p], p) for p in placed]
    row_customer, placed = (placed[0], placed[1:]) if first is not None else (None, placed)
    known = len(np.unique(row_customer[row_customer >= 0])) if row_customer is not None else 0

    read = [read_orders(t, h, options, problems) for t, h in zip(order_tables, heads, strict=True)]
    for rows, customer in zip(read, placed, strict=False):
        judge(rows, customer, options, problems)
    currency = _one_currency(read, options)
    orders = _orders_frame(read, placed) if read else None
    customers = _customers_frame(register, first, row_customer, before, options, problems)
    frames = {
        t.role: read_events(t, customer, options, problems)
        for t, customer in zip(events, placed[len(order_tables) :], strict=True)
    }
    data = CustomerData(
        customers=customers,
        orders=orders,
        contacts=frames.get("contacts"),
        feedback=frames.get("feedback"),
        left_out=_left_out(read),
        marked=_marked(read, customers),
        latest_allowed=options.today,
    )
    if orders is not None:
        _require_usable(read, orders)
        _add_from_orders(customers, orders)
        _list_unknown(first, register, orders, known, problems)
    elif first is not None:
        currency = fields.unit(first.headers.get("total_amount", "")).currency
        late = problems.count("future_date", first.headers.get("last_order_date", ""))
        data.left_out = {"future_date": late} if late else {}
    if first is not None:
        likely = _list_duplicates(first, customers, problems)
    notes = [note for rows in read for note in rows.notes] + _more_notes(problems)
    units, decimals = money.to_units(orders["amount"].to_numpy() if orders is not None else np.empty(0))
    return Cleaned(
        data=data,
        problems=problems.frame(),
        notes=notes,
        row_customer=row_customer,
        duplicates=likely,
        rows_read=sum(len(t) for t in order_tables),
        rows_used=0 if orders is None else len(orders),
        amount_total=float(money.from_units(int(units.sum()), decimals)),
        currency=currency,
    )


def _require_something(customers: list[RawTable], orders: list[RawTable]) -> None:
    if orders and any("order_date" not in t.columns for t in orders):
        table = next(t for t in orders if "order_date" not in t.columns)
        raise FenjiError(
            zh=f"工作表“{table.sheet}”没有订单日期列。请加上表头“订单日期”，或在设置里指定哪一列是日期。",
            en=f"Sheet '{table.sheet}' has no order date column. Add a header 'Order date', or name the column in the settings.",
        )
    if orders:
        return
    if customers and any(key in customers[0].columns for key in TOTALS):
        return
    if customers:
        raise FenjiError(
            zh=f"只找到客户表“{customers[0].sheet}”，没有订单表，客户表里也没有最近购买日期、订单数、累计金额，无法分级。"
            "请加上订单工作表，或在客户表里加上这些列。",
            en=f"Only the customer table '{customers[0].sheet}' was found: no orders, and no columns for last order date, "
            "order count and total amount. Add a sheet of orders, or these columns.",
        )
    raise FenjiError(
        zh="没有找到客户表或订单表。订单表至少要有客户、日期、金额三列，第一行是表头。",
        en="No customer or order table was found. An order table needs at least customer, date and amount, with headers.",
    )


def _place_everyone(register: Register, first: RawTable | None, others: list[RawTable]) -> list[np.ndarray]:
    """The customer of each row of each table; the customer table's rows come first and keep their order."""
    if first is None:
        return identify.place(register, [mentions(t) for t in others])
    records = register.place_records(mentions(first))
    named = [mentions(t) for t in others]
    if any(found.by_contact for found in named):
        register.know_contacts(first, records)
    return [records, *identify.place(register, named)]


def _one_currency(read: list[OrderRows], options: CleaningOptions) -> str | None:
    """The currency of the rows that count; converts with the user's rates, or refuses a mixture."""
    counts: dict[str, int] = {}
    for rows in read:
        used = rows.currency[(rows.verdict == COUNTS) & (rows.currency >= 0)]
        for code, count in zip(
            rows.currencies, np.bincount(used, minlength=len(rows.currencies)), strict=False
        ):
            if count:
                counts[code] = counts.get(code, 0) + int(count)
    if len(counts) <= 1:
        return next(iter(counts), None)
    without = [code for code in counts if code not in options.rates]
    if without:
        named = [f"{code} ({count})" for code, count in sorted(counts.items(), key=lambda x: -x[1])]
        raise FenjiError(
            zh=f"订单里混有 {len(counts)} 种货币：{'、'.join(named)}（括号里是行数），金额不能直接相加。"
            f"请只保留一种货币，或在设置里给出汇率（还缺 {'、'.join(without)}）。",
            en=f"The orders are in {len(counts)} currencies: {', '.join(named)} (rows in brackets); their amounts cannot be "
            f"added. Keep one currency, or give rates in the settings (missing: {', '.join(without)}).",
        )
    for rows in read:
        rate = np.array([options.rates.get(code, 1.0) for code in rows.currencies] + [1.0])[rows.currency]
        rows.amount = np.round(rows.amount * rate, 2)
        for key in ("price", "cost"):
            if key in rows.numbers:
                rows.numbers[key] = rows.numbers[key] * rate
    return next((code for code, rate in options.rates.items() if rate == 1), None)


def _orders_frame(read: list[OrderRows], placed: list[np.ndarray]) -> pd.DataFrame:
    """The rows that count, of all order tables, one below the other."""
    used = [np.flatnonzero(rows.verdict == COUNTS) for rows in read]
    n = [len(u) for u in used]
    data: dict[str, object] = {
        "customer_index": _stack([c[u].astype(np.int32) for c, u in zip(placed, used, strict=False)]),
        "date": _stack([rows.date[u] for rows, u in zip(read, used, strict=True)]).astype("datetime64[s]"),
        "amount": _stack([rows.amount[u] for rows, u in zip(read, used, strict=True)]),
        "is_return": _stack([rows.is_return[u] for rows, u in zip(read, used, strict=True)]),
    }
    order_id = _order_ids(read, used, data["customer_index"], data["date"])
    if order_id is not None:
        data["order_id"] = order_id
    for key in _keys(rows.numbers for rows in read):
        data[key] = _stack(
            [
                rows.numbers[key][u] if key in rows.numbers else np.full(k, np.nan)
                for rows, u, k in zip(read, used, n, strict=True)
            ]
        )
    for key in _keys(rows.dates for rows in read):
        nat = np.datetime64("NaT", "D")
        data[key] = _stack(
            [
                rows.dates[key][u] if key in rows.dates else np.full(k, nat)
                for rows, u, k in zip(read, used, n, strict=True)
            ]
        ).astype("datetime64[s]")
    for key in _keys(rows.texts for rows in read):
        data[key] = _categories([rows.texts.get(key) for rows in read], used)
    data["source_row"] = _stack([rows.table.rows[u] for rows, u in zip(read, used, strict=True)]).astype(
        np.int32
    )
    if len(read) > 1:
        sheet = np.repeat(np.arange(len(read)), n)
        names = list(dict.fromkeys(rows.table.sheet for rows in read))
        of_table = np.array([names.index(rows.table.sheet) for rows in read])
        data["source_sheet"] = pd.Categorical.from_codes(of_table[sheet], categories=names)
    return pd.DataFrame(data, copy=False)


def _stack(parts: list[np.ndarray]) -> np.ndarray:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _keys(parts: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(key for part in parts for key in part))


def _order_ids(
    read: list[OrderRows], used: list[np.ndarray], customer: object, date: object
) -> np.ndarray | None:
    """Codes of the order numbers; rows without one are an order per customer and day."""
    if not any("order_id" in rows.table.columns for rows in read):
        return None
    seen: dict[str, int] = {}
    parts = []
    for rows, u in zip(read, used, strict=True):
        column = rows.table.columns.get("order_id", Column.empty(len(rows.table)))
        texts, codes = text_codes(column)
        if len(read) > 1:
            codes = np.array([seen.setdefault(t, len(seen)) for t in texts] + [-1], np.int64)[codes]
        parts.append(codes[u].astype(np.int64))
    ids = _stack(parts)
    without = ids < 0
    if without.any():
        days = np.asarray(date)[without].astype("datetime64[D]").astype(np.int64)
        key = np.asarray(customer)[without].astype(np.int64) * 1_000_000 + days
        ids = ids.copy()
        ids[without] = ids.max(initial=-1) + 1 + pd.factorize(key)[0]
    return ids


def _categories(
    parts: list[tuple[Sequence[str], np.ndarray] | None], used: list[np.ndarray]
) -> pd.Categorical:
    """The texts of one field in all tables as one categorical column."""
    seen: dict[str, int] = {}
    codes = []
    for part, u in zip(parts, used, strict=True):
        if part is None:
            codes.append(np.full(len(u), -1, np.int32))
            continue
        texts, own = part
        of_text = np.array([seen.setdefault(t, len(seen)) for t in texts] + [-1], np.int32)
        codes.append(of_text[own[u]])
    return pd.Categorical.from_codes(_stack(codes), categories=list(seen))


def _customers_frame(
    register: Register,
    first: RawTable | None,
    row_customer: np.ndarray | None,
    before: np.ndarray | None,
    options: CleaningOptions,
    problems: ProblemList,
) -> pd.DataFrame:
    """One row per customer: those of the customer table in its order, then those known from elsewhere."""
    frame = pd.DataFrame(
        {"customer_id": np.array(register.ids, object), "customer": np.array(register.names, object)}
    )
    if first is None or row_customer is None:
        frame["source_row"] = 0
        return frame
    problems.add(first, "customer", row_customer < 0, "no_customer")
    owners, where = np.unique(row_customer, return_index=True)
    where = where[owners >= 0]
    again = row_customer >= 0
    again[where] = False
    twice = again & pd.Series(before).duplicated().to_numpy()
    key = "customer_id" if "customer_id" in first.columns else "customer"
    problems.add(first, key, twice, "duplicate_customer")
    problems.add(first, key, again & ~twice, "merged_customer")
    details = read_customers(first, options, problems).iloc[where]
    details.index = pd.RangeIndex(len(details))
    frame = frame.join(details.drop(columns=[c for c in frame if c in details]))
    frame["source_row"] = frame["source_row"].fillna(0).astype(np.int64)
    for name in frame.columns[frame.isna().any()]:
        if name == "do_not_contact":
            frame[name] = frame[name].fillna(False).astype(bool)
        elif pd.api.types.is_string_dtype(frame[name]) or frame[name].dtype == object:
            frame[name] = frame[name].fillna("")
    return frame


def _left_out(read: list[OrderRows]) -> dict[str, int]:
    counts = sum(
        (np.bincount(rows.verdict, minlength=len(REASONS) + 1) for rows in read),
        np.zeros(len(REASONS) + 1, int),
    )
    return {reason: int(counts[k]) for k, reason in enumerate(REASONS, 1) if counts[k]}


def _marked(read: list[OrderRows], customers: pd.DataFrame) -> dict[str, int]:
    counts = {"missing_contact": missing_contact(customers[customers["source_row"] > 0])}
    for mark in ("duplicate_row", "outlier"):
        counts[mark] = sum(int(rows.marks[mark].sum()) for rows in read if mark in rows.marks)
    return {mark: count for mark, count in counts.items() if count}


def _require_usable(read: list[OrderRows], orders: pd.DataFrame) -> None:
    """An error that says what is wrong with the whole order table, when no row counts."""
    total = sum(len(rows.table) for rows in read)
    if len(orders):
        return
    sheets = "、".join(dict.fromkeys(rows.table.sheet for rows in read))
    counts = _left_out(read)
    if not total:
        raise FenjiError(
            zh=f"工作表“{sheets}”只有表头，没有订单。", en=f"Sheet '{sheets}' has headers only, no orders."
        )
    reason = max(counts, key=lambda k: counts[k])
    said = PROBLEMS[reason][0] if reason in PROBLEMS else Text(zh=reason, en=reason)
    hints = {
        "no_date": "order_date",
        "future_date": "order_date",
        "no_amount": "amount",
        "no_customer": "customer",
    }
    header = next(
        (rows.table.headers[hints[reason]] for rows in read if hints.get(reason) in rows.table.headers), ""
    )
    at = Text(zh=f"（列“{header}”）", en=f" (column '{header}')") if header else Text(zh="", en="")
    raise FenjiError(
        zh=f"工作表“{sheets}”的 {total} 行订单没有一行能用，主要原因：{said.zh}{at.zh}，{counts[reason]} 行。请检查这一列的内容和表头是否对应。",
        en=f"None of the {total} order rows in sheet '{sheets}' can be used. Main reason: {said.en.lower()}{at.en}, "
        f"{counts[reason]} rows. Check that the column holds what its header says.",
    )


def _add_from_orders(customers: pd.DataFrame, orders: pd.DataFrame) -> None:
    """Region and owner of customers from their orders, where the customer table does not say."""
    for key in ("region", "owner"):
        if key not in orders:
            continue
        found = _most_frequent(orders["customer_index"].to_numpy(), orders[key], len(customers))
        if key not in customers:
            customers[key] = found
        else:
            customers[key] = np.where(customers[key] == "", found, customers[key])


def _most_frequent(index: np.ndarray, column: pd.Series, n: int) -> np.ndarray:
    """The most frequent text of each customer; the one seen first where two are equally frequent."""
    names = np.array([*column.cat.categories, ""], object)
    codes = column.cat.codes.to_numpy().astype(np.int64)
    pair = index.astype(np.int64) * len(names) + codes
    keys, counts = _counted(pair[codes >= 0] if len(codes) and codes.min() < 0 else pair, n * len(names))
    best = np.full(n, len(names) - 1, np.int64)
    if len(keys):
        owner, category = np.divmod(keys, len(names))
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        most = np.maximum.reduceat(counts * len(names) - category, begins)
        best[owner[begins]] = -most % len(names)
    return names[best]


def _counted(values: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values, all from 0 and below the limit, in order, and how often each occurs."""
    if limit > 10 * len(values) + 1000:
        return np.unique(values, return_counts=True)
    count = np.bincount(values, minlength=1)
    found = np.flatnonzero(count)
    return found, count[found]


def _list_unknown(
    first: RawTable | None, register: Register, orders: pd.DataFrame, known: int, problems: ProblemList
) -> None:
    """Lists customers who are in the orders but not in the customer table."""
    if first is None or len(register) == known:
        return
    index = orders["customer_index"].to_numpy()
    buyers = np.unique(index[index >= known])
    problems.add_named(
        first.sheet, [register.ids[i] or register.names[i] for i in buyers], "unknown_customer"
    )


def _list_duplicates(first: RawTable, customers: pd.DataFrame, problems: ProblemList) -> pd.DataFrame:
    """Lists customers of the customer table who are probably the same as an earlier one; gives the pairs.

    In the result `a` and `b` are labels by which `CleaningOptions.merges` names customers: id, or name;
    `name_a` and `name_b` are their names.
    """
    inside = customers[customers["source_row"] > 0]
    pairs = duplicates.propose(inside)
    if pairs.empty:
        return pairs
    row_of, names = inside["source_row"].to_numpy(), inside["customer"].to_numpy()
    ids = inside["customer_id"].to_numpy()
    other = [f"{names[a]} ({ids[a]})" if ids[a] else str(names[a]) for a in pairs["a"]]
    key = "customer" if "customer" in first.columns else "customer_id"
    problems.add_rows(first, key, row_of[pairs["b"]], names[pairs["b"]].tolist(), "likely_duplicate", other)
    label = np.where(ids != "", ids, names).astype(object)
    named = pairs.assign(name_a=names[pairs["a"]], name_b=names[pairs["b"]])
    return named.assign(a=label[pairs["a"]], b=label[pairs["b"]])


def _more_notes(problems: ProblemList) -> list[Text]:
    """Says how many problems of a kind are not in the list because there are so many."""
    return [
        Text(
            zh=f"“{PROBLEMS[code][0].zh}”还有 {count} 处没有逐行列出（每类最多列 {LISTED} 处）。",
            en=f"'{PROBLEMS[code][0].en}': {count} more cells are not listed (at most {LISTED} of a kind are).",
        )
        for code, count in problems.more.items()
    ]
