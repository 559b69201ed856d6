"""Questions to a verifier, put together from bytes, and what its answers mean."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.protocol import outcome, values
from we1web.protocol.values import CodecError
from we1web.protocol.verification import RUNTIMES, Verdict, question, verdict

plain = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


def asked(arguments: list[Any], result: bytes) -> Any:
    return values.loads(question("python", values.dumps(arguments), result))


@given(argument=plain, result=plain)
def test_a_python_verifier_gets_argument_and_result(argument: Any, result: Any) -> None:
    assert asked([argument], values.dumps(result)) == [argument, result]


@given(arguments=st.lists(plain, min_size=2, max_size=40), result=plain)
def test_several_arguments_are_one_tuple(arguments: list[Any], result: Any) -> None:
    assert asked(arguments, values.dumps(result)) == [tuple(arguments), result]


@pytest.mark.parametrize("count", [0, 2, 14, 15, 16, 65_534, 65_535, 65_536])
def test_lists_of_every_length_become_tuples(count: int) -> None:
    assert asked([7] * count, b"\xc0") == [(7,) * count, None]


@given(result=st.binary(max_size=12))
def test_a_result_cannot_change_the_question_around_it(result: bytes) -> None:
    """Whatever a stranger reports, the argument stays in its place, or nothing can be read at all."""
    try:
        argument, _ = asked([("the", "argument")], result)
    except CodecError:
        return
    assert argument == ("the", "argument")


@pytest.mark.parametrize("result", [b"", b"\x01\x02", b"\x92\x01", b"\xc7\x00\x01", b"\xc1"])
def test_a_result_that_is_no_single_value_makes_no_question(result: bytes) -> None:
    with pytest.raises(CodecError):
        asked([1], result)


@given(argument=st.binary(max_size=40))
def test_an_argument_that_is_no_list_raises_nothing(argument: bytes) -> None:
    assert question("python", argument, b"\xc0").startswith(b"\x92")


@given(argument=st.binary(max_size=300), result=st.binary(max_size=300))
def test_a_module_reads_the_argument_by_its_length_and_then_the_result(argument: bytes, result: bytes) -> None:
    stdin = question("wasm", argument, result)
    (length,) = struct.unpack_from("<I", stdin)
    assert (stdin[4 : 4 + length], stdin[4 + length :]) == (argument, result)


@pytest.mark.parametrize(
    ("runtime", "payload", "means"),
    [
        ("python", values.dumps(True), Verdict.RIGHT),
        ("python", values.dumps(False), Verdict.WRONG),
        ("python", values.dumps(1), Verdict.NONE),
        ("python", values.dumps(None), Verdict.NONE),
        ("python", b"", Verdict.NONE),
        ("wasm", b"\x01", Verdict.RIGHT),
        ("wasm", b"\x00", Verdict.WRONG),
        ("wasm", b"\x01\n", Verdict.NONE),
        ("wasm", b"1", Verdict.NONE),
        ("wasm", b"", Verdict.NONE),
    ],
)
def test_only_a_clear_yes_is_one(runtime: str, payload: bytes, means: Verdict) -> None:
    assert verdict(runtime, outcome.value(payload, 123)) == means


ANSWERS = {
    "error": outcome.error(outcome.RemoteFailure("E", "", "")),
    "none": outcome.none("time_limit"),
    "blob": outcome.reference(bytes(32), 1),
    "empty": b"",
}


@pytest.mark.parametrize("runtime", sorted(RUNTIMES))
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whoever_fails_to_answer_has_said_nothing(runtime: str, answer: bytes) -> None:
    assert verdict(runtime, answer) == Verdict.NONE
