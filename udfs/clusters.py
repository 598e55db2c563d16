"""Customer clusters: groups the data form by themselves, beside the classes we define.

Definitions, section 7: k-means on log-scaled recency, frequency, amount and loyalty, each with mean 0 and
deviation 1; the number of clusters is the one with the best silhouette; the seed is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from udfs.texts import FenjiError, Text

SEED = 20240601
SAMPLE = 1500
MIN_CUSTOMERS = 30
STARTS = 4
FEATURES = ("recency_days", "frequency", "net_amount", "loyalty_score")


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters of customers.

    Attributes
    ----------
    cluster : number of each customer's cluster, 0 is the one with the largest mean amount; -1 prospects.
    table : one row per cluster: cluster, customers, share, amount, and the medians of the features.
    names : name of each cluster. silhouette : -1..1 of the chosen number; above 0.5 is clear, below 0.25 weak.
    """

    cluster: np.ndarray
    table: pd.DataFrame
    names: list[Text]
    silhouette: float


def find_clusters(grades: pd.DataFrame, k: int | None = None, largest: int = 8) -> Clusters:
    """Clusters of the customers with orders.

    Parameters
    ----------
    grades : with recency_days, frequency, net_amount, loyalty_score (see `udfs.grading`).
    k : number of clusters; None tries 2 to `largest`.

    Raises
    ------
    FenjiError
        Fewer than 30 customers with orders, or all alike.
    """
    buyers = grades["recency_days"].notna().to_numpy()
    if int(buyers.sum()) < MIN_CUSTOMERS:
        raise FenjiError(
            zh=f"有订单的客户只有 {int(buyers.sum())} 位，少于 {MIN_CUSTOMERS} 位，不做聚类。",
            en=f"Only {int(buyers.sum())} customers have orders, fewer than {MIN_CUSTOMERS}: no clusters are made.",
        )
    scaled = _scaled(grades[buyers])
    distinct, place = np.unique(scaled, axis=0, return_inverse=True)
    place = place.ravel()
    if len(distinct) < 3:
        raise FenjiError(
            zh="客户之间几乎没有差别，无法聚类。",
            en="The customers hardly differ, so no clusters can be made.",
        )
    # Sorted rows: the result does not depend on the order of the customers.
    data = distinct[np.sort(place)]
    sample = data[np.linspace(0, len(data) - 1, min(SAMPLE, len(data))).astype(int)]
    tries = [k] if k else range(2, min(largest, len(distinct) - 1) + 1)
    found = [_k_means(data, n) for n in tries]
    scores = [silhouette(sample, _nearest(sample, centres)) for centres in found]
    best = int(np.argmax(scores))
    labels = _nearest(distinct, found[best])[place]
    cluster = np.full(len(grades), -1, np.int64)
    cluster[buyers] = labels
    return _described(grades, cluster, scores[best])


def _scaled(grades: pd.DataFrame) -> np.ndarray:
    """Features on a logarithmic scale with mean 0 and deviation 1; those that do not vary are left out."""
    columns = []
    for name in FEATURES:
        x = grades[name].to_numpy(np.float64)
        x = np.where(np.isnan(x), np.nanmedian(x) if not np.isnan(x).all() else 0.0, x)
        x = np.sign(x) * np.log1p(np.abs(x)) if name != "loyalty_score" else x
        if x.std() > 0:
            columns.append(np.round((x - x.mean()) / x.std(), 9))
    return np.column_stack(columns) if columns else np.zeros((len(grades), 1))


def _k_means(data: np.ndarray, k: int) -> np.ndarray:
    """Centres with the least squared distances among some starts."""
    from scipy.cluster.vq import kmeans2

    best, least = np.empty((0, data.shape[1])), np.inf
    for start in range(STARTS):
        centres, labels = kmeans2(data, k, minit="++", seed=SEED + start, iter=40)
        cost = float(((data - centres[labels]) ** 2).sum())
        if cost < least - 1e-9:
            best, least = centres, cost
    return best


def _nearest(data: np.ndarray, centres: np.ndarray) -> np.ndarray:
    distance = ((data**2).sum(axis=1)[:, None] - 2 * data @ centres.T) + (centres**2).sum(axis=1)
    return np.argmin(distance, axis=1)


def silhouette(data: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette (Rousseeuw 1987): how much closer points are to their own cluster than to the next.

    >>> silhouette(np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([0, 0, 1, 1])) > 0.95
    True
    """
    from scipy.spatial.distance import cdist

    codes, labels = np.unique(labels, return_inverse=True)
    if len(codes) < 2:
        return -1.0
    distance = cdist(data, data)
    size = np.bincount(labels)
    sums = np.column_stack([distance[:, labels == c].sum(axis=1) for c in range(len(codes))])
    rows = np.arange(len(data))
    own_size = size[labels]
    inside = sums[rows, labels] / np.maximum(own_size - 1, 1)
    means = sums / size
    means[rows, labels] = np.inf
    outside = means.min(axis=1)
    value = (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-300)
    return float(np.where(own_size > 1, value, 0.0).mean())


def _described(grades: pd.DataFrame, cluster: np.ndarray, score: float) -> Clusters:
    """Numbers the clusters by mean amount, and names them by what is above or below the median customer."""
    buyers = cluster >= 0
    mean = grades["net_amount"][buyers].groupby(cluster[buyers]).mean()
    order = mean.sort_values(ascending=False, kind="stable").index
    number = {int(old): new for new, old in enumerate(order)}
    cluster = np.array([number.get(int(c), -1) for c in cluster], np.int64)
    groups = grades[buyers].groupby(cluster[buyers])
    table = groups[list(FEATURES)].median()
    table.insert(0, "customers", groups.size())
    table.insert(1, "share", table["customers"] / int(buyers.sum()))
    table.insert(2, "amount", groups["net_amount"].sum())
    middle = grades[buyers][list(FEATURES)].median()
    names = [_name(row, middle) for _, row in table.iterrows()]
    table.index.name = "cluster"
    return Clusters(cluster, table.reset_index(), _told_apart(names), round(score, 3))


def _name(row: pd.Series, middle: pd.Series) -> Text:
    recent = row["recency_days"] <= middle["recency_days"]
    often = row["frequency"] > middle["frequency"]
    much = row["net_amount"] > middle["net_amount"]
    zh = "、".join(
        (
            "近期购买" if recent else "久未购买",
            "频次高" if often else "频次低",
            "金额高" if much else "金额低",
        )
    )
    en = ", ".join(
        (
            "recent" if recent else "long silent",
            "frequent" if often else "few orders",
            "high spend" if much else "low spend",
        )
    )
    return Text(zh=zh, en=en)


def _told_apart(names: list[Text]) -> list[Text]:
    """Adds a number where two clusters have one name."""
    result = []
    for i, name in enumerate(names):
        if sum(other == name for other in names) > 1:
            number = sum(other == name for other in names[: i + 1])
            name = Text(zh=f"{name.zh}（{number}）", en=f"{name.en} ({number})")
        result.append(name)
    return result
