"""The small parts of the market: grants, cuts, rows, books, reasons."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.world import World, truth

from we1web.coordinator.market import columns, rows
from we1web.coordinator.market.books import Books
from we1web.coordinator.market.claims import MAX_BUNDLE_BYTES, cut
from we1web.coordinator.market.grants import Grants
from we1web.coordinator.market.journal import Journal
from we1web.coordinator.market.pending import pending_votes
from we1web.coordinator.market.pooling import Membership
from we1web.coordinator.market.records import JobRecord, job_record
from we1web.coordinator.market.recovery import Logged, logged, recall_single_voters
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.market.tallies import by_node
from we1web.coordinator.queries import votes
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.pools import Share, Split, Terms
from we1web.domain.reputation import MAX_WEIGHT
from we1web.domain.requirements import Requirements
from we1web.engine.effects import Dispute, Settled
from we1web.engine.state import FAILED, VERIFIED
from we1web.protocol import outcome
from we1web.protocol.messages import Held

NOW = 1_000.0


def record(price: int = 100, fee: int = 10, **changes: Any) -> JobRecord:
    """A job as a row of the database describes it."""
    row = {
        "key": 1, "id": uuid4(), "requester_id": uuid4(), "requester_key": 7, "runtime_id": "wasm-1",
        "program": bytes(32), "entry": "", "policy": "classic", "strategy": "round_robin", "price_micros": price,
        "fee_micros": fee, "worth_micros": price - fee, "budget_micros": 10_000, "currency": "usd", "wall_ms": 1000,
        "memory_bytes": 1,
        "output_bytes": 1, "instructions": 0, "state": "running", "total": 3, "verified": 1, "failed": 0, "ended": 1,
        "executions": 3, "spent_micros": 300, "task_us": 2500,
        "validator": "exact", "validator_parameters": {}, "epsilon": None, "hold_s": None, "requirements": {},
        "weight": 1.0, "priority": 0, "left_s": None, "error_sum": 0.0, "singles": 0, "referee_runs": 0,
        "runtime": "wasm", "verifier": None, "verifier_entry": "",
        "requester": "Ada", "name": "tiles", "purpose": "a map",
        "bonus_micros": 0, "bonus_fee_micros": 0, "bonus_within_s": None,
    } | changes  # fmt: skip
    return job_record(row, NOW)


class TestGrants:
    grants = Grants(b"k" * 32)

    def test_a_genuine_grant_is_honoured_for_the_bundles_it_covers(self) -> None:
        grant = self.grants.give(5, [1, 2, 3])
        assert self.grants.genuine(5, [Held(grant, [1, 2, 3], [1, 3, 4])]) == [1, 3]

    @pytest.mark.parametrize("node, granted", [(6, [1, 2, 3]), (5, [1, 2]), (5, [1, 2, 3, 4]), (5, [3, 2, 1])])
    def test_it_is_worth_nothing_to_another_node_or_for_other_bundles(self, node: int, granted: list[int]) -> None:
        grant = self.grants.give(5, [1, 2, 3])
        assert self.grants.genuine(node, [Held(grant, granted, granted)]) == []

    def test_another_key_is_not_believed(self) -> None:
        grant = Grants(b"x" * 32).give(5, [1])
        assert self.grants.genuine(5, [Held(grant, [1], [1])]) == []


class TestCut:
    @given(st.lists(st.integers(0, 700_000), max_size=30), st.integers(1, 10))
    def test_bundles_are_consecutive_complete_and_within_both_limits(self, sizes: list[int], size: int) -> None:
        arguments = [outcome.inline(bytes(length)) for length in sizes]
        bundles = list(cut(arguments, size))
        assert [argument for _, bundle in bundles for argument in bundle] == arguments
        place = 0
        for first, bundle in bundles:
            assert first == place and 0 < len(bundle) <= size
            assert len(bundle) == 1 or sum(map(len, bundle)) <= MAX_BUNDLE_BYTES
            place += len(bundle)

    def test_large_blobs_do_not_gather_in_one_bundle(self) -> None:
        blob = outcome.reference(bytes(32), 64 << 20)
        assert [len(bundle) for _, bundle in cut([blob] * 5, 100)] == [2, 2, 1]


class TestBooks:
    owners: ClassVar = {1: UUID(int=1), 2: UUID(int=2)}

    def test_each_paid_vote_costs_the_price_and_earns_it_less_the_fee(self) -> None:
        books, job = Books(), record()
        books.paid(job, owner=1, node=11, votes=3)
        books.paid(job, owner=2, node=22, votes=1)
        (transaction,) = books.close(9, self.owners)
        amounts = {(p.account.kind.value, p.account.owner): p.amount for p in transaction.postings}
        assert amounts == {
            ("escrow", None): -400,
            ("earnings", UUID(int=1)): 270,
            ("earnings", UUID(int=2)): 90,
            ("fees", None): 40,
        }
        assert books.empty and not books.close(10, self.owners)

    def test_nodes_are_told_what_was_judged_once(self) -> None:
        books, job = Books(), record()
        books.paid(job, 1, 11, 3)
        books.rejected(job, 11, 2)
        assert [(each.node, each.paid, each.rejected) for each in books.take_judged()] == [(11, 3, 2)]
        assert books.take_judged() == []

    def test_what_was_judged_is_counted_by_node(self) -> None:
        books, tiles, free = Books(), record(), record(key=2, price=0, fee=0)
        books.paid(tiles, 1, 11, 3)
        books.paid(free, 1, 11, 2)
        books.rejected(tiles, 22, 1)
        core_us = (3 + 2) * 2_500
        assert by_node(books.judged()) == [
            [11, 22],
            ["usd", "usd"],
            [5, 0],
            [0, 1],
            [270, 0],
            [core_us, 0],
            *[[0, 0]] * 2,
        ]
        assert not books.idle
        books.ended(2, 1)
        books.close(1, self.owners)
        assert len(books.take_judged()) == 3
        assert (books.take_ended(), books.take_ended(), books.idle) == ((2, 1), (0, 0), True)

    def test_votes_that_were_in_time_cost_and_earn_the_bonus_on_top(self) -> None:
        books = Books()
        job = record(bonus_micros=50, bonus_fee_micros=5, bonus_within_s=1.0)
        books.paid(job, owner=1, node=11, votes=3, fast=2)
        books.paid(job, owner=1, node=12, votes=1)
        books.paid(job, owner=2, node=22, votes=1, fast=1)
        assert [(each.node, each.earned_micros) for each in books.judged()] == [(11, 360), (12, 90), (22, 135)]
        assert by_node(books.judged())[4] == [360, 90, 135]
        (transaction,) = books.close(9, self.owners)
        amounts = {(p.account.kind.value, p.account.owner): p.amount for p in transaction.postings}
        assert amounts == {
            ("escrow", None): -650,
            ("earnings", UUID(int=1)): 450,
            ("earnings", UUID(int=2)): 135,
            ("fees", None): 65,
        }

    def test_what_members_of_pools_earn_is_shared_and_their_nodes_are_told_their_parts(self) -> None:
        books, job, pool = Books(), record(), UUID(int=9)
        books.paid(job, owner=1, node=11, votes=1)
        books.paid(job, owner=1, node=12, votes=2)
        books.paid(job, owner=2, node=22, votes=3)
        assert books.owners == {1, 2}
        books.share({1: Membership(pool, Terms(333, Split.EQUAL))})
        assert [each.share for each in books.judged()] == [Share(2, 0, 88), Share(6, 0, 174), Share(0, 270, 0)]
        (transaction,) = books.close(9, self.owners)
        amounts = {(p.account.kind.value, p.account.owner or p.account.pool): p.amount for p in transaction.postings}
        assert amounts == {
            ("escrow", None): -600,
            ("earnings", UUID(int=2)): 270,
            ("pool", pool): 8,
            ("pot", pool): 262,
            ("fees", None): 60,
        }
        (shared,) = books.take_shared()
        assert (shared.owner, shared.votes, shared.gross, shared.share) == (UUID(int=1), 3, 270, Share(8, 0, 262))
        assert books.take_shared() == []
        assert by_node(books.judged())[6:] == [[2, 6, 0], [88, 174, 0]]
        books.take_judged()
        books.paid(job, owner=1, node=11, votes=1)
        assert [each.share for each in books.take_judged()] == [Share(0, 90, 0)]

    def test_work_for_nothing_moves_no_money(self) -> None:
        books = Books()
        books.paid(record(price=0, fee=0), 1, 11, 3)
        assert books.close(1, self.owners) == []


def test_votes_on_open_tasks_are_pending_until_they_are_judged() -> None:
    world = World()
    job = world.job(8, bundle=4)
    job.reward_micros = 90
    world.node(1)
    world.run(lambda node, task: truth(task))
    assert pending_votes(world.engine.state, 1) == {job.key: (8, 0)}
    assert pending_votes(world.engine.state, 2) == {}
    for key in (2, 3):
        world.node(key)
    world.run(lambda node, task: truth(task))
    assert pending_votes(world.engine.state, 1) == {}


def settled_world(tasks: int) -> list[Settled]:
    world = World()
    for key in range(1, 4):
        world.node(key)
    world.job(tasks, bundle=4)
    error = outcome.error(outcome.RemoteFailure("ValueError", "no", ""))
    world.run(lambda node, task: error if task % 4 == 3 else truth(task))
    return world.settled


async def test_copied_rows_are_what_was_settled(database: Database) -> None:
    """The hand-packed binary COPY against the real server."""
    stated = [settled._replace(error=0.25) for settled in settled_world(10)]
    ended = [row for settled in stated for row in rows.ended(settled, settled.bundle.id & 0xFFFFF)]
    service = await database.connect_service()
    try:
        stream = rows.copy_stream(ended, flush=77)
        await service.copy_to_table("tasks", source=_pieces(stream), format="binary", columns=rows.COLUMNS)
        found = await service.fetch("select * from public.tasks where flush = 77 order by id")
    finally:
        await service.close()
    assert [row["index"] for row in found] == list(range(10))
    for row in found:
        assert row["state"] == (FAILED if row["id"] % 4 == 3 else VERIFIED)
        assert row["digest"] == outcome.digest(row["outcome"])
        assert row["error"] == 0.25
        assert sorted(vote >> 16 for vote in row["votes"]) == [1, 2, 3]
        assert all(vote & rows.AGREED and (vote & 0x7FFF) > 2000 for vote in row["votes"])


async def test_who_voted_alone_is_known_after_a_restart(database: Database) -> None:
    registry = Registry()
    registry.add_job(record(key=501, singles=2))
    registry.add_job(record(key=502))
    async with database.transaction(SERVICE) as tx:
        agreed = 1 << 15
        for task, job, votes in (
            (1, 501, [7 << 16 | agreed | 900]),
            (2, 501, [7 << 16 | agreed | 900]),
            (3, 501, [8 << 16 | agreed]),
            (4, 501, [9 << 16]),
            (5, 501, [5 << 16 | agreed, 6 << 16 | agreed]),
            (6, 502, [4 << 16 | agreed]),
        ):
            await tx.execute(
                "insert into tasks (id, job_key, index, state, flush, votes) values ($1, $2, 0, 1, 1, $3)",
                task, job, votes,
            )  # fmt: skip
        await recall_single_voters(tx, registry)
    assert registry.alone == {501: {7, 8}}


async def _pieces(data: bytes):
    yield data


def test_rows_of_unpaid_tasks_have_no_votes() -> None:
    world = World()
    for key in range(1, 4):
        world.node(key)
    world.job(1)
    world.run(lambda node, task: outcome.none("time_limit"))
    (settled,) = world.settled
    (row,) = rows.ended(settled, 0)
    assert (row.state, row.votes, row.outcome) == (FAILED, [], outcome.none("time_limit"))
    assert rows.copy_stream([row], 1).endswith(rows.COPY_TAIL)


@given(st.lists(st.integers(0, (1 << 63) - 1), max_size=30))
def test_array_literals_are_postgres_arrays(values: list[int]) -> None:
    assert rows.array_text(values) == str(values).replace("[", "{").replace("]", "}").replace(" ", "")


def test_a_record_carries_what_the_row_says() -> None:
    found = record()
    assert found.reward_micros == 90
    assert (found.job.total, found.job.closed, found.job.ended, found.job.task_s) == (3, True, 1, 0.0025)
    assert found.job.interactive, "few tasks, all known"
    assert (found.job.bonus_micros, found.job.most_micros) == (0, 100)
    job = record(bonus_micros=50, bonus_fee_micros=5, bonus_within_s=2.5).job
    assert (job.bonus_micros, job.bonus_reward_micros, job.bonus_within_s, job.most_micros) == (50, 45, 2.5, 150)


def test_votes_say_who_was_fast_beside_the_heaviest_weight() -> None:
    (settled,) = settled_world(1)
    first = settled.paid[0]
    first.weight = MAX_WEIGHT
    packed = rows.votes_of(settled._replace(fast=[first]))
    assert packed[0] & rows.FAST and not (packed[1] | packed[2]) & rows.FAST
    told = votes.unpack(packed[0], {})
    assert (told.agreed, told.fast, told.weight) == (True, True, MAX_WEIGHT)
    assert votes.cost_micros(packed, {"price_micros": 100, "bonus_micros": 50}) == 350
    assert not votes.unpack(first.node.key << 16 | rows.AGREED | int(MAX_WEIGHT * 1_000), {}).fast, "rows of before"


def test_the_log_of_before_is_still_read() -> None:
    encode = msgspec.msgpack.encode
    assert list(logged(encode([5, b"a", 6, b"b"]))) == [Logged(5, b"a"), Logged(6, b"b")]
    mixed = encode([5, b"a", [1, 2], 6, b"b", 7, b"c", [3]])
    assert list(logged(mixed)) == [Logged(5, b"a", [1, 2]), Logged(6, b"b"), Logged(7, b"c", [3])]
    assert list(logged(encode([]))) == []


class TestTerms:
    def test_the_engine_learns_what_the_requester_asked_for(self) -> None:
        found = record(
            requirements={"cores": 4, "gpu": True, "countries": ["DE"], "not_countries": ["FR"], "mine": True},
            weight=2.0,
            priority=-1,
            left_s=60.0,
        )
        job = found.job
        assert job.requirements == Requirements(1, 4, True, frozenset({"DE"}), frozenset({"FR"}), frozenset({7}))
        assert (job.weight, job.priority, job.deadline, job.reward_micros) == (2.0, -1, NOW + 60, 90)
        assert (job.id, job.inputs) == (str(found.id), frozenset({bytes(32)}))

    def test_a_node_has_at_least_the_memory_of_a_task(self) -> None:
        assert record(memory_bytes=100, requirements={"memory_bytes": 50}).job.requirements.memory_bytes == 100
        assert record(memory_bytes=100, requirements={"memory_bytes": 200}).job.requirements.memory_bytes == 200
        assert record().job.deadline is None


class TestColumns:
    def test_a_dispute_that_ends_in_a_code_of_a_node_is_given_up(self) -> None:
        """Codes are a stranger's words: they go nowhere near a column of ours."""
        (settled,) = settled_world(1)
        votes = [(settled.paid[0], bytes(32), 1.5, False)]
        effect = Dispute(settled.bundle, 0, 10.0, 30.0, "memory\0limit", None, None, votes)
        key = settled.paid[0].node.key
        expected = (settled.bundle.id, 1, 90.0, 70.0, "gave_up", None, None, [key], [bytes(32)], [1.5], [False])
        assert columns.dispute(effect, 100.0) == expected
        assert columns.dispute(effect._replace(how="panel"), 100.0)[4] == "panel"

    def test_the_report_of_a_job_goes_on_after_a_restart(self) -> None:
        job = record(error_sum=0.25, singles=3, referee_runs=4).job
        assert [row[0] for row in columns.counters([job], {1: {7, 8}})] == [1, 1, 0, 3, 300, 2500, 0.25, 3, 4, 2]


def test_the_backlog_is_counted_in_tasks_however_they_are_bundled() -> None:
    engine = World().engine
    journal = Journal(None, engine, Registry(), lambda acks, batch: None, lambda books: None)
    assert journal.backlog() == 0
    for places, total in ((range(300), 300), (range(2), 302), (range(40), 342)):
        engine.state.settled.append(Settled(None, places, [], VERIFIED, [], []))  # type: ignore[arg-type]
        assert journal.backlog() == journal.backlog() == total


def test_a_job_that_is_read_twice_keeps_the_record_its_bundles_are_of() -> None:
    """Two readings may wait for the database at once: the later one replaces nothing."""
    registry, first = Registry(), record()
    assert registry.add_job(first) is first
    assert registry.add_job(record(id=first.id)) is first and registry.records == {1: first}
    registry.forget_job(1)
    assert (registry.records, registry.keys, registry.forgotten) == ({}, {}, {1})
