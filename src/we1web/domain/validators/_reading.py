"""A result taken apart: what must be equal (the frame) and what may differ a little (the numbers).

It reads the bytes of protocol/values.py without building the value: nothing is hashed, no numpy is needed, and the
cost is linear in the bytes, whoever wrote them. It must never raise; what is no value has no reading.

Exact, hence part of the frame: structure, types, texts, bytes, dates, the keys of dicts, the elements of sets, array
shapes, whole numbers beyond 64 bits (who computes those means every digit), and what is not finite: NaN is NaN,
an infinity that infinity.
"""

import struct
from math import hypot, isfinite, prod
from typing import Any, NamedTuple

import msgpack

from we1web.domain.validators._tolerance import Scope, Tolerance
from we1web.protocol import values

MAX_NUMBERS = 16_384
"""More are not compared one by one: a panel of 25 must not keep a coordinator busy for long."""
_OURS = b"\xc1"
"""Begins the frame's own tokens: the one byte msgpack never uses, so that no encoded value looks like them."""
_MARKS = range(values.TUPLE, values.NUMPY_SCALAR + 1)
_MAX_AXES = 32
_FORMATS = {
    "|i1": "b", "|u1": "B", "<i2": "h", "<u2": "H", "<i4": "i", "<u4": "I", "<i8": "q", "<u8": "Q",
    "<f2": "e", "<f4": "f", "<f8": "d", "<c8": "f", "<c16": "d",
}  # fmt: skip
_LARGEST = 1.7976931348623157e308


class Unreadable(Exception):
    """The bytes are not the encoding of a value, or of one with too many numbers."""


class Reading(NamedTuple):
    """Two results with equal frames have numbers in the same places, under the same tolerances."""

    frame: tuple[bytes, ...]
    numbers: tuple[float, ...]
    """All finite, in the order of the bytes; the parts of a complex number one after the other."""
    bounds: tuple[float, ...]
    """How far from each number another may be, if this one is the larger. Finite."""


class _Pairs(NamedTuple):
    """A dict that is not built: keys need not be hashable."""

    items: list[tuple[Any, Any]]


def read(payload: bytes, scope: Scope) -> Reading | None:
    """The reading of a result's bytes, None when they encode no value or too many numbers."""
    walk = _Walk()
    try:
        value = msgpack.unpackb(
            payload,
            ext_hook=msgpack.ExtType,
            object_pairs_hook=lambda pairs: _Pairs(list(pairs)),
            strict_map_key=False,
            raw=False,
        )
        walk.visit(value, scope, 0)
        walk.check_numbers()
    except Exception:  # a stranger's bytes: whatever they provoke means that there is nothing to compare
        return None
    return Reading(tuple(walk.frame), tuple(walk.numbers), tuple(walk.bounds))


class _Walk:
    """Goes through one value in the order of its bytes."""

    def __init__(self) -> None:
        self.frame: list[bytes] = []
        self.numbers: list[float] = []
        self.bounds: list[float] = []
        self._insides: dict[int, tuple[Scope, dict[str, Scope], Scope]] = {}

    def _inside(self, scope: Scope) -> tuple[dict[str, Scope], Scope]:
        """Worked out once for each scope: rules are followed as often as they differ, not as often as values nest."""
        if id(scope) not in self._insides:
            self._insides[id(scope)] = (scope, *scope.insides())
        return self._insides[id(scope)][1:]

    def visit(self, value: Any, scope: Scope, depth: int) -> None:
        match value:
            case None | bool() | str() | bytes():
                self.frame.append(_exactly(value))
            case int() | float():
                self._mark("i" if isinstance(value, int) else "f")
                self._number(value, scope.tolerance.around(abs(value)))
            case msgpack.ExtType(code, data):
                self._extension(code, data, scope)
            case _ if depth >= values.MAX_DEPTH:
                raise Unreadable
            case _Pairs(items):
                self._pairs(items, scope, depth)
            case list():
                self._list(value, scope, depth)
            case _:
                raise Unreadable

    def check_numbers(self) -> None:
        if len(self.numbers) > MAX_NUMBERS:
            raise Unreadable

    def _mark(self, what: str) -> None:
        self.frame.append(_OURS + what.encode())

    def _number(self, value: float, bound: float, where: int = 0) -> None:
        if isfinite(value):
            self.numbers.append(value)
            self.bounds.append(bound)
        else:
            self._mark(f"{where} {value}")

    def _complex(self, real: float, imag: float, scope: Scope, where: int = 0) -> None:
        """Each part within the tolerance of the whole: a tiny part has rounding errors as large as its twin's."""
        magnitude = min(hypot(*filter(isfinite, (real, imag))), _LARGEST)
        for part in (real, imag):
            self._number(part, scope.tolerance.around(magnitude), where)
            where += 1

    def _extension(self, code: int, data: bytes, scope: Scope) -> None:
        if code in _MARKS and not data:
            raise Unreadable  # a marker out of place
        if code == values.COMPLEX:
            self._mark("c")
            real, imag = struct.unpack("<dd", data)
            self._complex(real, imag, scope)
        else:
            self.frame.append(_exactly(msgpack.ExtType(code, data)))

    def _list(self, items: list[Any], scope: Scope, depth: int) -> None:
        code = _marker(items)
        if code in (values.NDARRAY, values.NUMPY_SCALAR):
            dtype, shape, data = items[1:]
            self._array(code, dtype, shape, data, scope)
        elif code == values.MAPPING:
            self._pairs(list(zip(items[1::2], items[2::2], strict=True)), scope, depth)
        elif code in (values.SET, values.FROZENSET):
            self.frame.append(_exactly(items))
        else:
            self._sequence(code, items[1:] if code else items, scope, depth)

    def _sequence(self, code: int, items: list[Any], scope: Scope, depth: int) -> None:
        self._mark(f"[{code} {len(items)}")
        named, other = self._inside(scope)
        if not named and self._plain(items, other.tolerance):
            return
        for position, item in enumerate(items):
            self.visit(item, named.get(str(position), other) if named else other, depth + 1)

    def _plain(self, items: list[Any], tolerance: Tolerance) -> bool:
        """The fast path of long lists of finite floats: what visiting each would do."""
        if set(map(type, items)) != {float} or not all(map(isfinite, items)):
            return False
        self.frame += [_OURS + b"f"] * len(items)
        self.numbers += items
        self.bounds += map(tolerance.around, map(abs, items))
        return True

    def _pairs(self, items: list[tuple[Any, Any]], scope: Scope, depth: int) -> None:
        self._mark(f"{{{len(items)}")
        named, other = self._inside(scope)
        for key, item in items:
            self.frame.append(_exactly(_hashable(key)))
            self.visit(item, named.get(str(key), other) if isinstance(key, str | int) else other, depth + 1)

    def _array(self, code: int, dtype: str, shape: list[int], data: bytes, scope: Scope) -> None:
        if len(shape) > _MAX_AXES or (shape and code == values.NUMPY_SCALAR):
            raise Unreadable
        self.frame.append(_exactly([msgpack.ExtType(code, b""), dtype, shape]))
        if dtype == "|b1":
            self.frame.append(_exactly(data))
            return
        found = _numbers(dtype, shape, data)
        if dtype.startswith("<c"):
            for where in range(0, len(found), 2):
                self._complex(found[where], found[where + 1], scope, where)
        else:
            for where, value in enumerate(found):
                self._number(value, scope.tolerance.around(abs(value)), where)


def _numbers(dtype: str, shape: list[int], data: bytes) -> tuple[float, ...]:
    """The numbers of an array, two for each complex one. Raises struct.error when shape and data do not fit."""
    if not all(type(size) is int and size >= 0 for size in shape):
        raise Unreadable
    return struct.unpack(f"<{prod(shape) * (1 + dtype.startswith('<c'))}{_FORMATS[dtype]}", data)


def _marker(items: list[Any]) -> int:
    """The code of the marker that a list begins with, 0 when it begins with none."""
    match items:
        case [msgpack.ExtType(code, b""), *_] if code in _MARKS:
            return int(code)
    return 0


def _hashable(key: Any) -> Any:
    """Refuses a list as a key; a tuple or frozenset is a list with a marker here."""
    if isinstance(key, list) and _marker(key) not in (values.TUPLE, values.FROZENSET):
        raise Unreadable
    return key


def _exactly(value: Any) -> bytes:
    """The canonical bytes of what has no tolerance. Raises TypeError for a dict, which is hashable nowhere."""
    packed: bytes = msgpack.packb(value, strict_types=True)
    return packed
