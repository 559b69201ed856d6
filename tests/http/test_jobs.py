"""Jobs over HTTP: creating, adding tasks, closing, cancelling, reading; budgets, ownership and hostile input."""

from hashlib import sha256
from uuid import UUID, uuid4

import msgspec
from tests.http.conftest import Newcomer, Person, Site, create, encoded, encoded_reference, order

from we1web.protocol import outcome


async def wallet(person: Person) -> dict[str, int]:
    answer = await person.http.get("/api/payments/earnings")
    (balance,) = answer.json()["balances"]
    return {name: balance[name] for name in ("wallet_micros", "held_micros")}


async def test_a_job_is_created_with_its_budget_in_escrow(site: Site, requester: Person) -> None:
    job = await create(requester, 3, complete=True)
    assert (job["state"], job["total"], job["verified"], job["spent_micros"]) == ("running", 3, 0, 0)
    assert job["closed_at"] is not None
    assert await wallet(requester) == {"wallet_micros": 900_000, "held_micros": 100_000}
    again = (await requester.http.get(f"/api/jobs/{job['id']}")).json()
    assert again["waiting"] == "no node is online"
    assert again | {"waiting": ""} == job
    assert site.market.submissions


async def test_the_first_chunk_is_a_probe_and_the_rest_is_large(site: Site, requester: Person) -> None:
    job = await create(requester, 100)
    more = {"sequence": 0, "arguments": [encoded(b"x")] * 40}
    answer = await requester.http.post(f"/api/jobs/{job['id']}/tasks", json=more)
    assert answer.json() == {"job": job["id"], "state": "open", "first": 100, "n": 40, "total": 140}
    chunks = await site.market.chunks_of(UUID(job["id"]))
    assert [(c["first_index"], c["n"]) for c in chunks] == [(0, 4), (4, 96), (100, 40)]
    assert msgspec.msgpack.decode(chunks[1]["body"])[0] == outcome.inline(b"4")


async def test_a_batch_may_be_repeated_but_not_changed(site: Site, requester: Person) -> None:
    job = await create(requester)
    batch = {"sequence": 0, "arguments": [encoded(b"%d" % i) for i in range(20)]}
    url = f"/api/jobs/{job['id']}/tasks"
    first = (await requester.http.post(url, json=batch)).json()
    assert (await requester.http.post(url, json=batch)).json() == first
    assert [c["n"] for c in await site.market.chunks_of(UUID(job["id"]))] == [4, 16]
    changed = await requester.http.post(url, json=batch | {"arguments": [encoded(b"other")]})
    assert (changed.status_code, changed.json()["code"]) == (409, "sequence_conflict")
    assert (await requester.http.get(f"/api/jobs/{job['id']}")).json()["total"] == 20


async def test_batches_come_in_order(requester: Person) -> None:
    job = await create(requester)
    url = f"/api/jobs/{job['id']}/tasks"
    assert (await requester.http.post(url, json={"sequence": 5, "arguments": [encoded(b"a")]})).status_code == 200
    late = await requester.http.post(url, json={"sequence": 4, "arguments": [encoded(b"b")]})
    assert (late.status_code, late.json()["code"]) == (409, "sequence_conflict")


async def test_a_batch_may_be_msgpack_with_raw_bytes(requester: Person) -> None:
    job = await create(requester)
    body = msgspec.msgpack.encode({"sequence": 1, "arguments": [outcome.inline(b"\xff")], "complete": True})
    url, headers = f"/api/jobs/{job['id']}/tasks", {"Content-Type": "application/msgpack"}
    answer = await requester.http.post(url, content=body, headers=headers)
    assert answer.json() == {"job": job["id"], "state": "running", "first": 0, "n": 1, "total": 1}
    after = await requester.http.post(url, content=body.replace(b"\x01", b"\x02", 1), headers=headers)
    assert after.json()["code"] in ("job_closed", "sequence_conflict", "bad_argument")
    closed = await requester.http.post(url, json={"sequence": 9, "arguments": [encoded(b"z")]})
    assert (closed.status_code, closed.json()["code"]) == (409, "job_closed")


async def test_jobs_are_found_by_what_they_are(requester: Person) -> None:
    for name, changes in (
        ("Tiles of Paris", {"complete": True}),
        ("tiles of Rome", {}),
        ("Words", {"policy": "pair"}),
        ("100%_done", {}),
    ):
        await create(requester, 1, name=name, **changes)
    cancelled = (await create(requester, 1, name="gone"))["id"]
    await requester.http.delete(f"/api/jobs/{cancelled}")

    async def found(**query: object) -> list[str]:
        answer = await requester.http.get("/api/jobs", params=query)
        return [job["name"] for job in answer.json()["items"]]

    assert await found() == ["gone", "100%_done", "Words", "tiles of Rome", "Tiles of Paris"]
    assert await found(q="TILES") == ["tiles of Rome", "Tiles of Paris"]
    assert await found(q="%_") == ["100%_done"]
    assert await found(q="\0 ") == await found()
    assert await found(state=["running", "cancelled"]) == ["gone", "Tiles of Paris"]
    assert await found(policy="pair") == ["Words"]
    assert await found(runtime="wasm") == []
    assert await found(q="tiles", runtime="python", state="open", policy="classic") == ["tiles of Rome"]
    first = (await requester.http.get("/api/jobs", params={"q": "tiles", "limit": 1})).json()
    rest = await found(q="tiles", cursor=first["next_cursor"])
    assert ([job["name"] for job in first["items"]], rest) == (["tiles of Rome"], ["Tiles of Paris"])
    assert (await requester.http.get("/api/jobs", params={"state": "lost"})).status_code == 422


async def test_a_job_says_in_a_line_what_it_is_for(requester: Person) -> None:
    assert (await create(requester))["purpose"] == ""
    assert (await create(requester, purpose="Straßenkarten für alle"))["purpose"] == "Straßenkarten für alle"
    for wrong in ("two\nlines", "x" * 201):
        refused = await requester.http.post("/api/jobs", json=order(purpose=wrong))
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_a_budget_below_the_price_is_refused_and_nothing_is_held(requester: Person) -> None:
    before = await wallet(requester)
    refused = await requester.http.post("/api/jobs", json=order(10, budget_micros=2_999))
    assert (refused.status_code, refused.json()["code"]) == (422, "budget_too_small")
    assert "0.00" in refused.json()["detail"]
    assert await wallet(requester) == before
    job = await create(requester, 1, budget_micros=300)
    more = {"sequence": 0, "arguments": [encoded(b"x")]}
    refused = await requester.http.post(f"/api/jobs/{job['id']}/tasks", json=more)
    assert refused.json()["code"] == "budget_too_small"


async def test_a_budget_above_the_wallet_is_refused(requester: Person) -> None:
    refused = await requester.http.post("/api/jobs", json=order(1, budget_micros=1_000_001))
    assert (refused.status_code, refused.json()["code"]) == (402, "insufficient_funds")
    assert (await requester.http.get("/api/jobs")).json()["items"] == []


async def test_without_a_budget_half_as_much_again_is_held(requester: Person) -> None:
    assert (await create(requester, 2, budget_micros=None))["budget_micros"] == 900


async def test_an_estimate_costs_nothing(site: Site) -> None:
    async with site.client() as stranger:
        answer = await stranger.post("/api/jobs/estimate", json={"n": 1_000, "price_micros": 500})
    assert answer.json() == {
        "n": 1_000,
        "quorum": 3,
        "estimate_micros": 1_500_000,
        "bonuses_micros": 0,
        "budget_micros": 2_250_000,
        "fee_micros": 50,
        "currency": "usd",
    }


async def test_the_same_key_and_body_create_one_job(requester: Person) -> None:
    key = {"Idempotency-Key": "once"}
    first = await requester.http.post("/api/jobs", json=order(2), headers=key)
    again = await requester.http.post("/api/jobs", json=order(2), headers=key)
    assert first.json() == again.json()
    assert len((await requester.http.get("/api/jobs")).json()["items"]) == 1
    other = await requester.http.post("/api/jobs", json=order(3), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


async def test_a_refused_request_leaves_its_key_free(requester: Person) -> None:
    key = {"Idempotency-Key": "second try"}
    assert (await requester.http.post("/api/jobs", json=order(), headers=key)).status_code == 422
    key = {"Idempotency-Key": "second-try"}
    assert (await requester.http.post("/api/jobs", json=order(9, budget_micros=1), headers=key)).status_code == 422
    assert (await requester.http.post("/api/jobs", json=order(1), headers=key)).status_code == 200


async def test_keys_of_two_people_do_not_meet(site: Site, newcomer: Newcomer, requester: Person) -> None:
    key = {"Idempotency-Key": "mine"}
    other = await newcomer()
    await requester.http.post("/api/jobs", json=order(1), headers=key)
    answer = await other.http.post("/api/jobs", json=order(1), headers=key)
    assert answer.json()["code"] == "blob_missing"


async def test_jobs_come_in_pages_newest_first(requester: Person) -> None:
    made = [(await create(requester, 1, name=f"job {i}"))["id"] for i in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await requester.http.get("/api/jobs", params=query)).json()
        seen += [job["id"] for job in page["items"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (made[::-1], None)


async def test_closing_twice_is_closing_once(requester: Person) -> None:
    job = await create(requester, 2)
    closed = (await requester.http.post(f"/api/jobs/{job['id']}/close")).json()
    assert (closed["state"], closed["total"]) == ("running", 2)
    assert (await requester.http.post(f"/api/jobs/{job['id']}/close")).json() == closed


async def test_closing_an_empty_job_ends_it_and_gives_the_money_back(requester: Person) -> None:
    before = await wallet(requester)
    job = await create(requester)
    ended = (await requester.http.post(f"/api/jobs/{job['id']}/close")).json()
    assert (ended["state"], ended["ended_at"] is not None) == ("done", True)
    assert await wallet(requester) == before


async def test_cancelling_gives_the_money_back_once(requester: Person) -> None:
    before = await wallet(requester)
    job = await create(requester, 5)
    gone = (await requester.http.delete(f"/api/jobs/{job['id']}")).json()
    assert gone["state"] == "cancelled"
    assert (await requester.http.delete(f"/api/jobs/{job['id']}")).json() == gone
    assert await wallet(requester) == before


async def test_other_peoples_jobs_do_not_exist(newcomer: Newcomer, requester: Person) -> None:
    job, other = await create(requester, 1), await newcomer()
    batch = {"sequence": 0, "arguments": [encoded(b"x")]}
    for answer in (
        await other.http.get(f"/api/jobs/{job['id']}"),
        await other.http.delete(f"/api/jobs/{job['id']}"),
        await other.http.post(f"/api/jobs/{job['id']}/close"),
        await other.http.post(f"/api/jobs/{job['id']}/tasks", json=batch),
        await other.http.get(f"/api/jobs/{job['id']}/results"),
        await other.http.get(f"/api/jobs/{uuid4()}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await requester.http.get(f"/api/jobs/{job['id']}")).json()["state"] == "open"


async def test_blobs_of_a_job_must_be_the_requesters(newcomer: Newcomer, requester: Person) -> None:
    other = await newcomer()
    theirs = await other.upload(b"their data")
    naming = encoded_reference(theirs, 10)
    refused = await requester.http.post("/api/jobs", json=order(0, arguments=[naming]))
    assert (refused.status_code, refused.json()["code"]) == (422, "blob_missing")
    mine = await requester.upload(b"my data")
    wrong_size = await requester.http.post("/api/jobs", json=order(0, arguments=[encoded_reference(mine, 6)]))
    assert wrong_size.json()["code"] == "blob_missing"
    assert (await create(requester, arguments=[encoded_reference(mine, 7)]))["total"] == 1


async def test_hostile_orders_are_refused_by_name(requester: Person) -> None:
    large = encoded(b"x" * (64 * 1024 + 1))
    for changes, code in (
        ({"policy": "mine"}, "invalid_request"),
        ({"strategy": "mine"}, "invalid_request"),
        ({"runtime": "fortran"}, "invalid_request"),
        ({"program": "00" * 32}, "blob_missing"),
        ({"program": "zz"}, "invalid_request"),
        ({"price_micros": 0}, "bad_price"),
        ({"price_micros": -1}, "invalid_request"),
        ({"price_micros": 1.5}, "invalid_request"),
        ({"budget_micros": 1 << 60}, "invalid_request"),
        ({"name": "a\x00b"}, "invalid_request"),
        ({"name": "x" * 101}, "invalid_request"),
        ({"surprise": 1}, "invalid_request"),
        ({"arguments": ["not base64!"]}, "invalid_request"),
        ({"arguments": [""]}, "bad_argument"),
        ({"arguments": ["AAAA"]}, "bad_argument"),
        ({"arguments": [large]}, "bad_argument"),
        ({"arguments": [encoded(b"")] * 1_001}, "invalid_request"),
        ({"complete": True}, "no_tasks"),
        ({"limits": {"wall_s": 1e9}}, "invalid_request"),
        ({"limits": {"memory_bytes": 1 << 40}}, "invalid_request"),
        ({"deadline_s": -5}, "invalid_request"),
    ):
        refused = await requester.http.post("/api/jobs", json=order() | changes)
        assert (refused.json()["code"], refused.status_code) == (code, 422), changes
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await requester.http.get("/api/jobs")).json()["items"] == []


async def test_too_many_tasks_in_one_call_are_refused(requester: Person) -> None:
    job = await create(requester)
    url = f"/api/jobs/{job['id']}/tasks"
    refused = await requester.http.post(url, json={"sequence": 0, "arguments": [encoded(b"")] * 1_001})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    heavy = [encoded(b"x" * 60_000)] * 140
    refused = await requester.http.post(url, json={"sequence": 0, "arguments": heavy})
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    for body in (b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"sequence": 99999999999999999999}'):
        refused = await requester.http.post(url, content=body, headers={"Content-Type": "application/json"})
        assert refused.json()["code"] in ("bad_body", "invalid_request"), body[:9]
    refused = await requester.http.post(url, content=b"a=1", headers={"Content-Type": "text/plain"})
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


async def test_a_large_source_program_is_refused(requester: Person) -> None:
    content = bytes((4 << 20) + 1)
    await requester.upload(content)
    refused = await requester.http.post("/api/jobs", json=order(1, program=sha256(content).hexdigest()))
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_program")
