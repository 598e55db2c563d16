"""Many short numbers read at once out of a big byte string, eight bytes each, without a text for any of them.

A number of up to eight characters fits one 64-bit word. Subtracting "0" from all its bytes at once leaves its
digits; three multiplications join neighbouring digits to pairs, pairs to fours, and fours to the number.
"""

from __future__ import annotations

import numpy as np

LONGEST = 8
_BYTE = np.uint64(8)


def _all_bytes(byte: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes([byte] * 8), "little"))


ZEROS, ONES, HIGH = _all_bytes(ord("0")), _all_bytes(1), _all_bytes(0x80)
ABOVE_NINE = _all_bytes(0x80 - 10)  # makes the highest bit of every byte above 9
POINT = _all_bytes(ord(".") ^ ord("0"))
PAIRS, FOURS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
TIMES_10, TIMES_100, TIMES_10000 = np.uint64(2561), np.uint64(6553601), np.uint64(42949672960001)
POWERS_OF_TEN = 10.0 ** np.arange(8)


def short_numbers(words: np.ndarray, begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Numbers such as 86 and 116.01 at many places; NaN for whatever is longer or spelled otherwise.

    Parameters
    ----------
    words : the byte string as little-endian uint64 array; at least eight bytes stand before each number.
    begin, stop : where each number begins, and ends.

    Returns
    -------
    float64 array, the nearest number to each text.

    >>> text = b"        <v>116.01</v><v>7</v>   "
    >>> short_numbers(np.frombuffer(text, "<u8"), np.array([11, 24]), np.array([17, 25]))
    array([116.01,   7.  ])
    """
    length = stop - begin
    digits = _last_bytes(words, stop, length)
    with_other = np.flatnonzero(_above_nine(digits))
    numbers = _joined(digits).astype(np.float64)
    if with_other.size:
        numbers[with_other] = _with_point(digits[with_other], length[with_other])
    numbers[(length > LONGEST) | (length < 1)] = np.nan
    return numbers


def _last_bytes(words: np.ndarray, stop: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The bytes before `stop`, less "0" each, the last one highest; 0 for those before the number."""
    first = stop - 8
    place, bits = first >> 3, ((first & 7) << 3).astype(np.uint64)
    found = words[place] >> bits
    # Shifting by 64 bits is not defined everywhere: two steps for the part in the second word.
    found |= (words[place + 1] << (np.uint64(63) - bits)) << np.uint64(1)
    before = (np.clip(LONGEST - length, 0, 7) << 3).astype(np.uint64)
    return ((found ^ ZEROS) >> before) << before


def _above_nine(digits: np.ndarray) -> np.ndarray:
    return (((digits + ABOVE_NINE) | digits) & HIGH) != 0


def _joined(digits: np.ndarray) -> np.ndarray:
    """Eight digits as one number."""
    pairs = (digits * TIMES_10) >> np.uint64(8)
    fours = ((pairs & PAIRS) * TIMES_100) >> np.uint64(16)
    return ((fours & FOURS) * TIMES_10000) >> np.uint64(32)


def _with_point(digits: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Numbers with one decimal point between digits; NaN for others.

    Digits and power of ten are exact in a float64, so that their quotient is the nearest to the number.
    """
    others = digits ^ POINT
    point = (
        (others - ONES) & ~others & HIGH
    )  # its lowest bit is the highest of the first byte that is a point
    before = ((point & (~point + np.uint64(1))) >> np.uint64(7)) - np.uint64(1)  # all bits before that byte
    behind = ~((before << _BYTE) | np.uint64(255))
    joined = (digits & behind) | ((digits & before) << _BYTE)
    place = (np.log2(before.astype(np.float64) + 1) / 8).astype(np.int64)
    decimals = 7 - np.clip(place, 0, 7)
    good = (point != 0) & ~_above_nine(joined) & (decimals >= 1) & (decimals <= length - 2)
    return np.where(good, _joined(joined) / POWERS_OF_TEN[decimals], np.nan)
