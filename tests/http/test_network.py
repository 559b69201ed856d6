"""The network as everybody sees it: countries, the last hour, what work earns. Sums only."""

from typing import Any

from tests.http.conftest import Newcomer, Site, create
from tests.http.conftest import Person as Someone

from we1web.coordinator.queries.network import NetworkNumbers, Remembered
from we1web.coordinator.storage.principal import SERVICE


async def network(site: Site) -> dict[str, Any]:
    async with site.client() as stranger:
        answer = await stranger.get("/api/network")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_network_in_its_countries_and_minutes(site: Site, newcomer: Newcomer, requester: Someone) -> None:
    owner = await newcomer()
    ids = [(await owner.http.post("/api/nodes/register", json={"name": "n", "cores": 4})).json()["id"] for _ in "abcd"]
    await create(requester, 3, complete=True)
    async with site.app.services.database.transaction(SERVICE) as tx:
        for node, country in zip(ids, ("DE", "DE", "FR", ""), strict=True):
            await tx.execute("update nodes set online = true, country = $2 where id = $1::uuid", node, country)
        await tx.execute(
            "insert into network_minutes values (date_trunc('minute', now()) - interval '3 minutes', 10, 2, 30, 6),"
            " (date_trunc('minute', now()) - interval '2 hours', 1000, 0, 3000, 0)"
        )
        for place, earned in enumerate((100, 300, 20_000)):
            await tx.execute(
                "insert into node_hours select key, date_trunc('hour', now()), 'usd', 1, 0, $2, 3600000000 / 2"
                " from nodes where id = $1::uuid",
                ids[place],
                earned,
            )
    found = await network(site)
    assert found["countries"] == [
        {"country": "DE", "nodes": 2, "cores": 8},
        {"country": "FR", "nodes": 1, "cores": 4},
        {"country": None, "nodes": 1, "cores": 4},
    ]
    assert len(found["minutes"]) == 60
    assert sum(minute["verified"] for minute in found["minutes"]) == 10
    assert sum(minute["executions"] for minute in found["minutes"]) == 36
    assert (found["agreement"], found["redundancy"]) == (30 / 36, 3.0)
    assert found["earned_micros_per_core_hour"] == 600
    assert found["queue_age_s"] >= 0
    assert found["numbers"]["nodes_online"] == 4


async def test_a_price_is_suggested_by_what_work_earned_or_by_the_operator(site: Site, newcomer: Newcomer) -> None:
    services = site.app.services
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute("delete from node_hours")
    unknown = await NetworkNumbers(services).price(1.8)
    assert (unknown.price_micros, unknown.micros_per_core_hour, unknown.currency) == (10, 20_000, "usd")
    assert (unknown.earned_micros_per_core_hour, unknown.core_hours) == (None, 0)
    owner = await newcomer()
    node = (await owner.http.post("/api/nodes/register", json={"name": "n", "cores": 4})).json()["id"]
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute(
            "insert into node_hours select key, date_trunc('hour', now()), 'usd', 9, 0, 90000, 9000000000"
            " from nodes where id = $1::uuid",
            node,
        )
    found = await NetworkNumbers(services).price(3_600)
    assert (found.earned_micros_per_core_hour, found.core_hours) == (36_000, 2.5)
    assert found.micros_per_core_hour == found.price_micros == 40_000, "a tenth is the platform's"


async def test_everybody_may_ask_for_a_price_of_a_time_that_is_possible(site: Site) -> None:
    async with site.client() as stranger:
        found = await stranger.get("/api/network/price?task_s=1.8")
        assert (found.status_code, found.json()["task_s"]) == (200, 1.8)
        for wrong in ("0", "-1", "nan", "inf", "100000", "much"):
            assert (await stranger.get(f"/api/network/price?task_s={wrong}")).status_code == 422


async def test_what_is_remembered_is_not_counted_again(site: Site) -> None:
    counted = 0

    async def count(_: object) -> int:
        nonlocal counted
        counted += 1
        return counted

    slow, quick = Remembered(site.app.services, 1e9, count), Remembered(site.app.services, 0.0, count)
    assert [await slow.read(), await slow.read(), await quick.read(), await quick.read()] == [1, 1, 2, 3]
