"""Frames: unknown elements are ignored, and nothing that a stranger sends does anything but raise FrameError."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.protocol.codec import decode_client, decode_server, encode
from we1web.protocol.errors import FrameError
from we1web.protocol.limits import MAX_FRAME_BYTES
from we1web.protocol.messages import Complete, Drain, Heartbeat, Hello, Register, Report

GOOD = [
    encode(message)
    for message in (
        Hello([1], "t"),
        Register("", "n", 1, 1, ["wasm-1"], 1.0, 1),
        Heartbeat(1, 2, 0.5),
        Complete(1, [Report(5, [bytes(12)], 3)]),
        Drain("x"),
    )
]


@pytest.mark.rule("R2")
def test_elements_of_a_later_version_are_ignored() -> None:
    later = msgspec.msgpack.encode(["node:drain", "maintenance", {"until": 5}, 7])
    assert decode_client(later) == Drain("maintenance")


@pytest.mark.rule("R2")
def test_elements_of_an_earlier_version_get_their_default() -> None:
    assert decode_client(msgspec.msgpack.encode(["node:heartbeat", 1, 0, 0.5])) == Heartbeat(1, 0, 0.5, True, "")


@pytest.mark.rule("R3")
@pytest.mark.parametrize("decode", [decode_client, decode_server])
def test_frames_above_the_limit_are_refused_unread(decode: object) -> None:
    assert callable(decode)
    with pytest.raises(FrameError) as refusal:
        decode(bytes(MAX_FRAME_BYTES + 1))
    assert refusal.value.code == "frame_too_large"


@pytest.mark.rule("R4")
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_noise_is_refused_or_is_a_message(frame: bytes | str) -> None:
    with suppress(FrameError):
        decode_client(frame)


@pytest.mark.rule("R4")
@given(st.sampled_from(GOOD), st.integers(0, 200), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_is_a_message(frame: bytes, place: int, byte: int) -> None:
    place %= len(frame)
    with suppress(FrameError):
        decode_client(frame[:place] + bytes([byte]) + frame[place + 1 :])


@pytest.mark.rule("R4")
def test_deep_nesting_is_refused() -> None:
    with pytest.raises(FrameError):
        decode_client(b"\x91" * 100_000)
