"""Who brings the money: Pareto, Lorenz curve, Gini, HHI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import wording
from workbook_templates.datasets.base import Datasets, dataset, share, too_little, values

CURVE_POINTS = 11


def sorted_amounts(x: Datasets) -> np.ndarray:
    """Amounts of the customers who bought something, largest first."""
    amounts = x.buyers["net_amount"].to_numpy(float)
    amounts = np.sort(amounts[amounts > 0])[::-1]
    if len(amounts) < 5:
        raise too_little("有消费金额的客户不足 5 位", "fewer than 5 customers have an amount")
    return amounts


@dataset("pareto")
def pareto(x: Datasets) -> pd.DataFrame:
    """The 20 customers with the highest amount, with their cumulative share of all."""
    sorted_amounts(x)
    g = x.buyers.sort_values("net_amount", ascending=False, kind="stable").head(20)
    total = float(x.grades["net_amount"].sum())
    frame = pd.DataFrame(
        {
            "rank": np.arange(1, len(g) + 1),
            "customer": g["customer"].to_numpy(),
            "amount": g["net_amount"].to_numpy(float),
            "share": share(g["net_amount"].to_numpy(float), total),
            "cumulative_share": share(g["net_amount"].to_numpy(float).cumsum(), total),
            "abc": x.words(g["abc"], "abc").to_numpy(),
            "owner": g["owner"].to_numpy() if "owner" in g else None,
            "action": [x.action("segment", s) for s in g["segment"]],
        }
    )
    return frame


@dataset("lorenz")
def lorenz(x: Datasets) -> pd.DataFrame:
    """The Lorenz curve at every tenth of the customers, smallest first."""
    amounts = sorted_amounts(x)[::-1]
    cumulative = np.concatenate([[0.0], amounts.cumsum()]) / amounts.sum()
    people = np.linspace(0, 1, len(amounts) + 1)
    at = np.linspace(0, 1, CURVE_POINTS)
    return pd.DataFrame(
        {"cumulative_customers": at, "cumulative_share": np.interp(at, people, cumulative), "equal_share": at}
    )


def gini(amounts: np.ndarray) -> float:
    """Gini coefficient: 0 when all are equal, towards 1 when one has everything.

    >>> gini(np.array([1.0, 1.0, 1.0])), round(gini(np.array([0.0, 0.0, 3.0])), 4)
    (0.0, 0.6667)
    """
    ordered = np.sort(amounts)
    n = len(ordered)
    rank = np.arange(1, n + 1)
    return float((2 * (rank * ordered).sum() / (n * ordered.sum())) - (n + 1) / n)


def hhi(amounts: np.ndarray) -> float:
    """Herfindahl-Hirschman index: sum of squared percentage shares.

    >>> hhi(np.array([20.0, 30.0, 50.0]))
    3800.0
    """
    return float(((amounts / amounts.sum() * 100) ** 2).sum())


@values("gini", "hhi", "top20_share", "top5_share", "largest_customer_share", "a_customers", "a_share")
def concentration_values(x: Datasets) -> Mapping[str, Any]:
    frame = x.maybe("pareto")
    none = dict.fromkeys(
        ["gini", "hhi", "top20_share", "top5_share", "largest_customer_share", "a_customers", "a_share"], "—"
    )
    if frame is None:
        return none
    amounts = sorted_amounts(x)
    total = float(x.grades["net_amount"].sum())
    top20 = amounts[: int(np.ceil(0.2 * len(amounts)))].sum()
    classes = x.get("abc").set_index("code")
    a = classes.loc["A"] if "A" in classes.index else None
    people = (
        "—"
        if a is None
        else x.say(
            f"{a['customers']:,} 位（{wording.percent(a['customers_share'])}）",
            f"{a['customers']:,} ({wording.percent(a['customers_share'])})",
        )
    )
    return {
        "gini": f"{gini(amounts):.3f}",
        "hhi": f"{hhi(amounts):,.0f}",
        "top20_share": wording.percent(float(top20) / total),
        "top5_share": wording.percent(float(amounts[:5].sum()) / total),
        "largest_customer_share": wording.percent(float(amounts[0]) / total),
        "a_customers": people,
        "a_share": "—" if a is None else wording.percent(a["amount_share"]),
    }
