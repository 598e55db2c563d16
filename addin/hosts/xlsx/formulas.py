"""References inside formulas: renaming sheets and tables, moving ranges, without touching texts.

A formula here is written as in the file: without the leading "=".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from addin.hosts.xlsx.addresses import MAX_COLUMN, MAX_ROW, column_letters, column_number

_BARE = r"[^\s'\"!(),;:+\-*/^&=<>{}\[\]%#@]+"
_TOKEN = re.compile(
    rf"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|'')+'!|(?:\[\d+\])?{_BARE}(?::{_BARE})?!)
    | (?P<table>[^\W\d][\w.\\]*)?(?P<brackets>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<range>(?<![\w.$])(?i:
          \$?[A-Z]{{1,3}}\$?\d{{1,7}}(?::\$?[A-Z]{{1,3}}\$?\d{{1,7}})?
        | \$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}} | \$?\d{{1,7}}:\$?\d{{1,7}})(?![\w(.!]))
    """,
    re.VERBOSE,
)
# "$5" alone is a row: its dollar sign belongs to the digits.
_CORNER = re.compile(r"(?:(\$)?([A-Za-z]{1,3}))?(?:(\$)?(\d+))?")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*$")
_LOOKS_LIKE_CELL = re.compile(r"(?:[A-Z]{1,3}\d+|R\d*C\d*|R|C|TRUE|FALSE)$", re.IGNORECASE)


def quote_sheet(name: str) -> str:
    """A sheet name as formulas write it.

    >>> quote_sheet("客户分级"), quote_sheet("It's 1"), quote_sheet("A1")
    ('客户分级', "'It''s 1'", "'A1'")
    """
    if _PLAIN_NAME.match(name) and not _LOOKS_LIKE_CELL.match(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def unquote_sheet(prefix: str) -> str:
    """The sheet name of a prefix such as `'It''s 1'` (without the exclamation mark)."""
    return prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix


def _spans(prefix: str, rename: Callable[[str], str]) -> str:
    """A prefix with `rename` applied to its sheet, or to both ends of a 3-D prefix (`Jan:Dec`)."""
    inner = unquote_sheet(prefix)
    if inner.startswith("["):  # another workbook
        return prefix
    parts = inner.split(":")
    renamed = [rename(part) for part in parts]
    if renamed == parts:
        return prefix
    if len(renamed) == 1:
        return quote_sheet(renamed[0])
    quoted = ":".join(part.replace("'", "''") for part in renamed)
    return quoted if all(quote_sheet(part) == part for part in renamed) else f"'{quoted}'"


def rename(formula: str, sheets: Mapping[str, str], tables: Mapping[str, str]) -> str:
    """The formula with sheets and tables renamed; the maps have lower-case old names as keys.

    >>> rename('SUM(Data!A1,"Data!A1",\\'Data\\'!B2)+SUM(tbl[a])', {"data": "My data"}, {"tbl": "tbl2"})
    'SUM(\\'My data\\'!A1,"Data!A1",\\'My data\\'!B2)+SUM(tbl2[a])'
    """

    def replace(match: re.Match[str]) -> str:
        if match["sheet"]:
            return _spans(match["sheet"][:-1], lambda name: sheets.get(name.lower(), name)) + "!"
        if match["table"]:
            return tables.get(match["table"].lower(), match["table"]) + match["brackets"]
        return match[0]

    return _TOKEN.sub(replace, formula)


def sheets_in(formula: str) -> set[str]:
    """Lower-case names of the sheets of this workbook a formula refers to.

    >>> sorted(sheets_in("SUM(Data!A1:B2,[1]Other!C3)+'It''s'!A1"))
    ['data', "it's"]
    """
    found: set[str] = set()
    for match in _TOKEN.finditer(formula):
        if match["sheet"] and not (inner := unquote_sheet(match["sheet"][:-1])).startswith("["):
            found.update(part.lower() for part in inner.split(":"))
    return found


def renumber_books(formula: str, books: Mapping[int, int]) -> str:
    """The formula with the numbers of other workbooks (`[1]Sheet1!A1`) replaced.

    >>> renumber_books("[1]S!A1+'[2]My S'!A1", {1: 3, 2: 4})
    "[3]S!A1+'[4]My S'!A1"
    """

    def replace(match: re.Match[str]) -> str:
        found = re.match(r"('?)\[(\d+)\]", match[0]) if match["sheet"] else None
        if not found:
            return match[0]
        number = books.get(int(found[2]), int(found[2]))
        return f"{found[1]}[{number}]{match[0][found.end() :]}"

    return _TOKEN.sub(replace, formula)


def map_ranges(formula: str, own_sheet: str | None, sheet: str, move: Callable[[str], str]) -> str:
    """The formula with `move` applied to each cell or range that lies on `sheet`.

    own_sheet is the sheet the formula stands on (ranges without a prefix lie there), None where a formula
    has no sheet of its own. `move` gets and gives a reference such as `$A$1:$B$9`.

    >>> map_ranges("SUM(A1:A9)+Other!A1:A9", "S", "S", lambda ref: "A1:A20")
    'SUM(A1:A20)+Other!A1:A9'
    """
    out: list[str] = []
    position = 0
    prefix: str | None = None
    wanted = sheet.lower()
    for match in _TOKEN.finditer(formula):
        if match["range"]:
            adjacent = prefix is not None and match.start() == position
            where = prefix if adjacent else own_sheet
            on_sheet = where is not None and where.lower() == wanted
            out += formula[position : match.start()], move(match[0]) if on_sheet else match[0]
        else:
            out += formula[position : match.start()], match[0]
        prefix = unquote_sheet(match["sheet"][:-1]) if match["sheet"] else None
        position = match.end()
    out.append(formula[position:])
    return "".join(out)


def map_places(
    formula: str, before: str | None, after: str | None, move: Callable[[str, str], tuple[str, str]]
) -> str:
    """The formula with `move` applied to each cell or range; it gets and gives a sheet and a reference.

    before, after : the sheet the formula stood and stands on: references to it need no prefix; None for formulas
    that have no sheet of their own.

    >>> map_places("A1+Other!A1", "S", "S", lambda sheet, ref: ("My data", ref))
    "'My data'!A1+'My data'!A1"
    """
    out: list[str] = []
    position = 0
    prefix: str | None = None
    for match in _TOKEN.finditer(formula):
        out.append(formula[position : match.start()])
        written = prefix is not None and match.start() == position
        where = prefix if written else before
        if match["range"] and where is not None:
            sheet, reference = move(where, match[0])
            if sheet.lower() != where.lower() or (not written and sheet != after):
                out = out[:-2] if written else out
                out.append("" if sheet == after else quote_sheet(sheet) + "!")
            out.append(reference)
        else:
            out.append(match[0])
        prefix = unquote_sheet(match["sheet"][:-1]) if match["sheet"] else None
        position = match.end()
    out.append(formula[position:])
    return "".join(out)


def moved_by(formula: str, down: int, right: int) -> str:
    """The formula as Excel copies it to another cell: relative references move along.

    >>> moved_by('B2*$C$1+LEN("B2")+SUM(A:A,2:$3,Other!A1)', 1, 0)
    'B3*$C$1+LEN("B2")+SUM(A:A,3:$3,Other!A2)'
    """

    def replace(match: re.Match[str]) -> str:
        return _moved_reference(match[0], down, right) if match["range"] else match[0]

    return _TOKEN.sub(replace, formula)


def _moved_reference(reference: str, down: int, right: int) -> str:
    corners = []
    for corner in reference.split(":"):
        match = _CORNER.fullmatch(corner)
        assert match is not None, corner
        column_mark, letters, row_mark, digits = match.groups()
        column = column_number(letters) + (0 if column_mark else right) if letters else 1
        row = int(digits) + (0 if row_mark else down) if digits else 1
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            return "#REF!"
        corners.append(
            (column_mark or "")
            + (column_letters(column) if letters else "")
            + (row_mark or "")
            + (str(row) if digits else "")
        )
    return ":".join(corners)


@dataclass(slots=True)
class Mentions:
    """What a formula refers to.

    Attributes
    ----------
    ranges : cells and ranges, each with its sheet ("Jan:Dec" for several, "[1]Data" in another workbook), None
        where the formula names none.
    tables : lower-case names of tables; "" for a column of the table the formula stands in.
    words : lower-case names of functions, and words that may be defined names.
    computed : whether a corner of a range is computed, as in A1:INDEX(B:B,3).
    """

    ranges: list[tuple[str | None, str]] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    computed: bool = False


def mentions(formula: str) -> Mentions:
    """What a formula refers to.

    >>> found = mentions("SUM('My data'!$A$1:B9,tbl[[#All],[a]])+B:B&LEFT(label,1)")
    >>> found.ranges, found.tables, sorted(found.words), found.computed
    ([('My data', '$A$1:B9'), (None, 'B:B')], {'tbl'}, ['label', 'left', 'sum'], False)
    """
    found, rest, position = Mentions(), [], 0
    prefix: str | None = None
    for match in _TOKEN.finditer(formula):
        rest.append(formula[position : match.start()])
        if match["range"]:
            adjacent = prefix is not None and match.start() == position
            found.ranges.append((prefix if adjacent else None, match[0]))
        elif match["brackets"]:
            found.tables.add((match["table"] or "").lower())
        prefix = unquote_sheet(match["sheet"][:-1]) if match["sheet"] else None
        position = match.end()
    left = " ".join([*rest, formula[position:]])
    found.words = names_in(left)
    found.computed = ":" in left
    return found


def map_structured(formula: str, move: Callable[[str, str], str]) -> str:
    """The formula with `move` applied to each structured reference; it gets the table's name and the brackets.

    >>> map_structured('SUM(t[a])&"t[a]"', lambda table, brackets: table + "[b]")
    'SUM(t[b])&"t[a]"'
    """

    def replace(match: re.Match[str]) -> str:
        return move(match["table"] or "", match["brackets"]) if match["brackets"] else match[0]

    return _TOKEN.sub(replace, formula)


def names_in(formula: str) -> set[str]:
    """Lower-case words of a formula that may be defined names (functions and tables are among them)."""
    return {word.lower() for word in re.findall(r"[^\W\d][\w.\\?]*", re.sub(r'"(?:[^"]|"")*"', "", formula))}


def split_union(formula: str) -> list[str]:
    """The parts of a reference to several areas.

    >>> split_union("('a,b'!$A$1,S!$C$1:$C$9)")
    ["'a,b'!$A$1", 'S!$C$1:$C$9']
    """
    inner = formula.strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1]
    return re.findall(r"(?:'(?:[^']|'')*'|[^,'])+", inner)
