"""Ended tasks as PostgreSQL's binary COPY rows: packed by hand, because this runs for every task there is."""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct, pack
from typing import NamedTuple

from we1web.engine.effects import Settled
from we1web.engine.standing import Standing
from we1web.engine.state import FAILED, VERIFIED
from we1web.protocol import outcome

COLUMNS = ("id", "job_key", "index", "state", "flush", "error", "digest", "outcome", "votes")
COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + pack(">ii", 0, 0)
COPY_TAIL = pack(">h", -1)
INT8 = 20
AGREED = 1 << 15
FAST = 1 << 14
"""Above any weight: a vote that agreed and came in time for the job's bonus."""
_row = Struct(">hiqiqiiihiqifi32si").pack
_array = Struct(">iiiiii").pack


class Ended(NamedTuple):
    """One row of tasks before packing."""

    id: int
    job_key: int
    position: int
    """In the job's input order: the column `index`."""
    state: int
    error: float
    """What the policy states as the chance that the outcome is wrong."""
    digest: bytes
    outcome: bytes
    votes: list[int]


def votes_of(settled: Settled) -> list[int]:
    """node_key << 16 | agreed << 15 | fast << 14 | weight in thousandths: who voted, how, and how heavily."""
    fast = settled.fast
    agreed = [_vote(standing) | AGREED | (FAST if standing in fast else 0) for standing in settled.paid]
    return agreed + [_vote(standing) for standing in settled.rejected]


def ended(settled: Settled, first_index: int) -> Iterator[Ended]:
    """The rows of one effect; `first_index` is the bundle's place in the job's input order."""
    bundle = settled.bundle
    votes, error = votes_of(settled), settled.error
    for place, encoded in zip(settled.places, settled.outcomes, strict=True):
        state = FAILED if settled.state == VERIFIED and encoded[0] == outcome.ERROR else settled.state
        digest = outcome.digest(encoded)
        yield Ended(bundle.id + place, bundle.job.key, first_index + place, state, error, digest, encoded, votes)


def copy_stream(rows: Iterable[Ended], flush: int) -> bytes:
    """A whole binary COPY into tasks (COLUMNS)."""
    out = [COPY_HEAD]
    packed_for: Sequence[int] | None = None
    votes = b""
    for id, job_key, position, state, error, digest, encoded, voters in rows:
        if voters is not packed_for:  # the tasks of a bundle share their votes
            packed_for, votes = voters, _votes(voters)
        out += (
            _row(9, 8, id, 8, job_key, 4, position, 2, state, 8, flush, 4, error, 32, digest, len(encoded)),
            encoded,
            votes,
        )
    out.append(COPY_TAIL)
    return b"".join(out)


def array_text(values: Sequence[int]) -> str:
    """A bigint[] literal."""
    return "{" + ",".join(map(str, values)) + "}"


def _vote(standing: Standing) -> int:
    return standing.node.key << 16 | min(FAST - 1, int(standing.weight * 1000))


def _votes(values: Sequence[int]) -> bytes:
    if not values:
        return pack(">iiii", 12, 0, 0, INT8)
    body = b"".join([pack(">iq", 8, value) for value in values])
    return _array(20 + len(body), 1, 0, INT8, len(values), 1) + body
