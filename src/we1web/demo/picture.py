"""Puts tiles of shades together into a PNG. Knows colours and the file format; nothing of where tiles come from."""

import struct
import zlib
from array import array
from collections.abc import Iterable
from functools import cache
from math import cos, tau

from we1web.demo.mandelbrot import Tile, View

SHADES = 1 << 16
SHADES_PER_CYCLE = 64 * 72
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@cache
def palette() -> tuple[bytes, ...]:
    """One RGB triple for each shade: black inside the set, then deep blue to white to amber and back."""
    colours = [_colour(shade / SHADES_PER_CYCLE) for shade in range(SHADES_PER_CYCLE)]
    return (b"\0\0\0", *(colours[shade % SHADES_PER_CYCLE] for shade in range(1, SHADES)))


def _colour(turn: float) -> bytes:
    phases = (0.62, 0.53, 0.42)
    return bytes(round(255 * (0.5 - 0.5 * cos(tau * (turn + phase))) ** 1.2) for phase in phases)


def paint(view: View, parts: Iterable[tuple[Tile, bytes]]) -> bytes:
    """The PNG of the whole view. A tile that is missing stays black."""
    shades = [array("H", bytes(2 * view.width)) for _ in range(view.height)]
    for tile, body in parts:
        values = array("H", body)
        for row in range(tile.height):
            line = values[row * tile.width : (row + 1) * tile.width]
            shades[tile.row + row][tile.column : tile.column + tile.width] = line
    return png(view.width, view.height, [b"".join([palette()[value] for value in line]) for line in shades])


def png(width: int, height: int, rows: list[bytes]) -> bytes:
    """An 8-bit RGB PNG of the given rows."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
