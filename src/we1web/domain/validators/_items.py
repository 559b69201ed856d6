"""The items of a list, tuple or set as the bytes they are encoded in: comparable and hashable whatever they hold."""

from itertools import pairwise
from typing import NamedTuple

import msgpack

from we1web.domain.validators._reading import read
from we1web.domain.validators._tolerance import EVERYWHERE
from we1web.protocol import values

LIST = 0
_KINDS = {
    bytes(msgpack.packb(msgpack.ExtType(code, b""))): code for code in range(values.TUPLE, values.NUMPY_SCALAR + 1)
}


class Items(NamedTuple):
    kind: int
    """LIST, or the code of the marker the container begins with."""
    encoded: tuple[bytes, ...]


def items_of(payload: bytes, *kinds: int) -> Items | None:
    """The items of a container of one of these kinds, None when the bytes are no value, or another. Linear, total."""
    return parts_of(payload, *kinds) if read(payload, EVERYWHERE) else None


def parts_of(payload: bytes, *kinds: int) -> Items | None:
    """The same for bytes that are known to be a value."""
    try:
        slices = _slices(payload)
    except Exception:  # a stranger's bytes: whatever they provoke means that there are no items
        return None
    kind = _KINDS.get(slices[0], LIST) if slices else LIST
    return Items(kind, tuple(slices[1:] if kind else slices)) if kind in kinds else None


def _slices(payload: bytes) -> list[bytes]:
    """The bytes of each element of a list. Raises whatever msgpack raises, and ValueError for bytes after its end."""
    unpacker = msgpack.Unpacker(strict_map_key=False, max_buffer_size=len(payload))
    unpacker.feed(payload)
    count = unpacker.read_array_header()
    ends = [unpacker.tell()]
    for _ in range(count):
        unpacker.skip()
        ends.append(unpacker.tell())
    if ends[-1] != len(payload):
        raise ValueError("bytes after the end")
    return [payload[start:end] for start, end in pairwise(ends)]
