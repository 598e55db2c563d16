"""Grades every customer: scores, segments, classes, tiers, risk, the grade, and why.

`grade` takes cleaned data and options and gives one row per customer. Nothing here reads or writes files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from udfs import churn, explanations, loyalty, scope, segments, terms, tiers
from udfs.bulk import without_collector
from udfs.customer_data import CustomerData
from udfs.facts import Facts, gather, texts
from udfs.forecast import chances_alive
from udfs.grade_rules import settle_grades
from udfs.money import from_units, to_units
from udfs.options import GradingOptions
from udfs.potential import potential
from udfs.rfm import RfmCutPoints, high_limits, rfm_code, rfm_cut_points, rfm_total
from udfs.scope import Period
from udfs.summaries import class_summary
from udfs.texts import FenjiError, Lang, Text

OWN_FIELDS = (
    "phone", "email", "contact_person", "industry", "nature", "region", "province", "city", "owner", "source",
    "do_not_contact", "customer_type",
)  # fmt: skip


@dataclass(slots=True)
class Grading:
    """The result of a grading, with all that is needed to repeat it by hand.

    Attributes
    ----------
    grades : one row per customer, in the order of the customer table; columns are field keys, values are
        codes (see `udfs.terms`), `explanation` is a sentence.
    cut_points : reusable in the next run ("frozen").
    totals : control totals; `amount_total` is the sum over customers and over order rows.
    as_of, period : analysis date, window (None for all).
    left_out, marked : rows by reason code. warnings : what a reader must know.
    options : the options used. data : the cleaned data inside the scope.
    """

    grades: pd.DataFrame
    cut_points: RfmCutPoints
    totals: dict[str, float]
    as_of: dt.date
    period: Period | None
    left_out: dict[str, int]
    marked: dict[str, int]
    warnings: list[Text]
    options: GradingOptions
    data: CustomerData
    facts: Facts = field(repr=False)

    def summary(self, key: str) -> pd.DataFrame:
        """Number, share and amount for each value of a class column (see `udfs.summaries`)."""
        return class_summary(self.grades, key, self.segment_group if key == "segment" else key)

    @property
    def segment_group(self) -> str:
        """The group of terms that names the codes of the `segment` column."""
        return "class8" if self.options.scheme == "zh8" else "segment"

    @property
    def segments(self) -> pd.DataFrame:
        """Summary of the segments."""
        return self.summary("segment")

    @property
    def class8(self) -> pd.DataFrame:
        """Summary of the eight classes."""
        return self.summary("class8")

    @property
    def abc(self) -> pd.DataFrame:
        """Summary of the ABC classes."""
        return self.summary("abc")


@without_collector()
def grade(
    data: CustomerData,
    options: GradingOptions | None = None,
    previous: pd.DataFrame | None = None,
    lang: Lang = "zh",
) -> Grading:
    """Grades every customer inside the scope of the options.

    Parameters
    ----------
    data : cleaned tables (see `udfs.cleaning.assemble`); not changed.
    options : default all defaults of docs/definitions.md.
    previous : grades of the last run with `customer_id`, `customer`, `grade` and, where known,
        `grade_since`: for the protection period and for movements.
    lang : language of the explanations.

    Returns
    -------
    Grading, with one row of `grades` for each customer: customer_id, customer, source_row, recency_days,
    frequency, monetary, net_amount, profit, r, f, m, rfm, rfm_total, segment, class8, abc, value_tier,
    activity, loyalty_score, loyalty_class, one column per churn flag, churn_risk, churn_reasons, need_type,
    potential_score, potential, potential_reasons,
    satisfaction, satisfaction_class, purchase_frequency, purchase_interval, new_customer, prospect_kind,
    first_order_date, last_order_date, orders, average_order, grade_score, grade, grade_origin, grade_since,
    previous_grade, level, rank, contact, explanation, and the customer's own region, industry, owner, ...

    Raises
    ------
    FenjiError
        No usable order, a scope that fits nobody, options that cannot be used with this data.

    >>> customers = pd.DataFrame({"customer_id": ["1", "2"], "customer": ["甲", "乙"]})
    >>> orders = pd.DataFrame({"customer_index": [0, 0, 1], "amount": [100.0, 50.0, 20.0], "is_return": False,
    ...     "date": pd.to_datetime(["2024-01-05", "2024-03-01", "2024-01-07"])})
    >>> grade(CustomerData(customers, orders)).grades[["rfm", "class8", "abc"]].values.tolist()
    [['555', '111', 'A'], ['111', '000', 'C']]
    """
    options = options or GradingOptions()
    scoped = scope.apply(data, as_of=options.as_of, period=options.period, where=options.where)
    facts = gather(scoped, options)
    buyers = facts.values.buyers
    if not buyers.any():
        raise scope.no_orders(str(scoped.period or ""))
    warnings = list(facts.notes)
    cut_points, shown, five = _score(facts, options, warnings)
    upward = cut_points.upward(shown)
    columns = _identity(scoped.data.customers, facts)
    r, f, m = shown
    columns |= {"r": r, "f": f, "m": m, "rfm": rfm_code(r, f, m)}
    columns["rfm_total"] = np.where(
        buyers, rfm_total(upward[0], upward[1], upward[2], options.weights), np.nan
    )
    limits = cut_points.class8_limits or high_limits(
        upward[:, buyers], options.class8_limit, options.class8_fixed
    )
    cut_points = replace(cut_points, class8_limits=limits)
    columns["class8"] = segments.class8(upward[0], upward[1], upward[2], limits)
    columns["segment"] = _segment(columns["class8"], five, options)
    columns |= _tiers(facts, options, warnings)
    columns["purchase_frequency"] = np.array(["prospects", "low", "low", "medium", "high", "high"], object)[
        five[1]
    ]
    columns |= _loyalty(facts, options)
    columns |= _risk(facts, options, scoped.data, warnings)
    columns |= potential(facts, scoped.data, options)
    columns |= settle_grades(facts, columns, scoped.data.customers, scoped.as_of, options, previous)
    columns["explanation"] = np.array(explanations.explain(columns, cut_points, options, lang), object)
    result = Grading(
        grades=pd.DataFrame(columns),
        cut_points=cut_points,
        totals=_totals(scoped.data, facts),
        as_of=scoped.as_of,
        period=scoped.period,
        left_out=scoped.data.left_out,
        marked=dict(scoped.data.marked),
        warnings=warnings,
        options=options,
        data=scoped.data,
        facts=facts,
    )
    return limit(result, scoped.later) if scoped.later else result


def limit(result: Grading, filters: Sequence[scope.Filter]) -> Grading:
    """The same grading, showing only customers with certain results (分级=高价值客户, 流失风险 in 高,中).

    Scores and classes stay as they are: nobody is graded again among fewer customers. The order rows of the
    others are counted as outside the scope.

    Raises
    ------
    FenjiError
        Nobody is left, or a column does not exist.
    """
    stay = np.ones(len(result.grades), bool)
    for f in filters:
        key = scope.grade_column(f.name)
        if key is None or key not in result.grades:
            raise FenjiError(
                zh=f"分级结果里没有“{f.name}”可以筛选。",
                en=f"The grading has no column '{f.name}' to filter by.",
            )
        group = result.segment_group if key == "segment" else key
        known = terms.groups()
        codes = tuple(
            (terms.code_of(group, v, result.options.names) if group in known else None) or v for v in f.values
        )
        stay &= scope.matches(result.grades[key], replace(f, values=codes))
    scope.require_some(stay, filters)
    data = scope.keep_customers(result.data, stay)
    left_out = dict(result.left_out)
    if result.data.orders is not None and data.orders is not None:
        outside = len(result.data.orders) - len(data.orders)
        left_out["outside_scope"] = left_out.get("outside_scope", 0) + outside
    data.left_out = left_out
    facts = result.facts.take(stay)
    return replace(
        result,
        grades=result.grades[stay].reset_index(drop=True),
        data=data,
        facts=facts,
        left_out=left_out,
        totals=_totals(data, facts),
    )


def _score(
    facts: Facts, options: GradingOptions, warnings: list[Text]
) -> tuple[RfmCutPoints, np.ndarray, np.ndarray]:
    """Cut points, the scores shown, and the quintile scores that segments need."""
    values = facts.values
    if options.method == "frozen" and options.frozen is not None:
        made = options.frozen
    else:
        made = rfm_cut_points(
            values,
            options.bins,
            options.method,
            cuts=options.cuts,
            top=options.top,
            frequency_basis=options.bases[0],
            monetary_basis=options.bases[1],
        )
        if (options.method, options.bins) != ("quantile", 5):
            made = replace(made, quintiles=rfm_cut_points(values).all)
    for i, (zh, en) in enumerate(
        (("消费日期", "the same last date"), ("频次", "the same frequency"), ("金额", "the same amount"))
    ):
        distinct = values.measures[i][values.buyers]
        if len(distinct) and (distinct == distinct[0]).all() and not made.all[i].cuts:
            score = made.all[i].scores[0]
            warnings.append(
                Text(
                    zh=f"所有客户的{zh}相同，{'RFM'[i]} 都得 {score} 分。",
                    en=f"All customers have {en}; every {'RFM'[i]} score is {score}.",
                )
            )
    shown = made.scores(values)
    five = shown
    if made.quintiles:
        five = np.array([c.score(v) for c, v in zip(made.quintiles, values.measures, strict=True)])
    return made, shown, five


def _segment(class8: np.ndarray, five: np.ndarray, options: GradingOptions) -> np.ndarray:
    if options.scheme == "zh8":
        return class8
    if options.scheme == "rf25":
        return segments.segment_rf25(five[0], five[1])
    if options.scheme == "own":
        return segments.segment_own(five[0], five[1], five[2], options.segment_rules)
    return segments.segment_en11(five[0], five[1], five[2])


def _identity(customers: pd.DataFrame, facts: Facts) -> dict[str, np.ndarray]:
    """Who the customer is, and what they did."""
    values = facts.values
    buyers = values.buyers
    n = facts.n
    prospect = np.where(facts.amount != 0, "returns_only", "no_orders").astype(object)
    prospect[buyers] = ""
    columns: dict[str, np.ndarray] = {
        "customer_id": np.array([t or "" for t in texts(customers, "customer_id")], object),
        "customer": np.array([t or "" for t in texts(customers, "customer")], object),
        "source_row": customers["source_row"].to_numpy() if "source_row" in customers else np.zeros(n, int),
        "recency_days": values.recency,
        "frequency": np.where(buyers, values.frequency, 0).astype(np.int64),
        "monetary": np.where(buyers, values.monetary, facts.amount),
        "net_amount": facts.amount,
        "profit": facts.profit,
        "average_order": np.where(buyers, facts.amount / np.maximum(facts.orders, 1), np.nan),
        "purchase_interval": facts.interval,
        "first_order_date": _dates(values.first_day, buyers),
        "last_order_date": _dates(values.last_day, buyers),
        "prospect_kind": prospect,
    }
    for key in OWN_FIELDS:
        if key in customers:
            columns[key] = customers[key].to_numpy()
    columns["contact"] = _contact(customers)
    return columns


def _dates(day: np.ndarray, known: np.ndarray) -> np.ndarray:
    dates = np.where(known, day, 0).astype("datetime64[D]").astype("datetime64[s]")
    dates[~known] = np.datetime64("NaT")
    return dates


def _contact(customers: pd.DataFrame) -> np.ndarray:
    """How to reach the customer: telephone, else e-mail, else the contact person; "" when unknown."""
    found = np.full(len(customers), "", object)
    for key in ("contact_person", "email", "phone"):
        if key in customers:
            there = np.array([t or "" for t in texts(customers, key)], object)
            found = np.where(there != "", there, found)
    return found


def _tiers(facts: Facts, options: GradingOptions, warnings: list[Text]) -> dict[str, np.ndarray]:
    buyers = facts.values.buyers
    amount = np.where(buyers, facts.amount, np.nan)
    profit = np.where(buyers, facts.profit, np.nan)
    basis = options.abc_basis
    abc = tiers.abc_class(amount, basis, options.abc_customers if basis == "customers" else options.abc_value)
    if basis == "customers" and tiers.ties_enlarge_a(abc, options.abc_customers[0]):
        count = int((abc == "A").sum())
        warnings.append(
            Text(
                zh=f"金额相同的客户同进 A 类，A 类扩大到 {count} 位客户。",
                en=f"Customers with equal amounts went up to class A together; A now has {count} customers.",
            )
        )
    recency = facts.values.recency
    return {
        "abc": abc,
        "value_tier": tiers.value_tier(amount, profit, options.value_limits),
        "activity": tiers.activity_status(
            recency,
            facts.interval,
            facts.n_intervals,
            min_intervals=options.activity_min_intervals,
            interval_limits=options.activity_intervals,
            day_limits=options.activity_days,
        ),
        "need_type": tiers.need_type(
            facts.need_words,
            facts.discount_share,
            facts.premium_share,
            facts.custom_share,
            (options.discount_share, options.premium_share, options.custom_share),
        ),
        "satisfaction": facts.satisfaction,
        "satisfaction_class": tiers.satisfaction_class(facts.satisfaction, options.satisfaction_limits),
        "new_customer": buyers
        & (facts.values.as_of_day - facts.values.first_day <= options.new_customer_days),
    }


def _loyalty(facts: Facts, options: GradingOptions) -> dict[str, np.ndarray]:
    score = loyalty.loyalty_score(facts.loyalty_parts(), options.loyalty_weights)
    if len(score) == 0:
        score = np.full(facts.n, np.nan)
    return {
        "loyalty_score": np.round(score, 1),
        "loyalty_class": loyalty.loyalty_class(np.round(score, 1), options.loyalty_limits),
    }


def _risk(
    facts: Facts, options: GradingOptions, data: CustomerData, warnings: list[Text]
) -> dict[str, np.ndarray]:
    values, buyers = facts.values, facts.values.buyers
    flags = {
        "no_recent_sale": churn.no_recent_sale(values.last_day, values.as_of_day, options.churn_months),
        "low_satisfaction": churn.low_satisfaction(facts.satisfaction, options.churn_satisfaction),
        "fewer_contacts": churn.fewer_contacts(
            facts.contacts_recent, facts.contacts_before, options.churn_contact_drop
        ),
    }
    if options.churn_interval_factor is not None:
        flags["overdue_interval"] = churn.overdue_interval(
            values.recency, facts.interval, options.churn_interval_factor
        )
    if options.churn_p_alive is not None:
        try:
            flags["low_p_alive"] = chances_alive(data, values.as_of_day) < options.churn_p_alive
        except FenjiError as error:
            warnings.append(error.text)
    flags = {name: flag & buyers for name, flag in flags.items()}
    risk = churn.churn_risk(flags)
    risk[~buyers] = "prospects"
    return {**flags, "churn_risk": risk, "churn_reasons": churn.churn_reasons(flags)}


def _totals(data: CustomerData, facts: Facts) -> dict[str, float]:
    """Control totals; the sum over customers must equal the sum over order rows, to the last unit."""
    values = facts.values
    net = int(values.net_units.sum())
    if data.orders is not None:
        units, decimals = to_units(data.orders["amount"].to_numpy(np.float64))
        if int(units.sum()) * 10**values.decimals != net * 10**decimals:
            raise AssertionError("the sum over customers is not the sum over orders")
    buyers = int(values.buyers.sum())
    return {
        "customers": facts.n,
        "buyers": buyers,
        "prospects": facts.n - buyers,
        "order_rows": 0 if data.orders is None else len(data.orders),
        "orders": int(facts.orders[values.buyers].sum()),
        "rows_left_out": sum(data.left_out.values()),
        "amount_total": float(from_units(net, values.decimals)),
    }
