"""The picture: the kernel and the plain Python agree bit for bit, tiles cover the view, the PNG can be read back."""

import struct
import zlib

import pytest

from we1web.demo.kernel import LocalKernel, assemble
from we1web.demo.mandelbrot import SEAHORSE_VALLEY, Tile, View, shade, tiles
from we1web.demo.picture import paint, palette

SMALL = View(50, 30, -0.6, 0.0, 3.0, 200, 16)


@pytest.fixture(scope="module")
def kernel() -> LocalKernel:
    return LocalKernel(assemble())


def shades_of(body: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(body) // 2}H", body))


def test_the_kernel_and_the_plain_python_agree_on_every_pixel(kernel: LocalKernel) -> None:
    for tile in tiles(SMALL):
        shades = shades_of(kernel.run(tile.parameters()))
        assert shades == [shade(tile, index) for index in range(tile.width * tile.height)]


def test_the_view_has_inside_and_outside(kernel: LocalKernel) -> None:
    shades = [value for tile in tiles(SMALL) for value in shades_of(kernel.run(tile.parameters()))]
    assert 0 in shades
    assert len(set(shades)) > 50


@pytest.mark.parametrize("view", [SMALL, SEAHORSE_VALLEY])
def test_tiles_cover_the_view_exactly_once(view: View) -> None:
    covered = [(column, row) for tile in tiles(view) for column in columns(tile) for row in rows(tile)]
    assert len(covered) == len(set(covered)) == view.width * view.height


def columns(tile: Tile) -> range:
    return range(tile.column, tile.column + tile.width)


def rows(tile: Tile) -> range:
    return range(tile.row, tile.row + tile.height)


def test_a_short_input_ends_the_kernel_with_an_error(kernel: LocalKernel) -> None:
    with pytest.raises(Exception, match="gave up with code 3"):
        kernel.run(b"short")


def pixels(picture: bytes) -> tuple[int, int, bytes]:
    """Reads back what `png` wrote: width, height, RGB bytes."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at, bodies = 8, {}
    while at < len(picture):
        (size,) = struct.unpack_from(">I", picture, at)
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        (checksum,) = struct.unpack_from(">I", picture, at + 8 + size)
        assert checksum == zlib.crc32(kind + body)
        bodies[kind] = body
        at += size + 12
    width, height = struct.unpack_from(">II", bodies[b"IHDR"])
    raw = zlib.decompress(bodies[b"IDAT"])
    stride = 1 + 3 * width
    assert {raw[row * stride] for row in range(height)} == {0}
    return width, height, b"".join(raw[row * stride + 1 : (row + 1) * stride] for row in range(height))


def test_tiles_land_where_they_belong_in_the_png(kernel: LocalKernel) -> None:
    picture = paint(SMALL, [(tile, kernel.run(tile.parameters())) for tile in tiles(SMALL)])
    width, height, rgb = pixels(picture)
    assert (width, height) == (50, 30)
    for index in (0, 49, 750, 777, 1499):
        assert rgb[3 * index : 3 * index + 3] == palette()[shade(tile_at(index), local(index))]


def tile_at(index: int) -> Tile:
    row, column = divmod(index, SMALL.width)
    return next(tile for tile in tiles(SMALL) if column in columns(tile) and row in rows(tile))


def local(index: int) -> int:
    row, column = divmod(index, SMALL.width)
    tile = tile_at(index)
    return (row - tile.row) * tile.width + column - tile.column


def test_a_missing_tile_stays_black(kernel: LocalKernel) -> None:
    first, *_ = tiles(SMALL)
    _, _, rgb = pixels(paint(SMALL, [(first, kernel.run(first.parameters()))]))
    assert rgb[-3:] == b"\0\0\0"
