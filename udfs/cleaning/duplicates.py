"""Customers who are probably the same: proposals with a score and a reason, never merged by themselves.

Two customers are proposed when their names are alike (place, legal form and brackets dropped) *and* something
else agrees: telephone, e-mail, contact person, or industry. A like name alone is too little (two branches of
a chain), and so is a shared telephone alone (one buyer for two firms). Source: definitions.md, section 8.

    pairs = propose(customers)
    merged = merge(customers, pairs.head(1))      # what the user confirmed
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from udfs.cleaning.names import company_key
from udfs.cleaning.phones import normal_phone
from udfs.texts import Text

ALIKE = 80.0  # least similarity of names, 0 to 100
NUMBERS = re.compile(r"\d+|[一二三四五六七八九十百]+(?=[号部店厂队分区期院中小])|第[一二三四五六七八九十百]+")
LARGEST_BLOCK = 30  # a value that so many customers share says nothing (0000000, 采购部)
EVIDENCE = {
    "phone": Text(zh="电话相同", en="same telephone"),
    "email": Text(zh="邮箱相同", en="same e-mail"),
    "contact_person": Text(zh="联系人相同", en="same contact person"),
    "industry": Text(zh="行业相同", en="same industry"),
}
POINTS = {"phone": 15.0, "email": 15.0, "contact_person": 8.0, "industry": 3.0}
COLUMNS = ["a", "b", "score", "similarity", "reasons"]


def propose(customers: pd.DataFrame, least: float = ALIKE) -> pd.DataFrame:
    """Pairs of customers who are probably the same.

    Parameters
    ----------
    customers : `customer`, and where there are phone, email, contact_person, industry (texts, "" for none).
    least : least similarity of the names, 0 to 100, after dropping place and legal form.

    Returns
    -------
    DataFrame, likeliest first
        a, b (rows of `customers`, a < b), score (0 to 100), similarity of the names, reasons (list of codes:
        "name", "phone", "email", "contact_person", "industry").

    Examples
    --------
    >>> pairs = propose(pd.DataFrame({
    ...     "customer": ["科技有限公司", "科技(上海)有限公司", "新力贸易"], "phone": ["021-6888 1234", "02168881234", ""],
    ... }))
    >>> pairs[["a", "b"]].values.tolist(), pairs["reasons"][0]
    ([[0, 1]], ['name', 'phone'])
    """
    from rapidfuzz import fuzz, process

    keys = [company_key(name) for name in customers["customer"].tolist()]
    evidence = _evidence(customers)
    first, second = _candidates(keys, evidence)
    agree = {key: (codes[first] == codes[second]) & (codes[first] >= 0) for key, codes in evidence.items()}
    some = np.logical_or.reduce(list(agree.values())) if agree else np.zeros(len(first), bool)
    first, second = first[some], second[some]
    agree = {key: same[some] for key, same in agree.items()}
    numbered = pd.factorize(np.array(["|".join(NUMBERS.findall(key)) for key in keys], object))[0]
    same_number = numbered[first] == numbered[second]  # 客户一部 and 客户二部, shop 11 and shop 16 are two
    first, second = first[same_number], second[same_number]
    agree = {key: same[same_number] for key, same in agree.items()}
    texts = np.array(keys, object)
    alike = process.cpdist(texts[first], texts[second], scorer=fuzz.ratio, score_cutoff=least)
    rows = []
    for i in np.flatnonzero(alike >= least).tolist():
        agreeing = [key for key, same in agree.items() if same[i]]
        likeness = float(alike[i])
        score = min(100.0, likeness * 0.8 + sum(POINTS[key] for key in agreeing))
        rows.append((int(first[i]), int(second[i]), round(score, 1), round(likeness, 1), ["name", *agreeing]))
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _evidence(customers: pd.DataFrame) -> dict[str, np.ndarray]:
    """The values that can agree, as codes of one spelling; -1 where there is none."""
    found = {}
    for key in EVIDENCE:
        if key not in customers:
            continue
        codes, written = _codes(customers[key].fillna("").astype(str).tolist())
        usual = normal_phone if key == "phone" else _usual
        of_written, _ = _codes([usual(text) for text in written])
        found[key] = np.append(of_written, -1)[codes]
    return found


def _usual(text: str) -> str:
    return text.strip().casefold()


def _codes(texts: list[str]) -> tuple[np.ndarray, list[str]]:
    """Equal text, equal code, and the text of each code; -1 for no text."""
    known: dict[str, int] = {}
    codes = [known.setdefault(text, len(known)) if text else -1 for text in texts]
    return np.array(codes, np.int64), list(known)


def _candidates(keys: list[str], evidence: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows worth comparing: the same core name, or the same contact, or industry and first two signs."""
    blocks = [_codes(keys)[0]]
    blocks += [evidence[k] for k in ("phone", "email", "contact_person") if k in evidence]
    if "industry" in evidence:
        begins, found = _codes([key[:2] for key in keys])
        industry = evidence["industry"]
        both = (industry >= 0) & (begins >= 0)
        named = np.full(len(keys), -1, np.int64)
        named[both] = pd.factorize((industry * len(found) + begins)[both])[0]
        blocks.append(named)
    n = len(keys)
    pairs = [np.zeros(0, np.int64)]
    for codes in blocks:
        size = np.bincount(codes + 1)[1:]
        usable = np.append((size > 1) & (size <= LARGEST_BLOCK), False)
        rows = np.flatnonzero(usable[codes])
        rows = rows[np.argsort(codes[rows], kind="stable")]
        for step in range(1, LARGEST_BLOCK):
            low, high = rows[:-step], rows[step:]
            together = codes[low] == codes[high]
            if not together.any():
                break
            pairs.append(low[together] * n + high[together])
    both = np.unique(np.concatenate(pairs))
    return both // n, both % n


def reason_text(reasons: list[str]) -> Text:
    """The reasons of a proposal, for people.

    >>> reason_text(["name", "phone"])("zh")
    '名称相近、电话相同'
    """
    texts = [Text(zh="名称相近", en="similar names") if r == "name" else EVIDENCE[r] for r in reasons]
    return Text(zh="、".join(t.zh for t in texts), en=", ".join(t.en for t in texts))


def merge(customers: pd.DataFrame, confirmed: pd.DataFrame) -> np.ndarray:
    """For each customer the row it becomes part of: its own, or the first of its confirmed group.

    Parameters
    ----------
    customers : shape (n, ...).
    confirmed : columns a, b: pairs the user confirmed. Chains are followed: a-b and b-c make one group.

    Returns
    -------
    int64 array, shape (n,)
        Apply it to `customer_index` of orders, contacts and feedback; it can be undone by leaving it out.

    >>> merge(pd.DataFrame(index=range(4)), pd.DataFrame({"a": [0, 1], "b": [1, 3]})).tolist()
    [0, 0, 2, 0]
    """
    head = np.arange(len(customers))
    for a, b in zip(confirmed["a"], confirmed["b"], strict=True):
        low, high = sorted((_first(head, int(a)), _first(head, int(b))))
        head[high] = low
    return np.array([_first(head, row) for row in range(len(head))])


def _first(head: np.ndarray, row: int) -> int:
    while head[row] != row:
        row = int(head[row])
    return row
