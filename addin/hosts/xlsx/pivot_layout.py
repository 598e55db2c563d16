"""Where everything of a pivot table stands: its lines, its columns, and the cells it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from addin.hosts.xlsx.pivot_data import Groups, Items, Path, aggregate, groups_of
from addin.hosts.xlsx.pivot_model import (
    ALL,
    BLANK,
    COLUMN_LABELS,
    GRAND_TOTAL,
    ROW_LABELS,
    SUBTOTAL,
    VALUE_TOTAL,
    VALUES,
    PivotModel,
)
from udfs.cleaning.columns import Column


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an axis.

    Attributes
    ----------
    path : the items it stands for; () for the grand total.
    kind : "data", "default" (a subtotal below or right of its items) or "grand".
    repeated : how many items of the path the line before has shown already.
    value : which value field a column is for.
    """

    path: Path
    kind: str = "data"
    repeated: int = 0
    value: int = 0


@dataclass(slots=True)
class Layout:
    """A pivot table laid out.

    Attributes
    ----------
    cells : the body row by row, None for empty cells.
    rows, columns : its lines.
    header_rows, label_columns : how many rows and columns stand before the values.
    filters : the two cells of every filter, from the destination down.
    indents : how far labels in the first column are moved in, by row of the body.
    """

    rows: list[Line]
    columns: list[Line]
    header_rows: int
    label_columns: int
    cells: list[list[Any]] = field(default_factory=list)
    filters: list[list[Any]] = field(default_factory=list)
    indents: dict[int, int] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the body."""
        return len(self.cells), len(self.cells[0])


def lay_out(model: PivotModel, items: dict[str, Items], columns: dict[str, Column]) -> Layout:
    """Lays a pivot table out.

    Parameters
    ----------
    items : of every field on rows, columns and filters.
    columns : cells of every value field's source.
    """
    records = max((len(column) for column in columns.values()), default=0)
    row_items = [items[name] for name in model.rows]
    column_items = [items[name] for name in model.columns]
    tops = bool(model.rows) and model.layout != "tabular"
    rows = _lines(groups_of(row_items, records).paths, len(model.rows), tops)
    across = _lines(groups_of(column_items, records).paths, len(model.columns), totals_first=False)
    if model.rows and model.column_totals:
        rows.append(Line((), "grand"))
    if model.columns and model.row_totals:
        across.append(Line((), "grand"))
    across = _with_values(across, len(model.values))
    layout = Layout(
        rows=rows if model.rows or model.values else [],
        columns=across if model.values or model.columns else [],
        header_rows=1 + _header_depth(model) if model.columns else 1,
        label_columns=_label_columns(model),
    )
    _write_headers(model, layout, items)
    _write_body(model, layout, items, _Values(model, columns, row_items, column_items, records))
    blank = ALL(model.lang)
    layout.filters = [[name, blank] for name in model.filters]
    return layout


def _header_depth(model: PivotModel) -> int:
    return len(model.columns) + (len(model.values) > 1)


def _label_columns(model: PivotModel) -> int:
    if not model.rows:
        return 1 if model.columns else 0
    return 1 if model.layout == "compact" else len(model.rows)


def _lines(found: list[Path], depth: int, totals_first: bool) -> list[Line]:
    """The lines of an axis: items, with the totals of outer ones first (on their own line) or last."""
    lines: list[Line] = []
    before: Path = ()
    for path in found:
        common = _common(before, path)
        if before and not totals_first:
            lines += [Line(before[:n], "default", n - 1) for n in range(depth - 1, common, -1)]
        if totals_first:
            start = common + 1
            lines += [Line(path[:n], "data", n - 1) for n in range(start, depth)]
            lines.append(Line(path, "data", depth - 1))
        else:
            lines.append(Line(path, "data", common))
        before = path
    if not totals_first and before:
        lines += [Line(before[:n], "default", n - 1) for n in range(depth - 1, 0, -1)]
    return lines


def _common(one: Path, other: Path) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _with_values(lines: list[Line], count: int) -> list[Line]:
    if count < 2:
        return lines
    return [
        Line(line.path, line.kind, line.repeated if value == 0 else len(line.path), value)
        for line in lines
        for value in range(count)
    ]


def _write_headers(model: PivotModel, layout: Layout, items: dict[str, Items]) -> None:
    lang = model.lang
    width = layout.label_columns + len(layout.columns)
    header: list[list[Any]] = [[None] * max(width, 1) for _ in range(layout.header_rows)]
    if model.rows:
        captions = [ROW_LABELS(lang)] if model.layout == "compact" else list(model.rows)
        header[-1][: len(captions)] = captions
    first = layout.label_columns
    if not model.columns:
        for position, line in enumerate(layout.columns):
            header[0][first + position] = model.values[line.value].name
        layout.cells = header
        return
    if len(model.values) == 1 and model.rows:
        header[0][0] = model.values[0].name
    captions = [COLUMN_LABELS(lang)] if model.layout == "compact" else list(model.columns)
    if model.layout != "compact" and len(model.values) > 1:
        captions.append(VALUES(lang))
    for position, caption in enumerate(captions[: len(layout.columns)]):
        header[0][first + position] = caption
    for position, line in enumerate(layout.columns):
        _write_column_labels(model, header, first + position, line, items)
    layout.cells = header


def _write_column_labels(
    model: PivotModel, header: list[list[Any]], position: int, line: Line, items: dict[str, Items]
) -> None:
    lang, several = model.lang, len(model.values) > 1
    value = model.values[line.value].name if model.values else ""
    if line.kind == "data":
        for level in range(line.repeated, len(line.path)):
            header[1 + level][position] = _cell(model, items, model.columns[level], line.path[level])
        if several:
            header[-1][position] = value
        return
    if line.kind == "grand":
        header[1][position] = VALUE_TOTAL(lang).format(value) if several else GRAND_TOTAL(lang)
        return
    level = len(line.path) - 1
    label = SUBTOTAL(lang).format(_label(model, items, model.columns[level], line.path[level]))
    header[1 + level][position] = f"{label} {value}" if several else label


def _cell(model: PivotModel, items: dict[str, Items], name: str, code: int) -> Any:
    return items[name].items[code].cell(BLANK(model.lang))


def _label(model: PivotModel, items: dict[str, Items], name: str, code: int) -> str:
    return items[name].items[code].text(BLANK(model.lang))


class _Values:
    """The values of a pivot by line and column, each level of totals computed once when first asked for."""

    def __init__(
        self,
        model: PivotModel,
        columns: dict[str, Column],
        rows: list[Items],
        across: list[Items],
        records: int,
    ) -> None:
        self._model, self._columns = model, columns
        self._rows, self._across, self._records = rows, across, records
        self._groups: dict[tuple[int, int], Groups] = {}
        self._tables: dict[tuple[int, int, int], dict[Path, float]] = {}

    def at(self, row: Path, column: Path, value: int) -> float | None:
        """The value of a line and a column; None where no record belongs to both."""
        level = (len(row), len(column))
        if (*level, value) not in self._tables:
            if level not in self._groups:
                fields = [*self._rows[: level[0]], *self._across[: level[1]]]
                self._groups[level] = groups_of(fields, self._records)
            spec = self._model.values[value]
            cells = self._columns[spec.source]
            self._tables[*level, value] = aggregate(cells, self._groups[level], spec.function)
        return self._tables[*level, value].get((*row, *column))


def _write_body(model: PivotModel, layout: Layout, items: dict[str, Items], values: _Values) -> None:
    for line in layout.rows:
        row: list[Any] = [None] * layout.label_columns
        _write_row_labels(model, layout, row, line, items)
        for column in layout.columns:
            row.append(values.at(line.path, column.path, column.value) if model.values else None)
        layout.cells.append(row)


def _write_row_labels(
    model: PivotModel, layout: Layout, row: list[Any], line: Line, items: dict[str, Items]
) -> None:
    if not layout.label_columns:
        return
    if not model.rows:
        row[0] = model.values[0].name if len(model.values) == 1 else None
    elif line.kind == "grand":
        row[0] = GRAND_TOTAL(model.lang)
    elif line.kind == "default":
        level = len(line.path) - 1
        row[level] = SUBTOTAL(model.lang).format(_label(model, items, model.rows[level], line.path[level]))
    else:
        for level in range(line.repeated, len(line.path)):
            where = 0 if model.layout == "compact" else level
            row[where] = _cell(model, items, model.rows[level], line.path[level])
        if model.layout == "compact" and line.repeated:
            layout.indents[len(layout.cells)] = line.repeated
