"""Formulas in cells follow the cells they refer to, in all sheets of a book.

    cell_formulas.follow(book, sheet_name, move)

The rows of a sheet are passed over as bytes; only cells whose formula changes are written anew. A shared formula
stays one while all its cells still say the same; else each of its cells gets a formula of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.hosts.xlsx import formulas
from addin.hosts.xlsx.addresses import column_number
from addin.hosts.xlsx.cell_values import escape, unescape
from addin.hosts.xlsx.lost_columns import GoneColumns, without_columns
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.sheet_rows import SheetRows, formula_attributes

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.references import Move
    from addin.hosts.xlsx.sheet import Sheet

_TYPE = re.compile(rb'\s+t="[^"]*"')
_SHARED_ATTRIBUTES = re.compile(rb'\s+(?:t="shared"|ref="[^"]*"|si="\d+")')


def follow(
    book: Book,
    sheet: str,
    move: Move,
    lost: Mapping[str, GoneColumns] | None = None,
    but: Sheet | None = None,
) -> None:
    """Moves the references to cells of `sheet` in the formulas of all cells of the book.

    Sheets without formulas are not looked at. When a table is resized, nothing in the file refers to a sheet that
    was made since it was opened: then only other new sheets are.

    Parameters
    ----------
    lost : columns tables lose, by lower-case name of the table.
    but : a sheet that is left out.
    """
    marks = marks_of(sheet) | {escape(name).encode() for name in lost or ()}
    only_new = book.sheets(sheet).is_new and not move.moves_cells
    for other in book.sheets:
        left_out = but is not None and other.part == but.part
        if left_out or (only_new and not other.is_new) or not book.may_hold_formulas(other.part):
            continue
        other.flush()
        own = other.name.lower() == sheet.lower()
        if not own and not mentions(book.package, other.part, marks):
            continue
        mover = FormulaMover(other.name, sheet, move, lost)
        formula_pass = FormulaPass(other.cells_store.part.prefix, mover)
        formula_pass.survey(other.cells_store.row_pieces())
        if formula_pass.would_change(other.cells_store.row_pieces()):
            other.cells_store.rewrite(formula_pass.rows)


def marks_of(sheet: str) -> set[bytes]:
    """The ways a sheet's name stands in a part that refers to it."""
    escaped = escape(sheet)
    quoted = escape(formulas.quote_sheet(sheet))
    return {text.encode() for text in (escaped, quoted, quoted.replace("'", "&apos;"))}


def mentions(package: Package, part: str, marks: set[bytes]) -> bool:
    """Whether one of some byte strings stands in a part, in any case."""
    rest = b""
    marks = {mark.lower() for mark in marks}
    with package.open_stream(part) as stream:
        while chunk := stream.read(1 << 20).lower():
            if any(mark in rest + chunk for mark in marks):
                return True
            rest = chunk[-256:]
    return False


class FormulaMover:
    """Moves references in the formulas of one sheet; equal formulas are taken apart once.

    Parameters
    ----------
    own_sheet : the sheet the formulas stand on. sheet, move : the sheet whose cells move, and how.
    lost : columns tables lose, by lower-case name of the table.

    Attributes
    ----------
    lost : whether the last formula refers to other cells than before, so that its value is no longer known.
    """

    def __init__(
        self, own_sheet: str, sheet: str, move: Move, lost: Mapping[str, GoneColumns] | None = None
    ) -> None:
        self._own, self._sheet, self._move = own_sheet, sheet, move
        self._lost_columns = lost or {}
        self._known: dict[str, tuple[str, bool]] = {}
        self.lost = False

    def __call__(self, formula: str) -> str:
        known = self._known.get(formula)
        if known is None:
            self.lost = False
            moved = formulas.map_ranges(formula, self._own, self._sheet, self._reference)
            if self._lost_columns:
                left = without_columns(moved, self._lost_columns)
                self.lost = self.lost or left != moved
                moved = left
            if len(self._known) > 100_000:
                self._known.clear()
            known = self._known[formula] = (moved, self.lost)
        self.lost = known[1]
        return known[0]

    def _reference(self, reference: str) -> str:
        moved = self._move.formula_reference(reference)
        self.lost = self.lost or self._move.disturbs(reference)
        return moved

    @property
    def is_own(self) -> bool:
        """Whether it is the sheet's own cells that move."""
        return self._own.lower() == self._sheet.lower()

    def area(self, ref: str) -> str:
        """The area of an array or shared formula afterwards."""
        moved = self._move.reference(ref) if self.is_own and self._move.moves_cells else ref
        return ref if moved == "#REF!" else moved

    def cell(self, address: str) -> str | None:
        """Where a cell goes; None when it is deleted."""
        moved = self._move.reference(address) if self.is_own and self._move.moves_cells else address
        return None if moved == "#REF!" else moved


@dataclass(slots=True)
class _Group:
    """The cells of one shared formula: the cell with the text first."""

    text: str
    origin: str
    ref: str
    cells: list[str] = field(default_factory=list)


class FormulaPass:
    """Rewrites the formulas in the rows of a sheet."""

    def __init__(self, prefix: str, mover: FormulaMover) -> None:
        self._p = prefix
        p = re.escape(prefix.encode())
        self._pattern = re.compile(
            rb"<" + p + rb'c r="([A-Z]+\d+)"([^>]*)>\s*<' + p + rb"f(\s[^>]*?)?(?:/>|>([^<]*)</" + p + rb"f>)"
            rb"(\s*<" + p + rb"v(?:\s[^>]*)?(?:/>|>[^<]*</" + p + rb"v>))?"
        )
        self._mark = b"<" + prefix.encode() + b"f"
        self._move = mover
        # Cells of shared formulas that are written anew: their own text, or text and area of a formula still shared.
        self._single: dict[str, tuple[str, bool]] = {}
        self._shared: dict[str, tuple[str, str]] = {}

    def survey(self, pieces: Iterable[SheetRows]) -> None:
        """Finds out which shared formulas can stay shared; call it before `rows`."""
        groups: list[_Group] = []
        current: dict[str, _Group] = {}
        for piece in pieces:
            if b't="shared"' not in piece.data:
                continue
            for match in self._pattern.finditer(piece.data):
                if not match[3] or b't="shared"' not in match[3]:
                    continue
                attributes, address = formula_attributes(match[3]), match[1].decode()
                number = attributes.get("si", "")
                if match[4]:
                    text, ref = unescape(match[4]), attributes.get("ref", address)
                    current[number] = _Group(text, address, ref)
                    groups.append(current[number])
                elif number in current:
                    current[number].cells.append(address)
        for group in groups:
            self._settle(group)

    def _settle(self, group: _Group) -> None:
        moved = self._move(group.text)
        lost = self._move.lost
        home = self._move.cell(group.origin)
        texts = {group.origin: (moved, lost)}
        same = home is not None and not lost
        for address in group.cells:
            text = _from(group.text, group.origin, address)
            target = self._move.cell(address)
            new = self._move(text)
            texts[address] = (new, self._move.lost)
            same = same and home is not None and target is not None and not self._move.lost
            same = same and _from(moved, home or "", target or "") == new
        if not same:
            self._single.update(texts)
        elif moved != group.text or self._move.area(group.ref) != group.ref:
            self._shared[group.origin] = (moved, self._move.area(group.ref))

    def would_change(self, pieces: Iterable[SheetRows]) -> bool:
        """Whether any formula is written anew."""
        return any(self.data(piece.data) != piece.data for piece in pieces)

    def rows(self, pieces: Iterable[SheetRows]) -> Iterator[bytes]:
        """The rows with their formulas moved."""
        return (self.data(piece.data) for piece in pieces)

    def data(self, data: bytes) -> bytes:
        """The bytes of some rows with their formulas moved; cells keep their addresses."""
        return self._pattern.sub(self._cell, data) if self._mark in data else data

    def _cell(self, match: re.Match[bytes]) -> bytes:
        address = match[1].decode()
        if address in self._single:
            text, lost = self._single[address]
            return self._written(match, _SHARED_ATTRIBUTES.sub(b"", match[3] or b""), text, lost)
        if address in self._shared:
            text, ref = self._shared[address]
            return self._written(match, _with_ref(match[3], ref), text, False)
        attributes = match[3] or b""
        if b't="dataTable"' in attributes:
            return self._data_table(match)
        if not match[4]:
            return match[0]
        text = unescape(match[4])
        moved = self._move(text)
        lost = self._move.lost
        if b't="array"' in attributes:
            attributes = _with_ref(
                attributes, self._move.area(formula_attributes(attributes).get("ref", address))
            )
        if moved == text and attributes == (match[3] or b"") and not (lost and match[5]):
            return match[0]
        return self._written(match, attributes, moved, lost)

    def _data_table(self, match: re.Match[bytes]) -> bytes:
        attributes = match[3]
        for name in ("ref", "r1", "r2"):
            old = formula_attributes(attributes).get(name)
            if old is not None:
                new = f' {name}="{self._move.area(old)}"'.encode()
                attributes = re.sub(rb"\s" + name.encode() + rb'="[^"]*"', new, attributes)
        return match[0].replace(match[3], attributes, 1)

    def _written(self, match: re.Match[bytes], attributes: bytes, text: str, lost: bool) -> bytes:
        p = self._p.encode()
        kind = _TYPE.sub(b"", match[2]) if lost else match[2]
        value = b"" if lost else match[5] or b""
        start = b"<" + p + b'c r="' + match[1] + b'"' + kind + b">"
        return start + b"<" + p + b"f" + attributes + b">" + escape(text).encode() + b"</" + p + b"f>" + value


def _with_ref(attributes: bytes, ref: str) -> bytes:
    return re.sub(rb'\sref="[^"]*"', f' ref="{ref}"'.encode(), attributes)


def _from(text: str, origin: str, target: str) -> str:
    """A formula copied from one cell to another."""
    one, other = _corner(origin), _corner(target)
    return formulas.moved_by(text, other[0] - one[0], other[1] - one[1])


def _corner(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)
