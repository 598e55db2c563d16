"""The drawing layer of a sheet: where charts and pictures stand, their names and alternative texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area

if TYPE_CHECKING:
    from addin.hosts.xlsx.package import Package
    from addin.hosts.xlsx.sheet import Sheet

EMU_PER_POINT = 12700
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


def parse_part(package: Package, xml: str) -> etree._Element:
    """An element of XML text written in transitional namespaces, in those of the package."""
    data = xml.encode()
    return etree.fromstring(ooxml.to_strict(data) if package.strict else data)


class Drawing:
    """The drawing part of a sheet, made when something is put on it.

    Parameters
    ----------
    sheet : the sheet; its tree gets the reference to the part.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.package: Package = sheet.book.package

    @property
    def part(self) -> str | None:
        """The part's name, or None while the sheet has no drawing."""
        rel = self.package.rels(self.sheet.part).one("drawing")
        return rel.target if rel else None

    def anchors(self) -> list[etree._Element]:
        """Everything that stands on the sheet, in the order of the file; groups count as one."""
        if self.part is None:
            return []
        return [element for element in self.package.xml(self.part) if ooxml.local(element) in _ANCHORS]

    def make(self) -> str:
        """The part's name; the part is made when the sheet has none."""
        if self.part is not None:
            return self.part
        root = parse_part(
            self.package, f'<xdr:wsDr xmlns:xdr="{ooxml.SHEET_DRAWING}" xmlns:a="{ooxml.DRAWING}"/>'
        )
        part = self.package.add("xl/drawings/drawing{}.xml", root, _DRAWING_TYPE)
        rid = self.package.rels(self.sheet.part).add("drawing", part)
        sheet_root = self.sheet.cells_store.root
        reference = ooxml.section(sheet_root, "drawing", ooxml.WORKSHEET_ORDER)
        reference.set(ooxml.rel_attribute(sheet_root), rid)
        return part

    def add(self, place: Place, content: str) -> etree._Element:
        """Puts an object on the sheet.

        Parameters
        ----------
        place : where it stands.
        content : its XML (`xdr:graphicFrame`, `xdr:pic`) in transitional namespaces, `{id}` for its number.

        Returns
        -------
        Its anchor element.
        """
        part = self.make()
        root = self.package.edit(part)
        used = [int(e.get("id", "0")) for e in ooxml.walk(root, "cNvPr") if e.get("id", "").isdigit()]
        content = content.replace("{id}", str(max(used, default=1) + 1))
        xml = (
            f'<xdr:wsDr xmlns:xdr="{ooxml.SHEET_DRAWING}" xmlns:a="{ooxml.DRAWING}" xmlns:r="{ooxml.REL}">'
            f"{place.opening()}{content}<xdr:clientData/></xdr:{place.kind}></xdr:wsDr>"
        )
        anchor = parse_part(self.package, xml)[0]
        root.append(anchor)
        etree.cleanup_namespaces(anchor)
        return anchor

    def remove(self, anchor: etree._Element) -> None:
        """Takes an object off the sheet, with the parts only it led to."""
        part = self.part
        assert part is not None
        root = self.package.edit(part)
        root.remove(anchor)
        used = {str(value) for element in root.iter() for value in element.attrib.values()}
        rels = self.package.rels(part)
        for rel in list(rels):
            if rel.id in used or not any(rel.id == str(v) for e in anchor.iter() for v in e.attrib.values()):
                continue
            rels.remove(rel.id)
            if not rel.external:
                self.package.remove_tree(rel.target)

    def unique_name(self, wanted: str) -> str:
        """`wanted` with the first free number: "Chart 1"."""
        taken = {name_of(anchor) for anchor in self.anchors()}
        number = 1
        while f"{wanted} {number}" in taken:
            number += 1
        return f"{wanted} {number}"


class Place:
    """Where an object stands: at a cell with a size, or over whole cells.

    Parameters
    ----------
    sheet : the sheet it stands on.
    left, top, width, height : in points, from the sheet's top left corner.
    area : the cells it covers, instead of the four numbers; it then follows their sizes.
    """

    def __init__(
        self,
        sheet: Sheet,
        left: float = 0,
        top: float = 0,
        width: float = 0,
        height: float = 0,
        area: Area | None = None,
    ) -> None:
        self._sheet = sheet
        self._size = (width, height)
        self._corner = (left, top)
        self._area = area
        self.kind = "oneCellAnchor" if area is None else "twoCellAnchor"

    def opening(self) -> str:
        """The anchor's XML up to its object."""
        if self._area is not None:
            area = self._area
            start = _marker("from", area.column1 - 1, 0, area.row1 - 1, 0)
            return f"<xdr:twoCellAnchor>{start}{_marker('to', area.column2, 0, area.row2, 0)}"
        column, x = _cell_at(self._sheet, self._corner[0], "left")
        row, y = _cell_at(self._sheet, self._corner[1], "top")
        width, height = (round(size * EMU_PER_POINT) for size in self._size)
        return (
            f"<xdr:oneCellAnchor>{_marker('from', column - 1, x, row - 1, y)}"
            f'<xdr:ext cx="{width}" cy="{height}"/>'
        )


class Placement:
    """Name, position and size in points of an anchored object, read and changed.

    Mixed into what stands on a sheet; `sheet` and `anchor` come from there.
    """

    sheet: Sheet
    anchor: etree._Element

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def left(self) -> float:
        return self._box()[0]

    @left.setter
    def left(self, value: float) -> None:
        self._move(left=value)

    @property
    def top(self) -> float:
        return self._box()[1]

    @top.setter
    def top(self, value: float) -> None:
        self._move(top=value)

    @property
    def width(self) -> float:
        return self._box()[2]

    @width.setter
    def width(self, value: float) -> None:
        self._move(width=value)

    @property
    def height(self) -> float:
        return self._box()[3]

    @height.setter
    def height(self, value: float) -> None:
        self._move(height=value)

    @property
    def name(self) -> str:
        return name_of(self.anchor)

    @name.setter
    def name(self, value: str) -> None:
        _properties(self.anchor).set("name", value)
        self._changed()

    @property
    def alt_text(self) -> str:
        """What the object shows, for people who cannot see it."""
        return _properties(self.anchor).get("descr", "")

    @alt_text.setter
    def alt_text(self, value: str) -> None:
        _properties(self.anchor).set("descr", value)
        self._changed()

    def cover(self, area: Area) -> None:
        """Lets the object cover whole cells and follow their sizes."""
        self._replace_anchor(Place(self.sheet, area=area))

    def _changed(self) -> None:
        drawing = Drawing(self.sheet)
        assert drawing.part is not None
        drawing.package.changed(drawing.part)

    def _box(self) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        position = ooxml.child(self.anchor, "pos")
        if position is not None:
            left, top = (int(position.get(axis, "0")) / EMU_PER_POINT for axis in ("x", "y"))
        else:
            left, top = _point(self.sheet, ooxml.child(self.anchor, "from"))
        end = ooxml.child(self.anchor, "to")
        if end is not None:
            right, bottom = _point(self.sheet, end)
            return left, top, right - left, bottom - top
        size = ooxml.child(self.anchor, "ext")
        assert size is not None
        return left, top, *(int(size.get(axis, "0")) / EMU_PER_POINT for axis in ("cx", "cy"))  # type: ignore[return-value]

    def _move(self, **changes: float) -> None:
        box = dict(zip(("left", "top", "width", "height"), self._box(), strict=True)) | changes
        self._replace_anchor(Place(self.sheet, **box))  # type: ignore[arg-type]

    def _replace_anchor(self, place: Place) -> None:
        package = self.sheet.book.package
        xml = (
            f'<xdr:wsDr xmlns:xdr="{ooxml.SHEET_DRAWING}" xmlns:a="{ooxml.DRAWING}">'
            f"{place.opening()}</xdr:{place.kind}></xdr:wsDr>"
        )
        new = parse_part(package, xml)[0]
        new.extend(
            element
            for element in list(self.anchor)
            if ooxml.local(element) not in ("from", "to", "ext", "pos")
        )
        parent = self.anchor.getparent()
        assert parent is not None
        parent.replace(self.anchor, new)
        self.anchor = new
        self._changed()


Drawn = TypeVar("Drawn", bound=Placement)


class DrawnObjects(Generic[Drawn]):
    """Objects of one kind on a sheet, in the order of the file; by number from 1, or by name.

    Mixed into the collections, which say in `__iter__` what is of their kind.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> Drawing:
        """The sheet's drawing."""
        return Drawing(self._sheet)

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self._sheet

    def __iter__(self) -> Iterator[Drawn]:
        raise NotImplementedError

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(drawn.name == name for drawn in self)

    def __call__(self, key: str | int) -> Drawn:
        drawn = list(self)
        if isinstance(key, int):
            return drawn[key - 1]
        for one in drawn:
            if one.name == key:
                return one
        raise KeyError(key)


def name_of(anchor: etree._Element) -> str:
    """The name of an anchored object."""
    return _properties(anchor).get("name", "")


def _properties(anchor: etree._Element) -> etree._Element:
    found = next(ooxml.walk(anchor, "cNvPr"), None)
    assert found is not None, "an object without properties"
    return found


def _marker(name: str, column: int, x: int, row: int, y: int) -> str:
    return (
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>{x}</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>{y}</xdr:rowOff></xdr:{name}>"
    )


def _point(sheet: Sheet, marker: etree._Element | None) -> tuple[float, float]:
    """The point of a marker, from the sheet's top left corner."""
    values = {ooxml.local(e): int(e.text or "0") for e in marker} if marker is not None else {}
    cell = sheet.area(
        Area(
            values.get("row", 0) + 1,
            values.get("col", 0) + 1,
            values.get("row", 0) + 1,
            values.get("col", 0) + 1,
        )
    )
    return (
        cell.left + values.get("colOff", 0) / EMU_PER_POINT,
        cell.top + values.get("rowOff", 0) / EMU_PER_POINT,
    )


def _cell_at(sheet: Sheet, points: float, side: str) -> tuple[int, int]:
    """Row or column (from 1) that holds a distance in points, and the rest of it in EMU."""
    low, high = 1, 16384 if side == "left" else 1048576
    while low < high:  # the last one that starts at or before the distance
        middle = (low + high + 1) // 2
        area = Area(1, middle, 1, middle) if side == "left" else Area(middle, 1, middle, 1)
        if getattr(sheet.area(area), side) <= points:
            low = middle
        else:
            high = middle - 1
    area = Area(1, low, 1, low) if side == "left" else Area(low, 1, low, 1)
    return low, max(0, round((points - getattr(sheet.area(area), side)) * EMU_PER_POINT))
