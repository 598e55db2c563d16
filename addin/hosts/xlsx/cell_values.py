"""One cell: Python value to the file's XML and back.

Texts are written inline, so the shared strings of the workbook stay as they are, and nothing that is written as
a value can become a formula. Numbers come back as float, dates as datetime, errors as `CellError`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from udfs.cleaning.columns import to_serial
from udfs.texts import FenjiError

MAX_TEXT = 32_767
DAYS_1904 = 1462
# Excel keeps 15 digits of a number.
MOST_DIGITS = 10**15 - 1
DATE_FORMAT = "yyyy-mm-dd"
DATETIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
TIME_FORMAT = "hh:mm:ss"


class CellError(str):
    """An error value of a cell, such as `#N/A`; a text that looks like one is a plain str."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value it shows.

    Parameters
    ----------
    text : without the leading "=", functions newer than Excel 2007 with their `_xlfn.` prefix.
    value : the cached value; None where it is not known.
    array : address of the array formula's range, None for an ordinary formula.
    mark : for an array that spills, the number that marks it in the workbook (see `dynamic_arrays`).
    """

    text: str
    value: Any = None
    array: str | None = None
    mark: str | None = None


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(#x?[0-9A-Fa-f]+|\w+);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NEEDS_CARE = re.compile(r"[&<>\r]|_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def escape(text: str) -> str:
    """Text as it stands inside an XML element of a cell.

    >>> escape("A&B <_x000a_>")
    'A&amp;B &lt;_x005F_x000a_&gt;'
    """
    if not _NEEDS_CARE.search(text):
        return text
    text = _ESCAPED.sub(r"_x005F_x\1_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")
    text = _NOT_XML.sub(_hexed, text)
    return _SURROGATE.sub("\ufffd", text)


def _hexed(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def unescape(data: bytes) -> str:
    """The text of an XML element of a cell, with entities and `_x000D_` escapes resolved.

    >>> unescape(b"A&amp;B&#10;_x0041_")
    'A&B\\nA'
    """
    text = data.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return unhex(text) if "_x" in text else text


def unhex(text: str) -> str:
    """A text with its `_x000D_` escapes resolved."""
    return _ESCAPED.sub(_unhexed, text)


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    return chr(int(name[1:])) if name.startswith("#") else _NAMED.get(name, match[0])


def _unhexed(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def plain(value: Any) -> Any:
    """A value as cells can hold it: None, bool, float, int, str, datetime, CellError or Formula.

    NaN, NaT, pandas' NA and empty texts become None, numpy scalars Python ones, everything unknown its text.
    """
    if value is None or isinstance(value, (bool, Formula, CellError)):
        return value
    if isinstance(value, str):
        return str(value) or None
    if isinstance(value, (int, float)) and not isinstance(value, np.generic):
        return value if math.isfinite(value) else _not_finite(value)
    if isinstance(value, np.generic):
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else value.astype("datetime64[us]").item()
        if isinstance(value, np.timedelta64):
            return None if np.isnat(value) else str(value.astype("timedelta64[us]").item())
        return plain(value.item())
    if isinstance(value, dt.datetime):
        if value != value:  # NaT
            return None
        to_pydatetime = getattr(value, "to_pydatetime", None)
        return (to_pydatetime(warn=False) if to_pydatetime else value).replace(tzinfo=None)
    if isinstance(value, (dt.date, dt.time)):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    number = getattr(value, "__float__", None)
    if number is not None and not hasattr(value, "__len__"):
        return plain(float(value))
    return str(value) or None


def _not_finite(value: float) -> Any:
    return None if value != value else CellError("#NUM!")


def serial(value: dt.date | dt.time, date1904: bool) -> float:
    """Serial number of a date, datetime or time of day in the workbook's date system; below 0 there is none."""
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
    number = to_serial(value)
    if date1904:
        number -= DAYS_1904
    if date1904 or not 1 <= number < 61:
        return number
    return max(number - 1, 0)  # Excel counts a 29 February 1900


def date_of(number: float, date1904: bool) -> dt.datetime | float:
    """The datetime of a serial number; the number itself where no date exists for it."""
    if date1904:
        number += DAYS_1904
    elif 1 <= number < 60:
        number += 1
    if not 0 <= number < 2_958_466:
        return number
    return dt.datetime(1899, 12, 30) + dt.timedelta(milliseconds=round(number * 86_400_000))


def date_format(value: Any) -> str | None:
    """The number format a date value needs to be seen as one; None for other values."""
    if isinstance(value, dt.datetime):
        return DATE_FORMAT if value.time() == dt.time() else DATETIME_FORMAT
    if isinstance(value, dt.date):
        return DATE_FORMAT
    return TIME_FORMAT if isinstance(value, dt.time) else None


def number_text(value: float) -> str:
    """A number as the file writes it: shortest form that gives the same number back.

    >>> number_text(3.0), number_text(0.1), number_text(1e20)
    ('3', '0.1', '1e+20')
    """
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def cell_xml(ref: str, value: Any, style: int, date1904: bool = False, prefix: str = "") -> str:
    """The `<c>` element of a cell.

    Parameters
    ----------
    value : as `plain` gives it; None with style 0 gives no cell at all.
    prefix : namespace prefix of the sheet's elements with its colon, such as "x:".
    """
    value = _as_text(value, date1904)
    tag = f'<{prefix}c r="{ref}"' + (f' s="{style}"' if style else "")
    if value is None:
        return tag + "/>" if style else ""
    end = f"</{prefix}c>"
    if isinstance(value, Formula):
        kind, shown = _cached(value.value, date1904, prefix)
        array = f' t="array" ref="{value.array}"' if value.array else ""
        mark = f' cm="{value.mark}"' if value.mark else ""
        return f"{tag}{kind}{mark}><{prefix}f{array}>{escape(value.text)}</{prefix}f>{shown}{end}"
    if isinstance(value, str) and not isinstance(value, CellError):
        return f'{tag} t="inlineStr"><{prefix}is>{text_element(value, prefix, ref)}</{prefix}is>{end}'
    kind, shown = _cached(value, date1904, prefix)
    return f"{tag}{kind}>{shown}{end}"


def _as_text(value: Any, date1904: bool) -> Any:
    """A value as text where Excel could not keep it: dates before its calendar, whole numbers of many digits."""
    if type(value) is int and abs(value) > MOST_DIGITS and len(str(abs(value)).rstrip("0")) > 15:
        return str(value)
    if isinstance(value, dt.date) and serial(value, date1904) < 0:
        text = value.isoformat()
        return text.replace("T", " ").removesuffix(" 00:00:00")
    return value


def _cached(value: Any, date1904: bool, prefix: str) -> tuple[str, str]:
    """Type attribute and `<v>` element of a value that is not an inline text."""
    if value is None:
        return "", ""
    if isinstance(value, bool):
        kind, text = ' t="b"', str(int(value))
    elif isinstance(value, str):
        error = isinstance(value, CellError)
        kind, text = ' t="e"' if error else ' t="str"', escape(value)
    elif isinstance(value, (dt.date, dt.time)):
        kind, text = "", number_text(serial(value, date1904))
    else:
        kind, text = "", number_text(value)
    return kind, f"<{prefix}v>{text}</{prefix}v>"


def text_element(text: str, prefix: str = "", ref: str = "") -> str:
    """The `<t>` element of a text."""
    if len(text) > MAX_TEXT:
        raise FenjiError(
            zh=f"单元格 {ref} 的文本有 {len(text)} 个字符，Excel 每格最多 {MAX_TEXT} 个。请缩短文本。",
            en=f"The text for cell {ref} has {len(text)} characters; Excel holds {MAX_TEXT}. Shorten it.",
        )
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<{prefix}t{space}>{escape(text)}</{prefix}t>"
