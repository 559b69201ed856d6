"""Asking a requester's own program whether a result is right: what it is given, and what its answer means.

Such a verifier is much cheaper than the task, runs in the same runtime as the task, and in the same sandbox. The
question is put together from bytes: nothing of a stranger's result is decoded here, and none can change the question
around it (a result that is no single value makes the whole unreadable). It must never read silence, an exception or
an odd answer as a yes.

    python  verify(argument, result) -> bool; `argument` is a tuple when the task takes several
    wasm    stdin: length of the argument (u32 little endian) | argument | result; stdout: one byte, 01 right, 00 wrong
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from we1web.protocol import outcome

ARGUMENTS = 2
"""What a Python verifier is called with: the argument and the result."""
_PAIR = b"\x92"
_TUPLE = b"\xc7\x00\x01"
"""The marker of a tuple, see protocol/values.py."""


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"
    """The verifier raised, hit a limit or said neither: nobody knows whose fault that is."""


class Form(NamedTuple):
    """How verifiers of one runtime are asked and answer."""

    question: Callable[[bytes, bytes], bytes]
    """From the payloads of an argument and a VALUE outcome to the payload of the verification's argument."""
    right: bytes
    wrong: bytes


def question(runtime: str, argument: bytes, result: bytes) -> bytes:
    """The payload of the argument that a verifier is called with. `runtime` is the short name jobs use."""
    return _FORMS[runtime].question(argument, result)


def verdict(runtime: str, answer: bytes) -> Verdict:
    """What a verifier's encoded outcome says of the result it was asked about."""
    if answer[:1] != bytes([outcome.VALUE]):
        return Verdict.NONE
    form = _FORMS[runtime]
    return {form.right: Verdict.RIGHT, form.wrong: Verdict.WRONG}.get(outcome.payload(answer), Verdict.NONE)


def _python_question(argument: bytes, result: bytes) -> bytes:
    return _PAIR + _one_value(argument) + result


def _one_value(arguments: bytes) -> bytes:
    """The list of a call's arguments as one value: the only one, or a tuple of all."""
    count, head = _list_head(arguments)
    if count == 1:
        return arguments[head:]
    return _list_of(count + 1) + _TUPLE + arguments[head:]


def _list_head(encoded: bytes) -> tuple[int, int]:
    """How many items a msgpack list has, and where the first begins; what is no list is an only item."""
    match encoded[:1]:
        case b"\xdc":
            return int.from_bytes(encoded[1:3], "big"), 3
        case b"\xdd":
            return int.from_bytes(encoded[1:5], "big"), 5
        case first if first and first[0] & 0xF0 == 0x90:
            return first[0] & 0x0F, 1
    return 1, 0


def _list_of(count: int) -> bytes:
    if count < 16:
        return bytes([0x90 | count])
    return b"\xdc" + count.to_bytes(2, "big") if count < 1 << 16 else b"\xdd" + count.to_bytes(5, "big")[1:]


def _bytes_question(argument: bytes, result: bytes) -> bytes:
    return len(argument).to_bytes(4, "little") + argument + result


_FORMS = {"python": Form(_python_question, b"\xc3", b"\xc2"), "wasm": Form(_bytes_question, b"\x01", b"\x00")}
RUNTIMES = frozenset(_FORMS)
"""The short names of the runtimes whose results a verifier can check."""
