"""Cursors of pages: opaque to clients, the last row's sort key to us. Must never be trusted to be what we gave."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import msgspec

from we1web.coordinator.refusals import Refusal

Key = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
_keys = msgspec.msgpack.Decoder(list[Key])
MAX_CHARS = 64


def encode(*keys: int) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(keys)).decode().rstrip("=")


def decode(cursor: str | None, first: tuple[int, ...]) -> tuple[int, ...]:
    """The keys inside, or `first` when there is no cursor. Raises Refusal for what we never gave."""
    if not cursor:
        return first
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        keys = tuple(_keys.decode(urlsafe_b64decode(padded.encode("ascii")))) if len(cursor) <= MAX_CHARS else ()
    except (ValueError, msgspec.DecodeError):
        keys = ()
    if len(keys) != len(first):
        raise Refusal("this cursor is not one of ours", code="bad_cursor", hint="use next_cursor of the last page")
    return keys
