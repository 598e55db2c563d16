"""How a sheet is printed: area, repeated rows, paper, orientation, fit, headers and footers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from xlwings import base_classes

from addin.hosts.xlsx import formulas, ooxml
from addin.hosts.xlsx.addresses import parse_area
from addin.hosts.xlsx.sheet_view import sheet_property
from addin.hosts.xlsx.unsupported import complete

if TYPE_CHECKING:
    from addin.hosts.xlsx.sheet import Sheet

A4 = 9
_HEADER_ORDER = ["oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"]
# Inches, as Excel's "normal" margins.
_MARGINS = {"left": 0.7, "right": 0.7, "top": 0.75, "bottom": 0.75, "header": 0.3, "footer": 0.3}


@complete
class PageSetup(base_classes.PageSetup):
    """Print settings of a sheet. Beyond xlwings: everything but `print_area`, reached through `impl`."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> etree._Element:
        return self._root

    @property
    def _root(self) -> etree._Element:
        return self._sheet.cells_store.root

    @property
    def print_area(self) -> str | None:
        """The address that is printed, such as `$A$1:$G$30`; None for the whole sheet."""
        name = self._name("_xlnm.Print_Area")
        if name is None:
            return None
        return ",".join(part.rpartition("!")[2] for part in formulas.split_union(name.text or ""))

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        prefix = formulas.quote_sheet(self._sheet.name)
        areas = [parse_area(part).address() for part in (value or "").split(",") if part]
        self._set_name("_xlnm.Print_Area", ",".join(f"{prefix}!{area}" for area in areas))

    @property
    def title_rows(self) -> str | None:
        """Rows repeated on each page, such as `$1:$4`."""
        return self._titles()[1]

    @title_rows.setter
    def title_rows(self, value: str | None) -> None:
        self._set_titles(self.title_columns, value)

    @property
    def title_columns(self) -> str | None:
        """Columns repeated on each page, such as `$A:$B`."""
        return self._titles()[0]

    @title_columns.setter
    def title_columns(self, value: str | None) -> None:
        self._set_titles(value, self.title_rows)

    @property
    def orientation(self) -> str:
        """ "portrait" or "landscape"."""
        setup = ooxml.child(self._root, "pageSetup")
        found = setup.get("orientation", "portrait") if setup is not None else "portrait"
        return "portrait" if found == "default" else found

    @orientation.setter
    def orientation(self, value: str) -> None:
        self._setup().set("orientation", value)

    @property
    def paper_size(self) -> int:
        """Excel's number of the paper: 9 is A4, 1 is Letter."""
        setup = ooxml.child(self._root, "pageSetup")
        return int(setup.get("paperSize", "1")) if setup is not None else 1

    @paper_size.setter
    def paper_size(self, value: int) -> None:
        self._setup().set("paperSize", str(value))

    def fit_to(self, pages_wide: int, pages_high: int = 0) -> None:
        """Shrinks the print to this many pages; 0 pages high means as many as it takes."""
        sheet_property(self._root, "pageSetUpPr").set("fitToPage", "1")
        setup = self._setup()
        ooxml.unset(setup, "scale")
        setup.set("fitToWidth", str(pages_wide))
        setup.set("fitToHeight", str(pages_high))

    @property
    def header(self) -> str:
        """The header as Excel codes it: `&L` left, `&C` centre, `&R` right, `&P` page, `&N` pages, `&D` date."""
        return self._header("oddHeader")

    @header.setter
    def header(self, value: str) -> None:
        self._set_header("oddHeader", value)

    @property
    def footer(self) -> str:
        """The footer, coded like the header."""
        return self._header("oddFooter")

    @footer.setter
    def footer(self, value: str) -> None:
        self._set_header("oddFooter", value)

    def margins(self, **inches: float) -> None:
        """Sets margins in inches: left, right, top, bottom, header, footer."""
        element = ooxml.section(self._root, "pageMargins", ooxml.WORKSHEET_ORDER)
        for name, normal in _MARGINS.items():
            element.set(name, str(inches.get(name, element.get(name, normal))))

    def center_horizontally(self, centered: bool = True) -> None:
        """Prints in the middle of the page's width."""
        options = ooxml.section(self._root, "printOptions", ooxml.WORKSHEET_ORDER)
        options.set("horizontalCentered", "1" if centered else "0")

    def _setup(self) -> etree._Element:
        if ooxml.child(self._root, "pageMargins") is None:
            self.margins()
        return ooxml.section(self._root, "pageSetup", ooxml.WORKSHEET_ORDER)

    def _header(self, name: str) -> str:
        element = ooxml.child(ooxml.child(self._root, "headerFooter"), name)
        return (element.text or "") if element is not None else ""

    def _set_header(self, name: str, value: str) -> None:
        holder = ooxml.section(self._root, "headerFooter", ooxml.WORKSHEET_ORDER)
        ooxml.section(holder, name, _HEADER_ORDER).text = value

    def _titles(self) -> tuple[str | None, str | None]:
        name = self._name("_xlnm.Print_Titles")
        columns = rows = None
        for part in formulas.split_union(name.text or "") if name is not None else ():
            reference = part.rpartition("!")[2]
            if reference.replace("$", "")[:1].isdigit():
                rows = reference
            else:
                columns = reference
        return columns, rows

    def _set_titles(self, columns: str | None, rows: str | None) -> None:
        prefix = formulas.quote_sheet(self._sheet.name)
        parts = [f"{prefix}!{parse_area(part).address()}" for part in (columns, rows) if part]
        self._set_name("_xlnm.Print_Titles", ",".join(parts))

    def _name(self, name: str) -> etree._Element | None:
        position = str(self._sheet.entry.position)
        names = ooxml.child(self._sheet.book.root, "definedNames")
        for defined in ooxml.children(names, "definedName"):
            if defined.get("name") == name and defined.get("localSheetId") == position:
                return defined
        return None

    def _set_name(self, name: str, refers_to: str) -> None:
        book = self._sheet.book
        found = self._name(name)
        if found is None and refers_to:
            names = ooxml.section(book.root, "definedNames", ooxml.WORKBOOK_ORDER)
            found = ooxml.add(names, "definedName", name=name, localSheetId=self._sheet.entry.position)
        if found is not None and refers_to:
            found.text = refers_to
        elif found is not None:
            ooxml.drop_with_empty_parents(found)
        book.package.changed(book.package.workbook_part)
