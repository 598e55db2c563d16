"""Finding, replacing, copying and sorting cells, as Excel does."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_values import CellError, Formula
from addin.hosts.xlsx.dynamic_arrays import dynamic_mark
from addin.hosts.xlsx.formula_spelling import as_in_file
from addin.hosts.xlsx.shared_formulas import translated
from udfs.cleaning.columns import display
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet


class RangeEditing:
    """Calls of a range that look at the contents of its cells, or carry them elsewhere."""

    _sheet: Sheet
    where: Area

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> Range | None:
        """The first cell that shows a text; `*` and `?` stand for any characters, as in Excel's Find."""
        pattern = _pattern(text, match_case)
        found = [
            (row, column)
            for row, values in enumerate(self._sheet.cells_store.values(self.where), self.where.row1)
            for column, value in enumerate(values, self.where.column1)
            if value is not None and _matches(pattern, _shown(value), whole)
        ]
        if not found:
            return None
        by_columns = order == "columns"
        found.sort(key=lambda cell: cell[::-1] if by_columns else cell)
        row, column = found[-1 if direction == "backward" else 0]
        return self._sheet.area(Area(row, column, row, column))

    def replace_all(self, old: str, new: str, whole: bool, match_case: bool) -> None:
        """Replaces a text in texts and formulas."""
        cells = self._sheet.cells_store
        cells.check_open()
        pattern = _pattern(old, match_case)
        for row, column in _cells_of(self.where):
            content = content_of(self._sheet, row, column)
            text = content.text if isinstance(content, Formula) else content
            if not isinstance(text, str) or isinstance(text, CellError) or not _matches(pattern, text, whole):
                continue
            changed = new if whole else pattern.sub(lambda _: new, text)
            if isinstance(content, Formula):
                value: Any = Formula(as_in_file(changed), None, content.array, content.mark)
            else:
                value = changed or None
            cells.changes.set_cell(row, column, value)

    def copy(self, destination: Any = None) -> None:
        """Copies the cells with their formats to a place in the same book; without one, for `paste`."""
        if destination is None:
            self._sheet.book.app.copied = self._sheet.area(self.where)
        else:
            copy_cells(self._sheet, self.where, destination.impl, "all", False, False)

    def copy_from(
        self, source_range: Any, copy_type: str = "all", skip_blanks: bool = False, transpose: bool = False
    ) -> None:
        """Takes values, formulas, formats or all of them from another range."""
        source = source_range.impl
        if copy_type == "link":
            raise NotImplementedError(
                "Range.copy_from(copy_type='link') is not supported by fenji's file engine"
            )
        copy_cells(source.sheet, source.where, self, copy_type, skip_blanks, transpose)

    def sort(self, keys: list[int], ascending: list[bool], has_headers: bool) -> None:
        """Sorts the rows by columns counted from 1: numbers, then texts, FALSE, TRUE, errors; empty cells last."""
        area = self.where
        first = area.row1 + int(has_headers)
        sort_rows(self._sheet, Area(first, area.column1, area.row2, area.column2), keys, ascending)

    def remove_duplicates(self, columns: list[int], has_headers: bool) -> None:
        """Keeps the first of the rows that are equal in the columns given; the rows below move up."""
        area, cells = self.where, self._sheet.cells_store
        cells.check_open()
        first = area.row1 + int(has_headers)
        body = Area(first, area.column1, area.row2, area.column2)
        seen: set[tuple[Any, ...]] = set()
        kept = []
        for row, values in enumerate(cells.values(body), first):
            key = tuple(_folded(values[column - 1]) for column in columns)
            if key not in seen:
                seen.add(key)
                kept.append(row)
        if len(kept) == body.shape[0]:
            return
        _put_rows(self._sheet, body, kept)
        cells.clear_contents(Area(first + len(kept), body.column1, body.row2, body.column2))


def sort_rows(sheet: Sheet, area: Area, keys: list[int], ascending: list[bool]) -> None:
    """Sorts the rows of an area; formulas and formats move with their rows."""
    sheet.cells_store.check_open()
    if area.row2 <= area.row1:
        return
    values = sheet.cells_store.values(area)
    order = list(range(len(values)))
    for key, upwards in reversed(list(zip(keys, ascending, strict=True))):
        filled = [i for i in order if values[i][key - 1] is not None]
        empty = [i for i in order if values[i][key - 1] is None]
        filled.sort(key=lambda i, k=key: _rank(values[i][k - 1]), reverse=not upwards)  # type: ignore[misc]
        order = filled + empty
    if order != sorted(order):
        _put_rows(sheet, area, [area.row1 + i for i in order])


def _put_rows(sheet: Sheet, area: Area, rows: list[int]) -> None:
    """Fills an area from its first row on with its own rows in another order."""
    cells = sheet.cells_store
    columns = range(area.column1, area.column2 + 1)
    taken = {row: [(content_of(sheet, row, c), cells.style(row, c)) for c in columns] for row in rows}
    now = {row: [cells.style(row, c) for c in columns] for row in range(area.row1, area.row1 + len(rows))}
    for target, row in enumerate(rows, area.row1):
        for column, (content, style), old in zip(columns, taken[row], now[target], strict=True):
            cells.changes.set_cell(target, column, moved(content, (row, column), (target, column)))
            if style != old:
                cells.restyle(Area(target, column, target, column), ("style", "", style))


def copy_cells(source: Sheet, area: Area, target: Any, kind: str, skip_blanks: bool, transpose: bool) -> None:
    """Copies cells to a place: values, formulas, formats or all of them."""
    book = target.sheet.book
    if kind in ("all", "formats") and source.book is not book:
        raise FenjiError(
            zh="不能把单元格格式复制到另一个工作簿。请复制整个工作表，或只复制值。",
            en="Formats of cells cannot be copied to another workbook. Copy the whole sheet, or the values only.",
        )
    cells = target.sheet.cells_store
    cells.check_open()
    taken = [
        (row, column, content_of(source, row, column), source.cells_store.value(row, column))
        for row, column in _cells_of(area)
    ]
    styles = [source.cells_store.style(row, column) for row, column in _cells_of(area)]
    for (row, column, content, value), style in zip(taken, styles, strict=True):
        down, right = row - area.row1, column - area.column1
        if transpose:
            down, right = right, down
        here = (target.row + down, target.column + right)
        if skip_blanks and content is None:
            continue
        if kind in ("all", "formulas"):
            content = moved(content, (row, column), here)
            if source.book is not book and isinstance(content, Formula) and content.mark:
                content = Formula(content.text, None, content.array, dynamic_mark(book.package))
            cells.changes.set_cell(*here, content)
        elif kind == "values":
            cells.changes.set_cell(*here, value)
        if kind in ("all", "formats"):
            cells.restyle(Area(*here, *here), ("style", "", style))


def content_of(sheet: Sheet, row: int, column: int) -> Any:
    """A cell's formula, or else its value."""
    return sheet.cells_store.formula(row, column) or sheet.cells_store.value(row, column)


def moved(content: Any, old: tuple[int, int], new: tuple[int, int]) -> Any:
    """A cell's content as it is in another place: relative references of formulas move along."""
    if not isinstance(content, Formula) or old == new:
        return content
    here = Area(*new, *new).ref
    text = translated(content.text, Area(*old, *old).ref, here)
    return Formula(text, None, here, content.mark) if content.mark else Formula(text)


def _cells_of(area: Area) -> list[tuple[int, int]]:
    rows, columns = range(area.row1, area.row2 + 1), range(area.column1, area.column2 + 1)
    return [(row, column) for row in rows for column in columns]


def _pattern(text: str, match_case: bool) -> re.Pattern[str]:
    """Excel's search text as a pattern: `*` and `?` are wild, `~` takes the next character as it is."""
    parts = {"*": ".*", "?": "."}
    pieces = re.findall(r"~[*?~]|.", text, re.DOTALL)
    pattern = "".join(re.escape(p[1]) if len(p) == 2 else parts.get(p, re.escape(p)) for p in pieces)
    return re.compile(pattern, re.DOTALL if match_case else re.DOTALL | re.IGNORECASE)


def _matches(pattern: re.Pattern[str], text: str, whole: bool) -> bool:
    return bool(pattern.fullmatch(text) if whole else pattern.search(text))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else display(value)


def _folded(value: Any) -> Any:
    """Equal for values Excel takes for duplicates."""
    return value.casefold() if isinstance(value, str) else (type(value) is bool, value)


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, CellError):
        return 3, 0
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    if isinstance(value, dt.datetime):
        value = (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return 0, value
