"""Borders of a range: its four edges, the lines inside, and diagonals."""

from __future__ import annotations

from typing import Any

from xlwings import base_classes

from addin.hosts.xlsx import colors, ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.unsupported import complete

UNSET = base_classes._UNSET


@complete
class Borders(base_classes.Borders):
    """All borders of a range."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent

    def __getitem__(self, side: str) -> Border:
        return Border(self.parent, side)

    def _common(self, name: str) -> Any:
        found = {getattr(self[side], name) for side in self._grid_sides()}
        return found.pop() if len(found) == 1 else None

    @property
    def line_style(self) -> str | None:
        return self._common("line_style")

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, line_style=value)

    @property
    def weight(self) -> str | None:
        return self._common("weight")

    @weight.setter
    def weight(self, value: str) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self._common("color")

    @color.setter
    def color(self, value: Any) -> None:
        self.set(base_classes.BORDER_GRID_SIDES, color=value)

    def set(self, which: Any, *, line_style: Any = UNSET, weight: Any = UNSET, color: Any = UNSET) -> None:
        change = (
            None if line_style is UNSET else (line_style or "none"),
            None if weight is UNSET else weight,
            None if color is UNSET else colors.argb(color),
        )
        cells = self.parent.sheet.cells_store
        for side in which:
            for area, element in _parts(self.parent.where, side):
                cells.restyle(area, ("border", element, change))

    def clear(self, which: Any) -> None:
        self.set(which, line_style=None)


@complete
class Border(base_classes.Border):
    """One border of a range; reading looks at its first cell."""

    def __init__(self, parent: Any, side: str) -> None:
        self.parent = parent
        self.side = side

    @property
    def api(self) -> Any:
        return self.parent

    def _element(self) -> Any:
        parts = _parts(self.parent.where, self.side)
        if not parts:
            return None
        area, name = parts[0]
        styles = self.parent.sheet.book.styles
        border = styles.part(self.parent.sheet.cells_store.style(area.row1, area.column1), "border")
        if name.startswith("diagonal"):
            return ooxml.child(border, "diagonal") if border.get(name) in ("1", "true") else None
        return ooxml.child(border, name)

    @property
    def line_style(self) -> str:
        element = self._element()
        style = element.get("style", "none") if element is not None else "none"
        return FROM_FILE.get(style, ("none", None))[0]

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        Borders(self.parent).set([self.side], line_style=value)

    @property
    def weight(self) -> str | None:
        element = self._element()
        return FROM_FILE.get(element.get("style", "none"), (None, None))[1] if element is not None else None

    @weight.setter
    def weight(self, value: str) -> None:
        Borders(self.parent).set([self.side], weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        element = self._element()
        return colors.rgb(self.parent.sheet.book, ooxml.child(element, "color"))

    @color.setter
    def color(self, value: Any) -> None:
        Borders(self.parent).set([self.side], color=value)


FROM_FILE: dict[str, tuple[str, str | None]] = {
    "none": ("none", None),
    "hair": ("continuous", "hairline"),
    "thin": ("continuous", "thin"),
    "medium": ("continuous", "medium"),
    "thick": ("continuous", "thick"),
    "dashed": ("dash", "thin"),
    "mediumDashed": ("dash", "medium"),
    "dashDot": ("dash_dot", "thin"),
    "mediumDashDot": ("dash_dot", "medium"),
    "dashDotDot": ("dash_dot_dot", "thin"),
    "mediumDashDotDot": ("dash_dot_dot", "medium"),
    "dotted": ("dot", "thin"),
    "double": ("double", "thick"),
    "slantDashDot": ("slant_dash_dot", "medium"),
}
_TO_FILE = {pair: style for style, pair in FROM_FILE.items()}


def file_style(old: str, line_style: str | None, weight: str | None) -> str:
    """The file's name of a line after a change; what is None stays as in `old`.

    >>> file_style("thin", "dash", None), file_style("dashed", None, "medium"), file_style("none", None, "thick")
    ('dashed', 'mediumDashed', 'thick')
    """
    old_line, old_weight = FROM_FILE.get(old, ("continuous", "thin"))
    if line_style == "none":
        return "none"
    line = line_style or (old_line if old_line != "none" else "continuous")
    wanted = weight or old_weight or "thin"
    for pair in ((line, wanted), (line, "thin"), (line, "medium"), (line, "thick")):
        if pair in _TO_FILE:
            if weight and pair[1] != weight and line_style is None and ("continuous", weight) in _TO_FILE:
                return _TO_FILE["continuous", weight]
            return _TO_FILE[pair]
    return "thin"


def _parts(area: Area, side: str) -> list[tuple[Area, str]]:
    """Where a side of a range lies: areas, and the border of their cells it is."""
    top, left, bottom, right = area.row1, area.column1, area.row2, area.column2
    if side == "edge_top":
        return [(Area(top, left, top, right), "top")]
    if side == "edge_bottom":
        return [(Area(bottom, left, bottom, right), "bottom")]
    if side == "edge_left":
        return [(Area(top, left, bottom, left), "left")]
    if side == "edge_right":
        return [(Area(top, right, bottom, right), "right")]
    if side == "inside_vertical":
        if left == right:
            return []
        return [(Area(top, left, bottom, right - 1), "right"), (Area(top, left + 1, bottom, right), "left")]
    if side == "inside_horizontal":
        if top == bottom:
            return []
        return [(Area(top, left, bottom - 1, right), "bottom"), (Area(top + 1, left, bottom, right), "top")]
    return [(area, {"diagonal_down": "diagonalDown", "diagonal_up": "diagonalUp"}[side])]
