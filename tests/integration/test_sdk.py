"""The SDK against the real thing: a coordinator process, its database, nodes of four owners over real sockets.

The nodes run the shipped source in this process (it is ours, and trusted) instead of in a sandbox: what is tested here
is the way there and back. The sandbox has its own tests, and the demonstration puts both together.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Person, Requester

from we1web import AsyncClient, Client, RemoteError
from we1web.agent.runtime import Work
from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.agent.startup import Options, open_node
from we1web.sdk.errors import JobCancelled, NotAuthenticated, NotEnoughMoney, NotFound
from we1web.testing.fake_coordinator import run_python

OWNERS = ("ada", "bob", "cleo", "dan")


class TrustedPython:
    """The Python runtime's id, without its sandbox."""

    id = RUNTIME_IDS["python"]

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self) -> None:
        return None

    async def run(self, work: Work) -> list[bytes]:
        await self.gate.wait()
        return [run_python(work.program, work.entry, argument) for argument in work.arguments]

    async def close(self) -> None:
        return None


class Network:
    """A coordinator, its nodes, and somebody with money."""

    def __init__(self, coordinator: CoordinatorProcess, folder: Path) -> None:
        self.coordinator = coordinator
        self.url = coordinator.url
        self.runtimes = [TrustedPython() for _ in OWNERS]
        self.token = ""
        self._folder = folder
        self._nodes: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        requester = await Requester.make(self.coordinator)
        self.token = await requester.person.token("jobs")
        for name, runtime in zip(OWNERS, self.runtimes, strict=True):
            owner = await Person.register(self.url, name)
            options = Options(self.url, await owner.token("node"), cores=2, name=name, state_dir=self._folder / name)
            self._nodes.append(asyncio.create_task(self._live(options, runtime)))

    async def _live(self, options: Options, runtime: TrustedPython) -> None:
        async with open_node(options, lambda cores, folder: [runtime]) as (node, link):
            await node.run(link)

    def hold(self) -> None:
        for runtime in self.runtimes:
            runtime.gate.clear()

    def release(self) -> None:
        for runtime in self.runtimes:
            runtime.gate.set()

    async def close(self) -> None:
        for node in self._nodes:
            node.cancel()
        await asyncio.gather(*self._nodes, return_exceptions=True)


@pytest_asyncio.fixture(scope="module")
async def network(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    coordinator = CoordinatorProcess(folder / "coordinator", DATABASE_URL=await postgres.create())
    await coordinator.start()
    network = Network(coordinator, folder)
    await network.open()
    yield network
    await network.close()
    await coordinator.stop()


@pytest_asyncio.fixture
async def client(network: Network) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(network.url, network.token) as client:
        yield client


def square(x: int) -> int:
    return x * x


def reciprocal(x: int) -> float:
    return 1 / x


def repeated(data: bytes, times: int) -> bytes:
    return data * times


async def test_a_map_is_agreed_on_and_paid(client: AsyncClient) -> None:
    job = await client.map(square, range(1_500), price="0.0005")
    assert [value async for value in job] == [x * x for x in range(1_500)]
    summary = await job.summary()
    assert (summary.state, summary.verified) == ("done", 1_500)
    assert summary.spent_micros >= 3 * 500 * 1_500
    balance = (await client.balances())[0]
    assert balance.held_micros == 0


async def test_errors_and_votes_come_back(client: AsyncClient) -> None:
    job = await client.map(reciprocal, [0, 4])
    failed, worked = [result async for result in job.results()]
    assert isinstance(failed.error, RemoteError)
    assert "in reciprocal" in str(failed.error)
    assert (worked.value, worked.voters >= 3) == (0.25, True)
    archived = await client.results(job.job_id)
    assert all(len(result.votes) >= 3 for result in archived)
    assert len({vote.node for vote in archived[0].votes}) == len(archived[0].votes)


async def test_large_values_travel_as_blobs(client: AsyncClient) -> None:
    inputs = [bytes([i]) * 100_000 for i in range(6)]
    job = await client.map(repeated, inputs, [3] * 6)
    assert [value async for value in job] == [data * 3 for data in inputs]


async def test_inputs_may_come_slowly_and_without_a_length(client: AsyncClient) -> None:
    job = await client.map(square, (x for x in range(2_345)), budget="10", order="agreed")
    assert sorted([value async for value in job]) == [x * x for x in range(2_345)]


async def test_one_leaves_and_comes_back(network: Network, client: AsyncClient) -> None:
    network.hold()
    left = await client.map(square, range(100))
    await left.detach()
    attached = await client.attach(left.job_id)
    network.release()
    assert [value async for value in attached] == [x * x for x in range(100)]


async def test_a_cancelled_job_gives_the_rest_of_the_money_back(network: Network, client: AsyncClient) -> None:
    before = (await client.balances())[0]
    network.hold()
    job = await client.map(square, range(50), budget="5")
    await job.cancel()
    network.release()
    with pytest.raises(JobCancelled):
        _ = [value async for value in job]
    after = (await client.balances())[0]
    assert before.wallet_micros - after.wallet_micros == (await job.summary()).spent_micros + after.held_micros


async def test_refusals_are_typed(network: Network, client: AsyncClient) -> None:
    with pytest.raises(NotEnoughMoney):
        await client.map(square, range(100), price="0.01", budget="0.01")
    with pytest.raises(NotEnoughMoney):
        await client.map(square, [1], budget="9000000")
    with pytest.raises(NotFound):
        await client.job("00000000-0000-0000-0000-00000000dead")
    async with AsyncClient(network.url, "we1_" + "x" * 43) as stranger:
        with pytest.raises(NotAuthenticated):
            await stranger.jobs()


async def test_the_synchronous_client_does_the_same(network: Network) -> None:
    def use() -> list[int]:
        with Client(network.url, network.token) as client:
            return list(client.map(square, range(300)))

    assert await asyncio.to_thread(use) == [x * x for x in range(300)]
