"""Pictures on a sheet."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.drawings import Drawing, DrawnObjects, Place, Placement
from addin.hosts.xlsx.unsupported import complete
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
_POINTS_PER_PIXEL = 0.75


@complete
class Picture(Placement, base_classes.Picture):
    """One picture: an anchor in the sheet's drawing."""

    def __init__(self, sheet: Sheet, anchor: etree._Element) -> None:
        self.sheet, self.anchor = sheet, anchor

    @property
    def api(self) -> etree._Element:
        return self.anchor

    def index(self) -> int:
        return [p.anchor for p in self.sheet.pictures].index(self.anchor) + 1

    @property
    def lock_aspect_ratio(self) -> bool:
        locks = next(ooxml.walk(self.anchor, "picLocks"), None)
        return locks is not None and locks.get("noChangeAspect") in ("1", "true")

    @lock_aspect_ratio.setter
    def lock_aspect_ratio(self, value: bool) -> None:
        for locks in ooxml.walk(self.anchor, "picLocks"):
            locks.set("noChangeAspect", "1" if value else "0")
        self._changed()

    def delete(self) -> None:
        Drawing(self.sheet).remove(self.anchor)

    def update(self, filename: str) -> Picture:
        """Shows another image in the same place."""
        left, top, width, height = self._box()
        name, alt_text = self.name, self.alt_text
        self.delete()
        picture = self.sheet.pictures.add(filename, False, True, left, top, width, height, None)
        picture.name, picture.alt_text = name, alt_text
        return picture


@complete
class Pictures(DrawnObjects[Picture], base_classes.Pictures):
    """The pictures of a sheet, in the order of the file."""

    def __iter__(self) -> Iterator[Picture]:
        for anchor in Drawing(self._sheet).anchors():
            if ooxml.child(anchor, "pic") is not None:
                yield Picture(self._sheet, anchor)

    def add(  # type: ignore[override]
        self,
        filename: str,
        link_to_file: bool,
        save_with_document: bool,
        left: float | None,
        top: float | None,
        width: float,
        height: float,
        anchor: Any,
    ) -> Picture:
        """Puts an image file (PNG, JPEG, GIF) on the sheet; -1 as a size means the image's own."""
        path = Path(filename)
        ending = path.suffix.lower().lstrip(".")
        data = path.read_bytes()
        if ending not in _TYPES:
            raise FenjiError(
                zh=f"图片“{path.name}”的格式不支持。请使用 PNG、JPEG 或 GIF。",
                en=f"The image format of '{path.name}' is not supported. Use PNG, JPEG or GIF.",
            )
        own = image_size(data) or (100, 100)
        if width < 0 or height < 0:
            width, height = (pixels * _POINTS_PER_PIXEL for pixels in own)
        if anchor is not None:
            left, top = anchor.left, anchor.top
        drawing = Drawing(self._sheet)
        part = drawing.make()
        package = drawing.package
        package.content_types.set_default(ending, _TYPES[ending])
        image = package.add(f"xl/media/image{{}}.{ending}", data, _TYPES[ending])
        rid = package.rels(part).add("image", image)
        name = quoteattr(drawing.unique_name("Picture"))
        content = (
            f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{{id}}" name={name}/>'
            '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
            f'<xdr:blipFill><a:blip r:embed="{rid}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
            "<xdr:spPr>"
            f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{round(width * 12700)}" cy="{round(height * 12700)}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
        )
        place = Place(self._sheet, left or 0, top or 0, width, height)
        return Picture(self._sheet, drawing.add(place, content))


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG; None when they cannot be read.

    >>> image_size(bytes.fromhex("89504e470d0a1a0a0000000d494844520000000a00000005"))
    (10, 5)
    """
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return struct.unpack(">II", data[16:24])
    if data[:4] == b"GIF8":
        return struct.unpack("<HH", data[6:10])
    if data[:2] != b"\xff\xd8":
        return None
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], struct.unpack(">H", data[position + 2 : position + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None
