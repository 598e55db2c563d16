"""Inserts and deletes rows, columns and blocks of cells, with everything that stands on them or refers to them.

Checked first, then changed: the tables and objects of the sheet, its cells, then what refers to them in the whole
workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.hosts.xlsx import anchors, cell_formulas, cell_notes, ooxml, references, sheet_list, shift_checks
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.cell_formulas import FormulaMover, FormulaPass
from addin.hosts.xlsx.cell_values import Formula
from addin.hosts.xlsx.row_moving import RowMover
from addin.hosts.xlsx.sheet_moving import move_sheet
from addin.hosts.xlsx.sheet_rows import SheetRows
from addin.hosts.xlsx.shifts import Axis, Shift
from addin.hosts.xlsx.table_shifting import TableChanges, move_table_formulas, move_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.hosts.xlsx.sheet import Sheet


def insert(sheet: Sheet, area: Area, axis: Axis, from_below: bool = False) -> None:
    """Inserts empty cells where an area is; the cells there move down (rows) or right (columns).

    Parameters
    ----------
    from_below : whether the new cells take the formats from below (right) instead of from above (left).
    """
    shift = Shift.of_area(area, axis, insert=True)
    like = shift.first if from_below or _under_headers(sheet, shift) else shift.first - 1
    _carry_out(sheet, shift, like or None)


def delete(sheet: Sheet, area: Area, axis: Axis) -> None:
    """Deletes the cells of an area; those below move up (rows), those at the right left (columns).

    A table keeps one empty row when all its data rows are deleted.
    """
    shift = Shift.of_area(area, axis, insert=False)
    shift_checks.check(sheet, shift)
    emptied = shift_checks.emptied_tables(sheet, shift)
    if not emptied:
        _carry_out(sheet, shift, None)
        return
    kept = sorted({data.row1 for data in emptied})
    starts = [area.row1, *(row + 1 for row in kept)]
    ends = [*(row - 1 for row in kept), area.row2]
    parts = [
        Shift.of_area(Area(first, area.column1, last, area.column2), axis, insert=False)
        for first, last in zip(starts, ends, strict=True)
        if first <= last
    ]
    for part in parts:
        shift_checks.check(sheet, part)
    for row in kept:
        sheet.cells_store.clear_contents(Area(row, area.column1, row, area.column2))
    for part in reversed(parts):
        _carry_out(sheet, part, None)


def _under_headers(sheet: Sheet, shift: Shift) -> bool:
    """Whether rows come directly under the headers of a table: they look like the data, not like the headers."""
    return shift.axis == "rows" and any(
        table.header_area is not None
        and table.area.row1 + 1 == shift.first
        and table.area.intersects(shift.edge.united(table.header_area))
        for table in sheet.tables
    )


def _carry_out(sheet: Sheet, shift: Shift, like: int | None) -> None:
    book = sheet.book
    book.write_parts()
    shift_checks.check(sheet, shift)
    _remove_deleted_pivots(sheet, shift)
    changes = move_tables(sheet, shift)
    name = sheet.name
    _move_pivots(sheet, shift)
    cell_notes.move(sheet, shift)
    _move_drawing(sheet, shift)
    move_sheet(sheet.cells_store.part, name, shift, like if shift.axis == "columns" else None)
    moved_formulas = _move_cells(sheet, shift, like, changes)
    cell_formulas.follow(book, name, shift, changes.lost, but=sheet)
    _follow_elsewhere(sheet, shift, changes)
    if moved_formulas:
        book.drop_calculation_chain()
    book.refresh()
    book.values_changed()
    book.changed_cells.setdefault(sheet.part, []).append(shift.zone)
    for (row, column), text in changes.headers.items():
        sheet.cells_store.changes.set_cell(row, column, text)
    for text, area in changes.calculated:
        for row in range(area.row1, area.row2 + 1):
            sheet.cells_store.changes.set_cell(row, area.column1, Formula(text))


def _move_cells(sheet: Sheet, shift: Shift, like: int | None, changes: TableChanges) -> bool:
    """Writes the rows of the sheet anew; tells whether formulas stand elsewhere or say something else now."""
    cells = sheet.cells_store
    prefix = cells.part.prefix
    formula_pass = FormulaPass(prefix, FormulaMover(sheet.name, sheet.name, shift, changes.lost))
    formula_pass.survey(cells.row_pieces())
    row_mover = RowMover(shift, prefix, like)
    mark = f"<{prefix}f".encode()
    has_formulas = any(mark in piece.data for piece in cells.row_pieces())

    def rows(pieces: Iterable[SheetRows]) -> Iterator[bytes]:
        return row_mover.rows(SheetRows(data, prefix) for data in formula_pass.rows(pieces))

    cells.rewrite(rows)
    return has_formulas


def _remove_deleted_pivots(sheet: Sheet, shift: Shift) -> None:
    if shift.count > 0:
        return
    for pivot in list(sheet.pivot_tables):
        if shift.edge.contains(pivot.whole_area):
            pivot.delete()
    sheet.book.write_parts()


def _move_pivots(sheet: Sheet, shift: Shift) -> None:
    package = sheet.book.package
    for rel in package.rels(sheet.part).by_type("pivotTable"):
        for location in ooxml.walk(package.xml(rel.target), "location"):
            moved = shift.reference(location.get("ref", ""))
            if moved != location.get("ref"):
                location.set("ref", moved)
                package.changed(rel.target)


def _move_drawing(sheet: Sheet, shift: Shift) -> None:
    package = sheet.book.package
    for rel in package.rels(sheet.part).by_type("drawing"):
        if anchors.move_anchors(package.xml(rel.target), shift):
            package.changed(rel.target)
    for rel in package.rels(sheet.part).by_type("vmlDrawing"):
        text = package.read(rel.target).decode()
        moved = anchors.move_vml(text, sheet.name, shift)
        if moved != text:
            package.write(rel.target, moved.encode())


def _follow_elsewhere(sheet: Sheet, shift: Shift, changes: TableChanges) -> None:
    """Everything outside the sheet's own part that refers to its cells."""
    book, package, name = sheet.book, sheet.book.package, sheet.name
    references.follow(package, name, shift, changes.lost)
    marks = cell_formulas.marks_of(name)
    worksheets = [entry for entry in sheet_list.entries(package) if entry.kind == "worksheet"]
    for entry in worksheets:
        other = book.sheet(entry.part)
        if other is not sheet and cell_formulas.mentions(package, entry.part, marks):
            references.follow_on_sheet(other.root, entry.name, name, shift)
            other.flush()
        for rel in package.rels(entry.part):
            shows_cells = rel.kind in ("drawing", "ctrlProp")
            if shows_cells and anchors.move_linked_cells(
                package.xml(rel.target), entry.name, name, shift.reference
            ):
                package.changed(rel.target)
    movers = {e.name: FormulaMover(e.name, name, shift, changes.lost) for e in worksheets}
    move_table_formulas(package, [(e.part, e.name) for e in worksheets], movers)
