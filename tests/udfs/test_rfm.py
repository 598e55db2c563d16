"""R, F and M: against the R package rfm and joaolcorreia/RFM-analysis, and by hand."""

import csv
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programs import REFERENCE_DATA
from udfs.rfm import (
    RfmCutPoints,
    count_orders,
    high_limits,
    parse_cuts,
    rfm_code,
    rfm_cut_points,
    rfm_values,
)
from udfs.texts import FenjiError


def day(text):
    return int(np.datetime64(text).astype("datetime64[D]").astype(int))


def codes(values):
    seen = {}
    return np.array([seen.setdefault(v, len(seen)) for v in values]), seen


@pytest.fixture(scope="module")
def r_orders():
    rows = list(csv.DictReader((REFERENCE_DATA / "rfm_orders.csv").open(encoding="utf-8")))
    customer, names = codes(r["customer_id"] for r in rows)
    days = np.array([day(r["order_date"]) for r in rows])
    return customer, days, np.array([float(r["revenue"]) for r in rows]), names


@pytest.mark.reference_data
def test_the_r_package_rfm_995_of_995(r_orders):
    customer, days, amount, names = r_orders
    values = rfm_values(
        customer, days, amount, len(names), as_of_day=day("2006-12-31"), frequency_basis="rows"
    )
    made = rfm_cut_points(values, 5, "r-rfm")
    assert made.as_dict() == {
        "r": [115, 181, 297.4, 482],
        "f": [4, 5, 6, 8],
        "m": [255.8, 382, 506.4, 666],
    }
    code = rfm_code(*made.scores(values))
    i = names["Abbey O'Reilly"]
    assert (values.recency[i], values.frequency[i], values.monetary[i], code[i]) == (205, 6, 472, "343")
    assert code[names["Add Senger"]] == "412"
    assert code[names["Agness O'Keefe"]] == "555"
    expected = csv.DictReader((REFERENCE_DATA / "rfm_orders_expected.csv").open(encoding="utf-8"))
    same = [code[names[row["customer_id"]]] == row["rfm_score"] for row in expected]
    assert (sum(same), len(same)) == (995, 995)


@pytest.mark.reference_data
def test_joao_quartiles_793_of_793():
    text = (REFERENCE_DATA / "joao_orders.csv").read_bytes().decode("mac_roman").replace("\r", "\n")
    rows = list(csv.DictReader(text.splitlines()))
    customer, names = codes(r["customer"] for r in rows)
    order, _ = codes(r["order_id"] for r in rows)
    days = np.array([day(dt.datetime.strptime(r["order_date"], "%m/%d/%y").date()) for r in rows])
    amount = np.array([float(r["grand_total"]) for r in rows])
    values = rfm_values(customer, days, amount, len(names), order=order, as_of_day=day("2014-12-31"))
    code = rfm_code(*rfm_cut_points(values, 4, "quartiles-le").scores(values))
    table = (REFERENCE_DATA / "joao_rfm_table.csv").read_text("mac_roman").splitlines()
    same = [code[names[row["customer"]]] == row["RFMClass"] for row in csv.DictReader(table)]
    assert (sum(same), len(same)) == (793, 793)


def test_a_return_counts_in_the_amount_only():
    values = rfm_values(
        np.array([0, 0, 0]),
        np.array([1, 3, 9]),
        np.array([10.0, 20.0, -5.0]),
        1,
        is_return=np.array([False, False, True]),
    )
    assert (values.recency[0], values.frequency[0], values.monetary[0]) == (1, 2, 25)
    assert values.as_of_day == 4  # the day after the last sale, not after the return


def test_returns_only_is_no_buyer_but_reconciles():
    values = rfm_values(
        np.array([0, 1]), np.array([1, 1]), np.array([-5.0, 8.0]), 2, is_return=np.array([True, False])
    )
    assert values.buyers.tolist() == [False, True]
    assert values.net_units.tolist() == [-5, 8]
    assert np.isnan(values.monetary[0])


def test_orders_are_distinct_numbers_or_days():
    customer, days = np.array([0, 0, 0, 1]), np.array([1, 1, 2, 2])
    assert count_orders(customer, days, None, 2).tolist() == [2, 1]
    assert count_orders(customer, days, np.array([7, 8, 8, 9]), 2).tolist() == [2, 1]
    assert count_orders(customer, days, np.array([7, 7, 7, 7]), 2).tolist() == [1, 1]
    assert count_orders(customer, days, np.array([7, -1, -1, -1]), 2).tolist() == [3, 1]


def test_rows_and_mean_per_order():
    args = (np.array([0, 0]), np.array([1, 1]), np.array([10.0, 20.0]), 1)
    assert rfm_values(*args, frequency_basis="rows").frequency.tolist() == [2]
    assert rfm_values(*args, monetary_basis="mean").monetary.tolist() == [30]
    assert rfm_values(*args, order=np.array([1, 2]), monetary_basis="mean").monetary.tolist() == [15]


def test_1000_customers_in_yuan_and_wan_shuffled_score_the_same():
    rng = np.random.default_rng(1)
    customer = rng.integers(0, 1000, 8000)
    price = rng.choice([9.9, 19.9, 29.9], 8000)
    days = rng.integers(0, 700, 8000)
    shuffle = rng.permutation(8000)
    results = []
    for rows, unit in ((slice(None), 1), (shuffle, 1), (shuffle, 10_000)):
        values = rfm_values(customer[rows], days[rows], np.round(price[rows] / unit, 8), 1000)
        results.append(rfm_code(*rfm_cut_points(values).scores(values)).tolist())
    assert results[0] == results[1] == results[2]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(-999, 9999)), max_size=60))
def test_totals_reconcile(rows):
    customer, days, cents = (np.array([r[i] for r in rows], np.int64) for i in range(3))
    values = rfm_values(customer, days, cents / 100, 10, is_return=cents < 0)
    assert int(values.net_units.sum()) * 100 == int(cents.sum()) * 10**values.decimals
    assert (values.frequency > 0).tolist() == values.buyers.tolist()


def test_cut_points_survive_a_sheet():
    values = rfm_values(np.arange(9), np.arange(9) * 7, np.arange(9) * 1.1, 9)
    made = rfm_cut_points(values)
    with_more = RfmCutPoints(
        *made.all, class8_limits=(3.0, 2.5, 2.75), quintiles=made.all, monetary_basis="mean"
    )
    rows = with_more.to_rows()
    assert rows[0]["score"] == 5
    assert RfmCutPoints.from_rows(reversed(rows)) == with_more
    assert RfmCutPoints.from_rows(made.to_rows()) == made


def test_one_bin_survives_a_sheet():
    values = rfm_values(np.array([0]), np.array([1]), np.array([2.0]), 1)
    made = rfm_cut_points(values)
    assert made.scores(values).tolist() == [[3], [3], [3]]
    assert RfmCutPoints.from_rows(made.to_rows()) == made


def test_high_limits():
    scores = np.array([[1, 5, 5], [1, 1, 4], [2, 2, 2]])
    assert high_limits(scores) == (11 / 3, 2, 2)
    assert high_limits(scores, "median") == (5, 1, 2)
    assert high_limits(scores, "fixed", 4) == (4, 4, 4)


def test_codes_of_ten_scores_have_dashes():
    assert rfm_code(np.array([10]), np.array([4]), np.array([5])).tolist() == ["10-4-5"]


@pytest.mark.parametrize("text", ["", "R:30 F:2", "R:90,30 F:2 M:10", "R:x F:2 M:10"])
def test_unreadable_cuts_are_refused(text):
    with pytest.raises(FenjiError):
        parse_cuts(text)


def test_cuts_with_chinese_punctuation():
    assert parse_cuts("R:30,90 F:2,5 M:1000,5000") == ((30, 90), (2, 5), (1000, 5000))
