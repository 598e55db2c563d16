"""Outline groups, autofill, special cells, filters, threads and the clipboard: what xlwings asks of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from addin.hosts.xlsx import filling, outlines, pasting, special_cells
from addin.hosts.xlsx.addresses import Area

if TYPE_CHECKING:
    from addin.hosts.xlsx.autofilters import AutoFilter
    from addin.hosts.xlsx.comments import Comment
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet


class RangeFilling:
    """Calls of a range that fill, group or pick cells."""

    _sheet: Sheet
    where: Area

    def group(self, by: str) -> None:
        """Groups the rows or columns: one level deeper in the outline."""
        outlines.change_level(self._sheet, self.where, by, 1)

    def ungroup(self, by: str) -> None:
        """Takes the rows or columns out of their group."""
        outlines.change_level(self._sheet, self.where, by, -1)

    def autofill(self, destination: Any, type_: str = "fill_default") -> None:
        """Continues the cells over a range that holds them, as when people drag in Excel."""
        area = getattr(destination, "impl", destination).where
        filling.fill(self._sheet, self.where, area, type_)

    def get_special_cells(self, cell_type: str, value_type: str | None) -> list[Range]:
        """Areas of empty cells, constants, formulas or visible cells."""
        found = special_cells.find(self._sheet, self.where, cell_type, value_type)
        return [self._sheet.area(area) for area in found]

    def paste(
        self,
        paste: str | None = None,
        operation: str | None = None,
        skip_blanks: bool = False,
        transpose: bool = False,
    ) -> None:
        """Pastes what was copied last with `range.copy()`."""
        source = self._sheet.book.app.copied
        if source is None:
            raise ValueError("nothing was copied: call range.copy() first")
        pasting.paste(source, cast("Range", self), paste, operation, skip_blanks, transpose)

    @property
    def comment(self) -> Comment | None:
        from addin.hosts.xlsx.comments import comment_at

        return comment_at(self._sheet, self.where)

    def add_comment(self, text: str) -> Comment:
        """Starts a thread of comments on the cell."""
        from addin.hosts.xlsx.comments import add_comment

        return add_comment(self._sheet, self.where, text)

    @property
    def autofilter(self) -> AutoFilter:
        from addin.hosts.xlsx.autofilters import AutoFilter

        return AutoFilter.of_range(cast("Range", self))
