"""What the coordinator makes of what nodes tell of themselves, of referees, and of disputes, on the real market."""

from uuid import uuid4

import msgspec
import pytest
from tests.ws.conftest import Site, serve

from we1web.coordinator.market.networks import network_of
from we1web.engine.effects import Dispute
from we1web.protocol import outcome
from we1web.protocol.messages import Heartbeat, Register, Report
from we1web.testing.patience import eventually

NETWORKS = {
    "8.8.8.8": "8.8.8.0/24",
    "::ffff:8.8.4.4": "8.8.4.0/24",
    "2a00:1450:4001:82b::200e": "2a00:1450:4001::/48",
    "127.0.0.1": "",
    "10.1.2.3": "",
    "100.64.1.1": "",
    "fe80::1": "",
    "no address": "",
    "": "",
}


@pytest.mark.rule("R38")
@pytest.mark.parametrize(("host", "network"), NETWORKS.items())
def test_a_network_is_known_coarsely_or_not_at_all(host: str, network: str) -> None:
    assert network_of(host) == network


async def nodes_of(site: Site, account: str) -> list[dict]:
    async with site.http(account) as http:
        found: list[dict] = (await http.get("/api/nodes/my-nodes")).json()["items"]
        return found


@pytest.mark.rule("R38")
async def test_what_a_node_tells_of_itself_is_kept_and_placed_by(site: Site) -> None:
    account = await site.account()
    facts = {"gpu": "NVIDIA T4", "country": "DE", "floor_micros_per_h": 20_000, "cached": [bytes(32)]}
    node = await site.node(await site.token("node", account=account), **facts)
    (shown,) = await nodes_of(site, account)
    assert (shown["gpu"], shown["country"], shown["floor_micros_per_h"]) == ("NVIDIA T4", "DE", 20_000)
    assert (shown["network"], shown["referee"]) == ("", ""), "this machine's own network tells nothing"
    (known,) = site.app.services.market.floor.engine.state.nodes.values()
    assert (known.gpu, known.country, known.floor_micros_per_h) == ("NVIDIA T4", "DE", 20_000)
    assert list(known.cached) == [bytes(32)]
    await node.say(Heartbeat(0, 0, 0.0, rtt_ms=12.5))

    async def measured() -> bool | None:
        return known.rtt_s == 0.0125 or None

    await eventually(measured, "the heartbeat arrived")


@pytest.mark.rule("R4", "R38")
@pytest.mark.parametrize("facts", [{"country": "Germany"}, {"country": "de"}, {"cached": [b"short"]}])
async def test_impossible_facts_are_bad_frames(site: Site, facts: dict) -> None:
    wire = await site.greeted(await site.token("node"))
    await wire.say(Register("", "n", 1, 1, ["wasm-1"], 1.0, 1, **facts))
    assert await wire.refusal() == ("bad_frame", 1007)


@pytest.mark.rule("R39")
async def test_only_the_operator_judges_every_job(site: Site) -> None:
    wire = await site.greeted(await site.token("node"))
    await wire.say(Register("", "judge", 1, 1, ["wasm-1"], 1.0, 1, referee="*"))
    assert await wire.refusal() == ("not_operator", 1008)
    operator = site.app.operator_token_path.read_text().strip()
    judge = await site.node(operator, referee="*")
    assert judge.registered.status == "active"
    assert (await nodes_of(site, operator))[-1]["referee"] == "*"


@pytest.mark.rule("R39")
async def test_a_requester_judges_own_jobs_only(site: Site) -> None:
    requester = await site.requester()
    job = await site.submit(requester, [b"x"])
    for referee in (job, str(uuid4()), "no job"):
        wire = await site.greeted(await site.token("jobs"))
        await wire.say(Register("", "judge", 1, 1, ["wasm-1"], 1.0, 1, referee=referee))
        assert await wire.refusal() == ("job_unknown", 1008)
    account = requester.headers["Authorization"].split()[1]
    own = await site.token("jobs", account=account)
    assert (await site.node(own, referee=job)).registered.status == "active"
    wire = await site.greeted(await site.token("node", account=account))
    await wire.say(Register("", "judge", 1, 1, ["wasm-1"], 1.0, 1, referee=job))
    assert (await wire.refusal())[0] == "scope_missing"


async def test_a_dispute_that_ended_is_on_record_with_its_evidence(site: Site) -> None:
    node = await site.node()
    job = await site.submit(await site.requester(), [b"x", b"y"])
    (lease, *_) = await node.leases()
    floor = site.app.services.market.floor
    bundle = floor.engine.state.bundles[lease.bundle]
    (known,) = floor.engine.state.nodes.values()
    standing = known.standings[bundle.job.runtime_id]
    now = floor.engine.state.started_at or 0.0
    lie, truth = outcome.digest(outcome.value(b"lie")), outcome.digest(outcome.value(b"x"))
    effect = Dispute(bundle, 0, now - 60, now - 30, "referee", truth, truth, [(standing, lie, 2.5, False)])
    floor.engine.state.disputes.append(effect)
    await node.answer([lease])
    connection = await site.app.services.database.connect_service()
    try:
        (row,) = await connection.fetch("select d.*, j.id as job from disputes d join jobs j on j.key = d.job_key")
    finally:
        await connection.close()
    assert (row["task_id"], str(row["job"]), row["index"], row["how"]) == (bundle.id, job, 0, "referee")
    assert (row["accepted"], row["truth"]) == (truth, truth)
    assert (row["nodes"], row["digests"], row["weights"], row["paid"]) == ([standing.node.key], [lie], [2.5], [False])
    assert (row["resolved_at"] - row["opened_at"]).total_seconds() == pytest.approx(30, abs=0.01)


async def test_what_was_stated_and_who_ran_alone_add_up_in_the_report(site: Site) -> None:
    nodes = [await site.node() for _ in range(3)]
    requester = await site.requester()
    job = await site.submit(requester, [b"x", b"y"])
    await serve(nodes, 6)

    async def ended() -> dict | None:
        found = (await requester.get(f"/api/jobs/{job}")).json()
        return found if found["state"] == "done" else None

    found = await eventually(ended, "the job is done")
    assert (found["redundancy"], found["singles"], found["referee_runs"]) == (3.0, 0, 0)
    items = (await requester.get(f"/api/jobs/{job}/results")).json()["items"]
    assert found["expected_wrong"] == pytest.approx(sum(item["error_bound"] for item in items), abs=1e-6)
    page = await requester.get(f"/api/jobs/{job}/results", headers={"Accept": "application/msgpack"})
    assert all("error_bound" in item for item in msgspec.msgpack.decode(page.content)["items"])


@pytest.mark.rule("R39", "R40")
async def test_a_judge_decides_a_dispute_and_leaves_no_vote(site: Site) -> None:
    nodes = [await site.node() for _ in range(3)]
    operator = site.app.operator_token_path.read_text().strip()
    judge = await site.node(operator, referee="*")
    requester = await site.requester()
    job = await site.submit(requester, [b"x"])
    liar, *honest = nodes
    (lease,) = await liar.leases()
    await liar.report(Report(lease.bundle, [outcome.value(b"lie")], 1000))
    await honest[0].answer(await honest[0].leases())
    await judge.answer(await judge.leases())

    async def ended() -> dict | None:
        found = (await requester.get(f"/api/jobs/{job}")).json()
        return found if found["state"] == "done" else None

    (known,) = [n for n in site.app.services.market.floor.engine.state.nodes.values() if n.referee]
    connection = await site.app.services.database.connect_service()
    try:
        logged = [msgspec.msgpack.decode(row["body"]) for row in await connection.fetch("select body from vote_log")]
    finally:
        await connection.close()
    assert known.key not in {key for flat in logged for key in flat[::2]}
    await honest[1].answer(await honest[1].leases())
    found = await eventually(ended, "the job is done")
    assert found["referee_runs"] == 1
    (dispute,) = (await requester.get("/api/disputes")).json()["items"]
    assert (dispute["how"], dispute["accepted"]) == ("referee", outcome.digest(outcome.value(b"x")).hex())
    assert dispute["truth"] == dispute["accepted"]
    votes = {vote["node"]: vote["paid"] for vote in dispute["votes"]}
    assert votes == {liar.registered.node: False, honest[0].registered.node: True}
    (item,) = (await requester.get(f"/api/jobs/{job}/results")).json()["items"]
    assert (await requester.get(f"/api/tasks/{item['task']}")).json()["disputes"] == [dispute["id"]]


async def test_ones_own_devices_answer_for_nothing_and_strangers_are_not_asked(site: Site) -> None:
    requester, stranger = await site.requester(), await site.node()
    job = await site.submit(requester, [b"x"], policy="trusted", price_micros=0, budget_micros=0)
    own = await site.token("node", account=requester.headers["Authorization"].split()[1])
    device = await site.node(own)
    await device.answer(await device.leases())

    async def ended() -> dict | None:
        found = (await requester.get(f"/api/jobs/{job}")).json()
        return found if found["state"] == "done" else None

    found = await eventually(ended, "the job is done")
    assert (found["verified"], found["singles"], found["spent_micros"]) == (1, 1, 0)
    (item,) = (await requester.get(f"/api/jobs/{job}/results")).json()["items"]
    assert [vote["node"] for vote in item["votes"]] == [device.registered.node] != [stranger.registered.node]
