"""RFM overview: heat maps, histograms, and how everything was computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from udfs import terms
from udfs.setting_values import in_words
from workbook_templates.datasets.base import Datasets, dataset, too_little

MEASURE_NAMES = {
    "recency": ("距上次消费天数（R）", "Recency, days (R)"),
    "frequency": ("消费频次（F）", "Frequency, orders (F)"),
    "monetary": ("消费金额（M）", "Amount (M)"),
}
BIN_KEYS = [
    "set", "measure", "score", "lower", "upper", "equal", "high_from", "method", "frequency_basis", "monetary_basis",
]  # fmt: skip


@dataset("heatmap")
def heatmap(x: Datasets) -> pd.DataFrame:
    """Customers by R score (rows, best first) and F score (columns)."""
    return _grid(x, None)


@dataset("heatmap_amount")
def heatmap_amount(x: Datasets) -> pd.DataFrame:
    """Amount by R score and F score."""
    return _grid(x, "net_amount")


def _grid(x: Datasets, weight: str | None) -> pd.DataFrame:
    g = x.buyers
    best = x.grading.cut_points.bins
    if best != 5:
        raise too_little(
            f"评分是 1 到 {best} 分，热力图需要 5 分制",
            f"scores run from 1 to {best}; the heat map needs 1 to 5",
        )
    cells = np.zeros((5, 5))
    weights = np.ones(len(g)) if weight is None else g[weight].to_numpy(float)
    np.add.at(cells, (g["r"].to_numpy(int) - 1, g["f"].to_numpy(int) - 1), weights)
    rows = []
    for score in range(5, 0, -1):
        row: dict[str, Any] = {"r_score": f"R{score}"}
        row |= {f"f{f}": round(float(cells[score - 1, f - 1]), 4) for f in range(1, 6)}
        row["total"] = round(float(cells[score - 1].sum()), 4)
        rows.append(row)
    total: dict[str, Any] = {"r_score": x.say("合计", "Total")}
    total |= {f"f{f}": round(float(cells[:, f - 1].sum()), 4) for f in range(1, 6)}
    total["total"] = round(float(cells.sum()), 4)
    return pd.DataFrame([*rows, total])


@dataset("histogram_r")
def histogram_r(x: Datasets) -> pd.DataFrame:
    """Customers by days since the last purchase."""
    return histogram(x.buyers["recency_days"].to_numpy(float), x, smallest=1)


@dataset("histogram_f")
def histogram_f(x: Datasets) -> pd.DataFrame:
    """Customers by number of orders."""
    return histogram(x.buyers["frequency"].to_numpy(float), x, smallest=1)


@dataset("histogram_m")
def histogram_m(x: Datasets) -> pd.DataFrame:
    """Customers by amount."""
    return histogram(x.buyers["monetary"].to_numpy(float), x, smallest=0)


def histogram(numbers: np.ndarray, x: Datasets, smallest: float, bins: int = 10) -> pd.DataFrame:
    """Customers in ranges of a round width; the last range is open so that a few giants do not flatten the rest."""
    if len(numbers) < 5:
        raise too_little("有订单的客户不足 5 位", "fewer than 5 customers have orders")
    low = min(0.0, float(numbers.min()))
    width = round_width((float(np.quantile(numbers, 0.92)) - low) / (bins - 1), smallest)
    start = math.floor(low / width) * width
    place = np.clip(((numbers - start) // width).astype(int), 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    last = int(np.flatnonzero(counts).max())
    labels = []
    for i in range(last + 1):
        a, b = start + i * width, start + (i + 1) * width
        if i == bins - 1:
            labels.append(x.say(f"{short(a, x)} 及以上", f"{short(a, x)} and more"))
        elif smallest:
            labels.append(f"{a:,.0f}" if width == 1 else f"{a:,.0f}–{b - 1:,.0f}")
        else:
            labels.append(f"{short(a, x)}–{short(b, x)}")
    return pd.DataFrame({"bin": labels, "customers": counts[: last + 1].astype(int)})


def round_width(width: float, smallest: float) -> float:
    """The next 1, 2, 5 times a power of ten.

    >>> round_width(37, 1), round_width(0.3, 1), round_width(1201, 0)
    (50.0, 1.0, 2000.0)
    """
    if width <= smallest:
        return float(smallest) or 1.0
    if width <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    step = next(s for s in (1, 2, 5, 10) if s * power >= width * (1 - 1e-9))
    return step * power


def short(amount: float, x: Datasets) -> str:
    """An axis label: 万 or thousands where numbers are large."""
    if x.lang == "zh" and abs(amount) >= 10_000:
        return f"{amount / 10_000:g} 万"
    if x.lang == "en" and abs(amount) >= 1_000_000:
        return f"{amount / 1_000_000:g}M"
    if x.lang == "en" and abs(amount) >= 10_000:
        return f"{amount / 1000:g}K"
    return f"{amount:,.10g}"


@dataset("statistics")
def statistics(x: Datasets) -> pd.DataFrame:
    """Smallest, median, mean and largest of R, F and M."""
    if len(x.buyers) < 5:
        raise too_little("有订单的客户不足 5 位", "fewer than 5 customers have orders")
    rows = []
    for (zh, en), key in zip(MEASURE_NAMES.values(), ("recency_days", "frequency", "monetary"), strict=True):
        column = x.buyers[key].astype(float)
        rows.append(
            {
                "measure": x.say(zh, en),
                "customers": int(column.notna().sum()),
                "minimum": float(column.min()),
                "median": float(column.median()),
                "mean": float(column.mean()),
                "maximum": float(column.max()),
            }
        )
    return pd.DataFrame(rows)


@dataset("cut_points")
def cut_points(x: Datasets) -> pd.DataFrame:
    """Date, options, cut points, what was left out, control totals: enough to recompute everything by hand."""
    rows: list[tuple[str, str, str]] = []
    rows += basis_rows(x)
    rows += cut_rows(x)
    rows += left_out_rows(x)
    rows += total_rows(x)
    for warning in x.grading.warnings:
        rows.append((x.say("提示", "Notice"), "", warning(x.lang)))
    return pd.DataFrame(rows, columns=["group", "item", "value"], dtype=object)


def basis_rows(x: Datasets) -> list[tuple[str, str, str]]:
    group, o = x.say("口径", "Basis"), x.options
    method = terms.term("method", o.method, x.lang)
    rows = [
        (group, x.say("分析日期", "Analysis date"), f"{x.grading.as_of:%Y-%m-%d}"),
        (
            group,
            x.say("打分方法", "Scoring method"),
            x.say(f"{method}，{o.bins} 分制", f"{method}, {o.bins} scores"),
        ),
        (group, x.say("客群方案", "Segments"), terms.term("scheme", o.scheme, x.lang)),
        (
            group,
            x.say("频次", "Frequency"),
            x.say("不同订单数", "distinct orders")
            if o.frequency_basis == "orders"
            else x.say("行数", "rows"),
        ),
        (
            group,
            x.say("金额", "Amount"),
            x.say("净额合计（销售减退货）", "net sum: sales less returns")
            if o.monetary_basis == "sum"
            else x.say("每单平均", "mean per order"),
        ),
        (
            group,
            x.say("分界点上的值", "A value equal to a cut point"),
            x.say("归入较低的分数；相同的值得分相同", "belongs to the lower score; equal values score alike"),
        ),
    ]
    told = ("method", "bins", "scheme", "frequency_basis", "monetary_basis", "as_of")
    for key, name, value in in_words(o, x.lang):
        if key not in told:
            rows.append((x.say("选项", "Option"), name, value))
    return rows


def cut_rows(x: Datasets) -> list[tuple[str, str, str]]:
    rows = []
    for row in x.grading.cut_points.to_rows():
        zh, en = MEASURE_NAMES[row["measure"]]
        group = x.say("分界点", "Cut points")
        if row["set"] == "segments":
            group = x.say("客群所用五分位", "Quintiles for segments")
        item = x.say(f"{zh}：{row['score']} 分", f"{en}: score {row['score']}")
        rows.append((group, item, interval(row, x)))
    return rows


def interval(row: Mapping[str, Any], x: Datasets) -> str:
    """The range of a score in words: > 12 and <= 30."""
    above, below = (">", "≤") if row["equal"] == "lower" else ("≥", "<")
    low = None if row["lower"] is None else f"{above} {row['lower']:,.10g}"
    high = None if row["upper"] is None else f"{below} {row['upper']:,.10g}"
    if low and high:
        return f"{low} {x.say('且', 'and')} {high}"
    return low or high or x.say("全部", "all")


def left_out_rows(x: Datasets) -> list[tuple[str, str, str]]:
    rows = []
    for reason, n in x.grading.left_out.items():
        rows.append(
            (
                x.say("未计入", "Left out"),
                terms.term("left_out", reason, x.lang),
                x.say(f"{n:,} 行", f"{n:,} rows"),
            )
        )
    for reason, n in x.data.marked.items():
        rows.append(
            (
                x.say("仅标记", "Marked only"),
                terms.term("marked", reason, x.lang),
                x.say(f"{n:,} 行", f"{n:,} rows"),
            )
        )
    return rows


def total_rows(x: Datasets) -> list[tuple[str, str, str]]:
    """Control totals: the customers' sum must equal the orders' sum."""
    group = x.say("核对", "Control totals")
    total = float(x.grades["net_amount"].sum())
    rows = [
        (group, x.say("客户数", "Customers"), f"{x.n:,}"),
        (group, x.say("其中有订单的客户", "of these with orders"), f"{len(x.buyers):,}"),
        (group, x.say("客户金额合计", "Sum over customers"), f"{total:,.2f}"),
    ]
    if x.data.orders is not None and x.options.monetary_basis == "sum":
        orders = float(x.data.orders["amount"].sum())
        same = abs(orders - total) < 0.005
        rows.append((group, x.say("订单金额合计", "Sum over orders"), f"{orders:,.2f}"))
        rows.append(
            (
                group,
                x.say("两者是否一致", "The two agree"),
                x.say("一致", "yes")
                if same
                else x.say(f"相差 {orders - total:,.2f}", f"differ by {orders - total:,.2f}"),
            )
        )
    return rows


@dataset("bins")
def bins(x: Datasets) -> pd.DataFrame:
    """The cut points as the next run reads them again ("frozen"); stable codes, not for people."""
    return pd.DataFrame(x.grading.cut_points.to_rows(), columns=BIN_KEYS, dtype=object)
