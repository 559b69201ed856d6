"""Canonical bytes of arguments and outcomes, and the digest that votes compare.

An encoded value starts with its kind:

    VALUE  00 | meter (u64 little endian) | payload           the task returned; payload is the runtime's result bytes
    ERROR  01 | meter | msgpack [type, message, traceback]     the task itself failed, the same way everywhere
    BLOB   02 | SHA-256 of the full encoding | size (u64)      a larger one, kept in the blob store under its digest
    NONE   03 | code (ASCII)                                   no outcome: a limit was hit or the runtime died; no vote
    INLINE 04 | bytes                                          an argument that travels in the frame

`meter` is the metered instruction count where the runtime has one, else 0: it is compared with the result.
"""

from hashlib import sha256
from typing import NamedTuple

import msgspec

from we1web.protocol.errors import FrameError
from we1web.protocol.limits import MAX_BLOB_BYTES

VALUE, ERROR, BLOB, NONE, INLINE = range(5)
HEADER_BYTES = 9
DIGEST_BYTES = 32
BLOB_REFERENCE_BYTES = 1 + DIGEST_BYTES + 8
MAX_CODE_BYTES = 64


class RemoteFailure(NamedTuple):
    """What an ERROR outcome says: the exception's type, its message and the remote traceback."""

    type: str
    message: str
    traceback: str


_failure = msgspec.msgpack.Decoder(tuple[str, str, str])


def value(payload: bytes, meter: int = 0) -> bytes:
    return bytes([VALUE]) + meter.to_bytes(8, "little") + payload


def error(failure: RemoteFailure, meter: int = 0) -> bytes:
    return bytes([ERROR]) + meter.to_bytes(8, "little") + msgspec.msgpack.encode(tuple(failure))


def none(code: str) -> bytes:
    return bytes([NONE]) + code.encode("ascii")[:MAX_CODE_BYTES]


def inline(payload: bytes) -> bytes:
    return bytes([INLINE]) + payload


def reference(digest: bytes, size: int) -> bytes:
    """The name of a blob that holds a full encoding of `size` bytes."""
    return bytes([BLOB]) + digest + size.to_bytes(8, "little")


def blob_of(encoded: bytes) -> tuple[bytes, int] | None:
    """(digest, size) when `encoded` names a blob, else None."""
    if encoded[:1] != bytes([BLOB]):
        return None
    return encoded[1 : 1 + DIGEST_BYTES], int.from_bytes(encoded[1 + DIGEST_BYTES :], "little")


def digest(outcome: bytes) -> bytes:
    """The 32 bytes a vote stands for: the SHA-256 of the full encoding, wherever that is kept."""
    return outcome[1 : 1 + DIGEST_BYTES] if outcome[0] == BLOB else sha256(outcome).digest()


def same(one: bytes, other: bytes) -> bool:
    """Do two outcomes stand for the same result, wherever it is kept?"""
    if one == other:
        return True
    return (one[0] == BLOB or other[0] == BLOB) and digest(one) == digest(other)


def meter(outcome: bytes) -> int:
    """The metered instruction count of a VALUE or ERROR outcome."""
    return int.from_bytes(outcome[1:HEADER_BYTES], "little")


def payload(outcome: bytes) -> bytes:
    """The result bytes of a VALUE outcome."""
    return outcome[HEADER_BYTES:]


def failure(outcome: bytes) -> RemoteFailure:
    """Reads an ERROR outcome; a malformed one (a liar wrote it, and a majority agreed) still reads as a failure."""
    try:
        return RemoteFailure(*_failure.decode(outcome[HEADER_BYTES:]))
    except msgspec.DecodeError:
        return RemoteFailure("UnreadableError", "the agreed error could not be decoded", "")


def well_formed(encoded: bytes) -> bool:
    """Is this an outcome a node may report?"""
    match encoded[0] if encoded else -1:
        case 0 | 1:  # VALUE, ERROR
            return len(encoded) >= HEADER_BYTES
        case 2:  # BLOB
            return _good_reference(encoded)
        case 3:  # NONE
            return len(encoded) <= 1 + MAX_CODE_BYTES and encoded.isascii()
    return False


def check_outcome(encoded: bytes) -> None:
    """Raises FrameError when a node's outcome is not well formed."""
    if not well_formed(encoded):
        raise FrameError("an outcome is malformed", code="bad_outcome", hint="see spec/protocol.md, Outcomes")


def check_argument(encoded: bytes) -> None:
    """Raises FrameError when a requester's argument is not well formed."""
    kind = encoded[0] if encoded else -1
    if not (kind == INLINE or (kind == BLOB and _good_reference(encoded))):
        raise FrameError("an argument is malformed", code="bad_argument", hint="see spec/protocol.md, Arguments")


def _good_reference(encoded: bytes) -> bool:
    size = int.from_bytes(encoded[1 + DIGEST_BYTES :], "little")
    return len(encoded) == BLOB_REFERENCE_BYTES and size <= MAX_BLOB_BYTES
