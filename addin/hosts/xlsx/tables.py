"""Excel tables: the table parts of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import MAX_ROW, Area, parse_area
from addin.hosts.xlsx.errors import CorruptWorkbook
from addin.hosts.xlsx.names import check_name
from addin.hosts.xlsx.range_editing import sort_rows
from addin.hosts.xlsx.table_columns import TableColumns, column_names, set_columns
from addin.hosts.xlsx.unsupported import complete
from udfs.texts import FenjiError

if TYPE_CHECKING:
    from addin.hosts.xlsx.autofilters import AutoFilter
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet
    from addin.hosts.xlsx.table_rows import TableRows

TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"


@complete
class Tables(base_classes.Tables):
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return self.sheet.book.package

    @property
    def parent(self) -> Sheet:
        return self.sheet

    def _all(self) -> list[Table]:
        package = self.sheet.book.package
        return [Table(self.sheet, rel.target) for rel in package.rels(self.sheet.part).by_type("table")]

    def __call__(self, key: str | int) -> Table:
        if isinstance(key, int):
            return self._all()[key - 1]
        for table in self._all():
            if table.name.lower() == key.lower():
                return table
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.sheet.book.package.rels(self.sheet.part).by_type("table"))

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all())

    def __contains__(self, key: object) -> bool:
        return any(table.name.lower() == str(key).lower() for table in self._all())

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool | None = True,
        destination: Any = None,
        table_style_name: str | None = "TableStyleMedium2",
        name: str | None = None,
    ) -> Table:
        """Makes a range a table; its first row holds the headers, which become texts, filled and distinct."""
        if has_headers is False:
            raise NotImplementedError("Tables.add(has_headers=False) is not supported by fenji's file engine")
        sheet, area = self.sheet, source.impl.where
        sheet.cells_store.check_open()
        if area.row1 == area.row2:
            area = Area(area.row1, area.column1, min(area.row2 + 1, MAX_ROW), area.column2)
        for other in self._all():
            if other.area.intersects(area):
                raise FenjiError(
                    zh=f"工作表“{sheet.name}”的 {area.ref} 与表格“{other.name}”重叠。请换一个区域。",
                    en=f"{area.ref} on sheet '{sheet.name}' overlaps the table '{other.name}'. Choose another range.",
                )
        package = sheet.book.package
        taken_ids, taken_names = _ids_and_names(sheet)
        name = self._checked_name(name, taken_names)
        headers = self._filled_headers(area)
        namespace = ooxml.namespace(sheet.book.root)
        root = etree.Element(f"{{{namespace}}}table", nsmap={None: namespace})
        root.set("id", str(max(taken_ids, default=0) + 1))
        root.set("name", name)
        root.set("displayName", name)
        root.set("ref", area.ref)
        root.set("totalsRowShown", "0")
        ooxml.add(root, "autoFilter", ref=area.ref)
        set_columns(root, headers)
        ooxml.add(
            root,
            "tableStyleInfo",
            **({"name": table_style_name} if table_style_name else {}),
            showFirstColumn=0,
            showLastColumn=0,
            showRowStripes=1,
            showColumnStripes=0,
        )
        part = package.add("xl/tables/table{}.xml", root, TABLE_TYPE)
        rid = package.rels(sheet.part).add("table", part)
        section = sheet.cells_store.part.section("tableParts")
        ooxml.add(section, "tablePart").set(ooxml.rel_attribute(sheet.root), rid)
        section.set("count", str(len(section)))
        return Table(sheet, part)

    def _checked_name(self, name: str | None, taken: set[str]) -> str:
        if name is None:
            number = 1
            while f"table{number}" in taken:
                number += 1
            return f"Table{number}"
        check_name(name)
        if name.lower() in taken:
            raise FenjiError(
                zh=f"工作簿中已有名为“{name}”的表格或名称。请换一个名字。",
                en=f"The workbook has a table or name '{name}' already. Choose another name.",
            )
        return name

    def _filled_headers(self, area: Area) -> list[str]:
        """The header texts of a new table; cells that do not hold them as such are written."""
        cells = self.sheet.cells_store
        top = Area(area.row1, area.column1, area.row1, area.column2)
        values = cells.values(top)[0]
        headers = column_names(values)
        for j, (value, header) in enumerate(zip(values, headers, strict=True)):
            if value != header:
                cells.changes.set_cell(area.row1, area.column1 + j, header)
        return headers

    def follow_headers(self) -> None:
        """Names the columns of tables after their header cells, where these changed."""
        changes = self.sheet.cells_store.changes
        for table in self._all():
            area = table.header_area
            if area is None:
                continue
            touched = any(
                changes.value(area.row1, column)[0] for column in range(area.column1, area.column2 + 1)
            )
            if touched:
                headers = self._filled_headers(area)
                if headers != TableColumns(table).names():
                    set_columns(table.edit(), headers)


def _ids_and_names(sheet: Sheet) -> tuple[set[int], set[str]]:
    """Ids of all tables of the workbook; lower-case names of all tables and defined names."""
    book = sheet.book
    ids, names = set(), {name.local_name.lower() for name in book.names}
    for part in book.package.names():
        if part.startswith("xl/tables/") and part.endswith(".xml"):
            root = book.package.xml(part)
            if ooxml.local(root) == "table":
                ids.add(int(root.get("id") or 0))
                names.add((root.get("displayName") or root.get("name") or "").lower())
    return ids, names


@complete
class Table(base_classes.Table):
    """One table.

    Attributes
    ----------
    part : name of its part in the package.
    """

    def __init__(self, sheet: Sheet, part: str) -> None:
        self.sheet = sheet
        self.part = part

    @property
    def root(self) -> etree._Element:
        """The table part's tree, to read."""
        return self.sheet.book.package.xml(self.part)

    def edit(self) -> etree._Element:
        """The table part's tree, to change."""
        self.sheet.cells_store.check_open()
        return self.sheet.book.package.edit(self.part)

    @property
    def api(self) -> etree._Element:
        return self.root

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def name(self) -> str:
        return self.root.get("displayName") or self.root.get("name") or ""

    @name.setter
    def name(self, value: str) -> None:
        if value.lower() != self.name.lower():
            self.sheet.tables._checked_name(value, _ids_and_names(self.sheet)[1])
        self.edit().set("name", value)
        self.edit().set("displayName", value)

    @property
    def display_name(self) -> str:
        return self.name

    @display_name.setter
    def display_name(self, value: str) -> None:
        self.name = value

    # -- its areas -----------------------------------------------------------------------------------------

    @property
    def area(self) -> Area:
        """The whole table, headers and totals included."""
        ref = self.root.get("ref") or "A1"
        try:
            return parse_area(ref)
        except ValueError:
            raise CorruptWorkbook(
                self.sheet.book.package.file,
                self.part,
                zh=f"表格的区域“{ref}”不是单元格区域",
                en=f"the table's range '{ref}' is no range of cells",
            ) from None

    @property
    def _headers(self) -> int:
        return int(self.root.get("headerRowCount") or 1)

    @property
    def _totals(self) -> int:
        return int(self.root.get("totalsRowCount") or 0)

    @property
    def header_area(self) -> Area | None:
        """The header row, None where it is not shown."""
        area = self.area
        return Area(area.row1, area.column1, area.row1, area.column2) if self._headers else None

    @property
    def data_area(self) -> Area | None:
        """The rows between headers and totals."""
        area = self.area
        first, last = area.row1 + self._headers, area.row2 - self._totals
        return Area(first, area.column1, last, area.column2) if last >= first else None

    def _range(self, area: Area | None) -> Range | None:
        return None if area is None else self.sheet.area(area)

    @property
    def range(self) -> Range:
        return self.sheet.area(self.area)

    @property
    def header_row_range(self) -> Range | None:
        return self._range(self.header_area)

    @property
    def data_body_range(self) -> Range | None:
        return self._range(self.data_area)

    @property
    def totals_row_range(self) -> Range | None:
        area = self.area
        return self._range(Area(area.row2, area.column1, area.row2, area.column2) if self._totals else None)

    @property
    def insert_row_range(self) -> Range | None:
        area = self.data_area
        if area is None or area.row1 != area.row2:
            return None
        empty = all(value is None for value in self.sheet.cells_store.values(area)[0])
        return self.sheet.area(area) if empty else None

    # -- its columns ---------------------------------------------------------------------------------------

    @property
    def columns(self) -> TableColumns:
        self.sheet.tables.follow_headers()
        return TableColumns(self)

    @property
    def autofilter(self) -> AutoFilter:
        from addin.hosts.xlsx.autofilters import AutoFilter

        return AutoFilter.of_table(self)

    @property
    def rows(self) -> TableRows:
        from addin.hosts.xlsx.table_rows import TableRows

        return TableRows(self)

    def resize(self, range: Any) -> None:
        """Gives the table another area with the same header row; what refers to the table moves along."""
        from addin.hosts.xlsx.table_resizing import resize

        resize(self, getattr(range, "impl", range).where)

    def sort(self, keys: list[int], ascending: list[bool]) -> None:
        """Sorts the data rows by columns counted from 1; formulas and formats move with their rows."""
        area = self.data_area
        if area is not None:
            sort_rows(self.sheet, area, keys, ascending)

    # -- how it looks ----------------------------------------------------------------------------------------

    def _style(self) -> etree._Element:
        root = self.edit()
        found = ooxml.child(root, "tableStyleInfo")
        if found is None:
            found = ooxml.section(root, "tableStyleInfo", ["tableStyleInfo", "extLst"])
        return found

    def _flag(self, name: str) -> bool:
        style = ooxml.child(self.root, "tableStyleInfo")
        return style is not None and style.get(name) in ("1", "true")

    @property
    def table_style(self) -> str | None:
        style = ooxml.child(self.root, "tableStyleInfo")
        return None if style is None else style.get("name")

    @table_style.setter
    def table_style(self, value: str | None) -> None:
        if value:
            self._style().set("name", value)
        else:
            self._style().attrib.pop("name", None)

    @property
    def show_table_style_row_stripes(self) -> bool:
        return self._flag("showRowStripes")

    @show_table_style_row_stripes.setter
    def show_table_style_row_stripes(self, value: bool) -> None:
        self._style().set("showRowStripes", str(int(value)))

    @property
    def show_table_style_column_stripes(self) -> bool:
        return self._flag("showColumnStripes")

    @show_table_style_column_stripes.setter
    def show_table_style_column_stripes(self, value: bool) -> None:
        self._style().set("showColumnStripes", str(int(value)))

    @property
    def show_table_style_first_column(self) -> bool:
        return self._flag("showFirstColumn")

    @show_table_style_first_column.setter
    def show_table_style_first_column(self, value: bool) -> None:
        self._style().set("showFirstColumn", str(int(value)))

    @property
    def show_table_style_last_column(self) -> bool:
        return self._flag("showLastColumn")

    @show_table_style_last_column.setter
    def show_table_style_last_column(self, value: bool) -> None:
        self._style().set("showLastColumn", str(int(value)))

    @property
    def show_headers(self) -> bool:
        return bool(self._headers)

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        from addin.hosts.xlsx import table_lines

        if value != self.show_headers:
            table_lines.show_headers(self) if value else table_lines.hide_headers(self)

    @property
    def show_totals(self) -> bool:
        return bool(self._totals)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        from addin.hosts.xlsx import table_lines

        if value != self.show_totals:
            table_lines.show_totals(self) if value else table_lines.hide_totals(self)

    @property
    def show_autofilter(self) -> bool:
        return ooxml.child(self.root, "autoFilter") is not None

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        from addin.hosts.xlsx.table_lines import show_filter

        root = self.edit()
        if not value:
            for element in ooxml.children(root, "autoFilter"):
                root.remove(element)
        elif ooxml.child(root, "autoFilter") is None:
            show_filter(self)
