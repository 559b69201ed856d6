"""Why a task, a job or a node waits, over HTTP: for whom it belongs to, and nothing about anybody else's jobs."""

from uuid import UUID, uuid4

from tests.http.conftest import Newcomer, Person, Site, create, node_key, task_ids

from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.task import TaskState
from we1web.engine.explain import Exclusion, JobAnswer, NodeAnswer, TaskAnswer
from we1web.protocol import outcome

JOB = JobAnswer("busy", "pyodide-1", 9, (Exclusion("memory", 2), Exclusion("country", 3)), 4, 3, 0, 1, 5, 3, 2.5)


async def job_key(site: Site, job: str) -> int:
    async with site.app.services.database.transaction(SERVICE) as tx:
        key: int = await tx.fetchval("select key from jobs where id = $1", UUID(job))
        return key


async def test_a_job_says_which_condition_excludes_how_many_nodes(site: Site, requester: Person) -> None:
    job = await create(requester, 1)
    url = f"/api/jobs/{job['id']}/why"
    assert (await requester.http.get(url)).json()["code"] == "queued", "the market has not taken it up"
    site.market.jobs_why[await job_key(site, job["id"])] = JOB
    answer = (await requester.http.get(url)).json()
    assert (answer["code"], answer["words"]) == ("busy", JOB.words)
    assert answer["excluded"] == {"memory": 2, "country": 3}
    figures = ("online", "remain", "owners", "free", "running", "ready", "quorum", "starts_in_s")
    assert tuple(answer[name] for name in figures) == (9, 4, 3, 0, 1, 5, 3, 2.5)
    await requester.http.delete(f"/api/jobs/{job['id']}")
    ended = (await requester.http.get(url)).json()
    assert (ended["code"], ended["words"]) == ("ended", "it is cancelled")


async def test_a_task_says_what_it_waits_for_until_it_ended(site: Site, requester: Person) -> None:
    job = await create(requester, 2, complete=True)
    first, second = await task_ids(site, job)
    site.market.tasks_why[first] = TaskAnswer("busy", TaskState.VOTING, 1, 3, 1, 0, 2.5, JOB)
    answer = (await requester.http.get(f"/api/tasks/{first}/why")).json()
    assert (answer["code"], answer["state"], answer["votes"], answer["needed"]) == ("busy", "voting", 1, 3)
    assert (answer["running"], answer["late"], answer["starts_in_s"], answer["job"]["remain"]) == (1, 0, 2.5, 4)
    waiting = (await requester.http.get(f"/api/tasks/{second}/why")).json()
    assert (waiting["code"], waiting["state"], waiting["job"]["code"]) == ("queued", "queued", "queued")
    await site.market.agree(first, outcome.value(b"x"))
    ended = (await requester.http.get(f"/api/tasks/{first}/why")).json()
    assert (ended["code"], ended["state"], ended["job"]) == ("ended", "verified", None)
    await requester.http.delete(f"/api/jobs/{job['id']}")
    assert (await requester.http.get(f"/api/tasks/{second}/why")).json()["state"] == "cancelled"


async def test_a_node_says_why_it_has_no_work_and_names_no_job(site: Site, newcomer: Newcomer) -> None:
    owner = await newcomer()
    node, key = await node_key(site, owner)
    url = f"/api/nodes/{node}/why"
    assert (await owner.http.get(url)).json()["code"] == "offline"
    site.market.nodes_why[key] = NodeAnswer("jobs", 0, 4, ((17, "memory"), (18, "memory"), (19, "seen")))
    answer = (await owner.http.get(url)).json()
    assert (answer["code"], answer["held"], answer["window"]) == ("jobs", 0, 4)
    assert answer["jobs"] == {"memory": 2, "seen": 1}
    await owner.http.put(f"/api/nodes/{node}/status", json={"status": "retired"})
    assert (await owner.http.get(url)).json()["code"] == "retired"


async def test_others_are_told_nothing(site: Site, requester: Person, newcomer: Newcomer) -> None:
    job, stranger = await create(requester, 1), await newcomer()
    (task,) = await task_ids(site, job)
    node, _ = await node_key(site, requester)
    for path in (f"jobs/{job['id']}", f"tasks/{task}", f"nodes/{node}", f"jobs/{uuid4()}", f"nodes/{uuid4()}"):
        answer = await stranger.http.get(f"/api/{path}/why")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
