"""What an analysis is: a name, a question, and a function from a grading to tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from udfs.grade_history import GradeHistory
from udfs.grading import Grading
from udfs.scope import Period
from udfs.texts import FenjiError, Lang, Text

Maker = Callable[["Asked"], "list[Sheet]"]


@dataclass(slots=True)
class Asked:
    """What an analysis is asked about.

    Attributes
    ----------
    grading : the customers and orders inside the scope, graded.
    lang : language of the result.
    period : the period to look at, for analyses that compare; None for their default.
    other : grading of another workbook, for movements; None otherwise.
    history : the earlier runs of this workbook; since, until : days of the runs to compare, for movements.
    """

    grading: Grading
    lang: Lang
    period: Period | None = None
    other: Grading | None = None
    history: GradeHistory | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(slots=True)
class Sheet:
    """One table of a result.

    Attributes
    ----------
    title : short name, also the sheet's name.
    table : columns are keys of `addin.analyses.columns` or fields; values are codes or numbers.
    findings : what it shows, the conclusion first; "" when there is none.
    groups : the group of terms a column of codes belongs to, where it is not the column's own name.
    chart : ("bar", "column" or "line", column of labels, column of values), for the workbook; None without.
    """

    title: Text
    table: pd.DataFrame
    findings: list[Text] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    chart: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis.

    Attributes
    ----------
    name : as typed. title, question : for people. make : from what is asked to tables.
    whole : takes all orders and looks at the period itself, instead of being limited to it.
    """

    name: str
    title: Text
    question: Text
    make: Maker
    whole: bool = False


ANALYSES: dict[str, Analysis] = {}


def analysis(name: str, title: Text, question: Text, whole: bool = False) -> Callable[[Maker], Maker]:
    """Registers a function as an analysis."""

    def register(make: Maker) -> Maker:
        ANALYSES[name] = Analysis(name, title, question, make, whole)
        return make

    return register


def orders_of(asked: Asked) -> pd.DataFrame:
    """The orders; an error that says so when the workbook has totals only."""
    orders = asked.grading.data.orders
    if orders is None:
        raise FenjiError(
            zh="客户表里只有合计，没有订单明细，做不了这项分析。请提供订单表。",
            en="The customer table holds totals only; this analysis needs an order table.",
        )
    return orders


def named(asked: Asked, rows: pd.Series) -> pd.DataFrame:
    """Customer id and name for row numbers of the grading."""
    return asked.grading.grades[["customer_id", "customer"]].iloc[rows.to_numpy()].reset_index(drop=True)
