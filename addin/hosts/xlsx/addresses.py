"""Cell addresses: "B7", "$A$1:C9", "A:C", "3:5", and sheet-qualified references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from udfs.texts import FenjiError

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?")


@lru_cache(maxsize=MAX_COLUMN)
def column_letters(number: int) -> str:
    """Letters of a 1-based column number.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=MAX_COLUMN)
def column_number(letters: str) -> int:
    """1-based column number of column letters.

    >>> column_number("AB")
    28
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; rows and columns are 1-based and inclusive."""

    row1: int
    column1: int
    row2: int
    column2: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.row2 - self.row1 + 1, self.column2 - self.column1 + 1

    def address(self, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """The address as Excel writes it.

        >>> Area(1, 2, 3, 4).address()
        '$B$1:$D$3'
        """
        rows, columns = "$" * row_absolute, "$" * column_absolute
        if self.column1 == 1 and self.column2 == MAX_COLUMN:
            return f"{rows}{self.row1}:{rows}{self.row2}"
        left, right = column_letters(self.column1), column_letters(self.column2)
        if self.row1 == 1 and self.row2 == MAX_ROW:
            return f"{columns}{left}:{columns}{right}"
        first = f"{columns}{left}{rows}{self.row1}"
        last = f"{columns}{right}{rows}{self.row2}"
        return first if first == last else f"{first}:{last}"

    @property
    def ref(self) -> str:
        """The address as file parts write it, without dollar signs.

        >>> Area(1, 2, 3, 4).ref
        'B1:D3'
        """
        first = f"{column_letters(self.column1)}{self.row1}"
        last = f"{column_letters(self.column2)}{self.row2}"
        return first if first == last else f"{first}:{last}"

    def intersects(self, other: Area) -> bool:
        """Whether the two areas share a cell."""
        return (
            self.row1 <= other.row2
            and other.row1 <= self.row2
            and self.column1 <= other.column2
            and other.column1 <= self.column2
        )

    def contains(self, other: Area) -> bool:
        """Whether the other area lies wholly in this one."""
        return (
            self.row1 <= other.row1
            and other.row2 <= self.row2
            and self.column1 <= other.column1
            and other.column2 <= self.column2
        )

    def united(self, other: Area) -> Area:
        """The smallest area that holds both."""
        return Area(
            min(self.row1, other.row1),
            min(self.column1, other.column1),
            max(self.row2, other.row2),
            max(self.column2, other.column2),
        )


def parse_area(text: str) -> Area:
    """The area of an address like "B7", "$A$1:C9", "A:C" or "3:5".

    Raises
    ------
    ValueError
        The text is no address of cells.

    >>> parse_area("C:A")
    Area(row1=1, column1=1, row2=1048576, column2=3)
    """
    first, colon, last = text.strip().partition(":")
    column1, row1 = _corner(first)
    column2, row2 = _corner(last) if last else (column1, row1)
    if (column1 is None) != (column2 is None) or (row1 is None) != (row2 is None):
        raise ValueError(f"no address of cells: {text!r}")
    if colon and not last:
        raise ValueError(f"no address of cells: {text!r}")
    if not last and (column1 is None or row1 is None):
        raise ValueError(f"no address of cells: {text!r}")
    columns = [1, MAX_COLUMN] if column1 is None or column2 is None else sorted((column1, column2))
    rows = [1, MAX_ROW] if row1 is None or row2 is None else sorted((row1, row2))
    if rows[0] < 1 or rows[1] > MAX_ROW or columns[1] > MAX_COLUMN:
        raise ValueError(f"outside the sheet: {text!r}")
    return Area(rows[0], columns[0], rows[1], columns[1])


def _corner(text: str) -> tuple[int | None, int | None]:
    match = _CELL.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        raise ValueError(f"no address of cells: {text!r}")
    return column_number(match[1].upper()) if match[1] else None, int(match[2]) if match[2] else None


def written_like(reference: str, area: Area) -> str:
    """The address of an area, spelled as another one is: dollar signs, whole columns or rows, one cell or two.

    >>> written_like("$B5:$B7", parse_area("B5:B9")), written_like("A:$B", parse_area("B:C"))
    ('$B5:$B9', 'B:$C')
    """
    first, colon, last = reference.partition(":")
    one = _corner_like(first, area.column1, area.row1)
    if not colon and area.shape == (1, 1):
        return one
    return f"{one}:{_corner_like(last or first, area.column2, area.row2)}"


def _corner_like(like: str, column: int, row: int) -> str:
    bare = like.replace("$", "")
    column_mark = "$" * like.startswith("$")
    if bare.isalpha():
        return column_mark + column_letters(column)
    if bare.isdigit():
        return column_mark + str(row)
    return column_mark + column_letters(column) + ("$" * ("$" in like[1:])) + str(row)


def split_reference(reference: str) -> tuple[str | None, str]:
    """The sheet name (None when there is none) and the address of a reference.

    >>> split_reference("='My ''old'' sheet'!$A$1")
    ("My 'old' sheet", '$A$1')
    """
    sheet, mark, address = reference.removeprefix("=").rpartition("!")
    if not mark:
        return None, address
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, address


def check_inside(area: Area) -> Area:
    """The area itself, when it lies on a sheet."""
    if area.row1 < 1 or area.column1 < 1 or area.row2 > MAX_ROW or area.column2 > MAX_COLUMN:
        raise FenjiError(
            zh=f"区域超出了工作表的范围（最多 {MAX_ROW} 行、{MAX_COLUMN} 列）：第 {area.row1} 至 {area.row2} 行，"
            f"第 {area.column1} 至 {area.column2} 列。请减少数据量，或分成几个工作表。",
            en=f"The range lies outside the sheet ({MAX_ROW} rows, {MAX_COLUMN} columns at most): rows {area.row1} "
            f"to {area.row2}, columns {area.column1} to {area.column2}. Use less data, or several sheets.",
        )
    return area
