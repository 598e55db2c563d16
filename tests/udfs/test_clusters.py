"""Clusters that are there are found, whatever the order of the customers."""

import numpy as np
import pandas as pd
import pytest

from udfs.clusters import find_clusters
from udfs.texts import FenjiError


def blobs(seed=0):
    rng = np.random.default_rng(seed)
    centres = [(5, 40, 90_000, 90), (60, 6, 3_000, 50), (600, 1, 80, 10)]
    rows = [rng.normal(c, np.array(c) * 0.05 + 0.01, (60, 4)) for c in centres]
    table = pd.DataFrame(
        np.abs(np.vstack(rows)), columns=["recency_days", "frequency", "net_amount", "loyalty_score"]
    )
    table["frequency"] = np.maximum(table["frequency"].round(), 1)
    return table


def test_three_groups_are_found_and_named():
    found = find_clusters(blobs())
    assert found.table["customers"].tolist() == [60, 60, 60]
    assert found.cluster.tolist() == [0] * 60 + [1] * 60 + [2] * 60
    assert found.names[0].zh == "近期购买、频次高、金额高"
    assert found.names[2].en == "long silent, few orders, low spend"
    assert found.silhouette > 0.7


def test_the_order_of_customers_does_not_matter():
    table = blobs(1)
    table = pd.concat([table, blobs(2).sample(40, random_state=1) * 1.7])
    table["frequency"] = table["frequency"].round()
    shuffle = np.random.default_rng(3).permutation(len(table))
    found = find_clusters(table.reset_index(drop=True)).cluster
    other = find_clusters(table.iloc[shuffle].reset_index(drop=True)).cluster
    assert found[shuffle].tolist() == other.tolist()


def test_prospects_are_in_no_cluster():
    table = blobs()
    table.loc[3, "recency_days"] = np.nan
    assert find_clusters(table, k=2).cluster[3] == -1


def test_too_few_or_all_alike():
    with pytest.raises(FenjiError, match="Only 10 customers"):
        find_clusters(blobs().head(10))
    with pytest.raises(FenjiError, match="hardly differ"):
        find_clusters(pd.concat([blobs().head(1)] * 40, ignore_index=True))
