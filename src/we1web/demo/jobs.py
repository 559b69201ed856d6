"""The two jobs of the demonstration: what each sends to the network, and what the answer must be, computed here."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from we1web.demo.analysis import analyse
from we1web.demo.kernel import LocalKernel
from we1web.demo.mandelbrot import Tile, shade
from we1web.protocol import values

PYTHON_PRICE_MICROS = 500
WASM_PRICE_MICROS = 200
PIXELS_BETWEEN_CHECKS = 451
"""Prime to the tile's width, so that the sample wanders over rows and columns."""


@dataclass(frozen=True)
class Assignment:
    """One job: a program, its inputs, its price, and the referee that says which bytes are right."""

    name: str
    program: Callable[[bytes], Any] | bytes
    inputs: Sequence[bytes]
    price_micros: int
    referee: Callable[[bytes], bytes]
    """input → the payload of the right answer, computed on this machine."""
    encode: Callable[[Any], bytes] = bytes
    """a value the client yielded → its payload."""


def library_job(sources: Iterable[bytes]) -> Assignment:
    return Assignment(
        name="Python's standard library, analysed",
        program=analyse,
        inputs=list(sources),
        price_micros=PYTHON_PRICE_MICROS,
        referee=lambda source: values.dumps(quietly(source)),
        encode=values.dumps,
    )


def quietly(source: bytes) -> dict[str, Any]:
    """`analyse`, without the warnings that old sources draw from the parser."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return analyse(source)


def picture_job(module: bytes, tiles: Iterable[Tile]) -> Assignment:
    return Assignment(
        name="Mandelbrot set, in WebAssembly",
        program=module,
        inputs=[tile.parameters() for tile in tiles],
        price_micros=WASM_PRICE_MICROS,
        referee=LocalKernel(module).run,
    )


def wrong_pixels(tiles: Iterable[Tile], bodies: Iterable[bytes]) -> tuple[int, int]:
    """(pixels compared, pixels that differ): a sample of every tile against plain Python."""
    compared = wrong = 0
    for tile, body in zip(tiles, bodies, strict=True):
        shades = memoryview(body).cast("H")
        for index in range(0, len(shades), PIXELS_BETWEEN_CHECKS):
            compared += 1
            wrong += shades[index] != shade(tile, index)
    return compared, wrong
