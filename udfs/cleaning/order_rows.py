"""One order table, understood row by row: date, amount, whether it is a sale or a return, and why not.

Every row ends with exactly one verdict: it counts, or it is left out for one reason. Reasons are tried in the
order of `REASONS`, so a cancelled order without a date is "not a sale".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from udfs import fields, money
from udfs.cleaning import statuses
from udfs.cleaning.amounts import currency_of, in_base_unit, parse_numbers, proposal
from udfs.cleaning.columns import Column, Kind, RawTable, series
from udfs.cleaning.dates import parse_dates
from udfs.cleaning.discounts import share_off
from udfs.cleaning.options import CleaningOptions
from udfs.cleaning.order_lines import amounts_are_of_the_order
from udfs.cleaning.order_totals import repeated_totals, spread
from udfs.cleaning.problems import ProblemList
from udfs.cleaning.refunds import less_refunds, sales_changed_to_refunds
from udfs.cleaning.spelling import joined, missing, text_codes
from udfs.currencies import currency_code
from udfs.texts import Text

REASONS = (
    "test_order", "not_a_sale", "no_date", "future_date", "no_customer", "ambiguous_customer", "no_amount",
    "negative_no_return", "duplicate_row",
)  # fmt: skip
COUNTS = 0  # a row that counts
EARLIEST = np.datetime64("1950-01-01", "D")  # no order is older; such a date is a typing error
TEXT_FIELDS = (
    "status", "order_type", "product", "product_id", "category", "channel", "campaign", "remark", "owner", "region",
    "currency",
)  # fmt: skip


@dataclass(slots=True)
class OrderRows:
    """The rows of one order table.

    Attributes
    ----------
    table : where they come from.
    date : datetime64[D] array, shape (n,).
    amount : float64 array, net: returns are negative.
    is_return : bool array.
    verdict : uint8 array; 0 counts, k is left out for REASONS[k - 1].
    numbers : further float arrays by key (quantity, price, cost, discount as share off).
    texts : distinct texts and codes by key, as `spelling.text_codes`.
    dates : further datetime64[D] arrays by key (due_date, paid_date).
    currency : int8 codes into `currencies`, -1 unknown.
    marks : bool arrays by mark ("duplicate_row", "outlier").
    paid_back : bool array, rows of orders that a column of refunds says are paid back in full; None without it.
    notes : what people should know about how the table was read.
    """

    table: RawTable
    date: np.ndarray
    amount: np.ndarray
    is_return: np.ndarray
    verdict: np.ndarray
    numbers: dict[str, np.ndarray] = field(default_factory=dict)
    texts: dict[str, tuple[Sequence[str], np.ndarray]] = field(default_factory=dict)
    dates: dict[str, np.ndarray] = field(default_factory=dict)
    currency: np.ndarray = field(default_factory=lambda: np.empty(0, np.int8))
    currencies: list[str] = field(default_factory=list)
    marks: dict[str, np.ndarray] = field(default_factory=dict)
    paid_back: np.ndarray | None = None
    notes: list[Text] = field(default_factory=list)

    def leave_out(self, where: np.ndarray, reason: str) -> np.ndarray:
        """Leaves rows out that counted so far; returns which."""
        hit = where & (self.verdict == COUNTS)
        self.verdict[hit] = REASONS.index(reason) + 1
        return hit


def read_orders(
    table: RawTable, head: np.ndarray | None, options: CleaningOptions, problems: ProblemList
) -> OrderRows:
    """Understands one order table; customers are looked up later (`judge`).

    `head` is the first line of each row's order (`order_lines.first_lines`), None when all rows are first lines.
    """
    n = len(table)
    dates = parse_dates(table.columns.get("order_date", Column.empty(n)), options.date_order)
    rows = OrderRows(
        table,
        date=np.where(dates.days < EARLIEST, np.datetime64("NaT"), dates.days),
        amount=np.full(n, np.nan),
        is_return=np.zeros(n, bool),
        verdict=np.zeros(n, np.uint8),
    )
    unreadable = dates.unreadable | (dates.days < EARLIEST)
    problems.add(table, "order_date", unreadable, "unreadable_date")
    if dates.undecided:
        rows.notes.append(undecided_note(table, "order_date"))
    for key in ("due_date", "paid_date"):
        if key in table.columns:
            rows.dates[key] = parse_dates(table.columns[key], options.date_order or dates.order).days
    for key in TEXT_FIELDS:
        if key in table.columns:
            rows.texts[key] = text_codes(table.columns[key])
    _read_amounts(rows, head, problems)
    _mark_returns(rows, options, problems)
    _mark_tests(rows, options)
    if head is not None:
        rows.notes.append(_further_lines(table, int((head != np.arange(n)).sum())))
    return rows


def _further_lines(table: RawTable, count: int) -> Text:
    return Text(
        zh=f"工作表“{table.sheet}”有 {count} 行是订单的后续明细行，空着的客户、日期和金额按该订单的首行计算。",
        en=f"Sheet '{table.sheet}': further lines of orders (rows: {count:,}); what they leave empty (customer, date, "
        "amount) comes from the first line of their order.",
    )


def undecided_note(table: RawTable, key: str) -> Text:
    """Says that day and month of a date column could be exchanged."""
    header = table.headers.get(key, key)
    return Text(
        zh=f"工作表“{table.sheet}”的“{header}”列分不清月和日（如 3/4/2024），已按“月/日/年”理解。"
        "如果应是“日/月/年”，请在设置里把日期顺序改为 dmy。",
        en=f"Sheet '{table.sheet}', column '{header}': day and month cannot be told apart (as in 3/4/2024); "
        "read as month/day/year. If it is day/month/year, set the date order to dmy in the settings.",
    )


def _read_amounts(rows: OrderRows, head: np.ndarray | None, problems: ProblemList) -> None:
    """Amounts, quantities, prices and costs in one money unit; missing amounts from quantity x price.

    `head` is the first line of each row's order, None when every row is an order line of its own.
    """
    table = rows.table
    found: dict[str, int] = {}
    for key in ("amount", "quantity", "price", "cost", "refunded"):
        if key not in table.columns:
            continue
        parsed = parse_numbers(table.columns[key])
        unit = fields.unit(table.headers.get(key, ""))
        rows.numbers[key] = in_base_unit(parsed.values, table.columns[key], unit.factor)
        code = "unreadable_amount" if key == "amount" else "unreadable_number"
        problems.add(table, key, parsed.unreadable, code, lambda text: _shown(proposal(text)))
        if key in ("amount", "price"):
            for name, count in parsed.currencies.items():
                found[name] = found.get(name, 0) + count
            if unit.currency:
                found[unit.currency] = found.get(unit.currency, 0) + len(table)
    if "discount" in table.columns:
        rows.numbers["discount"] = share_off(
            table.columns["discount"], table.headers.get("discount", ""), rows.numbers.get("amount")
        )
    _fill_amounts(rows, head)
    rows.currencies = list(found)
    _read_currency(rows, found)


def _fill_amounts(rows: OrderRows, head: np.ndarray | None) -> None:
    """The amount of each row: as written, else quantity x price; of an order's total, less refunds, its item's part."""
    table, n = rows.table, len(rows.table)
    amount = rows.numbers.pop("amount", np.full(n, np.nan)).copy()
    computed = np.full(n, np.nan)
    if "quantity" in rows.numbers and "price" in rows.numbers:
        computed = money.multiply(rows.numbers["price"], rows.numbers["quantity"])
    gap = np.isnan(amount)
    if "amount" in table.columns and gap.any():
        gap &= missing(table.columns["amount"])  # an amount that is there but unreadable is not replaced
    if head is not None and not amounts_are_of_the_order(head, np.where(gap, np.nan, amount), computed):
        head = None
    if head is None:
        amount[gap] = computed[gap]
        head = repeated_totals(table, amount, computed)
        if head is not None:
            rows.notes.append(_repeated_note(table))
    else:
        head = np.where(gap, head, np.arange(n))  # a further line with an amount of its own keeps it
        gap &= head == np.arange(n)
        amount[gap] = computed[gap]
    further = np.zeros(n, bool) if head is None else (head != np.arange(n))
    if "refunded" in rows.numbers:
        refunded = np.nan_to_num(np.abs(rows.numbers.pop("refunded")))
        amount, paid_back = less_refunds(amount, np.where(further, 0.0, refunded))
        rows.paid_back = paid_back if head is None else paid_back[head]
        _note_paid_back(rows, int((refunded[~further] > 0).sum()))
    rows.amount = amount if head is None else spread(amount, computed, head)


def _repeated_note(table: RawTable) -> Text:
    header = table.headers.get("amount", "")
    return Text(
        zh=f"工作表“{table.sheet}”的“{header}”是整张订单的金额，在每个明细行上重复；每张订单只计一次，并按数量×单价分摊到明细。",
        en=f"Sheet '{table.sheet}': '{header}' is the whole order's amount, repeated on each of its rows; it counts once an "
        "order and is spread over the rows by quantity x price.",
    )


def _note_paid_back(rows: OrderRows, count: int) -> None:
    if count:
        header = rows.table.headers.get("refunded", "")
        rows.notes.append(
            Text(
                zh=f"工作表“{rows.table.sheet}”有 {count} 张订单有退款，金额已减去“{header}”；全部退款的订单不计入。",
                en=f"Sheet '{rows.table.sheet}': '{header}' is subtracted from the amount of orders with a refund ({count:,}); "
                "orders paid back in full do not count.",
            )
        )


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.15g}"


def _read_currency(rows: OrderRows, found: dict[str, int]) -> None:
    """Currency of each row: its own cell, else the sign in its amount, else the table's one currency."""
    n = len(rows.table)
    names = list(found)
    codes = np.full(n, 0 if len(names) == 1 else -1, np.int8)
    if len(names) > 1:
        codes = _currency_of_amounts(rows.table, names)
    if "currency" in rows.texts:
        texts, cells = rows.texts["currency"]
        meaning = [currency_code(t) for t in texts]
        names += [m for m in dict.fromkeys(meaning) if m not in names]
        of_text = np.array([names.index(m) for m in meaning] + [-1], np.int8)
        codes = np.where(cells >= 0, of_text[cells], codes)
    rows.currency, rows.currencies = codes, names


def _currency_of_amounts(table: RawTable, names: list[str]) -> np.ndarray:
    codes = np.full(len(table), -1, np.int8)
    for key in ("price", "amount"):
        if column := table.columns.get(key):
            in_header = fields.unit(table.headers.get(key, "")).currency
            default = names.index(in_header) if in_header else -1
            meaning = [currency_of(t) for t in column.texts]
            of_text = np.array([names.index(m) if m else default for m in meaning] + [default], np.int8)
            codes = np.where(column.kind == Kind.EMPTY, codes, of_text[column.code])
    return codes


RETURN_PREFIX = r"(?i)^\s*(?:C|CN|TH|RT|RET|RMA|退)[-_]?\d"


def _mark_returns(rows: OrderRows, options: CleaningOptions, problems: ProblemList) -> None:
    """Returns by negative quantity, by status or type, by the prefix of the order number; not-sales too."""
    table = rows.table
    quantity = rows.numbers.get("quantity")
    rows.is_return = np.zeros(len(table), bool) if quantity is None else quantity < 0
    if rows.paid_back is not None:
        rows.leave_out(rows.paid_back, "not_a_sale")
    refunded_sale, by_type = np.zeros(len(table), bool), np.zeros(len(table), bool)
    for key in ("status", "order_type"):
        if key not in rows.texts:
            continue
        texts, codes = rows.texts[key]
        meaning = np.array([_meaning(t, options) or "" for t in texts] + [statuses.SALE])
        rows.leave_out((meaning == statuses.NOT_A_SALE)[codes], "not_a_sale")
        refunded = (meaning == statuses.RETURN)[codes]
        refunded_sale |= refunded & (rows.amount > 0) & ~rows.is_return
        rows.is_return |= refunded
        by_type |= refunded & (key == "order_type")
        if key == "status":
            problems.add(table, key, (meaning == "")[codes], "unknown_status")
    rows.is_return |= _return_by_number(table, rows.is_return | (rows.amount < 0))
    _note_refunded(rows, refunded_sale, by_type, options)
    rows.amount = np.where(rows.is_return, -np.abs(rows.amount), rows.amount)
    for key in ("quantity", "cost"):
        if key in rows.numbers:
            values = rows.numbers[key]
            rows.numbers[key] = np.where(rows.is_return, -np.abs(values), values)


def _meaning(text: str, options: CleaningOptions) -> str | None:
    own = (
        (statuses.RETURN, options.return_words),
        (statuses.NOT_A_SALE, options.not_sale_words),
        (statuses.SALE, options.sale_words),
    )
    for meaning, words in own:
        if joined(text).casefold() in (joined(w).casefold() for w in words):
            return meaning
    return statuses.meaning_of(text)


def _return_by_number(table: RawTable, looks_returned: np.ndarray) -> np.ndarray:
    """Rows whose order number has a return prefix (C536379), where the other numbers have none.

    Some shops number every order C001, C002; a prefix marks returns only if most orders do without it, and
    the rows that have it are mostly negative.
    """
    column = table.columns.get("order_id")
    if column is None:
        return np.zeros(len(table), bool)
    prefixed = series(column.texts).str.contains(RETURN_PREFIX)
    if not prefixed.any():
        return np.zeros(len(table), bool)
    rows = np.append(prefixed, False)[column.code]
    count = int(rows.sum())
    few = 0 < count * 2 < len(table)
    return rows if few and int((rows & looks_returned).sum()) * 2 >= count else np.zeros(len(table), bool)


def _note_refunded(
    rows: OrderRows, refunded: np.ndarray, by_type: np.ndarray, options: CleaningOptions
) -> None:
    """Rows with a refund status and a positive amount: subtracted as returns, or left out as sales undone."""
    refunded = refunded & (rows.verdict == COUNTS)
    if not refunded.any():
        return
    undone = refunded
    if options.refunded_rows == "auto":
        undone = refunded & ~by_type
        sale = (rows.verdict == COUNTS) & ~rows.is_return & (rows.amount > 0)
        if not sales_changed_to_refunds(rows.table.columns.get("order_id"), undone, sale):
            undone = np.zeros_like(refunded)
    elif options.refunded_rows == "subtract":
        undone = np.zeros_like(refunded)
    rows.leave_out(undone, "not_a_sale")
    sheet, left_out, subtracted = rows.table.sheet, int(undone.sum()), int((refunded & ~undone).sum())
    if left_out and options.refunded_rows == "auto":
        rows.notes.append(
            Text(
                zh=f"工作表“{sheet}”有 {left_out} 行状态为退款而金额为正，从订单号看是原销售行改了状态，没有计入。"
                "如果另有销售行，请在设置里把“退款行”改为“减去”。",
                en=f"Sheet '{sheet}': refunded rows with a positive amount ({left_out:,}) are, by their order numbers, the "
                "sales themselves, and do not count. If the sales stand in other rows, set 'Refunded rows' to 'subtract' "
                "in the settings.",
            )
        )
    if subtracted:
        rows.notes.append(
            Text(
                zh=f"工作表“{sheet}”有 {subtracted} 行状态为退款而金额为正，已作为退货从消费金额中减去。"
                "如果店铺是把原订单的状态改成了退款（没有另外的销售行），请在设置里把“退款行”改为“不计入”。",
                en=f"Sheet '{sheet}': refunded rows with a positive amount ({subtracted:,}) are subtracted "
                "as returns. If the shop changed the status of the sale itself (so there is no other row for the "
                "sale), set 'Refunded rows' to 'leave out' in the settings.",
            )
        )


def _mark_tests(rows: OrderRows, options: CleaningOptions) -> None:
    """Test orders: customer or remark says so, or the amount is the usual 0.01."""
    test = np.abs(rows.amount) == options.test_amount
    for key in ("customer", "remark", "order_type"):
        if column := rows.table.columns.get(key):
            says = np.array([statuses.says_test(t) for t in column.texts] + [False], bool)
            test |= says[column.code]
    rows.verdict[test] = REASONS.index("test_order") + 1


def judge(rows: OrderRows, customer: np.ndarray, options: CleaningOptions, problems: ProblemList) -> None:
    """Gives the verdict on every row, once its customer is known (index, or NOBODY, AMBIGUOUS below 0)."""
    table = rows.table
    no_date = np.isnat(rows.date)
    if no_date.any():
        missing_date = no_date & missing(table.columns.get("order_date", Column.empty(len(table))))
        problems.add(table, "order_date", missing_date & (rows.verdict == COUNTS), "no_date")
    rows.leave_out(no_date, "no_date")
    late = rows.leave_out(rows.date > np.datetime64(options.today), "future_date")
    problems.add(table, "order_date", late, "future_date")
    who = "customer_id" if "customer_id" in table.columns else "customer"
    problems.add(table, who, rows.leave_out(customer == -1, "no_customer"), "no_customer")
    unclear = rows.leave_out(customer == -2, "ambiguous_customer")
    problems.add(table, "customer", unclear, "ambiguous_customer")
    no_amount = rows.leave_out(np.isnan(rows.amount), "no_amount")
    if no_amount.any():
        no_amount &= missing(table.columns.get("amount", Column.empty(len(table))))
    problems.add(table, "amount", no_amount, "no_amount")
    negative = rows.leave_out((rows.amount < 0) & ~rows.is_return, "negative_no_return")
    problems.add(table, "amount", negative, "negative_no_return")
    for reason, key in (("test_order", "remark"), ("not_a_sale", "status")):
        problems.add(table, key, rows.verdict == REASONS.index(reason) + 1, reason)

    counted = rows.verdict == COUNTS
    again = repeated(table) & counted
    problems.add(table, "order_id", again, "duplicate_row")
    if options.drop_duplicates:
        rows.leave_out(again, "duplicate_row")
    else:
        rows.marks["duplicate_row"] = again
    far = _outliers(rows, options.outlier_factor)
    rows.marks["outlier"] = far
    problems.add(table, "amount", far, "outlier")


def _outliers(rows: OrderRows, factor: float) -> np.ndarray:
    sale = (rows.verdict == COUNTS) & ~rows.is_return
    if not sale.any():
        return np.zeros(len(rows.table), bool)
    return sale & (rows.amount > factor * rows.amount[sale].mean())


def repeated(table: RawTable) -> np.ndarray:
    """Rows that equal an earlier row in every column that was read.

    Returns
    -------
    bool array, shape (n,)
    """
    columns = [*table.columns.values(), *table.own.values()]
    again = np.zeros(len(table), bool)
    rows = _not_alone(max(columns, key=lambda c: len(c.texts))) if columns else np.zeros(0, np.int64)
    if not len(rows):
        return again
    mixed = np.zeros(len(rows), np.uint64)
    for column in (c.take(rows) for c in columns):
        cell = np.where(column.code >= 0, column.code, column.number).view(np.uint64)
        cell = np.where(
            column.kind == Kind.EMPTY, np.uint64(0), cell ^ (column.kind.astype(np.uint64) << np.uint64(56))
        )
        mixed = _mix(mixed ^ cell)
    again[rows] = pd.Series(mixed).duplicated().to_numpy()
    return again


def _not_alone(column: Column) -> np.ndarray:
    """The rows whose text in this column is not theirs alone: only they can equal another row."""
    count = np.bincount(column.code + 1, minlength=1)
    count[0] = 2  # cells without text
    return np.flatnonzero(count[column.code + 1] > 1)


def _mix(x: np.ndarray) -> np.ndarray:
    """Spreads 64 bits so that different rows practically never agree (the finaliser of splitmix64)."""
    x = (x + np.uint64(0x9E3779B97F4A7C15)) & np.uint64(0xFFFFFFFFFFFFFFFF)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
