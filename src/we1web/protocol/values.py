"""Python values as canonical bytes: msgpack with markers for what msgpack lacks. Equal values, equal bytes, anywhere.

This file also runs alone inside the sandbox, beside msgpack's pure Python files: it imports nothing else of we1web.
It must never execute, import or construct what the bytes ask for, and refuses with CodecError and nothing else.

A container msgpack lacks is a list whose first element is an empty extension (the marker); scalars it lacks are
extensions with a payload. So one flat msgpack message holds everything and nothing is decoded twice. A dict keeps its
order, a set is ordered by the bytes of its elements, every NaN is the one NaN.
"""

import math
import struct
import sys
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

import msgpack

MAX_BYTES: Final = (64 << 20) - 1024
"""Largest encoding: a blob of 64 MiB holds it with the header of an outcome."""
MAX_DEPTH: Final = 100
MAX_ITEMS: Final = 1 << 24

TUPLE, SET, FROZENSET, MAPPING, NDARRAY, NUMPY_SCALAR = range(1, 7)
BIG_INT, COMPLEX, DATETIME, DATE, TIMEDELTA, BYTEARRAY = range(16, 22)

DTYPES: Final = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
)
"""What numpy arrays may hold: plain numbers, little endian. Never objects."""

_MIN_INT, _MAX_INT = -(1 << 63), (1 << 64) - 1
_MAX_AXES = 32
_MANY = 1_000
_ADVICE = {
    "Counter": "use dict(value)",
    "defaultdict": "use dict(value)",
    "OrderedDict": "use dict(value)",
    "Decimal": "use str(value)",
    "Fraction": "use (value.numerator, value.denominator)",
    "UUID": "use str(value)",
    "PosixPath": "use str(value), or send the bytes of the file",
    "WindowsPath": "use str(value), or send the bytes of the file",
    "memoryview": "use bytes(value)",
    "range": "use list(value)",
    "generator": "use list(value)",
    "module": "import it inside the function",
}


class CodecError(ValueError):
    """A value that has no encoding, or bytes that are not the encoding of a value."""


class _Mark:
    """What a marker decodes to, before the list around it is understood."""

    def __init__(self, code: int) -> None:
        self.code = code


_MARKS = {code: _Mark(code) for code in range(TUPLE, NUMPY_SCALAR + 1)}
_MARKERS = {code: msgpack.ExtType(code, b"") for code in _MARKS}
_UNDECODED = frozenset({_Mark, msgpack.Timestamp, msgpack.ExtType})
_NESTED = frozenset({list, dict, tuple, set, frozenset})
_AS_THEY_ARE = frozenset({type(None), bool, bytes, str})


def dumps(value: object, max_bytes: int = MAX_BYTES) -> bytes:
    """Encodes a value canonically. Raises CodecError, naming the type that cannot travel."""
    try:
        data = _Encoder().encode(value)
    except (ValueError, OverflowError, RecursionError, MemoryError) as error:
        raise _as_codec_error(error) from None
    if len(data) > max_bytes:
        raise CodecError(f"value of {len(data)} bytes; the limit is {max_bytes}")
    return data


def loads(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Decodes what `dumps` wrote. Raises CodecError for everything else, whatever the bytes are."""
    if len(data) > max_bytes:
        raise CodecError(f"encoding of {len(data)} bytes; the limit is {max_bytes}")
    try:
        value = msgpack.unpackb(
            data, ext_hook=_extension, list_hook=_list, object_pairs_hook=_dict, strict_map_key=False, raw=False
        )
        _check_decoded(value)
    except Exception as error:  # a stranger's bytes: whatever they provoke must reach the caller as one type
        raise _as_codec_error(error) from None
    return value


def _as_codec_error(error: Exception) -> CodecError:
    if isinstance(error, CodecError):
        return error
    return CodecError(f"{type(error).__name__}: {error}"[:200])


# --- encoding -------------------------------------------------------------------------------------------------------


class _Encoder:
    """Turns one value into what msgpack can pack; counts items, so that shared references cannot explode."""

    def __init__(self) -> None:
        self._pack: Callable[[object], bytes] = msgpack.Packer(use_bin_type=True, strict_types=True).pack
        self._items = 0

    def encode(self, value: object) -> bytes:
        return self._pack(self._prepare(value, 0))

    def _prepare(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind in _NESTED:
            self._count(value, depth + 1)
            return self._container(value, kind, depth + 1)
        scalar = _SCALARS.get(kind)
        return scalar(value) if scalar else _foreign(value)

    def _count(self, container: Collection[Any], depth: int) -> None:
        self._items += len(container)
        if depth > MAX_DEPTH:
            raise CodecError(f"nested deeper than {MAX_DEPTH} levels (or it contains itself)")
        if self._items > MAX_ITEMS:
            raise CodecError(f"more than {MAX_ITEMS} items in one value")

    def _container(self, value: Any, kind: type, depth: int) -> Any:
        if kind is dict:
            return self._dict(value, depth)
        if kind is list:
            return value if _is_plain(value) else [self._prepare(item, depth) for item in value]
        prepared = [self._prepare(item, depth) for item in value]
        if kind is tuple:
            return [_MARKERS[TUPLE], *prepared]
        return [_MARKERS[SET if kind is set else FROZENSET], *sorted(prepared, key=self._pack)]

    def _dict(self, value: dict[Any, Any], depth: int) -> Any:
        """A msgpack map, or a marked flat list when a key is a tuple or frozenset: those prepare to lists."""
        items = [(self._prepare(key, depth), self._prepare(item, depth)) for key, item in value.items()]
        if list in {type(key) for key, _ in items}:
            return [_MARKERS[MAPPING], *(part for item in items for part in item)]
        prepared = dict(items)
        if len(prepared) != len(value):
            raise CodecError("a dict with several NaN keys")
        return prepared


def _is_plain(items: list[Any]) -> bool:
    """True when msgpack can take the list as it is: the fast path of long flat lists."""
    kinds = set(map(type, items))
    if kinds == {int}:
        return bool(min(items) >= _MIN_INT and max(items) <= _MAX_INT)
    if kinds == {float}:
        return not any(map(math.isnan, items))
    return kinds <= _AS_THEY_ARE


def _int(value: int) -> Any:
    if _MIN_INT <= value <= _MAX_INT:
        return value
    return msgpack.ExtType(BIG_INT, value.to_bytes((value.bit_length() + 8) // 8, "big", signed=True))


def _float(value: float) -> float:
    """Sign and payload of a NaN differ between processors; votes compare bytes, so there is one NaN."""
    return math.nan if value != value else value  # noqa: PLR0124 the fastest test for NaN


def _complex(value: complex) -> Any:
    return msgpack.ExtType(COMPLEX, struct.pack("<dd", _float(value.real), _float(value.imag)))


def _datetime(value: datetime) -> Any:
    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise CodecError(f"datetime with a {type(value.tzinfo).__name__} zone: use .astimezone(timezone.utc)")
    return msgpack.ExtType(DATETIME, bytes([value.fold]) + value.isoformat().encode("ascii"))


def _date(value: date) -> Any:
    return msgpack.ExtType(DATE, value.isoformat().encode("ascii"))


def _timedelta(value: timedelta) -> Any:
    return msgpack.ExtType(TIMEDELTA, struct.pack("<iii", value.days, value.seconds, value.microseconds))


def _bytearray(value: bytearray) -> Any:
    return msgpack.ExtType(BYTEARRAY, bytes(value))


_SCALARS: dict[type, Callable[[Any], Any]] = {
    int: _int,
    float: _float,
    complex: _complex,
    datetime: _datetime,
    date: _date,
    timedelta: _timedelta,
    bytearray: _bytearray,
}


def _foreign(value: Any) -> Any:
    """numpy's arrays and numbers, without importing numpy: a value of it exists only where it is loaded already."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and type(value) is numpy.ndarray:
        return [_MARKERS[NDARRAY], *_numbers(numpy, value)]
    if numpy is not None and isinstance(value, numpy.generic):
        return [_MARKERS[NUMPY_SCALAR], *_numbers(numpy, numpy.asarray(value))]
    kind = type(value)
    advice = _ADVICE.get(kind.__name__, "use numbers, strings, bytes, lists, tuples, sets, dicts or numpy arrays")
    raise CodecError(f"a value of type {kind.__module__}.{kind.__qualname__} cannot travel: {advice}")


def _numbers(numpy: Any, array: Any) -> tuple[str, list[int], bytes]:
    dtype = array.dtype.newbyteorder("<")
    if dtype.str not in DTYPES:
        raise CodecError(f"a numpy array of dtype {array.dtype} cannot travel: use one of {', '.join(sorted(DTYPES))}")
    copy = numpy.array(array, dtype=dtype, order="C", copy=True)
    if dtype.kind in "fc":
        parts = copy.reshape(-1).view(copy.real.dtype)
        parts[numpy.isnan(parts)] = numpy.nan
    return dtype.str, list(copy.shape), copy.tobytes()


# --- decoding -------------------------------------------------------------------------------------------------------


def _extension(code: int, data: bytes) -> Any:
    mark = _MARKS.get(code)
    if mark is not None and not data:
        return mark
    reader = _PAYLOADS.get(code)
    if reader is None:
        raise CodecError(f"unknown extension {code} of {len(data)} bytes")
    return reader(bytes(data))


def _list(items: list[Any]) -> Any:
    if not items or type(items[0]) is not _Mark:
        return items
    return _CONTAINERS[items[0].code](items[1:])


def _dict(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    items = list(pairs)
    _check_hashes([key for key, _ in items])
    result = dict(items)
    if len(result) != len(items):
        raise CodecError("a key twice in one dict")
    return result


def _mapping(items: list[Any]) -> dict[Any, Any]:
    if len(items) % 2:
        raise CodecError("a key without a value")
    return _dict(zip(items[::2], items[1::2], strict=True))


def _set(items: list[Any]) -> set[Any]:
    _check_hashes(items)
    result = set(items)
    if len(result) != len(items):
        raise CodecError("an element twice in one set")
    return result


def _check_hashes(keys: list[Any]) -> None:
    """Thousands of keys with one hash make a dict quadratic: a small message must not cost minutes."""
    if len(keys) > _MANY and len(set(map(hash, keys))) < len(keys) - _MANY:
        raise CodecError("too many keys with the same hash")


def _array(items: list[Any]) -> Any:
    dtype, shape, data = items
    if dtype not in DTYPES or type(data) is not bytes or type(shape) is not list or len(shape) > _MAX_AXES:
        raise CodecError("malformed numpy array")
    if not all(type(size) is int and size >= 0 for size in shape):
        raise CodecError("malformed shape of a numpy array")
    if dtype == "|b1" and data.strip(b"\x00\x01"):
        raise CodecError("a boolean that is neither true nor false")
    try:
        import numpy
    except ImportError:
        raise CodecError("the value holds a numpy array and numpy is not installed here") from None
    if math.prod(shape) * numpy.dtype(dtype).itemsize != len(data):
        raise CodecError("a numpy array whose shape does not fit its data")
    return numpy.frombuffer(bytearray(data), dtype).reshape(shape)


def _numpy_scalar(items: list[Any]) -> Any:
    array = _array(items)
    if array.shape != ():
        raise CodecError("a numpy number with a shape")
    return array[()]


def _read_datetime(data: bytes) -> datetime:
    return datetime.fromisoformat(data[1:].decode("ascii")).replace(fold=data[0])


_CONTAINERS: dict[int, Callable[[list[Any]], Any]] = {
    TUPLE: tuple,
    SET: _set,
    FROZENSET: lambda items: frozenset(_set(items)),
    MAPPING: _mapping,
    NDARRAY: _array,
    NUMPY_SCALAR: _numpy_scalar,
}
_PAYLOADS: dict[int, Callable[[bytes], Any]] = {
    BIG_INT: lambda data: int.from_bytes(data, "big", signed=True),
    COMPLEX: lambda data: complex(*struct.unpack("<dd", data)),
    DATETIME: _read_datetime,
    DATE: lambda data: date.fromisoformat(data.decode("ascii")),
    TIMEDELTA: lambda data: timedelta(*struct.unpack("<iii", data)),
    BYTEARRAY: bytearray,
}


def _check_decoded(value: object) -> None:
    """Refuses a marker out of place and too deep a nesting. Level by level: depth costs no stack here."""
    level: list[Any] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        level = [child for container in level for child in _children(container)]
        if not level:
            return
    raise CodecError(f"nested deeper than {MAX_DEPTH} levels")


def _children(container: Any) -> list[Any]:
    """The containers directly inside a container."""
    items = [*container.keys(), *container.values()] if type(container) is dict else container
    kinds = set(map(type, items))
    if not _UNDECODED.isdisjoint(kinds):
        raise CodecError("a marker or timestamp out of place")
    return [] if _NESTED.isdisjoint(kinds) else [item for item in items if type(item) in _NESTED]
