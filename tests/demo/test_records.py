"""The market's JSON becomes evidence: owners by node, accepted payloads, and when a job counts as settled."""

from base64 import b64encode
from typing import Any

import pytest

from we1web.demo.evidence import Vote
from we1web.demo.records import STRANGER, is_settled, payload_of, record_of
from we1web.protocol import outcome

OWNERS = {"node-1": "ada", "node-2": "mallory"}
JOB = {"name": "a job", "state": "done", "total": 1, "executions": 2, "spent_micros": 500, "price_micros": 500}


def result(encoded: bytes = outcome.value(b"4", meter=7), **changes: Any) -> dict[str, Any]:
    votes = [{"node": "node-1", "agreed": True, "weight": 1.0}, {"node": "node-2", "agreed": False, "weight": 1.0}]
    told = {"index": 0, "state": "verified", "outcome": b64encode(encoded).decode(), "votes": votes}
    return {**told, **changes}


def test_a_record_names_the_owners_of_the_votes_and_what_a_vote_earns() -> None:
    record = record_of(JOB, [result()], owner_of=OWNERS, received=[b"4"], right=[b"4"], fee_micros=50, seconds=2.0)
    assert record.reward_micros == 450
    assert record.answers[0][1:4] == (b"4", b"4", b"4")
    assert record.answers[0].votes == (Vote("ada", True), Vote("mallory", False))


def test_a_node_nobody_here_owns_is_a_stranger() -> None:
    record = record_of(JOB, [result()], owner_of={}, received=[b"4"], right=[b"4"], fee_micros=0, seconds=0)
    assert {vote.owner for vote in record.answers[0].votes} == {STRANGER}


@pytest.mark.parametrize(
    "encoded", [outcome.error(outcome.RemoteFailure("ValueError", "no", "")), outcome.none("time_limit"), b""]
)
def test_what_is_no_value_has_no_payload(encoded: bytes) -> None:
    assert payload_of(result(encoded)) == b""


@pytest.mark.parametrize(
    ("changes", "settled"),
    [({}, True), ({"state": "running"}, False), ({"total": 2}, False), ({"spent_micros": 499}, False)],
)
def test_a_job_is_settled_when_it_ended_and_every_agreeing_vote_was_charged(
    changes: dict[str, Any], settled: bool
) -> None:
    assert is_settled({**JOB, **changes}, [result()]) is settled
