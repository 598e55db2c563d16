"""The columns of a table: their names are the texts of the header cells, distinct and never empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.unsupported import complete
from udfs.cleaning.columns import display

if TYPE_CHECKING:
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.tables import Table


def column_names(values: Sequence[Any]) -> list[str]:
    """Names for the columns of a table from its header cells, as Excel makes them.

    >>> column_names(["客户", None, "客户", 2024.0])
    ['客户', 'Column2', '客户2', '2024']
    """
    names: list[str] = []
    taken: set[str] = set()
    for position, value in enumerate(values, 1):
        wanted = f"Column{position}" if value is None else _text(value)
        name, number = wanted, 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted}{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else display(value)


def set_columns(root: etree._Element, names: Sequence[str]) -> None:
    """Makes the columns of a table part be called so; columns that keep their name or place keep what they are."""
    section = ooxml.child(root, "tableColumns")
    if section is None:
        section = etree.SubElement(root, f"{{{ooxml.namespace(root)}}}tableColumns")
    old = ooxml.children(section, "tableColumn")
    for element in old[len(names) :]:
        section.remove(element)
    highest = max([0, *(int(element.get("id") or 0) for element in old)])
    for position, name in enumerate(names):
        if position < len(old):
            if _as_shown(old[position].get("name") or "") != name:
                old[position].set("name", as_written(name))
                old[position].attrib.pop("uniqueName", None)
        else:
            highest += 1
            ooxml.add(section, "tableColumn", id=highest, name=as_written(name))
    section.set("count", str(len(names)))


def as_written(name: str) -> str:
    """A column's name in the table part: line breaks are escaped there."""
    return name.replace("\r", "_x000d_").replace("\n", "_x000a_")


def _as_shown(name: str) -> str:
    from addin.hosts.xlsx.cell_values import unhex

    return unhex(name)


@complete
class TableColumns(base_classes.TableColumns, base_classes.Collection):
    """The columns of a table, in order."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @property
    def api(self) -> Any:
        return ooxml.child(self.table.root, "tableColumns")

    @property
    def parent(self) -> Table:
        return self.table

    def _all(self) -> list[TableColumn]:
        elements = ooxml.children(ooxml.child(self.table.root, "tableColumns"), "tableColumn")
        return [
            TableColumn(self.table, position, _as_shown(element.get("name") or ""))
            for position, element in enumerate(elements, 1)
        ]

    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self._all()]

    def __call__(self, key: str | int) -> TableColumn:
        if isinstance(key, int):
            return self._all()[key - 1]
        for column in self._all():
            if column.name.lower() == key.lower():
                return column
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[TableColumn]:
        return iter(self._all())

    def __contains__(self, key: object) -> bool:
        return any(column.name.lower() == str(key).lower() for column in self._all())

    def add(self, name: str, index: int | None = None) -> TableColumn:
        """A new column before another one, or at the right end; cells beside the table move right where they
        are in the way.
        """
        from addin.hosts.xlsx import shifting
        from addin.hosts.xlsx.table_cells import is_empty
        from addin.hosts.xlsx.table_resizing import resize

        table, count = self.table, len(self)
        index = count + 1 if index is None else index
        area = table.area
        column = area.column1 + index - 1
        new = Area(area.row1, column, area.row2, column)
        if 1 < index <= count:
            shifting.insert(table.sheet, new, "columns")
        elif index == 1:
            shifting.insert(table.sheet, new, "columns", from_below=True)
            self._add_first(area)
        else:
            if not is_empty(table.sheet, new):
                shifting.insert(table.sheet, new, "columns")
            resize(table, Area(area.row1, area.column1, area.row2, column))
        self._name_column(index, name)
        return self._all()[index - 1]

    def _add_first(self, area: Area) -> None:
        """Lets a table that moved right by one column begin where it did before."""
        root = self.table.edit()
        for element in [root, *ooxml.walk(root, "autoFilter")]:
            old = parse_area(element.get("ref") or area.ref)
            element.set("ref", Area(old.row1, area.column1, old.row2, old.column2).ref)
        for filtered in ooxml.walk(root, "filterColumn"):
            filtered.set("colId", str(int(filtered.get("colId") or 0) + 1))
        section = ooxml.child(root, "tableColumns")
        assert section is not None
        old_columns = ooxml.children(section, "tableColumn")
        element = etree.Element(f"{{{ooxml.namespace(section)}}}tableColumn")
        element.set("id", str(max(int(e.get("id") or 0) for e in old_columns) + 1))
        section.insert(0, element)
        section.set("count", str(len(old_columns) + 1))

    def _name_column(self, index: int, name: str) -> None:
        table = self.table
        names = [*self.names()]
        names[index - 1] = name
        set_columns(table.edit(), names)
        header = table.header_area
        if header is not None:
            table.sheet.cells_store.changes.set_cell(header.row1, header.column1 + index - 1, name)


@complete
class TableColumn(base_classes.TableColumn):
    """One column of a table."""

    def __init__(self, table: Table, index: int, name: str) -> None:
        self.table = table
        self._index = index
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def index(self) -> int:
        return self._index

    def _slice(self, area: Area | None) -> Range | None:
        if area is None:
            return None
        column = area.column1 + self._index - 1
        return self.table.sheet.area(Area(area.row1, column, area.row2, column))

    @property
    def range(self) -> Range | None:
        return self._slice(self.table.area)

    @property
    def data_body_range(self) -> Range | None:
        return self._slice(self.table.data_area)

    def delete(self) -> None:
        """Deletes the column; cells beside the table move left."""
        from addin.hosts.xlsx import shifting

        area = self.table.area
        column = area.column1 + self._index - 1
        shifting.delete(self.table.sheet, Area(area.row1, column, area.row2, column), "columns")
