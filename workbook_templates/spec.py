"""The words a template is described with: columns, tables, charts, sheets, templates.

A design (`designs/*.py`) says what stands on a sheet; `layout.py` draws it with XlsxWriter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from udfs.texts import Text

ChartKind = Literal["column", "bar", "line", "pie", "pareto", "lorenz", "histogram"]


@dataclass(frozen=True, slots=True)
class Col:
    """One table column.

    Attributes
    ----------
    key : field key, or report column of `headers.py`: what the template asks the dataset for.
    kind : how it is shown, a key of `style.NUMBER_FORMATS`.
    width : in Latin digits; None takes the kind's width or the header's, whichever is wider.
    tone : term group whose words are coloured (`style.TONES`); None for none.
    bar : a data bar in the cells.
    """

    key: str
    kind: str = "text"
    width: float | None = None
    tone: str | None = None
    bar: bool = False
    header: Text | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table; its name says which dataset fills it (`tblGrades` <- grades).

    `rows` is the number of rows drawn in the empty template, `row_height` theirs where texts wrap. `heat` colours
    these columns on one scale, without the last row, the total.
    """

    name: str
    columns: Sequence[Col]
    rows: int = 3
    row_height: float | None = None
    heat: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart on a table of the same sheet; its title is linked to the cell of a finding.

    Attributes
    ----------
    finding : name of the sentence (placeholder) that is the chart's title.
    table : name of the table it draws.
    category, values : column keys.
    alt : what the chart shows, for people who do not see it.
    unit : title of the value axis; {currency} and the like are placeholders.
    """

    kind: ChartKind
    table: str
    category: str
    values: Sequence[str]
    finding: str
    alt: Text
    unit: Text | None = None
    category_title: Text | None = None
    shares: bool = False
    wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Card:
    """A form of two label-and-value columns: blocks of field keys, long texts, and empty blocks to write in."""

    blocks: Sequence[tuple[Text, Sequence[str]]]
    long: Sequence[str] = ()
    empty: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: title, one grey line of scope, figures, charts, then the tables below each other.

    Attributes
    ----------
    headline : name of a value shown in one large line. figures : label and name of a value, shown large.
    lines : names of values shown as lines of text. note : a plain grey line.
    pivot : a pivot instruction `{{ pivot ... }}` put below everything.
    tab : key of `style.TAB_COLOURS`. side_by_side : tables beside each other. long : a list of many pages.
    print_columns : print only the first so many columns, as far down as the table; None prints all.
    """

    name: Text
    title: Text
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    figures: Sequence[tuple[Text, str]] = ()
    lines: Sequence[str] = ()
    note: Text | None = None
    pivot: Text | None = None
    tab: str = "result"
    portrait: bool = False
    side_by_side: bool = False
    card: Card | None = None
    headline: str | None = None
    long: bool = False
    print_columns: int | None = None

    @property
    def one_page(self) -> bool:
        """Sheets with charts print on one page; long lists run on."""
        return bool(self.charts or self.card) and not self.long


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook template: its file name, what people read about it, and its sheets."""

    name: str
    title: Text
    description: Text
    sheets: Sequence[Sheet] = field(default_factory=tuple)
