"""Reads the market's own records of a job into evidence. Pure: JSON in, a JobRecord out."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from we1web.demo.evidence import Answer, JobRecord, Vote
from we1web.protocol import outcome

STRANGER = "a stranger"


def record_of(
    job: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    *,
    owner_of: Mapping[str, str],
    received: Sequence[bytes],
    right: Sequence[bytes],
    fee_micros: int,
    seconds: float,
) -> JobRecord:
    """`owner_of`: node id → owner. `received`, `right`: what the client got, what is right; by input."""
    answers = [_answer(result, owner_of, received[result["index"]], right[result["index"]]) for result in results]
    return JobRecord(
        name=job["name"],
        total=job["total"],
        executions=job["executions"],
        spent_micros=job["spent_micros"],
        reward_micros=job["price_micros"] - fee_micros,
        answers=answers,
        seconds=seconds,
    )


def _answer(result: Mapping[str, Any], owner_of: Mapping[str, str], received: bytes, right: bytes) -> Answer:
    votes = tuple(Vote(owner_of.get(vote["node"] or "", STRANGER), vote["agreed"]) for vote in result["votes"])
    return Answer(result["state"], payload_of(result), received, right, votes)


def payload_of(result: Mapping[str, Any]) -> bytes:
    """The accepted result bytes; empty when what was accepted is no value at all (an agreed error, a cancellation)."""
    encoded = b64decode(result["outcome"] or "")
    return outcome.payload(encoded) if encoded[:1] == bytes([outcome.VALUE]) else b""


def is_settled(job: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the job has ended and every agreeing vote in its results has been charged."""
    agreed = sum(vote["agreed"] for result in results for vote in result["votes"])
    ended = job["state"] == "done" and len(results) == job["total"]
    return ended and bool(job["spent_micros"] >= agreed * job["price_micros"])
