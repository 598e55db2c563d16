"""Cutting cells and putting them elsewhere: what refers to them goes on doing so, as in Excel.

References to cells that are written over become `#REF!`. Rules (conditional formats, validations) go along within
a sheet; to another sheet only contents, formats, merged cells, links and notes do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.hosts.xlsx import (
    formulas,
    hyperlinks,
    merged_cells,
    notes,
    ooxml,
    references,
    rule_areas,
    sheet_list,
)
from addin.hosts.xlsx.addresses import Area, check_inside, parse_area, written_like
from addin.hosts.xlsx.cell_formulas import FormulaMover, FormulaPass
from addin.hosts.xlsx.cell_values import Formula
from addin.hosts.xlsx.range_editing import content_of
from addin.hosts.xlsx.shifts import GONE
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.sheet import Sheet

_RULES = ("conditionalFormatting", "dataValidation")


class Relocation:
    """Where references go when the cells of an area are cut and put elsewhere."""

    def __init__(self, source: Sheet, area: Area, target: Sheet, row: int, column: int) -> None:
        self.source, self.target = source.name, target.name
        self.area = area
        self.down, self.right = row - area.row1, column - area.column1
        self.there = check_inside(self.moved(area))

    def moved(self, area: Area) -> Area:
        """An area of the cut cells in its new place."""
        down, right = self.down, self.right
        return Area(area.row1 + down, area.column1 + right, area.row2 + down, area.column2 + right)

    def place(self, sheet: str, reference: str) -> tuple[str, str]:
        """The sheet and cells a reference leads to afterwards."""
        try:
            area = parse_area(reference)
        except ValueError:
            return sheet, reference
        if sheet.lower() == self.source.lower() and self.area.contains(area):
            return self.target, written_like(reference, self.moved(area))
        if sheet.lower() == self.target.lower() and self.there.contains(area):
            return sheet, GONE
        return sheet, reference


class _PlaceMover(FormulaMover):
    """Moves the references in the formulas of one sheet."""

    def __init__(self, own_sheet: str, relocation: Relocation) -> None:
        self._own_sheet, self._relocation = own_sheet, relocation
        self.lost = False

    def __call__(self, formula: str) -> str:
        moved = formulas.map_places(formula, self._own_sheet, self._own_sheet, self._relocation.place)
        self.lost = GONE in moved and GONE not in formula
        return moved

    def area(self, ref: str) -> str:
        return ref

    def cell(self, address: str) -> str | None:
        return address


def move(source: Sheet, area: Area, target: Sheet, row: int, column: int) -> None:
    """Cuts the cells of an area and puts them where their first cell comes to stand in a row and column."""
    relocation = Relocation(source, area, target, row, column)
    if source is target and relocation.there == area:
        return
    source.cells_store.check_open()
    target.cells_store.check_open()
    _check(source, area)
    _check(target, relocation.there)
    book = source.book
    book.write_parts()
    _follow(book, relocation)
    book.refresh()
    book.values_changed()
    _carry(source, target, relocation)
    if source is target:
        _move_rules(source, relocation)


def _check(sheet: Sheet, area: Area) -> None:
    """Tables and pivot tables stay where they are, merged cells together."""
    named = [(table.name, table.area) for table in sheet.tables]
    named += [(pivot.name, pivot.whole_area) for pivot in sheet.pivot_tables]
    for name, where in named:
        if where.intersects(area):
            raise FenjiError(
                zh=f"{area.ref} 与“{name}”（{where.ref}）重叠。不能移动表格或数据透视表中的单元格，请换一个区域。",
                en=f"{area.ref} overlaps '{name}' ({where.ref}). Cells of tables and pivot tables cannot be moved; "
                "choose another range.",
            )
    for merged in merged_cells.areas(sheet.cells_store.part):
        if merged.intersects(area) and not area.contains(merged):
            raise FenjiError(
                zh=f"{area.ref} 只包含合并单元格 {merged.ref} 的一部分。请先取消合并。",
                en=f"{area.ref} holds only a part of the merged cells {merged.ref}. Unmerge them first.",
            )


def _follow(book: Book, relocation: Relocation) -> None:
    """Formulas in cells, names and charts."""
    package = book.package
    for sheet in book.sheets:
        if not book.may_hold_formulas(sheet.part):
            continue
        formula_pass = FormulaPass(sheet.cells_store.part.prefix, _PlaceMover(sheet.name, relocation))
        formula_pass.survey(sheet.cells_store.row_pieces())
        if formula_pass.would_change(sheet.cells_store.row_pieces()):
            sheet.cells_store.rewrite(formula_pass.rows)
    charts = [part for _, part in references.chart_parts(package)]
    for part in [package.workbook_part, *charts]:
        for element in ooxml.walk(package.xml(part), "definedName", "f"):
            text = element.text or ""
            moved = formulas.map_places(text, None, None, relocation.place)
            if moved != text:
                element.text = moved
                package.changed(part)
    for entry in sheet_list.entries(package):
        for rel in package.rels(entry.part).by_type("table") if entry.part else ():
            for element in ooxml.walk(package.xml(rel.target), "calculatedColumnFormula", "totalsRowFormula"):
                text = element.text or ""
                moved = formulas.map_places(text, entry.name, entry.name, relocation.place)
                if moved != text:
                    element.text = moved
                    package.changed(rel.target)


def _carry(source: Sheet, target: Sheet, relocation: Relocation) -> None:
    """Contents, formats, merged cells, links and notes."""
    area, there = relocation.area, relocation.there
    cells = [(r, c) for r in range(area.row1, area.row2 + 1) for c in range(area.column1, area.column2 + 1)]
    taken = [(_content(source, target, *cell), source.cells_store.style(*cell)) for cell in cells]
    merged = [m for m in merged_cells.areas(source.cells_store.part) if area.contains(m)]
    links = hyperlinks.take(source, area)
    written = [(note, note.location.where) for note in notes.notes(source)]
    written = [(note, where) for note, where in written if area.contains(where)]
    texts = [(note.text, note.author, where) for note, where in written]
    for note, _ in written:
        note.delete()
    for sheet, place in ((source, area), (target, there)):
        merged_cells.unmerge(sheet.cells_store.part, place)
        sheet.cells_store.clear_contents(place)
        sheet.cells_store.restyle(place, ("style", "", 0))
    hyperlinks.remove(target, there)
    for (row, column), (content, style) in zip(cells, taken, strict=True):
        row, column = row + relocation.down, column + relocation.right
        if content is not None:
            target.cells_store.changes.set_cell(row, column, content)
        if style:
            target.cells_store.restyle(Area(row, column, row, column), ("style", "", style))
    for old in merged:
        merged_cells.merge(target.cells_store, relocation.moved(old))
    for where, address, tip in links:
        hyperlinks.add(target, relocation.moved(where), address, tip)
    for text, author, where in texts:
        there_note = notes.note_at(target, relocation.moved(where))
        if there_note is not None:
            there_note.delete()
        notes.add_note(target, relocation.moved(where), text, author)


def _content(source: Sheet, target: Sheet, row: int, column: int) -> Any:
    """What a cell holds; on another sheet its formula names the sheet it came from."""
    content = content_of(source, row, column)
    if not isinstance(content, Formula) or source is target:
        return content
    text = formulas.map_places(content.text, source.name, target.name, lambda sheet, ref: (sheet, ref))
    return Formula(text, content.value, content.array)


def _move_rules(sheet: Sheet, relocation: Relocation) -> None:
    for rule in list(ooxml.walk(sheet.root, *_RULES)):
        areas = rule_areas.areas_of_rule(rule)
        inside = [_common(area, relocation.area) for area in areas if area.intersects(relocation.area)]
        left = [piece for area in areas for piece in rule_areas.without(area, relocation.area)]
        left = [piece for area in left for piece in rule_areas.without(area, relocation.there)]
        left += [relocation.moved(area) for area in inside]
        if not left:
            ooxml.drop_with_empty_parents(rule)
        elif left != areas:
            rule_areas.set_areas_of_rule(rule, left)


def _common(one: Area, other: Area) -> Area:
    return Area(
        max(one.row1, other.row1),
        max(one.column1, other.column1),
        min(one.row2, other.row2),
        min(one.column2, other.column2),
    )
