"""Tables move, grow and shrink when cells are inserted or deleted; columns come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area
from addin.hosts.xlsx.lost_columns import GoneColumns
from addin.hosts.xlsx.package import Package
from addin.hosts.xlsx.sheet_moving import move_filter_columns
from addin.hosts.xlsx.shifts import GONE, Shift
from addin.hosts.xlsx.table_columns import TableColumns, as_written

if TYPE_CHECKING:
    from addin.hosts.xlsx.cell_formulas import FormulaMover
    from addin.hosts.xlsx.sheet import Sheet
    from addin.hosts.xlsx.tables import Table

_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")


@dataclass
class TableChanges:
    """What is left to do when the tables of a sheet have moved.

    Attributes
    ----------
    lost : columns tables lost, by lower-case name of the table.
    headers : header texts to write, by row and column.
    calculated : formulas of new rows, as (text, area).
    """

    lost: dict[str, GoneColumns] = field(default_factory=dict)
    headers: dict[tuple[int, int], str] = field(default_factory=dict)
    calculated: list[tuple[str, Area]] = field(default_factory=list)


def move_tables(sheet: Sheet, shift: Shift) -> TableChanges:
    """Moves the tables of the sheet whose cells are shifted."""
    changes = TableChanges()
    for table in list(sheet.tables):
        if not table.area.intersects(shift.zone):
            continue
        moved = shift.area(table.area)
        if moved is None:
            changes.lost[table.name.lower()] = GoneColumns([], set())
            remove_table(table)
        elif moved != table.area:
            _move_table(table, moved, shift, changes)
    return changes


def remove_table(table: Table) -> None:
    """Takes a table off its sheet; its cells stay as they are."""
    sheet = table.sheet
    rels = sheet.book.package.rels(sheet.part)
    rel = rels.to(table.part)
    assert rel is not None
    section = sheet.cells_store.part.section("tableParts")
    for element in ooxml.children(section, "tablePart"):
        if element.get(ooxml.rel_attribute(sheet.root)) == rel.id:
            section.remove(element)
    if len(section):
        section.set("count", str(len(section)))
    else:
        sheet.cells_store.part.drop("tableParts")
    rels.remove(rel.id)
    sheet.book.package.remove_tree(table.part)


def _move_table(table: Table, moved: Area, shift: Shift, changes: TableChanges) -> None:
    before, data, totals = table.area, table.data_area, table.totals_row_range
    root = table.edit()
    root.set("ref", moved.ref)
    if totals is not None and shift.count < 0 and shift.edge.contains(totals.where):
        ooxml.unset(root, "totalsRowCount")
        root.set("totalsRowShown", "0")
    for element in ooxml.walk(root, "autoFilter", "sortState", "sortCondition"):
        old = element.get("ref", "")
        new = shift.reference(old)
        if new == GONE:
            ooxml.drop(element)
        elif new != old:
            element.set("ref", new)
            if ooxml.local(element) == "autoFilter":
                move_filter_columns(element, old, shift)
    if not shift.cuts(before):
        return
    if shift.axis == "columns":
        _change_columns(table, before, moved, shift, changes)
    elif shift.count > 0 and data is not None and data.row1 <= shift.first <= data.row2 + 1:
        changes.calculated += calculated_columns(table, shift.first, shift.last)


def calculated_columns(table: Table, first: int, last: int) -> list[tuple[str, Area]]:
    """The formulas of calculated columns, and the cells they go into in some rows of a table."""
    columns = ooxml.children(ooxml.child(table.root, "tableColumns"), "tableColumn")
    found = []
    for column, element in enumerate(columns, table.area.column1):
        formula = ooxml.child(element, "calculatedColumnFormula")
        if formula is not None and formula.text and not formula.get("array"):
            found.append((formula.text, Area(first, column, last, column)))
    return found


def _change_columns(table: Table, before: Area, moved: Area, shift: Shift, changes: TableChanges) -> None:
    section = ooxml.child(table.root, "tableColumns")
    assert section is not None
    elements = ooxml.children(section, "tableColumn")
    names = TableColumns(table).names()
    place = shift.first - before.column1
    if shift.count < 0:
        gone = range(max(place, 0), min(place - shift.count, len(elements)))
        for index in gone:
            section.remove(elements[index])
        changes.lost[table.name.lower()] = GoneColumns(names, {names[i].lower() for i in gone})
        section.set("count", str(len(elements) - len(gone)))
        return
    taken = {name.lower() for name in names}
    highest = max([0, *(int(element.get("id") or 0) for element in elements)])
    for offset in range(shift.count):
        number = 1
        while f"column{number}" in taken:
            number += 1
        name = f"Column{number}"
        taken.add(name.lower())
        highest += 1
        element = etree.Element(f"{{{ooxml.namespace(section)}}}tableColumn")
        element.set("id", str(highest))
        element.set("name", as_written(name))
        elements[place].addprevious(element)
        if table.header_area is not None:
            changes.headers[moved.row1, shift.first + offset] = name
    section.set("count", str(len(elements) + shift.count))


def move_table_formulas(
    package: Package, sheet_parts: list[tuple[str, str]], mover_of: dict[str, FormulaMover]
) -> None:
    """Moves the formulas that stand in table definitions: calculated columns and totals.

    Parameters
    ----------
    sheet_parts : part and name of every sheet. mover_of : what moves the formulas of a sheet, by its name.
    """
    for part, name in sheet_parts:
        for rel in package.rels(part).by_type("table"):
            for element in ooxml.walk(package.xml(rel.target), *_FORMULAS):
                text = element.text or ""
                moved = mover_of[name](text)
                if moved != text:
                    element.text = moved
                    package.changed(rel.target)
