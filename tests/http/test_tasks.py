"""Single tasks and results over HTTP: states, outcomes, votes, pages in the order of agreement."""

from base64 import b64decode

import msgspec
from tests.http.conftest import PROGRAM_DIGEST, Newcomer, Person, Site, create, encoded, node_key, task_ids
from tests.http.market import FAILED

from we1web.protocol import outcome


def task_order(**changes: object) -> dict[str, object]:
    return {
        "runtime": "python",
        "program": PROGRAM_DIGEST,
        "entry": "double",
        "price_micros": 100,
        "argument": encoded(b"1"),
    } | changes


async def test_a_single_task_from_creation_to_outcome(site: Site, newcomer: Newcomer, requester: Person) -> None:
    created = (await requester.http.post("/api/tasks/create", json=task_order())).json()
    assert created["state"] == "queued"
    url = f"/api/tasks/{created['id']}"
    assert (await requester.http.get(url)).json()["state"] == "queued"
    site.market.states[int(created["id"])] = "voting"
    assert (await requester.http.get(url)).json()["state"] == "voting"
    early = await requester.http.get(f"{url}/outcome")
    assert (early.status_code, early.json()["code"]) == (409, "task_not_ended")
    node, key = await node_key(site, await newcomer())
    votes = [key << 16 | 1 << 15 | 2_500, key << 16 | 700]
    await site.market.agree(int(created["id"]), outcome.value(b"42"), votes=votes)
    task = (await requester.http.get(url)).json()
    assert (task["state"], task["index"], task["cost_micros"], task["error"]) == ("verified", 0, 100, None)
    assert task["votes"] == [
        {"node": node, "agreed": True, "weight": 2.5, "fast": False},
        {"node": node, "agreed": False, "weight": 0.7, "fast": False},
    ]
    assert b64decode(task["outcome"]) == outcome.value(b"42")
    whole = await requester.http.get(f"{url}/outcome")
    assert (whole.content, whole.headers["content-type"]) == (outcome.value(b"42"), "application/octet-stream")


async def test_an_agreed_error_and_a_limit_that_was_hit_say_why(site: Site, requester: Person) -> None:
    job = await create(requester, 2, complete=True)
    first, second = await task_ids(site, job)
    failure = outcome.RemoteFailure("ValueError", "no", "Traceback...")
    await site.market.agree(first, outcome.error(failure), state=FAILED)
    await site.market.agree(second, outcome.none("time_limit"), state=FAILED)
    task = (await requester.http.get(f"/api/tasks/{first}")).json()
    assert task["error"] == {"type": "ValueError", "message": "no", "traceback": "Traceback..."}
    assert (await requester.http.get(f"/api/tasks/{second}")).json()["error"]["type"] == "time_limit"


async def test_an_outcome_that_is_a_blob_comes_whole(site: Site, newcomer: Newcomer, requester: Person) -> None:
    job = await create(requester, 1, complete=True)
    (task,) = await task_ids(site, job)
    content = outcome.value(b"r" * 100_000)
    contributor = await newcomer()
    digest = await contributor.upload(content)
    await site.market.agree(task, outcome.reference(bytes.fromhex(digest), len(content)))
    assert (await requester.http.get(f"/api/tasks/{task}/outcome")).content == content
    assert (await requester.http.get(f"/api/blobs/{digest}")).status_code == 404


async def test_results_come_in_the_order_of_agreement_in_pages(site: Site, requester: Person) -> None:
    job = await create(requester, 5, complete=True)
    ids = await task_ids(site, job)
    agreed = [ids[3], ids[0], ids[4]]
    for task in agreed:
        await site.market.agree(task, outcome.value(b"%d" % task))
    url = f"/api/jobs/{job['id']}/results"
    first = (await requester.http.get(url, params={"limit": 2})).json()
    assert [item["task"] for item in first["items"]] == [str(task) for task in agreed[:2]]
    assert [item["index"] for item in first["items"]] == [3, 0]
    query = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await requester.http.get(url, params=query)).json()
    assert [item["task"] for item in second["items"]] == [str(agreed[2])]
    rest = {"cursor": second["next_cursor"]}
    assert (await requester.http.get(url, params=rest)).json() == {"items": [], "next_cursor": second["next_cursor"]}
    await site.market.agree(ids[1], outcome.value(b"late"))
    (item,) = (await requester.http.get(url, params=rest)).json()["items"]
    assert b64decode(item["outcome"]) == outcome.value(b"late")


async def test_a_page_of_large_results_is_cut_by_bytes(site: Site, requester: Person) -> None:
    job = await create(requester, 200, complete=True)
    for task in await task_ids(site, job):
        await site.market.agree(task, outcome.value(bytes(60_000)))
    url, headers = f"/api/jobs/{job['id']}/results", {"Accept": "application/msgpack"}
    answer = await requester.http.get(url, headers=headers)
    page = msgspec.msgpack.decode(answer.content)
    assert answer.headers["content-type"] == "application/msgpack"
    assert 100 < len(page["items"]) < 200 and len(answer.content) < 9 << 20
    assert page["items"][0]["outcome"] == outcome.value(bytes(60_000))
    rest = await requester.http.get(url, params={"cursor": page["next_cursor"]}, headers=headers)
    assert len(page["items"]) + len(msgspec.msgpack.decode(rest.content)["items"]) == 200


async def test_results_of_an_ended_job_have_a_last_page(requester: Person) -> None:
    job = await create(requester, 1, complete=True)
    await requester.http.delete(f"/api/jobs/{job['id']}")
    answer = await requester.http.get(f"/api/jobs/{job['id']}/results")
    assert answer.json() == {"items": [], "next_cursor": None}


async def test_a_task_is_cancelled_once_and_an_ended_one_never(site: Site, requester: Person) -> None:
    job = await create(requester, 2, complete=True)
    first, second = await task_ids(site, job)
    assert (await requester.http.delete(f"/api/tasks/{first}")).json()["state"] == "cancelled"
    assert (await requester.http.get(f"/api/tasks/{first}")).json()["state"] == "cancelled"
    await site.market.agree(second, outcome.value(b""))
    assert (await requester.http.delete(f"/api/tasks/{second}")).json()["state"] == "verified"


async def test_other_peoples_tasks_do_not_exist(site: Site, newcomer: Newcomer, requester: Person) -> None:
    job, other = await create(requester, 2, complete=True), await newcomer()
    first, second = await task_ids(site, job)
    await site.market.agree(second, outcome.value(b"secret"))
    for task in (first, second, second + 1, second + (1 << 40), 0):
        for answer in (
            await other.http.get(f"/api/tasks/{task}"),
            await other.http.get(f"/api/tasks/{task}/outcome"),
            await other.http.delete(f"/api/tasks/{task}"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await requester.http.get(f"/api/tasks/{first}")).json()["state"] == "queued"


async def test_ids_and_cursors_that_we_never_gave(requester: Person) -> None:
    for task in ("-1", "x", str(1 << 64), "1.5", "١٢"):
        answer = await requester.http.get(f"/api/tasks/{task}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), task
    for cursor in ("x", "AAAA", "gAAAA", "kwEC", "ks8AAAAA", "%00", "=" * 10, "é"):
        answer = await requester.http.get("/api/jobs", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), cursor
    answer = await requester.http.get("/api/jobs", params={"cursor": "A" * 65})
    assert answer.status_code == 422


async def test_creating_a_task_is_idempotent(requester: Person) -> None:
    key = {"Idempotency-Key": "task"}
    answers = [await requester.http.post("/api/tasks/create", json=task_order(), headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await requester.http.get("/api/jobs")).json()["items"]) == 1
