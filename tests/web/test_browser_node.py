"""The node core of the browser against a real coordinator: Deno stands in for the tab, the WebSocket is the same."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from deno import find_deno_bin
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Person, Requester

from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.protocol import outcome

WEB = Path(__file__).parents[2] / "web"
TASKS = 1_500
OWNERS = ("ada", "grace", "edsger")


class EchoNode:
    """One Deno process with the node core and a runtime that echoes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, url: str, token: str) -> "EchoNode":
        flags = ["run", "-A", "--frozen", "--unstable-sloppy-imports"]
        command = [*flags, "src/testing/echo_node.ts", url, token, RUNTIME_IDS["python"], "2"]
        store = os.environ.get("DENO_TLS_CA_STORE", "system,mozilla")
        process = await asyncio.create_subprocess_exec(
            find_deno_bin(),
            *command,
            cwd=WEB,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"DENO_TLS_CA_STORE": store},
        )
        return cls(process)

    async def hear(self) -> dict[str, object]:
        """The next line that it prints; {} when it has ended."""
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            line = await self._process.stdout.readline()
        found: dict[str, object] = json.loads(line or b"{}")
        return found

    async def drain(self) -> dict[str, object]:
        """Asks it to leave; what it says at the end."""
        self._process.terminate()
        while "executed" not in (last := await self.hear()):
            assert last, "it ended without a word"
        assert await self._process.wait() == 0
        return last

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@pytest_asyncio.fixture
async def coordinator(postgres: Postgres, tmp_path: Path) -> AsyncIterator[CoordinatorProcess]:
    process = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=await postgres.create())
    await process.start()
    yield process
    await process.stop()


@pytest.mark.usefixtures("tools")
async def test_three_nodes_verify_a_job_and_lose_nothing_when_the_coordinator_is_killed(
    coordinator: CoordinatorProcess,
) -> None:
    async with AsyncExitStack() as stack:
        nodes = []
        for name in OWNERS:
            owner = await Person.register(coordinator.url, name)
            stack.push_async_callback(owner.http.aclose)
            node = await EchoNode.start(coordinator.url, await owner.token("node"))
            stack.push_async_callback(node.kill)
            assert "ready" in await node.hear()
            nodes.append(node)
        requester = await Requester.make(coordinator)
        payloads = [b"task %d" % number for number in range(TASKS)]
        job = await requester.submit(payloads, chunk=100)
        await coordinator.kill()
        await coordinator.start()
        ended = await requester.until_done(job)
        results = await requester.results(job)
        assert (ended["verified"], ended["failed"]) == (TASKS, 0)
        assert {item["index"]: outcome.payload(item["outcome"]) for item in results} == dict(enumerate(payloads))
        totals = [await node.drain() for node in nodes]
    assert all(total["rejected"] == 0 for total in totals)
    assert all(isinstance(done := total["executed"], int) and done >= TASKS for total in totals), totals
    books = await requester.totals()
    assert sum(books.values()) == 0 and books["escrow"] == 0


@pytest.mark.usefixtures("tools")
async def test_a_refusal_that_no_retry_cures_ends_the_node_with_its_reason(coordinator: CoordinatorProcess) -> None:
    node = await EchoNode.start(coordinator.url, "we1_" + "x" * 43)
    try:
        assert await node.hear() == {"refused": "token_invalid"}
    finally:
        await node.kill()
