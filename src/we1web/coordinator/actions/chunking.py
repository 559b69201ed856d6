"""Arguments to chunk rows: pure. A job's first chunk is small, because the engine measures the job with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from we1web.coordinator.refusals import Refusal
from we1web.protocol import outcome
from we1web.protocol.limits import INLINE_BYTES

PROBE_TASKS = 4
"""One bundle of them is run before the rest is cut: enough to measure, little to lose on long tasks."""
CREATION = -1
"""The sequence of arguments that came with the job itself, before the client's own sequences 0, 1, 2..."""


@dataclass(frozen=True)
class Chunk:
    """One row of the chunks table."""

    sequence: int
    first_index: int
    n: int
    body: bytes


def stored_sequence(sequence: int) -> int:
    """A submission may become two chunks, so each has two places in the order."""
    return 2 * (sequence + 1)


def cut(arguments: Sequence[bytes], sequence: int, first_index: int) -> list[Chunk]:
    """The chunks of one submission: one, or two when it opens the job and is larger than the probe."""
    at = PROBE_TASKS if first_index == 0 else len(arguments)
    parts = [part for part in (arguments[:at], arguments[at:]) if part]
    start = stored_sequence(sequence)
    return [
        Chunk(start + place, first_index + place * at, len(part), msgspec.msgpack.encode(part))
        for place, part in enumerate(parts)
    ]


def blobs_of(arguments: Sequence[bytes]) -> dict[bytes, int]:
    """The blobs that arguments name: digest → size they claim. Raises when an argument is malformed or too large."""
    found: dict[bytes, int] = {}
    for argument in arguments:
        outcome.check_argument(argument)
        if len(argument) > INLINE_BYTES + 1:
            raise Refusal(
                f"an inline argument is above {INLINE_BYTES} bytes", code="bad_argument", hint="send it as a blob"
            )
        named = outcome.blob_of(argument)
        if named and found.setdefault(*named) != named[1]:
            raise Refusal("one blob is named with two sizes", code="bad_argument", hint="name its true size")
    return found
