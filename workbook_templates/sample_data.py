"""Sample data: the workbook of a small trading firm, with the dirt real tables have.

For a first look at fenji, for tests and for pictures. The same every time: nothing depends on the day or the
machine. Names, telephone numbers and addresses are invented.

The dirt, on purpose: exact duplicate rows, dates as text in many spellings, amounts such as 86元, a date in
2050, returns, cancelled and unpaid orders, test orders, missing contacts, missing dates and amounts, a
customer entered twice under two spellings, and two branches with the same name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from udfs.texts import Lang
from workbook_templates.sample_words import EN, ZH, Words

FIRST_DAY = dt.date(2022, 1, 1)
DAYS = 1096  # three years, 2022 to 2024
ORDERS_PER_CUSTOMER = 15.0
CONTACTS_PER_CUSTOMER = 3.75
FEEDBACK_PER_CUSTOMER = 1.5
SEED = 20241231

# How customers behave: share of customers, relative number of orders, first and last possible day of buying
# (as shares of the three years), relative order value.
BEHAVIOURS = {
    "champion": (0.09, 3.6, (0.00, 0.25), (0.985, 1.00), 1.9),
    "loyal": (0.18, 1.9, (0.00, 0.40), (0.90, 1.00), 1.2),
    "regular": (0.25, 0.9, (0.05, 0.55), (0.75, 1.00), 1.0),
    "new": (0.10, 0.35, (0.90, 0.97), (0.97, 1.00), 0.9),
    "lapsed big": (0.07, 1.8, (0.00, 0.15), (0.50, 0.80), 1.7),
    "lapsed": (0.13, 0.6, (0.00, 0.30), (0.35, 0.80), 0.8),
    "once": (0.15, 0.0, (0.00, 0.95), (0.00, 0.95), 0.7),
    "prospect": (0.03, 0.0, (0.00, 1.00), (0.00, 1.00), 0.0),
}
SEASON = np.array([0.85, 0.7, 0.95, 1.0, 1.05, 1.1, 0.9, 0.85, 1.1, 1.05, 1.4, 1.25])


def sample_tables(lang: Lang = "zh", customers: int = 800, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """The four tables of the sample workbook, cells as a person would have typed them.

    Parameters
    ----------
    lang : language of headers and contents.
    customers : number of customers, at least 20; orders, contacts and feedback follow in proportion
        (15, 3.75 and 1.5 for each customer).
    seed : another seed gives another firm.

    Returns
    -------
    dict of sheet name -> DataFrame of objects, in the order customers, orders, contacts, feedback.

    Examples
    --------
    >>> {name: len(table) for name, table in sample_tables("zh").items()}
    {'客户': 800, '订单': 12000, '联系记录': 3000, '客户反馈': 1200}
    """
    if customers < 20:
        raise ValueError("customers must be at least 20")
    rng = np.random.default_rng(seed)
    words = ZH if lang == "zh" else EN
    people = _customers(rng, words, customers)
    tables = {
        "customers": people,
        "orders": _orders(rng, words, people, round(customers * ORDERS_PER_CUSTOMER)),
        "contacts": _contacts(rng, words, people, round(customers * CONTACTS_PER_CUSTOMER)),
        "feedback": _feedback(rng, words, people, round(customers * FEEDBACK_PER_CUSTOMER)),
    }
    return {
        words.sheets[role]: table[list(words.headers[role])].rename(columns=words.headers[role])
        for role, table in tables.items()
    }


def _customers(rng: np.random.Generator, words: Words, n: int) -> pd.DataFrame:
    behaviours = list(BEHAVIOURS.values())
    share = np.array([b[0] for b in behaviours])
    kind = np.repeat(np.arange(len(behaviours)), np.maximum(1, np.floor(share * n)).astype(int))[:n]
    kind = rng.permutation(np.append(kind, np.full(n - len(kind), 2)))
    low = np.array([(b[2][0], b[3][0]) for b in behaviours])[kind]
    high = np.array([(b[2][1], b[3][1]) for b in behaviours])[kind]
    first, last = (low + rng.random((n, 2)) * (high - low)).T * (DAYS - 1)
    place = [words.places[i] for i in rng.choice(len(words.places), n, p=_falling(len(words.places), 0.85))]
    names = _company_names(rng, words, [p[2] for p in place])
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{1001 + i}" for i in range(n)],
            "customer": names,
            "contact_person": [
                words.person.format(s, g)
                for s, g in zip(_pick(rng, words.surnames, n), _pick(rng, words.given, n), strict=True)
            ],
            "phone": [words.phone.format(x) for x in rng.integers(0, 10_000, n)],
            "email": [f"buyer{1001 + i}@example.com" for i in range(n)],
            "sex": _pick(rng, words.sexes, n),
            "age": rng.integers(24, 62, n),
            "region": [p[0] for p in place],
            "province": [p[1] for p in place],
            "city": [p[2] for p in place],
            "industry": _pick(rng, words.industries, n, 0.5),
            "nature": _pick(rng, words.natures, n, 0.6),
            "revenue": np.round(np.exp(rng.normal(8.1, 1.1, n)), -1),
            "staff": np.maximum(3, np.exp(rng.normal(4.2, 1.0, n))).astype(int),
            "source": _pick(rng, words.sources, n, 0.7),
            "referrer": None,
            "first_contact": [_day(d) for d in np.maximum(0, first - rng.integers(1, 60, n))],
            "owner": _pick(rng, words.owners, n),
            "preference": rng.choice(np.array(words.preferences, object), n, p=[0.5, 0.2, 0.17, 0.13]),
            "behaviour": np.array(list(BEHAVIOURS), object)[kind],
            "weight": np.array([b[1] for b in behaviours])[kind] * np.exp(rng.normal(0, 0.5, n)),
            "first": first,
            "last": np.maximum(first, last),
            "value": np.array([b[4] for b in behaviours])[kind] * np.exp(rng.normal(0, 0.45, n)),
        }
    ).astype(object)
    referred = np.flatnonzero(frame["source"] == words.sources[1])
    frame.loc[referred, "referrer"] = [names[i] for i in rng.integers(0, n, len(referred))]
    return _customer_dirt(rng, words, frame)


def _customer_dirt(rng: np.random.Generator, words: Words, frame: pd.DataFrame) -> pd.DataFrame:
    """Two branches with one name, one firm entered twice, missing contacts, spaces, dates as text."""
    n = len(frame)
    frame.loc[7, "customer"] = frame.loc[3, "customer"]
    frame.loc[11, "customer"] = words.second_spelling(frame.loc[5, "customer"], frame.loc[5, "city"])
    for column in ("contact_person", "phone", "industry"):
        frame.loc[11, column] = frame.loc[5, column]
    frame.loc[_some(rng, n, 30), ["phone", "email"]] = None
    for k, i in enumerate(_some(rng, n, 40)):
        frame.loc[i, "region"] = words.untidy_region(frame.loc[i, "region"], k)
    for i in _some(rng, n, 60):
        frame.loc[i, "first_contact"] = _date_as_text(rng, words, frame.loc[i, "first_contact"])
    return frame


def _orders(rng: np.random.Generator, words: Words, people: pd.DataFrame, n: int) -> pd.DataFrame:
    weight = people["weight"].to_numpy(float)
    everyone_once = np.flatnonzero((weight > 0) | (people["behaviour"] == "once").to_numpy())
    duplicates = max(2, n // 300)
    more = n - duplicates - len(everyone_once)
    who = np.concatenate([everyone_once, rng.choice(len(people), more, p=weight / weight.sum())])
    day = _days_of_buying(rng, people["first"].to_numpy(float)[who], people["last"].to_numpy(float)[who])
    by_day = np.argsort(day, kind="stable")
    who, day = who[by_day], day[by_day]
    m = len(who)

    favourite = rng.integers(0, len(words.products), len(people))
    any_product = rng.choice(len(words.products), m, p=_falling(len(words.products), 0.5))
    product = np.where(rng.random(m) < 0.45, favourite[who], any_product)
    price = np.array([p[2] for p in words.products])[product]
    size = people["value"].to_numpy(float)[who] * np.exp(rng.normal(1.6, 0.7, m)) * np.minimum(4, 260 / price)
    quantity = np.maximum(1, np.round(size)).astype(int)
    frugal = (people["preference"] == words.preferences[1]).to_numpy()[who]
    reduced = rng.random(m) < np.where(frugal, 0.7, 0.18)
    discount = np.where(reduced, rng.choice([0.95, 0.9, 0.85, 0.8], m), 1.0)
    amount = np.round(np.round(price * 100) * quantity * np.round(discount * 100) / 100) / 100
    margin = np.array([p[3] for p in words.products])[product] - (1 - discount)
    due = day + rng.choice([15, 30, 45], m)
    late = np.where(rng.random(len(people)) < 0.08, 35, -4)[who] + rng.normal(0, 6, m)
    frame = pd.DataFrame(
        {
            "order_id": [f"SO{_day(d):%y%m}{i + 1:06d}" for i, d in enumerate(day)],
            "order_date": [_day(d) for d in day],
            "customer_id": people["customer_id"].to_numpy()[who],
            "customer": people["customer"].to_numpy()[who],
            "product": [words.products[p][0] for p in product],
            "category": [words.products[p][1] for p in product],
            "quantity": quantity,
            "price": price,
            "discount": discount,
            "amount": amount,
            "cost": np.round(amount * (1 - margin), 2),
            "channel": _pick(rng, words.channels, m, 0.6),
            "status": words.done,
            "due_date": [_day(d) for d in due],
            "paid_date": [_day(d) for d in due + late],
            "remark": None,
        }
    ).astype(object)
    copies = np.ones(m, int)
    copies[rng.choice(np.arange(20, m), duplicates, replace=False)] = 2
    return _order_dirt(rng, words, frame.loc[frame.index.repeat(copies)].reset_index(drop=True))


def _days_of_buying(rng: np.random.Generator, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """A day between first and last for each order, more of them in the high season."""
    tries = (first + rng.random((3, len(first))) * (last - first)).astype(int)
    month = (np.datetime64(FIRST_DAY) + tries).astype("datetime64[M]").astype(int) % 12
    best = np.argmax(SEASON[month] * rng.random(month.shape), axis=0)
    return np.take_along_axis(tries, best[None], axis=0)[0]


def _order_dirt(rng: np.random.Generator, words: Words, frame: pd.DataFrame) -> pd.DataFrame:
    n = len(frame)
    cells = {name: frame[name].to_numpy(object, copy=True) for name in frame}
    for i in _some(rng, n, 45):  # goods sent back: a row of its own, negative
        for name in ("quantity", "amount", "cost"):
            cells[name][i] = -cells[name][i]
        cells["status"][i] = words.returned
    cells["status"][_some(rng, n, 60)] = words.cancelled
    cells["status"][_some(rng, n, 150)] = words.unpaid
    cells["remark"][_some(rng, n, 1500)] = words.test_remark
    for i in _some(rng, n, 50):
        cells["order_date"][i] = _date_as_text(rng, words, cells["order_date"][i])
    for i in _some(rng, n, 90):
        cells["amount"][i] = words.amount_as_text(float(cells["amount"][i]), int(rng.integers(0, 3)))
    for i in _some(rng, n, 250):
        cells["quantity"][i] = f"{cells['quantity'][i]}{words.unit}"
    cells["order_date"][_some(rng, n, 2000)] = None
    cells["amount"][_some(rng, n, 1200)] = None  # quantity and price still tell it
    for i in _some(rng, n, 3000):
        cells["customer_id"][i] = cells["customer"][i] = None
    cells["order_date"][n - 5] = dt.datetime(2050, 1, 3)
    cells["order_date"][n // 3] = words.no_date
    known = [x for x in cells["amount"] if isinstance(x, float)]
    cells["amount"][n // 2] = round(12 * sum(known) / len(known), 2)  # somebody typed a zero too many
    return pd.DataFrame(cells, dtype=object)


def _contacts(rng: np.random.Generator, words: Words, people: pd.DataFrame, n: int) -> pd.DataFrame:
    weight = people["weight"].to_numpy(float) + 0.3
    who = rng.choice(len(people), n, p=weight / weight.sum())
    first, last = people["first"].to_numpy(float)[who], people["last"].to_numpy(float)[who]
    day = np.sort(np.clip(first + rng.random(n) * (last - first + 20), 0, DAYS - 1).astype(int))
    result = rng.integers(0, len(words.contact_results), n)
    return pd.DataFrame(
        {
            "contact_date": [_day(d) for d in day],
            "customer_id": people["customer_id"].to_numpy()[who],
            "customer": people["customer"].to_numpy()[who],
            "contact_kind": _pick(rng, words.contact_kinds, n, 0.5),
            "content": _pick(rng, words.contact_contents, n),
            "result": [words.contact_results[r] for r in result],
            "owner": people["owner"].to_numpy()[who],
        }
    ).astype(object)


def _feedback(rng: np.random.Generator, words: Words, people: pd.DataFrame, n: int) -> pd.DataFrame:
    buys = np.flatnonzero(people["weight"].to_numpy(float) > 0)
    who = rng.choice(buys, n)
    first, last = people["first"].to_numpy(float)[who], people["last"].to_numpy(float)[who]
    day = np.sort(np.clip(first + (0.3 + 0.7 * rng.random(n)) * (last - first), 0, DAYS - 1).astype(int))
    lapsing = people["behaviour"].isin(["lapsed", "lapsed big"]).to_numpy()[who]
    mood = np.clip(np.round(rng.normal(np.where(lapsing, 2.9, 4.1), 0.9)), 1, 5).astype(int)
    kind = np.where(mood <= 2, 0, np.where(rng.random(n) < 0.25, 1, 2))  # complaint, suggestion, survey
    replied = rng.random(n) < 0.9
    return pd.DataFrame(
        {
            "feedback_date": [_day(d) for d in day],
            "customer_id": people["customer_id"].to_numpy()[who],
            "customer": people["customer"].to_numpy()[who],
            "feedback_kind": [words.feedback_kinds[k] for k in kind],
            "content": [
                words.feedback_contents[k][x] for k, x in zip(kind, rng.integers(0, 3, n), strict=True)
            ],
            "satisfaction": [words.moods[s - 1] for s in mood],
            "state": [words.states[0] if r else words.states[1] for r in replied],
            "reply_date": [_day(d + 2) if r else None for d, r in zip(day, replied, strict=True)],
        }
    ).astype(object)


def _company_names(rng: np.random.Generator, words: Words, cities: Sequence[str]) -> list[str]:
    """An invented name for each city; when a name is used up, a numbered branch of that firm."""
    names: list[str] = []
    branches: dict[str, int] = {}
    for city in cities:
        for _ in range(8):
            brand = "".join(_pick(rng, part, 1)[0] for part in words.brand)
            name = words.company(city, brand, _pick(rng, words.trades, 1)[0])
            if name not in branches:
                break
        branches[name] = branches.get(name, 0) + 1
        names.append(name if branches[name] == 1 else words.branch.format(name, branches[name]))
    return names


def _date_as_text(rng: np.random.Generator, words: Words, day: Any) -> str:
    pattern = words.date_spellings[int(rng.integers(0, len(words.date_spellings)))]
    return pattern.format(d=day)


def _day(number: float) -> dt.datetime:
    return dt.datetime.combine(FIRST_DAY, dt.time()) + dt.timedelta(days=int(number))


def _some(rng: np.random.Generator, n: int, one_in: int) -> np.ndarray:
    """A few distinct rows, one in `one_in` (at least one), not among the first twenty."""
    return rng.choice(np.arange(min(20, n // 2), n), max(1, n // one_in), replace=False)


def _pick(rng: np.random.Generator, choices: Sequence[str], n: int, steepness: float = 0.0) -> list[str]:
    chosen = rng.choice(len(choices), n, p=_falling(len(choices), steepness))
    return [choices[i] for i in chosen]


def _falling(n: int, steepness: float) -> np.ndarray:
    """Probabilities that fall from the first to the last choice (Zipf)."""
    p = 1.0 / np.arange(1, n + 1) ** steepness
    return p / p.sum()
