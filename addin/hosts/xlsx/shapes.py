"""Everything drawn on a sheet: shapes, text boxes, lines, charts, pictures, groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.drawings import Drawing, DrawnObjects, Placement
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_TYPES = {"pic": "picture", "grpSp": "group", "cxnSp": "line", "contentPart": "ink"}
_FRAMES = {"chart": "chart", "chartex": "chart", "diagram": "igx_graphic"}
_SCALES = {"scale_from_top_left": 0.0, "scale_from_middle": 0.5, "scale_from_bottom_right": 1.0}


@complete
class Shape(Placement, base_classes.Shape):
    """One drawn object; groups count as one."""

    def __init__(self, sheet: Sheet, anchor: etree._Element) -> None:
        self.sheet, self.anchor = sheet, anchor

    @property
    def api(self) -> etree._Element:
        return self.anchor

    @property
    def index(self) -> int:
        return [shape.anchor for shape in self.sheet.shapes].index(self.anchor) + 1

    @property
    def type(self) -> str:
        for element in self.anchor.iter():
            kind = ooxml.local(element)
            if kind in _TYPES:
                return _TYPES[kind]
            if kind == "graphicData":
                return _FRAMES.get(element.get("uri", "").rpartition("/")[2], "auto_shape")
            if kind == "sp":
                return _shape_type(element)
        return "auto_shape"

    @property
    def text(self) -> str | None:
        """The text in the shape, its paragraphs on lines of their own; None where it can hold none."""
        body = next(ooxml.walk(self.anchor, "txBody"), None)
        if body is None:
            return None
        return "\n".join(
            "".join(run.text or "" for run in ooxml.walk(paragraph, "t"))
            for paragraph in ooxml.children(body, "p")
        )

    @text.setter
    def text(self, value: str) -> None:
        body = next(ooxml.walk(self.anchor, "txBody"), None)
        if body is None:
            raise ValueError(f"the shape '{self.name}' holds no text")
        old = ooxml.children(body, "p")
        for line, paragraph in zip(
            value.split("\n"), _paragraphs(body, old, value.count("\n") + 1), strict=True
        ):
            _set_line(paragraph, line)
        self._changed()

    def delete(self) -> None:
        Drawing(self.sheet).remove(self.anchor)

    def activate(self) -> None:
        """A file has no selection worth keeping."""

    def scale_height(self, factor: float, relative_to_original_size: bool, scale: str) -> None:
        self._refuse_original(relative_to_original_size)
        height = self.height
        self._move(top=self.top - (factor - 1) * height * _SCALES[scale], height=height * factor)

    def scale_width(self, factor: float, relative_to_original_size: bool, scale: str) -> None:
        self._refuse_original(relative_to_original_size)
        width = self.width
        self._move(left=self.left - (factor - 1) * width * _SCALES[scale], width=width * factor)

    @staticmethod
    def _refuse_original(relative: bool) -> None:
        if relative:
            raise NotImplementedError(
                "Shape scaling relative to the original size is not supported by fenji's file engine"
            )


def _shape_type(element: etree._Element) -> str:
    properties = next(ooxml.walk(element, "cNvSpPr"), None)
    if properties is not None and properties.get("txBox") in ("1", "true"):
        return "text_box"
    if next(ooxml.walk(element, "custGeom"), None) is not None:
        return "free_form"
    geometry = next(ooxml.walk(element, "prstGeom"), None)
    name = geometry.get("prst", "") if geometry is not None else ""
    return "line" if name == "line" else "callout" if "allout" in name else "auto_shape"


def _paragraphs(body: etree._Element, old: list[etree._Element], count: int) -> list[etree._Element]:
    """As many paragraphs as there are lines; new ones look like the last one."""
    for paragraph in old[count:]:
        body.remove(paragraph)
    kept = old[:count]
    while len(kept) < count:
        made = etree.fromstring(etree.tostring(kept[-1])) if kept else ooxml.add(body, "p")
        if kept:
            kept[-1].addnext(made)
        kept.append(made)
    return kept


def _set_line(paragraph: etree._Element, line: str) -> None:
    """One run with the look of the first one."""
    runs = [element for element in paragraph if ooxml.local(element) in ("r", "fld", "br")]
    first = next((run for run in runs if ooxml.local(run) == "r"), None)
    for run in runs:
        if run is not first:
            paragraph.remove(run)
    if first is None:
        namespace = paragraph.tag.rpartition("}")[0][1:]
        first = etree.Element(f"{{{namespace}}}r")
        etree.SubElement(first, f"{{{namespace}}}t")
        end = ooxml.child(paragraph, "endParaRPr")
        if end is not None:
            end.addprevious(first)
        else:
            paragraph.append(first)
    text = ooxml.child(first, "t")
    assert text is not None
    text.text = line


class Shapes(DrawnObjects[Shape]):
    """What is drawn on a sheet, in the order of the file."""

    def __iter__(self) -> Iterator[Shape]:
        for anchor in Drawing(self._sheet).anchors():
            if next(ooxml.walk(anchor, "cNvPr"), None) is not None:
                yield Shape(self._sheet, anchor)
