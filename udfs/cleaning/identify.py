"""Which customer a row speaks of: by id where there is one, else by name.

The rules of definitions.md, section 8: tables are joined by customer id, else by normalised name; the same
name with two ids stays two customers; a customer who is in the orders only is a customer too. Rows with an
id are placed before rows with a name only, so that the order of rows never decides who is who.

A telephone number or an e-mail address stands in for the id in tables that have none (shop exports): then the
customer table is asked for it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from udfs import fields
from udfs.cleaning import duplicates
from udfs.cleaning.columns import Column, RawTable
from udfs.cleaning.names import key_of_clean, keys_of_clean
from udfs.cleaning.phones import is_email, normal_phone, several
from udfs.cleaning.spelling import as_written, joined, text_codes, texts_of

NOBODY, AMBIGUOUS = -1, -2


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who the rows of one table name: `pair` is the place of each row in `ids` and `names` (-1: nobody).

    `written` are the names as they stand in the sheet. `by_contact` says that the ids are telephone numbers or e-mail
    addresses.
    """

    pair: np.ndarray
    ids: list[str]
    names: list[str]
    written: list[str]
    by_contact: bool = False

    def keyed(self) -> Iterator[tuple[str, str, str, str]]:
        """For each pair: id, `names.key_of_clean` of id and name ("" for none), the name as written."""
        return zip(self.ids, keys_of_clean(self.ids), keys_of_clean(self.names), self.written, strict=True)


def mentions(table: RawTable) -> Mentions:
    """The distinct (id, name) pairs of a table, in order of first use."""
    n = len(table)
    id_texts, id_codes = text_codes(table.columns.get("customer_id", Column.empty(n)))
    by_contact = ids_are_contacts(table)
    if by_contact:
        id_texts, id_codes = _contact_codes(id_texts, id_codes)
    name_texts, name_codes, name_written = _names(table)
    both = (id_codes.astype(np.int64) + 1) * (len(name_texts) + 1) + name_codes + 1
    pair, distinct = pd.factorize(both)
    known_ids, known_names, known_written = ["", *id_texts], ["", *name_texts], ["", *name_written]
    ids = [known_ids[i] for i in (distinct // len(known_names)).tolist()]
    name_of = (distinct % len(known_names)).tolist()
    names, written = [known_names[i] for i in name_of], [known_written[i] for i in name_of]
    nobody = np.array([not a and not b for a, b in zip(ids, names, strict=True)] + [True], bool)
    return Mentions(np.where(nobody[pair], NOBODY, pair), ids, names, written, by_contact)


def ids_are_contacts(table: RawTable) -> bool:
    """Whether the column of customer ids holds telephone numbers or e-mail addresses, by its header.

    >>> columns = {"customer_id": Column.from_values(["a@b.cn"])}
    >>> ids_are_contacts(RawTable("orders", "", None, 1, np.array([2]), columns, {"customer_id": "Email"}))
    True
    """
    return fields.key_of(table.headers.get("customer_id", ""), "customers") in ("phone", "email")


def contact_key(text: str) -> str:
    """A telephone number or e-mail address in one spelling; "" for what is neither, such as 138****8000.

    >>> contact_key("+86 138-0013-8000"), contact_key("Li.Na@Example.com"), contact_key("138****8000")
    ('13800138000', 'li.na@example.com', '')
    """
    return text.casefold() if "@" in text and is_email(text) else normal_phone(text)


def _contact_codes(texts: Sequence[str], codes: np.ndarray) -> tuple[Sequence[str], np.ndarray]:
    """Ids that are contacts in one spelling; -1 where a cell holds none."""
    known: dict[str, int] = {}
    of_text = np.full(len(texts) + 1, -1, np.int32)
    for k, text in enumerate(texts):
        if key := contact_key(text):
            of_text[k] = known.setdefault(key, len(known))
    return list(known), of_text[codes]


def _names(table: RawTable) -> tuple[Sequence[str], np.ndarray, Sequence[str]]:
    """The customers' names as codes of texts, and the texts as written; first and last name together make a name."""
    n = len(table)
    parts = [table.columns[key] for key in ("first_name", "last_name") if key in table.columns]
    if "customer" in table.columns or not parts:
        column = table.columns.get("customer", Column.empty(n))
        known, codes = text_codes(column)
        return known, codes, as_written(column, known, codes)
    (first, first_codes), (last, last_codes) = (text_codes(c) for c in (parts * 2)[:2])
    if len(parts) == 1:
        return first, first_codes, first
    pair, distinct = pd.factorize((first_codes.astype(np.int64) + 1) * (len(last) + 1) + last_codes + 1)
    whole: dict[str, int] = {}
    of_pair = np.full(len(distinct), -1, np.int32)
    for k, both in enumerate(distinct.tolist()):
        given, family = ["", *first][both // (len(last) + 1)], ["", *last][both % (len(last) + 1)]
        if name := full_name(given, family):
            of_pair[k] = whole.setdefault(name, len(whole))
    return list(whole), of_pair[pair], list(whole)


def full_name(first: str, last: str) -> str:
    """First and last name as one, in the order of their language.

    >>> full_name("Abbey", "O'Reilly"), full_name("娜", "李"), full_name("", "李")
    ("Abbey O'Reilly", '李娜', '李')
    """
    if not (first and last):
        return first or last
    return f"{first} {last}" if (first + last).isascii() or last[-1] < "\u3400" else last + first


@dataclass(slots=True)
class Register:
    """All customers found so far: their ids, names, and how to find them again."""

    ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    by_id: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    by_contact: dict[str, int] = field(default_factory=dict)
    records: int = 0  # the first so many customers stand in the customer table,
    record_names: set[str] = field(default_factory=set)  # under these names

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, customer_id: str, id_key: str, name_key: str, written: str) -> int:
        """A new customer, shown under the name as written; a name that two customers share finds nobody afterwards.

        The keys are `names.key_of_clean` of id and name, "" for none.
        """
        index = len(self.ids)
        self.ids.append(customer_id)
        self.names.append(written or customer_id)
        if customer_id:
            self.by_id[id_key] = index
        if name_key:
            self._call(index, name_key)
        return index

    def _call(self, index: int, key: str) -> None:
        """Makes a customer known by a name's key; a name that two customers share finds nobody afterwards.

        A name in the customer table stays with its customer there, whatever the orders call another one of them.
        """
        if key in self.record_names and index < self.records:
            return
        if self.by_name.setdefault(key, index) != index:
            self.by_name[key] = AMBIGUOUS

    def place_records(self, found: Mentions) -> np.ndarray:
        """The customer of each row of the customer table; the order of the rows is the order of customers.

        A record with a known id, or without id and with the name of one known customer, is that customer again.
        """
        placed = np.full(len(found.ids) + 1, NOBODY, np.int64)
        for k, (customer_id, id_key, name_key, written) in enumerate(found.keyed()):
            if customer_id:
                index = self.by_id.get(id_key, NOBODY)
            else:
                index = self.by_name.get(name_key, NOBODY)
            if customer_id or name_key:
                placed[k] = index if index >= 0 else self.add(customer_id, id_key, name_key, written)
        self.records, self.record_names = len(self), set(self.by_name)
        return placed[found.pair]

    def know_contacts(self, table: RawTable, placed: np.ndarray) -> None:
        """Makes the customers of the customer table known by telephone and e-mail; a shared one finds nobody."""
        for key in ("phone", "email"):
            if key not in table.columns:
                continue
            for text, index in zip(texts_of(table.columns[key]).tolist(), placed.tolist(), strict=True):
                for part in several(text) if text and index >= 0 else ():
                    contact = contact_key(part)
                    if contact and self.by_contact.setdefault(contact, index) != index:
                        self.by_contact[contact] = AMBIGUOUS

    def place_with_id(self, found: Mentions, sole_id: dict[str, str]) -> np.ndarray:
        """The customer of each pair that has an id (new ones are added); NOBODY for the others."""
        placed = np.full(len(found.ids), NOBODY, np.int64)
        for k, (customer_id, id_key, name_key, written) in enumerate(found.keyed()):
            if not customer_id:
                continue
            index = self.by_id.get(id_key)
            if index is None and found.by_contact:
                index = self._by_contact(customer_id, name_key)
            if index is None:
                index = self._by_sole_name(customer_id, id_key, name_key, sole_id)
            if index is None:
                index = self.add(customer_id, id_key, name_key, written)
            elif name_key:
                self._call(index, name_key)
                if self.names[index] == self.ids[index]:
                    self.names[index] = written
            placed[k] = index
        return placed

    def _by_contact(self, contact: str, name_key: str) -> int | None:
        """The one customer in the customer table with this telephone or e-mail, else the one with this name there."""
        index = self.by_contact.get(contact, AMBIGUOUS)
        if index < 0:
            index = self.by_name.get(name_key, AMBIGUOUS)
        return index if 0 <= index < self.records else None

    def _by_sole_name(
        self, customer_id: str, id_key: str, name_key: str, sole_id: dict[str, str]
    ) -> int | None:
        """A customer known without id by this name, when the name goes with this id only; or whose name
        stands in the id column."""
        index = self.by_name.get(name_key or id_key, AMBIGUOUS)
        if index < 0 or self.ids[index] or (name_key and not sole_id.get(name_key)):
            return None
        if name_key:
            self.ids[index] = customer_id
            self.by_id[id_key] = index
        return index

    def place_by_name(self, found: Mentions, placed: np.ndarray) -> np.ndarray:
        """Adds to `placed` the customer of each pair without id: NOBODY, AMBIGUOUS or an index."""
        for k, (customer_id, _, key, written) in enumerate(found.keyed()):
            if customer_id or not key:
                continue
            index = self.by_name.get(key, self.by_id.get(key))
            placed[k] = self.add("", "", key, written) if index is None else index
        return placed

    def find(self, label: str) -> int:
        """The customer of an id, or of a name; NOBODY when there is none, AMBIGUOUS when there are several."""
        key = key_of_clean(joined(label))
        return self.by_id.get(key, self.by_name.get(key, NOBODY))

    def merged(self, pairs: Iterable[tuple[str, str]]) -> np.ndarray:
        """Makes each pair of customers one (the earlier one stays); gives everybody's new index.

        Pairs that name nobody, or a name that several customers have, are passed over.
        """
        found = [(self.find(a), self.find(b)) for a, b in pairs]
        known = pd.DataFrame([p for p in found if min(p) >= 0], columns=["a", "b"])
        head = duplicates.merge(pd.DataFrame(index=range(len(self))), known)
        stays = head == np.arange(len(head))
        self.ids = [x for x, keep in zip(self.ids, stays, strict=True) if keep]
        self.names = [x for x, keep in zip(self.names, stays, strict=True) if keep]
        return (np.cumsum(stays) - 1)[head]


def sole_ids(tables: list[Mentions]) -> dict[str, str]:
    """For each name that goes with one id only, that id; "" for names with several ids."""
    sole: dict[str, str] = {}
    for table in tables:
        for customer_id, own, key, _ in table.keyed():
            if customer_id and key:
                sole[key] = own if sole.get(key, own) == own else ""
    return sole


def place(register: Register, tables: list[Mentions]) -> list[np.ndarray]:
    """The customer index of each row of each table: >= 0, NOBODY or AMBIGUOUS."""
    sole = sole_ids(tables)
    placed = [register.place_with_id(t, sole) for t in tables]
    for t, p in zip(tables, placed, strict=True):
        register.place_by_name(t, p)
    return [np.append(p, NOBODY)[t.pair] for t, p in zip(tables, placed, strict=True)]
