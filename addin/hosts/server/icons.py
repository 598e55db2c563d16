"""The pictures of the buttons, drawn from a few shapes, as PNG in the sizes Office asks for."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import numpy as np

APP = "fenji"  # the add-in's own picture
IN_RIBBON = (16, 32, 80)
SIZES = (16, 32, 64, 80)
GRID = 16.0  # shapes are given on a square of this side
FINE = 4  # points a pixel is averaged from, along each side
BLUE, AMBER, GREY = (29, 78, 216), (180, 83, 9), (75, 85, 99)
Shape = tuple[str, tuple[int, int, int], tuple[float, ...]]

# rect: left, top, right, bottom; disc: x, y, radius; ring: x, y, outer and inner radius; poly: x, y of each corner.
BARS: list[Shape] = [
    ("rect", GREY, (1, 10, 5, 15)),
    ("rect", BLUE, (6, 6, 10, 15)),
    ("rect", AMBER, (11, 1, 15, 15)),
]
SHEET: list[Shape] = [
    ("rect", GREY, (2, 1, 14, 15)),
    ("rect", (255, 255, 255), (3, 2, 13, 14)),
    ("rect", GREY, (4, 5, 12, 6)),
    ("rect", GREY, (4, 8, 12, 9)),
    ("rect", GREY, (4, 11, 12, 12)),
]
ARROW_ROUND: list[Shape] = [
    ("ring", BLUE, (8, 8, 7, 4.8)),
    ("rect", (255, 255, 255), (8, 0, 16, 4)),
    ("poly", BLUE, (7, 0, 13, 3.2, 7, 6.5)),
]
CHECK: Shape = ("poly", BLUE, (2, 8, 4, 6, 7, 9, 12.5, 2.5, 14.5, 4.5, 7, 13.5))
PICTURES: dict[str, list[Shape]] = {
    APP: BARS,
    "sample_data": [*SHEET, ("disc", AMBER, (11.5, 11.5, 4)), ("poly", (255, 255, 255), (10.3, 9.3, 14, 11.5, 10.3, 13.7))],
    "new_workbook": [*SHEET, ("rect", BLUE, (10.5, 8, 12.5, 15)), ("rect", BLUE, (8, 10.5, 15, 12.5))],
    "check": [*SHEET, CHECK],
    "regrade": ARROW_ROUND,
    "explain": [("disc", BLUE, (8, 8, 7.5)), ("rect", (255, 255, 255), (7, 3, 9, 5)), ("rect", (255, 255, 255), (7, 6.5, 9, 13))],
    "set_grade": [("ring", GREY, (8, 6, 4.5, 2.7)), ("rect", AMBER, (2.5, 7, 13.5, 15)), ("rect", (255, 255, 255), (7.2, 9.5, 8.8, 13))],
    "what_if": [*BARS[:2], ("rect", GREY, (11, 4, 15, 15)), ("poly", AMBER, (13, 0, 16, 3, 10, 3))],
    "apply_trial": [*BARS[:2], ("poly", BLUE, (8, 9.5, 9.5, 8, 11.5, 10, 14.8, 5.5, 16, 7, 11.5, 13))],
    "settings": [("rect", GREY, (1, 3, 15, 4.2)), ("rect", GREY, (1, 7.5, 15, 8.7)), ("rect", GREY, (1, 12, 15, 13.2)),
                 ("disc", BLUE, (5, 3.6, 2.2)), ("disc", BLUE, (11, 8.1, 2.2)), ("disc", BLUE, (6.5, 12.6, 2.2))],
    "report": [*SHEET[:2], ("rect", BLUE, (4, 8, 6, 13)), ("rect", AMBER, (7, 4, 9, 13)), ("rect", GREY, (10, 6, 12, 13))],
    "analyse": [
        ("ring", GREY, (6.5, 6.5, 5.5, 4)),
        ("poly", GREY, (10, 11.4, 11.4, 10, 15.5, 14.1, 14.1, 15.5)),
        ("rect", BLUE, (4, 6.5, 5.4, 9)),
        ("rect", AMBER, (5.9, 4, 7.3, 9)),
        ("rect", BLUE, (7.8, 5.5, 9.2, 9)),
    ],
    "refresh_report": [*SHEET[:2], ("ring", BLUE, (8, 8, 4.6, 2.9)), ("rect", (255, 255, 255), (8, 3, 13, 5.6)), ("poly", BLUE, (7.5, 2.6, 11.5, 4.8, 7.5, 7))],
    "undo": [("ring", BLUE, (9, 9, 6, 3.8)), ("rect", (255, 255, 255), (0, 8, 8.5, 16)), ("poly", BLUE, (0.5, 6, 6, 1.5, 6, 10.5))],
    "backup": [("rect", BLUE, (1, 1, 15, 15)), ("rect", (255, 255, 255), (4, 2, 12, 7)), ("rect", (255, 255, 255), (4, 9, 12, 14)), ("rect", GREY, (9, 3, 11, 6))],
    "freeze_formulas": [*SHEET[:2], ("rect", BLUE, (4, 6, 12, 7.6)), ("rect", BLUE, (4, 9, 12, 10.6)), ("disc", AMBER, (12, 12.5, 3))],
    "guide": [("poly", GREY, (1, 3, 8, 4.5, 15, 3, 15, 13, 8, 14.5, 1, 13)), ("poly", (255, 255, 255), (2, 4.3, 7.5, 5.5, 7.5, 13, 2, 11.8)),
              ("poly", (255, 255, 255), (14, 4.3, 8.5, 5.5, 8.5, 13, 14, 11.8))],
    "about": [("ring", BLUE, (8, 8, 7.5, 6)), ("rect", BLUE, (7.2, 4, 8.8, 5.6)), ("rect", BLUE, (7.2, 7, 8.8, 12.5))],
}  # fmt: skip


def png(name: str, size: int) -> bytes:
    """A button's picture, `size` pixels wide and high, with a transparent background."""
    side = size * FINE
    steps = (np.arange(side) + 0.5) * GRID / side
    x, y = np.meshgrid(steps, steps)
    fine = np.zeros((side, side, 4))
    for kind, color, numbers in PICTURES[name]:
        fine[INSIDE[kind](x, y, numbers)] = (*color, 255)
    cells = fine.reshape(size, FINE, size, FINE, 4).mean(axis=(1, 3))
    alpha = cells[..., 3:] / 255
    cells[..., :3] = np.divide(cells[..., :3], alpha, out=np.zeros_like(cells[..., :3]), where=alpha > 0)
    return _encoded(cells.round().astype(np.uint8))


def _in_rect(x: np.ndarray, y: np.ndarray, numbers: tuple[float, ...]) -> np.ndarray:
    left, top, right, bottom = numbers
    return (x >= left) & (x < right) & (y >= top) & (y < bottom)


def _in_disc(x: np.ndarray, y: np.ndarray, numbers: tuple[float, ...]) -> np.ndarray:
    return np.hypot(x - numbers[0], y - numbers[1]) <= numbers[2]


def _in_ring(x: np.ndarray, y: np.ndarray, numbers: tuple[float, ...]) -> np.ndarray:
    distance = np.hypot(x - numbers[0], y - numbers[1])
    return (distance <= numbers[2]) & (distance >= numbers[3])


def _in_poly(x: np.ndarray, y: np.ndarray, numbers: tuple[float, ...]) -> np.ndarray:
    """Points from which a ray to the right crosses an odd number of sides."""
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    inside = np.zeros(x.shape, bool)
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside


INSIDE: dict[str, Callable[[np.ndarray, np.ndarray, tuple[float, ...]], np.ndarray]] = {
    "rect": _in_rect,
    "disc": _in_disc,
    "ring": _in_ring,
    "poly": _in_poly,
}


def _encoded(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + pixels[row].tobytes() for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    kind, data = part
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
