"""How a sheet is shown: frozen panes, gridlines, tab colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, column_letters, parse_area
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_VIEW_ORDER = ["pane", "selection", "pivotSelection", "extLst"]
_PROPERTIES_ORDER = ["tabColor", "outlinePr", "pageSetUpPr"]


def sheet_view(root: etree._Element) -> etree._Element:
    """The sheet's (first) view, made when missing."""
    views = ooxml.section(root, "sheetViews", ooxml.WORKSHEET_ORDER)
    view = ooxml.child(views, "sheetView")
    return view if view is not None else ooxml.add(views, "sheetView", workbookViewId=0)


def sheet_property(root: etree._Element, name: str) -> etree._Element:
    """One of the sheet's properties (tabColor, outlinePr, pageSetUpPr), made when missing."""
    return ooxml.section(sheet_properties(root), name, _PROPERTIES_ORDER)


def sheet_properties(root: etree._Element) -> etree._Element:
    """The sheet's properties, made when missing."""
    return ooxml.section(root, "sheetPr", ooxml.WORKSHEET_ORDER)


@complete
class FreezePanes(base_classes.FreezePanes):
    """Freezes the rows and columns of a range that starts at the top left: "A1:B4", "1:4" or "A:B"."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        area = parse_area(frozen_range)
        rows = 0 if area.row2 == MAX_ROW else area.row2
        columns = 0 if area.column2 == MAX_COLUMN else area.column2
        self.unfreeze()
        view = sheet_view(self._sheet.cells_store.root)
        pane = ooxml.section(view, "pane", _VIEW_ORDER)
        if columns:
            pane.set("xSplit", str(columns))
        if rows:
            pane.set("ySplit", str(rows))
        pane.set("topLeftCell", f"{column_letters(columns + 1)}{rows + 1}")
        name = {(True, True): "bottomRight", (True, False): "bottomLeft"}.get(
            (rows > 0, columns > 0), "topRight"
        )
        pane.set("activePane", name)
        pane.set("state", "frozen")
        selection = etree.Element(f"{{{ooxml.namespace(view)}}}selection", pane=name)
        pane.addnext(selection)

    def unfreeze(self) -> None:
        view = sheet_view(self._sheet.cells_store.root)
        for name in ("pane", "selection"):
            for element in ooxml.children(view, name):
                view.remove(element)


def show_gridlines(root: etree._Element) -> bool:
    """Whether the sheet shows gridlines."""
    view = next(ooxml.walk(root, "sheetView"), None)
    return view is None or view.get("showGridLines") not in ("0", "false")


def set_show_gridlines(root: etree._Element, shown: bool) -> None:
    """Shows or hides gridlines."""
    view = sheet_view(root)
    ooxml.unset(view, "showGridLines")
    if not shown:
        view.set("showGridLines", "0")


def set_tab_color(root: etree._Element, color: tuple[int, int, int] | None) -> None:
    """Gives the sheet's tab a colour, or none."""
    element = sheet_property(root, "tabColor")
    element.attrib.clear()
    if color is None:
        ooxml.drop(element)
    else:
        element.set("rgb", "FF{:02X}{:02X}{:02X}".format(*color))


def tab_color(root: etree._Element) -> tuple[int, int, int] | None:
    """The colour of the sheet's tab; None for none, or one of the theme."""
    element = ooxml.child(ooxml.child(root, "sheetPr"), "tabColor")
    text = element.get("rgb") if element is not None else None
    return (int(text[-6:-4], 16), int(text[-4:-2], 16), int(text[-2:], 16)) if text else None
