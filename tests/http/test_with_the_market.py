"""The HTTP side in front of the real market, without any node: what it is told arrives, and money comes back."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import PROGRAM, PROGRAM_DIGEST, encoded, order

from we1web.coordinator.app import Application
from we1web.coordinator.config import Config
from we1web.testing.loopback import local_client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def operator(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    """The operator, with money and a program, at a coordinator as `we1web up` runs it."""
    config = Config(
        database_url=SecretStr(await postgres.create()), port=0, data_dir=tmp_path_factory.mktemp("coordinator")
    )
    app = await Application.create(config)
    try:
        await app.start()
        headers = {"Authorization": f"Bearer {app.operator_token_path.read_text().strip()}"}
        async with local_client(app.url, headers=headers, timeout=30) as client:
            me = (await client.get("/api/auth/session")).json()["user"]["id"]
            await client.post("/api/operator/credits", json={"user_id": me, "amount_micros": 1_000_000})
            assert (await client.put(f"/api/blobs/{PROGRAM_DIGEST}", content=PROGRAM)).status_code == 200
            yield client
    finally:
        await app.stop()


async def wallet(client: httpx2.AsyncClient) -> tuple[int, int]:
    (balance,) = (await client.get("/api/payments/earnings")).json()["balances"]
    return balance["wallet_micros"], balance["held_micros"]


async def test_a_job_waits_with_a_reason_and_is_cancelled_with_its_money(operator: httpx2.AsyncClient) -> None:
    job = (await operator.post("/api/jobs", json=order(40, complete=True))).json()
    assert await wallet(operator) == (900_000, 100_000)
    assert (await operator.get(f"/api/jobs/{job['id']}")).json()["waiting"]
    cancelled = (await operator.delete(f"/api/jobs/{job['id']}")).json()
    assert (cancelled["state"], cancelled["spent_micros"]) == ("cancelled", 0)
    while await wallet(operator) != (1_000_000, 0):
        assert (await operator.get("/readyz")).status_code == 200
    ended = (await operator.get(f"/api/jobs/{job['id']}")).json()
    assert ended["ended_at"] is not None
    assert (await operator.get(f"/api/jobs/{job['id']}/results")).json()["next_cursor"] is None


async def test_a_single_task_waits_and_is_cancelled(operator: httpx2.AsyncClient) -> None:
    wanted = {"runtime": "python", "program": PROGRAM_DIGEST, "entry": "double", "price_micros": 1}
    task = (await operator.post("/api/tasks/create", json=wanted | {"argument": encoded(b"1")})).json()
    url = f"/api/tasks/{task['id']}"
    assert (await operator.get(url)).json()["state"] == "queued"
    while (await operator.delete(url)).json()["state"] != "cancelled":
        assert (await operator.get("/readyz")).status_code == 200
    while (await operator.get(url)).json()["state"] != "cancelled":
        assert (await operator.get("/readyz")).status_code == 200
    while await wallet(operator) != (1_000_000, 0):
        assert (await operator.get("/readyz")).status_code == 200


async def test_the_market_speaks_in_the_numbers(operator: httpx2.AsyncClient) -> None:
    numbers = (await operator.get("/api/network")).json()["numbers"]
    assert {"nodes_online", "bundles_open", "jobs_live"} <= numbers.keys()
    assert "we1web_market_bundles_open" in (await operator.get("/metrics")).text


async def test_whoever_waits_learns_why(operator: httpx2.AsyncClient) -> None:
    job = (await operator.post("/api/jobs", json=order(1, complete=True))).json()
    while (why := (await operator.get(f"/api/jobs/{job['id']}/why")).json())["code"] == "queued":
        assert (await operator.get("/readyz")).status_code == 200
    assert (why["code"], why["online"], why["quorum"], why["ready"]) == ("no_node", 0, 3, 1)
    node = (await operator.post("/api/nodes/register", json={"name": "laptop"})).json()
    assert (await operator.get(f"/api/nodes/{node['id']}/why")).json()["code"] == "offline"
    await operator.delete(f"/api/jobs/{job['id']}")
    assert (await operator.get(f"/api/jobs/{job['id']}/why")).json()["code"] == "ended"
