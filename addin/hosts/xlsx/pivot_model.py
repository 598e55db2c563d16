"""What a pivot table is: its source, the fields in its areas, its values and layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from udfs.texts import Lang, Text

_CJK = re.compile(r"[\u4e00-\u9fff]")

# xlwings' name of a function -> the file's name, and how a value field is called by default.
FUNCTIONS: dict[str, tuple[str, Text]] = {
    "sum": ("sum", Text(zh="求和项:{}", en="Sum of {}")),
    "count": ("count", Text(zh="计数项:{}", en="Count of {}")),
    "average": ("average", Text(zh="平均值项:{}", en="Average of {}")),
    "max": ("max", Text(zh="最大值项:{}", en="Max of {}")),
    "min": ("min", Text(zh="最小值项:{}", en="Min of {}")),
    "product": ("product", Text(zh="乘积项:{}", en="Product of {}")),
    "count_numbers": ("countNums", Text(zh="数值计数项:{}", en="Count of {}")),
    "stdev": ("stdDev", Text(zh="标准偏差项:{}", en="StdDev of {}")),
    "stdevp": ("stdDevp", Text(zh="总体标准偏差项:{}", en="StdDevp of {}")),
    "var": ("var", Text(zh="方差项:{}", en="Var of {}")),
    "varp": ("varp", Text(zh="总体方差项:{}", en="Varp of {}")),
}

ROW_LABELS = Text(zh="行标签", en="Row Labels")
COLUMN_LABELS = Text(zh="列标签", en="Column Labels")
VALUES = Text(zh="值", en="Values")
GRAND_TOTAL = Text(zh="总计", en="Grand Total")
SUBTOTAL = Text(zh="{} 汇总", en="{} Total")
VALUE_TOTAL = Text(zh="{} 汇总", en="Total {}")
ALL = Text(zh="(全部)", en="(All)")
BLANK = Text(zh="(空白)", en="(blank)")


@dataclass(slots=True)
class ValueField:
    """One field of the values area: source field, function, caption, number format ("" for general)."""

    source: str
    function: str
    name: str
    number_format: str = ""


@dataclass(slots=True)
class PivotModel:
    """A pivot table, apart from its data.

    Attributes
    ----------
    name : its name.
    table : name of the Excel table it summarises; None when its source is a range.
    sheet, ref : sheet and area of the source range; with a table they are looked up.
    row, column : its top left cell, 1-based; filters stand there, above the body.
    field_names : the headers of the source.
    rows, columns, filters : names of the fields in each area, outer ones first.
    values : the fields that are summarised.
    layout : "compact", "outline" or "tabular".
    row_totals : whether rows end with a grand total (a column at the right).
    column_totals : whether columns end with a grand total (a row at the bottom).
    orders : texts of a field in the order they shall stand in; others follow as they come in the source.
    """

    name: str
    table: str | None
    sheet: str
    ref: str
    row: int
    column: int
    field_names: list[str]
    rows: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    values: list[ValueField] = field(default_factory=list)
    layout: str = "compact"
    row_totals: bool = True
    column_totals: bool = True
    orders: dict[str, list[str]] = field(default_factory=dict)
    style: str = "PivotStyleLight16"

    @property
    def lang(self) -> Lang:
        """The language of its captions: that of its headers."""
        return "zh" if any(_CJK.search(name) for name in self.field_names) else "en"

    @property
    def axis_fields(self) -> list[str]:
        """All fields of which the pivot lists the items."""
        return [*self.rows, *self.columns, *self.filters]

    @property
    def body_row(self) -> int:
        """The first row below the filters, which an empty row parts from the body."""
        return self.row + (len(self.filters) + 1 if self.filters else 0)

    def area(self, name: str) -> list[str]:
        """The names of an area: "rows", "columns" or "filters"."""
        return {"rows": self.rows, "columns": self.columns, "filters": self.filters}[name]

    def put(self, field_name: str, area: str) -> None:
        """Puts a field at the end of an area; from another one it moves, where it is already it stays."""
        if field_name not in self.field_names:
            raise KeyError(field_name)
        if field_name in self.area(area):
            return
        for other in (self.rows, self.columns, self.filters):
            if field_name in other:
                other.remove(field_name)
        self.area(area).append(field_name)

    def default_name(self, source: str, function: str) -> str:
        """A caption no other value field has, and no field of the source: Excel refuses those."""
        return self.free_name(FUNCTIONS[function][1](self.lang).format(source))

    def free_name(self, wanted: str, but: ValueField | None = None) -> str:
        """`wanted`, with spaces or a number behind it where the name is taken."""
        taken = {value.name.lower() for value in self.values if value is not but}
        if wanted.lower() in {name.lower() for name in self.field_names}:
            wanted += " "
        name, number = wanted, 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted}{number}"
        return name
