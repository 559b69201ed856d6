"""A contributor's nodes over HTTP: register, list, pause, retire; limits and ownership."""

from tests.http.conftest import Newcomer, Site


async def test_a_node_from_registration_to_retirement(site: Site, newcomer: Newcomer) -> None:
    owner = await newcomer()
    order = {"name": "laptop", "cores": 8, "memory_bytes": 16 << 30, "runtimes": ["wasm-1"], "platform": "linux"}
    node = (await owner.http.post("/api/nodes/register", json=order)).json()
    assert {name: node[name] for name in order} == order
    assert (node["status"], node["online"]) == ("active", False)
    assert (await owner.http.get("/api/nodes/my-nodes")).json() == {"items": [node], "next_cursor": None}
    url = f"/api/nodes/{node['id']}/status"
    for status in ("paused", "active", "retired", "retired"):
        assert (await owner.http.put(url, json={"status": status})).json()["status"] == status
    assert list(site.market.statuses.values()) == ["retired"]
    again = await owner.http.put(url, json={"status": "active"})
    assert (again.status_code, again.json()["code"]) == (409, "node_retired")


async def test_a_name_given_from_afar_stays(site: Site, newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    node = (await owner.http.post("/api/nodes/register", json={"name": "Chrome on Linux"})).json()
    url = f"/api/nodes/{node['id']}"
    renamed = await owner.http.patch(url, json={"name": "attic"})
    assert renamed.json() == node | {"name": "attic"}
    answer = await other.http.patch(url, json={"name": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for wrong in ({}, {"name": ""}, {"name": "a\nb"}, {"name": "x" * 101}):
        assert (await owner.http.patch(url, json=wrong)).status_code == 422


async def test_a_node_says_whether_it_is_a_browser(newcomer: Newcomer) -> None:
    owner = await newcomer()
    for platform, kind in (("browser Chrome 156 Linux", "browser"), ("linux-x86_64", "native"), ("", None)):
        node = (await owner.http.post("/api/nodes/register", json={"name": "n", "platform": platform})).json()
        assert (node["kind"], node["votes_paid"], node["agreement"]) == (kind, 0, None)


async def test_nodes_come_in_pages_oldest_first(newcomer: Newcomer) -> None:
    owner = await newcomer()
    for i in range(3):
        await owner.http.post("/api/nodes/register", json={"name": f"node {i}"})
    first = (await owner.http.get("/api/nodes/my-nodes", params={"limit": 2})).json()
    rest = (await owner.http.get("/api/nodes/my-nodes", params={"cursor": first["next_cursor"]})).json()
    names = [node["name"] for page in (first, rest) for node in page["items"]]
    assert (names, rest["next_cursor"]) == (["node 0", "node 1", "node 2"], None)


async def test_an_account_has_a_hundred_nodes_at_most(newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    answers = [await owner.http.post("/api/nodes/register", json={"name": "n"}) for _ in range(101)]
    assert [a.status_code for a in answers] == [200] * 100 + [409]
    assert answers[-1].json()["code"] == "too_many_nodes"
    assert (await other.http.post("/api/nodes/register", json={"name": "n"})).status_code == 200
    retired = f"/api/nodes/{answers[0].json()['id']}/status"
    await owner.http.put(retired, json={"status": "retired"})
    assert (await owner.http.post("/api/nodes/register", json={"name": "n"})).status_code == 200


async def test_other_peoples_nodes_do_not_exist(site: Site, newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    node = (await owner.http.post("/api/nodes/register", json={"name": "mine"})).json()
    answer = await other.http.put(f"/api/nodes/{node['id']}/status", json={"status": "retired"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await other.http.get("/api/nodes/my-nodes")).json()["items"] == []
    assert (await owner.http.get("/api/nodes/my-nodes")).json()["items"][0]["status"] == "active"


async def test_hostile_nodes_are_refused(newcomer: Newcomer) -> None:
    owner = await newcomer()
    for order in (
        {},
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x", "cores": 0},
        {"name": "x", "cores": 1 << 40},
        {"name": "x", "memory_bytes": -1},
        {"name": "x", "runtimes": ["r"] * 33},
        {"name": "x", "owner_id": "someone"},
    ):
        answer = await owner.http.post("/api/nodes/register", json=order)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), order
    assert (await owner.http.put("/api/nodes/zzz/status", json={"status": "active"})).status_code == 422


async def test_a_token_needs_the_scope(site: Site, newcomer: Newcomer) -> None:
    owner = await newcomer()
    order = {"name": "jobs only", "scopes": ["jobs"]}
    token = (await owner.http.post("/api/auth/tokens", json=order)).json()["token"]
    async with site.client(token) as limited:
        answer = await limited.post("/api/nodes/register", json={"name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert (await limited.get("/api/jobs")).status_code == 200
