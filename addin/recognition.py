"""Which row of a sheet holds the headers, and what table they make: customers, orders, contacts, feedback.

Every row near the top is tried as the header row of every role. A header that only one role knows tells
more than one that several know (日期 can be any date), and a role whose necessary columns are all there
beats one that lacks some. Exports of known systems (exports.toml) are read as those systems mean them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from udfs import fields
from udfs.fields import Match
from udfs.texts import FenjiError

WEIGHTS = {
    "order_id": 3.0, "order_date": 3.0, "amount": 3.0, "product": 2.0, "quantity": 2.0, "price": 2.0, "status": 1.5,
    "last_order_date": 3.0, "order_count": 3.0, "total_amount": 3.0, "phone": 1.5, "email": 1.5, "industry": 1.5,
    "contact_person": 1.5, "contact_date": 3.0, "contact_kind": 3.0, "result": 2.0, "feedback_date": 3.0,
    "feedback_kind": 3.0, "satisfaction": 2.0, "nps": 3.0, "reply_date": 2.0, "content": 2.0,
}  # fmt: skip
WHO = {"customer_id", "customer", "first_name", "last_name"}
# Names that several people share or one person varies: where the table has an e-mail or telephone, that says who it is.
LOOSE_NAME = re.compile(
    r"收货|收件|昵称|^(?:bill|ship)(?:ping|ing|\s+to)?|recipient|first|last", re.IGNORECASE
)
# Where a table shows amounts with and without tax side by side, the one with tax is what the customer paid.
TAX_EXCLUDED = re.compile(
    r"不含税|未税|无税|除税|税前|(?:excl|ex\.?|without|before|net of)\W*(?:tax|vat|gst)", re.IGNORECASE
)
TAX_INCLUDED = re.compile(
    r"含税|价税合计|税后|(?:incl|inc\.?|with|after)\w*\W*(?:tax|vat|gst)", re.IGNORECASE
)
PAID = re.compile(r"实付|实收|实际|支付|付款|到账|paid|payment|collected", re.IGNORECASE)
# What a role needs at least: one field of each set.
NEEDS: dict[str, tuple[frozenset[str], ...]] = {
    "customers": (frozenset(WHO),),
    "orders": (frozenset(WHO), frozenset(["order_date"]), frozenset(["amount", "price"])),
    "contacts": (
        frozenset(WHO),
        frozenset(["contact_date"]),
        frozenset(["contact_kind", "content", "result"]),
    ),
    "feedback": (
        frozenset(WHO),
        frozenset(["satisfaction", "nps", "feedback_kind", "content", "reply_date"]),
    ),
}
HINTS = {
    "orders": r"订单|销售|交易|购买|消费|流水|出库|order|sale|transaction|purchase|invoice",
    "customers": r"客户资料|客户信息|客户表|客户档案|会员|名单|^客户$|customer|client|account|member",
    "contacts": r"联系|跟进|拜访|沟通|互动|回访|contact (?:log|record|history)|activit|interaction|visit|touch",
    "feedback": r"反馈|投诉|满意|评价|问卷|建议|feedback|complaint|survey|review|satisfaction|ticket",
}
SHARED = 0.5  # weight of a header that several roles know
SURE = 3.0  # least score of a table that is believed to be one
INCOMPLETE = 0.4  # a table that lacks a necessary column counts that much


@dataclass(slots=True)
class Candidate:
    """A row of headers read as a table of one role.

    Attributes
    ----------
    role : what it would be.
    header_row : its row number.
    columns : column number by field key.
    headers : header text by column number, of all columns.
    score : how well it fits; `complete` when no necessary column is missing.
    passed_over : other columns that could be the same field, by key.
    """

    role: str
    header_row: int
    columns: dict[str, int]
    headers: dict[int, str]
    score: float
    complete: bool
    passed_over: dict[str, list[int]] = field(default_factory=dict)


@cache
def _matches(header: str) -> dict[str, Match]:
    """The field a header names in each role that knows it."""
    found = {role: fields.match(header, role) for role in fields.INPUT_ROLES}
    return {role: m for role, m in found.items() if m is not None}


def best_row(rows: dict[int, dict[int, Any]], name: str, own: dict[str, str]) -> list[Candidate]:
    """The candidates of the row that makes the best header row, best role first; [] when none does.

    Parameters
    ----------
    rows : cells by row and column number, of the rows near the top.
    name : of the sheet or table; 订单 in it makes orders likelier.
    own : the user's own meaning of headers, header -> field key ("" to ignore a column).
    """
    best: list[Candidate] = []
    for number in sorted(rows):
        texts = {c: v for c, v in rows[number].items() if isinstance(v, str) and v.strip() and len(v) <= 60}
        if len(texts) < 2:
            continue
        found = candidates(texts, number, name, own)
        if found and (not best or found[0].score > best[0].score + 1e-9):
            best = found
    return best


def candidates(headers: dict[int, str], row: int, name: str, own: dict[str, str]) -> list[Candidate]:
    """One row of headers as a table of each role that fits, best first."""
    found = [_as_role(role, headers, row, name, own) for role in fields.INPUT_ROLES]
    fitting = [c for c in found if c is not None and c.score >= SURE * INCOMPLETE]
    return sorted(fitting, key=lambda c: c.score, reverse=True)


def _as_role(
    role: str, headers: dict[int, str], row: int, name: str, own: dict[str, str]
) -> Candidate | None:
    ranked: dict[str, list[tuple[float, int, int]]] = {}
    own = {**_known_export(frozenset(h.strip() for h in headers.values()), role), **own}
    for column, header in headers.items():
        key = own.get(header.strip())
        if key == "":
            continue
        if key and role in fields.field(key).roles:
            ranked.setdefault(key, []).append((-200.0, 0, column))
        elif not key and (m := _matches(header).get(role)):
            ranked.setdefault(m.key, []).append((-m.score, m.order, column))
    columns = {key: min(places)[2] for key, places in ranked.items()}
    for key in ("amount", "price"):
        if key in columns:
            columns[key] = _with_tax(columns[key], [p[2] for p in ranked[key]], headers)
    contact = _contact_as_id(role, headers, columns)
    if contact:
        columns["customer_id"] = contact
    if not columns.keys() & WHO or len(set(columns.values())) < 2:
        return None
    complete = all(need & columns.keys() for need in NEEDS[role])
    score = sum(
        WEIGHTS.get(key, 1.0) * (SHARED if len(_matches(headers[column])) > 1 else 1.0)
        for key, column in columns.items()
        if column != contact or key != "customer_id"
    )
    if re.search(HINTS[role], name, re.IGNORECASE):
        score += 2.0
    return Candidate(
        role=role,
        header_row=row,
        columns=dict(sorted(columns.items(), key=lambda item: item[1])),
        headers=headers,
        score=score if complete else score * INCOMPLETE,
        complete=complete,
        passed_over={
            k: [p[2] for p in sorted(places) if p[2] != columns[k]]
            for k, places in ranked.items()
            if len(places) > 1
        },
    )


@cache
def _known_export(headers: frozenset[str], role: str) -> dict[str, str]:
    """What the headers of a known system's export mean; {} for any other table."""
    if role != "orders":
        return {}
    for export in _exports():
        if headers.issuperset(export["has"]):
            return dict(export["columns"])
    return {}


@cache
def _exports() -> list[dict[str, Any]]:
    return list(tomllib.loads(files("addin").joinpath("exports.toml").read_text("utf-8")).values())


def tax_basis(header: str) -> Literal["with", "without"] | None:
    """Whether a header says that its amounts are with or without tax.

    >>> tax_basis("价税合计"), tax_basis("金额（不含税）"), tax_basis("Amount incl. VAT"), tax_basis("金额")
    ('with', 'without', 'with', None)
    """
    if TAX_EXCLUDED.search(header):
        return "without"
    return "with" if TAX_INCLUDED.search(header) else None


def _with_tax(chosen: int, places: list[int], headers: dict[int, str]) -> int:
    """The column to use of several amounts: one with tax, unless the chosen one is what was paid."""
    basis = tax_basis(headers[chosen])
    if basis == "with" or (basis is None and PAID.search(headers[chosen])):
        return chosen
    return next((p for p in sorted(places) if tax_basis(headers[p]) == "with"), chosen)


def _contact_as_id(role: str, headers: dict[int, str], columns: dict[str, int]) -> int | None:
    """The e-mail or telephone column that says who a row's customer is, where no customer ID does.

    A company's name says who it is, whoever telephoned; a recipient's name or a nickname does not.
    """
    if "customer_id" in columns:
        return None
    if "customer" in columns and (
        role == "customers" or not LOOSE_NAME.search(headers[columns["customer"]].strip())
    ):
        return None
    known = {
        m.key: c
        for c, header in reversed(headers.items())
        if (m := _matches(header).get("customers")) and m.key in ("email", "phone")
    }
    free = {key: c for key, c in known.items() if role == "customers" or c not in columns.values()}
    return free.get("email", free.get("phone"))


def check_headers(candidate: Candidate, sheet: str) -> None:
    """A header that stands twice is an error, when it is one that is used.

    Raises
    ------
    FenjiError
        Names the header and both columns.
    """
    seen: dict[str, int] = {}
    for column, header in candidate.headers.items():
        name = header.strip()
        first = seen.setdefault(name, column)
        if first != column and first in candidate.columns.values():
            a, b = letter(first), letter(column)
            raise FenjiError(
                zh=f"工作表“{sheet}”第 {candidate.header_row} 行的表头“{name}”出现了两次（{a} 列和 {b} 列），"
                "不知道该用哪一列。请给其中一列改名后再试。",
                en=f"Sheet '{sheet}', row {candidate.header_row}: the header '{name}' stands twice (columns {a} and {b}). "
                "Rename one of them and try again.",
            )


def letter(column: int) -> str:
    """The letters of a column number.

    >>> letter(1), letter(28), letter(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
