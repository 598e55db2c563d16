"""Movement between two gradings of a workbook: the matrix, who rose, who fell, and the money behind them.

Definitions, section 6. The gradings may be of two dates, two workbooks, or with two sets of options ("what if").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from udfs import terms
from udfs.cleaning.names import join_key
from udfs.facts import numbers, texts
from udfs.migration import Movement, directions, movement


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved between two gradings.

    Attributes
    ----------
    matrix : customers and money by old and new class.
    customers : one row per customer of either: customer_id, customer, old, new, direction (rose, fell, same,
        joined, gone), amount (now, or before for those gone), change (of the amount). Largest amount first.
    """

    matrix: Movement
    customers: pd.DataFrame

    def of(self, direction: str) -> pd.DataFrame:
        """The customers that moved in one direction."""
        return self.customers[self.customers["direction"] == direction].reset_index(drop=True)

    def counts(self) -> pd.DataFrame:
        """Number and money of each direction: direction, customers, amount."""
        order = terms.codes("movement")
        groups = self.customers.groupby("direction")
        table = pd.DataFrame({"customers": groups.size(), "amount": groups["amount"].sum()})
        table = table.reindex([d for d in order if d in table.index])
        return table.rename_axis("direction").reset_index()


def movements(
    old: pd.DataFrame, new: pd.DataFrame, key: str = "grade", group: str | None = None
) -> Movements:
    """Compares two gradings customer by customer.

    Parameters
    ----------
    old, new : grades (see `udfs.grading`) with customer_id, customer, `key` and net_amount (or monetary);
        customers are matched by id, else by name.
    key : the class column. group : its group of terms, whose order is best first.

    >>> old = pd.DataFrame({"customer_id": ["1", "2"], "customer": ["a", "b"], "grade": ["low", "high"],
    ...                     "net_amount": [5.0, 90.0]})
    >>> new = pd.DataFrame({"customer_id": ["1", "3"], "customer": ["a", "c"], "grade": ["medium", "low"],
    ...                     "net_amount": [40.0, 1.0]})
    >>> movements(old, new).customers[["customer", "direction", "change"]].values.tolist()
    [['b', 'gone', -90.0], ['a', 'rose', 35.0], ['c', 'joined', 1.0]]
    """
    before, after = _indexed(old, key), _indexed(new, key)
    both = before.add_suffix("_old").join(after.add_suffix("_new"), how="outer")
    both = both.astype({c: object for c in both if not c.startswith("amount")})
    classes = {side: both[f"class_{side}"].fillna("").tolist() for side in ("old", "new")}
    amount_old, amount_new = (both[f"amount_{side}"].fillna(0.0).to_numpy() for side in ("old", "new"))
    gone = both["class_new"].isna().to_numpy()
    amount = np.where(gone, amount_old, amount_new)
    order = terms.codes(group or key)
    table = pd.DataFrame(
        {
            "customer_id": both["customer_id_new"].fillna(both["customer_id_old"]).to_numpy(object),
            "customer": both["customer_new"].fillna(both["customer_old"]).to_numpy(object),
            "old": classes["old"],
            "new": classes["new"],
            "direction": directions(classes["old"], classes["new"], order),
            "amount": amount,
            "change": np.round(amount_new - amount_old, 6),
        }
    )
    matrix = movement(classes["old"], classes["new"], order, amount)
    table = table.sort_values(["amount", "customer"], ascending=[False, True], kind="stable")
    return Movements(matrix, table.reset_index(drop=True))


def customer_labels(ids: Iterable[object], names: Iterable[object]) -> list[str]:
    """By what a customer is found again in another grading: the id, else the name however it is typed.

    >>> customer_labels(["C1", ""], ["华泰", "华泰（上海）"])
    ['C1', '\\x00华泰(上海)']
    """
    return [str(i) if i else f"\0{join_key(str(name or ''))}" for i, name in zip(ids, names, strict=True)]


def _indexed(grades: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row per customer by a key that holds in both gradings."""
    ids, names = texts(grades, "customer_id"), texts(grades, "customer")
    amount = "net_amount" if "net_amount" in grades else "monetary"
    table = pd.DataFrame(
        {
            "customer_id": [i or "" for i in ids],
            "customer": [n or "" for n in names],
            "class": [t or "" for t in texts(grades, key)],
            "amount": numbers(grades, amount),
        },
        index=customer_labels(ids, names),
    )
    return table[~table.index.duplicated(keep="last")]
