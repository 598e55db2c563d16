"""Which encoding a text file is in: UTF-8, UTF-16, GB18030, Big5, Windows or Mac Western.

UTF-8 is certain when it decodes. Between the others the bytes decide: Chinese text is made of pairs of high
bytes, Western text of single high bytes between ASCII letters.
"""

from __future__ import annotations

import codecs
import re

from udfs.texts import FenjiError

SAMPLE = 4_000_000  # bytes looked at to choose between encodings
PAIRS = re.compile(rb"[\x81-\xfe][\x30-\x39\x40-\x7e\x80-\xfe]")
LONE = re.compile(rb"(?<=[A-Za-z ,])[\x80-\xff](?=[A-Za-z ,\r\n.'])")
GB_WORD = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa9][\xa1-\xfe]")
BIG5_WORD = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|[\xa1-\xa3][\x40-\x7e\xa1-\xfe]")


def decode(data: bytes, name: str) -> str:
    """The text of a file.

    Raises
    ------
    FenjiError
        It is no text.
    """
    encoding = detect(data)
    if encoding is None:
        raise FenjiError(
            zh=f"“{name}”不是文本，也不是认识的表格文件。支持 .xlsx .xlsm .xlsb .xls .ods .csv .tsv .txt .parquet。",
            en=f"'{name}' is neither text nor a known kind of table. Use .xlsx .xlsm .xlsb .xls .ods .csv .tsv .txt or .parquet.",
        )
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def detect(data: bytes) -> str | None:
    """The encoding of a text, or None when it is no text.

    >>> detect("客户,金额".encode()), detect("客户,金额\\n华泰,5".encode("gb18030"))
    ('utf-8', 'gb18030')
    >>> detect("name\\rFranz\\u00f6sisch".encode("mac_roman")), detect("caf\\u00e9, 5".encode("cp1252"))
    ('mac_roman', 'cp1252')
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding
    sample = data[:SAMPLE]
    if sample[:2000].count(0) > len(sample[:2000]) // 10:
        return _utf16(sample)
    if sample.count(0) > 0 or len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", sample[:4000])) > 20:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        high = len(re.findall(rb"[\x80-\xff]", sample))
        if error.start > 1000 and high and _broken_utf8(sample) < 0.02:
            return "utf-8"  # one damaged character in a long UTF-8 file
    else:
        return "utf-8"
    lone, pairs = len(LONE.findall(sample)), len(PAIRS.findall(sample))
    if lone * 3 >= pairs:
        return _western(sample)
    gb, big5 = len(GB_WORD.findall(sample)), len(BIG5_WORD.findall(sample))
    if big5 > 1.15 * gb and _decodes(sample, "big5"):
        return "big5hkscs"
    return "gb18030"


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: ASCII characters have their zero byte always on the same side."""
    even, odd = sample[0:2000:2].count(0), sample[1:2000:2].count(0)
    if max(even, odd) < 3 * min(even, odd) + 1:
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = sample[:4000].decode(encoding, errors="replace")
    return None if re.search(r"[\x00-\x08\x0e-\x1a]", text) else encoding


def _broken_utf8(sample: bytes) -> float:
    """Share of characters that are no UTF-8 among those that are not ASCII."""
    text = sample.decode("utf-8", errors="replace")
    other = sum(1 for c in text if c > "\x7f")
    return text.count("\ufffd") / max(other, 1)


def _western(sample: bytes) -> str:
    """Windows or Mac: letters stand from C0 up in Windows, from 80 to 9F in Mac; only old Macs end lines with CR."""
    cr_only = b"\r" in sample and b"\n" not in sample
    low = len(re.findall(rb"(?<=[A-Za-z])[\x80-\x90\x98\x9a-\x9f](?=[A-Za-z])", sample))
    high = len(re.findall(rb"[\xc0-\xff]", sample))
    return "mac_roman" if cr_only or low > high else "cp1252"


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=False)
    except UnicodeDecodeError:
        return False
    return True
