"""The table of a job's tasks and the file of its results: any place of it, any state, values as people read them."""

import csv
import io
import json
from base64 import b64encode
from typing import Any

from tests.http.conftest import Newcomer, Person, Site, create, encoded, encoded_reference, node_key, task_ids
from tests.http.market import CANCELLED, FAILED

from we1web.protocol import outcome, values
from we1web.protocol.outcome import RemoteFailure

AGREED = 1 << 15


def value(of: object) -> bytes:
    return outcome.value(values.dumps(of))


async def rows(person: Person, job: dict[str, Any], **query: object) -> dict[str, Any]:
    answer = await person.http.get(f"/api/jobs/{job['id']}/tasks", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def places(found: dict[str, Any]) -> list[int]:
    return [item["index"] for item in found["items"]]


async def test_a_table_is_read_from_any_place_across_chunks(site: Site, requester: Person) -> None:
    job = await create(requester, 100)
    more = {"sequence": 0, "arguments": job_arguments(30), "complete": True}
    assert (await requester.http.post(f"/api/jobs/{job['id']}/tasks", json=more)).status_code == 200
    ids = await task_ids(site, job)
    first = await rows(requester, job, limit=6)
    assert (first["total"], places(first), first["next"]) == (130, [0, 1, 2, 3, 4, 5], 6)
    assert [item["id"] for item in first["items"]] == [str(task) for task in ids[:6]]
    middle = await rows(requester, job, **{"from": 98, "limit": 4})
    assert (places(middle), middle["next"]) == ([98, 99, 100, 101], 102)
    last = await rows(requester, job, **{"from": 128, "limit": 50})
    assert (places(last), last["next"]) == ([128, 129], None)
    beyond = await rows(requester, job, **{"from": 5_000})
    assert (beyond["items"], beyond["next"]) == ([], None)


def job_arguments(n: int) -> list[str]:
    return [encoded(b"%d" % i) for i in range(n)]


async def test_a_row_says_how_its_task_ended(site: Site, newcomer: Newcomer, requester: Person) -> None:
    job = await create(requester, 5, complete=True)
    ids = await task_ids(site, job)
    _, key = await node_key(site, await newcomer())
    votes = [key << 16 | AGREED | 1_000, key << 16 | AGREED | 1_000, key << 16 | 500]
    await site.market.agree(ids[0], value(42), votes=votes)
    failure = outcome.error(RemoteFailure("ValueError", "no such street", "Traceback " + "x" * 9_000))
    await site.market.agree(ids[1], failure, state=FAILED, votes=votes[:2])
    await site.market.agree(ids[2], outcome.none("time_limit"), state=FAILED)
    site.market.states[ids[3]] = "voting"
    verified, failed, gave_up, voting, queued = (await rows(requester, job))["items"]
    assert (verified["state"], verified["votes"], verified["agreed"], verified["cost_micros"]) == (
        "verified",
        3,
        2,
        200,
    )
    assert (failed["state"], failed["error"], failed["cost_micros"]) == ("failed", "ValueError: no such street", 200)
    assert gave_up["error"].startswith("time_limit: ")
    assert (voting["state"], queued["state"], queued["votes"]) == ("voting", "queued", 0)


async def test_a_table_of_one_state_goes_on_where_it_stopped(site: Site, requester: Person) -> None:
    job = await create(requester, 40, complete=True)
    ids = await task_ids(site, job)
    for place in range(0, 40, 4):
        await site.market.agree(ids[place], value(place))
        await site.market.agree(ids[place + 1], outcome.none("time_limit"), state=FAILED)
    assert places(await rows(requester, job, state="failed")) == list(range(1, 40, 4))
    first = await rows(requester, job, state="verified", limit=3)
    assert (places(first), first["next"]) == ([0, 4, 8], 9)
    rest = await rows(requester, job, **{"state": "verified", "from": 9, "limit": 100})
    assert (places(rest), rest["next"]) == (list(range(12, 40, 4)), None)
    assert places(await rows(requester, job, state="open", limit=4)) == [2, 3, 6, 7]
    assert (await rows(requester, job, state="cancelled"))["items"] == []


async def test_open_tasks_of_a_cancelled_job_are_cancelled(site: Site, requester: Person) -> None:
    job = await create(requester, 6, complete=True)
    ids = await task_ids(site, job)
    await site.market.agree(ids[1], value(1))
    await site.market.agree(ids[2], state=CANCELLED)
    await requester.http.delete(f"/api/jobs/{job['id']}")
    found = await rows(requester, job, state="cancelled")
    assert places(found) == [0, 2, 3, 4, 5]
    assert {item["state"] for item in found["items"]} == {"cancelled"}
    assert (await rows(requester, job, state="open"))["items"] == []


async def test_a_table_is_its_requesters(requester: Person, newcomer: Newcomer) -> None:
    job = await create(requester, 2, complete=True)
    stranger = await newcomer()
    for what in ("tasks", "download"):
        answer = await stranger.http.get(f"/api/jobs/{job['id']}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for wrong in ({"from": -1}, {"from": 1 << 31}, {"limit": 0}, {"state": "lost"}):
        answer = await requester.http.get(f"/api/jobs/{job['id']}/tasks", params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_download_has_a_line_for_every_task(site: Site, requester: Person) -> None:
    job = await create(requester, 250, complete=True)
    ids = await task_ids(site, job)
    results = {0: {"a": (1, 2)}, 120: "=1+1", 200: {1, 2}, 249: None}
    for place, of in results.items():
        await site.market.agree(ids[place], value(of))
    await site.market.agree(ids[3], outcome.error(RemoteFailure("ValueError", "no", "")), state=FAILED)
    answer = await requester.http.get(f"/api/jobs/{job['id']}/download")
    assert answer.headers["content-disposition"] == f'attachment; filename="{job["id"]}.jsonl"'
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["index"] for line in lines] == list(range(250))
    assert (lines[0]["value"], lines[120]["value"], lines[249]["value"]) == ({"a": [1, 2]}, "=1+1", None)
    assert (lines[200]["value"], lines[200]["note"]) == (None, "JSON has no set")
    assert (lines[3]["state"], lines[3]["error"]) == ("failed", "ValueError: no")
    assert lines[4] == {"index": 4, "task": str(ids[4]), "state": "queued", "value": None, "votes": 0, "cost_micros": 0}
    table = await requester.http.get(f"/api/jobs/{job['id']}/download", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    cells = list(csv.DictReader(io.StringIO(table.text)))
    assert len(cells) == 250
    assert (cells[0]["value"], cells[120]["value"], cells[249]["value"]) == ('{"a": [1, 2]}', '"=1+1"', "")


async def test_a_task_shows_what_it_was_given_and_what_came_out(site: Site, requester: Person) -> None:
    large = await requester.upload(values.dumps(["x" * 100_000]))
    argument = encoded_reference(large, len(values.dumps(["x" * 100_000])))
    job = await create(requester, complete=True, arguments=[job_value(["Main Street", 7]), argument, job_value([{3}])])
    ids = await task_ids(site, job)
    await site.market.agree(ids[0], value({"length": 3.5}))
    task = (await requester.http.get(f"/api/tasks/{ids[0]}")).json()
    assert (task["argument"]["value"], task["result"]["value"]) == (["Main Street", 7], {"length": 3.5})
    other = (await requester.http.get(f"/api/tasks/{ids[1]}")).json()
    assert (other["argument"]["note"], other["argument"]["size"]) == ("too long to show here", 100_006)
    assert other["result"] is None
    third = (await requester.http.get(f"/api/tasks/{ids[2]}")).json()["argument"]
    assert (third["value"], third["note"]) == (None, "JSON has no set")
    assert third["base64"]


def job_value(of: object) -> str:
    return b64encode(outcome.inline(values.dumps(of))).decode()
