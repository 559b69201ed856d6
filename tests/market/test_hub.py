"""What the hub hands to the journal: votes as they came, and of a judge nothing but that it judged."""

from types import SimpleNamespace
from typing import Any

import pytest
from tests.engine.world import World

from we1web.coordinator.market.grants import Grants
from we1web.coordinator.market.hub import Hub
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.registry import Registry
from we1web.engine.state import Job, Node
from we1web.protocol import outcome
from we1web.protocol.codec import decode_client, encode
from we1web.protocol.messages import Complete, Refusal, Report


class CountingEngine:
    """Takes every report for one bundle; places nothing."""

    def __init__(self, job: Job) -> None:
        self.job = job
        job.task_s = 1.0
        self.state = SimpleNamespace(bundles={5: SimpleNamespace(job=job)}, settled=[], finished=[])
        self.reports = 0

    def report(self, node: Node, bundle_id: int, outcomes: list[bytes], run_us: int, now: float) -> str:
        self.reports += 1
        return "" if bundle_id == 5 and self.reports == 1 else "not_leased"

    def reported(self, node: Node, now: float) -> None: ...

    def place(self, now: float) -> dict[Node, Any]:
        return {}

    def take_in_time(self) -> list[int]:
        return []

    def take_withdrawn(self) -> list[Any]:
        return []


class MemoryJournal:
    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.kept: list[Report] = []

    def record(self, link: Link, frame: bytes, seq: int, fast: list[int]) -> None:
        self.said.append(("record", seq))
        message = decode_client(frame)
        assert isinstance(message, Complete)
        self.kept += message.reports

    def acknowledge(self, link: Link, seq: int) -> None:
        self.said.append(("acknowledge", seq))

    def touch(self, job: Job) -> None:
        self.said.append(("touch", job.key))

    def backlog(self) -> int:
        return 0


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("referee", "said", "votes"),
    [("", [("touch", 1), ("record", 9)], 2), ("*", [("touch", 1), ("acknowledge", 9)], 0)],
)
async def test_a_judges_report_is_judged_and_acknowledged_and_not_kept(
    referee: str, said: list[tuple[Any, ...]], votes: int
) -> None:
    engine, journal = CountingEngine(World().job(1)), MemoryJournal()
    hub = Hub(engine, Registry(), Grants(bytes(32)), None)  # type: ignore[arg-type]
    hub.journal = journal  # type: ignore[assignment]
    link = Link(None, lambda frame: None, lambda code, reason: None)  # type: ignore[arg-type]
    link.node = Node(1, 1)
    link.node.referee = referee
    complete = Complete(9, [Report(5, [outcome.value(b"a"), outcome.value(b"b")], 1)])
    hub.completed(link, complete, encode(complete), 0.0)
    assert (journal.said, engine.reports, hub.votes) == (said, 1, votes)


async def test_a_vote_that_was_counted_is_kept_though_its_bundle_comes_twice() -> None:
    engine, journal = CountingEngine(World().job(1)), MemoryJournal()
    hub = Hub(engine, Registry(), Grants(bytes(32)), None)  # type: ignore[arg-type]
    hub.journal = journal  # type: ignore[assignment]
    link = Link(None, lambda frame: None, lambda code, reason: None)  # type: ignore[arg-type]
    link.node = Node(1, 1)
    first, second = (Report(5, [outcome.value(text)], 1) for text in (b"a", b"b"))
    complete = Complete(9, [first, second])
    hub.completed(link, complete, encode(complete), 0.0)
    assert (journal.kept, link.refused) == ([first], [Refusal(5, "not_leased")])
