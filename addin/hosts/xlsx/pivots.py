"""Pivot tables of a sheet: native ones, with their cells written out for programs that do not refresh them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import ooxml
from addin.hosts.xlsx.addresses import Area, parse_area
from addin.hosts.xlsx.pivot_data import is_numeric
from addin.hosts.xlsx.pivot_model import FUNCTIONS, PivotModel, ValueField
from addin.hosts.xlsx.pivot_source import columns_of, source_headers, source_place
from addin.hosts.xlsx.pivot_writing import delete_pivot, is_ours, new_pivot, render
from addin.hosts.xlsx.pivot_xml import read_model
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.book import Book
    from addin.hosts.xlsx.range import Range
    from addin.hosts.xlsx.sheet import Sheet


@complete
class PivotTables(base_classes.PivotTables):
    """The pivot tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> list[etree._Element]:
        return [pivot.api for pivot in self]

    @property
    def parent(self) -> Sheet:
        return self._sheet

    def __iter__(self) -> Iterator[PivotTable]:
        for rel in self._sheet.book.package.rels(self._sheet.part).by_type("pivotTable"):
            yield PivotTable(self._sheet, rel.target)

    def __len__(self) -> int:
        return len(self._sheet.book.package.rels(self._sheet.part).by_type("pivotTable"))

    def __contains__(self, name: object) -> bool:
        return any(pivot.name == name for pivot in self)

    def __call__(self, key: str | int) -> PivotTable:
        pivots = list(self)
        if isinstance(key, int):
            return pivots[key - 1]
        for pivot in pivots:
            if pivot.name == key:
                return pivot
        raise KeyError(key)

    def add(self, source: Any, destination: Range, name: str | None = None) -> PivotTable:
        """A new pivot table, empty at first.

        Parameters
        ----------
        source : a table or a range with its headers.
        destination : its top left cell; filters stand there, the body below them.
        """
        from addin.hosts.xlsx.tables import Table

        table = source if isinstance(source, Table) else None
        area = table.area if table is not None else source.where
        where = destination.where
        number = len(self) + 1
        while f"PivotTable{number}" in self:
            number += 1
        model = PivotModel(
            name=name or f"PivotTable{number}",
            table=table.name if table is not None else None,
            sheet=source.sheet.name,
            ref=area.ref,
            row=where.row1,
            column=where.column1,
            field_names=_headers(source.sheet, area),
        )
        pivot = PivotTable(self._sheet, new_pivot(self._sheet, model))
        self._sheet.book.pivots.change(self._sheet, pivot.part, model)
        return pivot


def _headers(sheet: Sheet, area: Area) -> list[str]:
    row = sheet.cells_store.values(Area(area.row1, area.column1, area.row1, area.column2))[0]
    names = ["" if value is None else str(value) for value in row]
    if "" in names or len({name.lower() for name in names}) < len(names):
        raise ValueError("every column of a pivot table's source needs a header of its own")
    return names


@complete
class PivotTable(base_classes.PivotTable):
    """One pivot table. It is written out when the book is flushed or saved."""

    def __init__(self, sheet: Sheet, part: str) -> None:
        self.sheet, self.part = sheet, part

    @property
    def api(self) -> etree._Element:
        self.sheet.book.pivots.render()
        return self.sheet.book.package.xml(self.part)

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def model(self) -> PivotModel:
        """What the pivot is; call `change` after changing it."""
        return self.sheet.book.pivots.model(self.sheet, self.part)

    def change(self) -> PivotModel:
        """The model, to be changed now."""
        package = self.sheet.book.package
        if not is_ours(package, self.part):
            raise NotImplementedError("changing a pivot table made by another program is not supported")
        self.sheet.book.pivots.change(self.sheet, self.part, self.model)
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        package = self.sheet.book.package
        self.model.name = value
        package.edit(self.part).set("name", value)

    @property
    def field_names(self) -> list[str]:
        return list(self.model.field_names)

    @property
    def rows(self) -> PivotFields:
        return PivotFields(self, "rows")

    @property
    def columns(self) -> PivotFields:
        return PivotFields(self, "columns")

    @property
    def filters(self) -> PivotFields:
        return PivotFields(self, "filters")

    @property
    def values(self) -> PivotValueFields:
        return PivotValueFields(self)

    @property
    def layout(self) -> str:
        return self.model.layout

    @layout.setter
    def layout(self, value: str) -> None:
        self.change().layout = value

    @property
    def show_row_grand_totals(self) -> bool:
        return self.model.row_totals

    @show_row_grand_totals.setter
    def show_row_grand_totals(self, value: bool) -> None:
        self.change().row_totals = value

    @property
    def show_column_grand_totals(self) -> bool:
        return self.model.column_totals

    @show_column_grand_totals.setter
    def show_column_grand_totals(self, value: bool) -> None:
        self.change().column_totals = value

    def set_item_order(self, field: str, texts: list[str]) -> None:
        """Puts the items of a field in an order: tiers from high to low, months from January on."""
        self.change().orders[field] = list(texts)

    @property
    def range(self) -> Range:
        return self.sheet.area(self._body())

    @property
    def data_body_range(self) -> Range | None:
        body = self._body()
        if not self.model.values:
            return None
        location = ooxml.child(self.api, "location")
        assert location is not None
        down, right = int(location.get("firstDataRow", "1")), int(location.get("firstDataCol", "1"))
        return self.sheet.area(Area(body.row1 + down, body.column1 + right, body.row2, body.column2))

    def _body(self) -> Area:
        location = ooxml.child(self.api, "location")
        return parse_area(location.get("ref", "A1") if location is not None else "A1")

    @property
    def whole_area(self) -> Area:
        """The cells it stands on, the fields it is filtered by included."""
        body = self._body()
        filters = len(ooxml.children(ooxml.child(self.api, "pageFields"), "pageField"))
        top = max(body.row1 - filters - 1, 1) if filters else body.row1
        return Area(top, body.column1, body.row2, max(body.column2, body.column1 + bool(filters)))

    def refresh(self) -> None:
        """Summarises the source again; a pivot of another program is refreshed when the file is opened."""
        package = self.sheet.book.package
        if is_ours(package, self.part):
            self.change()
            return
        rel = package.rels(self.part).one("pivotCacheDefinition")
        if rel is not None:
            package.edit(rel.target).set("refreshOnLoad", "1")

    def delete(self) -> None:
        self.sheet.book.pivots.forget(self.part)
        delete_pivot(self.sheet, self.part)


@complete
class PivotFields(base_classes.PivotFields):
    """The fields of one area."""

    def __init__(self, pivot: PivotTable, area: str) -> None:
        self._pivot, self._area = pivot, area

    @property
    def api(self) -> list[str]:
        return self._names()

    @property
    def parent(self) -> PivotTable:
        return self._pivot

    @property
    def area(self) -> str:
        return self._area

    def _names(self) -> list[str]:
        return self._pivot.model.area(self._area)

    def __iter__(self) -> Iterator[PivotField]:
        return iter([PivotField(self._pivot, name) for name in self._names()])

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, key: object) -> bool:
        return key in self._names()

    def __call__(self, key: str | int) -> PivotField:
        names = self._names()
        if isinstance(key, int) and 1 <= key <= len(names):
            return PivotField(self._pivot, names[key - 1])
        if key in names:
            return PivotField(self._pivot, str(key))
        raise KeyError(key)

    def add(self, name: str) -> PivotField:
        self._pivot.change().put(name, self._area)
        return PivotField(self._pivot, name)


@complete
class PivotField(base_classes.PivotField):
    """One field on rows, columns or filters."""

    def __init__(self, pivot: PivotTable, name: str) -> None:
        self._pivot, self._name = pivot, name

    @property
    def api(self) -> str:
        return self._name

    @property
    def parent(self) -> PivotTable:
        return self._pivot

    @property
    def name(self) -> str:
        return self._name

    def remove(self) -> None:
        model = self._pivot.change()
        for names in (model.rows, model.columns, model.filters):
            if self._name in names:
                names.remove(self._name)


@complete
class PivotValueFields(base_classes.PivotValueFields):
    """The fields that are summarised."""

    def __init__(self, pivot: PivotTable) -> None:
        self._pivot = pivot

    @property
    def api(self) -> list[ValueField]:
        return self._pivot.model.values

    @property
    def parent(self) -> PivotTable:
        return self._pivot

    def __iter__(self) -> Iterator[PivotValueField]:
        return iter([PivotValueField(self._pivot, value) for value in self._pivot.model.values])

    def __len__(self) -> int:
        return len(self._pivot.model.values)

    def __contains__(self, key: object) -> bool:
        return any(value.name == key for value in self._pivot.model.values)

    def __call__(self, key: str | int) -> PivotValueField:
        values = self._pivot.model.values
        if isinstance(key, int) and 1 <= key <= len(values):
            return PivotValueField(self._pivot, values[key - 1])
        for value in values:
            if value.name == key:
                return PivotValueField(self._pivot, value)
        raise KeyError(key)

    def add(
        self,
        field: str,
        function: str | None = None,
        name: str | None = None,
        number_format: str | None = None,
    ) -> PivotValueField:
        """Summarises a field: sums of numbers, counts of anything else, unless a function is given."""
        model = self._pivot.change()
        if field not in model.field_names:
            raise KeyError(field)
        if function is None:
            function = (
                "sum" if is_numeric(columns_of(self._pivot.sheet.book, model, [field])[field]) else "count"
            )
        caption = model.free_name(name) if name else model.default_name(field, function)
        value = ValueField(field, function, caption, number_format or "")
        model.values.append(value)
        return PivotValueField(self._pivot, value)


@complete
class PivotValueField(base_classes.PivotValueField):
    """One field that is summarised."""

    def __init__(self, pivot: PivotTable, value: ValueField) -> None:
        self._pivot, self._value = pivot, value

    @property
    def api(self) -> ValueField:
        return self._value

    @property
    def parent(self) -> PivotTable:
        return self._pivot

    @property
    def name(self) -> str:
        return self._value.name

    @name.setter
    def name(self, value: str) -> None:
        self._value.name = self._pivot.change().free_name(value, but=self._value)

    @property
    def source_field(self) -> str:
        return self._value.source

    @property
    def function(self) -> str:
        return self._value.function

    @function.setter
    def function(self, value: str) -> None:
        model = self._pivot.change()
        if self._value.name.strip() == FUNCTIONS[self._value.function][1](model.lang).format(
            self._value.source
        ):
            self._value.name = model.default_name(self._value.source, value)
        self._value.function = value

    @property
    def number_format(self) -> str:
        return self._value.number_format or "General"

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._pivot.change()
        self._value.number_format = value

    def remove(self) -> None:
        self._pivot.change().values.remove(self._value)


class Pivots:
    """The pivot tables of a book that were read or changed; changed ones are written out by `render`."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._models: dict[str, PivotModel] = {}
        self._changed: dict[str, Sheet] = {}

    def model(self, sheet: Sheet, part: str) -> PivotModel:
        """What a pivot is, read from its parts the first time."""
        if part not in self._models:
            package = self._book.package
            rel = package.rels(part).one("pivotCacheDefinition")
            assert rel is not None, f"{part} has no pivot cache"
            self._models[part] = read_model(
                package.xml(part), package.xml(rel.target), self._book.styles.format_code
            )
        return self._models[part]

    def change(self, sheet: Sheet, part: str, model: PivotModel) -> None:
        """Notes that a pivot must be written out."""
        self._models[part] = model
        self._changed[part] = sheet

    def forget(self, part: str) -> None:
        """Drops what is known of a pivot that goes."""
        self._models.pop(part, None)
        self._changed.pop(part, None)

    def source_changed(self, sheet_names: set[str]) -> None:
        """Notes the pivots of ours that summarise cells of these sheets (lower case)."""
        package = self._book.package
        for sheet in self._book.sheets:
            for rel in package.rels(sheet.part).by_type("pivotTable"):
                if is_ours(package, rel.target):
                    model = self.model(sheet, rel.target)
                    place = source_place(self._book, model)
                    there = set(source_headers(self._book, model))
                    # One whose fields are gone stays as it is: Excel tells when it is refreshed there.
                    all_there = {*model.axis_fields, *(value.source for value in model.values)} <= there
                    if place is not None and all_there and place[0].name.lower() in sheet_names:
                        self.change(sheet, rel.target, model)

    def render(self) -> None:
        """Writes out all that changed."""
        while self._changed:
            part, sheet = self._changed.popitem()
            if part in self._book.package:
                render(sheet, part, self._models[part])

    def start_anew(self) -> None:
        """Forgets everything; call when parts were changed, with nothing left to render."""
        self._models, self._changed = {}, {}
