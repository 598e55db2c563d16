"""Lifetime value against the published numbers (CDNOW), and against a summary made by pymc-marketing."""

import csv
import json

import numpy as np
import pytest

from tests.programs import REFERENCE_DATA
from udfs.lifetime_models import NoConvergence, fit_bg_nbd, fit_gamma_gamma, fit_pareto_nbd
from udfs.lifetime_value import NotEnoughData, predict, repeat_summary

pytestmark = pytest.mark.reference_data


def day(text):
    return int(np.datetime64(text, "D").astype(int))


@pytest.fixture(scope="module")
def cdnow():
    """The summary of the 2,357 customers to 1997-09-30, made from their purchases."""
    rows = [
        line.split()
        for line in (REFERENCE_DATA / "cdnow_sample.txt").read_text().splitlines()
        if line.strip()
    ]
    used = [r for r in rows if r[2] <= "19970930"]
    customer = np.array([int(r[1]) - 1 for r in used])
    days = np.array([day(f"{r[2][:4]}-{r[2][4:6]}-{r[2][6:]}") for r in used])
    amount = np.array([float(r[4]) for r in used])
    return repeat_summary(customer, days, amount, 2357, day("1997-09-30"))


def one(x, t_x, end):
    return np.array([float(x)]), np.array([float(t_x)]), np.array([float(end)])


def test_the_summary_of_all_customers(cdnow):
    expected = list(csv.DictReader((REFERENCE_DATA / "cdnow_sample_summary_weeks.csv").open()))
    for name, found in (("x", cdnow.x), ("tx", cdnow.t_x), ("T", cdnow.age), ("m", cdnow.monetary)):
        np.testing.assert_allclose(found, [float(r[name]) for r in expected], atol=1e-5)


def test_summary_as_pymc_marketing_makes_it():
    data = json.loads((REFERENCE_DATA / "pymc_rfm_expected.json").read_text())
    customer, when, amount = (np.array(x) for x in zip(*data["transactions"], strict=True))
    end = day(data["observation_period_end"])
    found = repeat_summary(customer - 1, np.array([day(d) for d in when]), amount.astype(float), 6, end, 1)
    rows = np.column_stack([np.arange(1, 7), found.x, found.t_x, found.age, found.monetary])
    assert rows.tolist() == data["rfm_summary_daily[customer,frequency,recency,T,monetary]"]


def test_bg_nbd(cdnow):
    fitted = fit_bg_nbd(cdnow.x, cdnow.t_x, cdnow.age)
    assert (fitted.r, fitted.alpha, fitted.a, fitted.b) == pytest.approx(
        (0.2426, 4.4136, 0.7929, 2.4259), abs=1e-4
    )
    assert fitted.log_likelihood == pytest.approx(-9582.4292, abs=1e-4)
    assert fitted.expected(39, *one(2, 30.43, 38.86)).item() == pytest.approx(1.226, abs=5e-4)
    assert fitted.alive(*one(26, 30.857, 31)).item() == pytest.approx(0.96885, abs=1e-5)
    assert fitted.expected(52, *one(26, 30.857, 31)).item() == pytest.approx(25.757, abs=1e-3)


def test_mbg_nbd(cdnow):
    fitted = fit_bg_nbd(cdnow.x, cdnow.t_x, cdnow.age, modified=True)
    assert (fitted.r, fitted.alpha, fitted.a, fitted.b) == pytest.approx(
        (0.5248, 6.1831, 0.8914, 1.6140), abs=1e-4
    )
    assert (fitted.alive(*one(0, 0, 30)) < 1).all()


def test_pareto_nbd(cdnow):
    fitted = fit_pareto_nbd(cdnow.x, cdnow.t_x, cdnow.age)
    found = (fitted.r, fitted.alpha, fitted.s, fitted.beta)
    assert found == pytest.approx((0.5533, 10.5777, 0.6062, 11.6687), abs=1e-4)
    assert fitted.log_likelihood == pytest.approx(-9594.976, abs=1e-3)
    assert fitted.alive(*one(26, 30.857, 31)).item() == pytest.approx(0.997874, abs=1e-5)
    assert fitted.expected(52, *one(26, 30.857, 31)).item() == pytest.approx(25.456, abs=2e-3)


def test_gamma_gamma(cdnow):
    fitted = fit_gamma_gamma(cdnow.x, cdnow.monetary)
    assert (fitted.p, fitted.q, fitted.v) == pytest.approx((6.2496, 3.7442, 15.4435), abs=1e-3)
    assert fitted.log_likelihood == pytest.approx(-4055.9177, abs=1e-4)


def test_twelve_month_clv(cdnow):
    found = predict(cdnow, days_a_month=4.345 * 7)
    assert found.clv[[0, 1, 5]].tolist() == pytest.approx([36.27, 4.64, 283.5], rel=1e-3)
    assert np.isnan(found.low).all()


def test_the_interval_is_around_the_value_and_narrows_with_more_customers(cdnow):
    small = predict(cdnow, interval=True)
    assert ((small.low < small.clv) & (small.clv < small.high)).all()
    four = repeat_four_times(cdnow)
    large = predict(four, interval=True)
    n = len(cdnow.x)
    assert np.median(
        np.log(large.high[:n] / large.low[:n]) / np.log(small.high / small.low)
    ) == pytest.approx(0.5, abs=0.01)


def repeat_four_times(summary):
    from dataclasses import replace

    parts = {name: np.tile(getattr(summary, name), 4) for name in ("x", "t_x", "age", "monetary", "bought")}
    return replace(summary, **parts)


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
def test_every_model_predicts_sensible_numbers(cdnow, model):
    found = predict(cdnow, model, interval=model != "bg_nbd")
    assert ((found.alive > 0) & (found.alive <= 1)).all()
    assert (found.purchases >= 0).all()
    assert 0.5 < found.purchases.sum() / 1700 < 2  # about 1,900 a year were observed


def test_many_purchases_do_not_overflow(cdnow):
    fitted = fit_bg_nbd(cdnow.x, cdnow.t_x, cdnow.age)
    # The series summed with 400 digits gives 269.6952...
    assert fitted.expected(52, *one(3000, 500, 501)).item() == pytest.approx(269.695, abs=1e-3)


def test_too_little_data_is_refused_with_the_reason():
    summary = repeat_summary(np.array([0, 0, 1]), np.array([1, 9, 5]), np.ones(3), 3, 20)
    assert summary.bought.tolist() == [True, True, False]
    with pytest.raises(NotEnoughData, match="Only 1 customer bought again"):
        predict(summary)


def test_data_that_fit_no_model_are_refused():
    always = np.full(500, 10.0)
    with pytest.raises(NoConvergence):
        fit_gamma_gamma(always, np.full(500, 20.0))
