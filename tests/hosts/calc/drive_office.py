"""Drives a real LibreOffice: reads steps as JSON from standard input, writes what was seen as JSON.

Run by the Python that has LibreOffice's `uno` module, not by fenji's. Arguments: profile folder, folder of
bundled extensions. A step is a list: the name of a function below, and its arguments.
"""

import json
import os
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Office:
    def __init__(self, profile, extensions):
        pipe = f"fenji{os.getpid()}"
        command = ["soffice", "--headless", "--norestore", "--nologo"]
        command += ["-env:UserInstallation=file://" + profile, "-env:BUNDLED_EXTENSIONS=file://" + extensions]
        command += [f"--accept=pipe,name={pipe};urp;"]
        self.process = subprocess.Popen(command, start_new_session=True, stdout=sys.stderr)
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(240):
            try:
                remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.25)
        self.desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        self.book = None

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)

    def cell(self, address):
        """Cells of the first sheet, or of the one named before a "!"."""
        name, _, inside = address.rpartition("!")
        sheets = self.book.Sheets
        return (sheets.getByName(name) if name else sheets.getByIndex(0)).getCellRangeByName(inside)

    def new(self):
        self.book = self.desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, (option("Hidden", True),)
        )

    def open(self, path):
        self.book = self.desktop.loadComponentFromURL(
            "file://" + path, "_blank", 0, (option("Hidden", True),)
        )

    def close(self):
        self.book.close(True)

    def put(self, address, value):
        if isinstance(value, str):
            self.cell(address).String = value
        else:
            self.cell(address).Value = value

    def formula(self, address, text):
        self.cell(address).Formula = text

    def array(self, address, text):
        self.cell(address).setArrayFormula(text)

    def recalculate(self):
        self.book.calculateAll()

    def read(self, address):
        """Numbers, texts, and errors as people see them."""
        ranges = self.cell(address)
        rows = []
        for r in range(ranges.Rows.Count):
            cells = [ranges.getCellByPosition(c, r) for c in range(ranges.Columns.Count)]
            rows.append([c.String if c.getError() or c.FormulaResultType2 == 2 else c.Value for c in cells])
        return rows

    def save(self, path):
        self.book.storeToURL("file://" + path, (option("FilterName", FILTERS[os.path.splitext(path)[1]]),))

    def shift(self, sheet, address, mode):
        """Inserts cells ("DOWN", "RIGHT", "ROWS", "COLUMNS") or deletes them ("-UP", "-LEFT", "-ROWS", ...)."""
        sheet = self.book.Sheets.getByName(sheet)
        area = sheet.getCellRangeByName(address).RangeAddress
        if mode.startswith("-"):
            sheet.removeRange(area, uno.Enum("com.sun.star.sheet.CellDeleteMode", mode[1:]))
        else:
            sheet.insertCells(area, uno.Enum("com.sun.star.sheet.CellInsertMode", mode))

    def everything(self, address):
        """Of each sheet: its formulas and its values in an area; and what the names refer to."""
        found = {}
        for name in self.book.Sheets.ElementNames:
            area = self.book.Sheets.getByName(name).getCellRangeByName(address)
            found[name] = [area.FormulaArray, area.DataArray]
        names = self.book.NamedRanges
        return found, {name: names.getByName(name).Content for name in names.ElementNames}

    def names(self, beginning):
        """The first cell of every name that begins so, as text."""
        found = {}
        for name in self.book.NamedRanges.ElementNames:
            if name.startswith(beginning):
                cells = self.book.NamedRanges.getByName(name).getReferredCells()
                found[name] = cells.getCellByPosition(0, 0).String
        return found


def main():
    office = Office(sys.argv[1], sys.argv[2])
    try:
        print(json.dumps([getattr(office, name)(*arguments) for name, *arguments in json.load(sys.stdin)]))
    finally:
        office.stop()


main()
