"""Inserting and deleting cells: what xlwings asks of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import moving, shifting
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, Area
from addin.hosts.xlsx.shifts import Axis

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_DIRECTIONS: dict[str, Axis] = {"down": "rows", "up": "rows", "right": "columns", "left": "columns"}


class RangeShifting:
    """Calls of a range that move the cells behind it."""

    _sheet: Sheet
    where: Area

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Inserts cells here; those here move "down" or to the "right", with all that refers to them."""
        below = copy_origin == "format_from_right_or_below"
        shifting.insert(self._sheet, self.where, self._axis(shift), from_below=below)

    def delete(self, shift: str | None = None) -> None:
        """Deletes the cells; those behind them move "up" or "left", with all that refers to them."""
        shifting.delete(self._sheet, self.where, self._axis(shift))

    def move(self, destination: Any) -> None:
        """Cuts the cells and puts them elsewhere in the book, with all that refers to them."""
        target = getattr(destination, "impl", destination)
        moving.move(self._sheet, self.where, target.sheet, target.row, target.column)

    def _axis(self, shift: str | None) -> Axis:
        """Whole rows and columns move in one way only; else what is asked for, or what suits the shape."""
        rows, columns = self.where.shape
        if columns == MAX_COLUMN:
            return "rows"
        if rows == MAX_ROW:
            return "columns"
        if shift is None:
            return "columns" if rows > columns else "rows"
        return _DIRECTIONS[shift]
