"""fenji regrade on real order files, against published or independently computed results."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from addin.cli import app
from tests.programs import REFERENCE_DATA

pytestmark = pytest.mark.reference_data


def regrade(tmp_path, name, *words):
    """Grades a reference file into tmp_path; returns grades (all text) and summary."""
    csv, summary = tmp_path / "g.csv", tmp_path / "s.json"
    out = ["-o", str(tmp_path / "out.xlsx"), "--grades-csv", str(csv), "--json", str(summary)]
    result = CliRunner().invoke(app, ["regrade", str(REFERENCE_DATA / name), *words, *out])
    assert result.exit_code == 0, result.output
    return pd.read_csv(csv, dtype=str, keep_default_na=False), json.loads(summary.read_text("utf-8"))


def test_r_package_995_of_995(tmp_path):
    grades, summary = regrade(tmp_path, "rfm_orders.csv", "--method", "r-rfm", "--as-of", "2006-12-31")
    expected = pd.read_csv(REFERENCE_DATA / "rfm_orders_expected.csv", dtype=str).set_index("customer_id")
    ours = grades.set_index("customer_id")
    assert len(ours) == len(expected) == 995
    assert (ours["rfm"].reindex(expected.index) == expected["rfm_score"]).all()
    assert summary["cut_points"]["r"] == [115.0, 181.0, 297.4, 482.0]


def test_joao_793_of_793(tmp_path):
    grades, _ = regrade(tmp_path, "joao_orders.csv", "--method", "quartiles-le", "--as-of", "2014-12-31")
    expected = pd.read_csv(REFERENCE_DATA / "joao_rfm_table.csv", dtype=str, encoding="mac_roman")
    ours = grades.set_index("customer")["rfm"]
    assert len(ours) == len(expected) == 793
    assert (ours.reindex(expected["customer"]).to_numpy() == expected["RFMClass"].to_numpy()).all()


def test_online_retail_reconciles_to_the_cent(tmp_path):
    grades, summary = regrade(tmp_path, "online_retail_subset_300cust.csv")
    rows = pd.read_csv(REFERENCE_DATA / "online_retail_subset_300cust.csv")
    known = rows[rows["CustomerID"].notna()]
    total = round((known["Quantity"] * known["UnitPrice"]).sum(), 2)
    assert summary["orders_left_out"]["no_customer"] == int(rows["CustomerID"].isna().sum()) == 1500
    assert summary["amount_total"] == total
    assert round(grades["monetary"].astype(float).sum(), 2) == total
    assert len(grades) == 300


def test_cdnow_without_headers(tmp_path):
    names = "客户主编号,客户编号,日期,数量,金额"
    grades, summary = regrade(tmp_path, "cdnow_sample.txt", "--names", names)
    raw = pd.read_csv(REFERENCE_DATA / "cdnow_sample.txt", sep=r"\s+", header=None)
    assert summary["orders_read"] == 6919
    assert len(grades) == 2357
    assert summary["amount_total"] == round(raw[4].sum(), 2)
