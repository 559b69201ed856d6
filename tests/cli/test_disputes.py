"""`we1web disputes`: what people and scripts read, and how a contest is made."""

from typing import Any

import pytest
from tests.cli.conftest import Run

from we1web.cli import disputes
from we1web.testing.fake_coordinator import FakeCoordinator

ACCEPTED, MINE = "aa" * 32, "bb" * 32


@pytest.fixture
def dispute(fake: FakeCoordinator) -> dict[str, Any]:
    votes = [
        {"node": "node-1", "digest": ACCEPTED, "weight": 2.5, "paid": True, "mine": False},
        {"node": "node-2", "digest": MINE, "weight": 0.5, "paid": False, "mine": True},
    ]
    times = {"opened_at": "2026-01-01T00:00:00Z", "resolved_at": "2026-01-01T00:01:00Z"}
    found = {"id": 17, "task": "1048576", "job": "job-1", "index": 0, "how": "panel", "accepted": ACCEPTED}
    fake.market.disputes[17] = {
        **found, **times, "truth": None, "votes": votes, "contestable_until": "2026-01-08T00:01:00Z", "contest": None,
    }  # fmt: skip
    return fake.market.disputes[17]


def test_disputes_are_listed(we1web: Run, dispute: dict[str, Any]) -> None:
    (line,) = we1web("disputes").out.splitlines()
    assert line.split("\t")[:6] == ["17", "job-1", "1048576", "panel", "2", "1"]
    assert "possible until" in line
    assert [one["id"] for one in we1web("disputes", "--json").json["disputes"]] == [17]


def test_one_dispute_shows_every_vote(we1web: Run, dispute: dict[str, Any]) -> None:
    ran = we1web("disputes", 17)
    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert rows == [
        ["node-1", ACCEPTED[: disputes.SHORT], "2.50", "paid", ""],
        ["node-2", MINE[: disputes.SHORT], "0.50", "unpaid", "you"],
    ]
    assert "ended by panel" in ran.err and "a referee found nothing" in ran.err
    assert we1web("disputes", 17, "--json").json["votes"][1]["mine"] is True


def test_an_unpaid_vote_is_contested_once(we1web: Run, dispute: dict[str, Any]) -> None:
    assert we1web("disputes", 17, "--contest", "--json").json["contest"]["state"] == "waiting"
    again = we1web("disputes", 17, "--contest")
    assert (again.code, "already_contested" in again.err) == (1, True)
    assert "waiting" in we1web("disputes").out


def test_mistakes_are_said_in_a_line(we1web: Run) -> None:
    assert "which dispute" in we1web("disputes", "--contest").err
    assert we1web("disputes", 99).code == 1
    assert we1web("disputes", "seventeen").code == 2
