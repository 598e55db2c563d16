"""RFM overview: heat maps, the eight classes, the eleven segments, distributions, cut points."""

from __future__ import annotations

from udfs.texts import Text
from workbook_templates.designs.grading import SUMMARY_COLUMNS, TOTALS
from workbook_templates.spec import Chart, Col, Sheet, Table, Template

SCORES = [f"f{i}" for i in range(1, 6)]
CLASS_ALT = Text(
    zh="条形图：每类客户占客户数和金额的比例", en="Bar chart: share of customers and of amount of each class"
)


def grid(name: str, kind: str) -> Table:
    width = 13 if kind == "money" else 11
    columns = [
        Col("r_score", width=18),
        *[Col(k, kind, width=width) for k in SCORES],
        Col("total", kind, width=14),
    ]
    return Table(name, columns, rows=6, heat=SCORES)


HEAT = Sheet(
    name=Text(zh="RFM 热力图", en="RFM heat map"),
    title=Text(zh="RFM 热力图：最近消费 × 消费频次", en="RFM heat map: recency by frequency"),
    figures=TOTALS,
    lines=["finding_heatmap"],
    note=Text(
        zh="上表为客户数：越往上越近，越往右越常来；颜色越深客户越多。",
        en="Number of customers: higher rows bought more recently, columns further right more often.",
    ),
    tables=[grid("tblHeatmap_overview", "int")],
)
HEAT_AMOUNT = Sheet(
    name=Text(zh="RFM 金额热力图", en="RFM amounts"),
    title=Text(zh="RFM 金额热力图：钱在哪里", en="RFM heat map of amounts: where the money is"),
    lines=["finding_heatmap_amount"],
    tables=[grid("tblHeatmapAmount_overview", "money")],
)
CLASSES = Sheet(
    name=Text(zh="八类客户", en="Eight classes"),
    title=Text(zh="八类客户（重要/一般 × 价值/保持/发展/挽留）", en="The eight RFM classes"),
    charts=[
        Chart(
            "bar", "tblClass8_overview", "class8", ["amount_share", "customers_share"], "finding_class8", CLASS_ALT,
            shares=True,
        )
    ],
    tables=[
        Table("tblClass8_overview", [Col("class8", width=20), Col("pattern", width=26), *SUMMARY_COLUMNS], rows=9)
    ],
)  # fmt: skip
SEGMENTS = Sheet(
    name=Text(zh="十一类客群", en="Eleven segments"),
    title=Text(zh="十一类客群", en="The eleven segments"),
    charts=[
        Chart(
            "bar", "tblSegments_overview", "segment", ["amount_share", "customers_share"], "finding_segments",
            CLASS_ALT, shares=True,
        )
    ],
    tables=[Table("tblSegments_overview", [Col("segment", width=20), *SUMMARY_COLUMNS], rows=12)],
)  # fmt: skip


def distribution(name: str, finding: str, unit: Text, alt: Text) -> tuple[Table, Chart]:
    table = Table(name, [Col("bin", width=22), Col("customers", "int", width=14)], rows=10)
    people = Text(zh="客户数", en="Customers")
    return table, Chart("histogram", name, "bin", ["customers"], finding, alt, people, unit)


HISTOGRAMS = [
    distribution(
        "tblHistogramR", "finding_recency", Text(zh="距上次消费天数", en="Days since the last purchase"),
        Text(zh="直方图：按距上次消费天数的客户数", en="Histogram: customers by days since the last purchase"),
    ),
    distribution(
        "tblHistogramF", "finding_frequency", Text(zh="消费频次（单）", en="Number of orders"),
        Text(zh="直方图：按订单数的客户数", en="Histogram: customers by number of orders"),
    ),
    distribution(
        "tblHistogramM", "finding_monetary", Text(zh="消费金额", en="Amount"),
        Text(zh="直方图：按消费金额的客户数", en="Histogram: customers by amount"),
    ),
]  # fmt: skip
STATISTICS = Table(
    "tblStatistics",
    [
        Col("measure", width=24), Col("customers", "int"), Col("minimum", "int", width=11), Col("median", "int", width=11),
        Col("mean", "score", width=13), Col("maximum", "int", width=13),
    ],
)  # fmt: skip
DISTRIBUTION = Sheet(
    name=Text(zh="R F M 分布", en="R F M distribution"),
    title=Text(zh="R、F、M 的分布", en="How recency, frequency and amount are spread"),
    charts=[chart for _, chart in HISTOGRAMS],
    tables=[table for table, _ in HISTOGRAMS],
    side_by_side=True,
)
NUMBERS = Sheet(
    name=Text(zh="R F M 统计", en="R F M statistics"),
    title=Text(zh="R、F、M 的最小值、中位数、平均值和最大值", en="Smallest, median, mean and largest"),
    tables=[STATISTICS],
)
CUTS = Sheet(
    name=Text(zh="RFM 口径", en="RFM cut points"),
    title=Text(zh="RFM 分界点和口径", en="RFM cut points and how they were computed"),
    tables=[
        Table(
            "tblCutPoints_overview",
            [Col("group", width=18), Col("item", width=34), Col("value", "long", width=60)],
        )
    ],
    tab="settings",
)
TEMPLATE = Template(
    name="rfm",
    title=Text(zh="RFM 概览", en="RFM overview"),
    description=Text(
        zh="R×F 热力图、八类客户、十一类客群、R/F/M 分布和分界点。",
        en="Heat maps of recency by frequency, eight classes, eleven segments, distributions and cut points.",
    ),
    sheets=[HEAT, HEAT_AMOUNT, CLASSES, SEGMENTS, DISTRIBUTION, NUMBERS, CUTS],
)
