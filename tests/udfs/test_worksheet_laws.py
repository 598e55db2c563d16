"""The functions agree with the pure calculations, and keep the laws of scores through cells."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs import concentration, loyalty, rfm, segments, tiers, worksheet
from udfs.cut_points import cut_points
from udfs.registry import functions
from udfs.worksheet.calling import worksheet_function

amounts = st.lists(st.integers(0, 10**7).map(lambda cents: cents / 100), min_size=2, max_size=40)
whole = st.integers(0, 400)
three = st.lists(
    st.tuples(whole, whole, st.integers(1, 10**7).map(lambda c: c / 100)), min_size=2, max_size=40
)


def column(values):
    return [[v] for v in values]


def flat(rows):
    return [row[0] for row in rows]


@settings(max_examples=50)
@given(
    three,
    st.integers(2, 10),
    st.sampled_from(["quantile", "natural", "r-rfm", "quartiles-le", "mean", "median"]),
)
def test_scores_are_the_pure_scores(rows, bins, method):
    recency, frequency, monetary = map(np.array, zip(*rows, strict=True))
    expected = rfm.rfm_code(
        *(cut_points(v.astype(float), bins, method, less_is_better=i == 0).score(v.astype(float))
          for i, v in enumerate((recency, frequency, monetary)))
    )  # fmt: skip
    result = worksheet.RFM_SCORE(
        column(recency.tolist()), column(frequency.tolist()), column(monetary.tolist()), bins, method
    )
    assert flat(result) == expected.tolist()


@settings(max_examples=50)
@given(amounts)
def test_the_money_unit_does_not_matter(values):
    in_ten_thousands = [[f"{v / 10000:.6f}"] for v in values]
    assert worksheet.MONETARY_SCORE(column(values)) == worksheet.MONETARY_SCORE(in_ten_thousands)
    assert worksheet.ABC_CLASS(column(values)) == worksheet.ABC_CLASS(in_ten_thousands)


@settings(max_examples=50)
@given(amounts, st.randoms())
def test_the_order_of_rows_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    for name in ("MONETARY_SCORE", "ABC_CLASS", "VALUE_TIER"):
        function = getattr(worksheet, name)
        shuffled = function(column([values[i] for i in order]))
        assert [shuffled[order.index(i)] for i in range(len(values))] == function(column(values))


@settings(max_examples=50)
@given(amounts, st.integers(0, 39))
def test_blank_and_unreadable_rows_leave_the_others_alone(values, at):
    cells = column(values)
    with_gaps = [*cells[:at], [None], ["看不懂1"], *cells[at:]]
    result = worksheet.MONETARY_SCORE(with_gaps)
    at = min(at, len(cells))
    assert result[:at] + result[at + 2 :] == worksheet.MONETARY_SCORE(cells)


@settings(max_examples=50)
@given(amounts)
def test_shares_and_classes_are_the_pure_ones(values):
    x = np.array(values)
    assert flat(worksheet.ABC_CLASS(column(values), "value")) == tiers.abc_class(x, "value").tolist()
    assert flat(worksheet.VALUE_TIER(column(values), None, None, "code")) == tiers.value_tier(x).tolist()
    if x.sum():
        assert worksheet.GINI_INDEX(column(values)) == concentration.gini(x)
        assert worksheet.PARETO_SHARE(column(values)) == concentration.pareto_share(x)
        assert worksheet.HERFINDAHL_INDEX(column(values)) == concentration.herfindahl(x)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=30))
def test_promoters_are_the_pure_ones(answers):
    assert worksheet.NET_PROMOTER(column(answers)) == loyalty.net_promoter(np.array(answers))


def test_every_code_has_one_segment_in_every_scheme():
    codes = [r * 100 + f * 10 + m for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    r, f, m = (np.array([int(str(c)[i]) for c in codes]) for i in range(3))
    assert (
        flat(worksheet.RFM_SEGMENT(column(codes), "en11", "code")) == segments.segment_en11(r, f, m).tolist()
    )
    assert flat(worksheet.RFM_SEGMENT(column(codes), "rf25", "code")) == segments.segment_rf25(r, f).tolist()
    eight = flat(worksheet.RFM_SEGMENT(column(codes), "zh8"))
    assert len(set(eight)) == 8
    assert all(eight)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙丁"), st.integers(45000, 45400), st.integers(1, 10**6)),
        min_size=1,
        max_size=60,
    )
)
def test_the_table_reconciles_with_its_rows(rows):
    customers, dates, cents = zip(*rows, strict=True)
    table = worksheet.RFM_TABLE(column(customers), column(dates), column([c / 100 for c in cents]))
    body = table[1:]
    assert sorted(row[0] for row in body) == sorted(set(customers))
    assert round(sum(row[3] for row in body) * 100) == sum(cents)
    assert sum(row[2] for row in body) == len({(c, d) for c, d, _ in rows})
    assert min(row[1] for row in body) == 1


def test_input_is_never_changed():
    cells = [[5], [40], ["x"], [None], [1]]
    before = [list(row) for row in cells]
    worksheet.RECENCY_SCORE(cells)
    assert cells == before


def test_a_failure_inside_is_an_error_mark_and_is_logged(caplog):
    def RFM_TOTAL(r, f, m, rfm_weights):  # noqa: N802
        raise RuntimeError("broken")

    broken = worksheet_function(RFM_TOTAL)
    with caplog.at_level("ERROR", logger="fenji"):
        assert broken(1, 2, 3).mark == "#VALUE!"
    assert "broken" in caplog.text
    assert "RFM_TOTAL" in functions()
