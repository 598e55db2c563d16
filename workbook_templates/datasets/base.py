"""Datasets by name, computed when a template asks for them.

A dataset is a function of the grading that gives a DataFrame: one column per field key, values as people read
them in the wanted language. A function that lacks a column of the user's data says so with `Missing`; the
sheet is then left out, with a note.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from udfs import fields, terms
from udfs.texts import Lang, Text
from workbook_templates import narrative
from workbook_templates.narrative import Finding

if TYPE_CHECKING:
    from udfs.grading import Grading

Maker = Callable[["Datasets"], pd.DataFrame]
MAKERS: dict[str, Maker] = {}
ValueMaker = Callable[["Datasets"], Mapping[str, Any]]
VALUE_MAKERS: dict[str, ValueMaker] = {}


# Datasets only a command can give: what it checked, earlier runs, the settings. Their sheets are left out
# without a word where nobody gives them.
FROM_COMMANDS = ("checks", "history", "moves", "settings")


def known_datasets() -> frozenset[str]:
    """The name of every dataset a template may ask for."""
    import workbook_templates.datasets  # noqa: F401  its modules register their datasets

    return frozenset({*MAKERS, *FROM_COMMANDS, "notes"})


class Missing(Exception):
    """The data cannot give this dataset: why, and which column (field key) would bring it."""

    def __init__(self, reason: Text, column: str = "", silent: bool = False) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.column = column
        self.silent = silent


def dataset(name: str) -> Callable[[Maker], Maker]:
    """Registers a function as the dataset of this name."""

    def register(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return register


def values(*names: str) -> Callable[[ValueMaker], ValueMaker]:
    """Registers a function that gives these named values (figures and sentences)."""

    def register(maker: ValueMaker) -> ValueMaker:
        VALUE_MAKERS.update(dict.fromkeys(names, maker))
        return maker

    return register


def missing_column(*keys: str) -> Missing:
    """The user's tables have none of these columns."""
    zh = "或".join(f"“{fields.header(k, 'zh')}”" for k in keys)
    en = " or ".join(f"'{fields.header(k, 'en')}'" for k in keys)
    return Missing(Text(zh=f"数据里没有{zh}列", en=f"the data have no column {en}"), keys[0])


def too_little(zh: str, en: str) -> Missing:
    """The columns are there, but too little in them."""
    return Missing(Text(zh=zh, en=en))


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days, both included."""

    start: dt.date
    end: dt.date

    def a_year_earlier(self) -> Window:
        return Window(year_before(self.start), year_before(self.end))

    def label(self, lang: Lang) -> str:
        """The span as people write it: 2024 年, or from day to day."""
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            return f"{self.start.year} 年" if lang == "zh" else str(self.start.year)
        return (
            f"{self.start:%Y-%m-%d} 至 {self.end:%Y-%m-%d}"
            if lang == "zh"
            else f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"
        )


def year_before(day: dt.date) -> dt.date:
    """The same day a year earlier; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


class Datasets:
    """Every dataset and value a template may ask for, made from one grading.

    Parameters
    ----------
    grading : result of `udfs.grading.grade`.
    lang : language of terms and sentences.
    extra : further datasets by name, ready made (checks, history, moves, settings come from the command).
    extra_values : further values by name (file name, user).
    only : bool array, shape (customers,): who stands on lists of customers to act on (risk, mailing, cards); None
        for all.
    """

    def __init__(
        self,
        grading: Grading,
        lang: Lang,
        extra: Mapping[str, pd.DataFrame] | None = None,
        extra_values: Mapping[str, Any] | None = None,
        only: np.ndarray | None = None,
    ) -> None:
        self.grading = grading
        self.data = grading.data
        self.lang = lang
        self.options = grading.options
        self.extra = dict(extra or {})
        self.extra_values = dict(extra_values or {})
        self.only = only
        self.readable_grades: pd.DataFrame | None = None  # see `datasets.grades.localised`
        self._made: dict[str, pd.DataFrame | Missing] = {}
        self._findings: dict[str, Finding | None] = {}

    # -- asking -----------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Every dataset there is."""
        return sorted({*MAKERS, *FROM_COMMANDS, *self.extra})

    def get(self, name: str) -> pd.DataFrame:
        """The dataset; raises `Missing` where the data cannot give it, KeyError for an unknown name."""
        if name in self.extra:
            return self.extra[name]
        if name in FROM_COMMANDS:
            raise Missing(Text(zh="本次没有提供", en="not given in this run"), silent=True)
        if name not in self._made:
            try:
                self._made[name] = MAKERS[name](self)
            except Missing as missing:
                self._made[name] = missing
        made = self._made[name]
        if isinstance(made, Missing):
            raise made
        return made

    def maybe(self, name: str) -> pd.DataFrame | None:
        """The dataset, or None where the data cannot give it."""
        try:
            return self.get(name)
        except Missing:
            return None

    @cached_property
    def values(self) -> Values:
        """Every value by name, computed when it is asked for."""
        return Values(self)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Every sentence the data support."""
        return {name: found for name in narrative.RULES if (found := self.finding(name)) is not None}

    def finding(self, name: str) -> Finding | None:
        """What a rule of `narrative` says of these data; None where they do not support it."""
        if name not in self._findings:
            try:
                self._findings[name] = narrative.RULES[name](self)
            except Missing:
                self._findings[name] = None
        return self._findings[name]

    # -- shared by the datasets -------------------------------------------------------------------------

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def names_of(self, group: str) -> dict[str, str]:
        """Code -> name of a term group, with the user's own names."""
        return terms.labels(group, self.lang, self.options.names, self.options.class8_names)

    def words(self, codes: pd.Series, group: str) -> pd.Series:
        """A column of codes as people read them; unknown ones stay."""
        labels = self.names_of(self.group_of(group))
        places, found = pd.factorize(codes.to_numpy(dtype=object, na_value=None))
        names = np.array([*(labels.get(c, c) for c in found), None], object)
        return pd.Series(names[places], index=codes.index, dtype=object)

    def group_of(self, column: str) -> str:
        """The group of terms a column's codes belong to."""
        return self.grading.segment_group if column == "segment" else column

    def action(self, column: str, code: str) -> str:
        group = self.group_of(column)
        return terms.action(group, code, self.lang, self.options.actions)

    @cached_property
    def grades(self) -> pd.DataFrame:
        """One row per customer with the fields of the customer table beside the grades; row = customer_index."""
        grades = self.grading.grades.reset_index(drop=True)
        more = [c for c in self.data.customers.columns if c not in grades.columns]
        return pd.concat([grades, self.data.customers[more].reset_index(drop=True)], axis=1)

    @cached_property
    def buyers(self) -> pd.DataFrame:
        """The customers with orders: prospects have no score."""
        return self.grades[self.grades["segment"] != "prospects"]

    @property
    def orders(self) -> pd.DataFrame:
        """The order rows that count; `Missing` when the workbook has totals only."""
        if self.data.orders is None or self.data.orders.empty:
            raise Missing(
                Text(zh="没有订单明细，只有客户合计", en="there are customer totals but no orders"),
                "order_date",
            )
        return self.data.orders

    @property
    def n(self) -> int:
        return len(self.grades)

    @cached_property
    def this_year(self) -> Window:
        """The calendar year of the last sale, up to that day; the whole year when only its last days lack."""
        end = self.grading.as_of - dt.timedelta(days=1)
        if (end.month, end.day) >= (12, 24):
            end = dt.date(end.year, 12, 31)
        return Window(dt.date(end.year, 1, 1), end)

    def amounts(self, window: Window | None = None, column: str = "amount") -> np.ndarray:
        """Sum of an order column per customer, in a window of days or in all."""
        orders = self.orders
        if column not in orders:
            raise missing_column(column)
        index = orders["customer_index"].to_numpy()
        weights = orders[column].to_numpy(dtype=float, na_value=0.0)
        weights = np.nan_to_num(weights)
        if window is not None:
            weights = np.where(self.inside(window), weights, 0.0)
        return np.round(np.bincount(index, weights, minlength=self.n), 4)

    def inside(self, window: Window) -> np.ndarray:
        """Which order rows lie in the window."""
        days = self.orders["date"].to_numpy().astype("datetime64[D]")
        return (days >= np.datetime64(window.start)) & (days <= np.datetime64(window.end))

    @property
    def listed(self) -> np.ndarray:
        """Who stands on lists of customers to act on; bool, one for each customer."""
        return np.ones(self.n, bool) if self.only is None else self.only

    def need(self, *keys: str) -> None:
        """All of these columns must be in the customer table, with something in them."""
        for key in keys:
            if key not in self.grades or not filled(self.grades[key]).any():
                raise missing_column(key)


class Values(MutableMapping[str, Any]):
    """The named values of some datasets; each is computed when a template asks for it."""

    def __init__(self, datasets: Datasets) -> None:
        self._datasets = datasets
        self._found: dict[str, Any] = dict(datasets.extra_values)
        titles = (narrative.TITLE + name for name in narrative.RULES)
        self._names = {*VALUE_MAKERS, *titles, *self._found}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._found:
            if name in VALUE_MAKERS:
                self._found = {**VALUE_MAKERS[name](self._datasets), **self._found}
            else:
                self._found[name] = narrative.title(self._datasets, name.removeprefix(narrative.TITLE))
        return self._found[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._names.add(name)
        self._found[name] = value

    def __delitem__(self, name: str) -> None:
        self._names.remove(name)
        self._found.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


def filled(column: pd.Series) -> pd.Series:
    """Which cells hold something; each distinct text of a category is looked at once."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        some = np.array([bool(str(n).strip()) for n in column.cat.categories] + [False])
        return pd.Series(some[column.cat.codes.to_numpy()], index=column.index)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column.notna()
    return column.notna() & (column.astype(str).str.strip() != "")


def names_in(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Codes and stripped names of a text column; empty cells have code -1. Distinct texts are read once.

    >>> codes, names = names_in(pd.Series(["a", " a", None, "b"], dtype=object))
    >>> codes.tolist(), names.tolist()
    ([0, 0, -1, 1], ['a', 'b'])
    """
    codes, found = pd.factorize(column)
    stripped = np.array([str(n).strip() for n in found] or [""], object)
    merged, names = pd.factorize(stripped)
    place = np.append(np.where(stripped == "", -1, merged), -1)
    return place[codes], np.asarray(names, object)


def share(part: Any, whole: float) -> Any:
    """Part of the whole, empty where there is no whole."""
    return part / whole if whole else np.nan * np.asarray(part, float)


def change(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Relative change; empty where there was nothing before."""
    now, before = np.asarray(now, float), np.asarray(before, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before > 0, (now - before) / before, np.nan)


def ranks(amounts: np.ndarray) -> np.ndarray:
    """1 for the largest; equal amounts share the better rank; empty for nothing bought."""
    order = pd.Series(amounts).rank(method="min", ascending=False).to_numpy()
    return np.where(np.asarray(amounts) > 0, order, np.nan)
