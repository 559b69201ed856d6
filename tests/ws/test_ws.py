"""What the coordinator answers over its WebSocket: to honest nodes and requesters, and to everybody else."""

from uuid import uuid4

import msgspec
import pytest
import websockets
from tests.ws.conftest import HandNode, Site, Wire, serve

from we1web.protocol import outcome
from we1web.protocol.codec import decode_client, encode
from we1web.protocol.limits import MAX_FRAME_BYTES, SUBPROTOCOL_JSON, VERSION
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    Completed,
    Failed,
    Heartbeat,
    Held,
    Hello,
    JobProgress,
    PaymentProcessed,
    Register,
    Registered,
    Report,
    Subscribe,
)
from we1web.protocol.server_session import MAX_SUBSCRIPTIONS
from we1web.testing.patience import eventually


async def three(site: Site) -> list[HandNode]:
    return [await site.node() for _ in range(3)]


@pytest.mark.rule("R33")
async def test_a_requester_gets_every_agreed_result_once_and_then_the_end(site: Site) -> None:
    requester = await site.requester()
    job = await site.submit(requester, [b"a", b"b", b"c"])
    wire = await site.greeted(await site.token("jobs", account=requester.headers["Authorization"].split()[1]))
    await wire.say(Subscribe(job))
    assert (await wire.hear(JobProgress)).total == 3
    await serve(await three(site), 9)
    found: dict[int, bytes] = {}
    while len(found) < 3:
        completed = await wire.hear(Completed)
        assert not set(found) & set(completed.indexes)
        found |= dict(zip(completed.indexes, completed.outcomes, strict=True))
        assert completed.states == ["verified"] * len(completed.indexes) and set(completed.votes) == {3}
    assert found == {0: outcome.value(b"a"), 1: outcome.value(b"b"), 2: outcome.value(b"c")}
    while (progress := await wire.hear(JobProgress)).state != "done":
        continue
    assert (progress.verified, progress.spent_micros) == (3, 900)
    for _ in range(MAX_SUBSCRIPTIONS + 1):  # an ended job does not count against the connection's limit
        await wire.say(Subscribe(job))
        while (await wire.hear(JobProgress)).state != "done":
            continue
    again = await site.greeted(await site.token("jobs", account=requester.headers["Authorization"].split()[1]))
    await again.say(Subscribe(job))
    assert sorted((await again.hear(Completed)).indexes) == [0, 1, 2], "what was agreed before comes first"


@pytest.mark.rule("R41")
async def test_news_of_a_payout_reach_its_user_and_nobody_else(site: Site) -> None:
    nodes = [await site.node() for _ in range(2)]
    floor = site.app.services.market.floor
    keys = {str(link.node_id): link.user_key for link in floor._links}
    news = [PaymentProcessed(str(uuid4()), "paid", "eur", 10, 9) for _ in nodes]
    for node, said in zip(nodes, news, strict=True):
        site.app.services.market.tell(keys[node.registered.node], said)
    assert [await node.hear(PaymentProcessed) for node in nodes] == news


async def test_a_node_learns_whose_job_it_is_and_what_for(site: Site) -> None:
    node = await site.node()
    requester = await site.requester()
    named = await requester.put("/auth/v1/user", json={"data": {"display_name": "Ada"}})
    assert named.is_success, named.text
    await site.submit(requester, [b"x"], name="tiles", purpose="a map of quiet streets")
    while not (jobs := (await node.hear(Assigned)).jobs):
        continue
    assert (jobs[0].requester, jobs[0].name, jobs[0].purpose) == ("Ada", "tiles", "a map of quiet streets")


async def test_nodes_learn_what_their_votes_earned(site: Site) -> None:
    nodes = await three(site)
    await site.submit(await site.requester(), [b"x"])
    for node in nodes:
        await node.answer(await node.leases())
    for node in nodes:
        credited = await node.hear(Completed)
        assert (credited.paid, credited.rejected, credited.earned_micros) == (1, 0, 90)
        assert credited.outcomes == []


async def test_what_a_node_earned_is_on_record(site: Site) -> None:
    account = await site.account()
    node = await site.node(await site.token("node", account=account), platform="linux-x86_64", name="attic")
    others = [await site.node() for _ in range(2)]
    await site.submit(await site.requester(), [b"x", b"y"])
    await serve([node, *others], 6)
    while (await node.hear(Completed)).paid < 1:
        continue
    async with site.http(account) as http:
        while (mine := (await http.get("/api/nodes/my-nodes")).json()["items"][0])["votes_paid"] < 2:
            assert mine["votes_rejected"] == 0
        assert (mine["earned_micros"], mine["earned_24h_micros"], mine["agreement"]) == (180, 180, 1.0)
        assert (await http.patch(f"/api/nodes/{mine['id']}", json={"name": "cellar"})).json()["name"] == "cellar"
    again = await site.node(await site.token("node", account=account), node=mine["id"], name="attic")
    assert again.registered.name == "cellar"


async def test_a_message_that_cannot_be_read_ends_the_connection_and_nothing_else(site: Site) -> None:
    honest = await site.node()
    for frame, code, close in [
        (b"\xc1", "bad_frame", 1007),
        (msgspec.msgpack.encode(["no:such", 1]), "bad_frame", 1007),
        (msgspec.msgpack.encode(["hello", "not a list", 5]), "bad_frame", 1007),
        (encode(Heartbeat(0, 0, 0.0)), "out_of_order", 1008),
        (encode(Hello([99], "t")), "version_unsupported", 1008),
    ]:
        wire = await site.wire()
        await wire.socket.send(frame)
        assert await wire.refusal() == (code, close)
    await honest.say(Heartbeat(0, 0, 0.0))
    await site.submit(await site.requester(), [b"x"])
    assert await honest.leases()


async def test_a_frame_beyond_the_limit_is_cut_off(site: Site) -> None:
    wire = await site.wire()
    with pytest.raises(websockets.ConnectionClosed):
        await wire.socket.send(bytes(MAX_FRAME_BYTES + 1))
        await wire.socket.recv()
    assert wire.socket.close_code == 1009


@pytest.mark.parametrize("token", ["", "we1_" + "A" * 43, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
async def test_forged_tokens_are_refused(site: Site, token: str) -> None:
    wire = await site.wire()
    await wire.say(Hello([VERSION], token))
    assert await wire.refusal() == ("token_invalid", 1008)


async def test_a_token_opens_only_what_its_scopes_say(site: Site) -> None:
    jobs = await site.greeted(await site.token("jobs"))
    await jobs.say(Register("", "n", 1, 1, ["wasm-1"], 1.0, 1))
    assert (await jobs.refusal())[0] == "scope_missing"
    node = await site.greeted(await site.token("node"))
    await node.say(Subscribe(str(uuid4())))
    assert (await node.refusal())[0] == "scope_missing"


async def test_other_peoples_jobs_and_nodes_are_unknown(site: Site) -> None:
    job = await site.submit(await site.requester(), [b"x"])
    stranger = await site.greeted(await site.token("jobs"))
    await stranger.say(Subscribe(job))
    assert (await stranger.refusal())[0] == "job_unknown"
    node = await site.node()
    thief = await site.greeted(await site.token("node"))
    await thief.say(Register(node.registered.node, "mine", 1, 1, ["wasm-1"], 1.0, 1))
    assert (await thief.refusal())[0] == "node_unknown"


async def test_leases_that_were_not_given_count_for_nothing(site: Site) -> None:
    """Foreign, replayed, invented and short reports are refused by name and change nothing."""
    nodes = await three(site)
    await site.submit(await site.requester(), [b"x"])
    leases = [await node.leases() for node in nodes]
    (lease,) = leases[0]
    stranger = await site.node()
    forged = await stranger.report(Report(lease.bundle, [outcome.value(b"x")], 1))
    assert [(r.bundle, r.code) for r in forged.refused] == [(lease.bundle, "not_leased")]
    short = await nodes[0].report(Report(lease.bundle, [outcome.value(b"x")] * 2, 1))
    assert short.refused[0].code == "wrong_count"
    malformed = await nodes[0].report(Report(lease.bundle, [b"\x09junk"], 1))
    assert malformed.refused[0].code == "bad_outcome"
    missing = await nodes[0].report(Report(lease.bundle, [outcome.reference(bytes(32), 70_000)], 1))
    assert missing.refused[0].code == "blob_missing"
    good = await nodes[0].answer(leases[0])
    assert good.refused == []
    replayed = await nodes[0].answer(leases[0])
    assert replayed.refused[0].code == "not_leased"
    floor = site.app.services.market.floor
    assert sum(len(bundle.ballots) for bundle in floor.engine.state.bundles.values()) == 1


async def test_results_for_a_cancelled_job_are_refused_and_the_money_comes_back(site: Site) -> None:
    node = await site.node()
    requester = await site.requester()
    job = await site.submit(requester, [b"x", b"y"])
    leases = await node.leases()
    assert (await requester.delete(f"/api/jobs/{job}")).is_success
    assert (await node.hear(Cancel)).code == "job_cancelled"
    assert {r.code for r in (await node.answer(leases)).refused} == {"not_leased"}
    balances = (await requester.get("/api/payments/earnings")).json()["balances"]
    assert balances[0]["wallet_micros"] == 10**9 and balances[0]["held_micros"] == 0


async def test_a_dropped_node_resumes_its_leases_and_its_results_count(site: Site) -> None:
    token = await site.token("node")
    node = await site.node(token)
    await site.submit(await site.requester(), [b"x"])
    leases = await node.leases()
    held = Held(node.grant, [one.bundle for one in leases], [one.bundle for one in leases])
    await node.socket.close()
    again = await site.node(token, node=node.registered.node, resume=[held])
    assert again.registered.honoured == [one.bundle for one in leases]
    assert (await again.answer(leases)).refused == []


async def test_a_forged_grant_is_not_honoured(site: Site) -> None:
    owner = await site.node()
    await site.submit(await site.requester(), [b"x"])
    leases = await owner.leases()
    ids = [one.bundle for one in leases]
    thief = await site.node(resume=[Held(owner.grant, ids, ids)])
    assert thief.registered.honoured == []


async def test_registering_again_takes_the_place_of_the_old_connection(site: Site) -> None:
    token = await site.token("node")
    old = await site.node(token)
    new = await site.node(token, node=old.registered.node)
    assert new.registered.node == old.registered.node
    await old.socket.wait_closed()
    assert old.socket.close_code == 4001


async def test_work_given_back_goes_to_somebody_else(site: Site) -> None:
    node = await site.node()
    await site.submit(await site.requester(), [b"x"])
    (lease,) = await node.leases()
    await node.say(Failed([lease.bundle], "no_disk"))
    other = await site.node()
    assert (await other.leases())[0].bundle == lease.bundle


async def test_a_paused_node_is_told_and_gets_nothing_until_it_is_active_again(site: Site) -> None:
    account = await site.account()
    node = await site.node(await site.token("node", account=account))
    async with site.http(account) as http:
        path = f"/api/nodes/{node.registered.node}/status"
        assert (await http.put(path, json={"status": "paused"})).is_success
        assert (await node.hear(Registered)).status == "paused"
        await site.submit(await site.requester(), [b"x"])
        assert (await http.put(path, json={"status": "active"})).is_success
        assert (await node.hear(Registered)).status == "active"
        assert await node.leases()
        assert (await http.put(path, json={"status": "retired"})).is_success
    await node.socket.wait_closed()
    assert node.socket.close_code == 4002


async def test_the_json_subprotocol_says_the_same_in_text(site: Site) -> None:
    wire = await site.wire(SUBPROTOCOL_JSON)
    await wire.socket.send(msgspec.json.encode(Hello([VERSION], await site.token("node"))).decode())
    welcome = await wire.socket.recv()
    assert isinstance(welcome, str) and welcome.startswith('["welcome"')
    await wire.socket.send(msgspec.json.encode(Register("", "js", 1, 1 << 34, ["wasm-1"], 1.0, 1)).decode())
    registered = msgspec.json.decode(await wire.socket.recv())
    assert registered[0] == "node:registered"


async def test_an_account_registers_a_limited_number_of_nodes(site: Site) -> None:
    token = await site.token("node")
    for _ in range(100):
        node = await site.node(token)
        await node.socket.close()
    wire: Wire = await site.greeted(token)
    await wire.say(Register("", "one more", 1, 1, ["wasm-1"], 1.0, 1))
    assert (await wire.refusal())[0] == "too_many_nodes"


async def test_a_saboteur_is_outvoted_unpaid_and_the_dispute_costs_the_honest_nothing(site: Site) -> None:
    requester = await site.requester()
    liar = await site.node()
    job = await site.submit(requester, [b"x"])
    leases = await liar.leases()
    await liar.report(Report(leases[0].bundle, [outcome.value(b"lie")], 1))
    honest = [await site.node() for _ in range(8)]
    await serve(honest, 8)

    async def ended() -> dict | None:
        found = (await requester.get(f"/api/jobs/{job}")).json()
        return found if found["state"] == "done" else None

    found = await eventually(ended, "the dispute is settled")
    (item,) = (await requester.get(f"/api/jobs/{job}/results")).json()["items"]
    assert sum(vote["agreed"] for vote in item["votes"]) == 8 == found["spent_micros"] // 100
    assert sum(not vote["agreed"] for vote in item["votes"]) == 1


async def test_acknowledged_means_durable(site: Site) -> None:
    """The vote is in the log before the node hears of it."""
    node = await site.node()
    await site.submit(await site.requester(), [b"x"])
    await node.answer(await node.leases())
    connection = await site.app.services.database.connect_service()
    try:
        bodies = [row["body"] for row in await connection.fetch("select body from public.vote_log")]
    finally:
        await connection.close()
    frames = [frame for body in bodies for frame in msgspec.msgpack.decode(body)[1::2]]
    assert [len(decode_client(frame).reports) for frame in frames] == [1]


async def test_an_empty_assignment_still_acknowledges(site: Site) -> None:
    node = await site.node()
    answer = await node.report(Report(12345, [outcome.value(b"?")], 1))
    assert isinstance(answer, Assigned) and answer.ack == 1 and answer.leases == []


async def test_text_that_no_database_keeps_ends_only_the_connection_that_sent_it(site: Site) -> None:
    node, honest = await site.node(), await site.node()
    await node.say(Heartbeat(0, 0, 0.0, True, "a\x00b"))
    assert await node.refusal() == ("bad_frame", 1007)
    wire = await site.greeted(await site.token("node"))
    await wire.say(Register("", "a\x00b", 1, 1, ["wasm-1"], 1.0, 1))
    assert await wire.refusal() == ("bad_frame", 1007)
    await site.submit(await site.requester(), [b"x"])
    assert await honest.leases()
