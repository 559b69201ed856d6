"""The value codec: round trips, the same bytes from both msgpack implementations, and nothing but CodecError."""

import collections
import math
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import msgpack
import msgpack.fallback
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.protocol import values
from we1web.protocol.values import CodecError, dumps, loads

SOURCE = Path(values.__file__)


def _pure_codec() -> ModuleType:
    """A second copy of the module, on msgpack's pure Python half: what runs inside the sandbox."""
    stand_in = ModuleType("msgpack")
    stand_in.__dict__.update(msgpack.__dict__)
    stand_in.__dict__.update(Packer=msgpack.fallback.Packer, unpackb=msgpack.fallback.unpackb)
    module = ModuleType("pure_values")
    exec(compile(SOURCE.read_text("utf-8"), str(SOURCE), "exec"), module.__dict__)
    module.__dict__["msgpack"] = stand_in
    return module


pure = _pure_codec()

zones = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(seconds=-1))])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**200), max_value=2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.datetimes(timezones=zones)
    | st.dates()
    | st.timedeltas()
)
keys = st.recursive(scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4), max_leaves=6)
python_values = st.recursive(
    keys | st.binary().map(bytearray),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=5)
    ),
    max_leaves=15,
)


def typed(value: Any) -> Any:
    """A shape in which 1, 1.0 and True differ: equality that also compares types and the order of dicts."""
    kind = type(value).__name__
    if isinstance(value, (list, tuple)):
        return kind, [typed(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return kind, sorted(repr(typed(item)) for item in value)
    if isinstance(value, dict):
        return kind, [(typed(key), typed(item)) for key, item in value.items()]
    return kind, repr(value)


@given(python_values)
def test_a_value_arrives_as_what_it_was(value: object) -> None:
    assert typed(loads(dumps(value))) == typed(value)


@given(python_values)
def test_both_implementations_write_the_same_bytes_and_read_each_other(value: object) -> None:
    data = dumps(value)
    assert pure.dumps(value) == data
    assert dumps(pure.loads(data)) == data
    assert dumps(loads(data)) == data


@given(st.lists(keys, unique_by=lambda key: repr(typed(key)), max_size=8), st.randoms())
def test_a_set_has_one_encoding_whatever_its_history(elements: list[Any], rng: random.Random) -> None:
    shuffled = rng.sample(elements, len(elements))
    first = set(elements)
    assert dumps({item for item in shuffled if item in first}) == dumps(first) or first != set(shuffled)


SAMPLE = {
    "list": [1, -(2**70), 2.5, None, True, (1, "é", b"\0")],
    3: {1, 2, "z"},
    (1, (2, 3)): frozenset([(1,), 3]),
    "numbers": [1 + 2j, math.nan, -0.0],
    "array": numpy.arange(6, dtype=">f4").reshape(2, 3),
    "scalar": numpy.float32(1.5),
    "when": [datetime(2026, 1, 1, tzinfo=UTC), timedelta(1, 2, 3), datetime(2026, 1, 1).date()],
    "bytes": bytearray(b"x"),
}


@pytest.mark.parametrize("codec", [values, pure], ids=["c", "pure"])
@given(data=st.data())
def test_mutated_bytes_raise_only_codec_errors(codec: ModuleType, data: st.DataObject) -> None:
    mutant = bytearray(dumps(SAMPLE))
    for _ in range(data.draw(st.integers(1, 4))):
        mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    refuses_politely(codec, bytes(mutant[: data.draw(st.integers(0, len(mutant)))]))


@pytest.mark.parametrize("codec", [values, pure], ids=["c", "pure"])
@given(data=st.binary(max_size=300))
def test_noise_raises_only_codec_errors(codec: ModuleType, data: bytes) -> None:
    refuses_politely(codec, data)


def refuses_politely(codec: ModuleType, data: bytes) -> None:
    """Decodes or refuses; what decodes has an encoding again."""
    try:
        value = codec.loads(data)
    except codec.CodecError:
        return
    codec.dumps(value)


def ext(code: int, payload: bytes = b"") -> msgpack.ExtType:
    return msgpack.ExtType(code, payload)


HOSTILE = {
    "nested lists": b"\x91" * 100_000 + b"\x00",
    "deep but well formed": b"\x91" * 101 + b"\x00",
    "huge promises": b"\xdd\x7f\xff\xff\xff" * 1_000,
    "marker as the value": msgpack.packb(ext(values.TUPLE)),
    "marker in second place": msgpack.packb([1, ext(values.SET)]),
    "marker as a key": msgpack.packb({ext(values.SET): 1}),
    "marker with a payload": msgpack.packb([ext(values.TUPLE, b"x")]),
    "unknown extension": msgpack.packb(ext(99, b"x")),
    "timestamp": msgpack.packb(msgpack.Timestamp(1)),
    "list as a key": msgpack.packb({1: 2}).replace(b"\x01", b"\x91\x01"),
    "list in a set": msgpack.packb([ext(values.SET), [1]]),
    "element twice": msgpack.packb([ext(values.SET), 1, 1]),
    "key twice": b"\x82\x01\x01\x01\x02",
    "key without value": msgpack.packb([ext(values.MAPPING), 1]),
    "object array": msgpack.packb([ext(values.NDARRAY), "|O", [1], b"\0" * 8]),
    "array too short": msgpack.packb([ext(values.NDARRAY), "<f8", [2], b"\0" * 8]),
    "array of negative size": msgpack.packb([ext(values.NDARRAY), "<f8", [-1, -1], b"\0" * 8]),
    "array of absurd shape": msgpack.packb([ext(values.NDARRAY), "<f8", [2**62, 0], b""]),
    "half a boolean": msgpack.packb([ext(values.NDARRAY), "|b1", [1], b"\2"]),
    "date that is none": msgpack.packb(ext(values.DATE, b"2026-13-01")),
    "empty datetime": msgpack.packb(ext(values.DATETIME, b"")),
    "timedelta too long": msgpack.packb(ext(values.TIMEDELTA, b"\x7f" * 12)),
    "broken utf-8": b"\xa1\xff",
    "rest after the end": b"\x00\x00",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("codec", [values, pure], ids=["c", "pure"])
def test_hostile_bytes_are_refused(codec: ModuleType, name: str) -> None:
    with pytest.raises(codec.CodecError):
        codec.loads(HOSTILE[name])


def test_keys_of_one_hash_are_refused_instead_of_taking_minutes() -> None:
    modulus = sys.hash_info.modulus
    colliding = [ext(values.BIG_INT, (modulus * n).to_bytes(24, "big")) for n in range(2**40, 2**40 + 20_000)]
    with pytest.raises(CodecError, match="same hash"):
        loads(msgpack.packb([ext(values.SET), *colliding]))


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (collections.Counter("abc"), r"dict\(value\)"),
        (Point(1, 2), "Point"),
        (Decimal("1.5"), r"str\(value\)"),
        (datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Paris")), "astimezone"),
        (object(), "object"),
        (lambda: 1, "function"),
        (numpy.array([object()]), "dtype object"),
        (numpy.array(["text"]), "dtype"),
        ("\ud800", "surrogates"),
        ({math.nan: 1, -math.nan: 2}, "NaN"),
    ],
)
def test_what_cannot_travel_is_named(value: object, says: str) -> None:
    with pytest.raises(CodecError, match=says):
        dumps(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(CodecError, match="nested"):
        dumps(value)


def test_shared_references_cannot_explode() -> None:
    value: list[Any] = [0] * 100_000
    for _ in range(60):
        value = [value] * 4
    with pytest.raises(CodecError, match="items"):
        dumps(value)


def test_sizes_are_limited_on_both_ways() -> None:
    data = dumps(b"x" * 1_000)
    with pytest.raises(CodecError, match="limit is 1000"):
        loads(data, max_bytes=1_000)
    with pytest.raises(CodecError, match="limit is 1000"):
        dumps(b"x" * 1_000, max_bytes=1_000)


def test_the_deepest_value_allowed_makes_the_round_trip() -> None:
    value: Any = 1
    for level in range(values.MAX_DEPTH):
        value = (value,) if level % 2 else [value]
    assert loads(dumps(value)) == value
    with pytest.raises(CodecError):
        dumps([value])


def test_every_nan_is_the_same_nan() -> None:
    odd = numpy.array([0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0000], dtype="<u8").view("<f8")
    assert dumps(odd[0].item()) == dumps(math.nan) == dumps(-math.nan)
    assert dumps([complex(0, math.nan)]) == dumps([complex(0, -math.nan)])
    assert len({dumps(odd), dumps(odd[::-1]), dumps(numpy.full(2, math.nan))}) == 1


@pytest.mark.parametrize("dtype", sorted(values.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_numpy_arrays_make_the_round_trip(dtype: str, shape: tuple[int, ...]) -> None:
    array = numpy.array(numpy.arange(math.prod(shape)).reshape(shape) % 2, dtype=dtype)
    back = loads(dumps(array))
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())
    back[...] = 1
    assert dumps(array.T.copy().T) == dumps(array)
    assert dumps(array.astype(array.dtype.newbyteorder(">"))) == dumps(array)


def test_numpy_numbers_stay_numpy_numbers() -> None:
    back = loads(dumps([numpy.float32(1.5), numpy.int64(-1), numpy.bool_(True)]))
    assert [type(item) for item in back] == [numpy.float32, numpy.int64, numpy.bool_]


def test_the_file_works_alone_without_we1web_numpy_or_the_c_extension() -> None:
    script = (
        "import runpy, sys; m = runpy.run_path(sys.argv[1]);"
        "assert not [n for n in sys.modules if n.startswith('we1web') or n == 'numpy' or n.endswith('_cmsgpack')];"
        "print(m['dumps']({(1, 2): {3, 'x'}}).hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(SOURCE)],
        env={"MSGPACK_PUREPYTHON": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == dumps({(1, 2): {3, "x"}}).hex()
