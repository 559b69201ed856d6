"""The picture's mathematics: how it is cut into tiles, and each pixel's shade in plain Python.

The shades here are a second implementation of mandelbrot.wat, bit for bit; it checks a sample of what the network
computed. It must never be handed to the network: then it would check nothing.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

PARAMETERS = struct.Struct("<dddIII")
ESCAPE_NORM = 65536.0


class Tile(NamedTuple):
    """A rectangle of the picture: where it lies (pixels) and which part of the plane it shows."""

    column: int
    row: int
    left: float
    top: float
    step: float
    width: int
    height: int
    limit: int

    def parameters(self) -> bytes:
        """What the kernel reads from its standard input."""
        return PARAMETERS.pack(self.left, self.top, self.step, self.width, self.height, self.limit)


class View(NamedTuple):
    """What the whole picture shows: its size in pixels, the centre and width of the part of the plane."""

    width: int
    height: int
    centre_x: float
    centre_y: float
    span: float
    limit: int
    tile: int


SEAHORSE_VALLEY = View(1920, 1080, -0.743643887037151, 0.131825904205330, 0.00052, 1000, 120)


def tiles(view: View) -> Iterator[Tile]:
    step = view.span / view.width
    left, top = view.centre_x - view.width / 2 * step, view.centre_y - view.height / 2 * step
    for row in range(0, view.height, view.tile):
        for column in range(0, view.width, view.tile):
            width, height = min(view.tile, view.width - column), min(view.tile, view.height - row)
            yield Tile(column, row, left + column * step, top + row * step, step, width, height, view.limit)


def shade(tile: Tile, index: int) -> int:
    """The shade of the tile's pixel number `index`, as the kernel writes it."""
    row, column = divmod(index, tile.width)
    cx, cy = tile.left + column * tile.step, tile.top + row * tile.step
    x = y = xx = yy = 0.0
    for count in range(tile.limit):
        x, y = xx - yy + cx, 2 * x * y + cy
        xx, yy = x * x, y * y
        if xx + yy > ESCAPE_NORM:
            return 1 + min(0xFFFF_FFFF, int(64 * (count + 8 - _log2(_log2(xx + yy))))) & 0xFFFF
    return 0


def _log2(x: float) -> float:
    """The kernel's logarithm: the bits of the float read as a fixed-point number."""
    bits: int = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits * 2.0**-52 - 1023
