"""Every choice a grading can be made with, and its default.

The settings sheet, the command line and the ribbon all fill this one object; every calculation reads it.
The defaults are the definitions of docs/definitions.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from udfs.texts import FenjiError

if TYPE_CHECKING:
    from udfs.rfm import RfmCutPoints
    from udfs.segments import SegmentRule

Method = Literal["quantile", "r-rfm", "quartiles-le", "cuts", "mean", "median", "top", "natural", "frozen"]
FrequencyBasis = Literal["orders", "rows"]
MonetaryBasis = Literal["sum", "mean"]
Class8Limit = Literal["mean", "median", "fixed"]
Class8Names = Literal["default", "alternative", "source-003"]
Scheme = Literal["en11", "rf25", "zh8", "own"]
AbcBasis = Literal["customers", "value"]

LOYALTY_PARTS = (
    "tenure",
    "repeat_purchase",
    "regularity",
    "referrals",
    "price_insensitivity",
    "few_complaints",
    "participation",
    "satisfaction",
)
GRADE_PARTS = ("value", "behaviour", "loyalty", "satisfaction")

PRICE_WORDS = (
    "价格", "便宜", "低价", "折扣", "优惠", "促销", "性价比", "特价", "实惠", "砍价", "比价",
    "price", "cheap", "discount", "bargain", "promotion", "coupon", "value for money", "low cost",
)  # fmt: skip
QUALITY_WORDS = (
    "品质", "质量", "高端", "品牌", "耐用", "做工", "精品", "进口", "旗舰", "可靠",
    "quality", "premium", "high-end", "high end", "durable", "brand", "flagship", "reliable",
)  # fmt: skip
PERSONAL_WORDS = (
    "个性", "定制", "专属", "独特", "按需", "设计感", "刻字", "来图",
    "custom", "personal", "bespoke", "tailor", "unique", "made to order",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingOptions:
    """How customers are graded.

    Attributes
    ----------
    as_of : analysis date; None is the day after the last valid sale (of the period).
    period : window of orders as typed ("2024Q3", "2024", "2024-01-01..2024-06-30", "last-6-months").
    where : filters as typed ("地区=华东", "staff>100", "region in 华东,华南"); all must hold.
    method, bins, cuts, top, frozen : how scores are made (definitions, section 1). `cuts` holds ascending
        limits for R (days), F and M, in this order; `top` is "20%" or a number of customers; `frozen` are
        the cut points of an earlier run.
    frequency_basis, monetary_basis : distinct orders or rows; sum or mean per order.
    weights : of R, F, M in the RFM total.
    class8_limit, class8_fixed, class8_names : high means score >= mean, median or the fixed score; which
        set of names people see.
    scheme, segment_rules : what fills `segment`; rules of the user's own for scheme "own".
    new_customer_days : first sale within so many days before `as_of` is a new customer.
    abc_basis, abc_customers, abc_value : cumulative limits of A, and A with B; by number of customers or
        by amount.
    value_limits : percentile limits of medium and high value; None means terciles.
    activity_min_intervals, activity_intervals, activity_days : limits of active and dormant: multiples of
        the own median purchase interval when there are enough intervals, days otherwise.
    price_words, quality_words, personal_words : words in the preference column, in this order of trial.
    discount_share, premium_share, custom_share : share of orders from which a need type follows.
    premium_words, custom_words : words in product, category or remark of premium and custom orders.
    satisfaction_months, satisfaction_limits : window of the mean; limits of neutral and satisfied.
    company_size_limits : revenue (or purchasing volume), in 元, from which a company is medium, large.
    loyalty_weights, loyalty_limits : weight of each part; limits of medium and high.
    churn_months, churn_satisfaction, churn_contact_days, churn_contact_drop : limits of the three flags.
    churn_interval_factor : flag also when the last sale is more than so many own intervals ago; None off.
    churn_p_alive : flag also when P(alive) of the BG/NBD model is below; None off.
    grade_weights, grade_limits, vip_share, protection_months : the customer grade (section 2).
    history_runs : of so many runs the workbook remembers whose grade changed (0 to 1000).
    margin_rate : profit as a share of amount where no cost is known; None leaves profit empty.
    low_margin_share, late_days : a key account's margin below this share of the margin of all customers is low;
        above so many mean days overdue it is a collection risk.
    core_products, industry_growth : signs of potential: products every customer should have; growth
        (0.25 is 25 %) by industry name.
    currency : ISO code; decides the unit in sentences ("" is not named: 元 in Chinese, nothing in English).
    names, actions : the user's own names and recommended actions, by "group.code"
        ("segment.champions").
    """

    as_of: dt.date | None = None
    period: str | None = None
    where: tuple[str, ...] = ()

    method: Method = "quantile"
    bins: int = 5
    cuts: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]] | None = None
    top: str = "20%"
    frozen: RfmCutPoints | None = None
    frequency_basis: FrequencyBasis = "orders"
    monetary_basis: MonetaryBasis = "sum"
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)

    class8_limit: Class8Limit = "mean"
    class8_fixed: float = 3.0
    class8_names: Class8Names = "default"
    scheme: Scheme = "en11"
    segment_rules: tuple[SegmentRule, ...] = ()
    new_customer_days: int = 90

    abc_basis: AbcBasis = "customers"
    abc_customers: tuple[float, float] = (0.10, 0.30)
    abc_value: tuple[float, float] = (0.80, 0.95)
    value_limits: tuple[float, float] | None = None
    activity_min_intervals: int = 3
    activity_intervals: tuple[float, float] = (1.5, 3.0)
    activity_days: tuple[float, float] = (90.0, 180.0)

    price_words: tuple[str, ...] = PRICE_WORDS
    quality_words: tuple[str, ...] = QUALITY_WORDS
    personal_words: tuple[str, ...] = PERSONAL_WORDS
    discount_share: float = 0.5
    premium_share: float = 0.5
    custom_share: float = 0.5
    premium_words: tuple[str, ...] = ("高端", "旗舰", "尊享", "premium", "flagship", "deluxe")
    custom_words: tuple[str, ...] = ("定制", "刻字", "来图", "custom", "bespoke", "made to order")

    satisfaction_months: int = 12
    satisfaction_limits: tuple[float, float] = (3.0, 4.0)
    company_size_limits: tuple[float, float] = (50e6, 200e6)

    loyalty_weights: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(LOYALTY_PARTS, 1.0))
    loyalty_limits: tuple[float, float] = (40.0, 70.0)

    churn_months: int = 3
    churn_satisfaction: float = 3.0
    churn_contact_days: int = 90
    churn_contact_drop: float = 0.5
    churn_interval_factor: float | None = None
    churn_p_alive: float | None = None

    grade_weights: Mapping[str, float] = field(
        default_factory=lambda: {"value": 0.5, "behaviour": 0.2, "loyalty": 0.2, "satisfaction": 0.1}
    )
    grade_limits: tuple[float, float] = (40.0, 70.0)
    vip_share: float = 0.10
    protection_months: int = 0
    history_runs: int = 24

    margin_rate: float | None = None
    low_margin_share: float = 0.5
    late_days: float = 30.0
    core_products: tuple[str, ...] = ()
    industry_growth: Mapping[str, float] = field(default_factory=dict)
    currency: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def bases(self) -> tuple[str, str]:
        """What is really counted and summed: frozen cut points bring their own, r-rfm counts rows."""
        if self.method == "frozen" and self.frozen is not None:
            return self.frozen.frequency_basis, self.frozen.monetary_basis
        return "rows" if self.method == "r-rfm" else self.frequency_basis, self.monetary_basis


CHOICES: dict[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "frequency_basis": get_args(FrequencyBasis),
    "monetary_basis": get_args(MonetaryBasis),
    "class8_limit": get_args(Class8Limit),
    "class8_names": get_args(Class8Names),
    "scheme": get_args(Scheme),
    "abc_basis": get_args(AbcBasis),
}
RISING_PAIRS = (
    "abc_customers",
    "abc_value",
    "activity_intervals",
    "activity_days",
    "satisfaction_limits",
    "company_size_limits",
    "loyalty_limits",
    "grade_limits",
)
SHARES = (
    "discount_share",
    "premium_share",
    "custom_share",
    "vip_share",
    "churn_contact_drop",
    "low_margin_share",
)


def _check(options: GradingOptions) -> None:
    """The first choice that cannot be used is an error that names it."""
    for name, choices in CHOICES.items():
        value = getattr(options, name)
        if value not in choices:
            raise option_error(
                name, value, f"请从 {'、'.join(choices)} 中选择。", f"Choose one of {', '.join(choices)}."
            )
    if not 2 <= options.bins <= 10:
        raise option_error("bins", options.bins, "请填 2 到 10。", "Use 2 to 10.")
    if options.method == "cuts" and not options.cuts:
        raise option_error(
            "cuts",
            None,
            "method 为 cuts 时要给出 R、F、M 的分界点。",
            "The method cuts needs cut points for R, F and M.",
        )
    if options.method == "frozen" and options.frozen is None:
        raise FenjiError(
            zh="工作簿里没有上次的分界点可以沿用。请先正常分级一次。",
            en="There are no earlier cut points to reuse in this workbook. Grade it once without this option.",
        )
    if options.scheme == "own" and not options.segment_rules:
        raise option_error("scheme", "own", "请先写出分群规则。", "Write your own segment rules first.")
    if not 0 <= options.history_runs <= 1000:
        raise option_error("history_runs", options.history_runs, "请填 0 到 1000。", "Use 0 to 1000.")
    for name in RISING_PAIRS:
        low, high = getattr(options, name)
        if not 0 <= low <= high:
            raise option_error(
                name,
                (low, high),
                "两个界限要从小到大，且不小于 0。",
                "Give two limits in rising order, neither below 0.",
            )
    for name in ("abc_customers", "abc_value"):
        if getattr(options, name)[1] > 1:
            raise option_error(
                name, getattr(options, name), "比例不能超过 100%。", "A share cannot be above 100%."
            )
    for name in SHARES:
        if not 0 <= getattr(options, name) <= 1:
            raise option_error(
                name, getattr(options, name), "请填 0% 到 100% 之间的比例。", "Use a share from 0% to 100%."
            )
    if not options.late_days >= 0:
        raise option_error(
            "late_days", options.late_days, "请填不小于 0 的天数。", "Use a number of days, not below 0."
        )
    _check_weights("weights", dict(zip("RFM", options.weights, strict=True)), "RFM")
    _check_weights("loyalty_weights", options.loyalty_weights, LOYALTY_PARTS)
    _check_weights("grade_weights", options.grade_weights, GRADE_PARTS)


def _check_weights(name: str, weights: Mapping[str, float], known: Any) -> None:
    if any(k not in known for k in weights):
        bad = next(k for k in weights if k not in known)
        raise option_error(
            name, bad, f"可用的组成部分：{'、'.join(known)}。", f"Known parts: {', '.join(known)}."
        )
    if any(not w >= 0 for w in weights.values()) or not sum(weights.values()) > 0:
        raise option_error(
            name,
            dict(weights),
            "权重不能为负，且至少一个大于 0。",
            "Weights cannot be negative, and at least one must be above 0.",
        )


def option_error(name: str, value: Any, zh: str, en: str) -> FenjiError:
    """An error that names the option, its value, and what may stand there."""
    return FenjiError(
        zh=f"设置 {name} 的值 {value!r} 不能用。{zh}", en=f"Option {name}: {value!r} cannot be used. {en}"
    )


def changed(options: GradingOptions) -> dict[str, Any]:
    """The options that differ from the defaults, by name: what an audit row or a report should state.

    >>> changed(GradingOptions(bins=4))
    {'bins': 4}
    """
    default = GradingOptions()
    return {
        f.name: getattr(options, f.name)
        for f in fields(options)
        if getattr(options, f.name) != getattr(default, f.name)
    }
