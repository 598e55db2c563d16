"""What a range looks like: number formats, fonts, fills, borders, alignment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.xlsx import colors
from addin.hosts.xlsx.addresses import MAX_ROW, Area
from addin.hosts.xlsx.borders import Borders
from addin.hosts.xlsx.styles import Change
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_HORIZONTAL = {"center_across_selection": "centerContinuous"}
_HORIZONTAL_BACK = {v: k for k, v in _HORIZONTAL.items()}
# A getter compares at most this many cells; beyond it looks at the corners of the range.
COMPARE = 10_000


class RangeFormats:
    """The formatting calls of a range; reading gives None where the cells differ."""

    _sheet: Sheet
    where: Area

    def _restyle(self, *changes: Change) -> None:
        if len(self):  # type: ignore[arg-type]
            self._sheet.cells_store.restyle(self.where, *changes)

    def _common(self, read: Callable[[int], Any]) -> Any:
        """What `read` gives for the styles of all cells, None where they differ."""
        cells, area = self._sheet.cells_store, self.where
        if area.shape[0] == MAX_ROW:
            styles = {cells.column_style(c) for c in range(area.column1, area.column2 + 1)}
        elif area.shape[0] * area.shape[1] > COMPARE:
            styles = {cells.style(r, c) for r in (area.row1, area.row2) for c in (area.column1, area.column2)}
        else:
            styles = {
                cells.style(r, c)
                for r in range(area.row1, area.row2 + 1)
                for c in range(area.column1, area.column2 + 1)
            }
        found = {read(style) for style in styles}
        return found.pop() if len(found) == 1 else None

    @property
    def number_format(self) -> str | None:
        return self._common(self._sheet.book.styles.number_format)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._restyle(("number_format", "", value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        styles = self._sheet.book.styles
        return self._common(lambda style: colors.fill_of(self._sheet.book, styles.part(style, "fill")))

    @color.setter
    def color(self, value: Any) -> None:
        self._restyle(("fill", "", None if value is None else colors.argb(value)))

    def set_colors(self, colors_by_row: list[list[Any]]) -> None:
        """A colour for each cell."""
        for i, row in enumerate(colors_by_row):
            for j, value in enumerate(row):
                r, c = self.where.row1 + i, self.where.column1 + j
                fill = None if value is None else colors.argb(value)
                self._sheet.cells_store.restyle(Area(r, c, r, c), ("fill", "", fill))

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def horizontal_alignment(self) -> str | None:
        value = self._common(
            lambda style: self._sheet.book.styles.alignment(style, "horizontal") or "general"
        )
        return _HORIZONTAL_BACK.get(value, value)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        value = _HORIZONTAL.get(value, value)
        self._restyle(("alignment", "horizontal", None if value == "general" else value))

    @property
    def vertical_alignment(self) -> str | None:
        return self._common(lambda style: self._sheet.book.styles.alignment(style, "vertical") or "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._restyle(("alignment", "vertical", None if value == "bottom" else value))

    @property
    def wrap_text(self) -> bool | None:
        return self._common(
            lambda style: self._sheet.book.styles.alignment(style, "wrapText") in ("1", "true")
        )

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._restyle(("alignment", "wrapText", bool(value)))

    def adjust_indent(self, amount: int) -> None:
        """Indents the cells by `amount` steps more."""
        old = self._common(lambda style: int(self._sheet.book.styles.alignment(style, "indent") or 0)) or 0
        self._restyle(("alignment", "indent", max(old + amount, 0) or None))


@complete
class Font(base_classes.Font):
    """The font of a range's cells."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent

    def _read(self, name: str) -> Any:
        styles = self.parent.sheet.book.styles
        return self.parent._common(lambda style: _font_value(styles.part(style, "font"), name))

    @property
    def bold(self) -> bool | None:
        return self._read("b")

    @bold.setter
    def bold(self, value: bool) -> None:
        self.parent._restyle(("font", "b", bool(value)))

    @property
    def italic(self) -> bool | None:
        return self._read("i")

    @italic.setter
    def italic(self, value: bool) -> None:
        self.parent._restyle(("font", "i", bool(value)))

    @property
    def size(self) -> float | None:
        value = self._read("sz")
        return None if value is None else float(value)

    @size.setter
    def size(self, value: float) -> None:
        self.parent._restyle(("font", "sz", float(value)))

    @property
    def name(self) -> str | None:
        return self._read("name")

    @name.setter
    def name(self, value: str) -> None:
        self.parent._restyle(("font", "name", str(value)))

    @property
    def color(self) -> tuple[int, int, int] | None:
        book = self.parent.sheet.book
        return self.parent._common(lambda style: colors.font_of(book, book.styles.part(style, "font")))

    @color.setter
    def color(self, value: Any) -> None:
        self.parent._restyle(("font", "color", None if value is None else colors.argb(value)))


def _font_value(font: Any, name: str) -> Any:
    from addin.hosts.xlsx import ooxml

    element = ooxml.child(font, name)
    if name in ("b", "i"):
        return element is not None and element.get("val") not in ("0", "false")
    return None if element is None else element.get("val")
