"""Disputes over HTTP: who sees which, with what evidence; contests, and what a referee's ruling makes of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.http.conftest import Newcomer, Person, Site, create, encoded_reference, node_key, task_ids
from tests.storage.rows import BY

from we1web.coordinator.actions import contest_dispute
from we1web.coordinator.market import contests
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes
from we1web.domain.recipes import Overdrawn
from we1web.protocol import outcome

TRUTH, LIE, OTHER = (outcome.digest(outcome.value(word)) for word in (b"truth", b"lie", b"other"))
Votes = list[tuple[int, bytes, float, bool]]


@dataclass
class Case:
    """A dispute on the first task of a job: one honest vote was paid, one for another digest was not."""

    id: int
    task: int
    job: dict[str, Any]
    right: Person
    wrong: Person
    nodes: list[str]


async def record(site: Site, task: int, votes: Votes, *, how: str = "panel", days_ago: float = 0) -> int:
    """A dispute as the journal writes it."""
    node_keys, digests, weights, paid = map(list, zip(*votes, strict=True))
    accepted = next((digest for _, digest, _, was_paid in votes if was_paid), None)
    async with site.app.services.database.transaction(SERVICE) as tx:
        chunk = await tx.fetchrow("select * from chunks where id = $1", task >> 20)
        dispute: int = await tx.fetchval(
            "insert into disputes (task_id, job_key, index, opened_at, resolved_at, how, accepted, nodes, digests,"
            " weights, paid) values ($1, $2, 0, now() - $3::interval, now() - $3::interval, $4, $5, $6, $7, $8, $9)"
            " returning id",
            task, chunk["job_key"], timedelta(days=days_ago), how, accepted, node_keys, digests, weights, paid,
        )  # fmt: skip
    return dispute


@pytest.fixture
def case(site: Site, requester: Person, newcomer: Newcomer) -> Any:
    async def make(how: str = "panel", days_ago: float = 0, lie: bytes = LIE, **changes: Any) -> Case:
        job = await create(requester, 1, complete=True, **changes)
        (task,) = await task_ids(site, job)
        right, wrong = await newcomer(), await newcomer()
        (one, one_key), (two, two_key) = await node_key(site, right), await node_key(site, wrong)
        votes: Votes = [(one_key, TRUTH, 2.5, how != "cancelled"), (two_key, lie, 0.5, False)]
        dispute = await record(site, task, votes, how=how, days_ago=days_ago)
        await site.market.agree(task, outcome.value(b"truth"), votes=[one_key << 16 | 1 << 15 | 2_500])
        return Case(dispute, task, job, right, wrong, [one, two])

    return make


async def listed(person: Person, **query: str) -> list[int]:
    return [item["id"] for item in (await person.http.get("/api/disputes", params=query)).json()["items"]]


async def contested(person: Person, dispute: int) -> tuple[int, dict[str, Any]]:
    answer = await person.http.post(f"/api/disputes/{dispute}/contest")
    return answer.status_code, answer.json()


async def test_all_whom_it_concerns_see_the_evidence(requester: Person, case: Any, newcomer: Newcomer) -> None:
    found = await case()
    seen = (await requester.http.get(f"/api/disputes/{found.id}")).json()
    assert (seen["task"], seen["job"], seen["how"]) == (str(found.task), found.job["id"], "panel")
    assert seen["accepted"] == TRUTH.hex()
    assert (seen["truth"], seen["contest"], seen["contestable_until"]) == (None, None, None)
    votes = [
        {"node": found.nodes[0], "digest": TRUTH.hex(), "weight": 2.5, "paid": True, "mine": False},
        {"node": found.nodes[1], "digest": LIE.hex(), "weight": 0.5, "paid": False, "mine": False},
    ]
    assert seen["votes"] == votes
    loser = (await found.wrong.http.get(f"/api/disputes/{found.id}")).json()
    assert [vote["mine"] for vote in loser["votes"]] == [False, True]
    assert loser["contestable_until"] is not None
    assert (await found.right.http.get(f"/api/disputes/{found.id}")).json()["contestable_until"] is None
    for person in (requester, found.right, found.wrong):
        assert found.id in await listed(person)
    assert found.id not in await listed(requester, role="contributor")
    assert found.id in await listed(found.wrong, role="contributor")
    stranger = await newcomer()
    assert await listed(stranger) == []
    for answer in (
        await stranger.http.get(f"/api/disputes/{found.id}"),
        await stranger.http.post(f"/api/disputes/{found.id}/contest"),
        await requester.http.get(f"/api/disputes/{found.id + 1_000_000}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_token_sees_what_its_scope_covers(site: Site, requester: Person, case: Any) -> None:
    found = await case()
    for person, scope, visible in (
        (requester, "jobs", True),
        (requester, "node", False),
        (found.wrong, "node", True),
        (found.wrong, "jobs", False),
    ):
        made = await person.http.post("/api/auth/tokens", json={"name": "limited", "scopes": [scope]})
        async with site.client(made.json()["token"]) as limited:
            assert (await limited.get(f"/api/disputes/{found.id}")).is_success is visible
            items = (await limited.get("/api/disputes")).json()["items"]
            assert (found.id in [item["id"] for item in items]) is visible


async def test_a_task_names_its_disputes(requester: Person, case: Any) -> None:
    found = await case()
    task = (await requester.http.get(f"/api/tasks/{found.task}")).json()
    assert task["disputes"] == [found.id]


async def test_disputes_come_in_pages_newest_first(requester: Person, case: Any) -> None:
    made = [(await case()).id for _ in range(3)]
    first = (await requester.http.get("/api/disputes", params={"limit": 2})).json()
    rest = (await requester.http.get("/api/disputes", params={"cursor": first["next_cursor"], "limit": 1})).json()
    assert [item["id"] for page in (first, rest) for item in page["items"]] == made[::-1]
    assert rest["next_cursor"] is None


async def test_a_contest_waits_for_a_referee_once(case: Any) -> None:
    found = await case()
    status, body = await contested(found.wrong, found.id)
    assert (status, body["contest"]["state"], body["contest"]["decided_at"]) == (200, "waiting", None)
    assert body["contestable_until"] is None
    assert (await contested(found.wrong, found.id))[1]["code"] == "already_contested"


async def test_what_cannot_be_contested_says_why(requester: Person, case: Any, site: Site) -> None:
    found = await case()
    late, withdrawn = await case(days_ago=8), await case(how="cancelled")
    tolerant = await case(validator="numeric_tolerance")
    for person, dispute, code, says in (
        (requester, found.id, "not_contestable", "none of your nodes"),
        (found.right, found.id, "not_contestable", "were paid"),
        (late.wrong, late.id, "contest_too_late", "over"),
        (withdrawn.wrong, withdrawn.id, "not_contestable", "withdrew"),
        (tolerant.wrong, tolerant.id, "not_contestable", "exact"),
    ):
        status, body = await contested(person, dispute)
        assert (status, body["code"]) == (409, code)
        assert says in body["detail"]


async def test_data_that_is_gone_cannot_be_run_again(site: Site, requester: Person, case: Any) -> None:
    blob = await requester.upload(b"large argument")
    found = await case(arguments=[encoded_reference(blob, 14)])
    site.app.services.blobs.path_of(bytes.fromhex(blob)).unlink()
    assert (await contested(found.wrong, found.id))[1]["code"] == "evidence_gone"


async def test_an_account_contests_a_few_times_a_day(site: Site, case: Any) -> None:
    found = await case()
    votes = [((await node_key(site, found.wrong))[1], LIE, 1.0, False)]
    more = [await record(site, found.task, votes) for _ in range(contest_dispute.MAX_A_DAY)]
    assert {(await contested(found.wrong, dispute))[0] for dispute in more} == {200}
    status, body = await contested(found.wrong, found.id)
    assert (status, body["code"], body["retryable"]) == (429, "too_many_contests", True)


def test_a_ruling_is_about_digests_and_pay_and_nothing_else() -> None:
    ann, bob = UUID(int=1), UUID(int=2)
    nodes, owners = [1, 2, 3, 4], {1: ann, 2: bob, 3: bob}
    digests = [TRUTH, LIE, OTHER, LIE]
    paid = [True, False, False, False]
    assert contests.ruling(TRUTH, nodes, digests, paid, owners) == (False, ())
    assert contests.ruling(LIE, nodes, digests, paid, owners) == (True, (bob,)), "node 4 has no owner any more"
    assert contests.ruling(LIE, nodes, digests, [True] * 4, owners) == (False, ()), "who was paid is not paid again"


async def earned(person: Person) -> int:
    return sum(b["earnings_micros"] for b in (await person.http.get("/api/payments/earnings")).json()["balances"])


async def rule(site: Site, dispute: int, truth: bytes) -> contests.Ruling | None:
    async with site.app.services.database.transaction(SERVICE) as tx:
        return await contests.rule(tx, dispute, truth)


async def test_a_ruling_pays_whoever_was_right_from_the_fees_and_only_once(
    site: Site, requester: Person, case: Any
) -> None:
    found = await case()
    await contested(found.wrong, found.id)
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute("update jobs set fee_micros = 40 where id = $1", UUID(found.job["id"]))
        short = recipes.settle(UUID(found.job["id"]), 1, {}, 59)
        await ledger.post(tx, short, BY)
    assert await fees(site) == 59
    with pytest.raises(Overdrawn):
        await rule(site, found.id, LIE)
    assert (await found.wrong.http.get(f"/api/disputes/{found.id}")).json()["contest"]["state"] == "waiting"
    async with site.app.services.database.transaction(SERVICE) as tx:
        await ledger.post(tx, recipes.settle(UUID(found.job["id"]), 2, {}, 6), BY)
    assert await rule(site, found.id, LIE) == (True, (UUID(found.wrong.id),))
    contest = (await found.wrong.http.get(f"/api/disputes/{found.id}")).json()["contest"]
    assert (contest["state"], contest["truth"], contest["paid_micros"]) == ("overturned", LIE.hex(), 60)
    assert (await earned(found.wrong), await earned(found.right), await fees(site)) == (60, 0, 5)
    assert await rule(site, found.id, LIE) is None, "nothing waits any more"
    movements = (await found.wrong.http.get("/api/payments/earnings")).json()["items"]
    assert [(m["kind"], m["job"], m["amount_micros"]) for m in movements] == [("compensate", found.job["id"], 60)]


async def test_a_decision_that_was_right_stands(site: Site, case: Any) -> None:
    found = await case()
    await contested(found.wrong, found.id)
    assert await rule(site, found.id, TRUTH) == (False, ())
    contest = (await found.wrong.http.get(f"/api/disputes/{found.id}")).json()["contest"]
    assert (contest["state"], contest["truth"], contest["paid_micros"]) == ("upheld", TRUTH.hex(), 0)


async def test_a_referee_runs_a_dispute_for_one_contest_only(site: Site, case: Any, newcomer: Newcomer) -> None:
    found, other = await case(), await newcomer()
    _, key = await node_key(site, other)
    await contested(found.wrong, found.id)
    await rule(site, found.id, TRUTH)
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute(
            "update disputes set nodes = nodes || $2::bigint, digests = digests || $3::bytea,"
            " weights = weights || 1.0::real, paid = paid || false where id = $1",
            found.id, key, LIE,
        )  # fmt: skip
    status, body = await contested(other, found.id)
    assert (status, body["code"]) == (409, "not_contestable")


async def fees(site: Site) -> int:
    totals = (await site.operator.get("/api/operator/books")).json()["totals"]
    return sum(total["balance_micros"] for total in totals if total["kind"] == "fees")


async def test_ids_that_we_never_gave(requester: Person) -> None:
    for dispute in ("-1", "x", str(1 << 64)):
        answer = await requester.http.get(f"/api/disputes/{dispute}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    answer = await requester.http.get("/api/disputes", params={"role": "judge"})
    assert answer.status_code == 422
